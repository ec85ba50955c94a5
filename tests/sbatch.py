#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sbatch.py BUILD   what scripts/slurm-batch does with what sbatch says and does, by one that is made
here: it runs the jobs one after the other, refuses them, or loses some."""
import os, subprocess, sys, tempfile

import make_archive
from promises import DONE, MISSING, OUTPUT, USAGE, try_cases

BUILD = os.path.abspath(sys.argv.pop(1))
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REFUSES = 'echo "sbatch: error: Batch job submission failed" >&2; exit 1'
# Its --output as Slurm reads it: %% is a percent sign, %a the number in the array.
RUNS = r'''
for a in "$@"; do
    case $a in --output=*) pattern=${a#--output=} ;; --array=*) last=${a#--array=1-} ;; esac
done
cat >"$0.job"
echo 17
code=0
for i in $(seq "$last"); do
    log=$(printf %s "$pattern" | sed "s/%%/\n/g; s/%a/$i/; s/\n/%/g")
    case " $LOST " in *" $i "*) continue ;; esac
    SLURM_ARRAY_TASK_ID=$i bash "$0.job" >"$log" 2>&1 || { c=$?; [ $c -le $code ] || code=$c; }
done
exit $code
'''


def slurm_batch(folder, sbatch, *arguments, lost=''):
    tools = os.path.join(folder, 'tools')
    os.makedirs(tools, exist_ok=True)
    with open(os.path.join(tools, 'sbatch'), 'w', encoding='ascii') as f:
        f.write('#!/bin/bash\n' + sbatch)
        os.chmod(f.name, 0o755)
    return subprocess.run(
        [os.path.join(ROOT, 'scripts', 'slurm-batch'), *arguments], capture_output=True, text=True,
        timeout=120, check=False, env={**os.environ, 'YOMIJUN': os.path.join(BUILD, 'yomijun'), 'LOST': lost,
                                       'PATH': tools + ':' + os.environ['PATH']})


def faults_of(result, code, words, but_not='\0'):
    said = result.stdout + result.stderr
    return [] if result.returncode == code and words in said and but_not not in said else [
        f'exit code {result.returncode}, not {code}: {said}']


def cases(folder, _parts):
    archive, out = os.path.join(folder, 'archive'), os.path.join(folder, '100%a out')
    for i in range(4):
        make_archive.write(os.path.join(archive, f'{i}.pdf'), make_archive.small_pdf(i))
    run = lambda sbatch, **how: slurm_batch(folder, sbatch, '-n', '2', archive, '-o', out, '--ocr', 'never',
                                            **how)

    def all_run():
        faults = faults_of(run(RUNS), DONE, '2 shards merged')
        logs = [n for n in os.listdir(os.path.join(out, '.yomijun')) if n.startswith('slurm-')]
        return faults + ([] if sorted(logs) == ['slurm-1.log', 'slurm-2.log'] else [f'logs: {logs}'])
    yield 'all jobs run, and what they say is in OUT', all_run
    yield 'refused jobs are none that ran', lambda: faults_of(run(REFUSES), MISSING, 'takes no jobs', 'run 1')
    yield 'all jobs lost', lambda: faults_of(run(RUNS, lost='1 2'), OUTPUT, 'not all of the 2', 'run 1')
    yield 'a job lost', lambda: faults_of(run(RUNS, lost='2'), OUTPUT, 'shard 2/2 has not been run')
    yield 'help', lambda: faults_of(slurm_batch(folder, RUNS, '--help'), DONE, '-n SHARDS')
    yield 'no OUT', lambda: faults_of(slurm_batch(folder, RUNS, archive), USAGE, '-n SHARDS')


if __name__ == '__main__':
    sys.exit(try_cases(cases))

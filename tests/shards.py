#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""shards.py BUILD   an archive done in shards, and merged, is the archive done in one."""
import os, shutil, signal, sqlite3, subprocess, sys

import make_archive, measured
from processes import wait_until
from promises import DONE, MISSING, OUTPUT, PARTLY, USAGE, code_faults, try_cases

YOMIJUN = make_archive.program(os.path.abspath(sys.argv.pop(1)))
N = 3
# Which of 8 parts these are in: for ever, or archives under way fall apart.
FIXED = {'a.pdf': 5, 'a/b.pdf': 6, '日本/報告.pdf': 3, 'x.zip/in/1.pdf': 1}
SLOW = 'long.pdf'  # in the first of three


def batch(out, *arguments, archive=None):
    where = [archive] if archive else []
    return measured.run([YOMIJUN, 'batch', '-q', '--ocr', 'never', '-j', '2', *where, '-o', out,
                         *arguments], 120)


def shard(archive, out, i, n=N, *arguments):
    return batch(out, '--shard', f'{i}/{n}', *arguments, archive=archive)


def all_shards(archive, out):
    """Side by side, as they are meant to be. Their exit codes."""
    running = [subprocess.Popen([YOMIJUN, 'batch', '-q', '--ocr', 'never', '-j', '1', archive, '-o', out,
                                 '--shard', f'{i}/{N}'], stderr=subprocess.DEVNULL)
               for i in range(1, N + 1)]
    return [process.wait() for process in running]


def merged(archive, out):
    codes = all_shards(archive, out)
    if max(codes) > PARTLY:
        return [f'shards: exit codes {codes}']
    return code_faults(batch(out, '--merge'), DONE)


def same_as_whole(archive, out, whole):
    faults = code_faults(batch(whole, archive=archive), PARTLY) + merged(archive, out)
    unfit = [row['path'] for row, _, hanging in make_archive.rows(out) if hanging['unfit_corrections']]
    faults += [] if unfit == ['2/report 5.pdf'] else [f'corrections that do not fit: {unfit}']
    return faults or make_archive.differences(whole, out)


def nothing_to_do(archive, out):
    """Neither for the whole nor for a shard; and then the shards are merged as they were."""
    before = make_archive.rows(out)
    said = [batch(out, '--dry-run', archive=archive)]
    said += [shard(archive, out, i, N, '--dry-run') for i in range(1, N + 1)]
    faults = [f'to do: {r.out.decode()[:200]}' for r in said if not r.out.startswith(b'0 to do')]
    faults += merged(archive, out)
    return faults + ([] if make_archive.rows(out) == before else ['the catalogue has changed'])


def change(archive, out, whole):
    """Documents new, changed, touched and gone, in the tree and in an archive file."""
    at = lambda *names: os.path.join(archive, *names)
    make_archive.write(at('new', 'new.pdf'), make_archive.small_pdf(50))
    make_archive.write(at('1', 'report 1.pdf'), make_archive.small_pdf(51))
    os.utime(at('2', 'report 2.pdf'))
    os.remove(at('0', 'report 0.pdf'))
    shutil.copy(at('new', 'new.pdf'), at('new', 'copy.pdf'))
    faults = same_as_whole(archive, out, whole)
    gone = [row['path'] for row, *_ in make_archive.rows(out) if row['gone']]
    return faults + ([] if gone == ['0/report 0.pdf'] else [f'gone: {gone}'])


def fixed(folder):
    archive = os.path.join(folder, 'fixed')
    for path in FIXED:
        make_archive.write(os.path.join(archive, path), make_archive.small_pdf(1))
    faults = []
    for i in range(1, 9):
        out = shard(archive, os.path.join(folder, 'fixed-out'), i, 8, '--dry-run').out.decode()
        got = {line.split(None, 1)[1] for line in out.splitlines()[:-1]}
        wanted = {path for path, part in FIXED.items() if part == i}
        if got != wanted:
            faults.append(f'part {i} of 8: {got}, not {wanted}')
    return faults


def refused(result, words, code=OUTPUT):
    faults = code_faults(result, code)
    return faults + ([] if words in result.err else [f'not "{words}" but {result.err[:200]}'])


def order(archive, folder):
    """What must come before what."""
    out = os.path.join(folder, 'order')
    faults = code_faults(shard(archive, out, 1), (DONE, PARTLY))
    faults += code_faults(shard(archive, out, 3), (DONE, PARTLY))
    faults += refused(batch(out, '--merge'), 'shard 2/3 has not been run')
    said = batch(out, '--status').out.decode()
    faults += [f'status: {said}'] if [', part 1/3,' in line or ', part 3/3,' in line
                                      for line in said.splitlines()] != [True, True] else []
    faults += refused(batch(out, archive=archive), 'then --merge')
    faults += refused(batch(out, '--accept'), 'then --merge')
    faults += refused(shard(archive, out, 1, 4), 'then --merge')
    faults += refused(shard(archive, out, 4, 3), 'is not I/N', USAGE)
    faults += code_faults(shard(archive, out, 2), (DONE, PARTLY))
    faults += code_faults(batch(out, '--merge'), DONE)
    return faults + code_faults(shard(archive, out, 1, 4), PARTLY)


def rows_in(catalogue, table):
    try:
        base = sqlite3.connect(f'file:{catalogue}?mode=ro', uri=True)
    except sqlite3.Error:  # there is none yet
        return 0
    try:
        return base.execute(f'SELECT count(*) FROM {table}').fetchone()[0]
    except sqlite3.Error:  # it is being made
        return 0
    finally:
        base.close()


def stopped(archive, folder):
    """A shard that is killed in the middle of its part holds the merge up until it is done."""
    out, whole = (os.path.join(folder, n) for n in ('stopped', 'stopped-whole'))
    slow = os.path.join(archive, SLOW)
    make_archive.write(slow, make_archive.pdf('fault=slow@1', ['A page.']))
    killed = subprocess.Popen([YOMIJUN, 'batch', '-q', '--ocr', 'never', '-j', '1', archive, '-o', out,
                               '--shard', '1/3'], stderr=subprocess.DEVNULL,
                              env={**os.environ, 'YOMIJUN_SLOW_MILLISECONDS': '100000', 'YOMIJUN_GROUP_MOST': '1'})
    catalogue = os.path.join(out, '.yomijun', 'catalogue-1-of-3.sqlite')
    some = wait_until(lambda: rows_in(catalogue, 'documents'), killed)
    killed.send_signal(signal.SIGKILL)
    faults = [] if some and killed.wait() == -signal.SIGKILL else ['it was not killed in the middle']
    faults += code_faults(shard(archive, out, 2), (DONE, PARTLY))
    faults += code_faults(shard(archive, out, 3), (DONE, PARTLY))
    faults += refused(batch(out, '--merge'), 'shard 1/3')
    faults += code_faults(batch(whole, archive=archive), PARTLY) + merged(archive, out)
    os.remove(slow)
    return faults + make_archive.differences(whole, out)


def stopped_before_its_run(archive, folder):
    """A shard that was given what the whole knows and then came to no run begins anew."""
    out, other = (os.path.join(folder, n) for n in ('planning', 'planning-whole'))
    faults = code_faults(batch(out, archive=archive), PARTLY)
    for _ in range(2):
        faults += refused(shard(archive, out, 1, 2, '--ocr', 'auto', '--lang', 'nosuchlang'),
                          'nosuchlang', MISSING)
    new = os.path.join(archive, 'planned.pdf')
    make_archive.write(new, make_archive.small_pdf(70))
    for i in (1, 2):
        faults += code_faults(shard(archive, out, i, 2), PARTLY)
    faults += code_faults(batch(out, '--merge'), DONE) + code_faults(batch(other, archive=archive), PARTLY)
    os.remove(new)
    return faults or make_archive.differences(other, out)


def merged_twice(archive, folder):
    """A merge that was killed between the catalogue and the removal of the shards' is done again."""
    out, kept = os.path.join(folder, 'twice'), os.path.join(folder, 'kept')
    faults = [f'{code}' for code in all_shards(archive, out) if code > PARTLY]
    shutil.copytree(os.path.join(out, '.yomijun'), kept)
    faults += code_faults(batch(out, '--merge'), DONE)
    before, runs = make_archive.rows(out), count(out, 'runs')
    for name in os.listdir(kept):
        if name.startswith('catalogue-'):
            shutil.copy(os.path.join(kept, name), os.path.join(out, '.yomijun'))
    faults += code_faults(batch(out, '--merge'), DONE)
    shutil.copy(os.path.join(kept, 'catalogue-1-of-3.sqlite'), os.path.join(out, '.yomijun'))  # amid the removal
    faults += code_faults(batch(out, '--merge'), DONE)
    if make_archive.rows(out) != before or count(out, 'runs') != runs:
        faults.append(f'not the same: {runs} runs, {count(out, "runs")} runs')
    left = [n for n in os.listdir(os.path.join(out, '.yomijun')) if '-of-' in n]
    return faults + ([f'left behind: {left}'] if left else [])


def odd_name(archive, folder, whole):
    """An OUT that SQLite would take for a URI with parameters."""
    def here(*arguments):
        return subprocess.run([YOMIJUN, 'batch', '-q', '--ocr', 'never', '-o', 'file:x?mode=ro', *arguments],
                              cwd=folder, capture_output=True, text=True, check=False)
    for _ in range(2):  # the second time with what the whole knows
        done = [here(archive, '--shard', f'{i}/2') for i in (1, 2)] + [here('--merge')]
        if max(run.returncode for run in done) > PARTLY or done[-1].returncode != DONE:
            return [run.stderr for run in done]
    return make_archive.differences(whole, os.path.join(folder, 'file:x?mode=ro'))


def count(out, table):
    base = sqlite3.connect(os.path.join(out, 'catalogue.sqlite'))
    n = base.execute(f'SELECT count(*) FROM {table}').fetchone()[0]
    base.close()
    return n


def cases(folder, _parts):
    archive, out, whole = (os.path.join(folder, n) for n in ('archive', 'shards', 'whole'))
    make_archive.make(archive)
    yield 'fixed parts', lambda: fixed(folder)
    yield 'shards and whole', lambda: same_as_whole(archive, out, whole)
    yield 'nothing to do', lambda: nothing_to_do(archive, out)
    yield 'order', lambda: order(archive, folder)
    yield 'a shard that was stopped', lambda: stopped(archive, folder)
    yield 'a shard that was stopped before its run', lambda: stopped_before_its_run(archive, folder)
    yield 'a merge that was stopped', lambda: merged_twice(archive, folder)
    yield 'an odd name', lambda: odd_name(archive, folder, whole)
    yield 'changes', lambda: change(archive, out, whole)


if __name__ == '__main__':
    sys.exit(try_cases(cases))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""corpus.py YOMIJUN [PART …]   every PDF of the real ones kept beside the project, if they are there
(exit code 77 if not): no crash, no hang, valid XML, both laws, bounded time and memory, the same
bytes for any number of jobs. PART: only files whose path contains it."""
import os, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

import laws, measured

CORPUS = os.path.join(os.path.dirname(laws.ROOT), 'shared', 'corpus')
SKIPPED = 77
MEMORY = 1 << 30
SECONDS = 120
# Files that may be refused: damaged or encrypted ones are all in this folder.
MAY_FAIL = 'hard'
# Twice only what is small.
TWICE_BYTES = 600_000


def same_bytes(one, other):
    with open(one, 'rb') as a, open(other, 'rb') as b:
        return a.read() == b.read()


def faults_of(yomijun, path, folder):
    key = os.path.relpath(path, CORPUS)
    xml = os.path.join(folder, key.replace('/', '_') + '.xml')
    result = measured.run([yomijun, 'process', '-q', '-j', '2', path, '-o', xml], SECONDS)
    faults = []
    if result.code not in ((0, 1, 3, 4) if key.startswith(MAY_FAIL) else (0, 1)):
        faults.append(f'exit code {result.code}: {result.err.strip()[:200]}')
    if result.memory > MEMORY:
        faults.append(f'{result.memory >> 20} MiB of memory')
    if any(not line.startswith('yomijun: ') for line in result.err.splitlines()):
        faults.append(f'not a message: {result.err.strip()[:200]}')
    if 'fault of yomijun' in result.err or 'crashed' in result.err:
        faults.append(result.err.strip()[:300])
    if result.code in (0, 1):
        faults += laws.faults(xml)
        if os.path.getsize(path) <= TWICE_BYTES:
            again = xml + '.again'
            measured.run([yomijun, 'process', '-q', '-j', '1', path, '-o', again], SECONDS)
            if not os.path.exists(again) or not same_bytes(xml, again):
                faults.append('other bytes with -j 1')
    elif os.path.exists(xml):
        faults.append('there is output although it failed')
    elif not result.err.strip():
        faults.append('it failed without a word')
    return f'{result.code} {result.seconds:6.2f} s {result.memory >> 20:4d} MiB  {key}', faults


def main():
    yomijun, parts = os.path.abspath(sys.argv[1]), sys.argv[2:]
    if not os.path.isdir(CORPUS):
        print('skipped: there is no folder of real PDFs beside the project')
        return SKIPPED
    paths = sorted(os.path.join(folder, name) for folder, _, names in os.walk(CORPUS)
                   for name in names if name.endswith('.pdf'))
    paths = [p for p in paths if not parts or any(part in p for part in parts)]
    bad = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        for line, faults in pool.map(lambda p: faults_of(yomijun, p, folder), paths):
            print(line, *faults, sep='\n    ', flush=True)
            bad += bool(faults)
    print(f'{len(paths) - bad} of {len(paths)} files without fault')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())

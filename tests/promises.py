# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of every run of yomijun, whatever goes in: the exit code, one line a message, all or
nothing written, nothing left running, within 1 GB and 15 s of processor time (10 s are wanted of a
machine on its own; beside other tests the same work takes more)."""
import os, sys, tempfile, time

import laws

SECONDS = 15
SECONDS_PICTURES = 30  # where several pictures are read
SECONDS_WALL = 40
MEMORY = 1 << 30
# Exit codes of design.
DONE, PARTLY, USAGE, INPUT, PASSWORD, MISSING, OUTPUT, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130
OLD = b'what was there before\n'


def write_old(path):
    with open(path, 'wb') as f:
        f.write(OLD)


def limits_faults(result, seconds=SECONDS):
    faults = []
    if result.code is None or min(result.processor, result.seconds) > seconds:
        faults.append(f'{result.seconds:.1f} s, {result.processor:.1f} of processor time')
    if result.memory > MEMORY:
        faults.append(f'{result.memory >> 20} MiB')
    if result.left_running:
        faults.append('a process is left running')
    return faults


def message_faults(result):
    lines = result.err.splitlines()
    faults = [f'not a message: {line[:200]}' for line in lines if not line.startswith('yomijun: ')]
    faults += [f'what a terminal would obey: {line[:200]!r}' for line in lines if not line.isprintable()]
    if result.code not in (DONE, PARTLY) and len(lines) != 1:
        faults.append(f'{len(lines)} lines of message: {result.err[:300]}')
    return faults


def code_faults(result, expected):
    expected = expected if isinstance(expected, tuple) else (expected,)
    return [] if result.code in expected else [f'exit code {result.code}: {result.err[:300]}']


def common_faults(result, expected, seconds=SECONDS):
    return code_faults(result, expected) + message_faults(result) + limits_faults(result, seconds)


def output_faults(result, xml):
    """A whole document, or what was there before; nothing beside it."""
    faults = []
    beside = [n for n in os.listdir(os.path.dirname(xml)) if n != os.path.basename(xml)]
    if beside:
        faults.append(f'left behind: {beside}')
    if result.code in (DONE, PARTLY):
        return faults + laws.faults(xml)
    with open(xml, 'rb') as f:
        if f.read() != OLD:
            faults.append('half-written')
    return faults


def try_cases(cases):
    """Tries the cases of cases(folder, parts), pairs of a name and what returns the faults: those whose
    names hold one of the parts on the command line, or all. The exit code."""
    parts = sys.argv[2:]
    bad = total = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, attempt in cases(folder, parts):
            if parts and not any(part in name for part in parts):
                continue
            start = time.monotonic()
            faults = attempt()
            total += 1
            bad += bool(faults)
            print(f'{"BAD " if faults else "good"} {time.monotonic() - start:5.2f} s  {name}',
                  *faults, sep='\n    ', flush=True)
    print(f'{total - bad} of {total} cases good')
    return 1 if bad or total == 0 else 0


def try_groups(place_of, groups):
    """Tries the cases of groups, name → its cases at a place, as try_cases does: of those groups that
    the command line names, or of all. place_of(folder): the place."""
    def cases(folder, parts):
        place = place_of(folder)
        for name in [g for g in groups if g in parts] or groups:
            yield from groups[name](place)
    return try_cases(cases)

# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full, may not be written to or fails; processes that cannot be started; a damaged catalogue."""
import os, shutil, signal, sqlite3, subprocess

import archive, power_cut
from archive import FEW, documents_in, report, stop_once, undisturbed, write, zipped
from processes import children_of
from promises import DONE, INPUT, OUTPUT, PARTLY


IN_A_ROOM_OF_ITS_OWN = ['unshare', '-m', 'sh', '-c']


def on_small_disk(place, size, command):
    """Runs a shell command with a small file system at $OUT; None where the machine does not allow it."""
    os.makedirs(place.out, exist_ok=True)
    environment = {**os.environ, **archive.QUICK, 'OUT': place.out, 'PROGRAM': place.program,
                   'ARCHIVE': place.archive, 'KEEP': os.path.join(place.case, 'keep')}
    mount = f'mount -t tmpfs -o size={size} tmpfs "$OUT"'
    allowed = subprocess.run([*IN_A_ROOM_OF_ITS_OWN, mount], env=environment, capture_output=True, text=True,
                             check=False)
    if allowed.returncode:
        print(f'  not tried, no small file system here: {allowed.stderr.strip()}')
        return None
    return subprocess.run([*IN_A_ROOM_OF_ITS_OWN, f'{mount} && {command}'], env=environment, check=False,
                          capture_output=True, text=True, timeout=archive.SECONDS)


BATCH = '"$PROGRAM" batch "$ARCHIVE" -o "$OUT" --ocr never -j 2'


def full_disk(place, kib):
    expected, _ = undisturbed(place, {f'{i}.pdf': report(f'number {i}', pages=100) for i in range(12)} | {
        'packed.zip': zipped({'a.pdf': report('packed', pages=100)})})
    place.out = os.path.join(place.case, 'small')
    result = on_small_disk(place, f'{kib}k', f'{BATCH}; echo $?; mount -o remount,size=64m "$OUT"; '
                           f'{BATCH}; echo $?; cp -a "$OUT" "$KEEP"')
    if result is None:
        return []
    codes = result.stdout.split()
    messages = [x for x in result.stderr.splitlines() if 'No space' in x or 'full' in x]
    return (([] if codes == [str(OUTPUT), str(DONE)] else [f'exit codes {codes}: {result.stderr[:600]}']) +
            ([] if len(messages) == 1 else [f'messages: {result.stderr[:600]}']) +
            archive.state_faults(os.path.join(place.case, 'keep'), expected))


def read_only_out(place):
    place.new({'a.pdf': report('one')})
    place.batch()
    write(place.path('b.pdf'), report('two'))
    before = archive.state(place.out)
    result = subprocess.run([*IN_A_ROOM_OF_ITS_OWN, 'mount --bind "$OUT" "$OUT" && mount -o remount,ro,bind '
                             f'"$OUT" || exit 77; {BATCH}'], capture_output=True, text=True, check=False,
                            env={**os.environ, 'OUT': place.out, 'PROGRAM': place.program,
                                 'ARCHIVE': place.archive})
    if result.returncode == 77 or result.stderr.startswith('unshare:'):
        print(f'  not tried, nothing can be mounted here: {result.stderr.strip()}')
        return []
    faults = [] if result.returncode == OUTPUT and len(result.stderr.splitlines()) == 1 and (
        'Read-only' in result.stderr) else [f'exit code {result.returncode}: {result.stderr}']
    look = subprocess.run([*IN_A_ROOM_OF_ITS_OWN, 'mount --bind "$OUT" "$OUT" && mount -o remount,ro,bind '
                           f'"$OUT" && "$PROGRAM" batch --status -o "$OUT" && {BATCH} -n && {BATCH} -n --shard 1/1'],
                          capture_output=True, text=True, check=False,
                          env={**os.environ, 'OUT': place.out, 'PROGRAM': place.program,
                               'ARCHIVE': place.archive})
    faults += [] if look.returncode == DONE and not look.stderr and 'ok' in look.stdout and (
        look.stdout.count('new              b.pdf') == 2 and look.stdout.count('a.pdf') == 0) else [
            f'only looked at: {look.returncode} {look.stdout} {look.stderr}']
    faults += [] if archive.state(place.out) == before else ['something was changed']
    nowhere = os.path.join(place.case, 'nowhere')
    missing = subprocess.run([place.program, 'batch', '--status', '-o', nowhere], capture_output=True,
                             text=True, check=False)
    faults += [] if missing.returncode == INPUT and missing.stderr.count('nowhere') == 1 and (
        missing.stderr.count('catalogue') == 1) else [missing.stderr]
    return faults + place.batch().faults(DONE) + archive.consistency_faults(place.out)


def no_room_for_temporary_files(place):
    """That is the machine's fault: it stops, and calls no document damaged."""
    expected, _ = undisturbed(place, {'a.pdf': report('one', pages=60), 'z.zip': zipped({
        'b.pdf': report('two', pages=60)})})
    place.out = os.path.join(place.case, 'temporary')
    result = on_small_disk(place, '4k', 'export TMPDIR="$OUT"; OUT="$KEEP"; dd if=/dev/zero '
                           f'of="$TMPDIR/x" bs=4k count=1 2>/dev/null; export YOMIJUN_STORE_BYTES=1000; {BATCH}; '
                           'echo $?')
    if result is None:
        return []
    keep = os.path.join(place.case, 'keep')
    faults = [] if result.stdout.split() == [str(OUTPUT)] else [result.stdout + result.stderr]
    again = archive.batch(place.program, place.archive, keep)
    return faults + again.faults(DONE) + archive.state_faults(keep, expected)


def no_process(place):
    """Where no process can be started, at any level, it stops with a line and calls no document or
    archive file damaged; nothing is told to end but what it has started."""
    if not power_cut.works(place.shim, place.program):
        print('  not tried: no library can be put before libc in this build')
        return []
    files = {f'{i}.pdf': report(f'number {i}') for i in range(4)} | {
        'packed.zip': zipped({'a.pdf': report('packed')})}
    expected, _ = undisturbed(place, files)
    faults = []
    # The batch: forker, lists the archive file, tries the sandbox, reads members; the forker: tasks; a
    # task: its worker.
    for where in '0 1', '0 2', '0 4', '1 1', '1 2', '1 4', '2 1':
        out = os.path.join(place.case, where)
        run = archive.batch(place.program, place.archive, out, '-j', '2',
                            environment={'LD_PRELOAD': place.shim, 'DISK_SHIM_NO_FORK': where})
        wrong = run.faults(OUTPUT)
        wrong += [] if run.err.count('Resource temporarily unavailable') == 1 else [run.err]
        wrong += [f'{row} is in the catalogue' for row in archive.query(
            out, "SELECT path, outcome, reason FROM documents WHERE outcome <> 'ok'")]
        again = archive.batch(place.program, place.archive, out)
        wrong += again.faults(DONE) + archive.state_faults(out, expected)
        faults += [f'{where}: {x}' for x in wrong]
    return faults


def no_descriptors(place):
    """Where a process may open few files, all is done, or it stops with a line; no document is called
    damaged for it."""
    expected, _ = undisturbed(place, {f'{i % 3}/{i}.pdf': report(f'number {i}') for i in range(6)} | {
        'packed.zip': zipped({'a.pdf': report('packed')})})
    faults, codes = [], set()
    for most in range(8, 48, place.times(5, 1)):
        out = os.path.join(place.case, f'{most} files')
        run = subprocess.run(['prlimit', f'--nofile={most}', place.program, 'batch', place.archive, '-o', out,
                              '--ocr', 'never', '-j', '3'], capture_output=True, text=True, check=False,
                             timeout=archive.SECONDS)
        codes.add(run.returncode)
        wrong = [] if run.returncode == DONE or run.returncode == OUTPUT and (
            'open file' in run.stderr or 'unable to open' in run.stderr) else [f'exit code {run.returncode}: {run.stderr}']
        if os.path.exists(os.path.join(out, 'catalogue.sqlite')) and archive.count_in(out, 'documents'):
            wrong += [f'{row}' for row in archive.query(
                out, "SELECT path, outcome, reason FROM documents WHERE outcome <> 'ok'")]
        wrong += archive.batch(place.program, place.archive, out).faults(DONE)
        wrong += archive.state_faults(out, expected)
        faults += [f'{most} files: {x}' for x in wrong]
    return faults + ([] if codes == {DONE, OUTPUT} else [f'only {codes} were tried'])


def no_process_again(place):
    """A task that somebody killed cannot be started once more: that is no fault of its document."""
    if not power_cut.works(place.shim, place.program):
        return []
    expected, _ = undisturbed(place, {'a.pdf': report('fault=slow@1')})
    out = os.path.join(place.case, 'other')
    task = lambda pid: next((p for p in children_of(pid) if children_of(p)), None)
    faults, code, err = stop_once(place, out, task, signal.SIGKILL, lambda pid, below: task(pid), {
        **archive.PATIENT, 'YOMIJUN_SLOW_MILLISECONDS': '100000', 'LD_PRELOAD': place.shim, 'DISK_SHIM_NO_FORK': '1 2'})
    faults += [] if code == OUTPUT and 'no process' in err else [f'exit code {code}: {err}']
    faults += [f'{documents_in(out)} documents'] if documents_in(out) else []
    again = archive.batch(place.program, place.archive, out)
    return faults + again.faults(DONE) + archive.state_faults(out, expected)


def log_that_cannot_be_written(place):
    """It is said, at the end; what was done is kept. One that cannot be opened begins no run."""
    place.new({'a.pdf': report('one')})
    none = place.batch('--log', place.path('no folder', 'log'))
    faults = none.faults(OUTPUT) + ([] if archive.query(place.out, 'SELECT * FROM runs') == [] else ['a run'])
    full = place.batch('--log', '/dev/full')
    faults += full.faults(OUTPUT) + ([] if full.err.count('No space left') == 1 else [full.err])
    idle = place.batch()
    return faults + idle.faults(DONE) + ([] if '0 of 0 documents' in idle.err else [idle.err])


def no_process_for_more(place):
    """A big document that could have more workers, and gets none, is read by the one it has."""
    if not power_cut.works(place.shim, place.program):
        return []
    slow = {'YOMIJUN_SLOW_MILLISECONDS': '50'}
    expected, _ = undisturbed(place, {'big.pdf': report('fault=slow', pages=30)}, slow)
    out = os.path.join(place.case, 'other')
    run = archive.batch(place.program, place.archive, out, '-j', '3', environment={
        **slow, 'LD_PRELOAD': place.shim, 'DISK_SHIM_NO_FORK': '2 2'})
    return run.faults(DONE) + archive.state_faults(out, expected)


def spoil(path, how):
    size = os.path.getsize(path)
    with open(path, 'r+b') as f:
        if how == 'head':
            f.write(b'no database at all')
        elif how == 'middle':
            f.seek(4096)
            f.write(os.urandom(size - 4096))
        elif how == 'half':
            f.truncate(size // 2)


def damaged_catalogue(place):
    """It is named, with a way out, and nothing is changed; the way out leads to the same results."""
    expected, _ = undisturbed(place, FEW)
    faults = []
    for how in ('head', 'middle', 'half'):
        out = os.path.join(place.case, how)
        shutil.copytree(place.out, out)
        path = os.path.join(out, 'catalogue.sqlite')
        catalogue = sqlite3.connect(path)  # all of it in the one file
        catalogue.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        catalogue.close()
        spoil(path, how)
        before = archive.results(out)
        run = archive.batch(place.program, place.archive, out)
        wrong = run.faults(OUTPUT)
        wrong += [] if 'catalogue.sqlite' in run.err and 'move' in run.err else [run.err]
        wrong += [] if archive.results(out) == before else ['results were changed']
        status = subprocess.run([place.program, 'batch', '--status', '-o', out], capture_output=True,
                                text=True, check=False)
        wrong += [] if status.returncode == INPUT and 'catalogue.sqlite' in status.stderr else [
            f'--status: {status.returncode} {status.stdout} {status.stderr}']
        for name in os.listdir(out):
            if name.startswith('catalogue.sqlite'):
                os.unlink(os.path.join(out, name))
        wrong += archive.batch(place.program, place.archive, out).faults(PARTLY)
        wrong += archive.state_faults(out, expected)
        faults += [f'{how}: {x}' for x in wrong]
    return faults


def catalogue_of_another_version(place):
    """It is refused, with a way out, by all that would write to it, and nothing is changed; it can be looked
    at."""
    place.new({'a.pdf': report('one'), 'b.pdf': b''})
    place.batch()
    path = os.path.join(place.out, 'catalogue.sqlite')
    catalogue = sqlite3.connect(path)
    catalogue.execute('PRAGMA user_version = 1')
    catalogue.close()
    before, faults = archive.state(place.out), []
    for command in [place.archive, '-n'], [place.archive], ['--accept'], ['--merge']:
        run = subprocess.run([place.program, 'batch', *command, '-o', place.out], capture_output=True, text=True,
                             check=False)
        faults += [] if run.returncode == OUTPUT and 'another version' in run.stderr and 'move' in run.stderr and (
            len(run.stderr.splitlines()) == 1) else [f'{command}: {run.returncode} {run.stderr}']
    status = subprocess.run([place.program, 'batch', '--status', '-o', place.out], capture_output=True, text=True,
                            check=False)
    faults += [] if status.returncode == DONE and '1 damaged' in status.stdout else [f'--status: {status}']
    faults += [] if archive.state(place.out) == before else ['something was changed']
    for name in os.listdir(place.out):
        if name.startswith('catalogue.sqlite'):
            os.unlink(os.path.join(place.out, name))
    return faults + place.batch().faults(PARTLY) + archive.state_faults(place.out, before)


def disk_that_fails(place):
    """A catalogue that cannot be read is not called damaged: it may be sound."""
    place.new({'a.pdf': report('one')})
    place.batch()
    if not power_cut.works(place.shim, place.program):
        print('  not tried: no library comes before libc here')
        return []
    before = archive.state(place.out)
    run = place.batch(environment={'LD_PRELOAD': place.shim, 'DISK_SHIM_UNREADABLE': 'catalogue.sqlite'})
    faults = run.faults(OUTPUT) + ([] if 'damaged' not in run.err and 'move' not in run.err else [run.err])
    return faults + ([] if archive.state(place.out) == before else ['something was changed'])


def cases(place):
    for kib in place.times((200, 400), range(80, 640, 20)):
        yield f'disk: full, {kib} KiB', lambda kib=kib: full_disk(place, kib)
    for case in (read_only_out, no_room_for_temporary_files, no_descriptors, no_process, no_process_again,
                 no_process_for_more, log_that_cannot_be_written, damaged_catalogue,
                 catalogue_of_another_version, disk_that_fails):
        yield 'disk: ' + case.__name__, lambda case=case: case(place)

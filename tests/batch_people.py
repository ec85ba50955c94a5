# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see of a batch: the bar on a terminal, the summary, the status."""
import fcntl, os, pty, re, signal, struct, subprocess, termios

import archive
from archive import report
from processes import give_up, stopped_below, wait_until
from promises import DONE, PARTLY

BAR = re.compile(r'\[([#.]{24})\] (\d+) of (\d+) documents, \d+\.\d a second(?:, \d+(?:\.\d)? (?:s|min|h) left)?, '
                 r'(\d+) failed')
WIPED = '\r\x1b[K'


def on_terminal(place, columns, *options, **environment):
    """Exit code and all that a terminal so wide is sent."""
    mine, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    process = subprocess.Popen([place.program, 'batch', place.archive, '-o', place.out, '--ocr', 'never', '-j', '1',
                                *options], stdout=subprocess.DEVNULL, stderr=its,
                               env={**os.environ, **archive.QUICK, **environment})
    os.close(its)
    sent = b''
    try:
        while piece := os.read(mine, 4096):
            sent += piece
    except OSError:  # so a terminal ends
        pass
    os.close(mine)
    return process.wait(timeout=archive.SECONDS), sent.decode().replace('\r\n', '\n')


def some_slow(count):
    """One after the other takes longer than the bar waits between two drawings; one fails, and comes first."""
    return {f'{i}.pdf': report(f'fault=slow {i}') for i in range(count)} | {
        'crash.pdf': report('fault=crash', pages=100)}


SLOW = {'YOMIJUN_SLOW_MILLISECONDS': '80'}


def bar(place):
    """It is drawn again and again, counts what is done and has failed, and is wiped away."""
    place.new(some_slow(5))
    code, sent = on_terminal(place, 80, **SLOW)
    drawn = [BAR.fullmatch(part.strip(' ')) for part in re.split(r'\r|\x1b\[K', sent.partition('yomijun:')[0])
             if part.strip(' \n')]
    faults = [] if code == PARTLY else [f'exit code {code}']
    if len(drawn) < 3 or None in drawn:
        return faults + [f'{len(drawn)} drawings: {sent!r}']
    done = [int(m[2]) for m in drawn]
    faults += [] if done == sorted(done) and done[-1] > done[0] else [f'done: {done}']
    faults += [] if {m[3] for m in drawn} == {'6'} and drawn[-1][4] == '1' else [f'the last: {drawn[-1][0]}']
    faults += [f'filled: {m[0]}' for m in drawn if m[1].count('#') != 24 * int(m[2]) // 6]
    before, _, summary = sent.partition('yomijun:')
    faults += [] if before.endswith(WIPED) and '\r' not in summary else [f'not wiped: {sent[-600:]!r}']
    return faults + ([] if summary.startswith(' 6 of 6 documents in ') else [summary[:200]])


def bar_on_a_narrow_terminal(place):
    """It stays on its line, however narrow the terminal is."""
    place.new(some_slow(3))
    _, sent = on_terminal(place, 40, **SLOW)
    parts = [part for part in re.split(r'\r|\x1b\[K', sent.partition('yomijun:')[0]) if part]
    wide = [part for part in parts if len(part) > 39]
    return ([] if parts and parts[0].startswith('[....') else [f'{sent!r}']) + [f'too wide: {p!r}' for p in wide]


def no_bar(place):
    """Not with -q, and not where no terminal is."""
    place.new(some_slow(3))
    code, sent = on_terminal(place, 80, '-q', **SLOW)
    faults = [] if code == PARTLY and '\r' not in sent and '\x1b' not in sent else [f'-q: {code} {sent!r}']
    again = place.batch('--rehash', environment=SLOW)
    return faults + ([] if '\r' not in again.err and '\x1b' not in again.err else [again.err])


def ten_slowest(place):
    """The ten that the catalogue calls the slowest, in their order; each that failed, with its reason."""
    place.new({f'{i:02}.pdf': report(f'fault=slow {i}', pages=1 + 2 * i) for i in range(12)} | {
        'crash.pdf': report('fault=crash@2'), 'damaged.pdf': b'%PDF-1.4\nnothing of the kind\n'})
    run = place.batch('-j', '2', environment={'YOMIJUN_SLOW_MILLISECONDS': '20'})
    faults = run.faults(PARTLY)
    lines = run.err.splitlines()
    start, failed = lines.index('yomijun: the slowest:'), lines.index('yomijun: failed:')
    told = [re.fullmatch(r'yomijun: +(\d+\.\d\d) s  (.+)', line) for line in lines[start + 1:failed]]
    times = archive.query(place.out, 'SELECT path, seconds FROM documents ORDER BY seconds DESC')
    faults += [] if None not in told and [m[2] for m in told] == [path for path, _ in times[:10]] else [
        f'the slowest: {lines[start:failed]}, not {times}']
    faults += [f'{m[0]}: {s}' for m, (_, s) in zip(told, times) if m and abs(float(m[1]) - s) > 0.006]
    reasons = sorted(lines[failed + 1:])
    faults += [] if len(reasons) == 2 and re.match(
        r'yomijun:   damaged +damaged\.pdf: .', reasons[0]) and re.match(
        r'yomijun:   partial +crash\.pdf: page 2: .*crashed', reasons[1]) else [f'failed: {reasons}']
    return faults + ([] if re.match(r'yomijun: 14 of 14 documents in \d+\.\d s, 12 ok, 1 partial, 1 damaged; 0 '
                                    'unchanged, 0 gone$', lines[0]) else [lines[0]])


def status_of(place):
    said = subprocess.run([place.program, 'batch', '--status', '-o', place.out], capture_output=True, text=True,
                          check=False)
    return said.stdout.splitlines() if said.returncode == DONE and not said.stderr else [said.stdout + said.stderr]


def status(place):
    """While a batch runs, when it has been killed, and when all is done."""
    files = {f'{i}.pdf': report(str(i)) for i in range(4)} | {'crash.pdf': report('fault=crash', pages=40)}
    place.new(files | {'stop.pdf': report('fault=stop@1', pages=2, note=' last')})
    process = archive.start(place, place.out, archive.PATIENT)
    worker = wait_until(lambda: stopped_below(process.pid), process)
    if worker is None or not wait_until(lambda: archive.documents_in(place.out) == 5, process):
        return give_up(process, 'all but the last')
    at_work = status_of(place)
    process.kill()
    process.wait(timeout=archive.SECONDS)
    killed = status_of(place)
    for path in ('stop.pdf',):
        archive.write(place.path(path), report('goes on'))
    again = place.batch()
    whole = status_of(place)
    head = rf'run (\d) of {re.escape(place.archive)}, \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d'
    crash = r'crash       crash\.pdf: .*crashed.*'
    expected = [
        (at_work, [head + ': running, 6 planned, 5 done, 1 of them failed', ' +4 ok', ' +1 crash', crash]),
        (killed, [head + ': stopped, 6 planned, 5 done, 1 of them failed', ' +4 ok', ' +1 crash', crash]),
        (whole, [head + ' to .*: done, 1 planned, 1 done, 0 of them failed', ' +5 ok', ' +1 crash', crash])]
    faults = again.faults(PARTLY)
    for said, lines in expected:
        faults += [] if len(said) == len(lines) and all(re.fullmatch(x, y) for x, y in zip(lines, said)) else [
            f'{said}, not {lines}']
    return faults


def cases(place):
    for case in bar, bar_on_a_narrow_terminal, no_bar, ten_slowest, status:
        yield 'people: ' + case.__name__, lambda case=case: case(place)

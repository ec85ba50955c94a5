# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes of a batch that are killed or told to end, at any moment: nothing is lost, nothing left running."""
import os, random, shutil, signal, subprocess, time

import archive
from archive import (differences, documents_in, report, start, stop_once, undisturbed, whole_faults, zipped)
from processes import (bytes_read, children_of, forker_of, give_up, is_running, stat_of,
                       stopped_below, tasks_of, wait_until)
from promises import DONE, INTERRUPTED, OUTPUT, PARTLY


def mixed_archive():
    twin = report('twin', pages=6)
    return {'a/big.pdf': report('big', pages=40), 'a/報告.pdf': report('name'), 'b/twin.pdf': twin,
            'b/other.pdf': twin, 'crash.pdf': report('fault=crash'), 'partial.pdf': report('fault=crash@2'),
            'empty.pdf': b'', 'packed.zip': zipped({'x/c.pdf': report('c'), 'x/twin.pdf': twin,
                                                    'd.pdf': report('fault=crash@1'), 'e.pdf': report('e')})}


def all_told_to_end(place, times, seed):
    """SIGTERM to all processes at once, as a scheduler sends it."""
    expected, seconds = undisturbed(place, mixed_archive())
    chance, faults = random.Random(seed), []
    for i in range(times):
        out = os.path.join(place.case, f'out {i}')
        process = start(place, out)
        time.sleep(chance.uniform(0.05, seconds))
        for pid in [process.pid, *children_of(process.pid)]:
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
        err = process.communicate(timeout=archive.SECONDS)[1]
        wrong = [] if process.returncode in (INTERRUPTED, PARTLY, -signal.SIGTERM) else [
            f'exit code {process.returncode}: {err[-300:]}']
        again = archive.batch(place.program, place.archive, out, '-j', '2')
        wrong += again.faults(PARTLY) + archive.state_faults(out, expected)
        faults += [f'try {i}: {x}' for x in wrong]
    return faults


def status_faults(place, out):
    """Of a batch that was killed: it is not at work any more."""
    if not os.path.exists(os.path.join(out, 'catalogue.sqlite')):
        return []
    said = subprocess.run([place.program, 'batch', '--status', '-o', out], capture_output=True, text=True,
                          check=False).stdout
    return [said] if ': running' in said else []


def killed(place, times, whom, seed):
    expected, seconds = undisturbed(place, mixed_archive())
    chance, faults = random.Random(seed), []
    choose = {'the parent': lambda pid, below: pid,
              'a child': lambda pid, below: chance.choice(below) if below else None}[whom]
    hits = i = 0
    while i < times or (whom == 'the parent' and hits < times / 3 and i < 5 * times):
        out = os.path.join(place.case, f'out {i}')
        i += 1
        after = chance.uniform(0, 1.1 * seconds)
        wrong, code, err = stop_once(place, out, after, signal.SIGKILL, choose)
        hits += code == -signal.SIGKILL
        if code == PARTLY and whom == 'the parent':  # the machine has become faster
            seconds = min(seconds, after)
        if code not in (PARTLY, -signal.SIGKILL):
            wrong.append(f'exit code {code}: {err[-300:]}')
        if code == -signal.SIGKILL:
            wrong += status_faults(place, out)
            if os.path.exists(os.path.join(out, 'catalogue.sqlite')):
                wrong += whole_faults(out)
            again = archive.batch(place.program, place.archive, out, '-j', '2')
            wrong += again.faults(PARTLY)
        wrong += archive.state_faults(out, expected)
        faults += [f'after {after:.3f} s: {x}' for x in wrong]
        shutil.rmtree(out)
    if whom == 'the parent' and hits < times / 3:
        faults.append(f'only {hits} of {i} were killed before their end')
    return faults


def stopped_in_an_archive_file(place):
    """Killed when some of its members are done and in the catalogue: the others are not forgotten."""
    files = {f'{i}.pdf': report(f'fault=slow@1 {i}') for i in range(8)}
    quick = {'YOMIJUN_SLOW_MILLISECONDS': '1'}
    expected, _ = undisturbed(place, {'packed.zip': zipped(files)}, quick)
    out = os.path.join(place.case, 'other')
    faults, code, err = stop_once(place, out, lambda pid: documents_in(out) >= 2, signal.SIGKILL,
                                  lambda pid, below: pid, {**archive.PATIENT, 'YOMIJUN_SLOW_MILLISECONDS': '3000'})
    done = documents_in(out)
    faults += [] if code == -signal.SIGKILL and done < 8 else [f'exit code {code}, {done} done: {err}']
    again = archive.batch(place.program, place.archive, out, environment=quick)
    return faults + again.faults(DONE) + archive.state_faults(out, expected)


def worker_killed(place, times):
    """What reads a page is killed by somebody: tried again, once; then said as it is."""
    place.new({'a.pdf': report('fault=stop@1', pages=3)})
    process = start(place, place.out, archive.PATIENT)
    seen = set()
    for what in [signal.SIGKILL] * times + [signal.SIGCONT] * (times == 1):
        worker = wait_until(lambda: stopped_below(process.pid, seen), process)
        if worker is None:
            return give_up(process, f'page 1, time {len(seen) + 1}')
        seen.add(worker)
        os.kill(worker, what)
    err = process.communicate(timeout=archive.SECONDS)[1]
    found = archive.query(place.out, 'SELECT page, outcome FROM pages ORDER BY page')
    if times == 1:
        return [] if process.returncode == DONE and found == [(n, 'ok') for n in (1, 2, 3)] else [f'{found} {err}']
    return [] if process.returncode == PARTLY and found == [(1, 'memory'), (2, 'ok'), (3, 'ok')] and (
        'ended from outside' in err) else [f'{found} {err}']


def maker_waited_for(batch, size):
    """Of two tasks for documents of so many equal bytes: the one that makes, and its worker, which has stopped
    itself, once the other one has asked and waits for it; or None."""
    tasks = tasks_of(batch)
    maker = next((pid for pid in tasks if stopped_below(pid)), None)
    waits = any(pid != maker and stat_of(pid)[0] == 'S' and bytes_read(pid) >= size for pid in tasks)
    return (maker, stopped_below(maker)) if maker is not None and waits else None


def maker_of_equal_bytes_killed(place):
    """What is made for two is killed, and its file is gone when it is tried again: the other one, which
    waits for it, is read by itself."""
    data = report('fault=stop@1')
    place.new({'a.pdf': data, 'b.pdf': data})
    process = start(place, place.out, archive.PATIENT)
    found = wait_until(lambda: maker_waited_for(process.pid, len(data)), process)
    if found is None:
        return give_up(process, 'one that waits for the other')
    maker, worker = found
    opened = [os.path.realpath(f'/proc/{maker}/fd/{n}') for n in os.listdir(f'/proc/{maker}/fd')]
    [path] = [p for p in opened if p.endswith('.pdf')]
    os.rename(path, path + ' is gone')
    os.kill(maker, signal.SIGKILL)
    other = wait_until(lambda: stopped_below(process.pid, [worker]), process)
    if other is None:
        return give_up(process, 'the other one, by itself')
    os.kill(other, signal.SIGCONT)
    err = process.communicate(timeout=archive.SECONDS)[1]
    gone = os.path.basename(path)
    expected = {'a.pdf': 'ok', 'b.pdf': 'ok', gone: 'damaged'}
    return (([] if process.returncode == PARTLY else [f'exit code {process.returncode}: {err}']) +
            differences(archive.outcomes(place.out), expected, 'outcome of') +
            archive.consistency_faults(place.out))


def forker_killed(place):
    """What starts the tasks is killed by somebody, more than once: those that run go on, the others are
    started by another one."""
    files = {f'{i}.pdf': report(f'fault=stop@1 {i}') for i in range(5)}
    place.new(files)
    process = start(place, place.out, archive.PATIENT)
    seen, forkers = [], set()
    while len(seen) < len(files):
        worker = wait_until(lambda: stopped_below(process.pid, seen), process)
        if worker is None:
            return give_up(process, f'document {len(seen) + 1}')
        forker = forker_of(process.pid)
        if forker is not None:
            forkers.add(forker)
            os.kill(forker, signal.SIGKILL)
            wait_until(lambda: not is_running(forker), process)
        seen.append(worker)
        os.kill(worker, signal.SIGCONT)
    err = process.communicate(timeout=archive.SECONDS)[1]
    return (([] if process.returncode == DONE else [f'exit code {process.returncode}: {err}']) +
            ([] if len(forkers) > 1 else ['only one was killed']) +
            differences(archive.outcomes(place.out), dict.fromkeys(files, 'ok'), 'outcome of') +
            archive.consistency_faults(place.out))


def interrupted(place):
    """SIGINT: 130, nothing left running, and the next run goes on where it was."""
    quick = {'YOMIJUN_SLOW_MILLISECONDS': '1'}
    expected, _ = undisturbed(place, mixed_archive() | {'slow.pdf': report('fault=slow@1', pages=50)}, quick)
    out = os.path.join(place.case, 'other')
    faults, code, err = stop_once(place, out, lambda pid: documents_in(out) >= 2, signal.SIGINT,
                                  lambda pid, below: pid, {**archive.PATIENT, 'YOMIJUN_SLOW_MILLISECONDS': '100000'})
    faults += [] if code == INTERRUPTED else [f'exit code {code}: {err}']
    faults += whole_faults(out)
    state = archive.query(out, 'SELECT state FROM runs')
    faults += [] if state == [('interrupted',)] else [f'{state}']
    faults += [] if documents_in(out) > 0 else ['nothing was kept']
    again = archive.batch(place.program, place.archive, out, environment=quick)
    return faults + again.faults(PARTLY) + archive.state_faults(out, expected)


def two_at_once(place):
    place.new({'a.pdf': report('fault=slow@1')})
    process = subprocess.Popen([place.program, 'batch', place.archive, '-o', place.out, '--ocr', 'never'],
                               stderr=subprocess.DEVNULL, env={
                                   **os.environ, 'YOMIJUN_SLOW_MILLISECONDS': '100000'})
    wait_until(lambda: archive.count_in(place.out, "runs WHERE state = 'running'"), process)
    second = place.batch()
    status = subprocess.run([place.program, 'batch', '--status', '-o', place.out], capture_output=True,
                            text=True, check=False)
    process.send_signal(signal.SIGINT)
    faults = second.faults(OUTPUT)
    faults += [] if 'another batch is working on it' in second.err else [second.err]
    faults += [] if status.returncode == DONE and 'running' in status.stdout else [
        f'--status: {status.stdout}{status.stderr}']
    faults += [] if process.wait(timeout=archive.SECONDS) == INTERRUPTED else ['not interrupted']
    quick = {'YOMIJUN_SLOW_MILLISECONDS': '1'}
    return faults + place.batch(environment=quick).faults(DONE) + archive.consistency_faults(place.out)


def cases(place):
    yield ('kill: the parent, at any moment',
           lambda: killed(place, place.times(8, 200), 'the parent', 1))
    yield 'kill: a child, at any moment', lambda: killed(place, place.times(8, 200), 'a child', 2)
    yield 'kill: all told to end', lambda: all_told_to_end(place, place.times(5, 100), 3)
    for times in 1, 2:
        yield f'kill: what reads a page, times {times}', lambda times=times: worker_killed(place, times)
    for case in (forker_killed, stopped_in_an_archive_file, maker_of_equal_bytes_killed, interrupted, two_at_once):
        yield 'kill: ' + case.__name__, lambda case=case: case(place)

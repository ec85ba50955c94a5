# SPDX-License-Identifier: GPL-3.0-or-later
"""Every outcome that a document can have, and that it is told as it is: in the catalogue, on the terminal, in
the log."""
import os, shutil, signal, subprocess, time

import archive, make_bad, make_images
from archive import differences, reasons, report, write
from processes import children_of, tasks_of, wait_until
from promises import DONE, PARTLY


OUTCOMES = {  # name → content, outcome, words of its reason or of its page's
    'ok.pdf': (report('A report'), 'ok', None),
    'again.pdf': (report('fault=crash-once@3'), 'ok', None),
    'blank.pdf': (report('blank', words=['']), 'empty', None),
    'partial.pdf': (report('fault=crash@2'), 'partial', 'signal 11'),
    'memory of a page.pdf': (report('fault=memory@1'), 'partial', 'MiB of memory'),
    'time of a page.pdf': (report('fault=spin@3'), 'partial', 'processor time'),
    'hang.pdf': (report('fault=hang'), 'timeout', 'given up after 6 s'),
    'spin.pdf': (report('fault=spin'), 'timeout', 'processor time'),
    'memory.pdf': (report('fault=memory'), 'memory', 'MiB of memory'),
    'crash.pdf': (report('fault=crash'), 'crash', 'signal 11'),
    'exit.pdf': (report('fault=exit'), 'crash', 'before its time'),
    'crash of all.pdf': (report('fault=crash@1', pages=1), 'crash', 'signal 11'),
    'damaged page.pdf': (make_bad.one_page(b'BT /F1 12 Tf 72 600 Td (never closed'), 'partial',
                         'its content is damaged'),
    'cut.pdf': (b'%PDF-1.7\n1 0 obj\n', 'damaged', 'damaged'),
    'nothing.pdf': (b'', 'damaged', 'is empty'),
    'words.pdf': (b'These are words.\n', 'unsupported', 'neither a PDF'),
    'page.png': (b'\x89PNG\r\n\x1a\n', 'damaged', 'damaged'),
}


def every_outcome(place):
    place.new({name: content for name, (content, _, _) in OUTCOMES.items()})
    if not place.paint_trace: # which alone sees that
        write(place.path('damaged page.pdf'), report('fault=crash@1', pages=2))
    subprocess.run(['qpdf', '--encrypt', 'secret', 'owner', '256', '--', place.path('ok.pdf'),
                    place.path('locked.pdf')], check=True)
    log = os.path.join(place.case, 'log')
    run = place.batch('--log', log)
    expected = {name: outcome for name, (_, outcome, _) in OUTCOMES.items()} | {'locked.pdf': 'encrypted'}
    faults = run.faults(PARTLY) + differences(archive.outcomes(place.out), expected, 'outcome of')
    said = reasons(place.out)
    for name, (_, outcome, words) in OUTCOMES.items():
        if name == 'damaged page.pdf' and not place.paint_trace:
            continue
        if words is not None and words not in said.get(name, ''):
            faults.append(f'reason of {name}: {said.get(name)!r}')
        if words is not None and not any(x.split()[1:2] == [outcome] and name in x and words in x
                                         for x in run.err.splitlines()):
            faults.append(f'{name} is not among the failed')
    logged = {line['path']: line['outcome'] for line in archive.log_lines(log)}
    pages = archive.query(place.out, "SELECT page, p.outcome FROM pages p JOIN documents ON id = document "
                                     "WHERE path = 'crash of all.pdf'")
    faults += [] if pages == [(1, 'crash')] else [f'pages of crash of all.pdf: {pages}']
    return (faults + differences(logged, expected, 'logged outcome of') +
            archive.consistency_faults(place.out))


def pages_that_were_read_are_kept(place):
    place.new({'a.pdf': report('fault=crash@2', pages=5)})
    place.batch()
    found = archive.query(place.out, 'SELECT page, outcome, characters > 0 FROM pages ORDER BY page')
    text = archive.results(place.out)[b'a.pdf.xml']
    return ([] if found == [(1, 'ok', 1), (2, 'crash', 0)] + [(n, 'ok', 1) for n in (3, 4, 5)]
            else [f'{found}']) + [f'{word} is missing' for word in ('Alpha', 'Charlie', 'Echo')
                                  if word.encode() not in text]


def time_in_all(place):
    place.new({'a.pdf': report('fault=hang@3', pages=3)})
    run = place.batch('--timeout', '5', environment={'YOMIJUN_PAGE_WALL_SECONDS': '50'})
    found = archive.query(place.out, 'SELECT page, outcome FROM pages ORDER BY page')
    return run.faults(PARTLY) + ([] if found == [(1, 'ok'), (2, 'ok'), (3, 'timeout')] else [f'{found}']) + (
        [] if run.result.seconds < 25 else ['it was not its own time that ended it'])


def time_without_a_word(place):
    place.new({'a.pdf': report('fault=hang@2'), 'b.pdf': report('sound')})
    run = place.batch(environment={'YOMIJUN_PAGE_WALL_SECONDS': '50', 'YOMIJUN_SILENCE_SECONDS': '2'})
    return (run.faults(PARTLY) + differences(archive.outcomes(place.out), {
        'a.pdf': 'timeout', 'b.pdf': 'ok'}, 'outcome of'))


def who_waits_is_not_silent(place):
    """Of two documents with the same bytes one waits for the other, longer than it may be silent."""
    data = report('fault=slow', pages=7)
    place.new({'a.pdf': data, 'b.pdf': data})
    run = place.batch('-j', '2', environment={'YOMIJUN_SLOW_MILLISECONDS': '500',
                                              'YOMIJUN_SILENCE_SECONDS': '2'})
    copies = archive.query(place.out, 'SELECT count(*) FROM documents WHERE copy_of IS NOT NULL')
    return (run.faults(DONE) + differences(archive.outcomes(place.out), {
        'a.pdf': 'ok', 'b.pdf': 'ok'}, 'outcome of') + ([] if copies == [(1,)] else [f'{copies} copies']))


def memory_of_putting_together(place):
    """What a document takes beside its pages has a limit too."""
    place.new({'big.pdf': report('big', pages=300), 'small.pdf': report('small')})
    run = place.batch(environment={'YOMIJUN_TASK_BYTES': '1'})
    said = reasons(place.out)
    return (run.faults(PARTLY) + ([] if 'putting it together needed more' in said['big.pdf'] else [
        f'{said}']) + archive.consistency_faults(place.out))


def a_folder_lacks_an_image(place):
    """One of its page images cannot be read: the document is not ok."""
    white = make_images.png(64, 64, 8, 0, [bytes([255] * 64)] * 64)
    place.new({'scan/1.png': white, 'scan/3.png': white})
    os.symlink('nowhere', place.path('scan/2.png'))
    run = place.batch('--ocr', 'auto')
    said = reasons(place.out)
    return run.faults(PARTLY) + differences(archive.outcomes(place.out), {
        'scan': 'partial', 'scan/2.png': 'damaged'}, 'outcome of') + (
            [] if '1 of its page images' in said['scan'] else [f'{said}'])


def big_documents_are_split(place):
    """At the end, a big document has the workers that nobody else needs, and comes out the same."""
    place.new({'big.pdf': report('fault=slow', pages=30), 'small.pdf': report('small')})
    slow = {**os.environ, **archive.QUICK, 'YOMIJUN_SLOW_MILLISECONDS': '50'}
    states, most = [], []
    for jobs in '1', '3':
        shutil.rmtree(place.out, ignore_errors=True)
        process = subprocess.Popen([place.program, 'batch', place.archive, '-o', place.out, '--ocr', 'never',
                                    '-j', jobs], stderr=subprocess.DEVNULL, env=slow)
        most.append(0)
        while process.poll() is None:
            most[-1] = max(most[-1], sum(1 + len(children_of(task)) for task in tasks_of(process.pid)))
            time.sleep(0.02)
        states.append(archive.state(place.out))
    return ([] if states[0] == states[1] else ['not the same for any number of workers']) + (
        [] if most[0] == 2 and most[1] >= 4 else [f'{most} processes, not 2 (a task and a worker) and 4'])


def workers_below(batch):
    """Of each task: how many processes it has, the most first."""
    return sorted((len(children_of(task)) for task in tasks_of(batch)), reverse=True)


def one_is_started_ahead(place):
    """With -j 2 two documents are read and a third one waits for a place, without a worker; those that wait for
    the result of another take no place from who could work. With -j 1 there is one."""
    twin = report('fault=stop@1 twin', pages=9)
    archives = {'1': ({f'{i}.pdf': report(f'fault=stop@1 {i}') for i in range(4)}, [1]),
                '2': ({f'{i}.pdf': report(f'fault=stop@1 {i}') for i in range(5)}, [1, 1, 0]),
                '2 ': (dict.fromkeys(['a.pdf', 'b.pdf', 'c.pdf'], twin) | {'d.pdf': report('fault=stop@1 other')},
                       [1, 1, 0, 0])}
    faults = []
    for jobs, (files, expected) in archives.items():
        place.new(files)
        process = subprocess.Popen([place.program, 'batch', place.archive, '-o', place.out, '--ocr', 'never', '-j',
                                    jobs.strip()], stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, **archive.QUICK, **archive.PATIENT})
        there = wait_until(lambda: workers_below(process.pid) == expected, process)
        time.sleep(0.2)  # more would come by then
        found = workers_below(process.pid)
        faults += [] if there and found == expected else [f'-j {jobs}: {found}, not {expected}']
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=archive.SECONDS)
    return faults


def failed_ones_again(place):
    """--retry-failed tries what failed, and nothing else."""
    place.new({'a.pdf': report('fault=crash'), 'b.pdf': report('fault=crash@2'), 'c.pdf': report('sound')})
    place.batch()
    once = place.batch()
    run = place.batch('--retry-failed')
    found = archive.query(place.out, 'SELECT path, run FROM documents ORDER BY path')
    return (once.faults(PARTLY) + run.faults(PARTLY) + archive.consistency_faults(place.out) +
            ([] if found == [('a.pdf', 3), ('b.pdf', 3), ('c.pdf', 1)] else [f'{found}']) +
            ([] if '2 failed before' in once.err else [once.err]))


def what_cannot_be_read_counts(place):
    place.new({'a.pdf': report('one')})
    os.symlink('nowhere', place.path('lost.pdf'))
    os.symlink('nowhere', place.path('pointer'))  # which is no document
    run = place.batch()
    again = place.batch()
    return (run.faults(PARTLY) + again.faults(PARTLY) + differences(archive.outcomes(place.out), {
        'a.pdf': 'ok', 'lost.pdf': 'damaged'}, 'outcome of') +
        [f'{x.err}' for x in (run, again) if 'damaged     lost.pdf: is a link' not in x.err])


def cases(place):
    for case in (every_outcome, pages_that_were_read_are_kept, time_in_all, time_without_a_word,
                 who_waits_is_not_silent, memory_of_putting_together, a_folder_lacks_an_image,
                 big_documents_are_split, one_is_started_ahead, failed_ones_again, what_cannot_be_read_counts):
        yield 'outcomes: ' + case.__name__, lambda case=case: case(place)

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch.py BUILD [GROUP …]   `yomijun batch`: every outcome true, nothing lost, nothing done twice, whatever
happens on the way. GROUP: outcomes, again, kill, power, container, names, disk; none: all.
BATCH_ALL=1 tries everything that is tried at random or in part otherwise, which takes minutes."""
import hashlib, io, os, random, shutil, signal, sqlite3, subprocess, sys, tarfile
import struct, time, zipfile, zlib

import archive, make_bad, make_images, power_cut, promises
from archive import fill, report, write
from promises import DONE, INPUT, INTERRUPTED, OUTPUT, PARTLY


class Place:
    """A build and a folder; each case has an archive and an OUT of its own."""

    def __init__(self, build, folder):
        self.program = os.path.join(build, 'yomijun-faults')
        self.shim = os.path.join(build, 'disk-shim.so')
        self.folder, self.cases = folder, 0
        self.paint_trace = 'paint trace: yes' in subprocess.run(
            [self.program, '--version'], capture_output=True, text=True, check=True).stdout
        self.all = os.environ.get('BATCH_ALL') == '1'

    def times(self, few, many):
        """How often something is tried: few times, or with BATCH_ALL=1 many times."""
        return many if self.all else few

    def some(self, cases):
        """So many of the cases as a test may try, another part of them for another seed; or all."""
        return cases if self.all else random.Random(1).sample(cases, min(24, len(cases)))

    def new(self, files):
        self.cases += 1
        self.case = os.path.join(self.folder, str(self.cases))
        self.archive = fill(os.path.join(self.case, 'archive'), files)
        self.out = os.path.join(self.case, 'out')
        os.makedirs(self.archive, exist_ok=True)
        return self

    def path(self, *names):
        return os.path.join(self.archive, *names)

    def batch(self, *options, **how):
        return archive.batch(self.program, self.archive, self.out, *options, **how)


def differences(found, expected, what):
    keys = sorted(set(found) | set(expected))
    return [f'{what} {k!r}: {found.get(k)}, not {expected.get(k)}' for k in keys
            if found.get(k) != expected.get(k)]


# ---- outcomes ----

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


def reasons(out):
    """Path → all reasons, of the document and of its pages."""
    return dict(archive.query(
        out, "SELECT path, coalesce(reason, '') || coalesce((SELECT group_concat(reason) FROM pages "
             "WHERE document = id), '') FROM documents"))


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
    run = place.batch('--timeout', '1', environment={'YOMIJUN_PAGE_WALL_SECONDS': '50'})
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
            most[-1] = max(most[-1], len(children_of(process.pid)))
            time.sleep(0.02)
        states.append(archive.state(place.out))
    return ([] if states[0] == states[1] else ['not the same for any number of workers']) + (
        [] if most[0] == 2 and most[1] >= 4 else [f'{most} processes, not 2 (a task and a worker) and 4'])


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


def outcome_cases(place):
    for case in (every_outcome, pages_that_were_read_are_kept, time_in_all, time_without_a_word,
                 who_waits_is_not_silent, memory_of_putting_together, a_folder_lacks_an_image,
                 big_documents_are_split, failed_ones_again, what_cannot_be_read_counts):
        yield 'outcomes: ' + case.__name__, lambda case=case: case(place)


# ---- a second time ----

def why(place, *options):
    """Of each document why it would be done, as --dry-run says."""
    run = place.batch('--dry-run', *options)
    return {x[17:]: x[:15].strip() for x in run.out.splitlines()[:-1]}


def nothing_to_do(place):
    """Nothing is read, nothing written but the run."""
    if not power_cut.works(place.shim, place.program):
        print('  not tried: no library can be put before libc in this build')
        return []
    place.new({'a.pdf': report('one'), 'b/c.pdf': report('two'), 'd.pdf': b''})
    place.batch()
    before = archive.state(place.out)
    opened = os.path.join(place.case, 'opened')
    run = place.batch(environment={'LD_PRELOAD': place.shim, 'DISK_SHIM_OPENED': opened})
    with open(opened, encoding='utf-8') as f:
        read = [x.strip() for x in f if x.startswith(place.archive) and x.strip().endswith('.pdf')]
    return (run.faults(PARTLY) + archive.state_faults(place.out, before) +
            [f'{path} was opened' for path in read] +
            ([] if '0 of 0 documents' in run.err else [run.err]))


def one_of_each_reason(place):
    place.new({n + '.pdf': report(n) for n in ('same', 'changed', 'touched', 'gone', 'lost')} |
              {'failed.pdf': report('fault=crash')})
    place.batch()
    write(place.path('changed.pdf'), report('other'))
    os.utime(place.path('touched.pdf'))
    write(place.path('new.pdf'), report('new'))
    os.unlink(place.path('gone.pdf'))
    os.unlink(os.path.join(place.out, 'lost.pdf.xml'))
    expected = {'changed.pdf': 'changed', 'touched.pdf': 'changed', 'new.pdf': 'new', 'gone.pdf': 'gone',
                'lost.pdf': 'result missing'}
    faults = differences(why(place), expected, 'why')
    faults += differences(why(place, '--retry-failed'), expected | {'failed.pdf': 'failed before'}, 'why')
    faults += differences(why(place, '--dpi', '200'), {n: 'other options' for n in (
        'same.pdf', 'failed.pdf')} | expected | {'lost.pdf': 'other options'}, 'why')
    run = place.batch()
    faults += run.faults(PARTLY) + archive.consistency_faults(place.out)
    gone = archive.query(place.out, 'SELECT path FROM documents WHERE gone')
    return faults + ([] if gone == [('gone.pdf',)] else [f'gone: {gone}']) + differences(
        why(place), {}, 'why')


def other_makings(place):
    """What the catalogue says of the version and libraries counts."""
    place.new({'a.pdf': report('one')})
    place.batch()
    faults = []
    for column, word in (('version', 'newer version'), ('libraries', 'other libraries')):
        catalogue = sqlite3.connect(os.path.join(place.out, 'catalogue.sqlite'))
        before = catalogue.execute(f'SELECT {column} FROM makings').fetchone()
        with catalogue:
            catalogue.execute(f"UPDATE makings SET {column} = 'of before'")
        faults += differences(why(place), {'a.pdf': word}, 'why')
        with catalogue:
            catalogue.execute(f'UPDATE makings SET {column} = ?', before)
            catalogue.execute("DELETE FROM makings WHERE id NOT IN (SELECT making FROM documents)")
        catalogue.close()
    return faults + differences(why(place), {}, 'why')


def no_archive(place):
    """What is no folder is an error, and nothing is made for it."""
    place.new({'a.pdf': report('one')})
    faults = []
    for what in 'a.pdf', 'nowhere':
        run = archive.batch(place.program, place.path(what), place.out)
        faults += run.faults(INPUT) + (['OUT was made'] if os.path.exists(place.out) else [])
    return faults


def dry_run_leaves_nothing(place):
    place.new({'a.pdf': report('one')})
    before = sorted(os.listdir())
    run = place.batch('--dry-run')
    return run.faults(DONE) + (['OUT was made'] if os.path.exists(place.out) else []) + (
        ['something was made here'] if sorted(os.listdir()) != before else []) + (
        [] if 'new              a.pdf' in run.out else [run.out])


def rehash_sees_what_the_time_does_not(place):
    """A file whose bytes have changed behind its size, time and inode."""
    place.new({'a.pdf': report('one'), 'b.pdf': report('two')})
    place.batch()
    before = os.stat(place.path('a.pdf'))
    data = report('six')
    with open(place.path('a.pdf'), 'r+b') as f:
        f.write(data)
    os.utime(place.path('a.pdf'), ns=(before.st_atime_ns, before.st_mtime_ns))
    run = place.batch('--rehash')
    faults = run.faults(DONE) + archive.consistency_faults(place.out)
    found = archive.query(place.out, 'SELECT path, run FROM documents ORDER BY path')
    return faults + ([] if found == [('a.pdf', 2), ('b.pdf', 1)] else [f'{found}'])


def rehash_sees_results_that_rot(place):
    """It reads the results too, and makes those anew whose bytes are not those of the catalogue."""
    place.new({'a.pdf': report('one'), 'b.pdf': report('two')})
    place.batch()
    before = archive.state(place.out)
    with open(os.path.join(place.out, 'a.pdf.xml'), 'r+b') as f:
        f.seek(300)
        f.write(b'X')
    run = place.batch('--rehash')
    return run.faults(DONE) + archive.state_faults(place.out, before)


def text_beside_is_a_result_too(place):
    """Missing or rotten it is made anew; it goes when it is no longer wanted."""
    place.new({'a.pdf': report('one'), 'b.pdf': report('two')})
    run = place.batch('-f', 'xml,text')
    before = archive.state(place.out)
    faults = run.faults(DONE) + archive.consistency_faults(place.out)
    faults += [] if b'a.pdf.txt' in before[0] and len(before[0]) == 4 else [f'{sorted(before[0])}']
    os.unlink(os.path.join(place.out, 'a.pdf.txt'))
    faults += place.batch('-f', 'xml,text').faults(DONE) + archive.state_faults(place.out, before, 'missing: ')
    write(os.path.join(place.out, 'b.pdf.txt'), b'rotten')
    faults += place.batch('-f', 'xml,text', '--rehash').faults(DONE)
    faults += archive.state_faults(place.out, before, 'rotten: ')
    faults += place.batch().faults(DONE) + archive.consistency_faults(place.out)
    left = sorted(archive.results(place.out))
    return faults + ([] if left == [b'a.pdf.xml', b'b.pdf.xml'] else [f'left: {left}'])


def corrections_that_cannot_be_read(place):
    """They are not the same as none: the document is named, keeps its result, and is done once they can
    be read, or are gone."""
    place.new({'a.pdf': report('one'), 'b.pdf': report('two'), 'c.pdf': report('three')})
    place.batch()
    before = archive.results(place.out)
    os.mkfifo(place.path('a.pdf.corrections.xml'))
    os.symlink('b.pdf.corrections.xml', place.path('b.pdf.corrections.xml'))
    with open(place.path('c.pdf.corrections.xml'), 'wb') as f:
        f.truncate(1 << 30)
    faults = []
    for _ in range(2):
        run = place.batch()
        faults += run.faults(PARTLY) + archive.consistency_faults(place.out)
        faults += [f'{name} is not named: {run.err}' for name in ('a.pdf', 'b.pdf', 'c.pdf')
                   if not any(name in x and 'its corrections cannot be read' in x for x in run.err.splitlines())]
        faults += [] if archive.results(place.out) == before else ['results have changed']
    for name in 'abc':
        os.unlink(place.path(name + '.pdf.corrections.xml'))
    faults += place.batch().faults(DONE)
    found = archive.outcomes(place.out)
    return faults + ([] if set(found.values()) == {'ok'} else [f'{found}'])


def time_set_back(place):
    """A file that got other bytes of the same size and its old time again is seen all the same."""
    place.new({'a.pdf': report('one')})
    place.batch()
    before = os.stat(place.path('a.pdf'))
    with open(place.path('a.pdf'), 'r+b') as f:
        f.write(report('six'))
    os.utime(place.path('a.pdf'), ns=(before.st_atime_ns, before.st_mtime_ns))
    return differences(why(place), {'a.pdf': 'changed'}, 'why')


def equal_bytes_once(place):
    data = report('fault=hang@8', pages=7)
    place.new({f'{i}/a.pdf': data for i in range(6)} | {'6/other name.pdf': data})
    run = place.batch('-j', '2')
    copies = archive.query(place.out, 'SELECT count(*) FROM documents WHERE copy_of IS NOT NULL')
    faults = run.faults(DONE) + ([] if copies == [(6,)] else [f'{copies} copies'])
    first = archive.results(place.out)
    alone = place.new({'6/other name.pdf': data})
    alone.batch()
    own = archive.results(place.out)[b'6/other name.pdf.xml']
    return faults + ([] if first[b'6/other name.pdf.xml'] == own else ['a copy is not what it would be'])


def only_what_stands_there_is_copied(place):
    """The result of the twin was changed by somebody: it is not copied."""
    data = report('one')
    place.new({'a.pdf': data})
    place.batch()
    path = os.path.join(place.out, 'a.pdf.xml')
    with open(path, 'r+b') as f:
        text = f.read().replace(b'Alpha', b'Aleph')
        f.seek(0)
        f.write(text)
    write(place.path('b.pdf'), data)
    run = place.batch()
    return run.faults(DONE) + (['what somebody changed was copied'] if b'Aleph' in archive.results(
        place.out)[b'b.pdf.xml'] else [])


def bytes_that_moved(place):
    """a becomes b's bytes, c has those a had: no result is mixed up."""
    one, two = report('one'), report('two', note='s')
    place.new({'a.pdf': one})
    place.batch()
    write(place.path('a.pdf'), two)
    fill(place.archive, {f'c{i}.pdf': one for i in range(4)} | {f'd{i}.pdf': two for i in range(4)})
    run = place.batch('-j', '2')
    faults = run.faults(DONE) + archive.consistency_faults(place.out)
    for path, text in archive.results(place.out).items():
        if (b'Alphas' in text) != (path[:1] in b'ad'):
            faults.append(f'{path} has the text of others')
    return faults


def changes_while_it_is_read(place):
    """Its bytes change between the first look at them and the last page: no result, and the next run
    does it again."""
    place.new({'a.pdf': report('fault=slow@2')})
    process = subprocess.Popen([place.program, 'batch', place.archive, '-o', place.out, '--ocr', 'never'],
                               stderr=subprocess.PIPE, text=True)
    time.sleep(0.7)
    write(place.path('a.pdf'), report('fault=slow@3'))
    err = process.communicate()[1]
    faults = [] if process.returncode == PARTLY else [f'exit code {process.returncode}: {err}']
    said = reasons(place.out)['a.pdf']
    faults += [] if 'changed while it was read' in said else [said]
    faults += ['there is a result'] if archive.results(place.out) else []
    run = place.batch()
    return faults + run.faults(DONE) + archive.consistency_faults(place.out)


def former_results_are_kept(place):
    place.new({'a.pdf': report('one'), 'b.pdf': report('two')})
    place.batch()
    old = archive.results(place.out)[b'a.pdf.xml']
    write(place.path('a.pdf'), report('one', note='s'))
    place.batch()
    kept = os.path.join(place.out, '.yomijun', 'former', 'a.pdf.xml')
    with open(kept, 'rb') as f:
        faults = [] if f.read() == old else ['the former result is not what it was']
    found = archive.query(place.out, 'SELECT path, former FROM documents ORDER BY path')
    faults += [] if found == [('a.pdf', 1), ('b.pdf', 0)] else [f'{found}']
    write(place.path('a.pdf'), report('one', note='x'))
    place.batch()
    with open(kept, 'rb') as f:
        faults += [] if f.read() == old else ['the result that was not accepted is lost']
    return faults


def again_cases(place):
    for case in (nothing_to_do, one_of_each_reason, other_makings, no_archive,
                 dry_run_leaves_nothing, rehash_sees_what_the_time_does_not, rehash_sees_results_that_rot,
                 text_beside_is_a_result_too, corrections_that_cannot_be_read, time_set_back, equal_bytes_once,
                 only_what_stands_there_is_copied, bytes_that_moved, changes_while_it_is_read,
                 former_results_are_kept):
        yield 'again: ' + case.__name__, lambda case=case: case(place)

# ---- stopped in the middle ----

def zipped(files):
    """A ZIP of files, name → bytes, all of the same day."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, content in files.items():
            z.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()


def mixed_archive():
    twin = report('twin', pages=6)
    return {'a/big.pdf': report('big', pages=40), 'a/報告.pdf': report('name'), 'b/twin.pdf': twin,
            'b/other.pdf': twin, 'crash.pdf': report('fault=crash'), 'partial.pdf': report('fault=crash@2'),
            'empty.pdf': b'', 'packed.zip': zipped({'x/c.pdf': report('c'), 'x/twin.pdf': twin,
                                                    'd.pdf': report('fault=crash@1'), 'e.pdf': report('e')})}


def children_of(pid):
    """All processes below it."""
    below = {}
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{name}/stat', encoding='utf-8', errors='replace') as f:
                parent = int(f.read().rpartition(')')[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        below.setdefault(parent, []).append(int(name))
    found, todo = [], [pid]
    while todo:
        more = below.get(todo.pop(), [])
        found += more
        todo += more
    return found


def is_running(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as f:
            return f.read().rpartition(')')[2].split()[0] not in ('Z', 'X')
    except (FileNotFoundError, ProcessLookupError):
        return False


def outlive(pids):
    """Those of the processes that are still there after their time."""
    for _ in range(100):
        pids = [pid for pid in pids if is_running(pid)]
        if not pids:
            return []
        time.sleep(0.02)
    return pids


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


def start(place, out, environment=None):
    command = [place.program, 'batch', place.archive, '-o', out, '--ocr', 'never', '-j', '2']
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                            env={**os.environ, **archive.QUICK, **(environment or {})},
                            start_new_session=True)


def documents_in(out):
    try:
        return archive.query(out, "SELECT count(*) FROM documents WHERE kind <> 'container'")[0][0]
    except sqlite3.Error: # there is none yet
        return 0


def stop_once(place, out, after, signal_number, choose, environment=None):
    """Runs the batch and sends a signal to one of its processes after so many seconds, or once so many
    documents (an int) are in the catalogue; faults, and what became of it."""
    process = start(place, out, environment)
    if isinstance(after, int):
        while process.poll() is None and documents_in(out) < after:
            time.sleep(0.01)
    else:
        time.sleep(after)
    below = children_of(process.pid)
    victim = choose(process.pid, below)
    if victim is not None:
        try:
            os.kill(victim, signal_number)
        except ProcessLookupError:
            victim = None
    err = process.communicate(timeout=archive.SECONDS)[1]
    left = outlive(below)
    return [f'left running: {left}'] if left else [], process.returncode, err


def undisturbed(place, files, environment=None):
    """What comes out of the archive when nothing happens, and how long that takes."""
    place.new(files)
    start = time.monotonic()
    place.batch('-j', '2', environment=environment)
    return archive.state(place.out), time.monotonic() - start


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


def whole_faults(out):
    """What stands at its place is whole and in the catalogue, whatever has happened. Where the catalogue
    says that a result is about to be put there, it may be the one before."""
    try:
        rows = archive.query(out, 'SELECT path, output_sha256, staged FROM documents '
                                  'WHERE output_sha256 IS NOT NULL')
    except sqlite3.Error: # of a catalogue that is being made
        rows = []
    known = {os.fsencode(path + '.xml'): (sha256, staged) for path, sha256, staged in rows}
    faults = []
    for path, data in archive.results(out).items():
        sha256, staged = known.get(path, (None, 0))
        if not data.endswith(b'</document>\n'):
            faults.append(f'{path!r} is cut off')
        elif not staged and sha256 != hashlib.sha256(data).hexdigest():
            faults.append(f'{path!r} stands there and is not in the catalogue')
    return faults


def stopped_in_an_archive_file(place):
    """Killed when some of its members are done and in the catalogue: the others are not forgotten."""
    files = {f'{i}.pdf': report(f'fault=slow@1 {i}') for i in range(8)}
    quick = {'YOMIJUN_SLOW_MILLISECONDS': '1'}
    expected, _ = undisturbed(place, {'packed.zip': zipped(files)}, quick)
    out = os.path.join(place.case, 'other')
    faults, code, err = stop_once(place, out, 2, signal.SIGKILL, lambda pid, below: pid,
                                  {'YOMIJUN_SLOW_MILLISECONDS': '3000'})
    done = documents_in(out)
    faults += [] if code == -signal.SIGKILL and done < 8 else [f'exit code {code}, {done} done: {err}']
    again = archive.batch(place.program, place.archive, out, environment=quick)
    return faults + again.faults(DONE) + archive.state_faults(out, expected)


def worker_killed(place, times):
    """What reads a page is killed by somebody: tried again, once; then said as it is."""
    place.new({'a.pdf': report('fault=slow@1', pages=3)})
    process = subprocess.Popen([place.program, 'batch', place.archive, '-o', place.out, '--ocr', 'never'],
                               stderr=subprocess.PIPE, text=True, env={
                                   **os.environ, **archive.QUICK, 'YOMIJUN_SLOW_MILLISECONDS': '1500'})
    dead = set()
    while len(dead) < times and process.poll() is None:
        below = children_of(process.pid)  # the task, and what it has started
        if len(below) == 2 and below[1] not in dead:
            time.sleep(0.7)  # until it is at the page
            os.kill(below[1], signal.SIGKILL)
            dead.add(below[1])
    err = process.communicate(timeout=archive.SECONDS)[1]
    found = archive.query(place.out, 'SELECT page, outcome FROM pages ORDER BY page')
    if times == 1:
        return [] if process.returncode == DONE and found == [(n, 'ok') for n in (1, 2, 3)] else [f'{found} {err}']
    return [] if process.returncode == PARTLY and found == [(1, 'memory'), (2, 'ok'), (3, 'ok')] and (
        'ended from outside' in err) else [f'{found} {err}']


def maker_of_equal_bytes_killed(place):
    """What is made for two is killed, and its file is gone when it is tried again: the other one, which
    waits for it, is read by itself."""
    data = report('fault=slow@1')
    place.new({'a.pdf': data, 'b.pdf': data})
    process = start(place, place.out, {'YOMIJUN_SLOW_MILLISECONDS': '2000'})
    maker = None
    while maker is None and process.poll() is None:
        maker = next((pid for pid in children_of(process.pid) if children_of(pid)), None)
        time.sleep(0.01)
    time.sleep(0.5)  # until the other one waits
    opened = [os.path.realpath(f'/proc/{maker}/fd/{n}') for n in os.listdir(f'/proc/{maker}/fd')]
    [path] = [p for p in opened if p.endswith('.pdf')]
    os.rename(path, path + ' is gone')
    os.kill(maker, signal.SIGKILL)
    try:
        err = process.communicate(timeout=20)[1]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return ['it does not end']
    gone = os.path.basename(path)
    expected = {'a.pdf': 'ok', 'b.pdf': 'ok', gone: 'damaged'}
    return (([] if process.returncode == PARTLY else [f'exit code {process.returncode}: {err}']) +
            differences(archive.outcomes(place.out), expected, 'outcome of') +
            archive.consistency_faults(place.out))


def interrupted(place):
    """SIGINT: 130, nothing left running, and the next run goes on where it was."""
    quick = {'YOMIJUN_SLOW_MILLISECONDS': '1'}
    expected, _ = undisturbed(place, mixed_archive() | {'slow.pdf': report('fault=slow@1', pages=50)}, quick)
    out = os.path.join(place.case, 'other')
    faults, code, err = stop_once(place, out, 2, signal.SIGINT,
                                  lambda pid, below: pid, {'YOMIJUN_SLOW_MILLISECONDS': '100000'})
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
    while not os.path.exists(os.path.join(place.out, 'catalogue.sqlite-wal')):
        time.sleep(0.01)
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


def power_cuts(place, files, change, code):
    """Cuts at every change of the disk in a run over what change() has made of the archive: what is left
    can be gone on from, to the same end."""
    if not power_cut.works(place.shim, place.program):
        print('  not tried: no library can be put before libc in this build')
        return []
    place.new(files)
    before = os.path.join(place.case, 'before')
    if change is not None:
        archive.batch(place.program, place.archive, before)
        change(place)
    watched = os.path.join(place.case, 'watched')
    if os.path.exists(before):
        shutil.copytree(before, watched, symlinks=True)
    run, cuts = power_cut.watch(place.shim, watched, place.case, lambda environment: archive.batch(
        place.program, place.archive, watched, '-j', '1', environment=environment))
    faults = run.faults(code)
    expected = archive.state(watched)
    ways = {way for _, way, _ in cuts}
    faults += [] if len(ways) == 3 else [f'only {ways} could be tried']
    for i, (moment, way, left) in enumerate(place.some(cuts)):
        out = os.path.join(place.case, f'cut {i}')
        power_cut.lay_down(left, out)
        wrong = whole_faults(out) if b'catalogue.sqlite' in left else []
        again = archive.batch(place.program, place.archive, out, '-j', '1')
        wrong += again.faults(code) + archive.state_faults(out, expected)
        faults += [f'{moment}, {way} kept: {x}' for x in wrong]
        shutil.rmtree(out)
    return faults


def change_some(place):
    write(place.path('a.pdf'), report('one', note='s'))
    write(place.path('new.pdf'), report('three'))
    os.unlink(place.path('gone.pdf'))


FEW = {'a.pdf': report('one'), 'b.pdf': report('fault=crash@2'), 'gone.pdf': report('gone'),
       'twin.pdf': report('one')}


def kill_cases(place):
    yield ('kill: the parent, at any moment',
           lambda: killed(place, place.times(8, 200), 'the parent', 1))
    yield 'kill: a child, at any moment', lambda: killed(place, place.times(8, 200), 'a child', 2)
    yield 'kill: all told to end', lambda: all_told_to_end(place, place.times(5, 100), 3)
    for times in 1, 2:
        yield f'kill: what reads a page, times {times}', lambda times=times: worker_killed(place, times)
    for case in (stopped_in_an_archive_file, maker_of_equal_bytes_killed, interrupted, two_at_once):
        yield 'kill: ' + case.__name__, lambda case=case: case(place)


def power_cases(place):
    yield 'power: cut in the first run', lambda: power_cuts(place, FEW, None, PARTLY)
    yield 'power: cut in a later run', lambda: power_cuts(place, FEW, change_some, PARTLY)


# ---- archive files ----

def tarred(files, mode, links=()):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as t:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            if content is None:
                info.type = tarfile.DIRTYPE
            else:
                info.size = len(content)
            t.addfile(info, io.BytesIO(content or b''))
        for name, target, kind in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            t.addfile(info)
    return data.getvalue()


def picture(width=64):
    return make_images.png(width, 64, 8, 0, [bytes([255] * width)] * 64)


def members_are_like_files(place):
    """Documents of archive files come out as they would from a folder of that name."""
    files = {'a.pdf': report('one'), 'sub/b.pdf': report('two'), 'scans/2.png': picture(),
             'scans/10.png': picture(65), 'scans/1.png': picture(66), 'note.txt': b'note'}
    folders = {'sub/': None, 'scans/': None}
    packed = {'z.zip': zipped({**{n: b'' for n in folders}, **files}), 't.tar': tarred(folders | files, 'w'),
              't.tar.gz': tarred(folders | files, 'w:gz'), 't.tgz': tarred(files, 'w:gz'),
              't.tar.xz': tarred(files, 'w:xz'), 't.tar.bz2': tarred(files, 'w:bz2')}
    place.new(packed)
    run = place.batch()
    faults = run.faults(PARTLY) + archive.consistency_faults(place.out)  # pictures, without OCR
    found = archive.results(place.out)
    place.new(files)
    place.batch()
    plain = archive.results(place.out)
    expected = {os.fsencode(p) + b'/' + path: data for p in packed for path, data in plain.items()}
    if len(plain) != 3:
        faults.append(f'{sorted(plain)}')
    return faults + [f'{path!r} differs' for path in sorted(set(found) | set(expected))
                     if found.get(path) != expected.get(path)]


def reads_only_what_changed(place):
    place.new({'z.zip': zipped({'a.pdf': report('one'), 'b.pdf': report('two')})})
    place.batch()
    idle = place.batch()
    faults = [] if '0 of 0 documents' in idle.err else [idle.err]
    write(place.path('z.zip'), zipped({'a.pdf': report('one'), 'b.pdf': report('new', note='s')}))
    faults += place.batch().faults(DONE)
    found = archive.query(place.out, "SELECT path, run FROM documents WHERE kind = 'pdf' ORDER BY path")
    return faults + ([] if found == [('z.zip/a.pdf', 1), ('z.zip/b.pdf', 3)] else [f'{found}'])


def cut_off(place):
    """Of archive files that end too early come the members that are there."""
    files = {f'{n}.pdf': report(n, pages=30) for n in 'abc'}
    whole = zipped(files), tarred(files, 'w'), tarred(files, 'w:gz')
    place.new({'z.zip': whole[0][:len(whole[0]) // 2], 't.tar': whole[1][:len(whole[1]) // 2],
               'g.tar.gz': whole[2][:len(whole[2]) // 2], 'ok.pdf': report('sound')})
    run = place.batch()
    found = archive.outcomes(place.out)
    containers = dict(archive.query(place.out,
                                    "SELECT path, outcome FROM documents WHERE kind = 'container'"))
    faults = run.faults(PARTLY) + archive.consistency_faults(place.out)
    faults += differences(containers, {n: 'damaged' for n in ('z.zip', 't.tar', 'g.tar.gz')}, 'outcome of')
    expected = {'ok.pdf': 'ok', 'z.zip/a.pdf': 'ok', 't.tar/a.pdf': 'ok'}
    faults += differences({k: found.get(k) for k in expected}, expected, 'outcome of')
    faults += [f'{path} is {outcome}' for path, outcome in found.items() if outcome not in ('ok', 'damaged')]
    again = place.batch()
    return faults + again.faults(PARTLY) + ([] if '0 of 0 documents' in again.err else [again.err])


def failed_archive_file_again(place):
    """--retry-failed opens an archive file anew that failed itself, and nothing else does."""
    place.new({'z.zip': b'no archive file', 'sound.zip': zipped({'a.pdf': report('one')})})
    place.batch()
    place.batch()
    run = place.batch('--retry-failed')
    found = archive.query(place.out, "SELECT path, run FROM documents WHERE kind = 'container' ORDER BY path")
    return run.faults(PARTLY) + archive.consistency_faults(place.out) + (
        [] if found == [('sound.zip', 1), ('z.zip', 3)] else [f'{found}'])


def bomb(place):
    """A member that unpacks to a thousand times its size is not read on; the others are."""
    piece, times = bytes(1 << 20), 400
    packed = make_bad.packed_many(piece, times)[2:]  # without zlib's head
    crc = 0
    for _ in range(times):
        crc = zlib.crc32(piece, crc)
    bomb_head = struct.pack('<HHHHHIIIHH', 20, 0, 8, 0, 33, crc, len(packed), times << 20, 8, 0)
    other = zipped({'a.pdf': report('one')})
    local = b'PK\x03\x04' + bomb_head + b'bomb.pdf' + packed
    directory = (b'PK\x01\x02' + struct.pack('<H', 20) + bomb_head + struct.pack('<HHHII', 0, 0, 0, 0, 0) +
                 b'bomb.pdf')
    start = other.index(b'PK\x01\x02')
    own = bytearray(other[start:other.index(b'PK\x05\x06')])
    own[42:46] = struct.pack('<I', len(local))
    data = local + other[:start] + directory + own
    place.new({'z.zip': data + b'PK\x05\x06' + struct.pack(
        '<HHHHIIH', 0, 0, 2, 2, len(directory) + len(own), len(local) + start, 0)})
    run = place.batch()
    said = reasons(place.out)
    return (run.faults(PARTLY) + differences(archive.outcomes(place.out), {
        'z.zip/bomb.pdf': 'damaged', 'z.zip/a.pdf': 'ok'}, 'outcome of') + promises.limits_faults(run.result) +
        ([] if 'times' in said['z.zip/bomb.pdf'] else [said['z.zip/bomb.pdf']]))


def leads_out(place):
    """Names of members that lead out of the archive, and links: nothing is written elsewhere, nothing else is
    read, and each is named."""
    evil = report('evil')
    place.new({'z.zip': zipped({'../../evil.pdf': evil, '/evil.pdf': evil, 'a/../../../evil.pdf': evil,
                                'ok.pdf': report('sound')}),
               't.tar': tarred({'../evil.pdf': evil, '/evil.pdf': evil, 'ok.pdf': report('good')}, 'w', [
                   ('secret.pdf', '/etc/passwd', tarfile.SYMTYPE), ('x', '/', tarfile.SYMTYPE),
                   ('hard.pdf', 'ok.pdf', tarfile.LNKTYPE), ('pipe.pdf', '', tarfile.FIFOTYPE)])})
    outside = sorted(os.listdir(place.folder)), sorted(os.listdir(place.case))
    run = place.batch()
    faults = run.faults(PARTLY) + archive.consistency_faults(place.out)
    if (sorted(os.listdir(place.folder)), sorted(os.listdir(place.case))) != (
            outside[0], sorted([*outside[1], 'out'])) or os.path.exists('/evil.pdf.xml'):
        faults.append('something is written outside of OUT')
    found = archive.outcomes(place.out)
    faults += differences({k for k, v in found.items() if v == 'ok'} and
                          {k: v for k, v in found.items() if v == 'ok'},
                          {'z.zip/ok.pdf': 'ok', 't.tar/ok.pdf': 'ok'}, 'outcome of')
    bad = [k for k, v in found.items() if v == 'damaged']
    return faults + ([] if len(bad) == 8 else [f'named: {bad}'])


def locked_members(place):
    data = bytearray(zipped({'a.pdf': report('one'), 'b.pdf': report('two')}))
    data[6] |= 1  # the flag in the first member's own header and in the directory
    data[data.index(b'PK\x01\x02') + 8] |= 1
    place.new({'z.zip': bytes(data)})
    run = place.batch()
    return run.faults(PARTLY) + differences(archive.outcomes(place.out), {
        'z.zip/a.pdf': 'encrypted', 'z.zip/b.pdf': 'ok'}, 'outcome of')


def flipped_bit(place):
    files = {f'{n}.pdf': report(n) for n in 'abc'}
    data = bytearray(zipped(files))
    data[data.index(b'b.pdf') + 80] ^= 4
    place.new({'z.zip': bytes(data)})
    run = place.batch()
    return run.faults(PARTLY) + differences(archive.outcomes(place.out), {
        'z.zip/a.pdf': 'ok', 'z.zip/b.pdf': 'damaged', 'z.zip/c.pdf': 'ok'}, 'outcome of')


def what_cannot_be_seen_is_not_gone(place):
    """An archive file that is damaged later, a folder that cannot be looked into: what was in them is not
    gone, and its results stay."""
    files = {f'{n}.pdf': report(n, pages=20) for n in 'abc'}
    place.new({'z.zip': zipped(files), 'ok.pdf': report('sound')})
    place.batch()
    before = archive.results(place.out)
    with open(place.path('z.zip'), 'r+b') as f:
        f.truncate(30)
    run = place.batch()
    gone = archive.query(place.out, 'SELECT path FROM documents WHERE gone')
    faults = run.faults(PARTLY) + ([f'gone: {gone}'] if gone else [])
    return faults + ([] if archive.results(place.out) == before else ['results were changed'])


def container_cases(place):
    for case in (members_are_like_files, reads_only_what_changed, cut_off, failed_archive_file_again, bomb,
                 leads_out, locked_members, flipped_bit, what_cannot_be_seen_is_not_gone):
        yield 'container: ' + case.__name__, lambda case=case: case(place)


# ---- names ----

def any_name(place):
    data = report('one')
    names = ['報告書.pdf', 'か\u3099.pdf', 'が.pdf', b'\x95\xf1\x8d\x90.pdf', b'\xff\xfe.pdf', 'a\nb.pdf', ' .pdf',
             '-o.pdf', "it's \"so\" %s & <x>.pdf", 'a\\b.pdf', 'A.PDF', 'a.pdf', 'tab\t.pdf', '%2E%2E.pdf',
             'x.pdf/inner.pdf', 'x.pdf.xml/inner.pdf', 'é' * 100 + '.pdf']
    place.new({name: data for name in names})
    log = os.path.join(place.case, 'log')
    run = place.batch('--log', log)
    faults = run.faults(DONE) + archive.consistency_faults(place.out)
    expected = {os.fsencode(name) + b'.xml' for name in names}
    found = set(archive.results(place.out))
    faults += [f'{path!r} is missing or too many' for path in sorted(found ^ expected)]
    faults += [] if len(archive.log_lines(log)) == len(names) else ['the log has not all of them']
    status = subprocess.run([place.program, 'batch', '--status', '-o', place.out], capture_output=True,
                            check=False)
    faults += [] if status.returncode == DONE else [f'--status: {status.stderr!r}']
    again = place.batch()
    return faults + ([] if '0 of 0 documents' in again.err else [again.err])


def names_in_the_way(place):
    """What cannot have its result where it belongs is named and counts; the others are done."""
    place.new({'a.pdf': report('one'), 'catalogue.sqlite/b.pdf': report('two'),
               'x' * 250 + '.pdf': report('three'), '.hidden.pdf': report('four')})
    run = place.batch()
    found = archive.outcomes(place.out)
    return run.faults(PARTLY) + differences(found, {
        'a.pdf': 'ok', 'catalogue.sqlite/b.pdf': 'damaged', 'x' * 250 + '.pdf': 'damaged'}, 'outcome of')


def zip_names(place):
    """Names of old Japanese ZIPs are CP932."""
    data = bytearray(zipped({'AAAA.pdf': report('one')}))
    place.new({'z.zip': bytes(data).replace(b'AAAA', '報告'.encode('cp932'))})
    run = place.batch()
    return run.faults(DONE) + differences(archive.outcomes(place.out), {'z.zip/報告.pdf': 'ok'}, 'outcome of')


def name_cases(place):
    for case in (any_name, names_in_the_way, zip_names):
        yield 'names: ' + case.__name__, lambda case=case: case(place)


# ---- the disk and the catalogue ----

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
                           f'of="$TMPDIR/x" bs=4k count=1 2>/dev/null; {BATCH}; echo $?')
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
    # The batch: lists the archive file, tries the sandbox, starts tasks, reads members; a task: its worker.
    for where in '0 1', '0 3', '0 4', '0 6', '0 7', '1 1':
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


def no_process_again(place):
    """A task that somebody killed cannot be started once more: that is no fault of its document."""
    if not power_cut.works(place.shim, place.program):
        return []
    expected, _ = undisturbed(place, {'a.pdf': report('fault=slow@1')})
    out = os.path.join(place.case, 'other')
    faults, code, err = stop_once(place, out, 1.0, signal.SIGKILL, lambda pid, below: below[0], {
        'YOMIJUN_SLOW_MILLISECONDS': '3000', 'LD_PRELOAD': place.shim, 'DISK_SHIM_NO_FORK': '0 3'})
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
        **slow, 'LD_PRELOAD': place.shim, 'DISK_SHIM_NO_FORK': '1 2'})
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


def disk_cases(place):
    for kib in place.times((200, 400), range(80, 640, 20)):
        yield f'disk: full, {kib} KiB', lambda kib=kib: full_disk(place, kib)
    for case in (read_only_out, no_room_for_temporary_files, no_process, no_process_again,
                 no_process_for_more, log_that_cannot_be_written, damaged_catalogue, disk_that_fails):
        yield 'disk: ' + case.__name__, lambda case=case: case(place)


GROUPS = {'outcomes': outcome_cases, 'again': again_cases, 'kill': kill_cases, 'power': power_cases,
          'container': container_cases, 'names': name_cases, 'disk': disk_cases}

if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which may be ignored, and is then by children
    sys.exit(promises.try_groups(lambda folder: Place(sys.argv[1], folder), GROUPS))

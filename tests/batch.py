#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch.py BUILD [GROUP …]   `yomijun batch`: every outcome true, nothing lost, nothing done twice, whatever
happens on the way. GROUP: of outcomes, again; none: all."""
import os, sqlite3, subprocess, sys, time

import archive, promises
from archive import fill, report, write
from promises import DONE, PARTLY


class Place:
    """A build and a folder; each case has an archive and an OUT of its own."""

    def __init__(self, build, folder):
        self.program = os.path.join(build, 'yomijun-faults')
        self.shim = os.path.join(build, 'disk-shim.so')
        self.folder, self.cases = folder, 0

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
    subprocess.run(['qpdf', '--encrypt', 'secret', 'owner', '256', '--', place.path('ok.pdf'),
                    place.path('locked.pdf')], check=True)
    log = os.path.join(place.case, 'log')
    run = place.batch('--log', log)
    expected = {name: outcome for name, (_, outcome, _) in OUTCOMES.items()} | {'locked.pdf': 'encrypted'}
    faults = run.faults(PARTLY) + differences(archive.outcomes(place.out), expected, 'outcome of')
    said = reasons(place.out)
    for name, (_, outcome, words) in OUTCOMES.items():
        if words is not None and words not in said.get(name, ''):
            faults.append(f'reason of {name}: {said.get(name)!r}')
        if words is not None and not any(x.split()[1:2] == [outcome] and name in x and words in x
                                         for x in run.err.splitlines()):
            faults.append(f'{name} is not among the failed')
    logged = {line['path']: line['outcome'] for line in archive.log_lines(log)}
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
    return run.faults(PARTLY) + ([] if found == [(1, 'ok'), (2, 'ok'), (3, 'timeout')] else [f'{found}'])


def time_without_a_word(place):
    place.new({'a.pdf': report('fault=hang@2'), 'b.pdf': report('sound')})
    run = place.batch(environment={'YOMIJUN_PAGE_WALL_SECONDS': '50', 'YOMIJUN_SILENCE_SECONDS': '2'})
    return (run.faults(PARTLY) + differences(archive.outcomes(place.out), {
        'a.pdf': 'timeout', 'b.pdf': 'ok'}, 'outcome of'))


def who_waits_is_not_silent(place):
    """Of two documents with the same bytes one waits for the other, longer than it may be silent."""
    data = report('fault=hang@3')
    place.new({'a.pdf': data, 'b.pdf': data})
    run = place.batch('-j', '2', environment={'YOMIJUN_PAGE_WALL_SECONDS': '3',
                                              'YOMIJUN_SILENCE_SECONDS': '4'})
    return (run.faults(PARTLY) + differences(archive.outcomes(place.out), {
        'a.pdf': 'partial', 'b.pdf': 'partial'}, 'outcome of'))


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
                 who_waits_is_not_silent, what_cannot_be_read_counts):
        yield 'outcomes: ' + case.__name__, lambda case=case: case(place)


# ---- a second time ----

def why(place, *options):
    """Of each document why it would be done, as --dry-run says."""
    run = place.batch('--dry-run', *options)
    return {x[17:]: x[:15].strip() for x in run.out.splitlines()[:-1]}


def nothing_to_do(place):
    """Nothing is read, nothing written but the run."""
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


def dry_run_leaves_nothing(place):
    place.new({'a.pdf': report('one')})
    run = place.batch('--dry-run')
    return run.faults(DONE) + (['OUT was made'] if os.path.exists(place.out) else []) + (
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
    for case in (nothing_to_do, one_of_each_reason, other_makings, dry_run_leaves_nothing,
                 rehash_sees_what_the_time_does_not, equal_bytes_once, only_what_stands_there_is_copied,
                 bytes_that_moved, changes_while_it_is_read, former_results_are_kept):
        yield 'again: ' + case.__name__, lambda case=case: case(place)


GROUPS = {'outcomes': outcome_cases, 'again': again_cases}

if __name__ == '__main__':
    sys.exit(promises.try_groups(lambda folder: Place(sys.argv[1], folder), GROUPS))

# SPDX-License-Identifier: GPL-3.0-or-later
"""A second run over an archive: what is done again and why, what is not, and what may be copied."""
import os, signal, sqlite3

import archive, power_cut
from archive import differences, fill, reasons, report, start, write
from processes import give_up, stopped_below, wait_until
from promises import DONE, INPUT, PARTLY


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
    place.new({'a.pdf': report('fault=stop@2')})
    process = start(place, place.out, archive.PATIENT)
    worker = wait_until(lambda: stopped_below(process.pid), process)
    if worker is None:
        return give_up(process, 'page 2')
    write(place.path('a.pdf'), report('fault=stop@4'))  # it has three
    os.kill(worker, signal.SIGCONT)
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


def cases(place):
    for case in (nothing_to_do, one_of_each_reason, other_makings, no_archive,
                 dry_run_leaves_nothing, rehash_sees_what_the_time_does_not, rehash_sees_results_that_rot,
                 text_beside_is_a_result_too, corrections_that_cannot_be_read, time_set_back, equal_bytes_once,
                 only_what_stands_there_is_copied, bytes_that_moved, changes_while_it_is_read,
                 former_results_are_kept):
        yield 'again: ' + case.__name__, lambda case=case: case(place)

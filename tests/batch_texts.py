# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain texts in an archive (--texts): alone, and as those of page images; what is whose, what is done again
and why, what a bad one costs."""
import os, re, shutil, signal, subprocess

import archive
from archive import PATIENT, differences, reasons, report, zipped
from batch_again import why
from processes import stopped_below, wait_until
from promises import DONE, PARTLY, USAGE

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
PROSE = '令和六年度の取組\n\n水道管の点検について、古い管から順に調べる。\n'
LEFT = ['市町村が行う水道管の点検に', 'ついて、古い管から順に調べ', 'て漏れのある所を見いだし、', '直すための費用を補助する。']
RIGHT = ['・補助を受けた市町村は四十二となり、直し', 'た所は百八か所に上った。費用が足りず、工',
         '事を見送った所も三割ほどあり、来年も続け', 'て補助する必要がある。']
MIXED = '令和六年度の取組\n' + LEFT[0] + ' ' + RIGHT[0] + '\n' + ''.join(a + '\n' + b + '\n' for a, b in zip(LEFT[1:], RIGHT[1:]))
# What two small pictures show, line by line; and beside it, in a table.
SHOWN = [['市町村の水道管を点検する', '漏れのある所を直した', '費用の半分を補助する'],
         ['河川の水位を毎日測る', '雨の多い月は二回測った', '結果を役場に知らせる']]
BESIDE = ['(ア)', '水道課', '届け出のあった所は百八か所に上る。']


def as_bytes(data):
    return data.encode() if isinstance(data, str) else data


def put(path, data):
    archive.write(path, as_bytes(data))


def new(place, files):
    place.new({name: as_bytes(data) for name, data in files.items()})


def with_texts(place, *options, environment=None):
    return place.batch('--texts', *options, environment={**PATIENT, **(environment or {})})


def pictures(place):
    """PNGs of what is shown, drawn once."""
    made = getattr(place, 'pictures', [])
    for i, lines in enumerate(SHOWN[len(made):]):
        content = os.path.join(place.folder, f'shown{i}.gold.xml')
        put(content, f'<page><row><label>{BESIDE[0]}</label><org>{BESIDE[1]}</org><cell col="plan">' +
            ''.join(f'<p>{line}</p>' for line in lines) + f'</cell><cell col="result"><p>{BESIDE[2]}</p></cell></row></page>')
        typeset = os.path.join(os.path.dirname(place.program), 'yomijun-typeset')
        subprocess.run([typeset, content, '-o', content + '.pdf'], check=True)
        subprocess.run(['pdftoppm', '-r', '150', '-singlefile', '-png', content + '.pdf', content], check=True)
        with open(content + '.png', 'rb') as f:
            made.append(f.read())
    place.pictures = made
    return made


def text_of(lines):
    """In another order than the picture's."""
    return '\n'.join(reversed(BESIDE + lines)) + '\n'


def told_by_text(out, path, lines):
    """Whether the document has these lines, said by the text, placed on the picture."""
    xml = archive.results(out).get(os.fsencode(path), b'').decode()
    words = ''.join(re.sub('<[^>]*>', '', xml[xml.find('<body'):]).split())
    faults = [] if ''.join(lines) in words else [f'{path}: {words}']
    return faults + ([] if re.search('<zone [^>]*box="[^"]*" origin="text"', xml) else [f'{path}: no place by text'])


def texts_alone(place):
    """As reconstruct has it, with every outcome."""
    new(place, {'mixed.txt': PROSE + '\f' + MIXED, 'sub/prose.TXT': PROSE, 'empty.txt': '', 'zero.txt': b'a\0b',
               'bad.txt': PROSE.encode('cp932'), 'left.text': PROSE, '.hidden.txt': PROSE})
    run = with_texts(place, '-f', 'text')
    expected = {'mixed.txt': 'ok', 'sub/prose.TXT': 'ok', 'empty.txt': 'empty', 'zero.txt': 'damaged', 'bad.txt': 'damaged'}
    faults = run.faults(PARTLY) + differences(archive.outcomes(place.out), expected, 'outcome of')
    said = reasons(place.out)
    faults += [] if 'try --encoding SHIFT_JIS' in said['bad.txt'] else [said['bad.txt']]
    faults += [] if 'there is a zero in it' in said['zero.txt'] else [said['zero.txt']]
    found = archive.results(place.out)
    for name in ('mixed.txt', 'sub/prose.TXT', 'empty.txt'):
        alone = subprocess.run([place.program, 'reconstruct', '--from', 'text', '-f', 'text', place.path(name)],
                               capture_output=True, check=True).stdout
        faults += [] if found.get(os.fsencode(name + '.txt')) == alone else [f'{name}: not as reconstruct has it']
        faults += [] if b'sha256=' in found.get(os.fsencode(name + '.xml'), b'') else [f'{name}: no XML']
    pages = archive.query(place.out, "SELECT page, p.outcome, p.characters FROM pages p JOIN documents d ON d.id = document "
                                     "WHERE path = 'mixed.txt' ORDER BY page")
    counts = [(i + 1, 'ok', len(''.join(t.split()))) for i, t in enumerate((PROSE, MIXED))]
    faults += [] if pages == counts else [f'pages: {pages}']
    again = with_texts(place, '-f', 'text')
    return (faults + archive.consistency_faults(place.out) +
            ([] if '0 of 0 documents' in again.err and '5 unchanged' in again.err else [again.err]))


FAULTS = {  # first line → outcome, words of a reason, pages that are there
    'fault=crash@2': ('partial', 'signal 11', [1, 3]),
    'fault=spin@1': ('partial', 'processor time', [2, 3]),
    'fault=memory@3': ('partial', 'MiB of memory', [1, 2]),
    'fault=exit@2': ('partial', 'before its time', [1, 3]),
    'fault=crash-once': ('partial', 'signal 11', [1]),
    'fault=crash': ('crash', 'signal 11', []),
    'fault=spin': ('timeout', 'processor time', []),
    'fault=memory': ('memory', 'MiB of memory', []),
}


def text_that_does_harm(place):
    """Costs the page, or the text: no other document, and no word of the pages that could be read."""
    files = {f'{i}.txt': f'{line}\n{PROSE}\f二頁\f三頁\n' for i, line in enumerate(FAULTS)}
    new(place, files | {'a.pdf': report('one'), 'other.txt': PROSE})
    run = with_texts(place, '-j', '2')
    expected = {f'{i}.txt': outcome for i, (outcome, _, _) in enumerate(FAULTS.values())}
    faults = run.faults(PARTLY) + differences(archive.outcomes(place.out), expected | {'a.pdf': 'ok', 'other.txt': 'ok'}, 'outcome of')
    said = reasons(place.out)
    for i, (outcome, words, pages) in enumerate(FAULTS.values()):
        faults += [] if words in said[f'{i}.txt'] else [f'reason of {list(FAULTS)[i]}: {said[f"{i}.txt"]}']
        there = [x for (x,) in archive.query(place.out, "SELECT page FROM pages p JOIN documents d ON d.id = document "
                                                        "WHERE path = ? AND p.outcome = 'ok' ORDER BY page", f'{i}.txt')]
        faults += [] if there == pages else [f'pages of {list(FAULTS)[i]}: {there}']
    found = archive.results(place.out)
    body = found[b'0.txt.xml'].decode()
    faults += [] if '三頁' in body and '二頁' not in body and 'failed="reading it crashed' in body else [body]
    return faults + archive.consistency_faults(place.out)


def text_that_hangs(place):
    new(place, {'a.txt': 'fault=hang\n' + PROSE, 'b.txt': f'fault=hang@2\n{PROSE}\f二頁\f三頁'})
    run = place.batch('--texts', '-j', '2')
    faults = run.faults(PARTLY) + differences(archive.outcomes(place.out), {'a.txt': 'timeout', 'b.txt': 'partial'}, 'outcome of')
    return faults + [f'{path}: {said}' for path, said in reasons(place.out).items() if 'given up after 6 s' not in said]


def time_is_over(place):
    new(place, {'a.txt': 'fault=slow\n' + PROSE + '\f二頁\f三頁\f四頁\f五頁'})
    run = place.batch('--texts', '--timeout', '2')
    found = archive.query(place.out, 'SELECT outcome, reason FROM pages ORDER BY page')
    return run.faults(PARTLY) + ([] if found and found[0][0] == 'ok' and found[-1] == (
        'timeout', 'not read: the time for the whole document was over') else [f'{found}'])


def reader_is_in_the_sandbox(place):
    new(place, {'a.txt': 'fault=stop@1\n' + PROSE})
    process = subprocess.Popen([place.program, 'batch', place.archive, '-o', place.out, '--texts', '-q'],
                               env={**os.environ, **PATIENT}, stderr=subprocess.PIPE, text=True, start_new_session=True)
    reader = wait_until(lambda: stopped_below(process.pid), process)
    with open(f'/proc/{reader}/status', encoding='ascii') as f:
        status = dict(line.split(':\t', 1) for line in f if ':\t' in line)
    descriptors = sorted(int(x) for x in os.listdir(f'/proc/{reader}/fd'))
    os.kill(reader, signal.SIGCONT)
    said = process.communicate(timeout=archive.SECONDS)[1]
    if 'read without' in said: # the kernel or the build has none
        print(f'  not tried: {said.strip()}')
        return []
    code = process.returncode
    return (([] if status['Seccomp'].strip() == '2' and status['NoNewPrivs'].strip() == '1' else [f'{status}']) +
            ([] if len(descriptors) <= 8 else [f'open: {descriptors}']) + ([] if code == DONE else [f'exit code {code}']))


def texts_of_pictures(place):
    """A folder stays one document, whose pages have their texts, where there are any."""
    one, two = pictures(place)
    texts = [text_of(lines) for lines in SHOWN]
    new(place, {'pages/p1.png': one, 'pages/p1.txt': texts[0], 'pages/p2.png': two,
               'book.txt': '\f'.join(texts), 'book/a.png': one, 'book/b.png': two,
               'x/x.pdf': report('one'), 'x/x.txt': 'what the PDF says', 'x/p.png': one, 'x/p.txt': texts[0]})
    run = with_texts(place)
    expected = dict.fromkeys(('pages', 'book', 'x/x.pdf', 'x/p.png'), 'ok')
    faults = run.faults(DONE) + differences(archive.outcomes(place.out), expected, 'outcome of')
    faults += told_by_text(place.out, 'pages/folder.xml', SHOWN[0])
    for lines in SHOWN:
        faults += told_by_text(place.out, 'book/folder.xml', lines)
    faults += told_by_text(place.out, 'x/p.png.xml', SHOWN[0])
    faults += differences(why(place, '--texts'), {}, 'why')

    put(place.path('pages', 'p1.txt'), texts[0].replace('半分', '全部'))  # the text says what is there
    put(place.path('pages', 'p2.txt'), texts[1])
    os.utime(place.path('book.txt'))
    faults += differences(why(place, '--texts'), {'pages': 'changed', 'book': 'changed'}, 'why')
    faults += with_texts(place).faults(DONE)
    faults += told_by_text(place.out, 'pages/folder.xml', SHOWN[0][:2] + [SHOWN[0][2].replace('半分', '全部')])
    faults += told_by_text(place.out, 'pages/folder.xml', SHOWN[1])
    xml = archive.results(place.out)[b'pages/folder.xml'].decode()
    faults += [] if 'text “全部”, picture “半分”' in xml else ['where they disagree the page does not say so']
    changed = archive.query(place.out, "SELECT DISTINCT path FROM changes JOIN documents ON id = document")
    faults += [] if changed == [('pages',)] else [f'changed: {changed}']

    os.rename(place.path('pages', 'p2.txt'), place.path('pages', 'q2.txt'))  # which has no picture
    faults += differences(why(place, '--texts'), {'pages': 'changed', 'pages/q2.txt': 'new'}, 'why')
    faults += differences(why(place), {'pages': 'changed', 'book': 'changed', 'x/p.png': 'changed'}, 'without')
    return faults + archive.consistency_faults(place.out)


def texts_that_do_not_fit(place):
    """Another picture's, too few or too many pages, not in the encoding: told, each at its pages."""
    one, two = pictures(place)
    texts = [text_of(lines) for lines in SHOWN]
    other = '図書館は夜九時まで開き、\n子どもの読む本を千冊ふやした。\n夏休みには絵をかく会も開いた。\n'
    new(place, {'other/p.png': one, 'other/p.txt': other, 'few/p-1.png': one, 'few/p-2.png': two, 'few/p.txt': texts[0],
               'many/p.png': one, 'many/p.txt': '\f'.join(texts),
               'bad/p1.png': one, 'bad/p1.txt': texts[0].encode('euc-jp'), 'bad/p2.png': two, 'bad/p2.txt': texts[1]})
    run = with_texts(place)
    expected = {'other': 'partial', 'few': 'damaged', 'many': 'damaged', 'bad': 'partial'}
    faults = run.faults(PARTLY) + differences(archive.outcomes(place.out), expected, 'outcome of')
    said = reasons(place.out)
    for path, words in {'other': 'little of its text was found', 'few': 'its text has 1 page, the pictures of it are 2',
                        'many': 'its text has 2 pages, the pictures of it are 1', 'bad': 'try --encoding EUC-JP'}.items():
        faults += [] if words in said[path] else [f'reason of {path}: {said[path]}']
    return faults + archive.consistency_faults(place.out)


def encodings(place):
    faults = []
    for name, codec in (('SHIFT_JIS', 'cp932'), ('EUC-JP', 'euc-jp')):
        new(place, {'a.txt': MIXED.encode(codec)})
        faults += with_texts(place, '--encoding', name).faults(DONE)
        text = archive.results(place.out)[b'a.txt.xml'].decode()
        faults += [] if ''.join(LEFT) in text else [f'{name}: {text[-2000:]}']
        faults += differences(why(place, '--texts'), {'a.txt': 'other options'}, 'why')
    for options in (['--encoding', 'EUC-JP'], ['--texts', '--encoding', 'EBCDIC-JA']):
        run = place.batch(*options)
        faults += [] if run.code == USAGE and run.err.count('\n') == 1 else [f'{options}: {run.code} {run.err}']
    return faults


def another_model(place):
    """The model of joins makes texts anew, and nothing else; without it they are made, and it is said."""
    new(place, {'a.pdf': report('one'), 'b.txt': MIXED})
    program, share = (os.path.join(place.case, *x) for x in (('bin', 'yomijun-faults'), ('share', 'yomijun')))
    os.makedirs(os.path.dirname(program))
    os.makedirs(share)
    shutil.copy(place.program, program)
    model = os.path.join(share, 'joins.ngrams')
    shutil.copy(os.path.join(ROOT, 'reconstruct', 'joins.ngrams'), model)
    first = archive.batch(program, place.archive, place.out, '--texts')
    put(model, b'')
    plan = archive.batch(program, place.archive, place.out, '--texts', '--dry-run')
    run = archive.batch(program, place.archive, place.out, '--texts')
    again = archive.batch(program, place.archive, place.out, '--texts')
    return (first.faults(DONE) + run.faults(DONE) + again.faults(DONE) +
            ([] if plan.out.startswith('other libraries  b.txt\n1 to do') else [plan.out]) +
            ([] if run.err.count('without the model of Japanese') == 1 else [run.err]) +
            ([] if b'joins=none' in archive.results(place.out)[b'b.txt.xml'] else ['the result does not say so']) +
            ([] if '0 of 0 documents' in again.err else [again.err]))


def texts_in_archive_files(place):
    """The same bytes as in folders."""
    one, two = pictures(place)
    files = {'alone.txt': MIXED, 'pages/p1.png': one, 'pages/p1.txt': text_of(SHOWN[0]), 'book/a.png': one,
             'book/b.png': two, 'book.txt': '\f'.join(text_of(lines) for lines in SHOWN)}
    new(place, files)
    with_texts(place)
    plain = archive.results(place.out)
    new(place, {'z.zip': zipped({n: as_bytes(x) for n, x in files.items()})})
    run = with_texts(place)
    packed = {path[len('z.zip/'):]: data for path, data in archive.results(place.out).items()}
    faults = run.faults(DONE) + differences(packed, plain, 'result')
    again = with_texts(place)
    faults += [] if '0 of 0 documents' in again.err else [again.err]
    without = why(place)
    faults += differences(without, {'z.zip/book': 'changed', 'z.zip/pages': 'changed', 'z.zip/alone.txt': 'gone'}, 'without')
    return faults + archive.consistency_faults(place.out)


def killed_between(place):
    """Again to the same end."""
    new(place, {f'{i}.txt': ('fault=stop@2\n' if i == 3 else '') + PROSE + f'\f頁{i}\n' for i in range(6)})
    process = subprocess.Popen([place.program, 'batch', place.archive, '-o', place.out, '--texts', '-q'],
                               env={**os.environ, **archive.QUICK, **PATIENT}, stderr=subprocess.DEVNULL, start_new_session=True)
    wait_until(lambda: stopped_below(process.pid), process)
    process.kill()
    process.wait()
    for i in range(6):
        put(place.path(f'{i}.txt'), PROSE + f'\f頁{i}\n')
    run = with_texts(place)
    outcomes = archive.outcomes(place.out)
    return run.faults(DONE) + archive.consistency_faults(place.out) + (
        [] if set(outcomes.values()) == {'ok'} and len(outcomes) == 6 else [f'{outcomes}'])


def cases(place):
    for case in (texts_alone, text_that_does_harm, text_that_hangs, time_is_over, reader_is_in_the_sandbox, texts_of_pictures,
                 texts_that_do_not_fit, encodings, another_model, texts_in_archive_files, killed_between):
        yield 'texts: ' + case.__name__, lambda case=case: case(place)

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""corrections.py BUILD   what people corrected on the review page is put in again, by process and by
batch; and what comes out otherwise than before is kept until it is accepted."""
import json, os, re, sqlite3, subprocess, sys, tempfile
import xml.etree.ElementTree as ElementTree

import laws, make_archive, measured
from promises import DONE, INPUT, PARTLY, code_faults, try_cases

BUILD = sys.argv.pop(1)
YOMIJUN = os.path.join(BUILD, 'yomijun')
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
N = laws.NAMESPACE
HEAD = ('<?xml version="1.0" encoding="UTF-8"?>\n<corrections xmlns="urn:yomijun:corrections:1" '
        'document="report.xml" sha256="%s" made="2026-01-02T03:04:05Z">\n' % ('0' * 64))


def escaped(text):
    return text.replace('&', '&amp;').replace('<', '&lt;')


def passages(path):
    """(element, its zones, text) of all paragraphs, headings and so on, in the order of the document."""
    root = ElementTree.parse(path).getroot()
    zones = {z.get('id'): z for z in root.iter(N + 'zone')}
    return [(e, [zones[i] for i in e.get('zones').split()], ''.join(e.itertext()))
            for e in root.iter() if e.get('zones') and e.tag != N + 'figure']


def entry(passage, new, state='confirmed', old=None, move=0.0, zone=0):
    """As the review page writes it."""
    at = passage[1][zone]
    box = ' '.join(str(float(v) + move) for v in at.get('box').split())
    text = escaped(passage[2] if old is None else old)
    return (f'<correction page="{at.get("page")}" zone="z9999" box="{box}" state="{state}"><old>{text}</old>'
            f'<new>{escaped(new)}</new></correction>\n')


def write(path, *entries):
    make_archive.write(path, (HEAD + ''.join(entries) + '</corrections>\n').encode())


def run(*arguments):
    return measured.run([YOMIJUN, *arguments], 60)


def process(place, *arguments):
    out = os.path.join(place, 'corrected.xml')
    result = run('process', '-q', '--ocr', 'never', os.path.join(place, 'report.pdf'), '-o', out, *arguments)
    return result, out


def corrected(place, entries, wanted, left=0, *arguments):
    """That the document is the one from before but for these texts, by index of passage; None: gone."""
    path = os.path.join(place, 'some.corrections.xml')
    write(path, *entries)
    result, out = process(place, '--corrections', path, *arguments)
    faults = code_faults(result, DONE) + laws.faults(out)
    texts = [text for *_, text in passages(os.path.join(place, 'report.xml'))]
    expected = [wanted.get(i, text) for i, text in enumerate(texts)]
    got = [text for *_, text in passages(out)]
    if got != [text for text in expected if text is not None]:
        faults += [f'"{a}" instead of "{b}"' for a, b in zip(got, expected) if a != b][:3] or ['length']
    if len(result.err.splitlines()) != left:
        faults.append(f'not {left} messages: {result.err}')
    listed = ElementTree.parse(out).getroot().findall(f'{N}corrections/{N}correction[@unfit]')
    return faults + ([] if len(listed) == left else [f'{len(listed)} listed as unfit'])


def find(place, what):
    """The index of the first passage of which this is true."""
    return next(i for i, p in enumerate(passages(os.path.join(place, 'report.xml'))) if what(p))


def plain(place):
    all_of = passages(os.path.join(place, 'report.xml'))
    wanted = {}
    entries = []
    for i in range(0, len(all_of), 9): # heads, headings, cells, whatever comes
        new = all_of[i][2][:1] + '訂正＜' + all_of[i][2][2:]
        wanted[i] = new
        entries.append(entry(all_of[i], new, move=2.5 if i % 2 else -2.5))
    return corrected(place, entries, wanted)


def over_edge(place):
    """A paragraph that a page's edge cuts: the page has its whole text at both zones."""
    all_of = passages(os.path.join(place, 'report.xml'))
    i = find(place, lambda p: len(p[1]) == 2)
    new = all_of[i][2].replace('、', '，')
    faults = corrected(place, [entry(all_of[i], new, zone=0)], {i: new})
    faults += corrected(place, [entry(all_of[i], new, zone=1)], {i: new})
    return faults + corrected(place, [entry(all_of[i], new, zone=0), entry(all_of[i], new, zone=1)], {i: new})


def spaces(place):
    """Old texts are compared without white space, as the page shows none; new ones are kept as they are."""
    all_of = passages(os.path.join(place, 'report.xml'))
    i = find(place, lambda p: len(p[2]) > 10)
    old = ' '.join(all_of[i][2])
    return corrected(place, [entry(all_of[i], 'new text  with spaces', old=old)], {i: 'new text  with spaces'})


def gone(place):
    all_of = passages(os.path.join(place, 'report.xml'))
    i = find(place, lambda p: p[0].tag == N + 'heading')
    k = find(place, lambda p: p[0].tag == N + 'p' and len(p[2]) > 20)
    return corrected(place, [entry(all_of[i], ''), entry(all_of[k], '')], {i: None, k: None})


def unfit(place):
    """Neither the old text, nor the place, nor what is to be looked at again; what is so already is."""
    all_of = passages(os.path.join(place, 'report.xml'))
    i, k = 12, 30
    here = all_of[i][1][0]
    inked = (f'<correction page="{here.get("page")}" box="1 1 9 9" state="confirmed" kind="ink-without-text" '
             'expected="" seen="印"><old></old><new>印</new></correction>\n')
    entries = [entry(all_of[i], 'x', old='another text'), entry(all_of[i], 'x', move=40),
               entry(all_of[i], 'x', state='again'), inked,
               entry(all_of[k], all_of[k][2], old='what it was'),
               entry(all_of[0], 'x').replace('page="1"', 'page="99"').replace('page="2"', 'page="99"')]
    faults = corrected(place, entries, {}, 5)
    result, _ = process(place, '--corrections', os.path.join(place, 'some.corrections.xml'), '--strict')
    faults += code_faults(result, PARTLY)
    result, _ = process(place, '--corrections', os.path.join(place, 'some.corrections.xml'), '-p', '3')
    return faults + code_faults(result, DONE) + ([] if not result.err else [f'other pages: {result.err}'])


def no_corrections(place):
    path = os.path.join(place, 'report.xml')
    faults = [f'{r.code}' for r in [process(place, '--corrections', path)[0],
                                    process(place, '--corrections', os.path.join(place, 'none.xml'))[0]]
              if r.code != INPUT or len(r.err.splitlines()) != 1]
    return faults


def reviewed_again(place):
    """The review page of a corrected document has the corrections, to export them again; the document
    with verdicts has them too."""
    at = lambda name: os.path.join(place, 'again', name)
    make_archive.write(at('a.pdf'), make_archive.pdf('A', ['Report', 'In all 1234 were found.']))
    faults = code_faults(run('process', '-q', '--ocr', 'never', at('a.pdf'), '-o', at('a.xml')), DONE)
    p = next(p for p in passages(at('a.xml')) if '1234' in p[2])
    write(at('a.corrections.xml'), entry(p, p[2].replace('1234', '1235')), entry(p, 'x', old='gone'))
    faults += code_faults(run('process', '-q', '--ocr', 'never', at('a.pdf'), '--corrections',
                              at('a.corrections.xml'), '-o', at('b.xml'), '--validate'), DONE)
    result = run('verify', '-q', at('b.xml'), at('a.pdf'), '-o', at('report.xml'), '--html', at('b.html'),
                 '--annotate', at('c.xml'))
    faults += code_faults(result, (DONE, PARTLY)) or laws.faults(at('c.xml'))
    with open(at('b.html'), encoding='utf-8') as f:
        data = json.loads(re.search(r'id="data">(.*?)</script>', f.read(), re.S)[1])
    said = [(c['zone'], c['old'], c['new'], c['state']) for c in data['corrections']]
    zone = next(p[1][0].get('id') for p in passages(at('b.xml')) if '1235' in p[2])
    wanted = [(zone, p[2], p[2].replace('1234', '1235'), 'confirmed'), (None, 'gone', 'x', 'confirmed')]
    faults += [] if said == wanted else [f'{said}, not {wanted}']
    kept = ElementTree.parse(at('c.xml')).getroot().findall(f'{N}corrections/{N}correction')
    return faults + ([] if len(kept) == 2 else [f'{len(kept)} in the document with verdicts'])


# ---- batch ----

def batch(archive, out, *arguments):
    return run('batch', '-q', '--ocr', 'never', '-j', '2', archive, '-o', out, *arguments)


def rows(out, sql):
    base = sqlite3.connect(os.path.join(out, 'catalogue.sqlite'))
    found = base.execute(sql).fetchall()
    base.close()
    return found


def todo(archive, out, *arguments):
    return [tuple(line.split(None, 1)) for line in batch(archive, out, '-n', *arguments).out.decode().splitlines()[:-1]]


def in_batch(place, beside):
    """Corrections beside the documents, or in a folder of their own: put in, known, listed, taken back."""
    folder = os.path.join(place, 'beside' if beside else 'apart')
    archive, out = os.path.join(folder, 'archive'), os.path.join(folder, 'out')
    for i in range(3):
        make_archive.write(os.path.join(archive, 'a', f'{i}.pdf'), make_archive.small_pdf(i % 2))
    where = archive if beside else os.path.join(folder, 'corrections')
    more = [] if beside else ['--corrections', where]
    faults = code_faults(batch(archive, out, *more), DONE)
    was = make_archive.results(out)
    p = passages(os.path.join(out, 'a', '0.pdf.xml'))[0]
    write(os.path.join(where, 'a', '0.pdf.corrections.xml'), entry(p, p[2].replace('0', '零')),
          entry(p, 'x', old='something else'))
    if todo(archive, out, *more) != [('corrections', 'a/0.pdf')]:
        faults.append(f'to do: {todo(archive, out, *more)}')
    result = batch(archive, out, *more)
    faults += code_faults(result, DONE)
    faults += [] if 'corrections that do not fit' in result.err else [f'not listed: {result.err}']
    now = make_archive.results(out)
    if [n for n in now if now[n] != was[n]] != ['a/0.pdf.xml']:
        faults.append(f'changed: {[n for n in now if now[n] != was[n]]}')
    if '零' not in passages(os.path.join(out, 'a', '0.pdf.xml'))[0][2]:
        faults.append('not put in')
    faults += laws.faults(os.path.join(out, 'a', '0.pdf.xml'))
    if len(rows(out, 'SELECT * FROM unfit_corrections')) != 1 or todo(archive, out, *more):
        faults.append(f'{rows(out, "SELECT * FROM unfit_corrections")}, to do: {todo(archive, out, *more)}')
    if not rows(out, "SELECT * FROM documents WHERE former AND path = 'a/0.pdf'"):
        faults.append('the result before is not kept')
    os.remove(os.path.join(where, 'a', '0.pdf.corrections.xml'))
    faults += code_faults(batch(archive, out, *more), DONE)
    if make_archive.results(out) != was or rows(out, 'SELECT * FROM unfit_corrections'):
        faults.append('not as before without corrections')
    if rows(out, 'SELECT * FROM documents WHERE former') or rows(out, 'SELECT * FROM changes'):
        faults.append('what came out again as it was is said to have changed')
    return faults


def broken_in_batch(place):
    """A file of corrections that is none costs itself alone, and is named."""
    archive, out = os.path.join(place, 'broken'), os.path.join(place, 'broken-out')
    make_archive.write(os.path.join(archive, 'a.pdf'), make_archive.small_pdf(1))
    make_archive.write(os.path.join(archive, 'a.pdf.corrections.xml'), b'<corrections/>')
    result = batch(archive, out)
    said = rows(out, 'SELECT line FROM unfit_corrections')
    return code_faults(result, DONE) + (
        [] if len(said) == 1 and 'cannot be used' in said[0][0] else [f'{said}']) + (
        [] if rows(out, 'SELECT outcome FROM documents') == [('ok',)] else ['not ok'])


def long_ones_in_batch(place):
    """One that does not fit and is longer than any line a batch hears: cut, and no fault of the document."""
    archive, out = os.path.join(place, 'long'), os.path.join(place, 'long-out')
    make_archive.write(os.path.join(archive, 'a.pdf'), make_archive.small_pdf(1))
    write(os.path.join(archive, 'a.pdf.corrections.xml'),
          '<correction page="1" box="1 1 9 9" state="confirmed" kind="ink-without-text" expected="" '
          f'seen="印"><old></old><new>x{"印" * 100000}</new></correction>\n')
    result = batch(archive, out)
    [[said]] = rows(out, 'SELECT line FROM unfit_corrections') or [['nothing']]
    return code_faults(result, DONE) + (
        [] if 'x印印' in said and said.endswith('印…') and len(said.encode()) < 1100 else [said[:200]]) + (
        [] if rows(out, 'SELECT outcome FROM documents') == [('ok',)] else ['not ok'])


# ---- accept ----

def former(out):
    place = os.path.join(out, '.yomijun', 'former')
    return sorted(os.path.relpath(os.path.join(d, n), place) for d, _, names in os.walk(place) for n in names)


def accept(out, *arguments):
    result = run('batch', '--accept', '-o', out, *arguments)
    return result, int((re.search(r'(\d+) accepted', result.err) or [0, -1])[1])


def accepting(place):
    """All, by class, one by one; and what is kept is the one before the first change."""
    archive, out = os.path.join(place, 'changing'), os.path.join(place, 'changing-out')
    lines = {'digits': 'In all 1234 were found.', 'text': 'In every place they were found.'}
    put = lambda name, line, i: make_archive.write(os.path.join(archive, f'{name}.pdf'), make_archive.pdf(
        f'{name} {i}', ['A line that stays as it is.', line]))
    for name, line in lines.items():
        for i in range(2):
            put(f'{name}{i}', line, i)
    put('same', 'This one stays.', 0)
    faults = code_faults(batch(archive, out), DONE)
    first = make_archive.results(out)
    for i in range(2):
        put(f'digits{i}', 'In all 1235 were found.', i)
        put(f'text{i}', 'In every plate they were found.', i)
    put('same', 'This one stays.', 1) # other bytes, the same text
    faults += code_faults(batch(archive, out), DONE)
    kept = [f'{name}{i}.pdf.xml' for name in lines for i in range(2)]
    faults += [] if former(out) == sorted(kept) else [f'kept: {former(out)}']
    classes = rows(out, 'SELECT path, class FROM changes JOIN documents ON id = document ORDER BY path')
    faults += [] if {c for p, c in classes if p.startswith('digits')} == {'digits'} else [f'{classes}']
    faults += [] if {c for p, c in classes if p.startswith('text')} == {'text'} else [f'{classes}']
    digits = rows(out, "SELECT page, zone, old, new, count FROM changes JOIN documents ON id = document "
                  "WHERE path = 'digits0.pdf'")
    faults += [] if [r[0] for r in digits] == [1] and digits[0][1] and '4' in digits[0][2] and \
        '5' in digits[0][3] and digits[0][4] == 1 else [f'{digits}']
    said = run('batch', '--status', '-o', out).out.decode()
    faults += [] if '2 with changes of class digits' in said else [f'status: {said}']
    put('digits0', 'In all 1236 were found.', 0)
    faults += code_faults(batch(archive, out), DONE)
    again = make_archive.results(os.path.join(out, '.yomijun', 'former'))
    faults += [] if again == {n: first[n] for n in kept} else ['what is kept is not what was before']
    for arguments, count, left in ((['digits1.pdf'], 1, 3), (['digits1.pdf'], 0, 3), (['same.pdf'], 0, 3)):
        result, n = accept(out, *arguments)
        faults += [] if (n, len(former(out))) == (count, left) else [f'{arguments}: {n}, {former(out)}']
    result = run('batch', '--accept=text', '-o', out)
    faults += [] if former(out) == ['digits0.pdf.xml'] else [f'by class: {former(out)} {result.err}']
    result, n = accept(out)
    faults += [] if n == 1 and not former(out) and not rows(out, 'SELECT * FROM changes') else [f'all: {n}']
    wrong = run('batch', '--accept=colour', '-o', out)
    mistyped = run('batch', '--accept', '-o', out, 'digits0.pdf', 'nothing.pdf')
    faults += code_faults(mistyped, 2) + ([] if 'nothing.pdf' in mistyped.err else [mistyped.err])
    return faults + code_faults(wrong, 2) + ([] if not todo(archive, out) else ['something is to do'])


# ---- what the manual says ----

def queries(place):
    """Those of the manual are understood, and the columns it names are those that there are."""
    with open(os.path.join(ROOT, 'cli', 'yomijun.1'), encoding='utf-8') as f:
        manual = f.read()
    out = os.path.join(place, 'changing-out')
    faults = []
    found = re.findall(r'^SELECT.*?;$', manual, re.S | re.M)
    for query in found:
        try:
            rows(out, query)
        except sqlite3.Error as why:
            faults.append(f'{why}: {query}')
    said = manual[manual.index('.It Li documents'):manual.index('.It Li pages')]
    columns = [c[1] for c in rows(out, 'PRAGMA table_info(documents)')]
    faults += [f'{c} is not in the manual' for c in columns
               if c not in ('id', 'staged') and not re.search(rf'\b{c}\b', said)]
    return faults + ([] if len(found) >= 4 else [f'{len(found)} queries'])


def listed(place):
    """Only what is on standard input, with plain text beside it; the rest is left as it is."""
    archive, out = os.path.join(place, 'listed'), os.path.join(place, 'listed-out')
    for name in ('a.pdf', 'b.pdf', 'c/d.pdf'):
        make_archive.write(os.path.join(archive, name), make_archive.small_pdf(len(name)))
    paths = f'{os.path.abspath(archive)}/a.pdf\0c/d.pdf\0'.encode()
    done = subprocess.run([YOMIJUN, 'batch', '-q', archive, '-o', out, '--ocr', 'never', '-f', 'text',
                           '--files-from-stdin', '-0'], input=paths, capture_output=True)
    wanted = ['a.pdf.txt', 'a.pdf.xml', 'c/d.pdf.txt', 'c/d.pdf.xml']
    with open(os.path.join(out, 'a.pdf.txt'), encoding='utf-8') as f:
        text = f.read()
    faults = [] if 'Line 1 of report 5 says' in text else [text]
    faults += [] if sorted(make_archive.results(out)) == wanted else [f'{make_archive.results(out)}']
    return faults + ([] if done.returncode == 0 else [done.stderr.decode()])


def cases(folder, _parts):
    tool = os.path.join(BUILD, 'yomijun-typeset')
    subprocess.run([tool, os.path.join(ROOT, 'samples', 'report.xml'), '-o', os.path.join(folder, 'report.pdf'),
                    '--pages', '6'], check=True)
    run('process', '-q', '--ocr', 'never', os.path.join(folder, 'report.pdf'), '-o',
        os.path.join(folder, 'report.xml'))
    yield 'texts', lambda: plain(folder)
    yield 'over the edge of a page', lambda: over_edge(folder)
    yield 'white space', lambda: spaces(folder)
    yield 'what must go', lambda: gone(folder)
    yield 'what does not fit', lambda: unfit(folder)
    yield 'no corrections', lambda: no_corrections(folder)
    yield 'reviewed again', lambda: reviewed_again(folder)
    yield 'batch, beside the documents', lambda: in_batch(folder, True)
    yield 'batch, in a folder of their own', lambda: in_batch(folder, False)
    yield 'batch, no corrections', lambda: broken_in_batch(folder)
    yield 'batch, long corrections', lambda: long_ones_in_batch(folder)
    yield 'list on standard input', lambda: listed(folder)
    yield 'accept', lambda: accepting(folder)
    yield 'queries of the manual', lambda: queries(folder)


if __name__ == '__main__':
    sys.exit(try_cases(cases))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""verify.py BUILD [PART …]   `yomijun verify`: it finds at least so many of the errors planted into a right
document, and nothing where nothing is wrong; what is not a document or not its pictures ends as promises.py
says. scripts/score-verify measures how good it is.
PART: a group (counting, amounts, bench, same, input, usage), or cases with it in their name."""
import os, shutil, subprocess, sys
import xml.etree.ElementTree as ElementTree

import images, laws, make_images, measured, plant, promises, verify_bench
from promises import (SECONDS_PICTURES, DONE, INPUT, INTERRUPTED, MISSING, OLD, OUTPUT, PARTLY, PASSWORD, SECONDS_WALL,
                      USAGE, common_faults, write_old)
from verify_bench import REPORT, REPORT_SCHEMA

# Least share of the errors found in the 3 pages of the bench, with slack for other models of tesseract.
FLOORS = {'digit': 0.9, 'character': 0.85, 'look-alike': 0.5, 'line-dropped': 1, 'paragraph-doubled': 1,
          'cells-swapped': 1, 'lines-interleaved': 1, 'shifted-font': 1, 'page-out-of-place': 1}
FLOORS_200_DPI = {'digit': 0.85, 'character': 0.8, 'look-alike': 0.4}
# False findings of a document of 3 pages.
MOST_FALSE = 2


# ---- counting: does the bench see what a report says ----

def report_of(findings):
    """The root of a report. findings: dictionaries of attributes."""
    root = ElementTree.Element(REPORT + 'report', agreement='1')
    for finding in findings:
        page = ElementTree.SubElement(root, REPORT + 'page', n=finding['page'])
        ElementTree.SubElement(page, REPORT + 'finding', finding)
    return root


def perfect(errors):
    """A finding for each error, and no other."""
    kinds = {kind: sorted(suitable)[0] for kind, suitable in verify_bench.SUITABLE.items()}
    return [{'kind': kinds[e.kind], 'page': str(e.pages[0]), 'expected': e.new, 'seen': e.old,
             **({'zone': e.zones[0]} if e.zones else {})} for e in errors]


def judge(place, document, findings):
    path = place.path('made.report.xml')
    ElementTree.ElementTree(report_of(findings)).write(path)
    return verify_bench.Judgement(document.errors, verify_bench.Report(path).findings, document.boxes)


def judgement_faults(judgement, found, missed, false):
    seen = (len(judgement.found), len(judgement.missed), len(judgement.false))
    return [] if seen == (found, missed, false) else [
        f'found, missed, false: {seen}, not {(found, missed, false)}',
        *map(str, judgement.missed + judgement.false)]


def try_perfect(place, document):
    return judgement_faults(judge(place, document, perfect(document.errors)),
                            len(document.errors), 0, 0)


def try_wrong_kind(place, document):
    """Findings that do not fit find nothing, but what they touch explains them."""
    findings = [{**f, 'kind': 'width'} for f in perfect(document.errors)]
    return judgement_faults(judge(place, document, findings), 0, len(document.errors), 0)


def try_beside(place, document):
    """In the paragraph of a wrong digit, another character is not that digit; nor is it elsewhere."""
    error = next(e for e in document.errors if e.kind == 'digit')
    right = perfect([error])[0]
    other = next(z for z, (page, _) in document.boxes.items() if page != error.pages[0])
    findings = [right, {**right, 'expected': '々', 'seen': '〆'},
                {**right, 'zone': other, 'page': str(document.boxes[other][0])}]
    return judgement_faults(judge(place, document, findings), 1, len(document.errors) - 1, 2)


def try_planting(place):
    """Every kind in every form, apart from each other, the same for the same seed."""
    documents = place.bench.documents(2)
    again = place.bench.documents(2)
    faults = [f'{d.name}: other errors' for d, a in zip(documents, again)
              if [str(e) for e in d.errors] != [str(e) for e in a.errors]]
    there = {(e.kind, e.form) for d in documents for e in d.errors}
    faults += [f'not planted: {kind} ({form})' for kind, forms in plant.FORMS.items()
               for form in forms if (kind, form) not in there]
    for document in documents:
        zones = [z for e in document.errors for z in e.zones]
        faults += [f'{document.name}: twice in {z}' for z in set(zones) if zones.count(z) > 1]
        faults += [f'{e}: nothing changed' for e in document.errors if e.old == e.new]
    return faults


def try_counting(place):
    yield 'counting: planting', lambda: try_planting(place)
    for plan in verify_bench.PLANS:
        document = place.bench.planted(plan, 0)
        yield f'counting: {plan}, perfect report', lambda d=document: try_perfect(place, d)
        yield f'counting: {plan}, wrong kinds', lambda d=document: try_wrong_kind(place, d)
    characters = place.bench.planted('characters', 0)
    yield 'counting: beside an error', lambda: try_beside(place, characters)


# ---- bench ----

def bench_faults(place, source, document, floors):
    score = place.bench.score(source, [document])
    faults = score.faults + score.codes
    for kind in {e.kind for e in document.errors}:
        found, planted = score.of(kind)
        if found < floors.get(kind, 0) * planted:
            faults.append(f'{kind}: {found} of {planted}')
    if len(score.false) > MOST_FALSE:
        faults.append(f'{len(score.false)} false findings')
    if not faults:
        return []
    return faults + [f'missed: {m[1]}' for m in score.missed] + [f'false: {f}' for _, f in score.false]


def try_bench(place):
    bench = place.bench
    yield 'bench: nothing planted, PDF', lambda: bench_faults(place, bench.pdf, bench.right, {})
    for label in list(verify_bench.PICTURES)[:verify_bench.BOUND]:
        yield f'bench: nothing planted, {label}', lambda n=label: bench_faults(
            place, verify_bench.PICTURES[n](bench), bench.right, {})
    for plan in verify_bench.PLANS:
        yield f'bench: {plan}, 300 dpi', lambda p=plan: bench_faults(
            place, bench.scan('clean-300'), bench.planted(p, 0), FLOORS)
    yield 'bench: characters, 200 dpi', lambda: bench_faults(
        place, bench.scan('clean-200', '--dpi 200'), bench.planted('characters', 0), FLOORS_200_DPI)


# ---- what always holds; on two short pages ----

class Place(images.Place):
    """A sample of two short pages with its document and a folder of pictures, and the bench."""

    def __init__(self, build, folder):
        super().__init__(build, folder)
        self.bench = verify_bench.Bench(build, folder)
        assert not self.bench.fault, self.bench.fault
        self.document = self.path('document.xml')
        self.tool('yomijun', 'process', '-q', '--ocr', 'never', self.pdf, '-o', self.document)
        self.pictures = self.folder_of('pictures', self.pages)

    def folder_of(self, name, greys):
        for n, grey in enumerate(greys, 1):
            self.write(os.path.join(name, f'page{n}.png'), make_images.grey_png(grey))
        return self.path(name)

    def fresh(self):
        """What a report is written to: a file that is there, in a folder by itself."""
        self.cases += 1
        path = self.path(f'out-{self.cases}', 'report.xml')
        os.mkdir(os.path.dirname(path))
        write_old(path)
        return path

    def verify(self, document, source, *options, out=None, **more):
        """The result, and the report's file."""
        out = out or self.fresh()
        command = [os.path.join(self.build, 'yomijun'), 'verify', document, source, '-o', out, *options]
        return measured.run(command, SECONDS_WALL, **more), out

    def spoiled(self, name, change):
        """The document with its text changed."""
        with open(self.document, encoding='utf-8') as f:
            return self.write(name, change(f.read()).encode())


def report_faults(result, path):
    """A whole report, or what was there before; nothing beside it."""
    beside = [n for n in os.listdir(os.path.dirname(path)) if n != os.path.basename(path)]
    faults = [f'left behind: {beside}'] if beside else []
    if result.code in (DONE, PARTLY):
        return faults + laws.schema_faults(path, REPORT_SCHEMA)
    with open(path, 'rb') as f:
        return faults + (['half-written'] if f.read() != OLD else [])


def verdict_faults(place, expected, document, source, *options, says=(), **more):
    """says: what is to stand in the messages."""
    result, path = place.verify(document, source, *options, **more)
    return (common_faults(result, expected, SECONDS_PICTURES) + report_faults(result, path)
            + [f'no word of "{w}": {result.err[:300]}' for w in says if w not in result.err])


def found_faults(place, kinds, pages, document, source, *options, says=()):
    """It disagrees; all of these pages have findings of these kinds, or are said to have failed."""
    result, path = place.verify(document, source, *options)
    faults = common_faults(result, PARTLY, SECONDS_PICTURES) + report_faults(result, path)
    faults += [f'no word of "{w}": {result.err[:300]}' for w in says if w not in result.err]
    if faults:
        return faults
    report = verify_bench.Report(path)
    there = {f.page for f in report.findings if f.kind in kinds} | report.failed
    return [] if there >= set(pages) else [f'failed, or with findings of {kinds}: {there}']


# ---- amounts ----

AMOUNTS = [['増減は次の表のとおりである。調査は令和六年四月に行い、六百の団体から回答を得た。'],
           [['地区', '増減', '割合'], ['北部', '△1,234', '12.5％'], ['南部', '567', '30％'],
            ['西部', '△89', '7千円']]]
# What the page says, what the document says, how often either stands there.
SIGNS = [('△1,234', '1,234'), ('△1,234', '▲1,234'), ('>567', '>△567'), ('12.5％', '125％'),
         ('30％', '30'), ('7千円', '7円')]


def try_sign(place, pdf, document, right, wrong):
    """A sign or a unit that is wrong is as grave as a digit."""
    with open(document, encoding='utf-8') as f:
        text = f.read()
    if text.count(right) != 1:
        return [f'{right} stands there {text.count(right)} times']
    path = place.write('sign.xml', text.replace(right, wrong).encode())
    result, report = place.verify(path, pdf, '--threshold', '0')
    faults = common_faults(result, PARTLY, SECONDS_PICTURES) + report_faults(result, report)
    kinds = [f.kind for f in verify_bench.Report(report).findings] if not faults else []
    return faults + ([] if 'digit' in kinds else [f'findings: {kinds}'])


def try_amounts(place):
    content, pdf = place.path('amounts.content.xml'), place.path('amounts.pdf')
    with open(content, 'w', encoding='utf-8') as f:
        f.write(images.content([AMOUNTS]))
    place.tool('yomijun-typeset', content, '-o', pdf)
    document = place.path('amounts.xml')
    place.tool('yomijun', 'process', '-q', '--ocr', 'never', pdf, '-o', document)
    result, report = place.verify(document, pdf)
    yield 'amounts: right', lambda: common_faults(result, DONE, SECONDS_PICTURES)
    for right, wrong in SIGNS:
        yield f'amounts: {right} {wrong}', lambda r=right, w=wrong: try_sign(
            place, pdf, document, r, w)


# -- the same --

def read(path):
    with open(path, 'rb') as f:
        return f.read()


def try_jobs(place):
    errors = place.path('jobs.xml')
    plant.plant(place.document, errors, {'digit': 1, 'character': 4}, 0)
    moved = shutil.copytree(place.pictures, place.path('somewhere else', 'pictures'))
    outs = []
    for source, jobs in ((place.pictures, '1'), (place.pictures, '2'), (place.pictures, '2'), (moved, '1')):
        result, path = place.verify(errors, source, '-j', jobs)
        faults = common_faults(result, PARTLY, SECONDS_PICTURES) + report_faults(result, path)
        if faults:
            return faults
        outs.append(read(path))
    return ['other bytes'] if len(set(outs)) > 1 else []


def try_sources(place):
    """PDF, TIFF and folder: no findings."""
    faults = []
    for source in (place.pdf, place.pictures, place.scan('same.tif'), place.scan('same.pdf')):
        result, path = place.verify(place.document, source)
        faults += common_faults(result, DONE, SECONDS_PICTURES) + report_faults(result, path)
        if result.code == DONE:
            faults += map(str, verify_bench.Report(path).findings)
    return faults


def zones_of(report):
    """Id to verdict."""
    root = ElementTree.parse(report).getroot()
    return {z.get('id'): z.get('verdict') for z in root.iter(REPORT + 'zone')}


CUT_OFF = 400  # points at the foot of a page


def try_cut_off(place):
    """Pictures without the lower half of their pages: nothing of that is missing, it is unchecked; what is
    above agrees, and what is wrong there is found."""
    bench = place.bench
    cut = bench.draw('cut-off', cut=(0, 0, 0, CUT_OFF))
    errors = bench.planted('characters', 0)
    result, path = place.verify(errors.path, cut)
    faults = common_faults(result, PARTLY, SECONDS_PICTURES) + report_faults(result, path)
    if faults:
        return faults
    page = next(ElementTree.parse(errors.path).getroot().iter(laws.NAMESPACE + 'page'))
    edge = float(page.get('height')) - CUT_OFF
    boxes = {z: box for z, (_, box) in errors.boxes.items() if box}
    above = [e for e in errors.errors if all(boxes[z][3] < edge for z in e.zones)]
    judgement = verify_bench.Judgement(errors.errors, verify_bench.Report(path).findings, errors.boxes)
    found = [e for e in judgement.found if e in above]
    verdicts = zones_of(path)
    below = [z for z, box in boxes.items() if box[1] > edge]
    faults = [f'false: {f}' for f in judgement.false]
    faults += [f'{z}, below: {verdicts[z]}' for z in below if verdicts.get(z, 'unchecked') != 'unchecked']
    faults += [f'above: {len(found)} of {len(above)} found'] if len(found) < 0.85 * len(above) else []
    return faults + ([] if min(len(above), len(below)) > 9 else [f'above {len(above)}, below {len(below)}'])


def try_part(place):
    """A document of the second page alone, against the whole."""
    part = place.path('part.xml')
    place.tool('yomijun', 'process', '-q', '--ocr', 'never', '-p', '2', place.pdf, '-o', part)
    return verdict_faults(place, DONE, part, place.pdf)


def try_extra(place):
    """A picture more than a document of the third page has: it is named, and no page is out of place."""
    part = place.path('third.xml')
    place.tool('yomijun', 'process', '-q', '--ocr', 'never', '-p', '3', place.bench.pdf, '-o', part)
    third = make_images.render(place.bench.pdf, 3, make_images.DPI, make_images.DPI)
    extra = place.folder_of('extra', [third, place.pages[0]])
    result, path = place.verify(part, extra)
    faults = common_faults(result, PARTLY, SECONDS_PICTURES) + report_faults(result, path)
    if faults:
        return faults
    if 'page2.png shows none' not in result.err:
        faults.append(f'it says {result.err!r}')
    return faults + [str(f) for f in verify_bench.Report(path).findings]


def texts(path):
    root = ElementTree.parse(path).getroot()
    return [(plant.local(e), ''.join(e.itertext())) for e in root.iter()
            if plant.local(e) in ('body', 'head', 'folio', 'p', 'heading', 'note', 'caption')]


def try_annotate(place):
    """The document again, with something in it that it did not say."""
    errors, annotated = place.path('to-annotate.xml'), place.path('annotated.xml')
    plant.plant(place.document, errors, {'character': 4}, 0)
    result, path = place.verify(errors, place.pictures, '--annotate', annotated)
    faults = common_faults(result, PARTLY, SECONDS_PICTURES) + report_faults(result, path)
    if faults:
        return faults
    faults = laws.schema_faults(annotated)
    faults += ['other text'] if texts(annotated) != texts(errors) else []
    same = ElementTree.canonicalize(from_file=annotated) == ElementTree.canonicalize(from_file=errors)
    return faults + (['no verdicts'] if same else [])


def try_standard_output(place):
    result = measured.run([os.path.join(place.build, 'yomijun'), 'verify', place.document, place.pdf],
                          SECONDS_WALL)
    path = place.write('printed.xml', result.out)
    return common_faults(result, DONE, SECONDS_PICTURES) + laws.schema_faults(path, REPORT_SCHEMA)


def try_threshold(place):
    """One wrong kana in two short pages: agreement above 0.9, below 1."""
    errors = place.path('threshold.xml')
    plant.plant(place.document, errors, {'character': 2}, 0)
    return (verdict_faults(place, DONE, errors, place.pdf, '--threshold', '0.9')
            + verdict_faults(place, PARTLY, errors, place.pdf, '--threshold', '1'))


def try_same(place):
    yield 'same: any number of jobs, any folder', lambda: try_jobs(place)
    yield 'same: PDF, TIFF, folder', lambda: try_sources(place)
    yield 'same: what a picture does not show', lambda: try_cut_off(place)
    yield 'same: one page of several', lambda: try_part(place)
    yield 'same: a picture more than pages', lambda: try_extra(place)
    yield 'same: annotated document', lambda: try_annotate(place)
    yield 'same: standard output', lambda: try_standard_output(place)
    yield 'same: threshold', lambda: try_threshold(place)


# -- what is no document, or not its pictures --

BOMB = '<?xml version="1.0"?><!DOCTYPE a [' + '<!ENTITY e0 "e">' + ''.join(
    f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(9)) + ']><a>&e9;</a>'


def no_documents(place):
    """(name, path)"""
    whole = read(place.document)
    for cut in (0, 1, 60, len(whole) // 2, len(whole) - 4):
        yield f'cut at {cut}', place.write(f'cut-{cut}.xml', whole[:cut])
    yield 'other XML', place.write('other.xml', b'<page/>')
    yield 'other namespace', place.spoiled(
        'namespace.xml', lambda t: t.replace('urn:yomijun:document:1', 'urn:yomijun:document:2'))
    yield 'an element that the schema does not have', place.spoiled(
        'element.xml', lambda t: t.replace('<body>', '<body><poem/>'))
    yield 'a box of letters', place.spoiled('box.xml', lambda t: t.replace(' box="', ' box="x ', 1))
    yield 'a zone that is not there', place.spoiled(
        'zone.xml', lambda t: t.replace(' zones="z', ' zones="z999 z', 1))
    yield 'two zones of a name', place.spoiled('twice.xml', lambda t: t.replace('id="z2"', 'id="z1"', 1))
    yield 'text', place.write('text.xml', 'これは文書ではない。\n'.encode() * 50)
    yield 'zeros', place.write('zeros.xml', bytes(5000))
    yield 'entities that multiply', place.write('bomb.xml', BOMB.encode())
    yield 'a PDF', place.pdf
    yield 'a folder', place.pictures
    yield 'missing', place.path('none.xml')


def no_sources(place):
    """(name, path)"""
    yield 'the document itself', place.document
    yield 'missing', place.path('none.pdf')
    yield 'folder without images', os.path.dirname(place.write('empty folder/text.txt', b'nothing'))
    yield 'cut PDF', place.write('cut.pdf', read(place.pdf)[:200])
    yield 'cut PNG', place.write('cut.png', make_images.grey_png(place.pages[0])[:20_000])
    yield 'empty', place.write('empty.png', b'')


def odd_sources(place):
    """(name, pages that are to have findings or to fail, path, words of the message)"""
    first, second = place.pages
    others = [make_images.render(place.bench.pdf, n) for n in (1, 2)]
    yield 'pictures of another report', (1, 2), place.folder_of('other', others), ()
    yield 'pages exchanged', (1, 2), place.folder_of('exchanged', [second, first]), ()
    yield 'fewer images than pages', (2,), place.folder_of('fewer', [first]), ()
    yield 'more images than pages', (), place.folder_of(
        'more', [first, second, others[0]]), ('page3.png',)
    yield 'blank images', (1, 2), place.folder_of(
        'blank', [make_images.Grey(g.width, g.height, b'\xff' * len(g.data)) for g in place.pages]), ()
    corrupt = place.folder_of('corrupt', [first, second])
    place.write('corrupt/page2.png', make_images.grey_png(second)[:20_000])
    yield 'one image is corrupt', (2,), corrupt, ('page2.png', images.DAMAGED)


def passwords(place):
    locked = place.path('locked.pdf')
    subprocess.run(['qpdf', '--encrypt', 'secret', 'owner', '256', '--', place.pdf, locked], check=True)
    for name, expected, options in (('no', PASSWORD, ()), ('wrong', PASSWORD, ('--password', 'x')),
                                    ('right', DONE, ('--password', 'secret'))):
        yield f'input: {name} password', lambda e=expected, o=options: verdict_faults(
            place, e, place.document, locked, *o)


def try_input(place):
    for name, path in no_documents(place):
        yield 'input: document: ' + name, lambda p=path: verdict_faults(place, INPUT, p, place.pdf)
    for name, path in no_sources(place):
        yield 'input: source: ' + name, lambda p=path: verdict_faults(
            place, INPUT, place.document, p)
    any_kind = verify_bench.SUITABLE['cells-swapped'] | {'page', 'ink-without-text', 'text-without-ink'}
    for name, pages, path, says in odd_sources(place):
        yield 'input: source: ' + name, lambda n=pages, p=path, s=says: found_faults(
            place, any_kind, n, place.document, p, says=s)
    yield from passwords(place)


# -- usage, output --

def try_interrupt(place, after):
    path = place.fresh()
    result, _ = place.verify(place.bench.xml, place.bench.scan('clean-300'), out=path,
                             interrupt_after=after)
    return common_faults(result, INTERRUPTED, SECONDS_PICTURES) + report_faults(result, path)


def try_full_device(place):
    with open('/dev/full', 'wb') as full:
        result = measured.run([os.path.join(place.build, 'yomijun'), 'verify', place.document, place.pdf],
                              SECONDS_WALL, stdout=full)
    return common_faults(result, OUTPUT, SECONDS_PICTURES)


def usage(place):
    both = [place.document, place.pdf]
    return {'nothing': [], 'no source': both[:1], 'three': [*both, place.pdf],
            'unknown option': [*both, '--sideways'], 'threshold x': [*both, '--threshold', 'x'],
            'threshold 2': [*both, '--threshold', '2'], 'threshold -1': [*both, '--threshold=-1'],
            'jobs -1': [*both, '-j', '-1'], 'jobs x': [*both, '-j', 'x']}


def try_usage(place):
    for name, arguments in usage(place).items():
        yield 'usage: ' + name, lambda a=arguments: common_faults(
            measured.run([os.path.join(place.build, 'yomijun'), 'verify', *a], SECONDS_WALL), USAGE)
    yield 'usage: output to a missing folder', lambda: common_faults(
        place.verify(place.document, place.pdf, out=place.path('no', 'report.xml'))[0], OUTPUT)
    yield 'usage: output to a full device', lambda: try_full_device(place)
    os.makedirs(place.path('no models'), exist_ok=True)
    yield 'usage: no models', lambda: verdict_faults(
        place, MISSING, place.document, place.pictures, says=['tesseract-ocr-jpn'],
        environment={'TESSDATA_PREFIX': place.path('no models')})
    yield 'usage: interrupted at once', lambda: try_interrupt(place, 0.15)
    yield 'usage: interrupted later', lambda: try_interrupt(place, 1)


GROUPS = {'counting': try_counting, 'amounts': try_amounts, 'bench': try_bench, 'same': try_same, 'input': try_input,
          'usage': try_usage}


def main():
    build = os.path.abspath(sys.argv[1])
    return promises.try_groups(lambda folder: Place(build, folder), GROUPS)


if __name__ == '__main__':
    sys.exit(main())

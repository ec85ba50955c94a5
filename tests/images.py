#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""images.py BUILD [PART …]   page images, and PDFs whose pages are pictures: every kind of picture gives its
text, folders come in their natural order, text that is there is not read again, and what is damaged,
hostile or missing ends as promises.py says.
PART: a group (kind, several, damaged, hostile, missing, option), or cases with it in their name."""
import os, re, subprocess, sys
import xml.etree.ElementTree as ElementTree

import edits, laws, make_bad, make_images, measured, promises
from make_images import DPI
from promises import (DONE, INPUT, MISSING, PARTLY, SECONDS_WALL, USAGE, common_faults, output_faults,
                      write_old)

# Errors as a share of the text: what these short pages have at 300 dpi, with slack.
MAX_CER = 0.03
# The same for pictures of which half the rows are missing.
MAX_CER_FAX = 0.1
# Taken for text of a picture of edges; three times as many when a second reading did not have a say.
MAX_CHARACTERS_OF_EDGES = 120
FIRST = [['地域の防災に関する調査の結果を次の表に示す。調査は令和六年四月に行い、六百の団体から回答を得た。',
          '回答の内訳は、市が三百、町が二百、村が百である。詳しくは資料編を参照されたい。'],
         [['地区', '担当', '内容'], ['北部', '企画係', '訓練の計画を定める'],
          ['南部', '用地係', '備蓄の状況を調べる']]]
SECOND = [['二ページ目には表がない。訓練は年に二回、春と秋に行うこととし、結果を公表する。']]
DAMAGED = 'the image is damaged'
CUTS = (0, 1, 3, 8, 40, 200, 3000)  # bytes
CUT_PARTS = (0.2, 0.5, 0.9)


def content(pages):
    """The XML of samples/ for it."""
    out = ['<report>']
    for i, (paragraphs, *tables) in enumerate(pages):
        out += ['<newpage/>'] if i else []
        out += [f'<p>{text}</p>' for text in paragraphs]
        for table in tables:
            out.append('<table widths="1 2 4">')
            out += ['<row>' + ''.join(f'<cell>{c}</cell>' for c in row) + '</row>' for row in table]
            out.append('</table>')
    return '\n'.join([*out, '</report>'])


def text_of(*pages):
    return ''.join(edits.norm(text) for paragraphs, *tables in pages
                   for text in [*paragraphs, *(c for t in tables for row in t for c in row)])


class Place:
    """A build, a folder, and in it a sample of two short pages as PDF and in pictures."""

    def __init__(self, build, folder):
        self.build, self.folder, self.cases = build, folder, 0
        xml = self.path('content.xml')
        with open(xml, 'w', encoding='utf-8') as f:
            f.write(content([FIRST, SECOND]))
        self.pdf = self.path('sample.pdf')
        self.tool('yomijun-typeset', xml, '-o', self.pdf)
        self.sees_hidden_text = 'paint trace: yes' in self.version()
        self.pages = [make_images.render(self.pdf, n) for n in (1, 2)]

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def tool(self, name, *arguments):
        subprocess.run([os.path.join(self.build, name), *arguments], check=True, capture_output=True)

    def version(self):
        return subprocess.run([os.path.join(self.build, 'yomijun'), '--version'], check=True,
                              capture_output=True, text=True).stdout

    def write(self, name, data):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as f:
            f.write(data)
        return path

    def scan(self, name, *options, pdf=None):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self.tool('yomijun-scan', pdf or self.pdf, '-o', path, *options)
        return path

    def process(self, source, *options, **more):
        """The result, and the document's file."""
        self.cases += 1
        xml = self.path(f'out-{self.cases}', 'out.xml')
        os.mkdir(os.path.dirname(xml))
        write_old(xml)
        command = [os.path.join(self.build, 'yomijun'), 'process', source, '-o', xml, *options]
        return measured.run(command, SECONDS_WALL, **more), xml

    def outcome(self, expected, source, *options, says=(), **more):
        """(faults, root of the document or None)"""
        result, xml = self.process(source, *options, **more)
        faults = common_faults(result, expected) + output_faults(result, xml)
        faults += [f'no word of "{w}": {result.err[:300]}' for w in says if w not in result.err]
        root = ElementTree.parse(xml).getroot() if result.code in (DONE, PARTLY) else None
        return faults, root


def body(root):
    return root.find(laws.NAMESPACE + 'body')


def cer_faults(root, expected, most=MAX_CER):
    text = edits.norm(''.join(body(root).itertext()))
    share = edits.distance(text, expected) / len(expected)
    return [f'CER {share:.3f}: {text}'] if share > most else []


def notices(root, kind):
    return [n.text for n in root.iter(laws.NAMESPACE + 'noticed') if n.get('kind') == kind]


def origins(root, page):
    """Of the zones of a page."""
    return {z.get('origin') for z in root.iter(laws.NAMESPACE + 'zone') if z.get('page') == str(page)}


def read_faults(place, source, expected, *options, code=DONE, most=MAX_CER):
    faults, root = place.outcome(code, source, *options)
    return faults or cer_faults(root, expected, most)


# ---- every kind of picture ----

def try_kinds(place):
    first = text_of(FIRST)
    for source in (make_images.pngs, make_images.tiffs):
        for name, data in source(place.pages[0]):
            path = place.write(name, data)
            yield 'kind: ' + name, lambda p=path: read_faults(place, p, first)
    one = ['-p', '1']
    scans = {'grey.jpg': ['--jpeg', '85'], 'colour.jpg': ['--jpeg', '85', '--colour'],
             'no-resolution.jpg': ['--no-resolution'], 'g4.tif': ['--bilevel'],
             'lzw.tif': ['--colour']}
    for name, options in scans.items():
        yield 'kind: ' + name, lambda n=name, o=options: read_faults(
            place, place.scan('scanned/' + n, *one, *o), first)
    with open(place.scan('plain.jpg', *one), 'rb') as f:
        jpeg = f.read()
    bare = place.write('bare.jpg', make_images.without_application_data(jpeg))
    yield 'kind: JPEG without JFIF and EXIF', lambda: read_faults(place, bare, first)
    cmyk = place.write('cmyk.jpg', make_images.cmyk_jpeg(jpeg))
    yield 'kind: CMYK JPEG', lambda: read_faults(place, cmyk, first)
    fax = make_images.fax(make_images.render(place.pdf, 1, 300, 150), (300, 150))
    path = place.write('fax.tif', fax)
    yield 'kind: other resolution across', lambda: read_faults(place, path, first, most=MAX_CER_FAX)
    yield 'kind: name does not fit the content', lambda: read_faults(
        place, place.write('png.jpg', make_images.grey_png(place.pages[0])), first)
    yield 'kind: --dpi for what says none', lambda: try_dpi(place)
    for dpi, paragraphs in (('200', []), ('300', AMOUNTS[0])):
        yield f'kind: triangles before numbers, {dpi} dpi', lambda d=dpi, p=paragraphs: try_triangles(
            place, d, p)


# Triangles stand for minus, at the start of a line and in it; read as 4 they are another number.
AMOUNTS = [['前年度に比べ△652万円（▲26.5％）の減となった。'],
           [['地区', '増減', '割合'], ['北部', '▲6', '▲143.8％'], ['南部', '▲7,613,099', '△48'],
            ['西部', '▲44,522', '△3.1％'], ['東部', '▲41', '▲9,144']]]


def try_triangles(place, dpi, paragraphs):
    """paragraphs: before the table."""
    xml, pdf = place.path('triangles.xml'), place.path('triangles.pdf')
    with open(xml, 'w', encoding='utf-8') as f:
        f.write(content([[paragraphs, AMOUNTS[1]]]))
    place.tool('yomijun-typeset', xml, '-o', pdf)
    picture = place.scan(f'triangles-{dpi}.png', '--dpi', dpi, pdf=pdf)
    faults, root = place.outcome(DONE, picture)
    if faults:
        return faults
    text = edits.norm(''.join(body(root).itertext())).replace('％', '%')
    amounts = re.findall('[△▲][0-9.,]+', ' '.join([*paragraphs, *(c for row in AMOUNTS[1] for c in row)]))
    return [f'no {a}: {text}' for a in amounts if not re.search(a + '(?![0-9.,])', text)]


def try_dpi(place):
    """Half the resolution makes the page twice as large; a resolution in the file is not overruled."""
    sizes = []
    for name in ('no-resolution.png', 'grey.png'):
        faults, root = place.outcome(DONE, place.path(name), '--dpi', '150')
        if faults:
            return faults
        sizes.append(float(next(root.iter(laws.NAMESPACE + 'page')).get('width')))
    return [] if 1.9 < sizes[0] / sizes[1] < 2.1 else [f'widths {sizes}']


# ---- documents of several images ----

def fill(place, folder, numbers='page{}.png'):
    """The sample's two pages, numbered 2 and 10."""
    for n, page in zip((2, 10), place.pages):
        place.write(os.path.join(folder, numbers.format(n)), make_images.grey_png(page))
    return place.path(folder)


def try_folder(place):
    folder = fill(place, 'pages')
    place.write('pages/read me.txt', b'nothing')
    place.write('pages/more/page3.png', b'')
    faults, root = place.outcome(DONE, folder + '/', says=['read me.txt', 'more'])
    if faults:
        return faults
    name = root.find(laws.NAMESPACE + 'source').get('name')
    named = notices(root, 'file')
    return (cer_faults(root, text_of(FIRST, SECOND))
            + ([f'source is named {name}'] if name != 'pages' else [])
            + ([f'files {named}'] if named != ['page2.png', 'page10.png'] else []))


def bodies_faults(place, *runs):
    """runs: (source, option …): the same body of all."""
    seen = []
    for source, *options in runs:
        faults, root = place.outcome(DONE, source, *options)
        if faults:
            return faults
        seen.append(ElementTree.tostring(body(root)))
    return ['other bodies'] if len(set(seen)) > 1 else []


def try_same(place):
    folder, tif = place.scan('same'), place.scan('same.tif')
    return bodies_faults(place, (folder,), (tif,))


def try_jobs(place):
    folder, outs = fill(place, 'jobs'), []
    for jobs in ('1', '2', '2'):
        result, xml = place.process(folder, '-j', jobs)
        faults = common_faults(result, DONE)
        if faults:
            return faults
        with open(xml, 'rb') as f:
            outs.append(f.read())
    return ['other bytes'] if len(set(outs)) > 1 else []


def try_names(place):
    folder = fill(place, '年次 報告（案）', 'ページ {}.png')
    faults, root = place.outcome(DONE, folder)
    named = [] if faults else notices(root, 'file')
    return faults or ([f'files {named}'] if named != ['ページ 2.png', 'ページ 10.png'] else [])


def try_one_bad(place):
    folder = fill(place, 'one-bad')
    place.write('one-bad/page7.png', make_images.grey_png(place.pages[0])[:20_000])
    faults, root = place.outcome(PARTLY, folder, says=['page 2 (page7.png): ' + DAMAGED])
    if faults:
        return faults
    failed = [p.get('failed') for p in root.iter(laws.NAMESPACE + 'page')]
    return (cer_faults(root, text_of(FIRST, SECOND))
            + ([] if failed[1] and failed[1].startswith('page7.png: ' + DAMAGED) and
               failed[0] is failed[2] is None else [f'failed: {failed}']))


def try_producer(place):
    """Tesseract is named where it was used."""
    faults, root = place.outcome(DONE, fill(place, 'produced'))
    more, plain = place.outcome(DONE, place.pdf)
    if faults or more:
        return faults + more
    said = [r.find(laws.NAMESPACE + 'producer').get('tesseract') for r in (root, plain)]
    return [] if said[0] and said[1] is None else [f'tesseract: {said}']


def try_several(place):
    yield 'several: folder in its natural order', lambda: try_folder(place)
    yield 'several: producer', lambda: try_producer(place)
    yield 'several: folder and TIFF of the same', lambda: try_same(place)
    yield 'several: any number of jobs', lambda: try_jobs(place)
    yield 'several: names with spaces and Japanese', lambda: try_names(place)
    yield 'several: one of several is damaged', lambda: try_one_bad(place)
    place.write('empty folder/text.txt', b'nothing')
    yield 'several: no image in a folder', lambda: place.outcome(
        INPUT, place.path('empty folder'))[0]


# ---- damaged and hostile ----

def try_damaged(place):
    png = make_images.grey_png(place.pages[1])
    with open(place.scan('whole.jpg', '-p', '2'), 'rb') as f:
        jpeg = f.read()
    with open(place.scan('whole.tif', '-p', '2'), 'rb') as f:
        tiff = f.read()
    for kind, data in (('png', png), ('jpg', jpeg), ('tif', tiff)):
        for cut in [*CUTS, *(int(len(data) * part) for part in CUT_PARTS)]:
            path = place.write(f'cut-{cut}.{kind}', data[:cut])
            yield f'damaged: {kind} cut at {cut}', lambda p=path: place.outcome(INPUT, p)[0]
    for at in (20, len(png) // 2):
        path = place.write(f'garbled-{at}.png', png[:at] + b'garbled' + png[at + 7:])
        yield f'damaged: png garbled at {at}', lambda p=path: place.outcome(INPUT, p)[0]
    path = place.write('words.jpg', 'これは画像ではない。\n'.encode() * 100)
    yield 'damaged: text named jpg', lambda: place.outcome(INPUT, path)[0]


def try_hostile(place):
    for name, data in make_images.hostile(place.pages[1]):
        path = place.write('hostile/' + name, data)
        expected = {'large-second.tif': PARTLY, 'endless.tif': DONE}.get(name, INPUT)
        yield 'hostile: ' + name, lambda p=path, e=expected: place.outcome(e, p)[0]


# ---- options, and what is missing ----

def try_missing(place):
    page = place.write('page.png', make_images.grey_png(place.pages[1]))
    os.makedirs(place.path('no models'), exist_ok=True)
    yield 'missing: language', lambda: place.outcome(
        MISSING, page, '-l', 'xyz', says=['tesseract-ocr-xyz'])[0]
    yield 'missing: second language', lambda: place.outcome(
        MISSING, page, '-l', 'jpn+chi_tra', says=['tesseract-ocr-chi-tra'])[0]
    yield 'missing: no models', lambda: place.outcome(
        MISSING, page, says=['tesseract-ocr-jpn'],
        environment={'TESSDATA_PREFIX': place.path('no models')})[0]
    yield 'missing: no models, but nothing to read', lambda: place.outcome(
        DONE, place.pdf, environment={'TESSDATA_PREFIX': place.path('no models')})[0]
    for option, value in (('--ocr', 'perhaps'), ('-l', '../jpn'), ('-l', ''), ('-l', 'jpn+'), ('--dpi', '7'),
                          ('--dpi', 'x')):
        yield f'missing: usage, {option} {value}', lambda o=option, v=value: place.outcome(
            USAGE, page, o, v)[0]
    yield 'missing: image on standard input', lambda: try_standard_input(place, page)


def try_standard_input(place, page):
    with open(page, 'rb') as f:
        return place.outcome(INPUT, '-', stdin=f, says=['standard input'])[0]


def try_never(place, source):
    faults, root = place.outcome(PARTLY, source, '--ocr', 'never', says=['page 1: ', 'needs OCR'])
    return faults or ([] if not ''.join(body(root).itertext()).strip() and notices(root, 'picture')
                      else ['there is text'])


def try_always(place):
    """Text is read from the picture although there is a text layer, and only once."""
    faults, root = place.outcome(DONE, place.pdf, '--ocr', 'always')
    return faults or (cer_faults(root, text_of(FIRST, SECOND))
                      + ([] if origins(root, 1) == {'ocr'} else ['not read anew'])
                      + ([] if notices(root, 'ocr') == ['asked for'] * 2 else ['no notice']))


def mixed(place, name, *order):
    """A PDF of pages of the sample: order has numbers, negative ones as pictures."""
    scans = place.scan('scans.pdf')
    parts = [w for n in order for w in (place.pdf if n > 0 else scans, str(abs(n)))]
    subprocess.run(['qpdf', '--empty', '--pages', *parts, '--', place.path(name)], check=True)
    return place.path(name)


def try_mixed(place):
    """Pages with text keep it to the letter, pictures are read, nothing twice."""
    faults, root = place.outcome(DONE, mixed(place, 'mixed.pdf', 1, -2, -1, 2))
    if faults:
        return faults
    wanted = [{'text-layer'}, {'ocr'}, {'ocr'}, {'text-layer'}]
    seen = [origins(root, n) for n in (1, 2, 3, 4)]
    return (cer_faults(root, text_of(FIRST, SECOND, FIRST, SECOND))
            + ([f'origins {seen}'] if seen != wanted else []))


def try_mix_pages(place):
    """The sample with each second page a picture, as scripts make it."""
    pdf, out = place.scan('every.pdf', '--every', '2'), place.path('every-mixed.pdf')
    subprocess.run([os.path.join(laws.ROOT, 'samples', 'mix-pages.py'), place.pdf, pdf, '--every',
                    '2', '-o', out], check=True)
    faults, root = place.outcome(DONE, out)
    return faults or (cer_faults(root, text_of(FIRST, SECOND))
                      + ([] if (origins(root, 1), origins(root, 2)) == ({'text-layer'}, {'ocr'})
                         else ['other origins']))


def layered(grey, hidden):
    """A PDF of a picture at the foot of the page, and this Latin text that is not to be seen."""
    image = make_bad.flate(grey.data, f'/Type /XObject /Subtype /Image /Width {grey.width} /Height '
                           f'{grey.height} /ColorSpace /DeviceGray /BitsPerComponent 8')
    paint = make_bad.stream(f'q {grey.width * 72 / DPI} 0 0 {grey.height * 72 / DPI} 0 0 cm '
                            f'/I Do Q BT /F1 10 Tf {hidden} ET')
    return make_bad.pdf({
        1: '<< /Type /Catalog /Pages 2 0 R >>', 2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources '
           '<< /Font << /F1 5 0 R >> /XObject << /I 6 0 R >> >> >>',
        4: paint, 5: make_bad.FONT, 6: image})


def falsehood(bottom, top):
    """Lines of text from y to y."""
    return ' '.join(f'1 0 0 1 72 {y} Tm (Falsehood {y}) Tj' for y in range(bottom, top, 12))


def try_layer(place, name, hidden, grey):
    """Text that is there but not seen, and says something else than the picture, is not in the
    document."""
    pdf = place.write(name, layered(grey, hidden))
    faults, root = place.outcome(DONE, pdf)
    return faults or (cer_faults(root, text_of(FIRST))
                      + (['the layer is in it'] if 'Falsehood' in ''.join(body(root).itertext())
                         else []))


def try_layer_alone(place):
    """What only the hidden text says of ink that cannot be read is taken, but with --ocr always."""
    hidden = '3 Tr 1 0 0 1 214 137 Tm (Words on rings) Tj'
    pdf = place.write('rings.pdf', layered(scribbled(place.pages[0], 900, 2900), hidden))
    faults, root = place.outcome(DONE, pdf)
    fresh, anew = place.outcome(DONE, pdf, '--ocr', 'always')
    if faults or fresh:
        return faults + fresh
    said = ['Words on rings' in ''.join(body(r).itertext()) for r in (root, anew)]
    return [] if said == [True, False] else [f'said with auto, always: {said}']


def try_drawing(place):
    """Of a picture that is but edges of every kind, next to nothing is taken for text."""
    page = place.write('drawing.png', make_images.grey_png(make_images.photograph(1500, 1100)))
    faults, root = place.outcome(DONE, page)
    n = len(edits.norm(''.join(body(root).itertext()))) if root is not None else 0
    return faults or ([] if n <= MAX_CHARACTERS_OF_EDGES else [f'{n} characters'])


def pale(grey, mirrored):
    """A page nearly as light as its paper; mirrored, as one that shines through from the back."""
    rows = [row[::-1] if mirrored else row for row in grey.rows(grey.data, grey.width)]
    data = b''.join(rows).translate(bytes(225 + v * 30 // 255 for v in range(256)))
    return make_images.Grey(grey.width, grey.height, data)


def try_pale(place):
    """Pale print is read where there is no other; what shines through the paper is no text."""
    name = place.write('pale.png', make_images.grey_png(pale(place.pages[0], False)))
    faults, root = place.outcome(DONE, name)
    if faults:
        return faults
    back = place.write('back.png', make_images.grey_png(pale(place.pages[0], True)))
    fresh, behind = place.outcome(DONE, back, says=['could not be read'])
    return cer_faults(root, text_of(FIRST)) + fresh + (
        [] if fresh or not edits.norm(''.join(body(behind).itertext())) else ['text of the back'])


def try_dark_photograph(place):
    """A dark photograph is a figure, no ground with light text on it."""
    photo, page = make_images.photograph(ground=60, pieces=500), place.pages[0]
    data = bytearray(page.data)
    for i in range(photo.height):
        at = (page.height - 800 + i) * page.width + 800
        data[at:at + photo.width] = photo.data[i * photo.width:(i + 1) * photo.width]
    page = make_images.Grey(page.width, page.height, bytes(data))
    faults, root = place.outcome(DONE, place.write('dark.png', make_images.grey_png(page)))
    if faults:
        return faults
    figures = list(body(root).iter(laws.NAMESPACE + 'figure'))
    n = sum(len(edits.norm(''.join(f.itertext()))) for f in figures)
    return ([f'{n} characters'] if n > 0 else []) + ([] if figures else ['no figure'])


def try_photograph(place):
    """Beside a text layer, what only looks like characters is noticed and not put out."""
    lines = ' '.join(f'1 0 0 1 72 {y} Tm (A line of the report {y}) Tj' for y in range(650, 800, 12))
    pdf = place.write('photograph.pdf', layered(make_images.photograph(), lines))
    faults, root = place.outcome(DONE, pdf)
    if faults:
        return faults
    return ([f'origins {origins(root, 1)}'] if origins(root, 1) != {'text-layer'} else []) + (
        [] if notices(root, 'illustration') else ['nothing is noticed'])


def marks(drawn):
    """A PDF of two lines of text, and drawn marks at places: none is a line or a rectangle."""
    lines = 'BT /F1 10 Tf 1 0 0 1 72 780 Tm (A line of text) Tj 1 0 0 1 72 766 Tm (And more) Tj ET '
    curves = ' '.join(f'{x} {y} m {x + 4} {y + 9} {x + 8} {y + 9} {x + 9} {y} c {x + 5} {y + 3} l f'
                      for x, y in drawn)
    return make_bad.pdf({
        1: '<< /Type /Catalog /Pages 2 0 R >>', 2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources '
           '<< /Font << /F1 5 0 R >> >> >>', 4: make_bad.stream(lines + curves), 5: make_bad.FONT})


def remainders(root):
    return [r.get('box') for r in root.iter(laws.NAMESPACE + 'remainder')]


def try_remainder(place):
    """Drawn marks of the size of characters, far from each other and from the text, are named with
    their boxes, and too many for --strict; one upon the text is the text's."""
    pdf = place.write('marks.pdf', marks([(72, 500), (300, 300)]))
    faults, root = place.outcome(PARTLY, pdf, '--ocr', 'never', '--strict', '--validate',
                                 says=['<remainder>'])
    if faults:
        return faults
    boxes = [[float(v) for v in box.split()] for box in remainders(root)]
    right = [abs(box[0] - 72) < 2 and abs(box[3] - 342) < 2 for box in boxes if box[0] < 200]
    faults = [] if len(boxes) == 2 and right == [True] else [f'remainders {boxes}']
    upon = place.write('upon.pdf', marks([(73, 781)]))
    fresh, root = place.outcome(DONE, upon, '--ocr', 'never', '--strict')
    return faults + fresh + ([f'of text: {remainders(root)}'] if not fresh and remainders(root)
                             else [])


def scribbled(grey, left, top):
    """The same picture with rings of the size of characters there, which are none."""
    rows = [bytearray(row) for row in grey.rows(grey.data, grey.width)]
    for ring in range(6):
        for y in range(48):
            for x in range(48):
                far = (x - 24) ** 2 + (y - 24) ** 2
                if any(abs(far - side * side) < 3 * side for side in (6, 13, 21)):
                    rows[top + y][left + 50 * ring + x] = 0
    return make_images.Grey(grey.width, grey.height, b''.join(rows))


def try_scribble(place):
    """Ink of a picture that is no text is named with its box, and too much of it for --strict."""
    page = place.write('scribble.png', make_images.grey_png(scribbled(place.pages[0], 900, 2900)))
    faults, root = place.outcome(PARTLY, page, '--strict', '--validate', says=['could not be read'])
    if faults:
        return faults
    boxes = [[float(v) for v in n.get('box').split()] for n in root.iter(laws.NAMESPACE + 'noticed')
             if n.get('kind') == 'unread']
    there = [box for box in boxes if 690 < box[1] < 710 and box[0] < 290 and box[2] > 216]
    clean = place.write('clean.png', make_images.grey_png(place.pages[0]))
    fresh, _ = place.outcome(DONE, clean, '--strict')
    return fresh + ([] if there else [f'unread: {boxes}'])


def zone_boxes(root):
    return [[float(v) for v in z.get('box').split()] for z in root.iter(laws.NAMESPACE + 'zone')]


def try_places(place):
    """Whatever the resolution, zones are where the text stands on the page."""
    boxes = []
    for dpi in (300, 400, 240):
        grey = make_images.render(place.pdf, 1, dpi, dpi)
        faults, root = place.outcome(DONE, place.write(f'at-{dpi}.png',
                                                       make_images.grey_png(grey, dpi)))
        if faults:
            return faults
        boxes.append(zone_boxes(root))
    if len({len(of) for of in boxes}) != 1:
        return [f'zones: {[len(of) for of in boxes]}']
    apart = max(abs(a - b) for other in boxes[1:] for one, two in zip(boxes[0], other)
                for a, b in zip(one, two))
    return [f'{apart:.1f} points apart'] if apart > 4 else []


def try_terminal(place):
    """No bar where standard error is no terminal, however many pages."""
    folder = place.path('many')
    os.makedirs(folder, exist_ok=True)
    small = make_images.Grey(300, 300, b'\xff' * 90_000)
    for n in range(12):
        place.write(f'many/{n}.png', make_images.grey_png(small))
    result, _ = place.process(folder)
    return common_faults(result, DONE) + ([result.err] if result.err else [])


def try_options(place):
    scanned = place.scan('picture.pdf', '-p', '1')
    page = place.write('unread.png', make_images.grey_png(place.pages[1]))
    yield 'option: --ocr never, PDF', lambda: try_never(place, scanned)
    yield 'option: --ocr never, image', lambda: try_never(place, page)
    yield 'option: --ocr always', lambda: try_always(place)
    yield 'option: mixed PDF', lambda: try_mixed(place)
    yield 'option: mixed PDF by scripts', lambda: try_mix_pages(place)
    yield 'option: pale', lambda: try_pale(place)
    yield 'option: dark photograph', lambda: try_dark_photograph(place)
    yield 'option: photograph beside text', lambda: try_photograph(place)
    yield 'option: picture of nothing but edges', lambda: try_drawing(place)
    yield 'option: ink that is no text', lambda: try_scribble(place)
    yield 'option: places at other resolutions', lambda: try_places(place)
    yield 'option: blank pages, no bar', lambda: try_terminal(place)
    if not place.sees_hidden_text:
        print('  not tried, this build sees neither hidden text nor shapes')
        return
    yield 'option: marks that nothing accounts for', lambda: try_remainder(place)
    grey = place.pages[0]
    yield 'option: hidden text alone', lambda: try_layer_alone(place)
    yield 'option: hidden text that contradicts', lambda: try_layer(
        place, 'hidden.pdf', '3 Tr ' + falsehood(60, 800), grey)
    part = make_images.Grey(grey.width, grey.height // 2, grey.data[:grey.height // 2 * grey.width])
    yield 'option: white text beside the picture', lambda: try_layer(
        place, 'white.pdf', '1 g ' + falsehood(440, 800), part)


GROUPS = {'kind': try_kinds, 'several': try_several, 'damaged': try_damaged, 'hostile': try_hostile,
          'missing': try_missing, 'option': try_options}


def main():
    build = os.path.abspath(sys.argv[1])
    return promises.try_groups(lambda folder: Place(build, folder), GROUPS)


if __name__ == '__main__':
    sys.exit(main())

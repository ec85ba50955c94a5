# SPDX-License-Identifier: GPL-3.0-or-later
"""Review pages to be tested: the page put together as the program does, and data of our own."""
import base64, hashlib, json, pathlib, random, re, struct, zlib

REVIEW = pathlib.Path(__file__).resolve().parents[2] / 'verify' / 'review'
WIDTH, HEIGHT = 300, 400      # points of a sample page
SCALE = 2                     # pixels a point
COVERS = [-10, -10, 310, 410] # points that its picture covers


def part(name):
    return (REVIEW / name).read_text(encoding='utf-8')


def part_names(suffix=''):
    """The files that the page is put together from, in their order."""
    return [n for n in re.findall(r'/\*YOMIJUN:([\w.]+)\*/', part('review.html')) if n.endswith(suffix)]


def script():
    return '\n'.join(map(part, part_names('.js')))


def put_together(data, pictures):
    """pictures: id → bytes of a PNG."""
    page = part('review.html')
    words = json.dumps(data, ensure_ascii=False).replace('<', '\\u003c')
    parts = [*((f'/*YOMIJUN:{name}*/', part(name)) for name in part_names()),
             ('<!--YOMIJUN:data-->', f'<script type="application/json" id="data">{words}</script>'),
             ('<!--YOMIJUN:pictures-->', ''.join(
                 f'<script type="text/plain" class="picture" id="{name}" data-type="image/png">'
                 f'{base64.b64encode(picture).decode()}</script>\n'
                 for name, picture in pictures.items()))]
    for placeholder, _ in parts:
        assert page.count(placeholder) == 1, f'{placeholder} must stand in the page once'
    for placeholder, text in parts:
        assert all(other not in text for other, _ in parts), 'a part holds a placeholder'
        page = page.replace(placeholder, text)
    return page


def png(width, height, rows):
    """rows: the grey or RGB bytes of each line."""
    def chunk(kind, data):
        return (struct.pack('>I', len(data)) + kind + data
                + struct.pack('>I', zlib.crc32(kind + data)))
    colour = 2 if len(rows[0]) == 3 * width else 0
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, colour,
                                                               0, 0, 0))
            + chunk(b'IDAT', zlib.compress(b''.join(b'\0' + row for row in rows), 6))
            + chunk(b'IEND', b''))


def picture_of(page):
    """White, and where a zone or finding is, a field of a colour that colour_of tells; the place of a
    finding lies over its zone."""
    width, height = ((COVERS[2] - COVERS[0]) * SCALE, (COVERS[3] - COVERS[1]) * SCALE)
    rows = [bytearray(b'\xff' * 3 * width) for _ in range(height)]
    for item in page['zones'] + page['findings']:
        if not item.get('box'):
            continue
        x0, y0, x1, y1 = (round((v - COVERS[i % 2]) * SCALE) for i, v in enumerate(item['box']))
        for row in rows[y0:y1]:
            row[3 * x0:3 * x1] = bytes(colour_of(item['box'])) * (x1 - x0)
    return png(width, height, [bytes(row) for row in rows])


def colour_of(box):
    return (int(box[0] * 7) % 160 + 40, int(box[1] * 3) % 160 + 40, 90)


def zone(name, box, text, verdict='agrees', kind='p', **more):
    return {'id': name, 'box': box, 'verdict': verdict, 'agreement': 1.0 if verdict == 'agrees' else .9,
            'kind': kind, 'text': text, **more}


def finding(zone_, kind, expected, seen, confidence, at=-1, box=None, looks=()):
    return {'zone': zone_ and zone_['id'], 'box': box or (zone_ and zone_['box']), 'kind': kind,
            'expected': expected, 'seen': seen, 'confidence': confidence, 'at': at,
            'looks': [{'by': by, 'says': says, 'confidence': sure} for by, says, sure in looks]}


def page(n, zones, findings, picture=True):
    return {'n': n, 'label': str(n - 1) if n > 1 else None, 'width': WIDTH, 'height': HEIGHT,
            'picture': f'picture-{n}' if picture else None,
            'picture_box': COVERS if picture else None, 'agreement': .99, 'zones': zones,
            'findings': findings}


def document(pages, name='report.xml'):
    return {'version': 1, 'document': name, 'sha256': hashlib.sha256(name.encode()).hexdigest(),
            'source': 'report.pdf', 'agreement': .99814, 'self_check': False, 'pages': pages}


def small():
    """Three pages, eight findings: data and pictures."""
    wide = zone('z4', [20, 100, 280, 120], '𠮷野 57 水道は点検票を 1,284 件、手引を 57 件配布した。', 'digit',
                seen='𠮷野 57 水道は点検票を 1,234 件、手引を 51 件配布した。')
    first = page(1, [
        zone('z1', [20, 20, 280, 40], '第１章　水の安全', kind='heading'),
        zone('z2', [20, 60, 100, 80], '点検票', kind='cell', table=1, row=1, column=1),
        zone('z3', [110, 60, 280, 80], '斎藤<b>&"部"', 'variant', 'cell', seen='齋藤<b>&"部"', table=1,
             row=1, column=2),
        wide, zone('z5', [20, 140, 280, 160], 'ＡＢＣ計画は続く。', 'width', seen='ABC計画は続く。')], [])
    first['findings'] = [
        finding(first['zones'][2], 'variant', '斎', '齋', .9, 0),
        finding(wide, 'digit', '1,284', '1,234', .97, 14, [110, 100, 150, 120],
                [('ocr', '1,234', .91), ('ocr-again', '1,234', .97), ('layer', '1,284', None),
                 ('picture', '3: expected 0.33, seen 2.00, nearest 3 0.02, like ones within 0.06', .95),
                 ('ink', '', .5), ('unheard-of', '3', .5)]),
        finding(wide, 'digit', '57', '51', .7, 26, [190, 100, 205, 120]),
        finding(first['zones'][4], 'width', 'ＡＢＣ', 'ABC', .99, 0)]
    second = page(2, [
        zone('z6', [20, 20, 280, 40], '余計な文字', 'text-without-ink'),
        zone('z7', [20, 200, 280, 240], '最後の段落。')], [])
    second['findings'] = [
        finding(None, 'page', '2', '4', .8),
        finding(second['zones'][0], 'text-without-ink', '余計な文字', '', .95, 0),
        finding(None, 'ink-without-text', '', '速報値', .6, -1, [150, 100, 250, 120])]
    third = page(3, [zone('z8', [20, 20, 280, 40], '図のない頁の文。', 'text', seen='絵のない頁の文。')], [],
                 picture=False)
    third['findings'] = [finding(third['zones'][0], 'text', '図', '絵', .85, 0)]
    pages = [first, second, third]
    return document(pages), {each['picture']: picture_of(each) for each in pages if each['picture']}


def large(pages=165, zones=60, findings=500, picture_bytes=170_000):
    """As big as a real report: pictures of a page at 150 dpi."""
    random.seed(7)
    width, height = 1240, 1754
    noise = random.randbytes(picture_bytes)
    rows = [bytearray(b'\xff' * width) for _ in range(height)]
    for i in range(picture_bytes // 1000):
        rows[(i * 10) % height][100:1100] = noise[i * 1000:i * 1000 + 1000]
    picture = png(width, height, [bytes(row) for row in rows])
    words = ['水道', '点検', '事業者', '報告', '計画', '監視', '設定', '年度', '確認', '手引']
    made = []
    for n in range(1, pages + 1):
        here = [zone(f'z{n}-{i}', [40, 20 + i * 6.2, 260, 25 + i * 6.2],
                     ''.join(random.choices(words, k=random.randint(4, 24))) + '1,284 件')
                for i in range(zones)]
        made.append(page(n, here, []))
    for i in range(findings):
        at = made[(i * 7) % pages]
        doubtful = at['zones'][(i * 11) % zones]
        doubtful['verdict'] = 'digit'
        at['findings'].append(finding(doubtful, ('digit', 'text', 'width')[i % 3], '1,284', '1,234',
                                      random.random(), len(doubtful['text']) - 7))
    return document(made, 'large.xml'), {each['picture']: picture for each in made}

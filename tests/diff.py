#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""diff.py BUILD [PART …]   `yomijun diff`: changes planted into a document are told in their class and
number, both ways round; without what is marked, the one document reads as the other; what is not content
makes no difference. PART: a group (classes, errors, beside, usage, size), or cases with it in their name."""
import collections, copy, os, pty, re, resource, subprocess, sys, tempfile, unicodedata
import xml.etree.ElementTree as ElementTree

import laws, plant

ElementTree.register_namespace('', laws.NAMESPACE.strip('{}'))
NS, CHANGES = laws.NAMESPACE, '{urn:yomijun:changes:1}'
SCHEMA = os.path.join(laws.ROOT, 'verify', 'changes.rng')
SAME, DIFFERENT, USAGE, INPUT, OUTPUT = 0, 1, 2, 3, 6
CLASSES = {'digits', 'lost', 'gained', 'text', 'order', 'structure', 'normalisation', 'white-space'}
PAGES = 6
# Of processor time, with slack: of 165 pages it is 0.5, the documents' validation included.
SECONDS_165 = 2
SECONDS_ALIEN = 8  # where nothing is the same


class Place:
    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.right = self.make('right', PAGES)

    def path(self, name):
        return os.path.join(self.folder, name)

    def make(self, name, pages):
        pdf, xml = self.path(name + '.pdf'), self.path(name + '.xml')
        subprocess.run([os.path.join(self.build, 'yomijun-typeset'),
                        os.path.join(laws.ROOT, 'samples', 'report.xml'), '-o', pdf,
                        '--pages', str(pages)], check=True)
        subprocess.run([os.path.join(self.build, 'yomijun'), 'process', '-q', pdf, '-o', xml], check=True)
        return xml

    def run(self, *arguments, env=None):
        return subprocess.run([os.path.join(self.build, 'yomijun'), 'diff', *arguments],
                              capture_output=True, text=True, env={**os.environ, **(env or {})})

    def planted(self, change, name='new.xml', source=None):
        """The right document after change(root). Valid, too."""
        tree = ElementTree.parse(source or self.right)
        change(tree.getroot())
        tree.write(self.path(name), encoding='UTF-8', xml_declaration=True)
        faults = laws.schema_faults(self.path(name))
        if faults:
            raise AssertionError(f'what was planted is not valid: {faults}')
        return self.path(name)


# ---- what the documents say, apart from the program ----

def passages_of(path):
    """Texts in the order that changes count: heads and folios of all pages, then the body; whether each
    is of the body."""
    root = ElementTree.parse(path).getroot()
    margins = [e for page in root.find(NS + 'pages') for e in page
               if e.tag in (NS + 'head', NS + 'folio')]
    body = [u.element for u in plant.units_of(root) if u.element not in margins]
    return [(''.join(e.itertext()), i >= len(margins)) for i, e in enumerate(margins + body)]


def spots_of(changes, side):
    """Passage number to the positions that differ; checks that the passage is quoted as it stands."""
    spots = collections.defaultdict(set)
    for passage in changes.iter(CHANGES + side):
        number = int(passage.get('passage')) - 1
        for mark in passage.iter(CHANGES + 'differs'):
            at = int(mark.get('at'))
            spots[number].update(range(at, at + len(mark.text or '')))
    return spots


def left_of(path, changes, side):
    """What is in no spot: the body in its order; heads and folios each by itself."""
    spots = spots_of(changes, side)
    left = [(''.join(c for k, c in enumerate(text) if k not in spots[i]), body)
            for i, (text, body) in enumerate(passages_of(path))]
    return (''.join(t for t, body in left if body),
            sorted(t for t, body in left if not body and t))


def quote_faults(path, changes, side):
    texts = passages_of(path)
    return [f'{side}: passage {p.get("passage")} is quoted wrongly'
            for p in changes.iter(CHANGES + side)
            if ''.join(p.itertext()) != texts[int(p.get('passage')) - 1][0]]


def compare(place, old, new):
    """Counts by class, the root of the changes, and what is wrong with them."""
    out = place.path('changes.xml')
    done = place.run(old, new, '-o', out)
    if done.returncode not in (SAME, DIFFERENT) or done.stderr:
        return {}, None, [f'exit code {done.returncode}: {done.stderr}']
    faults = laws.schema_faults(out, SCHEMA)
    changes = ElementTree.parse(out).getroot()
    counts = collections.Counter(c.get('class') for c in changes.iter(CHANGES + 'change'))
    said = {c.get('class'): int(c.get('changes')) for c in changes.iter(CHANGES + 'count')}
    if said.keys() != CLASSES or any(said[k] != counts[k] for k in CLASSES):
        faults.append(f'counts {said} for {dict(counts)}')
    if (done.returncode == DIFFERENT) != bool(counts):
        faults.append(f'exit code {done.returncode} with {sum(counts.values())} changes')
    worst = next((c.get('class') for c in changes.iter(CHANGES + 'count') if c.get('changes') != '0'), 'none')
    if changes.get('worst') != worst:
        faults.append(f'worst is {changes.get("worst")}, not {worst}')
    faults += quote_faults(old, changes, 'old') + quote_faults(new, changes, 'new')
    one, other = left_of(old, changes, 'old'), left_of(new, changes, 'new')
    if one != other:
        at = next((i for i, (a, b) in enumerate(zip(one[0], other[0])) if a != b), -1)
        faults.append(f'not marked: {one[0][at - 5:at + 20]!r} | {other[0][at - 5:at + 20]!r}'
                      f' {set(one[1]) ^ set(other[1])}')
    return dict(counts), changes, faults


def turned(counts):
    names = {'lost': 'gained', 'gained': 'lost'}
    return {names.get(k, k): n for k, n in counts.items()}


def both_ways(place, old, new, expected):
    faults = []
    for a, b, counts in ((old, new, expected), (new, old, turned(expected))):
        found, changes, wrong = compare(place, a, b)
        faults += wrong
        if found != counts:
            faults.append(f'{found}, not {counts}'
                          + ''.join('\n    ' + ElementTree.tostring(c, 'unicode').strip()[:700]
                                    for c in (changes if changes is not None else [])
                                    if c.tag.endswith('change'))[:4000])
    return faults


# ---- what is planted ----

def units(root, tag='p', cell=None, least=1):
    """Units of the body with a text that is there once, in order."""
    there = collections.Counter(u.text for u in plant.units_of(root))
    return [u for u in plant.units_of(root)
            if u.tag == tag and len(u.text) >= least and there[u.text] == 1 and not len(u.element)
            and (cell is None or (u.cell is not None) == cell) and plant.local(u.parent) != 'figure']


def edit(pick, change):
    """Changes the text of one element."""
    def planted(root):
        unit = pick(root)
        new = change(unit.text)
        assert new != unit.text, unit.text
        plant.set_text(unit.element, new)
    return planted


def paragraph(root, least=40, cell=True, which=3):
    return units(root, cell=cell, least=least)[which]


def with_pattern(pattern, which=0):
    return lambda root: [u for u in units(root, cell=True) if re.search(pattern, u.text)][which]


def several(*changes):
    def planted(root):
        for change in changes:
            change(root)
    return planted


def parent_of(root, element):
    return next(p for p in root.iter() if element in list(p))


def swap_cells(root):
    row = next(r for r in root.iter(NS + 'row')
               if sum(len(c) == 1 and len(''.join(c.itertext())) >= 4 for c in r) >= 2)
    one, other = [c for c in row if len(c) == 1 and len(''.join(c.itertext())) >= 4][:2]
    plant.exchange_contents(one, other)


def swap_blocks(root):
    """The list after the first paragraph of the body comes before it."""
    body = root.find(NS + 'body')
    at = next(i for i in range(len(body) - 1)
              if [plant.local(e) for e in body[i:i + 2]] == ['p', 'list'])
    body[at:at + 2] = [body[at + 1], body[at]]


def split(root):
    unit = paragraph(root, least=60)
    text, again = unit.text, copy.deepcopy(unit.element)
    plant.set_text(unit.element, text[:30])
    plant.set_text(again, text[30:])
    unit.parent.insert(list(unit.parent).index(unit.element) + 1, again)


def rename(tag, **attributes):
    def planted(root):
        element = paragraph(root, cell=False, which=0).element
        element.tag = NS + tag
        element.attrib.update(attributes)
    return planted


def level(root):
    heading = next(root.iter(NS + 'heading'))
    heading.set('level', str(int(heading.get('level')) % 6 + 1))


def to_next_cell(root):
    """The last paragraph of a cell of several goes to the next one's beginning."""
    for row in root.iter(NS + 'row'):
        for one, other in zip(row, list(row)[1:]):
            if len(one) > 1 and len(''.join(one[-1].itertext())) > 20:
                other.insert(0, one[-1])
                one.remove(one[-1])
                return


def cell_attribute(name, value):
    def planted(root):
        rows = list(next(t for t in root.iter(NS + 'table') if len(t) > 3))
        cell = next(c for c in rows[2] if len(c))
        cell.set(name, value) if cell.get(name) != value else cell.attrib.pop(name)
    return planted


def split_row(root):
    """The cells from the third on become a row of their own."""
    table = next(t for t in root.iter(NS + 'table') if any(len([c for c in r if len(c)]) == 4 for r in t))
    row = [r for r in table if len([c for c in r if len(c)]) == 4][1]
    again = ElementTree.Element(NS + 'row')
    for cell in list(row)[3:]:
        row.remove(cell)
        again.append(cell)
    table.insert(list(table).index(row) + 1, again)


def split_table(root):
    body = root.find(NS + 'body')
    table = max(body.iter(NS + 'table'), key=len)
    again = ElementTree.Element(NS + 'table', columns=table.get('columns'))
    for row in list(table)[len(table) // 2:]:
        table.remove(row)
        again.append(row)
    parent = parent_of(root, table)
    parent.insert(list(parent).index(table) + 1, again)


def columns(root):
    next(root.iter(NS + 'table')).set('columns', '9')


def underline(root):
    element = paragraph(root).element
    text = element.text
    element.text = text[:5]
    mark = ElementTree.SubElement(element, NS + 'u')
    mark.text, mark.tail = text[5:9], text[9:]


def move_box(by):
    def planted(root):
        zone = [z for z in root.iter(NS + 'zone') if z.get('id') == paragraph(root).zones[0]][0]
        zone.set('box', ' '.join(f'{float(v) + by:g}' for v in zone.get('box').split()))
    return planted


def remove(root):
    unit = paragraph(root)
    unit.parent.remove(unit.element)


def fail_page(root):
    """Page 3 cannot be read: what is on it alone is gone, its heads and zones too."""
    page = root.find(NS + 'pages')[2]
    for unit in plant.units_of(root):
        if unit.pages == {3} and unit.parent is not page:
            unit.parent.remove(unit.element)
    for element in list(page):
        if plant.local(element) != 'zone':
            page.remove(element)
    page.set('failed', 'it is damaged')


def only_fail(root):
    root.find(NS + 'pages')[2].set('failed', 'it is damaged')


def figure(root):
    page = root.find(NS + 'pages')[1]
    zone = next(page.iter(NS + 'zone'))
    again = copy.deepcopy(zone)
    again.attrib.update(id='z99999', box='500 700 520 720')
    page.insert(list(page).index(zone), again)
    root.find(NS + 'body').append(ElementTree.Element(NS + 'figure', zones='z99999'))


def neighbours(old, new):
    """Cells that are beside each other, in rows of one table, say these numbers."""
    def planted(root, values):
        table = max(root.iter(NS + 'table'), key=len)
        cells = [row[0] for row in list(table)[3:3 + len(values)]]
        for cell, value in zip(cells, values):
            plant.set_text(cell[0], value)
    return (lambda root: planted(root, old)), (lambda root: planted(root, new))


def wide(text):
    return re.sub('[0-9]', lambda m: chr(ord(m[0]) + 0xFEE0), text)


def after(number, put):
    return lambda text: text[:number] + put + text[number:]


DIGIT = '[0-9],[0-9]{3}'
EDITED = {  # name: (change to the right document, what is expected)
    'white space put in': (edit(paragraph, after(10, ' ')), {'white-space': 1}),
    'white space at the end': (edit(paragraph, lambda t: t + '　'), {'white-space': 1}),
    'full width': (edit(with_pattern(DIGIT), wide), {'normalisation': 1}),
    'radical': (edit(paragraph, after(10, '\u2f08')), {'text': 1}),
    'decomposed kana': (edit(with_pattern('[がだでば]'), lambda t: unicodedata.normalize('NFD', t)),
                        {'normalisation': 1}),
    'a digit': (edit(with_pattern(DIGIT), lambda t: re.sub(DIGIT, '9,999', t, count=1)), {'digits': 1}),
    'a digit gone': (edit(with_pattern(DIGIT), lambda t: re.sub('[0-9],', ',', t, count=1)),
                     {'digits': 1}),
    'three numbers': (several(*(edit(with_pattern(DIGIT, 3 * i), lambda t: re.sub(DIGIT, '8,888', t))
                                for i in range(3))), {'digits': 3}),
    'a character': (edit(paragraph, lambda t: t[:7] + '龍' + t[8:]), {'text': 1}),
    'characters in two': (several(edit(paragraph, after(7, '龍')),
                                  edit(lambda r: paragraph(r, which=9), after(9, '虎'))), {'text': 2}),
    'a digit and a character in one': (edit(with_pattern(DIGIT), lambda t: '龍' + re.sub(DIGIT, '9,999', t)),
                                       {'text': 1, 'digits': 1}),
    'characters swapped': (edit(with_pattern('^[^0-9０-９]{20}'),
                                lambda t: t[:6] + t[8:10] + t[6:8] + t[10:]), {'order': 1}),
    'digits swapped': (edit(with_pattern(r'([0-9])(?!\1)[0-9]'),
                            lambda t: re.sub(r'([0-9])(?!\1)([0-9])', r'\2\1', t, count=1)), {'digits': 1}),
    'cells swapped': (swap_cells, {'order': 1, 'structure': 2}),
    'blocks swapped': (swap_blocks, {'order': 1}),
    'split': (split, {'structure': 1}),
    'heading': (rename('heading', level='2'), {'structure': 1}),
    'note': (rename('note'), {'structure': 1}),
    'level': (level, {'structure': 1}),
    'in the next cell': (to_next_cell, {'structure': 1}),
    'row span': (cell_attribute('rowspan', '2'), {'structure': 1}),
    'header': (cell_attribute('header', 'row'), {'structure': 1}),
    'row split': (split_row, {'structure': None}),
    'table split': (split_table, {'structure': 1}),
    'columns': (columns, {'structure': 1}),
    'underlined': (underline, {'structure': 1}),
    'box moved far': (move_box(40), {'structure': 1}),
    'figure': (figure, {'structure': 1}),
    'paragraph lost': (remove, {'lost': 1}),
    'a line lost': (edit(lambda r: paragraph(r, least=60), lambda t: t[:20] + t[40:]), {'lost': 1}),
    'page failed': (only_fail, {'lost': 1}),
}


def try_edited(place, name):
    change, expected = EDITED[name]
    new = place.planted(change)
    if None in expected.values():  # so many, at least one
        found, _, _ = compare(place, place.right, new)
        expected = {k: found.get(k, 0) or 1 for k in expected}
    return both_ways(place, place.right, new, expected)


def try_neighbours(place, old, new, expected):
    one, other = neighbours(old, new)
    return both_ways(place, place.planted(one, 'one.xml'), place.planted(other, 'other.xml'), expected)


def try_compatibility(place):
    old = place.planted(edit(paragraph, after(10, '(株)')), 'one.xml')
    new = place.planted(edit(paragraph, after(10, '㈱')), 'other.xml')
    return both_ways(place, old, new, {'normalisation': 1})


def try_page_failed(place):
    """With its text: that is lost, and so are its heads."""
    new = place.planted(fail_page)
    found, changes, faults = compare(place, place.right, new)
    told = [c for c in changes.iter(CHANGES + 'change') if 'cannot be read' in (c.get('what') or '')]
    if len(told) != 1 or told[0].get('page') != '3' or told[0].get('class') != 'lost':
        faults.append('the failed page is not told')
    back, _, more = compare(place, new, place.right)
    if back != turned(found):
        faults.append(f'{back} the other way round, not {turned(found)}')
    return faults + more


def try_classes(place):
    for name in EDITED:
        yield f'classes: {name}', lambda n=name: try_edited(place, n)
    for old, new, expected in ((['5', '7'], ['7', '9'], {'digits': 2}),
                               (['なし', 'あり'], ['あり', 'なし'], {'text': 2}),
                               (['12', '-'], ['-12', '-'], {'digits': 1}),
                               (['12.5', '8'], ['125', '8'], {'digits': 1})):
        yield (f'classes: neighbours {old} → {new}',
               lambda o=old, n=new, e=expected: try_neighbours(place, o, n, e))
    yield 'classes: ㈱', lambda: try_compatibility(place)
    yield 'classes: page failed with its text', lambda: try_page_failed(place)


# ---- errors as verification's tests plant them ----

def try_errors(place, kind, expected):
    """Three of a kind. expected: class to least and most for one. How interleaved
    lines are cut to pieces depends on the side that one begins with."""
    new, faults = place.path('planted.xml'), []
    for seed in range(3):
        errors = plant.plant(place.right, new, {kind: 3}, seed)
        found, _, wrong = compare(place, place.right, new)
        back, _, more = compare(place, new, place.right)
        faults += wrong + more
        number = len(errors)
        for k in found.keys() | expected.keys():
            least, most = expected.get(k, (0, 0))
            if not least * number <= found.get(k, 0) <= most * number:
                faults.append(f'seed {seed}: {found} of {number}: ' + ' | '.join(map(str, errors)))
        if back.keys() != turned(found).keys() and kind != 'lines-interleaved':
            faults.append(f'seed {seed}: {found}, but {back} the other way round')
    return faults


ERRORS = {
    'digit': {'digits': (1, 1)},
    'character': {'text': (1, 1)},
    'look-alike': {'text': (0, 1), 'digits': (0, 1)},
    'line-dropped': {'lost': (0, 1), 'digits': (0, 1), 'text': (0, 1)},
    'paragraph-doubled': {'gained': (1, 1)},
    'cells-swapped': {'order': (1, 6), 'structure': (0, 10)},
    'lines-interleaved': {'order': (1, 8), 'text': (0, 2), 'structure': (0, 1), 'digits': (0, 2),
                          'lost': (0, 1), 'gained': (0, 1), 'white-space': (0, 2)},
    'shifted-font': {'text': (1, 1)},
}


def try_all_errors(place):
    for kind, expected in ERRORS.items():
        yield f'errors: {kind}', lambda k=kind, e=expected: try_errors(place, k, e)


# ---- what is no difference ----

def aside(root):
    root.find(NS + 'producer').set('version', '9.9')
    root.find(NS + 'producer').set('options', 'ocr=never')
    for element in root.iter():
        for name in ('id', 'zones'):
            if element.get(name):
                element.set(name, re.sub('z', 'other', element.get(name)))
    for zone in root.iter(NS + 'zone'):
        zone.set('confidence', '0.5')
        zone.set('box', ' '.join(f'{float(v) + 2:g}' for v in zone.get('box').split()))


def try_itself(place):
    found, _, faults = compare(place, place.right, place.right)
    done = place.run(place.right, place.right)
    if done.stdout.splitlines()[1:] != ['0 changes']:
        faults.append(done.stdout[:200])
    return faults + ([f'{found}'] if found else [])


def try_aside(place):
    new = place.planted(aside)
    found, changes, faults = compare(place, place.right, new)
    said = changes.get('aside').split()
    if found or said != ['producer', 'zones', 'confidence', 'boxes']:
        faults.append(f'{found}; aside: {said}')
    done = place.run(place.right, new)
    if done.returncode != SAME or 'another version' not in done.stdout:
        faults.append(f'exit code {done.returncode}: {done.stdout[:200]}')
    return faults


def try_same_bytes(place):
    new = place.path('planted.xml')
    plant.plant(place.right, new, {kind: 2 for kind in ERRORS}, 5)
    return [f'{format}: other bytes' for format in ('text', 'xml')
            if place.run(place.right, new, '-f', format).stdout
            != place.run(place.right, new, '-f', format).stdout]


def try_beside(place):
    yield 'beside: with itself', lambda: try_itself(place)
    yield 'beside: no content', lambda: try_aside(place)
    yield 'beside: the same bytes', lambda: try_same_bytes(place)


# ---- usage ----

def ends(place, code, *arguments, **options):
    done = place.run(*arguments, **options)
    faults = [] if done.returncode == code else [f'exit code {done.returncode}, not {code}']
    if code > DIFFERENT and (len(done.stderr.splitlines()) != 1 or done.stdout):
        faults.append(f'messages: {done.stderr!r} {done.stdout[:80]!r}')
    return faults


def written(place, name, text):
    with open(place.path(name), 'w', encoding='utf-8') as f:
        f.write(text)
    return place.path(name)


def on_terminal(place, *arguments, env=None):
    """What it puts out where standard output is a terminal."""
    controller, terminal = pty.openpty()
    child = subprocess.Popen([os.path.join(place.build, 'yomijun'), 'diff', *arguments], stdout=terminal,
                             env={**{k: v for k, v in os.environ.items() if k != 'NO_COLOR'}, **(env or {})})
    os.close(terminal)
    out = b''
    try:
        while chunk := os.read(controller, 65536):
            out += chunk
    except OSError:  # the other end is closed
        pass
    os.close(controller)
    child.wait()
    return out.decode()


def try_colour(place):
    new = place.planted(EDITED['a digit'][0])
    plain, coloured = '[-', '\033['
    shown = [('auto, no terminal', place.run(place.right, new).stdout, plain),
             ('always', place.run(place.right, new, '--color=always').stdout, coloured),
             ('auto, terminal', on_terminal(place, place.right, new), coloured),
             ('never, terminal', on_terminal(place, place.right, new, '--color=never'), plain),
             ('NO_COLOR', on_terminal(place, place.right, new, env={'NO_COLOR': '1'}), plain)]
    return [f'{name}: {out[:100]!r}' for name, out, mark in shown
            if mark not in out or {plain: coloured, coloured: plain}[mark] in out]


def try_text(place):
    new = place.planted(EDITED['a digit'][0])
    out = place.run(place.right, new).stdout
    faults = [f'no {what!r}' for what in ('\npage ', 'digits  page ', 'table ', '[-', '{+9,999+}')
              if what not in re.sub(r'\+\}(.?)\{\+', r'\1', out)]
    return faults + ([] if out.splitlines()[-1] == '1 change: 1 digits' else [out[-80:]])


def try_formats(place):
    new = place.planted(EDITED['a digit'][0])
    faults = []
    for name, arguments, xml in (('a.xml', [], True), ('a.txt', [], False), ('b.xml', ['-f', 'text'], False),
                                 ('b.txt', ['-f', 'xml'], True)):
        place.run(place.right, new, '-o', place.path(name), *arguments)
        with open(place.path(name), encoding='utf-8') as f:
            faults += [f'{name} {arguments}'] if f.read().startswith('<?xml') != xml else []
    return faults


def try_usage(place):
    right, new = place.right, place.planted(EDITED['a digit'][0], 'usage.xml')
    wrong = written(place, 'wrong.xml', '<document xmlns="urn:yomijun:document:1"/>')
    other = written(place, 'other.xml', '<html/>')
    damaged = written(place, 'damaged.xml', '<document')
    with open(right, encoding='utf-8') as f:
        text = f.read()
    start = text.index('>', text.index('<p zones=')) + 1
    deep = written(place, 'deep.xml', text[:start] + 100000 * '<u>' + 100000 * '</u>' + text[start:])
    typed = written(place, 'typed.xml', text.replace('?>', '?><!DOCTYPE document>', 1))
    kept = written(place, 'kept.txt', 'old')
    for name, code, arguments in (
            ('one document', USAGE, [right]), ('none', USAGE, []), ('three', USAGE, [right, right, right]),
            ('format', USAGE, [right, right, '-f', 'html']), ('colour', USAGE, [right, right, '--color=red']),
            ('option', USAGE, [right, right, '--fly']),
            ('validated text', USAGE, [right, right, '--validate']),
            ('not valid', INPUT, [right, wrong]), ('old not valid', INPUT, [wrong, right]),
            ('not ours', INPUT, [right, other]), ('damaged', INPUT, [damaged, right]),
            ('nested too deep', INPUT, [right, deep]), ('with a document type', INPUT, [typed, right]),
            ('missing', INPUT, [right, place.path('nothing.xml')]), ('folder', INPUT, [place.folder, right]),
            ('no folder for it', OUTPUT, [right, new, '-o', place.path('no/where.txt')]),
            ('full disk', OUTPUT, [right, new, '-o', '/dev/full']),
            ('same, validated', SAME, [right, right, '-o', place.path('v.xml'), '--validate']),
            ('different', DIFFERENT, [right, new])):
        yield f'usage: {name}', lambda c=code, a=arguments: ends(place, c, *a)

    def keeps():
        faults = ends(place, INPUT, right, wrong, '-o', kept)
        with open(kept, encoding='utf-8') as f:
            return faults + ([] if f.read() == 'old' else ['what was there is gone'])
    yield 'usage: failed output', keeps
    yield 'usage: colours', lambda: try_colour(place)
    yield 'usage: text', lambda: try_text(place)
    yield 'usage: formats', lambda: try_formats(place)


# ---- size ----

def seconds_of(run):
    """Processor time of the processes that it waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def try_large(place):
    large, new = place.make('large', 165), place.path('large-new.xml')
    plant.plant(large, new, {kind: 10 for kind in ERRORS}, 1)
    _, _, faults = compare(place, large, new)
    seconds = seconds_of(lambda: place.run(large, new))
    return faults + ([f'{seconds:.1f} s'] if seconds > SECONDS_165 else [])


def alien(root):
    """Another text altogether, in the same elements."""
    for unit in plant.units_of(root):
        plant.set_text(unit.element, ''.join(plant.shifted(c, 7 + i % 11) for i, c in enumerate(unit.text)))


def no_boxes(root):
    """… and as from plain text, so that place tells nothing."""
    alien(root)
    for zone in root.iter(NS + 'zone'):
        zone.attrib.pop('box')


def try_alien(place, change):
    large = place.make('large', 165)
    new = place.planted(change, source=large)
    codes = []
    seconds = seconds_of(lambda: codes.append(place.run(large, new).returncode))
    return ([] if codes == [DIFFERENT] else [f'exit code {codes}']) + (
        [f'{seconds:.1f} s'] if seconds > SECONDS_ALIEN else [])


def try_size(place):
    yield 'size: 165 pages with errors', lambda: try_large(place)
    yield 'size: nothing the same', lambda: try_alien(place, alien)
    yield 'size: nothing the same, no boxes', lambda: try_alien(place, no_boxes)


GROUPS = {'classes': try_classes, 'errors': try_all_errors, 'beside': try_beside, 'usage': try_usage,
          'size': try_size}


def main():
    parts, failed = sys.argv[2:], 0
    with tempfile.TemporaryDirectory() as folder:
        place = Place(os.path.abspath(sys.argv[1]), folder)
        for group in GROUPS.values():
            for name, case in group(place):
                if parts and not any(part in name for part in parts):
                    continue
                try:
                    faults = case()
                except (StopIteration, IndexError, AssertionError) as fault:
                    faults = [f'cannot be planted: {fault!r}']
                failed += bool(faults)
                print('BAD ' if faults else 'good', name, *faults, sep='\n  ' if faults else ' ')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

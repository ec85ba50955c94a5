#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""plant.py DOCUMENT.xml KIND=COUNT … -o CHANGED.xml [--list LIST.json] [--seed N]   plants errors into a
document that is right, such as extraction or OCR make them. The same document, kinds and seed give the
same errors. What comes out still validates; its counts do not add up any more.

KIND, and its forms, which take turns:
  digit              becomes another one: in an amount, in running text
  character          becomes an unlike one that is frequent in the document: kanji, kana
  look-alike         becomes one of the same shape (ロ/口), a stroke apart (未/末), or with another mark or
                     size (は/ば, っ/つ)
  line-dropped       about a line is cut out of a paragraph
  paragraph-doubled  its text again inside it; the whole again after it, with the same zones; the text of
                     another one after it, with its zones
  cells-swapped      the texts of two cells of a row, whose zones stay; their paragraphs with the zones
  lines-interleaved  lines of two cells of a row by turns: all in the first cell, or half in each
  shifted-font       each kanji and kana of a paragraph is another, so many code points further
  page-out-of-place  two pages change places, with their zones but without their text

No two errors touch the same paragraph; those from line-dropped on keep a paragraph between them, and no
two of them are in one row. LIST.json: an object for each, with the fields of Planted."""
import argparse, collections, copy, functools, itertools, json, random, re, sys, unicodedata
import xml.etree.ElementTree as ElementTree

import laws

ElementTree.register_namespace('', laws.NAMESPACE.strip('{}'))

DIGITS, WIDE_DIGITS = '0123456789', '０１２３４５６７８９'
# With a separator, or of three digits and more.
AMOUNT = re.compile(r'[0-9０-９]+(?:[,.，．][0-9０-９]+)+|[0-9０-９]{3,}')
KANJI, HIRAGANA, KATAKANA = '[一-龥]', '[ぁ-ゖ]', '[ァ-ヺ]'
SAME_SHAPE = ['ロ口', 'カ力', 'ー一', 'ニ二', 'ハ八', 'エ工', 'タ夕', 'ト卜', 'オ才', 'へヘ', 'べベ', 'ぺペ', 'りリ',
              'O0', 'l1', '日曰']
STROKE_APART = [
    '未末', '士土', '千干', 'ソン', 'シツ', '大太犬', '問間', '人入', '木本', '体休', '目自', '申甲由', '理埋', '持特待侍',
    '官宮', '予子', '材村', '地他', '住往', '技枝', '緑縁', '施旋', '防妨', '績積', '識織職', '復複', '綱網', '輪輸',
    '遣遺', '微徴', '貝見', '王玉', '石右', '牛午', '矢失', '名各', '今令', '困因', '田由', '氷永', 'チ千', 'セ七',
    'クワ', 'コユ', 'スヌ', 'アマ', 'めぬ', 'れわ', 'るろ', 'ほは', 'さき', 'ちら']
SMALL = ['ぁあ', 'ぃい', 'ぅう', 'ぇえ', 'ぉお', 'っつ', 'ゃや', 'ゅゆ', 'ょよ', 'ァア', 'ィイ', 'ゥウ', 'ェエ', 'ォオ', 'ッツ',
         'ャヤ', 'ュユ', 'ョヨ']
MARKS = '\u3099\u309a'
# How many of the most frequent kanji, hiragana and katakana count as frequent.
FREQUENT = {KANJI: 80, HIRAGANA: 30, KATAKANA: 30}

LINE = (15, 30)       # characters of a line that is cut out
LEADING = 1.35        # of a line, in font sizes, to guess how many characters it has
CUT_FROM = 45         # a paragraph that loses a line has at least this many characters
DOUBLED = 10          # … that is doubled
INTERLEAVED = 40      # … whose lines are interleaved
LEADERS = re.compile(r'(.)\1{3}')  # such a line says nothing
SHIFTED = 20          # … of kanji and kana, that become others


class Planted:
    """An error. pages (numbers) and zones (ids): where it is to be found; also: zones of whatever else
    has to do with it. old: what is right; new: what the document says now."""

    def __init__(self, kind, form, units, old, new, also=()):
        self.kind, self.form, self.old, self.new = kind, form, old, new
        self.zones = sorted({z for u in units for z in u.zones})
        self.pages = sorted({p for u in units for p in u.pages})
        self.also = sorted({z for u in also for z in u.zones})

    def __str__(self):
        where = ', '.join(f'page {p}' for p in self.pages) + (' ' + ' '.join(self.zones)).rstrip()
        return f'{self.kind} ({self.form}), {where}: {self.old} → {self.new}'


class Unit:
    """An element whose text has zones. place: its number among them; parent; cell and row: elements
    or None."""

    def __init__(self, element, parent, place, cell, row, boxes):
        self.element, self.parent, self.place, self.cell, self.row = element, parent, place, cell, row
        self.zones = element.get('zones').split()
        self.pages = {boxes[z][0] for z in self.zones}
        self.box = boxes[self.zones[0]][1]
        self.tag = local(element)

    @property
    def text(self):
        return ''.join(self.element.itertext())


# ---- elements and their text ----

def local(element):
    return element.tag.rsplit('}', 1)[-1]


def zone_boxes(root):
    """Zone id to (page, box or None)."""
    return {z.get('id'): (int(z.get('page')), [float(v) for v in z.get('box').split()]
                          if z.get('box') else None)
            for z in root.iter(laws.NAMESPACE + 'zone')}


def units_of(root):
    """Every text with zones, in the order of the document; of figures, the paragraphs in them."""
    boxes, units = zone_boxes(root), []

    def walk(element, cell, row):
        for child in element:
            name = local(child)
            inner = (child if name == 'cell' else cell, child if name == 'row' else row)
            if child.get('zones') and name != 'figure':
                units.append(Unit(child, element, len(units), *inner, boxes))
            else:
                walk(child, *inner)

    walk(root, None, None)
    return units


def pieces(element):
    """Where the text of an element is, in order: (element, attribute)."""
    yield element, 'text'
    for child in element:
        yield from pieces(child)
        yield child, 'tail'


def replace(element, start, end, new):
    """Characters start to end of its text become new; underlines and the like stay."""
    at, placed = 0, False
    for owner, part in list(pieces(element)):
        text = getattr(owner, part) or ''
        first, last = (min(max(x - at, 0), len(text)) for x in (start, end))
        here = not placed and at + len(text) >= start and (first < len(text) or start == end)
        setattr(owner, part, text[:first] + (new if here else '') + text[last:])
        placed, at = placed or here, at + len(text)


def set_text(element, text):
    for child in list(element):
        element.remove(child)
    element.text = text


def exchange_contents(one, other):
    contents = [(e.text, list(e)) for e in (other, one)]
    for element, (text, children) in zip((one, other), contents):
        set_text(element, text)
        element.extend(children)


def filled(row):
    """Its cells that say something."""
    return [c for c in row if ''.join(c.itertext()).strip()]


def is_beside(one, other):
    """Whether half the lines of one stand beside lines of the other."""
    if not one.box or not other.box or one.pages != other.pages:
        return False
    shared = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    return shared > 0.5 * min(u.box[3] - u.box[1] for u in (one, other))


def line_length(unit):
    """About how many characters a line of it has, if they fill its box."""
    if not unit.box:
        return LINE[0]
    width, height = unit.box[2] - unit.box[0], unit.box[3] - unit.box[1]
    size = (width * height / LEADING / max(len(unit.text), 1)) ** 0.5
    return min(max(round(width / max(size, 1)), LINE[0]), LINE[1])


# ---- characters ----

def alike(groups):
    """Character to the others of its groups."""
    others = collections.defaultdict(str)
    for group in groups:
        for c in group:
            others[c] += group.replace(c, '')
    return others


def marked(c):
    """The same kana with other marks or none."""
    bare = unicodedata.normalize('NFD', c)[0]
    composed = [bare] + [unicodedata.normalize('NFC', bare + mark) for mark in MARKS]
    return ''.join(o for o in composed if len(o) == 1 and o != c)


LOOK_ALIKES = {'same shape': alike(SAME_SHAPE), 'stroke apart': alike(STROKE_APART),
               'mark or size': alike(SMALL)}
for kana in map(chr, range(ord('ぁ'), ord('ヺ') + 1)):
    if unicodedata.category(kana) == 'Lo':
        LOOK_ALIKES['mark or size'][kana] += marked(kana)


@functools.lru_cache(maxsize=None)
def is_alike(one, other):
    return any(other in table.get(one, '') for table in LOOK_ALIKES.values())


@functools.lru_cache(maxsize=None)
def class_of(c):
    return next((k for k in FREQUENT if re.match(k, c)), None)


def frequent_of(text):
    """Class to its most frequent characters."""
    counts = collections.Counter(text)
    return {k: [c for c, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
                if class_of(c) == k][:most] for k, most in FREQUENT.items()}


def shifted(c, by):
    """Another of its class, so many code points further."""
    k = class_of(c)
    if not k:
        return c
    first, last = ord(k[1]), ord(k[3])
    return chr(first + (ord(c) - first + by) % (last - first + 1))


def interleaved(one, other, by_one, by_other):
    """The pieces of two texts by turns."""
    cut = lambda text, by: [text[i:i + by] for i in range(0, len(text), by)]
    return [piece for pair in itertools.zip_longest(cut(one, by_one), cut(other, by_other), fillvalue='')
            for piece in pair if piece]


# ---- planting ----

class Planter:
    def __init__(self, root, seed):
        self.root, self.random = root, random.Random(seed)
        self.units = units_of(root)
        self.frequent = frequent_of(''.join(u.text for u in self.units))
        self.places, self.rows, self.planted = set(), set(), []
        self.options = {}  # of a kind and form, for each unit: places and what may stand there

    def plant(self, kind, count):
        """So many of the kind, its forms by turns; fewer where there is no place for more."""
        forms = list(FORMS[kind])
        while count > 0 and forms:
            for form in list(forms):
                if count > 0 and not self.plant_one(kind, form):
                    forms.remove(form)
                else:
                    count -= 1

    def plant_one(self, kind, form):
        found = FORMS[kind][form](self, kind, form)
        self.planted += found
        return bool(found)

    def take(self, *units, row=None):
        """Keeps others away from there."""
        self.places.update(u.place for u in units)
        if row is not None:
            self.rows.add(row)

    def is_far(self, unit):
        """Nothing is planted there, beside it, or in its row."""
        return (not self.places & {unit.place - 1, unit.place, unit.place + 1}
                and (unit.row is None or unit.row not in self.rows))

    def choose(self, candidates):
        candidates = list(candidates)
        return self.random.choice(candidates) if candidates else None

    def paragraph(self, least, measure=lambda u: len(u.text)):
        """One that is far from all others and measures enough, or None."""
        return self.choose(u for u in self.units
                           if u.tag == 'p' and local(u.parent) != 'figure' and measure(u) >= least
                           and self.is_far(u))

    # -- characters --

    def substitute(self, kind, form, options):
        """options(text): (position, characters to choose from) of it. A unit is drawn first, then the
        position, so that errors do not crowd where much is written."""
        if (kind, form) not in self.options:
            self.options[kind, form] = [[o for o in options(u.text) if o[1]] for u in self.units]
        possible = [(u, found) for u, found in zip(self.units, self.options[kind, form])
                    if found and u.place not in self.places]
        if not possible:
            return []
        unit, found = self.random.choice(possible)
        at, others = self.random.choice(found)
        old, new = unit.text[at], self.random.choice(others)
        self.take(unit)
        replace(unit.element, at, at + 1, new)
        return [Planted(kind, form, [unit], old, new)]

    def digit(self, kind, form):
        def options(text):
            amounts = {i for m in AMOUNT.finditer(text) for i in range(*m.span())}
            for i, c in enumerate(text):
                for digits in (DIGITS, WIDE_DIGITS):
                    if c in digits and (i in amounts) == (form == 'amount'):
                        yield i, digits.replace(c, '')
        return self.substitute(kind, form, options)

    def character(self, kind, form):
        classes = {'kanji': [KANJI], 'kana': [HIRAGANA, KATAKANA]}[form]

        def options(text):
            for i, c in enumerate(text):
                if class_of(c) in classes:
                    yield i, [o for o in self.frequent[class_of(c)] if o != c and not is_alike(c, o)]
        return self.substitute(kind, form, options)

    def look_alike(self, kind, form):
        table = LOOK_ALIKES[form]
        return self.substitute(kind, form, lambda text: [(i, table.get(c, ''))
                                                         for i, c in enumerate(text)])

    # -- paragraphs --

    def line_dropped(self, kind, form):
        unit = self.paragraph(CUT_FROM, lambda u: 0 if LEADERS.search(u.text) else len(u.text))
        if not unit:
            return []
        self.take(unit, row=unit.row)
        text, length = unit.text, line_length(unit)
        start = self.random.randrange(len(text) - length + 1)
        replace(unit.element, start, start + length, '')
        return [Planted(kind, form, [unit], text[start:start + length], '')]

    def doubled(self, kind, form):
        unit = self.paragraph(DOUBLED)
        if not unit:
            return []
        self.take(unit, row=unit.row)
        if form == 'inside':
            text = unit.text
            replace(unit.element, len(text), len(text), text)
            return [Planted(kind, form, [unit], text, text + text)]
        again, source = copy.deepcopy(unit.element), unit
        if form == 'other text':
            source = self.paragraph(DOUBLED, lambda u: len(u.text) if u.text != unit.text else 0)
            if not source:
                return []
            self.take(source)
            set_text(again, source.text)
        again.tail = unit.element.tail
        unit.parent.insert(list(unit.parent).index(unit.element) + 1, again)
        return [Planted(kind, form, [unit], '', source.text, also=[source])]

    def shifted_font(self, kind, form):
        unit = self.paragraph(SHIFTED, lambda u: sum(map(bool, map(class_of, u.text))))
        if not unit:
            return []
        self.take(unit, row=unit.row)
        text, by = unit.text, self.random.randint(1, 30)
        new = ''.join(shifted(c, by) for c in text)
        set_text(unit.element, new)
        return [Planted(kind, form, [unit], text, new)]

    # -- rows --

    def free_rows(self):
        """Rows of which nothing is touched, with their units."""
        rows = collections.defaultdict(list)
        for unit in self.units:
            if unit.row is not None:
                rows[unit.row].append(unit)
        return [(row, units) for row, units in rows.items()
                if row not in self.rows and not self.places & {u.place for u in units}]

    def swapped(self, kind, form):
        pairs = [(row, units, one, other) for row, units in self.free_rows()
                 for one, other in itertools.combinations(filled(row), 2)
                 if ''.join(one.itertext()) != ''.join(other.itertext())
                 and (form == 'paragraphs' or len(one) == len(other))]
        if not pairs:
            return []
        row, units, one, other = self.random.choice(pairs)
        self.take(*units, row=row)
        texts = [''.join(c.itertext()) for c in (one, other)]
        if form == 'texts':
            for pair in zip(list(one), list(other)):
                exchange_contents(*pair)
        else:
            exchange_contents(one, other)
        touched = [u for u in units if u.cell in (one, other)]
        return [Planted(kind, form, touched, ' | '.join(texts), ' | '.join(texts[::-1]), also=units)]

    def interleave(self, kind, form):
        pairs = [(row, units, one, other) for row, units in self.free_rows()
                 for one, other in itertools.combinations(
                     [u for u in units if len(u.text) >= INTERLEAVED], 2)
                 if one.cell is not other.cell and is_beside(one, other)]
        if not pairs:
            return []
        row, units, one, other = self.random.choice(pairs)
        self.take(*units, row=row)
        old = f'{one.text} | {other.text}'
        lines = interleaved(one.text, other.text, line_length(one), line_length(other))
        half = len(lines) if form == 'one cell' else (len(lines) + 1) // 2
        planted = Planted(kind, form, [one, other], old, ' | '.join(lines), also=units)
        set_text(one.element, ''.join(lines[:half]))
        set_text(other.element, ''.join(lines[half:]))
        if form == 'one cell':
            one.element.set('zones', f'{one.element.get("zones")} {other.element.get("zones")}')
            other.parent.remove(other.element)
        return [planted]

    # -- pages --

    def out_of_place(self, kind, form):
        pages = self.root.find(laws.NAMESPACE + 'pages')
        free = sorted({p for u in self.units for p in u.pages}
                      - {p for planted in self.planted for p in planted.pages})
        if len(free) < 2:
            return []
        one, other = sorted(self.random.sample(free, 2))
        new = {str(one): str(other), str(other): str(one)}
        for page in pages:
            page.set('n', new.get(page.get('n'), page.get('n')))
            for zone in page.iterfind(laws.NAMESPACE + 'zone'):
                zone.set('page', new.get(zone.get('page'), zone.get('page')))
        pages[:] = sorted(pages, key=lambda p: int(p.get('n')))
        found = [Planted(kind, form, [], str(a), str(b)) for a, b in ((one, other), (other, one))]
        for planted, n in zip(found, (other, one)):
            planted.pages = [n]
        return found


FORMS = {
    'digit': {'amount': Planter.digit, 'running text': Planter.digit},
    'character': {'kanji': Planter.character, 'kana': Planter.character},
    'look-alike': {form: Planter.look_alike for form in LOOK_ALIKES},
    'line-dropped': {'line': Planter.line_dropped},
    'paragraph-doubled': {'inside': Planter.doubled, 'element': Planter.doubled,
                          'other text': Planter.doubled},
    'cells-swapped': {'texts': Planter.swapped, 'paragraphs': Planter.swapped},
    'lines-interleaved': {'one cell': Planter.interleave, 'each cell': Planter.interleave},
    'shifted-font': {'paragraph': Planter.shifted_font},
    'page-out-of-place': {'pages': Planter.out_of_place},
}


def plant(source, target, counts, seed):
    """counts: kind to number. Writes the document with the errors; what was planted."""
    tree = ElementTree.parse(source)
    planter = Planter(tree.getroot(), seed)
    for kind, count in counts.items():
        planter.plant(kind, count)
    tree.write(target, encoding='UTF-8', xml_declaration=True)
    return planter.planted


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('document')
    parser.add_argument('counts', nargs='+', metavar='KIND=COUNT')
    parser.add_argument('-o', '--output', required=True)
    parser.add_argument('--list', metavar='FILE')
    parser.add_argument('--seed', type=int, default=0)
    options = parser.parse_args()
    counts = {kind: int(count) for kind, count in (c.split('=') for c in options.counts)}
    if not counts.keys() <= FORMS.keys():
        parser.error('kinds are ' + ', '.join(FORMS))
    planted = plant(options.document, options.output, counts, options.seed)
    if options.list:
        with open(options.list, 'w', encoding='utf-8') as f:
            json.dump([vars(p) for p in planted], f, ensure_ascii=False, indent=1)
    else:
        print(*planted, sep='\n')
    faults = laws.schema_faults(options.output)
    print(*faults, sep='\n', file=sys.stderr, end='\n' if faults else '')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())

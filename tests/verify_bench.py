# SPDX-License-Identifier: GPL-3.0-or-later
"""How much `yomijun verify` sees: of errors that plant.py plants into documents that are right, how many it
finds, on how good a picture; and what it finds where nothing is wrong.

An error is found by a finding of a suitable kind on its page, whose zone is one of its own, or whose box
lies on one; for a single character, the finding must quote it. A finding that no error explains is false.
Findings that touch an error explain nothing beside it: in a paragraph with one wrong digit, each other
character found is false."""
import collections, json, os, unicodedata
import xml.etree.ElementTree as ElementTree

import edits, laws, make_images, measured, plant, scans

REPORT = '{urn:yomijun:report:1}'
REPORT_SCHEMA = os.path.join(laws.ROOT, 'verify', 'report.rng')
AGREES, DISAGREES = 0, 1
SECONDS_A_PAGE = 60
# A finding lies on a zone when they share this part of the smaller one.
SHARED = 0.25

# Kind of error: kinds of findings that tell it.
SUITABLE = {
    'digit': {'digit'},
    'character': {'text', 'variant', 'digit'},
    'look-alike': {'text', 'variant', 'digit'},
    'line-dropped': {'missing', 'ink-without-text'},
    'paragraph-doubled': {'doubled', 'text-without-ink'},
    'cells-swapped': {'neighbour', 'order', 'text', 'digit', 'missing'},
    'lines-interleaved': {'order', 'neighbour', 'missing', 'text'},
    'shifted-font': {'text'},
    'page-out-of-place': {'page'},
}
SINGLE = {'digit', 'character', 'look-alike'}
# What goes into one document: so little that its pages stay mostly right.
PLANS = {
    'characters': {'digit': 14, 'character': 14, 'look-alike': 9},
    'paragraphs': {'line-dropped': 3, 'paragraph-doubled': 3},
    'cells': {'cells-swapped': 2, 'lines-interleaved': 2, 'shifted-font': 2},
    'pages': {'page-out-of-place': 1},
}
PLANNED_PAGES = 3  # for which these counts are

# Documents, and how they are set: prose and tables of measures; amounts with signs and units; small gothic.
DOCUMENTS = {
    'report': ('report.xml', ['--pages', str(PLANNED_PAGES)]),
    'accounts': ('accounts.xml', []),
    'gothic': ('report.xml', ['--pages', str(PLANNED_PAGES), '--font', 'IPAGothic', '--size', '9']),
}

# Where a hand-made picture differs from the page: points cut off (or, negative, added) at left, top,
# right and bottom.
CROPPED = (30, 10, 12, 20)
PADDED = (-60, -90, -20, -40)
BAD = '--noise 8 --blur 0.7 --jpeg 60 --skew 0.7'

# Characters that the wrong table of that page has, and those that are printed.
RULED_27 = 'ruled-27-r8-15-p003'
WRONG_TABLE = {'遃': '過', '邅': '邦', '郤': '配'}


def fold(text):
    return unicodedata.normalize('NFKC', text or '')


# ---- reports ----

class Finding:
    """zones: ids; box: four numbers or None; looks: (by, says, confidence) as the report has them."""

    def __init__(self, element, page):
        self.kind, self.page = element.get('kind'), int(element.get('page') or page)
        self.zones = set((element.get('zone') or '').split())
        self.box = [float(v) for v in element.get('box').split()] if element.get('box') else None
        self.expected, self.seen = element.get('expected') or '', element.get('seen') or ''
        self.confidence, self.at = element.get('confidence'), element.get('at')
        self.looks = [(l.get('by'), l.get('says'), l.get('confidence'))
                      for l in element.iter(REPORT + 'look')]

    def __str__(self):
        looks = ''.join(f'; {by}: {says} ({confidence})' for by, says, confidence in self.looks)
        return (f'{self.kind}, page {self.page} {" ".join(sorted(self.zones))} at {self.at}: '
                f'"{self.expected}", seen "{self.seen}" ({self.confidence}){looks}')


class Report:
    """failed: numbers of pages that were not compared."""

    def __init__(self, path):
        root = ElementTree.parse(path).getroot()
        self.agreement, self.findings = float(root.get('agreement')), []
        self.failed = {int(p.get('n')) for p in root.iter(REPORT + 'page') if p.get('failed')}
        for page in root.iter(REPORT + 'page'):
            self.findings += [Finding(f, page.get('n')) for f in page.iter(REPORT + 'finding')]


# ---- judging ----

def lies_on(box, other):
    sides = [min(box[i + 2], other[i + 2]) - max(box[i], other[i]) for i in (0, 1)]
    area = lambda b: max(b[2] - b[0], 0) * max(b[3] - b[1], 0)
    return min(sides) > 0 and sides[0] * sides[1] >= SHARED * min(area(box), area(other))


def is_at(finding, pages, zones, boxes):
    """On one of the pages, in one of the zones; without zones, anywhere on the pages."""
    if finding.page not in pages:
        return False
    if not zones or finding.zones & set(zones):
        return True
    return finding.box is not None and any(
        boxes[z][0] == finding.page and boxes[z][1] and lies_on(finding.box, boxes[z][1])
        for z in zones)


def quotes(finding, error):
    """Whether it tells this character."""
    if finding.expected:
        return fold(error.new) in fold(finding.expected)
    return fold(error.old) in fold(finding.seen)


def explains(error, finding, boxes):
    if error.kind in SINGLE and not quotes(finding, error):
        return False
    also = error.also and is_at(finding, {boxes[z][0] for z in error.also}, error.also, boxes)
    return also or is_at(finding, error.pages, error.zones, boxes)


def finds(finding, error, boxes):
    return (finding.kind in SUITABLE[error.kind]
            and is_at(finding, error.pages, error.zones, boxes)
            and (error.kind not in SINGLE or quotes(finding, error)))


class Judgement:
    """found and missed: errors, these with the findings that touch them; false: findings."""

    def __init__(self, errors, findings, boxes):
        self.found = [e for e in errors if any(finds(f, e, boxes) for f in findings)]
        self.missed = [(e, [f for f in findings if is_at(f, e.pages, e.zones, boxes)])
                       for e in errors if e not in self.found]
        self.false = [f for f in findings if not any(explains(e, f, boxes) for e in errors)]


class Score:
    """Sums over documents. counts: (kind, form) to [found, planted]. codes: documents whose exit code is
    not as it should be. faults: why there are no results."""

    def __init__(self):
        self.counts = collections.defaultdict(lambda: [0, 0])
        self.false_right = self.characters_right = self.false_planted = self.characters_planted = 0
        self.seconds = self.pages = 0
        self.missed, self.false, self.codes, self.faults = [], [], [], []

    def add(self, name, judgement, characters, errors):
        for error in errors:
            self.counts[error.kind, error.form][1] += 1
        for error in judgement.found:
            self.counts[error.kind, error.form][0] += 1
        if errors:
            self.false_planted += len(judgement.false)
            self.characters_planted += characters
        else:
            self.false_right += len(judgement.false)
            self.characters_right += characters
        self.missed += [(name, *m) for m in judgement.missed]
        self.false += [(name, f) for f in judgement.false]

    def of(self, kind, form=None):
        """(found, planted)"""
        some = [c for (k, f), c in self.counts.items() if k == kind and form in (None, f)]
        return sum(c[0] for c in some), sum(c[1] for c in some)


# ---- running ----

class Document:
    """A file to verify: characters in it, errors planted in it, boxes of its zones."""

    def __init__(self, name, path, errors=()):
        root = ElementTree.parse(path).getroot()
        self.name, self.path, self.errors = name, path, list(errors)
        self.boxes = plant.zone_boxes(root)
        self.texts = collections.defaultdict(str)  # of each zone; the whole one where there are two
        for unit in plant.units_of(root):
            for zone in unit.zones:
                self.texts[zone] += unit.text
        self.characters = sum(len(edits.norm(u.text)) for u in plant.units_of(root))
        self.pages = sum(1 for _ in root.iter(laws.NAMESPACE + 'page'))


class Run:
    """One verification: report or None, exit code, seconds, fault or None."""

    def __init__(self, build, document, source, options=()):
        self.path = document.path[:-4] + '.report.xml'
        if os.path.exists(self.path):
            os.remove(self.path)
        command = [os.path.join(build, 'yomijun'), 'verify', '-q', document.path, source, '-o',
                   self.path, *options]
        done = measured.run(command, SECONDS_A_PAGE * (1 + document.pages))
        self.code, self.seconds, self.report, self.fault = done.code, done.seconds, None, None
        if done.code not in (AGREES, DISAGREES) or not os.path.exists(self.path):
            said = (done.err.splitlines() or ['no message'])[0]
            self.fault = f'{document.name}: exit code {done.code}: {said}'
        else:
            self.fault = '; '.join(laws.schema_faults(self.path, REPORT_SCHEMA)) or None
            self.report = Report(self.path)


class Bench:
    """A sample report, its right document, and pictures of it, in a folder. document: of DOCUMENTS."""

    def __init__(self, build, folder, document='report', options=()):
        self.build, self.folder, self.options = os.path.abspath(build), folder, options
        self.pdf, truth, self.xml = map(self.path, ('report.pdf', 'truth.json', 'right.xml'))
        content, setting = DOCUMENTS[document]
        self.fault = (scans.run(self.tool('yomijun-typeset'),
                                os.path.join(laws.ROOT, 'samples', content), '-o', self.pdf,
                                '--truth', truth, *setting)
                      or scans.run(self.tool('yomijun'), 'process', '-q', '--ocr', 'never', self.pdf,
                                   '-o', self.xml)
                      or right_fault(truth, self.xml))
        self.right = None if self.fault else Document('right', self.xml)

    def tool(self, name):
        return os.path.join(self.build, name)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def planted(self, plan, seed, more=1):
        """The right document with errors. more: times as many."""
        path = self.path(f'{plan}-{seed}.xml')
        counts = {kind: round(count * more) for kind, count in PLANS[plan].items()}
        errors = plant.plant(self.xml, path, counts, seed)
        faults = laws.schema_faults(path)
        assert not faults, faults
        return Document(f'{plan} {seed}', path, errors)

    def documents(self, seeds, plans=PLANS):
        """The right one, and those with errors."""
        more = max(1, self.right.pages / PLANNED_PAGES)
        return [self.right] + [self.planted(plan, seed, 1 if plan == 'pages' else more)
                               for plan in plans for seed in range(seeds)]

    def score(self, source, documents):
        score = Score()
        for document in documents:
            add_run(score, document, Run(self.build, document, source, self.options))
        return score

    # -- pictures --

    def scan(self, name, options=''):
        """What to verify against, by yomijun-scan; its name may have a suffix."""
        place = self.path(name)
        if not os.path.exists(place):
            fault = scans.run(self.tool('yomijun-scan'), self.pdf, '-o', place, *options.split())
            assert not fault, fault
        return place

    def draw(self, name, dpi=make_images.DPI, said=make_images.DPI, cut=(0, 0, 0, 0)):
        """A folder of pictures, cut, and of another resolution than they say."""
        place = self.path(name)
        os.makedirs(place, exist_ok=True)
        for page in range(1, self.right.pages + 1):
            grey = cut_grey(make_images.render(self.pdf, page, dpi, dpi), [c * dpi / 72 for c in cut])
            with open(os.path.join(place, f'page{page}.png'), 'wb') as f:
                f.write(make_images.grey_png(grey, said))
        return place


def add_run(score, document, run):
    score.seconds += run.seconds
    score.pages += document.pages
    if run.fault:
        score.faults.append(run.fault)
    if run.report:
        if run.code != (DISAGREES if document.errors else AGREES):
            score.codes.append(f'{document.name}: exit code {run.code}')
        score.add(document.name, Judgement(document.errors, run.report.findings, document.boxes),
                  document.characters, document.errors)


def right_fault(truth, xml):
    """A document into which errors are planted must have none."""
    result = scans.Result()
    scans.compare(scans.read_truth(truth), scans.read_document(xml), result)
    if result.errors or result.found < result.cells or result.prose_cer > 0.001:
        return f'the document is not right: {scans.line_of(result)}'
    return None


def cut_grey(grey, cut):
    """cut: pixels at left, top, right and bottom; negative ones are added, white."""
    left, top, right, bottom = map(round, cut)
    rows = grey.rows(grey.data, grey.width)
    rows = rows[max(top, 0):len(rows) - max(bottom, 0)]
    rows = [b'\xff' * -left + row[max(left, 0):grey.width - max(right, 0)] + b'\xff' * -right
            for row in rows]
    blank = b'\xff' * len(rows[0])
    rows = [blank] * -top + rows + [blank] * -bottom
    return make_images.Grey(len(blank), len(rows), b''.join(rows))


# What the pictures are called, and how they are made. The first are held to the bounds.
PICTURES = {
    'clean, 300 dpi': lambda bench: bench.scan('clean-300'),
    'clean, 200 dpi': lambda bench: bench.scan('clean-200', '--dpi 200'),
    'the PDF itself': lambda bench: bench.pdf,
    'clean, 150 dpi': lambda bench: bench.scan('clean-150', '--dpi 150'),
    'noise, blur, JPEG, skew, 300 dpi': lambda bench: bench.scan('bad-300', BAD),
    'noise, blur, JPEG, skew, 200 dpi': lambda bench: bench.scan('bad-200', BAD + ' --dpi 200'),
    'noise, blur, JPEG, skew, 150 dpi': lambda bench: bench.scan('bad-150', BAD + ' --dpi 150'),
    'black and white, 200 dpi': lambda bench: bench.scan('bilevel.tif', '--dpi 200 --bilevel'),
    'turned by 180°': lambda bench: bench.scan('turned.pdf', '--rotate 180'),
    'cropped': lambda bench: bench.draw('cropped', cut=CROPPED),
    'on larger paper': lambda bench: bench.draw('padded', cut=PADDED),
    '250 dpi that say 300': lambda bench: bench.draw('scaled', dpi=250),
    '300 dpi that say 200, cropped': lambda bench: bench.draw('enlarged', said=200, cut=CROPPED),
}
BOUND = 2


# ---- real pages ----

class RealPage:
    """A page with ground truth: its document, what verify finds there, and which of it is false: where
    the document says what the truth says. Errors planted in it, if it is right as it is."""

    def __init__(self, build, folder, truth, processing=(), options=()):
        with open(truth, encoding='utf-8') as f:
            facts = json.load(f)
        self.name, self.build, self.options = os.path.basename(truth)[:-5], build, options
        self.source = os.path.join(os.path.dirname(truth), '..', facts['file'])
        self.truth = edits.norm(''.join(text for text in truth_texts(facts['blocks'])))
        self.xml = os.path.join(folder, self.name + '-'.join(['', *processing]).replace(' ', '') + '.xml')
        self.fault = scans.run(os.path.join(build, 'yomijun'), 'process', '-q', '-p',
                               str(facts['page']), self.source, '-o', self.xml, *processing)
        self.document = Document(self.name, self.xml) if os.path.exists(self.xml) else None

    def verify(self, document=None):
        return Run(self.build, document or self.document, self.source, self.options)

    def is_false(self, finding):
        """The document has there what is printed."""
        texts = [edits.norm(self.document.texts[z]) for z in finding.zones if z in self.document.texts]
        if texts:
            return all(text in self.truth for text in texts)
        seen, document = edits.norm(finding.seen), edits.norm(''.join(self.document.texts.values()))
        return seen not in self.truth or seen in document

    def planted(self, counts, seed):
        path = f'{self.xml[:-4]}-{seed}.xml'
        return Document(f'{self.name} {seed}', path, plant.plant(self.xml, path, counts, seed))

    def wrong_table(self, report):
        """Of the characters that a wrong table gives: (found, in the document)."""
        errors = []
        for unit in plant.units_of(ElementTree.parse(self.xml).getroot()):
            errors += [plant.Planted('character', 'wrong table', [unit], WRONG_TABLE[c], c)
                       for c in unit.text if c in WRONG_TABLE]
        return Judgement(errors, report.findings, self.document.boxes)


def truth_texts(blocks):
    for block in blocks:
        if block['type'] == 'table':
            yield from (c['text'] for row in block['rows'] for c in row['cells'])
        else:
            yield block['text']

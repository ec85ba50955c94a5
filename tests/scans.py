#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""scans.py BUILD [OPTION …]   the sample report typeset, scanned and processed: how much of it comes
out. Prints one line; exit 1 when `yomijun process` fails, when a law is broken, or when --max-cer,
--max-prose-cer or --all-cells is missed.

A cell of the truth is found when the row that says nearly the same has a cell in the same column, with
the same spans, and nearly the same text. Errors are characters put in, left out or exchanged, as a
share of the truth's, white space apart, after NFKC: CER of cells over all cells, also those missing or
besides; CER of prose over the paragraphs, headings, items and captions in their order, and the
footnotes wherever they stand. Figures do not count.

Values that begin with a dash: --scan="--dpi 200 --noise 8"."""
import argparse, json, os, subprocess, sys, tempfile, time
import xml.etree.ElementTree as ElementTree

import edits, laws

PROSE = {'heading', 'p', 'item', 'note', 'caption'}
# A text is nearly the same when it differs in at most this share of its characters, or in one: a
# single mark that is misread still is that cell's.
NEAR = 0.5
# Rows are not looked for further than this from their place.
BAND = 40


class Cell:
    """column from 0; spans: rows and columns."""

    def __init__(self, column, rows, columns, text):
        self.column, self.spans, self.text = column, (rows, columns), edits.norm(text)


class Content:
    """rows: of all tables, lists of cells. prose: texts in order. notes: texts of footnotes."""

    def __init__(self, rows, prose, notes):
        self.rows, self.prose, self.notes = rows, prose, notes


class Result:
    """Counts of cells, of characters in them and in prose, and of errors. fault: why there are none, or
    what is wrong although there are."""

    def __init__(self):
        self.cells = self.found = self.characters = self.errors = 0
        self.prose_characters = self.prose_errors = 0
        self.seconds = 0.0  # a page
        self.fault = None
        self.worst = []  # (errors, truth, document) of cells

    @property
    def cer(self):
        return self.errors / max(self.characters, 1)

    @property
    def prose_cer(self):
        return self.prose_errors / max(self.prose_characters, 1)


# ---- reading ----

def truth_rows(blocks):
    return [[Cell(c['col'], c.get('rowspan', 1), c.get('colspan', 1), c['text'])
             for c in row['cells']]
            for block in blocks if block['type'] == 'table' for row in block['rows']]


def read_truth(path):
    with open(path, encoding='utf-8') as file:
        blocks = json.load(file)['blocks']
    prose = [b for b in blocks if b['type'] in PROSE]
    return Content(truth_rows(blocks), [edits.norm(b['text']) for b in prose if not b.get('footnote')],
                   [edits.norm(b['text']) for b in prose if b.get('footnote')])


def name(element):
    return element.tag.rsplit('}', 1)[-1]


def read_document(path):
    body = ElementTree.parse(path).getroot().find(laws.NAMESPACE + 'body')
    rows = [[Cell(int(c.get('column')) - 1, int(c.get('rowspan', 1)), int(c.get('colspan', 1)),
                  ''.join(c.itertext())) for c in row]
            for row in body.iter(laws.NAMESPACE + 'row')]
    prose = []
    for block in body:
        if name(block) not in ('table', 'figure'):
            parts = block if name(block) == 'list' else [block]
            prose += [edits.norm(''.join(part.itertext())) for part in parts]
    return Content(rows, prose, [])


# ---- comparing ----

def row_text(row):
    return ''.join(cell.text for cell in row)


def align_rows(truth, document, skip_free=False):
    """Pairs (row of the truth, row of the document or None) in order, and the document's rows that
    are left: those with the fewest errors in all. skip_free: rows of the document may be left out
    without cost, as when the truth is one table of many."""
    wide = len(document) if skip_free else abs(len(truth) - len(document)) + BAND
    texts = [row_text(row) for row in document]
    skips = [0 if skip_free else len(text) + 1 for text in texts]
    best = [0]
    for skip in skips:
        best.append(best[-1] + skip)
    choices = []
    for i, row in enumerate(truth):
        text = row_text(row)
        now, choice = [best[0] + len(text) + 1], ['truth']
        for j, other in enumerate(texts):
            ways = [(best[j + 1] + len(text) + 1, 'truth'), (now[j] + skips[j], 'document')]
            if abs(i - j) <= wide:
                ways.append((best[j] + edits.distance(text, other), 'both'))
            cost, way = min(ways, key=lambda w: (w[0], w[1] != 'both'))
            now.append(cost)
            choice.append(way)
        best = now
        choices.append(choice)
    return follow(choices, truth, document)


def follow(choices, truth, document):
    pairs, left, i, j = [], [], len(truth), len(document)
    while i > 0:
        way = choices[i - 1][j]
        if way == 'document':
            left.append(document[j - 1])
        else:
            pairs.append((truth[i - 1], document[j - 1] if way == 'both' else None))
            i -= 1
        j -= way != 'truth'
    return pairs[::-1], document[:j] + left[::-1]


def is_near(errors, truth):
    return errors <= max(1, NEAR * len(truth))


def compare_row(row, other, result):
    """Cells of a row of the truth against those of the document's (None: missing)."""
    there = {cell.column: cell for cell in other or []}
    for cell in row:
        partner = there.pop(cell.column, None)
        errors = edits.distance(cell.text, partner.text if partner else '')
        result.cells += 1
        result.characters += len(cell.text)
        result.errors += errors
        if partner and partner.spans == cell.spans and is_near(errors, cell.text):
            result.found += 1
            errors_said = errors
        else:
            errors_said = errors + 1
        if errors_said:
            result.worst.append((errors_said, cell.text, partner.text if partner else None))
    result.errors += sum(len(cell.text) for cell in there.values())


def take_notes(notes, prose):
    """(errors of the notes at their best place in prose, prose without those blocks). A page's notes
    stand at its foot, and where that is among the blocks is a matter of taste."""
    errors, prose = 0, list(prose)
    for note in notes:
        distances = [(edits.distance(note, text), i) for i, text in enumerate(prose)]
        least, i = min(distances, default=(len(note), None))
        if i is not None and is_near(least, note):
            errors += least
            del prose[i]
        else:
            errors += len(note)
    return errors, prose


def compare(truth, document, result):
    pairs, left = align_rows(truth.rows, document.rows)
    for row, other in pairs:
        compare_row(row, other, result)
    result.errors += sum(len(row_text(row)) for row in left)
    result.worst += [(len(row_text(row)), None, row_text(row)) for row in left]
    errors, prose = take_notes(truth.notes, document.prose)
    wanted = ''.join(truth.prose)
    result.prose_characters = len(wanted) + sum(map(len, truth.notes))
    result.prose_errors = errors + edits.distance(wanted, ''.join(prose))
    result.worst.sort(key=lambda w: -w[0])


# ---- running ----

def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [''])[0]
        return f'{os.path.basename(command[0])}: exit code {done.returncode}: {said}'
    return None


def scan(build, pdf, folder, kind, every, options):
    """(what there is to process, fault). kind: text (the PDF as it is), folder, tif, pdf, or mixed."""
    if kind == 'text':
        return pdf, None
    scans = os.path.join(folder, 'scans' if kind == 'folder' else
                         'scans.tif' if kind == 'tif' else 'scans.pdf')
    if kind == 'mixed':
        options = [*options, '--every', str(every)]
    fault = run(os.path.join(build, 'yomijun-scan'), pdf, '-o', scans, *options)
    if fault or kind != 'mixed':
        return scans, fault
    mixed = os.path.join(folder, 'mixed.pdf')
    return mixed, run(os.path.join(laws.ROOT, 'samples', 'mix-pages.py'), pdf, scans, '--every',
                      str(every), '-o', mixed)


def measure(build, kind='folder', typeset=(), scanning=(), processing=(), every=4, folder=None):
    """Typesets, scans, processes and compares; a Result. The files stay in the folder, if one is
    given."""
    if folder is None:
        with tempfile.TemporaryDirectory() as passing:
            return measure(build, kind, typeset, scanning, processing, every, passing)
    os.makedirs(folder, exist_ok=True)
    result = Result()
    pdf, truth, xml = (os.path.join(folder, f) for f in ('report.pdf', 'truth.json', 'out.xml'))
    result.fault = run(os.path.join(build, 'yomijun-typeset'),
                       os.path.join(laws.ROOT, 'samples', 'report.xml'), '-o', pdf, '--truth', truth,
                       *typeset)
    if not result.fault:
        source, result.fault = scan(build, pdf, folder, kind, every, list(scanning))
    if result.fault:
        return result
    start = time.monotonic()
    result.fault = run(os.path.join(build, 'yomijun'), 'process', '-q', source, '-o', xml,
                       *processing)
    with open(truth, encoding='utf-8') as file:
        pages = len(json.load(file)['pages'])
    result.seconds = (time.monotonic() - start) / pages
    if os.path.exists(xml):
        result.fault = result.fault or '; '.join(laws.faults(xml)) or None
        compare(read_truth(truth), read_document(xml), result)
    return result


def line_of(result):
    line = (f'cells {result.found}/{result.cells}; CER of cells {result.cer:.4f}, '
            f'of prose {result.prose_cer:.4f}; {result.seconds:.2f} s a page')
    if result.fault:
        return f'{result.fault}; {line}' if result.cells else result.fault
    return line


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('build')
    parser.add_argument('--as', dest='kind', default='folder',
                        choices=['folder', 'tif', 'pdf', 'mixed', 'text'])
    parser.add_argument('--every', type=int, default=4, help='pictures in a mixed PDF (4)')
    for option, default in (('typeset', '--pages 3'), ('scan', ''), ('process', '')):
        parser.add_argument('--' + option, default=default, help=f'options of that step ({default})')
    parser.add_argument('--max-cer', type=float, default=None)
    parser.add_argument('--max-prose-cer', type=float, default=None)
    parser.add_argument('--all-cells', action='store_true')
    parser.add_argument('--keep', metavar='FOLDER', help='leave the files there')
    parser.add_argument('-v', '--verbose', action='store_true', help='the worst cells too')
    return parser.parse_args()


def main():
    options = arguments()
    result = measure(os.path.abspath(options.build), options.kind, options.typeset.split(),
                     options.scan.split(), options.process.split(), options.every, options.keep)
    print(line_of(result))
    for errors, truth, document in result.worst[:10] if options.verbose else []:
        print(f'  {errors}: {truth}\n   → {document}')
    missed = (options.max_cer is not None and result.cer > options.max_cer
              or options.max_prose_cer is not None and result.prose_cer > options.max_prose_cer
              or options.all_cells and result.found < result.cells)
    return 1 if missed or result.fault else 0


if __name__ == '__main__':
    sys.exit(main())

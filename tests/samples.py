#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""samples.py BUILD [--plain] SETTING …   the sample report typeset with this setting: every cell, row and
block of the document is there in the order of the truth, white space apart; the same bytes twice
and for any number of jobs; all laws. Blocks of another kind than the truth's are told, no fault.

--plain: a build without the paint trace, which cannot see rulings exactly: laws and bytes only."""
import difflib, json, os, re, subprocess, sys, tempfile
import xml.etree.ElementTree as ElementTree

import laws

# Styles of rulings that show neither spans nor empty cells: there the filled cells of a row count,
# and tables with cells over several rows are not held against the program.
LOOSE = {'horizontal', 'none'}


def bare(text):
    return re.sub(r'\s+', '', text or '')


def name(element):
    return element.tag.rsplit('}', 1)[-1]


class Line:
    """A block, or a row of a table: what kind it is, and what it says."""

    def __init__(self, kind, text, sure=True):
        """Not sure: nobody could tell from the page."""
        self.kind, self.text, self.sure = kind, text, sure

    def __str__(self):
        return f'{self.kind} {self.text}'[:150]


def row_line(columns, cells, loose):
    """cells: (column from 1, rows, columns, text) of each. Loose: only what the filled ones say, for
    tables whose rulings do not show spans and empty cells."""
    if loose:
        return Line('row', ' | '.join(cell[3] for cell in cells if cell[3]))
    text = ' | '.join(f'{column}:{text}' + (f'{{{rows}x{across}}}' if rows * across > 1 else '')
                      for column, rows, across, text in cells)
    return Line(f'row of {columns}', text)


def figure_line(texts):
    """A figure's labels have no order worth fighting over: its characters, sorted."""
    return Line('figure', ''.join(sorted(bare(''.join(texts)))))


def lines_of_document(path, loose):
    body = ElementTree.parse(path).getroot().find(laws.NAMESPACE + 'body')
    for block in body:
        if name(block) == 'table':
            for row in block:
                yield row_line(block.get('columns'),
                               [(c.get('column'), int(c.get('rowspan', 1)),
                                 int(c.get('colspan', 1)), bare(''.join(c.itertext())))
                                for c in row], loose)
        elif name(block) == 'list':
            for item in block:
                yield Line('item', bare(''.join(item.itertext())))
        elif name(block) == 'figure':
            yield figure_line(block.itertext())
        else:
            yield Line(name(block) + block.get('level', ''), bare(''.join(block.itertext())))


def lines_of_truth(path, loose):
    """The blocks in order, and the footnotes, whose place among them is a matter of taste."""
    with open(path, encoding='utf-8') as f:
        blocks = json.load(f)['blocks']
    lines, footnotes = [], []
    for block in blocks:
        kind = block['type']
        if kind == 'table':
            rows = [row_line(block['cols'], [(c['col'] + 1, c.get('rowspan', 1),
                                              c.get('colspan', 1), bare(c['text']))
                                             for c in row['cells']], loose)
                    for row in block['rows']]
            spans = any(c.get('rowspan', 1) > 1 for row in block['rows'] for c in row['cells'])
            for row in rows:
                row.sure = not (loose and spans)
            lines += rows
        elif kind == 'figure':
            lines.append(figure_line(block['texts']))
        else:
            level = block['level'] if kind == 'heading' else ''
            line = Line(f'{kind}{level}', bare(block['text']))
            (footnotes if block.get('footnote') else lines).append(line)
    return lines, footnotes


def compare(truth, document, loose):
    """(wrong, doubtful): what is missing or in another place; what is there as another kind of
    block, or besides."""
    lines, footnotes = lines_of_truth(truth, loose)
    got = list(lines_of_document(document, loose))
    wrong = [f'missing {f}' for f in footnotes if all(f.text != g.text for g in got)]
    got = [g for g in got if all(f.text != g.text for f in footnotes)]
    matcher = difflib.SequenceMatcher(None, [t.text for t in lines], [g.text for g in got], False)
    doubtful = []
    for action, t0, t1, g0, g1 in matcher.get_opcodes():
        if action == 'equal':
            doubtful += [f'{g.kind} for {t}' for t, g in zip(lines[t0:t1], got[g0:g1])
                         if t.kind != g.kind]
        else:
            wrong += [f'missing {t}' for t in lines[t0:t1] if t.sure]
            doubtful += [f'missing {t}' for t in lines[t0:t1] if not t.sure]
            doubtful += [f'besides {g}' for g in got[g0:g1]]
    return wrong, doubtful


def process(build, pdf, xml, *options):
    done = subprocess.run([os.path.join(build, 'yomijun'), 'process', '-q', pdf, '-o', xml, *options],
                          capture_output=True, text=True)
    return [] if done.returncode == 0 else [f'exit code {done.returncode}: {done.stderr.strip()}']


def same_bytes(one, other):
    with open(one, 'rb') as a, open(other, 'rb') as b:
        return a.read() == b.read()


def check(build, setting, plain, folder):
    pdf, truth, xml, again = (os.path.join(folder, f) for f in
                              ('report.pdf', 'report.json', 'report.xml', 'again.xml'))
    subprocess.run([os.path.join(build, 'yomijun-typeset'),
                    os.path.join(laws.ROOT, 'samples', 'report.xml'), '-o', pdf, '--truth', truth,
                    *setting], check=True)
    faults = process(build, pdf, xml, '-j', '1')
    if faults:
        return faults
    for options in (['-j', '1'], ['-j', '2'], ['-j', '5']):
        faults += process(build, pdf, again, *options)
        if not same_bytes(xml, again):
            faults.append(f'other bytes with {" ".join(options)}')
    faults += laws.faults(xml)
    if not plain:
        wrong, doubtful = compare(truth, xml, LOOSE.intersection(setting))
        for line in doubtful:
            print('doubtful:', line)
        faults += wrong
    return faults


def main():
    arguments = sys.argv[1:]
    plain = '--plain' in arguments
    arguments = [a for a in arguments if a != '--plain']
    with tempfile.TemporaryDirectory() as folder:
        faults = check(os.path.abspath(arguments[0]), arguments[1:], plain, folder)
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()

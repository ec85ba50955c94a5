#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""samples.py BUILD [--plain] SETTING    the sample report typeset with this setting: every cell of every
table, every row and every block of the document as the truth has it, white space apart; the same
bytes twice and for any number of jobs; all laws.

--plain: a build without the paint trace, which cannot see rulings exactly: laws and bytes only."""
import difflib, json, os, re, subprocess, sys, tempfile
import xml.etree.ElementTree as ElementTree

import laws


def bare(text):
    return re.sub(r'\s+', '', text or '')


def name(element):
    return element.tag.rsplit('}', 1)[-1]


def cells_line(columns, cells):
    """One line for a row: column:text, spans and header said."""
    parts = []
    for column, rows, across, header, text in cells:
        span = f'{{{rows}x{across}}}' if rows > 1 or across > 1 else ''
        parts.append(f'{column}:{"*" if header else ""}{text}{span}')
    return f'row of {columns} ' + ' | '.join(parts)


def row_of_document(columns, row):
    return cells_line(columns, [(int(c.get('column')), int(c.get('rowspan', 1)),
                                 int(c.get('colspan', 1)), c.get('header') == 'column',
                                 bare(''.join(c.itertext()))) for c in row])


def row_of_truth(columns, row):
    return cells_line(columns, [(c['col'] + 1, c.get('rowspan', 1), c.get('colspan', 1),
                                 bool(c.get('header')), bare(c['text'])) for c in row['cells']])


def lines_of_document(path):
    body = ElementTree.parse(path).getroot().find(laws.NAMESPACE + 'body')
    for block in body:
        if name(block) == 'table':
            for row in block:
                yield row_of_document(block.get('columns'), row)
        elif name(block) == 'list':
            for item in block:
                yield 'item ' + bare(''.join(item.itertext()))
        elif name(block) == 'figure':
            yield 'figure ' + ''.join(sorted(bare(''.join(block.itertext()))))
        else:
            yield f'{name(block)}{block.get("level", "")} ' + bare(''.join(block.itertext()))


def lines_of_truth(path):
    with open(path, encoding='utf-8') as f:
        blocks = json.load(f)['blocks']
    for block in blocks:
        kind = block['type']
        if kind == 'table':
            for row in block['rows']:
                yield row_of_truth(block['cols'], row)
        elif kind == 'figure':
            yield 'figure ' + ''.join(sorted(bare(''.join(block['texts']))))
        else:
            yield f'{kind}{block.get("level", "") if kind == "heading" else ""} ' + bare(block['text'])


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
        faults += [line[:160] for line in
                   difflib.unified_diff(list(lines_of_truth(truth)), list(lines_of_document(xml)),
                                        'truth', 'document', lineterm='', n=0)]
    return faults


def main():
    arguments = sys.argv[1:]
    plain = '--plain' in arguments
    arguments = [a for a in arguments if a != '--plain']
    with tempfile.TemporaryDirectory() as folder:
        faults = check(os.path.abspath(arguments[0]), arguments[1:], plain, folder)
    print(*faults, sep='\n')
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""garbled.py BUILD [CASE …]   PDFs whose fonts are wrong about their characters: the sample report
typeset, its ToUnicode tables spoiled, and processed. The text must come out as that of the sound PDF
does, within a bound of character error, and the document must name what was done; a sound PDF must be
left alone."""
import os, re, subprocess, sys, tempfile
import xml.etree.ElementTree as ElementTree

import edits, laws, make_bad

# Of the report: enough for most characters to come again.
PAGES = '4'
ENTRY = re.compile(rb'<([0-9A-Fa-f]+)> <([0-9A-Fa-f]{4})>$', re.M)
TABLE = re.compile(rb'\d+ beginbfchar.*?endbfchar', re.S)


def moved(code):
    """The tables say the next character but one: 報 becomes 堲, which Japanese does not use. Digits and
    letters stay: those of a font by themselves are as good as any."""
    return code + 2 if code >= 0x3000 else code


def next_kanji(code):
    """Believable one by one: most ideographs beside common ones are less so."""
    return code + 1 if 0x4E00 <= code < 0x9FFF else code


def moved_in_part(code):
    """Wrong in a stretch of ideographs only, as in tables that were numbered anew."""
    return code + 11 if 0x8A00 <= code < 0x9100 else code


def private(code):
    return 0xE000 + code % 0x1800


def every_fourth(code):
    """None: no entry."""
    return None if code % 4 == 0 else code


def spoiled_table(table, change):
    entries = []
    for source, target in ENTRY.findall(table):
        code = change(int(target, 16))
        if code is not None:
            entries.append(b'<%s> <%04X>' % (source, code))
    blocks = [entries[i:i + 100] for i in range(0, len(entries), 100)]
    return b'\n'.join(b'%d beginbfchar\n%s\nendbfchar' % (len(block), b'\n'.join(block))
                      for block in blocks)


def spoil(sound, path, change):
    """Writes the PDF with changed ToUnicode tables; None for no change at all."""
    plain = sound + '.qdf'
    subprocess.run(['qpdf', '--qdf', '--object-streams=disable', sound, plain], check=True)
    with open(plain, 'rb') as file:
        data = file.read()
    if change is not None:
        data = TABLE.sub(lambda match: spoiled_table(match.group(), change), data)
    with open(path, 'wb') as file:
        file.write(subprocess.run(['fix-qdf'], input=data, check=True, capture_output=True).stdout)


class Document:
    def __init__(self, build, pdf, *options):
        out = pdf + '.xml'
        subprocess.run([os.path.join(build, 'yomijun'), 'process', '-q', *options, '-o', out, pdf],
                       capture_output=True, check=False)
        self.root = ElementTree.parse(out).getroot()
        self.path = out
        body = self.root.find(laws.NAMESPACE + 'body')
        self.text = edits.norm(''.join(body.itertext()))
        self.changes = sum(int(c.get('count')) for c in self.root.iter(laws.NAMESPACE + 'changed')
                           if c.get('kind') == 'repaired')
        self.notices = {n.get('kind') for n in self.root.iter(laws.NAMESPACE + 'noticed')}


# Name, change, options, the greatest error in characters, whether anything is repaired.
CASES = [('sound', None, [], 0, False),
         ('moved', moved, [], 0.02, True),
         ('next-kanji', next_kanji, [], 0.02, True),
         ('moved-in-part', moved_in_part, [], 0.02, True),
         ('private', private, [], 0.2, True),
         ('every-fourth', every_fourth, [], 0.02, False),
         ('moved-without-ocr', moved, ['--ocr=never'], 1.1, False)]


def check(build, folder, sound, case):
    name, change, options, bound, repairs = case
    pdf = os.path.join(folder, name + '.pdf')
    spoil(sound.path[:-len('.xml')], pdf, change)
    document = Document(build, pdf, *options)
    error = edits.distance(sound.text, document.text) / len(sound.text)
    faults = list(laws.faults(document.path) or [])
    if error > bound:
        faults.append(f'character error {error:.4f} above {bound}')
    if (document.changes > 0) != repairs or ('repaired' in document.notices) != repairs:
        faults.append(f'{document.changes} characters repaired, notices {sorted(document.notices)}')
    if change is None and 'suspect-font' in document.notices:
        faults.append('a sound font is suspected')
    if name == 'moved-without-ocr' and 'suspect-font' not in document.notices:
        faults.append('nothing is said of a font that nothing repairs')
    print('BAD ' if faults else 'good', name, f'CER {error:.4f}, {document.changes} repaired', *faults)
    return not faults


# ---- believable, but for the font's own names ----

NUMBERS = ['In the year 2025 there were 1284 cases, of which 973', 'were settled, 31 of them by office 6.',
           'Costs were 915 in 2024 and 836 in 2025.', 'Offices 7, 48 and 60 did not answer.']


def named_font_pdf(change):
    """Lines in a font whose codes choose glyphs by name; its table says change(code)."""
    rows = '\n'.join(f'<{code:02X}> <{change(code):04X}>' for code in range(0x20, 0x7F))
    table = ('/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> '
             f'endcodespacerange 95 beginbfchar\n{rows}\nendbfchar endcmap end')
    lines = ' '.join(f'1 0 0 1 72 {760 - 20 * i} Tm ({line}) Tj' for i, line in enumerate(NUMBERS))
    return make_bad.pdf({
        1: '<< /Type /Catalog /Pages 2 0 R >>', 2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources '
           '<< /Font << /F1 5 0 R >> >> >>', 4: make_bad.stream(f'BT /F1 11 Tf {lines} ET'),
        5: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding '
           '/ToUnicode 6 0 R >>', 6: make_bad.stream(table)})


def check_named(build, folder, name, change):
    """Digits that stand for one another read like digits; the names of the glyphs tell."""
    pdf = os.path.join(folder, name + '.pdf')
    with open(pdf, 'wb') as file:
        file.write(named_font_pdf(change))
    document, wrong = Document(build, pdf), change(0x30) != 0x30
    faults = [] if document.text == edits.norm(''.join(NUMBERS)) else [document.text]
    if ({'suspect-font', 'repaired'} <= document.notices) != wrong:
        faults.append(f'notices {sorted(document.notices)}')
    print('BAD ' if faults else 'good', name, *faults)
    return not faults


def turned_digits(code):
    return (code - 0x30 + 3) % 10 + 0x30 if 0x30 <= code <= 0x39 else code


def main():
    build = os.path.abspath(sys.argv[1])
    content = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'samples', 'report.xml')
    with tempfile.TemporaryDirectory() as folder:
        pdf = os.path.join(folder, 'report.pdf')
        subprocess.run([os.path.join(build, 'yomijun-typeset'), content, '-p', PAGES, '-o', pdf],
                       check=True)
        sound = Document(build, pdf)
        good = [check(build, folder, sound, case) for case in CASES
                if not sys.argv[2:] or case[0] in sys.argv[2:]]
        good += [check_named(build, folder, *case)
                 for case in [('digits-turned', turned_digits), ('digits-sound', lambda code: code)]
                 if not sys.argv[2:] or case[0] in sys.argv[2:]]
    return 0 if all(good) else 1


if __name__ == '__main__':
    sys.exit(main())

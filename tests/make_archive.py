# SPDX-License-Identifier: GPL-3.0-or-later
"""A small archive with something of everything a batch meets, and what a batch made of it, to be
compared with what another one did."""
import hashlib, os, sqlite3, zipfile

import make_bad, make_images

# What may differ between two batches that did the same: when, how long, in which order.
VARYING = ('id', 'run', 'making', 'output_making', 'seconds', 'processor', 'memory', 'copy_of', 'mtime',
           'inode', 'device')


# A file of corrections of which nothing fits.
UNFIT = ('<corrections xmlns="urn:yomijun:corrections:1" document="x.xml" sha256="%s" '
         'made="2026-01-02T03:04:05Z"><correction page="1" box="1 2 3 4" state="confirmed"><old>old</old>'
         '<new>new</new></correction></corrections>\n' % ('0' * 64))


def program(build):
    """The one that does wrong when a document says so, where it was built."""
    faulty = os.path.join(build, 'yomijun-faults')
    return faulty if os.path.exists(faulty) else os.path.join(build, 'yomijun')


def pdf_of(title, contents):
    """A PDF of these contents, a page each; the title can ask yomijun-faults for a fault (cli/faults.h)."""
    objects = {1: '<< /Type /Catalog /Pages 2 0 R >>', 3: make_bad.FONT, 4: f'<< /Title ({title}) >>',
               2: f'<< /Type /Pages /Count {len(contents)} /Kids [%s] >>' % ' '.join(
                   f'{10 + 2 * i} 0 R' for i in range(len(contents)))}
    for i, content in enumerate(contents):
        objects[10 + 2 * i] = (f'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents '
                               f'{11 + 2 * i} 0 R /Resources << /Font << /F1 3 0 R >> >> >>')
        objects[11 + 2 * i] = make_bad.stream(content)
    return make_bad.pdf(objects, '/Info 4 0 R')


def pdf(title, lines, pages=1):
    """Pages with these lines."""
    text = ' '.join(f'({line}) Tj T*' for line in lines)
    return pdf_of(title, [f'BT /F1 12 Tf 72 {700 + i} Td 16 TL {text} ET' for i in range(pages)])


def small_pdf(i):
    return pdf(f'Report {i}', [f'Line {k} of report {i} says what it says.' for k in range(8)])


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as f:
        f.write(data)


def make(folder):
    """27 documents: good ones, copies, ones that crash yomijun-faults, damaged ones, members, a
    folder of pictures, corrections."""
    at = lambda *names: os.path.join(folder, *names)
    for i in range(14):
        write(at(f'{i % 3}', f'report {i}.pdf'), small_pdf(i))
    write(at('copy.pdf'), small_pdf(3))
    write(at('日本', '報告.pdf'), small_pdf(20))
    write(at('crash.pdf'), pdf('fault=crash@2', ['A page.', 'Another line.'], 3))
    write(at('crash-all.pdf'), pdf('fault=crash', ['A page.']))
    write(at('damaged.pdf'), b'%PDF-1.4\nnothing of the kind\n')
    write(at('cut.pdf'), small_pdf(21)[:400])
    for name in ('1.png', '2.png'):
        write(at('scans', name), make_images.png(64, 64, 8, 0, [bytes([255] * 64)] * 64))
    with zipfile.ZipFile(at('members.zip'), 'w') as archive:
        for i in range(5):
            archive.writestr(zipfile.ZipInfo(f'in/{i}.pdf'), small_pdf(30 + i))
        archive.writestr(zipfile.ZipInfo('in/note.txt'), b'no document')
        archive.writestr(zipfile.ZipInfo('again.pdf'), small_pdf(3))
    write(at('note.txt'), b'no document')
    write(at('2', 'report 5.pdf.corrections.xml'), UNFIT.encode())


def results(folder):
    """path → hash of the results, whatever is hidden left out."""
    found = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [n for n in folders if n != '.yomijun']
        for name in names:
            path = os.path.join(place, name)
            if not name.startswith('catalogue.sqlite'):
                with open(path, 'rb') as f:
                    found[os.path.relpath(path, folder)] = hashlib.sha256(f.read()).hexdigest()
    return found


def rows(folder, catalogue='catalogue.sqlite'):
    """What the catalogue says, in the order of paths, but for what may vary."""
    with sqlite3.connect(os.path.join(folder, catalogue)) as base:
        base.row_factory = sqlite3.Row
        base.text_factory = lambda b: b.decode('utf-8', 'surrogateescape')
        said = []
        for d in base.execute('SELECT * FROM documents ORDER BY path').fetchall():
            row = {k: d[k] for k in d.keys() if k not in VARYING}
            making = base.execute('SELECT version, options, libraries FROM makings WHERE id = ?',
                                  (d['making'],)).fetchone()
            hanging = {table: sorted(tuple(r)[1:] for r in base.execute(
                f'SELECT * FROM {table} WHERE document = ?', (d['id'],)))
                for table in ('pages', 'warnings', 'changes', 'unfit_corrections')}
            said.append((row, making and tuple(making), hanging))
    base.close()
    return said


def differences(one, other):
    """Lines that say what differs between the results and the catalogues of two folders."""
    faults = []
    a, b = results(one), results(other)
    for name in sorted(a.keys() | b.keys()):
        if a.get(name) != b.get(name):
            faults.append(f'{name}: {"differs" if name in a and name in b else "is in one only"}')
    for x, y in zip(rows(one), rows(other)):
        if x != y:
            faults.append(f'catalogue: {x}\n      not {y}')
    if len(rows(one)) != len(rows(other)):
        faults.append(f'{len(rows(one))} rows, {len(rows(other))} rows')
    return faults[:5]

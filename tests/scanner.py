#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""scanner.py BUILD   what the tests of scans stand on: yomijun-scan paints everything where its geometry
says, in all kinds of files, the same bytes each time; and edits.py counts as the textbook does."""
import itertools, json, os, random, re, struct, subprocess, sys, tempfile, zlib

import edits, laws

EXIT_CODES = [
    (2, 'report.pdf'), (2, 'report.pdf -o x --dpi 100'), (2, 'report.pdf -o x --skew 4'),
    (2, 'report.pdf -o x --rotate 45'), (2, 'report.pdf -o x --pages 9'),
    (2, 'report.pdf -o x --every 4'), (2, 'report.pdf -o x.png'),
    (2, 'report.pdf -o x.jpg --bilevel'), (2, 'report.pdf -o x --paper red'),
    (2, 'report.pdf -o x.tif --format png'), (3, 'missing.pdf -o x'), (3, 'truth.json -o x'),
    (1, 'report.pdf -o truth.json/x'), (1, 'report.pdf -o missing/x.tif'),
    (1, 'report.pdf -o missing/x.pdf'), (0, 'report.pdf -o one.jpg -p 2'),
]
# Of scans whose ink must be where the geometry says.
PLACES = ['', '--skew 3', '--skew -1.5 --rotate 90', '--rotate 180', '--rotate 270 --dpi 200']


def read_bilevel_png(path):
    """(width, height, rows of bytes, a bit for each pixel, 1 white)"""
    with open(path, 'rb') as file:
        data = file.read()
    at, packed = 8, b''
    while at < len(data):
        length, kind = struct.unpack('>I4s', data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b'IHDR':
            width, height, depth, colour = struct.unpack('>IIBB', body[:10])
            assert (depth, colour) == (1, 0), 'not black and white'
        packed += body if kind == b'IDAT' else b''
        at += length + 12
    raw, stride, rows = zlib.decompress(packed), (width + 7) // 8, []
    for y in range(height):
        kind, row = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:][:stride])
        assert kind in (0, 1, 2), 'a filter that this test does not know'
        above = rows[-1] if rows else bytes(stride)
        for x in range(stride) if kind else ():
            row[x] = row[x] + (above[x] if kind == 2 else row[x - 1] if x else 0) & 255
        rows.append(row)
    return width, height, rows


def is_black(rows, x, y):
    return not rows[y][x // 8] >> (7 - x % 8) & 1


def read_pgm(data):
    """(width, height, bytes) as pdftoppm -gray writes it."""
    head = re.match(rb'P5\s+(\d+)\s+(\d+)\s+255\s', data)
    return int(head[1]), int(head[2]), data[head.end():]


def solid_points(pdf, page, source):
    """Points of the page that are black, or white, with two pixels around them, as pdftoppm renders it:
    lists of (x, y). The black ones are in thick strokes: headings."""
    done = subprocess.run(['pdftoppm', '-gray', '-r', '300', '-f', str(page), '-l', str(page), pdf],
                          check=True, capture_output=True)
    width, _, grey = read_pgm(done.stdout)
    lists = []
    for run in (rb'[\x00-\x40]{5}', rb'\xff{5}'):
        middles = [m.start() + 2 for m in re.finditer(run, grey)]
        source.shuffle(middles)
        solid = (at for at in middles
                 if all(re.fullmatch(run, grey[at + d * width - 2:at + d * width + 3])
                        for d in (-2, -1, 1, 2)))
        lists.append([((at % width + 0.5) * 72 / 300, (at // width + 0.5) * 72 / 300)
                      for at in itertools.islice(solid, 1000)])
    return lists


def mapped(matrix, x, y):
    xx, yx, xy, yy, x0, y0 = matrix
    return xx * x + xy * y + x0, yx * x + yy * y + y0


def ink_fault(folder, page, black, white):
    """None if nearly all points have their colour there; those that skewing moved off the sheet do not
    count."""
    width, height, rows = read_bilevel_png(os.path.join(folder, page['file']))
    if [width, height] != page['pixels']:
        return f'{width} × {height} pixels, but the geometry says {page["pixels"]}'
    shares = []
    for points, wanted in ((black, True), (white, False)):
        places = [mapped(page['matrix'], x, y) for x, y in points]
        here = [is_black(rows, int(x), int(y)) == wanted for x, y in places
                if 0 <= x < width and 0 <= y < height]
        shares.append(sum(here) / max(len(here), 1))
    return None if min(shares) > 0.98 else 'black {:.2f}, white {:.2f} right'.format(*shares)


def place_faults(scan, folder, pdf):
    black, white = solid_points(pdf, 1, random.Random(1))
    for setting in PLACES:
        out, geometry = os.path.join(folder, 'places'), os.path.join(folder, 'places.json')
        scan(pdf, '-o', out, '--geometry', geometry, '--pages', '1', '--threshold', '128',
             *setting.split())
        with open(geometry, encoding='utf-8') as file:
            page, = json.load(file)['pages']
        fault = ink_fault(out, page, black, white)
        if fault:
            yield f'{setting or "as it is"}: {fault}'


def bytes_of(path):
    with open(path, 'rb') as file:
        return file.read()


def byte_faults(scan, folder, pdf):
    """The same twice; a page by itself as among others; other noise for another seed and page."""
    noisy = ['--dpi', '150', '--noise', '8', '--blur', '0.7', '--jpeg', '60', '--skew', '1']
    outs = []
    for name in ('one', 'two'):
        for suffix in ('.pdf', '.tif', ''):
            scan(pdf, '-o', os.path.join(folder, name + suffix), *noisy)
            outs.append(os.path.join(folder, name + suffix))
    scan(pdf, '-o', os.path.join(folder, 'second'), '--pages', '2', *noisy)
    scan(pdf, '-o', os.path.join(folder, 'seed'), '--pages', '2', '--seed', '1', *noisy)
    second = bytes_of(os.path.join(folder, 'second', 'page2.png'))
    for one, two in zip(outs[:2], outs[3:5]):
        if bytes_of(one) != bytes_of(two):
            yield f'{one}: other bytes the second time'
    if second != bytes_of(os.path.join(folder, 'one', 'page2.png')):
        yield 'a page by itself is another than among others'
    if second == bytes_of(os.path.join(folder, 'seed', 'page2.png')):
        yield 'another seed makes the same noise'


def file_faults(folder):
    """The PDF of pictures and the TIFF that byte_faults left: three pages of the right size."""
    pdf = os.path.join(folder, 'one.pdf')
    done = subprocess.run(['qpdf', '--check', pdf], capture_output=True, text=True)
    if done.returncode:
        yield f'qpdf: {done.stdout}{done.stderr}'
    images = subprocess.run(['pdfimages', '-list', pdf], capture_output=True, text=True).stdout
    if len(re.findall(r'jpeg .* 150 +150 ', images)) != 3:
        yield f'not three pictures of 150 dpi: {images}'
    data, pages = bytes_of(os.path.join(folder, 'one.tif')), 0
    at, = struct.unpack('<I', data[4:8])
    while at:
        entries, = struct.unpack('<H', data[at:at + 2])
        at, = struct.unpack('<I', data[at + 2 + 12 * entries:][:4])
        pages += 1
    if pages != 3:
        yield f'{pages} pages in the TIFF'


def mixed_faults(scan, folder, pdf):
    """Text pages keep their text, the others have none."""
    scans, mixed = os.path.join(folder, 'every.pdf'), os.path.join(folder, 'mixed.pdf')
    scan(pdf, '-o', scans, '--every', '2', '--dpi', '150')
    subprocess.run([os.path.join(laws.ROOT, 'samples', 'mix-pages.py'), pdf, scans, '--every', '2',
                    '-o', mixed], check=True)
    texts = [subprocess.run(['pdftotext', p, '-'], check=True, capture_output=True,
                            text=True).stdout.split('\f')[:-1] for p in (pdf, mixed)]
    if texts[1] != [texts[0][0], '', texts[0][2]]:
        yield 'a mixed PDF has other texts'


def exit_faults(build, folder):
    for code, line in EXIT_CODES:
        done = subprocess.run([os.path.join(build, 'yomijun-scan'), *line.split()], cwd=folder,
                              capture_output=True, text=True)
        if done.returncode != code or len(done.stderr.splitlines()) != (code > 0):
            yield f'{line}: exit code {done.returncode}, not {code}: {done.stderr}'


def textbook(part, whole, anywhere):
    row = [0] * (len(whole) + 1) if anywhere else list(range(len(whole) + 1))
    for i, a in enumerate(part, 1):
        new = [i]
        for j, b in enumerate(whole, 1):
            new.append(min(row[j] + 1, new[-1] + 1, row[j - 1] + (a != b)))
        row = new
    return min(row) if anywhere else row[-1]


def edit_faults():
    source = random.Random(1)
    for _ in range(2000):
        one, other = (''.join(source.choices('あいう', k=source.randrange(14))) for _ in range(2))
        if (edits.distance(one, other) != textbook(one, other, False)
                or edits.distance_inside(one, other) != textbook(one, other, True)):
            yield f'edits: {one!r}, {other!r}'


def main():
    build = os.path.abspath(sys.argv[1])

    def scan(*arguments):
        subprocess.run([os.path.join(build, 'yomijun-scan'), *arguments], check=True)

    with tempfile.TemporaryDirectory() as folder:
        pdf = os.path.join(folder, 'report.pdf')
        subprocess.run([os.path.join(build, 'yomijun-typeset'),
                        os.path.join(laws.ROOT, 'samples', 'report.xml'), '-o', pdf, '--truth',
                        os.path.join(folder, 'truth.json'), '--pages', '3'], check=True)
        faults = [*place_faults(scan, folder, pdf), *byte_faults(scan, folder, pdf),
                  *file_faults(folder), *mixed_faults(scan, folder, pdf),
                  *exit_faults(build, folder), *edit_faults()]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make_bad.py FOLDER SAMPLE.pdf   writes PDFs that are damaged, hostile or legal but hard into FOLDER.
SAMPLE.pdf is a sound one, to be cut and garbled. Always the same bytes."""
import os, random, subprocess, sys, zlib

FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'


def stream(content, extra=''):
    data = content if isinstance(content, bytes) else content.encode('latin-1')
    return b'<< /Length %d %s >>\nstream\n' % (len(data), extra.encode()) + data + b'\nendstream'


def flate(data, extra=''):
    return stream(zlib.compress(data, 9), '/Filter /FlateDecode ' + extra)


def packed_many(piece, times):
    """piece, times over, deflated without deflating each of them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    return b'\x78\x9c' + block * times + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def pdf(objects, trailer=''):
    """objects: {number: bytes or str}; number 1 is the catalogue."""
    out, offsets = bytearray(b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'), {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        data = body if isinstance(body, bytes) else body.encode('latin-1')
        out += b'%d 0 obj\n' % number + data + b'\nendobj\n'
    start, size = len(out), max(objects) + 1
    out += b'xref\n0 %d\n0000000000 65535 f \n' % size
    for number in range(1, size):
        out += (b'%010d 00000 n \n' % offsets[number] if number in offsets
                else b'0000000000 65535 f \n')
    out += b'trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n' % (
        size, trailer.encode(), start)
    return bytes(out)


def one_page(content, resources='', box='0 0 595 842', more=None):
    """A page with the word Readable and this content."""
    body = content if isinstance(content, bytes) else content.encode('latin-1')
    body = b'BT /F1 12 Tf 72 700 Td (Readable) Tj ET\n' + body
    return pdf({1: '<< /Type /Catalog /Pages 2 0 R >>',
                2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
                3: f'<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R '
                   f'/Resources << /Font << /F1 5 0 R >> {resources} >> >>',
                4: flate(body), 5: FONT, **(more or {})})


def no_pages():
    return pdf({1: '<< /Type /Catalog /Pages 2 0 R >>',
                2: '<< /Type /Pages /Kids [] /Count 0 >>'})


def cyclic_tree():
    return pdf({1: '<< /Type /Catalog /Pages 2 0 R >>',
                2: '<< /Type /Pages /Kids [3 0 R] /Count 5 >>',
                3: '<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 5 >>'})


def deep_tree(depth):
    objects = {1: '<< /Type /Catalog /Pages 2 0 R >>'}
    for i in range(depth):
        objects[2 + i] = f'<< /Type /Pages /Kids [{3 + i} 0 R] /Count 1 /Parent {max(2, 1 + i)} 0 R >>'
    objects[2 + depth] = (f'<< /Type /Page /Parent {1 + depth} 0 R /MediaBox [0 0 100 100] '
                          '/Resources << >> >>')
    return pdf(objects)


def form_that_calls_itself():
    form = stream('/X Do 0 0 m 100 100 l S', '/Type /XObject /Subtype /Form /BBox [0 0 600 800] '
                  '/Resources << /XObject << /X 6 0 R >> >>')
    return one_page('/X Do', '/XObject << /X 6 0 R >>', more={6: form})


def forms_that_double():
    """Thirty forms, each of which paints the next twice: two to the thirtieth lines."""
    more = {}
    for i in range(30):
        more[6 + i] = stream('/X Do /X Do', '/Type /XObject /Subtype /Form /BBox [0 0 600 800] '
                             f'/Resources << /XObject << /X {7 + i} 0 R >> >>')
    more[36] = stream('0 0 m 100 100 l S', '/Type /XObject /Subtype /Form /BBox [0 0 600 800]')
    return one_page('/X Do', '/XObject << /X 6 0 R >>', more=more)


def content_bomb():
    """Two gigabytes of line segments in two megabytes, and a good page after it."""
    bomb = packed_many(b'0 0 m 9 9 l S ' * 80_000, 2_000)
    page = ('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R '
            '/Resources << /Font << /F1 5 0 R >> >> >>')
    return pdf({1: '<< /Type /Catalog /Pages 2 0 R >>',
                2: '<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>', 3: page % 4, 6: page % 7,
                4: stream(bomb, '/Filter /FlateDecode'), 5: FONT,
                7: stream('BT /F1 12 Tf 72 700 Td (Readable) Tj ET')})


def font_bomb():
    """An embedded font of a gigabyte of zeros."""
    data = packed_many(bytes(1 << 20), 1024)
    font = ('<< /Type /Font /Subtype /TrueType /BaseFont /Bomb /FirstChar 65 /LastChar 65 '
            '/Widths [500] /FontDescriptor 7 0 R >>')
    descriptor = ('<< /Type /FontDescriptor /FontName /Bomb /Flags 4 /FontBBox [0 0 1000 1000] '
                  '/ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 '
                  '/FontFile2 8 0 R >>')
    return one_page('BT /F2 12 Tf 72 500 Td (A) Tj ET', more={
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R '
           '/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>',
        6: font, 7: descriptor,
        8: stream(data, '/Filter /FlateDecode /Length1 1073741824')})


def object_stream_bomb():
    """An object stream that says it holds a hundred million objects."""
    head = b'3 0 ' * 200_000
    packed = flate(head + bytes(1 << 28), f'/Type /ObjStm /N 100000000 /First {len(head)}')
    return pdf({1: '<< /Type /Catalog /Pages 2 0 R >>',
                2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', 4: packed})


def endless_length():
    return one_page('', more={4: b'<< /Length 99999999999 >>\nstream\nBT /F1 12 Tf 72 700 Td '
                              b'(Readable) Tj ET\nendstream'})


def million_lines():
    draw = random.Random(1)
    return one_page(b''.join(b'%d %d m %d %d l S\n' % (x, y, x + draw.randrange(50), y)
                             for x, y in ((draw.randrange(590), draw.randrange(840))
                                          for _ in range(1_000_000))))


def tiny_images():
    return one_page(b''.join(b'q 1 0 0 1 %d %d cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q\n'
                             % (i % 590, i // 590) for i in range(50_000)))


def many_words():
    draw = random.Random(2)
    return one_page(b'BT /F1 4 Tf\n' + b''.join(
        b'1 0 0 1 %d %d Tm (%d) Tj\n' % (draw.randrange(590), draw.randrange(840), i % 100)
        for i in range(60_000)) + b'ET')


def made():
    """Name and bytes of each."""
    yield 'no-pages.pdf', no_pages()
    yield 'cyclic-tree.pdf', cyclic_tree()
    yield 'deep-tree.pdf', deep_tree(10_000)
    yield 'form-in-itself.pdf', form_that_calls_itself()
    yield 'forms-that-double.pdf', forms_that_double()
    yield 'content-bomb.pdf', content_bomb()
    yield 'font-bomb.pdf', font_bomb()
    yield 'object-stream-bomb.pdf', object_stream_bomb()
    yield 'endless-length.pdf', endless_length()
    yield 'wide-page.pdf', one_page('', box='0 0 14400 14400')
    yield 'huge-page.pdf', one_page('', box='0 0 9999999999 9999999999')
    yield 'inside-out-page.pdf', one_page('', box='595 842 0 0')
    yield 'no-size-page.pdf', one_page('', box='0 0 0 0')
    yield 'million-lines.pdf', million_lines()
    yield 'tiny-images.pdf', tiny_images()
    yield 'many-words.pdf', many_words()
    yield 'deep-nesting.pdf', one_page(b'q ' * 1_000_000)
    yield 'deep-arrays.pdf', one_page(b'[' * 1_000_000)
    yield 'long-dashes.pdf', one_page('[0.0001 0.0001] 0 d 0 100 m 590 100 l S')
    yield 'infinite-numbers.pdf', one_page('1e38 0 0 1e38 0 0 cm 0 0 m 1e38 1e38 l S '
                                           'BT /F1 1e30 Tf (Big) Tj ET')


def damaged(sample):
    yield 'empty.pdf', b''
    yield 'text.pdf', 'これはPDFではない。\n'.encode() * 100
    yield 'zeros.pdf', bytes(100_000)
    for part in (1, 20, 50, 90, 99):
        yield f'cut-{part:02}.pdf', sample[:len(sample) * part // 100]
    for seed in range(6):
        draw, data = random.Random(seed), bytearray(sample)
        for _ in range(10 ** (1 + seed % 3)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        yield f'garbled-{seed}.pdf', bytes(data)


def encrypted(folder, sample):
    for name, user, owner in (('password.pdf', 'secret', 'owner'), ('owner-only.pdf', '', 'owner')):
        subprocess.run(['qpdf', '--encrypt', user, owner, '256', '--', sample,
                        os.path.join(folder, name)], check=True)


def main():
    folder, sample = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    with open(sample, 'rb') as f:
        data = f.read()
    for source in (made(), damaged(data)):
        for name, content in source:
            with open(os.path.join(folder, name), 'wb') as f:
                f.write(content)
    encrypted(folder, sample)


if __name__ == '__main__':
    main()

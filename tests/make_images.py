# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of a page in every kind that PNG, TIFF and JPEG have, made by hand so that no test needs a
library for it; and damaged ones. A Grey is what all are made of."""
import random, re, struct, subprocess, zlib

import make_bad

DPI = 300


class Grey:
    """data: a byte a pixel, row by row; 0 is black."""

    def __init__(self, width, height, data):
        self.width, self.height, self.data = width, height, data

    def rows(self, data, bytes_a_row):
        return [data[i:i + bytes_a_row] for i in range(0, len(data), bytes_a_row)]

    def inverted(self):
        return self.data.translate(bytes(range(255, -1, -1)))


def render(pdf, page, across=DPI, down=DPI):
    done = subprocess.run(['pdftoppm', '-gray', '-rx', str(across), '-ry', str(down), '-f', str(page),
                           '-l', str(page), pdf], check=True, capture_output=True)
    head = re.match(rb'P5\s+(\d+)\s+(\d+)\s+255\s', done.stdout)
    return Grey(int(head[1]), int(head[2]), done.stdout[head.end():])


def photograph(width=900, height=700, seed=3, ground=0xb4, pieces=700):
    """Edges every way, as leaves or a crowd have: pieces of it look like characters."""
    dice, rows = random.Random(seed), [bytearray([ground] * width) for _ in range(height)]
    for _ in range(pieces):
        x, y, grey = dice.randrange(width), dice.randrange(height), dice.randrange(256)
        w, h, lean = dice.randrange(4, 50), dice.randrange(4, 50), dice.uniform(-1, 1)
        for k in range(min(h, height - y)):
            left = max(0, min(width, int(x + lean * k)))
            right = max(left, min(width, left + w))
            rows[y + k][left:right] = bytes([grey]) * (right - left)
    return Grey(width, height, b''.join(rows))


def interleaved(*planes):
    out = bytearray(len(planes) * len(planes[0]))
    for i, plane in enumerate(planes):
        out[i::len(planes)] = plane
    return bytes(out)


def packed(grey, bits):
    """Rows of so many bits a pixel: (bytes, bytes a row). White is all ones."""
    a_byte, most = 8 // bits, (1 << bits) - 1
    levels = grey.data.translate(bytes(v * most // 255 if bits > 1 else v >= 128
                                       for v in range(256)))
    filler = bytes(-grey.width % a_byte)
    whole = b''.join(row + filler for row in grey.rows(levels, grey.width))
    total = 0
    for i in range(a_byte):
        total |= int.from_bytes(whole[i::a_byte], 'big') << (8 - bits * (i + 1))
    size = len(whole) // a_byte
    return total.to_bytes(size, 'big'), (grey.width + len(filler)) // a_byte


# ---- PNG ----

def chunk(kind, body):
    return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))


def png(width, height, depth, colour, rows, palette=None, dpi=DPI):
    """rows: bytes of each, or the deflated whole."""
    raw = rows if isinstance(rows, bytes) else zlib.compress(b''.join(b'\0' + r for r in rows), 1)
    metre = round((dpi or 0) / 0.0254)
    return (b'\x89PNG\r\n\x1a\n'
            + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, depth, colour, 0, 0, 0))
            + (chunk(b'pHYs', struct.pack('>IIB', metre, metre, 1)) if dpi else b'')
            + (chunk(b'PLTE', palette) if palette else b'')
            + chunk(b'IDAT', raw) + chunk(b'IEND', b''))


def grey_png(grey, dpi=DPI):
    return png(grey.width, grey.height, 8, 0, grey.rows(grey.data, grey.width), dpi=dpi)


def pngs(grey):
    w, h, data = grey.width, grey.height, grey.data
    black, opaque = bytes(len(data)), b'\xff' * len(data)

    def of(depth, colour, pixels, a_row, palette=None):
        return png(w, h, depth, colour, grey.rows(pixels, a_row), palette)

    yield 'grey.png', grey_png(grey)
    yield 'no-resolution.png', grey_png(grey, None)
    for bits in (1, 2, 4):
        pixels, a_row = packed(grey, bits)
        yield f'grey-{bits}.png', of(bits, 0, pixels, a_row)
        pixels, a_row = packed(Grey(w, h, grey.inverted()), bits)
        most = (1 << bits) - 1
        palette = b''.join(bytes([255 - i * 255 // most] * 3) for i in range(most + 1))
        yield f'palette-{bits}.png', of(bits, 3, pixels, a_row, palette)
    yield 'grey-16.png', of(16, 0, interleaved(data, data), 2 * w)
    yield 'black-of-varying-alpha.png', of(8, 4, interleaved(black, grey.inverted()), 2 * w)
    yield 'rgb.png', of(8, 2, interleaved(data, data, data), 3 * w)
    yield 'rgba.png', of(8, 6, interleaved(data, data, data, opaque), 4 * w)
    yield 'rgba-clear.png', of(8, 6, interleaved(black, black, black, grey.inverted()), 4 * w)


# ---- TIFF ----

SHORT, LONG, RATIONAL = 3, 4, 5


def tiff_value(order, kind, values):
    if kind == RATIONAL:
        return b''.join(struct.pack(order + 'II', v, 1) for v in values)
    return b''.join(struct.pack(order + ('H' if kind == SHORT else 'I'), v) for v in values)


def tiff(frames, order='<', endless=False):
    """frames: (tags, pieces): tags {number: (type, values)}, to which those of the pieces (strips; tiles
    where tag 322 is) are added. endless: the last frame is followed by the first."""
    out = bytearray((b'II*\0' if order == '<' else b'MM\0*') + bytes(4))
    link, first = 4, None
    for tags, pieces in frames:
        offsets, tiled = [], 322 in tags
        for piece in pieces:
            offsets.append(len(out))
            out += piece + bytes(len(piece) % 2)
        tags = {**tags, 324 if tiled else 273: (LONG, offsets),
                325 if tiled else 279: (LONG, [len(p) for p in pieces])}
        entries = []
        for tag, (kind, values) in sorted(tags.items()):
            body = tiff_value(order, kind, values)
            if len(body) > 4:
                body, place = struct.pack(order + 'I', len(out)), body
                out += place
            entries.append(struct.pack(order + 'HHI', tag, kind, len(values)) + body.ljust(4, b'\0'))
        out[link:link + 4] = struct.pack(order + 'I', len(out))
        first = first or len(out)
        out += struct.pack(order + 'H', len(entries)) + b''.join(entries)
        link = len(out)
        out += bytes(4)
    if endless:
        out[link:link + 4] = struct.pack(order + 'I', first)
    return bytes(out)


def frame(grey, pieces, photometric, bits, dpi=(DPI, DPI), unit=2, compression=1, **more):
    """bits: of each sample."""
    tags = {256: (LONG, [grey.width]), 257: (LONG, [grey.height]), 258: (SHORT, bits),
            259: (SHORT, [compression]), 262: (SHORT, [photometric]), 277: (SHORT, [len(bits)])}
    if dpi:
        tags.update({282: (RATIONAL, [dpi[0]]), 283: (RATIONAL, [dpi[1]]), 296: (SHORT, [unit])})
    tags.update({int(k[1:]): v for k, v in more.items()})
    if 322 not in tags:
        tags.setdefault(278, (LONG, [grey.height]))
    return tags, pieces


def tiles(grey, side):
    rows = grey.rows(grey.data, grey.width)
    rows += [b'\xff' * grey.width] * (-grey.height % side)
    return [b''.join(row[x:x + side].ljust(side, b'\xff') for row in rows[y:y + side])
            for y in range(0, len(rows), side) for x in range(0, grey.width, side)]


def tiffs(grey):
    data, one = grey.data, [8]
    nothing = bytes(len(data))
    strips = [b''.join(grey.rows(data, grey.width)[y:y + 64]) for y in range(0, grey.height, 64)]
    levels = [v * 257 for v in range(255, -1, -1)]
    yield 'grey.tif', tiff([frame(grey, [data], 1, one)])
    yield 'big-endian.tif', tiff([frame(grey, [data], 1, one)], '>')
    yield 'white-is-zero.tif', tiff([frame(grey, [grey.inverted()], 0, one)])
    yield 'strips.tif', tiff([frame(grey, strips, 1, one, T278=(LONG, [64]))])
    yield 'deflate.tif', tiff([frame(grey, [zlib.compress(data, 1)], 1, one, compression=8)])
    yield 'grey-16.tif', tiff([frame(grey, [interleaved(data, data)], 1, [16])])
    yield 'rgb.tif', tiff([frame(grey, [interleaved(data, data, data)], 2, [8] * 3)])
    yield 'planes.tif', tiff([frame(grey, [data] * 3, 2, [8] * 3, T284=(SHORT, [2]))])
    yield 'palette.tif', tiff([frame(grey, [grey.inverted()], 3, one, T320=(SHORT, levels * 3))])
    ink = grey.inverted()
    yield 'cmyk.tif', tiff([frame(grey, [interleaved(ink, ink, ink, ink)], 5, [8] * 4)])
    yield 'cyan.tif', tiff([frame(grey, [interleaved(ink, nothing, nothing, nothing)], 5, [8] * 4)])
    yield 'tiled.tif', tiff([frame(grey, tiles(grey, 256), 1, one, T322=(LONG, [256]),
                                   T323=(LONG, [256]))])
    yield 'tiled-second.tif', tiff([
        frame(Grey(300, 300, b'\xff' * 90_000), [b'\xff' * 90_000], 1, one),
        frame(grey, tiles(grey, 128), 1, one, T322=(LONG, [128]), T323=(LONG, [128]))])
    yield 'centimetres.tif', tiff([frame(grey, [data], 1, one, (118, 118), 3)])
    yield 'no-resolution.tif', tiff([frame(grey, [data], 1, one, None)])
    yield 'resolution-1.tif', tiff([frame(grey, [data], 1, one, (1, 1), 1)])


def fax(grey, dpi):
    """Another resolution across than down."""
    return tiff([frame(grey, [grey.data], 1, [8], dpi)])


# ---- JPEG ----

def segments(jpeg):
    """(marker, body) of each before the coded data, which is the last one's with marker None."""
    at = 2
    while True:
        marker, length = struct.unpack('>HH', jpeg[at:at + 4])
        yield marker, jpeg[at + 4:at + 2 + length]
        at += 2 + length
        if marker == 0xFFDA:
            yield None, jpeg[at:]
            return


def segment(marker, body):
    return struct.pack('>HH', marker, len(body) + 2) + body


def without_application_data(jpeg):
    parts = [p for p in segments(jpeg) if p[0] is None or not 0xFFE0 <= p[0] <= 0xFFEF]
    return b'\xff\xd8' + b''.join(segment(*p) for p in parts[:-1]) + parts[-1][1]


def even_scan(blocks, step):
    """The coded data of blocks that are all white: by the tables of the standard's annex K, which
    libjpeg writes unless told otherwise. step: the quantizer of the mean."""
    mean = round(1016 / step)
    size = mean.bit_length()
    code = ['00', '010', '011', '100', '101', '110', '1110', '11110', '111110', '1111110',
            '11111110'][size]
    bits = code + f'{mean:b}' + '1010' + '001010' * (blocks - 1)
    bits += '1' * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, 'big').replace(b'\xff', b'\xff\0')


def cmyk_jpeg(grey_jpeg):
    """A grey JPEG as the black of one in CMYK, as Adobe writes it: turned over."""
    out, parts = b'\xff\xd8' + segment(0xFFEE, b'Adobe' + struct.pack('>HHHB', 100, 0, 0, 0)), b''
    for marker, body in segments(grey_jpeg):
        if marker == 0xFFDB:
            step = body[1]
            parts += segment(marker, body)
        elif marker == 0xFFC4:
            parts += segment(marker, body)
        elif marker == 0xFFC0:
            height, width = struct.unpack('>HH', body[1:5])
            parts += segment(marker, body[:5] + b'\4' + b''.join(bytes([i, 0x11, 0])
                                                               for i in (1, 2, 3, 4)))
        elif marker is None:
            data = body[:body.rindex(b'\xff\xd9')]
    even = even_scan(-(-width // 8) * -(-height // 8), step)
    for i in (1, 2, 3, 4):
        parts += segment(0xFFDA, bytes([1, i, 0, 0, 63, 0])) + (data if i == 4 else even)
    return out + parts + b'\xff\xd9'


# ---- damaged and hostile ones ----

def bomb(side):
    """A PNG of side × side white pixels, small itself."""
    row = b'\0' + b'\xff' * side
    return png(side, side, 8, 0, make_bad.packed_many(row * 100, side // 100))


def hostile(grey):
    small = Grey(200, 200, b'\xff' * 40_000)
    good = frame(small, [small.data], 1, [8])
    yield 'pixel.png', png(1, 1, 8, 0, [b'\0'])
    yield 'bomb.png', bomb(30_000)
    yield 'long.png', png(1_000_000, 20, 1, 0, zlib.compress(bytes(125_001 * 20)))
    yield 'header-only.png', png(9_000, 9_000, 16, 6, zlib.compress(b''))
    yield 'huge.tif', tiff([frame(Grey(2**31 - 1, 2**31 - 1, b''), [b'x'], 1, [8])])
    yield 'large.tif', tiff([frame(Grey(60_000, 60_000, b''), [b'x'], 1, [8])])
    yield 'large-second.tif', tiff([good, frame(Grey(60_000, 60_000, b''), [b'x'], 1, [8])])
    yield 'strips-elsewhere.tif', tiff([frame(grey, [b'x'], 1, [8])])
    yield 'many-samples.tif', tiff([frame(small, [b'x'], 1, [8] * 1000)])
    yield 'nothing.tif', b'II*\0' + bytes(4)
    yield 'beyond.tif', b'II*\0\xff\xff\xff\x7f'
    yield 'endless.tif', tiff([good, good], endless=True)

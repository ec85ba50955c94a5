#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""extract.py YOMIJUN   what a page paints and what its text layer claims, on PDFs of a few lines: the
facts about the libraries that extract/ relies on. Needs the paint trace; exit code 77 without it."""
import os, subprocess, sys, tempfile
import xml.etree.ElementTree as ElementTree

import make_bad

SKIPPED = 77
NAMESPACE = '{urn:yomijun:page:1}'
# A font that is not embedded, with a glyph that poppler-data knows no character for.
CID_FONT = {
    6: '<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /Identity-H '
       '/DescendantFonts [7 0 R] >>',
    7: '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Any /DW 1000 /FontDescriptor 8 0 R '
       '/CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> >>',
    8: '<< /Type /FontDescriptor /FontName /Any /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 '
       '/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>'}
CID_UNKNOWN = '2220'


class Dump:
    """The evidence of the first page of a PDF, without OCR if nothing else is said."""

    def __init__(self, yomijun, data, ocr='never'):
        with tempfile.TemporaryDirectory() as folder:
            pdf = os.path.join(folder, 'a.pdf')
            with open(pdf, 'wb') as f:
                f.write(data)
            done = subprocess.run([yomijun, 'process', '-q', '--stop-after=page', '--ocr', ocr, pdf],
                                  check=True, capture_output=True)
        self.page = ElementTree.fromstring(done.stdout)[0]

    def glyphs(self):
        return self.page.findall(NAMESPACE + 'g')

    def text(self, hidden=None):
        """Characters hidden for this reason, or those that are seen."""
        return ''.join(g.get('u', '?') for g in self.glyphs() if g.get('hidden') == hidden)

    def box(self, element):
        return [round(float(v), 1) for v in element.get('box').split()]

    def origin(self, character):
        """Of the first such glyph, on its baseline."""
        glyph = next(g for g in self.glyphs() if g.get('u') == character)
        return [round(float(v)) for v in glyph.get('at').split()]

    def rulings(self):
        return [self.box(r) for r in self.page.iter(NAMESPACE + 'ruling')]

    def notices(self):
        return {n.get('kind') for n in self.page.iter(NAMESPACE + 'notice')}


def word(text, x=72, y=500, before=''):
    return f'{before} BT /F1 12 Tf {x} {y} Td ({text}) Tj ET\n'


def page(content, entries='', **more):
    """A page of 595 × 842 points, on which "Readable" stands at 72, 700 too."""
    data = make_bad.one_page(content, **more)
    return data.replace(b'/Type /Page ', b'/Type /Page ' + entries.encode(), 1) if entries else data


def rebuilt(content, entries, objects=None, catalogue=''):
    return make_bad.pdf({1: f'<< /Type /Catalog /Pages 2 0 R {catalogue} >>',
                         2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
                         3: f'<< /Type /Page /Parent 2 0 R {entries} /Contents 4 0 R '
                            '/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>',
                         4: make_bad.stream(content), 5: make_bad.FONT, **(objects or {})})


def test_invisible_text_is_hidden(y):
    assert Dump(y, page(word('ghost', before='3 Tr'))).text('invisible') == 'ghost'


def test_clipped_text_is_hidden(y):
    dump = Dump(y, page('q 0 0 50 50 re W n ' + word('ghost') + ' Q'))
    assert dump.text('clipped') == 'ghost' and dump.text() == 'Readable'


def test_covered_text_is_hidden(y):
    dump = Dump(y, page(word('ghost') + '0.9 g 60 490 100 30 re f'))
    assert dump.text('covered') == 'ghost'


def test_white_text_on_paper_is_hidden(y):
    assert Dump(y, page(word('ghost', before='1 g'))).text('same-colour') == 'ghost'


def test_white_text_on_a_dark_area_is_seen(y):
    dump = Dump(y, page('0 g 60 490 100 30 re f ' + word('seen', before='1 g')))
    assert dump.text() == 'Readableseen'


def test_text_outside_of_the_page_is_hidden(y):
    assert Dump(y, page(word('ghost', x=5000))).text('outside') == 'ghost'


def test_text_under_a_thin_line_is_seen(y):
    dump = Dump(y, page(word('struck') + '70 504 m 120 504 l S'))
    assert dump.text() == 'Readablestruck'


def test_glyph_without_unicode_is_undecoded(y):
    dump = Dump(y, rebuilt(f'BT /F2 20 Tf 72 500 Td <{CID_UNKNOWN}> Tj ET',
                           '/MediaBox [0 0 595 842]', CID_FONT))
    assert ['undecoded' in g.get('flags', '') for g in dump.glyphs()] == [True]
    assert 'undecoded' in dump.notices()


def test_glyph_without_unicode_is_read(y):
    narrow = {**CID_FONT, 7: CID_FONT[7].replace('/DW 1000', '/DW 500')}
    dump = Dump(y, rebuilt(f'BT /F2 20 Tf 72 500 Td <{CID_UNKNOWN}> Tj ET',
                           '/MediaBox [0 0 595 842]', narrow), 'auto')
    assert [g.get('origin') for g in dump.glyphs()] == ['ocr'] and dump.text() not in ('', '?')
    assert 'ocr' in dump.notices() and 'undecoded' not in dump.notices()


def test_actual_text_is_what_is_read(y):
    dump = Dump(y, page('/Span << /ActualText (real) >> BDC ' + word('xxxx') + ' EMC'))
    assert dump.text() == 'Readablereal', dump.text()


def test_place_of_a_glyph_is_that_of_its_baseline(y):
    assert Dump(y, page(word('x'))).origin('x') == [72, 342]


def test_turned_page_is_measured_as_displayed(y):
    dump = Dump(y, rebuilt(word('x'), '/MediaBox [0 0 595 842] /Rotate 90'))
    assert dump.page.get('width') == '842' and dump.page.get('height') == '595'
    assert dump.origin('x') == [500, 72], dump.origin('x')


def test_crop_box_moves_the_origin(y):
    dump = Dump(y, rebuilt(word('x'), '/MediaBox [0 0 595 842] /CropBox [50 100 550 800]'))
    assert dump.page.get('width') == '500' and dump.page.get('height') == '700'
    assert dump.origin('x') == [22, 300], dump.origin('x')


def test_stroke_is_a_ruling(y):
    assert Dump(y, page('2 w 100 400 m 300 400 l S')).rulings() == [[100, 442, 300, 442]]


def test_dashed_stroke_is_one_dashed_ruling(y):
    dump = Dump(y, page('[3 3] 0 d 100 400 m 300 400 l S'))
    assert dump.rulings() == [[100, 442, 300, 442]]
    assert dump.page.find(NAMESPACE + 'ruling').get('dashed') == 'true'


def test_thin_filled_rectangle_is_a_ruling(y):
    dump = Dump(y, page('100 400 200 0.5 re f'))
    assert len(dump.rulings()) == 1
    assert dump.page.find(NAMESPACE + 'ruling').get('source') == 'fill'


def squares(places):
    return page(' '.join(f'{x} {y} 1.5 1.5 re f' for x, y in places))


def test_column_of_small_squares_is_a_vertical_ruling(y):
    dump = Dump(y, squares([(100, 400 + 3 * i) for i in range(10)]))
    assert dump.rulings() == [[100.8, 413.5, 100.8, 442]], dump.rulings()
    assert dump.page.find(NAMESPACE + 'ruling').get('dashed') == 'true'


def test_squares_are_of_a_row_and_of_a_column_where_these_cross(y):
    places = [(100 + 3 * i, 400) for i in range(-10, 11)] + [(100, 400 + 3 * i)
                                                             for i in range(-10, 11) if i]
    found = sorted(Dump(y, squares(places)).rulings())
    assert found == [[70, 441.2, 131.5, 441.2], [100.8, 410.5, 100.8, 472]], found


def test_squares_painted_twice_are_a_ruling(y):
    assert len(Dump(y, squares([(100 + 3 * (i // 2), 400) for i in range(20)])).rulings()) == 1


def test_squares_that_fill_a_plane_are_no_lines(y):
    dump = Dump(y, squares([(100 + 3 * i, 400 + 3 * k) for i in range(12) for k in range(12)]))
    assert all(r.get('dashed') is None for r in dump.page.iter(NAMESPACE + 'ruling'))


def test_items_marked_by_squares_have_no_line_beside_them(y):
    dump = Dump(y, page(' '.join(f'100 {400 + 14 * i} 3 3 re f' for i in range(8))))
    assert not dump.rulings(), dump.rulings()


def test_round_dots_and_short_round_strokes_are_rulings(y):
    disc = '{0} 401 m {0} 402.1 {1} 403 {2} 403 c {3} 403 {4} 402.1 {4} 401 c ' \
           '{4} 399.9 {3} 399 {2} 399 c {1} 399 {0} 399.9 {0} 401 c f'
    discs = ' '.join(disc.format(x, x + .9, x + 2, x + 3.1, x + 4) for x in range(100, 180, 8))
    dump = Dump(y, page(discs))
    assert dump.rulings() == [[100, 441, 176, 441]] and dump.page.find(NAMESPACE + 'shape') is None
    strokes = ' '.join(f'100 {v} m 100 {v} l S' for v in range(400, 440, 4))
    assert Dump(y, page('1 J 2 w ' + strokes)).rulings() == [[100, 405, 100, 443]]


def test_dashes_about_three_times_as_long_as_thick_are_one_ruling(y):
    dashes = [f'100 {400 + 8 * i} 1.5 {4.5 + .001 * (i % 3 - 1)} re f' for i in range(9)]
    assert len(Dump(y, page(' '.join(dashes))).rulings()) == 1


def test_thick_short_dashes_are_a_ruling(y):
    dump = Dump(y, page(' '.join(f'{x} 400 4.5 2.25 re f' for x in range(100, 170, 7))))
    assert dump.rulings() == [[100, 440.9, 167.5, 440.9]], dump.rulings()


def test_stroked_rectangle_is_four_rulings(y):
    assert len(Dump(y, page('100 400 200 50 re S')).rulings()) == 4


def test_filled_rectangle_is_an_area(y):
    dump = Dump(y, page('0.8 g 100 400 200 50 re f'))
    areas = dump.page.findall(NAMESPACE + 'area')
    assert [dump.box(a) for a in areas] == [[100, 392, 300, 442]] and not dump.rulings()


def test_ruling_in_a_form_is_where_the_form_is_painted(y):
    form = make_bad.stream('0 0 m 100 0 l S', '/Type /XObject /Subtype /Form /BBox [-9 -9 200 200]')
    dump = Dump(y, page('q 1 0 0 1 50 300 cm /X Do Q', resources='/XObject << /X 6 0 R >>',
                        more={6: form}))
    assert dump.rulings() == [[50, 542, 150, 542]]


def test_ruling_in_a_transparency_group_is_seen(y):
    form = make_bad.stream('0 0 m 100 0 l S ' + word('in', 0, 9), '/Type /XObject /Subtype /Form '
                           '/BBox [-9 -9 200 200] /Group << /S /Transparency >> '
                           '/Resources << /Font << /F1 5 0 R >> >>')
    dump = Dump(y, page('q 1 0 0 1 50 300 cm /X Do Q', resources='/XObject << /X 6 0 R >>',
                        more={6: form}))
    assert dump.rulings() == [[50, 542, 150, 542]] and dump.text() == 'Readablein'


def test_clipped_ruling_ends_where_it_is_seen(y):
    dump = Dump(y, page('q 150 0 50 800 re W n 100 400 m 300 400 l S Q'))
    assert dump.rulings() == [[150, 442, 200, 442]], dump.rulings()


def test_image_is_where_it_is_painted(y):
    dump = Dump(y, page('q 100 0 0 50 200 300 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q'))
    images = dump.page.findall(NAMESPACE + 'image')
    assert [dump.box(i) for i in images] == [[200, 492, 300, 542]]


def test_curve_is_a_shape(y):
    dump = Dump(y, page('100 400 m 150 500 200 300 250 400 c S'))
    assert len(dump.page.findall(NAMESPACE + 'shape')) == 1 and not dump.rulings()


def test_page_label_is_read(y):
    dump = Dump(y, rebuilt(word('x'), '/MediaBox [0 0 595 842]', catalogue=(
        '/PageLabels << /Nums [0 << /S /r /P (A-) /St 4 >>] >>')))
    assert dump.page.get('label') == 'A-iv'


def test_field_that_is_filled_in_is_read(y):
    appearance = make_bad.stream('BT /F1 12 Tf 2 5 Td (filled) Tj ET', '/Type /XObject /Subtype /Form '
                                 '/BBox [0 0 100 20] /Resources << /Font << /F1 5 0 R >> >>')
    dump = Dump(y, rebuilt(word('x'), '/MediaBox [0 0 595 842] /Annots [8 0 R]', {
        8: '<< /Type /Annot /Subtype /Widget /FT /Tx /T (f) /V (filled) /F 4 '
           '/Rect [100 600 200 620] /AP << /N 9 0 R >> >>', 9: appearance},
        catalogue='/AcroForm << /Fields [8 0 R] >>'))
    assert 'filled' in dump.text(), dump.text()
    assert dump.origin('f')[0] == 102


def test_trace_that_failed_calls_no_text_covered_or_white(y):
    dump = Dump(y, page(word('ghost', before='1 g') + '/NoSuchForm Do'))
    assert 'trace-error' in dump.notices() and dump.text() == 'Readableghost'


def main():
    yomijun = os.path.abspath(sys.argv[1])
    version = subprocess.run([yomijun, '--version'], check=True, capture_output=True, text=True)
    if 'paint trace: yes' not in version.stdout:
        print('skipped: this build has no paint trace')
        return SKIPPED
    failed = 0
    for name, test in list(globals().items()):
        if not name.startswith('test_'):
            continue
        try:
            test(yomijun)
            print('good', name)
        except (AssertionError, subprocess.CalledProcessError, StopIteration) as fault:
            failed += 1
            print('BAD ', name, repr(fault))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

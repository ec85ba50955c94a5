/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawn lines cleaned up, and underlines told from them. */
#include "build.h"
#include "rulings.h"

static void
assert_bar(const GArray *bars, guint index, double at, double lo, double hi)
{
    g_assert_cmpuint(index, <, bars->len);
    const Bar *bar = &g_array_index(bars, Bar, index);
    g_assert_cmpfloat_with_epsilon(bar->at, at, 0.01);
    g_assert_cmpfloat_with_epsilon(bar->lo, lo, 0.01);
    g_assert_cmpfloat_with_epsilon(bar->hi, hi, 0.01);
}

static void
test_dots_are_one_line(void)
{
    g_autoptr(Page) page = build_page(1);
    build_dashes(page, 50, 100, 250, 100, 1, 1);
    g_autoptr(Rulings) rulings = rulings_find(page, FRAME_UPRIGHT);
    g_assert_cmpuint(rulings->horizontal->len, ==, 1);
    assert_bar(rulings->horizontal, 0, 100, 50, 249);
}

static void
test_dashes_are_one_line(void)
{
    g_autoptr(Page) page = build_page(1);
    build_dashes(page, 50, 100, 50, 300, 4, 3);
    g_autoptr(Rulings) rulings = rulings_find(page, FRAME_UPRIGHT);
    g_assert_cmpuint(rulings->vertical->len, ==, 1);
    assert_bar(rulings->vertical, 0, 50, 100, 300);
}

static void
test_lines_with_a_column_between_them_stay_two(void)
{
    g_autoptr(Page) page = build_page(1);
    build_ruling(page, 50, 100, 150, 100);
    build_ruling(page, 165, 100, 250, 100);
    g_autoptr(Rulings) rulings = rulings_find(page, FRAME_UPRIGHT);
    g_assert_cmpuint(rulings->horizontal->len, ==, 2);
}

static void
test_double_line_is_one_in_the_middle(void)
{
    g_autoptr(Page) page = build_page(1);
    build_ruling(page, 50, 100, 250, 100);
    build_ruling(page, 50, 102, 250, 102);
    g_autoptr(Rulings) rulings = rulings_find(page, FRAME_UPRIGHT);
    g_assert_cmpuint(rulings->horizontal->len, ==, 1);
    assert_bar(rulings->horizontal, 0, 101, 50, 250);
}

static void
test_rows_of_a_table_are_no_double_line(void)
{
    g_autoptr(Page) page = build_page(1);
    build_ruling(page, 50, 100, 250, 100);
    build_ruling(page, 50, 112, 250, 112);
    g_autoptr(Rulings) rulings = rulings_find(page, FRAME_UPRIGHT);
    g_assert_cmpuint(rulings->horizontal->len, ==, 2);
}

static void
test_edges_of_a_shaded_area_are_lines(void)
{
    g_autoptr(Page) page = build_page(1);
    build_area(page, 50, 100, 250, 120, 0xD9D9D9);
    g_autoptr(Rulings) rulings = rulings_find(page, FRAME_UPRIGHT);
    g_assert_cmpuint(rulings->horizontal->len, ==, 2);
    g_assert_cmpuint(rulings->vertical->len, ==, 2);
    assert_bar(rulings->horizontal, 1, 120, 50, 250);
    g_assert_true(g_array_index(rulings->horizontal, Bar, 0).edge);
}

static void
test_white_area_has_no_edges(void)
{
    g_autoptr(Page) page = build_page(1);
    build_area(page, 50, 100, 250, 120, 0xFFFFFF);
    g_autoptr(Rulings) rulings = rulings_find(page, FRAME_UPRIGHT);
    g_assert_cmpuint(rulings->horizontal->len, ==, 0);
}

static void
test_white_line_on_paper_is_none(void)
{
    g_autoptr(Page) page = build_page(1);
    build_ruling(page, 50, 100, 250, 100);
    g_array_index(page->rulings, Ruling, 0).colour = 0xFFFFFF;
    g_autoptr(Rulings) rulings = rulings_find(page, FRAME_UPRIGHT);
    g_assert_cmpuint(rulings->horizontal->len, ==, 0);
}

/* The marks of glyph 0 after underlines were looked for. */
static guint8
mark_of_first_glyph(const Page *page, guint *ret_left)
{
    g_autoptr(Layout) layout = layout_new(page);
    g_autoptr(Rulings) rulings = rulings_find(page, FRAME_UPRIGHT);
    rulings_mark_text(rulings, page, layout);
    *ret_left = rulings->horizontal->len;
    return g_array_index(layout->marks, guint8, 0);
}

static void
test_line_that_follows_text_is_its_underline(void)
{
    g_autoptr(Page) page = build_page(1);
    guint left;
    double end = build_words(page, 100, 100, "改正後の規定");
    build_ruling(page, 100, 110.5, end, 110.5);
    g_assert_cmpint(mark_of_first_glyph(page, &left), ==, MARK_UNDERLINE);
    g_assert_cmpuint(left, ==, 0);
}

static void
test_line_through_text_strikes_it(void)
{
    g_autoptr(Page) page = build_page(1);
    guint left;
    double end = build_words(page, 100, 100, "改正前の規定");
    build_ruling(page, 100, 105, end, 105);
    g_assert_cmpint(mark_of_first_glyph(page, &left), ==, MARK_STRIKE);
    g_assert_cmpuint(left, ==, 0);
}

static void
test_line_longer_than_the_text_is_a_border(void)
{
    g_autoptr(Page) page = build_page(1);
    guint left;
    build_words(page, 100, 100, "見出し");
    build_ruling(page, 90, 111, 400, 111);
    g_assert_cmpint(mark_of_first_glyph(page, &left), ==, 0);
    g_assert_cmpuint(left, ==, 1);
}

static void
test_line_that_overhangs_the_text_is_a_border(void)
{
    g_autoptr(Page) page = build_page(1);
    guint left;
    double end =
        build_words(page, 100, 100, "三十字にわたる長い見出しの文字列の下に引かれた罫線の例です。");
    build_ruling(page, 80, 111, end + 20, 111);
    g_assert_cmpint(mark_of_first_glyph(page, &left), ==, 0);
    g_assert_cmpuint(left, ==, 1);
}

/* Is the glyph left of an underline marked too? `advance`: from it to the first underlined one. */
static gboolean
takes_bracket(double width, double advance)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 100, 100, "）");
    g_array_index(page->glyphs, Glyph, 0).x1 = (float)(100 + width);
    build_words(page, 100 + advance, 100, "及び血小板");
    build_ruling(page, 100 + advance, 110.5, 150 + advance, 110.5);
    guint left;
    guint8 mark = mark_of_first_glyph(page, &left);
    g_assert_cmpuint(left, ==, 0);
    return mark != 0;
}

static void
test_bracket_half_as_wide_before_an_underline_has_none(void)
{
    g_assert_false(takes_bracket(5, 5));
    g_assert_false(takes_bracket(10, 5)); /* its box reaches into the next sign's */
}

static void
test_border_of_a_cell_full_of_text_is_no_underline(void)
{
    g_autoptr(Page) page = build_page(1);
    guint left;
    double end = build_words(page, 100, 100, "升目一杯の文字");
    build_lattice(page, (double[]){99, end + 1, -1}, (double[]){97, 111, -1});
    g_assert_cmpint(mark_of_first_glyph(page, &left), ==, 0);
    g_assert_cmpuint(left, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rulings/dots", test_dots_are_one_line);
    g_test_add_func("/rulings/dashes", test_dashes_are_one_line);
    g_test_add_func("/rulings/apart", test_lines_with_a_column_between_them_stay_two);
    g_test_add_func("/rulings/double", test_double_line_is_one_in_the_middle);
    g_test_add_func("/rulings/rows", test_rows_of_a_table_are_no_double_line);
    g_test_add_func("/rulings/shade", test_edges_of_a_shaded_area_are_lines);
    g_test_add_func("/rulings/white-area", test_white_area_has_no_edges);
    g_test_add_func("/rulings/white-line", test_white_line_on_paper_is_none);
    g_test_add_func("/rulings/underline", test_line_that_follows_text_is_its_underline);
    g_test_add_func("/rulings/strike", test_line_through_text_strikes_it);
    g_test_add_func("/rulings/border", test_line_longer_than_the_text_is_a_border);
    g_test_add_func("/rulings/overhang", test_line_that_overhangs_the_text_is_a_border);
    g_test_add_func("/rulings/bracket", test_bracket_half_as_wide_before_an_underline_has_none);
    g_test_add_func("/rulings/full-cell", test_border_of_a_cell_full_of_text_is_no_underline);
    return g_test_run();
}

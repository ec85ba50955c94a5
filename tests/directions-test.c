/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vertical writing that the fonts do not tell. */
#include <string.h>

#include "build.h"
#include "directions.h"
#include "lines.h"

/* Each character in a place of its own, by a font that writes across. */
static double
stack(Page *page, double x, double y, double pitch, const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL), y += pitch) {
        g_autofree char *c = g_strndup(p, g_utf8_skip[(guchar)*p]);
        build_words(page, x, y, c);
    }
    return y;
}

static void
assert_text(const Page *page, Frame frame, const char *expected)
{
    g_autoptr(Layout) layout = layout_new(page);
    directions_find(layout, page);
    g_autoptr(GArray) all = build_all(page);
    const guint32 *glyphs = (const guint32 *)(gpointer)all->data;
    gboolean vertical;
    g_assert_cmpint(lines_frame(layout, page, glyphs, all->len, &vertical), ==, frame);
    lines_find(layout, page, glyphs, all->len, frame, INFINITY);
    g_autofree char *text = lines_text(page, layout);
    g_assert_cmpstr(text, ==, expected);
}

static void
test_glyphs_set_one_beneath_the_other_are_vertical_lines(void)
{
    g_autoptr(Page) page = build_page(1);
    stack(page, 120, 50, 10, "先の列である");
    stack(page, 102, 50, 10, "後の列");
    assert_text(page, FRAME_DOWN, "先の列である\n後の列");
}

static void
test_end_of_a_vertical_paragraph_goes_with_it(void)
{
    g_autoptr(Page) page = build_page(1);
    stack(page, 120, 50, 10, "先の列であ");
    stack(page, 102, 50, 10, "る");
    assert_text(page, FRAME_DOWN, "先の列であ\nる");
}

static void
test_lines_of_one_character_are_read_across(void)
{
    g_autoptr(Page) page = build_page(1);
    stack(page, 100, 50, 16, "有無有無有");
    assert_text(page, FRAME_UPRIGHT, "有\n無\n有\n無\n有");
}

static void
test_text_read_across_stays(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const lines[] = {"これは本文の", "二行目である", NULL};
    build_lines(page, 50, 50, 10, lines);
    assert_text(page, FRAME_UPRIGHT, "これは本文の\n二行目である");
}

static void
test_number_set_upright_keeps_all_its_digits_in_its_place(void)
{
    g_autoptr(Page) page = build_page(1);
    build_column(page, 100, 50, "八月から");
    build_words(page, 100, 90, "10");
    build_column(page, 100, 100, "月まで");
    build_column(page, 80, 50, "次の列");
    assert_text(page, FRAME_DOWN, "八月から10月まで\n次の列");
}

static void
test_digits_painted_from_the_right_are_read_from_the_left(void)
{
    g_autoptr(Page) page = build_page(1);
    build_column(page, 100, 50, "八月から");
    build_words(page, 105, 90, "2");
    build_words(page, 100, 90, "1");
    build_column(page, 100, 100, "月まで");
    assert_text(page, FRAME_DOWN, "八月から12月まで");
}

static void
test_number_among_glyphs_set_one_by_one(void)
{
    g_autoptr(Page) page = build_page(1);
    stack(page, 100, 50, 10, "平成");
    build_words(page, 100, 70, "31");
    stack(page, 100, 80, 10, "年度");
    assert_text(page, FRAME_DOWN, "平成31年度");
}

static void
test_numbers_painted_after_the_text_fill_its_gaps(void)
{
    g_autoptr(Page) page = build_page(1);
    build_column(page, 100, 50, "八月から");
    build_column(page, 100, 100, "月まで");
    build_column(page, 80, 50, "次の列");
    build_words(page, 300, 300, "これは横書きの本文である");
    build_words(page, 100, 90, "10");
    g_autoptr(Layout) layout = layout_find(page);
    g_autofree char *text = blocks_text(page, layout);
    g_assert_nonnull(strstr(text, "八月から10月まで"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/directions/stacks", test_glyphs_set_one_beneath_the_other_are_vertical_lines);
    g_test_add_func("/directions/end", test_end_of_a_vertical_paragraph_goes_with_it);
    g_test_add_func("/directions/across", test_lines_of_one_character_are_read_across);
    g_test_add_func("/directions/text", test_text_read_across_stays);
    g_test_add_func("/directions/number",
                    test_number_set_upright_keeps_all_its_digits_in_its_place);
    g_test_add_func("/directions/backwards",
                    test_digits_painted_from_the_right_are_read_from_the_left);
    g_test_add_func("/directions/one-by-one", test_number_among_glyphs_set_one_by_one);
    g_test_add_func("/directions/gaps", test_numbers_painted_after_the_text_fill_its_gaps);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Glyphs into lines. */
#include "build.h"
#include "lines.h"

static Layout *
find(const Page *page, Frame frame, double bridge)
{
    Layout *layout = layout_new(page);
    g_autoptr(GArray) all = build_all(page);
    lines_find(layout, page, (const guint32 *)(gpointer)all->data, all->len, frame, bridge);
    return layout;
}

static void
assert_lines(const Page *page, Frame frame, double bridge, const char *expected)
{
    g_autoptr(Layout) layout = find(page, frame, bridge);
    g_autofree char *text = lines_text(page, layout);
    g_assert_cmpstr(text, ==, expected);
}

static void
test_no_glyphs_make_no_lines(void)
{
    g_autoptr(Page) page = build_page(1);
    assert_lines(page, FRAME_UPRIGHT, INFINITY, "");
}

static void
test_words_on_one_baseline_are_one_line(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "施策");
    build_words(page, 90, 100, "計画");
    assert_lines(page, FRAME_UPRIGHT, INFINITY, "施策計画");
}

static void
test_words_painted_backwards_are_read_left_to_right(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 120, 100, "三");
    build_words(page, 80, 100, "二");
    build_words(page, 40, 100, "一");
    assert_lines(page, FRAME_UPRIGHT, INFINITY, "一二三");
}

static void
test_lower_line_painted_first_is_read_second(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 120, "下");
    build_words(page, 50, 100, "上");
    assert_lines(page, FRAME_UPRIGHT, INFINITY, "上\n下");
}

static void
test_gap_wider_than_the_bridge_starts_a_line(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "左");
    build_words(page, 90, 100, "右");
    assert_lines(page, FRAME_UPRIGHT, 1.5, "左\n右");
}

static void
test_columns_that_do_not_stand_level_stay_apart(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "左左左");
    build_words(page, 50, 116, "左左左");
    build_words(page, 100, 106, "右右右");
    build_words(page, 100, 122, "右右右");
    assert_lines(page, FRAME_UPRIGHT, INFINITY, "左左左\n右右右\n左左左\n右右右");
}

static void
test_superscript_stays_in_its_line(void)
{
    g_autoptr(Page) page = build_page(1);
    double x = build_words(page, 50, 100, "基本計画");
    x = build_words_like(page, x, 99, "1", 6, 0);
    build_words(page, x, 100, "に基づき");
    assert_lines(page, FRAME_UPRIGHT, INFINITY, "基本計画1に基づき");
}

static void
test_several_superscripts_stay_in_their_line(void)
{
    g_autoptr(Page) page = build_page(1);
    double x = build_words(page, 50, 100, "田丸");
    x = build_words_like(page, x, 99, "1", 6, 0);
    x = build_words(page, x, 100, "、満塩");
    x = build_words_like(page, x, 99, "2", 6, 0);
    build_words(page, x, 100, "による");
    assert_lines(page, FRAME_UPRIGHT, 0.9, "田丸1、満塩2による");
}

static void
test_subscript_between_text_stays_in_its_line(void)
{
    g_autoptr(Page) page = build_page(1);
    double x = build_words(page, 50, 100, "排出するCO");
    x = build_words_like(page, x, 106, "2", 6, 0);
    build_words(page, x, 100, "の量");
    assert_lines(page, FRAME_UPRIGHT, INFINITY, "排出するCO2の量");
}

static void
test_small_line_beneath_text_is_no_subscript(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "基本計画の概要");
    build_words_like(page, 60, 106, "注", 6, 0);
    assert_lines(page, FRAME_UPRIGHT, INFINITY, "基本計画の概要\n注");
}

static void
test_small_kana_above_is_ruby_of_the_line_below(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "読順");
    build_words_like(page, 50, 94, "よみ", 5, 0);
    g_autoptr(Layout) layout = find(page, FRAME_UPRIGHT, INFINITY);
    g_autofree char *text = lines_text(page, layout);
    g_assert_cmpstr(text, ==, "^よみ\n読順");
    g_assert_cmpint(layout_line(layout, 0)->base, ==, 1);
}

static void
test_small_line_of_its_own_is_no_ruby(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "読順");
    build_words_like(page, 50, 70, "よみ", 5, 0);
    assert_lines(page, FRAME_UPRIGHT, INFINITY, "よみ\n読順");
}

static void
test_vertical_columns_are_read_from_right_to_left(void)
{
    g_autoptr(Page) page = build_page(1);
    build_column(page, 100, 50, "後の列");
    build_column(page, 120, 50, "先の列");
    g_autoptr(GArray) all = build_all(page);
    g_autoptr(Layout) layout = layout_new(page);
    gboolean vertical = FALSE;
    Frame frame =
        lines_frame(layout, page, (const guint32 *)(gpointer)all->data, all->len, &vertical);
    g_assert_cmpint(frame, ==, FRAME_DOWN);
    g_assert_true(vertical);
    assert_lines(page, frame, INFINITY, "先の列\n後の列");
}

static void
test_every_glyph_stands_in_one_line(void)
{
    g_autoptr(Page) page = build_page(1);
    GRand *random = g_rand_new_with_seed(7);
    for (guint i = 0; i < 300; i++) {
        build_words_like(page, g_rand_double_range(random, 0, 590),
                         g_rand_double_range(random, 0, 790), "字",
                         g_rand_double_range(random, 1, 40), 0);
    }
    g_rand_free(random);
    g_autoptr(Layout) layout = find(page, FRAME_UPRIGHT, 1.45);
    g_autofree guint *seen = g_new0(guint, page->glyphs->len);
    for (guint i = 0; i < layout->lines->len; i++) {
        const Line *line = layout_line(layout, i);
        for (guint k = line->first; k < line->first + line->count; k++) {
            seen[g_array_index(layout->order, guint32, k)]++;
        }
    }
    for (guint i = 0; i < page->glyphs->len; i++) {
        g_assert_cmpuint(seen[i], ==, 1);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lines/nothing", test_no_glyphs_make_no_lines);
    g_test_add_func("/lines/baseline", test_words_on_one_baseline_are_one_line);
    g_test_add_func("/lines/backwards", test_words_painted_backwards_are_read_left_to_right);
    g_test_add_func("/lines/upwards", test_lower_line_painted_first_is_read_second);
    g_test_add_func("/lines/bridge", test_gap_wider_than_the_bridge_starts_a_line);
    g_test_add_func("/lines/not-level", test_columns_that_do_not_stand_level_stay_apart);
    g_test_add_func("/lines/superscript", test_superscript_stays_in_its_line);
    g_test_add_func("/lines/superscripts", test_several_superscripts_stay_in_their_line);
    g_test_add_func("/lines/subscript", test_subscript_between_text_stays_in_its_line);
    g_test_add_func("/lines/no-subscript", test_small_line_beneath_text_is_no_subscript);
    g_test_add_func("/lines/ruby", test_small_kana_above_is_ruby_of_the_line_below);
    g_test_add_func("/lines/no-ruby", test_small_line_of_its_own_is_no_ruby);
    g_test_add_func("/lines/vertical", test_vertical_columns_are_read_from_right_to_left);
    g_test_add_func("/lines/conservation", test_every_glyph_stands_in_one_line);
    return g_test_run();
}

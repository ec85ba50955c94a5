/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All passes over one page: what is dropped, what is a figure, and conservation. */
#include "layout.h"

#include "build.h"

static void
assert_drop(const Page *page, guint glyph, Drop drop)
{
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpint(g_array_index(layout->dropped, guint8, glyph), ==, drop);
}

static Glyph *
glyph_at(Page *page, guint index)
{
    return &g_array_index(page->glyphs, Glyph, index);
}

static void
test_empty_page_has_no_blocks(void)
{
    g_autoptr(Page) page = build_page(1);
    assert_blocks(page, "");
}

static void
test_hidden_glyph_is_dropped_with_its_reason(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 100, 100, "見隠");
    glyph_at(page, 1)->hidden = HIDDEN_COVERED;
    assert_drop(page, 1, DROP_COVERED);
    assert_blocks(page, "text: 見");
}

static void
test_glyph_without_unicode_is_dropped_as_undecoded(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 100, 100, "見何");
    glyph_at(page, 1)->unicode = 0;
    glyph_at(page, 1)->flags = GLYPH_UNDECODED;
    assert_drop(page, 1, DROP_UNDECODED);
}

static void
test_glyph_painted_twice_is_dropped_once(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 100, 100, "太");
    build_words(page, 100.4, 100, "太");
    assert_drop(page, 0, DROP_NOT);
    assert_drop(page, 1, DROP_DOUBLE);
    assert_blocks(page, "text: 太");
}

static void
test_same_character_twice_in_a_word_is_kept(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 100, 100, "もも");
    assert_blocks(page, "text: もも");
}

static void
test_labels_of_a_drawing_stand_in_its_figure(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 100, 100, "図の前の文章がここにあります。");
    for (guint i = 0; i < 6; i++) {
        float x = 150 + 40 * (float)i;
        Mark mark = {x, 200, x + 41, 300};
        g_array_append_val(page->shapes, mark);
    }
    build_words(page, 200, 250, "東京");
    build_words(page, 100, 400, "図の後の文章がここにあります。");
    assert_blocks(page, "text: 図の前の文章がここにあります。\n"
                        "figure: 東京\n"
                        "text: 図の後の文章がここにあります。");
}

static void
test_folio_and_head_on_one_line_are_two_texts(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const lines[] = {"本文の一行目である。", "本文の二行目である。", NULL};
    build_words(page, 50, 30, "- 2 -");
    build_words(page, 180, 30, "年次報告");
    build_lines(page, 50, 100, 16, lines);
    assert_blocks(page, "text: - 2 -\ntext: 年次報告\n"
                        "text: 本文の一行目である。/本文の二行目である。");
}

static void
test_first_line_with_a_gap_close_to_the_text_is_one(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 84, "歳入");
    build_words(page, 180, 84, "三千円である");
    const char *const lines[] = {"本文の一行目である。", "本文の二行目である。", NULL};
    build_lines(page, 50, 100, 16, lines);
    assert_blocks(page, "text: 歳入三千円である/本文の一行目である。/本文の二行目である。");
}

static void
test_contents_are_read_across_to_their_page_numbers(void)
{
    g_autoptr(Page) page = build_page(1);
    for (guint i = 0; i < 5; i++) {
        build_words(page, 50, 100 + 16 * i, "情報通信の整備の推進");
        build_words(page, 250, 100 + 16 * i, "………………………12");
    }
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpuint(layout->lines->len, ==, 5);
}

static void
test_label_does_not_widen_a_drawing_over_the_text(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const lines[] = {"一二三四五六七八九十一二三四五六七八九十",
                                 "一二三四五六七八九十一二三四五六七八九十", NULL};
    Mark mark = {50, 20, 400, 60};
    g_array_append_val(page->images, mark);
    build_lines(page, 100, 70, 16, lines);
    build_words(page, 380, 76, "総論");
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpuint(g_array_index(layout->figures, Figure, 0).count, ==, 0);
}

static void
test_end_of_a_paragraph_is_no_label(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const lines[] = {"一二三四五六七八九十一二三四五六七八九十", "おわり", NULL};
    Mark mark = {80, 134, 300, 200};
    g_array_append_val(page->images, mark);
    build_lines(page, 100, 100, 16, lines);
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpuint(g_array_index(layout->figures, Figure, 0).count, ==, 0);
}

static void
test_picture_without_text_is_a_figure(void)
{
    g_autoptr(Page) page = build_page(1);
    Mark image = {100, 100, 300, 250};
    g_array_append_val(page->images, image);
    build_words(page, 100, 400, "図の後の文章がここにあります。");
    assert_blocks(page, "figure: \ntext: 図の後の文章がここにあります。");
}

static void
test_conservation_sees_a_glyph_in_two_lines(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 100, 100, "二重");
    g_autoptr(Layout) layout = layout_find(page);
    g_autofree char *why = NULL;
    g_array_index(layout->order, guint32, 1) = g_array_index(layout->order, guint32, 0);
    g_assert_false(layout_conserves(layout, page, &why));
    g_assert_nonnull(why);
}

static void
test_conservation_sees_a_lost_glyph(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 100, 100, "紛失");
    g_autoptr(Layout) layout = layout_find(page);
    g_autofree char *why = NULL;
    g_array_index(layout->lines, Line, 0).count--;
    g_assert_false(layout_conserves(layout, page, &why));
    g_assert_nonnull(why);
}

/* A picture right above a box around text does not make a figure of both. */
static void
test_box_around_text_is_no_part_of_a_drawing(void)
{
    g_autoptr(Page) page = build_page(1);
    Mark image = {100, 100, 400, 197};
    g_array_append_val(page->images, image);
    build_lattice(page, (const double[]){100, 400, -1}, (const double[]){200, 290, -1});
    build_lines(page, 110, 206, 20,
                (const char *const[]){
                    "第一条　勤務の終了から次の開始までに", "継続した休息時間を与える。",
                    "第二条　勤務の開始が遅れたときはその", "時間を働いたものとみなす。", NULL});
    g_autofree char *text = NULL;
    g_autoptr(Layout) layout = layout_find(page);
    text = blocks_text(page, layout);
    g_assert_true(g_str_has_prefix(text, "figure: \n"));
    g_assert_nonnull(strstr(text, "frame: 第一条"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout/empty", test_empty_page_has_no_blocks);
    g_test_add_func("/layout/hidden", test_hidden_glyph_is_dropped_with_its_reason);
    g_test_add_func("/layout/undecoded", test_glyph_without_unicode_is_dropped_as_undecoded);
    g_test_add_func("/layout/double", test_glyph_painted_twice_is_dropped_once);
    g_test_add_func("/layout/no-double", test_same_character_twice_in_a_word_is_kept);
    g_test_add_func("/layout/figure", test_labels_of_a_drawing_stand_in_its_figure);
    g_test_add_func("/layout/picture", test_picture_without_text_is_a_figure);
    g_test_add_func("/layout/twice", test_conservation_sees_a_glyph_in_two_lines);
    g_test_add_func("/layout/lost", test_conservation_sees_a_lost_glyph);
    g_test_add_func("/layout/heads", test_folio_and_head_on_one_line_are_two_texts);
    g_test_add_func("/layout/first-line", test_first_line_with_a_gap_close_to_the_text_is_one);
    g_test_add_func("/layout/contents", test_contents_are_read_across_to_their_page_numbers);
    g_test_add_func("/layout/label", test_label_does_not_widen_a_drawing_over_the_text);
    g_test_add_func("/layout/box", test_box_around_text_is_no_part_of_a_drawing);
    g_test_add_func("/layout/end", test_end_of_a_paragraph_is_no_label);
    return g_test_run();
}

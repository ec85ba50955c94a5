/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of glyphs into the characters of a paragraph. */
#include "text.h"

#include "build.h"
#include "lines.h"

/* All lines of the page as one paragraph. */
static Paragraph *
read_page(const Page *page)
{
    g_autoptr(Layout) layout = layout_new(page);
    g_autoptr(GArray) all = build_all(page);
    lines_find(layout, page, (const guint32 *)(gpointer)all->data, all->len, FRAME_UPRIGHT,
               INFINITY);
    Paragraph *paragraph = paragraph_new();
    for (guint i = 0; i < layout->lines->len; i++) {
        if (!(layout_line(layout, i)->flags & LINE_RUBY)) {
            text_add_line(paragraph, page, layout, i);
        }
    }
    return paragraph;
}

static void
assert_text(const Page *page, const char *expected)
{
    g_autoptr(Paragraph) paragraph = read_page(page);
    g_autofree char *text = paragraph_text(paragraph);
    g_assert_cmpstr(text, ==, expected);
}

static void
assert_two_lines(const char *first, const char *second, const char *expected)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, first);
    build_words(page, 50, 116, second);
    assert_text(page, expected);
}

static void
test_japanese_lines_join_without_a_space(void)
{
    assert_two_lines("読み", "順", "読み順");
}

static void
test_latin_lines_join_with_a_space(void)
{
    assert_two_lines("reading", "order", "reading order");
}

static void
test_number_of_a_japanese_sentence_goes_on_without_a_space(void)
{
    assert_two_lines("平成3", "0年", "平成30年");
    assert_two_lines("第1,", "234号", "第1,234号");
    assert_two_lines("（1", "2）", "（12）");
    assert_two_lines("since 3", "0 pages", "since 3 0 pages");
    assert_two_lines("9：30", "14：00", "9：30 14：00");
}

static void
test_latin_and_japanese_lines_join_without_a_space(void)
{
    assert_two_lines("PDF", "の順", "PDFの順");
}

static void
test_space_of_a_join_says_so(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "a");
    build_words(page, 50, 116, "b");
    g_autoptr(Paragraph) paragraph = read_page(page);
    const Char *space = &g_array_index(paragraph->chars, Char, 1);
    g_assert_cmpint(space->change, ==, CHANGE_JOIN);
    g_assert_cmpuint(space->raw, ==, 0);
}

static void
test_full_width_number_cut_by_the_line_end_is_one(void)
{
    assert_two_lines("令和１", "２年", "令和１２年");
}

static void
test_hyphenated_word_keeps_its_hyphen_and_no_space(void)
{
    assert_two_lines("re-", "read", "re-read");
}

static void
test_letters_spread_over_a_label_are_closed_up(void)
{
    g_autoptr(Page) page = build_page(1);
    build_spread(page, 50, 100, "個人情報", 8);
    assert_text(page, "個人情報");
}

static void
test_letters_spread_by_space_characters_are_closed_up(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "計 画 名");
    assert_text(page, "計画名");
}

static void
test_two_spread_words_keep_the_space_between_them(void)
{
    g_autoptr(Page) page = build_page(1);
    double x = build_spread(page, 50, 100, "事業内", 5);
    build_spread(page, x + 20, 100, "容計画", 5);
    assert_text(page, "事業内 容計画");
}

static void
test_digits_and_brackets_in_a_spread_label_are_closed_up(void)
{
    g_autoptr(Page) page = build_page(1);
    build_spread(page, 50, 100, "（令和８年度分）", 8);
    assert_text(page, "（令和８年度分）");
}

static void
test_room_to_fill_in_a_date_is_kept(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "この規則は、");
    build_words(page, 130, 100, "年");
    build_words(page, 160, 100, "月");
    build_words(page, 190, 100, "日から施行する。");
    assert_text(page, "この規則は、 年 月 日から施行する。");
}

static void
test_figures_at_even_distances_stay_apart(void)
{
    g_autoptr(Page) page = build_page(1);
    build_spread(page, 50, 100, "１２３４５", 12);
    assert_text(page, "１ ２ ３ ４ ５");
}

static void
test_space_that_is_set_is_kept_as_one(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "令和６年度  事業計画");
    assert_text(page, "令和６年度 事業計画");
}

static void
test_wide_gap_between_words_is_a_space(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "reading");
    build_words(page, 90, 100, "order");
    assert_text(page, "reading order");
}

static void
test_gap_between_latin_and_japanese_is_no_space(void)
{
    g_autoptr(Page) page = build_page(1);
    double x = build_words(page, 50, 100, "約");
    x = build_words(page, x + 2.5, 100, "214");
    build_words(page, x + 2.5, 100, "件");
    assert_text(page, "約214件");
}

static void
test_radicals_become_ideographs_and_keep_their_raw_form(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "国⺠と⼈");
    g_autoptr(Paragraph) paragraph = read_page(page);
    g_autofree char *text = paragraph_text(paragraph);
    g_assert_cmpstr(text, ==, "国民と人");
    const Char *radical = &g_array_index(paragraph->chars, Char, 1);
    g_assert_cmpuint(radical->raw, ==, 0x2EA0);
    g_assert_cmpint(radical->change, ==, CHANGE_RADICAL);
}

static void
test_presentation_forms_become_plain(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "縦書き︒");
    g_autoptr(Paragraph) paragraph = read_page(page);
    g_autofree char *text = paragraph_text(paragraph);
    g_assert_cmpstr(text, ==, "縦書き。");
    g_assert_cmpint(g_array_index(paragraph->chars, Char, 3).change, ==, CHANGE_FORM);
}

static void
test_width_stays_as_printed(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "１２12ＡA");
    assert_text(page, "１２12ＡA");
}

static void
test_ruby_reads_the_characters_beneath(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "この読順を");
    build_words_like(page, 70, 94, "よみじゅ", 5, 0);
    g_autoptr(Paragraph) paragraph = read_page(page);
    g_autofree char *text = paragraph_text(paragraph);
    g_assert_cmpstr(text, ==, "この読順を");
    g_assert_cmpuint(paragraph->rubies->len, ==, 1);
    const Ruby *ruby = &g_array_index(paragraph->rubies, Ruby, 0);
    g_assert_cmpstr(ruby->reading, ==, "よみじゅ");
    g_assert_cmpuint(ruby->from, ==, 2);
    g_assert_cmpuint(ruby->to, ==, 4);
}

static void
test_wide_ruby_does_not_read_the_kana_it_overhangs(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 50, 100, "この鵲を");
    build_words_like(page, 64, 94, "かささぎで", 5, 0);
    g_autoptr(Paragraph) paragraph = read_page(page);
    const Ruby *ruby = &g_array_index(paragraph->rubies, Ruby, 0);
    g_assert_cmpuint(ruby->from, ==, 2);
    g_assert_cmpuint(ruby->to, ==, 3);
}

static void
test_zone_covers_all_lines(void)
{
    g_autoptr(Page) page = build_page(4);
    build_words(page, 50, 100, "一行目の文");
    build_words(page, 50, 116, "二行目");
    g_autoptr(Paragraph) paragraph = read_page(page);
    g_assert_cmpuint(paragraph->zones->len, ==, 1);
    const Zone *zone = &g_array_index(paragraph->zones, Zone, 0);
    g_assert_cmpuint(zone->page, ==, 4);
    g_assert_cmpfloat_with_epsilon(zone->box.x1, 100, 0.01);
    g_assert_cmpfloat_with_epsilon(zone->box.y0, 100, 0.01);
    g_assert_cmpfloat_with_epsilon(zone->box.y1, 126, 0.01);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/japanese", test_japanese_lines_join_without_a_space);
    g_test_add_func("/text/latin", test_latin_lines_join_with_a_space);
    g_test_add_func("/text/cut-number", test_number_of_a_japanese_sentence_goes_on_without_a_space);
    g_test_add_func("/text/mixed", test_latin_and_japanese_lines_join_without_a_space);
    g_test_add_func("/text/join-is-told", test_space_of_a_join_says_so);
    g_test_add_func("/text/number", test_full_width_number_cut_by_the_line_end_is_one);
    g_test_add_func("/text/hyphen", test_hyphenated_word_keeps_its_hyphen_and_no_space);
    g_test_add_func("/text/spread", test_letters_spread_over_a_label_are_closed_up);
    g_test_add_func("/text/spread-by-spaces",
                    test_letters_spread_by_space_characters_are_closed_up);
    g_test_add_func("/text/spread-digits",
                    test_digits_and_brackets_in_a_spread_label_are_closed_up);
    g_test_add_func("/text/spread-room", test_room_to_fill_in_a_date_is_kept);
    g_test_add_func("/text/spread-figures", test_figures_at_even_distances_stay_apart);
    g_test_add_func("/text/spread-words", test_two_spread_words_keep_the_space_between_them);
    g_test_add_func("/text/space", test_space_that_is_set_is_kept_as_one);
    g_test_add_func("/text/gap", test_wide_gap_between_words_is_a_space);
    g_test_add_func("/text/no-gap", test_gap_between_latin_and_japanese_is_no_space);
    g_test_add_func("/text/radicals", test_radicals_become_ideographs_and_keep_their_raw_form);
    g_test_add_func("/text/forms", test_presentation_forms_become_plain);
    g_test_add_func("/text/width", test_width_stays_as_printed);
    g_test_add_func("/text/ruby", test_ruby_reads_the_characters_beneath);
    g_test_add_func("/text/zone", test_zone_covers_all_lines);
    g_test_add_func("/text/overhang", test_wide_ruby_does_not_read_the_kana_it_overhangs);
    return g_test_run();
}

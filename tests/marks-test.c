/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a line begins with, and which texts are folios and captions. */
#include "marks.h"

static void
assert_start(const char *text, StartMark kind, guint length, guint depth)
{
    g_autofree gunichar *codes = g_utf8_to_ucs4_fast(text, -1, NULL);
    Start start = start_read(codes, (guint)g_utf8_strlen(text, -1));
    g_test_message("%s", text);
    g_assert_cmpint(start.kind, ==, kind);
    if (kind != MARK_NONE) {
        g_assert_cmpuint(start.length, ==, length);
        g_assert_cmpuint(start.depth, ==, depth);
    }
}

static void
test_marks_of_lists_are_read(void)
{
    static const struct {
        const char *text;
        StartMark kind;
        guint length;
    } cases[] = {{"・点検を実施", MARK_BULLET, 1},   {"※注", MARK_NOTE, 1},
                 {"①入力", MARK_CIRCLED, 1},         {"（１）概要", MARK_NUMBER_PAREN, 3},
                 {"(12)概要", MARK_NUMBER_PAREN, 4}, {"(ア)概要", MARK_KANA, 3},
                 {"第１章総論", MARK_CHAPTER, 3}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree gunichar *codes = g_utf8_to_ucs4_fast(cases[i].text, -1, NULL);
        Start start = start_read(codes, (guint)g_utf8_strlen(cases[i].text, -1));
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(start.kind, ==, cases[i].kind);
        g_assert_cmpuint(start.length, ==, cases[i].length);
    }
}

static void
test_kanji_numbers_stand_above_others(void)
{
    assert_start("一雇用の現状", MARK_NUMBER, 1, 0);
    assert_start("十二雇用の現状", MARK_NUMBER, 2, 0);
    assert_start("二、雇用の現状", MARK_NUMBER, 2, 0);
    assert_start("三六協定の締結", MARK_NONE, 0, 0);
}

static void
test_depth_of_a_numbering_is_counted(void)
{
    assert_start("1.2.3総論", MARK_NUMBER, 5, 3);
    assert_start("1.2総論", MARK_NUMBER, 3, 2);
}

static void
assert_number(const char *text, guint expected)
{
    g_autofree gunichar *codes = g_utf8_to_ucs4_fast(text, -1, NULL);
    Start start = start_read(codes, (guint)g_utf8_strlen(text, -1));
    g_test_message("%s", text);
    g_assert_cmpuint(start_number(codes, &start), ==, expected);
}

static void
test_numbers_of_marks_are_read(void)
{
    assert_number("（12）概要", 12);
    assert_number("③概要", 3);
    assert_number("(ウ)概要", 3);
    assert_number("2.4総論", 4);
    assert_number("第二十三条", 23);
    assert_number("第十条", 10);
    assert_number("・概要", 0);
}

static void
test_text_without_a_mark_has_none(void)
{
    assert_start("施策の計画", MARK_NONE, 0, 0);
    assert_start("", MARK_NONE, 0, 0);
}

static void
assert_folio(const char *text, gboolean expected, guint expected_number)
{
    guint number = 0;
    g_test_message("%s", text);
    g_assert_cmpint(text_is_folio(text, &number), ==, expected);
    if (expected) {
        g_assert_cmpuint(number, ==, expected_number);
    }
}

static void
test_folios_are_told_from_text(void)
{
    assert_folio("-67-", TRUE, 67);
    assert_folio("12", TRUE, 12);
    assert_folio("別添2-67-", TRUE, 67);
    assert_folio("P.12", TRUE, 12);
    assert_folio("iv", TRUE, 0);
    assert_folio("総論", FALSE, 0);
    assert_folio("令和６年度の実施状況", FALSE, 0);
    assert_folio("", FALSE, 0);
}

static gboolean
is_caption(const char *text)
{
    g_autofree gunichar *codes = g_utf8_to_ucs4_fast(text, -1, NULL);
    return start_is_caption(codes, (guint)g_utf8_strlen(text, -1));
}

static void
test_captions_are_told_from_sentences(void)
{
    g_assert_true(is_caption("表１重点指標"));
    g_assert_true(is_caption("図２-１推移"));
    g_assert_true(is_caption("Table1重点指標"));
    g_assert_false(is_caption("表すものである"));
    g_assert_false(is_caption("図る"));
}

static void
test_words_of_a_table_that_goes_on_are_no_other_words(void)
{
    g_assert_true(text_says_continued("第２表　事業費の状況（続き）"));
    g_assert_true(text_says_continued("（前頁からのつづき）"));
    g_assert_false(text_says_continued("１　申請の手続き"));
    g_assert_false(text_says_continued("引き続き取り組む事項"));
    g_assert_true(text_says_goes_on("（次頁に続く）"));
    g_assert_true(text_says_goes_on("次ページへ"));
    g_assert_false(text_says_goes_on("長く続く努力を要する。"));
    g_assert_false(text_says_goes_on("続く課題"));
}

static void
test_sources_and_remarks_are_notes(void)
{
    assert_start("（出典）総務省調べ", MARK_NOTE, 4, 1);
    assert_start("資料：総務省調べ", MARK_NOTE, 3, 1);
    assert_start("注：速報値", MARK_NOTE, 2, 1);
    assert_start("資料の提出", MARK_NONE, 0, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/marks/lists", test_marks_of_lists_are_read);
    g_test_add_func("/marks/depth", test_depth_of_a_numbering_is_counted);
    g_test_add_func("/marks/numbers", test_numbers_of_marks_are_read);
    g_test_add_func("/marks/none", test_text_without_a_mark_has_none);
    g_test_add_func("/marks/folios", test_folios_are_told_from_text);
    g_test_add_func("/marks/captions", test_captions_are_told_from_sentences);
    g_test_add_func("/marks/continued", test_words_of_a_table_that_goes_on_are_no_other_words);
    g_test_add_func("/marks/kanji", test_kanji_numbers_stand_above_others);
    g_test_add_func("/marks/sources", test_sources_and_remarks_are_notes);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headings and their levels: what looks the same is the same, in all of a document. */
#include <string.h>

#include "build.h"
#include "record.h"

static void
assert_document(Page *page, const char *expected)
{
    g_autofree char *text = document_text(&page, 1);
    g_assert_cmpstr(text, ==, expected);
    page_free(page);
}

/* Lines of text to give a page its measure. */
static void
build_text(Page *page, double y)
{
    build_lines(page, 100, y, 16,
                (const char *const[]){"一二三四五六七八九十一二三四五六七八九十一二三四五六七八",
                                      "これは本文である。", NULL});
}

static const char *const text_is = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八"
                                   "これは本文である。";

static void
test_numbered_lines_above_text_are_headings_all(void)
{
    Page *page = build_page(1);
    build_words(page, 100, 100, "（１） 目的");
    build_text(page, 120);
    build_words(page, 100, 170, "（２） 対象");
    build_words(page, 100, 190, "（３） 方法");
    build_text(page, 210);
    g_autofree char *expected = g_strdup_printf("h1 （１） 目的\np %s\nh1 （２） 対象\n"
                                                "h1 （３） 方法\np %s\n",
                                                text_is, text_is);
    assert_document(page, expected);
}

static void
test_numbered_lines_among_sentences_are_items_all(void)
{
    Page *page = build_page(1);
    build_text(page, 100);
    build_words(page, 100, 150, "（１） 点検票を配布する。");
    build_words(page, 100, 170, "（２） 研修");
    build_words(page, 100, 190, "（３） 記録を残す。");
    build_text(page, 230);
    g_autofree char *expected = g_strdup_printf("p %s\nitem （１） 点検票を配布する。\n"
                                                "item （２） 研修\nitem （３） 記録を残す。\n"
                                                "p %s\n",
                                                text_is, text_is);
    assert_document(page, expected);
}

static void
test_short_lines_in_steps_are_a_list(void)
{
    Page *page = build_page(1);
    build_text(page, 100);
    build_words(page, 100, 150, "１ 間接法");
    build_words(page, 120, 170, "ア 大臼歯");
    build_words(page, 120, 190, "イ 小臼歯");
    build_words(page, 100, 210, "２ 直接法");
    build_words(page, 120, 230, "ア 大臼歯");
    build_words(page, 120, 250, "イ 小臼歯");
    g_autofree char *expected =
        g_strdup_printf("p %s\nitem １ 間接法\nitem ア 大臼歯\nitem イ 小臼歯\n"
                        "item ２ 直接法\nitem ア 大臼歯\nitem イ 小臼歯\n",
                        text_is);
    assert_document(page, expected);
}

/* The first (1) stands beneath nothing; its like lie beneath chapters. */
static void
test_one_look_has_one_level(void)
{
    Page *page = build_page(1);
    build_words(page, 100, 100, "（１） はじめに");
    build_text(page, 120);
    build_words(page, 100, 180, "第１章 総論");
    build_words(page, 100, 210, "（１） 目的");
    build_text(page, 230);
    build_words(page, 100, 290, "（２） 対象");
    build_text(page, 310);
    g_autofree char *expected = g_strdup_printf("h2 （１） はじめに\np %s\nh1 第１章 総論\n"
                                                "h2 （１） 目的\np %s\nh2 （２） 対象\np %s\n",
                                                text_is, text_is, text_is);
    assert_document(page, expected);
}

/* A page scaled to fit its table. */
static void
test_heading_whose_number_goes_on_has_the_same_level(void)
{
    Page *page = build_page(1);
    build_words_like(page, 100, 60, "明細書", 20, 0);
    build_words_like(page, 100, 100, "１ 特別職", 12, 0);
    build_words(page, 110, 130, "（１） 総括");
    build_text(page, 150);
    build_words_like(page, 100, 210, "２ 一般職", 10.8, 0);
    build_text(page, 230);
    g_autofree char *expected = g_strdup_printf("h1 明細書\nh2 １ 特別職\nh3 （１） 総括\np %s\n"
                                                "h2 ２ 一般職\np %s\n",
                                                text_is, text_is);
    assert_document(page, expected);
}

static void
test_page_numbers_at_the_edge_make_a_list_of_contents(void)
{
    static const char *const entries[] = {"第１章 総論", "第２章 現況", "第３章 計画",
                                          "第４章 評価"};
    static const char *const numbers[] = {"1", "5", "12", "12"};
    Page *page = build_page(1);
    for (guint i = 0; i < G_N_ELEMENTS(entries); i++) {
        build_words(page, 100, 100 + 20 * i, entries[i]);
        build_words(page, 400 - 5 * (double)strlen(numbers[i]), 100 + 20 * i, numbers[i]);
    }
    assert_document(page, "item 第１章 総論 1\nitem 第２章 現況 5\nitem 第３章 計画 12\n"
                          "item 第４章 評価 12\n");
}

static void
test_amounts_at_the_edge_are_no_contents(void)
{
    static const char *const entries[] = {"第１章 総論", "第２章 現況", "第３章 計画",
                                          "第４章 評価"};
    static const char *const numbers[] = {"12", "5", "40", "7"};
    Page *page = build_page(1);
    for (guint i = 0; i < G_N_ELEMENTS(entries); i++) {
        build_words(page, 100, 100 + 20 * i, entries[i]);
        build_words(page, 400 - 5 * (double)strlen(numbers[i]), 100 + 20 * i, numbers[i]);
    }
    assert_document(page, "h1 第１章 総論 12\nh1 第２章 現況 5\nh1 第３章 計画 40\n"
                          "h1 第４章 評価 7\n");
}

static void
test_lines_between_entries_of_contents_are_entries(void)
{
    Page *page = build_page(1);
    build_words(page, 100, 100, "第１章 総則…………………………10");
    build_words(page, 110, 120, "第１条（目的）");
    build_words(page, 110, 140, "第２条（範囲）");
    build_words(page, 100, 160, "第２章 雑則…………………………12");
    assert_document(page, "item 第１章 総則…………………………10\nitem 第１条（目的）\n"
                          "item 第２条（範囲）\nitem 第２章 雑則…………………………12\n");
}

/* An indented line one em short of the edge and a full one have the same middle. */
static void
test_sentence_goes_on_after_a_quotation(void)
{
    Page *page = build_page(1);
    build_words(page, 110, 100, "標記について、「二三四五六七八九十一二三四五六七」");
    build_words(page, 100, 116, "（令和４年３月４日）を一二三四五六七八九十一二三四五六");
    build_words(page, 100, 132, "改正する。");
    assert_document(page,
                    "p 標記について、「二三四五六七八九十一二三四五六七」（令和４年３月４日）を"
                    "一二三四五六七八九十一二三四五六改正する。\n");
}

static void
test_centred_line_above_text_is_a_heading(void)
{
    Page *page = build_page(1);
    build_words(page, 205, 80, "検査料の取扱い");
    build_text(page, 120);
    g_autofree char *expected = g_strdup_printf("h1 検査料の取扱い\np %s\n", text_is);
    assert_document(page, expected);
}

static void
test_long_centred_title_goes_on(void)
{
    Page *page = build_page(1);
    build_words(page, 150, 80, "診療報酬の算定方法に伴う留意事項につ");
    build_words(page, 185, 96, "いての一部改正について");
    build_text(page, 130);
    g_autofree char *expected = g_strdup_printf(
        "h1 診療報酬の算定方法に伴う留意事項についての一部改正について\np %s\n", text_is);
    assert_document(page, expected);
}

static void
test_centred_lines_without_text_are_paragraphs(void)
{
    Page *page = build_page(1);
    build_text(page, 100);
    build_words(page, 210, 300, "令和七年六月");
    build_words(page, 205, 340, "安全推進の会議");
    g_autofree char *expected =
        g_strdup_printf("p %s\np 令和七年六月\np 安全推進の会議\n", text_is);
    assert_document(page, expected);
}

/* 1 heads the text, 1. numbers a list in it */
static void
test_number_with_a_point_is_another_look(void)
{
    Page *page = build_page(1);
    build_words(page, 100, 100, "１　目的");
    build_text(page, 120);
    build_words(page, 100, 170, "１．点検票を配布する。");
    build_words(page, 100, 190, "２．記録を残す。");
    build_words(page, 100, 220, "２　対象");
    build_text(page, 240);
    g_autofree char *expected = g_strdup_printf("h1 １　目的\np %s\nitem １．点検票を配布する。\n"
                                                "item ２．記録を残す。\nh1 ２　対象\np %s\n",
                                                text_is, text_is);
    assert_document(page, expected);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/headings/above-text", test_numbered_lines_above_text_are_headings_all);
    g_test_add_func("/headings/among-sentences", test_numbered_lines_among_sentences_are_items_all);
    g_test_add_func("/headings/steps", test_short_lines_in_steps_are_a_list);
    g_test_add_func("/headings/one-level", test_one_look_has_one_level);
    g_test_add_func("/headings/counts-on", test_heading_whose_number_goes_on_has_the_same_level);
    g_test_add_func("/headings/contents", test_page_numbers_at_the_edge_make_a_list_of_contents);
    g_test_add_func("/headings/amounts", test_amounts_at_the_edge_are_no_contents);
    g_test_add_func("/headings/between", test_lines_between_entries_of_contents_are_entries);
    g_test_add_func("/headings/quotation", test_sentence_goes_on_after_a_quotation);
    g_test_add_func("/headings/centred", test_centred_line_above_text_is_a_heading);
    g_test_add_func("/headings/long-title", test_long_centred_title_goes_on);
    g_test_add_func("/headings/centred-alone", test_centred_lines_without_text_are_paragraphs);
    g_test_add_func("/headings/pointed", test_number_with_a_point_is_another_look);
    return g_test_run();
}

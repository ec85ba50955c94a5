/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels of several lines with their numbers and amounts, in a cell, through to paragraphs. */
#include "build.h"
#include "record.h"

/* A table whose right cell is from x 160 to 400 and y 100 to 300. */
static Page *
build_cell(void)
{
    Page *page = build_page(1);
    build_lattice(page, (double[]){100, 160, 400, -1}, (double[]){100, 300, 320, -1});
    build_words(page, 104, 105, "区分");
    build_words(page, 104, 305, "計");
    build_words(page, 360, 305, "内訳");
    return page;
}

static void
assert_cell(Page *page, const char *expected)
{
    g_autofree char *text = document_text(&page, 1);
    g_autofree char *all = g_strdup_printf("table 2\nrow 区分|%s\nrow 計|内訳\n/table\n", expected);
    g_assert_cmpstr(text, ==, all);
    page_free(page);
}

static void
test_amount_level_with_a_labels_first_line_follows_its_last(void)
{
    Page *page = build_cell();
    build_words(page, 164, 105, "行政改革推進委員会委");
    build_words(page, 370, 105, "38");
    build_words(page, 164, 117, "員報酬");
    build_words(page, 164, 129, "○ 企画審議会委員報");
    build_words(page, 365, 129, "160");
    build_words(page, 179, 141, "酬");
    build_words(page, 164, 153, "委託料");
    build_words(page, 375, 153, "7");
    assert_cell(page, "行政改革推進委員会委員報酬 38 / ○ 企画審議会委員報酬 160 / 委託料 7");
}

static void
test_item_below_a_full_label_is_one_of_its_own(void)
{
    Page *page = build_cell();
    build_words(page, 164, 105, "行政改革推進委員会委");
    build_words(page, 370, 105, "38");
    build_words(page, 174, 117, "うち報酬"); /* further in */
    build_words(page, 164, 129, "審議会の運営 2×19");
    build_words(page, 370, 129, "38");
    build_words(page, 164, 141, "委員の旅費");
    assert_cell(page, "行政改革推進委員会委 38 / うち報酬 / 審議会の運営 2×19 38 / 委員の旅費");
}

static void
test_number_half_way_up_a_label_comes_first(void)
{
    Page *page = build_cell();
    build_words(page, 184, 105, "新型感染症対策地方税減収補填特別交付");
    build_words(page, 164, 111, "2");
    build_words(page, 184, 117, "金");
    assert_cell(page, "2 新型感染症対策地方税減収補填特別交付金");
}

static void
test_amount_half_way_up_a_label_comes_last(void)
{
    Page *page = build_cell();
    build_words(page, 164, 105, "地方税減収補填");
    build_words(page, 370, 111, "5,000");
    build_words(page, 164, 117, "特別交付金");
    assert_cell(page, "地方税減収補填特別交付金 5,000");
}

static void
test_words_between_two_lines_stay_where_they_are(void)
{
    Page *page = build_cell();
    build_words(page, 164, 105, "左の一行目");
    build_words(page, 330, 111, "右の語");
    build_words(page, 164, 117, "左の二行目");
    assert_cell(page, "左の一行目 / 右の語 / 左の二行目");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/entries/level", test_amount_level_with_a_labels_first_line_follows_its_last);
    g_test_add_func("/entries/own", test_item_below_a_full_label_is_one_of_its_own);
    g_test_add_func("/entries/number", test_number_half_way_up_a_label_comes_first);
    g_test_add_func("/entries/amount", test_amount_half_way_up_a_label_comes_last);
    g_test_add_func("/entries/words", test_words_between_two_lines_stay_where_they_are);
    return g_test_run();
}

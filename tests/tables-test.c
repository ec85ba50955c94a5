/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables and paragraphs that go on over pages, through the assembler. */
#include <string.h>

#include "assemble.h"
#include "build.h"
#include "record.h"

#define PAGES_MOST 4

typedef struct {
    Page *pages[PAGES_MOST];
    guint count;
} Pages;

/* Page `count` + 1, which the caller fills. */
static Page *
page_add(Pages *pages)
{
    g_assert_cmpuint(pages->count, <, PAGES_MOST);
    Page *page = build_page(pages->count + 1);
    pages->pages[pages->count++] = page;
    return page;
}

/* Puts the pages together, compares what the writer was handed, and frees them. */
static void
assert_document(Pages *pages, const char *expected)
{
    g_autofree char *text = document_text(pages->pages, pages->count);
    g_assert_cmpstr(text, ==, expected);
    for (guint i = 0; i < pages->count; i++) {
        page_free(pages->pages[i]);
    }
}

/* A table of label, plan (16 characters) and result (16 characters) with these borders of rows. */
static void
build_table(Page *page, const double *ys)
{
    build_lattice(page, (double[]){100, 160, 324, 488, -1}, ys);
}

static void
build_row(Page *page, double y, const char *label, const char *const *plan,
          const char *const *result)
{
    build_words(page, 102, y, label);
    build_lines(page, 162, y, 16, plan);
    build_lines(page, 326, y, 16, result);
}

static const char *const cut_plan[] = {"一二三四五六七八九十一二三四五六", NULL};
static const char *const rest_plan[] = {"計画の残り。", NULL};
static const char *const short_plan[] = {"計画は短い。", NULL};
static const char *const short_result[] = {"結果は短い。", NULL};
static const char *const next_plan[] = {"次の計画。", NULL};
static const char *const next_result[] = {"次の結果。", NULL};

static void
test_row_cut_in_mid_sentence_is_one_row(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){700, 720, 740, -1});
    build_row(page, 705, "(ア)", short_plan, short_result);
    build_row(page, 725, "(イ)", cut_plan, short_result);
    page = page_add(&pages);
    build_table(page, (double[]){60, 80, 100, -1});
    build_lines(page, 162, 65, 16, rest_plan);
    build_row(page, 85, "(ウ)", next_plan, next_result);
    assert_document(&pages, "table 3\n"
                            "row (ア)|計画は短い。|結果は短い。\n"
                            "row (イ)|一二三四五六七八九十一二三四五六計画の残り。|結果は短い。\n"
                            "row (ウ)|次の計画。|次の結果。\n"
                            "/table\n");
}

static void
test_row_without_label_goes_on_between_sentences(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){700, 720, 740, -1});
    build_row(page, 705, "(ア)", short_plan, short_result);
    build_row(page, 725, "(イ)", short_plan, short_result);
    page = page_add(&pages);
    build_table(page, (double[]){60, 80, 100, -1});
    build_lines(page, 162, 65, 16, rest_plan);
    build_row(page, 85, "(ウ)", next_plan, next_result);
    assert_document(&pages, "table 3\n"
                            "row (ア)|計画は短い。|結果は短い。\n"
                            "row (イ)|計画は短い。 / 計画の残り。|結果は短い。\n"
                            "row (ウ)|次の計画。|次の結果。\n"
                            "/table\n");
}

static void
test_continuation_mark_does_not_part_a_table(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){700, 720, 740, -1});
    build_row(page, 705, "(ア)", short_plan, short_result);
    build_row(page, 725, "(イ)", short_plan, short_result);
    page = page_add(&pages);
    build_words(page, 102, 45, "表１（続き）");
    build_table(page, (double[]){60, 80, 100, -1});
    build_row(page, 65, "(ウ)", next_plan, next_result);
    build_row(page, 85, "(エ)", next_plan, next_result);
    assert_document(&pages, "table 3\n"
                            "row (ア)|計画は短い。|結果は短い。\n"
                            "row (イ)|計画は短い。|結果は短い。\n"
                            "row (ウ)|次の計画。|次の結果。\n"
                            "row (エ)|次の計画。|次の結果。\n"
                            "/table\n");
}

static void
test_word_that_a_table_goes_on_does_not_part_it(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){300, 320, 340, -1});
    build_row(page, 305, "(ア)", short_plan, short_result);
    build_row(page, 325, "(イ)", short_plan, short_result);
    build_words(page, 420, 350, "（次頁に続く）");
    page = page_add(&pages);
    build_words(page, 102, 45, "（前頁の続き）");
    build_table(page, (double[]){60, 80, 100, -1});
    build_row(page, 65, "(ウ)", next_plan, next_result);
    build_row(page, 85, "(エ)", next_plan, next_result);
    assert_document(&pages, "table 3\n"
                            "row (ア)|計画は短い。|結果は短い。\n"
                            "row (イ)|計画は短い。|結果は短い。\n"
                            "row (ウ)|次の計画。|次の結果。\n"
                            "row (エ)|次の計画。|次の結果。\n"
                            "/table\n");
}

static void
test_table_ends_early_where_its_next_row_has_no_room(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){300, 320, 340, -1});
    build_row(page, 305, "(ア)", short_plan, short_result);
    build_row(page, 325, "(イ)", short_plan, short_result);
    page = page_add(&pages);
    build_table(page, (double[]){60, 460, -1});
    build_row(page, 65, "(ウ)", next_plan, next_result);
    assert_document(&pages, "table 3\n"
                            "row (ア)|計画は短い。|結果は短い。\n"
                            "row (イ)|計画は短い。|結果は短い。\n"
                            "row (ウ)|次の計画。|次の結果。\n"
                            "/table\n");
}

static void
test_table_that_ended_early_is_over(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){300, 320, 340, -1});
    build_row(page, 305, "(ア)", short_plan, short_result);
    build_row(page, 325, "(イ)", short_plan, short_result);
    page = page_add(&pages);
    build_table(page, (double[]){60, 160, -1});
    build_row(page, 65, "(ウ)", next_plan, next_result);
    assert_document(&pages, "table 3\n"
                            "row (ア)|計画は短い。|結果は短い。\n"
                            "row (イ)|計画は短い。|結果は短い。\n"
                            "/table\n"
                            "table 3\n"
                            "row (ウ)|次の計画。|次の結果。\n"
                            "/table\n");
}

static void
test_columns_that_differ_by_a_hair_are_the_same(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){700, 720, 740, -1});
    build_row(page, 705, "(ア)", short_plan, short_result);
    build_row(page, 725, "(イ)", short_plan, short_result);
    page = page_add(&pages);
    build_lattice(page, (double[]){101, 158, 326, 487, -1}, (double[]){60, 80, 100, -1});
    build_row(page, 65, "(ウ)", next_plan, next_result);
    build_row(page, 85, "(エ)", next_plan, next_result);
    assert_document(&pages, "table 3\n"
                            "row (ア)|計画は短い。|結果は短い。\n"
                            "row (イ)|計画は短い。|結果は短い。\n"
                            "row (ウ)|次の計画。|次の結果。\n"
                            "row (エ)|次の計画。|次の結果。\n"
                            "/table\n");
}

static void
test_new_label_starts_a_new_row(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){700, 720, 740, -1});
    build_row(page, 705, "(ア)", short_plan, short_result);
    build_row(page, 725, "(イ)", cut_plan, short_result);
    page = page_add(&pages);
    build_table(page, (double[]){60, 80, 100, -1});
    build_row(page, 65, "(ウ)", next_plan, next_result);
    build_row(page, 85, "(エ)", next_plan, next_result);
    assert_document(&pages, "table 3\n"
                            "row (ア)|計画は短い。|結果は短い。\n"
                            "row (イ)|一二三四五六七八九十一二三四五六|結果は短い。\n"
                            "row (ウ)|次の計画。|次の結果。\n"
                            "row (エ)|次の計画。|次の結果。\n"
                            "/table\n");
}

static void
test_label_that_fills_its_column_does_not_go_on_beside_new_sentences(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){700, 720, 740, -1});
    build_row(page, 705, "一二三四五", short_plan, short_result);
    build_row(page, 725, "二三四五六", short_plan, short_result);
    page = page_add(&pages);
    build_table(page, (double[]){60, 80, 100, -1});
    build_row(page, 65, "三四五六七", next_plan, next_result);
    build_row(page, 85, "四五六七八", next_plan, next_result);
    assert_document(&pages, "table 3\n"
                            "row 一二三四五|計画は短い。|結果は短い。\n"
                            "row 二三四五六|計画は短い。|結果は短い。\n"
                            "row 三四五六七|次の計画。|次の結果。\n"
                            "row 四五六七八|次の計画。|次の結果。\n"
                            "/table\n");
}

static void
build_header(Page *page, double y)
{
    build_area(page, 100, y - 5, 488, y + 15, 0xD9D9D9);
    build_words(page, 102, y, "項目");
    build_words(page, 162, y, "年次計画");
    build_words(page, 326, y, "実施状況");
}

/* The ministry fills its column too, and might go on; the sentences beside it do not. */
static void
test_names_that_fill_their_columns_do_not_go_on_beside_new_sentences(void)
{
    Pages pages = {0};
    const double columns[] = {100, 160, 214, 378, 488, -1};
    for (guint i = 0; i < 2; i++) {
        double y = i == 0 ? 700 : 60;
        Page *page = page_add(&pages);
        build_lattice(page, columns, (double[]){y, y + 20, y + 40, -1});
        for (guint r = 0; r < 2; r++) {
            build_words(page, 104, y + 5 + 20 * r, i == 0 ? "一二三四五" : "三四五六七");
            build_words(page, 162, y + 5 + 20 * r, i == 0 ? "国土交通省" : "厚生労働省");
            build_words(page, 216, y + 5 + 20 * r, i == 0 ? "計画は短い。" : "次の計画。");
            build_words(page, 380, y + 5 + 20 * r, i == 0 ? "結果は短い。" : "次の結果。");
        }
    }
    const char *first = "row 一二三四五|国土交通省|計画は短い。|結果は短い。\n";
    const char *next = "row 三四五六七|厚生労働省|次の計画。|次の結果。\n";
    g_autofree char *expected =
        g_strdup_printf("table 4\n%s%s%s%s/table\n", first, first, next, next);
    assert_document(&pages, expected);
}

static void
test_header_repeated_on_each_page_occurs_once(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){680, 700, 720, -1});
    build_header(page, 685);
    build_row(page, 705, "(ア)", short_plan, short_result);
    for (guint i = 0; i < 2; i++) {
        page = page_add(&pages);
        build_table(page, (double[]){60, 80, i == 0 ? 700 : 100, -1});
        build_header(page, 65);
        build_row(page, 85, i == 0 ? "(イ)" : "(ウ)", next_plan, next_result);
    }
    assert_document(&pages, "table 3\n"
                            "row *項目|*年次計画|*実施状況\n"
                            "row (ア)|計画は短い。|結果は短い。\n"
                            "row (イ)|次の計画。|次の結果。\n"
                            "row (ウ)|次の計画。|次の結果。\n"
                            "/table\n");
}

/* A page with a table of two rows of one word a cell. */
static void
build_two_rows(Page *page, double y, const char *const *words)
{
    build_table(page, (double[]){y, y + 20, y + 40, -1});
    for (guint i = 0; i < 6; i++) {
        guint row = i / 3;
        build_words(page, (double[]){102, 162, 326}[i % 3], y + 5 + 20 * row, words[i]);
    }
}

static void
test_plain_row_that_the_next_page_repeats_is_a_header(void)
{
    Pages pages = {0};
    build_two_rows(page_add(&pages), 680, (const char *[]){"係", "棚", "鍵", "甲", "東", "銅"});
    build_two_rows(page_add(&pages), 60, (const char *[]){"係", "棚", "鍵", "乙", "西", "鉄"});
    assert_document(&pages, "table 3\n"
                            "row *係|*棚|*鍵\n"
                            "row 甲|東|銅\n"
                            "row 乙|西|鉄\n"
                            "/table\n");
    pages.count = 0;
    build_two_rows(page_add(&pages), 680, (const char *[]){"丙", "棚", "鍵", "甲", "東", "銅"});
    build_two_rows(page_add(&pages), 60, (const char *[]){"丁", "棚", "鍵", "乙", "西", "鉄"});
    assert_document(&pages, "table 3\n"
                            "row 丙|棚|鍵\n"
                            "row 甲|東|銅\n"
                            "row 丁|棚|鍵\n"
                            "row 乙|西|鉄\n"
                            "/table\n");
}

static void
test_table_with_other_columns_is_another_table(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){700, 720, 740, -1});
    build_row(page, 705, "(ア)", short_plan, short_result);
    build_row(page, 725, "(イ)", short_plan, short_result);
    page = page_add(&pages);
    build_lattice(page, (double[]){100, 250, 488, -1}, (double[]){60, 80, 100, -1});
    build_words(page, 102, 65, "区分");
    build_words(page, 252, 65, "金額");
    build_words(page, 102, 85, "計");
    build_words(page, 252, 85, "百万円");
    assert_document(&pages, "table 3\n"
                            "row (ア)|計画は短い。|結果は短い。\n"
                            "row (イ)|計画は短い。|結果は短い。\n"
                            "/table\n"
                            "table 2\n"
                            "row 区分|金額\n"
                            "row 計|百万円\n"
                            "/table\n");
}

/* Where short texts leave wider gutters, the borders in their middle lie elsewhere. */
static void
test_open_columns_go_on_though_gutters_are_wider(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    static const char *const long_plan[] = {"一二三四五六七八九十一二三。", NULL};
    for (guint i = 0; i < 3; i++) {
        build_ruling(page, 100, 700 + 20 * i, 488, 700 + 20 * i);
    }
    build_row(page, 705, "(ア)", long_plan, short_result);
    build_row(page, 725, "(イ)", long_plan, short_result);
    page = page_add(&pages);
    for (guint i = 0; i < 3; i++) {
        build_ruling(page, 100, 60 + 20 * i, 488, 60 + 20 * i);
    }
    build_row(page, 65, "(ウ)", next_plan, next_result);
    build_row(page, 85, "(エ)", next_plan, next_result);
    assert_document(&pages, "table 3\n"
                            "row (ア)|一二三四五六七八九十一二三。|結果は短い。\n"
                            "row (イ)|一二三四五六七八九十一二三。|結果は短い。\n"
                            "row (ウ)|次の計画。|次の結果。\n"
                            "row (エ)|次の計画。|次の結果。\n"
                            "/table\n");
}

static void
test_text_between_two_tables_keeps_them_apart(void)
{
    Pages pages = {0};
    Page *page = page_add(&pages);
    build_table(page, (double[]){700, 720, 740, -1});
    build_row(page, 705, "(ア)", short_plan, short_result);
    build_row(page, 725, "(イ)", short_plan, short_result);
    page = page_add(&pages);
    build_words(page, 100, 150, "以上のほか、次の表のとおりである。");
    build_table(page, (double[]){200, 220, 240, -1});
    build_row(page, 205, "(ウ)", next_plan, next_result);
    build_row(page, 225, "(エ)", next_plan, next_result);
    assert_document(&pages, "table 3\n"
                            "row (ア)|計画は短い。|結果は短い。\n"
                            "row (イ)|計画は短い。|結果は短い。\n"
                            "/table\n"
                            "p 以上のほか、次の表のとおりである。\n"
                            "table 3\n"
                            "row (ウ)|次の計画。|次の結果。\n"
                            "row (エ)|次の計画。|次の結果。\n"
                            "/table\n");
}

static const char *const body[] = {"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
                                   "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
                                   "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
                                   NULL};

static void
test_paragraph_cut_by_the_page_edge_is_one(void)
{
    Pages pages = {0};
    build_lines(page_add(&pages), 100, 690, 16, body);
    build_words(page_add(&pages), 100, 100, "ここで終わる。");
    assert_document(&pages, "p 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
                            "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
                            "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
                            "ここで終わる。\n");
}

static void
test_spread_has_two_folios(void)
{
    Record record;
    record_init(&record);
    record.pages = TRUE;
    g_autoptr(Survey) survey = survey_new();
    g_autoptr(Headings) headings = headings_new();
    Assembler *assembler = assembler_new(survey, headings, NULL, &record.writer);
    Page *pages[2];
    Layout *layouts[2];
    for (guint i = 0; i < 2; i++) {
        g_autofree char *left = g_strdup_printf("- %u -", 2 * i + 1);
        g_autofree char *right = g_strdup_printf("- %u -", 2 * i + 2);
        pages[i] = build_page(i + 1);
        build_lines(pages[i], 100, 200, 16, cut_plan);
        build_words(pages[i], 140, 770, left);
        build_words(pages[i], 440, 770, right);
        layouts[i] = layout_find(pages[i]);
        survey_add(survey, pages[i], layouts[i]);
        headings_add(headings, pages[i], layouts[i]);
    }
    survey_finish(survey);
    headings_finish(headings, survey);
    for (guint i = 0; i < 2; i++) {
        g_autofree char *why = NULL;
        g_assert_true(assembler_page(assembler, pages[i], layouts[i], &why));
        layout_free(layouts[i]);
        page_free(pages[i]);
    }
    assembler_finish(assembler);
    g_assert_nonnull(strstr(record.text->str, "page 1 folio=- 1 - / - 2 -\n"));
    g_assert_nonnull(strstr(record.text->str, "page 2 folio=- 3 - / - 4 -\n"));
    record_clear(&record);
}

static void
test_page_that_failed_is_passed_over(void)
{
    g_autoptr(Survey) survey = survey_new();
    g_autoptr(Headings) headings = headings_new();
    survey_finish(survey);
    headings_finish(headings, survey);
    Record record;
    record_init(&record);
    Assembler *assembler = assembler_new(survey, headings, NULL, &record.writer);
    assembler_failed_page(assembler, 1, "given up");
    assembler_finish(assembler);
    g_assert_cmpstr(record.text->str, ==, "");
    record_clear(&record);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tables/row-cut", test_row_cut_in_mid_sentence_is_one_row);
    g_test_add_func("/tables/no-label", test_row_without_label_goes_on_between_sentences);
    g_test_add_func("/tables/continued", test_continuation_mark_does_not_part_a_table);
    g_test_add_func("/tables/goes-on", test_word_that_a_table_goes_on_does_not_part_it);
    g_test_add_func("/tables/no-room", test_table_ends_early_where_its_next_row_has_no_room);
    g_test_add_func("/tables/ended-early", test_table_that_ended_early_is_over);
    g_test_add_func("/tables/near-columns", test_columns_that_differ_by_a_hair_are_the_same);
    g_test_add_func("/tables/new-label", test_new_label_starts_a_new_row);
    g_test_add_func("/tables/full-label",
                    test_label_that_fills_its_column_does_not_go_on_beside_new_sentences);
    g_test_add_func("/tables/full-names",
                    test_names_that_fill_their_columns_do_not_go_on_beside_new_sentences);
    g_test_add_func("/tables/header", test_header_repeated_on_each_page_occurs_once);
    g_test_add_func("/tables/plain-header", test_plain_row_that_the_next_page_repeats_is_a_header);
    g_test_add_func("/tables/open-columns", test_open_columns_go_on_though_gutters_are_wider);
    g_test_add_func("/tables/other-columns", test_table_with_other_columns_is_another_table);
    g_test_add_func("/tables/text-between", test_text_between_two_tables_keeps_them_apart);
    g_test_add_func("/assemble/paragraph-cut", test_paragraph_cut_by_the_page_edge_is_one);
    g_test_add_func("/assemble/spread", test_spread_has_two_folios);
    g_test_add_func("/assemble/failed-page", test_page_that_failed_is_passed_over);
    return g_test_run();
}

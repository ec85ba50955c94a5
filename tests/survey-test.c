/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running heads and folios, told from the whole of a document. */
#include "survey.h"

#include "build.h"

#define PAGES 4

typedef struct {
    Page *pages[PAGES];
    Layout *layouts[PAGES];
    Survey *survey;
} Book;

static const char *const body[] = {"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
                                   "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
                                   "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
                                   "この頁の本文はここで終わる。", NULL};

static void
book_init(Book *book)
{
    for (guint i = 0; i < PAGES; i++) {
        book->pages[i] = build_page(i + 1);
        build_lines(book->pages[i], 100, 200, 16, body);
    }
    book->survey = survey_new();
}

static void
book_survey(Book *book)
{
    for (guint i = 0; i < PAGES; i++) {
        book->layouts[i] = layout_find(book->pages[i]);
        survey_add(book->survey, book->pages[i], book->layouts[i]);
    }
    survey_finish(book->survey);
}

static void
book_clear(Book *book)
{
    for (guint i = 0; i < PAGES; i++) {
        layout_free(book->layouts[i]);
        page_free(book->pages[i]);
    }
    survey_free(book->survey);
}

/* The role of the line with this text on a page, counted from 0. */
static Role
role_of(const Book *book, guint page, const char *text)
{
    const Layout *layout = book->layouts[page];
    for (guint i = 0; i < layout->lines->len; i++) {
        g_autofree char *line = line_text(book->pages[page], layout, i);
        if (g_strcmp0(line, text) == 0) {
            return survey_role(book->survey, page + 1, i);
        }
    }
    g_assert_not_reached();
}

static void
test_line_at_the_top_of_all_pages_is_a_running_head(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        build_words_like(book.pages[i], 300, 30, "年次報告", 8, 0);
    }
    book_survey(&book);
    for (guint i = 0; i < PAGES; i++) {
        g_assert_cmpint(role_of(&book, i, "年次報告"), ==, ROLE_HEAD);
    }
    book_clear(&book);
}

static void
test_heads_that_differ_in_their_numbers_are_the_same(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        g_autofree char *head = g_strdup_printf("第%u号資料", i + 7);
        build_words_like(book.pages[i], 300, 30, head, 8, 0);
    }
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 1, "第8号資料"), ==, ROLE_HEAD);
    book_clear(&book);
}

/* The words of the second page are OCR's. */
static Role
role_of_misread_head(const char *first, const char *second, gboolean read)
{
    Book book;
    book_init(&book);
    build_words_like(book.pages[0], 300, 30, first, 8, 0);
    guint from = book.pages[1]->glyphs->len;
    build_words_like(book.pages[1], 300, 30, second, 8, 0);
    for (guint i = from; read && i < book.pages[1]->glyphs->len; i++) {
        g_array_index(book.pages[1]->glyphs, Glyph, i).origin = ORIGIN_OCR;
    }
    book_survey(&book);
    Role role = role_of(&book, 1, second);
    book_clear(&book);
    return role;
}

static void
test_heads_that_ocr_reads_otherwise_are_the_same(void)
{
    g_assert_cmpint(role_of_misread_head("第３章暮らしの安定", "第3章暮らしの安定", FALSE), ==,
                    ROLE_HEAD);
    g_assert_cmpint(role_of_misread_head("第３章暮らしの安定", "第3章募らしの安定", TRUE), ==,
                    ROLE_HEAD);
    g_assert_cmpint(role_of_misread_head("第３章暮らしの安定", "第3章募らしの安定", FALSE), ==,
                    ROLE_BODY);
    g_assert_cmpint(role_of_misread_head("第３章暮らしの安定", "第9章暮らしの安定", TRUE), ==,
                    ROLE_BODY);
}

static void
test_titles_that_count_are_body(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        g_autofree char *title = g_strdup_printf("議案第%u号", i + 1);
        build_words(book.pages[i], 100, 120, title);
    }
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 1, "議案第2号"), ==, ROLE_BODY);
    book_clear(&book);
}

static void
test_sentence_that_comes_again_is_body_unless_it_is_small(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        if (i % 2 == 0) {
            build_words(book.pages[i], 100, 60, "次のとおり届け出ます。");
        }
        build_words_like(book.pages[i], 100, 760, "許可なく写すことを禁じます。", 7, 0);
    }
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 0, "次のとおり届け出ます。"), ==, ROLE_BODY);
    g_assert_cmpint(role_of(&book, 1, "許可なく写すことを禁じます。"), ==, ROLE_HEAD);
    book_clear(&book);
}

static void
test_amount_in_line_with_a_title_is_body_where_the_title_is(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        build_words_like(book.pages[i], 100, 60, "国庫支出金", 16, 0);
        build_words_like(book.pages[i], 400, 59, "19,346千円", 10, 0);
    }
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 0, "国庫支出金"), ==, ROLE_BODY);
    g_assert_cmpint(role_of(&book, 0, "19,346千円"), ==, ROLE_BODY);
    g_assert_cmpint(role_of(&book, 1, "国庫支出金"), ==, ROLE_HEAD);
    g_assert_cmpint(role_of(&book, 1, "19,346千円"), ==, ROLE_HEAD);
    book_clear(&book);
}

static void
test_title_right_above_a_table_is_body_the_first_time(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        build_words(book.pages[i], 100, 60, "事業の一覧に");
        build_words(book.pages[i], 100, 74, "関する調書");
        build_lattice(book.pages[i], (double[]){100, 200, 400, -1}, (double[]){100, 120, 140, -1});
        build_words(book.pages[i], 104, 105, "項目");
        build_words(book.pages[i], 204, 125, "百万円");
    }
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 0, "事業の一覧に"), ==, ROLE_BODY);
    g_assert_cmpint(role_of(&book, 0, "関する調書"), ==, ROLE_BODY);
    g_assert_cmpint(role_of(&book, 1, "事業の一覧に"), ==, ROLE_HEAD);
    g_assert_cmpint(role_of(&book, 1, "関する調書"), ==, ROLE_HEAD);
    book_clear(&book);
}

static void
test_number_apart_from_the_words_counts_pages(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        g_autofree char *head = g_strdup_printf("予算書  %u", i + 1);
        build_words(book.pages[i], 300, 30, head);
    }
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 1, "予算書  2"), ==, ROLE_HEAD);
    book_clear(&book);
}

static void
test_head_of_a_single_page_stands_where_heads_do(void)
{
    static const char *const heads[] = {"総論", "総論", "各論", "付録", NULL};
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        build_words_like(book.pages[i], 300, 30, heads[i], 8, 0);
    }
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 2, "各論"), ==, ROLE_HEAD);
    g_assert_cmpint(role_of(&book, 3, "付録"), ==, ROLE_HEAD);
    book_clear(&book);
}

static void
test_line_close_to_the_text_is_no_head_by_its_place(void)
{
    static const char *const heads[] = {"総論", "総論", "各論", "付録", NULL};
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        build_words_like(book.pages[i], 100, 120, heads[i], 8, 0);
    }
    build_words(book.pages[2], 100, 134, "本文がすぐ下にある。");
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 2, "各論"), ==, ROLE_BODY);
    book_clear(&book);
}

static void
test_line_that_says_the_title_beneath_is_a_head(void)
{
    Book book;
    book_init(&book);
    build_words_like(book.pages[2], 100, 30, "第１章総論", 8, 0);
    build_words_like(book.pages[2], 100, 100, "第１章総論", 14, 0);
    book_survey(&book);
    const Layout *layout = book.layouts[2];
    for (guint i = 0; i < layout->lines->len; i++) {
        double size = layout_line(layout, i)->size;
        g_assert_cmpint(survey_role(book.survey, 3, i), ==, size == 8 ? ROLE_HEAD : ROLE_BODY);
    }
    book_clear(&book);
}

static void
test_head_with_the_page_number_before_it_is_a_head(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        g_autofree char *head = g_strdup_printf("%u情報安全年報第54巻第1号", i + 98);
        build_words_like(book.pages[i], 100, 30, head, 8, 0);
    }
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 1, "99情報安全年報第54巻第1号"), ==, ROLE_HEAD);
    g_assert_cmpint(role_of(&book, 2, "100情報安全年報第54巻第1号"), ==, ROLE_HEAD);
    book_clear(&book);
}

static void
test_lines_whose_inner_numbers_differ_are_body(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        g_autofree char *head = g_strdup_printf("第3表令和%u年度版の1", i + 1);
        build_words_like(book.pages[i], 100, 30, head, 8, 0);
    }
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 1, "第3表令和2年度版の1"), ==, ROLE_BODY);
    book_clear(&book);
}

static void
test_heading_on_one_page_is_body(void)
{
    Book book;
    book_init(&book);
    build_words_like(book.pages[2], 100, 60, "第１章総論", 14, 0);
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 2, "第１章総論"), ==, ROLE_BODY);
    book_clear(&book);
}

static void
test_what_stands_below_the_page_is_neither_head_nor_folio(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        g_autofree char *folio = g_strdup_printf("- %u -", i + 67);
        build_words_like(book.pages[i], 290, 830, folio, 8, 0);
        build_words_like(book.pages[i], 290, 860, "年次報告", 8, 0);
    }
    book_survey(&book);
    for (guint i = 0; i < PAGES; i++) {
        g_autofree char *folio = g_strdup_printf("- %u -", i + 67);
        g_assert_cmpint(role_of(&book, i, folio), ==, ROLE_BODY);
        g_assert_cmpint(role_of(&book, i, "年次報告"), ==, ROLE_BODY);
    }
    book_clear(&book);
}

static void
test_folios_count_on(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i++) {
        g_autofree char *folio = g_strdup_printf("- %u -", i + 67);
        build_words_like(book.pages[i], 290, 770, folio, 8, 0);
    }
    book_survey(&book);
    for (guint i = 0; i < PAGES; i++) {
        g_autofree char *folio = g_strdup_printf("- %u -", i + 67);
        g_assert_cmpint(role_of(&book, i, folio), ==, ROLE_FOLIO);
    }
    book_clear(&book);
}

static void
test_body_at_the_same_place_on_all_pages_is_body(void)
{
    Book book;
    book_init(&book);
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 1, body[0]), ==, ROLE_BODY);
    book_clear(&book);
}

static void
test_body_size_is_that_of_most_text(void)
{
    Book book;
    book_init(&book);
    build_words_like(book.pages[0], 100, 100, "題名", 20, 0);
    book_survey(&book);
    g_assert_cmpfloat_with_epsilon(survey_body_size(book.survey, 1), BUILD_EM, 0.01);
    book_clear(&book);
}

/* A letter before its tables. */
static void
test_page_set_larger_has_its_own_body_size(void)
{
    Book book;
    book_init(&book);
    page_free(book.pages[0]);
    book.pages[0] = build_page(1);
    for (guint i = 0; i < 5; i++) {
        build_words_like(book.pages[0], 100, 200 + 20 * i, "一二三四五六七八九十一二三四五", 14, 0);
    }
    book_survey(&book);
    g_assert_cmpfloat_with_epsilon(survey_body_size(book.survey, 1), 14, 0.01);
    g_assert_cmpfloat_with_epsilon(survey_body_size(book.survey, 2), BUILD_EM, 0.01);
    book_clear(&book);
}

static void
test_empty_survey_has_a_body_size(void)
{
    g_autoptr(Survey) survey = survey_new();
    survey_finish(survey);
    g_assert_cmpfloat(survey_body_size(survey, 1), >, 0);
    g_assert_cmpint(survey_role(survey, 1, 0), ==, ROLE_BODY);
}

static void
test_short_columns_of_vertical_pages_are_body(void)
{
    Book book;
    for (guint i = 0; i < PAGES; i++) {
        book.pages[i] = build_page(i + 1);
        build_column(book.pages[i], 300, 50, "一二三四五六七八九十一二三四五六七八九十");
        build_column(book.pages[i], 284, 50, "た。");
    }
    book.survey = survey_new();
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 1, "た。"), ==, ROLE_BODY);
    book_clear(&book);
}

static void
test_heads_that_say_titles_make_a_place_of_heads(void)
{
    Book book;
    book_init(&book);
    for (guint i = 0; i < PAGES; i += 2) {
        g_autofree char *title = g_strdup_printf("第%s章総論", i == 0 ? "一" : "二");
        build_words_like(book.pages[i], 300, 30, title, 8, 0);
        build_words_like(book.pages[i], 100, 100, title, 14, 0);
    }
    build_words_like(book.pages[1], 300, 30, "年次報告", 8, 0);
    book_survey(&book);
    g_assert_cmpint(role_of(&book, 1, "年次報告"), ==, ROLE_HEAD);
    book_clear(&book);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/survey/table-title", test_title_right_above_a_table_is_body_the_first_time);
    g_test_add_func("/survey/amount", test_amount_in_line_with_a_title_is_body_where_the_title_is);
    g_test_add_func("/survey/sentence", test_sentence_that_comes_again_is_body_unless_it_is_small);
    g_test_add_func("/survey/head", test_line_at_the_top_of_all_pages_is_a_running_head);
    g_test_add_func("/survey/masked", test_heads_that_differ_in_their_numbers_are_the_same);
    g_test_add_func("/survey/misread", test_heads_that_ocr_reads_otherwise_are_the_same);
    g_test_add_func("/survey/number-before", test_head_with_the_page_number_before_it_is_a_head);
    g_test_add_func("/survey/inner-numbers", test_lines_whose_inner_numbers_differ_are_body);
    g_test_add_func("/survey/heading", test_heading_on_one_page_is_body);
    g_test_add_func("/survey/folios", test_folios_count_on);
    g_test_add_func("/survey/below", test_what_stands_below_the_page_is_neither_head_nor_folio);
    g_test_add_func("/survey/body", test_body_at_the_same_place_on_all_pages_is_body);
    g_test_add_func("/survey/body-size", test_body_size_is_that_of_most_text);
    g_test_add_func("/survey/larger-page", test_page_set_larger_has_its_own_body_size);
    g_test_add_func("/survey/empty", test_empty_survey_has_a_body_size);
    g_test_add_func("/survey/titles", test_titles_that_count_are_body);
    g_test_add_func("/survey/apart", test_number_apart_from_the_words_counts_pages);
    g_test_add_func("/survey/place", test_head_of_a_single_page_stands_where_heads_do);
    g_test_add_func("/survey/close", test_line_close_to_the_text_is_no_head_by_its_place);
    g_test_add_func("/survey/echo", test_line_that_says_the_title_beneath_is_a_head);
    g_test_add_func("/survey/columns", test_short_columns_of_vertical_pages_are_body);
    g_test_add_func("/survey/rounds", test_heads_that_say_titles_make_a_place_of_heads);
    return g_test_run();
}

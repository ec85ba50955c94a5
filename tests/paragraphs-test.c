/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of one column into paragraphs. */
#include <time.h>

#include "build.h"
#include "lines.h"
#include "paragraphs.h"
#include "text.h"

/* The column of these tests: sixteen characters wide. */
#define LEFT 100.0
#define RIGHT 260.0

/* The paragraphs of a page that is one column; `lines` keeps what they point to. */
static GPtrArray *
find(const Page *page)
{
    g_autoptr(Layout) layout = layout_new(page);
    g_autoptr(GArray) all = build_all(page);
    lines_find(layout, page, (const guint32 *)(gpointer)all->data, all->len, FRAME_UPRIGHT,
               INFINITY);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < layout->lines->len; i++) {
        g_array_append_val(lines, i);
    }
    return paragraphs_find(page, layout, lines, LEFT, RIGHT, TRUE);
}

static char *
paragraphs_text(GPtrArray *paragraphs)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < paragraphs->len; i++) {
        g_autofree char *one = paragraph_text(g_ptr_array_index(paragraphs, i));
        g_string_append_printf(text, "%s%s", i > 0 ? " / " : "", one);
    }
    return g_string_free(text, FALSE);
}

static void
assert_paragraphs(const Page *page, const char *expected)
{
    g_autoptr(GPtrArray) paragraphs = find(page);
    g_autofree char *text = paragraphs_text(paragraphs);
    g_assert_cmpstr(text, ==, expected);
}

static void
assert_lines_become(const char *const *lines, const char *expected)
{
    g_autoptr(Page) page = build_page(1);
    build_lines(page, LEFT, 100, 16, lines);
    assert_paragraphs(page, expected);
}

static void
test_full_line_goes_on(void)
{
    const char *const lines[] = {"一二三四五六七八九十一二三四五六", "七八九", NULL};
    assert_lines_become(lines, "一二三四五六七八九十一二三四五六七八九");
}

/* A fraction's line, and what stands beside it half a line lower, do not say how far lines of text
 * are apart. */
static void
test_text_beside_fractions_is_no_leading(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const lines[] = {"一二三四五六七八九十一二三四五六", "七八九", NULL};
    build_lines(page, LEFT, 100, 18, lines);
    for (guint i = 0; i < 4; i++) {
        build_words(page, LEFT, 160 + 50 * i, "上の式");
        build_words(page, LEFT + 60, 168 + 50 * i, "掛ける数");
        build_words(page, LEFT, 176 + 50 * i, "下の式");
    }
    g_autoptr(GPtrArray) paragraphs = find(page);
    g_autofree char *first = paragraph_text(g_ptr_array_index(paragraphs, 0));
    g_assert_cmpstr(first, ==, "一二三四五六七八九十一二三四五六七八九");
}

static void
test_lines_below_the_page_are_paragraphs_each(void)
{
    const char *const lines[] = {"一二三四五六七八九十一二三四五六", "七八九", NULL};
    g_autoptr(Page) page = build_page(1);
    build_lines(page, LEFT, 810, 16, lines);
    assert_paragraphs(page, "一二三四五六七八九十一二三四五六 / 七八九");
}

static void
test_short_line_ends_its_paragraph(void)
{
    const char *const lines[] = {"一二三四五六七八九十一二。", "次の段落", NULL};
    assert_lines_become(lines, "一二三四五六七八九十一二。 / 次の段落");
}

static void
test_line_too_short_for_the_next_unit_goes_on(void)
{
    const char *const lines[] = {"一二三四五六七八九十一二", "Cyberspace を", NULL};
    assert_lines_become(lines, "一二三四五六七八九十一二Cyberspace を");
}

static void
test_list_mark_opens_a_paragraph_after_a_full_line(void)
{
    const char *const lines[] = {"一二三四五六七八九十一二三四五六", "・次の項目", NULL};
    assert_lines_become(lines, "一二三四五六七八九十一二三四五六 / ・次の項目");
}

static void
test_marks_of_cells_open_paragraphs(void)
{
    const char *const lines[] = {"＜成果・進捗状況＞", "①一つ目", "※注", "【参考】", NULL};
    assert_lines_become(lines, "＜成果・進捗状況＞ / ①一つ目 / ※注 / 【参考】");
}

static void
test_hanging_indent_stays_in_its_item(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, LEFT, 100, "・一二三四五六七八九十一二三四五");
    build_words(page, LEFT + 10, 116, "六七八");
    assert_paragraphs(page, "・一二三四五六七八九十一二三四五六七八");
}

static void
test_first_line_indent_opens_a_paragraph(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, LEFT + 10, 100, "一二三四五六七八九十一二三四五");
    build_words(page, LEFT, 116, "一二三四五六七八九十一二三四五。");
    build_words(page, LEFT + 10, 132, "次の段落の一行目一二三四五六七");
    build_words(page, LEFT, 148, "二行目");
    assert_paragraphs(page, "一二三四五六七八九十一二三四五一二三四五六七八九十一二三四五。 / "
                            "次の段落の一行目一二三四五六七二行目");
}

static void
test_wide_gap_ends_a_paragraph(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const lines[] = {"一二三四五六七八九十一二三四五六",
                                 "七八九十一二三四五六七八九十一二",
                                 "三四五六七八九十一二三四五六七八", NULL};
    build_lines(page, LEFT, 100, 16, lines);
    build_words(page, LEFT, 172, "次の段落");
    assert_paragraphs(page, "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二"
                            "三四五六七八九十一二三四五六七八 / 次の段落");
}

static void
test_other_size_opens_a_paragraph(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words_like(page, LEFT, 100, "一二三四五六七八九十一", 14, 0);
    build_words(page, LEFT, 118, "本文");
    assert_paragraphs(page, "一二三四五六七八九十一 / 本文");
}

/* The paragraphs of two columns' ends and starts. */
static gboolean
goes_on(const char *last_line, const char *next_line)
{
    g_autoptr(Page) one = build_page(1), other = build_page(2);
    build_words(one, LEFT, 100, last_line);
    build_words(other, LEFT, 100, next_line);
    g_autoptr(GPtrArray) last = find(one), next = find(other);
    g_assert_cmpuint(last->len, ==, 1);
    g_assert_cmpuint(next->len, ==, 1);
    return paragraph_goes_on(g_ptr_array_index(last, 0), g_ptr_array_index(next, 0));
}

static void
test_full_last_line_may_go_on(void)
{
    g_assert_true(goes_on("一二三四五六七八九十一二三四五六", "七八九。"));
}

static void
test_short_last_line_does_not_go_on(void)
{
    g_assert_false(goes_on("一二三四五六七八九。", "次の段落"));
}

static void
test_mark_inside_a_bracket_opens_nothing(void)
{
    const char *const lines[] = {"一二三四五六七八九十医療法人（（３）",
                                 "③に該当するものを除く）は除外。", "③次の項目", NULL};
    assert_lines_become(
        lines, "一二三四五六七八九十医療法人（（３）③に該当するものを除く）は除外。 / ③次の項目");
}

static void
test_mark_that_names_items_opens_none(void)
{
    const char *const lines[] = {"一二三四五六七八九十一二三以下の", "①～④のことを守る", NULL};
    assert_lines_become(lines, "一二三四五六七八九十一二三以下の①～④のことを守る");
}

static void
test_entries_of_label_sign_and_amount_stay_apart(void)
{
    const char *const lines[] = {"本市の基金から取崩 △ 1,355,139", "市の基金への積立 + 2,333,478",
                                 NULL};
    assert_lines_become(lines, "本市の基金から取崩 △ 1,355,139 / 市の基金への積立 + 2,333,478");
}

static void
test_entry_that_ends_in_an_amount_does_not_go_on(void)
{
    g_autoptr(Page) one = build_page(1), other = build_page(2);
    build_words(one, LEFT, 100, "歯科充填用樹脂");
    build_words(one, RIGHT - 25, 100, "114点");
    build_words(other, LEFT, 100, "次の品目");
    g_autoptr(GPtrArray) last = find(one), next = find(other);
    g_assert_false(paragraph_goes_on(g_ptr_array_index(last, 0), g_ptr_array_index(next, 0)));
}

static void
test_list_mark_does_not_go_on(void)
{
    g_assert_false(goes_on("一二三四五六七八九十一二三四五六", "・次の項目"));
}

static void
test_appended_paragraph_keeps_both_zones(void)
{
    g_autoptr(Page) one = build_page(1), other = build_page(2);
    build_words(one, LEFT, 100, "前の頁");
    build_words(other, LEFT, 100, "後の頁");
    g_autoptr(GPtrArray) last = find(one), next = find(other);
    Paragraph *paragraph = g_ptr_array_index(last, 0);
    paragraph_append(paragraph, g_ptr_array_index(next, 0));
    g_autofree char *text = paragraph_text(paragraph);
    g_assert_cmpstr(text, ==, "前の頁後の頁");
    g_assert_cmpuint(paragraph->zones->len, ==, 2);
    g_assert_cmpuint(g_array_index(paragraph->zones, Zone, 1).page, ==, 2);
}

/* The text of a region, a paragraph after the other. */
static void
assert_region(const Page *page, const char *expected)
{
    g_autoptr(Layout) layout = layout_find(page);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint r = 0; r < layout->regions->len; r++) {
        const Region *region = &g_array_index(layout->regions, Region, r);
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(guint));
        for (guint i = region->first; i < region->first + region->count; i++) {
            g_array_append_val(lines, i);
        }
        g_autoptr(GPtrArray) paragraphs = region_paragraphs_find(page, layout, region, lines);
        g_autofree char *one = paragraphs_text(paragraphs);
        g_string_append_printf(text, "%s%s", r > 0 ? " / " : "", one);
    }
    g_assert_cmpstr(text->str, ==, expected);
}

static void
test_note_mark_in_the_middle_of_a_sentence_opens_nothing(void)
{
    const char *const lines[] = {"一二三四五六七八九十データの整備", "（注１）を行う。", NULL};
    assert_lines_become(lines, "一二三四五六七八九十データの整備（注１）を行う。");
}

static void
test_note_after_a_sentence_is_a_paragraph(void)
{
    const char *const lines[] = {"一二三四五六七八九十データによる。", "（注１）速報値。", NULL};
    assert_lines_become(lines, "一二三四五六七八九十データによる。 / （注１）速報値。");
}

static void
test_number_and_date_of_a_letter_are_two(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 380, 100, "保医発第４号");
    build_words(page, 350, 116, "令和４年７月９日");
    build_words(page, 50, 148,
                "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八");
    build_words(page, 50, 164, "九十である。");
    assert_region(page,
                  "保医発第４号 / 令和４年７月９日 / "
                  "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八"
                  "九十である。");
}

static void
test_kanji_number_opens_a_paragraph_only_before_a_space(void)
{
    const char *const spaced[] = {"一二三四五六七八九十一二である。", "二　雇用の現状", NULL};
    assert_lines_become(spaced, "一二三四五六七八九十一二である。 / 二　雇用の現状");
    const char *const word[] = {"一二三四五六七八九十一二である。", "一般会計の現状", NULL};
    assert_lines_become(word, "一二三四五六七八九十一二である。一般会計の現状");
}

/* Processor seconds for a column of so many lines in two sizes. */
static double
seconds_for(guint n)
{
    g_autoptr(Page) page = build_page(1);
    for (guint i = 0; i < n; i++) {
        build_words_like(page, LEFT, 100 + 20.0 * i, "補助", i < n / 2 ? 10 : 14, 0);
    }
    g_autoptr(Layout) layout = layout_new(page);
    g_autoptr(GArray) all = build_all(page);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(guint));
    lines_find(layout, page, (const guint32 *)(gpointer)all->data, all->len, FRAME_UPRIGHT,
               INFINITY);
    for (guint i = 0; i < layout->lines->len; i++) {
        g_array_append_val(lines, i);
    }
    clock_t before = clock();
    g_autoptr(GPtrArray) paragraphs = paragraphs_find(page, layout, lines, LEFT, RIGHT, TRUE);
    clock_t after = clock();
    g_assert_cmpuint(paragraphs->len, >, 0);
    return (double)(after - before) / CLOCKS_PER_SEC;
}

/* Text without a place on its picture stands in thousands of lines below the page. */
static void
test_time_goes_with_the_lines(void)
{
    double few = seconds_for(2000), many = seconds_for(16000);
    g_assert_cmpfloat(many, <, 16 * few + 0.02); /* eight times the lines; squared it is 64 */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/paragraphs/amount-over-the-edge",
                    test_entry_that_ends_in_an_amount_does_not_go_on);
    g_test_add_func("/paragraphs/signed", test_entries_of_label_sign_and_amount_stay_apart);
    g_test_add_func("/paragraphs/bracket", test_mark_inside_a_bracket_opens_nothing);
    g_test_add_func("/paragraphs/names-items", test_mark_that_names_items_opens_none);
    g_test_add_func("/paragraphs/full", test_full_line_goes_on);
    g_test_add_func("/paragraphs/fractions", test_text_beside_fractions_is_no_leading);
    g_test_add_func("/paragraphs/below", test_lines_below_the_page_are_paragraphs_each);
    g_test_add_func("/paragraphs/short", test_short_line_ends_its_paragraph);
    g_test_add_func("/paragraphs/unit", test_line_too_short_for_the_next_unit_goes_on);
    g_test_add_func("/paragraphs/list-mark", test_list_mark_opens_a_paragraph_after_a_full_line);
    g_test_add_func("/paragraphs/marks", test_marks_of_cells_open_paragraphs);
    g_test_add_func("/paragraphs/hanging", test_hanging_indent_stays_in_its_item);
    g_test_add_func("/paragraphs/indent", test_first_line_indent_opens_a_paragraph);
    g_test_add_func("/paragraphs/gap", test_wide_gap_ends_a_paragraph);
    g_test_add_func("/paragraphs/size", test_other_size_opens_a_paragraph);
    g_test_add_func("/paragraphs/goes-on", test_full_last_line_may_go_on);
    g_test_add_func("/paragraphs/ends", test_short_last_line_does_not_go_on);
    g_test_add_func("/paragraphs/new-item", test_list_mark_does_not_go_on);
    g_test_add_func("/paragraphs/append", test_appended_paragraph_keeps_both_zones);
    g_test_add_func("/paragraphs/note-mark",
                    test_note_mark_in_the_middle_of_a_sentence_opens_nothing);
    g_test_add_func("/paragraphs/note", test_note_after_a_sentence_is_a_paragraph);
    g_test_add_func("/paragraphs/letter", test_number_and_date_of_a_letter_are_two);
    g_test_add_func("/paragraphs/kanji", test_kanji_number_opens_a_paragraph_only_before_a_space);
    g_test_add_func("/paragraphs/time", test_time_goes_with_the_lines);
    return g_test_run();
}

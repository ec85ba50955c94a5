/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "column-style.h"
#include "text-order.h"
#include "text-steps.h"

/* Two cells of unlike width, as an extractor prints them that reads across: the plan, and beside it
 * what came of it. */
static const char *const plan[] = {"市町村が行う水道管の点検に", "ついて、古い管から順に調べ",
                                   "、漏れのある所を直すための", "費用の半分を補助する。"};
static const char *const result[] = {
    "・補助を受けた市町村は四十二となり、直し", "た所は百八か所に上った。費用が足りず、工",
    "事を見送った所も三割ほどあり、来年も続け", "て補助する必要がある。"};

static char *
mixed_text(void)
{
    GString *text = g_string_new("令和六年度の取組\n");
    for (guint i = 0; i < G_N_ELEMENTS(plan); i++) {
        g_string_append_printf(text, i == 0 ? "%s %s\n" : "%s\n%s\n", plan[i], result[i]);
    }
    return g_string_free(text, FALSE);
}

static char *
joined(const char *const *lines, guint n)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < n; i++) {
        g_string_append(text, lines[i]);
    }
    return g_string_free(text, FALSE);
}

/* Knows the two texts and no other. */
static double
knows_texts(const void *self, const guint32 *left, guint n_left, const guint32 *right,
            guint n_right)
{
    const char *texts = self;
    if (n_left == 0 || n_right == 0) {
        return 0;
    }
    guint l = MIN(n_left, 2), r = MIN(n_right, 2);
    gunichar both[4];
    memcpy(both, left + n_left - l, l * sizeof *both);
    memcpy(both + l, right, r * sizeof *both);
    g_autofree char *over = g_ucs4_to_utf8(both, l + r, NULL, NULL, NULL);
    return strstr(texts, over) != NULL ? 3 : -3;
}

static char *
printed(const char *text, const JoinJudge *judge)
{
    g_autoptr(TextPage) page = text_page_new(1, g_strdup(text));
    g_autoptr(TextOrder) order = text_order_find(page, judge);
    GString *out = g_string_new(NULL);
    text_order_print(order, out);
    return g_string_free(out, FALSE);
}

static char *
known(void)
{
    g_autofree char *a = joined(plan, G_N_ELEMENTS(plan));
    g_autofree char *b = joined(result, G_N_ELEMENTS(result));
    return g_strconcat(a, "\n", b, NULL);
}

static void
test_mixed_columns_come_apart(void)
{
    g_autofree char *texts = known();
    const JoinJudge judge = {knows_texts, texts};
    g_autofree char *text = mixed_text();
    g_autofree char *out = printed(text, &judge);
    g_autofree char *want = g_strconcat("令和六年度の取組\n", texts, "\n\n", NULL);
    g_assert_cmpstr(out, ==, want);
}

static void
test_text_in_order_is_untouched(void)
{
    g_autofree char *texts = known();
    const JoinJudge judge = {knows_texts, texts};
    GString *text = g_string_new("令和六年度の取組\n\n");
    for (guint i = 0; i < G_N_ELEMENTS(plan); i++) {
        g_string_append_printf(text, "%s  \n", plan[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(result); i++) {
        g_string_append_printf(text, "%s\n", result[i]);
    }
    g_autofree char *out = printed(text->str, &judge);
    g_assert_cmpstr(out, ==, text->str);
    g_string_free(text, TRUE);
}

static void
test_table_of_numbers_is_untouched(void)
{
    const char *text = "項目 本年度 前年度 比較\n国庫負担金 1,284 1,100 184\n県負担金 642 550 92\n"
                       "市町村税 9,120 9,004 116\n諸収入 12 14 △2";
    g_autofree char *out = printed(text, NULL);
    g_assert_cmpstr(out, ==, text);
}

static void
test_every_character_comes_once(void)
{
    g_autofree char *text = mixed_text();
    g_autoptr(TextPage) page = text_page_new(1, g_strdup(text));
    g_autoptr(TextOrder) order = text_order_find(page, NULL);
    g_autofree guint8 *seen = g_new0(guint8, page->chars->len);
    for (guint i = 0; i < order->reading->placements->len; i++) {
        const TextPlacement *it = &g_array_index(order->reading->placements, TextPlacement, i);
        for (guint32 c = it->from; c < it->to; c++) {
            seen[c]++;
        }
    }
    for (guint c = 0; c < page->chars->len; c++) {
        g_assert_cmpuint(seen[c], ==, 1);
    }
}

static Run
run_of(const char *text, glong *n)
{
    Run run = {g_utf8_to_ucs4(text, -1, NULL, n, NULL), 0};
    run.n = (guint)*n;
    return run;
}

static double
join_between(const char *left, const char *right)
{
    glong n;
    Run a = run_of(left, &n), b = run_of(right, &n);
    double evidence = join_evidence(NULL, a, b);
    g_free((gpointer)(gsize)a.c);
    g_free((gpointer)(gsize)b.c);
    return evidence;
}

static void
test_a_stop_goes_on_and_a_bullet_does_not(void)
{
    g_assert_cmpfloat(join_between("調べる", "、直す"), >, join_between("調べる", "直す"));
    g_assert_cmpfloat(join_between("調べ", "・直す"), <, join_between("調べ", "直す"));
    g_assert_cmpfloat(join_between("＜成果＞", "直す"), <, join_between("成果", "直す"));
}

static guint
parts_of(const char *line)
{
    g_autoptr(TextPage) page = text_page_new(1, g_strdup(line));
    return g_array_index(page->lines, TextLine, 0).n_part;
}

static void
test_parts_of_lines(void)
{
    g_assert_cmpuint(parts_of("個 人 情 報 個人情報の保護"), ==, 2);
    g_assert_cmpuint(parts_of("a report of the year"), ==, 1);
    g_assert_cmpuint(parts_of("2020 年6月"), ==, 2);
    g_assert_cmpuint(parts_of("・ 点検を行う。"), ==, 1);
    g_assert_cmpuint(parts_of("   "), ==, 0);
}

static void
test_style_tells_what_was_done_from_what_is_to_be(void)
{
    const TextColumns columns = {2, {20, 20}, FALSE, FALSE};
    const ColumnStyle style = {{0.1, 0.9}, NULL};
    glong n;
    double odds[TEXT_MAX_COLUMNS];
    Run run = run_of("点検を行った。", &n);
    column_style_odds(&style, &columns, run, odds);
    g_assert_cmpfloat(odds[1], >, odds[0]);
    g_free((gpointer)(gsize)run.c);
}

/* What it costs that the first line of a text, of two parts, begins a row in these columns. */
static double
row_cost(const char *text, const TextColumns *columns, guint left, guint right)
{
    g_autoptr(TextPage) page = text_page_new(1, g_strdup(text));
    g_autoptr(TextPieces) pieces = text_pieces_new(page, NULL);
    const StepCosts costs = step_costs(pieces, columns, NULL);
    TextState state = text_state_first();
    TextStep step = {
        .n = 2,
        .piece = {text_pieces_of_parts(pieces, 0, 0, 0), text_pieces_of_parts(pieces, 0, 1, 1)},
        .column = {(guint8)left, (guint8)right}};
    text_state_open_row(&costs, &state, FALSE);
    text_step_on(&costs, &state, &step, 0, 0);
    return state.cost;
}

static void
test_on_one_line_the_left_one_is_full_and_the_right_one_beside_it(void)
{
    const TextColumns three = {3, {10, 10, 10}, FALSE, FALSE};
    const char *full = "水道管の点検について 漏れを直した。", *open = "水道管の点検 漏れを直した。";
    g_assert_cmpfloat(row_cost(full, &three, 0, 1), <, row_cost(full, &three, 0, 2) - 3);
    g_assert_cmpfloat(row_cost(full, &three, 0, 1), <, row_cost(open, &three, 0, 1) - 3);
}

/* The page's lines, one after the other, each a piece in its column and in one row; what the row
 * costs in the end. */
static double
lines_cost(const char *text, const TextColumns *columns, const guint8 *column, const double *below)
{
    g_autoptr(TextPage) page = text_page_new(1, g_strdup(text));
    g_autoptr(TextPieces) pieces = text_pieces_new(page, NULL);
    const StepCosts costs = step_costs(pieces, columns, NULL);
    TextState state = text_state_first();
    for (guint32 i = 0; i < page->lines->len; i++) {
        TextStep step = {
            .n = 1, .piece = {text_pieces_of_parts(pieces, i, 0, 0)}, .column = {column[i]}};
        if (i == 0) {
            text_state_open_row(&costs, &state, FALSE);
        }
        text_step_on(&costs, &state, &step, 0, below[i]);
    }
    return state.cost + text_state_end_cost(&costs, &state);
}

static void
test_full_lines_at_one_height_would_be_on_one_line(void)
{
    const TextColumns two = {2, {10, 10}, FALSE, FALSE};
    const guint8 turns[] = {0, 1, 0, 1};
    const double none[4] = {0};
    double full = lines_cost("水道管の点検について\n補助を受けた市町村は\n漏れを直す。\n増えた。",
                             &two, turns, none);
    double open =
        lines_cost("水道管の点検\n補助を受けた市町村は\n漏れを直す。\n増えた。", &two, turns, none);
    const TextColumns wide = {2, {12, 10}, FALSE, FALSE};
    double space = lines_cost("水道管の点検について\n補助を受けた市町村は\n漏れを直す。\n増えた。",
                              &wide, turns, none);
    g_assert_cmpfloat(space, <, full);
    g_assert_cmpfloat(open, >, space);
}

static void
test_cells_stand_in_the_middle_of_their_row(void)
{
    const TextColumns two = {2, {12, 10}, FALSE, TRUE};
    const char *text = "水道管の点検について\n古い管から順に調べて\n増えた。\n漏れを直すこととし、";
    const guint8 column[] = {0, 0, 1, 0};
    const double middle[] = {0, 0, 0, 0}, low[] = {0, 0, 1, 0};
    g_assert_cmpfloat(lines_cost(text, &two, column, middle), <,
                      lines_cost(text, &two, column, low));
}

static void
test_a_row_begins_where_a_flow_does(void)
{
    const TextColumns two = {2, {10, 10}, FALSE, FALSE};
    g_autoptr(TextPage) page = text_page_new(1, g_strdup("水道管の点検"));
    g_autoptr(TextPieces) pieces = text_pieces_new(page, NULL);
    const StepCosts costs = step_costs(pieces, &two, NULL);
    TextStep step = {.n = 1};
    TextState state = text_state_first();
    text_state_open_row(&costs, &state, FALSE);
    text_step_on(&costs, &state, &step, 0, 0);
    TextState after_flow = state;
    text_state_end_flow(&after_flow);
    text_state_open_row(&costs, &state, FALSE);
    text_state_open_row(&costs, &after_flow, FALSE);
    g_assert_cmpfloat(after_flow.cost, <, state.cost);
}

static void
test_numbers_and_kana_alone_are_marks_that_count(void)
{
    g_autoptr(TextPage) page = text_page_new(1, g_strdup("１２\nウ\n課"));
    g_autoptr(TextPieces) pieces = text_pieces_new(page, NULL);
    g_assert_cmpuint(text_piece_at(pieces, 0)->number, ==, 12);
    g_assert_cmpuint(text_piece_at(pieces, 1)->number, ==, 3);
    g_assert_cmpuint(text_piece_at(pieces, 2)->mark, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text-order/mixed-columns-come-apart", test_mixed_columns_come_apart);
    g_test_add_func("/text-order/text-in-order-is-untouched", test_text_in_order_is_untouched);
    g_test_add_func("/text-order/numbers-are-untouched", test_table_of_numbers_is_untouched);
    g_test_add_func("/text-order/every-character-comes-once", test_every_character_comes_once);
    g_test_add_func("/text-order/joins", test_a_stop_goes_on_and_a_bullet_does_not);
    g_test_add_func("/text-order/parts", test_parts_of_lines);
    g_test_add_func("/text-order/style", test_style_tells_what_was_done_from_what_is_to_be);
    g_test_add_func("/text-order/on one line the left one is full and the right one beside it",
                    test_on_one_line_the_left_one_is_full_and_the_right_one_beside_it);
    g_test_add_func("/text-order/full lines at one height would be on one line",
                    test_full_lines_at_one_height_would_be_on_one_line);
    g_test_add_func("/text-order/cells stand in the middle of their row",
                    test_cells_stand_in_the_middle_of_their_row);
    g_test_add_func("/text-order/a row begins where a flow does",
                    test_a_row_begins_where_a_flow_does);
    g_test_add_func("/text-order/numbers and kana alone are marks that count",
                    test_numbers_and_kana_alone_are_marks_that_count);
    return g_test_run();
}

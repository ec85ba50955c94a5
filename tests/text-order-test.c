/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "column-seeds.h"
#include "column-style.h"
#include "text-cuts.h"
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
    g_autoptr(TextOrder) order = text_order_find(page, judge, 1);
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
test_number_of_jobs_changes_nothing(void)
{
    g_autofree char *texts = known();
    const JoinJudge judge = {knows_texts, texts};
    g_autofree char *text = mixed_text();
    g_autoptr(TextPage) page = text_page_new(1, g_strdup(text));
    g_autoptr(TextOrder) one = text_order_find(page, &judge, 1);
    g_assert_cmpuint(one->columns.n, >=, 2); /* so it was read with styles */
    for (guint jobs = 2; jobs < 9; jobs += 3) {
        g_autoptr(TextOrder) several = text_order_find(page, &judge, jobs);
        const TextReading *a = one->reading, *b = several->reading;
        g_assert_cmpuint(one->columns.n, ==, several->columns.n);
        for (guint c = 0; c < one->columns.n; c++) {
            g_assert_cmpfloat(one->columns.width[c], ==, several->columns.width[c]);
        }
        g_assert_cmpfloat(a->score, ==, b->score);
        g_assert_cmpuint(a->placements->len, ==, b->placements->len);
        for (guint i = 0; i < a->placements->len; i++) {
            const TextPlacement *x = &g_array_index(a->placements, TextPlacement, i);
            const TextPlacement *y = &g_array_index(b->placements, TextPlacement, i);
            g_assert_cmpuint(x->from, ==, y->from);
            g_assert_cmpint(x->row, ==, y->row);
            g_assert_cmpuint(x->column, ==, y->column);
            g_assert_cmpint(x->after, ==, y->after);
            g_assert_cmpfloat(x->confidence, ==, y->confidence);
            g_assert_cmpint(x->rival.column, ==, y->rival.column);
        }
    }
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
    g_autofree char *mixed = mixed_text();
    g_autofree char *text =
        g_strconcat(mixed, "\n水 道 管 の 点 検 を す る 費 用 が 足 り ず 見 送 る\n", NULL);
    g_autofree char *texts = known();
    const JoinJudge judge = {knows_texts, texts};
    g_autoptr(TextPage) page = text_page_new(1, g_strdup(text));
    text_cuts_find(page, &judge);
    g_autoptr(TextOrder) order = text_order_find(page, &judge, 1);
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
    g_assert_cmpuint(parts_of("132 校 ○ 廃 校 を 使 う"), ==, 3);
    g_assert_cmpuint(parts_of("水 道 ア 管を調べる"), ==, 3);
}

static void
test_parts_beyond_the_most_lose_none_of_the_columns_after_them(void)
{
    const char *line = "(ア) 水道事業 2 万 4 千 3 万 5 千 6 件 管の点検 漏れの調べ";
    g_autoptr(TextPage) page = text_page_new(1, g_strdup(line));
    const TextLine *it = &g_array_index(page->lines, TextLine, 0);
    g_assert_cmpuint(it->n_part, ==, TEXT_MAX_PARTS);
    const TextPart *last = &g_array_index(page->parts, TextPart, it->part + it->n_part - 1);
    g_assert_cmpuint(last->to - last->from, ==, 5); /* 漏れの調べ */
    g_assert_cmpuint(last->to, ==, it->to);
}

static void
test_two_spread_lines_on_one_are_cut_where_the_language_breaks_off(void)
{
    const JoinJudge judge = {knows_texts, "水道管の点検をする費用が足りず見送る"};
    g_autoptr(TextPage) page =
        text_page_new(1, g_strdup("水 道 管 の 点 検 を す る 費 用 が 足 り ず 見 送 る"));
    text_cuts_find(page, &judge);
    g_assert_cmpuint(g_array_index(page->lines, TextLine, 0).n_part, ==, 1);
    const JoinJudge other = {knows_texts, "水道管の点検をする。費用が足りず見送る"};
    text_cuts_find(page, &other);
    const TextLine *line = &g_array_index(page->lines, TextLine, 0);
    gboolean found = FALSE;
    for (guint i = 1; i < line->n_part; i++) {
        const TextPart *part = &g_array_index(page->parts, TextPart, line->part + i);
        g_assert_true(part->soft && !part->cut);
        g_assert_cmpuint(ABS((gint)part->from - 9), <=, 1); /* the judge looks at two characters */
        found |= part->from == 9;                           /* 費用が */
    }
    g_assert_true(found);
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

/* A page's pieces, and a way through them. */
typedef struct {
    TextPage *page;
    TextPieces *pieces;
    StepCosts costs;
    TextState state;
    TextStep step; /* the last one */
} Way;

static Way
way_begin(const char *text, const TextColumns *columns)
{
    Way way = {.page = text_page_new(1, g_strdup(text)), .state = text_state_first()};
    way.pieces = text_pieces_new(way.page, NULL);
    way.costs = step_costs(way.pieces, columns, NULL);
    return way;
}

static void
way_clear(Way *way)
{
    text_pieces_free(way->pieces);
    text_page_free(way->page);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Way, way_clear)

static void
way_open_row(Way *way, gboolean is_head)
{
    text_state_open_row(&way->costs, &way->state, is_head);
}

/* The first part of a line into a column, in a row so far behind, so far below. */
static void
way_on(Way *way, guint32 line, guint8 column, guint lag, double below)
{
    way->step = (TextStep){
        .n = 1, .piece = {text_pieces_of_parts(way->pieces, line, 0, 0)}, .column = {column}};
    text_step_on(&way->costs, &way->state, &way->step, lag, below);
}

/* The same as the name of a column that has gone on. */
static gboolean
way_name(Way *way, guint32 line, guint8 column)
{
    way->step = (TextStep){
        .n = 1, .piece = {text_pieces_of_parts(way->pieces, line, 0, 0)}, .column = {column}};
    if (!text_step_can_name(&way->costs, &way->state, &way->step)) {
        return FALSE;
    }
    text_step_names(&way->costs, &way->state, &way->step);
    return TRUE;
}

/* What it costs that the first line of a text, of two parts, begins a row in these columns. */
static double
row_cost(const char *text, const TextColumns *columns, guint8 left, guint8 right)
{
    g_auto(Way) way = way_begin(text, columns);
    TextStep step = {.n = 2,
                     .piece = {text_pieces_of_parts(way.pieces, 0, 0, 0),
                               text_pieces_of_parts(way.pieces, 0, 1, 1)},
                     .column = {left, right}};
    way_open_row(&way, FALSE);
    text_step_on(&way.costs, &way.state, &step, 0, 0);
    return way.state.cost;
}

static void
test_on_one_line_the_left_one_is_full_and_the_right_one_beside_it(void)
{
    const TextColumns three = {3, {10, 10, 10}, FALSE, FALSE};
    const char *full = "水道管の点検について 漏れを直した。", *open = "水道管の点検 漏れを直した。";
    g_assert_cmpfloat(row_cost(full, &three, 0, 1), <, row_cost(full, &three, 0, 2) - 3);
    g_assert_cmpfloat(row_cost(full, &three, 0, 1), <, row_cost(open, &three, 0, 1) - 3);
}

#define LINES 8 /* of a page, at most */

/* The page's lines, one after the other, each a piece in its column and in one row; what the row
 * costs in the end. */
static double
lines_cost(const char *text, const TextColumns *columns, const guint8 *column, const double *below)
{
    g_auto(Way) way = way_begin(text, columns);
    way_open_row(&way, FALSE);
    g_assert_cmpuint(way.page->lines->len, <=, LINES);
    for (guint32 i = 0; i < way.page->lines->len; i++) {
        way_on(&way, i, column[i], 0, below[i]);
    }
    return way.state.cost + text_state_end_cost(&way.costs, &way.state);
}

static void
test_full_lines_at_one_height_would_be_on_one_line(void)
{
    const TextColumns two = {2, {10, 10}, FALSE, FALSE};
    const guint8 turns[LINES] = {0, 1, 0, 1};
    const double none[LINES] = {0};
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
    const guint8 column[LINES] = {0, 0, 1, 0};
    const double middle[LINES] = {0}, low[LINES] = {0, 0, 1, 0};
    g_assert_cmpfloat(lines_cost(text, &two, column, middle), <,
                      lines_cost(text, &two, column, low));
}

static void
test_a_row_begins_where_a_flow_does(void)
{
    const TextColumns two = {2, {10, 10}, FALSE, FALSE};
    g_auto(Way) way = way_begin("水道管の点検", &two);
    way_open_row(&way, FALSE);
    way_on(&way, 0, 0, 0, 0);
    TextState after_flow = way.state;
    text_state_end_flow(&after_flow);
    text_state_open_row(&way.costs, &after_flow, FALSE);
    way_open_row(&way, FALSE);
    g_assert_cmpfloat(after_flow.cost, <, way.state.cost);
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

/* What it costs that single lines, each a flow of its own, name these columns. */
static double
head_cost(const char *text, const TextColumns *columns, const guint8 *column)
{
    g_auto(Way) way = way_begin(text, columns);
    way_open_row(&way, TRUE);
    g_assert_cmpuint(way.page->lines->len, <=, LINES);
    for (guint32 i = 0; i < way.page->lines->len; i++) {
        way_on(&way, i, column[i], 0, 0);
        text_state_end_flow(&way.state);
    }
    return way.state.cost;
}

static void
test_names_of_columns_come_from_left_to_right(void)
{
    const TextColumns three = {3, {10, 10, 10}, FALSE, FALSE};
    const guint8 right[LINES] = {0, 1, 2}, wrong[LINES] = {1, 0, 2}, gap[LINES] = {0, 2};
    double all = head_cost("計画\n実施状況\n今後の取組", &three, right);
    g_assert_cmpfloat(all, <, head_cost("計画\n実施状況\n今後の取組", &three, wrong) - 3);
    g_assert_cmpfloat(all, <, head_cost("計画\n今後の取組", &three, gap) - 3);
    g_assert_cmpfloat(all, <, head_cost("計画\n実施した。\n今後の取組", &three, right) - 3);
}

/* A head, so many rows with texts in both columns, and then, as the last line of the page, the name
 * of the second column. */
static Way
way_to_late_name(guint rows)
{
    static const TextColumns two = {2, {12, 12}, FALSE, FALSE};
    Way way = way_begin("計画\n水道管の点検をする。\n漏れを直した。\n今後の取組", &two);
    way_open_row(&way, TRUE);
    way_on(&way, 0, 0, 0, 0);
    for (guint i = 0; i < rows; i++) {
        way_open_row(&way, FALSE);
        way_on(&way, 1, 0, 0, 0);
        way_on(&way, 2, 1, 0, 0);
    }
    text_state_end_flow(&way.state);
    return way;
}

static void
test_a_late_name_knows_its_row_or_is_none(void)
{
    g_auto(Way) near = way_to_late_name(3), far = way_to_late_name(20);
    g_assert_true(way_name(&near, 3, 1));
    g_assert_cmpuint(near.step.lag, ==, 3);
    g_assert_false(way_name(&far, 3, 1));
}

static void
test_names_may_come_after_the_texts_below_them(void)
{
    g_auto(Way) way = way_to_late_name(1);
    gint32 before = way.state.cell[1].last;
    g_assert_true(way_name(&way, 3, 1));
    g_assert_cmpuint(way.step.lag, ==, 1);
    g_assert_cmpint(way.state.cell[1].last, ==, before); /* the text goes on below */
    g_assert_false(way_name(&way, 3, 1));                /* it has one now */
}

static void
test_a_mark_printed_by_itself_goes_on_with_its_line(void)
{
    const TextColumns one = {2, {5, 12}, FALSE, FALSE};
    const double none[LINES] = {0};
    const guint8 column[LINES] = {0, 1, 1};
    double mark = lines_cost("水道事業\nア\n古い管から順に調べて", &one, column, none);
    double text = lines_cost("水道事業\n水\n古い管から順に調べて", &one, column, none);
    g_assert_cmpfloat(mark, <, text - 3);
}

/* Rows whose labels come first: what the row behind the front row costs with its lines in turn. */
static double
behind_cost(const guint8 *column)
{
    const TextColumns three = {3, {2, 10, 10}, FALSE, FALSE};
    g_auto(Way) way =
        way_begin("(1)\n水道管の点検について\n補助を受けた市町村は\n古い管から順に調べて\n"
                  "また費用が足りず見送\n直す。\n増えた。",
                  &three);
    way_open_row(&way, FALSE);
    way_on(&way, 0, column[0], 0, 0);
    way_open_row(&way, FALSE);
    text_state_end_flow(&way.state);
    for (guint32 i = 1; i < way.page->lines->len; i++) {
        way_on(&way, i, column[i], 1, 0);
    }
    return way.state.cost;
}

static void
test_lines_of_a_row_behind_come_in_turn_too(void)
{
    const guint8 turns[LINES] = {0, 1, 2, 1, 2, 1, 2}, late[LINES] = {0, 1, 2, 1, 1, 1, 2};
    g_assert_cmpfloat(behind_cost(turns), <, behind_cost(late) - 2);
}

/* What two lines of a column cost, in one flow or in two. */
static double
follow_cost(gboolean is_one_flow)
{
    const TextColumns two = {2, {10, 10}, FALSE, FALSE};
    g_auto(Way) way = way_begin("水道管の点検について\n古い管から順に調べる", &two);
    way_open_row(&way, FALSE);
    way_on(&way, 0, 0, 0, 0);
    if (!is_one_flow) {
        text_state_end_flow(&way.state);
    }
    way_on(&way, 1, 0, 0, 0);
    return way.state.cost;
}

static void
test_lines_of_a_column_that_follow_one_another_are_one_flow(void)
{
    g_assert_cmpfloat(follow_cost(TRUE), <, follow_cost(FALSE) - 3);
}

static void
test_a_mark_does_not_go_on_as_a_name(void)
{
    const TextColumns columns = {3, {2, 5, 12}, FALSE, FALSE};
    const double none[LINES] = {0};
    const guint8 in_marks[LINES] = {0, 1, 0}, in_names[LINES] = {0, 1, 1};
    const char *text = "(1)\n水道事業\n課";
    g_assert_cmpfloat(lines_cost(text, &columns, in_names, none), <,
                      lines_cost(text, &columns, in_marks, none) - 3);
}

static void
test_columns_that_lines_show_side_by_side_are_put_together(void)
{
    g_autoptr(TextPage) page = text_page_new(
        1, g_strdup("水道管の点検について 漏れを直した所は百八か所に上\n"
                    "古い管から順に調べる また費用が足りず見送った所も\n"
                    "漏れを直した所は百八か所に上 来年も続けて補助をする必要があるという\n"
                    "また費用が足りず見送った所も 声が市町村から多く寄せられ、次の年度に\n"));
    g_autoptr(GArray) seeds = column_seeds_find(page, 8);
    gboolean found = FALSE;
    for (guint i = 0; i < seeds->len; i++) {
        const TextColumns *it = &g_array_index(seeds, TextColumns, i);
        found |= it->n == 3 && it->width[0] == 10 && it->width[1] == 14 && it->width[2] == 19;
    }
    g_assert_true(found);
}

static void
test_a_line_in_doubt_says_where_else_it_may_stand(void)
{
    /* Both columns are as wide, and either may go on after either. */
    g_autoptr(TextPage) page = text_page_new(
        1, g_strdup("水道管の点検について "
                    "漏れを直した所は百八\n古い管から順に調べる\n費用が足りず見送る所\n"));
    g_autoptr(TextPieces) pieces = text_pieces_new(page, NULL);
    const TextColumns two = {2, {10, 10}, FALSE, FALSE};
    g_autoptr(TextReading) reading = interleaved_read(pieces, &two, &(ReadOptions){.beam = 100});
    const TextPlacement *last =
        &g_array_index(reading->placements, TextPlacement, reading->placements->len - 1);
    g_assert_cmpfloat(last->confidence, <, TEXT_DOUBTFUL);
    g_assert_true(last->rival.is_given);
    g_assert_cmpint(last->rival.column, !=, (gint)last->column);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text-order/number-of-jobs-changes-nothing",
                    test_number_of_jobs_changes_nothing);
    g_test_add_func("/text-order/mixed-columns-come-apart", test_mixed_columns_come_apart);
    g_test_add_func("/text-order/text-in-order-is-untouched", test_text_in_order_is_untouched);
    g_test_add_func("/text-order/numbers-are-untouched", test_table_of_numbers_is_untouched);
    g_test_add_func("/text-order/every-character-comes-once", test_every_character_comes_once);
    g_test_add_func("/text-order/joins", test_a_stop_goes_on_and_a_bullet_does_not);
    g_test_add_func("/text-order/parts", test_parts_of_lines);
    g_test_add_func("/text-order/parts beyond the most lose none of the columns after them",
                    test_parts_beyond_the_most_lose_none_of_the_columns_after_them);
    g_test_add_func("/text-order/two spread lines on one are cut where the language breaks off",
                    test_two_spread_lines_on_one_are_cut_where_the_language_breaks_off);
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
    g_test_add_func("/text-order/names of columns come from left to right",
                    test_names_of_columns_come_from_left_to_right);
    g_test_add_func("/text-order/names may come after the texts below them",
                    test_names_may_come_after_the_texts_below_them);
    g_test_add_func("/text-order/a late name knows its row or is none",
                    test_a_late_name_knows_its_row_or_is_none);
    g_test_add_func("/text-order/a mark printed by itself goes on with its line",
                    test_a_mark_printed_by_itself_goes_on_with_its_line);
    g_test_add_func("/text-order/lines of a row behind come in turn too",
                    test_lines_of_a_row_behind_come_in_turn_too);
    g_test_add_func("/text-order/lines of a column that follow one another are one flow",
                    test_lines_of_a_column_that_follow_one_another_are_one_flow);
    g_test_add_func("/text-order/a mark does not go on as a name",
                    test_a_mark_does_not_go_on_as_a_name);
    g_test_add_func("/text-order/columns that lines show side by side are put together",
                    test_columns_that_lines_show_side_by_side_are_put_together);
    g_test_add_func("/text-order/a line in doubt says where else it may stand",
                    test_a_line_in_doubt_says_where_else_it_may_stand);
    return g_test_run();
}

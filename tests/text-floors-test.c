/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes the search for mixed columns fast and must not show in what it finds: the least that
 * steps cost, told before they are taken; threads. */
#include "interleaved.h"
#include "line-ways.h"
#include "parallel.h"

/* Labels, marks, lists, names of columns, names set wide apart, amounts, a page number. */
static const char PAGE[] = "項目 計画 実績\n"
                           "(1) 河 川 課 堤防の傷んだ所を調べ、直す順を ・直した所は十二か所\n"
                           "決める。 で、残りは来年度とした。\n"
                           "1. 草を年に二度刈る。\n"
                           "・\n"
                           "草刈りは一度にとどまった。\n"
                           "＜成果＞\n"
                           "2. 水門の戸を塗り替える\n"
                           "港\n"
                           "ための費用を見込む。 塗り替えた戸は三枚であっ\n"
                           "湾 (2) 岸壁の深さを測り、船の通れる\n"
                           "課 た。 1,284 千円\n"
                           "幅を示す。\n"
                           "\n"
                           "－ 12 －\n"
                           "次の年の見通し\n"
                           "船の数が増えるとみられる。\n"
                           "一 定 の点検を行う事業者に対して補助\n"; /* lacks 1.3 em of 18.5 */

/* As unlike as two texts can be judged, by nothing but their characters. */
static double
guesses(const void *self, const guint32 *left, guint n_left, const guint32 *right, guint n_right)
{
    (void)self;
    guint32 sum = n_left > 0 ? left[n_left - 1] * 31 : 7;
    sum += n_right > 0 ? right[0] * 17 : 3;
    return (double)(sum % 80) / 10 - 4;
}

typedef struct {
    StepCosts costs;
    TextState state;
    GRand *dice;
    guint steps, tight; /* that were compared; whose floor was not far below */
} Walk;

/* The floor is no higher than what the step costs, within what floats lose. */
static void
compare(Walk *w, double floor, double cost)
{
    g_assert_cmpfloat(floor, <=, cost + 1e-3);
    w->steps += floor > -G_MAXDOUBLE;
    w->tight += floor > cost - 4;
}

/* One of all that come, by chance: this one, of so many so far? */
static gboolean
is_next(Walk *w, guint *n)
{
    *n += 1;
    return g_rand_int_range(w->dice, 0, (gint32)*n) == 0;
}

/* All that a line leads to by one way. One of it, by chance, is taken on in *next. */
static void
try_way(Walk *w, const TextStep *way, TextState *next, guint *n)
{
    CellFloor floors[TEXT_MAX_COLUMNS];
    for (guint i = 0; i < way->n; i++) {
        floors[i] = text_cell_floor(&w->costs, way->column[i], way->piece[i]);
    }
    TextState row = w->state;
    text_state_open_row(&w->costs, &row, FALSE);
    for (guint lag = 0; lag < 5; lag++) {
        if (!w->state.in_table || !text_step_fits(&w->state, way, lag)) {
            continue;
        }
        TextState after = w->state;
        TextStep step = *way;
        text_step_on(&w->costs, &after, &step, lag, g_rand_int_range(w->dice, 0, 3) * 0.5);
        compare(w, text_step_on_floor(&w->costs, &w->state, way, floors, lag),
                after.cost - w->state.cost);
        if (is_next(w, n)) {
            *next = after;
        }
    }
    TextState after = row;
    TextStep step = *way;
    text_step_on(&w->costs, &after, &step, 0, 0);
    compare(w, text_step_row_floor(&w->costs, &w->state, way, floors), after.cost - w->state.cost);
    if (is_next(w, n)) {
        *next = after;
    }
}

/* A way through the page by chance, from each state of which all steps are compared. */
static void
walk(Walk *w)
{
    const TextPieces *pieces = w->costs.pieces;
    w->state = text_state_first();
    text_state_open_row(&w->costs, &w->state, g_rand_boolean(w->dice));
    for (guint32 i = 0; i < pieces->page->lines->len; i++) {
        guint n_part = g_array_index(pieces->page->lines, TextLine, i).n_part;
        if (n_part == 0) {
            w->costs.flows = TRUE;
            text_state_end_flow(&w->state);
            continue;
        }
        gint32 whole = text_pieces_of_parts(pieces, i, 0, n_part - 1);
        TextState next = w->state;
        TextStep step = {.n = 0};
        text_step_outside(&w->costs, &next, &step, whole);
        compare(w, text_step_outside_floor(&w->state, text_costs_piece(&w->costs, whole)),
                next.cost - w->state.cost);
        guint n = 2; /* seldom out of the table */
        g_autoptr(GArray) ways = line_ways_find(pieces, w->costs.columns, i);
        for (guint k = 0; k < ways->len; k++) {
            try_way(w, &g_array_index(ways, TextStep, k), &next, &n);
        }
        w->state = next;
    }
}

static void
test_no_step_costs_less_than_its_floor(void)
{
    const JoinJudge judge = {guesses, NULL};
    g_autoptr(TextPage) page = text_page_new(1, g_strdup(PAGE));
    g_autoptr(TextPieces) pieces = text_pieces_new(page, &judge);
    const TextColumns columns[] = {{3, {6, 15, 13}, FALSE, FALSE},
                                   {4, {3, 5, 16, 12}, TRUE, FALSE},
                                   {2, {18.5, 14}, FALSE, TRUE},
                                   {6, {2.5, 6, 12, 12, 12, 4}, TRUE, TRUE}};
    Walk w = {.dice = g_rand_new_with_seed(7)};
    g_autofree double *odds = g_new(double, (gsize)text_pieces_count(pieces) * TEXT_MAX_COLUMNS);
    for (guint i = 0; i < text_pieces_count(pieces) * TEXT_MAX_COLUMNS; i++) {
        odds[i] = g_rand_double_range(w.dice, -2, 2);
    }
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        for (guint k = 0; k < 200; k++) {
            w.costs = step_costs(pieces, &columns[i], k % 2 == 0 ? NULL : odds);
            walk(&w);
        }
    }
    g_rand_free(w.dice);
    g_assert_cmpuint(w.steps, >, 100000);
    g_assert_cmpuint(w.tight, >, w.steps / 3); /* or they were of no use */
}

/* ---- threads ---- */

static void
count_up(guint i, gpointer counts)
{
    g_atomic_int_inc(&((gint *)counts)[i]);
}

static void
test_each_comes_once_on_any_number_of_threads(void)
{
    for (guint jobs = 0; jobs < 40; jobs += 3) {
        for (guint n = 0; n < 70; n += 23) {
            gint counts[71] = {0};
            parallel_each(n, jobs, count_up, counts);
            for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
                g_assert_cmpint(counts[i], ==, i < n);
            }
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text-floors/no-step-costs-less-than-its-floor",
                    test_no_step_costs_less_than_its_floor);
    g_test_add_func("/parallel/each-comes-once-on-any-number-of-threads",
                    test_each_comes_once_on_any_number_of_threads);
    return g_test_run();
}

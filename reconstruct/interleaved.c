/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: an extractor that prints a page's lines from top to bottom, those at one height from left
 * to right, mixes the lines of a table's columns:
 *
 *     (オ) 総 務 省 総務省において、放送設備の安全・ <成果・進捗状況>
 *     信頼性に関する技術基準を見直す。
 *     ・技術基準を見直し、令和６年４月に
 *     ・事業者に点検を求める。
 *     施行した。
 *
 * Given how many columns there are and how wide, find for each line, or each part of one that
 * spaces divide, the column it stands in. Within a column the order of lines is right; so the page
 * is a merge of the columns, and what has to be found is which way it was merged. A way through the
 * page is scored as a whole (text-steps.c), the likeliest is taken.
 *
 * Beam search: at each line the best few states are kept, a state being the last piece and the
 * clock of each column. From each the line goes on in all the ways that it can be parted
 * (line-ways.c), into rows that are open or a new one, or stands in no table. All steps between
 * kept states are remembered, so that for each line the best whole with it elsewhere is known too:
 * the difference is the confidence.
 *
 * Known failures: those of the scoring; a column whose lines are cut into three or more pieces.
 */
#include "interleaved.h"

#include <math.h>
#include <string.h>

#include "line-ways.h"
#include "text-steps.h"

static const double COST_HOPELESS = 30; /* behind the best: never made good */
static const double COST_UNSEEN = 6;    /* … of what is no rival when it comes to being sure */

typedef struct {
    StepCosts costs;
    guint beam;
    GArray *states;      /* TextState, line by line */
    GArray *layers;      /* guint32: the first state of each line */
    GArray *steps;       /* TextStep, of all kept states */
    GArray *step_layers; /* guint32: the first step to the states of each line but the first */
    GArray *fresh;       /* TextState: those that a line leads to */
    GArray *fresh_steps;
    double least; /* the cost of the best of them */
} Search;

/* ---- the search ---- */

/* Keeps a state that a step leads to. */
static void
keep(Search *s, TextState *state, TextStep *step)
{
    if (state->cost > s->least + COST_HOPELESS) {
        return;
    }
    s->least = MIN(s->least, state->cost);
    step->cost = state->cost - g_array_index(s->states, TextState, step->from).cost;
    state->step = s->fresh_steps->len;
    g_array_append_val(s->fresh_steps, *step);
    g_array_append_val(s->fresh, *state);
}

static gint
compare_states(gconstpointer a, gconstpointer b, gpointer fresh)
{
    const TextState *x = &g_array_index((GArray *)fresh, TextState, *(const guint32 *)a);
    const TextState *y = &g_array_index((GArray *)fresh, TextState, *(const guint32 *)b);
    if (x->cost != y->cost) {
        return x->cost < y->cost ? -1 : 1;
    }
    return x->step < y->step ? -1 : x->step > y->step;
}

/* The best of the fresh states become the next layer, with all steps that lead to them. */
static void
close_layer(Search *s)
{
    guint32 first = s->states->len, first_step = s->steps->len;
    g_array_append_val(s->step_layers, first_step);
    g_autoptr(GArray) order = g_array_sized_new(FALSE, FALSE, sizeof(guint32), s->fresh->len);
    for (guint32 i = 0; i < s->fresh->len; i++) {
        g_array_append_val(order, i);
    }
    g_array_sort_with_data(order, compare_states, s->fresh);
    for (guint i = 0; i < order->len; i++) {
        TextState *state = &g_array_index(s->fresh, TextState, g_array_index(order, guint32, i));
        if (s->states->len - first >= s->beam && state->cost > s->least + COST_UNSEEN) {
            break;
        }
        TextStep step = g_array_index(s->fresh_steps, TextStep, state->step);
        guint32 at = first;
        while (at < s->states->len &&
               !text_state_is_same(&g_array_index(s->states, TextState, at), state)) {
            at++;
        }
        if (at == s->states->len) {
            if (at - first >= s->beam) {
                continue;
            }
            state->step = s->steps->len;
            g_array_append_val(s->states, *state);
        }
        step.to = (gint32)at;
        g_array_append_val(s->steps, step);
    }
    g_array_append_val(s->layers, first);
    g_array_set_size(s->fresh, 0);
    g_array_set_size(s->fresh_steps, 0);
    s->least = G_MAXDOUBLE;
}

/* What the line leads to from the state of index `from`. */
static void
step_state(Search *s, guint32 from, gint32 whole, const GArray *ways)
{
    const TextState before = g_array_index(s->states, TextState, from);
    guint most_lag = 0;
    for (guint c = 0; c < s->costs.columns->n; c++) {
        most_lag = MAX(most_lag, before.cell[c].lag);
    }
    TextStep step = {.from = (gint32)from};
    TextState after = before;
    text_step_outside(&s->costs, &after, &step, whole);
    keep(s, &after, &step);
    after = before;
    if (text_step_same(&s->costs, &after, &step, whole)) {
        keep(s, &after, &step);
    }
    for (guint k = 0; k < ways->len; k++) {
        step = g_array_index(ways, TextStep, k);
        TextState state = before;
        state.cost += step.cost;
        step.from = (gint32)from;
        for (guint lag = 0; before.in_table && lag <= most_lag; lag++) {
            after = state;
            if (text_step_on(&s->costs, &after, &step, lag)) {
                keep(s, &after, &step);
            }
        }
        if (text_step_row(&s->costs, &state, &step)) {
            keep(s, &state, &step);
        }
    }
}

static void
step_line(Search *s, guint32 line)
{
    const TextPieces *p = s->costs.pieces;
    guint32 layer = g_array_index(s->layers, guint32, s->layers->len - 1);
    guint n_part = g_array_index(p->page->lines, TextLine, line).n_part;
    gint32 whole = text_pieces_of_parts(p, line, 0, n_part - 1);
    g_autoptr(GArray) ways = line_ways_find(p, s->costs.columns, line);
    for (guint32 i = layer; i < s->states->len; i++) {
        step_state(s, i, whole, ways);
    }
    close_layer(s);
}

static void
end_flow(Search *s)
{
    s->costs.flows = TRUE;
    for (guint32 i = g_array_index(s->layers, guint32, s->layers->len - 1); i < s->states->len;
         i++) {
        text_state_end_flow(&g_array_index(s->states, TextState, i));
    }
}

/* ---- how sure ---- */

/* Odds are believed by this root of them only: what speaks for a way is not independent. */
static const double BELIEF = 0.4;

/* What it costs at least from each state to the end; a new array. */
static double *
costs_ahead(const Search *s)
{
    double *ahead = g_new(double, s->states->len);
    guint32 last = g_array_index(s->layers, guint32, s->layers->len - 1);
    for (guint32 i = 0; i < s->states->len; i++) {
        const TextState *state = &g_array_index(s->states, TextState, i);
        ahead[i] = i < last ? G_MAXDOUBLE : text_state_end_cost(&s->costs, state);
    }
    for (guint32 i = s->steps->len; i-- > 1;) {
        const TextStep *step = &g_array_index(s->steps, TextStep, i);
        if (ahead[step->to] < G_MAXDOUBLE) {
            ahead[step->from] = MIN(ahead[step->from], ahead[step->to] + step->cost);
        }
    }
    return ahead;
}

/* Does it place the line's pieces elsewhere? */
static gboolean
is_other_place(const TextStep *a, const TextStep *b)
{
    gboolean outside = a->kind == STEP_OUTSIDE;
    if (a->n != b->n || outside != (b->kind == STEP_OUTSIDE)) {
        return TRUE;
    }
    return memcmp(a->column, b->column, a->n) != 0 || memcmp(a->joined, b->joined, a->n) != 0;
}

/* How sure the step to the line of this number (of those with text) is, against the best whole in
 * which the line stands elsewhere. */
static double
step_confidence(const Search *s, const double *ahead, const TextStep *step, guint layer)
{
    guint32 from = g_array_index(s->step_layers, guint32, layer);
    guint32 to = layer + 1 < s->step_layers->len ? g_array_index(s->step_layers, guint32, layer + 1)
                                                 : s->steps->len;
    double best = G_MAXDOUBLE, other = G_MAXDOUBLE;
    for (guint32 i = from; i < to; i++) {
        const TextStep *it = &g_array_index(s->steps, TextStep, i);
        if (ahead[it->to] == G_MAXDOUBLE) {
            continue;
        }
        double cost = g_array_index(s->states, TextState, it->from).cost + it->cost + ahead[it->to];
        if (is_other_place(step, it)) {
            other = MIN(other, cost);
        } else {
            best = MIN(best, cost);
        }
    }
    return other == G_MAXDOUBLE ? 1 : 1 / (1 + exp(BELIEF * (best - other)));
}

/* ---- reading it off ---- */

static void
read_steps(const Search *s, guint32 best, TextReading *reading)
{
    g_autofree double *ahead = costs_ahead(s);
    g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 at = best;;) {
        const TextState *state = &g_array_index(s->states, TextState, at);
        const TextStep *step = &g_array_index(s->steps, TextStep, state->step);
        if (step->from < 0) {
            break;
        }
        g_array_append_val(chain, state->step);
        at = (guint32)step->from;
    }
    gint32 last[TEXT_MAX_COLUMNS], row = -1, outside = -1;
    gboolean in_table = FALSE;
    for (guint i = chain->len; i-- > 0;) {
        const TextStep *step = &g_array_index(s->steps, TextStep, g_array_index(chain, guint32, i));
        double confidence = step_confidence(s, ahead, step, chain->len - 1 - i);
        if (step->kind == STEP_ROW) {
            row++;
            outside = -1;
        }
        if (!in_table) {
            memset(last, -1, sizeof last);
        }
        in_table = step->kind != STEP_OUTSIDE;
        for (guint k = 0; k < step->n; k++) {
            const TextPiece *piece = text_piece_at(s->costs.pieces, step->piece[k]);
            gint32 *before = step->kind == STEP_OUTSIDE ? &outside : &last[step->column[k]];
            TextPlacement it = {.line = piece->line,
                                .from = piece->from,
                                .to = piece->to,
                                .row = step->kind == STEP_OUTSIDE ? -1 : row - step->lag,
                                .column = step->column[k],
                                .after = step->joined[k] ? *before : -1,
                                .confidence = confidence};
            *before = (gint32)reading->placements->len;
            g_array_append_val(reading->placements, it);
        }
    }
}

TextReading *
interleaved_read(TextPieces *pieces, const TextColumns *columns, const double *odds, guint beam)
{
    Search s = {.costs = {.pieces = pieces, .columns = columns, .odds = odds},
                .beam = beam,
                .states = g_array_new(FALSE, TRUE, sizeof(TextState)),
                .layers = g_array_new(FALSE, TRUE, sizeof(guint32)),
                .steps = g_array_new(FALSE, TRUE, sizeof(TextStep)),
                .step_layers = g_array_new(FALSE, TRUE, sizeof(guint32)),
                .fresh = g_array_new(FALSE, TRUE, sizeof(TextState)),
                .fresh_steps = g_array_new(FALSE, TRUE, sizeof(TextStep)),
                .least = G_MAXDOUBLE};
    TextState start = text_state_first();
    TextStep none = {.from = -1};
    g_array_append_val(s.steps, none);
    g_array_append_val(s.states, start);
    guint32 zero = 0;
    g_array_append_val(s.layers, zero);
    for (guint32 i = 0; i < pieces->page->lines->len; i++) {
        if (g_array_index(pieces->page->lines, TextLine, i).n_part > 0) {
            step_line(&s, i);
        } else {
            end_flow(&s);
        }
    }
    guint32 best = 0;
    double least = G_MAXDOUBLE;
    for (guint32 i = g_array_index(s.layers, guint32, s.layers->len - 1); i < s.states->len; i++) {
        const TextState *state = &g_array_index(s.states, TextState, i);
        double cost = state->cost + text_state_end_cost(&s.costs, state);
        if (cost < least) {
            least = cost;
            best = i;
        }
    }
    TextReading *reading = g_new0(TextReading, 1);
    reading->placements = g_array_new(FALSE, FALSE, sizeof(TextPlacement));
    reading->score = -least;
    read_steps(&s, best, reading);
    g_array_unref(s.states);
    g_array_unref(s.layers);
    g_array_unref(s.steps);
    g_array_unref(s.step_layers);
    g_array_unref(s.fresh);
    g_array_unref(s.fresh_steps);
    return reading;
}

void
text_reading_free(TextReading *reading)
{
    if (reading != NULL) {
        g_array_unref(reading->placements);
        g_free(reading);
    }
}

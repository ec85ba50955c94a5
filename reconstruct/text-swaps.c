/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hill climbing: of all exchanges of two columns from some line of a row to its end, and of three
 * at its top, the first that is worth it is made, until none is or there were enough. What it is
 * worth is found by taking the steps again from there on, until the way comes to where it was
 * before.
 */
#include "text-swaps.h"

#include <math.h>
#include <string.h>

/* Columns that differ in width by no more than this, in em, may be taken for one another. */
static const double ALIKE_WIDTHS = 3;
static const double WORTH = 0.05;  /* what is worth less is none */
static const double HOPELESS = 25; /* so much worse on the way is never made good */
#define ROUNDS_MOST 8u
#define WORK_MOST 400000u /* steps taken again */

typedef struct {
    StepCosts costs;
    GArray *steps;  /* TextStep */
    GArray *lines;  /* guint32: the line of each step */
    GArray *states; /* TextState before each step, and at the end */
    GArray *keys;   /* guint64: their text_state_key() */
    GArray *rows;   /* gint32: the front row after each step */
    guint work;     /* steps taken so far */
} Way;

/* What each column becomes. */
typedef struct {
    guint8 to[TEXT_MAX_COLUMNS];
} Exchange;

static TextStep *
step_at(const Way *w, guint i)
{
    return &g_array_index(w->steps, TextStep, i);
}

/* The row that the step's pieces stand in; -1: none that cells change places in. */
static gint32
row_of(const Way *w, guint i)
{
    const TextStep *step = step_at(w, i);
    return step->kind == STEP_ROW || step->kind == STEP_ON || step->kind == STEP_SAME
               ? g_array_index(w->rows, gint32, i) - step->lag
               : -1;
}

/* Empty lines before the step end a flow. */
static void
end_flows(const Way *w, StepCosts *costs, TextState *state, guint i)
{
    guint32 line = g_array_index(w->lines, guint32, i);
    guint32 before = i > 0 ? g_array_index(w->lines, guint32, i - 1) + 1 : 0;
    for (; before < line; before++) {
        costs->flows = TRUE;
        text_state_end_flow(state);
    }
}

static void
find_lines(Way *w)
{
    const TextPage *page = w->costs.pieces->page;
    for (guint32 i = 0; i < page->lines->len; i++) {
        if (g_array_index(page->lines, TextLine, i).n_part > 0) {
            g_array_append_val(w->lines, i);
        }
    }
}

static double
end_cost(const Way *w, const TextState *state)
{
    return state->cost + text_state_end_cost(&w->costs, state);
}

/* All states of the way as it is. FALSE: it cannot be taken. */
static gboolean
take_all(Way *w)
{
    TextState state = text_state_first();
    gint32 row = -1;
    w->costs.flows = FALSE;
    g_array_set_size(w->states, 0);
    g_array_set_size(w->keys, 0);
    g_array_set_size(w->rows, 0);
    for (guint i = 0; i < w->steps->len; i++) {
        w->work++;
        end_flows(w, &w->costs, &state, i);
        guint64 key = text_state_key(&state);
        g_array_append_val(w->states, state);
        g_array_append_val(w->keys, key);
        if (!text_step_again(&w->costs, &state, step_at(w, i))) {
            return FALSE;
        }
        row += step_at(w, i)->kind == STEP_ROW;
        g_array_append_val(w->rows, row);
    }
    g_array_append_val(w->states, state);
    return TRUE;
}

/* The step with its columns exchanged. FALSE: they are not from left to right any more. */
static gboolean
exchange_step(const Exchange *x, TextStep *step)
{
    for (guint k = 0; k < step->n; k++) {
        step->column[k] = x->to[step->column[k]];
        if (k > 0 && step->column[k] <= step->column[k - 1]) {
            return FALSE;
        }
    }
    return TRUE;
}

/* By how much the way is better when columns are exchanged in a row from step `from` on; steps: if
 * not NULL, becomes so. */
static double
exchange_worth(Way *w, const Exchange *x, gint32 row, guint from, guint last, GArray *steps)
{
    StepCosts costs = w->costs;
    costs.flows = g_array_index(w->lines, guint32, from) > from; /* there was an empty line */
    TextState state = g_array_index(w->states, TextState, from);
    for (guint i = from; i < w->steps->len; i++) {
        const TextState *before = &g_array_index(w->states, TextState, i);
        if (i > from) {
            end_flows(w, &costs, &state, i);
        }
        w->work++;
        if (state.cost > before->cost + HOPELESS) {
            return -G_MAXDOUBLE;
        }
        if (i > last && text_state_key(&state) == g_array_index(w->keys, guint64, i)) {
            return before->cost - state.cost;
        }
        TextStep step = *step_at(w, i);
        if (row_of(w, i) == row && step.kind != STEP_SAME && !exchange_step(x, &step)) {
            return -G_MAXDOUBLE;
        }
        if (!text_step_again(&costs, &state, &step)) {
            return -G_MAXDOUBLE;
        }
        if (steps != NULL) {
            *step_at(w, i) = step;
        }
    }
    const TextState *end = &g_array_index(w->states, TextState, w->steps->len);
    return end_cost(w, end) - end_cost(w, &state);
}

/* Makes it if it is worth while. */
static gboolean
try_exchange(Way *w, const Exchange *x, gint32 row, guint from, guint last)
{
    if (w->work > WORK_MOST || exchange_worth(w, x, row, from, last, NULL) < WORTH) {
        return FALSE;
    }
    g_autoptr(GArray) before = g_array_copy(w->steps);
    double cost = end_cost(w, &g_array_index(w->states, TextState, w->steps->len));
    exchange_worth(w, x, row, from, last, w->steps);
    if (take_all(w) &&
        end_cost(w, &g_array_index(w->states, TextState, w->steps->len)) < cost - WORTH / 2) {
        return TRUE;
    }
    memcpy(w->steps->data, before->data, before->len * sizeof(TextStep));
    take_all(w);
    return FALSE;
}

static gboolean
may_exchange(const Way *w, guint a, guint b)
{
    double x = w->costs.columns->width[a], y = w->costs.columns->width[b];
    return a != b && x > TEXT_LABEL_WIDTH && y > TEXT_LABEL_WIDTH && fabs(x - y) <= ALIKE_WIDTHS;
}

/* Does the step place something of the row in this column? */
static gboolean
places_in(const Way *w, guint i, guint column)
{
    const TextStep *step = step_at(w, i);
    for (guint k = 0; k < step->n; k++) {
        if (step->column[k] == column) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Each of n columns becomes the next, the last one the first. */
static gboolean
try_ring(Way *w, const guint *columns, guint n, gint32 row, guint from, guint last)
{
    Exchange x;
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        x.to[c] = (guint8)c;
    }
    for (guint k = 0; k < n; k++) {
        x.to[columns[k]] = (guint8)columns[(k + 1) % n];
    }
    return try_exchange(w, &x, row, from, last);
}

/* Three columns on in a ring, with these two, both ways. */
static gboolean
try_rings(Way *w, gint32 row, guint from, guint last, guint a, guint b)
{
    gboolean better = FALSE;
    for (guint c = a + 1; c < w->costs.columns->n; c++) {
        if (may_exchange(w, b, c) && may_exchange(w, a, c)) {
            const guint ring[] = {a, b, c};
            better |= try_ring(w, ring, 3, row, from, last);
        }
    }
    return better;
}

/* All exchanges of columns from a step of the row on: of two, and at its top of three. */
static gboolean
try_columns(Way *w, gint32 row, guint from, guint last, gboolean is_top)
{
    guint n = w->costs.columns->n;
    gboolean better = FALSE;
    for (guint a = 0; a < n; a++) {
        for (guint b = a + 1; b < n; b++) {
            if (!may_exchange(w, a, b)) {
                continue;
            }
            better |= is_top && try_rings(w, row, from, last, a, b);
            if (places_in(w, from, a) != places_in(w, from, b)) {
                const guint pair[] = {a, b};
                better |= try_ring(w, pair, 2, row, from, last);
            }
        }
    }
    return better;
}

/* All exchanges in a row. */
static gboolean
improve_row(Way *w, gint32 row)
{
    guint first = G_MAXUINT, last = 0;
    for (guint i = 0; i < w->steps->len; i++) {
        if (row_of(w, i) == row) {
            first = MIN(first, i);
            last = i;
        }
    }
    gboolean better = FALSE;
    for (guint i = first; i <= last && i < w->steps->len; i++) {
        better |= row_of(w, i) == row && try_columns(w, row, i, last, i == first);
    }
    return better;
}

static gboolean
improve_rows(Way *w)
{
    gint32 rows = g_array_index(w->rows, gint32, w->rows->len - 1) + 1;
    gboolean better = FALSE;
    for (gint32 row = 0; row < rows; row++) {
        better |= improve_row(w, row);
    }
    return better;
}

void
text_swaps_improve(const StepCosts *s, GArray *steps)
{
    Way w = {.costs = *s,
             .steps = steps,
             .lines = g_array_new(FALSE, FALSE, sizeof(guint32)),
             .states = g_array_new(FALSE, FALSE, sizeof(TextState)),
             .keys = g_array_new(FALSE, FALSE, sizeof(guint64)),
             .rows = g_array_new(FALSE, FALSE, sizeof(gint32))};
    find_lines(&w);
    if (steps->len > 0 && steps->len == w.lines->len && take_all(&w)) {
        for (guint i = 0; i < ROUNDS_MOST && improve_rows(&w); i++) {
        }
    }
    g_array_unref(w.lines);
    g_array_unref(w.states);
    g_array_unref(w.keys);
    g_array_unref(w.rows);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A way through the page is scored as a whole, in natural logarithms of likelihood:
 *   width     the lines of a paragraph fill their column but for the last; nothing is wider;
 *   height    lines stand at even distances, so the columns' lines come in turn. Each column has a
 *             clock in line heights; a line comes when its column's clock says, or later, and a
 *             lateness is paid, dearly inside a paragraph, little between paragraphs. At equal
 *             height the left one comes first;
 *   joins     what goes on after what (line-joins.c), or ends, or begins;
 *   rows      all cells of a row begin at its top; a new row costs, and sets all clocks anew;
 *   outside   what fits no column stands in no table, at a price.
 *
 * Known failures: columns of different line height; a row that begins where both neighbours' cells
 * end full and go on without a mark.
 */
#include "text-steps.h"

#include <math.h>

#include "marks.h"

/* ---- what things cost ---- */

static const double P_GOES_ON = -0.25;   /* log: a line's paragraph goes on with the next line */
static const double P_ENDS = -1.5;       /* log: it ends there */
static const double P_ENDS_PLAIN = -3.2; /* the same where cells have one paragraph */

/* A line that its paragraph goes on after lacks this many em; indents and list marks take one or
 * two. Steps, then a slope for what an unbreakable word leaves. */
static const double SLACK_FREE = 1.3, SLACK_INDENT = 2.6;
static const double COST_FREE = 0.4, COST_INDENT = 1.3, COST_SLOPE = 1.5, COST_SLACK_MOST = 9;

/* Wider than its column: per em. Stops may be set at half width, Latin letters are narrow. */
static const double COST_WIDE = 2.5;
static const double WIDE_FREE = 0.3;

/* Late by a part of a line height (baselines differ), or more, in a paragraph and between two. */
static const double LATE_PART = 0.45;
static const double COST_LATE_PART = 0.6, COST_LATE = 2.5, COST_LATE_SLOPE = 0.8;
static const double COST_BETWEEN = 1.0, COST_BETWEEN_SLOPE = 0.4, COST_BETWEEN_MOST = 4;
/* What comes first at one height must be the left one: by so much later is the other. */
static const double HEIGHT_STEP = 0.1;

/* A list counts on, or it does not. */
static const double WORTH_COUNT = 2.5, COST_COUNT = 4;
static const double COST_TITLE_LAST = 4; /* a title with nothing beneath it */

static const double COST_ROW = 3.0, COST_ROW_PLAIN = 1.0;
static const double COST_EMPTY_CELL = 2.0, COST_EMPTY_LABEL = 3.0;
/* A cell that does not begin at its row's top (or stand in its middle), by lines. */
static const double COST_OFF = 1.0, COST_OFF_SLOPE = 0.7, COST_OFF_MOST = 4, MIDDLE_REACH = 0.7;
static const double COST_LABEL_AGAIN = 3.5, COST_MARK_AGAIN = 9;
/* What a label column is for: marks, in one hardly wider than these; names. */
static const double WORTH_MARK = 3, WORTH_NAME = 1.5, MARKS_WIDTH = 4;
/* An extractor puts out what it takes for a flow as a whole, so a flow may begin in a row that the
 * one before it left behind; inside a flow rows follow one another. Texts have lost the empty
 * lines between flows, or kept them. */
static const double COST_LAG = 1, COST_BACK = 12, COST_BACK_HIDDEN = 9;
static const double COST_SPREAD = 0.7; /* between characters of a label that stand far apart */
#define MOST_LAG 4u                    /* rows that a column may be behind another */
#define NO_FLOW 255u                   /* of flow_lag: nothing so far in this flow */

static const double COST_ENTER = 3.0, COST_LEAVE = 1.0;
static const double COST_OUTSIDE = 3.4;   /* a line: of no certain width */
static const double WORTH_FOLIO = 3;      /* a page number stands in none */
static const double COST_SAME_LINE = 3.5; /* the rest of a line that was printed as two */

/* ---- a cell begins, goes on, ends ---- */

static gboolean
is_label(const StepCosts *s, guint column)
{
    return s->columns->width[column] <= TEXT_LABEL_WIDTH;
}

/* Its last line ends a paragraph, apart from how likely an end is there. */
static double
end_cost(const StepCosts *s, const TextState *state, guint c)
{
    double uniform = log(MAX(s->columns->width[c], 2));
    return is_label(s, c) ? uniform : uniform - text_piece_at(s->pieces, state->cell[c].last)->end;
}

static double
slack_cost(double slack)
{
    if (slack <= SLACK_FREE) {
        return COST_FREE;
    }
    if (slack <= SLACK_INDENT) {
        return COST_INDENT;
    }
    return MIN(COST_INDENT + COST_SLOPE * (slack - SLACK_INDENT + 0.5), COST_SLACK_MOST);
}

/* A label whose characters stand so far apart that each was printed by itself. */
static gboolean
is_spread_on(const StepCosts *s, guint c, const TextPiece *last, const TextPiece *next)
{
    return is_label(s, c) && last->to - last->from == 1 && next->to - next->from == 1 &&
           last->mark == MARK_NONE && next->mark == MARK_NONE;
}

/* Its last line goes on with this piece. */
static double
on_cost(const StepCosts *s, const TextState *state, guint c, gint32 piece)
{
    const TextPiece *next = text_piece_at(s->pieces, piece);
    const ColumnEnd *cell = &state->cell[c];
    double join = text_pieces_join(s->pieces, cell->last, piece);
    if (is_spread_on(s, c, text_piece_at(s->pieces, cell->last), next)) {
        return COST_SPREAD - join;
    }
    double slack = s->columns->width[c] - (double)cell->width - (next->first - 1);
    return slack_cost(slack) - P_GOES_ON - join;
}

static double
late_cost(double late, gboolean in_paragraph)
{
    if (late < 1e-3) {
        return 0;
    }
    if (in_paragraph) {
        return late <= LATE_PART ? COST_LATE_PART : COST_LATE + COST_LATE_SLOPE * late;
    }
    return MIN(COST_BETWEEN + COST_BETWEEN_SLOPE * late, COST_BETWEEN_MOST);
}

static double
wide_cost(const StepCosts *s, guint c, double width)
{
    double excess = width - s->columns->width[c] - WIDE_FREE;
    return excess <= 0 ? 0 : COST_WIDE * excess;
}

/* A cell that is not where its row's height says. */
static double
place_cost(const StepCosts *s, const ColumnEnd *cell)
{
    if (cell->last < 0 || cell->lag > 0 || cell->below < 0) {
        return 0;
    }
    double below = (double)cell->below;
    double off = s->columns->middle ? fabs(below + (double)cell->clock) - MIDDLE_REACH : below;
    return off <= LATE_PART ? 0 : MIN(COST_OFF + COST_OFF_SLOPE * off, COST_OFF_MOST);
}

/* A column's cell ends, and so many rows after it have none. */
static double
cell_end_cost(const StepCosts *s, const TextState *state, guint c, guint empty)
{
    double cost = empty * (is_label(s, c) ? COST_EMPTY_LABEL : COST_EMPTY_CELL);
    gint32 last = state->cell[c].last;
    if (last < 0) {
        return cost;
    }
    return cost + end_cost(s, state, c) +
           (text_piece_at(s->pieces, last)->is_title ? COST_TITLE_LAST : 0);
}

/* The table ends. */
static double
close_cost(const StepCosts *s, const TextState *state)
{
    double cost = 0;
    for (guint c = 0; c < s->columns->n; c++) {
        cost += cell_end_cost(s, state, c, state->cell[c].lag) + place_cost(s, &state->cell[c]);
    }
    return cost;
}

static double
plain_start_cost(const StepCosts *s, guint c, const TextPiece *start)
{
    if (!is_label(s, c)) {
        return -start->start;
    }
    if (start->mark != MARK_NONE) {
        return -WORTH_MARK;
    }
    return s->columns->width[c] <= MARKS_WIDTH ? WORTH_MARK
           : start->is_name                    ? -WORTH_NAME
                                               : WORTH_NAME;
}

/* The list of a cell, and the labels of a column, count on. */
static double
count_cost(const TextState *state, guint c, const TextPiece *it)
{
    if (it->counts == MARK_NONE || it->number == 0) {
        return 0;
    }
    if (state->cell[c].number == (it->counts << 10) + it->number - 1) {
        return it->number == 1 ? 0 : -WORTH_COUNT;
    }
    return it->number == 1 ? (state->cell[c].number == 0 ? 0 : COST_COUNT / 2)
           : state->cell[c].number == 0 && it->counts == MARK_NUMBER ? 0.5
                                                                     : COST_COUNT;
}

static double
start_cost(const StepCosts *s, const TextState *state, guint c, gint32 piece)
{
    const TextPiece *start = text_piece_at(s->pieces, piece);
    double counted = count_cost(state, c, start);
    if (is_label(s, c)) {
        counted = start->number > 1 ? CLAMP(counted, -WORTH_COUNT, 0) : 0;
    }
    return counted + plain_start_cost(s, c, start);
}

/* Puts a piece into its column, on a line at `height`, in a row that lags so far behind. Returns
 * whether it goes on in the paragraph of the column's last piece. */
static gboolean
place_piece(const StepCosts *s, TextState *state, guint c, gint32 piece, double height, guint lag)
{
    const TextPiece *it = text_piece_at(s->pieces, piece);
    ColumnEnd *cell = &state->cell[c];
    gboolean joined = FALSE;
    state->cost += it->kept + wide_cost(s, c, it->width) + (it->is_folio ? WORTH_FOLIO : 0);
    state->cost -= s->odds != NULL ? s->odds[(guint)piece * TEXT_MAX_COLUMNS + c] : 0;
    if (cell->lag > lag) {
        state->cost += cell_end_cost(s, state, c, cell->lag - 1 - lag);
        cell->number = is_label(s, c) ? cell->number : 0;
        state->cost += start_cost(s, state, c, piece);
        cell->below = lag == 0 ? (float)(height - (double)state->top) : 0;
    } else {
        double late = lag == 0 ? height - (double)cell->clock - 1 : 0;
        double on = on_cost(s, state, c, piece) + late_cost(late, TRUE);
        double anew = end_cost(s, state, c) + start_cost(s, state, c, piece) +
                      (!is_label(s, c) ? (s->columns->plain ? -P_ENDS_PLAIN : -P_ENDS)
                       : it->mark      ? COST_MARK_AGAIN
                                       : COST_LABEL_AGAIN) +
                      late_cost(late, FALSE);
        joined = on < anew;
        state->cost += MIN(on, anew);
    }
    if (it->counts != MARK_NONE && !joined) {
        cell->number = (guint16)((it->counts << 10) + it->number);
    }
    cell->last = piece;
    cell->width = (float)it->width;
    cell->clock = (float)height;
    cell->lag = (guint16)lag;
    return joined;
}

/* ---- steps ---- */

/* What it costs that after what came before in its flow a line of this row comes. */
static double
flow_cost(const StepCosts *s, const TextState *state, guint lag)
{
    if (state->flow_lag == NO_FLOW) {
        return lag > 0 ? COST_LAG : 0;
    }
    return lag <= state->flow_lag ? 0 : s->flows ? COST_BACK : COST_BACK_HIDDEN;
}

gboolean
text_step_on(const StepCosts *s, TextState *state, TextStep *step, guint lag)
{
    double height = 0;
    for (guint i = 0; i < step->n; i++) {
        const ColumnEnd *cell = &state->cell[step->column[i]];
        if (cell->lag < lag || (cell->lag == lag && cell->last < 0)) {
            return FALSE;
        }
        if (cell->lag == lag && lag == 0) {
            height = MAX(height, (double)cell->clock + 1);
        }
        if (i == 0 && (gint)step->column[i] < state->column) {
            height = MAX(height, HEIGHT_STEP);
        }
    }
    state->cost += flow_cost(s, state, lag);
    state->flow_lag = (guint8)lag;
    step->lag = (guint8)lag;
    for (guint i = 0; i < step->n; i++) {
        step->joined[i] =
            (guint8)place_piece(s, state, step->column[i], step->piece[i], height, lag);
        state->column = (gint8)step->column[i];
    }
    for (guint c = 0; c < s->columns->n; c++) {
        state->cell[c].clock = (float)MAX((double)state->cell[c].clock - height, -12);
    }
    state->top = (float)MAX((double)state->top - height, -12);
    return TRUE;
}

static void
empty_cells(TextState *state)
{
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        state->cell[c] = (ColumnEnd){.last = -1};
    }
    state->top = 0;
    state->column = -1;
    state->flow_lag = NO_FLOW;
}

gboolean
text_step_row(const StepCosts *s, TextState *state, TextStep *step)
{
    state->cost += s->columns->plain ? COST_ROW_PLAIN : COST_ROW;
    if (!state->in_table) {
        state->cost += COST_ENTER;
        empty_cells(state);
    }
    for (guint c = 0; c < s->columns->n; c++) {
        ColumnEnd *cell = &state->cell[c];
        state->cost += place_cost(s, cell);
        cell->lag = (guint16)MIN(cell->lag + 1u, MOST_LAG);
    }
    state->top = 0;
    state->in_table = TRUE;
    state->column = -1;
    state->outside = -1;
    state->flow_lag = 0;
    step->kind = STEP_ROW;
    return text_step_on(s, state, step, 0);
}

gboolean
text_step_same(const StepCosts *s, TextState *state, TextStep *step, gint32 piece)
{
    if (!state->in_table || state->column < 0) {
        return FALSE;
    }
    guint c = (guint)state->column;
    const TextPiece *it = text_piece_at(s->pieces, piece);
    double width = (double)state->cell[c].width + it->width;
    if (width > s->columns->width[c] + WIDE_FREE || is_label(s, c)) {
        return FALSE;
    }
    state->cost +=
        COST_SAME_LINE + it->kept - text_pieces_join(s->pieces, state->cell[c].last, piece);
    state->cell[c].last = piece;
    state->cell[c].width = (float)width;
    *step = (TextStep){.from = step->from, .kind = STEP_SAME, .n = 1};
    step->lag = (guint8)state->cell[c].lag;
    step->column[0] = (guint8)c;
    step->piece[0] = piece;
    step->joined[0] = TRUE;
    return TRUE;
}

void
text_step_outside(const StepCosts *s, TextState *state, TextStep *step, gint32 piece)
{
    const TextPiece *it = text_piece_at(s->pieces, piece);
    state->cost += COST_OUTSIDE - (it->is_folio ? WORTH_FOLIO : 0);
    *step = (TextStep){.from = step->from, .kind = STEP_OUTSIDE, .n = 1};
    step->piece[0] = piece;
    if (state->in_table) {
        state->cost += close_cost(s, state) + COST_LEAVE - it->start;
        empty_cells(state);
        state->in_table = FALSE;
    } else if (state->outside >= 0) {
        const TextPiece *last = text_piece_at(s->pieces, state->outside);
        double on = -P_GOES_ON - text_pieces_join(s->pieces, state->outside, piece);
        double anew = -P_ENDS - last->end - it->start;
        step->joined[0] = on < anew;
        state->cost += MIN(on, anew);
    } else {
        state->cost -= it->start;
    }
    state->outside = piece;
}

/* ---- states ---- */

TextState
text_state_first(void)
{
    TextState state = {.outside = -1};
    empty_cells(&state);
    return state;
}

void
text_state_end_flow(TextState *state)
{
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        state->cell[c].clock = -1;
        state->cell[c].below = -1;
    }
    state->top = 0;
    state->column = -1;
    state->flow_lag = NO_FLOW;
}

gboolean
text_state_is_same(const TextState *a, const TextState *b)
{
    if (a->in_table != b->in_table || a->column != b->column || a->outside != b->outside ||
        a->flow_lag != b->flow_lag || fabsf(a->top - b->top) > 0.05f) {
        return FALSE;
    }
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        const ColumnEnd *x = &a->cell[c], *y = &b->cell[c];
        if (x->last != y->last || x->number != y->number || x->lag != y->lag ||
            fabsf(x->clock - y->clock) > 0.05f || fabsf(x->width - y->width) > 0.05f ||
            fabsf(x->below - y->below) > 0.05f) {
            return FALSE;
        }
    }
    return TRUE;
}

double
text_state_end_cost(const StepCosts *s, const TextState *state)
{
    return state->in_table ? close_cost(s, state) : 0;
}

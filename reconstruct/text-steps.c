/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A way through the page is scored as a whole, in natural logarithms of likelihood:
 *   width     the lines of a paragraph fill their column but for the last; nothing is wider;
 *   height    lines stand at even distances, so the columns' lines come in turn. Each column has a
 *             clock in line heights, from its row's first line; a line comes when its column's
 *             clock says, or later, and a lateness is paid, dearly inside a paragraph, little
 *             between paragraphs. At equal height the left one comes first;
 *   one line  what an extractor puts on one printed line stands in columns next to each other, the
 *             left one full; what it does not, has a space between or stands at another height;
 *   joins     what goes on after what (line-joins.c), or ends, or begins;
 *   rows      all cells of a row begin at its top, or stand in its middle; a new row costs;
 *   names     of columns stand in the first row, and may be printed after what is below them;
 *   outside   what fits no column stands in no table, at a price.
 *
 *     h  left                right                     printed
 *     0  the first line of   its result, which has     the first line of its result, which has
 *     1  a plan.             two lines as well.        a plan.
 *                                                      two lines as well.
 *
 * Known failures: columns of different line height; a row that begins where both neighbours' cells
 * end full and go on without a mark; a line height above 1.5 em, where an extractor takes each line
 * for a block and puts blocks out by other rules.
 */
#include "text-steps.h"

#include <math.h>

/* What comes first at one height must be the left one: by so much later is the other. */
static const double HEIGHT_STEP = 0.1;
static const double COST_HEAD_ROW = 0.5; /* a row of names */
/* A name after its column's texts; inside another flow. */
static const double COST_NAME_AFTER = 0.5, COST_NAME_INSIDE = 6;

static const double WORTH_ROW_FLOW = 1.0; /* a row that begins where a flow does */
static const double COST_ROW = 3.0, COST_ROW_PLAIN = 1.0;
static const double COST_LOOSE = 2; /* one of a name's characters, elsewhere than it */
/* An extractor puts out what it takes for a flow as a whole, so a flow may begin in a row that the
 * one before it left behind; inside a flow rows follow one another. Texts have lost the empty
 * lines between flows, or kept them. */
static const double COST_LAG = 1, COST_BACK = 12, COST_BACK_HIDDEN = 9;
/* Lines of a column that follow one another are one flow. */
static const double COST_FLOW_SAME = 4;
/* An extractor puts what stands less than 1.5 em apart at one height on one line, and nothing else:
 * so the left one of two pieces on a line fills its column and the right one stands in the next;
 * and two that stand on lines of their own at one height would have, unless a space is between. */
static const double GLUE_SLACK = 1.5, COST_GLUE_SLOPE = 2, COST_GLUE_MOST = 6, COST_GLUE_FAR = 6;
static const double COST_GLUE_LABEL = 2.5; /* labels may stand in the middle of theirs */
static const double APART_SLACK = 0.9, COST_APART = 1.2, COST_NOT_LEVEL = 2.5;
static const double COST_RIGHT_FIRST = 1;
#define MOST_LAG 10u /* rows that a column may be behind another */

static const double COST_ENTER = 3.0, COST_LEAVE = 1.0;
static const double COST_OUTSIDE = 3.4; /* a line: of no certain width */
static const double END_HEADING = 1;
static const double COST_SAME_LINE = 3.5; /* the rest of a line that was printed as two */

/* ---- what stands on one line ---- */

enum { LEVEL_UNKNOWN, LEVEL_IS, LEVEL_IS_NOT };

static double
slack_of(const StepCosts *s, guint c, gint32 piece)
{
    return s->columns->width[c] - text_cell_width(s, c, text_costs_piece(s, piece));
}

/* Two pieces next to each other on a printed line. */
static double
glue_cost(const StepCosts *s, TextState *state, const TextStep *step, guint i)
{
    guint left = step->column[i - 1], right = step->column[i];
    if (right != left + 1) {
        return COST_GLUE_FAR;
    }
    double slack = slack_of(s, left, step->piece[i - 1]) - GLUE_SLACK;
    double cost = slack <= 0 ? 0
                             : MIN(COST_GLUE_SLOPE * slack,
                                   text_costs_is_label(s, left) ? COST_GLUE_LABEL : COST_GLUE_MOST);
    ColumnEnd *cell = &state->cell[right];
    if (!s->columns->middle) {
        cost += cell->level == LEVEL_IS_NOT ? COST_NOT_LEVEL : 0;
        cell->level = LEVEL_IS;
    }
    return cost;
}

/* A line's first piece in this row, at the height of the piece printed before it. */
static double
apart_cost(const StepCosts *s, TextState *state, guint c, guint lag)
{
    if (state->column < 0 || (guint)state->column + 1 != c) {
        return 0;
    }
    const ColumnEnd *before = &state->cell[state->column];
    if (before->last < 0 || before->lag != lag ||
        s->columns->width[c - 1] - (double)before->width > APART_SLACK) {
        return 0;
    }
    if (s->columns->middle) {
        return COST_NOT_LEVEL;
    }
    ColumnEnd *cell = &state->cell[c];
    double cost = cell->level == LEVEL_IS        ? COST_NOT_LEVEL
                  : cell->level == LEVEL_UNKNOWN ? COST_APART
                                                 : 0;
    cell->level = LEVEL_IS_NOT;
    return cost;
}

/* Of flows that begin cells of a row at its top the left one comes first. */
static double
right_first_cost(const StepCosts *s, const TextState *state, guint c, guint lag)
{
    gboolean is_left = state->flow_lag == TEXT_NO_FLOW && (gint)c < state->before;
    if (s->columns->middle || !is_left || state->cell[c].lag <= lag ||
        state->cell[state->before].lag != lag) {
        return 0;
    }
    return text_costs_is_label(s, c) || text_costs_is_label(s, (guint)state->before)
               ? 0
               : COST_RIGHT_FIRST;
}

/* ---- steps ---- */

/* What it costs that after what came before in its flow a line of this row comes. */
static double
flow_cost(const StepCosts *s, const TextState *state, guint lag)
{
    if (state->flow_lag == TEXT_NO_FLOW) {
        return lag > 0 ? COST_LAG : 0;
    }
    return lag <= state->flow_lag ? 0 : s->flows ? COST_BACK : COST_BACK_HIDDEN;
}

gboolean
text_step_opens(const TextState *state, const TextStep *step, guint lag)
{
    for (guint i = 0; i < step->n; i++) {
        if (state->cell[step->column[i]].lag == lag) {
            return FALSE;
        }
    }
    return TRUE;
}

/* The height of a line in its row: that of what goes on, or so far below the line before. */
static double
line_height(const StepCosts *s, const TextState *state, const TextStep *step, guint lag,
            double below)
{
    /* A flow may begin above the line before. */
    gboolean is_fresh = state->column < 0 || state->flow_lag != lag;
    double height = is_fresh ? 0 : (double)state->now;
    if (text_step_opens(state, step, lag)) {
        return s->columns->middle || is_fresh ? height + below : height;
    }
    if (!is_fresh && (gint)step->column[0] < state->column) {
        height += HEIGHT_STEP;
    }
    for (guint i = 0; i < step->n; i++) {
        const ColumnEnd *cell = &state->cell[step->column[i]];
        gboolean same_line = text_cell_is_mark(s, step->column[i], cell->last) ||
                             text_cell_spreads_on(s, step->column[i], cell->last, step->piece[i]);
        double down = same_line ? 0 : 1;
        height = cell->lag == lag ? MAX(height, (double)cell->clock + down) : height;
    }
    return height;
}

gboolean
text_step_fits(const TextState *state, const TextStep *step, guint lag)
{
    for (guint i = 0; i < step->n; i++) {
        const ColumnEnd *cell = &state->cell[step->column[i]];
        if (cell->lag < lag || (cell->lag == lag && cell->last < 0)) {
            return FALSE;
        }
    }
    return TRUE;
}

void
text_step_on(const StepCosts *s, TextState *state, TextStep *step, guint lag, double below)
{
    double height = line_height(s, state, step, lag, below);
    guint first = step->column[0];
    gboolean is_same = state->flow_lag == TEXT_NO_FLOW && state->before == (gint)first &&
                       state->cell[first].lag == lag &&
                       !text_cell_spreads_on(s, first, state->cell[first].last, step->piece[0]);
    gboolean is_level = state->column >= 0 && state->flow_lag == lag &&
                        height - (double)state->now < HEIGHT_STEP / 2;
    state->cost += flow_cost(s, state, lag) + (is_same ? COST_FLOW_SAME : 0) +
                   right_first_cost(s, state, step->column[0], lag);
    state->flow_lag = (guint8)lag;
    step->lag = (guint8)lag;
    state->cost += is_level ? apart_cost(s, state, step->column[0], lag) : 0;
    for (guint i = 0; i < step->n; i++) {
        state->cost += i > 0 ? glue_cost(s, state, step, i) : 0;
        step->joined[i] =
            (guint8)text_cell_place(s, state, step->column[i], step->piece[i], height, lag);
        state->column = (gint8)step->column[i];
    }
    state->now = (float)height;
}

double
text_step_on_floor(const StepCosts *s, const TextState *state, const TextStep *step,
                   const CellFloor *floors, guint lag)
{
    if (lag == state->head_lag) {
        return -G_MAXDOUBLE;
    }
    double floor = flow_cost(s, state, lag);
    for (guint i = 0; i < step->n; i++) {
        guint c = step->column[i];
        guint behind = state->cell[c].lag;
        floor += behind > lag
                     ? floors[i].begins + text_cell_floor_begins(s, state, c, behind - 1 - lag)
                     : text_cell_floor_goes_on(s, state, &floors[i], c, step->piece[i]);
    }
    return floor;
}

/* What a new row costs by itself. */
static double
row_cost(const StepCosts *s, const TextState *state, gboolean is_head)
{
    double cost = is_head                                                        ? COST_HEAD_ROW
                  : s->columns->plain && s->columns->width[0] > TEXT_LABEL_WIDTH ? COST_ROW_PLAIN
                                                                                 : COST_ROW;
    return cost - (state->flow_lag == TEXT_NO_FLOW ? WORTH_ROW_FLOW : 0);
}

double
text_step_row_floor(const StepCosts *s, const TextState *state, const TextStep *step,
                    const CellFloor *floors)
{
    if (!state->in_table) {
        return -G_MAXDOUBLE;
    }
    double floor = row_cost(s, state, FALSE);
    for (guint i = 0; i < step->n; i++) {
        guint c = step->column[i];
        if (state->cell[c].lag >= MOST_LAG) {
            return -G_MAXDOUBLE; /* rows are not told apart any more */
        }
        floor += floors[i].begins + text_cell_floor_begins(s, state, c, state->cell[c].lag);
    }
    return floor;
}

/* What speaks for a line in no table ending its paragraph: headings end without a stop. */
static double
outside_end(const TextPiece *it)
{
    return it->is_head ? MAX(it->end, END_HEADING) : it->end;
}

void
text_state_open_row(const StepCosts *s, TextState *state, gboolean is_head)
{
    state->cost += row_cost(s, state, is_head);
    if (!state->in_table) {
        state->cost += COST_ENTER;
        if (state->outside >= 0) {
            state->cost -= P_ENDS + outside_end(text_costs_piece(s, state->outside));
        }
        text_state_leave(state);
        state->head_lag = TEXT_NO_HEAD;
    }
    state->cost += text_row_place_cost(s, state);
    for (guint c = 0; c < s->columns->n; c++) {
        ColumnEnd *cell = &state->cell[c];
        cell->lag = (guint8)MIN(cell->lag + 1u, MOST_LAG);
    }
    state->now = 0;
    state->in_table = TRUE;
    if (is_head) {
        state->head_lag = 0;
        state->named = 0;
    } else if (state->head_lag != TEXT_NO_HEAD) {
        state->head_lag = (guint8)MIN(state->head_lag + 1u, MOST_LAG + 1);
    }
    state->column = -1;
    state->outside = -1;
    state->flow_lag = 0;
}

gboolean
text_step_can_name(const StepCosts *s, const TextState *state, const TextStep *step)
{
    if (!state->in_table || state->head_lag == 0 || state->head_lag >= MOST_LAG) {
        return FALSE; /* no head, or too far behind */
    }
    for (guint i = 0; i < step->n; i++) {
        guint c = step->column[i];
        gboolean has_come = (state->named >> c) != 0; /* it, or one to the right of it */
        if (!text_costs_piece(s, step->piece[i])->is_head || has_come ||
            state->cell[c].lag >= state->head_lag) {
            return FALSE;
        }
    }
    return TRUE;
}

void
text_step_names(const StepCosts *s, TextState *state, TextStep *step)
{
    state->cost += state->flow_lag == TEXT_NO_FLOW ? 0 : COST_NAME_INSIDE;
    for (guint i = 0; i < step->n; i++) {
        guint c = step->column[i];
        const TextPiece *it = text_costs_piece(s, step->piece[i]);
        state->cost += COST_HEAD + COST_NAME_AFTER + it->kept +
                       text_cell_wide_cost(s, c, it->width) - text_cell_no_name_cost(s, c);
        state->named |= (guint8)(1u << c);
        step->joined[i] = FALSE;
        state->before = (gint8)c;
    }
    step->kind = STEP_NAMES;
    step->lag = state->head_lag;
    state->column = -1;
    state->flow_lag = TEXT_NO_FLOW;
}

/* The column of names, the widest of labels; -1: none. */
static gint
names_column(const StepCosts *s)
{
    gint names = -1;
    for (guint c = 0; c < s->columns->n; c++) {
        double width = s->columns->width[c];
        if (text_costs_is_label(s, c) &&
            width > (names < 0 ? TEXT_MARKS_WIDTH : s->columns->width[names])) {
            names = (gint)c;
        }
    }
    return names;
}

gboolean
text_step_loose(const StepCosts *s, TextState *state, TextStep *step, gint32 piece)
{
    const TextPiece *it = text_costs_piece(s, piece);
    gint names = names_column(s);
    if (!state->in_table || !it->is_apart || it->to - it->from != 1 || names < 0) {
        return FALSE;
    }
    state->cost += COST_LOOSE + (state->flow_lag == TEXT_NO_FLOW ? 0 : COST_NAME_INSIDE);
    *step = (TextStep){.from = step->from, .kind = STEP_LOOSE, .n = 1};
    step->column[0] = (guint8)names;
    step->piece[0] = piece;
    state->before = (gint8)names;
    state->column = -1;
    state->flow_lag = TEXT_NO_FLOW;
    return TRUE;
}

gboolean
text_step_same(const StepCosts *s, TextState *state, TextStep *step, gint32 piece)
{
    if (!state->in_table || state->column < 0) {
        return FALSE;
    }
    guint c = (guint)state->column;
    const TextPiece *it = text_costs_piece(s, piece);
    double width = (double)state->cell[c].width + it->width;
    if (text_cell_wide_cost(s, c, width) > 0 || text_costs_is_label(s, c)) {
        return FALSE;
    }
    state->cost +=
        COST_SAME_LINE + it->kept - text_pieces_join(s->pieces, state->cell[c].last, piece);
    state->cell[c].last = piece;
    state->cell[c].width = (float)width;
    state->cost -= (double)state->cell[c].ahead;
    state->cell[c].ahead = (float)text_cell_cost_ahead(s, state, c);
    state->cost += (double)state->cell[c].ahead;
    *step = (TextStep){.from = step->from, .kind = STEP_SAME, .n = 1};
    step->lag = (guint8)state->cell[c].lag;
    step->column[0] = (guint8)c;
    step->piece[0] = piece;
    step->joined[0] = TRUE;
    return TRUE;
}

static double
outside_cost(const TextPiece *it)
{
    return COST_OUTSIDE - (it->is_folio ? WORTH_FOLIO : 0);
}

double
text_step_outside_floor(const TextState *state, const TextPiece *it)
{
    return state->in_table ? outside_cost(it) + COST_LEAVE - it->start : -G_MAXDOUBLE;
}

void
text_step_outside(const StepCosts *s, TextState *state, TextStep *step, gint32 piece)
{
    const TextPiece *it = text_costs_piece(s, piece);
    state->cost += outside_cost(it);
    *step = (TextStep){.from = step->from, .kind = STEP_OUTSIDE, .n = 1};
    step->piece[0] = piece;
    if (state->in_table) {
        state->cost += text_cells_close_cost(s, state) + COST_LEAVE - it->start;
        text_state_leave(state);
        state->head_lag = TEXT_NO_HEAD;
        state->in_table = FALSE;
    } else if (state->outside >= 0) {
        const TextPiece *last = text_costs_piece(s, state->outside);
        double on = -P_GOES_ON - text_pieces_join(s->pieces, state->outside, piece);
        double anew = -P_ENDS - outside_end(last) - it->start;
        step->joined[0] = on < anew;
        state->cost += MIN(on, anew);
    } else {
        state->cost -= it->start;
    }
    state->outside = piece;
}

static void
open_and_place(const StepCosts *s, TextState *state, TextStep *step)
{
    if (step->kind == STEP_ROW) {
        text_state_open_row(s, state, step->is_head);
    }
    state->cost += step->way;
    if (!text_step_opens(state, step, step->lag)) {
        step->below = 0; /* of what goes on the height is not open */
    }
    text_step_on(s, state, step, step->lag, (double)step->below);
}

gboolean
text_step_again(const StepCosts *s, TextState *state, TextStep *step)
{
    switch ((StepKind)step->kind) {
    case STEP_OUTSIDE:
        text_step_outside(s, state, step, step->piece[0]);
        return TRUE;
    case STEP_SAME:
        return text_step_same(s, state, step, step->piece[0]);
    case STEP_LOOSE:
        return text_step_loose(s, state, step, step->piece[0]);
    case STEP_NAMES:
        if (!text_step_can_name(s, state, step)) {
            return FALSE;
        }
        state->cost += step->way;
        text_step_names(s, state, step);
        return TRUE;
    case STEP_ON:
        if (!state->in_table || !text_step_fits(state, step, step->lag)) {
            return FALSE;
        }
        break;
    case STEP_ROW:
        break;
    }
    open_and_place(s, state, step);
    return TRUE;
}

double
text_state_end_cost(const StepCosts *s, const TextState *state)
{
    return state->in_table ? text_cells_close_cost(s, state) : 0;
}

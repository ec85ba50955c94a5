/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-cells.h"

#include <math.h>

#include "marks.h"

static const double JOIN_HOPED = 1.1;    /* what will speak for the line that goes on */
static const double P_ENDS_PLAIN = -3.2; /* log: a paragraph ends, where cells have one */

/* A line that its paragraph goes on after lacks this many em; indents and list marks take one or
 * two. Steps, then a slope for what an unbreakable word leaves. */
static const double SLACK_FREE = 1.3, SLACK_INDENT = 2.6;
static const double COST_FREE = 0.4, COST_INDENT = 1.3, COST_SLOPE = 1.5, COST_SLACK_MOST = 9;

/* Wider than its column: per em. Stops may be set at half width, Latin letters are narrow. */
static const double COST_WIDE = 2.5;
static const double WIDE_FREE = 0.3;
static const double SPREAD_MOST = 1.45; /* times their width: what lines are stretched to */

/* Late by a part of a line height (baselines differ), or more, in a paragraph and between two. */
static const double LATE_PART = 0.45;
static const double COST_LATE_PART = 0.6, COST_LATE = 2.5, COST_LATE_SLOPE = 0.8;
static const double COST_BETWEEN = 1.0, COST_BETWEEN_SLOPE = 0.4, COST_BETWEEN_MOST = 4;

/* A list counts on, or it does not. */
static const double WORTH_COUNT = 2.5, COST_COUNT = 4;
static const double COST_TITLE_LAST = 4; /* a title with nothing beneath it */

/* Of the name of a column in a table's first row: a line more of it; what is none. */
static const double COST_HEAD_AGAIN = 2, COST_NOT_HEAD = 6, COST_HEAD_LATE = 7, COST_NO_HEAD = 5,
                    COST_NO_HEAD_LABEL = 1, COST_HEAD_FLOW = 6;
/* A column without a name, where others have one; the one on the right. */
static const double COST_NO_NAME = 1, COST_NO_NAME_LAST = 2;
static const double COST_EMPTY_CELL = 2.0, COST_EMPTY_LABEL = 3.5;
/* A cell that does not begin at its row's top (or stand in its middle), by lines. */
static const double COST_OFF = 1.0, COST_OFF_SLOPE = 0.7, COST_OFF_MOST = 4, PLACE_FREE = 0.45;
static const double COST_LABEL_AGAIN = 3.5, COST_MARK_AGAIN = 9, COST_MARK_ON = 4;
/* What a label column is for: marks, in one hardly wider than these; names. */
static const double WORTH_MARK = 3, WORTH_NAME = 1.5;
static const double COST_LABEL_FLOW = 3;   /* a label goes on in another flow */
static const double COST_APART_NAME = 0.5; /* the first character of a name set wide apart */
/* A paragraph that begins a flow in a cell that has others. */
static const double COST_FLOW_ANEW = 3;
/* A list's mark that is printed by itself before its line, and one with nothing after it. */
static const double COST_MARK_ALONE = 1, COST_MARK_LAST = 8;
static const double COST_SPREAD = 0.7; /* between characters of a label that stand far apart */

/* A line set wide apart fills its column. */
double
text_cell_width(const StepCosts *s, guint c, const TextPiece *it)
{
    double width = s->columns->width[c];
    double solid = it->to - it->from;
    if (it->is_apart && text_costs_is_label(s, c) && width > TEXT_MARKS_WIDTH) {
        return MAX(width, it->width);
    }
    return it->is_spread && solid <= width + WIDE_FREE && width <= SPREAD_MOST * solid ? width
                                                                                       : it->width;
}

/* A list's mark that was printed by itself, in a column of text: its line goes on. */
gboolean
text_cell_is_mark(const StepCosts *s, guint c, gint32 last)
{
    return last >= 0 && text_costs_piece(s, last)->is_mark_alone && !text_costs_is_label(s, c);
}

/* Its last line ends a paragraph, apart from how likely an end is there. */
static double
end_cost(const StepCosts *s, const TextState *state, guint c)
{
    if (state->cell[c].lag == state->head_lag) {
        return 0;
    }
    if (text_cell_is_mark(s, c, state->cell[c].last)) {
        return COST_MARK_LAST;
    }
    return text_costs_is_label(s, c)
               ? s->uniform[c]
               : s->uniform[c] - text_costs_piece(s, state->cell[c].last)->end;
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
gboolean
text_cell_spreads_on(const StepCosts *s, guint c, gint32 last_piece, gint32 next_piece)
{
    if (last_piece < 0) {
        return FALSE;
    }
    const TextPiece *last = text_costs_piece(s, last_piece);
    const TextPiece *next = text_costs_piece(s, next_piece);
    return text_costs_is_label(s, c) && s->columns->width[c] > TEXT_MARKS_WIDTH && last->is_apart &&
           next->is_apart;
}

/* What the column's last line lacks of its column, when it goes on with this piece. */
static double
slack_before(const StepCosts *s, guint c, const ColumnEnd *cell, const TextPiece *next)
{
    return s->columns->width[c] - (double)cell->width - (next->first - 1);
}

/* Its last line goes on with this piece. */
static double
on_cost(const StepCosts *s, const TextState *state, guint c, gint32 piece)
{
    const TextPiece *next = text_costs_piece(s, piece);
    const ColumnEnd *cell = &state->cell[c];
    if (text_cell_is_mark(s, c, cell->last)) {
        return COST_MARK_ALONE;
    }
    double join = text_pieces_join(s->pieces, cell->last, piece);
    if (text_cell_spreads_on(s, c, cell->last, piece)) {
        return COST_SPREAD - join;
    }
    double slack = slack_before(s, c, cell, next);
    double mark = text_costs_is_label(s, c) && text_costs_piece(s, cell->last)->mark != MARK_NONE
                      ? COST_MARK_ON
                      : 0;
    return slack_cost(slack) + mark - P_GOES_ON - join;
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

double
text_cell_wide_cost(const StepCosts *s, guint c, double width)
{
    double excess = width - s->columns->width[c] - WIDE_FREE;
    return excess <= 0 ? 0 : COST_WIDE * excess;
}

static double
center_of(const ColumnEnd *cell)
{
    return ((double)cell->first + (double)cell->clock) / 2;
}

static gboolean
is_placed(const ColumnEnd *cell)
{
    return cell->last >= 0 && cell->lag == 0 && cell->first >= 0;
}

/* The middle of the front row: that of its highest cell. */
static double
row_center(const StepCosts *s, const TextState *state)
{
    double most = -1, center = 0;
    for (guint c = 0; c < s->columns->n; c++) {
        const ColumnEnd *cell = &state->cell[c];
        if (is_placed(cell) && (double)(cell->clock - cell->first) > most) {
            most = (double)(cell->clock - cell->first);
            center = center_of(cell);
        }
    }
    return center;
}

/* The cells of the front row that are not where its height says. */
double
text_row_place_cost(const StepCosts *s, const TextState *state)
{
    double cost = 0, center = row_center(s, state);
    for (guint c = 0; c < s->columns->n; c++) {
        const ColumnEnd *cell = &state->cell[c];
        if (!is_placed(cell)) {
            continue;
        }
        double off = s->columns->middle ? fabs(center_of(cell) - center) : (double)cell->first;
        if (text_costs_is_label(s, c)) {
            off = MIN(fabs(center_of(cell) - center), (double)cell->first);
        }
        cost += off <= PLACE_FREE ? 0 : MIN(COST_OFF + COST_OFF_SLOPE * off, COST_OFF_MOST);
    }
    return cost;
}

/* A column has no name, or none so far, where others have. */
double
text_cell_no_name_cost(const StepCosts *s, guint c)
{
    return COST_NO_NAME + (c + 1 == s->columns->n ? COST_NO_NAME_LAST : 0);
}

/* A column's cell ends, and so many rows after it have none. */
static double
cell_end_cost(const StepCosts *s, const TextState *state, guint c, guint empty)
{
    guint lag = state->cell[c].lag; /* names to the left of others have been missed before */
    gboolean skips_name = state->head_lag < lag && state->head_lag + empty >= lag;
    double cost = skips_name ? text_cell_no_name_cost(s, c) : 0;
    cost += (empty - skips_name) * (text_costs_is_label(s, c) ? COST_EMPTY_LABEL : COST_EMPTY_CELL);
    gint32 last = state->cell[c].last;
    if (last < 0) {
        return cost;
    }
    return cost + end_cost(s, state, c) +
           (text_costs_piece(s, last)->is_title ? COST_TITLE_LAST : 0);
}

/* The table ends. */
double
text_cells_close_cost(const StepCosts *s, const TextState *state)
{
    double cost = text_row_place_cost(s, state);
    for (guint c = 0; c < s->columns->n; c++) {
        cost += cell_end_cost(s, state, c, state->cell[c].lag) - (double)state->cell[c].ahead;
    }
    return cost;
}

/* What a line that does not end its paragraph will cost, where the lines of the column are so wide.
 */
static double
on_ahead(double slack)
{
    return slack_cost(slack) - P_GOES_ON - JOIN_HOPED;
}

/* What the last line of a column will cost when it ends or goes on, as far as the line itself says:
 * paid at once, so that a way whose price comes later does not crowd out better ones. */
double
text_cell_cost_ahead(const StepCosts *s, const TextState *state, guint c)
{
    const ColumnEnd *cell = &state->cell[c];
    if (cell->lag == state->head_lag) {
        return 0;
    }
    if (text_cell_is_mark(s, c, cell->last)) {
        return COST_MARK_ALONE;
    }
    return MIN(end_cost(s, state, c), on_ahead(s->columns->width[c] - (double)cell->width));
}

static double
plain_start_cost(const StepCosts *s, guint c, const TextPiece *start)
{
    if (!text_costs_is_label(s, c)) {
        return -start->start;
    }
    if (start->mark != MARK_NONE) {
        return -MAX(WORTH_MARK, start->start);
    }
    if (s->columns->width[c] <= TEXT_MARKS_WIDTH) {
        return WORTH_MARK;
    }
    if (start->is_apart && start->to - start->from == 1) {
        return COST_APART_NAME;
    }
    return start->is_name ? -WORTH_NAME : WORTH_NAME;
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
    const TextPiece *start = text_costs_piece(s, piece);
    double counted = count_cost(state, c, start);
    if (text_costs_is_label(s, c)) {
        counted = start->number > 1 ? CLAMP(counted, -WORTH_COUNT, 0) : 0;
    }
    return counted + plain_start_cost(s, c, start);
}

/* A line among the names of columns, which come from left to right, one for each column. */
static double
head_cost(const StepCosts *s, const TextState *state, guint c, const TextPiece *it)
{
    double cost = COST_HEAD + (it->is_head ? 0 : COST_NOT_HEAD);
    for (guint left = c; left-- > 0 && state->cell[left].last < 0;) {
        cost += text_costs_is_label(s, left) ? COST_NO_HEAD_LABEL : COST_NO_HEAD;
    }
    gboolean is_late = FALSE;
    for (guint right = c + 1; right < s->columns->n; right++) {
        is_late |= state->cell[right].last >= 0;
    }
    return cost + (is_late ? COST_HEAD_LATE : 0);
}

/* What it costs that a paragraph begins in a cell that has others. */
static double
another_cost(const StepCosts *s, guint c, const TextPiece *it)
{
    return !text_costs_is_label(s, c) ? (s->columns->plain ? -P_ENDS_PLAIN : -P_ENDS)
           : it->mark                 ? COST_MARK_AGAIN
                                      : COST_LABEL_AGAIN;
}

CellFloor
text_cell_floor(const StepCosts *s, guint c, gint32 piece)
{
    const TextPiece *it = text_costs_piece(s, piece);
    double width = text_cell_width(s, c, it);
    double floor = it->kept + text_cell_wide_cost(s, c, width) + (it->is_folio ? WORTH_FOLIO : 0);
    floor -= s->odds != NULL ? s->odds[(guint)piece * TEXT_MAX_COLUMNS + c] : 0;
    double start = plain_start_cost(s, c, it) - (it->number > 1 ? WORTH_COUNT : 0);
    double end = s->uniform[c] - (text_costs_is_label(s, c) ? 0 : it->end);
    double slack = s->columns->width[c] - (double)(float)width; /* as a state has it */
    double ahead = MIN(end, on_ahead(slack));
    double least = MIN(end, on_ahead(0)); /* what a mark stands before is wider */
    if (it->is_mark_alone && !text_costs_is_label(s, c)) {
        ahead = least = COST_MARK_ALONE;
    }
    return (CellFloor){.begins = floor + start + ahead,
                       .on = floor + least,
                       .anew = floor + start + another_cost(s, c, it) + least};
}

double
text_cell_floor_begins(const StepCosts *s, const TextState *state, guint c, guint empty)
{
    return cell_end_cost(s, state, c, empty) - (double)state->cell[c].ahead;
}

double
text_cell_floor_goes_on(const StepCosts *s, const TextState *state, const CellFloor *floor, guint c,
                        gint32 piece)
{
    const ColumnEnd *cell = &state->cell[c];
    double on = floor->on;
    if (text_cell_is_mark(s, c, cell->last)) {
        on += COST_MARK_ALONE;
    } else {
        double slack = slack_before(s, c, cell, text_costs_piece(s, piece));
        double least = text_costs_is_label(s, c) ? COST_SPREAD : slack_cost(slack) - P_GOES_ON;
        on += least - text_pieces_join(s->pieces, cell->last, piece);
    }
    return MIN(on, floor->anew + end_cost(s, state, c)) - (double)cell->ahead;
}

/* Puts a piece into its column, on a line at `height`, in a row that lags so far behind. Returns
 * whether it goes on in the paragraph of the column's last piece. */
gboolean
text_cell_place(const StepCosts *s, TextState *state, guint c, gint32 piece, double height,
                guint lag)
{
    gboolean is_fresh = state->column < 0;
    const TextPiece *it = text_costs_piece(s, piece);
    ColumnEnd *cell = &state->cell[c];
    gboolean joined = FALSE;
    gboolean after_mark = text_cell_is_mark(s, c, cell->last) && cell->lag == lag;
    double width = text_cell_width(s, c, it) + (after_mark ? (double)cell->width : 0);
    state->cost += it->kept + text_cell_wide_cost(s, c, width) + (it->is_folio ? WORTH_FOLIO : 0);
    state->cost -= s->odds != NULL ? s->odds[(guint)piece * TEXT_MAX_COLUMNS + c] : 0;
    if (cell->lag > lag) {
        state->cost += cell_end_cost(s, state, c, cell->lag - 1 - lag);
        cell->number = text_costs_is_label(s, c) ? cell->number : 0;
        state->cost +=
            lag == state->head_lag ? head_cost(s, state, c, it) : start_cost(s, state, c, piece);
        cell->first = lag == 0 ? (float)height : -1;
    } else if (lag == state->head_lag) {
        state->cost += head_cost(s, state, c, it) + (is_fresh ? COST_HEAD_FLOW : COST_HEAD_AGAIN) -
                       text_pieces_join(s->pieces, cell->last, piece);
        joined = TRUE;
    } else {
        gboolean is_spread = text_cell_spreads_on(s, c, cell->last, piece);
        double late = height - (double)cell->clock - (after_mark ? 0 : 1);
        double on = on_cost(s, state, c, piece) + (is_spread ? 0 : late_cost(late, TRUE)) +
                    (is_fresh && text_costs_is_label(s, c) && !is_spread ? COST_LABEL_FLOW : 0);
        double anew = end_cost(s, state, c) + start_cost(s, state, c, piece) +
                      another_cost(s, c, it) + late_cost(late, FALSE) +
                      (is_fresh && !text_costs_is_label(s, c) ? COST_FLOW_ANEW : 0);
        joined = on < anew;
        state->cost += MIN(on, anew);
        cell->first = is_spread && joined && cell->first >= 0 ? (float)height : cell->first;
    }
    state->named |= lag == state->head_lag ? 1u << c : 0;
    if (it->counts != MARK_NONE && !joined) {
        cell->number = (guint16)((it->counts << 10) + it->number);
    }
    cell->last = piece;
    cell->width = (float)width;
    cell->clock = (float)height;
    cell->lag = (guint8)lag;
    state->cost -= (double)cell->ahead;
    cell->ahead = (float)text_cell_cost_ahead(s, state, c);
    state->cost += (double)cell->ahead;
    return joined;
}

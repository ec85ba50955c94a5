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

#include "marks.h"

/* ---- what things cost ---- */

static const double JOIN_HOPED = 1.1;    /* what will speak for the line that goes on */
static const double P_GOES_ON = -0.35;   /* log: a line's paragraph goes on with the next line */
static const double P_ENDS = -2.0;       /* log: it ends there */
static const double P_ENDS_PLAIN = -3.2; /* the same where cells have one paragraph */

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
/* What comes first at one height must be the left one: by so much later is the other. */
static const double HEIGHT_STEP = 0.1;

/* A list counts on, or it does not. */
static const double WORTH_COUNT = 2.5, COST_COUNT = 4;
static const double COST_TITLE_LAST = 4; /* a title with nothing beneath it */

/* The name of a column in a table's first row; a line more of it; and what is none. */
static const double COST_HEAD = 0.7, COST_HEAD_AGAIN = 2, COST_NOT_HEAD = 6, COST_HEAD_LATE = 7,
                    COST_NO_HEAD = 5, COST_NO_HEAD_LABEL = 1, COST_HEAD_FLOW = 6;
static const double COST_HEAD_ROW = 0.5;
/* After its column's texts; and inside another flow. Not at all; that of the column on the right.
 */
static const double COST_NAME_AFTER = 0.5, COST_NAME_INSIDE = 6, COST_NO_NAME = 1,
                    COST_NO_NAME_LAST = 2;

static const double WORTH_ROW_FLOW = 1.0; /* a row that begins where a flow does */
static const double COST_ROW = 3.0, COST_ROW_PLAIN = 1.0;
static const double COST_EMPTY_CELL = 2.0, COST_EMPTY_LABEL = 3.5;
/* A cell that does not begin at its row's top (or stand in its middle), by lines. */
static const double COST_OFF = 1.0, COST_OFF_SLOPE = 0.7, COST_OFF_MOST = 4, PLACE_FREE = 0.45;
static const double COST_LABEL_AGAIN = 3.5, COST_MARK_AGAIN = 9, COST_MARK_ON = 4;
/* What a label column is for: marks, in one hardly wider than these; names. */
static const double WORTH_MARK = 3, WORTH_NAME = 1.5;
static const double COST_LABEL_FLOW = 3;   /* a label goes on in another flow */
static const double COST_LOOSE = 2;        /* one of a name's characters, elsewhere than it */
static const double COST_APART_NAME = 0.5; /* the first character of a name set wide apart */
/* An extractor puts out what it takes for a flow as a whole, so a flow may begin in a row that the
 * one before it left behind; inside a flow rows follow one another. Texts have lost the empty
 * lines between flows, or kept them. */
static const double COST_LAG = 1, COST_BACK = 12, COST_BACK_HIDDEN = 9;
/* Lines of a column that follow one another are one flow. */
static const double COST_FLOW_SAME = 4;
/* A paragraph that begins a flow in a cell that has others. */
static const double COST_FLOW_ANEW = 3;
/* A list's mark that is printed by itself before its line, and one with nothing after it. */
static const double COST_MARK_ALONE = 1, COST_MARK_LAST = 8;
static const double COST_SPREAD = 0.7; /* between characters of a label that stand far apart */
/* An extractor puts what stands less than 1.5 em apart at one height on one line, and nothing else:
 * so the left one of two pieces on a line fills its column and the right one stands in the next;
 * and two that stand on lines of their own at one height would have, unless a space is between. */
static const double GLUE_SLACK = 1.5, COST_GLUE_SLOPE = 2, COST_GLUE_MOST = 6, COST_GLUE_FAR = 6;
static const double COST_GLUE_LABEL = 2.5; /* labels may stand in the middle of theirs */
static const double APART_SLACK = 0.9, COST_APART = 1.2, COST_NOT_LEVEL = 2.5;
static const double COST_RIGHT_FIRST = 1;
#define MOST_LAG 10u /* rows that a column may be behind another */
#define NO_FLOW 255u /* of flow_lag: nothing so far in this flow */

static const double COST_ENTER = 3.0, COST_LEAVE = 1.0;
static const double COST_OUTSIDE = 3.4; /* a line: of no certain width */
static const double END_HEADING = 1;
static const double WORTH_FOLIO = 3;      /* a page number stands in none */
static const double COST_SAME_LINE = 3.5; /* the rest of a line that was printed as two */

/* ---- a cell begins, goes on, ends ---- */

static inline const TextPiece *
piece_at(const StepCosts *s, gint32 i)
{
    return &s->piece[i];
}

static inline gboolean
is_label(const StepCosts *s, guint column)
{
    return s->is_label[column];
}

/* A line set wide apart fills its column. */
static double
width_in(const StepCosts *s, guint c, const TextPiece *it)
{
    double width = s->columns->width[c];
    double solid = it->to - it->from;
    if (it->is_apart && is_label(s, c) && width > TEXT_MARKS_WIDTH) {
        return MAX(width, it->width);
    }
    return it->is_spread && solid <= width + WIDE_FREE && width <= SPREAD_MOST * solid ? width
                                                                                       : it->width;
}

/* A list's mark that was printed by itself, in a column of text: its line goes on. */
static gboolean
is_mark_alone(const StepCosts *s, guint c, gint32 last)
{
    return last >= 0 && piece_at(s, last)->is_mark_alone && !is_label(s, c);
}

/* Its last line ends a paragraph, apart from how likely an end is there. */
static double
end_cost(const StepCosts *s, const TextState *state, guint c)
{
    if (state->cell[c].lag == state->head_lag) {
        return 0;
    }
    if (is_mark_alone(s, c, state->cell[c].last)) {
        return COST_MARK_LAST;
    }
    return is_label(s, c) ? s->uniform[c] : s->uniform[c] - piece_at(s, state->cell[c].last)->end;
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
is_spread_on(const StepCosts *s, guint c, gint32 last_piece, gint32 next_piece)
{
    if (last_piece < 0) {
        return FALSE;
    }
    const TextPiece *last = piece_at(s, last_piece);
    const TextPiece *next = piece_at(s, next_piece);
    return is_label(s, c) && s->columns->width[c] > TEXT_MARKS_WIDTH && last->is_apart &&
           next->is_apart;
}

/* Its last line goes on with this piece. */
static double
on_cost(const StepCosts *s, const TextState *state, guint c, gint32 piece)
{
    const TextPiece *next = piece_at(s, piece);
    const ColumnEnd *cell = &state->cell[c];
    if (is_mark_alone(s, c, cell->last)) {
        return COST_MARK_ALONE;
    }
    double join = text_pieces_join(s->pieces, cell->last, piece);
    if (is_spread_on(s, c, cell->last, piece)) {
        return COST_SPREAD - join;
    }
    double slack = s->columns->width[c] - (double)cell->width - (next->first - 1);
    double mark = is_label(s, c) && piece_at(s, cell->last)->mark != MARK_NONE ? COST_MARK_ON : 0;
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

static double
wide_cost(const StepCosts *s, guint c, double width)
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
static double
row_place_cost(const StepCosts *s, const TextState *state)
{
    double cost = 0, center = row_center(s, state);
    for (guint c = 0; c < s->columns->n; c++) {
        const ColumnEnd *cell = &state->cell[c];
        if (!is_placed(cell)) {
            continue;
        }
        double off = s->columns->middle ? fabs(center_of(cell) - center) : (double)cell->first;
        if (is_label(s, c)) {
            off = MIN(fabs(center_of(cell) - center), (double)cell->first);
        }
        cost += off <= PLACE_FREE ? 0 : MIN(COST_OFF + COST_OFF_SLOPE * off, COST_OFF_MOST);
    }
    return cost;
}

/* A column has no name, or none so far, where others have. */
static double
no_name_cost(const StepCosts *s, guint c)
{
    return COST_NO_NAME + (c + 1 == s->columns->n ? COST_NO_NAME_LAST : 0);
}

/* A column's cell ends, and so many rows after it have none. */
static double
cell_end_cost(const StepCosts *s, const TextState *state, guint c, guint empty)
{
    guint lag = state->cell[c].lag; /* names to the left of others have been missed before */
    gboolean skips_name = state->head_lag < lag && state->head_lag + empty >= lag;
    double cost = skips_name ? no_name_cost(s, c) : 0;
    cost += (empty - skips_name) * (is_label(s, c) ? COST_EMPTY_LABEL : COST_EMPTY_CELL);
    gint32 last = state->cell[c].last;
    if (last < 0) {
        return cost;
    }
    return cost + end_cost(s, state, c) + (piece_at(s, last)->is_title ? COST_TITLE_LAST : 0);
}

/* The table ends. */
static double
close_cost(const StepCosts *s, const TextState *state)
{
    double cost = row_place_cost(s, state);
    for (guint c = 0; c < s->columns->n; c++) {
        cost += cell_end_cost(s, state, c, state->cell[c].lag) - (double)state->cell[c].ahead;
    }
    return cost;
}

/* What the last line of a column will cost when it ends or goes on, as far as the line itself says:
 * paid at once, so that a way whose price comes later does not crowd out better ones. */
static double
cost_ahead(const StepCosts *s, const TextState *state, guint c)
{
    const ColumnEnd *cell = &state->cell[c];
    if (cell->lag == state->head_lag) {
        return 0;
    }
    if (is_mark_alone(s, c, cell->last)) {
        return COST_MARK_ALONE;
    }
    double on = slack_cost(s->columns->width[c] - (double)cell->width) - P_GOES_ON - JOIN_HOPED;
    return MIN(end_cost(s, state, c), on);
}

static double
plain_start_cost(const StepCosts *s, guint c, const TextPiece *start)
{
    if (!is_label(s, c)) {
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
    const TextPiece *start = piece_at(s, piece);
    double counted = count_cost(state, c, start);
    if (is_label(s, c)) {
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
        cost += is_label(s, left) ? COST_NO_HEAD_LABEL : COST_NO_HEAD;
    }
    gboolean is_late = FALSE;
    for (guint right = c + 1; right < s->columns->n; right++) {
        is_late |= state->cell[right].last >= 0;
    }
    return cost + (is_late ? COST_HEAD_LATE : 0);
}

/* Puts a piece into its column, on a line at `height`, in a row that lags so far behind. Returns
 * whether it goes on in the paragraph of the column's last piece. */
static gboolean
place_piece(const StepCosts *s, TextState *state, guint c, gint32 piece, double height, guint lag)
{
    gboolean is_fresh = state->column < 0;
    const TextPiece *it = piece_at(s, piece);
    ColumnEnd *cell = &state->cell[c];
    gboolean joined = FALSE;
    gboolean after_mark = is_mark_alone(s, c, cell->last) && cell->lag == lag;
    double width = width_in(s, c, it) + (after_mark ? (double)cell->width : 0);
    state->cost += it->kept + wide_cost(s, c, width) + (it->is_folio ? WORTH_FOLIO : 0);
    state->cost -= s->odds != NULL ? s->odds[(guint)piece * TEXT_MAX_COLUMNS + c] : 0;
    if (cell->lag > lag) {
        state->cost += cell_end_cost(s, state, c, cell->lag - 1 - lag);
        cell->number = is_label(s, c) ? cell->number : 0;
        state->cost +=
            lag == state->head_lag ? head_cost(s, state, c, it) : start_cost(s, state, c, piece);
        cell->first = lag == 0 ? (float)height : -1;
    } else if (lag == state->head_lag) {
        state->cost += head_cost(s, state, c, it) + (is_fresh ? COST_HEAD_FLOW : COST_HEAD_AGAIN) -
                       text_pieces_join(s->pieces, cell->last, piece);
        joined = TRUE;
    } else {
        gboolean is_spread = is_spread_on(s, c, cell->last, piece);
        double late = height - (double)cell->clock - (after_mark ? 0 : 1);
        double on = on_cost(s, state, c, piece) + (is_spread ? 0 : late_cost(late, TRUE)) +
                    (is_fresh && is_label(s, c) && !is_spread ? COST_LABEL_FLOW : 0);
        double anew = end_cost(s, state, c) + start_cost(s, state, c, piece) +
                      (!is_label(s, c) ? (s->columns->plain ? -P_ENDS_PLAIN : -P_ENDS)
                       : it->mark      ? COST_MARK_AGAIN
                                       : COST_LABEL_AGAIN) +
                      late_cost(late, FALSE) + (is_fresh && !is_label(s, c) ? COST_FLOW_ANEW : 0);
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
    cell->ahead = (float)cost_ahead(s, state, c);
    state->cost += (double)cell->ahead;
    return joined;
}

/* ---- what stands on one line ---- */

enum { LEVEL_UNKNOWN, LEVEL_IS, LEVEL_IS_NOT };

static double
slack_of(const StepCosts *s, guint c, gint32 piece)
{
    return s->columns->width[c] - width_in(s, c, piece_at(s, piece));
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
                                   is_label(s, left) ? COST_GLUE_LABEL : COST_GLUE_MOST);
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
    gboolean is_left = state->flow_lag == NO_FLOW && (gint)c < state->before;
    if (s->columns->middle || !is_left || state->cell[c].lag <= lag ||
        state->cell[state->before].lag != lag) {
        return 0;
    }
    return is_label(s, c) || is_label(s, (guint)state->before) ? 0 : COST_RIGHT_FIRST;
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
        gboolean same_line = is_mark_alone(s, step->column[i], cell->last) ||
                             is_spread_on(s, step->column[i], cell->last, step->piece[i]);
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
    gboolean is_same = state->flow_lag == NO_FLOW && state->before == (gint)first &&
                       state->cell[first].lag == lag &&
                       !is_spread_on(s, first, state->cell[first].last, step->piece[0]);
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
            (guint8)place_piece(s, state, step->column[i], step->piece[i], height, lag);
        state->column = (gint8)step->column[i];
    }
    state->now = (float)height;
}

static void
empty_cells(TextState *state)
{
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        state->cell[c] = (ColumnEnd){.last = -1};
    }
    state->now = 0;
    state->named = 0;
    state->column = state->before = -1;
    state->flow_lag = NO_FLOW;
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
    state->cost += is_head                                                        ? COST_HEAD_ROW
                   : s->columns->plain && s->columns->width[0] > TEXT_LABEL_WIDTH ? COST_ROW_PLAIN
                                                                                  : COST_ROW;
    state->cost -= state->flow_lag == NO_FLOW ? WORTH_ROW_FLOW : 0;
    if (!state->in_table) {
        state->cost += COST_ENTER;
        if (state->outside >= 0) {
            state->cost -= P_ENDS + outside_end(piece_at(s, state->outside));
        }
        empty_cells(state);
        state->head_lag = TEXT_NO_HEAD;
    }
    state->cost += row_place_cost(s, state);
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
text_step_names(const StepCosts *s, TextState *state, TextStep *step)
{
    if (!state->in_table || state->head_lag == 0 || state->head_lag >= MOST_LAG) {
        return FALSE; /* no head, or too far behind */
    }
    state->cost += state->flow_lag == NO_FLOW ? 0 : COST_NAME_INSIDE;
    for (guint i = 0; i < step->n; i++) {
        guint c = step->column[i];
        const TextPiece *it = piece_at(s, step->piece[i]);
        gboolean has_come = (state->named >> c) != 0; /* it, or one to the right of it */
        if (!it->is_head || has_come || state->cell[c].lag >= state->head_lag) {
            return FALSE;
        }
        state->cost += COST_HEAD + COST_NAME_AFTER + it->kept + wide_cost(s, c, it->width) -
                       no_name_cost(s, c);
        state->named |= (guint8)(1u << c);
        step->joined[i] = FALSE;
        state->before = (gint8)c;
    }
    step->kind = STEP_NAMES;
    step->lag = state->head_lag;
    state->column = -1;
    state->flow_lag = NO_FLOW;
    return TRUE;
}

/* The column of names, the widest of labels; -1: none. */
static gint
names_column(const StepCosts *s)
{
    gint names = -1;
    for (guint c = 0; c < s->columns->n; c++) {
        double width = s->columns->width[c];
        if (is_label(s, c) && width > (names < 0 ? TEXT_MARKS_WIDTH : s->columns->width[names])) {
            names = (gint)c;
        }
    }
    return names;
}

gboolean
text_step_loose(const StepCosts *s, TextState *state, TextStep *step, gint32 piece)
{
    const TextPiece *it = piece_at(s, piece);
    gint names = names_column(s);
    if (!state->in_table || !it->is_apart || it->to - it->from != 1 || names < 0) {
        return FALSE;
    }
    state->cost += COST_LOOSE + (state->flow_lag == NO_FLOW ? 0 : COST_NAME_INSIDE);
    *step = (TextStep){.from = step->from, .kind = STEP_LOOSE, .n = 1};
    step->column[0] = (guint8)names;
    step->piece[0] = piece;
    state->before = (gint8)names;
    state->column = -1;
    state->flow_lag = NO_FLOW;
    return TRUE;
}

gboolean
text_step_same(const StepCosts *s, TextState *state, TextStep *step, gint32 piece)
{
    if (!state->in_table || state->column < 0) {
        return FALSE;
    }
    guint c = (guint)state->column;
    const TextPiece *it = piece_at(s, piece);
    double width = (double)state->cell[c].width + it->width;
    if (width > s->columns->width[c] + WIDE_FREE || is_label(s, c)) {
        return FALSE;
    }
    state->cost +=
        COST_SAME_LINE + it->kept - text_pieces_join(s->pieces, state->cell[c].last, piece);
    state->cell[c].last = piece;
    state->cell[c].width = (float)width;
    state->cost -= (double)state->cell[c].ahead;
    state->cell[c].ahead = (float)cost_ahead(s, state, c);
    state->cost += (double)state->cell[c].ahead;
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
    const TextPiece *it = piece_at(s, piece);
    state->cost += COST_OUTSIDE - (it->is_folio ? WORTH_FOLIO : 0);
    *step = (TextStep){.from = step->from, .kind = STEP_OUTSIDE, .n = 1};
    step->piece[0] = piece;
    if (state->in_table) {
        state->cost += close_cost(s, state) + COST_LEAVE - it->start;
        empty_cells(state);
        state->head_lag = TEXT_NO_HEAD;
        state->in_table = FALSE;
    } else if (state->outside >= 0) {
        const TextPiece *last = piece_at(s, state->outside);
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
        state->cost += step->way;
        return text_step_names(s, state, step);
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

/* ---- states ---- */

StepCosts
step_costs(TextPieces *pieces, const TextColumns *columns, const double *odds)
{
    StepCosts costs = {.pieces = pieces,
                       .piece = (const TextPiece *)(const void *)pieces->pieces->data,
                       .columns = columns,
                       .odds = odds};
    for (guint c = 0; c < columns->n; c++) {
        costs.is_label[c] = columns->width[c] <= TEXT_LABEL_WIDTH;
        costs.uniform[c] = log(MAX(columns->width[c], 2));
    }
    return costs;
}

TextState
text_state_first(void)
{
    TextState state = {.outside = -1, .head_lag = TEXT_NO_HEAD};
    empty_cells(&state);
    return state;
}

void
text_state_end_flow(TextState *state)
{
    state->before = state->column >= 0 ? state->column : state->before;
    state->column = -1;
    state->flow_lag = NO_FLOW;
}

static guint64
mixed(guint64 hash, guint64 value)
{
    hash = (hash ^ value) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

/* Heights and widths that differ by less than this are the same. */
static const float ALIKE = 0.05f;

static guint64
steps_of(float length)
{
    return (guint64)(gint64)floorf(length / ALIKE + 0.5f);
}

guint64
text_state_place(const TextState *state)
{
    guint64 hash = mixed((guint64)(gint64)state->outside, (guint64)(gint64)state->in_table);
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        const ColumnEnd *cell = &state->cell[c];
        hash = mixed(hash, ((guint64)(guint32)cell->last << 8) | cell->lag);
    }
    return hash;
}

guint64
text_state_front(const TextState *state)
{
    guint64 sum = 0;
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        const ColumnEnd *cell = &state->cell[c];
        guint32 last = cell->lag > 0 ? 0 : (guint32)cell->last;
        sum += mixed(0x5bd1, ((guint64)last << 8) | cell->lag);
    }
    return mixed(mixed(sum, (guint64)(gint64)state->outside), (guint64)(gint64)state->in_table);
}

guint64
text_state_key(const TextState *state)
{
    guint64 hash = mixed(text_state_place(state), (guint64)(gint64)state->column);
    gboolean is_fresh = state->column < 0; /* then heights begin anew */
    guint8 before = is_fresh ? (guint8)state->before : 0;
    hash = mixed(hash, (guint64)state->flow_lag << 8 | state->head_lag | (guint64)before << 16 |
                           (guint64)state->named << 24);
    hash = mixed(hash, is_fresh ? 0 : steps_of(state->now));
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        const ColumnEnd *cell = &state->cell[c];
        hash = mixed(hash, (guint64)cell->number << 8 | cell->level);
        hash = mixed(hash, steps_of(cell->clock) << 32 ^ steps_of(cell->first) << 16 ^
                               steps_of(cell->width));
    }
    return hash;
}

double
text_state_end_cost(const StepCosts *s, const TextState *state)
{
    return state->in_table ? close_cost(s, state) : 0;
}

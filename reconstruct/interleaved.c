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
 * is a merge of the columns, and what has to be found is which way it was merged.
 *
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
 * Beam search: at each line the best few states are kept, a state being the last piece and the
 * clock of each column. All steps between kept states are remembered, so that for each line the
 * best whole with it elsewhere is known too: the difference is the confidence.
 *
 * Known failures: columns of different line height; a row that begins where both neighbours' cells
 * end full and go on without a mark; a column whose lines are cut into three or more pieces.
 */
#include "interleaved.h"

#include <math.h>
#include <string.h>

#include "chars.h"
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
static const double WIDE_FREE = 0.3, WIDE_MOST = 3;

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
static const double COST_SPREAD = 0.7;  /* between characters of a label that stand far apart */
static const double COST_HOPELESS = 30; /* behind the best: never made good */
static const double COST_UNSEEN = 6;    /* … of what is no rival when it comes to being sure */
#define MOST_LAG 4u                     /* rows that a column may be behind another */
#define NO_FLOW 255u

static const double COST_ENTER = 3.0, COST_LEAVE = 1.0;
static const double COST_OUTSIDE = 3.4;    /* a line: of no certain width */
static const double WORTH_FOLIO = 3;       /* a page number stands in none */
static const double COST_SPACE_KEPT = 1.8; /* a space between Japanese characters inside a piece */
static const double COST_OPENER_KEPT = 3;  /* … before a bullet or a title */
static const double COST_SPACE_CUT = 0.7;  /* a column's edge at another space */
static const double COST_SAME_LINE = 3.5;  /* the rest of a line that was printed as two */

/* ---- pieces ---- */

#define START_REACH 24u /* characters that say what a piece begins with */

typedef struct {
    guint32 line, from, to;
    double width;
    double kept;       /* cost of the spaces inside */
    double start, end; /* evidence */
    double first;      /* width that cannot be parted at its start */
    guint8 mark;       /* StartMark, if it is nothing but one */
    guint8 counts;     /* StartMark that numbers it, or MARK_NONE */
    guint16 number;    /* … and the number */
    guint8 is_title;   /* ＜…＞ and nothing else */
    guint8 is_folio;
    guint8 is_name; /* without kana that bend words, without stops */
} Piece;

struct TextPieces {
    const TextPage *page;
    const JoinJudge *judge;
    GArray *pieces;    /* Piece, by line, then by first part, then by last */
    GArray *lines;     /* guint32: the first piece of each line, and one more */
    GHashTable *joins; /* guint64 of two pieces → float */
};

static Run
run_of(const TextPieces *p, const Piece *piece)
{
    return (Run){text_page_chars(p->page, piece->from), piece->to - piece->from};
}

/* The width of what a line cannot be broken in, at the start of these characters. */
static double
unbreakable_width(Run r)
{
    double width = 0;
    guint i = 0;
    while (i < r.n && text_may_not_end(r.c[i])) {
        width += r.c[i++] < 0x1100 ? 0.5 : 1;
    }
    gboolean latin = i < r.n && (char_is_latin(r.c[i]) || char_is_digit(r.c[i]));
    do {
        width += i < r.n ? (r.c[i] < 0x1100 ? 0.5 : 1) : 0;
        i++;
    } while (i < r.n &&
             ((latin && (r.c[i] < 0x80 || char_is_digit(r.c[i]))) || text_may_not_begin(r.c[i])));
    return width;
}

/* The mark that a piece is, and nothing else. */
static guint8
sole_mark(Run r)
{
    if (r.n > 8) {
        return MARK_NONE;
    }
    Start start = start_read(r.c, r.n);
    gboolean sole =
        start.length == r.n || (start.length + 1 == r.n && text_may_not_begin(r.c[r.n - 1]));
    return sole ? (guint8)start.kind : MARK_NONE;
}

/* Lists and labels are numbered so. */
static gboolean
does_count(StartMark kind)
{
    return kind == MARK_CIRCLED || kind == MARK_NUMBER_PAREN || kind == MARK_KANA ||
           kind == MARK_NUMBER || kind == MARK_LETTER;
}

static void
read_start(Piece *piece, Run r)
{
    Start start = start_read(r.c, MIN(r.n, START_REACH));
    if (does_count(start.kind) && start.depth <= 1) {
        piece->counts = (guint8)start.kind;
        piece->number = (guint16)MIN(start_number(r.c, &start), 999);
    }
    piece->is_title = start.kind == MARK_BRACKET && r.n <= START_REACH && char_closes(r.c[r.n - 1]);
}

static gboolean
is_name(Run r)
{
    if (start_read(r.c, r.n).kind != MARK_NONE) {
        return FALSE;
    }
    for (guint i = 0; i < r.n; i++) {
        if ((r.c[i] >= 0x3041 && r.c[i] <= 0x309F) || r.c[i] == 0x3001 || r.c[i] == 0x3002) {
            return FALSE;
        }
    }
    return TRUE;
}

/* What begins with a mark after a space begins a cell, or a list's text. */
static gboolean
opens_cell(const TextPage *page, const TextPart *part)
{
    guint n = MIN(part->to - part->from, START_REACH);
    StartMark kind = start_read(text_page_chars(page, part->from), n).kind;
    return kind == MARK_BULLET || kind == MARK_BRACKET || kind == MARK_NOTE;
}

static void
add_piece(TextPieces *p, guint32 line, const TextPart *first, const TextPart *last)
{
    Piece piece = {.line = line, .from = first->from, .to = last->to};
    Run r = {text_page_chars(p->page, piece.from), piece.to - piece.from};
    piece.width = text_page_width(p->page, piece.from, piece.to);
    for (const TextPart *part = first + 1; part <= last; part++) {
        piece.kept += part->cut ? COST_SPACE_KEPT : 0;
        piece.kept += opens_cell(p->page, part) ? COST_OPENER_KEPT : 0;
    }
    piece.start = start_evidence(p->judge, r);
    piece.end = end_evidence(p->judge, r);
    piece.first = unbreakable_width(r);
    piece.mark = sole_mark(r);
    read_start(&piece, r);
    g_autofree char *text = g_ucs4_to_utf8(r.c, r.n, NULL, NULL, NULL);
    guint number;
    piece.is_folio = text != NULL && r.n < 24 && text_is_folio(text, &number);
    piece.is_name = !piece.is_folio && is_name(r);
    g_array_append_val(p->pieces, piece);
}

TextPieces *
text_pieces_new(const TextPage *page, const JoinJudge *judge)
{
    TextPieces *p = g_new0(TextPieces, 1);
    p->page = page;
    p->judge = judge;
    p->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    p->lines = g_array_new(FALSE, FALSE, sizeof(guint32));
    p->joins = g_hash_table_new(NULL, NULL);
    for (guint32 i = 0; i < page->lines->len; i++) {
        const TextLine *line = &g_array_index(page->lines, TextLine, i);
        g_array_append_val(p->lines, p->pieces->len);
        const TextPart *parts = &g_array_index(page->parts, TextPart, line->part);
        for (guint a = 0; a < line->n_part; a++) {
            for (guint b = a; b < line->n_part; b++) {
                add_piece(p, i, parts + a, parts + b);
            }
        }
    }
    g_array_append_val(p->lines, p->pieces->len);
    return p;
}

void
text_pieces_free(TextPieces *p)
{
    if (p != NULL) {
        g_array_unref(p->pieces);
        g_array_unref(p->lines);
        g_hash_table_unref(p->joins);
        g_free(p);
    }
}

static const Piece *
piece_at(const TextPieces *p, gint32 i)
{
    return &g_array_index(p->pieces, Piece, i);
}

guint
text_pieces_count(const TextPieces *p)
{
    return p->pieces->len;
}

Run
text_pieces_run(const TextPieces *p, guint i)
{
    return run_of(p, piece_at(p, (gint32)i));
}

/* join_evidence(), computed once. */
static double
join_of(TextPieces *p, gint32 a, gint32 b)
{
    gpointer key = GSIZE_TO_POINTER(((gsize)a << 32) | (gsize)b), value;
    union {
        float f;
        guint32 u;
    } join;
    if (g_hash_table_lookup_extended(p->joins, key, NULL, &value)) {
        join.u = GPOINTER_TO_UINT(value);
        return (double)join.f;
    }
    join.f = (float)join_evidence(p->judge, run_of(p, piece_at(p, a)), run_of(p, piece_at(p, b)));
    g_hash_table_insert(p->joins, key, GUINT_TO_POINTER(join.u));
    return (double)join.f;
}

/* ---- states ---- */

typedef enum { STEP_OUTSIDE, STEP_ROW, STEP_ON, STEP_SAME } StepKind;

/* What a state is reached by. */
typedef struct {
    gint32 from; /* state before */
    gint32 to;   /* … and after */
    guint8 kind; /* StepKind */
    guint8 n;
    guint8 lag; /* rows that the row of the pieces is behind the front row */
    guint8 column[TEXT_MAX_COLUMNS];
    guint8 joined[TEXT_MAX_COLUMNS]; /* it goes on after the column's last piece */
    gint32 piece[TEXT_MAX_COLUMNS];
    double cost;
} Step;

/* Where a column has come to: the end of its last cell. */
typedef struct {
    gint32 last;    /* piece; -1: the column has none so far */
    float width;    /* of the last line, with what was printed apart */
    float clock;    /* height of the last piece, from the last line's: 0 or less */
    float below;    /* its first line's height below the row's top; -1: not known */
    guint16 number; /* of its list: kind of mark and last number; 0: none */
    guint16 lag;    /* rows it is behind the front row */
} ColumnEnd;

typedef struct {
    double cost; /* of the best way here */
    guint32 step;
    ColumnEnd cell[TEXT_MAX_COLUMNS];
    gint32 outside; /* the last piece outside of the table, or -1 */
    float top;      /* of the front row, like clock */
    gint8 in_table;
    gint8 column;    /* of the last piece printed; -1 at a row's top */
    guint8 flow_lag; /* of the latest row in this flow; NO_FLOW: nothing so far */
    guint8 unused;
} State;

typedef struct {
    TextPieces *p;
    const TextColumns *columns;
    const double *odds;
    guint beam;
    gboolean flows;      /* the text has empty lines between flows */
    GArray *states;      /* State, line by line */
    GArray *layers;      /* guint32: the first state of each line */
    GArray *steps;       /* Step, of all kept states */
    GArray *step_layers; /* guint32: the first step to the states of each line but the first */
    GArray *fresh;       /* State: those that a line leads to */
    GArray *fresh_steps;
    double least; /* the cost of the best of them */
} Search;

static gboolean
is_label(const Search *s, guint column)
{
    return s->columns->width[column] <= TEXT_LABEL_WIDTH;
}

/* Its last line ends a paragraph, apart from how likely an end is there. */
static double
end_cost(const Search *s, const State *state, guint c)
{
    double uniform = log(MAX(s->columns->width[c], 2));
    return is_label(s, c) ? uniform : uniform - piece_at(s->p, state->cell[c].last)->end;
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
is_spread_on(const Search *s, guint c, const Piece *last, const Piece *next)
{
    return is_label(s, c) && last->to - last->from == 1 && next->to - next->from == 1 &&
           last->mark == MARK_NONE && next->mark == MARK_NONE;
}

/* Its last line goes on with this piece. */
static double
on_cost(const Search *s, const State *state, guint c, gint32 piece)
{
    const Piece *next = piece_at(s->p, piece);
    const ColumnEnd *cell = &state->cell[c];
    double join = join_of(s->p, cell->last, piece);
    if (is_spread_on(s, c, piece_at(s->p, cell->last), next)) {
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
wide_cost(const Search *s, guint c, double width)
{
    double excess = width - s->columns->width[c] - WIDE_FREE;
    return excess <= 0 ? 0 : COST_WIDE * excess;
}

/* A cell that is not where its row's height says. */
static double
place_cost(const Search *s, const ColumnEnd *cell)
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
cell_end_cost(const Search *s, const State *state, guint c, guint empty)
{
    double cost = empty * (is_label(s, c) ? COST_EMPTY_LABEL : COST_EMPTY_CELL);
    gint32 last = state->cell[c].last;
    if (last < 0) {
        return cost;
    }
    return cost + end_cost(s, state, c) + (piece_at(s->p, last)->is_title ? COST_TITLE_LAST : 0);
}

/* The table ends. */
static double
close_cost(const Search *s, const State *state)
{
    double cost = 0;
    for (guint c = 0; c < s->columns->n; c++) {
        cost += cell_end_cost(s, state, c, state->cell[c].lag) + place_cost(s, &state->cell[c]);
    }
    return cost;
}

static double
plain_start_cost(const Search *s, guint c, const Piece *start)
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
count_cost(const State *state, guint c, const Piece *it)
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
start_cost(const Search *s, const State *state, guint c, gint32 piece)
{
    const Piece *start = piece_at(s->p, piece);
    double counted = count_cost(state, c, start);
    if (is_label(s, c)) {
        counted = start->number > 1 ? CLAMP(counted, -WORTH_COUNT, 0) : 0;
    }
    return counted + plain_start_cost(s, c, start);
}

/* Keeps a state that a step leads to. */
static void
keep(Search *s, State *state, Step *step)
{
    if (state->cost > s->least + COST_HOPELESS) {
        return;
    }
    s->least = MIN(s->least, state->cost);
    step->cost = state->cost - g_array_index(s->states, State, step->from).cost;
    state->step = s->fresh_steps->len;
    g_array_append_val(s->fresh_steps, *step);
    g_array_append_val(s->fresh, *state);
}

/* Puts a piece into its column, on a line at `height`, in a row that lags so far behind. Returns
 * whether it goes on in the paragraph of the column's last piece. */
static gboolean
place_piece(Search *s, State *state, guint c, gint32 piece, double height, guint lag)
{
    const Piece *it = piece_at(s->p, piece);
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

/* What it costs that after what came before in its flow a line of this row comes. */
static double
flow_cost(const Search *s, const State *state, guint lag)
{
    if (state->flow_lag == NO_FLOW) {
        return lag > 0 ? COST_LAG : 0;
    }
    return lag <= state->flow_lag ? 0 : s->flows ? COST_BACK : COST_BACK_HIDDEN;
}

/* Puts the step's pieces into their columns of `state`, a copy of what is before, if that can be.
 */
static void
place(Search *s, State state, Step *step, guint lag)
{
    double height = 0;
    for (guint i = 0; i < step->n; i++) {
        const ColumnEnd *cell = &state.cell[step->column[i]];
        if (cell->lag < lag || (cell->lag == lag && cell->last < 0)) {
            return;
        }
        if (cell->lag == lag && lag == 0) {
            height = MAX(height, (double)cell->clock + 1);
        }
        if (i == 0 && (gint)step->column[i] < state.column) {
            height = MAX(height, HEIGHT_STEP);
        }
    }
    state.cost += flow_cost(s, &state, lag);
    state.flow_lag = (guint8)lag;
    step->lag = (guint8)lag;
    for (guint i = 0; i < step->n; i++) {
        step->joined[i] =
            (guint8)place_piece(s, &state, step->column[i], step->piece[i], height, lag);
        state.column = (gint8)step->column[i];
    }
    for (guint c = 0; c < s->columns->n; c++) {
        state.cell[c].clock = (float)MAX((double)state.cell[c].clock - height, -12);
    }
    state.top = (float)MAX((double)state.top - height, -12);
    keep(s, &state, step);
}

static void
empty_cells(State *state)
{
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        state->cell[c] = (ColumnEnd){.last = -1};
    }
    state->top = 0;
    state->column = -1;
    state->flow_lag = NO_FLOW;
}

/* In a new row. */
static void
place_in_row(Search *s, const State *before, Step *step)
{
    State state = *before;
    state.cost += s->columns->plain ? COST_ROW_PLAIN : COST_ROW;
    if (!before->in_table) {
        state.cost += COST_ENTER;
        empty_cells(&state);
    }
    for (guint c = 0; c < s->columns->n; c++) {
        ColumnEnd *cell = &state.cell[c];
        state.cost += place_cost(s, cell);
        cell->lag = (guint16)MIN(cell->lag + 1u, MOST_LAG);
    }
    state.top = 0;
    state.in_table = TRUE;
    state.column = -1;
    state.outside = -1;
    state.flow_lag = 0;
    step->kind = STEP_ROW;
    place(s, state, step, 0);
}

/* A line that is the rest of the line before it in its column. */
static void
place_same(Search *s, const State *before, gint32 piece, Step *step)
{
    if (!before->in_table || before->column < 0) {
        return;
    }
    guint c = (guint)before->column;
    const Piece *it = piece_at(s->p, piece);
    double width = (double)before->cell[c].width + it->width;
    if (width > s->columns->width[c] + WIDE_FREE || is_label(s, c)) {
        return;
    }
    State state = *before;
    state.cost += COST_SAME_LINE + it->kept - join_of(s->p, state.cell[c].last, piece);
    state.cell[c].last = piece;
    state.cell[c].width = (float)width;
    *step = (Step){.from = step->from, .kind = STEP_SAME, .n = 1};
    step->lag = (guint8)state.cell[c].lag;
    step->column[0] = (guint8)c;
    step->piece[0] = piece;
    step->joined[0] = TRUE;
    keep(s, &state, step);
}

/* A whole line in no table. */
static void
place_outside(Search *s, const State *before, gint32 piece, Step *step)
{
    State state = *before;
    const Piece *it = piece_at(s->p, piece);
    state.cost += COST_OUTSIDE - (it->is_folio ? WORTH_FOLIO : 0);
    *step = (Step){.from = step->from, .kind = STEP_OUTSIDE, .n = 1};
    step->piece[0] = piece;
    if (before->in_table) {
        state.cost += close_cost(s, before) + COST_LEAVE - it->start;
        empty_cells(&state);
        state.in_table = FALSE;
    } else if (before->outside >= 0) {
        const Piece *last = piece_at(s->p, before->outside);
        double on = -P_GOES_ON - join_of(s->p, before->outside, piece);
        double anew = -P_ENDS - last->end - it->start;
        step->joined[0] = on < anew;
        state.cost += MIN(on, anew);
    } else {
        state.cost -= it->start;
    }
    state.outside = piece;
    keep(s, &state, step);
}

/* ---- the ways to part a line ---- */

/* Piece of parts a … b of a line with m parts, the first piece being `first`. */
static gint32
piece_index(guint32 first, guint m, guint a, guint b)
{
    return (gint32)(first + a * m - a * (a - 1) / 2 + (b - a));
}

#define MOST_WAYS 60u /* for one line: those of many columns of numbers are not worth more */

typedef struct {
    Search *s;
    guint32 line;
    guint m; /* parts */
    const TextPart *parts;
    GArray *ways; /* Step: pieces and columns, cost of cutting in `cost` */
} Ways;

/* Parts from `part` on into columns from `column` on. */
static void
find_ways(Ways *w, Step way, guint part, guint column)
{
    const Search *s = w->s;
    if (w->ways->len >= MOST_WAYS) {
        return;
    }
    if (part == w->m) {
        g_array_append_val(w->ways, way);
        return;
    }
    guint32 first = g_array_index(s->p->lines, guint32, w->line);
    if (part > 0 && !w->parts[part].cut) {
        way.cost += COST_SPACE_CUT;
    }
    for (guint c = column; c < s->columns->n; c++) {
        for (guint b = part; b < w->m; b++) {
            gint32 piece = piece_index(first, w->m, part, b);
            if (piece_at(s->p, piece)->width > s->columns->width[c] + WIDE_MOST) {
                break;
            }
            Step more = way;
            more.piece[more.n] = piece;
            more.column[more.n++] = (guint8)c;
            find_ways(w, more, b + 1, c + 1);
        }
    }
}

/* ---- the search ---- */

static gint
compare_states(gconstpointer a, gconstpointer b, gpointer fresh)
{
    const State *x = &g_array_index((GArray *)fresh, State, *(const guint32 *)a);
    const State *y = &g_array_index((GArray *)fresh, State, *(const guint32 *)b);
    if (x->cost != y->cost) {
        return x->cost < y->cost ? -1 : 1;
    }
    return x->step < y->step ? -1 : x->step > y->step;
}

static gboolean
is_same_state(const State *a, const State *b)
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
        State *state = &g_array_index(s->fresh, State, g_array_index(order, guint32, i));
        if (s->states->len - first >= s->beam && state->cost > s->least + COST_UNSEEN) {
            break;
        }
        Step step = g_array_index(s->fresh_steps, Step, state->step);
        guint32 at = first;
        while (at < s->states->len && !is_same_state(&g_array_index(s->states, State, at), state)) {
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

static void
step_line(Search *s, guint32 line)
{
    const TextPage *page = s->p->page;
    const TextLine *it = &g_array_index(page->lines, TextLine, line);
    guint32 layer = g_array_index(s->layers, guint32, s->layers->len - 1);
    guint32 end = s->states->len;
    guint32 first = g_array_index(s->p->lines, guint32, line);
    gint32 whole = piece_index(first, it->n_part, 0, it->n_part - 1);
    g_autoptr(GArray) ways = g_array_new(FALSE, FALSE, sizeof(Step));
    Ways w = {s, line, it->n_part, &g_array_index(page->parts, TextPart, it->part), ways};
    find_ways(&w, (Step){.kind = STEP_ON}, 0, 0);
    for (guint32 i = layer; i < end; i++) {
        const State before = g_array_index(s->states, State, i);
        guint most_lag = 0;
        for (guint c = 0; c < s->columns->n; c++) {
            most_lag = MAX(most_lag, before.cell[c].lag);
        }
        Step step = {.from = (gint32)i};
        place_outside(s, &before, whole, &step);
        place_same(s, &before, whole, &step);
        for (guint k = 0; k < ways->len; k++) {
            step = g_array_index(ways, Step, k);
            State state = before;
            state.cost += step.cost;
            step.from = (gint32)i;
            for (guint lag = 0; before.in_table && lag <= most_lag; lag++) {
                place(s, state, &step, lag);
            }
            place_in_row(s, &state, &step);
        }
    }
    close_layer(s);
}

/* An empty line ends what the extractor took for one flow: the next may stand anywhere. */
static void
forget_heights(Search *s)
{
    for (guint32 i = g_array_index(s->layers, guint32, s->layers->len - 1); i < s->states->len;
         i++) {
        State *state = &g_array_index(s->states, State, i);
        for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
            state->cell[c].clock = -1;
            state->cell[c].below = -1;
        }
        state->top = 0;
        state->column = -1;
        state->flow_lag = NO_FLOW;
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
        const State *state = &g_array_index(s->states, State, i);
        ahead[i] = i < last ? G_MAXDOUBLE : state->in_table ? close_cost(s, state) : 0;
    }
    for (guint32 i = s->steps->len; i-- > 1;) {
        const Step *step = &g_array_index(s->steps, Step, i);
        if (ahead[step->to] < G_MAXDOUBLE) {
            ahead[step->from] = MIN(ahead[step->from], ahead[step->to] + step->cost);
        }
    }
    return ahead;
}

/* Does it place the line's pieces elsewhere? */
static gboolean
is_other_place(const Step *a, const Step *b)
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
step_confidence(const Search *s, const double *ahead, const Step *step, guint layer)
{
    guint32 from = g_array_index(s->step_layers, guint32, layer);
    guint32 to = layer + 1 < s->step_layers->len ? g_array_index(s->step_layers, guint32, layer + 1)
                                                 : s->steps->len;
    double best = G_MAXDOUBLE, other = G_MAXDOUBLE;
    for (guint32 i = from; i < to; i++) {
        const Step *it = &g_array_index(s->steps, Step, i);
        if (ahead[it->to] == G_MAXDOUBLE) {
            continue;
        }
        double cost = g_array_index(s->states, State, it->from).cost + it->cost + ahead[it->to];
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
        const State *state = &g_array_index(s->states, State, at);
        const Step *step = &g_array_index(s->steps, Step, state->step);
        if (step->from < 0) {
            break;
        }
        g_array_append_val(chain, state->step);
        at = (guint32)step->from;
    }
    gint32 last[TEXT_MAX_COLUMNS], row = -1, outside = -1;
    gboolean in_table = FALSE;
    for (guint i = chain->len; i-- > 0;) {
        const Step *step = &g_array_index(s->steps, Step, g_array_index(chain, guint32, i));
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
            const Piece *piece = piece_at(s->p, step->piece[k]);
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
    Search s = {.p = pieces,
                .columns = columns,
                .odds = odds,
                .beam = beam,
                .states = g_array_new(FALSE, TRUE, sizeof(State)),
                .layers = g_array_new(FALSE, TRUE, sizeof(guint32)),
                .steps = g_array_new(FALSE, TRUE, sizeof(Step)),
                .step_layers = g_array_new(FALSE, TRUE, sizeof(guint32)),
                .fresh = g_array_new(FALSE, TRUE, sizeof(State)),
                .fresh_steps = g_array_new(FALSE, TRUE, sizeof(Step)),
                .least = G_MAXDOUBLE};
    State start = {.outside = -1};
    empty_cells(&start);
    Step none = {.from = -1};
    g_array_append_val(s.steps, none);
    g_array_append_val(s.states, start);
    guint32 zero = 0;
    g_array_append_val(s.layers, zero);
    for (guint32 i = 0; i < pieces->page->lines->len; i++) {
        if (g_array_index(pieces->page->lines, TextLine, i).n_part > 0) {
            step_line(&s, i);
        } else {
            s.flows = TRUE;
            forget_heights(&s);
        }
    }
    guint32 best = 0;
    double least = G_MAXDOUBLE;
    for (guint32 i = g_array_index(s.layers, guint32, s.layers->len - 1); i < s.states->len; i++) {
        const State *state = &g_array_index(s.states, State, i);
        double cost = state->cost + (state->in_table ? close_cost(&s, state) : 0);
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

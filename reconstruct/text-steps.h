/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text steps: the scoring of a way through a page whose lines were printed across the columns of a
 * table. A state says where each column has come to; a step places one line's pieces and makes the
 * state after it of the one before. What it costs is added to the state.
 *
 * Costs are natural logarithms of how unlikely something is, up to a constant; widths in em,
 * heights in lines. Nothing here owns memory: states and steps are values.
 */
#pragma once

#include "column-widths.h"
#include "text-pieces.h"

typedef enum { STEP_OUTSIDE, STEP_ROW, STEP_ON, STEP_SAME, STEP_NAMES, STEP_LOOSE } StepKind;

/* What a state is reached by. */
typedef struct {
    gint32 from;    /* state before */
    gint32 to;      /* … and after */
    guint8 kind;    /* StepKind */
    guint8 n;       /* pieces */
    guint8 lag;     /* rows that the row of the pieces is behind the front row */
    guint8 is_head; /* a row that names the columns */
    float below;    /* of text_step_on() */
    guint8 column[TEXT_MAX_COLUMNS];
    guint8 joined[TEXT_MAX_COLUMNS]; /* it goes on after the column's last piece */
    gint32 piece[TEXT_MAX_COLUMNS];
    double way;  /* what it costs that the line is parted so */
    double cost; /* of all of the step */
} TextStep;

#define TEXT_NO_HEAD 255u

/* Where a column has come to: the end of its last cell. */
typedef struct {
    gint32 last;    /* piece; -1: the column has none so far */
    float width;    /* of the last line, with what was printed apart */
    float ahead;    /* in the state's cost already: what it will cost at least that the line ends */
    float clock;    /* height of the last line, below the row's first */
    float first;    /* … and of its first line; -1: not known */
    guint16 number; /* of its list: kind of mark and last number; 0: none */
    guint8 lag;     /* rows it is behind the front row */
    guint8 level;   /* its lines stand at the heights of those of the column before: Level */
} ColumnEnd;

typedef struct {
    double cost;        /* of the best way here */
    guint32 step;       /* … and its last step, for who keeps states */
    gboolean is_guided; /* it is on the way that these keep in any case */
    ColumnEnd cell[TEXT_MAX_COLUMNS];
    gint32 outside; /* the last piece outside of the table, or -1 */
    float now;      /* height of the last line printed, in its row, like clock */
    gint8 in_table;
    gint8 column;    /* of the last piece printed; -1 at a row's top and a flow's start */
    gint8 before;    /* … of the last piece of the flow before; -1: none */
    guint8 flow_lag; /* of the latest row in this flow, or that there is nothing so far */
    guint8 head_lag; /* rows that the columns' names are behind the front row; or TEXT_NO_HEAD */
    guint8 named;    /* a bit for each column that has its name */
} TextState;

/* What steps are weighed by; all borrowed. */
typedef struct {
    TextPieces *pieces;
    const TextPiece *piece; /* the first of them */
    const TextColumns *columns;
    gboolean is_label[TEXT_MAX_COLUMNS];
    const double *odds; /* TEXT_MAX_COLUMNS a piece, for it standing in each column; or NULL */
    gboolean flows;     /* the text has had empty lines between flows */
    double uniform[TEXT_MAX_COLUMNS]; /* cost of a last line's width: any up to the column's */
} StepCosts;

StepCosts step_costs(TextPieces *pieces, const TextColumns *columns, const double *odds);

/* Before the first line: in no table. */
TextState text_state_first(void);

/* An empty line ends what the extractor took for one flow: the next may stand anywhere. */
void text_state_end_flow(TextState *state);

/* The same for states so much alike that whatever comes after costs the same. */
guint64 text_state_key(const TextState *state);

/* … for those whose columns have come to the same lines and rows. */
guint64 text_state_place(const TextState *state);

/* … for those that have come to the same lines of the front row, whichever column to which, and to
 * the same rows else. */
guint64 text_state_front(const TextState *state);

/* What it costs that the page ends here. */
double text_state_end_cost(const StepCosts *s, const TextState *state);

/* The steps. `state`: that before, becomes that after; `step`: has from, and in those into columns
 * n, piece and column; gets the rest but for its cost. FALSE: it cannot be, and the state is of no
 * use any more. */

/* Into their columns, which fit, in the row that is so far behind the front row. Cells that begin
 * there stand so far below the line before: `below` is 0 but in the front row. */
void text_step_on(const StepCosts *s, TextState *state, TextStep *step, guint lag, double below);

/* Whether the columns are in that row, or can come to it. */
gboolean text_step_fits(const TextState *state, const TextStep *step, guint lag);

/* Whether the line begins cells of that row and nothing else, so that its height is open. */
gboolean text_step_opens(const TextState *state, const TextStep *step, guint lag);

/* A new row, into which steps with a lag of 0 then place their pieces; of a table's first row
 * whether it names the columns. */
void text_state_open_row(const StepCosts *s, TextState *state, gboolean is_head);

/* Names of columns that have gone on to rows below: printed late, as a flow of their own, which
 * ends with them. FALSE: one is no name, its column has not passed the names' row, or a name of it
 * or to the right of it has come. */
gboolean text_step_names(const StepCosts *s, TextState *state, TextStep *step);

/* One character of a name set wide apart, which belongs to a row that was or comes: an extractor
 * may take such characters, one beneath the other, for a column. Which name, the names say
 * (text-apart.c). FALSE: it is none, or no column is for names. */
gboolean text_step_loose(const StepCosts *s, TextState *state, TextStep *step, gint32 piece);

/* A line that is the rest of the line before it in its column. */
gboolean text_step_same(const StepCosts *s, TextState *state, TextStep *step, gint32 piece);

/* Takes a step from another state than it was taken from: all of it but `cost` as it is. */
gboolean text_step_again(const StepCosts *s, TextState *state, TextStep *step);

/* A whole line in no table. */
void text_step_outside(const StepCosts *s, TextState *state, TextStep *step, gint32 piece);

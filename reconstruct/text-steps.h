/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text steps: the scoring of a way through a page whose lines were printed across the columns of a
 * table. A step places one line's pieces and makes the state (text-state.h) after it of the one
 * before. What it costs is added to the state. Steps are values.
 */
#pragma once

#include "text-cells.h"

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

/* What it costs that the page ends here. */
double text_state_end_cost(const StepCosts *s, const TextState *state);

/* The steps. `state`: that before, becomes that after; `step`: has from, and in those into columns
 * n, piece and column; gets the rest but for its cost. FALSE: it cannot be, and the state is of no
 * use any more. */

/* Into their columns, which fit, in the row that is so far behind the front row. Cells that begin
 * there stand so far below the line before: `below` is 0 but in the front row. */
void text_step_on(const StepCosts *s, TextState *state, TextStep *step, guint lag, double below);

/* What that costs at least, told in a fraction of the time. `floors`: of each of its pieces in its
 * column. Of names of columns nothing is told: -G_MAXDOUBLE. */
double text_step_on_floor(const StepCosts *s, const TextState *state, const TextStep *step,
                          const CellFloor *floors, guint lag);

/* … in a row that is opened for it. */
double text_step_row_floor(const StepCosts *s, const TextState *state, const TextStep *step,
                           const CellFloor *floors);

/* Whether the columns are in that row, or can come to it. */
gboolean text_step_fits(const TextState *state, const TextStep *step, guint lag);

/* Whether the line begins cells of that row and nothing else, so that its height is open. */
gboolean text_step_opens(const TextState *state, const TextStep *step, guint lag);

/* A new row, into which steps with a lag of 0 then place their pieces; of a table's first row
 * whether it names the columns. */
void text_state_open_row(const StepCosts *s, TextState *state, gboolean is_head);

/* Names of columns that have gone on to rows below: printed late, as a flow of their own, which
 * ends with them. Cannot be: one is no name, its column has not passed the names' row, or a name of
 * it or to the right of it has come. */
gboolean text_step_can_name(const StepCosts *s, const TextState *state, const TextStep *step);
void text_step_names(const StepCosts *s, TextState *state, TextStep *step);

/* One character of a name set wide apart, which belongs to a row that was or comes: an extractor
 * may take such characters, one beneath the other, for a column. Which name, the names say
 * (text-apart.c). FALSE: it is none, or no column is for names. */
gboolean text_step_loose(const StepCosts *s, TextState *state, TextStep *step, gint32 piece);

/* A line that is the rest of the line before it in its column. */
gboolean text_step_same(const StepCosts *s, TextState *state, TextStep *step, gint32 piece);

/* Takes a step from another state than it was taken from: all of it but `cost` as it is. */
gboolean text_step_again(const StepCosts *s, TextState *state, TextStep *step);

/* A whole line in no table; what that costs at least. */
double text_step_outside_floor(const TextState *state, const TextPiece *it);
void text_step_outside(const StepCosts *s, TextState *state, TextStep *step, gint32 piece);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text cells: what it costs that a piece of a line begins a cell of a column, goes on in its last
 * paragraph or begins another, and that cells and rows end there. Units as in text-state.h.
 */
#pragma once

#include "text-state.h"

static const double P_GOES_ON = -0.35; /* log: a line's paragraph goes on with the next line */
static const double P_ENDS = -2.0;     /* log: it ends there */
static const double WORTH_FOLIO = 3;   /* a page number stands in none */
static const double COST_HEAD = 0.7;   /* the name of a column in a table's first row */

/* The width of a piece in a column, which a line set wide apart fills. */
double text_cell_width(const StepCosts *s, guint c, const TextPiece *it);

/* A list's mark that was printed by itself, in a column of text: its line goes on. `last`: the
 * column's last piece, or -1. */
gboolean text_cell_is_mark(const StepCosts *s, guint c, gint32 last);

/* Both stand on one line of a label whose characters stand so far apart that each was printed by
 * itself. `last`: as before. */
gboolean text_cell_spreads_on(const StepCosts *s, guint c, gint32 last, gint32 next);

/* A line of this width in the column; 0 if it is no wider. */
double text_cell_wide_cost(const StepCosts *s, guint c, double width);

/* The cells of the front row that are not where its height says. */
double text_row_place_cost(const StepCosts *s, const TextState *state);

/* A column has no name, or none so far, where others have. */
double text_cell_no_name_cost(const StepCosts *s, guint c);

/* What the last line of a column will cost at least when it ends or goes on. */
double text_cell_cost_ahead(const StepCosts *s, const TextState *state, guint c);

/* The table ends. */
double text_cells_close_cost(const StepCosts *s, const TextState *state);

/* What text_cell_place() costs at least, as far as the piece itself says. */
typedef struct {
    double begins; /* it begins a cell, besides what it costs that the one before ends */
    double on;     /* it goes on in a paragraph, besides the join … */
    double anew; /* … or begins another in a cell, besides what it costs that the last one ends */
} CellFloor;

CellFloor text_cell_floor(const StepCosts *s, guint c, gint32 piece);

/* … as far as the state says: a column's last cell ends, and so many rows after it have none. */
double text_cell_floor_begins(const StepCosts *s, const TextState *state, guint c, guint empty);

/* … all of it: the piece goes on in its column's last cell, no name of a column. */
double text_cell_floor_goes_on(const StepCosts *s, const TextState *state, const CellFloor *floor,
                               guint c, gint32 piece);

/* Puts a piece into its column, on a line at `height`, in a row that lags so far behind. Returns
 * whether it goes on in the paragraph of the column's last piece. */
gboolean text_cell_place(const StepCosts *s, TextState *state, guint c, gint32 piece, double height,
                         guint lag);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text state: where a way through a page of mixed columns has come to in each of them, and what
 * steps from there are weighed by. States are values; nothing here owns memory.
 *
 * Costs are natural logarithms of how unlikely something is, up to a constant; widths in em,
 * heights in lines.
 */
#pragma once

#include "column-widths.h"
#include "text-pieces.h"

#define TEXT_NO_HEAD 255u
#define TEXT_NO_FLOW 255u /* of flow_lag: nothing so far in this flow */

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
    guint8 flow_lag; /* of the latest row in this flow, or TEXT_NO_FLOW */
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

static inline const TextPiece *
text_costs_piece(const StepCosts *s, gint32 i)
{
    return &s->piece[i];
}

static inline gboolean
text_costs_is_label(const StepCosts *s, guint column)
{
    return s->is_label[column];
}

/* Before the first line: in no table. */
TextState text_state_first(void);

/* In no table any more, or in none of its cells so far. */
void text_state_leave(TextState *state);

/* An empty line ends what the extractor took for one flow: the next may stand anywhere. */
void text_state_end_flow(TextState *state);

/* The same for states so much alike that whatever comes after costs the same. */
guint64 text_state_key(const TextState *state);

/* … for those whose columns have come to the same lines and rows. */
guint64 text_state_place(const TextState *state);

/* … for those that have come to the same lines of the front row, whichever column to which, and to
 * the same rows else. */
guint64 text_state_front(const TextState *state);

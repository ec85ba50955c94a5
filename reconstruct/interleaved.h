/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Interleaved: given the columns of a table, which column, row and paragraph each piece of a page
 * of plain text belongs to. The lines are those an extractor printed from top to bottom across the
 * columns; what it finds is the likeliest whole, by a beam search.
 */
#pragma once

#include "column-widths.h"
#include "text-pieces.h"
#include "text-steps.h"

/* The best other place of a piece, below this confidence in the first. */
#define TEXT_DOUBTFUL 0.75

typedef struct {
    guint8 is_given;
    gint8 column;      /* from 0; -1: in no table */
    guint32 line_plus; /* 1 + the line whose piece it goes on after there; 0: it begins there */
} TextRival;

/* Where a piece of a line was placed. Those of a line stand together, in the order of the line. */
typedef struct {
    guint32 line;
    guint32 from, to;  /* into the page's chars */
    gint32 row;        /* from 0 over the page; -1: in no table */
    guint32 column;    /* from 0 */
    gboolean is_loose; /* a name's character that came by itself: not known which name's */
    guint32 place;     /* its cell is read in the order of these; its index, if all is as it came */
    gint32 after;      /* the placement it goes on after in its paragraph; -1: it begins one */
    double confidence; /* that it belongs there, 0.5 to 1 */
    TextRival rival;   /* where else it may belong, where that is in doubt */
} TextPlacement;

typedef struct {
    GArray *placements; /* TextPlacement, every character of the page in one */
    double score;       /* natural logarithm of how likely the whole is, up to a constant */
    GArray *steps;      /* TextStep, for each line with text: how it was come to */
} TextReading;

void text_reading_free(TextReading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextReading, text_reading_free)

typedef struct {
    guint beam;          /* how many ways are kept at each line */
    const double *odds;  /* what speaks for each piece standing in each column, TEXT_MAX_COLUMNS a
                          * piece, natural logarithms; or NULL */
    const GArray *guide; /* TextStep, for each line with text: a way that is kept in any case, so
                          * far as its steps are among those tried; or NULL */
    guint64 *work;       /* the steps that were weighed are added to it; or NULL */
    gboolean is_trial;   /* nobody asks how sure it is: confidences are 1, no rivals are told */
} ReadOptions;

/* The likeliest reading with these columns. */
TextReading *interleaved_read(TextPieces *pieces, const TextColumns *columns,
                              const ReadOptions *options);

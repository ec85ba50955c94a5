/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Interleaved: given the columns of a table, which column, row and paragraph each piece of a page
 * of plain text belongs to. The lines are those an extractor printed from top to bottom across the
 * columns; what it finds is the likeliest whole, by a beam search.
 */
#pragma once

#include "line-joins.h"
#include "text-lines.h"

#define TEXT_MAX_COLUMNS 7u

/* A table's columns from left to right, each as wide as its full lines, in em. */
typedef struct {
    guint n;
    double width[TEXT_MAX_COLUMNS];
    gboolean plain;  /* cells of one paragraph are the rule, so that rows are many */
    gboolean middle; /* cells stand in the middle of their row's height, not at its top */
} TextColumns;

/* A column no wider than this holds labels: names and marks that end without a stop. */
#define TEXT_LABEL_WIDTH 8.5

/* Where a piece of a line was placed. Those of a line stand together, in the order of the line. */
typedef struct {
    guint32 line;
    guint32 from, to;  /* into the page's chars */
    gint32 row;        /* from 0 over the page; -1: in no table */
    guint32 column;    /* from 0 */
    gint32 after;      /* the placement it goes on after in its paragraph; -1: it begins one */
    double confidence; /* that it belongs there, 0.5 to 1 */
} TextPlacement;

typedef struct {
    GArray *placements; /* TextPlacement, every character of the page in one */
    double score;       /* natural logarithm of how likely the whole is, up to a constant */
} TextReading;

void text_reading_free(TextReading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextReading, text_reading_free)

/* Evidence about a page's pieces, kept over several searches. */
typedef struct TextPieces TextPieces;
TextPieces *text_pieces_new(const TextPage *page, const JoinJudge *judge);
void text_pieces_free(TextPieces *pieces);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextPieces, text_pieces_free)

/* The pieces: stretches of lines that may stand in a column. */
guint text_pieces_count(const TextPieces *pieces);
Run text_pieces_run(const TextPieces *pieces, guint i);

/* The likeliest reading with these columns; `beam`: how many ways are kept at each line. `odds`:
 * what speaks for each piece standing in each column, TEXT_MAX_COLUMNS a piece, natural logarithms;
 * or NULL. */
TextReading *interleaved_read(TextPieces *pieces, const TextColumns *columns, const double *odds,
                              guint beam);

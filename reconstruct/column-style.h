/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Column style: what the columns of a page's table have in common from row to row. One says what is
 * to be done and another what was done, so their sentences end differently; titles (＜成果＞) come
 * again in the column they belong to. Where two columns are of one width, this tells them apart.
 */
#pragma once

#include "interleaved.h"

/* How sentences end in a column: the share that ends in the past, and lines that come again. */
typedef struct {
    double past[TEXT_MAX_COLUMNS];
    GHashTable *lines; /* hash of a line → double[TEXT_MAX_COLUMNS], how often in each; or NULL */
} ColumnStyle;

void column_style_clear(ColumnStyle *style);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ColumnStyle, column_style_clear)

/* The style of a reading. */
void column_style_find(const TextPage *page, const TextReading *reading, ColumnStyle *ret_style);

/* What the text speaks for each column, natural logarithms of odds: into odds[0 … columns-1]. */
void column_style_odds(const ColumnStyle *style, const TextColumns *columns, Run run, double *odds);

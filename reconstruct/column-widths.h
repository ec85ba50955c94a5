/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Column widths: the columns of a table on a page of plain text, of which nothing is left but how
 * wide their lines are.
 */
#pragma once

#include <glib.h>

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
/* … and one no wider than this, marks. */
#define TEXT_MARKS_WIDTH 4.0

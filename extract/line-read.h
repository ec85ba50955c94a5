/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Line-read: what one line of a picture says.
 *
 * A line is read by itself: cut out of the picture with white around, so that neither a neighbour
 * nor a ruling disturbs. Unit: pixels of the raster.
 */
#pragma once

#include "ink-lines.h"
#include "recognise.h"

/* What a line is read from. */
typedef struct {
    PIX *clean;      /* 8 bpp grey, rulings taken out */
    PIX *plain;      /* the picture as it was */
    GArray *witness; /* Symbol: what a line says otherwise that may be no text; or NULL */
} LineSource;

/* Reads a line of the clean picture into `symbols` (Symbol), which are emptied first; if that is
 * not sure, from the plain one, and short lines at other sizes too: the surest reading is kept. But
 * with a witness, which is empty, line_read_otherwise() comes before those other sizes: if both
 * readings have nothing in common, it is no text, and is left at that. FALSE with an error of the
 * recogniser's. */
gboolean line_read(const LineSource *source, Recogniser *recogniser, const InkLine *line,
                   GArray *symbols, GError **error);

/* Reads a line once, at another size than line_read() does first, and as LINE_FOUND: a second
 * witness. */
gboolean line_read_otherwise(PIX *clean, Recogniser *recogniser, const InkLine *line,
                             GArray *symbols, GError **error);

/* The part, 0 to 1, of the longer of two readings on which both agree. */
double symbols_agreement(const GArray *a, const GArray *b);

/* The mean confidence of symbols, 0 if there are none. */
double symbols_confidence(const GArray *symbols);

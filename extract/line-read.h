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

/* Reads a line of `clean` (8 bpp grey, rulings taken out) into `symbols` (Symbol), which are
 * emptied first; if that is not sure, from `plain`, the picture as it was, and short lines at other
 * sizes too: the surest reading is kept. FALSE with an error of the recogniser's. */
gboolean line_read(PIX *clean, PIX *plain, Recogniser *recogniser, const InkLine *line,
                   GArray *symbols, GError **error);

/* Reads a line once, at another size than line_read() does first: a second witness. */
gboolean line_read_otherwise(PIX *clean, Recogniser *recogniser, const InkLine *line,
                             GArray *symbols, GError **error);

/* The mean confidence of symbols, 0 if there are none. */
double symbols_confidence(const GArray *symbols);

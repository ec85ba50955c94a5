/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ink rulings: the drawn lines of a page's picture as vectors: solid, broken, thick, dashed and
 * dotted, level or upright.
 *
 * In: a raster (raster.h). Out: rulings in points of the page, and what they cover.
 * It cannot know: colours (all are black), and slanted lines.
 */
#pragma once

#include "raster.h"

/* Appends Ruling values to `rulings`, and to `leaders` (Rect, points) rows of dots that lead from
 * text to text, as in a table of contents. ret_rest, the caller's: the raster's ink without both.
 */
void ink_rulings_find(const Raster *raster, GArray *rulings, GArray *leaders, PIX **ret_rest);

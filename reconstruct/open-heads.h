/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open heads: a header of two levels that no line divides. Titles stand above the heads of several
 * columns:
 *
 *    kind      first year      sum
 *             one      two
 *   ------------------------------
 *    a          1        2       3
 *
 * It is known from a title that stands over the border between two heads, or that is not in the
 * middle of its column, beside a column with a head on the lower level only, or between two such,
 * where heads without a title stand higher: the lines of wrapped heads are in one middle, and all
 * begin, end or have their middle at one height.
 */
#pragma once

#include "grid.h"

/* Cuts the first row of a grid whose columns no line divides into two, if it is such a header. What
 * stands on one level only, and has nothing below, keeps both rows. text: Rect of glyphs. */
void heads_from_text(Grid *grid, GArray *text);

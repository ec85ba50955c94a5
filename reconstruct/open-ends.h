/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open ends: the row that a page's edge cut, where a table has horizontal lines only and so nothing
 * is drawn beyond its last. Its text keeps to the columns of the rows above, and nothing follows.
 */
#pragma once

#include "grid.h"

/* Where text below the grid (above it, if `top`) is the end of a row, the y at which that is over;
 * infinite if it is none. text: Rect, the boxes of all characters. */
double open_end(const Grid *grid, GArray *text, gboolean top);

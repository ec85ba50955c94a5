/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open rows: rows of a table that no ruling divides, found from where its text leaves room. Used
 * only inside of what rulings have made a table. Coordinates: the layout's frame.
 */
#pragma once

#include "grid.h"

/* Cuts a body that is one row, though it lists entries, into its rows. */
void rows_from_text(Grid *grid, GArray *text);

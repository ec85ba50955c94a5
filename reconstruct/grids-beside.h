/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Grids side by side that are one table. Coordinates: the layout's frame.
 */
#pragma once

#include "grid.h"

/* Joins a grid of one column to the grid beside it that has its rows, if the gap between them is
 * too narrow for text: a column set a little apart. Two grids of several columns stay two, since
 * halves of a list look like that. text: Rect of glyphs. */
void grids_join_beside(GPtrArray *grids, GArray *text);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open spans: which cells of a table whose columns no ruling divides reach over several of them.
 * Coordinates: the layout's frame.
 */
#pragma once

#include "grid.h"

/* Joins empty cells with the one beside them whose text stands in the middle of them all. text:
 * Rect of glyphs. */
void join_open_cells(Grid *grid, GArray *text);

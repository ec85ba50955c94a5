/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Grids: rulings into tables of cells.
 *
 * A grid is the lattice its rulings span, its cells what rulings enclose; where borders are missing
 * at the sides, the outermost ends of the lines that are there close it. Coordinates: the layout's
 * frame. Source of the idea of meeting lines: A. Nurminen, Algorithmic extraction of data in tables
 * in PDF documents (2013); the treatment of missing borders is ours.
 */
#pragma once

#include "grid.h"
#include "rulings.h"

/* GPtrArray of Grid *, top to bottom. `text` are the boxes (Rect) of the inked glyphs that are not
 * dropped. Grids of one cell are frames around text. */
GPtrArray *grids_find(const Rulings *rulings, GArray *text);

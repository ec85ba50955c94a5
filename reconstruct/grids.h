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

#include "rulings.h"

/* Lattice positions column .. column+column_span, row .. row+row_span. */
typedef struct {
    guint row, column, row_span, column_span;
} GridCell;

typedef struct {
    Rect box;
    GArray *xs;     /* double: columns + 1 borders */
    GArray *ys;     /* double: rows + 1 borders */
    GArray *cells;  /* GridCell, row by row */
    guint32 *owner; /* rows × columns: index into cells */
    guint rows, columns;
    guint flags;           /* TABLE_… */
    gboolean open_columns; /* no line divides its columns */
    gboolean open_rows;    /* no line divides its rows, at most edges of shades */
} Grid;

/* GPtrArray of Grid *, top to bottom. `text` are the boxes (Rect) of the inked glyphs that are not
 * dropped. Grids of one cell are frames around text. */
GPtrArray *grids_find(const Rulings *rulings, GArray *text);
void grid_free(Grid *grid);

/* Recomputes rows, columns and owner after a change of borders or cells. */
void grid_own(Grid *grid);

/* The cell at a point, or -1. */
gint32 grid_cell_at(const Grid *grid, double x, double y);
Rect grid_cell_box(const Grid *grid, const GridCell *cell);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Grid: a lattice and the cells on it, rectangles of its boxes. Coordinates: the layout's frame.
 */
#pragma once

#include "layout.h"

/* Lattice positions column .. column+column_span, row .. row+row_span. */
typedef struct {
    guint row, column, row_span, column_span;
} GridCell;

typedef enum {
    SIDES_TORN,     /* lines along parts of them, or along one of two: boxes and arrows */
    SIDES_LEFT_OUT, /* the two to the sides, or those above and below */
    SIDES_CLOSED,
} GridSides;

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
    GridSides sides;
    gboolean inner; /* lies in one cell of another grid */
} Grid;

/* A lattice of these borders (double), which it takes, without cells; grid_free() it. */
Grid *grid_new(GArray *xs, GArray *ys);
void grid_free(Grid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Grid, grid_free)

/* Recomputes rows, columns and owner after a change of borders or cells. */
void grid_own(Grid *grid);

/* Row by row: a GCompareFunc for cells. */
gint grid_cell_order(gconstpointer a, gconstpointer b);

/* The cell at a point, or -1. */
gint32 grid_cell_at(const Grid *grid, double x, double y);
Rect grid_cell_box(const Grid *grid, const GridCell *cell);

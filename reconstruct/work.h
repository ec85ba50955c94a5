/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work: what the passes over one page share while its layout is being made. Private to layout.c,
 * shares.c (glyphs to cells, cells to tables) and page-flow.c (what stands outside of tables).
 * Coordinates: the layout's frame.
 */
#pragma once

#include "grids.h"

typedef struct {
    const Page *page;
    Layout *layout;
    GPtrArray *grids;     /* Grid * */
    GPtrArray *shares;    /* GArray * of guint32: for each cell of each grid in turn, its glyphs */
    guint32 *first_share; /* by grid: its first cell's index into shares */
    guint8 *is_table;     /* by grid: a table of its own */
    gint32 *part_of;      /* by grid: the share of the cell that it is a table inside of, or -1 */
    GArray *rest;         /* guint32: glyphs outside of tables */
} Work;

void work_clear(Work *w);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* guint32, ascending. */
void indices_sort(GArray *indices);

/* The box of a glyph. */
Rect frame_box(const Work *w, guint32 glyph);

/* Every glyph that is not dropped to the cell it stands in, or to the rest. Needs grids. */
void shares_find(Work *w);

/* Tells which grids are tables, and which are tables inside of a cell of another. A table has text
 * in at least two cells; what else rulings make is a frame or, within one of these `figures`
 * (Rect), a drawing. */
void tables_find(Work *w, GArray *figures);

/* Adds the table of this grid, its cells and their lines to the layout; its index comes back. */
guint32 table_fill(Work *w, guint grid);

/* Preliminary lines of the rest, which bridge no column gap, in a layout of their own; lines that
 * run another way than the page are among them. layout_free() it. */
Layout *rough_lines(Work *w);

/* The box of a rough line in the page's frame. */
Rect rough_box(const Layout *rough, const Line *line);

/* Puts tables, figures, frames and text of the page into the layout in reading order. `figures` are
 * Rects, `frames` guint32 indices of grids, with their boxes. */
void page_flow(Work *w, const Layout *rough, GArray *figures, GArray *frames, GArray *frame_boxes);

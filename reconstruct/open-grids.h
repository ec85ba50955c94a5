/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open grids: columns of a table that no ruling divides, found from where its text leaves room.
 * Used only inside of what rulings have made a table. Coordinates: the layout's frame.
 */
#pragma once

#include "grids.h"

/* Vertical borders (Bar, row by row) between these horizontal lines: where text leaves gutters, and
 * where `vertical` has lines. Where text of one row crosses a gutter, the row has no border there.
 * Empty if the text leaves none. text: Rect of glyphs. */
GArray *columns_from_text(GArray *horizontal, GArray *vertical, GArray *text);

typedef enum {
    BAND_EMPTY,
    BAND_ROW,     /* its text leaves a gutter at least, or is short */
    BAND_RUNNING, /* running text right across */
} BandLook;

/* What the text between two horizontal lines is. Text narrower than `least` says nothing, and
 * counts as a row. *ret_em: the height of its characters, 0 if there are none. */
BandLook band_look(GArray *text, Rect band, double least, double *ret_em);

/* Splits cells over several columns whose text stands in every one of them and keeps clear of the
 * borders between: a row that was left without its vertical lines. */
void split_open_cells(Grid *grid, GArray *text);

/* The boxes (Rect) of text whose centre is in `box`, from top to bottom. */
GArray *text_in(GArray *text, Rect box);

/* Their mean height; 10 if there are none. */
double common_height(GArray *boxes);

/* Does a character, or one right after the other in its line, stand on both sides of x? */
gboolean text_runs_over(GArray *inside, double x, double em);

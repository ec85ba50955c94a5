/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rulings: the drawn lines of a page cleaned up, and underlines told from them.
 *
 * Dashes, dots and pieces become one line; double lines become one; edges of shaded areas count as
 * lines; what is drawn in the ground's colour goes. Lines that belong to text (underline,
 * strike-through) leave and mark their glyphs instead. Coordinates: the frame given.
 */
#pragma once

#include "layout.h"

/* A straight line along an axis: y = at, x from lo to hi; or x = at, y from lo to hi. */
typedef struct {
    double at, lo, hi;
    double width;  /* points; 0 for the edge of an area */
    gboolean edge; /* nothing drawn but the edge of an area */
} Bar;

typedef struct {
    GArray *horizontal; /* Bar, by at */
    GArray *vertical;   /* Bar, by at */
} Rulings;

Rulings *rulings_find(const Page *page, Frame frame);
void rulings_free(Rulings *rulings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rulings, rulings_free)

/* Takes out the lines that belong to text, and marks its glyphs in layout->marks. */
void rulings_mark_text(Rulings *rulings, const Page *page, Layout *layout);

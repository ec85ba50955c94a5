/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ink lines: where the lines of text are in a page's picture, before anything of it is read.
 *
 * In: a raster's ink without rulings (ink-rulings.h) the rulings, and dark grounds:
 * no line crosses a ruling or the edge of a label on a dark ground. Out:
 * boxes of lines, level or vertical, cut finely rather than coarsely: a gap in a row makes two
 * lines of it. Nothing is said of their order. What is larger than text is a figure.
 * Unit: pixels of the raster.
 */
#pragma once

#include "raster.h"

typedef struct {
    int x0, y0, x1, y1;
    int em;            /* the size of the text, judged by the line's and its neighbours' height */
    gboolean vertical; /* vertical writing */
    guint block;       /* lines of one block stand together */
    /* once it is read: its first glyph on the page, how many are its, and where the next begin */
    guint glyph, glyphs, end;
    gboolean unread; /* it was wanted and gave none */
} InkLine;

typedef struct {
    GArray *lines;   /* InkLine */
    GArray *figures; /* Rect: pictures and drawings */
    int em;          /* the common size */
} InkText;

/* Along the writing. */
static inline int
ink_line_length(const InkLine *line)
{
    return line->vertical ? line->y1 - line->y0 : line->x1 - line->x0;
}

/* In points. */
static inline Rect
ink_line_box(const InkLine *line)
{
    return (Rect){line->x0 / RASTER_SCALE, line->y0 / RASTER_SCALE, line->x1 / RASTER_SCALE,
                  line->y1 / RASTER_SCALE};
}

/* rulings: Ruling, in points; grounds: Rect, in pixels. ink_text_clear() the result. */
InkText ink_text_find(PIX *ink, const GArray *rulings, const GArray *grounds);
void ink_text_clear(InkText *text);

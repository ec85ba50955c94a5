/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bars: thin dark lines in the rows of a picture in grey, solid or dashed, on any even ground.
 *
 * Unit: pixels, as in picture.h. Lines that run down the page are found in the transposed picture.
 * A bar need not be a ruling: large characters have strokes that are found, too.
 */
#pragma once

#include "picture.h"

/* What is thicker is an area: pixels; 6 pt, as in the paint trace. */
#define LINE_THICK 13
/* Ems that a bar is long at least: a solid one, a dashed one. */
#define SHORT_EMS 0.9
#define LONG_EMS 3.0

typedef struct {
    int from, to;   /* along: [from, to) */
    int row0, row1; /* first and last row */
    gboolean dashed;
    double axis, thick; /* centre line and thickness, once measured */
} Bar;

/* All bars (Bar) in the rows of `grey`, measured: solid ones from SHORT_EMS, dashed ones from
 * LONG_EMS on; `em` in pixels. `glyphs`, as large, is not 0 where there are characters: there are
 * no dashes there. g_array_unref() them. */
GArray *bars_find(const Grey *grey, const Grey *glyphs, double em);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Directions: which way each glyph is read. A font knows whether it writes vertically, but a
 * program can also set vertical lines with a font that writes across, each glyph in a place of its
 * own, and it sets the numbers of vertical lines upright, side by side in one place of the line
 * (tate-chu-yoko). Both are told from where the glyphs stand.
 *
 * Needs the drops; fills layout->directions, which layout_new() sets to what the styles say.
 */
#pragma once

#include "layout.h"

/* Beside a Direction: the glyph shares its place in a vertical line with those beside it. */
#define DIRECTION_BESIDE 0x80u

void directions_find(Layout *layout, const Page *page);

static inline Direction
layout_direction(const Layout *layout, guint32 glyph)
{
    return (Direction)(g_array_index(layout->directions, guint8, glyph) & ~DIRECTION_BESIDE);
}

static inline gboolean
layout_is_beside(const Layout *layout, guint32 glyph)
{
    return (g_array_index(layout->directions, guint8, glyph) & DIRECTION_BESIDE) != 0;
}

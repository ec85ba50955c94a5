/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Line-glyphs: the symbols read from a line become glyphs of a page.
 *
 * Boxes are fitted to the ink (symbol-extents.h). In: pixels of the raster. Out: points of the
 * page.
 */
#pragma once

#include "ink-lines.h"
#include "recognise.h"

/* Settles signs and digits by their ink (signs.h) and adds the symbols' glyphs to the page; ink of
 * the line that no character accounts for is noticed. common: the em of most lines, in pixels. */
void line_glyphs_add(PIX *ink, const InkLine *line, int common, GArray *symbols, Page *page);

/* Notices a place (points) that cannot be read, as "unread"; not more than some dozens a page. */
void notice_unread(Page *page, const Rect *box, const char *why);

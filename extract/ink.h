/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ink: are characters without Unicode painted at all? A blank without Unicode is no loss.
 *
 * Looks at a rendering of the page, and only if there is such a character on it.
 */
#pragma once

#include "page.h"

#include <poppler.h>

/* Sets GLYPH_NO_INK on undecoded glyphs whose box is of one colour in the rendering, and notices
 * the others as "undecoded" with the box around them all. */
void ink_check(PopplerDocument *document, Page *page);

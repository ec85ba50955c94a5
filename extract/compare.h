/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compare: what OCR reads of a line beside what the text layer says of it, glyph by glyph, as
 * readings of the page (page.h). Nothing is changed here: repairs.h lets the readings of all pages
 * vote.
 *
 * It cannot tell which glyph is which in a line that agrees with nothing and of which OCR leaves
 * out or doubles a character: such lines give no readings.
 */
#pragma once

#include "scan.h"
#include "suspects.h"

/* `read` holds the glyphs of the lines (InkLine). Adds readings for the page's glyphs of suspicious
 * fonts and for undecoded ones that stand on them, in the order of glyphs. suspects may be NULL.
 * For each line, whether a glyph of a suspicious font stands on it, read or not: it is the text
 * layer's then. g_free it. */
guint8 *compare_lines(const Page *read, const GArray *lines, const Suspects *suspects, Page *page);

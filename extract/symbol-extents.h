/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Symbol extents: which ink of a line belongs to which of its symbols.
 *
 * Tesseract's boxes come from the steps of its network and are off by up to a whole character. The
 * borders between symbols are set anew, all together, by the least sum of: ink that they cut, how
 * far they are from where tesseract has them, and how ill the width of the ink between them suits
 * the symbol (a kanji fills an em, a digit half of one). Ink may be left between two symbols, at a
 * price: then one was not read. Dynamic programming over the places near each border.
 */
#pragma once

#include "ink-lines.h"
#include "recognise.h"

/* ink: how many pixels of ink each column of the line has (each row, if it is vertical), as many as
 * it is long. Pairs of int for each symbol, [from, to) from the line's start, without white at the
 * ends. */
GArray *symbol_extents(const InkLine *line, const int *ink, const GArray *symbols);

/* What the best borders cost: the less, the better so many symbols of these widths suit the ink. */
double symbol_extents_price(const InkLine *line, const int *ink, const GArray *symbols);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brackets: a round bracket at an end of a short label is read as a part of the character beside
 * it: (ニ) as に). Where the reading has the other bracket only, and the ink at the end is one, the
 * rest is read without it.
 */
#pragma once

#include "ink-lines.h"
#include "recognise.h"

/* Whether a bracket lacks its partner in what was read of a line, and the ink has it at the line's
 * start, or end (*ret_last); ret_text is the line without it. */
gboolean bracket_is_missing(PIX *ink, const InkLine *line, const GArray *symbols, InkLine *ret_text,
                            gboolean *ret_last);

/* Puts it before or after what was read of the line without it. */
void bracket_put(const InkLine *line, const InkLine *text, gboolean last, GArray *symbols);

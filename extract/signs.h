/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signs: characters of numbers that the recogniser takes for one another, looked at once more by
 * their shape: a wrong one changes a number (18,904 and 18.904, 2,000 and 2,999).
 */
#pragma once

#include "ink-lines.h"
#include "recognise.h"

/* Of a level line: points and commas between digits are told by their ink, and 0, 6, 8 and 9 by
 * their holes, where the ink is clear; ＋ and − before
 * numbers by what they stand before. `extents`: pairs of int for each symbol, its ink along the
 * line from the line's start (pixels of the raster). */
void signs_settle(PIX *ink, const InkLine *line, const int (*extents)[2], GArray *symbols);

/* Of a level line, before its symbols have places: a triangle before a number (△ stands for a
 * minus), a line that is but a dash, and angles around it (＜…＞: く at its start is one, one that
 * was read twice is one, and one at its end that was not read is added) are told by their ink.
 * profile: as of symbol-extents.h. */
void signs_find(PIX *ink, const int *profile, const InkLine *line, GArray *symbols);

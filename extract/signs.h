/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signs: marks so small that the recogniser takes them for one another, looked at once more. A
 * wrong one changes a number: 18,904 and 18.904.
 */
#pragma once

#include "ink-lines.h"
#include "recognise.h"

/* Points and commas between digits of a level line are told by their ink. `extents`: pairs of int
 * for each symbol, its ink along the line from the line's start (pixels of the raster). */
void signs_settle(PIX *ink, const InkLine *line, const int (*extents)[2], GArray *symbols);

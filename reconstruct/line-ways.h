/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Line ways: a printed line into the pieces that may stand in a table's columns, in every way that
 * leaves none wider than its column. A line stays whole, or is parted where spaces divide it.
 */
#pragma once

#include "text-steps.h"

/* The ways for a line of at least one part, those into columns on the left first; a new array of
 * TextStep with pieces and columns, in `cost` that of parting the line. */
GArray *line_ways_find(const TextPieces *pieces, const TextColumns *columns, guint32 line);

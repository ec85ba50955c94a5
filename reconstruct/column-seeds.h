/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Column seeds: columns that printed lines show side by side. What an extractor puts on one line
 * stands in columns next to each other, each but the last of them full; so a line's stretches have
 * the widths of columns, in their order, and lines that overlap tell of all of them.
 */
#pragma once

#include "column-widths.h"
#include "text-lines.h"

/* The likeliest columns first, at most `most`, of two columns and more; a new array of TextColumns.
 * */
GArray *column_seeds_find(const TextPage *page, guint most);

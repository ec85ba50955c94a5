/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paragraphs: which lines of one column or cell belong to one paragraph.
 */
#pragma once

#include "document.h"

/* Paragraph * (owned by the array) for these lines (guint indices into layout->lines, in order;
 * ruby lines are left out and go with the lines they read). left, right: the edges of the column in
 * the lines' frame. `in_cell`: a change of weight alone opens no paragraph. */
GPtrArray *paragraphs_find(const Page *page, const Layout *layout, GArray *lines, double left,
                           double right, gboolean in_cell);

/* The same for these lines of a region, whose column's edges other regions may show better. */
GPtrArray *region_paragraphs_find(const Page *page, const Layout *layout, const Region *region,
                                  GArray *lines);

/* May `next`, first of its column, go on where `last`, last of the column before, was cut? */
gboolean paragraph_goes_on(const Paragraph *last, const Paragraph *next);

/* Appends next's characters and zones to `paragraph`; next stays as it is. */
void paragraph_append(Paragraph *paragraph, const Paragraph *next);

/* The right edge text of a column keeps: a common one if its lines show it, `fallback` else. */
double right_edge_find(const Page *page, const Layout *layout, GArray *lines, double fallback);

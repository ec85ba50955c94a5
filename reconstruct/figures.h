/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures: images and drawings of a page as boxes; what text stands in them is their labels.
 * Coordinates: the layout's frame.
 */
#pragma once

#include "layout.h"

/* GArray of Rect: the boxes of pictures and drawings, top to bottom. `segments` are the boxes
 * (Rect) of the page's stretches of text: a drawing filled with running text is a decoration
 * instead. `bars` (Rect) are filled areas that hold no text and belong to no table, `lines` (Rect)
 * rulings that belong to none: together the bars and axes of a chart. Both may be empty. */
GArray *figures_find(const Page *page, Frame frame, GArray *segments, GArray *bars, GArray *lines);

/* Widens a drawing's box by the labels about it: short texts next to it, unless the box would take
 * in one of the lines of running text. Both: Rect. */
Rect figure_with_labels(Rect figure, GArray *short_texts, GArray *running);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures: images and drawings of a page as boxes; what text stands in them is their labels.
 * Coordinates: the layout's frame.
 */
#pragma once

#include "layout.h"

/* GArray of Rect: the boxes of pictures and drawings, top to bottom. `segments` are the boxes (Rect)
 * of the page's stretches of text: a drawing filled with running text is a decoration instead. */
GArray *figures_find(const Page *page, Frame frame, GArray *segments);

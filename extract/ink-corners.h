/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Round corners: the sides of a box with round corners stop short of each other. Where ink goes on
 * in a bow from the end of a level ruling to the end of an upright one, both are made longer until
 * they meet, and the bow is no text.
 *
 * Page coordinates in points; pixels at RASTER_SCALE. Cannot see: corners whose bow is broken or
 * touches something as large, as a title on the box's edge.
 */
#pragma once

#include "raster.h"

/* lines: all that may be such a bow, besides `ink`; changed. Takes bows out of `rest`. */
void ink_corners_join(GArray *rulings, PIX *lines, PIX *rest);

/* Round outlines of labels, as low as a line or two: takes them out of `rest`, and what of them was
 * taken for rulings. ink: all ink of the page. */
void ink_outlines_take(PIX *ink, GArray *rulings, PIX *rest);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rounded boxes: a curved outline whose four sides are drawn as lines that stop short of its
 * corners is a box, and its lines are made to meet. Coordinates: the frame given.
 */
#pragma once

#include "rulings.h"

/* bars: of one raw drawing (unsorted); those of rounded boxes are extended to their corners. */
void rounded_boxes_square(Rulings *bars, const Page *page, Frame frame);

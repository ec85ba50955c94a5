/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text swaps: a way through the page is made better by what a search line by line does not come
 * to: cells of a row, or their ends, change places.
 *
 * Columns of one width say nothing of where a line belongs but by what it goes on after, so at a
 * row's top many ways cost the same and the search keeps only some of them.
 */
#pragma once

#include "text-steps.h"

/* `steps`: TextStep, for each line with text, a whole way through the page; becomes the better one.
 */
void text_swaps_improve(const StepCosts *s, GArray *steps);

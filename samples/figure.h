/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small bar chart: axes, ticks, bars with their values above and their labels below. */
#ifndef SAMPLES_FIGURE_H
#define SAMPLES_FIGURE_H

#include "flow.h"

void figure_set(Flow *flow, const Figure *figure);

#endif

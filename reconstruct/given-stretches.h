/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Given stretches: lines that were read to the stretches of the given text that they are, but for
 * what was misread. Lines that differ from every stretch by half of their characters stay without.
 */
#pragma once

#include "given-placing.h"

/* Places lines, the longest first, each in the stretch that it differs least from and that no line
 * has; where the page is too large for that, none. */
void given_stretches_find(GivenPlacing *p);

/* Places the line of this index in the stretch of characters first … last, the last one not
 * included, and pairs them with its glyphs. */
void given_stretch_take(GivenPlacing *p, guint line, guint32 first, guint32 last);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drops: glyphs that are no part of what is read, each with its reason: hidden, undecoded, blank
 * marks, and characters painted twice on one place.
 */
#pragma once

#include "layout.h"

/* Fills layout->dropped; everything else of the layout is still empty. */
void drops_find(Layout *layout, const Page *page);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Given rest: what no line was recognised in of a given text to the glyphs and lines that it can
 * only be: those beside it in the text, those that nothing else was found for, places that could
 * not be read. What it finds no place for stays without a line.
 */
#pragma once

#include "given-placing.h"

/* After given_stretches_find(). */
void given_rest_place(GivenPlacing *p);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pixel runs: what is left of a picture when short runs of its pixels go, or are filled (opening
 * and closing of mathematical morphology, by straight runs and by bricks of them; Serra, "Image
 * Analysis and Mathematical Morphology", 1982).
 *
 * The same as leptonica's, in less time: a run of n is put together from two of half its length, so
 * that it takes log2 n steps and not n. Unit: pixels. New pictures, or NULL without memory.
 */
#pragma once

#include <glib.h>
#include <leptonica/allheaders.h>

/* Bricks of ink (1 bpp) of this width and height, and all that lies in one: pixOpenBrick(). */
PIX *runs_open(PIX *ink, int width, int height);

/* What no such brick of white reaches is filled: pixCloseSafeBrick(). */
PIX *runs_close(PIX *ink, int width, int height);

/* Where a picture (8 bpp) is darker by `contrast` or more than what is on both sides within
 * straight runs of `window`, an odd number: 1 bpp. The runs lie across the lines that are looked
 * for, upright or level ones. What is on both sides: pixCloseGray(). */
PIX *runs_darker(PIX *grey, int window, gboolean upright, int contrast);

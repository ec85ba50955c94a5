/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What paper, lamp, lens, sensor and software of a scanner do to a picture, in that order: tint and
 * uneven light, blur, noise, two grey values, JPEG. Without a setting none of it happens.
 */
#ifndef SAMPLES_SCAN_DEFECTS_H
#define SAMPLES_SCAN_DEFECTS_H

#include "settings.h"

#include <leptonica/allheaders.h>

/* Takes a picture of 8 or 32 bits and returns it worse, or NULL (and frees it) when memory ends.
 * The same page number and settings make the same noise. JPEG is left to the file if it is one. */
PIX *pix_worsen(PIX *pix, const Settings *settings, guint page);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Glyph pictures for tests, drawn by hand. */
#pragma once

#include "glyph-picture.h"

/* A stroke across at height y, one down at x; either may be left out with a negative place. */
static inline GlyphPicture
cross(int x, int y)
{
    GlyphPicture picture = {{0}};
    for (int i = 6; i < 30; i++) {
        for (int k = 0; k < 3; k++) {
            if (y >= 0) {
                picture.ink[(y + k) * GLYPH_SIDE + i] = 255;
            }
            if (x >= 0) {
                picture.ink[i * GLYPH_SIDE + x + k] = 255;
            }
        }
    }
    return picture;
}

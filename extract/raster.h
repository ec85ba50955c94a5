/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Raster: the picture of a page made ready for reading: upright, level, of one resolution and
 * evenly lit, dark text on a white ground everywhere.
 *
 * Unit: pixels, origin top left, y down; RASTER_SCALE of them make a point. The frame is that of
 * the picture: turning it level turns it about its centre and keeps its size, so its corners lose
 * what the turn moves out of it.
 * It cannot know: curled pages (the lines of a thick book bend), perspective of photographs.
 */
#pragma once

#include "page.h"

#include <leptonica/allheaders.h>

/* Tesseract reads best at 300 dpi (library-facts: 200 and 400 dpi are no better). */
#define RASTER_DPI 300
#define RASTER_SCALE (RASTER_DPI / 72.0)

typedef struct {
    PIX *grey;     /* 8 bpp: the ground 255, ink dark, light text on dark turned over */
    PIX *ink;      /* 1 bpp, 1 where there is ink */
    PIX *plain;    /* 8 bpp: as it was, but upright and level */
    double skew;   /* degrees by which the picture was turned clockwise to be level */
    gboolean pale; /* nothing on it is as dark as ink: what is darkest was made so */
    GArray *dark;  /* Rect: dark grounds whose light text was turned over */
} Raster;

static inline void
pix_free(PIX *pix)
{
    pixDestroy(&pix);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PIX, pix_free)

/* The pixels of ink in a picture of 1 bpp; 0 of none. */
static inline int
pix_ink(PIX *pix)
{
    int n = 0;
    pixCountPixels(pix, &n, NULL);
    return n;
}

/* 8-bit grey of any picture leptonica reads: colour maps, alpha, 16 bits and CMYK are seen to.
 * NULL if there is not enough memory. */
PIX *raster_grey(PIX *picture);

/* Makes a picture ready. `grey` is 8 bpp and stays the caller's, `dpi` its resolution. `turn` is
 * the number of quarter turns clockwise that bring it upright. FALSE if there is not enough memory.
 */
gboolean raster_make(PIX *grey, double dpi, int turn, Raster *ret_raster);
void raster_clear(Raster *raster);

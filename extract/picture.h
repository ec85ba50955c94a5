/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Picture: a page rendered on white, and pictures in grey made of it.
 *
 * Unit: pixels, origin top left, y down; `scale` says how many make a point of page.h. Grey values
 * and the channels of a colour (0xRRGGBB) go from 0, black, to 255.
 * Whoever makes a picture clears it: a Picture with picture_clear(), a Grey with grey_clear().
 */
#pragma once

#include "page.h"

#include <leptonica/allheaders.h>
#include <poppler.h>

typedef struct {
    cairo_surface_t *surface;
    int width, height;
    double scale; /* pixels per point */
} Picture;

typedef struct {
    int width, height;
    guint8 *pixels; /* row by row, without padding */
} Grey;

/* Renders the page at `dpi`, or with fewer pixels if it is large. FALSE if cairo or poppler
 * fails. The page has an extent. */
gboolean picture_render(PopplerPage *source, const Page *page, double dpi, Picture *ret_picture);
void picture_clear(Picture *picture);

/* The colour of a pixel that is on the picture. */
guint32 picture_colour(const Picture *picture, int x, int y);

/* How light a colour is to the eye. */
guint8 colour_grey(guint32 colour);

/* The picture in grey. */
Grey picture_grey(const Picture *picture);

/* The same for leptonica: 8 bpp, pixDestroy() it. NULL if there is not enough memory. */
PIX *picture_pix(const Picture *picture);

/* All black. */
Grey grey_new(int width, int height);
void grey_clear(Grey *grey);

/* Rows for columns. */
Grey grey_transposed(const Grey *from);

static inline guint8 *
grey_row(const Grey *grey, int y)
{
    return grey->pixels + (gsize)y * (gsize)grey->width;
}

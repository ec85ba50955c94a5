/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page of a PDF to the picture that a scanner takes of it: turned and skewed, on white.
 *
 * Points are those of the page as displayed, pixels those of the picture; both have their origin
 * top left and y down. The caller owns the picture (pixDestroy).
 */
#ifndef SAMPLES_SCAN_RASTER_H
#define SAMPLES_SCAN_RASTER_H

#include "settings.h"

#include <leptonica/allheaders.h>
#include <poppler.h>

typedef struct {
    double width, height; /* of the page, points */
    int columns, rows;    /* of the picture, pixels */
    cairo_matrix_t to_pixels;
} Geometry;

/* Where the page comes to lie. The picture has the page's size, so skewing cuts off its corners. */
Geometry geometry_of(PopplerPage *page, const Settings *settings);

/* The page in grey (8 bits) or colour (32 bits); FALSE if it is too large or cannot be rendered. */
gboolean page_rasterise(PopplerPage *page, const Geometry *geometry, gboolean colour, PIX **ret_pix,
                        GError **error);

#endif

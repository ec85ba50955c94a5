/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Regions: a page's images into pictures to look into. The tiles of one picture are one region; a
 * picture upon another is one by itself. A picture with a scanner's hidden text upon it is a page
 * that was scanned, any other one beside a text layer an illustration until what is read of it says
 * otherwise (picture-text.h). Unit: points of the page as displayed.
 */
#pragma once

#include "page.h"

typedef struct {
    Rect box;
    gboolean scanned; /* hidden text lies upon it */
} PictureRegion;

/* The regions worth a look; a new array of PictureRegion. */
GArray *regions_find(const Page *page);

/* Which region a place lies in, the smallest if several; -1 for none. */
int region_at(const GArray *regions, double x, double y);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Placing: where the picture of a page lies on the page, found by the text that both have: what is
 * read in the picture and the zones that say it. Pictures may be scaled and cropped; they are level
 * already.
 */
#pragma once

#include "claims.h"
#include "look.h"

/* picture = scale × page + offset, both in points. */
typedef struct {
    double scale_x, scale_y, x, y;
    guint anchors; /* zones it rests on; 0: the size of the picture alone */
    guint sighted; /* zones that were seen nearly whole */
    gboolean lost; /* the picture is not all of the page, and nothing tells which part */
} Placing;

/* exact: the picture was made of the page itself; what its text says must be more than a little off
 * to be believed against that. */
Placing placing_find(const Claims *claims, const ClaimedPage *page, const Look *look,
                     gboolean exact);

Rect placing_to_page(const Placing *placing, Rect picture);
Rect placing_to_picture(const Placing *placing, Rect page);

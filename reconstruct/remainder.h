/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Remainder: the marks of a page that are painted like characters and that nothing accounts for:
 * neither text nor its decoration, neither ruling nor table nor figure. What was painted as
 * characters is accounted for by conservation; this is about the rest: curves, outlines, small
 * filled areas and small pictures, of the size of characters. (Of a page that is a picture,
 * extract/ accounts for the pixels and notices as "unread" what is left.) Unit: points of the page.
 */
#pragma once

#include "layout.h"

typedef struct {
    Rect box;
    guint count; /* of marks */
} Remainder;

/* What remains, groups of marks that stand together; a new array of Remainder. */
GArray *remainder_find(const Page *page, const Layout *layout);

/* How many marks there are in all. */
guint remainder_count(const GArray *remainder);

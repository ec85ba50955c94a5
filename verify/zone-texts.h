/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zone texts: what was seen, and what a text layer says, shared out to the zones of a page by
 * place, in the order of reading.
 */
#pragma once

#include "claims.h"
#include "placing.h"

typedef struct {
    GArray *seen; /* guint: indices into the look's chars, as they are read */
    gunichar *chars;
    guint n;
    double confidence; /* mean */
    GArray *layer;     /* gunichar: what a PDF's text layer has there; NULL for page images */
} ZoneText;

/* One for each zone of the page and one more: what lies in no zone. */
GArray *zone_texts_share(const Claims *claims, const ClaimedPage *page, const Look *look,
                         const Placing *placing);

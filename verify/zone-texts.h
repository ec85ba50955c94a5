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
    double confidence;    /* mean */
    GArray *layer;        /* gunichar: what a PDF's text layer has there; NULL for page images */
    GArray *layer_glyphs; /* guint: which of the layer's glyphs say it */
} ZoneText;

/* One for each zone of the page and one more: what lies in no zone. */
GArray *zone_texts_share(const Claims *claims, const ClaimedPage *page, const Look *look,
                         const Placing *placing);

/* What was seen in a zone, character by character across, or down, whatever lines it was read in. A
 * new array as `seen`. */
GArray *zone_text_in_order(const ZoneText *text, const Look *look, gboolean vertical);

/* Puts what is seen in another order. */
void zone_text_reorder(ZoneText *text, const Look *look, GArray *seen);

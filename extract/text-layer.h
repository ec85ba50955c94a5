/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text layer: a page's evidence without the paint trace, for builds that do not have it.
 *
 * Characters come from poppler-glib's text page; that there are images, poppler's image mapping
 * tells; rulings and filled areas are looked for in a rendering of the page (rendered-rulings.h).
 * Unit and origin as in page.h.
 *
 * It cannot know: which text is hidden, undecoded or set by ActualText (painted_known is FALSE),
 * text of annotations, character codes, blanks (poppler makes its spaces up at gaps: none is kept),
 * the true baseline (estimated, mostly within 0.1 em), the direction of a character that stands
 * alone, where exactly images are.
 */
#pragma once

#include "page.h"

#include <poppler.h>

#define TEXT_LAYER_ERROR (text_layer_error_quark())
GQuark text_layer_error_quark(void);

typedef enum {
    TEXT_LAYER_ERROR_NO_PAGE, /* no such page, or poppler cannot read it */
} TextLayerError;

/* The page of this index (from 0); page_free() it. A page that cannot be rendered has its text and
 * a notice "render-error". Sound as of page-wire.h. NULL with a TEXT_LAYER_ERROR. */
Page *text_layer_page(PopplerDocument *document, int index, GError **error);

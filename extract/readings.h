/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Readings: two readings of one line, that of a scanner's hidden text layer and our own of the
 * picture, made one. Where they differ, the surer one is taken and both are noticed.
 */
#pragma once

#include "page.h"

/* ours: Glyph of one line in order, read from the picture; layer: Glyph of the hidden text that
 * lies on it, in order. Returns the line's glyphs, a new array; each is either one of ours or one
 * of the layer's, moved to where ours stood. Differences are noticed on the page as "readings".
 * NULL if ours says nothing of what the layer says and is poor: then the layer alone is to be
 * believed. */
GArray *readings_merge(const GArray *ours, const GArray *layer, gboolean vertical, Page *page);

/* Whether the layer's text is believable by itself, where the picture could not be read. */
gboolean readings_layer_is_text(const GArray *layer);

/* The part, 0 to 1, of the longer of two texts on which both agree; char_plain() both before. */
double readings_agreement(const gunichar *a, guint n, const gunichar *b, guint m);

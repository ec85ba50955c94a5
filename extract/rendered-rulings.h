/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rendered rulings: the page's rulings and filled areas, looked for in a rendering of the page.
 *
 * Unit and origin as in page.h. The page has its glyphs and images: they tell what is no ruling.
 *
 * It cannot know: rulings within images, a ruling shorter than three ems that does not span two
 * others, the true width of a hairline, anything light on a dark ground.
 */
#pragma once

#include "page.h"

#include <poppler.h>

/* Adds them to the page that `source` is, as many as it may have; a notice "render-error" where it
 * cannot be rendered. */
void rendered_rulings_add(Page *page, PopplerPage *source);

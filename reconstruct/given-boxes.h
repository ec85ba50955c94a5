/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Given boxes: a given text whose characters have lines and glyphs into a page, each character in
 * the box of its glyph. Those that have none share the box of one beside them in their line;
 * those without a line come below the page, each stretch noticed ("unplaced"). Where picture and
 * text disagree, both are noticed ("given").
 */
#pragma once

#include "given-placing.h"

/* A new page: the evidence of the page that was read, with the text's characters for its glyphs. */
Page *given_boxes_fill(const GivenPlacing *p);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Suspects: the fonts of a page that may be wrong about their characters, from the trace alone: a
 * font whose Unicode table is shifted, broken or guessed says characters that no such text has.
 *
 * Looked for: private-use and control characters, ideographs that Japanese does not use and letters
 * of far scripts on a page that has kana, Latin letters in proportions that no language has.
 * It cannot see: a wrong table that gives nothing but plausible characters.
 */
#pragma once

#include "page.h"

typedef struct Suspects Suspects;

/* NULL if the page has none, as nearly all pages. */
Suspects *suspects_find(const Page *page);
void suspects_free(Suspects *suspects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Suspects, suspects_free)

/* Whether a glyph's font is a suspect. Ideographs are never on a page that is not Japanese. */
gboolean suspects_font(const Suspects *suspects, const Page *page, const Glyph *glyph);

/* Whether a glyph of such a font is worth reading: its character is not a usual one, or hardly any
 * character of the font is to be believed. */
gboolean suspects_glyph(const Suspects *suspects, const Page *page, const Glyph *glyph);

/* Notices each of them as "suspect-font", with what is odd and how often. */
void suspects_notice(const Suspects *suspects, Page *page);

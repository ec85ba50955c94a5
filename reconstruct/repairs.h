/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Repairs: fonts that are wrong about their characters, set right from what is read where they
 * stand. In a font the same code stands for the same printed character all over a document, so all
 * that was read where it stands (readings of page.h) votes on what it is.
 *
 * In: pages with readings. Out: the same pages with other characters for some codes. A font that is
 * right stays as it is: see repairs.c for how clear a vote must be.
 * Keeps some hundred bytes per code of a doubtful font, not the pages.
 */
#pragma once

#include "page.h"

typedef struct Repairs Repairs;

Repairs *repairs_new(void);
void repairs_free(Repairs *repairs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Repairs, repairs_free)

/* Counts the readings of a page. */
void repairs_add(Repairs *repairs, const Page *page);

/* After the last page: decides. TRUE if anything is to be repaired. */
gboolean repairs_decide(Repairs *repairs);

/* Repairs the caller's copy of a page: glyphs get the character that was decided and, if their font
 * said another one, GLYPH_REPAIRED and a reading that keeps what it said; a notice "repaired" tells
 * each font and its characters. TRUE if anything was changed: layouts of the page are void then. */
gboolean repairs_apply(const Repairs *repairs, Page *page);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hyphens: which ones at a line's end only break a word (exam-ple) and which belong to it
 * (trace-based). A dictionary would have to know the language; the document's own words do.
 *
 * Keeps a set of the hashes of at most some 200,000 words. Cannot tell a compound that occurs once,
 * broken, and neither half of which is another word of the document.
 */
#pragma once

#include "document.h"

typedef struct Hyphens Hyphens;

Hyphens *hyphens_new(void);
void hyphens_free(Hyphens *hyphens);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hyphens, hyphens_free)

/* Takes in the Latin words of a page. */
void hyphens_add(Hyphens *hyphens, const Page *page, const Layout *layout);

/* Takes hyphens that only break words out of a paragraph; returns how many. */
guint hyphens_drop(const Hyphens *hyphens, Paragraph *paragraph);

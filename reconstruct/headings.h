/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Headings: which paragraphs of a document are headings, and of what level, decided once for all of
 * it, so that what looks the same is the same. Keeps a record of some hundred bytes per paragraph
 * outside of tables, not the pages.
 */
#pragma once

#include "kinds.h"
#include "survey.h"

typedef struct Headings Headings;

Headings *headings_new(void);
void headings_free(Headings *headings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Headings, headings_free)

/* Pages in ascending order. */
void headings_add(Headings *headings, const Page *page, const Layout *layout);

/* After the last page: decides. The survey must have decided. */
void headings_finish(Headings *headings, const Survey *survey);

/* The level, from 1, of the paragraph that begins with this line of its page; 0 if it is no
 * heading, below 0 if no such paragraph was seen. */
int headings_level(const Headings *headings, guint32 page, guint line);

/* The level headings of this look have; 1 if there are none. */
int headings_level_of_look(const Headings *headings, const Look *look);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Given texts: which text each page of some pictures has, from texts as they are in their files.
 * Nothing of them is looked at before a page is asked for, in the process that reads the page: a
 * text that is not in its encoding, or has not as many pages as its pictures, costs its own pages.
 */
#pragma once

#include "source.h"

/* What has no text. */
#define GIVEN_NO_TEXT G_MAXUINT32

typedef struct GivenTexts GivenTexts;

/* encoding: as text_input_decode() takes it, borrowed. */
GivenTexts *given_texts_new(const char *encoding);
void given_texts_free(GivenTexts *texts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GivenTexts, given_texts_free)

/* One more text, and which of the source's files it has (GArray of guint32: of each file the number
 * of its text, from 0 in the order of their being added, or GIVEN_NO_TEXT). Without that the first
 * has all. */
void given_texts_add(GivenTexts *texts, GBytes *bytes);
void given_texts_share(GivenTexts *texts, const GArray *text_of);

/* The text of page `number`, borrowed: the pages of a text are those of its pictures in their
 * order. NULL in ret_text: it has none. FALSE with an error of EXTRACT_ERROR. */
gboolean given_texts_page(const GivenTexts *texts, const Source *source, guint32 number,
                          const char **ret_text, GError **error);

/* What they are, for the hash of a document: the hash of each, and which pictures it has. */
void given_texts_hash(const GivenTexts *texts, GChecksum *sum);

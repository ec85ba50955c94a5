/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents, texts: which plain texts of a folder say what is on which of its page images, by their
 * names alone (documents.h has the rule).
 *
 * The text of a folder may stand beside it, in the folder above: so that one must have been looked
 * at before.
 */
#pragma once

#include "documents-build.h"

/* Ends with .txt. */
gboolean text_name_is_one(const char *name);

/* The texts of one folder. */
typedef struct {
    const DocumentText **of; /* of each that was found: the text of its pages; NULL: it has none */
    gboolean *paired;        /* of each: it is the text of an image there */
    gboolean beside;         /* the text of its images is beside the folder */
    GPtrArray *texts;        /* DocumentText *, what `of` points to */
} FolderTexts;

/* found: Found, in the order of pages. Texts of PDFs become others; an image is wanted if its text
 * is. one: the folder is a document. */
FolderTexts *folder_texts_find(Documents *documents, const char *folder, GArray *found,
                               gboolean one);
void folder_texts_free(FolderTexts *texts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FolderTexts, folder_texts_free)

/* documents->beside, and whether a folder beside the text at `path` has taken it. */
GHashTable *texts_beside_new(void);
gboolean texts_beside_is_taken(const Documents *documents, const char *path);

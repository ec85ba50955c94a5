/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text document: plain text alone, without pictures, into a document: its pages one after the
 * other, the columns told by the text.
 */
#pragma once

#include <stdio.h>

#include "join-model.h"
#include "write.h"

/* What is said once where there is no model; with why. */
#define TEXT_WITHOUT_MODEL "put in order without the model of Japanese, so less well: %s"

typedef struct {
    const char *text;          /* UTF-8; form feeds end its pages */
    const JoinModel *model;    /* or NULL: the text's own words judge alone */
    const char *name, *sha256; /* of the source; the hash may be NULL */
    guint jobs;                /* threads for a page; 0: one */
    /* Before and after each page (from 1; of so many), or NULL. Before: why it is not to be read,
     * borrowed, or NULL. After: how many characters it has. */
    const char *(*before)(guint32 number, guint pages, gpointer user_data);
    void (*after)(guint32 number, guint characters, gpointer user_data);
    gpointer user_data;
} TextDocument;

/* Writes it as XML, by a new writer, and as plain text, or only one of the two (NULL). FALSE with
 * errno if that cannot be written. */
gboolean text_document_write(const TextDocument *document, OutputWriter *writer, FILE *xml,
                             FILE *text);

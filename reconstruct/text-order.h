/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text order: pages of plain text, some with the lines of table columns mixed, into text and blocks
 * in reading order. What is in order already is left as it is.
 */
#pragma once

#include "document.h"
#include "line-joins.h"
#include "text-columns.h"

/* A stretch of a page in reading order: lines as they came, or a table. */
typedef struct {
    gboolean is_table;
    guint32 first, last; /* lines of the page, from 0, when as they came */
    guint32 from, to;    /* placements of the reading, the last one not included */
} TextStretch;

typedef struct {
    const TextPage *page;
    TextReading *reading;
    TextColumns columns;
    GArray *stretches; /* TextStretch, in reading order */
} TextOrder;

/* The order of a page's lines, found on up to `jobs` threads; text_order_free() it. `judge`, which
 * may be NULL, is asked by all of them. */
TextOrder *text_order_find(const TextPage *page, const JoinJudge *judge, guint jobs);
void text_order_free(TextOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextOrder, text_order_free)

/* The page as plain text: lines as they came, rows as the paragraphs of their cells, one a line,
 * and an empty line after each. */
void text_order_print(const TextOrder *order, GString *out);

/* The page to a document's writer. `zones`: how many zones the document has so far, counted on. */
void text_order_write(const TextOrder *order, Writer *writer, guint32 *zones);

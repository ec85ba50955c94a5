/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Record: a writer that writes down what it is handed, one line each, for tests to compare.
 *
 *   h2 text · p text · item text · note text · caption text · figure a / b
 *   table 3 · row a / b|c · cells with spans as text{rows x columns}, header cells as *text ·
 * /table page 1 head=… folio=…   only where `pages` is set
 */
#pragma once

#include "document.h"

typedef struct {
    Writer writer; /* first */
    GString *text;
    gboolean pages; /* write down page records too */
} Record;

void record_init(Record *record);
void record_clear(Record *record);

/* What these pages, as one document, hand to a writer; asserts that characters are conserved.
 * g_free it. */
char *document_text(Page *const *pages, guint count);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HeaderRows: which pages end with a table whose first row the next page says again, above the rest
 * of the table. Such a row heads the columns, however plain it looks.
 *
 * Keeps two hashes a page. Cannot tell a table that stands on one page only.
 */
#pragma once

#include "document.h"

typedef struct HeaderRows HeaderRows;

HeaderRows *header_rows_new(void);
void header_rows_free(HeaderRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HeaderRows, header_rows_free)

/* Pages in ascending order. */
void header_rows_add(HeaderRows *rows, const Page *page, const Layout *layout);

/* Does the first row of this table of the page come again at the top of the next page? */
gboolean header_rows_repeat(const HeaderRows *rows, guint32 page, const Layout *layout,
                            const Table *table);

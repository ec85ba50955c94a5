/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Store: pages and their layouts between the two looks at a document. The first look asks what the
 * document as a whole says, the second puts it together; in between the pages lie in an unlinked
 * temporary file, so that memory does not grow with the document. A few stay in memory.
 */
#pragma once

#include "layout.h"

typedef struct PageStore PageStore;

PageStore *page_store_new(void);
void page_store_free(PageStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageStore, page_store_free)

/* Appends the wire forms of a page and its layout. FALSE with a GFileError if there is no room for
 * them, and nothing can be added any more. */
gboolean page_store_add(PageStore *store, guint32 number, const guint8 *page, gsize page_size,
                        const guint8 *layout, gsize layout_size, GError **error);

/* Appends a page that could not be read. */
void page_store_add_failed(PageStore *store, guint32 number, const char *why);

guint page_store_count(const PageStore *store);
guint32 page_store_number(const PageStore *store, guint index);
const char *page_store_failure(const PageStore *store, guint index); /* NULL if it was read */

/* Reads one back. FALSE with a GFileError. */
gboolean page_store_read(PageStore *store, guint index, Page **ret_page, Layout **ret_layout,
                         GError **error);

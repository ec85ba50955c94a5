/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page dump: pages as XML (namespace urn:yomijun:page:1, schema page-dump.rng) that carries all of
 * the model and that people can read, cut down and change: a bug report, and what tests of the
 * passes start from.
 *
 * A dump is one file, <page-dump version="1"> around any number of <page>, whose numbers rise (what
 * is known of the document as a whole is looked up by them), in which stand <font>,
 * <style>, <g> (a glyph), <ruling>, <area>, <image>, <shape>, <notice> and <reading>, indices
 * counted from 0. They stand in this order, fonts before the styles, styles before the glyphs and
 * these before the readings that name them; only the latter is asked of what is read. Unit and
 * origin as in page.h; attributes at their default are left out; white space between elements says
 * nothing. Numbers have as many digits as they need: what is read and written again is the same
 * bytes. In names and texts, bytes that XML cannot hold stand as \xHH, and \ as \\.
 *
 * Both ways work page by page; the file as a whole is never in memory. The reader trusts nothing:
 * no DTD, no entities of the file's own, nothing from the network, the limits of page.h.
 */
#pragma once

#include "page.h"

#include <stdio.h>

#define PAGE_DUMP_NAMESPACE "urn:yomijun:page:1"

#define PAGE_DUMP_ERROR (page_dump_error_quark())
GQuark page_dump_error_quark(void);

typedef enum {
    PAGE_DUMP_ERROR_DAMAGED, /* no well-formed XML, or not to be read to its end */
    PAGE_DUMP_ERROR_INVALID, /* XML, but no page dump: an element, attribute, value, index */
    PAGE_DUMP_ERROR_LIMIT,   /* more on a page than page.h allows */
} PageDumpError;

/* Writing: begin, any number of pages, end; what was written stays with `out`, not flushed.
 * The page is sound (page-wire.h). FALSE with a GFileError when `out` takes no more. */
gboolean page_dump_begin(FILE *out, GError **error);
gboolean page_dump_write(FILE *out, const Page *page, GError **error);
gboolean page_dump_end(FILE *out, GError **error);

typedef struct PageDump PageDump;

/* Opens the file of this name for page_dump_next(). NULL with a GFileError. */
PageDump *page_dump_open(const char *path, GError **error);

/* The same for a stream, which stays the caller's; `name` is what error messages call it. */
PageDump *page_dump_open_stream(FILE *in, const char *name);

void page_dump_close(PageDump *dump);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageDump, page_dump_close)

/* Reads on. TRUE with the next page, to be page_free()d, or with NULL after the last one; FALSE
 * with a PAGE_DUMP_ERROR whose message tells file and line, after which there is no reading on. */
gboolean page_dump_next(PageDump *dump, Page **ret_page, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages: a document read by worker processes, page by page.
 *
 * Each worker opens the document by itself, so that a page that crashes, hangs or eats memory costs
 * that page alone, and whatever poppler does happens outside of the process that writes the result.
 * Pages come out in ascending order whatever the number of workers. A page that fails in a worker
 * that has read others before is tried once more alone.
 */
#pragma once

#include "death.h"
#include "worker.h"

/* Limits of a worker; a document that cannot be opened, or a page that cannot be read within them,
 * fails. */
#define PAGE_SECONDS 8            /* processor time for a page, or for opening */
#define OCR_SECONDS 120           /* the same for a page with OCR */
#define PAGE_WALL_SECONDS 300     /* real time, for a worker that waits for something */
#define WORKER_BYTES (900u << 20) /* memory of its own */

/* What became of one page. */
typedef struct {
    guint32 number;
    PageFailure failure;
    const guint8 *first, *second; /* what was made of it; NULL where the page failed */
    gsize first_size, second_size;
    const char *why; /* one line, where it failed */
} PageResult;

typedef gboolean (*PageSink)(const PageResult *result, gpointer user_data, GError **error);

typedef struct PageReader PageReader;

/* Starts `jobs` workers on this input, which stays the caller's, as options and task do. An error
 * of EXTRACT_ERROR if the document cannot be opened, and in ret_failure (NULL is fine) why. */
PageReader *page_reader_new(const Input *input, const SourceOptions *options, const PageTask *task,
                            int jobs, PageFailure *ret_failure, GError **error);
void page_reader_free(PageReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageReader, page_reader_free)

/* While it runs, each byte that comes in on `leave` (not blocking, or -1) is leave for one more
 * worker. After `deadline` (microseconds of the monotonic clock, 0: none) the pages that are not
 * read yet fail. */
void page_reader_bound(PageReader *reader, int leave, gint64 deadline);

const PdfFacts *page_reader_facts(const PageReader *reader);

/* What the sandbox of the workers enforces, SandboxFlags. */
guint page_reader_sandbox(const PageReader *reader);

/* The name of the file that has this page, if the input is a folder; else NULL. */
char *page_reader_file(const PageReader *reader, guint32 number);

/* Reads these pages (guint32, ascending) and hands each to the sink, in order. FALSE if the sink
 * failed, with EXTRACT_ERROR_MISSING if a model for OCR is not installed, or with
 * G_IO_ERROR_CANCELLED-like code INTERRUPTED below after a signal. */
gboolean page_reader_run(PageReader *reader, GArray *numbers, PageSink sink, gpointer user_data,
                         GError **error);

#define PAGES_ERROR (pages_error_quark())
GQuark pages_error_quark(void);
typedef enum { PAGES_ERROR_INTERRUPTED, PAGES_ERROR_SYSTEM } PagesError;

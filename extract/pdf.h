/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pdf: a PDF file opened for reading, and its pages as evidence.
 *
 * poppler-glib opens it and tells what the document says of itself; the paint trace (or, in a build
 * without it, poppler's text page and a rendering) reads the pages.
 */
#pragma once

#include "page.h"

#include <leptonica/allheaders.h>

#define EXTRACT_ERROR (extract_error_quark())
GQuark extract_error_quark(void);

typedef enum {
    EXTRACT_ERROR_OPEN,      /* there is no such file, or it may not be read */
    EXTRACT_ERROR_DAMAGED,   /* no PDF, or damaged beyond use */
    EXTRACT_ERROR_ENCRYPTED, /* the password is missing or wrong */
    EXTRACT_ERROR_MISSING,   /* a model for OCR is not installed */
    EXTRACT_ERROR_UNKNOWN,   /* no kind of file that is read */
} ExtractError;

typedef struct Pdf Pdf;

typedef struct {
    char *title;   /* UTF-8, or NULL */
    char *created; /* ISO 8601, or NULL */
    guint pages;
    GHashTable *outline; /* title without white space → level from 1; NULL where there is none */
} PdfFacts;

/* Opens the document; the descriptor stays the caller's and must stay open. password may be NULL.
 */
Pdf *pdf_open(int fd, const char *password, GError **error);
void pdf_free(Pdf *pdf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pdf, pdf_free)

/* Borrowed. */
const PdfFacts *pdf_facts(const Pdf *pdf);

/* The evidence of page `number` (from 1); page_free() it. An error if poppler cannot give it. */
Page *pdf_page(Pdf *pdf, guint number, GError **error);

/* Page `number` as it is seen, in 8-bit grey at `dpi` or, where it is large, at less: ret_dpi.
 * pixDestroy() it. */
PIX *pdf_picture(Pdf *pdf, const Page *page, double dpi, double *ret_dpi, GError **error);

/* "22.12.0", and whether this build has a paint trace. */
const char *pdf_poppler_version(void);
gboolean pdf_has_paint_trace(void);

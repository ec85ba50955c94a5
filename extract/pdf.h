/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pdf: a PDF file opened for reading, and its pages as evidence.
 *
 * poppler-glib opens it and tells what the document says of itself; the paint trace (or, in a build
 * without it, poppler's text page and a rendering) reads the pages.
 */
#pragma once

#include "page.h"

#define EXTRACT_ERROR (extract_error_quark())
GQuark extract_error_quark(void);

typedef enum {
    EXTRACT_ERROR_OPEN,      /* there is no such file, or it may not be read */
    EXTRACT_ERROR_DAMAGED,   /* no PDF, or damaged beyond use */
    EXTRACT_ERROR_ENCRYPTED, /* the password is missing or wrong */
} ExtractError;

typedef struct Pdf Pdf;

typedef struct {
    char *title;   /* UTF-8, or NULL */
    char *created; /* ISO 8601, or NULL */
    guint pages;
    GHashTable *outline; /* title without white space → level from 1; NULL where there is none */
} PdfFacts;

/* A descriptor of the file at `path`, or, for "-", of a nameless copy of standard input; close()
 * it. It is read by position, so processes may share it. -1 with an error. */
int pdf_read(const char *path, GError **error);

/* Opens the document; the descriptor stays the caller's and must stay open. password may be NULL.
 */
Pdf *pdf_open(int fd, const char *password, GError **error);
void pdf_free(Pdf *pdf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pdf, pdf_free)

/* Borrowed. */
const PdfFacts *pdf_facts(const Pdf *pdf);

/* The evidence of page `number` (from 1); page_free() it. An error if poppler cannot give it. */
Page *pdf_page(Pdf *pdf, guint number, GError **error);

/* "22.12.0", and whether this build has a paint trace. */
const char *pdf_poppler_version(void);
gboolean pdf_has_paint_trace(void);

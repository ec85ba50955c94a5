/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Source: whatever holds the pages of a document, a PDF or page images, and its pages as evidence,
 * read from the text layer, from the picture, or from both.
 */
#pragma once

#include "input.h"
#include "page.h"
#include "pdf.h"
#include "recognise.h"

typedef enum {
    OCR_AUTO, /* only what the text layer does not give */
    OCR_NEVER,
    OCR_ALWAYS,
} OcrMode;

typedef struct {
    const char *password;  /* or NULL */
    const char *languages; /* as tesseract takes them */
    double dpi;            /* of the rendering, and of images that do not say theirs; or 0 */
    OcrMode ocr;
} SourceOptions;

typedef struct Source Source;

/* Input and options stay the caller's and must live as long. An error of EXTRACT_ERROR. */
Source *source_open(const Input *input, const SourceOptions *options, GError **error);
void source_free(Source *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)

/* Borrowed. Page images have no title, dates and outline. */
const PdfFacts *source_facts(const Source *source);

/* How many pages each image file has, in the order of the input: a new array of guint32; NULL for a
 * PDF. */
GArray *source_file_pages(const Source *source);

/* The evidence of page `number` (from 1); page_free() it. Whenever OCR is about to begin,
 * `on_ocr` is called: it takes seconds. Errors of EXTRACT_ERROR; _MISSING if a model is not
 * installed. */
Page *source_page(Source *source, guint number, void (*on_ocr)(void), GError **error);

/* The picture of page `number`: 8 bpp grey and its resolution; of a PDF a rendering at 300 dpi or
 * as the options say, and ret_page its evidence without OCR (page_free() it; else NULL).
 * pixDestroy() it. */
PIX *source_picture(Source *source, guint number, double *ret_dpi, Page **ret_page, GError **error);

/* Borrowed, made when it is first asked for. */
Recogniser *source_recogniser(Source *source, void (*on_ocr)(void), GError **error);

/* The file's name of a page of an image set, borrowed; NULL for a PDF. */
const char *source_page_file(const Source *source, guint number);

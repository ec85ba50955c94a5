/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Extraction: one input made into its document, whoever asks for it: a command, or a batch.
 *
 * Two looks. First every page is read and laid out (by workers) into a store, and the survey keeps
 * its small record of each; then the survey decides, and the pages are put together one after the
 * other. Where fonts turn out to be wrong, the pages are repaired in between and looked at again;
 * the evidence that is dumped is that of the first look.
 *
 * Messages go to standard error (messages.h).
 */
#pragma once

#include <stdio.h>

#include "input.h"
#include "options.h"
#include "pages.h"

/* What became of a page. */
typedef struct {
    guint32 number;
    PageFailure failure;
    char *why;        /* where it failed */
    guint characters; /* in the document */
    guint unread;     /* places with ink that no text accounts for */
    gboolean ocr;     /* used on it */
    gboolean no_text; /* marks, but no text that can be read */
    gboolean damaged; /* its content is damaged; what could be read is there */
    gboolean unlike;  /* little of its given text was found on its picture */
} PageOutcome;

/* What became of a document; extraction_record_clear() it. */
typedef struct {
    GArray *pages; /* PageOutcome, those that were asked for; NULL if it did not come so far */
    PageFailure failure; /* why it could not be opened, or no page be read */
    char *why;           /* the same as a line; else NULL */
    GPtrArray *unfit;    /* char *: a line for each correction that was not put in; or NULL */
} ExtractionRecord;

void extraction_record_clear(ExtractionRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ExtractionRecord, extraction_record_clear)

/* Where a document goes in one format: "xml", "text", "page". */
typedef struct {
    const char *format;
    const char *path; /* NULL: standard output, or `stream` */
    FILE *stream;     /* open for writing, the caller's; or NULL */
} ExtractionOutput;

/* Reads what options->input names, found as `input`, and writes it to each output. `name`: of the
 * source. The exit code of messages.h; record: what became of the pages, or NULL. */
int extraction_run(const Options *options, const Input *input, const char *name,
                   const ExtractionOutput *outputs, guint n_outputs, ExtractionRecord *record);

/* The same from the page dump that options->input names. */
int extraction_from_dump(const Options *options, const ExtractionOutput *output);

/* Which options can change the result, for <producer>; a new string. */
char *extraction_options(const Options *options);

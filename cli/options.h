/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Options: the command line into values. Wrong usage is an error of G_OPTION_ERROR.
 */
#pragma once

#include "batch-options.h"
#include "given-texts.h"
#include "source.h"

typedef struct {
    char *input;
    char *document; /* of verify: what is verified against the input; of diff: what is old */
    char *html, *annotate;
    double threshold;
    char *output;      /* NULL: standard output */
    char *format;      /* xml, text, page */
    char *colour;      /* of diff: auto, always, never */
    char *pages;       /* LIST as given, or NULL for all */
    char *password;    /* or NULL */
    int jobs;          /* at least 1 */
    char *corrections; /* of process: a file; of batch: a folder; or NULL */
    char *languages;
    double dpi; /* 0: not given */
    OcrMode ocr;
    gboolean strict, validate, quiet;
    gboolean from_text;      /* of reconstruct: the input is plain text, no page dump */
    char *encoding;          /* of that, and of texts in a batch; NULL: UTF-8 */
    char *image;             /* a picture of it, or NULL */
    const GivenTexts *texts; /* of extraction: of the pages of the pictures, borrowed; or NULL */
    /* Of a document in a batch: descriptors where leave for one more worker comes in and each step
     * is told, or -1; and when it must end, microseconds of the monotonic clock, or 0. */
    int leave, steps;
    gint64 deadline;
    const char *sha256; /* of the input, if it is known; borrowed */
    BatchOptions batch;
} Options;

/* argv after the command's name; `command` is that of main.c. NULL with an
 * error; or NULL without one when help was asked for and printed. */
Options *options_parse(const char *command, int argc, char **argv, GError **error);
void options_free(Options *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Options, options_free)

/* "1-3,7,10-" over a document of `count` pages: GArray of guint32, ascending, each once. NULL with
 * an error if it is no such list or names a page that does not exist. */
GArray *page_list_parse(const char *list, guint count, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Worker: the process that opens the document and reads the pages it is asked for. It speaks over
 * two pipes: numbers of pages (guint32) come in, messages go out.
 */
#pragma once

#include "source.h"

typedef enum {
    MESSAGE_FACTS,      /* first of all: a serialised GVariant of FACTS_TYPE */
    MESSAGE_OPEN_ERROR, /* … or why not: `number` is the ExtractError, the payload a line; also
                         * later, when something turns out to be missing */
    MESSAGE_PAGE,       /* the wire forms of page and layout */
    MESSAGE_FAILED,     /* a line that says why */
} MessageKind;

/* title, created, pages, outline, pages of each image file */
#define FACTS_TYPE "(msmsua{si}au)"

typedef struct {
    guint32 kind, number;
    guint64 first_size,
        second_size; /* bytes that follow: page wire and layout wire, or a payload */
} Message;

/* Runs until `in` ends; never returns. */
G_NORETURN void worker_run(const Input *input, const SourceOptions *options, int in, int out);

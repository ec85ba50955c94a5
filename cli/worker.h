/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Worker: the process that opens the document and reads the pages it is asked for. It speaks over
 * two pipes: numbers of pages (guint32) come in, messages go out. It does so in a sandbox
 * (sandbox.h), from before the document is opened.
 */
#pragma once

#include "source.h"

typedef enum {
    MESSAGE_FACTS,      /* first of all: a serialised GVariant of FACTS_TYPE */
    MESSAGE_OPEN_ERROR, /* … or why not: `number` is the ExtractError, the payload a line; also
                         * later, when something turns out to be missing */
    MESSAGE_PAGE,       /* what was made of a page */
    MESSAGE_FAILED,     /* a line that says why */
} MessageKind;

/* title, created, pages, outline, pages of each image file, SandboxFlags */
#define FACTS_TYPE "(msmsua{si}auu)"

/* Why a page is not read once the deadline is over. */
#define WORKER_LATE "not read: the time for the whole document was over"

typedef struct {
    guint32 kind, number;
    guint64 first_size,
        second_size; /* bytes that follow: what the work gave, or a payload in the first */
} Message;

/* What a worker makes of a page: two pieces of bytes, whatever they mean. on_ocr: to be called when
 * OCR begins. FALSE with an error of EXTRACT_ERROR. */
typedef gboolean (*PageWork)(Source *source, guint32 number, void (*on_ocr)(void),
                             gconstpointer user_data, GByteArray *first, GByteArray *second,
                             GError **error);

typedef struct {
    PageWork work;
    gconstpointer user_data; /* the worker has its own copy, of the time when it is started */
} PageTask;

/* What every process that reads a document does when it is forked: it ends with its parent, has its
 * limits, is silent, and keeps no descriptors but the standard ones and those it needs. */
void worker_begin(pid_t parent, int *needed, guint n_needed);

/* Processor time from now on, for what is read next: then the process ends by SIGPROF. */
void worker_page_begins(void);

/* Runs until `in` or the process that forked it ends; never returns. */
G_NORETURN void worker_run(const Input *input, const SourceOptions *options, const PageTask *task,
                           int in, int out, pid_t parent);

/* Loads what all workers need, so that those forked from now on have it: poppler with its data,
 * fonts, the sandbox's rules. Nothing of anybody's is read for it. Returns a descriptor that forked
 * processes keep, or -1. */
int worker_warm_up(void);

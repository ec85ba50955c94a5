/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Task: one document, extracted by a process of its own, which is forked from the batch and ends
 * with it. It starts the workers that parse (pages.h) and puts together what they give.
 *
 * It speaks in lines: "I PID", which leads a group of its own; "H SHA256" of the bytes; "S DONE
 * ALL" for each page; at the end "P NUMBER FAILURE CHARACTERS UNREAD OCR NO-TEXT DAMAGED
 * UNLIKE<tab>WHY" for each page, "C …" (former.h) for each change, "X …" for each correction that
 * does not fit, "O SHA256 BYTES" of the result, and "E CODE FAILURE<tab>WHY". After H it waits for
 * an answer that ends with NUL: "go", "stop", or "copy SHA256 PATH": the result of a document of
 * the same bytes. What comes on standard error are its warnings.
 */
#pragma once

#include <sys/types.h>

#include "options.h"

/* A task puts together what its workers read: memory of its own, beside what it inherits. */
#define TASK_BYTES (1u << 30)

typedef struct {
    const Options *options; /* of the extraction */
    char *name;             /* of the source, for the document */
    char *path;             /* of a file or folder; NULL where the next are used */
    GPtrArray *images;      /* paths of page images, or NULL */
    gboolean folder;        /* … which are a folder's */
    GPtrArray *texts;       /* paths of plain texts of their pages, or if there are no images of the
                               whole document; or NULL */
    GArray *text_of;        /* guint32: of each image which text has its pages, GIVEN_NO_TEXT for
                               none; or NULL */
    int fd;                 /* of a PDF, or -1 */
    int output;             /* where the result is written, open for reading and writing */
    int text;               /* the same as plain text, or -1 */
    char *former;           /* path of the result that this one takes the place of, or NULL */
    char *corrections;      /* path of the corrections that people made, or NULL */
} Task;

void task_clear(Task *task);

/* In a forked child; report: lines go out; answer: they come in; messages: standard error. */
G_NORETURN void task_run(const Task *task, int report, int answer, int messages, pid_t parent);

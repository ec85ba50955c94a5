/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text task: a document of plain text alone, read by a process of its own, in the sandbox of
 * workers (worker.h) and within their limits. A page that it dies over costs that page: another one
 * leaves it out.
 */
#pragma once

#include "extraction.h"

/* Loads what they all need, before any is forked: the model of Japanese. FALSE with an error if
 * there is none; then they do without. */
gboolean text_task_warm_up(GError **error);

typedef struct {
    GBytes *bytes;        /* of the text */
    const char *encoding; /* or NULL */
    const char *name, *sha256;
    int output, text; /* descriptors: of the XML, and of plain text or -1 */
    int steps;        /* where each step is told, as progress.h does */
    gint64 deadline;  /* microseconds of the monotonic clock */
} TextTask;

/* An exit code of messages.h, and what became of the pages. */
int text_task_run(const TextTask *task, ExtractionRecord *record);

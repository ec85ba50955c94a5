/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BatchOptions: what the command batch takes beside what other commands take too.
 */
#pragma once

#include <glib.h>

typedef enum { BATCH_EXTRACT, BATCH_STATUS, BATCH_MERGE, BATCH_ACCEPT } BatchWhat;

typedef struct {
    BatchWhat what;
    char *accept_class;  /* or NULL for all */
    char **paths;        /* of documents to accept; NULL for all */
    guint shard, shards; /* from 1; 0, 0 for all */
    gboolean dry_run, rehash, retry_failed;
    gboolean list, null; /* paths come on standard input; they end with NUL */
    gboolean text;       /* plain text too */
    gboolean texts;      /* plain texts are documents, or say what is on page images */
    int seconds;         /* for a document in all */
    char *log;           /* or NULL */
    char *shard_text;    /* as given */
    gboolean status, merge;
} BatchOptions;

void batch_options_add(GOptionContext *context, BatchOptions *options);

/* Checks and completes. An error of G_OPTION_ERROR. */
gboolean batch_options_settle(BatchOptions *options, GError **error);
void batch_options_clear(BatchOptions *options);

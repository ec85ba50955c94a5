/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch-options.h"

#include <stdio.h>
#include <string.h>

#include "changes.h"

#define SHARDS_MOST 100000u
/* A document may take so long in all, seconds, unless said otherwise. */
#define DOCUMENT_SECONDS 3600

/* --accept, with or without =CLASS. */
static gboolean
take_accept(const char *name, const char *value, gpointer data, GError **error)
{
    BatchOptions *options = data;
    (void)name;
    (void)error;
    options->what = BATCH_ACCEPT;
    g_free(options->accept_class);
    options->accept_class = g_strdup(value);
    return TRUE;
}

void
batch_options_add(GOptionContext *context, BatchOptions *options)
{
    const GOptionEntry entries[] = {
        {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &options->dry_run,
         "Show what would be done, and why", NULL},
        {"rehash", 0, 0, G_OPTION_ARG_NONE, &options->rehash,
         "Read all files, also those whose size, times and inode have not changed, and all results",
         NULL},
        {"retry-failed", 0, 0, G_OPTION_ARG_NONE, &options->retry_failed,
         "Try again what failed before", NULL},
        {"files-from-stdin", 0, 0, G_OPTION_ARG_NONE, &options->list,
         "Only the documents whose paths come on standard input, a line each", NULL},
        {"null", '0', 0, G_OPTION_ARG_NONE, &options->null, "Those paths end with NUL", NULL},
        {"texts", 0, 0, G_OPTION_ARG_NONE, &options->texts,
         "Plain texts (.txt) are documents, too, or say what is on the page images of their name",
         NULL},
        {"shard", 0, 0, G_OPTION_ARG_STRING, &options->shard_text,
         "Only a fixed part of the archive: from 1/N to N/N", "I/N"},
        {"timeout", 0, 0, G_OPTION_ARG_INT, &options->seconds,
         "Seconds for a document in all (default: 3600); what is read by then is kept", "N"},
        {"log", 0, 0, G_OPTION_ARG_FILENAME, &options->log, "Add a line of JSON a document to FILE",
         "FILE"},
        {"status", 0, 0, G_OPTION_ARG_NONE, &options->status,
         "What the catalogue says, also while a batch runs", NULL},
        {"merge", 0, 0, G_OPTION_ARG_NONE, &options->merge, "Join what the shards have done", NULL},
        {"accept", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, (gpointer)take_accept,
         "Drop former results: all, those whose worst change is of CLASS, or those of the "
         "documents named",
         "CLASS"},
        G_OPTION_ENTRY_NULL};
    GOptionGroup *group = g_option_group_new("batch", NULL, NULL, options, NULL);
    g_option_group_add_entries(group, entries);
    g_option_context_set_main_group(context, group);
}

static gboolean
is_class(const char *word)
{
    for (guint i = 0; i <= CLASS_LAST; i++) {
        if (strcmp(word, class_word((ChangeClass)i)) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
batch_options_settle(BatchOptions *options, GError **error)
{
    char rest;
    options->what = options->status ? BATCH_STATUS : options->merge ? BATCH_MERGE : options->what;
    if (options->accept_class != NULL && !is_class(options->accept_class)) {
        g_set_error(
            error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
            "--accept: there is no class '%s'; there are those of yomijun diff: digits, lost, "
            "gained, text, order, structure, normalisation, white-space",
            options->accept_class);
        return FALSE;
    }
    if (options->seconds < 0) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--timeout is a number of seconds");
        return FALSE;
    }
    options->seconds = options->seconds > 0 ? options->seconds : DOCUMENT_SECONDS;
    if (options->shard_text != NULL &&
        (sscanf(options->shard_text, "%u/%u%c", &options->shard, &options->shards, &rest) != 2 ||
         options->shard < 1 || options->shard > options->shards || options->shards > SHARDS_MOST)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--shard: '%s' is not I/N with I from 1 to N", options->shard_text);
        return FALSE;
    }
    return TRUE;
}

void
batch_options_clear(BatchOptions *options)
{
    g_clear_pointer(&options->accept_class, g_free);
    g_clear_pointer(&options->paths, g_strfreev);
    g_clear_pointer(&options->log, g_free);
    g_clear_pointer(&options->shard_text, g_free);
}

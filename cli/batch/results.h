/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results: the folder of a batch's results. A result is written as a staged file, made durable,
 * entered in the catalogue, and only then put into its place, so that whatever stops the batch,
 * what stands at a place is whole and in the catalogue. What a result takes the place of can be
 * kept as the former one.
 *
 *     OUT/catalogue.sqlite        OUT/a/b.pdf.xml        OUT/.yomijun/lock
 *                                 OUT/a/b.pdf.txt        OUT/.yomijun/staged/ID.xml
 *                                                        OUT/.yomijun/former/a/b.pdf.xml
 */
#pragma once

#include <glib.h>

/* Names in OUT that are no results. */
#define RESULTS_HIDDEN ".yomijun"
#define RESULTS_CATALOGUE "catalogue.sqlite"

typedef struct Results Results;

/* Opens the folder, making it where it is missing, for one batch at a time: an error of
 * G_FILE_ERROR if another one has it (G_FILE_ERROR_AGAIN) or it cannot be written to. shard:
 * "I-of-N", several of which may work side by side, or NULL. */
Results *results_open(const char *folder, const char *shard, GError **error);

/* Only to see what is there: nothing is made, no lock taken. */
Results *results_look(const char *folder, const char *shard);
void results_free(Results *results);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Results, results_free)

/* Removes what a shard ("I-of-N") that is merged leaves beside its catalogue; for who has the
 * folder for himself. */
void results_forget_shard(const Results *results, const char *shard);

/* Where the catalogue is; borrowed. */
const char *results_catalogue(const Results *results);

/* Whether a batch is at work on this catalogue, one of a shard or of the whole. */
gboolean results_at_work(const char *catalogue);

/* A new file for the result of document `id`, text or not, open for reading and writing; -1 with an
 * error. */
int results_stage(Results *results, gint64 id, gboolean text, GError **error);
void results_unstage(Results *results, gint64 id);

/* Removes what members.h made for it. */
void results_clear_scratch(Results *results, gint64 id);

/* Makes all that was written durable: once for many. */
gboolean results_sync(Results *results, GError **error);

/* The SHA-256, hexadecimal, of the text that is staged; NULL with an error. A new string. */
char *results_text_hash(const Results *results, gint64 id, GError **error);

/* What else is done to what stands at a place. */
typedef struct {
    gboolean keep_former; /* it is kept, unless one is kept already; else none is any more */
    gboolean drop_text;   /* the plain text beside it is removed: there is no new one */
} PlaceHow;

/* Puts what is staged for a document into its place (relative). TRUE too if nothing is staged any
 * more. */
gboolean results_place(Results *results, gint64 id, const char *output, PlaceHow how,
                       GError **error);

/* Removes what is staged and belongs to nobody: `ids` (gint64 *, a set) are somebody's. */
void results_tidy(Results *results, GHashTable *ids);

/* Where what belongs to the documents that are being read may lie; borrowed. */
const char *results_scratch(const Results *results);

/* The full path of a result, of the plain text beside it, and of a former one; new strings. */
char *results_path(const Results *results, const char *output);
char *results_text(const Results *results, const char *output);
char *results_former(const Results *results, const char *output);

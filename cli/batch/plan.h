/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plan: what is to be done to which document of an archive, and why, from its documents and from
 * what the catalogue knows. No document is read for it, but the lists of archive files that are new
 * or changed.
 */
#pragma once

#include "making.h"

typedef enum {
    WHY_NOT, /* nothing to do */
    WHY_NEW,
    WHY_CHANGED, /* size, time or inode; or asked to read it again */
    WHY_VERSION, /* made by another version of yomijun */
    WHY_OPTIONS,
    WHY_LIBRARIES,
    WHY_FAILED,      /* failed before, and asked to try again */
    WHY_CORRECTIONS, /* people corrected something, or something else */
    WHY_LOST,        /* its result is not in its place */
    N_WHYS
} Why;

/* "new", "changed", …: for people. */
const char *why_word(Why why);

typedef struct {
    const Document *document;
    const Documents *documents;     /* whose it is */
    const ContainerList *list;      /* of the archive file it is in, or NULL */
    const char *container;          /* its path, or NULL */
    Outcome is;                     /* of an archive file, or what cannot be read */
    const char *why_not;            /* of those: what is wrong with it, or NULL */
    const char *corrections;        /* the file of them, or NULL */
    const char *corrections_sha256; /* of that file, or NULL */
    Known *known;                   /* or NULL */
    gint64 id;
    Why why;
} PlanItem;

typedef struct {
    GArray *items;       /* PlanItem to be done: the largest first, those of archive files last */
    GPtrArray *gone;     /* Known * that are not in the archive any more, borrowed */
    GPtrArray *returned; /* Known * that were gone and need nothing */
    GArray *others;      /* PlanItem of what is named and left alone, without an id */
    GArray *lost;        /* PlanItem of what may be documents, but cannot be read; or whose
                            corrections cannot */
    GPtrArray *dark;     /* const char *: folders and archive files not seen to their end */
    guint unchanged, failed_before; /* nothing to do; those of them that have failed */
    GArray *containers;             /* PlanItem: archive files that were opened */
    Documents *documents;
    GPtrArray *lists, *inner; /* ContainerList *, Documents *: of archive files */
} Plan;

typedef struct {
    const char *archive;
    const char
        *corrections; /* where they are, in folders like the archive's; NULL: in the archive */
    const Makings *makings;
    guint shard, shards; /* from 1; 1, 1 for all */
    gboolean rehash, retry_failed;
    gboolean partly; /* only some documents were listed: the others are not gone */
    gboolean (*result_is_there)(const char *output, const Known *known, gpointer user_data);
    gpointer user_data;
    gint64 next_id; /* for new documents */
} PlanOptions;

/* NULL if the machine fails: an archive file that cannot be read for want of a process is not
 * damaged. documents: become the plan's. known: of catalogue_known(); must live as long. catalogue:
 * is asked for what other makings were. */
Plan *plan_make(Documents *documents, GHashTable *known, Catalogue *catalogue, PlanOptions *options,
                GError **error);
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* Was it made with the corrections that there are now? */
gboolean plan_same_corrections(const PlanItem *item);

/* The stamp that the catalogue keeps: of a folder, of all its files. */
FileStamp plan_stamp(const PlanItem *item);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups: what the tasks give becomes durable, many documents at a time, in this order: the staged
 * files, the rows that say they are staged, the files in their places. Whatever stops it in
 * between, groups_recover() finishes. That a file is in its place enters the catalogue with the
 * group after it.
 *
 * Rows are written by who has them, between groups_begin() and the closing. A group is closed by a
 * thread of its own, since that waits for the disk: until it is done, nobody else may touch the
 * catalogue.
 */
#pragma once

#include "catalogue.h"
#include "results.h"

typedef struct Groups Groups;

/* results, catalogue: must live as long. */
Groups *groups_new(Results *results, Catalogue *catalogue);
void groups_free(Groups *groups);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Groups, groups_free)

/* Begins a group, unless one has begun; when the one before is closed. */
gboolean groups_begin(Groups *groups, GError **error);

/* What is staged for a document, whose row is in this group, goes to `output` when it is closed. */
void groups_place(Groups *groups, gint64 id, const char *output, PlaceHow how);

/* Whether what stands in the document's place is older than its row, until the group is closed. */
gboolean groups_is_placing(const Groups *groups, gint64 id);

/* Whether the group is so large, or so old, that it has to be closed. */
gboolean groups_is_due(const Groups *groups);

/* Begins to make the group durable, if one has begun. */
void groups_close_begin(Groups *groups);

/* Whether that is still going on. */
gboolean groups_is_closing(const Groups *groups);

/* Waits until it is not. FALSE if a group could not be closed: nothing more may be written. */
gboolean groups_wait(Groups *groups, GError **error);

/* Begins to make the group durable, if one has begun, and waits. */
gboolean groups_close(Groups *groups, GError **error);

/* Finishes what a batch before was stopped in; known: of catalogue_known(). */
gboolean groups_recover(Groups *groups, GHashTable *known, GError **error);

/* Says in the catalogue what stands in its place: for who begins no group after groups_recover().
 */
gboolean groups_catch_up(Groups *groups, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merge: the catalogue of a shard begins with what the whole's says of its part, and in the end
 * takes the place of that.
 */
#pragma once

#include "catalogue.h"
#include "results.h"

/* Which part of the archive. */
typedef struct {
    guint number, of; /* from 1 */
} Shard;

/* A new catalogue of a shard gets what the whole's catalogue says of its part, if there is one. An
 * error of CATALOGUE_ERROR if that is not as a batch leaves it. */
gboolean merge_seed(Catalogue *shard, const char *whole, Shard which, GError **error);

/* Merges the catalogues of all shards into the whole's and removes them; ret_count: how many. An
 * error of CATALOGUE_ERROR, and nothing done, if one is missing or has not come to its end. */
gboolean merge_shards(Catalogue *whole, const Results *results, guint *ret_count, GError **error);

/* Whether what is not merged yet allows a batch: of this shard, or of the whole (NULL). Else an
 * error of CATALOGUE_ERROR. */
gboolean merge_allows(const Results *results, const Shard *which, GError **error);

/* Removes the catalogue of a shard that has not begun. */
void merge_forget(const Results *results);

/* Paths of the catalogues of shards in the folder of results, in the order of their numbers: char
 * *. */
GPtrArray *merge_catalogues(const char *out);

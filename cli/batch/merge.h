/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merge: what the shards of a batch know into the one catalogue.
 */
#pragma once

#include "catalogue.h"
#include "results.h"

/* Merges all shards' catalogues and removes them; ret_count: how many. An error of CATALOGUE_ERROR,
 * and nothing done, if a shard has not come to its end. */
gboolean merge_shards(Catalogue *catalogue, Results *results, guint *ret_count, GError **error);

/* What a shard must know of the runs before it: the catalogue's documents. */
gboolean merge_seed(Catalogue *shard, const char *catalogue, GError **error);

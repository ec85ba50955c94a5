/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out-folder.h"

#include <unistd.h>

#include <glib/gstdio.h>

#include "merge.h"

void
out_folder_clear(OutFolder *f)
{
    g_clear_pointer(&f->groups, groups_free);
    g_clear_pointer(&f->known, g_hash_table_unref);
    g_clear_pointer(&f->catalogue, catalogue_free);
    g_clear_pointer(&f->results, results_free);
}

/* A shard that begins knows what the whole did before. */
static gboolean
seed(const OutFolder *f, Shard which, GError **error)
{
    g_autofree char *whole = results_path(f->results, RESULTS_CATALOGUE);
    return catalogue_is_used(f->catalogue) || merge_seed(f->catalogue, whole, which, error);
}

/* Can nothing be written where a batch keeps its own? */
static gboolean
is_read_only(const char *out)
{
    g_autofree char *hidden = g_build_filename(out, RESULTS_HIDDEN, NULL);
    return g_access(g_access(hidden, F_OK) == 0 ? hidden : out, W_OK) != 0;
}

static gboolean
find_known(OutFolder *f, GError **error)
{
    f->known = catalogue_known(f->catalogue, error);
    return f->known != NULL;
}

/* Where there is no folder: nothing is made. */
static gboolean
look_at_nothing(OutFolder *f, GError **error)
{
    f->catalogue = catalogue_open(CATALOGUE_NOWHERE, error);
    return f->catalogue != NULL && find_known(f, error);
}

/* The results and their catalogue as they stand, for who may only read them. */
static gboolean
look(OutFolder *f, const char *out, Shard which, const char *name, GError **error)
{
    f->results = results_look(out, name);
    const char *path = results_catalogue(f->results);
    gboolean begun = g_access(path, F_OK) == 0;
    if (!merge_allows(f->results, name != NULL ? &which : NULL, error)) {
        return FALSE;
    }
    f->catalogue =
        begun ? catalogue_open_read(path, error) : catalogue_open(CATALOGUE_NOWHERE, error);
    if (f->catalogue == NULL || (!begun && name != NULL && !seed(f, which, error))) {
        return FALSE;
    }
    return find_known(f, error);
}

gboolean
out_folder_open(const Options *options, OutFolder *f, GError **error)
{
    const BatchOptions *o = &options->batch;
    const char *out = options->output;
    const Shard which = {o->shard, o->shards};
    gboolean part = which.of > 0;
    if (o->dry_run && g_access(out, F_OK) != 0) {
        return look_at_nothing(f, error);
    }
    g_autofree char *name = part ? g_strdup_printf("%u-of-%u", which.number, which.of) : NULL;
    if (o->dry_run && is_read_only(out)) {
        return look(f, out, which, name, error);
    }
    f->results = results_open(out, name, error);
    if (f->results == NULL ||
        (o->what != BATCH_MERGE && !merge_allows(f->results, part ? &which : NULL, error))) {
        return FALSE;
    }
    f->catalogue = catalogue_open(results_catalogue(f->results), error);
    if (f->catalogue == NULL || (part && !seed(f, which, error)) || !find_known(f, error)) {
        return FALSE;
    }
    f->groups = groups_new(f->results, f->catalogue);
    return groups_recover(f->groups, f->known, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents that a shard has not touched since it began have run 0 in its catalogue: they are the
 * copies it was given. Ids differ between catalogues, paths do not.
 */
#include "merge.h"

#include <string.h>

#include <glib/gstdio.h>

#define COLUMNS                                                                                    \
    "path, kind, container, size, mtime, inode, device, sha256, outcome, reason, pages, "          \
    "pages_failed, pages_ocr, characters, unread, seconds, processor, memory, output_sha256, "     \
    "output_bytes, staged, former, gone"

#define MAKINGS                                                                                    \
    "INSERT OR IGNORE INTO main.makings (version, options, libraries) "                            \
    "SELECT version, options, libraries FROM other.makings"

#define MAKING_OF(column)                                                                          \
    "(SELECT m.id FROM main.makings m JOIN other.makings o USING (version, options, libraries) "   \
    "WHERE o.id = d." column ")"

/* Of the tables that hang on documents: the rows of those that are merged. */
#define HANGING(table, columns)                                                                    \
    "DELETE FROM main." table " WHERE document IN (SELECT m.id FROM main.documents m "             \
    "JOIN other.documents d USING (path) WHERE d.run > 0)",                                        \
        "INSERT INTO main." table " SELECT m.id, " columns " FROM other." table " t "              \
        "JOIN other.documents d ON d.id = t.document JOIN main.documents m ON m.path = d.path "    \
        "WHERE d.run > 0"

static const char *const steps[] = {
    MAKINGS,
    "INSERT INTO main.runs (id, started, ended, state, archive, shard, making, jobs, planned) "
    "SELECT id + (SELECT coalesce(max(id), 0) FROM main.runs), started, ended, state, archive, "
    "shard, (SELECT m.id FROM main.makings m JOIN other.makings o USING (version, options, "
    "libraries) WHERE o.id = making), jobs, planned FROM other.runs",
    /* the runs have just come: their ids end with the last one */
    "INSERT OR REPLACE INTO main.documents (id, run, making, output_making, copy_of, " COLUMNS
    ") SELECT (SELECT m.id FROM main.documents m WHERE m.path = d.path), "
    "d.run + (SELECT max(id) FROM main.runs) - (SELECT max(id) FROM other.runs), " MAKING_OF(
        "making") ", " MAKING_OF("output_making") ", NULL, " COLUMNS
                                                  " FROM other.documents d WHERE d.run > 0",
    "UPDATE main.documents SET gone = 1 WHERE path IN "
    "(SELECT path FROM other.documents WHERE gone AND run = 0)",
    HANGING("pages", "t.page, t.outcome, t.reason, t.characters, t.unread, t.ocr"),
    HANGING("warnings", "t.line"),
    HANGING("changes", "t.class, t.count"),
    HANGING("unfit_corrections", "t.line"),
};

static const char *const seed_steps[] = {
    MAKINGS,
    "INSERT INTO main.documents (run, making, output_making, " COLUMNS
    ") SELECT 0, " MAKING_OF("making") ", " MAKING_OF("output_making") ", " COLUMNS
                                                                       " FROM other.documents d",
};

static gboolean
run_all(Catalogue *catalogue, const char *const *sql, guint n, GError **error)
{
    for (guint i = 0; i < n; i++) {
        if (!catalogue_query(catalogue, sql[i], NULL, NULL, NULL, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
with_other(Catalogue *catalogue, const char *path, const char *const *sql, guint n, GError **error)
{
    if (!catalogue_query(catalogue, "ATTACH ? AS other", path, NULL, NULL, error)) {
        return FALSE;
    }
    gboolean ok = catalogue_begin(catalogue, error) && run_all(catalogue, sql, n, error);
    ok = catalogue_query(catalogue, ok ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL,
                         ok ? error : NULL) &&
         ok;
    return catalogue_query(catalogue, "DETACH other", NULL, NULL, NULL, ok ? error : NULL) && ok;
}

gboolean
merge_seed(Catalogue *shard, const char *catalogue, GError **error)
{
    return with_other(shard, catalogue, seed_steps, G_N_ELEMENTS(seed_steps), error);
}

/* ---- shards ---- */

static void
take_text(const char *const *values, guint n, gpointer user_data)
{
    char **text = user_data;
    (void)n;
    g_free(*text);
    *text = g_strdup(values[0]);
}

static gboolean
is_at_its_end(const char *path, GError **error)
{
    g_autoptr(Catalogue) shard = catalogue_open_read(path, error);
    g_autofree char *state = NULL;
    if (shard == NULL || !catalogue_query(shard, "SELECT state FROM runs ORDER BY id DESC LIMIT 1",
                                          NULL, take_text, &state, error)) {
        return FALSE;
    }
    if (g_strcmp0(state, "done") != 0) {
        g_autofree char *name = g_path_get_basename(path);
        g_set_error(error, CATALOGUE_ERROR, CATALOGUE_ERROR_OPEN,
                    "a shard has not come to its end (%s): run it again", name);
        return FALSE;
    }
    return TRUE;
}

static int
compare_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *
find_shards(const char *folder)
{
    GPtrArray *shards = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (g_str_has_prefix(name, "catalogue-") && g_str_has_suffix(name, ".sqlite")) {
            g_ptr_array_add(shards, g_build_filename(folder, name, NULL));
        }
    }
    g_ptr_array_sort(shards, compare_text);
    return shards;
}

gboolean
merge_shards(Catalogue *catalogue, Results *results, guint *ret_count, GError **error)
{
    g_autofree char *folder = results_path(results, RESULTS_HIDDEN);
    g_autoptr(GPtrArray) shards = find_shards(folder);
    for (guint i = 0; i < shards->len; i++) {
        if (!is_at_its_end(g_ptr_array_index(shards, i), error)) {
            return FALSE;
        }
    }
    for (guint i = 0; i < shards->len; i++) {
        const char *path = g_ptr_array_index(shards, i);
        if (!with_other(catalogue, path, steps, G_N_ELEMENTS(steps), error)) {
            return FALSE;
        }
        for (guint k = 0; k < 3; k++) {
            g_autofree char *file =
                g_strconcat(path, (const char *const[]){"", "-wal", "-shm"}[k], NULL);
            g_unlink(file);
        }
    }
    *ret_count = shards->len;
    return TRUE;
}

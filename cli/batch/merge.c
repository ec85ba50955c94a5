/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Between catalogues ids differ, paths do not. Rows that a shard was given and did not try again
 * have run 0 in its catalogue.
 *
 * The whole's catalogue is read by shards on several machines at once, perhaps over a network,
 * where SQLite's shared memory does not reach: so as a file that does not change (immutable), which
 * it does not while a shard has the lock of results.h.
 */
#include "merge.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

/* What a document's row says beside ids. */
#define COLUMNS                                                                                    \
    "path, kind, container, size, mtime, ctime, inode, device, sha256, outcome, reason, pages, "   \
    "pages_failed, pages_ocr, characters, unread, seconds, processor, memory, corrections, "       \
    "output_sha256, "                                                                              \
    "output_bytes, text_sha256, staged, former, gone"
#define D_COLUMNS                                                                                  \
    "d.path, d.kind, d.container, d.size, d.mtime, d.ctime, d.inode, d.device, d.sha256, "         \
    "d.outcome, "                                                                                  \
    "d.reason, d.pages, d.pages_failed, d.pages_ocr, d.characters, d.unread, d.seconds, "          \
    "d.processor, d.memory, d.corrections, d.output_sha256, d.output_bytes, d.text_sha256, "       \
    "d.staged, d.former, "                                                                         \
    "d.gone"

/* The ids here of a making and a run there. */
#define MAKING_OF(id)                                                                              \
    "(SELECT m.id FROM main.makings m JOIN other.makings o USING (version, options, libraries) "   \
    "WHERE o.id = " id ")"
#define RUN_OF(id)                                                                                 \
    "(SELECT m.id FROM main.runs m JOIN other.runs o USING (started, host, process) "              \
    "WHERE o.id = " id ")"

/* Of the tables that hang on documents: the rows of those of the shard. */
#define HANGING(table, columns)                                                                    \
    "DELETE FROM main." table " WHERE document IN (SELECT id FROM main.documents "                 \
    "JOIN mine USING (path))",                                                                     \
        "INSERT INTO main." table " SELECT m.id, " columns " FROM other." table " t "              \
        "JOIN mine ON mine.doc = t.document JOIN main.documents m USING (path) ORDER BY t.rowid"
#define HANGING_KEYED(table, columns)                                                              \
    "DELETE FROM main." table " WHERE document IN (SELECT id FROM main.documents "                 \
    "JOIN mine USING (path))",                                                                     \
        "INSERT INTO main." table " SELECT m.id, " columns " FROM other." table " t "              \
        "JOIN mine ON mine.doc = t.document JOIN main.documents m USING (path)"

/* Before these, temp.mine: id (doc) and path of the documents of the shard's part. */
static const char *const merge_steps[] = {
    "INSERT OR IGNORE INTO main.makings (version, options, libraries) "
    "SELECT version, options, libraries FROM other.makings",
    "INSERT OR IGNORE INTO main.runs (started, ended, state, archive, shard, making, jobs, "
    "planned, host, process) SELECT started, ended, state, archive, shard, " MAKING_OF(
        "r.making") ", jobs, planned, host, process FROM other.runs r ORDER BY id",
    "INSERT OR REPLACE INTO main.documents (id, run, making, output_making, copy_of, " COLUMNS
    ") SELECT m.id, coalesce(" RUN_OF("d.run") ", m.run, 0), " MAKING_OF("d.making") ", " MAKING_OF(
        "d.output_making") ", iif(d.run = 0, m.copy_of, NULL), " D_COLUMNS
                           " FROM other.documents d JOIN mine ON mine.doc = d.id "
                           "LEFT JOIN main.documents m ON m.path = d.path ORDER BY d.path",
    "UPDATE main.documents SET copy_of = (SELECT m.id FROM other.documents d "
    "JOIN other.documents c ON c.id = d.copy_of JOIN main.documents m ON m.path = c.path "
    "WHERE d.path = main.documents.path) WHERE path IN (SELECT path FROM other.documents d "
    "JOIN mine USING (path) WHERE d.run > 0 AND d.copy_of IS NOT NULL)",
    HANGING_KEYED("pages", "t.page, t.outcome, t.reason, t.characters, t.unread, t.ocr"),
    HANGING("warnings", "t.line"),
    HANGING("changes", "t.class, t.count, t.page, t.zone, t.old, t.new, t.what"),
    HANGING("unfit_corrections", "t.line"),
};

/* The same ids, since nothing is there yet: a shard that was stopped before its first run is given
 * it all again, as it is by now. Archive files are every shard's: each reads them all for its own
 * documents in them. */
#define SEEDED(table)                                                                              \
    "INSERT INTO main." table " SELECT t.* FROM other." table " t "                                \
    "JOIN mine ON mine.doc = t.document"
static const char *const seed_steps[] = {
    "DELETE FROM main.pages",
    "DELETE FROM main.warnings",
    "DELETE FROM main.changes",
    "DELETE FROM main.unfit_corrections",
    "DELETE FROM main.documents",
    "DELETE FROM main.makings",
    "INSERT INTO main.makings SELECT * FROM other.makings",
    "INSERT INTO main.documents (id, run, making, output_making, " COLUMNS
    ") SELECT d.id, 0, d.making, d.output_making, " D_COLUMNS
    " FROM other.documents d WHERE id IN (SELECT doc FROM mine) OR kind = 'container'",
    SEEDED("pages"),
    SEEDED("warnings"),
    SEEDED("changes"),
    SEEDED("unfit_corrections"),
};

static gboolean
refuse(GError **error, const char *why)
{
    g_set_error(error, CATALOGUE_ERROR, CATALOGUE_ERROR_OPEN, "%s", why);
    return FALSE;
}

/* ---- from one catalogue to another ---- */

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

/* The steps in one transaction, over what of the other catalogue is this shard's. */
static gboolean
with_other(Catalogue *catalogue, const char *other, Shard which, const char *const *steps, guint n,
           GError **error)
{
    g_autofree char *mine =
        g_strdup_printf("CREATE TEMP TABLE mine AS SELECT id AS doc, path FROM other.documents "
                        "WHERE shard_of(path, %u) = %u",
                        which.of, which.number);
    const char *const index = "CREATE INDEX temp.mine_path ON mine (path)";
    if (!catalogue_query(catalogue, "ATTACH ? AS other", other, NULL, NULL, error)) {
        return FALSE;
    }
    gboolean ok = catalogue_begin(catalogue, error) &&
                  catalogue_query(catalogue, mine, NULL, NULL, NULL, error) &&
                  catalogue_query(catalogue, index, NULL, NULL, NULL, error) &&
                  run_all(catalogue, steps, n, error) &&
                  catalogue_query(catalogue, "DROP TABLE temp.mine", NULL, NULL, NULL, error) &&
                  catalogue_commit(catalogue, error);
    if (!ok) {
        catalogue_query(catalogue, "ROLLBACK", NULL, NULL, NULL, NULL);
    }
    catalogue_query(catalogue, "DETACH other", NULL, NULL, NULL, NULL);
    return ok;
}

/* ---- a shard begins ---- */

static void
take_number(const char *const *values, guint n, gpointer user_data)
{
    (void)n;
    *(gint64 *)user_data = g_ascii_strtoll(values[0] != NULL ? values[0] : "0", NULL, 10);
}

/* Closed by whoever wrote to it, and everything in its place. */
static gboolean
is_at_rest(const char *whole, GError **error)
{
    struct stat log;
    gint64 staged = 0;
    g_autofree char *wal = g_strconcat(whole, "-wal", NULL);
    if (g_stat(wal, &log) != 0 || log.st_size == 0) {
        g_autoptr(Catalogue) catalogue = catalogue_open_still(whole, error);
        if (catalogue == NULL ||
            !catalogue_query(catalogue, "SELECT count(*) FROM documents WHERE staged", NULL,
                             take_number, &staged, error)) {
            return FALSE;
        }
        if (staged == 0) {
            return TRUE;
        }
    }
    return refuse(error, "a batch before was stopped: run --merge, then the shards");
}

gboolean
merge_seed(Catalogue *shard, const char *whole, Shard which, GError **error)
{
    if (g_access(whole, F_OK) != 0) {
        return TRUE;
    }
    g_autofree char *uri = catalogue_still_uri(whole);
    return is_at_rest(whole, error) &&
           with_other(shard, uri, which, seed_steps, G_N_ELEMENTS(seed_steps), error);
}

/* ---- the catalogues of shards ---- */

/* Of the name of a catalogue, or of what else begins so; FALSE if it is none of a shard. */
static gboolean
shard_of_name(const char *name, const char *begin, const char *end, Shard *ret_shard)
{
    Shard shard = {0};
    if (!g_str_has_prefix(name, begin) ||
        sscanf(name + strlen(begin), "%u-of-%u", &shard.number, &shard.of) != 2 ||
        shard.number < 1 || shard.number > shard.of) {
        return FALSE;
    }
    g_autofree char *right = g_strdup_printf("%s%u-of-%u%s", begin, shard.number, shard.of, end);
    *ret_shard = shard;
    return strcmp(right, name) == 0;
}

static Shard
shard_of_path(const char *path)
{
    Shard shard = {0};
    g_autofree char *name = g_path_get_basename(path);
    shard_of_name(name, "catalogue-", ".sqlite", &shard);
    return shard;
}

static int
compare_shards(gconstpointer a, gconstpointer b)
{
    Shard p = shard_of_path(*(char *const *)a), q = shard_of_path(*(char *const *)b);
    return p.of != q.of ? (p.of < q.of ? -1 : 1) : (p.number < q.number ? -1 : p.number > q.number);
}

GPtrArray *
merge_catalogues(const char *out)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_build_filename(out, RESULTS_HIDDEN, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        Shard shard;
        if (shard_of_name(name, "catalogue-", ".sqlite", &shard)) {
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
        }
    }
    g_ptr_array_sort(paths, compare_shards);
    return paths;
}

gboolean
merge_allows(const Results *results, const Shard *which, GError **error)
{
    g_autofree char *out = results_path(results, "");
    g_autoptr(GPtrArray) paths = merge_catalogues(out);
    for (guint i = 0; i < paths->len; i++) {
        Shard other = shard_of_path(g_ptr_array_index(paths, i));
        if (which == NULL || other.of != which->of) {
            g_set_error(error, CATALOGUE_ERROR, CATALOGUE_ERROR_OPEN,
                        "there is what shards of %u did: finish them, then --merge", other.of);
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- all shards are done ---- */

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
    g_autofree char *state = NULL;
    Shard shard = shard_of_path(path);
    g_autoptr(Catalogue) catalogue = catalogue_open_read(path, error);
    if (catalogue == NULL ||
        !catalogue_query(catalogue, "SELECT state FROM runs ORDER BY id DESC LIMIT 1", NULL,
                         take_text, &state, error)) {
        g_prefix_error(error, "shard %u/%u: ", shard.number, shard.of);
        return FALSE;
    }
    if (g_strcmp0(state, "done") != 0) {
        g_set_error(error, CATALOGUE_ERROR, CATALOGUE_ERROR_OPEN,
                    "shard %u/%u has not come to its end: run it again", shard.number, shard.of);
        return FALSE;
    }
    return TRUE;
}

/* All numbers are there, of one count. */
static gboolean
are_all(const GPtrArray *paths, GError **error)
{
    for (guint i = 0; i < paths->len; i++) {
        Shard first = shard_of_path(g_ptr_array_index(paths, 0));
        Shard shard = shard_of_path(g_ptr_array_index(paths, i));
        if (shard.of != first.of) {
            return refuse(error, "there are shards of two different counts");
        }
        gboolean last = i + 1 == paths->len;
        if (shard.number != i + 1 || (last && shard.number != shard.of)) {
            guint missing = shard.number != i + 1 ? i + 1 : i + 2;
            g_set_error(error, CATALOGUE_ERROR, CATALOGUE_ERROR_OPEN,
                        "shard %u/%u has not been run", missing, shard.of);
            return FALSE;
        }
    }
    return TRUE;
}

/* Is all of it in the whole? So it is where a merge was stopped while it removed the catalogues. */
static gboolean
is_merged(Catalogue *whole, const char *path)
{
    gint64 merged = 0;
    g_autofree char *full = g_canonicalize_filename(path, NULL); /* "file:" begins no name */
    if (catalogue_query(whole, "ATTACH ? AS other", full, NULL, NULL, NULL)) {
        catalogue_query(whole,
                        "SELECT count(*) > 0 AND count(*) = (SELECT count(*) FROM main.runs "
                        "JOIN other.runs USING (started, host, process)) FROM other.runs",
                        NULL, take_number, &merged, NULL);
        catalogue_query(whole, "DETACH other", NULL, NULL, NULL, NULL);
    }
    return merged != 0;
}

static gboolean
merge_all(Catalogue *whole, const GPtrArray *paths, GError **error)
{
    guint merged = 0;
    for (guint i = 0; i < paths->len; i++) {
        merged += is_merged(whole, g_ptr_array_index(paths, i));
    }
    if (merged == paths->len) {
        return TRUE;
    }
    gboolean ok = are_all(paths, error);
    for (guint i = 0; i < paths->len && ok; i++) {
        ok = is_at_its_end(g_ptr_array_index(paths, i), error);
    }
    for (guint i = 0; i < paths->len && ok; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autofree char *full = g_canonicalize_filename(path, NULL);
        ok = with_other(whole, full, shard_of_path(path), merge_steps, G_N_ELEMENTS(merge_steps),
                        error);
    }
    return ok;
}

static void
remove_catalogue(const char *path)
{
    static const char *const parts[] = {"-wal", "-shm",
                                        ""}; /* a log without its database is naught */
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *file = g_strconcat(path, parts[i], NULL);
        g_unlink(file);
    }
}

void
merge_forget(const Results *results)
{
    remove_catalogue(results_catalogue(results));
}

/* What shards have beside their catalogues, also those that came to none. */
static void
remove_the_rest(const Results *results, const char *out)
{
    g_autoptr(GPtrArray) shards = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_build_filename(out, RESULTS_HIDDEN, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        Shard shard;
        if (shard_of_name(name, "staged-", "", &shard) ||
            shard_of_name(name, "lock-", "", &shard)) {
            g_ptr_array_add(shards, g_strdup_printf("%u-of-%u", shard.number, shard.of));
        }
    }
    for (guint i = 0; i < shards->len; i++) {
        results_forget_shard(results, g_ptr_array_index(shards, i));
    }
}

gboolean
merge_shards(Catalogue *whole, const Results *results, guint *ret_count, GError **error)
{
    g_autofree char *out = results_path(results, "");
    g_autoptr(GPtrArray) paths = merge_catalogues(out);
    gboolean ok = merge_all(whole, paths, error);
    for (guint i = 0; i < paths->len && ok; i++) { /* all are in: what stops this is done again */
        remove_catalogue(g_ptr_array_index(paths, i));
    }
    if (ok) {
        remove_the_rest(results, out);
    }
    *ret_count = ok ? paths->len : 0;
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

struct Results {
    char *folder, *staged, *former, *catalogue;
    int lock, shard_lock; /* -1: none */
    int sync;             /* a descriptor of the file system */
};

static gboolean
fail(const char *what, GError **error)
{
    int why = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s: %s", what, g_strerror(why));
    return FALSE;
}

/* ---- opening ---- */

static int
lock_take(const char *folder, const char *name, int how, GError **error)
{
    g_autofree char *base = g_build_filename(RESULTS_HIDDEN, name, NULL);
    g_autofree char *path = g_build_filename(folder, base, NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        fail(base, error);
        return -1;
    }
    if (flock(fd, how | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN,
                        "another batch is working on it; wait for its end, or see --status");
        } else {
            fail(base, error);
        }
        close(fd);
        return -1;
    }
    return fd;
}

static gboolean
locks_take(Results *r, const char *shard, GError **error)
{
    r->lock = lock_take(r->folder, "lock", shard != NULL ? LOCK_SH : LOCK_EX, error);
    if (r->lock < 0 || shard == NULL) {
        return r->lock >= 0;
    }
    g_autofree char *name = g_strdup_printf("lock-%s", shard);
    r->shard_lock = lock_take(r->folder, name, LOCK_EX, error);
    return r->shard_lock >= 0;
}

Results *
results_look(const char *folder, const char *shard)
{
    Results *r = g_new0(Results, 1);
    g_autofree char *staged =
        shard != NULL ? g_strdup_printf("staged-%s", shard) : g_strdup("staged");
    g_autofree char *base =
        shard != NULL ? g_strdup_printf("catalogue-%s.sqlite", shard) : g_strdup(RESULTS_CATALOGUE);
    r->lock = r->shard_lock = r->sync = -1;
    r->folder = g_strdup(folder);
    r->staged = g_build_filename(folder, RESULTS_HIDDEN, staged, NULL);
    r->former = g_build_filename(folder, RESULTS_HIDDEN, "former", NULL);
    r->catalogue = shard != NULL ? g_build_filename(folder, RESULTS_HIDDEN, base, NULL)
                                 : g_build_filename(folder, base, NULL);
    return r;
}

Results *
results_open(const char *folder, const char *shard, GError **error)
{
    g_autoptr(Results) r = results_look(folder, shard);
    if (g_mkdir_with_parents(r->staged, 0777) != 0 || g_mkdir_with_parents(r->former, 0777) != 0) {
        fail("cannot be written to", error);
        return NULL;
    }
    r->sync = open(r->staged, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (r->sync < 0) {
        fail(r->staged, error);
        return NULL;
    }
    return locks_take(r, shard, error) ? g_steal_pointer(&r) : NULL;
}

void
results_free(Results *results)
{
    if (results == NULL) {
        return;
    }
    const int descriptors[] = {results->sync, results->shard_lock, results->lock};
    for (guint i = 0; i < G_N_ELEMENTS(descriptors); i++) {
        if (descriptors[i] >= 0) {
            close(descriptors[i]);
        }
    }
    g_free(results->folder);
    g_free(results->staged);
    g_free(results->former);
    g_free(results->catalogue);
    g_free(results);
}

const char *
results_catalogue(const Results *results)
{
    return results->catalogue;
}

gboolean
results_at_work(const char *catalogue)
{
    g_autofree char *folder = g_path_get_dirname(catalogue);
    g_autofree char *base = g_path_get_basename(catalogue);
    g_autofree char *shard = g_strdup(base + strlen("catalogue"));
    shard[strlen(shard) - strlen(".sqlite")] = '\0';
    g_autofree char *name = g_strdup_printf("lock%s", shard);
    g_autofree char *path = *shard != '\0' ? g_build_filename(folder, name, NULL)
                                           : g_build_filename(folder, RESULTS_HIDDEN, name, NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    gboolean free = fd >= 0 ? flock(fd, LOCK_SH | LOCK_NB) == 0 : errno == ENOENT;
    if (fd >= 0) {
        close(fd);
    }
    return !free;
}

/* ---- staging ---- */

static char *
staged_path(const Results *r, gint64 id, gboolean text)
{
    return g_strdup_printf("%s/%" G_GINT64_FORMAT "%s", r->staged, id, text ? ".txt" : ".xml");
}

int
results_stage(Results *results, gint64 id, gboolean text, GError **error)
{
    g_autofree char *path = staged_path(results, id, text);
    g_unlink(path); /* whoever may still hold an old one shall not write into this */
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        fail(path, error);
    }
    return fd;
}

static void
remove_folder(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    if (folder != NULL) {
        g_rmdir(path);
    }
}

void
results_forget_shard(const Results *results, const char *shard)
{
    g_autofree char *staged = g_strdup_printf("%s-%s", results->staged, shard);
    g_autofree char *lock =
        g_strdup_printf("%s/" RESULTS_HIDDEN "/lock-%s", results->folder, shard);
    remove_folder(staged);
    g_unlink(lock); /* nobody waits for it: first comes the whole's */
}

void
results_unstage(Results *results, gint64 id)
{
    for (guint text = 0; text < 2; text++) {
        g_autofree char *path = staged_path(results, id, text != 0);
        g_unlink(path);
    }
    results_clear_scratch(results, id);
}

void
results_clear_scratch(Results *results, gint64 id)
{
    g_autofree char *folder = g_strdup_printf("%s/%" G_GINT64_FORMAT ".d", results->staged, id);
    remove_folder(folder);
}

gboolean
results_sync(Results *results, GError **error)
{
    return syncfs(results->sync) == 0 || fail(results->folder, error);
}

/* ---- placing ---- */

static gboolean
parents_make(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    return g_mkdir_with_parents(folder, 0777) == 0 || fail(folder, error);
}

static gboolean
place_file(const char *from, const char *to, GError **error)
{
    if (g_rename(from, to) == 0) {
        return TRUE;
    }
    if (errno == ENOENT && g_access(from, F_OK) == 0) { /* its folder is missing */
        return parents_make(to, error) && (g_rename(from, to) == 0 || fail(to, error));
    }
    return errno == ENOENT || fail(to, error);
}

char *
results_text_hash(const Results *results, gint64 id, GError **error)
{
    g_autofree char *path = staged_path(results, id, TRUE);
    g_autofree char *text = NULL;
    gsize size;
    return g_file_get_contents(path, &text, &size, error)
               ? g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, size)
               : NULL;
}

gboolean
results_place(Results *results, gint64 id, const char *output, PlaceHow how, GError **error)
{
    g_autofree char *staged = staged_path(results, id, FALSE);
    g_autofree char *place = results_path(results, output);
    g_autofree char *staged_text = staged_path(results, id, TRUE);
    g_autofree char *text = results_text(results, output);
    if (how.keep_former && g_access(staged, F_OK) == 0) {
        g_autofree char *former = results_former(results, output);
        if (!parents_make(former, error)) {
            return FALSE;
        }
        if (link(place, former) != 0 && errno != EEXIST && errno != ENOENT) {
            return fail(former, error);
        }
    }
    if (!how.keep_former) { /* it came out again as the one that was kept, or there is none */
        g_autofree char *former = results_former(results, output);
        g_unlink(former);
    }
    if (how.drop_text) {
        g_unlink(text);
    }
    return place_file(staged_text, text, error) && place_file(staged, place, error);
}

void
results_tidy(Results *results, GHashTable *ids)
{
    g_autoptr(GDir) folder = g_dir_open(results->staged, 0, NULL);
    const char *name;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        gint64 id = g_ascii_strtoll(name, NULL, 10);
        if (!g_hash_table_contains(ids, &id)) {
            g_autofree char *path = g_build_filename(results->staged, name, NULL);
            if (g_str_has_suffix(name, ".d")) {
                remove_folder(path);
            } else {
                g_unlink(path);
            }
        }
    }
}

const char *
results_scratch(const Results *results)
{
    return results->staged;
}

char *
results_path(const Results *results, const char *output)
{
    return g_build_filename(results->folder, output, NULL);
}

char *
results_text(const Results *results, const char *output)
{
    g_autofree char *stem = g_strndup(output, strlen(output) - strlen(".xml"));
    g_autofree char *text = g_strconcat(stem, ".txt", NULL);
    return results_path(results, text);
}

char *
results_former(const Results *results, const char *output)
{
    return g_build_filename(results->former, output, NULL);
}

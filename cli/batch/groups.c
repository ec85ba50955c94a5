/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "groups.h"

#include <signal.h>

#include "faults.h"

/* A group is made durable when it has so many documents, or is so old, microseconds. */
#define GROUP_MOST 256u
#define GROUP_AGE ((gint64)2 * G_USEC_PER_SEC)

typedef struct {
    gint64 id;
    char *output;
    PlaceHow how;
} Placing;

struct Groups {
    Results *results;
    Catalogue *catalogue;
    GArray *placings; /* Placing: rows in the open transaction */
    gint64 since;     /* of the open transaction; 0: none */
    GArray *placed;   /* gint64: in their places, but not in the catalogue yet */
    GThread *closer;  /* it closes the group, whose things these are until it is joined; or NULL */
    gint closed;      /* atomic: it has nothing more to do */
    GError *failed;   /* what it could not do, or NULL */
};

static void
placing_clear(gpointer data)
{
    g_free(((Placing *)data)->output);
}

Groups *
groups_new(Results *results, Catalogue *catalogue)
{
    Groups *g = g_new0(Groups, 1);
    g->results = results;
    g->catalogue = catalogue;
    g->placings = g_array_new(FALSE, FALSE, sizeof(Placing));
    g->placed = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_array_set_clear_func(g->placings, placing_clear);
    return g;
}

gboolean
groups_wait(Groups *g, GError **error)
{
    if (g->closer != NULL) {
        g_thread_join(g_steal_pointer(&g->closer));
    }
    if (g->failed != NULL) {
        g_propagate_error(error, g_steal_pointer(&g->failed));
        return FALSE;
    }
    return TRUE;
}

void
groups_free(Groups *g)
{
    if (g != NULL) {
        groups_wait(g, NULL);
        g_array_unref(g->placings);
        g_array_unref(g->placed);
        g_free(g);
    }
}

/* Opens a transaction with what was placed last in it. */
static gboolean
begin_with_placed(Groups *g, GError **error)
{
    gboolean ok = catalogue_begin(g->catalogue, error);
    for (guint i = 0; i < g->placed->len && ok; i++) {
        ok = catalogue_placed(g->catalogue, g_array_index(g->placed, gint64, i), error);
    }
    return ok;
}

gboolean
groups_begin(Groups *g, GError **error)
{
    if (!groups_wait(g, error)) {
        return FALSE;
    }
    if (g->since != 0) {
        return TRUE;
    }
    if (!begin_with_placed(g, error)) {
        return FALSE;
    }
    g_array_set_size(g->placed, 0);
    g->since = g_get_monotonic_time();
    return TRUE;
}

void
groups_place(Groups *g, gint64 id, const char *output, PlaceHow how)
{
    Placing placing = {id, g_strdup(output), how};
    g_array_append_val(g->placings, placing);
}

gboolean
groups_is_placing(const Groups *g, gint64 id)
{
    if (groups_is_closing(g)) {
        return TRUE; /* maybe: the list is not ours now */
    }
    for (guint i = 0; i < g->placings->len; i++) {
        if (g_array_index(g->placings, Placing, i).id == id) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
groups_is_due(const Groups *g)
{
    return g->since != 0 && (g->placings->len >= faults_limit("GROUP_MOST", GROUP_MOST) ||
                             g_get_monotonic_time() - g->since > GROUP_AGE);
}

static void
close_group(Groups *g)
{
    gboolean ok =
        results_sync(g->results, &g->failed) && catalogue_commit(g->catalogue, &g->failed);
    for (guint i = 0; i < g->placings->len && ok; i++) {
        const Placing *p = &g_array_index(g->placings, Placing, i);
        ok = results_place(g->results, p->id, p->output, p->how, &g->failed);
        if (ok) {
            g_array_append_val(g->placed, p->id);
        }
    }
    g_array_set_size(g->placings, 0);
    g_atomic_int_set(&g->closed, 1);
}

/* Signals are for the thread that waits for tasks. */
static gpointer
close_beside(gpointer groups)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    close_group(groups);
    return NULL;
}

void
groups_close_begin(Groups *g)
{
    if (g->since != 0 && g->closer == NULL) {
        g->since = 0;
        g->closed = 0;
        g->closer = g_thread_try_new("group", close_beside, g, NULL);
        if (g->closer == NULL) { /* no thread to be had */
            close_group(g);
        }
    }
}

gboolean
groups_is_closing(const Groups *g)
{
    return g->closer != NULL && g_atomic_int_get((gint *)(gsize)&g->closed) == 0;
}

gboolean
groups_close(Groups *g, GError **error)
{
    groups_close_begin(g);
    return groups_wait(g, error);
}

/* ---- after what was stopped ---- */

static gboolean
recover_one(Groups *g, const Known *known, GError **error)
{
    const Document document = {.path = known->path,
                               .kind = known->folder ? DOCUMENT_FOLDER : DOCUMENT_PDF};
    g_autofree char *output = document_output(&document);
    const PlaceHow how = {known->former != 0, known->text == TEXT_OLD};
    if (!results_place(g->results, known->id, output, how, error)) {
        return FALSE;
    }
    g_array_append_val(g->placed, known->id);
    return TRUE;
}

gboolean
groups_recover(Groups *g, GHashTable *known, GError **error)
{
    g_autoptr(GHashTable) nobody = g_hash_table_new(g_int64_hash, g_int64_equal);
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, known);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (((const Known *)value)->staged && !recover_one(g, value, error)) {
            return FALSE;
        }
    }
    results_tidy(g->results, nobody);
    return TRUE;
}

gboolean
groups_catch_up(Groups *g, GError **error)
{
    return begin_with_placed(g, error) && catalogue_commit(g->catalogue, error);
}

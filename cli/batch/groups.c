/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "groups.h"

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

void
groups_free(Groups *g)
{
    if (g != NULL) {
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
    gint64 age = g->since != 0 ? g_get_monotonic_time() - g->since : 0;
    return g->placings->len >= faults_limit("GROUP_MOST", GROUP_MOST) || age > GROUP_AGE;
}

gboolean
groups_close(Groups *g, GError **error)
{
    if (g->since == 0) {
        return TRUE;
    }
    gboolean ok = results_sync(g->results, error) && catalogue_commit(g->catalogue, error);
    g->since = 0;
    for (guint i = 0; i < g->placings->len && ok; i++) {
        const Placing *p = &g_array_index(g->placings, Placing, i);
        ok = results_place(g->results, p->id, p->output, p->how, error);
        if (ok) {
            g_array_append_val(g->placed, p->id);
        }
    }
    g_array_set_size(g->placings, 0);
    return ok;
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

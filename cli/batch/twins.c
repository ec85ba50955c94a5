/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "twins.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "standing.h"

/* A task that waits for the twin of its document. */
typedef struct {
    Running *running;
    char sha256[65];
} Waiting;

struct Twins {
    const Results *results;
    GHashTable *twins;  /* sha256 → Twin, of this making */
    GHashTable *makers; /* const PlanItem * → the sha256 whose twin it is making */
    GArray *waiting;    /* Waiting */
};

static void
twin_free(gpointer data)
{
    Twin *t = data;
    g_free(t->output);
    g_free(t);
}

Twins *
twins_new(const Results *results)
{
    Twins *t = g_new0(Twins, 1);
    t->results = results;
    t->twins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, twin_free);
    t->makers = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    t->waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    return t;
}

void
twins_free(Twins *t)
{
    if (t != NULL) {
        g_hash_table_unref(t->twins);
        g_hash_table_unref(t->makers);
        g_array_unref(t->waiting);
        g_free(t);
    }
}

static Twin *
twin_new(Twins *t, const char *sha256, gint64 id, const char *output)
{
    Twin *twin = g_new0(Twin, 1);
    twin->id = id;
    twin->output = g_strdup(output);
    g_hash_table_insert(t->twins, g_strdup(sha256), twin);
    return twin;
}

/* ---- before ---- */

static gboolean
can_be_copied(const Known *k, gint64 making)
{
    static const guint8 none[32];
    return !k->folder && !k->gone && memcmp(k->corrections, none, 32) == 0 && k->result &&
           k->making == making && outcome_is_good((Outcome)k->outcome) &&
           memcmp(k->sha256, none, 32) != 0;
}

void
twins_find(Twins *t, GHashTable *known, gint64 making)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, known);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Known *k = value;
        char hex[65];
        if (!can_be_copied(k, making)) {
            continue;
        }
        standing_sha256_words(k->sha256, hex);
        g_autofree char *output = g_strconcat(k->path, ".xml", NULL);
        g_autofree char *path = results_path(t->results, output);
        if (g_access(path, F_OK) == 0 && !g_hash_table_contains(t->twins, hex)) {
            Twin *twin = twin_new(t, hex, k->id, output);
            standing_sha256_words(k->output_sha256, twin->output_sha256);
        }
    }
}

/* ---- those that wait ---- */

void
twins_wait_no_more(Twins *t, const Running *running)
{
    for (guint i = 0; i < t->waiting->len; i++) {
        if (g_array_index(t->waiting, Waiting, i).running == running) {
            g_array_remove_index(t->waiting, i--);
        }
    }
}

gboolean
twins_is_waited_for(const Twins *t)
{
    return t->waiting->len > 0;
}

static void
answer_all(Twins *t, const char *sha256, HashAnswer answer, const char *copy)
{
    for (guint i = 0; i < t->waiting->len; i++) {
        const Waiting *w = &g_array_index(t->waiting, Waiting, i);
        if (strcmp(w->sha256, sha256) == 0) {
            runner_answer(w->running, answer, copy);
            g_array_remove_index(t->waiting, i--);
        }
    }
}

/* ---- those that make ---- */

const char *
twins_makes(const Twins *t, const PlanItem *item)
{
    return g_hash_table_lookup(t->makers, item);
}

void
twins_make_no_more(Twins *t, const PlanItem *item)
{
    const char *sha256 = twins_makes(t, item);
    if (sha256 != NULL) {
        answer_all(t, sha256, ANSWER_GO, NULL);
        g_hash_table_remove(t->twins, sha256);
        g_hash_table_remove(t->makers, item);
    }
}

void
twins_made(Twins *t, const PlanItem *item, const char *output, const char *output_sha256)
{
    const char *sha256 = twins_makes(t, item);
    Twin *twin = g_hash_table_lookup(t->twins, sha256);
    twin->output = g_strdup(output);
    memcpy(twin->output_sha256, output_sha256, sizeof twin->output_sha256);
    g_autofree char *copy = twins_copy(t, twin);
    answer_all(t, sha256, ANSWER_COPY, copy);
    g_hash_table_remove(t->makers, item);
}

/* ---- the bytes are known ---- */

char *
twins_copy(const Twins *t, const Twin *twin)
{
    g_autofree char *path = results_path(t->results, twin->output);
    return g_strdup_printf("%s %s", twin->output_sha256, path);
}

gint64
twins_id(const Twins *t, const char *sha256)
{
    const Twin *twin = g_hash_table_lookup(t->twins, sha256);
    return twin != NULL ? twin->id : 0;
}

void
twins_seen(Twins *t, const PlanItem *item, const Running *running, const char *sha256)
{
    twins_wait_no_more(t, running);
    if (g_strcmp0(twins_makes(t, item), sha256) != 0) {
        twins_make_no_more(t, item); /* it is read once more, and has changed */
    }
}

HashAnswer
twins_ask(Twins *t, const PlanItem *item, Running *running, const char *sha256,
          const Twin **ret_twin)
{
    const Twin *twin = g_hash_table_lookup(t->twins, sha256);
    if (twin == NULL) {
        twin_new(t, sha256, item->id, NULL);
        g_hash_table_insert(t->makers, (gpointer)(guintptr)item, g_strdup(sha256));
        return ANSWER_GO;
    }
    if (twin->id == item->id) {
        return ANSWER_GO;
    }
    if (twin->output == NULL) {
        Waiting waiting = {.running = running};
        g_strlcpy(waiting.sha256, sha256, sizeof waiting.sha256);
        g_array_append_val(t->waiting, waiting);
        return ANSWER_WAIT;
    }
    *ret_twin = twin;
    return ANSWER_COPY;
}

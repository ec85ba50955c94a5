/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run: the plan; tasks by the runner; what they give into the catalogue, in groups; the results
 * into their places. A group is made durable in this order: the staged files, the rows that say
 * they are staged, the files in their places. Whatever stops it in between, recover() finishes.
 */
#include "batch.h"

#include <string.h>

#include <glib/gstdio.h>

#include "accept.h"
#include "batch-report.h"
#include "making.h"
#include "members.h"
#include "messages.h"
#include "results.h"

/* A group is made durable when it has so many documents, or is so old, microseconds. */
#define GROUP_MOST 256u
#define GROUP_AGE (2 * G_USEC_PER_SEC)

typedef struct {
    gint64 id;
    char *output;
    gboolean keep_former;
} Placing;

/* A document whose bytes are known: what may be copied, or is being made. */
typedef struct {
    gint64 id;
    char *output;      /* of a result that is there or staged; NULL while it is being made */
    GArray *waiting;   /* Running *: wait for it */
} Twin;

typedef struct {
    const Options *options;
    Results *results;
    Catalogue *catalogue;
    GHashTable *known; /* path → Known */
    GHashTable *twins; /* sha256 → Twin, of this making */
    Making making;
    gint64 making_id, run;
    Plan *plan;
    guint next;
    Members *members;
    BatchReport *report;
    GArray *placings; /* Placing: rows in the open transaction */
    gint64 group_since; /* of the open transaction; 0: none */
    GArray *placed;     /* gint64: in their places, but not in the catalogue yet */
    int code;           /* what the batch ends with, once it must */
    gboolean text;
} Batch;

static void
placing_clear(gpointer data)
{
    g_free(((Placing *)data)->output);
}

static void
twin_free(gpointer data)
{
    Twin *t = data;
    g_array_unref(t->waiting);
    g_free(t->output);
    g_free(t);
}

/* Nothing more can be done. */
static void
stop(Batch *b, const GError *error, int code)
{
    if (b->code == EXIT_DONE) {
        b->code = code;
        complain(b->options->output, "%s", error->message);
    }
}

/* ---- groups ---- */

static gboolean
group_open(Batch *b)
{
    g_autoptr(GError) error = NULL;
    if (b->group_since != 0 || b->code != EXIT_DONE) {
        return b->code == EXIT_DONE;
    }
    gboolean ok = catalogue_begin(b->catalogue, &error);
    for (guint i = 0; i < b->placed->len && ok; i++) {
        ok = catalogue_placed(b->catalogue, g_array_index(b->placed, gint64, i), &error);
    }
    if (!ok) {
        stop(b, error, EXIT_OUTPUT);
        return FALSE;
    }
    g_array_set_size(b->placed, 0);
    b->group_since = g_get_monotonic_time();
    return TRUE;
}

static void
group_close(Batch *b)
{
    g_autoptr(GError) error = NULL;
    if (b->group_since == 0 || b->code != EXIT_DONE) {
        return;
    }
    gboolean ok = results_sync(b->results, &error) && catalogue_commit(b->catalogue, &error);
    b->group_since = 0;
    for (guint i = 0; i < b->placings->len && ok; i++) {
        const Placing *p = &g_array_index(b->placings, Placing, i);
        ok = results_place(b->results, p->id, p->output, p->keep_former, &error);
        if (ok) {
            g_array_append_val(b->placed, p->id);
        }
    }
    g_array_set_size(b->placings, 0);
    if (!ok) {
        stop(b, error, EXIT_OUTPUT);
    }
}

/* ---- the bytes are known ---- */

static Twin *
twin_new(Batch *b, const char *sha256, gint64 id, const char *output)
{
    Twin *t = g_new0(Twin, 1);
    t->id = id;
    t->output = g_strdup(output);
    t->waiting = g_array_new(FALSE, FALSE, sizeof(Running *));
    g_hash_table_insert(b->twins, g_strdup(sha256), t);
    return t;
}

static gboolean
same_bytes(const Known *known, const char *sha256)
{
    for (guint i = 0; i < 32; i++) {
        if (known->sha256[i] != (g_ascii_xdigit_value(sha256[2 * i]) << 4 |
                                 g_ascii_xdigit_value(sha256[2 * i + 1]))) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Only seen at another time: the result that is there stays. */
static gboolean
is_as_before(const Batch *b, const PlanItem *item, const char *sha256)
{
    const Known *k = item->known;
    if (k == NULL || item->why != WHY_CHANGED || k->making != b->making_id ||
        !same_bytes(k, sha256)) {
        return FALSE;
    }
    g_autofree char *output = document_output(item->document);
    g_autofree char *path = results_path(b->results, output);
    return outcome_is_good((Outcome)k->outcome) && g_access(path, F_OK) == 0;
}

static HashAnswer
on_hash(gpointer data, Running *running, const char *sha256, char **ret_path, gpointer user_data)
{
    Batch *b = user_data;
    const PlanItem *item = data;
    if (is_as_before(b, item, sha256)) {
        return ANSWER_STOP;
    }
    if (item->document->kind == DOCUMENT_FOLDER || b->text) { /* whose files' names are in it */
        return ANSWER_GO;
    }
    Twin *twin = g_hash_table_lookup(b->twins, sha256);
    if (twin == NULL) {
        twin_new(b, sha256, item->id, NULL);
        return ANSWER_GO;
    }
    if (twin->id == item->id) {
        return ANSWER_GO;
    }
    if (twin->output == NULL) {
        g_array_append_val(twin->waiting, running);
        return ANSWER_WAIT;
    }
    *ret_path = results_path(b->results, twin->output);
    return ANSWER_COPY;
}

/* Those that wait for this one copy it, or the first of them takes its place. */
static void
answer_waiting(Batch *b, const PlanItem *item, const TaskResult *result, const char *output)
{
    Twin *twin = result->sha256 != NULL ? g_hash_table_lookup(b->twins, result->sha256) : NULL;
    if (twin == NULL || twin->id != item->id || twin->output != NULL) {
        return;
    }
    if (result->output_sha256 != NULL && outcome_is_good(result->outcome)) {
        if (twin->waiting->len > 0) {
            group_close(b); /* so that it is in its place */
        }
        g_autofree char *path = results_path(b->results, output);
        twin->output = g_strdup(output);
        for (guint i = 0; i < twin->waiting->len; i++) {
            runner_answer(g_array_index(twin->waiting, Running *, i), ANSWER_COPY, path);
        }
        g_array_set_size(twin->waiting, 0);
        return;
    }
    for (guint i = 0; i < twin->waiting->len; i++) { /* what failed here may do well there */
        runner_answer(g_array_index(twin->waiting, Running *, i), ANSWER_GO, NULL);
    }
    g_hash_table_remove(b->twins, result->sha256);
}

/* ---- a document is done ---- */

static const char *
kind_word(const PlanItem *item)
{
    static const char *const words[N_DOCUMENT_KINDS] = {"pdf", "image", "folder", "container",
                                                        "other", "unreadable"};
    return words[item->document->kind];
}

static void
enter(Batch *b, const PlanItem *item, const TaskResult *result)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *container = item->list != NULL ? container_name(b, item->list) : NULL;
    const Twin *twin =
        result->copied ? g_hash_table_lookup(b->twins, result->sha256) : NULL;
    const Attempt attempt = {
        .id = item->id,
        .path = item->document->path,
        .kind = kind_word(item),
        .container = container,
        .stamp = plan_stamp(item),
        .sha256 = result->sha256,
        .outcome = result->outcome,
        .reason = result->reason,
        .pages = result->pages,
        .warnings = result->warnings,
        .changes = result->changes,
        .unfit = result->unfit,
        .output_sha256 = result->output_sha256,
        .output_bytes = result->output_bytes,
        .seconds = result->seconds,
        .processor = result->processor,
        .memory = result->memory,
        .copy_of = twin != NULL ? twin->id : 0,
        .keep_former = result->changes != NULL && result->changes->len > 0,
    };
    if (!group_open(b)) {
        return;
    }
    gboolean ok = result->stopped
                      ? catalogue_touch(b->catalogue, item->id, &attempt.stamp, &error)
                      : catalogue_add(b->catalogue, b->run, b->making_id, &attempt, &error);
    if (!ok) {
        stop(b, error, EXIT_OUTPUT);
        return;
    }
    if (!result->stopped && attempt.output_sha256 != NULL) {
        Placing placing = {item->id, document_output(item->document), attempt.keep_former};
        g_array_append_val(b->placings, placing);
    } else {
        results_unstage(b->results, item->id);
    }
}

static void
on_end(gpointer data, const TaskResult *result, gpointer user_data)
{
    Batch *b = user_data;
    const PlanItem *item = data;
    g_autofree char *output = document_output(item->document);
    results_clear_scratch(b->results, item->id);
    if (result->interrupted || b->code != EXIT_DONE) {
        return; /* as if it had not begun */
    }
    if (result->code == EXIT_MISSING || result->code == EXIT_OUTPUT) {
        g_autoptr(GError) error =
            g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_FAILED,
                                result->reason != NULL ? result->reason
                                : result->warnings->len > 0
                                    ? (const char *)g_ptr_array_index(result->warnings, 0)
                                    : "cannot be written");
        stop(b, error, result->code);
        return;
    }
    enter(b, item, result);
    answer_waiting(b, item, result, output);
    batch_report_add(b->report, item, result);
}

static gboolean
on_tick(gpointer user_data)
{
    Batch *b = user_data;
    gint64 age = b->group_since != 0 ? g_get_monotonic_time() - b->group_since : 0;
    if (b->placings->len >= GROUP_MOST || age > GROUP_AGE) {
        group_close(b);
    }
    batch_report_draw(b->report);
    return b->code == EXIT_DONE;
}

/* ---- the next ---- */

static gboolean
stage(Batch *b, const PlanItem *item, Task *task)
{
    g_autoptr(GError) error = NULL;
    const char *path = item->document->path;
    g_autofree char *output = document_output(item->document);
    g_autofree char *place = results_path(b->results, output);
    task->options = b->options;
    task->name = *path != '\0' ? g_path_get_basename(path) : source_name(b->options->input);
    task->output = results_stage(b->results, item->id, FALSE, &error);
    if (task->output >= 0 && b->text) {
        task->text = results_stage(b->results, item->id, TRUE, &error);
    }
    if (task->output < 0 || (b->text && task->text < 0)) {
        stop(b, error, EXIT_OUTPUT);
        return FALSE;
    }
    if (item->known != NULL && item->known->result) {
        task->former = g_steal_pointer(&place);
    }
    return TRUE;
}

/* A document of an archive file that cannot be read there. */
static void
member_failed(Batch *b, const PlanItem *item, char *why)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(GArray) no_pages = g_array_new(FALSE, FALSE, sizeof(PageOutcome));
    const TaskResult result = {.outcome = OUTCOME_DAMAGED,
                               .reason = why,
                               .pages = no_pages,
                               .warnings = none,
                               .changes = none,
                               .unfit = none};
    on_end((gpointer)(guintptr)item, &result, b);
}

static gboolean
next_member(Batch *b, Task *task, const PlanItem **ret_item)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *why = NULL;
    while (members_next(b->members, ret_item, task, &why, &error)) {
        if (why == NULL) {
            return TRUE;
        }
        member_failed(b, *ret_item, why);
        g_clear_pointer(&why, g_free);
    }
    if (error != NULL) {
        stop(b, error, EXIT_OUTPUT);
    }
    g_clear_pointer(&b->members, members_free);
    return FALSE;
}

/* Opens the archive file whose documents come next. */
static gboolean
open_members(Batch *b)
{
    g_autoptr(GError) error = NULL;
    const PlanItem *first = &g_array_index(b->plan->items, PlanItem, b->next);
    guint n = 0;
    while (b->next < b->plan->items->len &&
           g_array_index(b->plan->items, PlanItem, b->next).list == first->list) {
        b->next++;
        n++;
    }
    b->members = members_new(first, n, results_scratch(b->results), &error);
    for (guint i = 0; i < n && b->members == NULL; i++) {
        member_failed(b, first + i, error->message);
    }
    return b->members != NULL;
}

static gboolean
on_next(gpointer user_data, Task *ret_task, gpointer *ret_item)
{
    Batch *b = user_data;
    const PlanItem *item = NULL;
    while (item == NULL && b->code == EXIT_DONE) {
        if (b->members != NULL) {
            if (!next_member(b, ret_task, &item)) {
                item = NULL;
            }
        } else if (b->next == b->plan->items->len) {
            return FALSE;
        } else if (g_array_index(b->plan->items, PlanItem, b->next).list != NULL) {
            open_members(b);
        } else {
            item = &g_array_index(b->plan->items, PlanItem, b->next++);
            ret_task->path = g_build_filename(b->options->input, item->document->path, NULL);
        }
    }
    *ret_item = (gpointer)(guintptr)item;
    return item != NULL && b->code == EXIT_DONE && stage(b, item, ret_task);
}

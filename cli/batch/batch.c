/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run: the plan; tasks by the runner; what they give into the catalogue, in groups; the results
 * into their places. A group is made durable in this order: the staged files, the rows that say
 * they are staged, the files in their places. Whatever stops it in between, recover() finishes.
 */
#include "batch.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "accept.h"
#include "batch-report.h"
#include "documents-build.h"
#include "faults.h"
#include "making.h"
#include "members.h"
#include "merge.h"
#include "messages.h"
#include "output.h"
#include "results.h"
#include "sandbox.h"

/* A group is made durable when it has so many documents, or is so old, microseconds. */
#define GROUP_MOST 256u
#define GROUP_AGE ((gint64)2 * G_USEC_PER_SEC)

typedef struct {
    gint64 id;
    char *output;
    PlaceHow how;
} Placing;

/* A document whose bytes are known: what may be copied, or is being made. */
typedef struct {
    gint64 id;
    char *output;           /* of a result that is there or staged; NULL while it is being made */
    char output_sha256[65]; /* of that result */
} Twin;

/* A task that waits for the twin of its document. */
typedef struct {
    Running *running;
    char sha256[65];
} Waiting;

typedef struct {
    const Options *options;
    Results *results;
    Catalogue *catalogue;
    GHashTable *known;  /* path → Known */
    GHashTable *twins;  /* sha256 → Twin, of this making */
    GHashTable *makers; /* const PlanItem * → the sha256 whose twin it is making */
    GArray *waiting;    /* Waiting */
    Making making;
    gint64 making_id, run;
    Plan *plan;
    guint next;
    Members *members;
    BatchReport *report;
    GArray *placings;   /* Placing: rows in the open transaction */
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
        ok = results_place(b->results, p->id, p->output, p->how, &error);
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
    g_hash_table_insert(b->twins, g_strdup(sha256), t);
    return t;
}

static void
sha256_words(const guint8 *bytes, char *ret_hex)
{
    for (guint i = 0; i < 32; i++) {
        g_snprintf(ret_hex + (gsize)2 * i, 3, "%02x", bytes[i]);
    }
}

static gboolean
same_bytes(const Known *known, const char *sha256)
{
    char hex[65];
    sha256_words(known->sha256, hex);
    return strcmp(hex, sha256) == 0;
}

static gboolean
has_bytes(const char *path, const guint8 *wanted)
{
    g_autofree char *text = NULL;
    gsize size;
    if (!g_file_get_contents(path, &text, &size, NULL)) {
        return FALSE;
    }
    g_autofree char *sha256 =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, size);
    char expected[65];
    sha256_words(wanted, expected);
    return strcmp(sha256, expected) == 0;
}

/* Whether the bytes of a result are those that were put there. */
static gboolean
result_is_sound(const Batch *b, const char *output, const Known *known)
{
    g_autofree char *path = results_path(b->results, output);
    g_autofree char *text = results_text(b->results, output);
    return has_bytes(path, known->output_sha256) &&
           (known->text != TEXT_THERE || has_bytes(text, known->text_sha256));
}

static gboolean
result_is_there(const char *output, const Known *known, gpointer user_data)
{
    const Batch *b = user_data;
    g_autofree char *path = results_path(b->results, output);
    g_autofree char *text = results_text(b->results, output);
    return g_access(path, F_OK) == 0 && (known->text != TEXT_THERE || g_access(text, F_OK) == 0);
}

/* Only seen at another time: the result that is there stays. */
static gboolean
is_as_before(Batch *b, const PlanItem *item, const char *sha256)
{
    const Known *k = item->known;
    if (k == NULL || item->why != WHY_CHANGED || k->making != b->making_id ||
        !same_bytes(k, sha256) || !plan_same_corrections(item)) {
        return FALSE;
    }
    g_autofree char *output = document_output(item->document);
    return outcome_is_good((Outcome)k->outcome) && result_is_there(output, k, b) &&
           (!b->options->batch.rehash || result_is_sound(b, output, k));
}

static gboolean
is_placing(const Batch *b, gint64 id)
{
    for (guint i = 0; i < b->placings->len; i++) {
        if (g_array_index(b->placings, Placing, i).id == id) {
            return TRUE;
        }
    }
    return FALSE;
}

/* What runner_answer() is told. */
static char *
copy_of(const Batch *b, const Twin *twin)
{
    g_autofree char *path = results_path(b->results, twin->output);
    return g_strdup_printf("%s %s", twin->output_sha256, path);
}

/* It is dead, or asks anew. */
static void
wait_no_more(Batch *b, const Running *running)
{
    for (guint i = 0; i < b->waiting->len; i++) {
        if (g_array_index(b->waiting, Waiting, i).running == running) {
            g_array_remove_index(b->waiting, i--);
        }
    }
}

static void
answer_all(Batch *b, const char *sha256, HashAnswer answer, const char *copy)
{
    for (guint i = 0; i < b->waiting->len; i++) {
        const Waiting *w = &g_array_index(b->waiting, Waiting, i);
        if (strcmp(w->sha256, sha256) == 0) {
            runner_answer(w->running, answer, copy);
            g_array_remove_index(b->waiting, i--);
        }
    }
}

/* It does not make what others may wait for: they are read like others, since what failed here may
 * do well there. */
static void
make_no_more(Batch *b, const PlanItem *item)
{
    const char *sha256 = g_hash_table_lookup(b->makers, item);
    if (sha256 != NULL) {
        answer_all(b, sha256, ANSWER_GO, NULL);
        g_hash_table_remove(b->twins, sha256);
        g_hash_table_remove(b->makers, item);
    }
}

static HashAnswer
on_hash(gpointer data, Running *running, const char *sha256, char **ret_copy, gpointer user_data)
{
    Batch *b = user_data;
    const PlanItem *item = data;
    wait_no_more(b, running);
    if (g_strcmp0(g_hash_table_lookup(b->makers, item), sha256) != 0) {
        make_no_more(b, item); /* it is read once more, and has changed */
    }
    if (is_as_before(b, item, sha256)) {
        return ANSWER_STOP;
    }
    if (item->document->kind == DOCUMENT_FOLDER || b->text || /* whose files' names are in it */
        item->corrections != NULL) {
        return ANSWER_GO;
    }
    Twin *twin = g_hash_table_lookup(b->twins, sha256);
    if (twin == NULL) {
        twin_new(b, sha256, item->id, NULL);
        g_hash_table_insert(b->makers, data, g_strdup(sha256));
        return ANSWER_GO;
    }
    if (twin->id == item->id) {
        return ANSWER_GO;
    }
    if (twin->output == NULL) {
        Waiting waiting = {.running = running};
        g_strlcpy(waiting.sha256, sha256, sizeof waiting.sha256);
        g_array_append_val(b->waiting, waiting);
        return ANSWER_WAIT;
    }
    if (is_placing(b, twin->id)) { /* what stands in its place is older */
        group_close(b);
    }
    *ret_copy = copy_of(b, twin);
    return ANSWER_COPY;
}

/* Those that wait for this one copy it, or are read like others. Its own hash may be missing: if it
 * was killed, it was read once more, and may have come less far. */
static void
answer_waiting(Batch *b, const PlanItem *item, const TaskResult *result, const char *output)
{
    const char *sha256 = g_hash_table_lookup(b->makers, item);
    if (sha256 == NULL) {
        return;
    }
    if (g_strcmp0(result->sha256, sha256) != 0 || result->output_sha256 == NULL ||
        !outcome_is_good(result->outcome)) {
        make_no_more(b, item);
        return;
    }
    Twin *twin = g_hash_table_lookup(b->twins, sha256);
    if (b->waiting->len > 0) {
        group_close(b); /* so that it is in its place */
    }
    twin->output = g_strdup(output);
    memcpy(twin->output_sha256, result->output_sha256, sizeof twin->output_sha256);
    g_autofree char *copy = copy_of(b, twin);
    answer_all(b, sha256, ANSWER_COPY, copy);
    g_hash_table_remove(b->makers, item);
}

/* ---- a document is done ---- */

static const char *const kind_words[N_DOCUMENT_KINDS] = {"pdf",       "image", "folder",
                                                         "container", "other", "unreadable"};

static void
enter(Batch *b, const PlanItem *item, const TaskResult *result)
{
    g_autoptr(GError) error = NULL;
    gboolean is_new = !result->stopped && result->output_sha256 != NULL;
    g_autofree char *text =
        is_new && b->text ? results_text_hash(b->results, item->id, &error) : NULL;
    if (error != NULL) {
        stop(b, error, EXIT_OUTPUT);
        return;
    }
    const Twin *twin = result->copied ? g_hash_table_lookup(b->twins, result->sha256) : NULL;
    const Attempt attempt = {
        .id = item->id,
        .path = item->document->path,
        .kind = kind_words[item->document->kind],
        .container = item->container,
        .stamp = plan_stamp(item),
        .sha256 = result->sha256,
        .corrections = item->corrections_sha256,
        .outcome = result->outcome,
        .reason = result->reason,
        .pages = result->pages,
        .warnings = result->warnings,
        .changes = result->changes,
        .unfit = result->unfit,
        .output_sha256 = result->output_sha256,
        .text_sha256 = text,
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
    if (is_new) {
        gboolean drop_text = text == NULL && item->known != NULL && item->known->text != TEXT_NONE;
        Placing placing = {
            item->id, document_output(item->document), {attempt.keep_former, drop_text}};
        g_array_append_val(b->placings, placing);
    } else {
        results_unstage(b->results, item->id);
    }
}

static void
on_end(gpointer data, const Running *running, const TaskResult *result, gpointer user_data)
{
    Batch *b = user_data;
    const PlanItem *item = data;
    g_autofree char *output = document_output(item->document);
    wait_no_more(b, running);
    results_clear_scratch(b->results, item->id);
    if (result->interrupted || b->code != EXIT_DONE) {
        return; /* as if it had not begun */
    }
    if (result->code == EXIT_MISSING || result->code == EXIT_OUTPUT) {
        g_autoptr(GError) error = g_error_new_literal(
            G_FILE_ERROR, G_FILE_ERROR_FAILED,
            result->reason != NULL      ? result->reason
            : result->warnings->len > 0 ? (const char *)g_ptr_array_index(result->warnings, 0)
                                        : "cannot be written");
        stop(b, error, result->code);
        return;
    }
    TaskResult whole = *result;
    g_autofree char *lost =
        g_strdup_printf("%u of its page images cannot be read", item->document->lost);
    if (item->document->lost > 0 && outcome_is_good(whole.outcome)) {
        whole.outcome = OUTCOME_PARTIAL;
        whole.reason = lost;
    }
    enter(b, item, &whole);
    answer_waiting(b, item, &whole, output);
    batch_report_add(b->report, item, &whole);
}

static gboolean
on_tick(gpointer user_data)
{
    Batch *b = user_data;
    gint64 age = b->group_since != 0 ? g_get_monotonic_time() - b->group_since : 0;
    if (b->placings->len >= faults_limit("GROUP_MOST", GROUP_MOST) || age > GROUP_AGE) {
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
    task->corrections = g_strdup(item->corrections);
    if (item->known != NULL && item->known->result) { /* or what is kept, not accepted yet */
        g_autofree char *kept = results_former(b->results, output);
        gboolean is_kept = item->known->former && g_access(kept, F_OK) == 0;
        task->former = is_kept ? g_steal_pointer(&kept) : g_steal_pointer(&place);
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
    on_end((gpointer)(guintptr)item, NULL, &result, b);
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
    if (error != NULL && !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_INTR)) {
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

/* ---- before and after ---- */

static void
recover_one(Batch *b, const Known *known, GError **error)
{
    const Document document = {.path = known->path,
                               .kind = known->folder ? DOCUMENT_FOLDER : DOCUMENT_PDF};
    g_autofree char *output = document_output(&document);
    const PlaceHow how = {known->former != 0, known->text == TEXT_OLD};
    if (results_place(b->results, known->id, output, how, error)) {
        g_array_append_val(b->placed, known->id);
    }
}

/* Finishes what a batch before was stopped in. */
static gboolean
recover(Batch *b, GError **error)
{
    g_autoptr(GHashTable) nobody = g_hash_table_new(g_int64_hash, g_int64_equal);
    GHashTableIter iter;
    gpointer value;
    GError *failed = NULL;
    g_hash_table_iter_init(&iter, b->known);
    while (failed == NULL && g_hash_table_iter_next(&iter, NULL, &value)) {
        if (((const Known *)value)->staged) {
            recover_one(b, value, &failed);
        }
    }
    if (failed != NULL) {
        g_propagate_error(error, failed);
        return FALSE;
    }
    results_tidy(b->results, nobody);
    return TRUE;
}

/* What has a result of this making can be copied. */
static void
find_twins(Batch *b)
{
    GHashTableIter iter;
    gpointer value;
    static const guint8 none[32];
    g_hash_table_iter_init(&iter, b->known);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Known *k = value;
        char hex[65], of_output[65];
        if (k->folder || k->gone || memcmp(k->corrections, none, 32) != 0 || !k->result ||
            k->making != b->making_id || !outcome_is_good((Outcome)k->outcome) ||
            memcmp(k->sha256, none, 32) == 0) {
            continue;
        }
        sha256_words(k->sha256, hex);
        sha256_words(k->output_sha256, of_output);
        g_autofree char *output = g_strconcat(k->path, ".xml", NULL);
        g_autofree char *path = results_path(b->results, output);
        if (g_access(path, F_OK) == 0 && !g_hash_table_contains(b->twins, hex)) {
            Twin *twin = twin_new(b, hex, k->id, output);
            memcpy(twin->output_sha256, of_output, sizeof of_output);
        }
    }
}

static gint64
next_id(const Batch *b)
{
    gint64 most = 0;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, b->known);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        most = MAX(most, ((const Known *)value)->id);
    }
    return most + 1;
}

static gboolean
plan(Batch *b, GError **error)
{
    const Options *o = b->options;
    static const char *const reserved[] = {RESULTS_CATALOGUE, RESULTS_HIDDEN, NULL};
    const DocumentsOptions where = {reserved, o->output};
    Documents *documents =
        o->batch.list
            ? documents_from_list(o->input, stdin, o->batch.null ? 0 : '\n', &where, error)
            : documents_walk(o->input, &where, error);
    if (documents == NULL) {
        return FALSE;
    }
    PlanOptions options = {.archive = o->input,
                           .corrections = o->corrections,
                           .making = &b->making,
                           .making_id = b->making_id,
                           .shard = MAX(1, o->batch.shard),
                           .shards = MAX(1, o->batch.shards),
                           .rehash = o->batch.rehash,
                           .retry_failed = o->batch.retry_failed,
                           .partly = o->batch.list,
                           .result_is_there = result_is_there,
                           .user_data = b,
                           .next_id = next_id(b)};
    b->plan = plan_make(documents, b->known, b->catalogue, &options, error);
    return b->plan != NULL;
}

/* An archive file, or what cannot be read: a row without a result. What can be read, but not with
 * its corrections, has not been looked at: by its stamp it is new. */
static gboolean
enter_other(Batch *b, const PlanItem *item, GError **error)
{
    const char *base = strrchr(item->document->path, '/');
    gboolean readable = item->document->kind <= DOCUMENT_FOLDER;
    DocumentKind kind = readable ? item->document->kind
                        : item->known != NULL && item->known->folder
                            ? DOCUMENT_FOLDER
                            : document_kind_of(base != NULL ? base + 1 : item->document->path);
    const Attempt attempt = {.id = item->id,
                             .path = item->document->path,
                             .kind = kind_words[kind],
                             .container = item->container,
                             .stamp = readable ? (FileStamp){0} : item->document->stamp,
                             .outcome = item->is,
                             .reason = item->why_not};
    return catalogue_add(b->catalogue, b->run, b->making_id, &attempt, error);
}

static void
enter_all(Batch *b, const GArray *items)
{
    g_autoptr(GError) error = NULL;
    gboolean ok = group_open(b);
    for (guint i = 0; i < items->len && ok; i++) {
        ok = enter_other(b, &g_array_index(items, PlanItem, i), &error);
    }
    if (error != NULL) {
        stop(b, error, EXIT_OUTPUT);
    }
}

/* What was in the archive and is not, and what is in it again. */
static void
enter_gone(Batch *b)
{
    g_autoptr(GError) error = NULL;
    const Plan *p = b->plan;
    gboolean ok = group_open(b);
    for (guint i = 0; i < p->gone->len && ok; i++) {
        const Known *known = g_ptr_array_index(p->gone, i);
        ok = catalogue_gone(b->catalogue, known->id, TRUE, &error);
    }
    for (guint i = 0; i < p->returned->len && ok; i++) {
        const Known *known = g_ptr_array_index(p->returned, i);
        ok = catalogue_gone(b->catalogue, known->id, FALSE, &error);
    }
    if (error != NULL) {
        stop(b, error, EXIT_OUTPUT);
    }
}

static void
report_failed(Batch *b, const GArray *items)
{
    for (guint i = 0; i < items->len; i++) {
        const PlanItem *item = &g_array_index(items, PlanItem, i);
        if (item->is != OUTCOME_OK) {
            batch_report_left(b->report, item);
        }
    }
}

static void
name_left_alone(const Batch *b)
{
    for (guint i = 0; i < b->plan->others->len; i++) {
        const Document *d = g_array_index(b->plan->others, PlanItem, i).document;
        if (d->kind == DOCUMENT_UNREADABLE || d->why != NULL) {
            complain(*d->path != '\0' ? d->path : b->options->input, "%s",
                     d->why != NULL ? d->why : "left alone");
        }
    }
}

/* What the kernel cannot enforce, once for all documents: a child tries. */
static void
name_open_doors(const Batch *b)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        _exit((int)sandbox_enter(NULL));
    }
    if (child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status)) {
        const char *words = sandbox_words((guint)WEXITSTATUS(status));
        if (words != NULL) {
            complain(b->options->input, "%s", words);
        }
    }
}

static int
run(Batch *b)
{
    g_autoptr(GError) error = NULL;
    const Options *o = b->options;
    g_autofree char *shard =
        o->batch.shards > 0 ? g_strdup_printf("%u/%u", o->batch.shard, o->batch.shards) : NULL;
    b->report = batch_report_new(b->plan, o->quiet, o->batch.log, &error);
    b->run = b->report != NULL ? catalogue_run_begin(b->catalogue, o->input, shard, b->making_id,
                                                     (guint)o->jobs, b->plan->items->len, &error)
                               : 0;
    if (b->run == 0) {
        complain(o->output, "%s", error->message);
        return EXIT_OUTPUT;
    }
    name_left_alone(b);
    if (b->plan->items->len > 0) {
        name_open_doors(b);
    }
    enter_gone(b);
    enter_all(b, b->plan->lost);
    report_failed(b, b->plan->lost);
    report_failed(b, b->plan->containers);
    find_twins(b);
    worker_warm_up();
    const RunnerHooks hooks = {on_next, on_hash, on_end, on_tick, b};
    gboolean whole = runner_run(&hooks, (guint)o->jobs, (guint)o->batch.seconds);
    if (whole) { /* only now is all of them done, whatever stops it before */
        enter_all(b, b->plan->containers);
    }
    group_close(b);
    if (group_open(b)) { /* what was placed last */
        group_close(b);
    }
    catalogue_run_end(b->catalogue, b->run,
                      b->code != EXIT_DONE ? "stopped"
                      : whole              ? "done"
                                           : "interrupted",
                      NULL);
    batch_report_summary(b->report, b->plan);
    if (!batch_report_end_log(b->report, &error)) {
        stop(b, error, EXIT_OUTPUT);
    }
    if (b->code != EXIT_DONE) {
        return b->code;
    }
    gboolean failed = batch_report_failed(b->report) > 0 || b->plan->failed_before > 0;
    return !whole ? EXIT_INTERRUPTED : failed ? EXIT_PARTLY : EXIT_DONE;
}

static void
batch_clear(Batch *b)
{
    members_free(b->members);
    plan_free(b->plan);
    batch_report_free(b->report);
    g_clear_pointer(&b->known, g_hash_table_unref);
    g_clear_pointer(&b->twins, g_hash_table_unref);
    g_clear_pointer(&b->makers, g_hash_table_unref);
    g_clear_pointer(&b->waiting, g_array_unref);
    g_clear_pointer(&b->placings, g_array_unref);
    g_clear_pointer(&b->placed, g_array_unref);
    making_clear(&b->making);
    catalogue_free(b->catalogue);
    results_free(b->results);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Batch, batch_clear)

static int
code_of(const GError *error)
{
    return g_error_matches(error, EXTRACT_ERROR, EXTRACT_ERROR_MISSING) ? EXIT_MISSING
           : error->domain == EXTRACT_ERROR                             ? EXIT_INPUT
                                                                        : EXIT_OUTPUT;
}

/* A shard that begins knows what the whole did before. */
static gboolean
seed(Batch *b, Shard which, GError **error)
{
    g_autofree char *whole = results_path(b->results, RESULTS_CATALOGUE);
    return catalogue_is_used(b->catalogue) || merge_seed(b->catalogue, whole, which, error);
}

/* Can nothing be written where a batch keeps its own? */
static gboolean
is_read_only(const char *out)
{
    g_autofree char *hidden = g_build_filename(out, RESULTS_HIDDEN, NULL);
    return g_access(g_access(hidden, F_OK) == 0 ? hidden : out, W_OK) != 0;
}

/* The results and their catalogue as they stand, for who may only read them. */
static gboolean
look_at_results(Batch *b, Shard which, const char *name, GError **error)
{
    b->results = results_look(b->options->output, name);
    const char *path = results_catalogue(b->results);
    gboolean begun = g_access(path, F_OK) == 0;
    if (!merge_allows(b->results, name != NULL ? &which : NULL, error)) {
        return FALSE;
    }
    b->catalogue =
        begun ? catalogue_open_read(path, error) : catalogue_open(CATALOGUE_NOWHERE, error);
    if (b->catalogue == NULL || (!begun && name != NULL && !seed(b, which, error))) {
        return FALSE;
    }
    b->known = catalogue_known(b->catalogue, error);
    return b->known != NULL;
}

/* The results and their catalogue, as a batch leaves them: what was stopped is finished. */
static gboolean
open_results(Batch *b, GError **error)
{
    const Shard which = {b->options->batch.shard, b->options->batch.shards};
    gboolean part = which.of > 0;
    if (b->options->batch.dry_run && g_access(b->options->output, F_OK) != 0) {
        b->catalogue = catalogue_open(CATALOGUE_NOWHERE, error); /* nothing is made */
        b->known = b->catalogue != NULL ? catalogue_known(b->catalogue, error) : NULL;
        return b->known != NULL;
    }
    g_autofree char *name = part ? g_strdup_printf("%u-of-%u", which.number, which.of) : NULL;
    if (b->options->batch.dry_run && is_read_only(b->options->output)) {
        return look_at_results(b, which, name, error);
    }
    b->results = results_open(b->options->output, name, error);
    if (b->results == NULL || (b->options->batch.what != BATCH_MERGE &&
                               !merge_allows(b->results, part ? &which : NULL, error))) {
        return FALSE;
    }
    b->catalogue = catalogue_open(results_catalogue(b->results), error);
    if (b->catalogue == NULL || (part && !seed(b, which, error))) {
        return FALSE;
    }
    b->known = catalogue_known(b->catalogue, error);
    return b->known != NULL && recover(b, error);
}

static gboolean
prepare(Batch *b, GError **error)
{
    const Options *o = b->options;
    if (!open_results(b, error) ||
        !making_find(o, b->text ? "xml,text" : "xml", &b->making, error)) {
        return FALSE;
    }
    b->making_id = catalogue_making(b->catalogue, &b->making, !o->batch.dry_run, error);
    return b->making_id != 0 || o->batch.dry_run;
}

static int
dry_run(Batch *b)
{
    g_autoptr(Output) output = output_open(NULL, NULL);
    if (output != NULL) {
        batch_report_plan(b->plan, output_stream(output));
    }
    if (b->results != NULL && b->options->batch.shards > 0 && !catalogue_is_used(b->catalogue)) {
        merge_forget(b->results); /* this shard has not begun */
    }
    return output != NULL && output_commit(output, NULL) ? EXIT_DONE : EXIT_OUTPUT;
}

/* Asked before anything is made. */
static gboolean
is_archive(const char *path, GError **error)
{
    GStatBuf st;
    errno = g_stat(path, &st) != 0 ? errno : S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
    if (errno == 0) {
        return TRUE;
    }
    g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN, "cannot be opened: %s",
                g_strerror(errno));
    return FALSE;
}

static int
extract(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_auto(Batch) b = {.options = options, .text = options->batch.text};
    b.twins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, twin_free);
    b.makers = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    b.waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    b.placings = g_array_new(FALSE, FALSE, sizeof(Placing));
    b.placed = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_array_set_clear_func(b.placings, placing_clear);
    if (!is_archive(options->input, &error) || !prepare(&b, &error) || !plan(&b, &error)) {
        complain(error->domain == EXTRACT_ERROR ? options->input : options->output, "%s",
                 error->message);
        return code_of(error);
    }
    return options->batch.dry_run ? dry_run(&b) : run(&b);
}

static gboolean
status_of(const char *path, FILE *out,
          gboolean (*report)(Catalogue *catalogue, gboolean at_work, FILE *out, GError **error))
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Catalogue) catalogue = catalogue_open_read(path, &error);
    if (catalogue == NULL || !report(catalogue, results_at_work(path), out, &error)) {
        g_autofree char *folder = g_path_get_dirname(path); /* the error names the file */
        complain(folder, "%s", error->message);
        return FALSE;
    }
    return TRUE;
}

/* Of the whole, and of shards that are not merged yet. */
static int
status(const Options *options)
{
    g_autofree char *path = g_build_filename(options->output, RESULTS_CATALOGUE, NULL);
    g_autoptr(GPtrArray) shards = merge_catalogues(options->output);
    g_autoptr(Output) output = output_open(NULL, NULL);
    FILE *out = output != NULL ? output_stream(output) : NULL;
    gboolean ok = out != NULL;
    if (shards->len == 0 && g_access(path, F_OK) != 0) {
        complain(path, "%s", g_strerror(errno));
        return EXIT_INPUT;
    }
    if (ok && (shards->len == 0 || g_access(path, F_OK) == 0)) {
        ok = status_of(path, out, batch_report_status);
    }
    for (guint i = 0; i < shards->len && ok; i++) {
        ok = status_of(g_ptr_array_index(shards, i), out, batch_report_shard);
    }
    return !ok ? EXIT_INPUT : output_commit(output, NULL) ? EXIT_DONE : EXIT_OUTPUT;
}

static int
accept(const Options *options)
{
    g_autoptr(GError) error = NULL;
    guint count = 0;
    g_autoptr(Results) results = results_open(options->output, NULL, &error);
    g_autoptr(Catalogue) catalogue =
        results != NULL ? catalogue_open(results_catalogue(results), &error) : NULL;
    if (catalogue == NULL || !merge_allows(results, NULL, &error) ||
        !accept_changes(catalogue, results, options->batch.accept_class, options->batch.paths,
                        &count, &error)) {
        complain(options->output, "%s", error->message);
        return error->domain == G_OPTION_ERROR ? EXIT_USAGE : EXIT_OUTPUT;
    }
    fprintf(stderr, "yomijun: %u accepted\n", count);
    return EXIT_DONE;
}

/* Says in the catalogue what recover() put into its place. */
static gboolean
catch_up(Batch *b, GError **error)
{
    gboolean ok = catalogue_begin(b->catalogue, error);
    for (guint i = 0; i < b->placed->len && ok; i++) {
        ok = catalogue_placed(b->catalogue, g_array_index(b->placed, gint64, i), error);
    }
    return ok && catalogue_commit(b->catalogue, error);
}

static int
merge(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_auto(Batch) b = {.options = options};
    guint count = 0;
    b.placed = g_array_new(FALSE, FALSE, sizeof(gint64));
    if (!open_results(&b, &error) || !catch_up(&b, &error) ||
        !merge_shards(b.catalogue, b.results, &count, &error)) {
        complain(options->output, "%s", error->message);
        return EXIT_OUTPUT;
    }
    fprintf(stderr, "yomijun: %u shards merged\n", count);
    return EXIT_DONE;
}

int
batch_run(const Options *options)
{
    switch (options->batch.what) {
    case BATCH_STATUS:
        return status(options);
    case BATCH_ACCEPT:
        return accept(options);
    case BATCH_MERGE:
        return merge(options);
    case BATCH_EXTRACT:
    default:
        return extract(options);
    }
}

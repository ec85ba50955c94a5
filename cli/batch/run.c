/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "batch-report.h"
#include "data-file.h"
#include "documents-build.h"
#include "messages.h"
#include "queue.h"
#include "sandbox.h"
#include "standing.h"
#include "text-document.h"
#include "twins.h"

/* While a group is being closed, the results of so many documents wait at most. */
#define ENDED_MOST 1024u

typedef struct {
    const PlanItem *item;
    TaskResult result; /* not in the catalogue yet */
} Ended;

typedef struct {
    const Options *options;
    Results *results; /* these three of the OutFolder */
    Catalogue *catalogue;
    Groups *groups;
    const Makings *makings;
    gint64 run;
    const Plan *plan;
    Forker *forker;
    Queue *queue;
    Twins *twins;
    BatchReport *report;
    GQueue ended; /* Ended *: while a group is being closed */
    int code;     /* what the batch ends with, once it must */
    gboolean text;
} Batch;

/* Nothing more can be done. */
static void
stop(Batch *b, const GError *error, int code)
{
    if (b->code == EXIT_DONE) {
        b->code = code;
        complain(b->options->output, "%s", error->message);
        groups_wait(b->groups, NULL); /* what has begun */
    }
}

/* ---- groups ---- */

static gboolean
group_open(Batch *b)
{
    g_autoptr(GError) error = NULL;
    if (b->code == EXIT_DONE && !groups_begin(b->groups, &error)) {
        stop(b, error, EXIT_OUTPUT);
    }
    return b->code == EXIT_DONE;
}

static void
group_close(Batch *b)
{
    g_autoptr(GError) error = NULL;
    if (b->code == EXIT_DONE && !groups_close(b->groups, &error)) {
        stop(b, error, EXIT_OUTPUT);
    }
}

/* Those that wait for this one copy it, or are read like others. Its own hash may be missing: if it
 * was killed, it was read once more, and may have come less far. */
static void
answer_waiting(Batch *b, const PlanItem *item, const TaskResult *result, const char *output)
{
    const char *sha256 = twins_makes(b->twins, item);
    if (sha256 == NULL) {
        return;
    }
    if (g_strcmp0(result->sha256, sha256) != 0 || result->output_sha256 == NULL ||
        !outcome_is_good(result->outcome)) {
        twins_make_no_more(b->twins, item);
        return;
    }
    if (twins_is_waited_for(b->twins)) {
        group_close(b); /* so that it is in its place */
    }
    twins_made(b->twins, item, output, result->output_sha256);
}

/* ---- a document is done ---- */

static const char *const kind_words[N_DOCUMENT_KINDS] = {
    "pdf", "image", "text", "folder", "container", "other", "unreadable"};

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
        .copy_of = result->copied ? twins_id(b->twins, result->sha256) : 0,
        .keep_former = result->changes != NULL && result->changes->len > 0,
    };
    if (!group_open(b)) {
        return;
    }
    gboolean ok = result->stopped
                      ? catalogue_touch(b->catalogue, item->id, &attempt.stamp, &error)
                      : catalogue_add(b->catalogue, b->run, makings_id(b->makings, item->document),
                                      &attempt, &error);
    if (!ok) {
        stop(b, error, EXIT_OUTPUT);
        return;
    }
    if (is_new) {
        gboolean drop_text = text == NULL && item->known != NULL && item->known->text != TEXT_NONE;
        g_autofree char *output = document_output(item->document);
        const PlaceHow how = {attempt.keep_former, drop_text};
        groups_place(b->groups, item->id, output, how);
    } else {
        results_unstage(b->results, item->id);
    }
}

static void
take(Batch *b, const Ended *e)
{
    g_autofree char *output = document_output(e->item->document);
    enter(b, e->item, &e->result);
    answer_waiting(b, e->item, &e->result, output);
    batch_report_add(b->report, e->item, &e->result);
}

/* What has ended while a group was being closed. */
static void
take_ended(Batch *b)
{
    Ended *e;
    while ((e = g_queue_pop_head(&b->ended)) != NULL) {
        if (b->code == EXIT_DONE) {
            take(b, e);
        }
        task_result_clear(&e->result);
        g_free(e);
    }
}

static void
on_end(gpointer data, const Running *running, TaskResult *result, gpointer user_data)
{
    Batch *b = user_data;
    const PlanItem *item = data;
    twins_wait_no_more(b->twins, running);
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
    if (item->document->lost > 0 && outcome_is_good(result->outcome)) {
        result->outcome = OUTCOME_PARTIAL;
        g_free(result->reason);
        result->reason =
            g_strdup_printf("%u of its page images cannot be read", item->document->lost);
    }
    Ended *e = g_new(Ended, 1);
    *e = (Ended){item, *result};
    *result = (TaskResult){0};
    g_queue_push_tail(&b->ended, e);
    if (!groups_is_closing(b->groups) || b->ended.length >= ENDED_MOST) {
        take_ended(b);
    }
}

/* ---- the bytes are known ---- */

/* Only seen at another time: the result that is there stays. */
static gboolean
is_as_before(Batch *b, const PlanItem *item, const char *sha256)
{
    const Known *k = item->known;
    if (k == NULL || item->why != WHY_CHANGED ||
        k->making != makings_id(b->makings, item->document) || !standing_same_bytes(k, sha256) ||
        !plan_same_corrections(item)) {
        return FALSE;
    }
    g_autofree char *output = document_output(item->document);
    return outcome_is_good((Outcome)k->outcome) && standing_is_there(b->results, output, k) &&
           (!b->options->batch.rehash || standing_is_sound(b->results, output, k));
}

/* Not a folder, since its files' names are in its result; nor what other bytes are in. */
static gboolean
can_be_copied(const Batch *b, const PlanItem *item)
{
    const Document *d = item->document;
    return d->kind != DOCUMENT_FOLDER && d->kind != DOCUMENT_TEXT && d->n_texts == 0 && !b->text &&
           item->corrections == NULL;
}

static HashAnswer
on_hash(gpointer data, Running *running, const char *sha256, char **ret_copy, gpointer user_data)
{
    Batch *b = user_data;
    const PlanItem *item = data;
    twins_seen(b->twins, item, running, sha256);
    if (is_as_before(b, item, sha256)) {
        return ANSWER_STOP;
    }
    if (!can_be_copied(b, item)) {
        return ANSWER_GO;
    }
    const Twin *twin = NULL;
    HashAnswer answer = twins_ask(b->twins, item, running, sha256, &twin);
    if (answer == ANSWER_COPY) {
        if (groups_is_placing(b->groups, twin->id)) { /* what stands in its place is older */
            group_close(b);
        }
        *ret_copy = twins_copy(b->twins, twin);
    }
    if (answer == ANSWER_WAIT && b->ended.length > 0) { /* perhaps for one of these */
        g_autoptr(GError) error = NULL;
        if (!groups_wait(b->groups, &error)) {
            stop(b, error, EXIT_OUTPUT);
        }
        take_ended(b);
    }
    return answer;
}

static gboolean
on_tick(gpointer user_data)
{
    Batch *b = user_data;
    if (!groups_is_closing(b->groups)) {
        take_ended(b);
    }
    if (groups_is_due(b->groups)) {
        groups_close_begin(b->groups);
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
    g_auto(TaskResult) result;
    task_result_init(&result);
    result.outcome = OUTCOME_DAMAGED;
    result.reason = why;
    on_end((gpointer)(guintptr)item, NULL, &result, b);
}

static gboolean
on_next(gpointer user_data, Task *ret_task, gpointer *ret_item)
{
    Batch *b = user_data;
    const PlanItem *item = NULL;
    g_autoptr(GError) error = NULL;
    char *why = NULL;
    while (b->code == EXIT_DONE && queue_next(b->queue, &item, ret_task, &why, &error)) {
        if (why == NULL) {
            *ret_item = (gpointer)(guintptr)item;
            return stage(b, item, ret_task);
        }
        member_failed(b, item, g_steal_pointer(&why));
    }
    if (error != NULL) {
        stop(b, error, EXIT_OUTPUT);
    }
    return FALSE;
}

/* ---- what is not read ---- */

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
                            : document_kind_of(base != NULL ? base + 1 : item->document->path,
                                               item->documents->with_texts);
    const FileStamp never = {0};
    const Attempt attempt = {.id = item->id,
                             .path = item->document->path,
                             .kind = kind_words[kind],
                             .container = item->container,
                             .stamp = readable ? never : item->document->stamp,
                             .outcome = item->is,
                             .reason = item->why_not};
    return catalogue_add(b->catalogue, b->run, makings_id(b->makings, item->document), &attempt,
                         error);
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

/* ---- all of it ---- */

/* That texts are put in order without it is said once for all of them. */
static void
check_model(const Batch *b)
{
    g_autoptr(GError) error = NULL;
    JoinModel *model = b->plan->documents->with_texts ? join_model_load(&error) : NULL;
    join_model_free(model);
    if (error != NULL) {
        complain(b->options->input, TEXT_WITHOUT_MODEL, error->message);
    }
}

static int
run(Batch *b, GHashTable *known)
{
    g_autoptr(GError) error = NULL;
    const Options *o = b->options;
    g_autofree char *shard =
        o->batch.shards > 0 ? g_strdup_printf("%u/%u", o->batch.shard, o->batch.shards) : NULL;
    b->report = batch_report_new(b->plan, o->quiet, o->batch.log, &error);
    b->run = b->report != NULL
                 ? catalogue_run_begin(b->catalogue, o->input, shard, b->makings->plain_id,
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
    twins_find(b->twins, known, b->makings->plain_id);
    check_model(b);
    const RunnerHooks hooks = {on_next, on_hash, on_end, on_tick, b};
    gboolean whole = runner_run(&hooks, b->forker, (guint)o->jobs, (guint)o->batch.seconds);
    take_ended(b);
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
    queue_free(b->queue);
    twins_free(b->twins);
    batch_report_free(b->report);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Batch, batch_clear)

int
run_plan(const Options *options, const OutFolder *folder, const Makings *makings, const Plan *plan,
         Forker *forker)
{
    g_auto(Batch) b = {.options = options,
                       .results = folder->results,
                       .catalogue = folder->catalogue,
                       .groups = folder->groups,
                       .makings = makings,
                       .plan = plan,
                       .forker = forker,
                       .text = options->batch.text};
    b.queue = queue_new(plan, options->input, results_scratch(folder->results));
    b.twins = twins_new(folder->results);
    return run(&b, folder->known);
}

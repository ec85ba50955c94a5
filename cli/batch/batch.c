/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "accept.h"
#include "batch-report.h"
#include "making.h"
#include "merge.h"
#include "messages.h"
#include "out-folder.h"
#include "output.h"
#include "run.h"
#include "standing.h"

/* What an archive is extracted with. */
typedef struct {
    const Options *options;
    Forker *forker; /* NULL where nothing is read */
    OutFolder folder;
    Makings makings;
    Plan *plan;
} Extract;

static void
extract_clear(Extract *e)
{
    forker_free(e->forker);
    plan_free(e->plan);
    makings_clear(&e->makings);
    out_folder_clear(&e->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Extract, extract_clear)

/* ---- extraction ---- */

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

static gint64
next_id(GHashTable *known)
{
    gint64 most = 0;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, known);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        most = MAX(most, ((const Known *)value)->id);
    }
    return most + 1;
}

static gboolean
result_is_there(const char *output, const Known *known, gpointer user_data)
{
    const Extract *e = user_data;
    return standing_is_there(e->folder.results, output, known);
}

static gboolean
plan(Extract *e, GError **error)
{
    const Options *o = e->options;
    static const char *const reserved[] = {RESULTS_CATALOGUE, RESULTS_HIDDEN, NULL};
    const DocumentsOptions where = {reserved, o->output, o->batch.texts};
    Documents *documents =
        o->batch.list
            ? documents_from_list(o->input, stdin, o->batch.null ? 0 : '\n', &where, error)
            : documents_walk(o->input, &where, error);
    if (documents == NULL) {
        return FALSE;
    }
    PlanOptions options = {.archive = o->input,
                           .corrections = o->corrections,
                           .makings = &e->makings,
                           .shard = MAX(1, o->batch.shard),
                           .shards = MAX(1, o->batch.shards),
                           .rehash = o->batch.rehash,
                           .retry_failed = o->batch.retry_failed,
                           .partly = o->batch.list,
                           .result_is_there = result_is_there,
                           .user_data = e,
                           .next_id = next_id(e->folder.known)};
    e->plan = plan_make(documents, e->folder.known, e->folder.catalogue, &options, error);
    return e->plan != NULL;
}

static gboolean
prepare(Extract *e, GError **error)
{
    const Options *o = e->options;
    if (!out_folder_open(o, &e->folder, error) || !makings_find(o, &e->makings, error)) {
        return FALSE;
    }
    return makings_enter(&e->makings, e->folder.catalogue, !o->batch.dry_run, error);
}

static int
dry_run(const Extract *e)
{
    const OutFolder *f = &e->folder;
    g_autoptr(Output) output = output_open(NULL, NULL);
    if (output != NULL) {
        batch_report_plan(e->plan, output_stream(output));
    }
    if (f->results != NULL && e->options->batch.shards > 0 && !catalogue_is_used(f->catalogue)) {
        merge_forget(f->results); /* this shard has not begun */
    }
    return output != NULL && output_commit(output, NULL) ? EXIT_DONE : EXIT_OUTPUT;
}

static int
code_of(const GError *error)
{
    return g_error_matches(error, EXTRACT_ERROR, EXTRACT_ERROR_MISSING) ? EXIT_MISSING
           : error->domain == EXTRACT_ERROR                             ? EXIT_INPUT
                                                                        : EXIT_OUTPUT;
}

/* A batch holds four for each process it has, and some: as many as it may. */
static void
descriptors_raise(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int
extract(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_auto(Extract) e = {.options = options};
    gboolean ok = is_archive(options->input, &error);
    descriptors_raise();
    e.forker = ok && !options->batch.dry_run ? forker_new(options) : NULL;
    gboolean prepared = ok && prepare(&e, &error);
    if (!prepared || !plan(&e, &error)) {
        gboolean of_input =
            error->domain == EXTRACT_ERROR || (prepared && error->domain == G_FILE_ERROR);
        complain(of_input ? options->input : options->output, "%s", error->message);
        return code_of(error);
    }
    return options->batch.dry_run ? dry_run(&e)
                                  : run_plan(options, &e.folder, &e.makings, e.plan, e.forker);
}

/* ---- what looks at results, or puts them in order ---- */

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

static int
merge(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_auto(OutFolder) folder = {0};
    guint count = 0;
    if (!out_folder_open(options, &folder, &error) || !groups_catch_up(folder.groups, &error) ||
        !merge_shards(folder.catalogue, folder.results, &count, &error)) {
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Workers look at the pictures and compare each with its page; what they suspect is judged here,
 * when the whole document has been seen.
 */
#include "verify.h"

#include <stdio.h>

#include "data-file.h"
#include "messages.h"
#include "output.h"
#include "pages.h"
#include "progress.h"
#include "recognise.h"
#include "report.h"
#include "review.h"
#include "sandbox.h"
#include "validate.h"

/* A picture that should show no page of the document. */
#define NO_PAGE G_MAXUINT32

typedef struct {
    const Options *options;
    Claims *claims;
    Input input;
    GArray
        *expected; /* guint32: the page (an index) that each picture should show, from picture 1 */
    Verifier *verifier;
    JoinModel *model;
    Review *review; /* or NULL */
    const PageReader *reader;
    Progress *progress;
    GPtrArray *messages; /* char *: about single pictures */
    guint read, failed, strange;
} Job;

static void
job_clear(Job *job)
{
    g_clear_pointer(&job->progress, progress_free);
    g_clear_pointer(&job->messages, g_ptr_array_unref);
    g_clear_pointer(&job->verifier, verifier_free);
    g_clear_pointer(&job->model, join_model_free);
    g_clear_pointer(&job->review, review_free);
    g_clear_pointer(&job->expected, g_array_unref);
    g_clear_pointer(&job->claims, claims_free);
    input_clear(&job->input);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

/* ---- in the workers ---- */

static gboolean
is_read_by_ocr(const Claims *claims, guint page)
{
    const ClaimedPage *p = claims_page(claims, page);
    for (guint i = 0; i < p->zones; i++) {
        if (claims_zone(claims, p->first_zone + i)->origin == ORIGIN_OCR) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
compare_picture(Source *source, guint32 number, void (*on_ocr)(void), gconstpointer user_data,
                GByteArray *result, GByteArray *picture, GError **error)
{
    const Job *job = user_data;
    guint32 expected = g_array_index(job->expected, guint32, number - 1);
    guint32 first = expected == NO_PAGE ? 0 : expected;
    g_autoptr(Look) look =
        look_take(source, number, is_read_by_ocr(job->claims, first), on_ocr, error);
    if (look == NULL) {
        return FALSE;
    }
    double likeness;
    guint page = comparison_page(job->claims, first, look, &likeness);
    g_autoptr(Comparison) comparison = comparison_make(
        job->claims, page, look, likeness, source_recogniser(source, on_ocr, error), error);
    if (comparison == NULL) {
        return FALSE;
    }
    comparison_write(comparison, result);
    if (job->options->html != NULL && !comparison->alien && !comparison->lost) {
        review_picture(look->scan->raster.plain, job->claims->pages->len, picture);
    }
    return TRUE;
}

/* ---- here ---- */

static gboolean
take_result(const PageResult *result, gpointer user_data, GError **error)
{
    Job *job = user_data;
    guint32 expected = g_array_index(job->expected, guint32, result->number - 1);
    g_autofree char *file = page_reader_file(job->reader, result->number);
    g_autofree char *name =
        file != NULL ? g_filename_display_name(file) : g_strdup_printf("page %u", result->number);
    progress_step(job->progress);
    if (result->why != NULL) {
        job->failed++;
        g_ptr_array_add(job->messages, g_strdup_printf("%s: %s", name, result->why));
        if (expected != NO_PAGE) {
            verifier_fail(job->verifier, expected, result->number, result->why);
        }
        return TRUE;
    }
    job->read++;
    Comparison *comparison = comparison_read(job->claims, result->first, result->first_size);
    if (comparison == NULL) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED,
                    "%s: what was found does not hold together", name);
        return FALSE;
    }
    if (comparison->alien) {
        job->strange++;
        g_ptr_array_add(job->messages,
                        g_strdup_printf("%s shows none of the document's pages", name));
    }
    guint page = comparison->page;
    if (comparison->lost) {
        const char *why = "it is a part of the page, and too little can be read to tell which";
        job->failed++;
        g_ptr_array_add(job->messages, g_strdup_printf("%s: %s", name, why));
        verifier_fail(job->verifier, page, result->number, why);
        comparison_free(comparison);
        return TRUE;
    }
    if (expected == NO_PAGE && comparison->alien) { /* one too many: no page lacks it */
        comparison_free(comparison);
        return TRUE;
    }
    if (expected == NO_PAGE) {
        expected = page;
    }
    gboolean first = verifier_add(job->verifier, expected, comparison);
    return job->review == NULL || !first || result->second_size == 0 ||
           review_add(job->review, page, result->second, result->second_size, error);
}

/* Which page each picture should show: the one at its place if there are as many, else the one of
 * its number. Of pictures that are neither those of the document's pages nor of all up to the last
 * of them, only what they show tells. */
static GArray *
pages_expected(const Claims *claims, guint pictures, gboolean pdf)
{
    GArray *expected = g_array_new(FALSE, FALSE, sizeof(guint32));
    gboolean by_place = !pdf && pictures == claims->pages->len;
    gboolean by_number = pdf || claims_page(claims, 0)->number == 1 ||
                         pictures >= claims_page(claims, claims->pages->len - 1)->number;
    for (guint i = 0; i < pictures; i++) {
        guint32 page = NO_PAGE;
        for (guint k = 0; k < claims->pages->len; k++) {
            if (by_place ? k == i : by_number && claims_page(claims, k)->number == i + 1) {
                page = k;
            }
        }
        g_array_append_val(expected, page);
    }
    return expected;
}

/* The pictures to look at: of a PDF those of the document's pages, of images all. */
static GArray *
pictures_to_read(const Job *job)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 n = 1; n <= job->expected->len; n++) {
        if (job->input.fd < 0 || g_array_index(job->expected, guint32, n - 1) != NO_PAGE) {
            g_array_append_val(numbers, n);
        }
    }
    return numbers;
}

static gboolean
all_by_ocr(const Claims *claims)
{
    for (guint i = 0; i < claims->zones->len; i++) {
        if (claims_zone(claims, i)->origin != ORIGIN_OCR) {
            return FALSE;
        }
    }
    return claims->zones->len > 0;
}

static ReportFacts
facts_of(const Job *job, const char *document, const char *source)
{
    return (ReportFacts){.document = document,
                         .source = source,
                         .version = YOMIJUN_VERSION,
                         .tesseract = recogniser_version(),
                         .threshold = job->options->threshold,
                         .self_check = all_by_ocr(job->claims)};
}

static gboolean
put_report(const Job *job, const Report *report, const ReportFacts *facts, FILE *out)
{
    return report_write(job->claims, report, facts, out);
}

static gboolean
put_review(const Job *job, const Report *report, const ReportFacts *facts, FILE *out)
{
    return review_write(job->review, job->claims, report, facts, out);
}

static gboolean
put_annotated(const Job *job, const Report *report, const ReportFacts *facts, FILE *out)
{
    (void)facts;
    return report_annotate(job->options->document, job->claims, report, out);
}

typedef gboolean (*Writing)(const Job *job, const Report *report, const ReportFacts *facts,
                            FILE *out);

/* Opens, lets `write` write, and makes it appear. */
static gboolean
put_out(const Job *job, const Report *report, const ReportFacts *facts, const char *path,
        Writing write)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Output) output = output_open(path, &error);
    if (output == NULL || !write(job, report, facts, output_stream(output)) ||
        !output_commit(output, &error)) {
        complain(path != NULL ? path : "standard output", "cannot be written%s%s",
                 error != NULL ? ": " : "", error != NULL ? error->message : "");
        return FALSE;
    }
    return TRUE;
}

static gboolean
has_grave(const Report *report)
{
    for (guint i = 0; i < report->pages->len; i++) {
        const PageVerdict *page = g_ptr_array_index(report->pages, i);
        for (guint k = 0; k < page->findings->len; k++) {
            if (finding_is_grave(g_array_index(page->findings, Finding, k).kind)) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

static guint
pages_checked(const Report *report)
{
    guint n = 0;
    for (guint i = 0; i < report->pages->len; i++) {
        n += ((const PageVerdict *)g_ptr_array_index(report->pages, i))->failed == NULL;
    }
    return n;
}

static int
write_results(Job *job)
{
    g_autoptr(GError) error = NULL;
    const Options *o = job->options;
    g_autoptr(Report) report = verifier_finish(job->verifier, job->model);
    g_autofree char *document = g_path_get_basename(o->document);
    g_autofree char *source = source_name(o->input);
    const ReportFacts facts = facts_of(job, document, source);
    guint checked = pages_checked(report), missed = report->pages->len - checked;
    if (job->read == 0) {
        complain(o->input, "nothing of it can be read: %s",
                 job->messages->len > 0 ? (const char *)g_ptr_array_index(job->messages, 0)
                                        : "it has none of the document's pages");
        return EXIT_INPUT;
    }
    const char *open_doors = sandbox_words(page_reader_sandbox(job->reader));
    if (open_doors != NULL) {
        complain(o->input, "%s", open_doors);
    }
    for (guint i = 0; i < job->messages->len; i++) {
        complain(o->input, "%s", (const char *)g_ptr_array_index(job->messages, i));
    }
    if (!put_out(job, report, &facts, o->output, put_report) ||
        (o->html != NULL && !put_out(job, report, &facts, o->html, put_review)) ||
        (o->annotate != NULL && !put_out(job, report, &facts, o->annotate, put_annotated))) {
        return EXIT_OUTPUT;
    }
    if (o->validate && o->output != NULL && !validate_file(o->output, "report.rng", &error)) {
        complain(o->output, "%s", error->message);
        return EXIT_PARTLY;
    }
    g_autofree char *unseen = missed > 0 ? g_strdup_printf(", %u not compared", missed) : NULL;
    complain(o->document, "%s%.2f %% of %u characters agree, %u finding%s on %u page%s%s",
             facts.self_check ? "self-check: " : "", 100 * report->agreement, report->chars,
             report->findings, report->findings == 1 ? "" : "s", checked, checked == 1 ? "" : "s",
             unseen != NULL ? unseen : "");
    gboolean wrong = report->agreement < o->threshold || has_grave(report) || missed > 0 ||
                     job->failed > 0 || job->strange > 0;
    return wrong ? EXIT_PARTLY : EXIT_DONE;
}

/* The document, valid and of ours. */
static gboolean
read_document(Job *job)
{
    g_autoptr(GError) error = NULL;
    const char *path = job->options->document;
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        complain(path, "there is no such file");
        return FALSE;
    }
    if (validate_file(path, "document.rng", &error)) {
        job->claims = claims_read(path, &error);
    }
    if (job->claims == NULL) {
        complain(path, "%s", error->message);
        return FALSE;
    }
    if (job->claims->pages->len == 0) {
        complain(path, "has no pages");
        return FALSE;
    }
    return TRUE;
}

/* How many pages the source has: asked of a first worker, before the others know what to do. */
static guint
count_pictures(Job *job, const SourceOptions *reading, GError **error)
{
    g_autoptr(PageReader) reader =
        page_reader_new(&job->input, reading, &(PageTask){compare_picture, job}, 1, NULL, error);
    return reader != NULL ? page_reader_facts(reader)->pages : 0;
}

int
verify_run(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_auto(Job) job = {.options = options, .input = {.fd = -1}};
    const SourceOptions reading = {options->password, options->languages, options->dpi, OCR_ALWAYS};
    if (!read_document(&job)) {
        return EXIT_INPUT;
    }
    job.model = join_model_load(&error);
    if (job.model == NULL) {
        complain(options->document, "%s", error->message);
        return EXIT_MISSING;
    }
    guint pictures = 0;
    if (input_find(options->input, &job.input, &error)) {
        name_others(options->input, job.input.others);
        pictures = count_pictures(&job, &reading, &error);
    }
    if (error != NULL) {
        complain(options->input, "%s", error->message);
        return exit_code_of(error);
    }
    job.expected = pages_expected(job.claims, pictures, job.input.fd >= 0);
    job.verifier = verifier_new(job.claims);
    job.messages = g_ptr_array_new_with_free_func(g_free);
    job.review = options->html != NULL ? review_new(job.claims->pages->len, &error) : NULL;
    g_autoptr(GArray) numbers = pictures_to_read(&job);
    g_autoptr(PageReader) reader =
        error == NULL ? page_reader_new(&job.input, &reading, &(PageTask){compare_picture, &job},
                                        options->jobs, NULL, &error)
                      : NULL;
    job.reader = reader;
    job.progress = progress_new(numbers->len, options->quiet, -1);
    if (reader == NULL || !page_reader_run(reader, numbers, take_result, &job, &error)) {
        g_clear_pointer(&job.progress, progress_free);
        complain(options->input, "%s", error->message);
        return exit_code_of(error);
    }
    g_clear_pointer(&job.progress, progress_free);
    return write_results(&job);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extraction.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "assemble.h"
#include "given-text.h"
#include "corrections.h"
#include "layout-wire.h"
#include "messages.h"
#include "output.h"
#include "page-dump.h"
#include "page-wire.h"
#include "progress.h"
#include "recognise.h"
#include "remainder.h"
#include "repairs.h"
#include "sandbox.h"
#include "store.h"
#include "validate.h"
#include "write.h"

/* With -p, so many neighbours on either side are read too, to recognise running heads. */
#define NEIGHBOURS 2u
/* With --strict, one place that could not be read, or one mark that nothing accounts for, in so
 * many characters is too much: drawings on a scan always leave a few, and so do ornaments. */
#define UNREAD_PART 200u
/* Of a text of at least so many letters one in so many must be read on its picture. Of 9 pages of
 * real reports at 100 dpi a third to all were, at 150 four fifths and more of most; of the next
 * page of the same report one in eight, or where it says the same things in other words one in
 * four. */
#define UNLIKE_LETTERS 20u
#define UNLIKE_PART 4u

typedef struct {
    const Options *options;
    PageStore *store;
    Survey *survey;
    Headings *headings;
    Repairs *repairs;
    Corrections *corrections; /* or NULL */
    GArray *chosen;           /* guint32: the pages of the document; others are only looked at */
    GHashTable *outline;      /* borrowed, or NULL */
    DocumentFacts facts;
    Progress *progress;
    const PageReader *reader; /* borrowed; NULL for a dump */
    GArray *failures;         /* PageFailure of each page of the store */
    GArray *records;          /* PageOutcome, of the pages of the document */
    gboolean counted;         /* what follows, and said */
    gboolean ocr;             /* used on some page */
    guint failed, pictures, undecoded, hidden, damaged, unsound;
    guint unlike;         /* pages whose text is not that of their picture */
    guint placed, unread; /* characters; places with ink that no text accounts for */
    guint remainder;      /* marks like characters that nothing accounts for */
} Job;

/* ---- in the workers ---- */

/* Debug builds check the law on every page. */
static void
check_law(const Layout *layout, const Page *page)
{
#ifndef NDEBUG
    g_autofree char *why = NULL;
    if (!layout_conserves(layout, page, &why)) {
        g_error("conservation: %s", why);
    }
#else
    (void)layout;
    (void)page;
#endif
}

/* A page and its layout in their wire forms. */
static gboolean
read_page(Source *source, guint32 number, void (*on_ocr)(void), gconstpointer user_data,
          GByteArray *page_wire, GByteArray *layout_wire, GError **error)
{
    const char *text = NULL;
    if (user_data != NULL && !given_texts_page(user_data, source, number, &text, error)) {
        return FALSE;
    }
    g_autoptr(Page) page = source_page(source, number, on_ocr, error);
    if (page == NULL) {
        return FALSE;
    }
    if (text != NULL) {
        Page *given = given_text_place(page, text);
        page_free(page);
        page = given;
    }
    g_autoptr(Layout) layout = layout_find(page);
    check_law(layout, page);
    page_write_wire(page, page_wire);
    layout_write_wire(layout, layout_wire);
    return TRUE;
}

/* Whoever waits hears that it goes on, also where no page is read (progress.h). */
static void
say_alive(const Job *job)
{
    if (job->options->steps >= 0) {
        dprintf(job->options->steps, "S 0 0\n");
    }
}

/* ---- first look ---- */

static void
begin_look(Job *job)
{
    g_clear_pointer(&job->survey, survey_free);
    g_clear_pointer(&job->headings, headings_free);
    g_clear_pointer(&job->repairs, repairs_free);
    job->survey = survey_new();
    job->headings = headings_new();
    job->repairs = repairs_new();
}

static void
take_page(Job *job, const Page *page, const Layout *layout)
{
    survey_add(job->survey, page, layout);
    headings_add(job->headings, page, layout);
    repairs_add(job->repairs, page);
}

static gboolean
keep_page(Job *job, const PageResult *result, GError **error)
{
    PageFailure failure = result->failure;
    if (result->why != NULL) {
        g_array_append_val(job->failures, failure);
        page_store_add_failed(job->store, result->number, result->why);
        return TRUE;
    }
    g_autoptr(Page) page = page_read_wire(result->first, result->first_size);
    g_autoptr(Layout) layout =
        page != NULL ? layout_read_wire(page, result->second, result->second_size) : NULL;
    failure = layout == NULL ? PAGE_DAMAGED : PAGE_READ;
    g_array_append_val(job->failures, failure);
    if (layout == NULL) {
        page_store_add_failed(job->store, result->number, "its evidence does not hold together");
        return TRUE;
    }
    take_page(job, page, layout);
    return page_store_add(job->store, result->number, result->first, result->first_size,
                          result->second, result->second_size, error);
}

/* The same for a page that was read in this process. */
static gboolean
keep_read(Job *job, PageStore *store, const Page *page, const Layout *layout, GError **error)
{
    g_autoptr(GByteArray) page_wire = g_byte_array_new();
    g_autoptr(GByteArray) layout_wire = g_byte_array_new();
    page_write_wire(page, page_wire);
    layout_write_wire(layout, layout_wire);
    take_page(job, page, layout);
    return page_store_add(store, page->number, page_wire->data, page_wire->len, layout_wire->data,
                          layout_wire->len, error);
}

static gboolean
take_result(const PageResult *result, gpointer user_data, GError **error)
{
    Job *job = user_data;
    progress_step(job->progress);
    return keep_page(job, result, error);
}

/* ---- between the looks: fonts that are wrong ---- */

/* Puts a page into the store as it is once its fonts are repaired. */
static gboolean
mend_page(Job *job, PageStore *mended, const Repairs *repairs, guint i, GError **error)
{
    guint32 number = page_store_number(job->store, i);
    const char *why = page_store_failure(job->store, i);
    g_autoptr(Page) page = NULL;
    g_autoptr(Layout) layout = NULL;
    say_alive(job);
    if (why != NULL) {
        page_store_add_failed(mended, number, why);
        return TRUE;
    }
    if (!page_store_read(job->store, i, &page, &layout, error)) {
        return FALSE;
    }
    if (repairs_apply(repairs, page)) {
        layout_free(layout);
        layout = layout_find(page);
    }
    return keep_read(job, mended, page, layout, error);
}

/* Lets the readings of all pages vote, and takes the look again with what they decide. */
static gboolean
mend(Job *job, GError **error)
{
    if (!repairs_decide(job->repairs)) {
        return TRUE;
    }
    g_autoptr(Repairs) repairs = g_steal_pointer(&job->repairs);
    PageStore *mended = page_store_new();
    gboolean ok = TRUE;
    begin_look(job);
    for (guint i = 0; i < page_store_count(job->store) && ok; i++) {
        ok = mend_page(job, mended, repairs, i, error);
    }
    page_store_free(job->store);
    job->store = mended;
    return ok;
}

/* ---- second look ---- */

/* One line about a page: "page 3", or in a folder of images "page 3 (scan3.png)". */
static void complain_page(const Job *job, guint32 number, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
complain_page(const Job *job, guint32 number, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *file = job->reader != NULL ? page_reader_file(job->reader, number) : NULL;
    if (file == NULL) {
        complain(job->options->input, "page %u: %s", number, text);
    } else {
        g_autofree char *name = g_filename_display_name(file);
        complain(job->options->input, "page %u (%s): %s", number, name, text);
    }
}

/* Why a page failed, for the document, which says of no failed page else which file it is. */
static char *
failure_words(const Job *job, guint32 number, const char *why)
{
    g_autofree char *file = job->reader != NULL ? page_reader_file(job->reader, number) : NULL;
    g_autofree char *name = file != NULL ? g_filename_display_name(file) : NULL;
    return name != NULL ? g_strdup_printf("%s: %s", name, why) : g_strdup(why);
}

static gboolean
is_chosen(const Job *job, guint32 number)
{
    for (guint i = 0; job->chosen != NULL && i < job->chosen->len; i++) {
        if (g_array_index(job->chosen, guint32, i) == number) {
            return TRUE;
        }
    }
    return job->chosen == NULL;
}

static guint
notice_count(const Page *page, const char *kind)
{
    guint n = 0;
    for (guint i = 0; i < page->notices->len; i++) {
        const Notice *notice = &g_array_index(page->notices, Notice, i);
        n += strcmp(notice->kind, kind) == 0 ? notice->count : 0;
    }
    return n;
}

/* Whether a page's given text is hardly that of its picture: most of it has no place there, or of a
 * text of some length little was read as it says, its places being guessed; says so. Only letters
 * and digits count: OCR reads no leader dots. */
static gboolean
is_unlike_picture(const Job *job, const Page *page)
{
    guint given = 0;
    guint placed = 0;
    guint seen = 0;
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        gboolean counts = g->origin == ORIGIN_TEXT && g_unichar_isalnum(g->unicode);
        given += counts;
        placed += counts && (double)g->y0 < page->height;
        seen += counts && g->confidence >= 1.0f;
    }
    gboolean guessed = given >= UNLIKE_LETTERS && UNLIKE_PART * seen < given;
    if (2 * placed >= given && !guessed) {
        return FALSE;
    }
    complain_page(job, page->number,
                  "only %u of the text's %u letters were found on the picture: is it of this page?",
                  seen, given);
    return TRUE;
}

/* What became of a page that was read. */
static PageOutcome
record_page(const Job *job, const Page *page, const Layout *layout)
{
    PageOutcome record = {.number = page->number};
    guint marks = page->images->len + page->shapes->len;
    for (guint i = 0; i < page->glyphs->len; i++) {
        gboolean blank = glyph_is_blank(page_glyph(page, i));
        record.characters += g_array_index(layout->dropped, guint8, i) == DROP_NOT && !blank;
        marks += !blank;
    }
    record.ocr = notice_count(page, "ocr") > 0;
    record.unread =
        notice_count(page, "unread") + (record.ocr ? 0 : notice_count(page, "outlined"));
    record.no_text = record.characters == 0 && marks > 0;
    record.damaged = notice_count(page, "trace-error") > 0;
    record.unlike = is_unlike_picture(job, page);
    if (record.no_text) {
        complain_page(job, page->number, "marks, but no text that can be read%s",
                      record.ocr ? "" : ": it needs OCR");
    }
    return record;
}

static void
count_layout(Job *job, const Page *page, const Layout *layout)
{
    if (job->counted) {
        return;
    }
    PageOutcome record = record_page(job, page, layout);
    guint hidden = 0;
    for (guint i = 0; i < page->glyphs->len; i++) {
        guint8 drop = g_array_index(layout->dropped, guint8, i);
        gboolean blank = glyph_is_blank(page_glyph(page, i));
        job->undecoded += drop == DROP_UNDECODED;
        hidden += drop >= DROP_INVISIBLE && drop <= DROP_SAME_COLOUR && !blank;
    }
    job->hidden +=
        record.ocr ? 0 : hidden; /* a scanner's layer has been compared with the picture */
    job->placed += record.characters;
    job->unread += record.unread;
    g_autoptr(GArray) remainder = remainder_find(page, layout);
    job->remainder += remainder_count(remainder);
    job->ocr = job->ocr || record.ocr;
    job->pictures += record.no_text;
    job->damaged += record.damaged;
    job->unlike += record.unlike;
    g_array_append_val(job->records, record);
}

/* A page of the store that could not be read. */
static void
record_failure(Job *job, guint index)
{
    PageOutcome record = {.number = page_store_number(job->store, index),
                          .failure = index < job->failures->len
                                         ? g_array_index(job->failures, PageFailure, index)
                                         : PAGE_DAMAGED,
                          .why = g_strdup(page_store_failure(job->store, index))};
    g_array_append_val(job->records, record);
}

static void
count_failure(Job *job, guint index)
{
    if (job->counted) {
        return;
    }
    job->failed++;
    complain_page(job, page_store_number(job->store, index), "%s",
                  page_store_failure(job->store, index));
    record_failure(job, index);
}

static gboolean
put_together(Job *job, Writer *writer, GError **error)
{
    Assembler *assembler = assembler_new(job->survey, job->headings, job->outline, writer);
    gboolean ok = TRUE;
    for (guint i = 0; i < page_store_count(job->store) && ok; i++) {
        guint32 number = page_store_number(job->store, i);
        const char *why = page_store_failure(job->store, i);
        g_autoptr(Page) page = NULL;
        g_autoptr(Layout) layout = NULL;
        g_autofree char *unsound = NULL;
        say_alive(job);
        if (!is_chosen(job, number)) {
            continue;
        }
        if (why != NULL) {
            g_autofree char *words = failure_words(job, number, why);
            count_failure(job, i);
            assembler_failed_page(assembler, number, words);
            continue;
        }
        ok = page_store_read(job->store, i, &page, &layout, error);
        if (ok && !assembler_page(assembler, page, layout, &unsound) && !job->counted) {
            job->unsound++;
            complain(job->options->input, "%s: this is a fault of yomijun, please report it",
                     unsound);
        }
        if (ok) {
            count_layout(job, page, layout);
        }
    }
    assembler_finish(assembler);
    return ok;
}

static gboolean
put_dump(Job *job, FILE *out, GError **error)
{
    if (!page_dump_begin(out, error)) {
        return FALSE;
    }
    for (guint i = 0; i < page_store_count(job->store); i++) {
        g_autoptr(Page) page = NULL;
        g_autoptr(Layout) layout = NULL;
        if (!is_chosen(job, page_store_number(job->store, i))) {
            continue;
        }
        if (page_store_failure(job->store, i) != NULL) {
            count_failure(job, i);
            continue;
        }
        if (!page_store_read(job->store, i, &page, &layout, error) ||
            !page_dump_write(out, page, error)) {
            return FALSE;
        }
    }
    return page_dump_end(out, error);
}

static gboolean
put_document(Job *job, gboolean text, FILE *out, GError **error)
{
    OutputWriter *writer = text ? text_writer_new() : xml_writer_new();
    if (writer == NULL) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "temporary file: %s",
                    g_strerror(errno));
        return FALSE;
    }
    g_autoptr(Corrector) corrector =
        job->corrections != NULL ? corrector_new(job->corrections, &writer->writer) : NULL;
    gboolean ok =
        put_together(job, corrector != NULL ? corrector_writer(corrector) : &writer->writer, error);
    job->facts.corrections = job->corrections;
    job->facts.tesseract = job->ocr && job->reader != NULL ? recogniser_version() : NULL;
    if (ok && !writer->finish(writer, &job->facts, out)) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s", g_strerror(errno));
        ok = FALSE;
    }
    writer->free(writer);
    return ok;
}

/* ---- the end ---- */

static int
job_outcome(const Job *job)
{
    const char *input = job->options->input;
    const char *open_doors =
        job->reader != NULL && job->options->steps < 0 /* a batch has said it, for all documents */
            ? sandbox_words(page_reader_sandbox(job->reader))
            : NULL;
    if (open_doors != NULL) {
        complain(input, "%s", open_doors);
    }
    if (job->damaged > 0) {
        complain(input, "%u page%s with damaged content: what could be read is in the output",
                 job->damaged, job->damaged == 1 ? "" : "s");
    }
    if (job->undecoded > 0) {
        complain(input,
                 "%u painted character%s without Unicode left out: see <dropped> in the output",
                 job->undecoded, job->undecoded == 1 ? "" : "s");
    }
    guint left = job->unread + job->remainder;
    gboolean much_left = left > 0 && left * UNREAD_PART >= job->placed;
    if (job->unread > 0) {
        complain(input, "%u place%s with ink that could not be read: see <noticed kind=\"unread\">",
                 job->unread, job->unread == 1 ? "" : "s");
    }
    if (job->remainder > 0 && much_left) {
        complain(input,
                 "%u mark%s of the size of characters belong to no text, ruling or figure: see "
                 "<remainder>",
                 job->remainder, job->remainder == 1 ? "" : "s");
    }
    gboolean loose = job->options->strict &&
                     (job->undecoded > 0 || job->hidden > 0 || job->damaged > 0 || much_left);
    gboolean partly =
        job->failed > 0 || job->pictures > 0 || job->unsound > 0 || job->unlike > 0 || loose;
    return partly ? EXIT_PARTLY : EXIT_DONE;
}

static gboolean
everything_failed(const Job *job)
{
    guint n = 0;
    for (guint i = 0; i < page_store_count(job->store); i++) {
        n += page_store_failure(job->store, i) == NULL;
    }
    return n == 0;
}

static gboolean
write_output(Job *job, const ExtractionOutput *to, GError **error)
{
    g_autoptr(Output) output = to->stream == NULL ? output_open(to->path, error) : NULL;
    if (to->stream == NULL && output == NULL) {
        return FALSE;
    }
    FILE *out = to->stream != NULL ? to->stream : output_stream(output);
    gboolean ok = strcmp(to->format, "page") == 0
                      ? put_dump(job, out, error)
                      : put_document(job, strcmp(to->format, "text") == 0, out, error);
    job->counted = TRUE; /* another format is the same once more */
    return ok && (output == NULL || output_commit(output, error));
}

static gboolean
write_outputs(Job *job, const ExtractionOutput *outputs, guint n_outputs)
{
    g_autoptr(GError) error = NULL;
    gboolean evidence = strcmp(outputs[0].format, "page") == 0;
    gboolean ok = evidence || mend(job, &error);
    survey_finish(job->survey);
    headings_finish(job->headings, job->survey);
    for (guint i = 0; i < n_outputs && ok; i++) {
        const char *what = outputs[i].path != NULL ? outputs[i].path : "standard output";
        ok = write_output(job, &outputs[i], &error);
        if (!ok) {
            complain(what, "cannot be written: %s", error->message);
            return FALSE;
        }
    }
    if (!ok) {
        complain(job->options->input, "%s", error->message);
    }
    return ok;
}

/* A line for each. */
static GPtrArray *
unfit_corrections(const Job *job)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; job->corrections != NULL && i < job->corrections->list->len; i++) {
        const Correction *c = &g_array_index(job->corrections->list, Correction, i);
        const char *why_not = correction_why_not(c);
        if (why_not != NULL) {
            g_ptr_array_add(lines,
                            g_strdup_printf("page %u: a correction was not put in, %s: %s", c->page,
                                            why_not,
                                            c->old != NULL && *c->old != '\0' ? c->old : c->new));
        }
    }
    return lines;
}

static int
write_result(Job *job, const ExtractionOutput *outputs, guint n_outputs, ExtractionRecord *record)
{
    int outcome = EXIT_OUTPUT;
    if (everything_failed(job)) {
        gboolean any = page_store_count(job->store) > 0;
        const char *why = any ? page_store_failure(job->store, 0) : "no pages";
        guint32 first = any ? page_store_number(job->store, 0) : 0;
        g_autofree char *words = failure_words(job, first, why);
        complain(job->options->input, "no page can be read; page %u: %s", first, words);
        outcome = EXIT_INPUT;
        if (record != NULL) {
            record->why = g_strdup_printf("no page can be read; page %u: %s", first, words);
            record->failure = job->failures->len > 0 ? g_array_index(job->failures, PageFailure, 0)
                                                     : PAGE_DAMAGED;
            for (guint i = 0; i < page_store_count(job->store); i++) {
                record_failure(job, i);
            }
        }
    } else if (write_outputs(job, outputs, n_outputs)) {
        g_autoptr(GPtrArray) unfit = unfit_corrections(job);
        outcome = job_outcome(job);
        for (guint i = 0; record == NULL && i < unfit->len; i++) {
            complain(job->options->input, "%s", (const char *)g_ptr_array_index(unfit, i));
        }
        outcome = unfit->len > 0 && job->options->strict ? EXIT_PARTLY : outcome;
        if (record != NULL && record->unfit == NULL) {
            record->unfit = g_steal_pointer(&unfit);
        }
    }
    if (record != NULL) {
        record->pages = g_steal_pointer(&job->records);
    }
    return outcome;
}

/* Which options can change the result, for <producer>. */
char *
extraction_options(const Options *options)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (options->pages != NULL) {
        g_string_append_printf(text, " pages=%s", options->pages);
    }
    if (options->ocr != OCR_AUTO) {
        g_string_append(text, options->ocr == OCR_NEVER ? " ocr=never" : " ocr=always");
    }
    if (options->ocr != OCR_NEVER && strcmp(options->languages, "jpn") != 0) {
        g_string_append_printf(text, " lang=%s", options->languages);
    }
    if (options->dpi != 0) {
        g_string_append_printf(text, " dpi=%g", options->dpi);
    }
    if (options->texts != NULL) {
        g_string_append(text, " from=text");
    }
    return g_strdup(text->len > 0 ? text->str + 1 : "");
}

static void
job_clear(Job *job)
{
    g_clear_pointer(&job->store, page_store_free);
    g_clear_pointer(&job->survey, survey_free);
    g_clear_pointer(&job->headings, headings_free);
    g_clear_pointer(&job->repairs, repairs_free);
    g_clear_pointer(&job->corrections, corrections_free);
    g_clear_pointer(&job->chosen, g_array_unref);
    g_clear_pointer(&job->failures, g_array_unref);
    g_clear_pointer(&job->records, g_array_unref);
    g_clear_pointer(&job->progress, progress_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

/* The chosen pages and their neighbours. */
static GArray *
pages_to_read(GArray *chosen, guint count)
{
    g_autofree guint8 *wanted = g_new0(guint8, (gsize)count + 1);
    for (guint i = 0; i < chosen->len; i++) {
        guint32 n = g_array_index(chosen, guint32, i);
        for (guint k = n > NEIGHBOURS ? n - NEIGHBOURS : 1; k <= MIN(count, n + NEIGHBOURS); k++) {
            wanted[k] = 1;
        }
    }
    GArray *pages = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 i = 1; i <= count; i++) {
        if (wanted[i]) {
            g_array_append_val(pages, i);
        }
    }
    return pages;
}

static void
page_outcome_clear(gpointer data)
{
    g_free(((PageOutcome *)data)->why);
}

static void
job_begin(Job *job)
{
    job->failures = g_array_new(FALSE, FALSE, sizeof(PageFailure));
    job->records = g_array_new(FALSE, FALSE, sizeof(PageOutcome));
    g_array_set_clear_func(job->records, page_outcome_clear);
    begin_look(job);
}

/* The first look. An exit code, 0 if it could be taken. */
static int
read_pages(Job *job, PageReader *reader)
{
    g_autoptr(GError) error = NULL;
    const Options *options = job->options;
    const PdfFacts *facts = page_reader_facts(reader);
    job->chosen =
        page_list_parse(options->pages != NULL ? options->pages : "1-", facts->pages, &error);
    if (job->chosen == NULL) {
        complain(options->input, "%s", error->message);
        return EXIT_USAGE;
    }
    g_autoptr(GArray) numbers = pages_to_read(job->chosen, facts->pages);
    if (options->pages == NULL) {
        g_clear_pointer(&job->chosen, g_array_unref);
    }
    page_reader_bound(reader, options->leave, options->deadline);
    job->store = page_store_new();
    job->progress = progress_new(numbers->len, options->quiet, options->steps);
    gboolean ok = page_reader_run(reader, numbers, take_result, job, &error);
    g_clear_pointer(&job->progress, progress_free);
    if (!ok) {
        complain(options->input, "%s", error->message);
        return exit_code_of(error);
    }
    return EXIT_DONE;
}

static int
open_failed(const Options *options, const GError *why, PageFailure failure,
            ExtractionRecord *record)
{
    complain(options->input, "%s", why->message);
    if (record != NULL) {
        record->failure = failure;
        record->why = g_strdup(why->message);
    }
    return exit_code_of(why);
}

static Corrections *
read_corrections(const char *path, ExtractionRecord *record)
{
    g_autoptr(GError) error = NULL;
    Corrections *corrections =
        validate_file(path, "corrections.rng", &error) ? corrections_read(path, &error) : NULL;
    if (corrections == NULL && record == NULL) {
        complain(path, "%s", error->message);
    } else if (corrections == NULL) { /* a batch does without, and lists it */
        record->unfit = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(record->unfit,
                        g_strdup_printf("the corrections cannot be used: %s", error->message));
    }
    return corrections;
}

/* With -p, corrections of other pages are none that do not fit. */
static void
forget_other_pages(Job *job)
{
    GArray *list = job->corrections != NULL ? job->corrections->list : NULL;
    guint kept = 0;
    for (guint i = 0; list != NULL && i < list->len; i++) {
        Correction *c = &g_array_index(list, Correction, i);
        if (is_chosen(job, c->page)) {
            Correction *to = &g_array_index(list, Correction, kept++);
            Correction swap = *to;
            *to = *c;
            *c = swap;
        }
    }
    if (list != NULL) {
        g_array_set_size(list, kept);
    }
}

int
extraction_run(const Options *options, const Input *input, const char *name,
               const ExtractionOutput *outputs, guint n_outputs, ExtractionRecord *record)
{
    g_autoptr(GError) error = NULL;
    g_auto(Job) job = {.options = options};
    const SourceOptions reading = {options->password, options->languages, options->dpi,
                                   options->ocr};
    PageFailure failure = PAGE_DAMAGED;
    if (options->corrections != NULL &&
        (job.corrections = read_corrections(options->corrections, record)) == NULL &&
        record == NULL) {
        return EXIT_INPUT;
    }
    g_autoptr(PageReader) reader = page_reader_new(
        input, &reading, &(PageTask){read_page, options->texts}, options->jobs, &failure, &error);
    if (reader == NULL) {
        return open_failed(options, error, failure, record);
    }
    job.reader = reader;
    job_begin(&job);
    int code = read_pages(&job, reader);
    if (code != EXIT_DONE) {
        return code;
    }
    forget_other_pages(&job);
    const PdfFacts *facts = page_reader_facts(reader);
    g_autofree char *sha256 =
        options->sha256 != NULL ? g_strdup(options->sha256) : input_checksum(input);
    g_autofree char *said = extraction_options(options);
    job.outline = facts->outline;
    job.facts = (DocumentFacts){.name = name,
                                .sha256 = sha256,
                                .title = facts->title,
                                .created = facts->created,
                                .pages = facts->pages,
                                .version = YOMIJUN_VERSION,
                                .poppler = pdf_poppler_version(),
                                .options = said,
                                .paint_trace = pdf_has_paint_trace()};
    return write_result(&job, outputs, n_outputs, record);
}

void
extraction_record_clear(ExtractionRecord *record)
{
    g_clear_pointer(&record->pages, g_array_unref);
    g_clear_pointer(&record->why, g_free);
    g_clear_pointer(&record->unfit, g_ptr_array_unref);
}

/* ---- from a dump ---- */

int
extraction_from_dump(const Options *options, const ExtractionOutput *output)
{
    g_autoptr(GError) error = NULL;
    g_auto(Job) job = {.options = options};
    g_autoptr(PageDump) dump = page_dump_open(options->input, &error);
    if (dump == NULL) {
        complain(options->input, "%s", error->message);
        return EXIT_INPUT;
    }
    job_begin(&job);
    job.store = page_store_new();
    guint pages = 0;
    for (gboolean more = TRUE; more;) {
        g_autoptr(Page) page = NULL;
        more = page_dump_next(dump, &page, &error) && page != NULL;
        if (more) {
            g_autoptr(Layout) layout = layout_find(page);
            more = keep_read(&job, job.store, page, layout, &error);
        }
        pages += more;
    }
    if (error != NULL) {
        complain(options->input, "%s", error->message);
        return exit_code_of(error);
    }
    g_autofree char *name = g_path_get_basename(options->input);
    job.facts = (DocumentFacts){.name = name,
                                .pages = pages,
                                .version = YOMIJUN_VERSION,
                                .options = "",
                                .paint_trace = pdf_has_paint_trace()};
    return write_result(&job, output, 1, NULL);
}

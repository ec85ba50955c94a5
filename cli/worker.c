/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "faults.h"
#include "pages.h"
#include "sandbox.h"

/* What sandbox_prepare() gave. */
static int prepared = -1;

/* So many pages are read before the document is opened anew. */
#define PAGES_AT_ONCE 100u

static void
write_all(int fd, const void *data, size_t size)
{
    const guint8 *p = data;
    while (size > 0) {
        ssize_t n = write(fd, p, size);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            _exit(0); /* nobody listens any more */
        }
        p += n;
        size -= (size_t)n;
    }
}

static void
send_message(int out, Message message, const void *first, const void *second)
{
    write_all(out, &message, sizeof message);
    write_all(out, first, message.first_size);
    write_all(out, second, message.second_size);
}

static void
send_line(int out, MessageKind kind, guint32 number, const char *line)
{
    send_message(out, (Message){kind, number, strlen(line) + 1, 0}, line, NULL);
}

static void
send_facts(int out, const Source *source, guint sandbox)
{
    const PdfFacts *facts = source_facts(source);
    g_autoptr(GArray) files = source_file_pages(source);
    GVariantBuilder outline;
    g_variant_builder_init(&outline, G_VARIANT_TYPE("a{si}"));
    if (facts->outline != NULL) {
        GHashTableIter iter;
        gpointer title, level;
        g_hash_table_iter_init(&iter, facts->outline);
        while (g_hash_table_iter_next(&iter, &title, &level)) {
            g_variant_builder_add(&outline, "{si}", title, GPOINTER_TO_INT(level));
        }
    }
    GVariant *of_files =
        g_variant_new_fixed_array(G_VARIANT_TYPE_UINT32, files != NULL ? files->data : NULL,
                                  files != NULL ? files->len : 0, sizeof(guint32));
    g_autoptr(GVariant) all =
        g_variant_ref_sink(g_variant_new("(msmsua{si}@auu)", facts->title, facts->created,
                                         facts->pages, &outline, of_files, sandbox));
    send_message(out, (Message){MESSAGE_FACTS, 0, g_variant_get_size(all), 0},
                 g_variant_get_data(all), NULL);
}

/* Processor time, not real time, so that a busy machine changes nothing: SIGPROF ends the worker.
 */
static void
alarm_set(int seconds)
{
    struct itimerval timer = {.it_value = {.tv_sec = seconds}};
    setitimer(ITIMER_PROF, &timer, NULL);
}

static int
page_seconds(void)
{
    return (int)faults_limit("PAGE_SECONDS", PAGE_SECONDS);
}

/* OCR takes seconds. */
static void
begin_ocr(void)
{
    alarm_set(OCR_SECONDS);
}

static void
send_page(int out, Source *source, const PageTask *task, guint32 number, guint read_before)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) first = g_byte_array_new();
    g_autoptr(GByteArray) second = g_byte_array_new();
    alarm_set(page_seconds());
    faults_obey(source, number, read_before);
    gboolean ok = task->work(source, number, begin_ocr, task->user_data, first, second, &error);
    alarm_set(0);
    if (ok) {
        send_message(out, (Message){MESSAGE_PAGE, number, first->len, second->len}, first->data,
                     second->data);
    } else if (g_error_matches(error, EXTRACT_ERROR, EXTRACT_ERROR_MISSING)) {
        send_line(out, MESSAGE_OPEN_ERROR, (guint32)error->code, error->message);
    } else {
        send_line(out, MESSAGE_FAILED, number, error->message);
    }
}

static void
limits_set(void)
{
    rlim_t most = faults_limit("WORKER_BYTES", WORKER_BYTES);
    struct rlimit memory = {most, most};
#ifndef __SANITIZE_ADDRESS__ /* its shadow memory is larger than any limit */
    setrlimit(RLIMIT_DATA, &memory);
#endif
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGPROF, SIG_DFL);
    death_by_memory_watch();
    signal(SIGINT, SIG_IGN); /* the parent ends its workers */
}

/* Libraries may print what they like: nobody reads it. Messages are the parent's to give. */
static void
silence(void)
{
    int nowhere = open("/dev/null", O_RDWR);
    if (nowhere >= 0) {
        dup2(nowhere, STDIN_FILENO);
        dup2(nowhere, STDOUT_FILENO);
#ifndef __SANITIZE_ADDRESS__
        if (g_getenv("YOMIJUN_WORKER_ERRORS") == NULL) { /* for who looks for a fault of ours */
            dup2(nowhere, STDERR_FILENO);
        }
#endif
    }
}

static int
compare_numbers(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

/* The parent's output and its store of pages are none of a worker's business: closes what it does
 * not need. */
static void
close_inherited(int *needed, guint n)
{
    int first = STDERR_FILENO + 1;
    qsort(needed, n, sizeof needed[0], compare_numbers);
    for (guint i = 0; i < n; i++) {
        if (needed[i] > first) {
            close_range((guint)first, (guint)needed[i] - 1, 0);
        }
        first = MAX(first, needed[i] + 1);
    }
    close_range((guint)first, G_MAXUINT, 0);
}

void
worker_begin(pid_t parent, int *needed, guint n_needed)
{
    death_with(parent);
    limits_set();
    silence();
    close_inherited(needed, n_needed);
}

void
worker_page_begins(void)
{
    alarm_set(page_seconds());
}

/* poppler keeps what it has read of a document: begin anew, so that memory does not grow with it.
 */
static Source *
reopen(Source *source, const Input *input, const SourceOptions *options)
{
    source_free(source);
    malloc_trim(0);
    alarm_set(page_seconds());
    source = source_open(input, options, NULL);
    alarm_set(0);
    if (source == NULL) {
        _exit(1); /* the parent starts another */
    }
    return source;
}

/* ---- before workers are forked ---- */

/* A page of ours, with text in a font that is not embedded. */
#define WARM_PAGE                                                                                  \
    "%PDF-1.4\n"                                                                                   \
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"                                                 \
    "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"                                           \
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"                          \
    "/Resources<</Font<</F 5 0 R>>>>>>endobj\n"                                                    \
    "4 0 obj<</Length 35>>stream\nBT /F 12 Tf 9 50 Td (Yomijun) Tj ET \nendstream endobj\n"        \
    "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"                               \
    "trailer<</Root 1 0 R/Size 6>>\n"

static const char *const words_of_page = WARM_PAGE;

int
worker_warm_up(void)
{
    static const SourceOptions plain = {.languages = "jpn", .ocr = OCR_NEVER};
    static Input page = {.fd = -1};
    static Source *kept; /* as long as a document is open, poppler keeps what it has loaded */
    if (kept == NULL) {
        page.fd = memfd_create("page", MFD_CLOEXEC);
        write_all(page.fd, words_of_page, strlen(words_of_page));
        kept = source_open(&page, &plain, NULL);
        page_free(kept != NULL ? source_page(kept, 1, begin_ocr, NULL) : NULL);
        prepared = sandbox_prepare();
    }
    return prepared;
}

void
worker_run(const Input *input, const SourceOptions *options, const PageTask *task, int in, int out,
           pid_t parent)
{
    g_autoptr(GError) error = NULL;
    int needed[] = {in, out, input->fd, prepared};
    worker_begin(parent, needed, G_N_ELEMENTS(needed));
    guint sandbox = sandbox_enter(input->images); /* a PDF is open already */
    alarm_set(page_seconds());
    g_autoptr(Source) source = source_open(input, options, &error);
    if (source != NULL) {
        faults_obey(source, 0, 0);
    }
    alarm_set(0);
    if (source == NULL) {
        send_line(out, MESSAGE_OPEN_ERROR, (guint32)error->code, error->message);
        _exit(0);
    }
    send_facts(out, source, sandbox);
    guint32 number;
    for (guint done = 1;; done++) {
        if (done % PAGES_AT_ONCE == 0) {
            source = reopen(source, input, options);
        }
        ssize_t n = read(in, &number, sizeof number);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n != sizeof number) {
            break;
        }
        send_page(out, source, task, number, done - 1);
    }
    g_clear_pointer(&source, source_free);
    _exit(0);
}

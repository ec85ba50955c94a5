/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "task.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extraction.h"
#include "faults.h"
#include "former.h"
#include "messages.h"
#include "text-input.h"
#include "text-task.h"
#include "write.h"

/* The longest answer. */
#define ANSWER_MOST 8192
/* Bytes of a text that is told. The longest line has one, and is heard whole (runner.c). */
#define TEXT_MOST 1000u
/* The head of a result in which its source is named. */
#define HEAD_MOST 65536

void
task_clear(Task *task)
{
    g_clear_pointer(&task->name, g_free);
    g_clear_pointer(&task->path, g_free);
    g_clear_pointer(&task->former, g_free);
    g_clear_pointer(&task->corrections, g_free);
    g_clear_pointer(&task->images, g_ptr_array_unref);
    g_clear_pointer(&task->texts, g_ptr_array_unref);
    g_clear_pointer(&task->text_of, g_array_unref);
    int *const descriptors[] = {&task->fd, &task->output, &task->text};
    for (guint i = 0; i < G_N_ELEMENTS(descriptors); i++) {
        if (*descriptors[i] >= 0) {
            close(*descriptors[i]);
        }
        *descriptors[i] = -1;
    }
}

/* ---- what it may touch ---- */

static int
compare_int(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

/* The catalogue and the results of others are none of its business. */
static void
close_others(const Task *task, int report, int answer)
{
    int keep[] = {STDERR_FILENO, task->fd, task->output,    task->text,
                  report,        answer,   worker_warm_up()};
    qsort(keep, G_N_ELEMENTS(keep), sizeof keep[0], compare_int);
    for (guint i = 0; i < G_N_ELEMENTS(keep); i++) {
        unsigned from = (unsigned)MAX(keep[i], STDERR_FILENO) + 1;
        unsigned to = i + 1 < G_N_ELEMENTS(keep) ? (unsigned)MAX(keep[i + 1], 0) : ~0U;
        if (i + 1 == G_N_ELEMENTS(keep) || to > from) {
            close_range(from, i + 1 == G_N_ELEMENTS(keep) ? to : to - 1, 0);
        }
    }
}

static gboolean
find_input(const Task *task, Input *ret_input, GError **error)
{
    if (task->path != NULL) {
        return input_find(task->path, ret_input, error);
    }
    ret_input->fd = task->fd;
    ret_input->images = task->images != NULL ? g_ptr_array_ref(task->images)
                                             : g_ptr_array_new_with_free_func(g_free);
    ret_input->others = g_ptr_array_new_with_free_func(g_free);
    ret_input->folder = task->folder;
    return TRUE;
}

/* ---- the answer ---- */

static char *
read_answer(int answer)
{
    g_autoptr(GString) line = g_string_new(NULL);
    char c;
    while (line->len < ANSWER_MOST) {
        ssize_t n = read(answer, &c, 1);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            _exit(0); /* nobody is there any more */
        }
        if (c == '\0') {
            break;
        }
        g_string_append_c(line, c);
    }
    return g_string_free(g_steal_pointer(&line), FALSE);
}

/* The result of the same bytes under another name: only the name of the source differs. FALSE if
 * what stands there is not that result any more: somebody may have changed it, or a newer one may
 * have taken its place since it was looked up. told: "OUTPUT-SHA256 PATH". */
static gboolean
copy_result(const char *told, const char *name, int output)
{
    g_autofree char *text = NULL;
    gsize size = 0;
    const char *space = strchr(told, ' ');
    if (space == NULL || !g_file_get_contents(space + 1, &text, &size, NULL)) {
        return FALSE;
    }
    g_autofree char *hash =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, size);
    if (!g_str_has_prefix(told, hash)) {
        return FALSE;
    }
    const char *start = g_strstr_len(text, (gssize)MIN(size, HEAD_MOST), "<source name=\"");
    if (start == NULL) {
        return FALSE;
    }
    start += strlen("<source name=\"");
    const char *end = memchr(start, '"', size - (gsize)(start - text));
    g_autofree char *escaped = xml_escape(name);
    FILE *out = end != NULL ? fdopen(dup(output), "wb") : NULL;
    if (out == NULL) {
        return FALSE;
    }
    fwrite(text, 1, (gsize)(start - text), out);
    fputs(escaped, out);
    fwrite(end, 1, size - (gsize)(end - text), out);
    return fclose(out) == 0;
}

/* ---- the end ---- */

/* A line must stay one, and be bounded. */
static char *
one_line(const char *text)
{
    gsize n = text != NULL ? strlen(text) : 0;
    gboolean cut = n > TEXT_MOST;
    for (n = MIN(n, TEXT_MOST); cut && n > 0 && ((guchar)text[n] & 0xC0) == 0x80;) {
        n--;
    }
    char *line = g_strdup_printf("%.*s%s", (int)n, n > 0 ? text : "", cut ? "…" : "");
    return g_strdelimit(line, "\r\n\t", ' ');
}

static void
tell_pages(FILE *out, const GArray *pages)
{
    for (guint i = 0; pages != NULL && i < pages->len; i++) {
        const PageOutcome *p = &g_array_index(pages, PageOutcome, i);
        g_autofree char *why = one_line(p->why);
        fprintf(out, "P %u %d %u %u %d %d %d %d\t%s\n", p->number, (int)p->failure, p->characters,
                p->unread, p->ocr, p->no_text, p->damaged, p->unlike, why);
    }
}

static void
tell_output(FILE *out, int output)
{
    guint8 buffer[1 << 16];
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gint64 bytes = 0;
    ssize_t n;
    while ((n = pread(output, buffer, sizeof buffer, bytes)) > 0) {
        g_checksum_update(sum, buffer, n);
        bytes += n;
    }
    fprintf(out, "O %s %" G_GINT64_FORMAT "\n", g_checksum_get_string(sum), bytes);
}

static void
tell_end(FILE *out, const Task *task, int code, const ExtractionRecord *record)
{
    g_autofree char *why = one_line(record->why);
    tell_pages(out, record->pages);
    if (code <= EXIT_PARTLY) {
        tell_output(out, task->output);
        if (task->former != NULL) {
            former_compare(task->former, task->output, out);
        }
    }
    for (guint i = 0; record->unfit != NULL && i < record->unfit->len; i++) {
        g_autofree char *line = one_line(g_ptr_array_index(record->unfit, i));
        fprintf(out, "X %s\n", line);
    }
    fprintf(out, "E %d %d\t%s\n", code, (int)record->failure, why);
    fflush(out);
}

/* ---- the whole ---- */

/* When it must end. */
static gint64
deadline(const Task *task)
{
    return g_get_monotonic_time() + (gint64)task->options->batch.seconds * G_USEC_PER_SEC;
}

/* Of plain text alone. */
static int
extract_text(const Task *task, GBytes *bytes, const char *sha256, int report,
             ExtractionRecord *record)
{
    const TextTask text = {.bytes = bytes,
                           .encoding = task->options->encoding,
                           .name = task->name,
                           .sha256 = sha256,
                           .output = task->output,
                           .text = task->text,
                           .steps = report,
                           .deadline = deadline(task)};
    int code = text_task_run(&text, record);
    if (task->corrections != NULL && code <= EXIT_PARTLY) {
        record->unfit = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(record->unfit,
                        g_strdup("the corrections cannot be used: a text without pictures has no "
                                 "places for them"));
    }
    return code;
}

static int
extract(const Task *task, const Input *input, const GivenTexts *texts, const char *sha256,
        int report, int answer, ExtractionRecord *record)
{
    Options options = *task->options;
    options.texts = texts;
    options.ocr = texts != NULL ? OCR_ALWAYS : options.ocr;
    options.input = task->name;
    options.sha256 = sha256;
    options.corrections = task->corrections;
    options.output = NULL;
    options.jobs = 1;
    options.leave = answer;
    options.steps = report;
    options.deadline = deadline(task);
    fcntl(answer, F_SETFL, O_NONBLOCK);
    FILE *streams[2] = {fdopen(dup(task->output), "wb"),
                        task->text >= 0 ? fdopen(dup(task->text), "wb") : NULL};
    const ExtractionOutput outputs[] = {{"xml", NULL, streams[0]}, {"text", NULL, streams[1]}};
    int code = streams[0] == NULL ? EXIT_OUTPUT
                                  : extraction_run(&options, input, task->name, outputs,
                                                   task->text >= 0 ? 2 : 1, record);
    for (guint i = 0; i < G_N_ELEMENTS(streams); i++) {
        if (streams[i] != NULL && fclose(streams[i]) != 0 && code <= EXIT_PARTLY) {
            record->why = g_strdup(g_strerror(errno));
            code = EXIT_OUTPUT;
        }
    }
    return code;
}

/* What there is to read: pictures, texts of theirs, or a text alone. */
typedef struct {
    Input input;
    GivenTexts *texts; /* or NULL */
    GBytes *alone;     /* or NULL */
} Material;

static void
material_clear(Material *of)
{
    input_clear(&of->input);
    g_clear_pointer(&of->texts, given_texts_free);
    g_clear_pointer(&of->alone, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Material, material_clear)

/* Reads the texts, whose bytes nobody has looked at. */
static gboolean
read_texts(const Task *task, Material *of, GError **error)
{
    if (task->texts == NULL) {
        return TRUE;
    }
    of->texts = given_texts_new(task->options->encoding);
    given_texts_share(of->texts, task->text_of);
    for (guint i = 0; i < task->texts->len; i++) {
        g_autoptr(GBytes) bytes = text_input_bytes(g_ptr_array_index(task->texts, i), error);
        if (bytes == NULL) {
            return FALSE;
        }
        given_texts_add(of->texts, bytes);
        if (task->images->len == 0) {
            of->alone = g_bytes_ref(bytes);
        }
    }
    return TRUE;
}

/* The hash of all its bytes, in the end of a text alone that of its file. */
static char *
material_checksum(const Material *of)
{
    if (of->alone != NULL) {
        return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, of->alone);
    }
    g_autofree char *of_input = input_checksum(&of->input);
    if (of->texts == NULL) {
        return g_steal_pointer(&of_input);
    }
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)of_input, -1);
    given_texts_hash(of->texts, sum);
    return g_strdup(g_checksum_get_string(sum));
}

/* Read again, are its bytes still the same? */
static gboolean
is_unchanged(const Task *task, const Material *of, const char *sha256)
{
    g_auto(Material) again = {.input = {.fd = -1}};
    if (!read_texts(task, &again, NULL)) {
        return FALSE;
    }
    again.input.fd = dup(of->input.fd);
    again.input.images = of->input.images != NULL ? g_ptr_array_ref(of->input.images) : NULL;
    again.input.folder = of->input.folder;
    g_autofree char *after = material_checksum(&again);
    return strcmp(sha256, after) == 0;
}

static void
work(const Task *task, int report, int answer, FILE *out)
{
    g_autoptr(GError) error = NULL;
    g_auto(Material) material = {.input = {.fd = -1}};
    g_auto(ExtractionRecord) record = {0};
    if (!find_input(task, &material.input, &error) || !read_texts(task, &material, &error)) {
        record.why = g_strdup(error->message);
        record.failure = PAGE_DAMAGED;
        tell_end(out, task, error->domain == G_FILE_ERROR ? EXIT_INPUT : exit_code_of(error),
                 &record);
        return;
    }
    g_autofree char *sha256 = material_checksum(&material);
    fprintf(out, "H %s\n", sha256);
    fflush(out);
    g_autofree char *said = read_answer(answer);
    if (strcmp(said, "stop") == 0) {
        return;
    }
    if (g_str_has_prefix(said, "copy ") && task->text < 0 &&
        copy_result(said + strlen("copy "), task->name, task->output)) {
        fputs("D\n", out);
        tell_end(out, task, EXIT_DONE, &record);
        return;
    }
    int code = material.alone != NULL ? extract_text(task, material.alone, sha256, report, &record)
                                      : extract(task, &material.input, material.texts, sha256,
                                                report, answer, &record);
    if (code <= EXIT_PARTLY && !is_unchanged(task, &material, sha256)) {
        g_auto(ExtractionRecord)
            changed = {.failure = PAGE_DAMAGED, .why = g_strdup("changed while it was read")};
        tell_end(out, task, EXIT_INPUT, &changed);
        return;
    }
    tell_end(out, task, code, &record);
}

/* A document can be such that putting it together, or comparing it, takes more than is good. */
static void
limit_memory(void)
{
#ifndef __SANITIZE_ADDRESS__ /* its shadow memory is larger than any limit */
    g_autofree char *statm = NULL;
    unsigned long pages = 0;
    struct rlimit limit;
    if (g_file_get_contents("/proc/self/statm", &statm, NULL, NULL) &&
        sscanf(statm, "%*u %*u %*u %*u %*u %lu", &pages) == 1 &&
        getrlimit(RLIMIT_DATA, &limit) == 0) {
        rlim_t most =
            (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + faults_limit("TASK_BYTES", TASK_BYTES);
        limit.rlim_cur = MIN(most, limit.rlim_max); /* its workers set their own */
        setrlimit(RLIMIT_DATA, &limit);
    }
#endif
    death_by_memory_watch();
}

void
task_run(const Task *task, int report, int answer, int messages, pid_t parent)
{
    setpgid(0, 0);
    dprintf(report, "I %d\n", (int)getpid());
    death_with(parent);
    limit_memory();
    signal(SIGINT, SIG_IGN); /* the batch ends its tasks */
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_IGN);
    dup2(messages, STDERR_FILENO);
    close_others(task, report, answer);
    FILE *out = fdopen(report, "w");
    if (out != NULL) {
        work(task, report, answer, out);
        fclose(out);
    }
    fflush(stderr);
    _exit(0);
}

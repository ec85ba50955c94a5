/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-task.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data-file.h"
#include "faults.h"
#include "messages.h"
#include "sandbox.h"
#include "text-document.h"
#include "text-input.h"
#include "worker.h"

/* After so many pages that it died over the rest of a document is given up: each costs the time of
 * all before it. */
#define DEATHS_MOST 8u
/* The longest line that a child says. */
#define LINE_MOST 4096u

/* What text_task_warm_up() has loaded; or NULL. */
static JoinModel *model;

gboolean
text_task_warm_up(GError **error)
{
    model = model != NULL ? model : join_model_load(error);
    return model != NULL;
}

static void
page_outcome_clear(gpointer data)
{
    g_free(((PageOutcome *)data)->why);
}

/* ---- the child ----
 *
 * It speaks in lines: "B PAGE PAGES" before each page, "L PAGE" if there is no time left for it, "P
 * PAGE CHARACTERS" after it; "E WHY" if the text cannot be read, "W WHY" if the result cannot be
 * written, and "D" at the end. */

typedef struct {
    const TextTask *task;
    const GArray *deaths; /* PageOutcome: pages to be left out */
    const char *text;
    int out;
    guint done;
} Child;

static const char *
before_page(guint32 number, guint pages, gpointer user_data)
{
    Child *c = user_data;
    dprintf(c->out, "B %u %u\n", number, pages);
    for (guint i = 0; i < c->deaths->len; i++) {
        const PageOutcome *death = &g_array_index(c->deaths, PageOutcome, i);
        if (death->number == number) {
            return death->why;
        }
    }
    if (g_get_monotonic_time() > c->task->deadline) {
        dprintf(c->out, "L %u\n", number);
        return WORKER_LATE;
    }
    worker_page_begins();
    faults_obey_text(c->text, number, c->done++);
    return NULL;
}

static void
after_page(guint32 number, guint characters, gpointer user_data)
{
    const Child *c = user_data;
    dprintf(c->out, "P %u %u\n", number, characters);
}

/* Its streams are open, and it is in the sandbox. */
static void
write_document(Child *c, OutputWriter *writer, FILE *xml, FILE *text)
{
    g_autoptr(GError) error = NULL;
    worker_page_begins();
    g_autofree char *decoded = text_input_decode(c->task->bytes, c->task->encoding, &error);
    if (decoded == NULL) {
        dprintf(c->out, "E %s\n", error->message);
        return;
    }
    c->text = decoded;
    faults_obey_text(decoded, 0, 0);
    const TextDocument document = {.text = decoded,
                                   .model = model,
                                   .name = c->task->name,
                                   .sha256 = c->task->sha256,
                                   .before = before_page,
                                   .after = after_page,
                                   .user_data = c};
    gboolean ok = text_document_write(&document, writer, xml, text) && fflush(xml) == 0;
    dprintf(c->out, ok ? "D\n" : "W %s\n", g_strerror(errno));
}

static G_NORETURN void
child_run(const TextTask *task, const GArray *deaths, int out, pid_t parent)
{
    Child child = {task, deaths, NULL, out, 0};
    int needed[] = {out, task->output, task->text, worker_warm_up()};
    worker_begin(parent, needed, G_N_ELEMENTS(needed));
    FILE *xml = fdopen(task->output, "wb");
    FILE *text = task->text >= 0 ? fdopen(task->text, "wb") : NULL;
    OutputWriter *writer = xml_writer_new(); /* its temporary files, before there can be none */
    if (xml == NULL || writer == NULL || (task->text >= 0 && text == NULL)) {
        dprintf(out, "W %s\n", g_strerror(errno));
        _exit(0);
    }
    sandbox_enter(NULL);
    write_document(&child, writer, xml, text);
    _exit(0);
}

/* ---- the task ---- */

typedef struct {
    const TextTask *task;
    GArray *pages; /* PageOutcome, of this child */
    guint begun;   /* the page it is at; 0: none yet */
    guint of;
    gboolean done, failed_to_write, silent;
    char *why; /* it cannot be read, or written; or NULL */
} Hearing;

/* FALSE: what it says does not hold together. */
static gboolean
take_line(Hearing *h, const char *line)
{
    guint number = 0, n = 0;
    switch (line[0]) {
    case 'B':
        if (sscanf(line, "B %u %u", &number, &n) != 2 || number != h->begun + 1 || number > n) {
            return FALSE;
        }
        h->begun = number;
        h->of = n;
        return dprintf(h->task->steps, "S %u %u\n", number - 1, n) > 0;
    case 'L':
    case 'P': {
        PageOutcome page = {.number = h->begun};
        if (line[0] == 'P' &&
            (sscanf(line, "P %u %u", &number, &page.characters) != 2 || number != h->begun)) {
            return FALSE;
        }
        if (line[0] == 'L') {
            page.failure = PAGE_TIME;
            page.why = g_strdup(WORKER_LATE);
        }
        g_array_append_val(h->pages, page);
        return TRUE; /* cppcheck-suppress memleak ; the array has it */
    }
    case 'E':
    case 'W':
        h->failed_to_write = line[0] == 'W';
        h->why = g_utf8_make_valid(line + 2, -1);
        return TRUE;
    case 'D':
        h->done = TRUE;
        return TRUE;
    default:
        return FALSE;
    }
}

/* Hears a child to its end, or until it is silent for too long. */
static gboolean
hear(Hearing *h, int in)
{
    int most = (int)faults_limit("PAGE_WALL_SECONDS", PAGE_WALL_SECONDS) * 1000;
    g_autoptr(GString) said = g_string_new(NULL);
    for (gboolean sound = TRUE; sound;) {
        char buffer[1024];
        struct pollfd one = {in, POLLIN, 0};
        h->silent = poll(&one, 1, most) == 0;
        ssize_t n = h->silent ? 0 : read(in, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return TRUE;
        }
        g_string_append_len(said, buffer, n);
        for (char *end; sound && (end = memchr(said->str, '\n', said->len)) != NULL;) {
            *end = '\0';
            sound = take_line(h, said->str);
            g_string_erase(said, 0, end + 1 - said->str);
        }
        sound = sound && said->len <= LINE_MOST;
    }
    return FALSE;
}

/* Starts a child and hears it. How it ended: a status of waitpid(). -1: there is no process. */
static int
run_child(Hearing *h, const GArray *deaths, gboolean *ret_sound)
{
    int ends[2];
    int status = 0;
    pid_t parent = getpid();
    pid_t child = pipe(ends) == 0 ? fork() : -1;
    if (child == 0) {
        child_run(h->task, deaths, ends[1], parent);
    }
    if (child < 0) {
        h->why = g_strdup_printf("no process can be started: %s", g_strerror(errno));
        return -1;
    }
    close(ends[1]);
    *ret_sound = hear(h, ends[0]);
    if (h->silent || !*ret_sound) {
        kill(child, SIGKILL);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    close(ends[0]);
    return status;
}

static void
hearing_clear(Hearing *h)
{
    g_clear_pointer(&h->pages, g_array_unref);
    g_clear_pointer(&h->why, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Hearing, hearing_clear)

static int
compare_pages(gconstpointer a, gconstpointer b)
{
    guint32 x = ((const PageOutcome *)a)->number, y = ((const PageOutcome *)b)->number;
    return x < y ? -1 : x > y;
}

/* All pages are there, or have failed. */
static int
finish(Hearing *h, const GArray *deaths, ExtractionRecord *record)
{
    guint failed = 0;
    for (guint i = 0; i < deaths->len; i++) {
        PageOutcome page = g_array_index(deaths, PageOutcome, i);
        page.why = g_strdup(page.why);
        g_array_append_val(h->pages, page);
    }
    g_array_sort(h->pages, compare_pages);
    for (guint i = 0; i < h->pages->len; i++) {
        const PageOutcome *page = &g_array_index(h->pages, PageOutcome, i);
        failed += page->why != NULL;
        if (page->why != NULL) {
            complain(h->task->name, "page %u: %s", page->number, page->why);
        }
    }
    const PageOutcome *first = &g_array_index(h->pages, PageOutcome, 0);
    if (failed == h->pages->len) {
        record->failure = first->failure;
        record->why = g_strdup_printf("no page can be read; page 1: %s", first->why);
    }
    record->pages = g_array_ref(h->pages);
    return failed == h->pages->len ? EXIT_INPUT : failed > 0 ? EXIT_PARTLY : EXIT_DONE;
}

static int
fail(ExtractionRecord *record, int code, PageFailure failure, char *why)
{
    record->failure = failure;
    record->why = why;
    return code;
}

static gboolean
empty_outputs(const TextTask *task)
{
    return ftruncate(task->output, 0) == 0 && lseek(task->output, 0, SEEK_SET) == 0 &&
           (task->text < 0 ||
            (ftruncate(task->text, 0) == 0 && lseek(task->text, 0, SEEK_SET) == 0));
}

int
text_task_run(const TextTask *task, ExtractionRecord *record)
{
    g_autoptr(GArray) deaths = g_array_new(FALSE, FALSE, sizeof(PageOutcome));
    g_array_set_clear_func(deaths, page_outcome_clear);
    for (;;) {
        g_auto(Hearing) h = {.task = task};
        h.pages = g_array_new(FALSE, FALSE, sizeof(PageOutcome));
        g_array_set_clear_func(h.pages, page_outcome_clear);
        gboolean sound = TRUE;
        int status = empty_outputs(task) ? run_child(&h, deaths, &sound) : -1;
        if (status < 0 || h.failed_to_write) {
            return fail(record, EXIT_OUTPUT, PAGE_READ,
                        h.why != NULL ? g_steal_pointer(&h.why) : g_strdup(g_strerror(errno)));
        }
        if (!sound) {
            return fail(record, EXIT_INPUT, PAGE_CRASH,
                        g_strdup("what its process said does not hold together"));
        }
        if (h.why != NULL) {
            return fail(record, EXIT_INPUT, PAGE_DAMAGED, g_steal_pointer(&h.why));
        }
        if (h.done) {
            return finish(&h, deaths, record);
        }
        PageOutcome death = {.number = h.begun, .failure = death_kind(status, h.silent)};
        death.why = death_words(status, h.silent);
        gboolean from_outside = !h.silent && death_from_outside(status);
        if (h.begun == 0 || deaths->len == DEATHS_MOST || from_outside) {
            return fail(record, EXIT_INPUT, death.failure, death.why);
        }
        g_array_append_val(deaths, death);
    }
}

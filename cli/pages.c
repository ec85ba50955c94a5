/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request pipe and one result pipe per worker. Every worker has at most two pages to do, so
 * that it never waits for the parent, and none runs further ahead than WINDOW pages of the one that
 * is due, so that results waiting for their turn stay few.
 */
#include "pages.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"

#define QUEUE 2u
#define WORKERS_MOST 1024u
/* Why a page was not read, when the time of the document is over. */
#define WINDOW 48u
/* A message larger than this is none of our worker's. */
#define MESSAGE_MOST (1ull << 30)

typedef struct {
    pid_t pid;
    int to, from;       /* -1 when it is gone */
    guint queue[QUEUE]; /* indices into the run's numbers */
    guint queued;
    GByteArray *buffer; /* bytes that have come */
    gint64 busy_since;  /* monotonic microseconds */
    gboolean greeted;   /* its facts have come */
    guint done;         /* pages it has read */
    gboolean spared;    /* was killed from outside since it last read a page, and started again */
} Worker;

/* A result that waits for its turn. */
typedef struct {
    guint index;
    GBytes *bytes; /* first and second */
    gsize first_size;
    PageFailure failure;
    char *why;
} Waiting;

struct PageReader {
    const Input *input;
    const SourceOptions *options;
    PageTask task;
    Worker *workers;
    guint n_workers;
    PdfFacts facts;
    GArray *file_pages; /* guint32: how many pages each image file has */
    guint sandbox;      /* SandboxFlags */
    GError *open_error;
    PageFailure open_failure;
    int leave; /* see page_reader_bound() */
    gint64 deadline;
    GArray *numbers; /* of the run */
    guint next_ask, next_give;
    GPtrArray *waiting; /* Waiting * */
};

static volatile sig_atomic_t interrupted;

G_DEFINE_QUARK(yomijun - pages - error, pages_error)

static void
on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

static void
waiting_free(gpointer data)
{
    Waiting *w = data;
    g_bytes_unref(w->bytes);
    g_free(w->why);
    g_free(w);
}

/* ---- workers ---- */

static void
close_others(const PageReader *reader)
{
    for (guint i = 0; i < reader->n_workers; i++) {
        if (reader->workers[i].from >= 0) {
            close(reader->workers[i].from);
            close(reader->workers[i].to);
        }
    }
}

static void
worker_init(Worker *worker)
{
    worker->to = worker->from = -1;
    worker->buffer = g_byte_array_new();
}

static gboolean
worker_start(PageReader *reader, Worker *worker, GError **error)
{
    int request[2], result[2];
    if (pipe2(request, O_CLOEXEC) != 0) {
        g_set_error(error, PAGES_ERROR, PAGES_ERROR_SYSTEM, "no pipe: %s", g_strerror(errno));
        return FALSE;
    }
    if (pipe2(result, O_CLOEXEC) != 0) {
        close(request[0]);
        close(request[1]);
        g_set_error(error, PAGES_ERROR, PAGES_ERROR_SYSTEM, "no pipe: %s", g_strerror(errno));
        return FALSE;
    }
    pid_t parent = getpid();
    worker->pid = fork();
    if (worker->pid == 0) {
        close(request[1]);
        close(result[0]);
        close_others(reader);
        worker_run(reader->input, reader->options, &reader->task, request[0], result[1], parent);
    }
    close(request[0]);
    close(result[1]);
    if (worker->pid < 0) {
        close(request[1]);
        close(result[0]);
        g_set_error(error, PAGES_ERROR, PAGES_ERROR_SYSTEM, "no process: %s", g_strerror(errno));
        return FALSE;
    }
    fcntl(result[0], F_SETPIPE_SZ, 1 << 20);
    worker->to = request[1];
    worker->from = result[0];
    worker->greeted = FALSE;
    worker->done = 0;
    worker->busy_since = g_get_monotonic_time();
    g_byte_array_set_size(worker->buffer, 0);
    return TRUE;
}

/* Ends a worker; its exit status comes back. */
static int
worker_stop(Worker *worker, gboolean kill_it)
{
    int status = 0;
    if (worker->from < 0) {
        return 0;
    }
    if (kill_it) {
        kill(worker->pid, SIGKILL);
    }
    close(worker->to);
    close(worker->from);
    worker->to = worker->from = -1;
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

/* ---- results ---- */

static void
wait_add(PageReader *reader, guint index, GBytes *bytes, gsize first_size)
{
    Waiting *w = g_new0(Waiting, 1);
    w->index = index;
    w->bytes = bytes;
    w->first_size = first_size;
    g_ptr_array_add(reader->waiting, w);
}

static void
wait_add_failed(PageReader *reader, guint index, PageFailure failure, char *why)
{
    Waiting *w = g_new0(Waiting, 1);
    w->index = index;
    w->bytes = g_bytes_new(NULL, 0);
    w->failure = failure;
    w->why = why;
    g_ptr_array_add(reader->waiting, w);
}

static void
queue_shift(Worker *worker)
{
    g_assert(worker->queued > 0);
    memmove(worker->queue, worker->queue + 1, (QUEUE - 1) * sizeof worker->queue[0]);
    worker->queued--;
    worker->spared = FALSE;
    worker->busy_since = g_get_monotonic_time();
}

static void
facts_take(PageReader *reader, const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GVariant) raw =
        g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(FACTS_TYPE), bytes, FALSE));
    g_autoptr(GVariant) all = g_variant_get_normal_form(raw);
    g_autoptr(GVariantIter) outline = NULL, files = NULL;
    PdfFacts *facts = &reader->facts;
    if (facts->pages != 0) {
        return; /* another worker has told the same */
    }
    g_variant_get(all, FACTS_TYPE, &facts->title, &facts->created, &facts->pages, &outline, &files,
                  &reader->sandbox);
    char *title;
    int level;
    guint32 n;
    while (g_variant_iter_next(files, "u", &n)) {
        g_array_append_val(reader->file_pages, n);
    }
    while (g_variant_iter_next(outline, "{si}", &title, &level)) {
        if (facts->outline == NULL) {
            facts->outline = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        }
        g_hash_table_insert(facts->outline, title, GINT_TO_POINTER(level));
    }
}

static void
message_take(PageReader *reader, Worker *worker, const Message *m, const guint8 *data)
{
    gsize size = m->first_size + m->second_size;
    switch ((MessageKind)m->kind) {
    case MESSAGE_FACTS:
        facts_take(reader, data, size);
        worker->greeted = TRUE;
        break;
    case MESSAGE_OPEN_ERROR:
        if (reader->open_error == NULL) {
            reader->open_error =
                g_error_new_literal(EXTRACT_ERROR, (int)m->number, (const char *)data);
            reader->open_failure = m->number == EXTRACT_ERROR_UNKNOWN ? PAGE_UNKNOWN : PAGE_DAMAGED;
        }
        break;
    case MESSAGE_PAGE:
        wait_add(reader, worker->queue[0], g_bytes_new(data, size), m->first_size);
        worker->done++;
        queue_shift(worker);
        break;
    case MESSAGE_FAILED:
    default:
        wait_add_failed(reader, worker->queue[0], PAGE_DAMAGED, g_strdup((const char *)data));
        worker->done++;
        queue_shift(worker);
        break;
    }
}

/* Takes whole messages out of the buffer. FALSE if what comes is no message. */
static gboolean
buffer_take(PageReader *reader, Worker *worker)
{
    gsize at = 0;
    Message m;
    while (worker->buffer->len - at >= sizeof m) {
        memcpy(&m, worker->buffer->data + at, sizeof m);
        if (m.kind > MESSAGE_FAILED || m.first_size > MESSAGE_MOST ||
            m.second_size > MESSAGE_MOST || (m.kind >= MESSAGE_PAGE && worker->queued == 0)) {
            return FALSE;
        }
        gsize size = sizeof m + m.first_size + m.second_size;
        if (worker->buffer->len - at < size) {
            break;
        }
        message_take(reader, worker, &m, worker->buffer->data + at + sizeof m);
        at += size;
    }
    g_byte_array_remove_range(worker->buffer, 0, (guint)at);
    return TRUE;
}

/* Starts it anew, with what is in its queue. */
static gboolean
worker_again(PageReader *reader, Worker *worker, GError **error)
{
    if (!worker_start(reader, worker, error)) {
        return FALSE;
    }
    for (guint i = 0; i < worker->queued; i++) { /* so there is a run */
        guint32 number = g_array_index(reader->numbers, guint32, worker->queue[i]);
        if (write(worker->to, &number, sizeof number) != sizeof number) {
            return TRUE; /* it died at once: the next poll sees it */
        }
    }
    return TRUE;
}

/* The page at the head of its queue failed with the worker, alone or in company; the rest of the
 * queue is asked again of a new one. ours: it is ended here. */
static gboolean
worker_died(PageReader *reader, Worker *worker, gboolean ours, gboolean too_late, GError **error)
{
    int status = worker_stop(worker, TRUE);
    if (!ours && death_from_outside(status) && !worker->spared) {
        worker->spared = TRUE;
        return worker_again(reader, worker, error);
    }
    if (!worker->greeted) {
        if (reader->open_error == NULL) {
            g_autofree char *words = death_words(status, too_late);
            reader->open_failure = death_kind(status, too_late);
            reader->open_error = g_error_new(EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED,
                                             "is damaged beyond use: %s", words);
        }
        while (worker->queued > 0) {
            wait_add_failed(reader, worker->queue[0], reader->open_failure,
                            g_strdup(reader->open_error->message));
            queue_shift(worker);
        }
        return TRUE;
    }
    if (worker->queued == 0) {
        return worker_start(reader, worker, error);
    }
    PageFailure failure = death_kind(status, too_late);
    if (failure == PAGE_TIME || worker->done == 0) { /* or else once more, alone */
        wait_add_failed(reader, worker->queue[0], failure, death_words(status, too_late));
        queue_shift(worker);
    }
    return worker_again(reader, worker, error);
}

static gboolean
worker_read(PageReader *reader, Worker *worker, GError **error)
{
    guint8 chunk[1 << 16];
    ssize_t n = read(worker->from, chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) {
        return TRUE;
    }
    if (n > 0) {
        g_byte_array_append(worker->buffer, chunk, (guint)n);
        if (buffer_take(reader, worker)) {
            return TRUE;
        }
    }
    return worker_died(reader, worker, n != 0, FALSE, error);
}

/* Waits for any worker to say something, at most until one is late. */
static gboolean
wait_for_workers(PageReader *reader, GError **error)
{
    g_autofree struct pollfd *polls = g_new0(struct pollfd, reader->n_workers);
    guint alive = 0;
    for (guint i = 0; i < reader->n_workers; i++) {
        polls[i] = (struct pollfd){reader->workers[i].from, POLLIN, 0};
        alive += reader->workers[i].from >= 0;
    }
    if (alive == 0) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED, "no worker is left");
        return FALSE;
    }
    if (poll(polls, reader->n_workers, 500) < 0 && errno != EINTR) {
        g_set_error(error, PAGES_ERROR, PAGES_ERROR_SYSTEM, "poll: %s", g_strerror(errno));
        return FALSE;
    }
    if (interrupted) {
        g_set_error(error, PAGES_ERROR, PAGES_ERROR_INTERRUPTED, "interrupted");
        return FALSE;
    }
    gint64 seconds = (gint64)faults_limit("PAGE_WALL_SECONDS", PAGE_WALL_SECONDS);
    gint64 late = g_get_monotonic_time() - seconds * G_USEC_PER_SEC;
    for (guint i = 0; i < reader->n_workers; i++) {
        Worker *worker = &reader->workers[i];
        gboolean said = worker->from >= 0 && (polls[i].revents & (POLLIN | POLLHUP)) != 0;
        gboolean busy = worker->queued > 0 || !worker->greeted;
        if (said && !worker_read(reader, worker, error)) {
            return FALSE;
        }
        if (!said && worker->from >= 0 && busy && worker->busy_since < late &&
            !worker_died(reader, worker, TRUE, TRUE, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- the run ---- */

/* The document's time is over: what has not come yet does not come. */
static void
give_up(PageReader *reader)
{
    for (guint i = 0; i < reader->n_workers; i++) {
        Worker *worker = &reader->workers[i];
        worker_stop(worker, TRUE);
        while (worker->queued > 0) {
            wait_add_failed(reader, worker->queue[0], PAGE_TIME, g_strdup(WORKER_LATE));
            queue_shift(worker);
        }
    }
    while (reader->next_ask < reader->numbers->len) {
        wait_add_failed(reader, reader->next_ask++, PAGE_TIME, g_strdup(WORKER_LATE));
    }
    reader->deadline = 0;
}

/* Another worker, if there is leave for it and something to do; where no process can be had, it
 * goes on with those there are. */
static void
grow(PageReader *reader)
{
    guint8 byte;
    if (reader->leave < 0 || reader->next_ask >= reader->numbers->len ||
        reader->n_workers == WORKERS_MOST || read(reader->leave, &byte, 1) != 1) {
        return;
    }
    Worker *worker = &reader->workers[reader->n_workers];
    worker_init(worker);
    if (worker_start(reader, worker, NULL)) {
        reader->n_workers++;
    } else {
        g_byte_array_unref(worker->buffer);
    }
}

static void
ask(PageReader *reader)
{
    for (guint round = 0; round < QUEUE; round++) {
        for (guint i = 0; i < reader->n_workers; i++) {
            Worker *worker = &reader->workers[i];
            if (worker->queued > round || worker->from < 0 ||
                reader->next_ask >= reader->numbers->len ||
                reader->next_ask >= reader->next_give + WINDOW) {
                continue;
            }
            guint32 number = g_array_index(reader->numbers, guint32, reader->next_ask);
            if (worker->queued == 0) {
                worker->busy_since = g_get_monotonic_time();
            }
            worker->queue[worker->queued++] = reader->next_ask++;
            if (write(worker->to, &number, sizeof number) != sizeof number) {
                continue; /* it died: the next poll sees it */
            }
        }
    }
}

/* Hands out the results whose turn it is. */
static gboolean
give(PageReader *reader, PageSink sink, gpointer user_data, GError **error)
{
    for (guint i = 0; i < reader->waiting->len;) {
        Waiting *w = g_ptr_array_index(reader->waiting, i);
        if (w->index != reader->next_give) {
            i++;
            continue;
        }
        gsize size;
        const guint8 *data = g_bytes_get_data(w->bytes, &size);
        PageResult result = {.number = g_array_index(reader->numbers, guint32, w->index),
                             .failure = w->failure,
                             .why = w->why};
        if (w->why == NULL) {
            result.first = data;
            result.first_size = w->first_size;
            result.second = data + w->first_size;
            result.second_size = size - w->first_size;
        }
        if (!sink(&result, user_data, error)) {
            return FALSE;
        }
        g_ptr_array_remove_index_fast(reader->waiting, i);
        reader->next_give++;
        i = 0;
    }
    return TRUE;
}

gboolean
page_reader_run(PageReader *reader, GArray *numbers, PageSink sink, gpointer user_data,
                GError **error)
{
    reader->numbers = numbers;
    reader->next_ask = reader->next_give = 0;
    while (reader->next_give < numbers->len) {
        if (reader->open_error != NULL) { /* something is missing, as turned out later */
            g_propagate_error(error, g_steal_pointer(&reader->open_error));
            return FALSE;
        }
        if (reader->deadline != 0 && g_get_monotonic_time() > reader->deadline) {
            give_up(reader);
        }
        grow(reader);
        ask(reader);
        if (reader->waiting->len == 0 && !wait_for_workers(reader, error)) {
            return FALSE;
        }
        guint given = reader->next_give;
        if (!give(reader, sink, user_data, error)) {
            return FALSE;
        }
        if (given == reader->next_give && reader->waiting->len > 0 &&
            !wait_for_workers(reader, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

PageReader *
page_reader_new(const Input *input, const SourceOptions *options, const PageTask *task, int jobs,
                PageFailure *ret_failure, GError **error)
{
    g_autoptr(PageReader) reader = g_new0(PageReader, 1);
    reader->input = input;
    reader->options = options;
    reader->task = *task;
    reader->n_workers = (guint)jobs;
    reader->workers = g_new0(Worker, WORKERS_MOST);
    reader->leave = -1;
    reader->open_failure = PAGE_DAMAGED;
    reader->file_pages = g_array_new(FALSE, FALSE, sizeof(guint32));
    reader->waiting = g_ptr_array_new_with_free_func(waiting_free);
    signal(SIGPIPE, SIG_IGN);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    for (guint i = 0; i < reader->n_workers; i++) {
        worker_init(&reader->workers[i]);
    }
    for (guint i = 0; i < reader->n_workers; i++) {
        if (!worker_start(reader, &reader->workers[i], error)) {
            return NULL;
        }
    }
    while (reader->facts.pages == 0 && reader->open_error == NULL) {
        if (!wait_for_workers(reader, error)) {
            return NULL;
        }
    }
    if (reader->open_error != NULL) {
        if (ret_failure != NULL) {
            *ret_failure = reader->open_failure;
        }
        g_propagate_error(error, g_steal_pointer(&reader->open_error));
        return NULL;
    }
    return g_steal_pointer(&reader);
}

void
page_reader_free(PageReader *reader)
{
    if (reader == NULL) {
        return;
    }
    for (guint i = 0; i < reader->n_workers; i++) {
        worker_stop(&reader->workers[i], TRUE);
        g_byte_array_unref(reader->workers[i].buffer);
    }
    g_free(reader->workers);
    g_ptr_array_unref(reader->waiting);
    g_array_unref(reader->file_pages);
    g_free(reader->facts.title);
    g_free(reader->facts.created);
    g_clear_pointer(&reader->facts.outline, g_hash_table_unref);
    g_clear_error(&reader->open_error);
    g_free(reader);
}

void
page_reader_bound(PageReader *reader, int leave, gint64 deadline)
{
    reader->leave = leave;
    reader->deadline = deadline;
}

const PdfFacts *
page_reader_facts(const PageReader *reader)
{
    return &reader->facts;
}

guint
page_reader_sandbox(const PageReader *reader)
{
    return reader->sandbox;
}

char *
page_reader_file(const PageReader *reader, guint32 number)
{
    guint32 first = 1;
    for (guint i = 0; reader->input->folder && i < reader->file_pages->len; i++) {
        guint32 n = g_array_index(reader->file_pages, guint32, i);
        if (number >= first && number < first + n) {
            return g_path_get_basename(g_ptr_array_index(reader->input->images, i));
        }
        first += n;
    }
    return NULL;
}

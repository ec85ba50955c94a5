/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One thread, one poll: over what tasks report and what they print. What a task says is taken as
 * that of a stranger: lines of bounded length and number, numbers in their ranges; what does not
 * hold together makes the outcome a crash.
 */
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"
#include "messages.h"

/* A line of a task, and the lines of each kind that are kept. */
#define LINE_MOST 8192u
#define LINES_MOST 10000u
#define PAGES_MOST 2000000u
#define POLL_MILLISECONDS 200
/* A document is worth another worker if it would go on for so long without, in microseconds: many
 * times what it takes to start one. */
#define SHARE_TIME (3 * G_USEC_PER_SEC / 10)
/* Pages that each worker has already been asked for. */
#define SHARE_ASKED 2u
/* Where several tasks work, one more for so many is started ahead: it comes as far as the hash of
 * its bytes and has to be told only to go on, so that nobody's place is empty while a process is
 * started or the end of another is entered. With -j 1 nothing is done beside it. */
#define AHEAD_FOR 4u
/* So often a task is asked for that nothing is heard of. */
#define LOST_MOST 8u

typedef struct Runner Runner;

struct Running {
    Runner *runner;
    Task task;
    gpointer item;
    pid_t pid;                    /* 0: it has not said it yet */
    int report, answer, messages; /* -1 when closed */
    GString *lines, *printed;     /* of which no end has come yet */
    TaskResult result;
    PageFailure failure;
    gboolean ended_well, unsound, ours; /* ours: it is ended here */
    const char *late;                   /* why, if it is ended for that */
    gboolean asks;                      /* it has said its hash, and has no answer yet */
    char *answered;                     /* … which will be this when there is a place; or NULL */
    gboolean works;                     /* it has a place */
    gboolean again;                     /* it was killed by somebody, and is run once more */
    gboolean not_started;
    guint lost;                   /* processes that ended before they said anything */
    gint64 started, begun, heard; /* monotonic microseconds; begun: after the last answer */
    guint steps_done, steps_left, lent;
};

struct Runner {
    const RunnerHooks *hooks;
    Forker *forker;
    GPtrArray *running; /* Running * */
    guint jobs, seconds;
    gboolean more; /* next() may have something */
};

static volatile sig_atomic_t interrupted;

static void
on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

gboolean
runner_interrupted(void)
{
    return interrupted != 0;
}

/* ---- a task begins and ends ---- */

static void
page_outcome_free(gpointer data)
{
    g_free(((PageOutcome *)data)->why);
}

static void
close_one(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

void
task_result_clear(TaskResult *result)
{
    g_clear_pointer(&result->sha256, g_free);
    g_clear_pointer(&result->reason, g_free);
    g_clear_pointer(&result->output_sha256, g_free);
    g_clear_pointer(&result->pages, g_array_unref);
    g_clear_pointer(&result->warnings, g_ptr_array_unref);
    g_clear_pointer(&result->changes, g_ptr_array_unref);
    g_clear_pointer(&result->unfit, g_ptr_array_unref);
}

void
task_result_init(TaskResult *result)
{
    *result = (TaskResult){.pages = g_array_new(FALSE, FALSE, sizeof(PageOutcome)),
                           .warnings = g_ptr_array_new_with_free_func(g_free),
                           .changes = g_ptr_array_new_with_free_func(g_free),
                           .unfit = g_ptr_array_new_with_free_func(g_free)};
    g_array_set_clear_func(result->pages, page_outcome_free);
}

static void
running_free(gpointer data)
{
    Running *r = data;
    task_clear(&r->task);
    close_one(&r->report);
    close_one(&r->answer);
    close_one(&r->messages);
    g_string_free(r->lines, TRUE);
    g_string_free(r->printed, TRUE);
    g_free(r->answered);
    task_result_clear(&r->result);
    g_free(r);
}

static Running *
running_new(Runner *runner)
{
    Running *r = g_new0(Running, 1);
    r->runner = runner;
    r->report = r->answer = r->messages = -1;
    r->lines = g_string_new(NULL);
    r->printed = g_string_new(NULL);
    task_result_init(&r->result);
    return r;
}

/* Nothing has been heard of it. */
static void
running_reset(Running *r)
{
    g_string_truncate(r->lines, 0);
    g_string_truncate(r->printed, 0);
    task_result_clear(&r->result);
    task_result_init(&r->result);
    r->ended_well = FALSE;
    r->steps_done = r->steps_left = r->lent = 0;
    r->asks = r->works = FALSE;
    g_clear_pointer(&r->answered, g_free);
}

/* Without a process, which is the machine's fault and no document's: the result says so. */
static void
not_started(Running *r, const char *why)
{
    r->not_started = TRUE;
    r->result.code = EXIT_OUTPUT;
    g_free(r->result.reason);
    r->result.reason = g_strdup_printf("no process can be started: %s", why);
}

static gboolean
running_start(Running *r)
{
    g_autoptr(GError) error = NULL;
    int report[2] = {-1, -1}, answer[2] = {-1, -1}, messages[2] = {-1, -1};
    gboolean ok = pipe2(report, O_CLOEXEC) == 0 && pipe2(answer, O_CLOEXEC) == 0 &&
                  pipe2(messages, O_CLOEXEC) == 0;
    int why = errno;
    r->started = r->begun = r->heard = g_get_monotonic_time();
    if (!ok) {
        not_started(r, g_strerror(why));
    } else if (!forker_start(r->runner->forker, &r->task, report[1], answer[0], messages[1],
                             &error)) {
        not_started(r, error->message);
    }
    close_one(&report[1]);
    close_one(&answer[0]);
    close_one(&messages[1]);
    r->report = report[0];
    r->answer = answer[1];
    r->messages = messages[0];
    return !r->not_started;
}

/* What has not said who it is has read nothing, and ends when nobody hears it. */
static void
running_kill(Running *r)
{
    r->ours = TRUE;
    if (r->pid > 0) {
        kill(-r->pid, SIGKILL);
    } else {
        close_one(&r->report);
        close_one(&r->answer);
        close_one(&r->messages);
    }
}

/* What the kernel says of a task that did not end well. */
static void
judge_death(Running *r, int status)
{
    PageFailure failure = r->late != NULL ? PAGE_TIME
                          : r->unsound    ? PAGE_CRASH
                                          : death_kind(status, FALSE);
    g_free(r->result.reason);
    r->result.outcome = outcome_of(EXIT_INPUT, failure, FALSE, FALSE);
    r->result.reason =
        r->late != NULL ? g_strdup(r->late)
        : r->unsound    ? g_strdup("what its process said does not hold together")
        : failure == PAGE_MEMORY && !death_from_outside(status)
            ? g_strdup_printf("putting it together needed more than %u MiB of memory",
                              (guint)(faults_limit("TASK_BYTES", TASK_BYTES) >> 20))
            : death_words(status, FALSE);
}

/* Waits for its end. */
static int
running_reap(Running *r, struct rusage *usage)
{
    int status = 0;
    while (r->pid > 0 && wait4(r->pid, &status, 0, usage) < 0 && errno == EINTR) {
    }
    if (r->pid > 0) {
        kill(-r->pid, SIGKILL); /* its workers, if any is left */
    }
    r->pid = 0;
    return status;
}

static void
judge(Running *r, int status)
{
    TaskResult *result = &r->result;
    gboolean text = FALSE, marks = FALSE, damaged = FALSE;
    if (r->not_started) {
        return;
    }
    if (!r->ended_well || r->unsound) {
        g_clear_pointer(&result->output_sha256, g_free); /* what it wrote is no result */
        judge_death(r, status);
        return;
    }
    for (guint i = 0; i < result->pages->len; i++) {
        const PageOutcome *p = &g_array_index(result->pages, PageOutcome, i);
        text = text || p->characters > 0;
        marks = marks || p->no_text || p->unread > 0;
        damaged = damaged || p->damaged;
    }
    if (result->code == EXIT_INTERRUPTED) {
        result->outcome = OUTCOME_CRASH;
        g_free(result->reason);
        result->reason = g_strdup("its process was told from outside to end");
        return;
    }
    int code = result->code == EXIT_DONE && damaged ? EXIT_PARTLY : result->code;
    result->outcome = result->copied ? OUTCOME_OK : outcome_of(code, r->failure, text, marks);
}

/* A task that somebody ended, for want of memory or by mistake. */
static gboolean
ended_by_others(const Running *r, int status)
{
    return !r->ours && !r->not_started &&
           (death_from_outside(status) || (r->ended_well && r->result.code == EXIT_INTERRUPTED));
}

static gboolean
start_anew(Running *r)
{
    running_reset(r);
    close_one(&r->answer);
    return (r->task.output < 0 ||
            (ftruncate(r->task.output, 0) == 0 && lseek(r->task.output, 0, SEEK_SET) == 0)) &&
           (r->task.text < 0 ||
            (ftruncate(r->task.text, 0) == 0 && lseek(r->task.text, 0, SEEK_SET) == 0)) &&
           running_start(r);
}

/* A task that somebody ended is run once more. One that has not come to be, since what should start
 * it was ended, more often: that says nothing of the document. */
static gboolean
run_again(Running *r, gboolean lost, int status)
{
    if (interrupted || !(lost ? ++r->lost < LOST_MOST : ended_by_others(r, status) && !r->again)) {
        return FALSE;
    }
    r->again = r->again || !lost;
    return start_anew(r);
}

static void
running_end(Running *r)
{
    struct rusage usage = {0};
    gboolean lost = r->pid == 0 && !r->ended_well && !r->ours;
    close_one(&r->report);
    int status = running_reap(r, &usage);
    if (run_again(r, lost, status)) {
        return;
    }
    if (lost && !r->not_started) {
        not_started(r, "what starts them is ended from outside again and again");
    }
    r->result.interrupted = interrupted && (lost || ended_by_others(r, status));
    TaskResult *result = &r->result;
    result->seconds = (double)(g_get_monotonic_time() - r->started) / G_USEC_PER_SEC;
    result->processor = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    result->memory = (gint64)usage.ru_maxrss * 1024;
    judge(r, status);
    Runner *runner = r->runner;
    runner->hooks->ended(r->item, r, result, runner->hooks->user_data);
    g_ptr_array_remove(runner->running, r);
    runner->more = TRUE;
}

/* ---- what it says ---- */

/* The time that it has waited is none of its own. */
static void
tell(Running *r)
{
    gint64 now = g_get_monotonic_time();
    r->started += now - r->heard;
    r->begun = r->heard = now;
    r->asks = FALSE;
    r->works = !r->result.stopped;
    ssize_t n = write(r->answer, r->answered, strlen(r->answered) + 1);
    (void)n; /* if it is dead, its report ends */
    g_clear_pointer(&r->answered, g_free);
}

void
runner_answer(Running *running, HashAnswer answer, const char *copy)
{
    g_free(running->answered);
    running->answered = answer == ANSWER_COPY ? g_strdup_printf("copy %s", copy)
                        : answer == ANSWER_GO ? g_strdup("go")
                                              : g_strdup("stop");
    running->result.stopped = answer == ANSWER_STOP;
    if (running->result.stopped) {
        tell(running);
    }
}

static gboolean
take_who(Running *r, const char *text)
{
    gint64 pid;
    gboolean ok = r->pid == 0 && g_ascii_string_to_signed(text, 10, 2, G_MAXINT32, &pid, NULL);
    r->pid = ok ? (pid_t)pid : r->pid;
    return ok;
}

static gboolean
is_hash(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static gboolean
take_hash(Running *r, const char *text)
{
    g_autofree char *copy = NULL;
    if (!is_hash(text) || r->result.sha256 != NULL) {
        return FALSE;
    }
    r->result.sha256 = g_strdup(text);
    r->asks = TRUE;
    HashAnswer answer =
        r->runner->hooks->hashed(r->item, r, text, &copy, r->runner->hooks->user_data);
    if (answer != ANSWER_WAIT) {
        runner_answer(r, answer, copy);
    }
    return TRUE;
}

static gboolean
take_page(Running *r, const char *text)
{
    PageOutcome page = {0};
    int failure, ocr, no_text, damaged, unlike;
    const char *why = strchr(text, '\t');
    if (why == NULL || r->result.pages->len >= PAGES_MOST ||
        sscanf(text, "%u %d %u %u %d %d %d %d", &page.number, &failure, &page.characters,
               &page.unread, &ocr, &no_text, &damaged, &unlike) != 8 ||
        failure < PAGE_READ || failure > PAGE_UNKNOWN) {
        return FALSE;
    }
    page.failure = (PageFailure)failure;
    page.ocr = ocr != 0;
    page.no_text = no_text != 0;
    page.damaged = damaged != 0;
    page.unlike = unlike != 0;
    page.why = why[1] != '\0' ? g_utf8_make_valid(why + 1, -1) : NULL;
    g_array_append_val(r->result.pages, page);
    return TRUE;
}

static gboolean
take_end(Running *r, const char *text)
{
    int code, failure;
    const char *why = strchr(text, '\t');
    if (why == NULL || sscanf(text, "%d %d", &code, &failure) != 2 || failure < PAGE_READ ||
        failure > PAGE_UNKNOWN) {
        return FALSE;
    }
    r->result.code = code;
    r->failure = (PageFailure)failure;
    r->result.reason = why[1] != '\0' ? g_utf8_make_valid(why + 1, -1) : NULL;
    r->ended_well = TRUE;
    r->works = FALSE;
    return TRUE;
}

static gboolean
take_output(Running *r, const char *text)
{
    char hash[65];
    gint64 bytes;
    if (sscanf(text, "%64s %" G_GINT64_FORMAT, hash, &bytes) != 2 || !is_hash(hash) || bytes < 0) {
        return FALSE;
    }
    g_free(r->result.output_sha256);
    r->result.output_sha256 = g_strdup(hash);
    r->result.output_bytes = bytes;
    return TRUE;
}

static gboolean
take_steps(Running *r, const char *text)
{
    guint done, all;
    if (sscanf(text, "%u %u", &done, &all) != 2 || done > all) {
        return FALSE;
    }
    r->steps_done = done;
    r->steps_left = all - done;
    return TRUE;
}

static void
keep_line(GPtrArray *lines, const char *text)
{
    if (lines->len < LINES_MOST) {
        g_ptr_array_add(lines, g_utf8_make_valid(text, -1));
    }
}

static gboolean
take_line(Running *r, const char *line)
{
    const char *rest = line[0] != '\0' && line[1] == ' ' ? line + 2 : "";
    switch (line[0]) {
    case 'I':
        return take_who(r, rest);
    case 'H':
        return take_hash(r, rest);
    case 'S':
        return take_steps(r, rest);
    case 'P':
        return take_page(r, rest);
    case 'C':
        keep_line(r->result.changes, rest);
        return TRUE;
    case 'X':
        keep_line(r->result.unfit, rest);
        return TRUE;
    case 'D':
        r->result.copied = TRUE;
        return TRUE;
    case 'O':
        return take_output(r, rest);
    case 'E':
        return take_end(r, rest);
    default:
        return FALSE;
    }
}

/* Reads what is there. FALSE at the end. */
static gboolean
read_more(int fd, GString *into)
{
    char chunk[1 << 14];
    ssize_t n = read(fd, chunk, sizeof chunk);
    if (n > 0) {
        g_string_append_len(into, chunk, n);
    }
    return n > 0 || (n < 0 && errno == EINTR);
}

static void
hear_report(Running *r)
{
    gboolean open = read_more(r->report, r->lines);
    gsize at = 0;
    r->heard = g_get_monotonic_time();
    for (const char *end; (end = memchr(r->lines->str + at, '\n', r->lines->len - at)) != NULL;) {
        g_autofree char *line = g_strndup(r->lines->str + at, (gsize)(end - r->lines->str) - at);
        r->unsound = r->unsound || !take_line(r, line);
        at = (gsize)(end - r->lines->str) + 1;
    }
    g_string_erase(r->lines, 0, (gssize)at);
    r->unsound = r->unsound || r->lines->len > LINE_MOST;
    if (r->unsound) {
        running_kill(r);
    }
    if (!open) {
        close_one(&r->report);
    }
}

/* "yomijun: NAME: text": the warning is the text. */
static void
keep_warning(Running *r, const char *line)
{
    g_autofree char *start = g_strdup_printf("yomijun: %s: ", r->task.name);
    keep_line(r->result.warnings, g_str_has_prefix(line, start) ? line + strlen(start) : line);
}

static void
hear_messages(Running *r)
{
    gboolean open = read_more(r->messages, r->printed);
    char *end;
    while ((end = strchr(r->printed->str, '\n')) != NULL || r->printed->len > LINE_MOST) {
        gsize n = end != NULL ? (gsize)(end - r->printed->str) : LINE_MOST;
        g_autofree char *line = g_strndup(r->printed->str, n);
        keep_warning(r, line);
        g_string_erase(r->printed, 0, (gssize)MIN(n + 1, r->printed->len));
    }
    if (!open) {
        close_one(&r->messages);
    }
}

/* ---- the loop ---- */

static gboolean
start_next(Runner *runner)
{
    Running *r = running_new(runner);
    r->task = (Task){.fd = -1, .output = -1, .text = -1};
    if (!runner->hooks->next(runner->hooks->user_data, &r->task, &r->item)) {
        running_free(r);
        return FALSE;
    }
    if (!running_start(r)) {
        runner->hooks->ended(r->item, r, &r->result, runner->hooks->user_data);
        running_free(r);
        return FALSE;
    }
    g_ptr_array_add(runner->running, r);
    return TRUE;
}

static guint
slots_used(const Runner *runner)
{
    guint used = 0;
    for (guint i = 0; i < runner->running->len; i++) {
        const Running *r = g_ptr_array_index(runner->running, i);
        used += r->works ? 1 + r->lent : 0;
    }
    return used;
}

/* Whether one more may be started: with -j 1 when the one before is no more, else ahead of need.
 * What has said its end is out of the way, and so are those that wait for others' results, as long
 * as they are not more than the places. */
static gboolean
has_room(const Runner *runner)
{
    guint ahead = (runner->jobs + AHEAD_FOR - 1) / AHEAD_FOR, under_way = 0, wait = 0;
    for (guint i = 0; i < runner->running->len; i++) {
        const Running *r = g_ptr_array_index(runner->running, i);
        gboolean waits = r->asks && r->answered == NULL;
        wait += waits;
        under_way += !r->ended_well && !waits;
    }
    return runner->jobs == 1 ? runner->running->len == 0
                             : under_way < runner->jobs + ahead && wait <= runner->jobs;
}

/* Who has been waiting longest for a place gets it. */
static void
give_places(Runner *runner)
{
    for (guint i = 0; i < runner->running->len && slots_used(runner) < runner->jobs; i++) {
        Running *r = g_ptr_array_index(runner->running, i);
        if (r->answered != NULL) {
            tell(r);
        }
    }
}

/* How long a task will go on at its pace, in microseconds; 0 if it has no page to share. */
static gint64
time_left(const Running *r, gint64 now)
{
    if (r->steps_done == 0 || r->steps_left <= SHARE_ASKED * (r->lent + 1)) {
        return 0;
    }
    return (now - r->begun) / r->steps_done * r->steps_left;
}

/* No more tasks, but places: who would go on longest gets another worker. */
static gboolean
lend(Runner *runner)
{
    Running *most = NULL;
    gint64 now = g_get_monotonic_time(), longest = SHARE_TIME;
    for (guint i = 0; i < runner->running->len; i++) {
        Running *r = g_ptr_array_index(runner->running, i);
        gint64 left = time_left(r, now);
        if (left > longest) {
            longest = left;
            most = r;
        }
    }
    if (most == NULL || write(most->answer, "w", 1) != 1) {
        return FALSE;
    }
    most->lent++;
    return TRUE;
}

static void
fill(Runner *runner)
{
    give_places(runner);
    while (!interrupted && runner->more && has_room(runner)) {
        runner->more = start_next(runner);
    }
    while (!interrupted && !runner->more && slots_used(runner) < runner->jobs && lend(runner)) {
    }
}

/* What each says, before anything is made of it: whose turn it is need not wait for that. */
static void
hear(Runner *runner)
{
    gsize n = runner->running->len;
    g_autofree struct pollfd *polls = g_new0(struct pollfd, 2 * n);
    g_autoptr(GPtrArray) all = g_ptr_array_sized_new((guint)n);
    for (gsize i = 0; i < n; i++) {
        Running *r = g_ptr_array_index(runner->running, i);
        g_ptr_array_add(all, r);
        polls[2 * i] = (struct pollfd){r->report, POLLIN, 0};
        polls[2 * i + 1] = (struct pollfd){r->messages, POLLIN, 0};
    }
    if (poll(polls, 2 * n, POLL_MILLISECONDS) < 0) {
        return;
    }
    for (gsize i = 0; i < n; i++) {
        Running *r = g_ptr_array_index(all, i);
        if (polls[2 * i + 1].revents != 0) {
            hear_messages(r);
        }
        if (polls[2 * i].revents != 0) {
            hear_report(r);
        }
    }
    give_places(runner);
    for (gsize i = 0; i < n; i++) {
        Running *r = g_ptr_array_index(all, i);
        if (r->report < 0 && r->messages < 0) {
            running_end(r);
        }
    }
}

static void
end_late(Runner *runner)
{
    gint64 now = g_get_monotonic_time();
    gint64 silence = (gint64)faults_limit("SILENCE_SECONDS", SILENCE_SECONDS) * G_USEC_PER_SEC;
    gint64 in_all = (gint64)runner->seconds * G_USEC_PER_SEC + silence;
    for (guint i = 0; i < runner->running->len; i++) {
        Running *r = g_ptr_array_index(runner->running, i);
        if (r->ours || r->asks || (now - r->heard < silence && now - r->begun < in_all)) {
            continue;
        }
        r->late = now - r->heard < silence ? "ended: it went on for too long after its time"
                                           : "ended: it said nothing for too long";
        running_kill(r);
    }
}

static void
end_all(Runner *runner)
{
    while (runner->running->len > 0) {
        Running *r = g_ptr_array_index(runner->running, 0);
        running_kill(r);
        running_reap(r, NULL);
        r->result.interrupted = TRUE;
        runner->hooks->ended(r->item, r, &r->result, runner->hooks->user_data);
        g_ptr_array_remove(runner->running, r);
    }
}

/* A signal that is ignored, as SIGHUP is under nohup, stays so. */
static void
hear_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        struct sigaction before, action = {.sa_handler = on_signal};
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(numbers[i], &action, NULL);
        }
    }
}

gboolean
runner_run(const RunnerHooks *hooks, Forker *forker, guint jobs, guint seconds)
{
    Runner runner = {
        .hooks = hooks, .forker = forker, .jobs = jobs, .seconds = seconds, .more = TRUE};
    runner.running = g_ptr_array_new_with_free_func(running_free);
    hear_signals();
    signal(SIGPIPE, SIG_IGN);
    gboolean ok = TRUE;
    while (ok && (fill(&runner), runner.running->len > 0)) {
        hear(&runner);
        end_late(&runner);
        ok = !interrupted && hooks->tick(hooks->user_data);
    }
    ok = ok && !interrupted;
    end_all(&runner);
    g_ptr_array_unref(runner.running);
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "container-process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Messages wait in so many bytes; the longest fits in. */
#define BUFFER_BYTES (256u << 10)
/* stop() is asked so often, in milliseconds. */
#define STOP_MS 200
/* Descriptors of the child: archive, messages, standard error. */
#define CHILD_FDS 3u

G_STATIC_ASSERT(sizeof(Wire) + WIRE_BYTES_MOST + WIRE_NAME_MOST <= BUFFER_BYTES);

static gboolean
fail(GError **error, const char *what)
{
    int code = errno;
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(code), "%s: %s", what,
                g_strerror(code));
    return FALSE;
}

/* ---- the child's side ---- */

/* Bytes of data that this process has: a limit counts them, too. */
static rlim_t
inherited_bytes(void)
{
    unsigned long pages = 0;
    g_autofree char *statm = NULL;
    if (!g_file_get_contents("/proc/self/statm", &statm, NULL, NULL) ||
        sscanf(statm, "%*u %*u %*u %*u %*u %lu", &pages) != 1) {
        pages = 0;
    }
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void
limits_set(const ContainerOptions *options)
{
#ifndef __SANITIZE_ADDRESS__ /* its shadow memory is larger than any limit */
    rlim_t most = inherited_bytes() + options->memory;
    struct rlimit memory = {most, most};
    setrlimit(RLIMIT_DATA, &memory);
#else
    (void)options;
#endif
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_FSIZE, &none); /* it writes to the pipe only */
    signal(SIGPROF, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN); /* the parent ends it */
}

/* Of the descriptors from that of CHILD_FDS on only these two stay. */
static void
close_others(int fd, int out)
{
    unsigned low = (unsigned)MIN(fd, out), high = (unsigned)MAX(fd, out);
    if (low > CHILD_FDS) {
        close_range(CHILD_FDS, low - 1, 0);
    }
    if (high > MAX(low + 1, CHILD_FDS)) {
        close_range(MAX(low + 1, CHILD_FDS), high - 1, 0);
    }
    close_range(MAX(high + 1, CHILD_FDS), ~0u, 0);
}

/* The archive as descriptor 0, the messages as 1, nothing else: no descriptor of the parent's is in
 * reach of who takes the child over, and no pipe of another child is kept open. */
G_NORETURN static void
child_run(int fd, int out, const ContainerTask *task, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) { /* it is dead already */
        _exit(1);
    }
    limits_set(task->options);
    close_others(fd, out); /* the parent may have as many as there may be */
    int archive = fcntl(fd, F_DUPFD, CHILD_FDS), messages = fcntl(out, F_DUPFD, CHILD_FDS);
    int nowhere = open("/dev/null", O_RDWR);
    gboolean ok = archive >= 0 && messages >= 0 && dup2(archive, STDIN_FILENO) >= 0 &&
                  dup2(messages, STDOUT_FILENO) >= 0;
#ifndef __SANITIZE_ADDRESS__
    ok = ok && nowhere >= 0 && dup2(nowhere, STDERR_FILENO) >= 0;
#else
    (void)nowhere;
#endif
    if (!ok || close_range(CHILD_FDS, ~0u, 0) != 0) {
        _exit(1);
    }
    container_child_run(task);
}

/* ---- the parent's side ---- */

gboolean
container_process_start(ContainerProcess *process, int fd, const ContainerTask *task,
                        GError **error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return fail(error, "no pipe");
    }
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        child_run(fd, ends[1], task, parent);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return fail(error, "no process");
    }
    fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
    *process = (ContainerProcess){
        .pid = pid, .from = ends[0], .buffer = g_malloc(BUFFER_BYTES), .options = task->options};
    return TRUE;
}

static int
process_stop(ContainerProcess *process, gboolean kill_it)
{
    int status = 0;
    if (kill_it) {
        kill(process->pid, SIGKILL);
    }
    close(process->from);
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR) {
    }
    g_clear_pointer(&process->buffer, g_free);
    process->pid = 0;
    return status;
}

void
container_process_end(ContainerProcess *process)
{
    if (process->pid > 0) {
        process_stop(process, TRUE);
    }
}

/* It has closed its pipe. */
static Heard
ended_by_itself(ContainerProcess *process, char **ret_why)
{
    int status = process_stop(process, FALSE);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF) {
        *ret_why = g_strdup_printf("given up: it takes more than %u s of processor time",
                                   process->options->cpu_seconds);
    } else if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGTERM ||
                                       WTERMSIG(status) == SIGHUP)) {
        *ret_why = g_strdup("reading it was ended from outside, as the kernel does when the "
                            "machine has no memory left");
        return HEARD_KILLED;
    } else if (WIFSIGNALED(status)) {
        *ret_why = g_strdup_printf("reading it crashed or needed more than %" G_GUINT64_FORMAT
                                   " MiB of memory (signal %d)",
                                   process->options->memory >> 20, WTERMSIG(status));
    } else {
        *ret_why = g_strdup("reading it ended before its time");
    }
    return HEARD_DEATH;
}

static gboolean
wire_is_sound(const Wire *wire)
{
    return wire->kind <= WIRE_HOPELESS && wire->second <= WIRE_NAME_MOST &&
           wire->first <= (wire->kind == WIRE_MEMBER ? WIRE_NAME_MOST : WIRE_BYTES_MOST) &&
           wire->refusal < N_REFUSALS;
}

/* TRUE if there is something to read; FALSE with ret_heard if not. */
static gboolean
wait_for_word(ContainerProcess *process, Heard *ret_heard, char **ret_why, GError **error)
{
    const ContainerOptions *options = process->options;
    gint64 late = g_get_monotonic_time() + (gint64)options->wall_seconds * G_USEC_PER_SEC;
    for (;;) {
        struct pollfd poll_fd = {process->from, POLLIN, 0};
        int n = poll(&poll_fd, 1, STOP_MS);
        if (n > 0) {
            return TRUE;
        }
        if (n < 0 && errno != EINTR) {
            fail(error, "poll");
            *ret_heard = HEARD_ERROR;
            return FALSE;
        }
        if (options->stop != NULL && options->stop()) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INTR, "interrupted");
            *ret_heard = HEARD_ERROR;
            return FALSE;
        }
        if (g_get_monotonic_time() > late) {
            process_stop(process, TRUE);
            *ret_why =
                g_strdup_printf("given up after %u s without progress", options->wall_seconds);
            *ret_heard = HEARD_DEATH;
            return FALSE;
        }
    }
}

/* TRUE if a whole message is in the buffer; ret_nonsense if what is there can be none. */
static gboolean
message_is_there(const ContainerProcess *process, Wire *ret_wire, gboolean *ret_nonsense)
{
    if (process->have - process->at < sizeof *ret_wire) {
        return FALSE;
    }
    memcpy(ret_wire, process->buffer + process->at, sizeof *ret_wire);
    *ret_nonsense = !wire_is_sound(ret_wire);
    gsize size = sizeof *ret_wire + ret_wire->first + ret_wire->second;
    return !*ret_nonsense && process->have - process->at >= size;
}

Heard
container_process_hear(ContainerProcess *process, Wire *ret_wire, const char **ret_first,
                       const char **ret_second, char **ret_why, GError **error)
{
    gboolean nonsense = FALSE;
    Heard heard = HEARD_MESSAGE;
    while (!message_is_there(process, ret_wire, &nonsense)) {
        if (nonsense) {
            process_stop(process, TRUE);
            *ret_why = g_strdup("reading it went wrong");
            return HEARD_DEATH;
        }
        memmove(process->buffer, process->buffer + process->at, process->have - process->at);
        process->have -= process->at;
        process->at = 0;
        if (!wait_for_word(process, &heard, ret_why, error)) {
            return heard;
        }
        ssize_t n =
            read(process->from, process->buffer + process->have, BUFFER_BYTES - process->have);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return ended_by_itself(process, ret_why);
        }
        process->have += (gsize)MAX(n, 0);
    }
    *ret_first = (const char *)process->buffer + process->at + sizeof *ret_wire;
    *ret_second = *ret_first + ret_wire->first;
    process->at += sizeof *ret_wire + ret_wire->first + ret_wire->second;
    return HEARD_MESSAGE;
}

char *
container_line(const char *bytes, gsize size)
{
    g_autofree char *line = g_utf8_make_valid(bytes, (gssize)size);
    for (char *p = line; *p != '\0'; p++) {
        if ((guchar)*p < 0x20 || *p == 0x7F) {
            *p = ' ';
        }
    }
    return g_steal_pointer(&line);
}

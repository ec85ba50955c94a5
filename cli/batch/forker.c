/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "forker.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gio/gio.h>

#include "death.h"
#include "messages.h"
#include "text-task.h"
#include "worker.h"

/* A task without its descriptors: name, path, images, whether they are a folder's, texts, which
 * image has which, former result, corrections. */
#define TASK_TYPE "(aymaymaaybmaayaumaymay)"
/* Of the descriptors, in their order: report, answer, messages come before the task's own. */
#define OWN 3u
#define DESCRIPTORS_MOST 6u
/* So often another forker is tried, where each is ended before it hears anything. */
#define ATTEMPTS_MOST 8u

typedef struct {
    guint32 size;                         /* bytes of the task that follow */
    gint32 descriptors[DESCRIPTORS_MOST]; /* which of those that come with it, or -1 */
} Request;

struct Forker {
    const Options *options;
    pid_t pid;  /* 0: there is none */
    int socket; /* -1 then */
};

/* ---- tasks as bytes ---- */

static GVariant *
bytes_or_nothing(const char *bytes)
{
    return g_variant_new_maybe(G_VARIANT_TYPE_BYTESTRING,
                               bytes != NULL ? g_variant_new_bytestring(bytes) : NULL);
}

static GVariant *
paths_or_nothing(const GPtrArray *paths)
{
    GVariant *all =
        paths != NULL
            ? g_variant_new_bytestring_array((const char *const *)paths->pdata, (gssize)paths->len)
            : NULL;
    return g_variant_new_maybe(G_VARIANT_TYPE_BYTESTRING_ARRAY, all);
}

static GVariant *
task_pack(const Task *task)
{
    const GArray *text_of = task->text_of;
    GVariant *const parts[] = {
        g_variant_new_bytestring(task->name),
        bytes_or_nothing(task->path),
        paths_or_nothing(task->images),
        g_variant_new_boolean(task->folder),
        paths_or_nothing(task->texts),
        g_variant_new_fixed_array(G_VARIANT_TYPE_UINT32, text_of != NULL ? text_of->data : NULL,
                                  text_of != NULL ? text_of->len : 0, sizeof(guint32)),
        bytes_or_nothing(task->former),
        bytes_or_nothing(task->corrections)};
    return g_variant_ref_sink(g_variant_new_tuple(parts, G_N_ELEMENTS(parts)));
}

/* What is in there is the result's from now on. */
static GPtrArray *
take_paths(char **paths)
{
    GPtrArray *all = paths != NULL ? g_ptr_array_new_with_free_func(g_free) : NULL;
    for (char **path = paths; path != NULL && *path != NULL; path++) {
        g_ptr_array_add(all, g_steal_pointer(path));
    }
    return all;
}

static void
task_unpack(GVariant *packed, Task *task)
{
    g_auto(GStrv) images = NULL;
    g_auto(GStrv) texts = NULL;
    g_autoptr(GVariant) text_of = NULL;
    g_variant_get(packed, "(^aym^aym^aaybm^aay@aum^aym^ay)", &task->name, &task->path, &images,
                  &task->folder, &texts, &text_of, &task->former, &task->corrections);
    task->images = take_paths(images);
    task->texts = take_paths(texts);
    gsize n = 0;
    gconstpointer all = g_variant_get_fixed_array(text_of, &n, sizeof(guint32));
    task->text_of = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_array_append_vals(task->text_of, all, (guint)n);
}

/* ---- the forker's side ---- */

static gboolean
read_whole(int fd, void *to, gsize size)
{
    guint8 *at = to;
    while (size > 0) {
        ssize_t n = read(fd, at, size);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return FALSE;
        }
        at += n;
        size -= (gsize)n;
    }
    return TRUE;
}

/* FALSE at the end. The descriptors are this process's from now on. */
static gboolean
request_hear(int socket, Request *request, int *descriptors)
{
    union {
        char bytes[CMSG_SPACE(DESCRIPTORS_MOST * sizeof(int))];
        struct cmsghdr aligned;
    } control;
    struct iovec part = {request, sizeof *request};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t n;
    while ((n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
    }
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (n <= 0 || head == NULL || head->cmsg_type != SCM_RIGHTS) {
        return FALSE;
    }
    memcpy(descriptors, CMSG_DATA(head), head->cmsg_len - CMSG_LEN(0));
    return read_whole(socket, (guint8 *)request + n, sizeof *request - (gsize)n);
}

/* As fork(), but the child is the batch's. libc's own fork() has more to do where there are
 * threads, which this process has not. */
static pid_t
fork_for_batch(void)
{
    return (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
}

/* Who cannot be started cannot say so. */
static void
start_task(Task *task, const int *ends, pid_t batch)
{
    pid_t pid = fork_for_batch();
    if (pid == 0) {
        task_run(task, ends[0], ends[1], ends[2], batch);
    } else if (pid < 0) {
        dprintf(ends[0], "E %d %d\tno process can be started: %s\n", EXIT_OUTPUT, (int)PAGE_READ,
                g_strerror(errno));
    }
}

static gboolean
serve_one(int socket, const Options *options, pid_t batch)
{
    Request request;
    int all[DESCRIPTORS_MOST], own[DESCRIPTORS_MOST];
    if (!request_hear(socket, &request, all)) {
        return FALSE;
    }
    g_autofree guint8 *bytes = g_malloc(request.size);
    if (!read_whole(socket, bytes, request.size)) {
        return FALSE;
    }
    worker_warm_up();
    if (options->batch.texts) {
        text_task_warm_up(NULL); /* that there is no model has been said */
    }
    for (guint i = 0; i < DESCRIPTORS_MOST; i++) {
        own[i] = request.descriptors[i] >= 0 ? all[request.descriptors[i]] : -1;
    }
    Task task = {.options = options, .fd = own[OWN], .output = own[OWN + 1], .text = own[OWN + 2]};
    g_autoptr(GVariant) packed = g_variant_ref_sink(
        g_variant_new_from_data(G_VARIANT_TYPE(TASK_TYPE), bytes, request.size, TRUE, NULL, NULL));
    task_unpack(packed, &task);
    start_task(&task, own, batch);
    task_clear(&task);
    for (guint i = 0; i < OWN; i++) {
        close(own[i]);
    }
    return TRUE;
}

G_NORETURN static void
serve(int socket, const Options *options, pid_t batch)
{
    death_with(batch);
    signal(SIGINT, SIG_IGN); /* the batch ends it */
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    close_range(STDERR_FILENO + 1, (unsigned)socket - 1, 0);
    close_range((unsigned)socket + 1, ~0U, 0);
    while (serve_one(socket, options, batch)) {
    }
    _exit(0);
}

/* ---- the batch's side ---- */

static void
forker_end(Forker *f)
{
    if (f->pid > 0) {
        kill(f->pid, SIGKILL);
        while (waitpid(f->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        close(f->socket);
    }
    f->pid = 0;
    f->socket = -1;
}

static gboolean
forker_begin(Forker *f, GError **error)
{
    int ends[2];
    pid_t batch = getpid();
    gboolean ok = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
    pid_t pid = ok ? fork() : -1;
    int why = errno;
    if (pid == 0) {
        serve(ends[1], f->options, batch);
    }
    if (ok) {
        close(ends[1]);
    }
    if (pid < 0) {
        if (ok) {
            close(ends[0]);
        }
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(why), "%s", g_strerror(why));
        return FALSE;
    }
    f->pid = pid;
    f->socket = ends[0];
    return TRUE;
}

Forker *
forker_new(const Options *options)
{
    Forker *f = g_new0(Forker, 1);
    f->options = options;
    f->socket = -1;
    forker_begin(f, NULL); /* or else when it is needed, which says why not */
    return f;
}

void
forker_free(Forker *forker)
{
    if (forker != NULL) {
        forker_end(forker);
        g_free(forker);
    }
}

static gboolean
send_whole(int socket, struct msghdr *message)
{
    while (message->msg_iovlen > 0) {
        ssize_t n = sendmsg(socket, message, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return FALSE;
        }
        message->msg_controllen = 0; /* went with the first byte */
        while (message->msg_iovlen > 0 && (gsize)n >= message->msg_iov->iov_len) {
            n -= (ssize_t)message->msg_iov->iov_len;
            message->msg_iov++;
            message->msg_iovlen--;
        }
        if (message->msg_iovlen > 0) {
            message->msg_iov->iov_base = (char *)message->msg_iov->iov_base + n;
            message->msg_iov->iov_len -= (gsize)n;
        }
    }
    return TRUE;
}

/* FALSE if the forker is no more. */
static gboolean
ask(Forker *f, GVariant *packed, const int *own)
{
    union {
        char bytes[CMSG_SPACE(DESCRIPTORS_MOST * sizeof(int))];
        struct cmsghdr aligned;
    } control = {{0}};
    Request request = {.size = (guint32)g_variant_get_size(packed)};
    int sent[DESCRIPTORS_MOST] = {0};
    gint32 n = 0;
    for (guint i = 0; i < DESCRIPTORS_MOST; i++) {
        request.descriptors[i] = own[i] >= 0 ? n : -1;
        if (own[i] >= 0) {
            sent[n++] = own[i];
        }
    }
    struct iovec parts[] = {
        {&request, sizeof request},
        {(gpointer)(guintptr)g_variant_get_data(packed), g_variant_get_size(packed)}};
    gsize bytes = (gsize)n * sizeof sent[0];
    struct msghdr message = {.msg_iov = parts,
                             .msg_iovlen = G_N_ELEMENTS(parts),
                             .msg_control = control.bytes,
                             .msg_controllen = CMSG_SPACE(bytes)};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *head = (struct cmsghdr){
        .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(bytes)};
    memcpy(CMSG_DATA(head), sent, bytes);
    return send_whole(f->socket, &message);
}

gboolean
forker_start(Forker *forker, const Task *task, int report, int answer, int messages, GError **error)
{
    g_autoptr(GVariant) packed = task_pack(task);
    const int own[DESCRIPTORS_MOST] = {report,   answer,       messages,
                                       task->fd, task->output, task->text};
    int why = 0;
    for (guint attempt = 0; attempt < ATTEMPTS_MOST; attempt++) {
        if (forker->pid == 0 && !forker_begin(forker, error)) {
            return FALSE;
        }
        if (ask(forker, packed, own)) {
            return TRUE;
        }
        why = errno;
        forker_end(forker);
    }
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(why), "%s", g_strerror(why));
    return FALSE;
}

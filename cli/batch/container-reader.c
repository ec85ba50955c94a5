/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "container.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container-process.h"
#include "pdf.h"

/* A child that dies costs the member it was at, and another goes on behind it; so often. */
#define DEATHS_MOST 8u

struct ContainerReader {
    const ContainerList *list;
    const ContainerOptions *options;
    guint32 *wanted;
    guint n_wanted, at; /* the next to be given out */
    int fd;             /* the archive */
    int member;         /* what has come of the member at hand, or -1 */
    guint64 written;
    ContainerProcess process;
    guint deaths;
    gboolean spared; /* was killed from outside while this member was due, and started again */
};

static gboolean
fail(GError **error, const char *what)
{
    int code = errno;
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(code), "%s: %s", what,
                g_strerror(code));
    return FALSE;
}

static gboolean
is_the_listed(const ContainerList *list, const struct stat *st)
{
    return list->device == st->st_dev && list->inode == st->st_ino &&
           list->size == (guint64)st->st_size &&
           list->mtime == (gint64)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

ContainerReader *
container_reader_new(const ContainerList *list, const GArray *wanted,
                     const ContainerOptions *options, GError **error)
{
    struct stat st;
    int fd = container_open(list->file, &st, error);
    if (fd < 0) {
        return NULL;
    }
    ContainerReader *reader = g_new0(ContainerReader, 1);
    reader->list = list;
    reader->options = options;
    reader->n_wanted = wanted->len;
    reader->wanted = g_memdup2(wanted->data, wanted->len * sizeof(guint32));
    reader->fd = fd;
    reader->member = -1;
    for (guint i = 1; i < wanted->len; i++) {
        g_assert(reader->wanted[i - 1] < reader->wanted[i]);
    }
    if (!is_the_listed(list, &st)) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN,
                    "has changed since its members were listed");
        g_clear_pointer(&reader, container_reader_free);
    }
    return reader;
}

static void
member_drop(ContainerReader *reader)
{
    if (reader->member >= 0) {
        close(reader->member);
        reader->member = -1;
    }
}

void
container_reader_free(ContainerReader *reader)
{
    if (reader != NULL) {
        container_process_end(&reader->process);
        member_drop(reader);
        close(reader->fd);
        g_free(reader->wanted);
        g_free(reader);
    }
}

/* ---- the bytes ---- */

/* A file without a name in $TMPDIR. */
static int
nameless_file(GError **error)
{
    int fd = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) { /* not every file system has them */
        g_autofree char *name = g_build_filename(g_get_tmp_dir(), "yomijun-XXXXXX", NULL);
        fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
        if (fd >= 0) {
            unlink(name);
        }
    }
    if (fd < 0) {
        fail(error, "no temporary file");
    }
    return fd;
}

static gboolean
bytes_write(ContainerReader *reader, const char *bytes, gsize size, GError **error)
{
    for (gsize at = 0; at < size;) {
        ssize_t n = write(reader->member, bytes + at, size - at);
        if (n < 0 && errno != EINTR) {
            return fail(error, "a temporary file cannot be written");
        }
        at += (gsize)MAX(n, 0);
    }
    reader->written += size;
    return TRUE;
}

/* ---- one member ---- */

typedef enum {
    TAKEN_ON,     /* more is to come */
    TAKEN_MEMBER, /* the member is there, or why it is not */
    TAKEN_WRONG,  /* no honest child says that */
    TAKEN_ERROR,
} Taken;

static Taken
member_begin(ContainerReader *reader, GError **error)
{
    if (reader->member >= 0) {
        return TAKEN_WRONG;
    }
    reader->written = 0;
    reader->member = nameless_file(error);
    return reader->member >= 0 ? TAKEN_ON : TAKEN_ERROR;
}

static Taken
message_take(ContainerReader *reader, const Wire *wire, const char *first, char **ret_why,
             GError **error)
{
    gboolean right = wire->index == reader->wanted[reader->at], begun = reader->member >= 0;
    switch ((WireKind)wire->kind) {
    case WIRE_ALIVE:
        return TAKEN_ON;
    case WIRE_BEGIN:
        return right ? member_begin(reader, error) : TAKEN_WRONG;
    case WIRE_BYTES:
        if (!right || !begun || reader->written + wire->first > reader->options->member_bytes) {
            return TAKEN_WRONG;
        }
        return bytes_write(reader, first, wire->first, error) ? TAKEN_ON : TAKEN_ERROR;
    case WIRE_DONE:
        return right && begun ? TAKEN_MEMBER : TAKEN_WRONG;
    case WIRE_FAILED:
        if (right) {
            *ret_why = container_line(first, wire->first);
        }
        return right ? TAKEN_MEMBER : TAKEN_WRONG;
    case WIRE_HOPELESS:
        *ret_why = container_line(first, wire->first);
        return TAKEN_MEMBER;
    case WIRE_MEMBER:
    case WIRE_WAY:
    case WIRE_END:
    default:
        return TAKEN_WRONG;
    }
}

/* Why members are given up before they are looked at, or NULL. */
static const char *
given_up(const ContainerReader *reader)
{
    if (reader->list->garbled) {
        return reader->list->damaged;
    }
    return reader->deaths >= DEATHS_MOST ? "given up: reading the archive failed too often" : NULL;
}

/* A child for the members not yet given out. */
static gboolean
process_ready(ContainerReader *reader, GError **error)
{
    ContainerTask task = {.way = reader->list->way,
                          .wanted = reader->wanted + reader->at,
                          .n_wanted = reader->n_wanted - reader->at,
                          .options = reader->options};
    return reader->process.pid > 0 ||
           container_process_start(&reader->process, reader->fd, &task, error);
}

/* Hears the child until the member at hand is there, or why it is not. */
static gboolean
member_hear(ContainerReader *reader, char **ret_why, GError **error)
{
    Taken taken = TAKEN_ON;
    while (taken == TAKEN_ON) {
        Wire wire;
        const char *first, *second;
        Heard heard =
            container_process_hear(&reader->process, &wire, &first, &second, ret_why, error);
        if (heard == HEARD_ERROR) {
            return FALSE;
        }
        if (heard == HEARD_KILLED && !reader->spared) {
            reader->spared = TRUE;
            g_clear_pointer(ret_why, g_free);
            member_drop(reader);
            if (!process_ready(reader, error)) {
                return FALSE;
            }
            continue;
        }
        if (heard != HEARD_MESSAGE) {
            reader->deaths++;
            return TRUE;
        }
        taken = message_take(reader, &wire, first, ret_why, error);
    }
    if (taken == TAKEN_WRONG) {
        container_process_end(&reader->process);
        reader->deaths++;
        *ret_why = g_strdup("reading it went wrong");
    }
    return taken != TAKEN_ERROR;
}

gboolean
container_reader_next(ContainerReader *reader, guint32 *ret_index, int *ret_fd, char **ret_why,
                      GError **error)
{
    g_autofree char *why = NULL;
    if (reader->at >= reader->n_wanted) {
        return FALSE;
    }
    if (given_up(reader) != NULL) {
        why = g_strdup(given_up(reader));
    } else if (!process_ready(reader, error) || !member_hear(reader, &why, error)) {
        return FALSE;
    }
    if (why == NULL && lseek(reader->member, 0, SEEK_SET) != 0) {
        return fail(error, "a temporary file cannot be read");
    }
    if (why != NULL) {
        member_drop(reader);
    }
    reader->spared = FALSE;
    *ret_index = reader->wanted[reader->at++];
    *ret_fd = reader->member;
    reader->member = -1;
    *ret_why = g_steal_pointer(&why);
    return TRUE;
}

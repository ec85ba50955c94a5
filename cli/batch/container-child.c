/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pass over an archive: the headers one after the other, and of those that are wanted the bytes.
 *
 * The ways of a pass. A ZIP is read by its directory, which stands at its end. If that is missing,
 * or does not lead to what it says, the file is read through, and what begins like a member is one.
 * A tar in a compressed stream comes through packed-stream.h, so that its checksum is seen; the
 * list reads it to its end.
 *
 * After a member that is damaged libarchive reads no further. In a ZIP the next one can be found
 * all the same: the pass begins anew and leaves that one out.
 */
#include "container-wire.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <iconv.h>
#include <locale.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "member-names.h"
#include "packed-stream.h"
#include "pdf.h"

/* Bytes read from the file at once. */
#define BLOCK (64u << 10)
/* Messages are written when so many bytes of them wait. */
#define OUT_BYTES (128u << 10)
/* A compressed stream says that it is at work after so many bytes. */
#define ALIVE_BYTES (64ull << 20)
/* Damaged headers that are passed over, and passes that begin anew after a damaged member, in one
 * container: a pass over a large one takes a second. */
#define BAD_HEADERS_MOST 1000u
#define PASSES_MOST 100u
/* A tar ends with blocks of zeros of this size. */
#define TAR_BLOCK 512u
/* The fixed part of a header in a ZIP, and what it begins with. */
#define ZIP_HEADER 30u
#define ZIP_MAGIC "PK\x03\x04"
/* What a ZIP without members begins with. */
#define ZIP_EMPTY "PK\x05\x06"

#define ARCHIVE_FD STDIN_FILENO
#define OUT_FD STDOUT_FILENO

typedef struct {
    const ContainerOptions *options;
    ContainerWay way;
    GByteArray *out;
    iconv_t cp932;
    struct archive *archive;
    PackedStream *packed; /* CONTAINER_PACKED only */
    guint64 alive;        /* unpacked bytes since the last word */
    guint32 next;         /* index of the next header */
    guint64 total;        /* bytes given out */
    guint64 file_size;
    gboolean odd;     /* a header was passed over */
    guint64 listed;   /* bytes of names told */
    gboolean crowded; /* more members, or longer names, than are listed */
} Pass;

/* ---- messages ---- */

/* Processor time without progress ends the child: SIGPROF. */
static void
alarm_set(const Pass *pass)
{
    struct itimerval timer = {.it_value = {.tv_sec = pass->options->cpu_seconds}};
    setitimer(ITIMER_PROF, &timer, NULL);
}

static void
flush(Pass *pass)
{
    for (gsize at = 0; at < pass->out->len;) {
        ssize_t n = write(OUT_FD, pass->out->data + at, pass->out->len - at);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            _exit(0); /* nobody listens any more */
        }
        at += (gsize)n;
    }
    g_byte_array_set_size(pass->out, 0);
}

static void
say(Pass *pass, Wire wire, const void *first, const void *second)
{
    g_byte_array_append(pass->out, (const guint8 *)&wire, sizeof wire);
    g_byte_array_append(pass->out, first, wire.first);
    g_byte_array_append(pass->out, second, wire.second);
    if (pass->out->len >= OUT_BYTES) {
        flush(pass);
    }
    alarm_set(pass);
}

static void
say_line(Pass *pass, Wire wire, const char *line)
{
    wire.first = line != NULL ? (guint32)MIN(strlen(line), WIRE_BYTES_MOST) : 0;
    say(pass, wire, line, NULL);
}

static void
say_alive(Pass *pass)
{
    say(pass, (Wire){.kind = WIRE_ALIVE}, NULL, NULL);
    flush(pass);
    pass->alive = 0;
}

/* ---- opening ---- */

static gsize
packed_next(Pass *pass, const void **ret_bytes)
{
    gsize n = packed_stream_read(pass->packed, ret_bytes);
    pass->alive += n;
    alarm_set(pass);
    if (pass->alive >= ALIVE_BYTES) {
        say_alive(pass);
    }
    return n;
}

static la_ssize_t
read_packed(struct archive *archive, void *data, const void **ret_bytes)
{
    Pass *pass = data;
    gsize n = packed_next(pass, ret_bytes);
    if (n == 0 && packed_stream_state(pass->packed) != PACKED_GOOD) {
        archive_set_error(archive, EIO, "the compressed stream breaks off");
        return -1;
    }
    return (la_ssize_t)n;
}

static void
pass_close(Pass *pass)
{
    g_clear_pointer(&pass->archive, archive_read_free);
    g_clear_pointer(&pass->packed, packed_stream_free);
}

/* From the start; the ways must not be mixed, or indices would differ. */
static gboolean
pass_open(Pass *pass, ContainerWay way)
{
    pass_close(pass);
    pass->way = way;
    pass->next = 0;
    lseek(ARCHIVE_FD, 0, SEEK_SET);
    pass->archive = archive_read_new();
    g_assert(pass->archive != NULL);
    if (way == CONTAINER_STREAM_ZIP) {
        archive_read_support_format_zip_streamable(pass->archive);
    } else {
        archive_read_support_format_tar(pass->archive);
    }
    if (way == CONTAINER_PLAIN) {
        archive_read_support_format_zip_seekable(pass->archive);
    }
    if (way == CONTAINER_PACKED) {
        pass->packed = packed_stream_new(ARCHIVE_FD, pass->options);
        return archive_read_open(pass->archive, pass, NULL, read_packed, NULL) == ARCHIVE_OK;
    }
    return archive_read_open_fd(pass->archive, ARCHIVE_FD, BLOCK) == ARCHIVE_OK;
}

/* The next header; its index. FALSE at the end (ret_end) or when it goes no further. */
static gboolean
header_next(Pass *pass, struct archive_entry **ret_entry, guint32 *ret_index, gboolean *ret_end)
{
    for (guint bad = 0; bad < BAD_HEADERS_MOST; bad++) {
        int r = archive_read_next_header(pass->archive, ret_entry);
        *ret_end = r == ARCHIVE_EOF;
        if (r == ARCHIVE_OK || r == ARCHIVE_WARN) {
            *ret_index = pass->next++;
            return TRUE;
        }
        if (r == ARCHIVE_EOF || r == ARCHIVE_FATAL) {
            return FALSE;
        }
        pass->odd = TRUE;
    }
    return FALSE;
}

static gboolean
is_zip(const Pass *pass)
{
    return (archive_format(pass->archive) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP;
}

/* ---- the list ---- */

static Refusal
refusal_of(const Pass *pass, struct archive_entry *entry)
{
    if (archive_entry_hardlink(entry) != NULL) {
        return REFUSAL_HARDLINK;
    }
    if (archive_entry_filetype(entry) == AE_IFLNK) {
        return REFUSAL_SYMLINK;
    }
    if (archive_entry_filetype(entry) != AE_IFREG) {
        return REFUSAL_SPECIAL;
    }
    if (archive_entry_is_encrypted(entry)) {
        return REFUSAL_ENCRYPTED;
    }
    gboolean large = archive_entry_size_is_set(entry) &&
                     (guint64)archive_entry_size(entry) > pass->options->member_bytes;
    return large ? REFUSAL_LARGE : REFUSAL_NONE;
}

static void
say_member(Pass *pass, struct archive_entry *entry, guint32 index)
{
    /* NULL: marked as UTF-8 and not so, which libarchive does not hand out */
    const char *raw = archive_entry_pathname(entry);
    g_autofree char *cut = g_strndup(raw != NULL ? raw : "", WIRE_NAME_MOST);
    g_autofree char *text = raw != NULL ? member_name_text(raw, pass->cp932) : g_strdup(cut);
    g_autofree char *path = NULL;
    Refusal by_name = member_name_settle(text, index, &path);
    Refusal refusal = raw == NULL ? REFUSAL_NONE : by_name;
    refusal = refusal != REFUSAL_NONE ? refusal : refusal_of(pass, entry);
    Wire wire = {.kind = WIRE_MEMBER,
                 .index = index,
                 .number = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : -1,
                 .time = archive_entry_mtime_is_set(entry) ? archive_entry_mtime(entry) : 0,
                 .refusal = refusal,
                 .first = (guint32)strlen(path),
                 .second = strcmp(cut, path) != 0 ? (guint32)strlen(cut) : 0};
    say(pass, wire, path, cut);
    pass->listed += wire.first + wire.second;
}

/* Does the directory belong to this file? In a ZIP that is cut off behind an archive that is a
 * member of it, the directory found is that one's. The first member of a whole one is what the file
 * begins with. */
static gboolean
directory_is_right(const Pass *pass)
{
    guint8 head[ZIP_HEADER];
    if (pread(ARCHIVE_FD, head, sizeof head, 0) != sizeof head || memcmp(head, ZIP_MAGIC, 4) != 0) {
        return TRUE; /* something stands before it: a program that unpacks it */
    }
    gint64 length = ZIP_HEADER + head[26] + (head[27] << 8) + head[28] + (head[29] << 8);
    return archive_filter_bytes(pass->archive, 0) == length;
}

/* Tells all members. FALSE if the way leads no further. */
static gboolean
list_members(Pass *pass)
{
    struct archive_entry *entry = NULL;
    guint32 index = 0;
    gboolean end = FALSE;
    while (header_next(pass, &entry, &index, &end)) {
        pass->crowded =
            index >= pass->options->members || pass->listed > pass->options->listing_bytes;
        if (pass->crowded) {
            return TRUE;
        }
        if (index == 0 && pass->way == CONTAINER_PLAIN && is_zip(pass) &&
            !directory_is_right(pass)) {
            return FALSE;
        }
        if (archive_entry_filetype(entry) != AE_IFDIR || archive_entry_hardlink(entry) != NULL) {
            say_member(pass, entry, index);
        }
    }
    return end;
}

/* A tar that is whole ends with zeros. */
static gboolean
tar_has_end(const Pass *pass)
{
    static const guint8 zeros[TAR_BLOCK];
    guint8 last[TAR_BLOCK];
    if (pass->way == CONTAINER_PACKED) {
        return packed_stream_zeros(pass->packed) >= TAR_BLOCK;
    }
    gint64 at = archive_filter_bytes(pass->archive, 0) - (gint64)TAR_BLOCK;
    return pread(ARCHIVE_FD, last, sizeof last, at) == sizeof last &&
           memcmp(last, zeros, sizeof last) == 0;
}

/* Reads the stream to its end, where its checksum is. */
static PackedState
drain(Pass *pass)
{
    const void *bytes;
    while (packed_next(pass, &bytes) > 0) {
    }
    return packed_stream_state(pass->packed);
}

static const char *
damage_words(const Pass *pass, gboolean whole, PackedState state)
{
    static const char *const of_stream[] = {
        [PACKED_GOOD] = NULL,
        [PACKED_CUT] = "is cut off: what follows is missing",
        [PACKED_GARBLED] = "its compressed data are damaged, so none of its bytes can be trusted",
        [PACKED_BOMB] = "unpacks to far more than its size: what follows is not looked at",
    };
    if (pass->crowded) {
        return "has too many members, or too long names: what follows is not looked at";
    }
    if (state != PACKED_GOOD) {
        return of_stream[state];
    }
    if (pass->way == CONTAINER_STREAM_ZIP) {
        return "its directory is missing or damaged: members were looked for by reading it through";
    }
    if (!whole) {
        return "is cut off or damaged: what follows is missing";
    }
    if (pass->odd) {
        return "some of its headers are damaged: members may be missing";
    }
    return is_zip(pass) || tar_has_end(pass) ? NULL : "has no end mark: it may be cut off";
}

static gboolean
list_way(Pass *pass, ContainerWay way)
{
    pass->listed = 0;
    pass->odd = FALSE;
    say(pass, (Wire){.kind = WIRE_WAY, .number = way}, NULL, NULL);
    return pass_open(pass, way) && list_members(pass);
}

static gboolean
begins_with(const char *magic)
{
    guint8 head[4] = {0};
    return pread(ARCHIVE_FD, head, sizeof head, 0) == 4 && memcmp(head, magic, 4) == 0;
}

static const char *
hopeless_words(const Pass *pass, PackedState state)
{
    if (begins_with(ZIP_EMPTY)) {
        return "is an archive without files";
    }
    return begins_with(ZIP_MAGIC) || state != PACKED_GOOD || pass->odd
               ? "is damaged beyond use: no member can be found in it"
               : "is neither a ZIP nor a tar archive";
}

static void
list(Pass *pass)
{
    ContainerWay way = packed_stream_is_one(ARCHIVE_FD) ? CONTAINER_PACKED : CONTAINER_PLAIN;
    gboolean whole = list_way(pass, way);
    if (!whole && way == CONTAINER_PLAIN && (begins_with(ZIP_MAGIC) || is_zip(pass))) {
        whole = list_way(pass, CONTAINER_STREAM_ZIP);
    }
    PackedState state = way == CONTAINER_PACKED ? drain(pass) : PACKED_GOOD;
    if (!whole && pass->next == 0) {
        say_line(pass, (Wire){.kind = WIRE_HOPELESS, .number = EXTRACT_ERROR_DAMAGED},
                 hopeless_words(pass, state));
        return;
    }
    gboolean checked =
        way == CONTAINER_PACKED ? packed_stream_is_checked(ARCHIVE_FD) : is_zip(pass);
    say_line(pass, (Wire){.kind = WIRE_END, .refusal = state == PACKED_GARBLED, .number = checked},
             damage_words(pass, whole, state));
}

/* ---- reading ---- */

static guint64
consumed(const Pass *pass)
{
    gint64 n = archive_filter_bytes(pass->archive, -1);
    return pass->packed != NULL ? packed_stream_consumed(pass->packed) : n > 0 ? (guint64)n : 0;
}

/* Why a member of which `done` bytes came out of `packed` is read no further, or NULL. */
static char *
too_much(const Pass *pass, struct archive_entry *entry, guint64 done, guint64 packed)
{
    const ContainerOptions *o = pass->options;
    if (done > o->member_bytes) {
        return g_strdup_printf("unpacks to more than %" G_GUINT64_FORMAT " MiB",
                               o->member_bytes >> 20);
    }
    if (archive_entry_size_is_set(entry) && done > (guint64)archive_entry_size(entry)) {
        return g_strdup("unpacks to more than the archive says");
    }
    if (done > o->ratio_from && done / o->ratio > packed + BLOCK) {
        return g_strdup_printf("unpacks to more than %u times its size", o->ratio);
    }
    guint64 all = pass->total + done;
    if (all > o->total_bytes || (all > o->ratio_total && all / o->ratio > pass->file_size)) {
        return g_strdup("the archive unpacks to far more than its size");
    }
    return NULL;
}

/* NULL: that many zeros. */
static void
say_bytes(Pass *pass, guint32 index, const guint8 *bytes, guint64 size)
{
    static const guint8 zeros[WIRE_BYTES_MOST];
    for (guint64 at = 0; at < size; at += WIRE_BYTES_MOST) {
        guint32 n = (guint32)MIN(size - at, WIRE_BYTES_MOST);
        say(pass, (Wire){.kind = WIRE_BYTES, .index = index, .first = n},
            bytes != NULL ? bytes + at : zeros, NULL);
    }
}

/* Sends the bytes. FALSE with the reason; ret_fatal: libarchive goes no further. */
static gboolean
send_bytes(Pass *pass, struct archive_entry *entry, guint32 index, char **ret_why,
           gboolean *ret_fatal)
{
    guint64 done = 0, before = consumed(pass);
    const void *bytes;
    size_t size = 0;
    la_int64_t at = 0;
    int r;
    while ((r = archive_read_data_block(pass->archive, &bytes, &size, &at)) == ARCHIVE_OK) {
        if (at < 0 || (guint64)at < done) {
            *ret_why = g_strdup("is damaged: its parts overlap");
            return FALSE;
        }
        guint64 hole = (guint64)at - done;
        *ret_why = too_much(pass, entry, done + hole + size, consumed(pass) - before);
        if (*ret_why != NULL) {
            pass->total += done;
            return FALSE;
        }
        say_bytes(pass, index, NULL, hole);
        say_bytes(pass, index, bytes, size);
        done += hole + size;
    }
    pass->total += done;
    if (r != ARCHIVE_EOF) {
        const char *words = archive_error_string(pass->archive);
        *ret_fatal = r == ARCHIVE_FATAL;
        *ret_why = g_strdup_printf("is damaged or cut off: %s",
                                   words != NULL ? words : "libarchive does not say how");
        return FALSE;
    }
    if (archive_entry_size_is_set(entry) && done != (guint64)archive_entry_size(entry)) {
        *ret_why = g_strdup("is damaged: it is shorter than the archive says");
        return FALSE;
    }
    return TRUE;
}

/* FALSE if libarchive goes no further. */
static gboolean
read_member(Pass *pass, struct archive_entry *entry, guint32 index)
{
    g_autofree char *why = NULL;
    gboolean fatal = FALSE;
    say(pass, (Wire){.kind = WIRE_BEGIN, .index = index}, NULL, NULL);
    if (refusal_of(pass, entry) != REFUSAL_NONE) {
        why = g_strdup("is not what it was when the archive was listed");
    } else if (send_bytes(pass, entry, index, &why, &fatal)) {
        say(pass, (Wire){.kind = WIRE_DONE, .index = index}, NULL, NULL);
    }
    if (why != NULL) {
        say_line(pass, (Wire){.kind = WIRE_FAILED, .index = index}, why);
    }
    flush(pass);
    return !fatal;
}

/* Reads members wanted from number `from` on; how many have been dealt with. */
static guint
read_pass(Pass *pass, const ContainerTask *task, guint from)
{
    struct archive_entry *entry = NULL;
    guint32 index = 0;
    gboolean end = FALSE;
    guint k = from;
    while (k < task->n_wanted && header_next(pass, &entry, &index, &end)) {
        if (index < task->wanted[k]) {
            continue;
        }
        k++;
        if (!read_member(pass, entry, index)) {
            break;
        }
    }
    return k - from;
}

static void
read_wanted(Pass *pass, const ContainerTask *task)
{
    guint done = 0;
    for (guint i = 0; i < PASSES_MOST && done < task->n_wanted; i++) {
        guint more = pass_open(pass, task->way) ? read_pass(pass, task, done) : 0;
        done += more;
        if (more == 0 || !is_zip(pass)) {
            break;
        }
    }
    for (; done < task->n_wanted; done++) {
        say_line(pass, (Wire){.kind = WIRE_FAILED, .index = task->wanted[done]},
                 "cannot be reached: the archive is damaged or cut off before it");
    }
    say(pass, (Wire){.kind = WIRE_END}, NULL, NULL);
}

void
container_child_run(const ContainerTask *task)
{
    Pass pass = {.options = task->options, .out = g_byte_array_new()};
    struct stat st = {0};
    setlocale(LC_CTYPE, "C.UTF-8"); /* names that say they are UTF-8 come as that */
    g_setenv("TZ", "UTC0", TRUE);   /* and times are the same everywhere */
    fstat(ARCHIVE_FD, &st);
    pass.file_size = (guint64)st.st_size;
    pass.cp932 = iconv_open("UTF-8", "CP932"); /* its tables are files: before the sandbox */
    alarm_set(&pass);
    if (task->options->enter != NULL && !task->options->enter()) {
        say_line(&pass, (Wire){.kind = WIRE_HOPELESS, .number = EXTRACT_ERROR_OPEN},
                 "cannot be read: the sandbox cannot be entered");
    } else if (task->list) {
        list(&pass);
    } else {
        read_wanted(&pass, task);
    }
    flush(&pass);
    _exit(0);
}

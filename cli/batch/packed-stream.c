/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "packed-stream.h"

#include <archive.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* Bytes taken from the file, and given out, at once. */
#define BLOCK (64u << 10)
/* What the formats begin with, and the bits of their heads that say whether there is a checksum. */
#define HEAD_BYTES 8
#define XZ_MAGIC "\xFD\x37zXZ"
#define XZ_CHECK 0x0F
#define ZSTD_MAGIC "\x28\xB5\x2F\xFD"
#define ZSTD_CHECK 0x04

struct PackedStream {
    const ContainerOptions *options;
    gzFile gzip;         /* or NULL */
    struct archive *raw; /* or NULL: the others */
    guint8 *block;       /* of gzip */
    guint64 out, zeros;
    PackedState state;
    gboolean ended;
};

static gboolean
is_gzip(const guint8 *head)
{
    return head[0] == 0x1F && head[1] == 0x8B;
}

static gboolean
is_xz(const guint8 *head)
{
    return memcmp(head, XZ_MAGIC, 6) == 0;
}

static gboolean
is_zstd(const guint8 *head)
{
    return memcmp(head, ZSTD_MAGIC, 4) == 0;
}

static gboolean
read_head(int fd, guint8 head[HEAD_BYTES])
{
    return pread(fd, head, HEAD_BYTES, 0) == HEAD_BYTES;
}

gboolean
packed_stream_is_one(int fd)
{
    guint8 head[HEAD_BYTES];
    return read_head(fd, head) &&
           (is_gzip(head) || memcmp(head, "BZh", 3) == 0 || is_xz(head) || is_zstd(head));
}

gboolean
packed_stream_is_checked(int fd)
{
    guint8 head[HEAD_BYTES];
    if (!read_head(fd, head)) {
        return FALSE;
    }
    return is_xz(head)     ? (head[7] & XZ_CHECK) != 0
           : is_zstd(head) ? (head[4] & ZSTD_CHECK) != 0
                           : TRUE;
}

static gboolean
raw_open(PackedStream *stream, int fd)
{
    struct archive_entry *entry;
    stream->raw = archive_read_new();
    g_assert(stream->raw != NULL);
    archive_read_support_filter_bzip2(stream->raw);
    archive_read_support_filter_xz(stream->raw);
    archive_read_support_filter_zstd(stream->raw);
    archive_read_support_format_raw(stream->raw);
    return archive_read_open_fd(stream->raw, fd, BLOCK) == ARCHIVE_OK &&
           archive_read_next_header(stream->raw, &entry) == ARCHIVE_OK;
}

PackedStream *
packed_stream_new(int fd, const ContainerOptions *options)
{
    PackedStream *stream = g_new0(PackedStream, 1);
    guint8 head[HEAD_BYTES];
    stream->options = options;
    if (read_head(fd, head) && is_gzip(head)) {
        stream->block = g_malloc(BLOCK);
        stream->gzip = gzdopen(dup(fd), "rb");
        g_assert(stream->gzip != NULL);
        gzbuffer(stream->gzip, BLOCK);
    } else if (!raw_open(stream, fd)) {
        stream->ended = TRUE;
        stream->state = PACKED_GARBLED;
    }
    return stream;
}

void
packed_stream_free(PackedStream *stream)
{
    if (stream != NULL) {
        g_clear_pointer(&stream->gzip, gzclose_r);
        g_clear_pointer(&stream->raw, archive_read_free);
        g_free(stream->block);
        g_free(stream);
    }
}

static gsize
end(PackedStream *stream, PackedState state)
{
    stream->ended = TRUE;
    stream->state = state;
    return 0;
}

static gsize
gzip_read(PackedStream *stream, const void **ret_bytes)
{
    int n = gzread(stream->gzip, stream->block, BLOCK);
    *ret_bytes = stream->block;
    if (n > 0) {
        return (gsize)n;
    }
    int code = Z_OK;
    gzerror(stream->gzip, &code);
    return end(stream, code == Z_BUF_ERROR     ? PACKED_CUT
                       : n < 0 || code != Z_OK ? PACKED_GARBLED
                                               : PACKED_GOOD);
}

/* libarchive 3.6 has no code for a stream that ends before its time, but words; those for xz are
 * liblzma's. truncated_tar_gives_what_is_there tells if they change: such a stream is then taken
 * for garbled. */
static gboolean
is_cut(const char *words)
{
    g_autofree char *low = words != NULL ? g_ascii_strdown(words, -1) : NULL;
    return low != NULL &&
           (strstr(low, "truncated") != NULL || strstr(low, "no progress is possible") != NULL);
}

static gsize
raw_read(PackedStream *stream, const void **ret_bytes)
{
    size_t size = 0;
    la_int64_t at;
    int r = archive_read_data_block(stream->raw, ret_bytes, &size, &at);
    if (r == ARCHIVE_OK && size > 0) {
        return size;
    }
    gboolean cut = r != ARCHIVE_EOF && is_cut(archive_error_string(stream->raw));
    return end(stream, r == ARCHIVE_EOF ? PACKED_GOOD : cut ? PACKED_CUT : PACKED_GARBLED);
}

static guint64
zeros_at_end(const guint8 *bytes, gsize size)
{
    gsize n = 0;
    while (n < size && bytes[size - 1 - n] == 0) {
        n++;
    }
    return n;
}

gsize
packed_stream_read(PackedStream *stream, const void **ret_bytes)
{
    const ContainerOptions *o = stream->options;
    if (stream->ended) {
        return 0;
    }
    gsize n = stream->gzip != NULL ? gzip_read(stream, ret_bytes) : raw_read(stream, ret_bytes);
    guint64 zeros = zeros_at_end(*ret_bytes, n);
    stream->zeros = zeros == n ? stream->zeros + n : zeros;
    stream->out += n;
    guint64 in = packed_stream_consumed(stream) + BLOCK;
    if (stream->out > o->total_bytes ||
        (stream->out > o->ratio_total && stream->out / o->ratio > in)) {
        return end(stream, PACKED_BOMB);
    }
    return n;
}

PackedState
packed_stream_state(const PackedStream *stream)
{
    return stream->state;
}

guint64
packed_stream_consumed(const PackedStream *stream)
{
    gint64 n =
        stream->gzip != NULL ? gzoffset(stream->gzip) : archive_filter_bytes(stream->raw, -1);
    return n > 0 ? (guint64)n : 0;
}

guint64
packed_stream_zeros(const PackedStream *stream)
{
    return stream->zeros;
}

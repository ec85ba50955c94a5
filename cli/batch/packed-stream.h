/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packed stream: a file compressed as a whole by gzip, bzip2, xz or zstd, as a stream of its bytes,
 * with the checksums of the format. Used by the child of container.h only.
 *
 * libarchive does not check what gzip says of its contents, so zlib reads that.
 */
#pragma once

#include "container.h"

typedef struct PackedStream PackedStream;

typedef enum {
    PACKED_GOOD,
    PACKED_CUT,     /* it ends before its time; what came is right as far as is known */
    PACKED_GARBLED, /* it is no such stream, or its checksum is wrong */
    PACKED_BOMB,    /* it unpacks to more than the limits allow */
} PackedState;

/* Does a file begin like one of them? */
gboolean packed_stream_is_one(int fd);

/* Does it have a checksum over what is packed, as far as its head says? xz and zstd may do without.
 */
gboolean packed_stream_is_checked(int fd);

/* Reads on from where fd stands, its start; fd stays the caller's. options are borrowed. */
PackedStream *packed_stream_new(int fd, const ContainerOptions *options);
void packed_stream_free(PackedStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackedStream, packed_stream_free)

/* The next bytes, borrowed until the next call; 0 at the end, whatever ended it. */
gsize packed_stream_read(PackedStream *stream, const void **ret_bytes);

/* What is known so far; all of it when packed_stream_read() has given 0. */
PackedState packed_stream_state(const PackedStream *stream);

/* Compressed bytes read so far; and how many zero bytes came last. */
guint64 packed_stream_consumed(const PackedStream *stream);
guint64 packed_stream_zeros(const PackedStream *stream);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shard: which part of an archive a document belongs to, by its path alone, so that it is the same
 * part on every machine and in every year.
 */
#pragma once

#include <glib.h>
#include <string.h>

#define HASH_START 0xCBF29CE484222325ull

/* FNV-1a, 64 bits (Fowler, Noll, Vo). */
static inline guint64
hash_more(guint64 hash, const void *data, gsize size)
{
    const guint8 *bytes = data;
    for (gsize i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * 0x100000001B3ull;
    }
    return hash;
}

static inline guint64
hash_number(guint64 hash, guint64 number)
{
    for (guint i = 0; i < 64; i += 8) {
        hash = (hash ^ (number >> i & 0xFF)) * 0x100000001B3ull;
    }
    return hash;
}

/* From 1 to `shards`. */
static inline guint
shard_of(const char *path, guint shards)
{
    return (guint)(hash_more(HASH_START, path, strlen(path)) % shards) + 1;
}

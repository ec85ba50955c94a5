/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Archives: ZIP files written by hand, byte by byte, so that they may lie; tars by libarchive.
 */
#pragma once

#include <glib.h>

typedef enum {
    ZIP_UTF8 = 1,       /* the name says that it is UTF-8 */
    ZIP_STORED = 2,     /* not compressed */
    ZIP_DESCRIPTOR = 4, /* size and checksum stand behind the data */
    ZIP_LINK = 8,       /* a symbolic link */
    ZIP_ENCRYPTED = 16, /* says that it is */
} ZipFlags;

typedef struct {
    GByteArray *bytes, *directory;
    guint members;
} Zip;

void zip_begin(Zip *zip);
void zip_add(Zip *zip, const char *name, const void *data, gsize size, ZipFlags flags);
/* A member of n zeros, which is not made as such; it says to be of `declared` bytes. */
void zip_add_zeros(Zip *zip, const char *name, guint64 n, guint64 declared);
/* Members that share their data: each unpacks to `size` zeros and more. */
void zip_add_overlapping(Zip *zip, guint n, guint64 size);
/* The file; zip is of no use after it. */
GByteArray *zip_end(Zip *zip);

typedef struct {
    const char *name;
    const char *link; /* target of a link, or NULL */
    const void *data;
    guint64 size; /* of data; of zeros, if that is NULL */
    char type;    /* '-' file, 'l' symbolic link, 'h' hard link, 'd' folder, 'p' fifo */
} TarMember;

/* filter: NULL, "gzip", "bzip2", "xz" or "zstd". A new array. */
GByteArray *tar_make(const TarMember *members, guint n, const char *filter);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Container: an archive file (ZIP, tar, tar compressed by gzip, bzip2, xz or zstd) whose members
 * are listed and read where they are. Nothing of it is ever parsed in this process: a child under
 * limits does that and speaks over a pipe, and what it says is checked. A child that crashes, hangs
 * or eats memory costs a member.
 *
 * Only regular files come out. What cannot or must not be read is named with the reason. Archives
 * inside archives are members like others.
 *
 * What it cannot do: ZIP members packed by Deflate64, LZMA with encryption and the like are named
 * as not readable. A plain tar, and a stream of zstd or xz made without, has no checksum of its
 * contents, so a flipped bit in them is not seen: `checked` says so. A ZIP without its directory
 * does not say which members are links.
 */
#pragma once

#include <glib.h>

typedef struct {
    const char *path; /* UTF-8, NFC, relative, by '/', unique here; safe to use even if refused */
    const char *raw;  /* the name's bytes as far as known, where they differ; else NULL */
    const char *refused; /* why it is not read, or NULL */
    gboolean locked;     /* … which is that it is encrypted */
    gint64 size;         /* as the archive says; -1: it does not */
    gint64 mtime;        /* seconds since 1970, 0 if not known; local times of ZIP taken as UTC */
    guint32 index;       /* from 0, in the archive's order; folders count too */
} ContainerMember;

/* How the members are found, as the list has seen it: container_reader_new() goes the same way. */
typedef enum {
    CONTAINER_PLAIN,      /* ZIP by its directory, or tar */
    CONTAINER_STREAM_ZIP, /* ZIP read through, since its directory is missing or wrong */
    CONTAINER_PACKED,     /* tar inside a compressed stream */
} ContainerWay;

typedef struct {
    char *file;       /* path of the archive file */
    GArray *members;  /* ContainerMember, by index; container_member() */
    char *damaged;    /* why the container as such is not whole, one line, or NULL */
    gboolean garbled; /* a checksum over all is wrong: no member's bytes can be trusted */
    gboolean checked; /* checksums cover the bytes of the members */
    ContainerWay way;
    guint64 device, inode, size; /* of the file that was listed */
    gint64 mtime;                /* nanoseconds since 1970 */
    GStringChunk *strings;       /* what the members point to */
} ContainerList;

typedef struct {
    guint members;           /* at most so many, folders too */
    guint64 listing_bytes;   /* at most so many bytes of names */
    guint64 member_bytes;    /* a member that unpacks to more is not read */
    guint64 total_bytes;     /* a container that unpacks to more is read no further */
    guint ratio;             /* more than so many times its packed bytes is a bomb, … */
    guint64 ratio_from;      /* … beyond so many bytes of a member or … */
    guint64 ratio_total;     /* … of the container */
    guint64 memory;          /* bytes of the child, beside what it inherits */
    guint cpu_seconds;       /* of the child, without progress */
    guint wall_seconds;      /* without a word from the child while it is waited for */
    gboolean (*enter)(void); /* run in the child when all it needs is open: the sandbox; or NULL */
    gboolean (*stop)(void);  /* asked while waiting: TRUE gives up (G_FILE_ERROR_INTR); or NULL */
} ContainerOptions;

/* The usual limits; neither sandbox nor stop. */
ContainerOptions container_options(void);

/* By its suffix, in any case: .zip, .tar, .tar.gz, .tgz, .tar.bz2, .tbz, .tbz2, .tar.xz, .txz,
 * .tar.zst, .tzst. */
gboolean container_is_one(const char *name);

/* The members; container_list_free() it. An error of EXTRACT_ERROR, in one line, if there is no
 * such file, it is no archive, damaged beyond use, empty, or all of it is encrypted; of
 * G_FILE_ERROR if the machine fails or stop() says so. */
ContainerList *container_list(const char *path, const ContainerOptions *options, GError **error);
void container_list_free(ContainerList *list);

/* The member of that index, which may not be its place in `members`; NULL if there is none. */
const ContainerMember *container_member(const ContainerList *list, guint32 index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContainerList, container_list_free)

typedef struct ContainerReader ContainerReader;

/* One pass over the container for the members wanted (guint32 indices, ascending, none refused).
 * List and options stay the caller's and must live as long. An error of EXTRACT_ERROR if the file
 * is not the one that was listed. */
ContainerReader *container_reader_new(const ContainerList *list, const GArray *wanted,
                                      const ContainerOptions *options, GError **error);
void container_reader_free(ContainerReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContainerReader, container_reader_free)

/* The next of the members wanted, each exactly once and in their order: either its bytes, whole and
 * checked as far as the format has checksums, in a file without a name that stands at 0 (ret_fd,
 * for the caller to close; ret_why NULL), or why they could not be read (ret_why, a line to be
 * freed; ret_fd -1). FALSE at the end, or with an error of G_FILE_ERROR if the machine fails (no
 * process, a full disk) or stop() says so. */
gboolean container_reader_next(ContainerReader *reader, guint32 *ret_index, int *ret_fd,
                               char **ret_why, GError **error);

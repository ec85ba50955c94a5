/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Catalogue: what a batch knows of its documents, in an SQLite database (WAL) that other programs
 * may read at any time; catalogue.sql is its schema, and the manual tells it.
 *
 * Paths are the bytes of the disk. Errors are of CATALOGUE_ERROR, with the database's words.
 */
#pragma once

#include "documents.h"
#include "outcome.h"

#define CATALOGUE_ERROR (catalogue_error_quark())
GQuark catalogue_error_quark(void);
typedef enum {
    CATALOGUE_ERROR_OPEN,
    CATALOGUE_ERROR_DAMAGED,
    CATALOGUE_ERROR_WRITE
} CatalogueError;

/* What can change a result beside the document's bytes. */
typedef struct {
    char *version, *options, *libraries;
} Making;

/* The plain text beside a result. */
typedef enum {
    TEXT_NONE,
    TEXT_THERE,
    TEXT_OLD /* of a result before, which had one: to be removed when this one is placed */
} TextBeside;

/* What is known of a document before a run. */
typedef struct {
    gint64 id;
    char *path;
    FileStamp stamp;
    gint64 making;            /* of the last attempt */
    guint8 sha256[32];        /* of the bytes of the last attempt; all 0: not known */
    guint8 output_sha256[32]; /* of its result */
    guint8 text_sha256[32];   /* of the plain text beside it */
    guint8 text;              /* TextBeside */
    guint8 corrections[32];   /* hash of the corrections it was made with; all 0: none */
    guint8 outcome;           /* Outcome of the last attempt */
    guint8 result;            /* there is a file at its place */
    guint8 gone;
    guint8 staged; /* its result may not have been put into its place yet */
    guint8 former; /* a result from before is kept, not accepted yet */
    guint8 member; /* of a container */
    guint8 folder; /* of page images */
} Known;

/* What is written of an attempt. */
typedef struct {
    gint64 id;
    const char *path, *kind, *container; /* container: path, or NULL */
    FileStamp stamp;
    const char *sha256;      /* hexadecimal, or NULL */
    const char *corrections; /* hash of the corrections it was made with, or NULL */
    Outcome outcome;
    const char *reason;        /* or NULL */
    const GArray *pages;       /* PageOutcome, or NULL */
    const GPtrArray *warnings; /* char * */
    const GPtrArray *changes;  /* char *: lines of former.h, against the former result; or NULL */
    const GPtrArray *unfit;    /* char *: corrections that do not fit any more; or NULL */
    const char *output_sha256; /* NULL: no new result */
    const char *text_sha256;   /* of the plain text beside it, or NULL */
    gint64 output_bytes;
    double seconds, processor; /* real and processor time */
    gint64 memory;             /* bytes of the largest process */
    gint64 copy_of;            /* id of the document with the same bytes, or 0 */
    gboolean keep_former;      /* there is a former one, or the result at its place becomes it */
} Attempt;

typedef struct Catalogue Catalogue;

/* A catalogue that is forgotten. */
#define CATALOGUE_NOWHERE ":memory:"

/* Opens or makes it. */
Catalogue *catalogue_open(const char *path, GError **error);

/* Only to be read, while others write, or where nobody may. */
Catalogue *catalogue_open_read(const char *path, GError **error);

/* One that nobody writes to as long as this is open: no lock is taken, nothing written beside it.
 */
Catalogue *catalogue_open_still(const char *path, GError **error);

/* The name by which another one's ATTACH opens it so; a new string. */
char *catalogue_still_uri(const char *path);
void catalogue_free(Catalogue *catalogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Catalogue, catalogue_free)

/* Has it seen a run? */
gboolean catalogue_is_used(Catalogue *catalogue);

/* All documents, by path: a new table of Known, the key being its path. */
GHashTable *catalogue_known(Catalogue *catalogue, GError **error);

/* The id of this making, new or not; 0 with an error, or if it is new and shall not be entered. */
gint64 catalogue_making(Catalogue *catalogue, const Making *making, gboolean enter, GError **error);

/* The making of that id, all "" if there is none; making_clear() it. */
void catalogue_making_of(Catalogue *catalogue, gint64 id, Making *ret_making);
void making_clear(Making *making);

/* A run begins and ends. */
gint64 catalogue_run_begin(Catalogue *catalogue, const char *archive, const char *shard,
                           gint64 making, guint jobs, guint planned, GError **error);
gboolean catalogue_run_end(Catalogue *catalogue, gint64 run, const char *state, GError **error);

/* Several writes that appear together. */
gboolean catalogue_begin(Catalogue *catalogue, GError **error);
gboolean catalogue_commit(Catalogue *catalogue, GError **error);

/* Writes an attempt; with a result, the document is staged until catalogue_placed(). */
gboolean catalogue_add(Catalogue *catalogue, gint64 run, gint64 making, const Attempt *attempt,
                       GError **error);
gboolean catalogue_placed(Catalogue *catalogue, gint64 id, GError **error);

/* The same bytes were seen at another time. */
gboolean catalogue_touch(Catalogue *catalogue, gint64 id, const FileStamp *stamp, GError **error);
gboolean catalogue_gone(Catalogue *catalogue, gint64 id, gboolean gone, GError **error);

/* Its former result is no longer needed. */
gboolean catalogue_accept(Catalogue *catalogue, gint64 id, GError **error);

/* Runs a query that gives rows of text; each is handed on. */
typedef void (*CatalogueRow)(const char *const *values, guint n, gpointer user_data);
gboolean catalogue_query(Catalogue *catalogue, const char *sql, const char *parameter,
                         CatalogueRow row, gpointer user_data, GError **error);

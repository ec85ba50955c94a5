/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalogue.h"

#include <string.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

#include "messages.h"
#include "shard.h"

extern GResource *batch_get_resource(void); /* made by glib-compile-resources */

/* A reader may hold the database for so long, milliseconds. */
#define BUSY_MILLISECONDS 60000
#define SCHEMA_VERSION 4
/* What the check says of a page that could not be had, before SQLite's number for why. */
#define PAGE_ERROR "error code="

struct Catalogue {
    sqlite3 *database;
    char *name; /* of its file */
    sqlite3_stmt *add, *page;
};

G_DEFINE_QUARK(yomijun - catalogue - error, catalogue_error)

/* Nothing is made up from what is left: a person decides. */
static gboolean
fail_damaged(Catalogue *c, const char *why, GError **error)
{
    g_set_error(error, CATALOGUE_ERROR, CATALOGUE_ERROR_DAMAGED,
                "%s is damaged (%s): put back a copy of it, or move %s* away and run again, which "
                "reads all documents anew",
                c->name, why, c->name);
    return FALSE;
}

static gboolean
fail(Catalogue *c, CatalogueError code, GError **error)
{
    int why = sqlite3_errcode(c->database);
    if (why == SQLITE_CORRUPT || why == SQLITE_NOTADB) {
        return fail_damaged(c, sqlite3_errmsg(c->database), error);
    }
    g_set_error(error, CATALOGUE_ERROR, code, "%s: %s", c->name, sqlite3_errmsg(c->database));
    return FALSE;
}

static gboolean
execute(Catalogue *c, const char *sql, GError **error)
{
    return sqlite3_exec(c->database, sql, NULL, NULL, NULL) == SQLITE_OK ||
           fail(c, CATALOGUE_ERROR_WRITE, error);
}

static sqlite3_stmt *
prepare(Catalogue *c, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(c->database, sql, -1, &statement, NULL) != SQLITE_OK) {
        fail(c, CATALOGUE_ERROR_WRITE, error);
    }
    return statement;
}

/* ---- values ---- */

static void
bind_text(sqlite3_stmt *s, int at, const char *text)
{
    sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC); /* NULL becomes NULL */
}

/* Runs a statement that gives nothing, and makes it ready for the next time. */
static gboolean
run(Catalogue *c, sqlite3_stmt *s, GError **error)
{
    gboolean ok = sqlite3_step(s) == SQLITE_DONE || fail(c, CATALOGUE_ERROR_WRITE, error);
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return ok;
}

static gboolean
run_once(Catalogue *c, sqlite3_stmt *s, GError **error)
{
    gboolean ok = run(c, s, error);
    sqlite3_finalize(s);
    return ok;
}

/* One statement about one document. */
static gboolean
run_of(Catalogue *c, const char *sql, gint64 id, const char *text, GError **error)
{
    sqlite3_stmt *s = prepare(c, sql, error);
    if (s == NULL) {
        return FALSE;
    }
    sqlite3_bind_int64(s, 1, id);
    if (text != NULL) {
        bind_text(s, 2, text);
    }
    return run_once(c, s, error);
}

/* ---- opening ---- */

static gint64
number_of(Catalogue *c, const char *sql)
{
    sqlite3_stmt *s = prepare(c, sql, NULL);
    gint64 number = s != NULL && sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : -1;
    sqlite3_finalize(s);
    return number;
}

static gboolean
schema_make(Catalogue *c, GError **error)
{
    gint64 version = number_of(c, "PRAGMA user_version");
    if (version < 0) {
        return fail(c, CATALOGUE_ERROR_OPEN, error);
    }
    if (version > 0) {
        if (version != SCHEMA_VERSION) {
            g_set_error(error, CATALOGUE_ERROR, CATALOGUE_ERROR_OPEN,
                        "%s is of another version of yomijun (schema %d, not %d): use that one, "
                        "or move %s* away and run again, which reads all documents anew, without "
                        "keeping or comparing the results before",
                        c->name, (int)version, SCHEMA_VERSION, c->name);
            return FALSE;
        }
        return TRUE;
    }
    g_autoptr(GBytes) schema =
        g_resource_lookup_data(batch_get_resource(), "/yomijun/batch/catalogue.sql", 0, error);
    if (schema == NULL) {
        return FALSE;
    }
    g_autofree char *text = g_strndup(g_bytes_get_data(schema, NULL), g_bytes_get_size(schema));
    g_autofree char *whole = g_strconcat("BEGIN;", text, "COMMIT;", NULL);
    return execute(c, whole, error);
}

/* The SQL function shard_of(path, shards). */
static void
shard_of_sql(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *path = (const char *)sqlite3_value_text(values[0]);
    int shards = sqlite3_value_int(values[1]);
    (void)n;
    if (path != NULL && shards > 0) {
        sqlite3_result_int64(context, shard_of(path, (guint)shards));
    }
}

/* Opens what SQLite calls `uri`; messages call it by its path. */
static Catalogue *
open_with(const char *path, const char *uri, int flags, GError **error)
{
    g_autoptr(Catalogue) c = g_new0(Catalogue, 1);
    c->name = g_path_get_basename(path);
    if (sqlite3_open_v2(uri, &c->database, flags | SQLITE_OPEN_URI, NULL) != SQLITE_OK) {
        if (c->database == NULL) {
            g_set_error(error, CATALOGUE_ERROR, CATALOGUE_ERROR_OPEN, "no memory");
        } else {
            fail(c, CATALOGUE_ERROR_OPEN, error);
        }
        return NULL;
    }
    sqlite3_busy_timeout(c->database, BUSY_MILLISECONDS);
    sqlite3_create_function(c->database, "shard_of", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                            shard_of_sql, NULL, NULL);
    return g_steal_pointer(&c);
}

#define ADD                                                                                        \
    "INSERT INTO documents (id, path, kind, container, size, mtime, inode, device, sha256, "       \
    "outcome, reason, run, making, pages, pages_failed, pages_ocr, characters, unread, seconds, "  \
    "processor, memory, copy_of, output_sha256, output_bytes, output_making, staged, former, "     \
    "ctime, corrections, text_sha256) "                                                            \
    "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,"      \
    "?23,?24,iif(?23 IS NULL,NULL,?13),?23 IS NOT NULL,?25,?26,?27,?28) "                          \
    "ON CONFLICT (id) DO UPDATE SET kind=?3, container=?4, size=?5, mtime=?6, ctime=?26, "         \
    "inode=?7, "                                                                                   \
    "device=?8, sha256=?9, outcome=?10, reason=?11, run=?12, making=?13, pages=?14, "              \
    "pages_failed=?15, pages_ocr=?16, characters=?17, unread=?18, seconds=?19, processor=?20, "    \
    "memory=?21, copy_of=?22, output_sha256=coalesce(?23, output_sha256), "                        \
    "output_bytes=coalesce(?24, output_bytes), "                                                   \
    "output_making=iif(?23 IS NULL, output_making, ?13), "                                         \
    "staged=?23 IS NOT NULL, former=iif(?23 IS NULL, former, ?25), corrections=?27, gone=0, "      \
    "text_sha256=iif(?23 IS NULL, text_sha256, coalesce(?28, iif(text_sha256 IS NULL, NULL, '')))"

/* Whether an error of the disk or the file system kept the check from a page. */
static gboolean
is_unread(const char *said)
{
    const char *code = strstr(said, PAGE_ERROR);
    int why = code != NULL ? (int)g_ascii_strtoll(code + strlen(PAGE_ERROR), NULL, 10) & 0xFF
                           : SQLITE_CORRUPT;
    return why != SQLITE_CORRUPT && why != SQLITE_NOTADB;
}

/* Does what it says hold together? */
static gboolean
check(Catalogue *c, GError **error)
{
    sqlite3_stmt *s = prepare(c, "PRAGMA quick_check(1)", error);
    if (s == NULL) {
        return FALSE;
    }
    gboolean row = sqlite3_step(s) == SQLITE_ROW || fail(c, CATALOGUE_ERROR_OPEN, error);
    g_autofree char *said = g_strdup(row ? (const char *)sqlite3_column_text(s, 0) : NULL);
    sqlite3_finalize(s);
    if (!row || g_strcmp0(said, "ok") == 0) {
        return row;
    }
    if (said != NULL && is_unread(said)) {
        g_strdelimit(said, "\n", ' ');
        g_set_error(error, CATALOGUE_ERROR, CATALOGUE_ERROR_OPEN, "%s cannot be read: %s", c->name,
                    said);
        return FALSE;
    }
    return fail_damaged(c, "what it says does not hold together", error);
}

Catalogue *
catalogue_open(const char *path, GError **error)
{
    g_autofree char *full = strcmp(path, CATALOGUE_NOWHERE) == 0
                                ? g_strdup(path)
                                : g_canonicalize_filename(path, NULL); /* "file:" begins no name */
    g_autoptr(Catalogue) c =
        open_with(full, full, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    if (c == NULL || !execute(c, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", error) ||
        !schema_make(c, error) || !check(c, error)) {
        return NULL;
    }
    c->add = prepare(c, ADD, error);
    c->page = c->add == NULL
                  ? NULL
                  : prepare(c, "INSERT OR REPLACE INTO pages VALUES (?,?,?,?,?,?,?)", error);
    return c->page != NULL ? g_steal_pointer(&c) : NULL;
}

Catalogue *
catalogue_open_read(const char *path, GError **error)
{
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autofree char *log = g_strconcat(full, "-wal", NULL);
    g_autoptr(Catalogue) c = open_with(full, full, SQLITE_OPEN_READONLY, error);
    if (c != NULL && g_access(log, F_OK) != 0 &&
        number_of(c, "SELECT count(*) FROM sqlite_master") < 0) {
        return catalogue_open_still(path, error); /* nothing can be made beside it */
    }
    return g_steal_pointer(&c);
}

char *
catalogue_still_uri(const char *path)
{
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autofree char *uri = g_filename_to_uri(full, NULL, NULL);
    return g_strconcat(uri, "?immutable=1", NULL);
}

Catalogue *
catalogue_open_still(const char *path, GError **error)
{
    g_autofree char *uri = catalogue_still_uri(path);
    return open_with(path, uri, SQLITE_OPEN_READONLY, error);
}

void
catalogue_free(Catalogue *catalogue)
{
    if (catalogue != NULL) {
        sqlite3_finalize(catalogue->add);
        sqlite3_finalize(catalogue->page);
        sqlite3_close(catalogue->database);
        g_free(catalogue->name);
        g_free(catalogue);
    }
}

gboolean
catalogue_is_used(Catalogue *catalogue)
{
    return number_of(catalogue, "SELECT count(*) FROM runs") > 0;
}

/* ---- what is known ---- */

static void
known_free(gpointer data)
{
    Known *k = data;
    g_free(k->path);
    g_free(k);
}

static void
sha256_take(guint8 *to, const char *hex)
{
    for (guint i = 0; hex != NULL && strlen(hex) == 64 && i < 32; i++) {
        const char *two = hex + (gsize)2 * i;
        to[i] = (guint8)(g_ascii_xdigit_value(two[0]) << 4 | g_ascii_xdigit_value(two[1]));
    }
}

static Known *
known_of(sqlite3_stmt *s)
{
    Known *k = g_new0(Known, 1);
    k->id = sqlite3_column_int64(s, 0);
    k->path = g_strdup((const char *)sqlite3_column_text(s, 1));
    k->stamp = (FileStamp){.size = sqlite3_column_int64(s, 2),
                           .mtime = sqlite3_column_int64(s, 3),
                           .ctime = sqlite3_column_int64(s, 15),
                           .inode = (guint64)sqlite3_column_int64(s, 4),
                           .device = (guint64)sqlite3_column_int64(s, 5)};
    sha256_take(k->sha256, (const char *)sqlite3_column_text(s, 6));
    k->outcome = (guint8)outcome_of_word((const char *)sqlite3_column_text(s, 7));
    k->making = sqlite3_column_int64(s, 8);
    sha256_take(k->output_sha256, (const char *)sqlite3_column_text(s, 9));
    k->result = sqlite3_column_type(s, 9) != SQLITE_NULL;
    k->staged = sqlite3_column_int(s, 10) != 0;
    k->former = sqlite3_column_int(s, 11) != 0;
    k->gone = sqlite3_column_int(s, 12) != 0;
    k->member = sqlite3_column_type(s, 13) != SQLITE_NULL;
    k->folder = g_strcmp0((const char *)sqlite3_column_text(s, 14), "folder") == 0;
    sha256_take(k->corrections, (const char *)sqlite3_column_text(s, 16));
    const char *text = (const char *)sqlite3_column_text(s, 17);
    sha256_take(k->text_sha256, text);
    k->text = text == NULL ? TEXT_NONE : *text == '\0' ? TEXT_OLD : TEXT_THERE;
    return k;
}

GHashTable *
catalogue_known(Catalogue *catalogue, GError **error)
{
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, known_free);
    sqlite3_stmt *s = prepare(catalogue,
                              "SELECT id, path, size, mtime, inode, device, sha256, outcome, "
                              "making, output_sha256, staged, former, gone, container, kind, "
                              "ctime, corrections, text_sha256 "
                              "FROM documents",
                              error);
    int step = SQLITE_ERROR;
    while (s != NULL && (step = sqlite3_step(s)) == SQLITE_ROW) {
        Known *k = known_of(s);
        if (k->path == NULL) { /* no row of ours */
            known_free(k);
            continue;
        }
        g_hash_table_replace(known, k->path, k);
    }
    if (s != NULL && step != SQLITE_DONE) {
        fail(catalogue, CATALOGUE_ERROR_OPEN, error);
    }
    sqlite3_finalize(s);
    if (step != SQLITE_DONE) {
        g_hash_table_unref(known);
        return NULL;
    }
    return known;
}

/* ---- makings and runs ---- */

gint64
catalogue_making(Catalogue *catalogue, const Making *making, gboolean enter, GError **error)
{
    static const char *const statements[] = {
        "INSERT OR IGNORE INTO makings (version, options, libraries) VALUES (?, ?, ?)",
        "SELECT id FROM makings WHERE version = ? AND options = ? AND libraries = ?"};
    gint64 id = 0;
    for (guint i = enter ? 0 : 1; i < G_N_ELEMENTS(statements); i++) {
        sqlite3_stmt *s = prepare(catalogue, statements[i], error);
        if (s == NULL) {
            return 0;
        }
        bind_text(s, 1, making->version);
        bind_text(s, 2, making->options);
        bind_text(s, 3, making->libraries);
        int step = sqlite3_step(s);
        id = step == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
        if (step != SQLITE_ROW && step != SQLITE_DONE) {
            fail(catalogue, CATALOGUE_ERROR_WRITE, error);
            sqlite3_finalize(s);
            return 0;
        }
        sqlite3_finalize(s);
    }
    return id;
}

void
making_clear(Making *making)
{
    g_clear_pointer(&making->version, g_free);
    g_clear_pointer(&making->options, g_free);
    g_clear_pointer(&making->libraries, g_free);
}

void
catalogue_making_of(Catalogue *catalogue, gint64 id, Making *ret_making)
{
    sqlite3_stmt *s =
        prepare(catalogue, "SELECT version, options, libraries FROM makings WHERE id = ?", NULL);
    *ret_making = (Making){0};
    if (s != NULL) {
        sqlite3_bind_int64(s, 1, id);
    }
    gboolean found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    ret_making->version = g_strdup(found ? (const char *)sqlite3_column_text(s, 0) : "");
    ret_making->options = g_strdup(found ? (const char *)sqlite3_column_text(s, 1) : "");
    ret_making->libraries = g_strdup(found ? (const char *)sqlite3_column_text(s, 2) : "");
    sqlite3_finalize(s);
}

gint64
catalogue_run_begin(Catalogue *catalogue, const char *archive, const char *shard, gint64 making,
                    guint jobs, guint planned, GError **error)
{
    /* whoever reads this has the lock, so no other run goes on */
    if (!execute(catalogue, "UPDATE runs SET state = 'stopped' WHERE state = 'running'", error)) {
        return 0;
    }
    sqlite3_stmt *s = prepare(catalogue,
                              "INSERT INTO runs (started, state, archive, shard, making, jobs, "
                              "planned, host, process) "
                              "VALUES (datetime('now'), 'running', ?, ?, ?, ?, ?, ?, ?)",
                              error);
    if (s == NULL) {
        return 0;
    }
    bind_text(s, 1, archive);
    bind_text(s, 2, shard);
    sqlite3_bind_int64(s, 3, making);
    sqlite3_bind_int64(s, 4, jobs);
    sqlite3_bind_int64(s, 5, planned);
    bind_text(s, 6, g_get_host_name());
    sqlite3_bind_int64(s, 7, getpid());
    return run_once(catalogue, s, error) ? sqlite3_last_insert_rowid(catalogue->database) : 0;
}

gboolean
catalogue_run_end(Catalogue *catalogue, gint64 id, const char *state, GError **error)
{
    return run_of(catalogue, "UPDATE runs SET ended = datetime('now'), state = ?2 WHERE id = ?1",
                  id, state, error);
}

gboolean
catalogue_begin(Catalogue *catalogue, GError **error)
{
    return execute(catalogue, "BEGIN IMMEDIATE", error);
}

gboolean
catalogue_commit(Catalogue *catalogue, GError **error)
{
    return execute(catalogue, "COMMIT", error);
}

/* ---- attempts ---- */

typedef struct {
    guint pages, failed, ocr;
    guint64 characters, unread;
} Sums;

static Sums
sums_of(const GArray *pages)
{
    Sums sums = {.pages = pages != NULL ? pages->len : 0};
    for (guint i = 0; i < sums.pages; i++) {
        const PageOutcome *p = &g_array_index(pages, PageOutcome, i);
        sums.failed += p->failure != PAGE_READ;
        sums.ocr += p->ocr;
        sums.characters += p->characters;
        sums.unread += p->unread;
    }
    return sums;
}

static gboolean
add_row(Catalogue *c, gint64 run_id, gint64 making, const Attempt *a, GError **error)
{
    sqlite3_stmt *s = c->add;
    Sums sums = sums_of(a->pages);
    sqlite3_bind_int64(s, 1, a->id);
    bind_text(s, 2, a->path);
    bind_text(s, 3, a->kind);
    bind_text(s, 4, a->container);
    sqlite3_bind_int64(s, 5, a->stamp.size);
    sqlite3_bind_int64(s, 6, a->stamp.mtime);
    sqlite3_bind_int64(s, 7, (gint64)a->stamp.inode);
    sqlite3_bind_int64(s, 8, (gint64)a->stamp.device);
    bind_text(s, 9, a->sha256);
    bind_text(s, 10, outcome_word(a->outcome));
    bind_text(s, 11, a->reason);
    sqlite3_bind_int64(s, 12, run_id);
    sqlite3_bind_int64(s, 13, making);
    const guint64 counts[] = {sums.pages, sums.failed, sums.ocr, sums.characters, sums.unread};
    for (int i = 0; i < (int)G_N_ELEMENTS(counts); i++) {
        sqlite3_bind_int64(s, 14 + i, (gint64)counts[i]);
    }
    sqlite3_bind_double(s, 19, a->seconds);
    sqlite3_bind_double(s, 20, a->processor);
    sqlite3_bind_int64(s, 21, a->memory);
    if (a->copy_of != 0) {
        sqlite3_bind_int64(s, 22, a->copy_of);
    }
    bind_text(s, 23, a->output_sha256);
    if (a->output_sha256 != NULL) {
        sqlite3_bind_int64(s, 24, a->output_bytes);
    }
    sqlite3_bind_int(s, 25, a->keep_former);
    sqlite3_bind_int64(s, 26, a->stamp.ctime);
    bind_text(s, 27, a->corrections);
    bind_text(s, 28, a->text_sha256);
    return run(c, s, error);
}

static gboolean
add_pages(Catalogue *c, gint64 id, const GArray *pages, GError **error)
{
    for (guint i = 0; pages != NULL && i < pages->len; i++) {
        const PageOutcome *p = &g_array_index(pages, PageOutcome, i);
        sqlite3_bind_int64(c->page, 1, id);
        sqlite3_bind_int64(c->page, 2, p->number);
        bind_text(c->page, 3, outcome_word(outcome_of_page(p)));
        bind_text(c->page, 4, outcome_page_reason(p));
        sqlite3_bind_int64(c->page, 5, p->characters);
        sqlite3_bind_int64(c->page, 6, p->unread);
        sqlite3_bind_int64(c->page, 7, p->ocr);
        if (!run(c, c->page, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
add_lines(Catalogue *c, const char *sql, gint64 id, const GPtrArray *lines, GError **error)
{
    for (guint i = 0; lines != NULL && i < lines->len; i++) {
        if (!run_of(c, sql, id, g_ptr_array_index(lines, i), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* "CLASS COUNT PAGE", then zone, old, new and what, each behind a tab; what is empty is not there.
 */
static gboolean
add_change(Catalogue *c, gint64 id, const char *line, GError **error)
{
    g_auto(GStrv) fields = g_strsplit(line, "\t", -1);
    g_auto(GStrv) head = g_strsplit(fields[0] != NULL ? fields[0] : "", " ", -1);
    if (g_strv_length(fields) != 5 || g_strv_length(head) != 3) {
        return TRUE; /* no line of ours */
    }
    sqlite3_stmt *s = prepare(c,
                              "INSERT INTO changes VALUES (?1, ?2, ?3, nullif(?4, 0), "
                              "nullif(?5, ''), nullif(?6, ''), nullif(?7, ''), nullif(?8, ''))",
                              error);
    if (s == NULL) {
        return FALSE;
    }
    sqlite3_bind_int64(s, 1, id);
    bind_text(s, 2, head[0]);
    sqlite3_bind_int64(s, 3, g_ascii_strtoll(head[1], NULL, 10));
    sqlite3_bind_int64(s, 4, g_ascii_strtoll(head[2], NULL, 10));
    for (int i = 0; i < 4; i++) {
        bind_text(s, 5 + i, fields[1 + i]);
    }
    return run_once(c, s, error);
}

static gboolean
add_changes(Catalogue *c, gint64 id, const GPtrArray *changes, GError **error)
{
    gboolean ok = TRUE;
    for (guint i = 0; changes != NULL && i < changes->len && ok; i++) {
        ok = add_change(c, id, g_ptr_array_index(changes, i), error);
    }
    return ok;
}

/* A result that was copied is that of another document, in all its counts. */
static gboolean
copy_counts(Catalogue *c, const Attempt *a, GError **error)
{
    static const char *const statements[] = {
        ("UPDATE documents SET (outcome, pages, pages_failed, pages_ocr, characters, unread) = "
         "(SELECT outcome, pages, pages_failed, pages_ocr, characters, unread FROM documents "
         "WHERE id = CAST(?2 AS INTEGER)) WHERE id = ?1"),
        ("INSERT INTO pages SELECT ?1, page, outcome, reason, characters, unread, ocr FROM pages "
         "WHERE document = CAST(?2 AS INTEGER)"),
        "INSERT INTO warnings SELECT ?1, line FROM warnings WHERE document = CAST(?2 AS INTEGER)"};
    g_autofree char *other = g_strdup_printf("%" G_GINT64_FORMAT, a->copy_of);
    for (guint i = 0; a->copy_of != 0 && i < G_N_ELEMENTS(statements); i++) {
        if (!run_of(c, statements[i], a->id, other, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
catalogue_add(Catalogue *catalogue, gint64 run_id, gint64 making, const Attempt *a, GError **error)
{
    static const char *const before[] = {"DELETE FROM pages WHERE document = ?",
                                         "DELETE FROM warnings WHERE document = ?",
                                         "DELETE FROM unfit_corrections WHERE document = ?"};
    for (guint i = 0; i < G_N_ELEMENTS(before); i++) {
        if (!run_of(catalogue, before[i], a->id, NULL, error)) {
            return FALSE;
        }
    }
    if (a->output_sha256 != NULL &&
        !run_of(catalogue, "DELETE FROM changes WHERE document = ?", a->id, NULL, error)) {
        return FALSE;
    }
    return add_row(catalogue, run_id, making, a, error) && copy_counts(catalogue, a, error) &&
           add_pages(catalogue, a->id, a->pages, error) &&
           add_lines(catalogue, "INSERT INTO warnings VALUES (?1, ?2)", a->id, a->warnings,
                     error) &&
           add_lines(catalogue, "INSERT INTO unfit_corrections VALUES (?1, ?2)", a->id, a->unfit,
                     error) &&
           add_changes(catalogue, a->id, a->changes, error);
}

gboolean
catalogue_placed(Catalogue *catalogue, gint64 id, GError **error)
{
    return run_of(catalogue,
                  "UPDATE documents SET staged = 0, "
                  "text_sha256 = nullif(text_sha256, '') WHERE id = ?",
                  id, NULL, error);
}

gboolean
catalogue_touch(Catalogue *catalogue, gint64 id, const FileStamp *stamp, GError **error)
{
    sqlite3_stmt *s = prepare(catalogue,
                              "UPDATE documents SET size = ?2, mtime = ?3, inode = ?4, "
                              "device = ?5, ctime = ?6, gone = 0 WHERE id = ?1",
                              error);
    if (s == NULL) {
        return FALSE;
    }
    sqlite3_bind_int64(s, 1, id);
    sqlite3_bind_int64(s, 2, stamp->size);
    sqlite3_bind_int64(s, 3, stamp->mtime);
    sqlite3_bind_int64(s, 4, (gint64)stamp->inode);
    sqlite3_bind_int64(s, 5, (gint64)stamp->device);
    sqlite3_bind_int64(s, 6, stamp->ctime);
    return run_once(catalogue, s, error);
}

gboolean
catalogue_gone(Catalogue *catalogue, gint64 id, gboolean gone, GError **error)
{
    return run_of(catalogue,
                  gone ? "UPDATE documents SET gone = 1 WHERE id = ?"
                       : "UPDATE documents SET gone = 0 WHERE id = ?",
                  id, NULL, error);
}

gboolean
catalogue_accept(Catalogue *catalogue, gint64 id, GError **error)
{
    return run_of(catalogue, "DELETE FROM changes WHERE document = ?", id, NULL, error) &&
           run_of(catalogue, "UPDATE documents SET former = 0 WHERE id = ?", id, NULL, error);
}

gboolean
catalogue_query(Catalogue *catalogue, const char *sql, const char *parameter, CatalogueRow row,
                gpointer user_data, GError **error)
{
    sqlite3_stmt *s = prepare(catalogue, sql, error);
    if (s == NULL) {
        return FALSE;
    }
    if (parameter != NULL) {
        bind_text(s, 1, parameter);
    }
    guint n = (guint)sqlite3_column_count(s);
    g_autofree const char **values = g_new0(const char *, n + 1);
    int step;
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
        for (guint i = 0; i < n; i++) {
            values[i] = (const char *)sqlite3_column_text(s, (int)i);
        }
        if (row != NULL) {
            row(values, n, user_data);
        }
    }
    gboolean ok = step == SQLITE_DONE || fail(catalogue, CATALOGUE_ERROR_WRITE, error);
    sqlite3_finalize(s);
    return ok;
}

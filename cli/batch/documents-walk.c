/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "documents-texts.h"
#include "image-set.h"
#include "input.h"
#include "pdf.h"

/* What a list asks for of a folder. */
typedef struct {
    FolderWanted folder;
    GHashTable *names; /* char * → itself */
} Asked;

typedef struct {
    Documents *documents;
    int root;
    GPtrArray
        *todo; /* char *: folders still to be read, relative to root; NULL: stay in this one */
    struct stat results;
    gboolean has_results;
    GError *failed; /* why it cannot go on, or NULL */
} Walk;

static char *
below(const char *folder, const char *name)
{
    return folder[0] != '\0' ? g_strconcat(folder, "/", name, NULL) : g_strdup(name);
}

static FileStamp
stamp_of(const struct stat *st)
{
    return (FileStamp){.size = st->st_size,
                       .mtime = (gint64)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec,
                       .ctime = (gint64)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec,
                       .inode = st->st_ino,
                       .device = st->st_dev};
}

/* ---- one folder ---- */

static void
judge_regular(int folder, gboolean with_texts, Found *found)
{
    found->kind = document_kind_of(found->name, with_texts);
    if (found->kind == DOCUMENT_OTHER && image_is_page(folder, found->name)) {
        found->kind = DOCUMENT_IMAGE;
    }
    gboolean opened = found->kind == DOCUMENT_PDF || found->kind == DOCUMENT_CONTAINER ||
                      found->kind == DOCUMENT_TEXT;
    if (opened && faccessat(folder, found->name, R_OK, AT_EACCESS) != 0) {
        found->kind = DOCUMENT_UNREADABLE;
        found->why = g_strerror(errno);
    }
}

/* What something in a folder is. Links: what they lead to. */
static void
judge(int folder, gboolean with_texts, struct stat *st, Found *found)
{
    gboolean link = S_ISLNK(st->st_mode);
    gboolean broken = link && fstatat(folder, found->name, st, 0) != 0;
    found->stamp = stamp_of(st);
    found->kind = DOCUMENT_OTHER;
    if (found->name[0] == '.') {
        found->why = "is hidden";
    } else if (broken) {
        found->kind = DOCUMENT_UNREADABLE;
        found->why = "is a link that leads nowhere";
    } else if (S_ISREG(st->st_mode)) {
        judge_regular(folder, with_texts, found);
    } else {
        found->why =
            S_ISDIR(st->st_mode) ? "is a link to a folder: not followed" : "is no regular file";
    }
}

static gboolean
is_results(const Walk *walk, const struct stat *st)
{
    return walk->has_results && st->st_ino == walk->results.st_ino &&
           st->st_dev == walk->results.st_dev;
}

/* Something in a folder: a folder to be read later, or found. */
static void
take_entry(Walk *walk, int fd, const char *folder, const char *name, const Asked *asked,
           GArray *found)
{
    struct stat st;
    Found f = {.member = DOCUMENT_NO_MEMBER,
               .wanted = asked == NULL || g_hash_table_contains(asked->names, name)};
    gboolean seen = fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    gboolean plain_folder = seen && S_ISDIR(st.st_mode) && name[0] != '.';
    if (plain_folder && !is_results(walk, &st)) {
        if (walk->todo != NULL) {
            g_ptr_array_add(walk->todo, below(folder, name));
        }
        return;
    }
    f.name = g_string_chunk_insert(walk->documents->strings, name);
    if (!seen) {
        f.kind = DOCUMENT_UNREADABLE;
        f.why = g_strerror(errno);
    } else if (plain_folder) {
        f.kind = DOCUMENT_OTHER;
        f.why = "is the folder of results";
    } else {
        judge(fd, walk->documents->with_texts, &st, &f);
    }
    if (f.why != NULL) {
        f.why = g_string_chunk_insert_const(walk->documents->strings, f.why);
    }
    g_array_append_val(found, f);
}

/* A name that was asked for and is not there. */
static void
name_missing(Walk *walk, const char *folder, const Asked *asked, const GArray *found)
{
    g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < found->len; i++) {
        g_hash_table_add(there, (gpointer)(gsize)g_array_index(found, Found, i).name);
    }
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, asked->names);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        if (!g_hash_table_contains(there, name)) {
            g_autofree char *path = below(folder, name);
            documents_add(walk->documents, path, DOCUMENT_UNREADABLE, g_strerror(ENOENT));
        }
    }
}

static void
folder_unreadable(Walk *walk, const char *folder, int why)
{
    g_autoptr(GError) error = NULL;
    input_cannot_open(why, &error);
    if (error->domain == EXTRACT_ERROR) {
        documents_add(walk->documents, folder, DOCUMENT_UNREADABLE, g_strerror(why));
    } else if (walk->failed == NULL) {
        walk->failed = g_error_new(error->domain, error->code, "%s%s%s", folder,
                                   folder[0] != '\0' ? ": " : "", error->message);
    }
}

/* asked: NULL for everything. */
static void
read_folder(Walk *walk, const char *folder, const Asked *asked)
{
    struct stat st;
    struct dirent *entry;
    int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
    int fd = openat(walk->root, folder[0] != '\0' ? folder : ".", flags);
    DIR *dir = fd >= 0 && fstat(fd, &st) == 0 ? fdopendir(fd) : NULL;
    if (dir == NULL) {
        folder_unreadable(walk, folder, errno);
        if (fd >= 0) {
            close(fd);
        }
        return;
    }
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Found));
    errno = 0;
    /* cppcheck-suppress readdirCalled ; no other thread has this folder open */
    while ((entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            take_entry(walk, fd, folder, entry->d_name, asked, found);
        }
        errno = 0;
    }
    int broken = errno;
    FileStamp stamp = stamp_of(&st);
    FolderWanted wanted = asked == NULL ? FOLDER_ITSELF : asked->folder;
    gboolean one = documents_add_folder(walk->documents, folder, &stamp, found, wanted);
    if (asked != NULL && wanted == FOLDER_ITSELF && !one) {
        documents_add(walk->documents, folder, DOCUMENT_OTHER,
                      "is no folder of page images: its files must be listed");
    }
    if (asked != NULL) {
        name_missing(walk, folder, asked, found);
    }
    if (broken != 0) {
        documents_add(walk->documents, folder, DOCUMENT_UNREADABLE, g_strerror(broken));
    }
    closedir(dir);
}

/* ---- the tree ---- */

static gboolean
walk_begin(Walk *walk, const char *archive, const DocumentsOptions *options, GError **error)
{
    *walk = (Walk){.root = open(archive, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (walk->root < 0 || faccessat(walk->root, ".", R_OK | X_OK, AT_EACCESS) != 0) {
        input_cannot_open(errno, error);
        if (walk->root >= 0) {
            close(walk->root);
        }
        return FALSE;
    }
    walk->has_results = options->results != NULL && stat(options->results, &walk->results) == 0;
    walk->documents = documents_new(options->texts);
    return TRUE;
}

static Documents *
walk_end(Walk *walk, const DocumentsOptions *options, GError **error)
{
    close(walk->root);
    if (walk->failed != NULL) {
        g_propagate_error(error, g_steal_pointer(&walk->failed));
        documents_free(walk->documents);
        return NULL;
    }
    documents_settle(walk->documents, options->reserved);
    return walk->documents;
}

Documents *
documents_walk(const char *archive, const DocumentsOptions *options, GError **error)
{
    Walk walk;
    if (!walk_begin(&walk, archive, options, error)) {
        return NULL;
    }
    g_autoptr(GPtrArray) todo = g_ptr_array_new_with_free_func(g_free);
    walk.todo = todo;
    g_ptr_array_add(todo, g_strdup(""));
    while (todo->len > 0 && walk.failed == NULL) {
        g_autofree char *folder = g_ptr_array_steal_index_fast(todo, todo->len - 1);
        read_folder(&walk, folder, NULL);
    }
    return walk_end(&walk, options, error);
}

/* ---- a list ---- */

typedef struct {
    Documents *documents;
    char *root;          /* the archive, resolved */
    GHashTable *folders; /* char * → Asked *: what is asked for of each */
    char *last, *last_resolved;
} Asking;

static void
asked_free(gpointer data)
{
    Asked *asked = data;
    g_hash_table_unref(asked->names);
    g_free(asked);
}

static Asked *
asked_of(Asking *asking, const char *folder)
{
    Asked *asked = g_hash_table_lookup(asking->folders, folder);
    if (asked == NULL) {
        asked = g_new0(Asked, 1);
        asked->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(asking->folders, g_strdup(folder), asked);
    }
    return asked;
}

/* realpath(), which is the same for many one after the other. NULL with errno. */
static const char *
resolve(Asking *asking, const char *folder)
{
    if (asking->last == NULL || strcmp(asking->last, folder) != 0) {
        g_free(asking->last);
        free(asking->last_resolved);
        asking->last = g_strdup(folder);
        errno = 0;
        asking->last_resolved = realpath(folder, NULL);
    }
    return asking->last_resolved;
}

/* A resolved path relative to the archive; NULL if it is not in it. */
static const char *
within(const Asking *asking, const char *path)
{
    gsize n = strcmp(asking->root, "/") == 0 ? 0 : strlen(asking->root);
    if (strncmp(path, asking->root, n) != 0 || (path[n] != '/' && path[n] != '\0')) {
        return NULL;
    }
    return path[n] == '/' ? path + n + 1 : path + n;
}

static gboolean
is_folder(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A text that is listed may be that of a folder beside it. */
static void
ask_folder_beside(Asking *asking, const char *place, const char *text)
{
    if (!asking->documents->with_texts || !text_name_is_one(text)) {
        return;
    }
    g_autofree char *folder = g_strndup(text, (gsize)(strrchr(text, '.') - text));
    if (is_folder(folder)) {
        g_autofree char *base = g_path_get_basename(folder);
        g_autofree char *path = below(place, base);
        Asked *asked = asked_of(asking, path);
        asked->folder = MAX(asked->folder, FOLDER_IF_TEXT_BESIDE);
    }
}

/* One line of the list. */
static void
ask(Asking *asking, const char *line)
{
    g_autofree char *full =
        line[0] == '/' ? g_strdup(line) : g_build_filename(asking->root, line, NULL);
    gsize n = strlen(full);
    while (n > 1 && full[n - 1] == '/') {
        full[--n] = '\0';
    }
    gboolean folder = is_folder(full);
    g_autofree char *parent = folder ? g_strdup(full) : g_path_get_dirname(full);
    const char *resolved = resolve(asking, parent);
    const char *place = resolved != NULL ? within(asking, resolved) : NULL;
    if (place == NULL || strlen(full) >= PATH_MAX) {
        const char *why = resolved != NULL ? "is not in the archive" : g_strerror(ENOENT);
        documents_add(asking->documents, line, DOCUMENT_UNREADABLE, why);
        return;
    }
    if (place[0] == '.' || strstr(place, "/.") != NULL) {
        documents_add(asking->documents, line, DOCUMENT_OTHER, "is hidden");
        return;
    }
    Asked *asked = asked_of(asking, place);
    if (folder) {
        asked->folder = FOLDER_ITSELF;
    } else {
        g_hash_table_add(asked->names, g_path_get_basename(full));
        ask_folder_beside(asking, place, full);
    }
}

/* The text of a folder may be beside it: so the folders above are looked at, too. */
static void
ask_above(Asking *asking)
{
    g_autofree char **folders = (char **)g_hash_table_get_keys_as_array(asking->folders, NULL);
    for (guint i = 0; asking->documents->with_texts && folders[i] != NULL; i++) {
        g_autofree char *above = g_path_get_dirname(folders[i]);
        asked_of(asking, strcmp(above, ".") == 0 ? "" : above);
    }
}

/* The next path; FALSE at the end. Of one that is too long the beginning, marked as such. */
static gboolean
read_line(FILE *in, char separator, GString *line, gboolean *ret_long)
{
    int c;
    g_string_truncate(line, 0);
    *ret_long = FALSE;
    while ((c = getc_unlocked(in)) != EOF && c != separator) {
        if (line->len < PATH_MAX) {
            g_string_append_c(line, (char)c);
        } else {
            *ret_long = TRUE;
        }
    }
    if (separator == '\n' && line->len > 0 && line->str[line->len - 1] == '\r') {
        g_string_truncate(line, line->len - 1);
    }
    return c != EOF || line->len > 0;
}

static void
ask_all(Asking *asking, FILE *in, char separator)
{
    g_autoptr(GString) line = g_string_new(NULL);
    gboolean too_long = FALSE;
    while (read_line(in, separator, line, &too_long)) {
        if (too_long || strlen(line->str) != line->len) {
            documents_add(asking->documents, line->str, DOCUMENT_UNREADABLE, "is no path");
        } else if (line->len > 0) {
            ask(asking, line->str);
        }
    }
}

static int
compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

Documents *
documents_from_list(const char *archive, FILE *in, char separator, const DocumentsOptions *options,
                    GError **error)
{
    Walk walk;
    if (!walk_begin(&walk, archive, options, error)) {
        return NULL;
    }
    Asking asking = {.documents = walk.documents,
                     .root = realpath(archive, NULL),
                     .folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, asked_free)};
    g_assert(asking.root != NULL);
    ask_all(&asking, in, separator);
    ask_above(&asking);
    guint n = 0;
    g_autofree char **folders = (char **)g_hash_table_get_keys_as_array(asking.folders, &n);
    qsort(folders, n, sizeof *folders, compare_paths); /* a folder before what is in it */
    for (guint i = 0; i < n; i++) {
        read_folder(&walk, folders[i], g_hash_table_lookup(asking.folders, folders[i]));
    }
    g_hash_table_unref(asking.folders);
    free(asking.root);
    free(asking.last_resolved);
    g_free(asking.last);
    return walk_end(&walk, options, error);
}

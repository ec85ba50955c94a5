/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents.h"

#include <stdlib.h>
#include <string.h>

#include "documents-build.h"
#include "documents-texts.h"
#include "image-set.h"

/* What the result of a folder is called, and what the others end with. */
#define FOLDER_RESULT "folder.xml"
#define SUFFIX ".xml"
/* A name has at most so many bytes. */
#define NAME_MOST 255u

Documents *
documents_new(gboolean with_texts)
{
    Documents *documents = g_new0(Documents, 1);
    documents->documents = g_array_new(FALSE, FALSE, sizeof(Document));
    documents->files = g_array_new(FALSE, FALSE, sizeof(DocumentFile));
    documents->texts = g_array_new(FALSE, FALSE, sizeof(DocumentText));
    documents->with_texts = with_texts;
    documents->beside = texts_beside_new();
    documents->strings = g_string_chunk_new(1 << 14);
    return documents;
}

void
documents_free(Documents *documents)
{
    if (documents != NULL) {
        g_array_unref(documents->documents);
        g_array_unref(documents->files);
        g_array_unref(documents->texts);
        g_clear_pointer(&documents->beside, g_hash_table_unref);
        g_string_chunk_free(documents->strings);
        g_free(documents);
    }
}

char *
documents_path_in(const char *folder, const char *name)
{
    gboolean joins = folder[0] == '\0' || g_str_has_suffix(folder, "/");
    return g_strconcat(folder, joins ? "" : "/", name, NULL);
}

char *
document_output(const Document *document)
{
    return document->kind == DOCUMENT_FOLDER ? documents_path_in(document->path, FOLDER_RESULT)
                                             : g_strconcat(document->path, SUFFIX, NULL);
}

/* ---- the rule ---- */

DocumentKind
document_kind_of(const char *name, gboolean with_texts)
{
    gsize n = strlen(name);
    if (n > 4 && g_ascii_strcasecmp(name + n - 4, ".pdf") == 0) {
        return DOCUMENT_PDF;
    }
    if (with_texts && text_name_is_one(name)) {
        return DOCUMENT_TEXT;
    }
    return container_is_one(name)     ? DOCUMENT_CONTAINER
           : image_name_is_page(name) ? DOCUMENT_IMAGE
                                      : DOCUMENT_OTHER;
}

static int
compare_found(gconstpointer a, gconstpointer b)
{
    return image_names_compare(((const Found *)a)->name, ((const Found *)b)->name);
}

/* Is it one of the images that make a folder a document? Those that cannot be read are pages, too,
 * but if there is no other the folder is none. */
static gboolean
is_image(const Found *f)
{
    return f->kind == DOCUMENT_IMAGE;
}

static gboolean
folder_is_document(const GArray *found)
{
    gboolean images = FALSE;
    for (guint i = 0; i < found->len; i++) {
        const Found *f = &g_array_index(found, Found, i);
        gboolean hidden = f->name[0] == '.';
        if (!hidden && document_kind_of(f->name, FALSE) == DOCUMENT_PDF) {
            return FALSE;
        }
        images |= is_image(f);
    }
    return images;
}

static void
add(Documents *documents, const Document *document)
{
    g_array_append_vals(documents->documents, document, 1);
}

void
documents_add(Documents *documents, const char *path, DocumentKind kind, const char *why)
{
    Document document = {.path = g_string_chunk_insert(documents->strings, path),
                         .why = why != NULL ? g_string_chunk_insert_const(documents->strings, why)
                                            : NULL,
                         .member = DOCUMENT_NO_MEMBER,
                         .kind = kind};
    add(documents, &document);
}

/* The index of a text among those of a document, of which it becomes one. */
static guint32
take_text(Documents *documents, Document *document, const DocumentText *text)
{
    for (guint32 i = 0; i < document->n_texts; i++) {
        if (g_array_index(documents->texts, DocumentText, document->first_text + i).path ==
            text->path) {
            return i;
        }
    }
    if (document->n_texts == 0) {
        document->first_text = documents->texts->len;
    }
    g_array_append_vals(documents->texts, text, 1);
    return document->n_texts++;
}

/* A folder's images become one document. texts: of each of `found`, or NULL. */
static void
add_images(Documents *documents, const char *folder, const FileStamp *of_folder,
           const GArray *found, const DocumentText *const *texts)
{
    Document document = {.path = g_string_chunk_insert(documents->strings, folder),
                         .stamp = {.inode = of_folder->inode, .device = of_folder->device},
                         .first_file = documents->files->len,
                         .member = DOCUMENT_NO_MEMBER,
                         .kind = DOCUMENT_FOLDER};
    for (guint i = 0; i < found->len; i++) {
        const Found *f = &g_array_index(found, Found, i);
        if (is_image(f)) {
            DocumentFile file = {f->name, f->stamp, f->member,
                                 texts[i] != NULL ? take_text(documents, &document, texts[i])
                                                  : DOCUMENT_NO_TEXT};
            g_array_append_val(documents->files, file);
            document.stamp.size += MAX(f->stamp.size, 0);
            document.stamp.mtime = MAX(document.stamp.mtime, f->stamp.mtime);
        }
        document.lost += f->kind == DOCUMENT_UNREADABLE && image_name_is_page(f->name);
    }
    document.n_files = documents->files->len - document.first_file;
    add(documents, &document);
}

/* One of the folder's files by itself. */
static void
add_file(Documents *documents, const char *path, const Found *f, const DocumentText *text)
{
    Document document = {
        .path = path, .why = f->why, .stamp = f->stamp, .member = f->member, .kind = f->kind};
    if (text != NULL) {
        take_text(documents, &document, text);
    }
    add(documents, &document);
}

gboolean
documents_add_folder(Documents *documents, const char *folder, const FileStamp *of_folder,
                     GArray *found, FolderWanted wanted)
{
    gboolean one = folder_is_document(found), one_wanted = wanted == FOLDER_ITSELF;
    g_array_sort(found, compare_found);
    g_autoptr(FolderTexts) texts = folder_texts_find(documents, folder, found, one);
    for (guint i = 0; i < found->len; i++) {
        const Found *f = &g_array_index(found, Found, i);
        if (texts->paired[i]) {
            continue; /* its images have it */
        }
        if (one && is_image(f)) {
            one_wanted |= f->wanted;
        } else if (f->wanted) {
            g_autofree char *path = documents_path_in(folder, f->name);
            add_file(documents, g_string_chunk_insert(documents->strings, path), f, texts->of[i]);
        }
    }
    one_wanted |= wanted == FOLDER_IF_TEXT_BESIDE && texts->beside;
    if (one && one_wanted) {
        add_images(documents, folder, of_folder, found, texts->of);
    }
    return one;
}

/* ---- order and places of results ---- */

static int
compare_documents(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Document *)a)->path, ((const Document *)b)->path);
}

static Document *
document_at(const Documents *documents, guint i)
{
    return &g_array_index(documents->documents, Document, i);
}

/* And texts that turned out to be those of a folder. */
static void
drop_doubles(Documents *documents)
{
    guint n = 0;
    for (guint i = 0; i < documents->documents->len; i++) {
        const Document *document = document_at(documents, i);
        if (document->kind == DOCUMENT_TEXT && texts_beside_is_taken(documents, document->path)) {
            continue;
        }
        const Document *last = document_at(documents, n > 0 ? n - 1 : 0);
        if (n == 0 || last->kind != document->kind || strcmp(last->path, document->path) != 0) {
            *document_at(documents, n++) = *document;
        }
    }
    g_array_set_size(documents->documents, n);
}

static gboolean
has_result(const Document *document)
{
    return document->kind < DOCUMENT_OTHER;
}

/* The document of that path, or NULL. */
static const Document *
find(const Documents *documents, const char *path)
{
    Document key = {.path = path};
    guint at;
    return g_array_binary_search(documents->documents, &key, compare_documents, &at)
               ? document_at(documents, at)
               : NULL;
}

/* Is there a result of that name, which ends with .xml? */
static gboolean
is_result(const Documents *documents, const char *name)
{
    g_autofree char *path = g_strndup(name, strlen(name) - strlen(SUFFIX));
    const Document *of_file = find(documents, path);
    if (of_file != NULL && of_file->kind < DOCUMENT_FOLDER) {
        return TRUE;
    }
    const char *slash = strrchr(name, '/'), *last = slash != NULL ? slash + 1 : name;
    g_autofree char *folder = g_strndup(name, slash != NULL ? (gsize)(slash - name) : 0);
    g_autofree char *top = g_strconcat(folder, "/", NULL); /* of a container */
    const Document *of_folder = find(documents, folder), *of_top = find(documents, top);
    return strcmp(last, FOLDER_RESULT) == 0 &&
           (of_top != NULL || (of_folder != NULL && of_folder->kind == DOCUMENT_FOLDER));
}

/* A result that would have to be a folder, so that this one's can stand in it; a new string, or
 * NULL. */
static char *
result_in_the_way(const Documents *documents, const char *output)
{
    for (const char *p = strstr(output, SUFFIX "/"); p != NULL; p = strstr(p + 1, SUFFIX "/")) {
        g_autofree char *name = g_strndup(output, (gsize)(p - output) + strlen(SUFFIX));
        if (is_result(documents, name)) {
            return g_steal_pointer(&name);
        }
    }
    return NULL;
}

/* Why its result cannot stand where it belongs; a new string, or NULL. */
static char *
misplaced(const Documents *documents, const Document *document, const char *const *reserved)
{
    g_autofree char *output = document->kind == DOCUMENT_CONTAINER
                                  ? g_strconcat(document->path, "/", NULL)
                                  : document_output(document);
    g_autofree char *first = g_strndup(output, strcspn(output, "/"));
    const char *slash = strrchr(output, '/');
    if (strlen(slash != NULL ? slash + 1 : output) > NAME_MOST) {
        return g_strdup("its name is too long for a result to be called after it");
    }
    if (reserved != NULL && g_strv_contains(reserved, first)) {
        return g_strdup("its result would stand where the batch keeps its own files");
    }
    g_autofree char *other = result_in_the_way(documents, output);
    if (other == NULL) {
        return NULL;
    }
    g_autofree char *shown = g_filename_display_name(other);
    return g_strdup_printf("its result would stand in a folder called as the result %s", shown);
}

void
documents_settle(Documents *documents, const char *const *reserved)
{
    g_array_sort(documents->documents, compare_documents);
    drop_doubles(documents);
    g_hash_table_remove_all(documents->beside);
    g_autoptr(GPtrArray) refused = g_ptr_array_new();
    for (guint i = 0; i < documents->documents->len; i++) {
        Document *document = document_at(documents, i);
        g_autofree char *why =
            has_result(document) ? misplaced(documents, document, reserved) : NULL;
        if (why != NULL) {
            document->why = g_string_chunk_insert(documents->strings, why);
            g_ptr_array_add(refused, document);
        }
    }
    for (guint i = 0; i < refused->len; i++) { /* only now: what is in the way stays there */
        ((Document *)g_ptr_array_index(refused, i))->kind = DOCUMENT_UNREADABLE;
    }
    memset(documents->counts, 0, sizeof documents->counts);
    for (guint i = 0; i < documents->documents->len; i++) {
        documents->counts[document_at(documents, i)->kind]++;
    }
}

/* ---- members ---- */

static gboolean
is_in_hidden(const char *path)
{
    return path[0] == '.' || strstr(path, "/.") != NULL;
}

static Found
found_of_member(Documents *documents, const ContainerList *list, const ContainerMember *member)
{
    const char *slash = strrchr(member->path, '/');
    Found found = {
        .name = g_string_chunk_insert(documents->strings, slash != NULL ? slash + 1 : member->path),
        .stamp = {.size = member->size, .inode = list->inode, .device = list->device},
        .member = member->index,
        .wanted = TRUE};
    found.stamp.mtime = CLAMP(member->mtime, 0, G_MAXINT64 / 1000000000) * 1000000000;
    found.kind = document_kind_of(found.name, documents->with_texts);
    if (is_in_hidden(member->path)) {
        found.kind = DOCUMENT_OTHER;
        found.why = "is hidden";
    } else if (member->refused != NULL) {
        found.kind = DOCUMENT_UNREADABLE;
        found.why = g_string_chunk_insert_const(documents->strings, member->refused);
    } else if (found.kind == DOCUMENT_CONTAINER) {
        found.kind = DOCUMENT_OTHER;
        found.why = "is an archive in an archive: not opened";
    }
    return found;
}

static int
compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

Documents *
documents_in_container(const char *path, const ContainerList *list, gboolean texts)
{
    Documents *documents = documents_new(texts);
    FileStamp stamp = {.inode = list->inode, .device = list->device};
    g_autoptr(GHashTable) folders =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    for (guint i = 0; i < list->members->len; i++) {
        const ContainerMember *member = &g_array_index(list->members, ContainerMember, i);
        const char *slash = strrchr(member->path, '/');
        g_autofree char *within =
            g_strndup(member->path, slash != NULL ? (gsize)(slash - member->path) : 0);
        char *folder = g_strconcat(path, "/", within, NULL);
        GArray *found = g_hash_table_lookup(folders, folder);
        if (found == NULL) {
            found = g_array_new(FALSE, FALSE, sizeof(Found));
            g_hash_table_insert(folders, folder, found);
        } else {
            g_free(folder);
        }
        Found of_member = found_of_member(documents, list, member);
        g_array_append_val(found, of_member);
    }
    guint n = 0;
    g_autofree char **paths = (char **)g_hash_table_get_keys_as_array(folders, &n);
    qsort(paths, n, sizeof *paths, compare_paths); /* a folder before what is in it */
    for (guint i = 0; i < n; i++) {
        documents_add_folder(documents, paths[i], &stamp, g_hash_table_lookup(folders, paths[i]),
                             FOLDER_ITSELF);
    }
    documents_settle(documents, NULL);
    return documents;
}

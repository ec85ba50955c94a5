/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "documents-build.h"
#include "members.h"
#include "pdf.h"
#include "shard.h"

/* A file of corrections has a line or two for each of them, so this is more than a person makes. */
#define CORRECTIONS_MOST ((goffset)64 << 20)

static const char *const words[N_WHYS] = {"unchanged",     "new",           "changed",
                                          "newer version", "other options", "other libraries",
                                          "failed before", "corrections",   "result missing"};

const char *
why_word(Why why)
{
    return words[why];
}

/* ---- what is the same ---- */

static guint64
hash_file(guint64 hash, const char *name, const FileStamp *stamp)
{
    hash = hash_more(hash, name, strlen(name) + 1);
    hash = hash_number(hash, (guint64)stamp->size); /* devices differ between machines */
    hash = hash_number(hash, (guint64)stamp->mtime);
    hash = hash_number(hash, (guint64)stamp->ctime);
    return hash_number(hash, stamp->inode);
}

FileStamp
plan_stamp(const PlanItem *item)
{
    const Document *d = item->document;
    FileStamp stamp = d->stamp;
    if (d->kind != DOCUMENT_FOLDER && d->n_texts == 0) {
        return stamp;
    }
    guint64 hash = d->kind == DOCUMENT_FOLDER ? HASH_START : hash_file(HASH_START, "", &stamp);
    for (guint i = 0; i < d->n_files; i++) {
        const DocumentFile *f =
            &g_array_index(item->documents->files, DocumentFile, d->first_file + i);
        hash = hash_file(hash, f->name, &f->stamp);
        hash = d->n_texts > 0 ? hash_number(hash, f->text) : hash;
    }
    for (guint i = 0; i < d->n_texts; i++) {
        const DocumentText *t =
            &g_array_index(item->documents->texts, DocumentText, d->first_text + i);
        hash = hash_file(hash, t->path, &t->stamp);
    }
    stamp.inode = hash >> 1; /* SQLite has signed numbers */
    return stamp;
}

static gboolean
same_stamp(const FileStamp *a, const FileStamp *b)
{
    return a->size == b->size && a->mtime == b->mtime && a->ctime == b->ctime &&
           a->inode == b->inode;
}

/* ---- corrections ---- */

/* Where those of a document are: "a/b.pdf.corrections.xml" for the result "a/b.pdf.xml", as the
 * review page calls what it exports. */
static char *
corrections_path(const char *output, const PlanOptions *options)
{
    const char *folder = options->corrections != NULL ? options->corrections : options->archive;
    g_autofree char *stem = g_strndup(output, strlen(output) - strlen(".xml"));
    return g_strdup_printf("%s/%s.corrections.xml", folder, stem);
}

/* Few documents have any, and their hash is taken each time. FALSE with *ret_why where there are
 * some that cannot be read; *ret_hash is NULL where there are none. */
static gboolean
corrections_hash(const char *path, char **ret_hash, char **ret_why)
{
    GStatBuf st;
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    gsize size = 0;
    *ret_hash = *ret_why = NULL;
    if (g_stat(path, &st) != 0) {
        if (errno != ENOENT && errno != ENOTDIR) {
            *ret_why = g_strdup(g_strerror(errno));
        }
    } else if (!S_ISREG(st.st_mode)) {
        *ret_why = g_strdup("no file");
    } else if (st.st_size > CORRECTIONS_MOST) {
        *ret_why = g_strdup("too large");
    } else if (!g_file_get_contents(path, &bytes, &size, &error)) {
        *ret_why = g_strdup(error->message);
    } else {
        *ret_hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
    }
    return *ret_why == NULL;
}

/* FALSE: there are some that cannot be read, and the document is not to be read without them. */
static gboolean
find_corrections(PlanItem *item, Plan *plan, const PlanOptions *options)
{
    g_autofree char *output = document_output(item->document);
    g_autofree char *path = corrections_path(output, options);
    g_autofree char *hash = NULL;
    g_autofree char *why = NULL;
    if (!corrections_hash(path, &hash, &why)) {
        g_autofree char *line = g_strdup_printf("its corrections cannot be read: %s", why);
        item->why_not = g_string_chunk_insert(plan->documents->strings, line);
        item->is = OUTCOME_DAMAGED;
        return FALSE;
    }
    if (hash != NULL) {
        item->corrections = g_string_chunk_insert(plan->documents->strings, path);
        item->corrections_sha256 = g_string_chunk_insert(plan->documents->strings, hash);
    }
    return TRUE;
}

static gboolean
is_hash_of(const guint8 *bytes, const char *hex)
{
    guint8 any = 0;
    for (guint i = 0; i < 32; i++) {
        const char *two = hex != NULL ? hex + (gsize)2 * i : "00";
        guint8 byte = (guint8)(g_ascii_xdigit_value(two[0]) << 4 | g_ascii_xdigit_value(two[1]));
        any |= bytes[i] ^ byte;
    }
    return any == 0;
}

gboolean
plan_same_corrections(const PlanItem *item)
{
    return item->known != NULL && is_hash_of(item->known->corrections, item->corrections_sha256);
}

/* ---- why ---- */

static Why
why_making(Catalogue *catalogue, const PlanItem *item, const PlanOptions *options)
{
    Making other;
    gint64 before = item->known->making;
    if (before == makings_id(options->makings, item->document)) {
        return WHY_NOT;
    }
    const Making *now = makings_of(options->makings, item->document);
    catalogue_making_of(catalogue, before, &other);
    Why why = strcmp(other.version, now->version) != 0   ? WHY_VERSION
              : strcmp(other.options, now->options) != 0 ? WHY_OPTIONS
                                                         : WHY_LIBRARIES;
    making_clear(&other);
    return why;
}

static Why
why_of(const PlanItem *item, Catalogue *catalogue, const PlanOptions *options)
{
    const Known *known = item->known;
    if (known == NULL) {
        return WHY_NEW;
    }
    FileStamp stamp = plan_stamp(item);
    if (options->rehash || !same_stamp(&known->stamp, &stamp)) {
        return WHY_CHANGED;
    }
    Why why = why_making(catalogue, item, options);
    if (why != WHY_NOT) {
        return why;
    }
    if (!plan_same_corrections(item)) {
        return WHY_CORRECTIONS;
    }
    if (!outcome_is_good((Outcome)known->outcome) && options->retry_failed) {
        return WHY_FAILED;
    }
    g_autofree char *output = document_output(item->document);
    return known->result && !options->result_is_there(output, known, options->user_data) ? WHY_LOST
                                                                                         : WHY_NOT;
}

/* ---- the plan ---- */

static gboolean
is_mine(const char *path, const PlanOptions *options)
{
    return shard_of(path, options->shards) == options->shard;
}

typedef struct {
    Plan *plan;
    GHashTable *known, *seen;
    Catalogue *catalogue;
    PlanOptions *options;
    GError *failed; /* of the machine, or NULL */
} Planning;

static const char *
base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Whether a document may be lost with what cannot be read: one by its name, a folder of images, or
 * a folder that cannot be looked into. A link that leads nowhere, or a member that must not be
 * read, is no loss if it has another name. */
static gboolean
may_be_document(const PlanItem *item)
{
    const Document *document = item->document;
    return document->kind == DOCUMENT_UNREADABLE &&
           (document_kind_of(base_of(document->path), item->documents->with_texts) !=
                DOCUMENT_OTHER ||
            document->n_files > 0 || document->stamp.inode == 0);
}

/* What is left alone: named, or if it may be a document, entered. */
static void
add_other(Planning *m, PlanItem item)
{
    const Document *document = item.document;
    const ContainerMember *member =
        item.list != NULL ? container_member(item.list, document->member) : NULL;
    item.is = member != NULL && member->locked ? OUTCOME_ENCRYPTED : OUTCOME_DAMAGED;
    item.why_not = document->why;
    if (!may_be_document(&item)) {
        g_array_append_val(m->plan->others, item);
        return;
    }
    if (document->stamp.inode == 0) {
        g_ptr_array_add(m->plan->dark, (gpointer)(gsize)document->path);
    }
    if (!is_mine(document->path, m->options)) {
        return;
    }
    item.known = g_hash_table_lookup(m->known, document->path);
    item.id = item.known != NULL ? item.known->id : m->options->next_id++;
    if (item.known != NULL) {
        g_hash_table_add(m->seen, item.known);
    }
    g_array_append_val(m->plan->lost, item);
}

static void
add_document(Plan *plan, PlanItem item, GHashTable *known, GHashTable *seen, Catalogue *catalogue,
             PlanOptions *options)
{
    const char *path = item.document->path;
    if (!is_mine(path, options)) {
        return;
    }
    item.known = g_hash_table_lookup(known, path);
    if (item.known != NULL) {
        g_hash_table_add(seen, item.known);
    }
    if (!find_corrections(&item, plan, options)) {
        item.id = item.known != NULL ? item.known->id : options->next_id++;
        g_array_append_val(plan->lost, item);
        return;
    }
    item.why = why_of(&item, catalogue, options);
    if (item.why == WHY_NOT && item.known != NULL) {
        plan->unchanged++;
        plan->failed_before += !outcome_is_good((Outcome)item.known->outcome);
        if (item.known->gone) {
            g_ptr_array_add(plan->returned, item.known);
        }
        return;
    }
    item.id = item.known != NULL ? item.known->id : options->next_id++;
    g_array_append_val(plan->items, item);
}

/* Largest first; members stay in the order of their archive, behind the others. */
static int
compare_items(gconstpointer a, gconstpointer b)
{
    const PlanItem *p = a, *q = b;
    if ((p->list != NULL) != (q->list != NULL)) {
        return p->list != NULL ? 1 : -1;
    }
    if (p->list == NULL && p->document->stamp.size != q->document->stamp.size) {
        return p->document->stamp.size > q->document->stamp.size ? -1 : 1;
    }
    return p->id < q->id ? -1 : p->id > q->id;
}

static gboolean
is_of(const char *path, const char *container)
{
    gsize n = strlen(container);
    return strncmp(path, container, n) == 0 && path[n] == '/';
}

/* All that is known of an archive file that has not changed. */
static void
see_members(Planning *m, const char *container)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, m->known);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Known *k = value;
        if (k->member && is_of(k->path, container) && !k->gone) {
            g_hash_table_add(m->seen, k);
            m->plan->unchanged++;
            m->plan->failed_before += !outcome_is_good((Outcome)k->outcome);
        }
    }
}

/* Is there anything to do to what is known of it? */
static gboolean
members_are_done(const Planning *m, const char *container)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, m->known);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Known *k = value;
        if (!k->member || !is_of(k->path, container) || k->gone) {
            continue;
        }
        const Document document = {.path = k->path,
                                   .kind = k->folder ? DOCUMENT_FOLDER : DOCUMENT_PDF};
        g_autofree char *output = document_output(&document);
        g_autofree char *corrections = corrections_path(output, m->options);
        g_autofree char *hash = NULL;
        g_autofree char *why = NULL;
        if (!corrections_hash(corrections, &hash, &why) || !is_hash_of(k->corrections, hash) ||
            !makings_has(m->options->makings, k->making) ||
            (m->options->retry_failed && !outcome_is_good((Outcome)k->outcome)) ||
            (k->result && !m->options->result_is_there(output, k, m->options->user_data))) {
            return FALSE;
        }
    }
    return TRUE;
}

/* The documents of an archive file, and what is wrong with it. */
static void
open_container(Planning *m, PlanItem *container)
{
    const Document *document = container->document;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(m->options->archive, document->path, NULL);
    const ContainerOptions limits = members_options();
    ContainerList *list = container_list(path, &limits, &error);
    if (list == NULL && error->domain == G_FILE_ERROR) {
        m->failed = g_steal_pointer(&error);
        return;
    }
    if (list == NULL) {
        container->why_not = g_string_chunk_insert(m->plan->documents->strings, error->message);
        container->is = g_error_matches(error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED)
                            ? OUTCOME_ENCRYPTED
                            : OUTCOME_DAMAGED;
        return;
    }
    container->why_not = list->damaged;
    container->is = list->damaged != NULL ? OUTCOME_DAMAGED : OUTCOME_OK;
    Documents *inner = documents_in_container(document->path, list, m->plan->documents->with_texts);
    g_ptr_array_add(m->plan->lists, list);
    g_ptr_array_add(m->plan->inner, inner);
    for (guint i = 0; i < inner->documents->len; i++) {
        const Document *d = &g_array_index(inner->documents, Document, i);
        PlanItem item = {
            .document = d, .documents = inner, .list = list, .container = document->path};
        if (d->kind <= DOCUMENT_FOLDER) {
            add_document(m->plan, item, m->known, m->seen, m->catalogue, m->options);
        } else {
            add_other(m, item);
        }
    }
}

static void
take_container(Planning *m, const Document *document)
{
    Known *known = g_hash_table_lookup(m->known, document->path);
    if (known != NULL) {
        g_hash_table_add(m->seen, known);
    }
    if (known != NULL && !m->options->rehash && same_stamp(&known->stamp, &document->stamp) &&
        known->making == makings_id(m->options->makings, document) &&
        !(m->options->retry_failed && !outcome_is_good((Outcome)known->outcome)) &&
        members_are_done(m, document->path)) {
        see_members(m, document->path);
        m->plan->failed_before += !outcome_is_good((Outcome)known->outcome);
        return;
    }
    PlanItem item = {.document = document,
                     .documents = m->plan->documents,
                     .known = known,
                     .id = known != NULL ? known->id : m->options->next_id++};
    open_container(m, &item);
    if (item.why_not != NULL) {
        g_ptr_array_add(m->plan->dark, (gpointer)(gsize)document->path);
    }
    g_array_append_val(m->plan->containers, item);
}

/* Nobody has seen that it is gone. */
static gboolean
is_in_the_dark(const Plan *plan, const char *path)
{
    for (guint i = 0; i < plan->dark->len; i++) {
        const char *folder = g_ptr_array_index(plan->dark, i);
        if (*folder == '\0' || is_of(path, folder)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void
find_gone(Planning *m)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, m->known);
    while (!m->options->partly && g_hash_table_iter_next(&iter, NULL, &value)) {
        Known *k = value;
        if (!k->gone && is_mine(k->path, m->options) && !g_hash_table_contains(m->seen, k) &&
            !is_in_the_dark(m->plan, k->path)) {
            g_ptr_array_add(m->plan->gone, k);
        }
    }
}

Plan *
plan_make(Documents *documents, GHashTable *known, Catalogue *catalogue, PlanOptions *options,
          GError **error)
{
    g_autoptr(Plan) plan = g_new0(Plan, 1);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    Planning m = {plan, known, seen, catalogue, options, NULL};
    plan->items = g_array_new(FALSE, FALSE, sizeof(PlanItem));
    plan->others = g_array_new(FALSE, FALSE, sizeof(PlanItem));
    plan->containers = g_array_new(FALSE, FALSE, sizeof(PlanItem));
    plan->lost = g_array_new(FALSE, FALSE, sizeof(PlanItem));
    plan->dark = g_ptr_array_new();
    plan->gone = g_ptr_array_new();
    plan->returned = g_ptr_array_new();
    plan->lists = g_ptr_array_new_with_free_func((GDestroyNotify)container_list_free);
    plan->inner = g_ptr_array_new_with_free_func((GDestroyNotify)documents_free);
    plan->documents = documents;
    for (guint i = 0; i < documents->documents->len && m.failed == NULL; i++) {
        const Document *d = &g_array_index(documents->documents, Document, i);
        PlanItem item = {.document = d, .documents = documents};
        if (d->kind == DOCUMENT_CONTAINER) {
            take_container(&m, d);
        } else if (d->kind <= DOCUMENT_FOLDER) {
            add_document(plan, item, known, seen, catalogue, options);
        } else {
            add_other(&m, item);
        }
    }
    if (m.failed != NULL) {
        g_propagate_error(error, m.failed);
        return NULL;
    }
    find_gone(&m);
    g_array_sort(plan->items, compare_items);
    return g_steal_pointer(&plan);
}

void
plan_free(Plan *plan)
{
    if (plan == NULL) {
        return;
    }
    g_array_unref(plan->items);
    g_array_unref(plan->others);
    g_array_unref(plan->containers);
    g_array_unref(plan->lost);
    g_ptr_array_unref(plan->dark);
    g_ptr_array_unref(plan->gone);
    g_ptr_array_unref(plan->returned);
    g_ptr_array_unref(plan->inner);
    g_ptr_array_unref(plan->lists);
    documents_free(plan->documents);
    g_free(plan);
}

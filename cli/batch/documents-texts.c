/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-texts.h"

#include <string.h>

#define SUFFIX ".txt"
/* What the text of all images of a folder is called in it, as its result is folder.xml. */
#define OF_FOLDER "folder"
/* What may stand between the name of a text and the number of a page. */
#define BETWEEN "-_. "

/* A text that may be that of a folder beside it. */
typedef struct {
    DocumentText text;
    gboolean taken;
} Beside;

gboolean
text_name_is_one(const char *name)
{
    gsize n = strlen(name);
    return n > strlen(SUFFIX) && g_ascii_strcasecmp(name + n - strlen(SUFFIX), SUFFIX) == 0;
}

/* A name without its suffix; a new string. */
static char *
stem_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && dot > name ? g_strndup(name, (gsize)(dot - name)) : g_strdup(name);
}

/* A stem without the number of a page at its end, and one character before; NULL: it has none. */
static char *
without_number(const char *stem)
{
    gsize n = strlen(stem), end = n;
    while (end > 0 && g_ascii_isdigit(stem[end - 1])) {
        end--;
    }
    gboolean numbered = end < n;
    end -= end > 1 && strchr(BETWEEN, stem[end - 1]) != NULL;
    return numbered && end > 0 ? g_strndup(stem, end) : NULL;
}

static Found *
found_at(const GArray *found, guint i)
{
    return &g_array_index(found, Found, i);
}

/* ---- texts of PDFs ---- */

static void
leave_extracts(GArray *found)
{
    g_autoptr(GHashTable) pdfs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < found->len; i++) {
        const char *name = found_at(found, i)->name;
        if (name[0] != '.' && document_kind_of(name, FALSE) == DOCUMENT_PDF) {
            g_hash_table_add(pdfs, stem_of(name));
            g_hash_table_add(pdfs, g_strdup(name));
        }
    }
    for (guint i = 0; i < found->len; i++) {
        Found *f = found_at(found, i);
        g_autofree char *stem = stem_of(f->name);
        if (f->kind == DOCUMENT_TEXT && g_hash_table_contains(pdfs, stem)) {
            f->kind = DOCUMENT_OTHER;
        }
    }
}

/* ---- texts of images ---- */

typedef struct {
    FolderTexts *texts;
    const Documents *documents;
    const char *folder;
    GArray *found;
    GHashTable *by_stem; /* char * → the index of a text, + 1 */
} Pairing;

/* The index of the text of this name, + 1; 0: none. */
static guint
text_called(const Pairing *p, const char *stem)
{
    return stem != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(p->by_stem, stem)) : 0;
}

static char *
path_of(const Pairing *p, const Found *f)
{
    g_autofree char *path = documents_path_in(p->folder, f->name);
    return g_string_chunk_insert(p->documents->strings, path);
}

/* The image gets the text of this index, + 1. */
static void
pair(Pairing *p, guint image, guint text)
{
    const Found *f = found_at(p->found, text - 1);
    const DocumentText **of = &p->texts->of[text - 1]; /* a text has none itself: kept there */
    if (*of == NULL) {
        DocumentText *new = g_new0(DocumentText, 1);
        *new = (DocumentText){path_of(p, f), f->stamp, f->member};
        g_ptr_array_add(p->texts->texts, new);
        *of = new;
    }
    p->texts->of[image] = *of;
    p->texts->paired[text - 1] = TRUE;
    found_at(p->found, image)->wanted |= f->wanted;
}

/* By their names; how many. numbered: one text can have several images, which are of one document.
 */
static guint
pair_by_name(Pairing *p, gboolean numbered)
{
    guint n = 0;
    for (guint i = 0; i < p->found->len; i++) {
        const Found *f = found_at(p->found, i);
        g_autofree char *stem = stem_of(f->name);
        g_autofree char *many = numbered ? without_number(stem) : NULL;
        guint text = text_called(p, f->name);
        text = text > 0 ? text : text_called(p, stem);
        text = text > 0 ? text : text_called(p, many);
        gboolean taken = text > 0 && !numbered && p->texts->paired[text - 1];
        if (f->kind == DOCUMENT_IMAGE && text > 0 && !taken) {
            pair(p, i, text);
            n++;
        }
    }
    return n;
}

/* All images get the text that is called as the folder. */
static void
pair_all(Pairing *p)
{
    guint text = text_called(p, OF_FOLDER);
    Beside *beside = text == 0 ? g_hash_table_lookup(p->documents->beside, p->folder) : NULL;
    for (guint i = 0; i < p->found->len; i++) {
        if (found_at(p->found, i)->kind != DOCUMENT_IMAGE) {
            continue;
        }
        if (text > 0) {
            pair(p, i, text);
        } else if (beside != NULL) {
            beside->taken = TRUE;
            p->texts->beside = TRUE;
            p->texts->of[i] = &beside->text;
        }
    }
}

/* Texts without images may be those of folders beside them. */
static void
remember_rest(const Pairing *p)
{
    for (guint i = 0; i < p->found->len; i++) {
        const Found *f = found_at(p->found, i);
        if (f->kind == DOCUMENT_TEXT && !p->texts->paired[i]) {
            Beside *beside = g_new0(Beside, 1);
            beside->text = (DocumentText){path_of(p, f), f->stamp, f->member};
            g_hash_table_insert(p->documents->beside, stem_of(beside->text.path), beside);
        }
    }
}

FolderTexts *
folder_texts_find(Documents *documents, const char *folder, GArray *found, gboolean one)
{
    FolderTexts *texts = g_new0(FolderTexts, 1);
    texts->of = g_new0(const DocumentText *, (gsize)found->len + 1);
    texts->paired = g_new0(gboolean, (gsize)found->len + 1);
    texts->texts = g_ptr_array_new_with_free_func(g_free);
    if (!documents->with_texts) {
        return texts;
    }
    leave_extracts(found);
    g_autoptr(GHashTable) by_stem = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = found->len; i > 0; i--) { /* of two the first */
        const Found *f = found_at(found, i - 1);
        if (f->kind == DOCUMENT_TEXT) {
            g_hash_table_replace(by_stem, stem_of(f->name), GUINT_TO_POINTER(i));
        }
    }
    Pairing p = {texts, documents, folder, found, by_stem};
    if (pair_by_name(&p, one) == 0 && one) {
        pair_all(&p);
    }
    remember_rest(&p);
    return texts;
}

void
folder_texts_free(FolderTexts *texts)
{
    if (texts != NULL) {
        g_free(texts->of);
        g_free(texts->paired);
        g_ptr_array_unref(texts->texts);
        g_free(texts);
    }
}

GHashTable *
texts_beside_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

gboolean
texts_beside_is_taken(const Documents *documents, const char *path)
{
    g_autofree char *stem = stem_of(path);
    const Beside *beside = g_hash_table_lookup(documents->beside, stem);
    return beside != NULL && beside->taken && strcmp(beside->text.path, path) == 0;
}

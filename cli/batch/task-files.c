/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "task-files.h"

#include "given-texts.h"

static void
add_image(Task *task, char *path, guint32 text)
{
    g_ptr_array_add(task->images, path);
    g_array_append_val(task->text_of, text);
}

static void
add_images(Task *task, const PlanItem *item, FilePlace place, gconstpointer user_data)
{
    const Document *d = item->document;
    for (guint i = 0; i < d->n_files; i++) {
        const DocumentFile *f =
            &g_array_index(item->documents->files, DocumentFile, d->first_file + i);
        g_autofree char *path = g_build_filename(d->path, f->name, NULL);
        guint32 text = f->text == DOCUMENT_NO_TEXT ? GIVEN_NO_TEXT : f->text;
        add_image(task, place(user_data, item, path, f->member), text);
    }
    if (d->kind == DOCUMENT_IMAGE) {
        add_image(task, place(user_data, item, d->path, d->member),
                  d->n_texts > 0 ? 0 : GIVEN_NO_TEXT);
    }
}

void
task_files_fill(Task *task, const PlanItem *item, FilePlace place, gconstpointer user_data)
{
    const Document *d = item->document;
    task->folder = d->kind == DOCUMENT_FOLDER;
    task->images = g_ptr_array_new_with_free_func(g_free);
    task->text_of = g_array_new(FALSE, FALSE, sizeof(guint32));
    add_images(task, item, place, user_data);
    if (d->kind != DOCUMENT_TEXT && d->n_texts == 0) {
        return;
    }
    task->texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < d->n_texts; i++) {
        const DocumentText *t =
            &g_array_index(item->documents->texts, DocumentText, d->first_text + i);
        g_ptr_array_add(task->texts, place(user_data, item, t->path, t->member));
    }
    if (d->kind == DOCUMENT_TEXT) {
        g_ptr_array_add(task->texts, place(user_data, item, d->path, d->member));
    }
}

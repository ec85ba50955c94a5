/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "accept.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

/* The class of the first row is a document's worst: classes in the order of their weight. */
#define FORMER                                                                                     \
    "SELECT d.id, d.path, d.kind, (SELECT c.class FROM changes c WHERE c.document = d.id "         \
    "ORDER BY CASE c.class WHEN 'digits' THEN 0 WHEN 'lost' THEN 1 WHEN 'gained' THEN 2 "          \
    "WHEN 'text' THEN 3 WHEN 'order' THEN 4 WHEN 'structure' THEN 5 "                              \
    "WHEN 'normalisation' THEN 6 ELSE 7 END LIMIT 1) FROM documents d WHERE d.former"

typedef struct {
    gint64 id;
    char *output;
} Former;

static char *
output_of_row(const char *path, const char *kind)
{
    const Document document = {
        .path = path, .kind = g_strcmp0(kind, "folder") == 0 ? DOCUMENT_FOLDER : DOCUMENT_PDF};
    return document_output(&document);
}

typedef struct {
    const char *change;
    char *const *paths;
    GArray *chosen; /* Former */
} Choice;

static void
former_clear(gpointer data)
{
    g_free(((Former *)data)->output);
}

static void
choose(const char *const *values, guint n, gpointer user_data)
{
    Choice *choice = user_data;
    (void)n;
    if (choice->change != NULL && g_strcmp0(choice->change, values[3]) != 0) {
        return;
    }
    if (choice->paths != NULL && !g_strv_contains((const char *const *)choice->paths, values[1])) {
        return;
    }
    Former former = {g_ascii_strtoll(values[0], NULL, 10), output_of_row(values[1], values[2])};
    g_array_append_val(choice->chosen, former);
}

static void
note(const char *const *values, guint n, gpointer user_data)
{
    (void)values;
    (void)n;
    *(gboolean *)user_data = TRUE;
}

/* A path that was mistyped shall not look as if there were nothing to accept. */
static gboolean
all_are_known(Catalogue *catalogue, char *const *paths, GError **error)
{
    for (guint i = 0; paths != NULL && paths[i] != NULL; i++) {
        gboolean found = FALSE;
        if (!catalogue_query(catalogue, "SELECT 1 FROM documents WHERE path = ?1", paths[i], note,
                             &found, error)) {
            return FALSE;
        }
        if (!found) {
            g_autofree char *name = g_filename_display_name(paths[i]);
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        "--accept: there is no document '%s'", name);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
accept_changes(Catalogue *catalogue, Results *results, const char *change, char *const *paths,
               guint *ret_count, GError **error)
{
    g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(Former));
    g_array_set_clear_func(chosen, former_clear);
    Choice choice = {change, paths, chosen};
    gboolean ok = all_are_known(catalogue, paths, error) &&
                  catalogue_query(catalogue, FORMER, NULL, choose, &choice, error);
    for (guint i = 0; i < chosen->len && ok;
         i++) { /* first: what is left over would be taken for another */
        g_autofree char *path = results_former(results, g_array_index(chosen, Former, i).output);
        ok = g_unlink(path) == 0 || errno == ENOENT;
        if (!ok) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", path,
                        g_strerror(errno));
        }
    }
    ok = ok && catalogue_begin(catalogue, error);
    for (guint i = 0; i < chosen->len && ok; i++) {
        ok = catalogue_accept(catalogue, g_array_index(chosen, Former, i).id, error);
    }
    ok = ok && catalogue_commit(catalogue, error);
    *ret_count = ok ? chosen->len : 0;
    return ok;
}

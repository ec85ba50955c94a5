/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "corrections.h"

#include <string.h>

#include <glib/gstdio.h>

#include "xml-nodes.h"

#define NAMESPACE "urn:yomijun:corrections:1"
/* A file is at most so large, bytes. */
#define FILE_MOST (64 << 20)

static void
correction_clear(gpointer data)
{
    Correction *c = data;
    g_free(c->state);
    g_free(c->old);
    g_free(c->new);
}

void
corrections_free(Corrections *corrections)
{
    if (corrections != NULL) {
        g_array_unref(corrections->list);
        g_free(corrections->sha256);
        g_free(corrections);
    }
}

const char *
correction_why_not(const Correction *correction)
{
    switch (correction->fit) {
    case FIT_APPLIED:
    case FIT_ALREADY:
        return NULL;
    case FIT_AGAIN:
        return "marked to be looked at again";
    case FIT_PLACE:
        return "text for a place that has none: to be put in by hand";
    case FIT_NOT:
    default:
        return "there is no such text at its place";
    }
}

/* ---- reading ---- */

/* What is one line to who reads it. */
static char *
line_of(const xmlNode *node, const char *name)
{
    char *text = xml_node_child_text(node, name);
    return text != NULL ? g_strdelimit(text, "\r\n\t", ' ') : NULL;
}

/* Decisions without a new text change nothing. */
static void
take(Corrections *corrections, const xmlNode *node)
{
    g_autofree char *page = xml_node_attribute(node, "page");
    Rect box;
    g_autofree char *kind = xml_node_attribute(node, "kind");
    g_autofree char *new = line_of(node, "new");
    if (new == NULL || page == NULL || !xml_node_box(node, &box)) {
        return;
    }
    g_array_set_size(corrections->list, corrections->list->len + 1);
    Correction *c = &g_array_index(corrections->list, Correction, corrections->list->len - 1);
    c->page = (guint32)MIN(g_ascii_strtoull(page, NULL, 10), G_MAXUINT32);
    c->box = box;
    c->state = xml_node_attribute(node, "state");
    c->old = line_of(node, "old");
    c->new = g_steal_pointer(&new);
    c->fit = g_strcmp0(c->state, "again") == 0 ? FIT_AGAIN : kind != NULL ? FIT_PLACE : FIT_NOT;
}

Corrections *
corrections_read(const char *path, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize size = 0;
    GStatBuf status;
    gboolean readable = g_stat(path, &status) != 0 || /* which reading says better */
                        (S_ISREG(status.st_mode) && status.st_size <= FILE_MOST);
    if (!readable) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "is no regular file of at most %d MiB, as corrections are", FILE_MOST >> 20);
        return NULL;
    }
    if (!g_file_get_contents(path, &bytes, &size, error)) {
        return NULL;
    }
    const char *why = NULL;
    xmlDocPtr doc = xml_read(bytes, size, &why);
    const xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    if (root == NULL || !xml_node_is(root, NAMESPACE, "corrections")) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "is no file of corrections as the review page exports them%s%s",
                    why != NULL ? ": " : "", why != NULL ? why : "");
        xmlFreeDoc(doc);
        return NULL;
    }
    Corrections *corrections = g_new0(Corrections, 1);
    corrections->list = g_array_new(FALSE, TRUE, sizeof(Correction));
    g_array_set_clear_func(corrections->list, correction_clear);
    corrections->sha256 =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
    for (const xmlNode *node = root->children; node != NULL; node = node->next) {
        if (xml_node_is(node, NAMESPACE, "correction")) {
            take(corrections, node);
        }
    }
    xmlFreeDoc(doc);
    return corrections;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "corrections.h"

#include <string.h>

#include <libxml/parser.h>

#define NAMESPACE "urn:yomijun:corrections:1"
/* A file is at most so large, bytes. */
#define FILE_MOST (64u << 20)

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

static gboolean
is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0 &&
           node->ns != NULL && strcmp((const char *)node->ns->href, NAMESPACE) == 0;
}

static char *
attribute(const xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    char *copy = g_strdup((const char *)value);
    xmlFree(value);
    return copy;
}

/* The text of the first child of that name; NULL if there is none. */
static char *
text_of(const xmlNode *node, const char *name)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (is_element(child, name)) {
            xmlChar *content = xmlNodeGetContent(child);
            char *copy = g_strdup((const char *)content);
            xmlFree(content);
            return g_strdelimit(copy, "\r\n\t", ' ');
        }
    }
    return NULL;
}

static Rect
box_of(const char *text)
{
    double sides[4] = {0};
    char *at = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(sides) && text != NULL; i++) {
        sides[i] = g_ascii_strtod(i == 0 ? text : at, &at);
    }
    return (Rect){sides[0], sides[1], sides[2], sides[3]};
}

/* Decisions without a new text change nothing. */
static void
take(Corrections *corrections, const xmlNode *node)
{
    g_autofree char *page = attribute(node, "page");
    g_autofree char *box = attribute(node, "box");
    g_autofree char *kind = attribute(node, "kind");
    g_autofree char *new = text_of(node, "new");
    if (new == NULL || page == NULL || box == NULL) {
        return;
    }
    g_array_set_size(corrections->list, corrections->list->len + 1);
    Correction *c = &g_array_index(corrections->list, Correction, corrections->list->len - 1);
    c->page = (guint32)MIN(g_ascii_strtoull(page, NULL, 10), G_MAXUINT32);
    c->box = box_of(box);
    c->state = attribute(node, "state");
    c->old = text_of(node, "old");
    c->new = g_steal_pointer(&new);
    c->fit = g_strcmp0(c->state, "again") == 0 ? FIT_AGAIN : kind != NULL ? FIT_PLACE : FIT_NOT;
}

Corrections *
corrections_read(const char *path, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize size = 0;
    if (!g_file_get_contents(path, &bytes, &size, error)) {
        return NULL;
    }
    xmlDocPtr doc = size <= FILE_MOST
                        ? xmlReadMemory(bytes, (int)size, NULL, NULL,
                                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
                        : NULL;
    const xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    if (root == NULL || !is_element(root, "corrections")) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "is no file of corrections as the review page exports them");
        xmlFreeDoc(doc);
        return NULL;
    }
    Corrections *corrections = g_new0(Corrections, 1);
    corrections->list = g_array_new(FALSE, TRUE, sizeof(Correction));
    g_array_set_clear_func(corrections->list, correction_clear);
    corrections->sha256 =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
    for (const xmlNode *node = root->children; node != NULL; node = node->next) {
        if (is_element(node, "correction")) {
            take(corrections, node);
        }
    }
    xmlFreeDoc(doc);
    return corrections;
}

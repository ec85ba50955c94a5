/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xml-nodes.h"

#include <string.h>

gboolean
xml_node_is(const xmlNode *node, const char *namespace_uri, const char *name)
{
    if (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, name) != 0) {
        return FALSE;
    }
    return namespace_uri == NULL ||
           (node->ns != NULL && strcmp((const char *)node->ns->href, namespace_uri) == 0);
}

static char *
taken(xmlChar *text)
{
    char *copy = g_strdup((const char *)text);
    xmlFree(text);
    return copy;
}

char *
xml_node_attribute(const xmlNode *node, const char *name)
{
    return taken(xmlGetNoNsProp(node, (const xmlChar *)name));
}

char *
xml_node_child_text(const xmlNode *node, const char *name)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (xml_node_is(child, NULL, name)) {
            return taken(xmlNodeGetContent(child));
        }
    }
    return NULL;
}

gboolean
xml_node_box(const xmlNode *node, Rect *ret_box)
{
    g_autofree char *box = xml_node_attribute(node, "box");
    double sides[4] = {0};
    char *at = box;
    for (guint i = 0; i < G_N_ELEMENTS(sides) && box != NULL; i++) {
        sides[i] = g_ascii_strtod(at, &at);
    }
    if (box != NULL) {
        *ret_box = (Rect){sides[0], sides[1], sides[2], sides[3]};
    }
    return box != NULL;
}

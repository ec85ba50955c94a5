/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XML nodes: libxml2's tree of documents (one of ours, corrections), and what readers ask of it.
 * Strings are new ones of GLib.
 *
 * Whoever wrote the file may mean harm. So it must have no document type declaration, whose
 * entities could make more of a few bytes than there is memory, and elements that are nested no
 * deeper than XML_DEPTH_MOST, since libxml2 validates and we read by recursion. Ours have neither.
 */
#pragma once

#include <libxml/tree.h>

#include "geometry.h"

#define XML_DEPTH_MOST 256

/* The tree of these bytes, or of a file, for xmlFreeDoc(); nothing is printed. NULL if they are no
 * XML or refused; *ret_why is then the reason to refuse them, or NULL. */
xmlDocPtr xml_read(const char *bytes, gsize size, const char **ret_why);
xmlDocPtr xml_read_file(const char *path, const char **ret_why);

/* Whether it is an element of this name, and, if one is given, of this namespace. */
gboolean xml_node_is(const xmlNode *node, const char *namespace_uri, const char *name);

/* NULL if it has none. */
char *xml_node_attribute(const xmlNode *node, const char *name);

/* The text of the first child element of that name; NULL if there is none. */
char *xml_node_child_text(const xmlNode *node, const char *name);

/* The attribute "box": x0 y0 x1 y1. FALSE, and *ret_box as it was, if it has none. */
gboolean xml_node_box(const xmlNode *node, Rect *ret_box);

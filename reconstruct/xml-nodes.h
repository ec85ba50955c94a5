/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XML nodes: what readers of small documents (a document of ours, corrections) ask of libxml2's
 * tree. Strings are new ones of GLib.
 */
#pragma once

#include <libxml/tree.h>

#include "geometry.h"

/* Whether it is an element of this name, and, if one is given, of this namespace. */
gboolean xml_node_is(const xmlNode *node, const char *namespace_uri, const char *name);

/* NULL if it has none. */
char *xml_node_attribute(const xmlNode *node, const char *name);

/* The text of the first child element of that name; NULL if there is none. */
char *xml_node_child_text(const xmlNode *node, const char *name);

/* The attribute "box": x0 y0 x1 y1. FALSE, and *ret_box as it was, if it has none. */
gboolean xml_node_box(const xmlNode *node, Rect *ret_box);

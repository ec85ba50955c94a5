/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xml-nodes.h"

#include <string.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>

#define OPTIONS                                                                                    \
    (XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_BIG_LINES | XML_PARSE_NOERROR |                  \
     XML_PARSE_NOWARNING)

/* ---- reading ---- */

static void
refuse(xmlParserCtxtPtr parser, const char *why)
{
    *(const char **)parser->_private = why;
    xmlStopParser(parser);
}

static void
refuse_type(void *parser, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name;
    (void)external;
    (void)system;
    refuse(parser, "it has a document type declaration (DOCTYPE)");
}

static void
start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
              int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted,
              const xmlChar **attributes)
{
    xmlParserCtxtPtr parser = context;
    if (parser->nodeNr >= XML_DEPTH_MOST) {
        refuse(parser, "its elements are nested deeper than any document's");
    } else {
        xmlSAX2StartElementNs(parser, name, prefix, uri, n_namespaces, namespaces, n_attributes,
                              n_defaulted, attributes);
    }
}

static xmlParserCtxtPtr
parser_new(const char **ret_why)
{
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    g_assert(parser != NULL); /* as GLib has it, memory never ends */
    *ret_why = NULL;
    parser->_private = (void *)ret_why;
    parser->sax->internalSubset = refuse_type;
    parser->sax->startElementNs = start_element;
    return parser;
}

/* What was read when it was stopped does not count. */
static xmlDocPtr
read_to_its_end(xmlParserCtxtPtr parser, xmlDocPtr document, const char *why)
{
    xmlFreeParserCtxt(parser);
    if (why != NULL) {
        xmlFreeDoc(document);
    }
    return why == NULL ? document : NULL;
}

xmlDocPtr
xml_read(const char *bytes, gsize size, const char **ret_why)
{
    xmlParserCtxtPtr parser = parser_new(ret_why);
    xmlDocPtr document =
        size <= G_MAXINT ? xmlCtxtReadMemory(parser, bytes, (int)size, NULL, NULL, OPTIONS) : NULL;
    return read_to_its_end(parser, document, *ret_why);
}

xmlDocPtr
xml_read_file(const char *path, const char **ret_why)
{
    xmlParserCtxtPtr parser = parser_new(ret_why);
    xmlDocPtr document = xmlCtxtReadFile(parser, path, NULL, OPTIONS);
    return read_to_its_end(parser, document, *ret_why);
}

/* ---- nodes ---- */

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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "validate.h"

#include <libxml/relaxng.h>
#include <stdarg.h>

#include "data-file.h"
#include "xml-nodes.h"

static void
keep_first(void *user_data, xmlErrorPtr why)
{
    char **first = user_data;
    if (*first == NULL && why->message != NULL) {
        *first = g_strdup_printf("line %d: %s", why->line, g_strstrip(why->message));
    }
}

gboolean
validate_file(const char *path, const char *schema, GError **error)
{
    g_autofree char *rng = data_file_path(schema);
    g_autofree char *first = NULL;
    xmlSetStructuredErrorFunc(&first, keep_first);
    xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(rng);
    xmlRelaxNGPtr grammar = parser != NULL ? xmlRelaxNGParse(parser) : NULL;
    xmlRelaxNGValidCtxtPtr valid = grammar != NULL ? xmlRelaxNGNewValidCtxt(grammar) : NULL;
    const char *why = NULL;
    xmlDocPtr doc = xml_read_file(path, &why);
    int result = -1;
    if (valid != NULL && doc != NULL) {
        xmlRelaxNGSetValidStructuredErrors(valid, keep_first, &first);
        result = xmlRelaxNGValidateDoc(valid, doc);
    }
    xmlSetStructuredErrorFunc(NULL, NULL);
    xmlFreeDoc(doc);
    xmlRelaxNGFreeValidCtxt(valid);
    xmlRelaxNGFree(grammar);
    xmlRelaxNGFreeParserCtxt(parser);
    if (result != 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "is not valid against %s: %s", schema,
                    why != NULL       ? why
                    : first != NULL   ? first
                    : grammar == NULL ? "the schema cannot be read"
                                      : "no reason given");
        return FALSE;
    }
    return TRUE;
}

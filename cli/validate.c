/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "validate.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <stdarg.h>

/* In share/ beside the program's folder wherever that was put, where it was to be installed, or in
 * the tree it was built from. */
static char *
schema_path(const char *schema)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = program != NULL ? g_path_get_dirname(program) : g_strdup(".");
    g_autofree char *beside = g_build_filename(folder, "..", "share", "yomijun", schema, NULL);
    g_autofree char *installed = g_build_filename(YOMIJUN_DATADIR, schema, NULL);
    char **places[] = {&beside, &installed};
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        if (g_file_test(*places[i], G_FILE_TEST_EXISTS)) {
            return g_steal_pointer(places[i]);
        }
    }
    g_autofree char *verify = g_build_filename(YOMIJUN_SOURCEDIR, "verify", schema, NULL);
    return g_file_test(verify, G_FILE_TEST_EXISTS)
               ? g_steal_pointer(&verify)
               : g_build_filename(YOMIJUN_SOURCEDIR, "reconstruct", schema, NULL);
}

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
    g_autofree char *rng = schema_path(schema);
    g_autofree char *first = NULL;
    xmlSetStructuredErrorFunc(&first, keep_first);
    xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(rng);
    xmlRelaxNGPtr grammar = parser != NULL ? xmlRelaxNGParse(parser) : NULL;
    xmlRelaxNGValidCtxtPtr valid = grammar != NULL ? xmlRelaxNGNewValidCtxt(grammar) : NULL;
    xmlDocPtr doc = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_BIG_LINES);
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
                    first != NULL     ? first
                    : grammar == NULL ? "the schema cannot be read"
                                      : "no reason given");
        return FALSE;
    }
    return TRUE;
}

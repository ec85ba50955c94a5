/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libxml/tree.h>
#include <string.h>

#include "xml-nodes.h"

/* What is said against it; "" if it is only no XML, NULL if it is read. */
static const char *
refused(const char *text)
{
    const char *why = NULL;
    xmlDocPtr document = xml_read(text, strlen(text), &why);
    gboolean read = document != NULL;
    xmlFreeDoc(document);
    g_assert_true(!read || why == NULL);
    return read ? NULL : why != NULL ? why : "";
}

static char *
nested(guint depth)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < depth; i++) {
        g_string_append(text, "<u>");
    }
    for (guint i = 0; i < depth; i++) {
        g_string_append(text, "</u>");
    }
    return g_string_free(text, FALSE);
}

/* Read, its attribute would have ten thousand million characters. */
static void
test_entities_are_refused(void)
{
    g_autoptr(GString) text = g_string_new("<!DOCTYPE a [<!ENTITY e0 \"aaaaaaaaaa\">");
    for (guint i = 1; i < 10; i++) {
        g_string_append_printf(text, "<!ENTITY e%u \"", i);
        for (guint k = 0; k < 10; k++) {
            g_string_append_printf(text, "&e%u;", i - 1);
        }
        g_string_append(text, "\">");
    }
    g_string_append(text, "]><a name=\"&e9;\"/>");
    g_assert_nonnull(strstr(refused(text->str), "DOCTYPE"));
}

static void
test_deep_nesting_is_refused(void)
{
    g_autofree char *most = nested(XML_DEPTH_MOST), *more = nested(XML_DEPTH_MOST + 1);
    g_autofree char *far_more = nested(200000);
    g_assert_null(refused(most));
    g_assert_nonnull(strstr(refused(more), "nested"));
    g_assert_nonnull(strstr(refused(far_more), "nested"));
}

static void
test_what_is_no_xml_is_not_read(void)
{
    g_assert_cmpstr(refused(""), ==, "");
    g_assert_cmpstr(refused("<a>"), ==, "");
    g_assert_null(refused("<a/>"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xml-nodes/entities", test_entities_are_refused);
    g_test_add_func("/xml-nodes/nesting", test_deep_nesting_is_refused);
    g_test_add_func("/xml-nodes/no-xml", test_what_is_no_xml_is_not_read);
    return g_test_run();
}

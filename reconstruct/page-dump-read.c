/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading of page dumps: libxml2's reader goes from tag to tag, and the tables of
 * page-dump-elements.h say what each attribute is.
 */
#include "page-dump.h"

#include "page-dump-elements.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <libxml/xmlreader.h>
#include <string.h>

/* libxml2 keeps the line of an element in 16 bits. */
#define NODE_LINE_MAX 65535

struct PageDump {
    xmlTextReader *reader;
    FILE *in;
    FILE *owned; /* `in` if it is ours to close */
    char *name;
    char *problem;  /* libxml2's first error, with its line */
    guint32 last;   /* the number of the page read last */
    gboolean begun; /* the root's start tag was read */
    gboolean ended; /* all of the file was read */
};

/* What the reader came to, comments and white space passed over. */
typedef enum {
    STEP_START, /* of an element, maybe an empty one */
    STEP_END,   /* of an element that is not empty */
    STEP_DONE,  /* of the file */
    STEP_FAILED,
} Step;

GQuark
page_dump_error_quark(void)
{
    return g_quark_from_static_string("page-dump-error");
}

/* ---- XML ---- */

static int
dump_read(void *context, char *buffer, int size)
{
    PageDump *dump = context;
    gsize n = fread(buffer, 1, (gsize)size, dump->in);
    return n == 0 && ferror(dump->in) ? -1 : (int)n;
}

/* Keeps the first problem libxml2 has; it would print it otherwise. */
static void
dump_note_problem(void *context, xmlErrorPtr problem)
{
    PageDump *dump = context;
    if (dump->problem == NULL && problem->level >= XML_ERR_ERROR) {
        const char *message = problem->message != NULL ? problem->message : "not XML";
        dump->problem = g_strdup_printf("line %d: %s", problem->line, message);
        g_strchomp(dump->problem);
    }
}

/* The line of the current element; beyond what libxml2 keeps, where the parser is, which is up
 * to half a kilobyte further on. */
static int
dump_line(PageDump *dump)
{
    xmlTextReaderMoveToElement(dump->reader);
    xmlNode *node = xmlTextReaderCurrentNode(dump->reader);
    long line = node != NULL ? xmlGetLineNo(node) : 0;
    if (line > 0 && line < NODE_LINE_MAX) {
        return (int)line;
    }
    return xmlTextReaderGetParserLineNumber(dump->reader);
}

static const char *
dump_element(PageDump *dump)
{
    return (const char *)xmlTextReaderConstLocalName(dump->reader);
}

static gboolean dump_fail(PageDump *dump, GError **error, PageDumpError code, const char *format,
                          ...) G_GNUC_PRINTF(4, 5);

/* Sets the error with file, line and element. FALSE, for return. */
static gboolean
dump_fail(PageDump *dump, GError **error, PageDumpError code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    int line = dump_line(dump);
    g_set_error(error, PAGE_DUMP_ERROR, (int)code, "%s: line %d: <%s>: %s", dump->name, line,
                dump_element(dump), what);
    return FALSE;
}

static gboolean
dump_fail_damaged(PageDump *dump, GError **error)
{
    if (dump->problem != NULL && !ferror(dump->in)) {
        g_set_error(error, PAGE_DUMP_ERROR, PAGE_DUMP_ERROR_DAMAGED, "%s: %s", dump->name,
                    dump->problem);
        return FALSE;
    }
    g_set_error(error, PAGE_DUMP_ERROR, PAGE_DUMP_ERROR_DAMAGED, "%s: line %d: %s", dump->name,
                xmlTextReaderGetParserLineNumber(dump->reader),
                ferror(dump->in) ? "cannot be read on" : "not XML");
    return FALSE;
}

static Step
dump_step(PageDump *dump, GError **error)
{
    for (;;) {
        int more = xmlTextReaderRead(dump->reader);
        if (more < 0 || dump->problem != NULL || ferror(dump->in)) {
            dump_fail_damaged(dump, error);
            return STEP_FAILED;
        }
        if (more == 0) {
            return STEP_DONE;
        }
        switch (xmlTextReaderNodeType(dump->reader)) {
        case XML_READER_TYPE_ELEMENT:
            return STEP_START;
        case XML_READER_TYPE_END_ELEMENT:
            return STEP_END;
        case XML_READER_TYPE_COMMENT:
        case XML_READER_TYPE_PROCESSING_INSTRUCTION:
        case XML_READER_TYPE_WHITESPACE:
        case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
            break;
        default:
            dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID,
                      "only elements and white space may stand here");
            return STEP_FAILED;
        }
    }
}

static gboolean
dump_is_at(PageDump *dump, const char *name, GError **error)
{
    const char *space = (const char *)xmlTextReaderConstNamespaceUri(dump->reader);
    if (g_strcmp0(dump_element(dump), name) == 0 && g_strcmp0(space, PAGE_DUMP_NAMESPACE) == 0) {
        return TRUE;
    }
    return dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID,
                     "<%s> of namespace " PAGE_DUMP_NAMESPACE " should stand here", name);
}

static const Attribute *
attribute_find(const Attribute *attributes, const char *name)
{
    for (; attributes->name != NULL; attributes++) {
        if (strcmp(attributes->name, name) == 0) {
            return attributes;
        }
    }
    return NULL;
}

/* Reads the attribute the reader is at into the record and sets its bit in `seen`. */
static gboolean
dump_read_attribute(PageDump *dump, const Attribute *attributes, gpointer record, guint *seen,
                    GError **error)
{
    g_autofree char *name = g_strdup((const char *)xmlTextReaderConstName(dump->reader));
    const Attribute *attribute = attribute_find(attributes, name);
    if (attribute == NULL) {
        return dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID, "unknown attribute \"%s\"", name);
    }
    const char *value = (const char *)xmlTextReaderConstValue(dump->reader);
    if (!attribute->read(attribute, value != NULL ? value : "",
                         (char *)record + attribute->field)) {
        return dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID,
                         "the value of attribute \"%s\" is wrong or out of range", name);
    }
    *seen |= 1u << (attribute - attributes);
    return TRUE;
}

/* Reads all attributes of the element the reader is at. */
static gboolean
dump_read_attributes(PageDump *dump, const Attribute *attributes, gpointer record, GError **error)
{
    guint seen = 0;
    while (xmlTextReaderMoveToNextAttribute(dump->reader) == 1) {
        if (xmlTextReaderIsNamespaceDecl(dump->reader) != 1 &&
            !dump_read_attribute(dump, attributes, record, &seen, error)) {
            return FALSE;
        }
    }
    xmlTextReaderMoveToElement(dump->reader);
    for (guint i = 0; attributes[i].name != NULL; i++) {
        if (attributes[i].required && (seen & 1u << i) == 0) {
            return dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID, "attribute \"%s\" is missing",
                             attributes[i].name);
        }
    }
    return TRUE;
}

/* Whether there may be one more of what there are `n` of on the page. */
static gboolean
dump_has_room(PageDump *dump, guint n, guint limit, GError **error)
{
    return n < limit ||
           dump_fail(dump, error, PAGE_DUMP_ERROR_LIMIT, "more than %u on a page", limit);
}

/* ---- elements ---- */

static gboolean
dump_read_font(PageDump *dump, Page *page, GError **error)
{
    DumpFont font;
    if (!dump_read_attributes(dump, DUMP_FONT_ATTRIBUTES, &font, error)) {
        return FALSE;
    }
    if (!dump_has_room(dump, page->fonts->len, PAGE_MAX_FONTS, error)) {
        return FALSE;
    }
    g_ptr_array_add(page->fonts, g_strdup(font.name));
    return TRUE;
}

static gboolean
dump_read_record(PageDump *dump, PageSection section, Page *page, GError **error)
{
    const DumpElement *element = &DUMP_ELEMENTS[section];
    DumpRecord record = element->defaults;
    if (!dump_read_attributes(dump, element->attributes, &record, error)) {
        return FALSE;
    }
    GArray *array = page_section(page, section);
    if (!dump_has_room(dump, array->len, page_section_limit(section), error)) {
        return FALSE;
    }
    if (!page_section_accepts(page, section, &record)) {
        return dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID,
                         "a number is out of range, the box is inside out, or there is no such "
                         "font or style");
    }
    g_array_append_vals(array, &record, 1);
    return TRUE;
}

/* Reads the start tag the reader is at into the page. */
static gboolean
dump_read_child(PageDump *dump, Page *page, GError **error)
{
    const char *name = dump_element(dump);
    if (page == NULL) {
        return dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID, "nothing may stand here");
    }
    if (strcmp(name, "font") == 0) {
        return dump_is_at(dump, name, error) && dump_read_font(dump, page, error);
    }
    for (guint i = 0; i < PAGE_SECTIONS; i++) {
        if (strcmp(name, DUMP_ELEMENTS[i].name) == 0) {
            return dump_is_at(dump, name, error) && dump_read_record(dump, i, page, error);
        }
    }
    return dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID, "unknown in a page");
}

/* Reads what is in the element the reader is at, up to its end: the children of a page, or none
 * where `page` is NULL. */
static gboolean
dump_read_content(PageDump *dump, Page *page, GError **error)
{
    if (xmlTextReaderIsEmptyElement(dump->reader) == 1) {
        return TRUE;
    }
    for (;;) {
        switch (dump_step(dump, error)) {
        case STEP_START:
            if (!dump_read_child(dump, page, error) || !dump_read_content(dump, NULL, error)) {
                return FALSE;
            }
            break;
        case STEP_END:
            return TRUE;
        case STEP_DONE:
            return dump_fail_damaged(dump, error);
        case STEP_FAILED:
        default:
            return FALSE;
        }
    }
}

/* Reads the <page> that the reader is at. NULL with an error. */
static Page *
dump_read_page(PageDump *dump, GError **error)
{
    DumpPage head = {0};
    if (!dump_read_attributes(dump, DUMP_PAGE_ATTRIBUTES, &head, error)) {
        return NULL;
    }
    g_autoptr(Page) page = page_new(head.number, head.width, head.height);
    page->painted_known = head.painted_known != 0;
    page->label = head.labelled ? g_strdup(head.label) : NULL;
    if (!page_is_sound(page)) {
        dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID, "number, size or label is out of range");
        return NULL;
    }
    if (page->number <= dump->last) {
        dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID, "page %u does not come after page %u",
                  page->number, dump->last);
        return NULL;
    }
    dump->last = page->number;
    return dump_read_content(dump, page, error) ? g_steal_pointer(&page) : NULL;
}

/* Reads up to the root's start tag. */
static gboolean
dump_read_root(PageDump *dump, GError **error)
{
    DumpRoot root;
    Step step = dump_step(dump, error);
    if (step == STEP_DONE) { /* libxml2 calls an empty file an error: not met */
        return dump_fail_damaged(dump, error);
    }
    if (step == STEP_FAILED || !dump_is_at(dump, "page-dump", error) ||
        !dump_read_attributes(dump, DUMP_ROOT_ATTRIBUTES, &root, error)) {
        return FALSE;
    }
    dump->begun = TRUE;
    return TRUE;
}

static gboolean
dump_read_on(PageDump *dump, Page **ret_page, GError **error)
{
    switch (dump_step(dump, error)) {
    case STEP_START: {
        Page *page = dump_is_at(dump, "page", error) ? dump_read_page(dump, error) : NULL;
        if (page == NULL) {
            return FALSE;
        }
        *ret_page = page;
        return TRUE;
    }
    case STEP_END: /* of the root: make sure that nothing comes after it */
        return dump_read_on(dump, ret_page, error);
    case STEP_DONE:
        dump->ended = TRUE;
        *ret_page = NULL;
        return TRUE;
    case STEP_FAILED:
    default:
        return FALSE;
    }
}

/* ---- public ---- */

PageDump *
page_dump_open(const char *path, GError **error)
{
    FILE *in = g_fopen(path, "rbe");
    if (in == NULL) {
        int code = errno;
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s: %s", path,
                    g_strerror(code));
        return NULL;
    }
    PageDump *dump = page_dump_open_stream(in, path);
    dump->owned = in;
    return dump;
}

PageDump *
page_dump_open_stream(FILE *in, const char *name)
{
    PageDump *dump = g_new0(PageDump, 1);
    dump->in = in;
    dump->name = g_filename_display_name(name);
    dump->reader = xmlReaderForIO(dump_read, NULL, dump, NULL, NULL, XML_PARSE_NONET);
    g_assert(dump->reader != NULL); /* out of memory, which GLib answers so, too */
    xmlTextReaderSetStructuredErrorHandler(dump->reader, dump_note_problem, dump);
    return dump;
}

void
page_dump_close(PageDump *dump)
{
    if (dump == NULL) {
        return;
    }
    xmlFreeTextReader(dump->reader);
    if (dump->owned != NULL) {
        fclose(dump->owned);
    }
    g_free(dump->problem);
    g_free(dump->name);
    g_free(dump);
}

gboolean
page_dump_next(PageDump *dump, Page **ret_page, GError **error)
{
    if (dump->ended) {
        *ret_page = NULL;
        return TRUE;
    }
    return (dump->begun || dump_read_root(dump, error)) && dump_read_on(dump, ret_page, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing is plain appending to a string. Reading is led by tables: ELEMENTS says for each element
 * which section of the page its records go to, and for each attribute how its value is read and
 * which field of the record it fills; a record starts as the element's defaults.
 */
#include "page-dump.h"

#include "page-wire.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <libxml/xmlreader.h>
#include <string.h>

#define VERSION "1"
/* What is put together before it is written to the file, in bytes. */
#define WRITE_CHUNK 65536u
/* libxml2 keeps the line of an element in 16 bits. */
#define NODE_LINE_MAX 65535

struct PageDump {
    xmlTextReader *reader;
    FILE *in;
    FILE *owned; /* `in` if it is ours to close */
    char *name;
    char *problem;  /* libxml2's first error, with its line */
    gboolean begun; /* the root's start tag was read */
    gboolean ended; /* all of the file was read */
};

/* The attributes of <page-dump>, <page> and <font>. */
typedef struct {
    char version[4];
} Root;

typedef struct {
    gboolean given;
    char text[PAGE_MAX_NAME + 1];
} Label;

typedef struct {
    guint32 number;
    guint32 painted_known;
    double width, height;
    Label label;
} PageHead;

typedef struct {
    char name[PAGE_MAX_NAME + 1];
} Font;

/* Any element of a section. */
typedef union {
    Style style;
    Glyph glyph;
    Ruling ruling;
    Area area;
    Mark mark;
    Notice notice;
} Record;

/* Reads an attribute's value into a record's field. */
typedef gboolean (*ValueRead)(const char *value, gpointer field);

typedef struct {
    const char *name;
    ValueRead read;
    gsize field; /* its offset in the record */
    gboolean required;
} Attribute;

typedef struct {
    const char *name;
    void (*append)(GString *out, gconstpointer record);
    const Attribute *attributes; /* ends with a name of NULL */
    Record defaults;
    gsize size; /* of the section's record */
} Element;

/* What the reader came to, comments and white space passed over. */
typedef enum {
    STEP_START, /* of an element, maybe an empty one */
    STEP_END,   /* of an element that is not empty */
    STEP_DONE,  /* of the file */
    STEP_FAILED,
} Step;

typedef const char *(*WordOf)(guint i);

GQuark
page_dump_error_quark(void)
{
    return g_quark_from_static_string("page-dump-error");
}

/* ---- words ---- */

static const char *
direction_of(guint i)
{
    return i <= DIRECTION_LAST ? direction_word(i) : NULL;
}

static const char *
origin_of(guint i)
{
    return i <= ORIGIN_LAST ? origin_word(i) : NULL;
}

static const char *
hidden_of(guint i)
{
    return i <= HIDDEN_LAST ? hidden_word(i) : NULL;
}

static const char *
source_of(guint i)
{
    return i <= RULING_SOURCE_LAST ? ruling_source_word(i) : NULL;
}

/* The word of bit i, as for the other words. */
static const char *
glyph_flag_of(guint i)
{
    static const char *const words[] = {"part", "actual", "no-ink", "undecoded", "annotation"};
    return i < G_N_ELEMENTS(words) ? words[i] : NULL;
}

static const char *
style_flag_of(guint i)
{
    static const char *const words[] = {"bold", "italic", "serif"};
    return i < G_N_ELEMENTS(words) ? words[i] : NULL;
}

static gboolean
word_find(WordOf word_of, const char *word, guint *ret_i)
{
    for (guint i = 0; word_of(i) != NULL; i++) {
        if (strcmp(word_of(i), word) == 0) {
            *ret_i = i;
            return TRUE;
        }
    }
    return FALSE;
}

/* ---- writing ---- */

/* Six digits where they give the number back, otherwise the nine that always do. */
static void
append_float(GString *out, float value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(text, sizeof text, "%.6g", (double)value);
    if ((float)g_ascii_strtod(text, NULL) != value) {
        g_ascii_formatd(text, sizeof text, "%.9g", (double)value);
    }
    g_string_append(out, text);
}

static void
append_double(GString *out, const char *name, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(text, sizeof text, "%.10g", value);
    if (g_ascii_strtod(text, NULL) != value) {
        g_ascii_formatd(text, sizeof text, "%.17g", value);
    }
    g_string_append_printf(out, " %s=\"%s\"", name, text);
}

static void
append_floats(GString *out, const char *name, const float *values, guint n)
{
    g_string_append_printf(out, " %s=\"", name);
    for (guint i = 0; i < n; i++) {
        if (i > 0) {
            g_string_append_c(out, ' ');
        }
        append_float(out, values[i]);
    }
    g_string_append_c(out, '"');
}

static void
append_box(GString *out, float x0, float y0, float x1, float y1)
{
    append_floats(out, "box", (const float[]){x0, y0, x1, y1}, 4);
}

static void
append_number(GString *out, const char *name, guint32 value)
{
    g_string_append_printf(out, " %s=\"%u\"", name, value);
}

static void
append_colour(GString *out, guint32 colour)
{
    if (colour != 0) {
        g_string_append_printf(out, " colour=\"%06x\"", colour);
    }
}

static void
append_word(GString *out, const char *name, const char *word)
{
    g_string_append_printf(out, " %s=\"%s\"", name, word);
}

static void
append_flags(GString *out, WordOf word_of, guint32 flags)
{
    if (flags == 0) {
        return;
    }
    const char *before = " flags=\"";
    for (guint i = 0; word_of(i) != NULL; i++) {
        if (flags & 1u << i) {
            g_string_append_printf(out, "%s%s", before, word_of(i));
            before = " ";
        }
    }
    g_string_append_c(out, '"');
}

static gboolean
is_xml_character(gunichar c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/* A legal character as it can stand in an attribute. */
static void
append_character(GString *out, gunichar c)
{
    if (c < 0x20 || c == '&' || c == '<' || c == '>' || c == '"' || (c >= 0x7F && c < 0xA0)) {
        g_string_append_printf(out, "&#%u;", c);
    } else {
        g_string_append_unichar(out, c);
    }
}

static void
append_text(GString *out, const char *name, const char *text)
{
    g_string_append_printf(out, " %s=\"", name);
    for (const char *p = text; *p != '\0';) {
        gunichar c = g_utf8_get_char_validated(p, -1);
        gsize size = 1;
        if (c == '\\') {
            g_string_append(out, "\\\\");
        } else if (c > 0x10FFFF || !is_xml_character(c)) {
            g_string_append_printf(out, "\\x%02x", (guchar)*p);
        } else {
            append_character(out, c);
            size = (gsize)g_utf8_skip[(guchar)*p];
        }
        p += size;
    }
    g_string_append_c(out, '"');
}

static void
append_style(GString *out, gconstpointer record)
{
    const Style *s = record;
    append_number(out, "font", s->font);
    append_floats(out, "size", &s->size, 1);
    if (s->direction != DIRECTION_RIGHT) {
        append_word(out, "direction", direction_word(s->direction));
    }
    append_colour(out, s->colour);
    append_flags(out, style_flag_of, s->flags);
}

static void
append_glyph_character(GString *out, gunichar c)
{
    if (c == 0) {
        return;
    }
    if (!is_xml_character(c)) {
        g_string_append_printf(out, " cp=\"%04x\"", c);
        return;
    }
    g_string_append(out, " u=\"");
    append_character(out, c);
    g_string_append_c(out, '"');
}

static void
append_glyph(GString *out, gconstpointer record)
{
    const Glyph *g = record;
    append_glyph_character(out, g->unicode);
    append_box(out, g->x0, g->y0, g->x1, g->y1);
    append_floats(out, "at", (const float[]){g->origin_x, g->origin_y}, 2);
    if (g->style != 0) {
        append_number(out, "style", g->style);
    }
    if (g->code != 0) {
        append_number(out, "code", g->code);
    }
    if (g->origin != ORIGIN_TEXT_LAYER) {
        append_word(out, "origin", origin_word(g->origin));
    }
    if (g->confidence != 1) {
        append_floats(out, "confidence", &g->confidence, 1);
    }
    if (g->hidden != HIDDEN_NOT) {
        append_word(out, "hidden", hidden_word(g->hidden));
    }
    append_flags(out, glyph_flag_of, g->flags);
}

static void
append_ruling(GString *out, gconstpointer record)
{
    const Ruling *r = record;
    append_box(out, r->x0, r->y0, r->x1, r->y1);
    append_floats(out, "width", &r->width, 1);
    append_colour(out, r->colour);
    if (r->source != RULING_STROKE) {
        append_word(out, "source", ruling_source_word(r->source));
    }
    if (r->dashed) {
        append_word(out, "dashed", "true");
    }
}

static void
append_area(GString *out, gconstpointer record)
{
    const Area *a = record;
    append_box(out, a->x0, a->y0, a->x1, a->y1);
    append_colour(out, a->colour);
}

static void
append_mark(GString *out, gconstpointer record)
{
    const Mark *m = record;
    append_box(out, m->x0, m->y0, m->x1, m->y1);
}

static void
append_notice(GString *out, gconstpointer record)
{
    const Notice *n = record;
    append_text(out, "kind", n->kind);
    if (n->x0 != 0 || n->y0 != 0 || n->x1 != 0 || n->y1 != 0) {
        append_box(out, n->x0, n->y0, n->x1, n->y1);
    }
    if (n->count != 1) {
        append_number(out, "count", n->count);
    }
    if (n->text[0] != '\0') {
        append_text(out, "text", n->text);
    }
}

/* Writes what was put together once it is worth it, or `all` of it; a failure stays with `out`. */
static void
flush(FILE *out, GString *text, gboolean all)
{
    if (all || text->len >= WRITE_CHUNK) {
        fwrite(text->str, 1, text->len, out);
        g_string_truncate(text, 0);
    }
}

static gboolean
write_is_well(FILE *out, GError **error)
{
    if (!ferror(out)) {
        return TRUE;
    }
    int code = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code),
                "page dump cannot be written: %s", g_strerror(code));
    return FALSE;
}

/* ---- reading values ---- */

/* A number in XML's own form: g_ascii_strtod() alone takes hexadecimal, infinity and blanks. */
static gboolean
number_read(const char *text, const char **ret_end, double *ret_value)
{
    gsize n = strspn(text, "+-.0123456789eE");
    char *end = NULL;
    double value = g_ascii_strtod(text, &end);
    if (n == 0 || end != text + n || !isfinite(value)) {
        return FALSE;
    }
    *ret_end = end;
    *ret_value = value;
    return TRUE;
}

static gboolean
read_double(const char *value, gpointer field)
{
    const char *end = NULL;
    return number_read(value, &end, field) && *end == '\0';
}

/* `n` numbers with blanks between. */
static gboolean
read_floats(const char *value, float *ret_floats, guint n)
{
    for (guint i = 0; i < n; i++) {
        double number = 0;
        if (!number_read(value, &value, &number) || fabs(number) > (double)G_MAXFLOAT) {
            return FALSE;
        }
        ret_floats[i] = (float)number;
        gsize blanks = strspn(value, " ");
        if ((blanks > 0) != (i + 1 < n)) {
            return FALSE;
        }
        value += blanks;
    }
    return *value == '\0';
}

static gboolean
read_float(const char *value, gpointer field)
{
    return read_floats(value, field, 1);
}

static gboolean
read_point(const char *value, gpointer field)
{
    return read_floats(value, field, 2);
}

static gboolean
read_box(const char *value, gpointer field)
{
    return read_floats(value, field, 4);
}

static gboolean
digits_read(const char *value, guint base, guint32 max, guint32 *ret_number)
{
    guint64 number = 0;
    const char *digits = base == 16 ? "0123456789abcdefABCDEF" : "0123456789";
    if (strspn(value, digits) != strlen(value) ||
        !g_ascii_string_to_unsigned(value, base, 0, max, &number, NULL)) {
        return FALSE;
    }
    *ret_number = (guint32)number;
    return TRUE;
}

static gboolean
read_u32(const char *value, gpointer field)
{
    return digits_read(value, 10, G_MAXUINT32, field);
}

static gboolean
read_u16(const char *value, gpointer field)
{
    guint32 number = 0;
    if (!digits_read(value, 10, G_MAXUINT16, &number)) {
        return FALSE;
    }
    *(guint16 *)field = (guint16)number;
    return TRUE;
}

static gboolean
read_colour(const char *value, gpointer field)
{
    return strlen(value) == 6 && digits_read(value, 16, 0xFFFFFF, field);
}

static gboolean
read_code_point(const char *value, gpointer field)
{
    return digits_read(value, 16, 0x10FFFF, field);
}

static gboolean
read_character(const char *value, gpointer field)
{
    if (g_utf8_strlen(value, -1) != 1) {
        return FALSE;
    }
    *(guint32 *)field = g_utf8_get_char(value);
    return TRUE;
}

static gboolean
read_boolean(const char *value, guint *ret_boolean)
{
    *ret_boolean = strcmp(value, "true") == 0;
    return *ret_boolean || strcmp(value, "false") == 0;
}

static gboolean
read_painted(const char *value, gpointer field)
{
    return read_boolean(value, field);
}

static gboolean
read_dashed(const char *value, gpointer field)
{
    guint dashed = 0;
    if (!read_boolean(value, &dashed)) {
        return FALSE;
    }
    *(guint8 *)field = (guint8)dashed;
    return TRUE;
}

static gboolean
word_read(WordOf word_of, const char *value, guint8 *ret_word)
{
    guint word = 0;
    if (!word_find(word_of, value, &word)) {
        return FALSE;
    }
    *ret_word = (guint8)word;
    return TRUE;
}

static gboolean
read_direction(const char *value, gpointer field)
{
    return word_read(direction_of, value, field);
}

static gboolean
read_origin(const char *value, gpointer field)
{
    return word_read(origin_of, value, field);
}

static gboolean
read_hidden(const char *value, gpointer field)
{
    return word_read(hidden_of, value, field);
}

static gboolean
read_source(const char *value, gpointer field)
{
    return word_read(source_of, value, field);
}

static gboolean
flags_read(WordOf word_of, const char *value, guint32 *ret_flags)
{
    g_auto(GStrv) words = g_strsplit(value, " ", -1);
    guint32 flags = 0;
    for (guint i = 0; words[i] != NULL; i++) {
        guint bit = 0;
        if (*words[i] == '\0') {
            continue;
        }
        if (!word_find(word_of, words[i], &bit)) {
            return FALSE;
        }
        flags |= 1u << bit;
    }
    *ret_flags = flags;
    return TRUE;
}

static gboolean
read_glyph_flags(const char *value, gpointer field)
{
    return flags_read(glyph_flag_of, value, field);
}

static gboolean
read_style_flags(const char *value, gpointer field)
{
    guint32 flags = 0;
    if (!flags_read(style_flag_of, value, &flags)) {
        return FALSE;
    }
    *(guint8 *)field = (guint8)flags;
    return TRUE;
}

/* The byte that the escape after a backslash stands for, or -1. */
static int
escape_read(const char *escape, const char **ret_end)
{
    if (*escape == '\\') {
        *ret_end = escape + 1;
        return '\\';
    }
    if (*escape != 'x' || !g_ascii_isxdigit(escape[1]) || !g_ascii_isxdigit(escape[2])) {
        return -1;
    }
    *ret_end = escape + 3;
    int byte = g_ascii_xdigit_value(escape[1]) << 4 | g_ascii_xdigit_value(escape[2]);
    return byte > 0 ? byte : -1;
}

/* Undoes append_text(); `size` with the NUL. */
static gboolean
text_read(const char *value, char *ret_text, gsize size)
{
    gsize n = 0;
    while (*value != '\0') {
        int byte = (guchar)*value++;
        if (byte == '\\') {
            byte = escape_read(value, &value);
        }
        if (byte < 0 || n + 1 >= size) {
            return FALSE;
        }
        ret_text[n++] = (char)byte;
    }
    ret_text[n] = '\0';
    return TRUE;
}

static gboolean
read_name(const char *value, gpointer field)
{
    return text_read(value, field, PAGE_MAX_NAME + 1);
}

static gboolean
read_label(const char *value, gpointer field)
{
    Label *label = field;
    label->given = TRUE;
    return text_read(value, label->text, sizeof label->text);
}

static gboolean
read_version(const char *value, gpointer field)
{
    return strcmp(value, VERSION) == 0 && text_read(value, field, sizeof((Root *)NULL)->version);
}

static gboolean
read_kind(const char *value, gpointer field)
{
    return text_read(value, field, sizeof((Notice *)NULL)->kind);
}

static gboolean
read_notice_text(const char *value, gpointer field)
{
    return text_read(value, field, sizeof((Notice *)NULL)->text);
}

/* ---- elements ---- */

static const Attribute ROOT_ATTRIBUTES[] = {
    {"version", read_version, offsetof(Root, version), TRUE},
    {0},
};

static const Attribute PAGE_ATTRIBUTES[] = {
    {"n", read_u32, offsetof(PageHead, number), TRUE},
    {"width", read_double, offsetof(PageHead, width), TRUE},
    {"height", read_double, offsetof(PageHead, height), TRUE},
    {"painted-known", read_painted, offsetof(PageHead, painted_known), FALSE},
    {"label", read_label, offsetof(PageHead, label), FALSE},
    {0},
};

static const Attribute FONT_ATTRIBUTES[] = {
    {"name", read_name, offsetof(Font, name), TRUE},
    {0},
};

static const Attribute STYLE_ATTRIBUTES[] = {
    {"font", read_u16, offsetof(Style, font), TRUE},
    {"size", read_float, offsetof(Style, size), TRUE},
    {"direction", read_direction, offsetof(Style, direction), FALSE},
    {"colour", read_colour, offsetof(Style, colour), FALSE},
    {"flags", read_style_flags, offsetof(Style, flags), FALSE},
    {0},
};

static const Attribute GLYPH_ATTRIBUTES[] = {
    {"u", read_character, offsetof(Glyph, unicode), FALSE},
    {"cp", read_code_point, offsetof(Glyph, unicode), FALSE},
    {"box", read_box, offsetof(Glyph, x0), TRUE},
    {"at", read_point, offsetof(Glyph, origin_x), TRUE},
    {"style", read_u16, offsetof(Glyph, style), FALSE},
    {"code", read_u32, offsetof(Glyph, code), FALSE},
    {"origin", read_origin, offsetof(Glyph, origin), FALSE},
    {"confidence", read_float, offsetof(Glyph, confidence), FALSE},
    {"hidden", read_hidden, offsetof(Glyph, hidden), FALSE},
    {"flags", read_glyph_flags, offsetof(Glyph, flags), FALSE},
    {0},
};

static const Attribute RULING_ATTRIBUTES[] = {
    {"box", read_box, offsetof(Ruling, x0), TRUE},
    {"width", read_float, offsetof(Ruling, width), TRUE},
    {"colour", read_colour, offsetof(Ruling, colour), FALSE},
    {"source", read_source, offsetof(Ruling, source), FALSE},
    {"dashed", read_dashed, offsetof(Ruling, dashed), FALSE},
    {0},
};

static const Attribute AREA_ATTRIBUTES[] = {
    {"box", read_box, offsetof(Area, x0), TRUE},
    {"colour", read_colour, offsetof(Area, colour), FALSE},
    {0},
};

static const Attribute MARK_ATTRIBUTES[] = {
    {"box", read_box, offsetof(Mark, x0), TRUE},
    {0},
};

static const Attribute NOTICE_ATTRIBUTES[] = {
    {"kind", read_kind, offsetof(Notice, kind), TRUE},
    {"box", read_box, offsetof(Notice, x0), FALSE},
    {"count", read_u32, offsetof(Notice, count), FALSE},
    {"text", read_notice_text, offsetof(Notice, text), FALSE},
    {0},
};

static const Element ELEMENTS[PAGE_SECTIONS] = {
    [PAGE_STYLES] = {"style", append_style, STYLE_ATTRIBUTES, {.style = {0}}, sizeof(Style)},
    [PAGE_GLYPHS] =
        {"g", append_glyph, GLYPH_ATTRIBUTES, {.glyph = {.confidence = 1}}, sizeof(Glyph)},
    [PAGE_RULINGS] = {"ruling", append_ruling, RULING_ATTRIBUTES, {.ruling = {0}}, sizeof(Ruling)},
    [PAGE_AREAS] = {"area", append_area, AREA_ATTRIBUTES, {.area = {0}}, sizeof(Area)},
    [PAGE_IMAGES] = {"image", append_mark, MARK_ATTRIBUTES, {.mark = {0}}, sizeof(Mark)},
    [PAGE_SHAPES] = {"shape", append_mark, MARK_ATTRIBUTES, {.mark = {0}}, sizeof(Mark)},
    [PAGE_NOTICES] =
        {"notice", append_notice, NOTICE_ATTRIBUTES, {.notice = {.count = 1}}, sizeof(Notice)},
};

/* The elements of a section; text goes out whenever there is enough. */
static void
append_section(FILE *out, GString *text, const Page *page, PageSection section)
{
    const Element *element = &ELEMENTS[section];
    const GArray *array = page_section(page, section);
    const char *record = array->data;
    for (guint i = 0; i < array->len; i++, record += element->size) {
        g_string_append_printf(text, "<%s", element->name);
        element->append(text, record);
        g_string_append(text, "/>\n");
        flush(out, text, FALSE);
    }
}

/* ---- reading XML ---- */

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
    if (ferror(dump->in)) {
        g_set_error(error, PAGE_DUMP_ERROR, PAGE_DUMP_ERROR_DAMAGED,
                    "%s: line %d: cannot be read on", dump->name,
                    xmlTextReaderGetParserLineNumber(dump->reader));
    } else if (dump->problem != NULL) {
        g_set_error(error, PAGE_DUMP_ERROR, PAGE_DUMP_ERROR_DAMAGED, "%s: %s", dump->name,
                    dump->problem);
    } else {
        g_set_error(error, PAGE_DUMP_ERROR, PAGE_DUMP_ERROR_DAMAGED, "%s: line %d: not XML",
                    dump->name, xmlTextReaderGetParserLineNumber(dump->reader));
    }
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
    if (!attribute->read(value != NULL ? value : "", (char *)record + attribute->field)) {
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

/* Passes the end of an element that has no children. */
static gboolean
dump_leave(PageDump *dump, GError **error)
{
    if (xmlTextReaderIsEmptyElement(dump->reader) == 1) {
        return TRUE;
    }
    switch (dump_step(dump, error)) {
    case STEP_START:
        return dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID, "nothing may stand here");
    case STEP_END:
        return TRUE;
    case STEP_DONE:
        return dump_fail_damaged(dump, error);
    case STEP_FAILED:
    default:
        return FALSE;
    }
}

static gboolean
dump_read_font(PageDump *dump, Page *page, GError **error)
{
    Font font;
    if (!dump_read_attributes(dump, FONT_ATTRIBUTES, &font, error)) {
        return FALSE;
    }
    if (page->fonts->len >= PAGE_MAX_FONTS) {
        return dump_fail(dump, error, PAGE_DUMP_ERROR_LIMIT, "more than %u on a page",
                         PAGE_MAX_FONTS);
    }
    g_ptr_array_add(page->fonts, g_strdup(font.name));
    return dump_leave(dump, error);
}

static gboolean
dump_read_record(PageDump *dump, PageSection section, Page *page, GError **error)
{
    const Element *element = &ELEMENTS[section];
    Record record = element->defaults;
    if (!dump_read_attributes(dump, element->attributes, &record, error)) {
        return FALSE;
    }
    GArray *array = page_section(page, section);
    if (array->len >= page_section_limit(section)) {
        return dump_fail(dump, error, PAGE_DUMP_ERROR_LIMIT, "more than %u on a page",
                         page_section_limit(section));
    }
    if (!page_section_accepts(page, section, &record)) {
        return dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID,
                         "a number is out of range, the box is inside out, or there is no such "
                         "font or style");
    }
    g_array_append_vals(array, &record, 1);
    return dump_leave(dump, error);
}

static gboolean
dump_read_child(PageDump *dump, Page *page, GError **error)
{
    if (strcmp(dump_element(dump), "font") == 0) {
        return dump_is_at(dump, "font", error) && dump_read_font(dump, page, error);
    }
    for (guint i = 0; i < PAGE_SECTIONS; i++) {
        if (strcmp(dump_element(dump), ELEMENTS[i].name) == 0) {
            return dump_is_at(dump, ELEMENTS[i].name, error) &&
                   dump_read_record(dump, i, page, error);
        }
    }
    return dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID, "unknown in a page");
}

static gboolean
dump_read_children(PageDump *dump, Page *page, GError **error)
{
    for (;;) {
        switch (dump_step(dump, error)) {
        case STEP_START:
            if (!dump_read_child(dump, page, error)) {
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
    PageHead head = {0};
    if (!dump_read_attributes(dump, PAGE_ATTRIBUTES, &head, error)) {
        return NULL;
    }
    g_autoptr(Page) page = page_new(head.number, head.width, head.height);
    page->painted_known = head.painted_known != 0;
    page->label = head.label.given ? g_strdup(head.label.text) : NULL;
    if (!page_is_sound(page)) {
        dump_fail(dump, error, PAGE_DUMP_ERROR_INVALID, "number, size or label is out of range");
        return NULL;
    }
    if (xmlTextReaderIsEmptyElement(dump->reader) != 1 && !dump_read_children(dump, page, error)) {
        return NULL;
    }
    return g_steal_pointer(&page);
}

/* Reads up to the root's start tag. */
static gboolean
dump_read_root(PageDump *dump, GError **error)
{
    Root root;
    Step step = dump_step(dump, error);
    if (step == STEP_DONE) { /* libxml2 calls an empty file an error: not met */
        return dump_fail_damaged(dump, error);
    }
    if (step == STEP_FAILED || !dump_is_at(dump, "page-dump", error) ||
        !dump_read_attributes(dump, ROOT_ATTRIBUTES, &root, error)) {
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

gboolean
page_dump_begin(FILE *out, GError **error)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<page-dump xmlns=\"" PAGE_DUMP_NAMESPACE "\" version=\"" VERSION "\">\n",
          out);
    return write_is_well(out, error);
}

gboolean
page_dump_write(FILE *out, const Page *page, GError **error)
{
    g_autoptr(GString) text = g_string_sized_new((gsize)2 * WRITE_CHUNK);
    g_string_append_printf(text, "<page n=\"%u\"", page->number);
    append_double(text, "width", page->width);
    append_double(text, "height", page->height);
    if (page->painted_known) {
        append_word(text, "painted-known", "true");
    }
    if (page->label != NULL) {
        append_text(text, "label", page->label);
    }
    g_string_append(text, ">\n");
    for (guint i = 0; i < page->fonts->len; i++) {
        g_string_append(text, "<font");
        append_text(text, "name", g_ptr_array_index(page->fonts, i));
        g_string_append(text, "/>\n");
        flush(out, text, FALSE);
    }
    for (guint i = 0; i < PAGE_SECTIONS; i++) {
        append_section(out, text, page, i);
    }
    g_string_append(text, "</page>\n");
    flush(out, text, TRUE);
    return write_is_well(out, error);
}

gboolean
page_dump_end(FILE *out, GError **error)
{
    fputs("</page-dump>\n", out);
    return write_is_well(out, error);
}

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

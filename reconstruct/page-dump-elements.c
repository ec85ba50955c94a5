/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page dump elements: see page-dump-elements.h. The words, then how values are read, then the
 * tables of the attributes.
 */
#include "page-dump-elements.h"

#include <string.h>

/* ---- words ---- */

const char *
dump_version(guint i)
{
    return i == 0 ? "1" : NULL;
}

const char *
dump_glyph_flag(guint i)
{
    static const char *const words[] = {"part",      "actual",     "no-ink",
                                        "undecoded", "annotation", "contradicted"};
    return i < G_N_ELEMENTS(words) ? words[i] : NULL;
}

const char *
dump_style_flag(guint i)
{
    static const char *const words[] = {"bold", "italic", "serif"};
    return i < G_N_ELEMENTS(words) ? words[i] : NULL;
}

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

/* ---- values ---- */

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
read_double(const Attribute *attribute G_GNUC_UNUSED, const char *value, gpointer ret_field)
{
    const char *end = NULL;
    return number_read(value, &end, ret_field) && *end == '\0';
}

/* With blanks between. */
static gboolean
read_floats(const Attribute *attribute, const char *value, gpointer ret_field)
{
    float *floats = ret_field;
    for (guint i = 0; i < attribute->n; i++) {
        double number = 0;
        if (!number_read(value, &value, &number) || fabs(number) > (double)G_MAXFLOAT) {
            return FALSE;
        }
        floats[i] = (float)number;
        gsize blanks = strspn(value, " ");
        if ((blanks > 0) != (i + 1 < attribute->n)) {
            return FALSE;
        }
        value += blanks;
    }
    return *value == '\0';
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
read_u32(const Attribute *attribute G_GNUC_UNUSED, const char *value, gpointer ret_field)
{
    return digits_read(value, 10, G_MAXUINT32, ret_field);
}

static gboolean
read_u16(const Attribute *attribute G_GNUC_UNUSED, const char *value, gpointer ret_field)
{
    guint32 number = 0;
    gboolean well = digits_read(value, 10, G_MAXUINT16, &number);
    *(guint16 *)ret_field = (guint16)number;
    return well;
}

static gboolean
read_colour(const Attribute *attribute G_GNUC_UNUSED, const char *value, gpointer ret_field)
{
    return strlen(value) == 6 && digits_read(value, 16, 0xFFFFFF, ret_field);
}

static gboolean
read_code_point(const Attribute *attribute G_GNUC_UNUSED, const char *value, gpointer ret_field)
{
    return digits_read(value, 16, 0x10FFFF, ret_field);
}

static gboolean
read_character(const Attribute *attribute G_GNUC_UNUSED, const char *value, gpointer ret_field)
{
    *(guint32 *)ret_field = g_utf8_get_char(value);
    return g_utf8_strlen(value, -1) == 1;
}

static gboolean
read_boolean(const Attribute *attribute G_GNUC_UNUSED, const char *value, gpointer ret_field)
{
    gboolean is_true = strcmp(value, "true") == 0;
    *(guint8 *)ret_field = is_true ? 1 : 0;
    return is_true || strcmp(value, "false") == 0;
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

static gboolean
read_word(const Attribute *attribute, const char *value, gpointer ret_field)
{
    guint word = 0;
    gboolean well = word_find(attribute->words, value, &word);
    *(guint8 *)ret_field = (guint8)word;
    return well;
}

static gboolean
read_flags(const Attribute *attribute, const char *value, gpointer ret_field)
{
    g_auto(GStrv) words = g_strsplit(value, " ", -1);
    guint32 flags = 0;
    for (guint i = 0; words[i] != NULL; i++) {
        guint bit = 0;
        if (*words[i] == '\0') {
            continue;
        }
        if (!word_find(attribute->words, words[i], &bit)) {
            return FALSE;
        }
        flags |= 1u << bit;
    }
    *(guint32 *)ret_field = flags;
    return TRUE;
}

static gboolean
read_short_flags(const Attribute *attribute, const char *value, gpointer ret_field)
{
    guint32 flags = 0;
    gboolean well = read_flags(attribute, value, &flags);
    *(guint8 *)ret_field = (guint8)flags;
    return well;
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

/* Undoes the writer's escapes; `size` with the NUL. */
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
read_text(const Attribute *attribute, const char *value, gpointer ret_field)
{
    return text_read(value, ret_field, attribute->n);
}

/* The field is all of the DumpPage. */
static gboolean
read_label(const Attribute *attribute G_GNUC_UNUSED, const char *value, gpointer ret_field)
{
    DumpPage *page = ret_field;
    page->labelled = TRUE;
    return text_read(value, page->label, sizeof page->label);
}

/* ---- elements ---- */

const Attribute DUMP_ROOT_ATTRIBUTES[] = {
    {"version", read_word, .field = offsetof(DumpRoot, version), .words = dump_version,
     .required = TRUE},
    {0},
};

const Attribute DUMP_PAGE_ATTRIBUTES[] = {
    {"n", read_u32, .field = offsetof(DumpPage, number), .required = TRUE},
    {"width", read_double, .field = offsetof(DumpPage, width), .required = TRUE},
    {"height", read_double, .field = offsetof(DumpPage, height), .required = TRUE},
    {"painted-known", read_boolean, .field = offsetof(DumpPage, painted_known)},
    {"label", read_label, .field = 0},
    {0},
};

const Attribute DUMP_FONT_ATTRIBUTES[] = {
    {"name", read_text, .field = offsetof(DumpFont, name), .n = PAGE_MAX_NAME + 1,
     .required = TRUE},
    {0},
};

static const Attribute STYLE_ATTRIBUTES[] = {
    {"font", read_u16, .field = offsetof(Style, font), .required = TRUE},
    {"size", read_floats, .field = offsetof(Style, size), .n = 1, .required = TRUE},
    {"direction", read_word, .field = offsetof(Style, direction), .words = direction_of},
    {"colour", read_colour, .field = offsetof(Style, colour)},
    {"flags", read_short_flags, .field = offsetof(Style, flags), .words = dump_style_flag},
    {0},
};

static const Attribute GLYPH_ATTRIBUTES[] = {
    {"u", read_character, .field = offsetof(Glyph, unicode)},
    {"cp", read_code_point, .field = offsetof(Glyph, unicode)},
    {"box", read_floats, .field = offsetof(Glyph, x0), .n = 4, .required = TRUE},
    {"at", read_floats, .field = offsetof(Glyph, origin_x), .n = 2, .required = TRUE},
    {"style", read_u16, .field = offsetof(Glyph, style)},
    {"code", read_u32, .field = offsetof(Glyph, code)},
    {"origin", read_word, .field = offsetof(Glyph, origin), .words = origin_of},
    {"confidence", read_floats, .field = offsetof(Glyph, confidence), .n = 1},
    {"hidden", read_word, .field = offsetof(Glyph, hidden), .words = hidden_of},
    {"flags", read_flags, .field = offsetof(Glyph, flags), .words = dump_glyph_flag},
    {0},
};

static const Attribute RULING_ATTRIBUTES[] = {
    {"box", read_floats, .field = offsetof(Ruling, x0), .n = 4, .required = TRUE},
    {"width", read_floats, .field = offsetof(Ruling, width), .n = 1, .required = TRUE},
    {"colour", read_colour, .field = offsetof(Ruling, colour)},
    {"source", read_word, .field = offsetof(Ruling, source), .words = source_of},
    {"dashed", read_boolean, .field = offsetof(Ruling, dashed)},
    {0},
};

static const Attribute AREA_ATTRIBUTES[] = {
    {"box", read_floats, .field = offsetof(Area, x0), .n = 4, .required = TRUE},
    {"colour", read_colour, .field = offsetof(Area, colour)},
    {0},
};

static const Attribute MARK_ATTRIBUTES[] = {
    {"box", read_floats, .field = offsetof(Mark, x0), .n = 4, .required = TRUE},
    {0},
};

static const Attribute NOTICE_ATTRIBUTES[] = {
    {"kind", read_text, .field = offsetof(Notice, kind), .n = sizeof((Notice *)NULL)->kind,
     .required = TRUE},
    {"box", read_floats, .field = offsetof(Notice, x0), .n = 4},
    {"count", read_u32, .field = offsetof(Notice, count)},
    {"text", read_text, .field = offsetof(Notice, text), .n = sizeof((Notice *)NULL)->text},
    {0},
};

static const Attribute READING_ATTRIBUTES[] = {
    {"glyph", read_u32, .field = offsetof(Reading, glyph), .required = TRUE},
    {"raw", read_code_point, .field = offsetof(Reading, raw)},
    {"u", read_character, .field = offsetof(Reading, unicode), .required = TRUE},
    {"confidence", read_floats, .field = offsetof(Reading, confidence), .n = 1},
    {0},
};

const DumpElement DUMP_ELEMENTS[PAGE_SECTIONS] = {
    [PAGE_STYLES] = {"style", STYLE_ATTRIBUTES, {.style = {0}}},
    [PAGE_GLYPHS] = {"g", GLYPH_ATTRIBUTES, {.glyph = {.confidence = 1}}},
    [PAGE_RULINGS] = {"ruling", RULING_ATTRIBUTES, {.ruling = {0}}},
    [PAGE_AREAS] = {"area", AREA_ATTRIBUTES, {.area = {0}}},
    [PAGE_IMAGES] = {"image", MARK_ATTRIBUTES, {.mark = {0}}},
    [PAGE_SHAPES] = {"shape", MARK_ATTRIBUTES, {.mark = {0}}},
    [PAGE_NOTICES] = {"notice", NOTICE_ATTRIBUTES, {.notice = {.count = 1}}},
    [PAGE_READINGS] = {"reading", READING_ATTRIBUTES, {.reading = {.confidence = 1}}},
};

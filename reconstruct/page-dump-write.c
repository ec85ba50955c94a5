/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing of page dumps: plain appending to a string, which goes out in chunks.
 */
#include "page-dump.h"

#include "page-dump-elements.h"

#include <errno.h>
#include <string.h>

/* What is put together before it is written to the file, in bytes. */
#define WRITE_CHUNK 65536u

/* Appends the attributes of a section's element. */
typedef void (*RecordAppend)(GString *out, gconstpointer record);

/* ---- values ---- */

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

/* ---- elements ---- */

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
    append_flags(out, dump_style_flag, s->flags);
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
    append_flags(out, dump_glyph_flag, g->flags);
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

static void
append_reading(GString *out, gconstpointer record)
{
    const Reading *r = record;
    append_number(out, "glyph", r->glyph);
    if (r->raw != 0) {
        g_string_append_printf(out, " raw=\"%04x\"", r->raw);
    }
    g_string_append(out, " u=\"");
    append_character(out, is_xml_character(r->unicode) ? r->unicode : 0xFFFD);
    g_string_append_c(out, '"');
    if (r->confidence != 1) {
        append_floats(out, "confidence", &r->confidence, 1);
    }
}

static const RecordAppend APPENDS[PAGE_SECTIONS] = {
    [PAGE_STYLES] = append_style,   [PAGE_GLYPHS] = append_glyph,
    [PAGE_RULINGS] = append_ruling, [PAGE_AREAS] = append_area,
    [PAGE_IMAGES] = append_mark,    [PAGE_SHAPES] = append_mark,
    [PAGE_NOTICES] = append_notice, [PAGE_READINGS] = append_reading,
};

/* ---- the file ---- */

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

/* The elements of a section; text goes out whenever there is enough. */
static void
append_section(FILE *out, GString *text, const Page *page, PageSection section)
{
    GArray *array = page_section(page, section);
    const char *record = array->data;
    for (guint i = 0; i < array->len; i++, record += g_array_get_element_size(array)) {
        g_string_append_printf(text, "<%s", DUMP_ELEMENTS[section].name);
        APPENDS[section](text, record);
        g_string_append(text, "/>\n");
        flush(out, text, FALSE);
    }
}

gboolean
page_dump_begin(FILE *out, GError **error)
{
    fprintf(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<page-dump xmlns=\"" PAGE_DUMP_NAMESPACE "\" version=\"%s\">\n",
            dump_version(0));
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

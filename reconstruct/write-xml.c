/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The document as XML. <pages> stands before <body> in the file, and neither is complete before the
 * last page is read, so each has a spool.
 */
#include "write.h"

#include <errno.h>
#include <string.h>

#include "remainder.h"

typedef struct {
    OutputWriter base;
    FILE *pages, *body;
    GString *zones; /* of the page being read */
    GString *out;   /* scratch */
    guint depth;    /* of the body */
} XmlWriter;

static XmlWriter *
self(Writer *w)
{
    return (XmlWriter *)(void *)w;
}

/* ---- pieces ---- */

/* What XML 1.0 can hold. */
static gboolean
is_legal(guint32 c)
{
    return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

static void
put_char(GString *out, guint32 c)
{
    switch (c) {
    case '&':
        g_string_append(out, "&amp;");
        break;
    case '<':
        g_string_append(out, "&lt;");
        break;
    case '>':
        g_string_append(out, "&gt;");
        break;
    case '"':
        g_string_append(out, "&quot;");
        break;
    default:
        g_string_append_unichar(out, is_legal(c) ? c : 0xFFFD);
    }
}

static void
put_escaped(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    for (char *p = valid; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        guint32 c = g_utf8_get_char(p);
        put_char(out, c == '\n' || c == '\t' || c == '\r' ? ' ' : c);
    }
}

char *
xml_escape(const char *text)
{
    GString *out = g_string_new(NULL);
    put_escaped(out, text);
    return g_string_free(out, FALSE);
}

static void
put_attribute(GString *out, const char *name, const char *value)
{
    if (value != NULL) {
        g_string_append_printf(out, " %s=\"", name);
        put_escaped(out, value);
        g_string_append_c(out, '"');
    }
}

/* At most two decimals, none that say nothing. */
static void
put_number(GString *out, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(text, sizeof text, "%.2f", fabs(value) < 0.005 ? 0 : value);
    size_t n = strlen(text);
    while (text[n - 1] == '0') {
        n--;
    }
    if (text[n - 1] == '.') {
        n--;
    }
    g_string_append_len(out, text, (gssize)n);
}

static void
put_box(GString *out, Rect box)
{
    double v[] = {box.x0, box.y0, box.x1, box.y1};
    g_string_append(out, " box=\"");
    for (guint i = 0; i < 4; i++) {
        if (i > 0) {
            g_string_append_c(out, ' ');
        }
        put_number(out, v[i]);
    }
    g_string_append_c(out, '"');
}

static void
put_zones(GString *out, GArray *zones)
{
    g_string_append(out, " zones=\"");
    for (guint i = 0; i < zones->len; i++) {
        g_string_append_printf(out, i > 0 ? " z%u" : "z%u", g_array_index(zones, Zone, i).zone);
    }
    g_string_append_c(out, '"');
}

static void
put_marks_end(GString *out, guint8 marks)
{
    if (marks & MARK_STRIKE) {
        g_string_append(out, "</s>");
    }
    if (marks & MARK_UNDERLINE) {
        g_string_append(out, "</u>");
    }
}

static void
put_marks_begin(GString *out, guint8 marks)
{
    if (marks & MARK_UNDERLINE) {
        g_string_append(out, "<u>");
    }
    if (marks & MARK_STRIKE) {
        g_string_append(out, "<s>");
    }
}

static void
put_text(GString *out, const Paragraph *p)
{
    guint8 marks = 0;
    guint ruby = 0;
    gboolean in_ruby = FALSE;
    for (guint i = 0; i <= p->chars->len; i++) {
        const Ruby *r = ruby < p->rubies->len ? &g_array_index(p->rubies, Ruby, ruby) : NULL;
        if (in_ruby && r != NULL && i == r->to) {
            put_marks_end(out, marks);
            marks = 0;
            g_string_append(out, "</ruby>");
            in_ruby = FALSE;
            ruby++;
            r = ruby < p->rubies->len ? &g_array_index(p->rubies, Ruby, ruby) : NULL;
        }
        if (!in_ruby && r != NULL && i == r->from && i < p->chars->len) {
            put_marks_end(out, marks);
            marks = 0;
            g_string_append(out, "<ruby");
            put_attribute(out, "rt", r->reading);
            g_string_append_c(out, '>');
            in_ruby = TRUE;
        }
        if (i == p->chars->len) {
            break;
        }
        const Char *c = &g_array_index(p->chars, Char, i);
        if (c->marks != marks) {
            put_marks_end(out, marks);
            marks = c->marks;
            put_marks_begin(out, marks);
        }
        put_char(out, c->unicode);
    }
    put_marks_end(out, marks);
}

static void
put_element(GString *out, const char *name, const Paragraph *p)
{
    g_string_append_printf(out, "<%s", name);
    put_zones(out, p->zones);
    g_string_append_c(out, '>');
    put_text(out, p);
    g_string_append_printf(out, "</%s>", name);
}

static void
flush(XmlWriter *w, FILE *to)
{
    fwrite(w->out->str, 1, w->out->len, to);
    g_string_truncate(w->out, 0);
}

/* ---- pages ---- */

static void
xml_zone(Writer *writer, const Zone *zone)
{
    GString *out = self(writer)->zones;
    g_string_append_printf(out, "   <zone id=\"z%u\" page=\"%u\"", zone->zone, zone->page);
    if (zone->line > 0) { /* else of a text whose picture says where */
        g_string_append_printf(out, " line=\"%u\"", zone->line);
    } else {
        put_box(out, zone->box);
    }
    g_string_append_printf(out, " origin=\"%s\" confidence=\"", origin_word((Origin)zone->origin));
    put_number(out, zone->confidence);
    g_string_append_c(out, '"');
    if (zone->has_rival) {
        g_string_append_printf(out, " rival-column=\"%u\"", zone->rival_column);
        if (zone->rival_after > 0) {
            g_string_append_printf(out, " rival-after=\"%u\"", zone->rival_after);
        }
    }
    g_string_append(out, "/>\n");
}

static void
put_each(GString *out, const char *name, GPtrArray *paragraphs)
{
    for (guint i = 0; i < paragraphs->len; i++) {
        g_string_append(out, "   ");
        put_element(out, name, g_ptr_array_index(paragraphs, i));
        g_string_append_c(out, '\n');
    }
}

/* A character of the text layer; as U+… if it says nothing by itself. */
static void
put_raw(GString *out, guint32 c)
{
    if (!is_legal(c) || c <= 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0xE000 && c <= 0xF8FF)) {
        g_string_append_printf(out, "U+%04X", c);
    } else {
        put_char(out, c);
    }
}

static void
put_counts(GString *out, const PageRecord *record)
{
    g_string_append_printf(out, "   <counts glyphs=\"%u\" placed=\"%u\"/>\n", record->glyphs,
                           record->placed);
    for (guint d = 1; d <= DROP_LAST; d++) {
        if (record->dropped[d] > 0) {
            g_string_append_printf(out, "   <dropped reason=\"%s\" count=\"%u\"/>\n",
                                   drop_word((Drop)d), record->dropped[d]);
        }
    }
    for (guint i = 0; i < record->changes->len; i++) {
        const PageChange *c = &g_array_index(record->changes, PageChange, i);
        g_string_append_printf(out, "   <changed kind=\"%s\" from=\"",
                               change_word((Change)c->change));
        put_raw(out, c->raw);
        g_string_append(out, "\" to=\"");
        put_char(out, c->unicode);
        g_string_append_printf(out, "\" count=\"%u\"/>\n", c->count);
    }
}

static void
put_remainder(GString *out, const PageRecord *record)
{
    for (guint i = 0; i < record->remainder->len; i++) {
        const Remainder *r = &g_array_index(record->remainder, Remainder, i);
        g_string_append_printf(out, "   <remainder count=\"%u\"", r->count);
        put_box(out, r->box);
        g_string_append(out, "/>\n");
    }
}

static void
put_notices(GString *out, const PageRecord *record)
{
    gboolean was_read = FALSE; /* with OCR */
    for (guint i = 0; i < record->page->notices->len; i++) {
        const Notice *n = &g_array_index(record->page->notices, Notice, i);
        was_read = was_read || strcmp(n->kind, "ocr") == 0;
        g_string_append_printf(out, "   <noticed kind=\"%s\" count=\"%u\"", n->kind, n->count);
        gboolean placed = strcmp(n->kind, "unread") == 0; /* always said: document.rng */
        if (placed || n->x1 > n->x0 || n->y1 > n->y0) {
            put_box(out, (Rect){(double)n->x0, (double)n->y0, (double)n->x1, (double)n->y1});
        }
        g_string_append_c(out, '>');
        put_escaped(out, n->text);
        g_string_append(out, "</noticed>\n");
    }
    if (record->picture) {
        g_string_append_printf(out,
                               "   <noticed kind=\"picture\" count=\"1\">there are marks on the "
                               "page and no text that can be read%s</noticed>\n",
                               was_read ? "" : ": it needs OCR");
    }
}

static void
xml_page(Writer *writer, const PageRecord *record)
{
    XmlWriter *w = self(writer);
    const Page *page = record->page;
    g_string_append_printf(w->out, "  <page n=\"%u\"", page->number);
    put_attribute(w->out, "label", page->label);
    if (page->width > 0) { /* plain text has none */
        g_string_append(w->out, " width=\"");
        put_number(w->out, page->width);
        g_string_append(w->out, "\" height=\"");
        put_number(w->out, page->height);
        g_string_append_c(w->out, '"');
    }
    if (record->failed != NULL) {
        put_attribute(w->out, "failed", record->failed);
        g_string_append(w->out, "/>\n");
        flush(w, w->pages);
        return;
    }
    g_string_append(w->out, page->painted_known ? ">\n" : " painted=\"unknown\">\n");
    put_each(w->out, "head", record->heads);
    put_each(w->out, "folio", record->folios);
    g_string_append_len(w->out, w->zones->str, (gssize)w->zones->len);
    g_string_truncate(w->zones, 0);
    put_counts(w->out, record);
    put_remainder(w->out, record);
    put_notices(w->out, record);
    g_string_append(w->out, "  </page>\n");
    flush(w, w->pages);
}

/* ---- body ---- */

static void
indent(XmlWriter *w)
{
    for (guint i = 0; i < w->depth; i++) {
        g_string_append_c(w->out, ' ');
    }
}

static void
xml_block(Writer *writer, Kind kind, int level, const Paragraph *p)
{
    XmlWriter *w = self(writer);
    static const char *const names[] = {"p", "heading", "p", "note", "caption"};
    indent(w);
    if (kind == KIND_HEADING) {
        g_string_append_printf(w->out, "<heading level=\"%d\"", level);
        put_zones(w->out, p->zones);
        g_string_append_c(w->out, '>');
        put_text(w->out, p);
        g_string_append(w->out, "</heading>");
    } else {
        g_string_append(w->out, kind == KIND_ITEM ? "<item>" : "");
        put_element(w->out, names[kind], p);
        g_string_append(w->out, kind == KIND_ITEM ? "</item>" : "");
    }
    g_string_append_c(w->out, '\n');
    flush(w, w->body);
}

static void
put_open(XmlWriter *w, const char *tag)
{
    indent(w);
    g_string_append(w->out, tag);
    w->depth++;
    flush(w, w->body);
}

static void
put_close(XmlWriter *w, const char *tag)
{
    w->depth--;
    indent(w);
    g_string_append(w->out, tag);
    flush(w, w->body);
}

static void
xml_list_begin(Writer *writer)
{
    put_open(self(writer), "<list>\n");
}

static void
xml_list_end(Writer *writer)
{
    put_close(self(writer), "</list>\n");
}

static void
xml_table_begin(Writer *writer, guint columns)
{
    g_autofree char *tag = g_strdup_printf("<table columns=\"%u\">\n", columns);
    put_open(self(writer), tag);
}

static void
xml_table_end(Writer *writer)
{
    put_close(self(writer), "</table>\n");
}

static void
put_cell(XmlWriter *w, const DocCell *cell)
{
    indent(w);
    g_string_append_printf(w->out, " <cell column=\"%u\"", cell->column + 1);
    if (cell->row_span > 1) {
        g_string_append_printf(w->out, " rowspan=\"%u\"", cell->row_span);
    }
    if (cell->column_span > 1) {
        g_string_append_printf(w->out, " colspan=\"%u\"", cell->column_span);
    }
    if (cell->header != 0) {
        put_attribute(w->out, "header", cell->header == HEADER_COLUMN ? "column" : "row");
    }
    if (cell->paragraphs->len == 0) {
        g_string_append(w->out, "/>\n");
        return;
    }
    g_string_append_c(w->out, '>');
    for (guint i = 0; i < cell->paragraphs->len; i++) {
        put_element(w->out, "p", g_ptr_array_index(cell->paragraphs, i));
    }
    g_string_append(w->out, "</cell>\n");
}

static void
xml_table_row(Writer *writer, GPtrArray *cells)
{
    XmlWriter *w = self(writer);
    indent(w);
    g_string_append(w->out, "<row>\n");
    for (guint i = 0; i < cells->len; i++) {
        put_cell(w, g_ptr_array_index(cells, i));
    }
    indent(w);
    g_string_append(w->out, "</row>\n");
    flush(w, w->body);
}

static void
xml_figure(Writer *writer, GPtrArray *paragraphs, const Zone *zone)
{
    XmlWriter *w = self(writer);
    indent(w);
    g_string_append_printf(w->out, "<figure zones=\"z%u\"", zone->zone);
    if (paragraphs->len == 0) {
        g_string_append(w->out, "/>\n");
        flush(w, w->body);
        return;
    }
    g_string_append_c(w->out, '>');
    for (guint i = 0; i < paragraphs->len; i++) {
        put_element(w->out, "p", g_ptr_array_index(paragraphs, i));
    }
    g_string_append(w->out, "</figure>\n");
    flush(w, w->body);
}

/* ---- whole ---- */

static void
put_source(GString *out, const DocumentFacts *f)
{
    g_string_append(out, " <source");
    put_attribute(out, "name", f->name);
    put_attribute(out, "sha256", f->sha256);
    g_string_append_printf(out, " pages=\"%u\"", f->pages);
    put_attribute(out, "title", f->title);
    put_attribute(out, "created", f->created);
    g_string_append(out, "/>\n <producer name=\"yomijun\"");
    put_attribute(out, "version", f->version);
    put_attribute(out, "poppler", f->poppler);
    put_attribute(out, "tesseract", f->tesseract);
    put_attribute(out, "paint-trace", f->paint_trace ? "yes" : "no");
    put_attribute(out, "options", f->options);
    g_string_append(out, "/>\n");
}

static void
put_correction(GString *out, const Correction *c)
{
    const char *why_not = correction_why_not(c);
    g_string_append(out, "  <correction");
    if (c->fit == FIT_APPLIED) {
        g_string_append_printf(out, " zone=\"z%u\"", c->zone);
    }
    g_string_append_printf(out, " page=\"%u\"", c->page);
    put_box(out, c->box);
    put_attribute(out, "state", c->state);
    put_attribute(out, "unfit", why_not);
    g_string_append(out, "><old>");
    put_escaped(out, c->old != NULL ? c->old : "");
    g_string_append(out, "</old><new>");
    put_escaped(out, c->new);
    g_string_append(out, "</new></correction>\n");
}

/* What people changed, and what of it has no place any more. */
static void
put_corrections(GString *out, const Corrections *corrections)
{
    g_string_append_printf(out, " <corrections sha256=\"%s\">\n", corrections->sha256);
    for (guint i = 0; i < corrections->list->len; i++) {
        const Correction *c = &g_array_index(corrections->list, Correction, i);
        if (c->fit != FIT_ALREADY) {
            put_correction(out, c);
        }
    }
    g_string_append(out, " </corrections>\n");
}

gboolean
spool_copy(FILE *spool, FILE *out)
{
    g_autofree char *buffer = g_malloc(1 << 16);
    size_t n;
    if (fflush(spool) != 0 || ferror(spool) || fseek(spool, 0, SEEK_SET) != 0) {
        return FALSE;
    }
    while ((n = fread(buffer, 1, 1 << 16, spool)) > 0) {
        if (fwrite(buffer, 1, n, out) != n) {
            return FALSE;
        }
    }
    return !ferror(spool);
}

static gboolean
xml_finish(OutputWriter *output, const DocumentFacts *facts, FILE *out)
{
    XmlWriter *w = self(&output->writer);
    g_string_append(w->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                            "<document xmlns=\"urn:yomijun:document:1\">\n");
    put_source(w->out, facts);
    g_string_append(w->out, " <pages>\n");
    flush(w, out);
    if (!spool_copy(w->pages, out)) {
        return FALSE;
    }
    g_string_append(w->out, " </pages>\n");
    if (facts->corrections != NULL) {
        put_corrections(w->out, facts->corrections);
    }
    g_string_append(w->out, " <body>\n");
    flush(w, out);
    if (!spool_copy(w->body, out)) {
        return FALSE;
    }
    return fputs(" </body>\n</document>\n", out) >= 0 && fflush(out) == 0 && !ferror(out);
}

static void
xml_free(OutputWriter *output)
{
    XmlWriter *w = self(&output->writer);
    if (w->pages != NULL) {
        fclose(w->pages);
    }
    if (w->body != NULL) {
        fclose(w->body);
    }
    g_string_free(w->zones, TRUE);
    g_string_free(w->out, TRUE);
    g_free(w);
}

OutputWriter *
xml_writer_new(void)
{
    XmlWriter *w = g_new0(XmlWriter, 1);
    w->base = (OutputWriter){.writer = {.page = xml_page,
                                        .zone = xml_zone,
                                        .block = xml_block,
                                        .list_begin = xml_list_begin,
                                        .list_end = xml_list_end,
                                        .table_begin = xml_table_begin,
                                        .table_row = xml_table_row,
                                        .table_end = xml_table_end,
                                        .figure = xml_figure},
                             .finish = xml_finish,
                             .free = xml_free};
    w->zones = g_string_new(NULL);
    w->out = g_string_new(NULL);
    w->depth = 2;
    w->pages = tmpfile();
    w->body = tmpfile();
    if (w->pages == NULL || w->body == NULL) {
        int why = errno;
        xml_free(&w->base);
        errno = why;
        return NULL;
    }
    return &w->base;
}

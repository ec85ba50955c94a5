/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "changes-write.h"

#include <libxml/xmlwriter.h>
#include <string.h>

#define NAMESPACE "urn:yomijun:changes:1"

/* So many characters around what differs are shown to people. */
#define CONTEXT 20u
/* A passage of which nothing differs is shown so far. */
#define EXCERPT 40u

/* How what differs is told from what is around it. */
typedef struct {
    const char *begin, *end;
} Marks;

static const Marks old_brackets = {"[-", "-]"}, new_brackets = {"{+", "+}"};
static const Marks old_colours = {"\033[31m", "\033[0m"}, new_colours = {"\033[32m", "\033[0m"};

static const struct {
    Aside aside;
    const char *word, *says;
} asides[] = {
    {ASIDE_SOURCE, "source", "another source"},
    {ASIDE_PRODUCER, "producer", "made by another version or with other options"},
    {ASIDE_ZONES, "zones", "other zones"},
    {ASIDE_CONFIDENCE, "confidence", "other confidence"},
    {ASIDE_BOXES, "boxes", "boxes a little moved"},
};

/* ---- text ---- */

/* Control characters would be obeyed by a terminal. */
static void
put_chars(GString *out, const gunichar *text, guint32 from, guint32 to)
{
    for (guint32 i = from; i < to; i++) {
        g_string_append_unichar(out, g_unichar_iscntrl(text[i]) ? ' ' : text[i]);
    }
}

/* What is between two spots, or before the first, or after the last: its middle left out. */
static void
put_context(GString *out, const gunichar *text, guint32 from, guint32 to, gboolean first,
            gboolean last)
{
    guint32 head = first ? 0 : CONTEXT, tail = last ? 0 : CONTEXT;
    if (to - from <= head + tail + 1) {
        put_chars(out, text, from, to);
        return;
    }
    put_chars(out, text, from, from + head);
    g_string_append(out, "…");
    put_chars(out, text, to - tail, to);
}

/* The spots [i, to) of one passage, marked in its text. */
static void
put_passage(GString *out, const Passage *p, const GArray *spots, guint i, guint to, Marks marks)
{
    glong n;
    g_autofree gunichar *text = g_utf8_to_ucs4_fast(p->text, -1, &n);
    guint32 length = (guint32)n, at = 0, start = i;
    if (to == i + 1 && g_array_index(spots, Spot, i).to == 0) { /* the passage is only named */
        put_chars(out, text, 0, MIN(length, EXCERPT));
        g_string_append(out, length > EXCERPT ? "…" : "");
        return;
    }
    for (; i < to; i++) {
        const Spot *spot = &g_array_index(spots, Spot, i);
        put_context(out, text, at, spot->from, i == start, FALSE);
        if (spot->to > spot->from) {
            g_string_append(out, marks.begin);
            put_chars(out, text, spot->from, spot->to);
            g_string_append(out, marks.end);
        }
        at = spot->to;
    }
    put_context(out, text, at, length, FALSE, TRUE);
}

static guint
spots_of_passage(const GArray *spots, guint from)
{
    guint to = from;
    while (to < spots->len &&
           g_array_index(spots, Spot, to).passage == g_array_index(spots, Spot, from).passage) {
        to++;
    }
    return to;
}

static void
put_side(GString *out, const Claims *claims, const GArray *spots, char sign, Marks marks)
{
    for (guint i = 0, to; i < spots->len; i = to) {
        to = spots_of_passage(spots, i);
        g_string_append_printf(out, "    %c ", sign);
        put_passage(out, claims_passage(claims, g_array_index(spots, Spot, i).passage), spots, i,
                    to, marks);
        g_string_append_c(out, '\n');
    }
}

/* "page 3, table 2, row 4, column 1" */
static char *
where(const Claims *claims, const GArray *spots)
{
    g_autoptr(GString) words = g_string_new(NULL);
    const Passage *p = claims_passage(claims, g_array_index(spots, Spot, 0).passage);
    if (p->zones->len > 0) {
        g_string_append_printf(words, "page %u, ",
                               claims_zone(claims, g_array_index(p->zones, guint, 0))->page);
    }
    if (p->table > 0) {
        g_string_append_printf(words, "table %u, row %u, column %u", p->table, p->row, p->column);
    } else {
        g_string_append(words, p->kind == PASSAGE_P ? "paragraph" : passage_word(p->kind));
    }
    return g_string_free(g_steal_pointer(&words), FALSE);
}

static void
put_change(GString *out, const Claims *old, const Claims *new, const DocChange *c,
           const ChangesFacts *facts)
{
    g_autofree char *was = c->old->len > 0 ? where(old, c->old) : NULL;
    g_autofree char *is = c->new->len > 0 ? where(new, c->new) : NULL;
    g_string_append_printf(out, "  %s", class_word(c->class));
    if (was != NULL) {
        g_string_append_printf(out, "  %s", was);
    }
    if (is != NULL && g_strcmp0(was, is) != 0) {
        g_string_append_printf(out, "%s%s", was != NULL ? " → " : "  ", is);
    }
    if (c->what != NULL) {
        g_autofree char *what = g_strdelimit(g_strdup(c->what), "\r\n\t\033", ' ');
        g_string_append_printf(out, "%s%s", was != NULL || is != NULL ? ": " : "  ", what);
    }
    g_string_append_c(out, '\n');
    put_side(out, old, c->old, '-', facts->coloured ? old_colours : old_brackets);
    put_side(out, new, c->new, '+', facts->coloured ? new_colours : new_brackets);
}

/* The line at the end: the gravest first. */
static void
put_sum(GString *out, const Changes *changes)
{
    g_string_append_printf(out, "%u change%s", changes->list->len,
                           changes->list->len == 1 ? "" : "s");
    const char *between = ": ";
    for (guint i = CLASS_LAST + 1; i-- > 0;) {
        if (changes->counts[i] > 0) {
            g_string_append_printf(out, "%s%u %s", between, changes->counts[i],
                                   class_word((ChangeClass)i));
            between = ", ";
        }
    }
    g_string_append_c(out, '\n');
}

gboolean
changes_write_text(const Claims *old, const Claims *new, const Changes *changes,
                   const ChangesFacts *facts, FILE *out)
{
    g_autoptr(GString) text = g_string_new(NULL);
    guint32 page = 0;
    g_string_append_printf(text, "%s → %s\n", facts->old, facts->new);
    for (guint i = 0; i < G_N_ELEMENTS(asides); i++) {
        if (changes->aside & asides[i].aside) {
            g_string_append_printf(text, "not counted: %s\n", asides[i].says);
        }
    }
    for (guint i = 0; i < changes->list->len; i++) {
        const DocChange *c = changes_change(changes, i);
        if (i == 0 || c->page != page) {
            g_string_append(text, c->page > 0 ? "" : "\nno page\n");
            if (c->page > 0) {
                g_string_append_printf(text, "\npage %u\n", c->page);
            }
        }
        page = c->page;
        put_change(text, old, new, c, facts);
    }
    g_string_append(text, changes->list->len > 0 ? "\n" : "");
    put_sum(text, changes);
    return fwrite(text->str, 1, text->len, out) == text->len;
}

/* ---- XML ---- */

static void
put(xmlTextWriterPtr xml, const char *name, const char *value)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    for (char *p = valid; *p != '\0'; p++) { /* what XML cannot hold */
        *p = (guchar)*p < ' ' ? ' ' : *p;
    }
    xmlTextWriterWriteAttribute(xml, (const xmlChar *)name, (const xmlChar *)valid);
}

static void
put_number(xmlTextWriterPtr xml, const char *name, guint value)
{
    g_autofree char *text = g_strdup_printf("%u", value);
    put(xml, name, text);
}

static void
begin(xmlTextWriterPtr xml, const char *name)
{
    xmlTextWriterStartElement(xml, (const xmlChar *)name);
}

static void
put_text(xmlTextWriterPtr xml, const gunichar *text, guint32 from, guint32 to)
{
    g_autofree char *utf8 = g_ucs4_to_utf8(text + from, to - from, NULL, NULL, NULL);
    xmlTextWriterWriteString(xml, (const xmlChar *)(utf8 != NULL ? utf8 : ""));
}

static void
put_zones(xmlTextWriterPtr xml, const Claims *claims, const Passage *p)
{
    g_autoptr(GString) ids = g_string_new(NULL);
    for (guint i = 0; i < p->zones->len; i++) {
        g_string_append_printf(ids, "%s%s", i > 0 ? " " : "",
                               claims_zone(claims, g_array_index(p->zones, guint, i))->id);
    }
    put(xml, "zones", ids->str);
}

/* A passage with the spots [i, to) in it. */
static void
put_spots(xmlTextWriterPtr xml, const char *side, const Claims *claims, const GArray *spots,
          guint i, guint to)
{
    guint passage = g_array_index(spots, Spot, i).passage;
    const Passage *p = claims_passage(claims, passage);
    glong length;
    g_autofree gunichar *text = g_utf8_to_ucs4_fast(p->text, -1, &length);
    guint32 at = 0;
    begin(xml, side);
    put_number(xml, "passage", passage + 1);
    put(xml, "kind", passage_word(p->kind));
    if (p->zones->len > 0) {
        put_number(xml, "page", claims_zone(claims, g_array_index(p->zones, guint, 0))->page);
    }
    if (p->table > 0) {
        put_number(xml, "table", p->table);
        put_number(xml, "row", p->row);
        put_number(xml, "column", p->column);
    }
    put_zones(xml, claims, p);
    for (; i < to; i++) {
        const Spot *spot = &g_array_index(spots, Spot, i);
        put_text(xml, text, at, spot->from);
        begin(xml, "differs");
        put_number(xml, "at", spot->from);
        put_text(xml, text, spot->from, spot->to);
        xmlTextWriterEndElement(xml);
        at = spot->to;
    }
    put_text(xml, text, at, (guint32)length);
    xmlTextWriterEndElement(xml);
}

static void
put_sides(xmlTextWriterPtr xml, const char *side, const Claims *claims, const GArray *spots)
{
    for (guint i = 0, to; i < spots->len; i = to) {
        to = spots_of_passage(spots, i);
        xmlTextWriterWriteString(xml, (const xmlChar *)"\n  ");
        put_spots(xml, side, claims, spots, i, to);
    }
}

static void
put_xml_change(xmlTextWriterPtr xml, const Claims *old, const Claims *new, const DocChange *c)
{
    xmlTextWriterWriteString(xml, (const xmlChar *)"\n ");
    begin(xml, "change");
    put(xml, "class", class_word(c->class));
    if (c->page > 0) {
        put_number(xml, "page", c->page);
    }
    if (c->what != NULL) {
        put(xml, "what", c->what);
    }
    put_sides(xml, "old", old, c->old);
    put_sides(xml, "new", new, c->new);
    xmlTextWriterEndElement(xml);
}

static void
put_xml_head(xmlTextWriterPtr xml, const Claims *old, const Claims *new, const Changes *changes,
             const ChangesFacts *facts)
{
    g_autoptr(GString) aside = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(asides); i++) {
        if (changes->aside & asides[i].aside) {
            g_string_append_printf(aside, "%s%s", aside->len > 0 ? " " : "", asides[i].word);
        }
    }
    put(xml, "old", facts->old);
    put(xml, "new", facts->new);
    put(xml, "old-sha256", old->sha256);
    put(xml, "new-sha256", new->sha256);
    put(xml, "version", facts->version);
    put(xml, "worst", class_word(changes_worst(changes)));
    put(xml, "aside", aside->str);
    for (guint i = CLASS_LAST + 1; i-- > 0;) {
        xmlTextWriterWriteString(xml, (const xmlChar *)"\n ");
        begin(xml, "count");
        put(xml, "class", class_word((ChangeClass)i));
        put_number(xml, "changes", changes->counts[i]);
        xmlTextWriterEndElement(xml);
    }
}

gboolean
changes_write_xml(const Claims *old, const Claims *new, const Changes *changes,
                  const ChangesFacts *facts, FILE *out)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr xml = xmlNewTextWriterMemory(buffer, 0);
    xmlTextWriterStartDocument(xml, NULL, "UTF-8", NULL);
    begin(xml, "changes");
    put(xml, "xmlns", NAMESPACE);
    put_xml_head(xml, old, new, changes, facts);
    for (guint i = 0; i < changes->list->len; i++) {
        put_xml_change(xml, old, new, changes_change(changes, i));
    }
    xmlTextWriterWriteString(xml, (const xmlChar *)"\n");
    xmlTextWriterEndElement(xml);
    xmlTextWriterEndDocument(xml);
    xmlFreeTextWriter(xml);
    size_t size = (size_t)xmlBufferLength(buffer);
    gboolean ok = fwrite(xmlBufferContent(buffer), 1, size, out) == size;
    xmlBufferFree(buffer);
    return ok;
}

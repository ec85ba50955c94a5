/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report.h"

#include "xml-nodes.h"

#include <libxml/xmlwriter.h>
#include <string.h>

#define NAMESPACE "urn:yomijun:report:1"

/* ---- values ---- */

static void
put(xmlTextWriterPtr xml, const char *name, const char *value)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    for (char *p = valid; *p != '\0'; p++) { /* what XML cannot hold */
        *p = (guchar)*p < ' ' ? ' ' : *p;
    }
    xmlTextWriterWriteAttribute(xml, (const xmlChar *)name, (const xmlChar *)valid);
}

static void put_format(xmlTextWriterPtr xml, const char *name, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
put_format(xmlTextWriterPtr xml, const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *value = g_strdup_vprintf(format, args);
    va_end(args);
    put(xml, name, value);
}

/* As few digits as tell it. */
static char *
decimal(double value, int digits)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE], format[] = "%.0f";
    format[2] = (char)('0' + digits);
    g_ascii_formatd(buffer, sizeof buffer, format, value);
    if (strchr(buffer, '.') != NULL) {
        gsize n = strlen(buffer);
        while (buffer[n - 1] == '0') {
            n--;
        }
        buffer[buffer[n - 1] == '.' ? n - 1 : n] = '\0';
    }
    return g_strdup(buffer);
}

static void
put_number(xmlTextWriterPtr xml, const char *name, double value, int digits)
{
    g_autofree char *text = decimal(value, digits);
    put(xml, name, text);
}

static void
put_box(xmlTextWriterPtr xml, Rect box)
{
    g_autofree char *x0 = decimal(box.x0, 2), *y0 = decimal(box.y0, 2), *x1 = decimal(box.x1, 2),
                    *y1 = decimal(box.y1, 2);
    put_format(xml, "box", "%s %s %s %s", x0, y0, x1, y1);
}

static void
begin(xmlTextWriterPtr xml, const char *name)
{
    xmlTextWriterStartElement(xml, (const xmlChar *)name);
}

/* ---- the report ---- */

static void
write_finding(xmlTextWriterPtr xml, const Claims *claims, const ClaimedPage *page, const Finding *f)
{
    begin(xml, "finding");
    put_format(xml, "page", "%u", page->number);
    if (f->zone != NO_ZONE) {
        put(xml, "zone", claims_zone(claims, f->zone)->id);
    }
    if (f->placed) {
        put_box(xml, f->box);
    }
    put(xml, "kind", finding_word(f->kind));
    put(xml, "expected", f->expected);
    put(xml, "seen", f->seen);
    put_number(xml, "confidence", f->confidence, 2);
    if (f->at >= 0) {
        put_format(xml, "at", "%d", f->at);
    }
    for (guint i = 0; i < f->looks->len; i++) {
        const Said *said = &g_array_index(f->looks, Said, i);
        begin(xml, "look");
        put(xml, "by", said->by);
        put(xml, "says", said->says);
        put_number(xml, "confidence", said->confidence, 2);
        xmlTextWriterEndElement(xml);
    }
    xmlTextWriterEndElement(xml);
}

static void
write_zone(xmlTextWriterPtr xml, const Claims *claims, const ZoneVerdict *v)
{
    const ClaimedZone *zone = claims_zone(claims, v->zone);
    begin(xml, "zone");
    put(xml, "id", zone->id);
    put(xml, "verdict", finding_word(v->verdict));
    put_number(xml, "agreement", v->agreement, 4);
    if (zone->placed) {
        put_box(xml, zone->box);
    }
    if (v->verdict != FINDING_AGREES) {
        put(xml, "expected", claims_passage(claims, zone->passage)->text);
    }
    if (v->verdict != FINDING_AGREES && v->seen != NULL) {
        put(xml, "seen", v->seen);
    }
    xmlTextWriterEndElement(xml);
}

static void
write_page(xmlTextWriterPtr xml, const Claims *claims, const PageVerdict *v)
{
    const ClaimedPage *page = claims_page(claims, v->page);
    begin(xml, "page");
    put_format(xml, "n", "%u", page->number);
    if (v->failed != NULL) {
        put(xml, "failed", v->failed);
    } else {
        put_number(xml, "agreement", v->agreement, 4);
        put_format(xml, "picture", "%u", v->picture);
        put_number(xml, "scale-x", v->placing.scale_x, 4);
        put_number(xml, "scale-y", v->placing.scale_y, 4);
        put_number(xml, "x", v->placing.x, 2);
        put_number(xml, "y", v->placing.y, 2);
        put_format(xml, "anchors", "%u", v->placing.anchors);
    }
    for (guint i = 0; i < v->zones->len; i++) {
        write_zone(xml, claims, &g_array_index(v->zones, ZoneVerdict, i));
    }
    for (guint i = 0; i < v->findings->len; i++) {
        write_finding(xml, claims, page, &g_array_index(v->findings, Finding, i));
    }
    xmlTextWriterEndElement(xml);
}

gboolean
report_write(const Claims *claims, const Report *report, const ReportFacts *facts, FILE *out)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr xml = xmlNewTextWriterMemory(buffer, 0);
    xmlTextWriterSetIndent(xml, 1);
    xmlTextWriterStartDocument(xml, NULL, "UTF-8", NULL);
    begin(xml, "report");
    put(xml, "xmlns", NAMESPACE);
    put(xml, "document", facts->document);
    put(xml, "sha256", claims->sha256);
    put(xml, "source", facts->source);
    put_number(xml, "agreement", report->agreement, 4);
    put_number(xml, "threshold", facts->threshold, 4);
    put_format(xml, "characters", "%u", report->chars);
    put_format(xml, "findings", "%u", report->findings);
    put_format(xml, "doubts", "%u", report->doubts);
    put(xml, "self-check", facts->self_check ? "yes" : "no");
    begin(xml, "producer");
    put(xml, "name", "yomijun");
    put(xml, "version", facts->version);
    put(xml, "tesseract", facts->tesseract);
    xmlTextWriterEndElement(xml);
    for (guint i = 0; i < report->pages->len; i++) {
        write_page(xml, claims, g_ptr_array_index(report->pages, i));
    }
    xmlTextWriterEndElement(xml);
    xmlTextWriterEndDocument(xml);
    xmlFreeTextWriter(xml);
    size_t size = (size_t)xmlBufferLength(buffer);
    gboolean ok = fwrite(xmlBufferContent(buffer), 1, size, out) == size;
    xmlBufferFree(buffer);
    return ok;
}

/* ---- the document with the verdicts ---- */

static void
annotate_zones(xmlNode *node, GHashTable *verdicts)
{
    for (xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type != XML_ELEMENT_NODE) {
            continue;
        }
        xmlChar *id = strcmp((const char *)child->name, "zone") == 0
                          ? xmlGetNoNsProp(child, (const xmlChar *)"id")
                          : NULL;
        const ZoneVerdict *v = id != NULL ? g_hash_table_lookup(verdicts, id) : NULL;
        if (v != NULL) {
            g_autofree char *agreement = decimal(v->agreement, 4);
            xmlSetProp(child, (const xmlChar *)"verdict",
                       (const xmlChar *)finding_word(v->verdict));
            xmlSetProp(child, (const xmlChar *)"agreement", (const xmlChar *)agreement);
        }
        xmlFree(id);
        annotate_zones(child, verdicts);
    }
}

gboolean
report_annotate(const char *path, const Claims *claims, const Report *report, FILE *out)
{
    GHashTable *verdicts = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < report->pages->len; i++) {
        const PageVerdict *page = g_ptr_array_index(report->pages, i);
        for (guint k = 0; k < page->zones->len; k++) {
            ZoneVerdict *v = &g_array_index(page->zones, ZoneVerdict, k);
            g_hash_table_insert(verdicts, claims_zone(claims, v->zone)->id, v);
        }
    }
    const char *why = NULL;
    xmlDocPtr doc = xml_read_file(path, &why);
    xmlChar *bytes = NULL;
    int size = 0;
    if (doc != NULL) {
        annotate_zones(xmlDocGetRootElement(doc), verdicts);
        xmlDocDumpMemory(doc, &bytes, &size);
    }
    gboolean ok = bytes != NULL && fwrite(bytes, 1, (size_t)size, out) == (size_t)size;
    xmlFree(bytes);
    xmlFreeDoc(doc);
    g_hash_table_destroy(verdicts);
    return ok;
}

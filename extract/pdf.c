/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf.h"

#include <poppler.h>
#include <string.h>
#include <unistd.h>

#ifdef PAINT_TRACE
#include "paint-trace.h"
#endif
#include "ink.h"
#include "picture.h"
#include "text-layer.h"

/* Pages further than this are not read: a page tree can claim any number. */
#define PAGES_MOST 100000u
#define OUTLINE_MOST 20000u
#define OUTLINE_DEPTH 12

struct Pdf {
    PopplerDocument *document;
#ifdef PAINT_TRACE
    PaintTrace *trace;
#endif
    PdfFacts facts;
};

G_DEFINE_QUARK(yomijun - extract - error, extract_error)

/* ---- the file ---- */

/* Readers look for the header in the first 1,024 bytes. */
static gboolean
is_pdf(int fd, GError **error)
{
    char head[1024];
    ssize_t n = pread(fd, head, sizeof head, 0);
    if (n <= 0) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED,
                    n == 0 ? "is empty" : "cannot be read");
        return FALSE;
    }
    if (memmem(head, (size_t)n, "%PDF-", 5) == NULL) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_UNKNOWN,
                    "is neither a PDF nor a PNG, JPEG or TIFF image");
        return FALSE;
    }
    return TRUE;
}

/* ---- facts ---- */

static char *
without_space(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const gchar *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isspace(c) && c != 0x3000) {
            g_string_append_unichar(out, c);
        }
    }
    return g_string_free(out, FALSE);
}

static void
read_outline(PopplerIndexIter *iter, GHashTable *outline, int level)
{
    do {
        PopplerAction *action = poppler_index_iter_get_action(iter);
        if (action != NULL && action->any.title != NULL &&
            g_utf8_validate(action->any.title, -1, NULL)) {
            char *title = without_space(action->any.title);
            if (*title != '\0' && !g_hash_table_contains(outline, title)) {
                g_hash_table_insert(outline, title, GINT_TO_POINTER(level));
            } else {
                g_free(title);
            }
        }
        g_clear_pointer(&action, poppler_action_free);
        PopplerIndexIter *child = poppler_index_iter_get_child(iter);
        if (child != NULL && level < OUTLINE_DEPTH) {
            read_outline(child, outline, level + 1);
        }
        g_clear_pointer(&child, poppler_index_iter_free);
    } while (g_hash_table_size(outline) < OUTLINE_MOST && poppler_index_iter_next(iter));
}

static void
read_facts(Pdf *pdf)
{
    PdfFacts *facts = &pdf->facts;
    int pages = poppler_document_get_n_pages(pdf->document);
    facts->pages = (guint)CLAMP(pages, 0, (int)PAGES_MOST);
    g_autofree char *title = poppler_document_get_title(pdf->document);
    if (title != NULL && *title != '\0') {
        facts->title = g_utf8_make_valid(title, -1);
    }
    g_autoptr(GDateTime) created = poppler_document_get_creation_date_time(pdf->document);
    if (created != NULL) {
        facts->created = g_date_time_format_iso8601(created);
    }
    PopplerIndexIter *iter = poppler_index_iter_new(pdf->document);
    if (iter != NULL) {
        facts->outline = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        read_outline(iter, facts->outline, 1);
        poppler_index_iter_free(iter);
    }
}

/* ---- open ---- */

static void
set_open_error(GError **error, const GError *why, const char *password)
{
    if (g_error_matches(why, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED)) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED, "%s",
                    password == NULL ? "is encrypted: give its password with --password"
                                     : "is encrypted and this password does not open it");
        return;
    }
    g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED, "is damaged beyond use: %s",
                why->message);
}

/* The error of poppler 22.12 for a wrong password is that of a damaged file, so what is encrypted
 * is found out without one first. poppler closes the descriptor it is given. */
static PopplerDocument *
open_document(int fd, const char *password, GError **error)
{
    g_autoptr(GError) why = NULL;
    PopplerDocument *document = poppler_document_new_from_fd(dup(fd), NULL, &why);
    if (document == NULL && password != NULL &&
        g_error_matches(why, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED)) {
        document = poppler_document_new_from_fd(dup(fd), password, NULL);
    }
    if (document == NULL) {
        g_propagate_error(error, g_steal_pointer(&why));
    }
    return document;
}

Pdf *
pdf_open(int fd, const char *password, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(Pdf) pdf = g_new0(Pdf, 1);
    if (!is_pdf(fd, error)) {
        return NULL;
    }
    pdf->document = open_document(fd, password, &why);
    if (pdf->document == NULL) {
        set_open_error(error, why, password);
        return NULL;
    }
#ifdef PAINT_TRACE
    pdf->trace = paint_trace_open(fd, password);
    if (pdf->trace == NULL) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED, "is damaged beyond use");
        return NULL;
    }
#endif
    read_facts(pdf);
    if (pdf->facts.pages == 0) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED, "has no pages");
        return NULL;
    }
    return g_steal_pointer(&pdf);
}

void
pdf_free(Pdf *pdf)
{
    if (pdf == NULL) {
        return;
    }
#ifdef PAINT_TRACE
    g_clear_pointer(&pdf->trace, paint_trace_free);
#endif
    g_clear_object(&pdf->document);
    g_free(pdf->facts.title);
    g_free(pdf->facts.created);
    g_clear_pointer(&pdf->facts.outline, g_hash_table_unref);
    g_free(pdf);
}

const PdfFacts *
pdf_facts(const Pdf *pdf)
{
    return &pdf->facts;
}

/* ---- pages ---- */

#ifndef PAINT_TRACE
static char *
page_label(Pdf *pdf, guint number)
{
    PopplerPage *page = poppler_document_get_page(pdf->document, (int)number - 1);
    char *label = NULL;
    if (page != NULL) {
        g_autofree char *text = poppler_page_get_label(page);
        label = text != NULL && *text != '\0' ? g_utf8_make_valid(text, -1) : NULL;
        g_object_unref(page);
    }
    return label;
}
#endif

/* Characters that only the font's maker knows the meaning of. */
static void
notice_private(Page *page)
{
    Rect around = rect_none();
    guint n = 0;
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        if (g->unicode >= 0xE000 && g->unicode <= 0xF8FF && g->hidden == HIDDEN_NOT) {
            around = rect_union(around, glyph_rect(g));
            n++;
        }
    }
    if (n > 0) {
        page_notice(page, "private-use", &around, n, "characters of the private use area");
    }
}

Page *
pdf_page(Pdf *pdf, guint number, GError **error)
{
    Page *page;
#ifdef PAINT_TRACE
    page = paint_trace_page(pdf->trace, number);
#else
    page = text_layer_page(pdf->document, (int)number - 1, NULL);
#endif
    if (page == NULL) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED, "the page cannot be read");
        return NULL;
    }
    if (page->painted_known) {
        ink_check(pdf->document, page);
    }
    notice_private(page);
#ifndef PAINT_TRACE
    page->label = page_label(pdf, number); /* the trace knows it without a second page object */
#endif
    return page;
}

PIX *
pdf_picture(Pdf *pdf, const Page *page, double dpi, double *ret_dpi, GError **error)
{
    PopplerPage *source = poppler_document_get_page(pdf->document, (int)page->number - 1);
    Picture picture;
    PIX *pix = NULL;
    if (source != NULL && page->width > 0 && page->height > 0 &&
        picture_render(source, page, dpi, &picture)) {
        pix = picture_pix(&picture);
        *ret_dpi = picture.scale * 72;
        picture_clear(&picture);
    }
    g_clear_object(&source);
    if (pix == NULL) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED, "the page cannot be rendered");
    }
    return pix;
}

const char *
pdf_poppler_version(void)
{
    return poppler_get_version();
}

gboolean
pdf_has_paint_trace(void)
{
#ifdef PAINT_TRACE
    return TRUE;
#else
    return FALSE;
#endif
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf.h"

#include <poppler.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef PAINT_TRACE
#include "paint-trace.h"
#endif
#include "ink.h"
#include "text-layer.h"

/* Pages further than this are not read: a page tree can claim any number. */
#define PAGES_MOST 100000u
/* Bytes read from standard input at most. */
#define INPUT_MOST (2ull << 30)
#define OUTLINE_MOST 20000u
#define OUTLINE_DEPTH 12

struct Pdf {
    GBytes *bytes;
    PopplerDocument *document;
#ifdef PAINT_TRACE
    PaintTrace *trace;
#endif
    PdfFacts facts;
};

G_DEFINE_QUARK(yomijun-extract-error, extract_error)

/* ---- the file ---- */

static GBytes *
read_stream(FILE *in, GError **error)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    g_autofree guint8 *buffer = g_malloc(1 << 16);
    size_t n;
    while ((n = fread(buffer, 1, 1 << 16, in)) > 0) {
        if (all->len + (guint64)n > INPUT_MOST) {
            g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN, "standard input is larger than 2 GiB");
            return NULL;
        }
        g_byte_array_append(all, buffer, (guint)n);
    }
    if (ferror(in)) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN, "cannot read standard input");
        return NULL;
    }
    return g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

GBytes *
pdf_read(const char *path, GError **error)
{
    if (strcmp(path, "-") == 0) {
        return read_stream(stdin, error);
    }
    g_autoptr(GError) why = NULL;
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN, "is a folder, not a PDF file");
        return NULL;
    }
    g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, &why);
    if (map == NULL) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN, "cannot be opened: %s",
                    g_strerror(g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? 2 : 13));
        return NULL;
    }
    return g_mapped_file_get_bytes(map);
}

/* Readers look for the header in the first 1,024 bytes. */
static gboolean
looks_like_pdf(GBytes *bytes)
{
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    for (gsize i = 0; data != NULL && i + 5 <= size && i < 1024; i++) {
        if (memcmp(data + i, "%PDF-", 5) == 0) {
            return TRUE;
        }
    }
    return FALSE;
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
        if (action != NULL && action->any.title != NULL && g_utf8_validate(action->any.title, -1, NULL)) {
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
    g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED, "is damaged beyond use: %s", why->message);
}

/* The bytes as a file without a name. -1 if there is no room. */
static int
nameless_file(GBytes *bytes)
{
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    int fd = memfd_create("pdf", MFD_CLOEXEC);
    for (gsize done = 0; fd >= 0 && done < size;) {
        ssize_t n = write(fd, data + done, size - done);
        if (n <= 0) {
            close(fd);
            return -1;
        }
        done += (gsize)n;
    }
    return fd;
}

/* poppler_document_new_from_bytes() of 22.12 reads freed memory when it tries a wrong password, so a
 * password is tried by way of a file. The test with a wrong password tells when this can go. */
static PopplerDocument *
open_document(GBytes *bytes, const char *password, GError **error)
{
    g_autoptr(GError) why = NULL;
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, &why);
    if (document != NULL || password == NULL ||
        !g_error_matches(why, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED)) {
        if (document == NULL) {
            g_propagate_error(error, g_steal_pointer(&why));
        }
        return document;
    }
    int fd = nameless_file(bytes);
    document = fd >= 0 ? poppler_document_new_from_fd(fd, password, NULL) : NULL;
    if (document == NULL) {
        g_propagate_error(error, g_steal_pointer(&why));
    }
    return document;
}

Pdf *
pdf_open(GBytes *bytes, const char *password, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(Pdf) pdf = g_new0(Pdf, 1);
    pdf->bytes = g_bytes_ref(bytes);
    if (!looks_like_pdf(pdf->bytes)) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED, "%s",
                    g_bytes_get_size(pdf->bytes) == 0 ? "is empty" : "is not a PDF file");
        return NULL;
    }
    pdf->document = open_document(pdf->bytes, password, &why);
    if (pdf->document == NULL) {
        set_open_error(error, why, password);
        return NULL;
    }
#ifdef PAINT_TRACE
    gsize size;
    const char *data = g_bytes_get_data(pdf->bytes, &size);
    pdf->trace = paint_trace_open(data, size, password);
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
    g_clear_pointer(&pdf->bytes, g_bytes_unref);
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
    if (page->label == NULL) {
        page->label = page_label(pdf, number);
    }
    return page;
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ink.h"

#include <cairo.h>

/* Pixels a point: a stroke of a small character is a third of a pixel wide then, and still grey. */
#define SCALE 2.0
/* A page larger than this many pixels is not rendered; its glyphs count as inked. */
#define PIXELS_MOST 30e6
/* Grey values in one box further apart than this are ink. */
#define SHADES 24
/* So many codes of one font that all mean a space are too many. */
#define SPACES_SUSPECT 3u

static cairo_surface_t *
render(PopplerDocument *document, const Page *page)
{
    if (page->width * page->height * SCALE * SCALE > PIXELS_MOST) {
        return NULL;
    }
    PopplerPage *source = poppler_document_get_page(document, (int)page->number - 1);
    if (source == NULL) {
        return NULL;
    }
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)ceil(page->width * SCALE), (int)ceil(page->height * SCALE));
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, SCALE, SCALE);
    poppler_page_render(source, cr);
    cairo_destroy(cr);
    g_object_unref(source);
    cairo_surface_flush(surface);
    return surface;
}

static gboolean
box_has_ink(cairo_surface_t *surface, const Glyph *g)
{
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    int stride = cairo_image_surface_get_stride(surface);
    int x0 = MAX(0, (int)((double)g->x0 * SCALE)),
        x1 = MIN(width, (int)ceil((double)g->x1 * SCALE));
    int y0 = MAX(0, (int)((double)g->y0 * SCALE)),
        y1 = MIN(height, (int)ceil((double)g->y1 * SCALE));
    int darkest = 255, lightest = 0;
    for (int y = y0; y < y1; y++) {
        for (int x = x0; x < x1; x++) {
            const unsigned char *p = data + (ptrdiff_t)y * stride + (ptrdiff_t)x * 4;
            int grey = (p[0] + 2 * p[1] + p[2]) / 4;
            darkest = MIN(darkest, grey);
            lightest = MAX(lightest, grey);
        }
    }
    return lightest - darkest > SHADES;
}

/* A font has one space, or two; one whose Unicode table calls several characters a space is wrong
 * about some of them. Marks those for the look, which tells which ones are painted. */
static void
suspect_spaces(Page *page)
{
    g_autoptr(GHashTable) codes = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GArray) keys = g_array_sized_new(FALSE, TRUE, sizeof(gint64), page->glyphs->len);
    g_autofree guint *of_font = g_new0(guint, page->fonts->len + 1);
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        guint16 font = page_glyph_style(page, g)->font;
        gint64 key = (gint64)font << 32 | g->code;
        if (g->unicode == ' ') {
            g_array_append_val(keys, key);
            gint64 *kept = &g_array_index(keys, gint64, keys->len - 1);
            of_font[font] += g_hash_table_add(codes, kept);
        }
    }
    for (guint i = 0; i < page->glyphs->len; i++) {
        Glyph *g = &g_array_index(page->glyphs, Glyph, i);
        if (g->unicode == ' ' && of_font[page_glyph_style(page, g)->font] >= SPACES_SUSPECT) {
            g->flags |= GLYPH_UNDECODED;
        }
    }
}

static gboolean
needs_check(const Page *page)
{
    for (guint i = 0; i < page->glyphs->len; i++) {
        if (page_glyph(page, i)->flags & GLYPH_UNDECODED) {
            return TRUE;
        }
    }
    return FALSE;
}

void
ink_check(PopplerDocument *document, Page *page)
{
    suspect_spaces(page);
    if (!needs_check(page)) {
        return;
    }
    cairo_surface_t *surface = render(document, page);
    Rect around = rect_none();
    guint inked = 0;
    for (guint i = 0; i < page->glyphs->len; i++) {
        Glyph *g = &g_array_index(page->glyphs, Glyph, i);
        if ((g->flags & GLYPH_UNDECODED) == 0) {
            continue;
        }
        gboolean suspect = g->unicode != 0;
        gboolean blank = surface != NULL ? !box_has_ink(surface, g) : suspect;
        if (blank && suspect) {
            g->flags &= ~(guint32)GLYPH_UNDECODED; /* a space it is */
        } else if (blank) {
            g->flags |= GLYPH_NO_INK;
        }
        if (blank) {
            continue;
        }
        g->unicode = 0;
        if (g->hidden == HIDDEN_NOT) {
            inked++;
            around = rect_union(around, glyph_rect(g));
        }
    }
    if (inked > 0) {
        page_notice(page, "undecoded", &around, inked,
                    "painted, and the font does not say what it is");
    }
    if (surface != NULL) {
        cairo_surface_destroy(surface);
    }
}

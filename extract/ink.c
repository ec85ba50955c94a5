/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ink.h"

#include "picture.h"

/* Dots per inch: a stroke of a small character is a third of a pixel wide then, and still grey. */
#define DPI 144.0
/* Grey values in one box further apart than this are ink. */
#define SHADES 24
/* So many codes of one font that all mean a space are too many. */
#define SPACES_SUSPECT 3u

/* FALSE if it cannot be rendered: its glyphs count as inked then. */
static gboolean
render(PopplerDocument *document, const Page *page, Picture *ret_picture)
{
    PopplerPage *source = poppler_document_get_page(document, (int)page->number - 1);
    gboolean ok = source != NULL && picture_render(source, page, DPI, ret_picture);
    g_clear_object(&source);
    return ok;
}

static gboolean
box_has_ink(const Picture *picture, const Glyph *g)
{
    double scale = picture->scale;
    int x0 = MAX(0, (int)((double)g->x0 * scale)),
        x1 = MIN(picture->width, (int)ceil((double)g->x1 * scale));
    int y0 = MAX(0, (int)((double)g->y0 * scale)),
        y1 = MIN(picture->height, (int)ceil((double)g->y1 * scale));
    int darkest = 255, lightest = 0;
    for (int y = y0; y < y1; y++) {
        for (int x = x0; x < x1; x++) {
            int grey = colour_grey(picture_colour(picture, x, y));
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
    Picture picture;
    gboolean seen = render(document, page, &picture);
    Rect around = rect_none();
    guint inked = 0;
    for (guint i = 0; i < page->glyphs->len; i++) {
        Glyph *g = &g_array_index(page->glyphs, Glyph, i);
        if ((g->flags & GLYPH_UNDECODED) == 0) {
            continue;
        }
        gboolean suspect = g->unicode != 0;
        gboolean blank = seen ? !box_has_ink(&picture, g) : suspect;
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
    if (seen) {
        picture_clear(&picture);
    }
}

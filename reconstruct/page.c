/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <string.h>

/* Styles are looked for among the newest first: text changes style seldom and then goes back. */
#define STYLE_LOOKBACK 64u

Page *
page_new(guint32 number, double width, double height)
{
    Page *page = g_new0(Page, 1);
    page->number = number;
    page->width = width;
    page->height = height;
    page->fonts = g_ptr_array_new_with_free_func(g_free);
    page->styles = g_array_new(FALSE, TRUE, sizeof(Style));
    page->glyphs = g_array_new(FALSE, TRUE, sizeof(Glyph));
    page->rulings = g_array_new(FALSE, TRUE, sizeof(Ruling));
    page->areas = g_array_new(FALSE, TRUE, sizeof(Area));
    page->images = g_array_new(FALSE, TRUE, sizeof(Mark));
    page->shapes = g_array_new(FALSE, TRUE, sizeof(Mark));
    page->notices = g_array_new(FALSE, TRUE, sizeof(Notice));
    page->readings = g_array_new(FALSE, TRUE, sizeof(Reading));
    return page;
}

void
page_free(Page *page)
{
    if (page == NULL) {
        return;
    }
    g_free(page->label);
    g_ptr_array_unref(page->fonts);
    g_array_unref(page->styles);
    g_array_unref(page->glyphs);
    g_array_unref(page->rulings);
    g_array_unref(page->areas);
    g_array_unref(page->images);
    g_array_unref(page->shapes);
    g_array_unref(page->notices);
    g_array_unref(page->readings);
    g_free(page);
}

/* Copies as much of `from` as fits, ending at a character's border. */
static void
copy_cut(char *to, size_t size, const char *from)
{
    size_t n = strlen(from);
    if (n >= size) {
        n = size - 1;
        while (n > 0 && ((guchar)from[n] & 0xC0) == 0x80) {
            n--;
        }
    }
    memcpy(to, from, n);
    to[n] = '\0';
}

void
page_notice(Page *page, const char *kind, const Rect *box, guint32 count, const char *text)
{
    Notice notice = {.count = count};
    copy_cut(notice.kind, sizeof notice.kind, kind);
    if (text != NULL) {
        copy_cut(notice.text, sizeof notice.text, text);
    }
    if (box != NULL) {
        notice.x0 = (float)box->x0;
        notice.y0 = (float)box->y0;
        notice.x1 = (float)box->x1;
        notice.y1 = (float)box->y1;
    }
    g_array_append_val(page->notices, notice);
}

guint16
page_font(Page *page, const char *name)
{
    for (guint i = page->fonts->len; i > 0; i--) {
        if (strcmp(g_ptr_array_index(page->fonts, i - 1), name) == 0) {
            return (guint16)(i - 1);
        }
    }
    if (page->fonts->len < G_MAXUINT16) {
        g_ptr_array_add(page->fonts, g_strdup(name));
    }
    return (guint16)(page->fonts->len - 1);
}

guint16
page_style(Page *page, const Style *style)
{
    guint n = page->styles->len;
    guint oldest = n > STYLE_LOOKBACK ? n - STYLE_LOOKBACK : 0;
    for (guint i = n; i > oldest; i--) {
        const Style *s = &g_array_index(page->styles, Style, i - 1);
        if (s->size == style->size && s->colour == style->colour && s->font == style->font &&
            s->direction == style->direction && s->flags == style->flags) {
            return (guint16)(i - 1);
        }
    }
    if (n < G_MAXUINT16) {
        g_array_append_val(page->styles, *style);
    }
    return (guint16)(page->styles->len - 1);
}

static int
compare_readings(gconstpointer a, gconstpointer b)
{
    const Reading *p = a, *q = b;
    return p->glyph < q->glyph ? -1 : p->glyph > q->glyph;
}

const Reading *
page_reading(const Page *page, guint i)
{
    const Reading wanted = {.glyph = i};
    guint at = 0;
    return g_array_binary_search(page->readings, &wanted, compare_readings, &at)
               ? &g_array_index(page->readings, Reading, at)
               : NULL;
}

guint32
page_raw(const Page *page, guint i)
{
    const Glyph *g = page_glyph(page, i);
    const Reading *r = (g->flags & GLYPH_REPAIRED) != 0 ? page_reading(page, i) : NULL;
    return r != NULL ? r->raw : g->unicode;
}

void
page_sort_readings(Page *page)
{
    g_array_sort(page->readings, compare_readings);
}

gboolean
glyph_is_blank(const Glyph *glyph)
{
    if (glyph->flags & GLYPH_NO_INK) {
        return TRUE;
    }
    guint32 c = glyph->unicode;
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0xAD ||
           c == 0x3000 || (c >= 0x2000 && c <= 0x200F) || c == 0x202F || c == 0x205F ||
           c == 0x2060 || c == 0xFEFF;
}

const char *
direction_word(Direction direction)
{
    static const char *const words[] = {"right", "down", "left", "up", "vertical", "other"};
    return words[direction];
}

const char *
origin_word(Origin origin)
{
    static const char *const words[] = {"text-layer", "ocr", "text"};
    return words[origin];
}

const char *
hidden_word(Hidden hidden)
{
    static const char *const words[] = {"no",          "invisible", "clipped",  "covered",
                                        "same-colour", "outside",   "read-anew"};
    return words[hidden];
}

const char *
ruling_source_word(RulingSource source)
{
    static const char *const words[] = {"stroke", "fill", "edge", "image"};
    return words[source];
}

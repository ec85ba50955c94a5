/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-lines.h"

#include <string.h>

#include "chars.h"
#include "marks.h"

/* A space that an extractor puts between Latin and Japanese stands for a quarter of an em. */
static const double SPACE_WIDTH = 0.25;
/* Characters spread over a line are counted with less, since how far they stand apart is not known
 * and the line is no wider than its column. */
static const double SPREAD_WIDTH = 0.1;

gboolean
text_may_not_begin(guint32 c)
{
    static const char stops[] =
        "、。，．：；？！ー々ゝゞヽヾァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ"
        "）〕］｝〉》」』】”’),.]}％";
    return g_utf8_strchr(stops, -1, c) != NULL;
}

gboolean
text_may_not_end(guint32 c)
{
    return g_utf8_strchr("（〔［｛〈《「『【＜“‘([{<", -1, c) != NULL;
}

static gboolean
is_half(guint32 c)
{
    return c < 0x1100 || (c >= 0xFF61 && c <= 0xFFDC);
}

static gboolean
is_space(guint32 c)
{
    return g_unichar_isspace(c) || c == 0xFEFF || c == 0x200B;
}

/* A bullet with a space after it is no column. */
static gboolean
is_bullet_alone(const TextPage *page, const TextPart *part)
{
    const guint32 *c = text_page_chars(page, part->from);
    return part->to - part->from == 1 && start_read(c, 1).kind == MARK_BULLET;
}

static void
add_part(TextPage *page, TextLine *line, guint32 from)
{
    guint32 here = page->chars->len;
    if (from == here) {
        return;
    }
    TextPart part = {from, here, FALSE, FALSE};
    if (line->n_part == 0) {
        g_array_append_val(page->parts, part);
        line->n_part++;
        return;
    }
    TextPart *last = &g_array_index(page->parts, TextPart, page->parts->len - 1);
    const guint32 *c = text_page_chars(page, from);
    part.cut = char_is_cjk(c[-1]) && char_is_cjk(c[0]);
    gboolean spread = part.cut && here - from == 1 && !text_may_not_begin(c[0]) &&
                      (last->spread || last->to - last->from == 1);
    if (spread || line->n_part == TEXT_MAX_PARTS || is_bullet_alone(page, last)) {
        last->to = here;
        last->spread = spread;
        return;
    }
    g_array_append_val(page->parts, part);
    line->n_part++;
}

/* A space between Latin words is no column's edge. */
static gboolean
may_part(const TextPage *page, guint32 c)
{
    return char_is_cjk(c) || char_is_cjk(*text_page_chars(page, page->chars->len - 1));
}

static void
read_line(TextPage *page, const char *raw, gsize length)
{
    TextLine line = {page->chars->len, 0, page->parts->len, 0, raw, length};
    guint32 from = page->chars->len;
    double width = g_array_index(page->widths, double, page->chars->len);
    gboolean after_space = FALSE;
    for (const char *p = raw; p < raw + length; p = g_utf8_find_next_char(p, NULL)) {
        guint32 c = g_utf8_get_char(p);
        if (!is_space(c)) {
            if (after_space && from < page->chars->len && may_part(page, c)) {
                add_part(page, &line, from);
                from = page->chars->len;
            }
            g_array_append_val(page->chars, c);
            guint8 spaced = after_space && page->chars->len - 1 > line.from;
            g_array_append_val(page->spaced, spaced);
            after_space = FALSE;
            width += is_half(c) ? 0.5 : 1;
            g_array_append_val(page->widths, width);
            continue;
        }
        if (!after_space && page->chars->len > line.from) {
            guint32 n = page->chars->len;
            gboolean alone = n - line.from < 2 || g_array_index(page->spaced, guint8, n - 1);
            width += alone ? SPREAD_WIDTH : SPACE_WIDTH;
            g_array_index(page->widths, double, page->widths->len - 1) = width;
        }
        after_space = TRUE;
    }
    add_part(page, &line, from);
    line.to = page->chars->len;
    g_array_append_val(page->lines, line);
}

TextPage *
text_page_new(guint32 number, char *text)
{
    TextPage *page = g_new0(TextPage, 1);
    page->number = number;
    page->raw = text;
    page->chars = g_array_new(FALSE, FALSE, sizeof(guint32));
    page->widths = g_array_new(FALSE, FALSE, sizeof(double));
    page->spaced = g_array_new(FALSE, FALSE, sizeof(guint8));
    page->parts = g_array_new(FALSE, FALSE, sizeof(TextPart));
    page->lines = g_array_new(FALSE, FALSE, sizeof(TextLine));
    double none = 0;
    g_array_append_val(page->widths, none);
    for (const char *p = text; *p != '\0';) {
        const char *end = strchrnul(p, '\n');
        read_line(page, p, (gsize)(end - p));
        p = *end == '\0' ? end : end + 1;
    }
    return page;
}

void
text_page_free(TextPage *page)
{
    if (page == NULL) {
        return;
    }
    g_free(page->raw);
    g_array_unref(page->chars);
    g_array_unref(page->widths);
    g_array_unref(page->spaced);
    g_array_unref(page->parts);
    g_array_unref(page->lines);
    g_free(page);
}

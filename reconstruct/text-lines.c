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

static gboolean
is_bullet(const TextPage *page, guint32 at)
{
    return start_read(text_page_chars(page, at), 1).kind == MARK_BULLET;
}

/* A bullet with a space after it is no column. */
static gboolean
is_bullet_alone(const TextPage *page, const TextPart *part)
{
    return part->to - part->from == 1 && is_bullet(page, part->from);
}

static TextPart *
part_at(const TextPage *page, const TextLine *line, guint i)
{
    return &g_array_index(page->parts, TextPart, line->part + i);
}

/* A character after a number and a space (132 校) may be the end of its line: what is spread after
 * it is another's. */
static gboolean
is_after_number(const TextPage *page, const TextLine *line)
{
    const TextPart *last = part_at(page, line, line->n_part - 1);
    return line->n_part > 1 && !last->cut && !last->spread &&
           char_is_digit(*text_page_chars(page, last->from - 1));
}

/* Does a part of one character go on with the spread ones before it? */
static gboolean
is_spread_on(const TextPage *page, const TextLine *line, const TextPart *part)
{
    const TextPart *last = part_at(page, line, line->n_part - 1);
    guint32 c = *text_page_chars(page, part->from);
    return part->cut && part->to - part->from == 1 && !text_may_not_begin(c) &&
           !is_bullet(page, part->from) && (last->spread || last->to - last->from == 1) &&
           !is_after_number(page, line);
}

/* エ ネ ル ア 地熱発電: of spread characters that end before a line of text, the last is its mark.
 */
static void
part_mark(TextPage *page, TextLine *line)
{
    TextPart *last = part_at(page, line, line->n_part - 1);
    const guint32 *c = text_page_chars(page, last->to - 1);
    if (!last->spread || *c < 0x30A1 || *c > 0x30F3 || line->n_part == TEXT_MAX_PARTS) {
        return;
    }
    const TextPart mark = {.from = last->to - 1, .to = last->to, .cut = TRUE};
    last->to--;
    last->spread = last->to - last->from > 1;
    g_array_append_val(page->parts, mark);
    line->n_part++;
}

/* Takes two parts of a full line together: a number and what it counts if there are such. */
static void
unite_parts(TextPage *page, TextLine *line)
{
    guint at = line->n_part - 1;
    for (guint i = line->n_part - 1; i > 0; i--) {
        const TextPart *part = part_at(page, line, i);
        const guint32 *c = text_page_chars(page, part->from);
        gboolean is_counted = char_is_digit(c[-1]) || char_is_digit(c[0]);
        at = !part->cut && is_counted && !part_at(page, line, i - 1)->spread ? i : at;
    }
    part_at(page, line, at - 1)->to = part_at(page, line, at)->to;
    part_at(page, line, at - 1)->spread = FALSE;
    g_array_remove_index(page->parts, line->part + at);
    line->n_part--;
}

static void
add_part(TextPage *page, TextLine *line, guint32 from)
{
    TextPart part = {.from = from, .to = page->chars->len};
    if (part.from == part.to) {
        return;
    }
    if (line->n_part > 0) {
        const guint32 *c = text_page_chars(page, from);
        part.cut = char_is_cjk(c[-1]) && char_is_cjk(c[0]);
        TextPart *last = part_at(page, line, line->n_part - 1);
        gboolean spread = is_spread_on(page, line, &part);
        if (spread || is_bullet_alone(page, last)) {
            last->to = part.to;
            last->spread = spread;
            return;
        }
        if (part.to - part.from > 1) {
            part_mark(page, line);
        }
    }
    if (line->n_part == TEXT_MAX_PARTS) {
        unite_parts(page, line);
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

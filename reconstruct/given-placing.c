/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "given-placing.h"

#include <math.h>
#include <string.h>

#include "alike.h"

/* In font sizes: a baseline that is elsewhere; a gap wider than those of a name spread over its
 * column. */
#define LEVEL 0.4
#define WIDE_GAP 6.0
/* A gap that is there between all characters of such a name. */
#define SPREAD 0.4

static void
take_text(GivenPlacing *p, const char *text)
{
    gboolean cut = FALSE;
    gboolean head = FALSE;
    for (const char *at = text; *at != '\0'; at = g_utf8_find_next_char(at, NULL)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_isspace(c)) {
            cut = TRUE;
            head = head || c == '\n' || c == '\r';
        } else {
            GivenChar given = {c, char_plain(c), cut, head, -1, -1};
            g_array_append_val(p->given, given);
            cut = FALSE;
            head = FALSE;
        }
    }
}

/* Whether a vertical ruling stands between two glyphs of a level line. */
static gboolean
ruling_between(const Page *page, const Glyph *a, const Glyph *b)
{
    for (guint i = 0; i < page->rulings->len; i++) {
        const Ruling *r = &g_array_index(page->rulings, Ruling, i);
        double x = (a->x1 + b->x0) / 2.0;
        double half = fabsf(b->x0 - a->x1) / 2.0 + 1.0;
        if (r->x0 == r->x1 && fabs(r->x0 - x) <= half && r->y0 <= a->origin_y && r->y1 >= a->y0) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
goes_on(const GivenPlacing *p, const Glyph *a, const Glyph *b)
{
    float size = MAX(page_glyph_style(p->read, a)->size, 1.0f);
    if (given_is_vertical(p->read, a) || given_is_vertical(p->read, b)) {
        return fabsf(a->origin_x - b->origin_x) < LEVEL * size && b->y0 > a->y0;
    }
    return fabsf(a->origin_y - b->origin_y) < LEVEL * size && b->x0 > a->x0 &&
           b->x0 - a->x1 < WIDE_GAP * size &&
           (b->x0 - a->x1 < size / 4.0f || !ruling_between(p->read, a, b));
}

/* Level, and with gaps between all of its characters. */
static gboolean
is_spread(const GivenPlacing *p, const GivenLine *line)
{
    for (guint i = line->from + 1; i < line->to; i++) {
        const Glyph *a = given_glyph(p, i - 1);
        const Glyph *b = given_glyph(p, i);
        if (given_is_vertical(p->read, a) ||
            b->x0 - a->x1 < SPREAD * MAX(page_glyph_style(p->read, a)->size, 1.0f)) {
            return FALSE;
        }
    }
    return line->to > line->from + 1;
}

static void
find_lines(GivenPlacing *p)
{
    for (guint32 i = 0; i < p->read->glyphs->len; i++) {
        const Glyph *g = page_glyph(p->read, i);
        if (glyph_is_blank(g) || g->hidden != HIDDEN_NOT) {
            continue;
        }
        g_array_append_val(p->order, i);
        guint n = p->order->len;
        if (n > 1 && goes_on(p, given_glyph(p, n - 2), g)) {
            GivenLine *line = given_line(p, p->lines->len - 1);
            line->to = n;
            line->box = rect_union(line->box, glyph_rect(g));
            line->spread = is_spread(p, line);
        } else {
            GivenLine line = {n - 1, n, glyph_rect(g), FALSE, 0, -1, FALSE};
            g_array_append_val(p->lines, line);
        }
    }
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    const double *x = a;
    const double *y = b;
    return *x < *y ? -1 : *x > *y;
}

static double
text_size(const GivenPlacing *p)
{
    g_autoptr(GArray) sizes = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < p->order->len; i++) {
        double size = (double)page_glyph_style(p->read, given_glyph(p, i))->size;
        g_array_append_val(sizes, size);
    }
    g_array_sort(sizes, compare_doubles);
    return sizes->len > 0 ? g_array_index(sizes, double, sizes->len / 2)
                          : (double)GIVEN_UNPLACED_SIZE;
}

/* Places with ink that could not be read are lines without glyphs. */
static void
find_unread(GivenPlacing *p)
{
    for (guint i = 0; i < p->read->notices->len; i++) {
        const Notice *notice = &g_array_index(p->read->notices, Notice, i);
        if (strcmp(notice->kind, "unread") == 0 && notice->x1 > notice->x0) {
            guint32 end = p->order->len;
            GivenLine line = {end,   end, {notice->x0, notice->y0, notice->x1, notice->y1},
                              FALSE, 0,   (gint32)i,
                              FALSE};
            g_array_append_val(p->lines, line);
        }
    }
}

GivenPlacing *
given_placing_new(const Page *read, const char *text)
{
    GivenPlacing *p = g_new0(GivenPlacing, 1);
    p->read = read;
    p->given = g_array_new(FALSE, FALSE, sizeof(GivenChar));
    p->order = g_array_new(FALSE, FALSE, sizeof(guint32));
    p->lines = g_array_new(FALSE, FALSE, sizeof(GivenLine));
    p->paired = g_byte_array_new();
    take_text(p, text);
    find_lines(p);
    find_unread(p);
    p->size = text_size(p);
    g_byte_array_set_size(p->paired, p->order->len);
    for (guint i = 0; i < p->paired->len; i++) {
        p->paired->data[i] = 0;
    }
    return p;
}

void
given_placing_free(GivenPlacing *p)
{
    if (p != NULL) {
        g_array_unref(p->given);
        g_array_unref(p->order);
        g_array_unref(p->lines);
        g_byte_array_unref(p->paired);
        g_free(p);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "line-glyphs.h"

#include <math.h>
#include <string.h>

#include "signs.h"
#include "symbol-extents.h"

/* The part of an em that narrow characters have beside their ink: their advances touch. */
#define NARROW_SPARE 0.2
/* The em along the line is told from so many steps between wide characters; it is no more than this
 * times the em across: beyond that, text is spread. */
#define PITCH_STEPS 4u
#define PITCH_MOST 1.25
/* Ink wider than this part of an em that no character accounts for is noticed. */
#define UNREAD_EMS 0.45
/* Sizes nearer than this to the common one are the common one: the height of a line's ink depends
 * on what is written. */
#define SAME_SIZE 0.17
/* So many notices a page; the last one is of all that remain. */
#define UNREAD_NOTICES 40u

/* How much ink the columns (rows, if vertical) of a line have; NULL if it lies outside. */
static int *
line_profile(PIX *ink, const InkLine *line)
{
    BOX *box = boxCreate(line->x0, line->y0, line->x1 - line->x0, line->y1 - line->y0);
    g_autoptr(PIX) part = pixClipRectangle(ink, box, NULL);
    boxDestroy(&box);
    if (part == NULL) {
        return NULL;
    }
    NUMA *counts = line->vertical ? pixCountPixelsByRow(part, NULL) : pixCountPixelsByColumn(part);
    int n = ink_line_length(line), *profile = g_new0(int, n + 1);
    for (int i = 0; i < MIN(n, numaGetCount(counts)); i++) {
        numaGetIValue(counts, i, &profile[i]);
    }
    numaDestroy(&counts);
    return profile;
}

static void
shrink_to_ink(const int *profile, int *from, int *to)
{
    int a = *from, b = *to;
    while (a < b && profile[a] == 0) {
        a++;
    }
    while (b > a && profile[b - 1] == 0) {
        b--;
    }
    if (b > a) {
        *from = a;
        *to = b;
    }
}

static guint16
line_style(int common, const InkLine *line, Page *page)
{
    double em = abs(line->em - common) <= SAME_SIZE * common ? common : line->em;
    Style style = {.size = (float)(round(em / RASTER_SCALE * 4) / 4),
                   .font = page_font(page, "OCR"),
                   .direction = line->vertical ? DIRECTION_VERTICAL : DIRECTION_RIGHT};
    return page_style(page, &style);
}

static gboolean
is_wide(guint32 c)
{
    return g_unichar_iswide(c);
}

/* The em box of a symbol: its ink along the line, no narrower than the em for characters that have
 * one to themselves, as far as its neighbours leave room; the em around the line's middle across.
 */
static Glyph
glyph_of(const InkLine *line, const Symbol *s, const int extent[2], const int room[2], double em,
         double pitch)
{
    double from = extent[0], to = extent[1];
    double spare = is_wide(s->unicode) ? (pitch - (to - from)) / 2 : NARROW_SPARE * em;
    if (spare > 0) {
        from = MAX(MIN(from, (from + room[0]) / 2), from - spare);
        to = MIN(MAX(to, (to + room[1]) / 2), to + spare);
    }
    double middle = line->vertical ? (line->x0 + line->x1) / 2.0 : (line->y0 + line->y1) / 2.0;
    double start = line->vertical ? line->y0 : line->x0, k = 1 / RASTER_SCALE;
    double along0 = (start + from) * k, along1 = (start + to) * k;
    double across0 = (middle - em / 2) * k, across1 = (middle + em / 2) * k;
    Glyph g = {.unicode = s->unicode, .confidence = s->confidence, .origin = ORIGIN_OCR};
    g.x0 = (float)(line->vertical ? across0 : along0);
    g.x1 = (float)(line->vertical ? across1 : along1);
    g.y0 = (float)(line->vertical ? along0 : across0);
    g.y1 = (float)(line->vertical ? along1 : across1);
    g.origin_x = line->vertical ? (float)(middle * k) : g.x0;
    g.origin_y = line->vertical ? g.y0 : (float)(across1 - 0.12 * em * k);
    return g;
}

static gboolean
is_latin(guint32 c)
{
    return c < 0x2E80 && g_unichar_isalnum(c);
}

/* A blank between two words of letters. */
static void
add_blank(GArray *glyphs, const Glyph *after)
{
    const Glyph *before = &g_array_index(glyphs, Glyph, glyphs->len - 1);
    if (!is_latin(before->unicode) || !is_latin(after->unicode) || after->x0 <= before->x1) {
        return;
    }
    Glyph blank = *after;
    blank.unicode = ' ';
    blank.x0 = before->x1;
    blank.x1 = after->x0;
    blank.origin_x = blank.x0;
    g_array_append_val(glyphs, blank);
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

/* How far apart wide characters that follow one another stand: the em along the line, which may be
 * set a little wider than high. */
static double
pitch_of(const GArray *symbols, const int (*extents)[2], double em)
{
    g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 1; i < symbols->len; i++) {
        if (is_wide(g_array_index(symbols, Symbol, i - 1).unicode) &&
            is_wide(g_array_index(symbols, Symbol, i).unicode)) {
            double step =
                (extents[i][0] + extents[i][1] - extents[i - 1][0] - extents[i - 1][1]) / 2.0;
            g_array_append_val(steps, step);
        }
    }
    if (steps->len < PITCH_STEPS) {
        return em;
    }
    g_array_sort(steps, compare_doubles);
    double pitch = g_array_index(steps, double, steps->len / 2);
    return pitch > em && pitch <= PITCH_MOST * em ? pitch : em;
}

static void
add_glyphs(int common, const InkLine *line, const GArray *symbols, GArray *extents, Page *page)
{
    guint16 style = line_style(common, line, page);
    double em = (double)g_array_index(page->styles, Style, style).size * RASTER_SCALE;
    int(*e)[2] = (int(*)[2])(void *)extents->data;
    double pitch = pitch_of(symbols, (const int(*)[2])(void *)extents->data, em);
    for (guint i = 0; i < symbols->len; i++) {
        const Symbol *s = &g_array_index(symbols, Symbol, i);
        int room[2] = {i > 0 ? e[i - 1][1] : e[i][0] - line->em,
                       i + 1 < symbols->len ? e[i + 1][0] : e[i][1] + line->em};
        Glyph glyph = glyph_of(line, s, e[i], room, em, pitch);
        glyph.style = style;
        if (s->word && i > 0 && !line->vertical) {
            add_blank(page->glyphs, &glyph);
        }
        g_array_append_val(page->glyphs, glyph);
    }
}

void
notice_unread(Page *page, const Rect *box, const char *why)
{
    guint n = 0;
    Notice *last = NULL;
    for (guint i = 0; i < page->notices->len; i++) {
        Notice *notice = &g_array_index(page->notices, Notice, i);
        if (strcmp(notice->kind, "unread") == 0) {
            last = notice;
            n++;
        }
    }
    if (n < UNREAD_NOTICES) {
        page_notice(page, "unread", box, 1, why);
        return;
    }
    last->x0 = MIN(last->x0, (float)box->x0);
    last->y0 = MIN(last->y0, (float)box->y0);
    last->x1 = MAX(last->x1, (float)box->x1);
    last->y1 = MAX(last->y1, (float)box->y1);
    last->count++;
    g_strlcpy(last->text, "the rest of what could not be read", sizeof last->text);
}

/* Ink of a line between what the symbols account for. */
static void
notice_gaps(const InkLine *line, const int *profile, GArray *extents, Page *page)
{
    int(*e)[2] = (int(*)[2])(void *)extents->data;
    int least = (int)(UNREAD_EMS * line->em), from = 0;
    for (guint i = 0; i <= extents->len; i++) {
        int to = i < extents->len ? e[i][0] : ink_line_length(line), ink0 = from, ink1 = to;
        shrink_to_ink(profile, &ink0, &ink1);
        if (ink1 - ink0 > least && profile[ink0] > 0) {
            Rect box = ink_line_box(line);
            double k = 1 / RASTER_SCALE, start = line->vertical ? box.y0 : box.x0;
            *(line->vertical ? &box.y0 : &box.x0) = start + ink0 * k;
            *(line->vertical ? &box.y1 : &box.x1) = start + ink1 * k;
            notice_unread(page, &box, "ink that no character accounts for");
        }
        from = i < extents->len ? e[i][1] : to;
    }
}

void
line_glyphs_add(PIX *ink, const InkLine *line, int common, GArray *symbols, Page *page)
{
    g_autofree int *profile = line_profile(ink, line);
    if (profile == NULL) {
        return;
    }
    signs_find(ink, profile, line, symbols);
    g_autoptr(GArray) extents = symbol_extents(line, profile, symbols);
    signs_settle(ink, line, (const int(*)[2])(void *)extents->data, symbols);
    add_glyphs(common, line, symbols, extents, page);
    notice_gaps(line, profile, extents, page);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Readings: see readings.h.
 *
 * The two strings are aligned (Levenshtein; width and variants of signs do not count), which parts
 * them into stretches where they agree and stretches where they differ. A stretch where they differ
 * is the picture's if OCR was sure of it, the layer's otherwise. A layer that agrees with hardly
 * anything is no reading of this line at all.
 *
 * The layer has no confidence of its own. It comes from another engine, whose faults are others:
 * that two agree is worth more than what either says of itself.
 */
#include "readings.h"

#include <string.h>

#include "alike.h"

/* The confidence from which OCR is believed against the layer. */
#define SURE 0.97
#define SURE_OF_MUCH 0.4
/* Ems that a character of the layer has at least where ours stand close. */
#define LAYER_ROOM 0.2
/* … and a wide one; and by how much more they may reach into their neighbours. */
#define WIDE_ROOM 0.7
#define SPARE_ROOM 0.5
/* The part of the characters that must agree for the layer to be a reading of this line. */
#define AGREE_LEAST 0.35
/* What is said of a character of the layer that OCR read otherwise. */
#define LAYER_CONFIDENCE 0.5f
/* A reading of the picture less sure than this gives way to a layer that says something else. */
#define POOR 0.85
/* Characters that text of the layer has at least. */
#define TEXT_LEAST 4u
#define LINE_MOST 2000u
#define NOTICES_MOST 200u

/* ---- alike ---- */

static gunichar *
folded_line(const GArray *glyphs)
{
    gunichar *all = g_new0(gunichar, glyphs->len + 1);
    for (guint i = 0; i < glyphs->len; i++) {
        all[i] = char_plain(g_array_index(glyphs, Glyph, i).unicode);
    }
    return all;
}

/* ---- alignment ---- */

/* Distances between all beginnings: (n + 1) × (m + 1). */
static guint *
distances(const gunichar *a, guint n, const gunichar *b, guint m)
{
    guint *d = g_new(guint, (gsize)(n + 1) * (m + 1));
    for (guint i = 0; i <= n; i++) {
        for (guint j = 0; j <= m; j++) {
            guint *at = d + (gsize)i * (m + 1) + j;
            if (i == 0 || j == 0) {
                *at = i + j;
                continue;
            }
            guint change = at[-(gssize)m - 2] + (a[i - 1] != b[j - 1]);
            *at = MIN(change, MIN(at[-(gssize)m - 1], at[-1]) + 1);
        }
    }
    return d;
}

/* For each of ours, the index of the layer's that it is aligned with and agrees with, or −1. */
static int *
agreements(const gunichar *a, guint n, const gunichar *b, guint m, guint *ret_agreed)
{
    g_autofree guint *d = distances(a, n, b, m);
    int *with = g_new(int, n + 1);
    guint i = n, j = m;
    *ret_agreed = 0;
    for (guint k = 0; k < n; k++) {
        with[k] = -1;
    }
    while (i > 0 && j > 0) {
        const guint *at = d + (gsize)i * (m + 1) + j;
        if (*at == at[-(gssize)m - 2] + (a[i - 1] != b[j - 1])) {
            if (a[i - 1] == b[j - 1]) {
                with[i - 1] = (int)j - 1;
                ++*ret_agreed;
            }
            i--;
            j--;
        } else if (*at == at[-(gssize)m - 1] + 1) {
            i--;
        } else {
            j--;
        }
    }
    return with;
}

double
readings_agreement(const gunichar *a, guint n, const gunichar *b, guint m)
{
    guint agreed = 0;
    int *with = agreements(a, n, b, m, &agreed);
    g_free(with);
    return n > 0 && m > 0 ? (double)agreed / MAX(n, m) : 0;
}

/* ---- one stretch ---- */

typedef struct {
    const GArray *ours, *layer;
    gboolean vertical;
    Page *page;
    GArray *merged;
} Merge;

static double
confidence_of(const GArray *glyphs, guint from, guint to)
{
    double least = 1;
    for (guint i = from; i < to; i++) {
        least = MIN(least, (double)g_array_index(glyphs, Glyph, i).confidence);
    }
    return least;
}

static char *
words(const GArray *glyphs, guint from, guint to)
{
    GString *text = g_string_new(NULL);
    for (guint i = from; i < to; i++) {
        g_string_append_unichar(text, g_array_index(glyphs, Glyph, i).unicode);
    }
    return g_string_free(text, FALSE);
}

/* Where a stretch of ours lies; an empty one: what is between its neighbours, which may overlap. */
static Rect
gap_box(const Merge *m, guint from, guint to)
{
    Rect box = rect_none();
    for (guint i = from; i < to; i++) {
        box = rect_union(box, glyph_rect(&g_array_index(m->ours, Glyph, i)));
    }
    if (from < to) {
        return box;
    }
    gboolean first = from == 0, last = from >= m->ours->len;
    Rect before = glyph_rect(&g_array_index(m->ours, Glyph, first ? 0 : from - 1));
    Rect after = glyph_rect(&g_array_index(m->ours, Glyph, last ? from - 1 : from));
    double em = m->vertical ? rect_width(before) : rect_height(before);
    double start = m->vertical ? before.y1 : before.x1, end = m->vertical ? after.y0 : after.x0;
    box = before;
    *(m->vertical ? &box.y0 : &box.x0) = first ? end - em : start;
    *(m->vertical ? &box.y1 : &box.x1) = last ? start + em : end;
    return box;
}

/* The same, a fifth of an em at least. The layer's own boxes are rough: its characters would come
 * out in another order. */
static Rect
stretch_box(const Merge *m, guint from, guint to)
{
    Rect box = gap_box(m, from, to);
    double em = m->vertical ? rect_width(box) : rect_height(box);
    double along = m->vertical ? rect_height(box) : rect_width(box);
    double spare = MAX(0, LAYER_ROOM * em - along) / 2;
    *(m->vertical ? &box.y0 : &box.x0) -= spare;
    *(m->vertical ? &box.y1 : &box.x1) += spare;
    return box;
}

/* The layer's characters, in the style and on the line of ours, spread over the box. */
static void
add_layer(Merge *m, guint from, guint to, Rect box, const Glyph *like)
{
    double n = to - from;
    for (guint i = from; i < to; i++) {
        Glyph g = *like;
        double a = (i - from) / n, b = (i - from + 1) / n;
        g.unicode = g_array_index(m->layer, Glyph, i).unicode;
        g.code = g_array_index(m->layer, Glyph, i).code;
        g.origin = ORIGIN_TEXT_LAYER;
        g.confidence = LAYER_CONFIDENCE;
        if (m->vertical) {
            g.y0 = (float)(box.y0 + a * rect_height(box));
            g.y1 = (float)(box.y0 + b * rect_height(box));
            g.origin_y = g.y0;
        } else {
            g.x0 = (float)(box.x0 + a * rect_width(box));
            g.x1 = (float)(box.x0 + b * rect_width(box));
            g.origin_x = g.x0;
        }
        g_array_append_val(m->merged, g);
    }
}

static void
notice(Merge *m, const Rect *box, const char *layer, const char *ours, gboolean sure)
{
    guint n = 0;
    for (guint i = 0; i < m->page->notices->len; i++) {
        n += strcmp(g_array_index(m->page->notices, Notice, i).kind, "readings") == 0;
    }
    if (n < NOTICES_MOST) {
        g_autofree char *text = g_strdup_printf("%s taken; layer “%s”, picture “%s”",
                                                sure ? "picture" : "layer", layer, ours);
        page_notice(m->page, "readings", box, 1, text);
    }
}

/* Signs that tesseract's Japanese model does not know or takes for letters: ＋ for 十, － for ー,
 * ～ for こ, □ for ロ, 「 for [. */
static gboolean
is_weak_sign(guint32 c)
{
    static const gunichar signs[] = {'+',    '-',    0xFF0B, 0xFF0D, 0x2212, 0xB1,
                                     '~',    0xFF5E, 0x301C, ',',    0xFF0C, 0x3001,
                                     0x300C, 0x300D, 0x300E, 0x300F, 0x203B, 0x3012};
    for (guint i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (signs[i] == c) {
            return TRUE;
        }
    }
    return g_unichar_type(c) == G_UNICODE_OTHER_SYMBOL;
}

static gboolean
are_weak_signs(const GArray *glyphs, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        if (!is_weak_sign(g_array_index(glyphs, Glyph, i).unicode)) {
            return FALSE;
        }
    }
    return from < to;
}

/* Whether the picture's stretch is to be believed. A layer that has next to nothing where much is
 * read saw nothing. */
static gboolean
is_ours(const Merge *m, guint from, guint to, guint layer_from, guint layer_to)
{
    guint n = to - from, k = layer_to - layer_from;
    if (n == 0 || (n <= k + 1 && are_weak_signs(m->layer, layer_from, layer_to))) {
        return FALSE;
    }
    double confidence = confidence_of(m->ours, from, to);
    return confidence >= SURE || (n > 2 * k + 1 && confidence >= SURE_OF_MUCH);
}

/* Whether the layer's stretch has room where ours stands. One that has not says what other
 * characters of it say already: white letters on a dark ground come twice in some layers. */
static gboolean
layer_fits(const Merge *m, guint from, guint to, guint layer_from, guint layer_to)
{
    Rect box = gap_box(m, from, to);
    const Glyph *like = &g_array_index(m->ours, Glyph, from < m->ours->len ? from : from - 1);
    Rect r = glyph_rect(like);
    double em = m->vertical ? rect_width(r) : rect_height(r), needed = 0;
    for (guint i = layer_from; i < layer_to; i++) {
        needed +=
            g_unichar_iswide(g_array_index(m->layer, Glyph, i).unicode) ? WIDE_ROOM : LAYER_ROOM;
    }
    return needed * em <= (m->vertical ? rect_height(box) : rect_width(box)) + SPARE_ROOM * em;
}

/* Ours from … to and the layer's from … to differ; one of them may be empty. */
static void
merge_stretch(Merge *m, guint from, guint to, guint layer_from, guint layer_to)
{
    if (from == to && layer_from == layer_to) {
        return;
    }
    Rect box = stretch_box(m, from, to);
    gboolean sure = is_ours(m, from, to, layer_from, layer_to) ||
                    !layer_fits(m, from, to, layer_from, layer_to);
    g_autofree char *layer = words(m->layer, layer_from, layer_to);
    g_autofree char *ours = words(m->ours, from, to);
    notice(m, &box, layer, ours, sure);
    if (sure) {
        g_array_append_vals(m->merged, &g_array_index(m->ours, Glyph, from), to - from);
    } else {
        const Glyph *like = &g_array_index(m->ours, Glyph, from < m->ours->len ? from : from - 1);
        add_layer(m, layer_from, layer_to, box, like);
    }
}

static GArray *
without_blanks(const GArray *glyphs)
{
    GArray *inked = g_array_new(FALSE, FALSE, sizeof(Glyph));
    for (guint i = 0; i < MIN(glyphs->len, LINE_MOST); i++) {
        const Glyph *g = &g_array_index(glyphs, Glyph, i);
        if (!glyph_is_blank(g)) {
            g_array_append_val(inked, *g);
        }
    }
    return inked;
}

static double
mean_confidence(const GArray *glyphs)
{
    double sum = 0;
    for (guint i = 0; i < glyphs->len; i++) {
        sum += (double)g_array_index(glyphs, Glyph, i).confidence;
    }
    return glyphs->len > 0 ? sum / glyphs->len : 0;
}

gboolean
readings_layer_is_text(const GArray *layer)
{
    guint letters = 0, all = 0;
    for (guint i = 0; i < layer->len; i++) {
        const Glyph *g = &g_array_index(layer, Glyph, i);
        letters += g_unichar_isalnum(g->unicode) && g->unicode < 0xE000;
        all += !glyph_is_blank(g);
    }
    return all >= TEXT_LEAST && letters * 3 >= all * 2;
}

GArray *
readings_merge(const GArray *ours, const GArray *layer, gboolean vertical, Page *page)
{
    g_autoptr(GArray) own = without_blanks(ours), other = without_blanks(layer);
    g_autofree gunichar *a = folded_line(own), *b = folded_line(other);
    guint agreed = 0;
    g_autofree int *with = agreements(a, own->len, b, other->len, &agreed);
    if (agreed < AGREE_LEAST * MAX(own->len, other->len) && readings_layer_is_text(other) &&
        mean_confidence(own) < POOR) {
        return NULL;
    }
    if (own->len == 0 || agreed < AGREE_LEAST * MAX(own->len, other->len) || agreed == own->len) {
        GArray *same = g_array_new(FALSE, FALSE, sizeof(Glyph));
        g_array_append_vals(same, ours->data, ours->len);
        if (agreed < own->len || own->len == other->len) {
            return same;
        }
        g_array_unref(same);
    }
    Merge m = {own, other, vertical, page, g_array_new(FALSE, FALSE, sizeof(Glyph))};
    guint from = 0, layer_from = 0;
    for (guint i = 0; i < own->len; i++) {
        if (with[i] >= 0) {
            merge_stretch(&m, from, i, layer_from, (guint)with[i]);
            g_array_append_val(m.merged, g_array_index(own, Glyph, i));
            from = i + 1;
            layer_from = (guint)with[i] + 1;
        }
    }
    merge_stretch(&m, from, own->len, layer_from, other->len);
    return m.merged;
}

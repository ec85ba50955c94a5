/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drops.h"

/* Two like characters nearer than this, in ems, are one painted twice (fake bold, shadow). */
#define DOUBLE_NEAR 0.14

static Drop
drop_of(const Glyph *g)
{
    switch ((Hidden)g->hidden) {
    case HIDDEN_INVISIBLE:
        return DROP_INVISIBLE;
    case HIDDEN_CLIPPED:
        return DROP_CLIPPED;
    case HIDDEN_COVERED:
        return DROP_COVERED;
    case HIDDEN_SAME_COLOUR:
        return DROP_SAME_COLOUR;
    case HIDDEN_OUTSIDE:
        return DROP_OUTSIDE;
    case HIDDEN_READ_ANEW:
        return DROP_READ_ANEW;
    case HIDDEN_NOT:
    default:
        break;
    }
    if (g->flags & GLYPH_NO_INK) {
        return DROP_BLANK;
    }
    return g->unicode == 0 ? DROP_UNDECODED : DROP_NOT;
}

/* Glyphs hashed by character and place; a double falls into the same or a neighbouring square. */
static guint64
square_key(guint32 unicode, gint64 x, gint64 y)
{
    guint64 h = unicode * 0x9E3779B97F4A7C15u;
    h ^= (guint64)(x + 100000) * 0xC2B2AE3D27D4EB4Fu;
    h ^= (guint64)(y + 100000) * 0x165667B19E3779F9u;
    return h ^ h >> 29;
}

typedef struct {
    guint32 *slots; /* glyph index + 1 */
    guint64 mask;
} Squares;

static gboolean
is_double(const Squares *squares, const Page *page, const Glyph *g, double side, guint64 *ret_key)
{
    gint64 cx = (gint64)floor((double)g->x0 / side), cy = (gint64)floor((double)g->y0 / side);
    double near = DOUBLE_NEAR * (double)page_glyph_style(page, g)->size;
    *ret_key = square_key(g->unicode, cx, cy);
    for (gint64 dx = -1; dx <= 1; dx++) {
        for (gint64 dy = -1; dy <= 1; dy++) {
            guint64 key = square_key(g->unicode, cx + dx, cy + dy);
            for (guint64 at = key & squares->mask; squares->slots[at] != 0;
                 at = (at + 1) & squares->mask) {
                const Glyph *other = page_glyph(page, squares->slots[at] - 1);
                if (other->unicode == g->unicode &&
                    fabs((double)other->x0 - (double)g->x0) <= near &&
                    fabs((double)other->y0 - (double)g->y0) <= near) {
                    return TRUE;
                }
            }
        }
    }
    return FALSE;
}

static void
doubles_find(Layout *layout, const Page *page)
{
    const double side = 4.0; /* points; larger than any distance looked for */
    guint64 size = 64;
    while (size < 2 * (guint64)page->glyphs->len + 2) {
        size *= 2;
    }
    g_autofree guint32 *slots = g_new0(guint32, size);
    Squares squares = {slots, size - 1};
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        guint8 *drop = &g_array_index(layout->dropped, guint8, i);
        /* characters of a given text may share the place of one */
        if (*drop != DROP_NOT || g->origin == ORIGIN_TEXT || glyph_is_blank(g) ||
            !isfinite((double)g->x0) || fabs((double)g->x0) > 1e6 || fabs((double)g->y0) > 1e6) {
            continue;
        }
        guint64 key;
        if (is_double(&squares, page, g, side, &key)) {
            *drop = DROP_DOUBLE;
            continue;
        }
        guint64 at = key & squares.mask;
        while (slots[at] != 0) {
            at = (at + 1) & squares.mask;
        }
        slots[at] = i + 1;
    }
}

void
drops_find(Layout *layout, const Page *page)
{
    for (guint i = 0; i < page->glyphs->len; i++) {
        g_array_index(layout->dropped, guint8, i) = (guint8)drop_of(page_glyph(page, i));
    }
    doubles_find(layout, page);
}

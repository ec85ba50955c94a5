/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compare: see compare.h.
 *
 * The glyphs of the layer and those read are aligned in their order (Needleman and Wunsch, 1970): a
 * pair is worth how near it stands together, and as much again if both say the same. So right
 * characters hold the wrong ones between them in their places, also where OCR's boxes are rough.
 * Where nothing is to be believed, first only lines are aligned of which as many characters are
 * read as they have, one by one; what they say of a code is a guess, by which the others are
 * aligned.
 */
#include "compare.h"

#include "alike.h"

/* Glyphs further apart than so many of their widths are no pair; so far if they say the same. */
#define NEAR 1.0
#define NEAR_ALIKE 2.5
/* What a pair is worth for its order alone. */
#define IN_ORDER 0.05
/* The nearness, 1 to 0, from which a pair is a reading; between pairs that agree, it is one anyhow.
 */
#define NEAR_LEAST 0.5
/* A line is aligned if this part of the characters that are believed, and so many, read the same.
 */
#define AGREE_LEAST 0.6
#define AGREE_OF 3u
/* What nothing else aligns is aligned by place, if the numbers of characters differ by this part at
 * most, and is worth this part of its confidence: a vote for a shift, not for a character. */
#define COUNT_DIFFERS 0.12
#define BY_PLACE 0.5f
/* Longer lines are not compared. */
#define LINE_MOST 400u
/* Advances, in ems, of characters of full and half width. */
#define FULL_LEAST 0.97
#define FULL_MOST 1.03
#define HALF_MOST 0.62

typedef struct {
    guint index;      /* on the page */
    double at, width; /* its middle along the line, points */
    gunichar plain;   /* what it is compared by; 0: not known */
} Item;

/* Whichever character was read most often, more or less (Boyer and Moore, MJRTY, 1981). */
typedef struct {
    gint64 key; /* of a code */
    gunichar plain;
    guint votes;
} Guess;

typedef struct {
    const Page *read;
    const Suspects *suspects; /* or NULL */
    Page *page;
    GHashTable *guesses; /* Guess, its own key */
} Comparison;

/* ---- guesses ---- */

static gint64
key_of(const Page *page, const Glyph *g)
{
    return (gint64)page_glyph_style(page, g)->font << 32 | g->code;
}

static void
guess(Comparison *c, const Glyph *g, gunichar plain)
{
    gint64 key = key_of(c->page, g);
    Guess *known = g_hash_table_lookup(c->guesses, &key);
    if (known == NULL) {
        known = g_new0(Guess, 1);
        known->key = key;
        g_hash_table_add(c->guesses, known);
    }
    if (known->votes == 0) {
        known->plain = plain;
    }
    known->votes += known->plain == plain ? 1 : -1u;
}

/* What a glyph of the layer is compared by. */
static gunichar
believed(const Comparison *c, const Glyph *g)
{
    gboolean doubtful = c->suspects != NULL && suspects_glyph(c->suspects, c->page, g);
    if (g->unicode != 0 && !doubtful) {
        return char_plain(g->unicode);
    }
    gint64 key = key_of(c->page, g);
    const Guess *known = g_hash_table_lookup(c->guesses, &key);
    return known != NULL ? known->plain : 0;
}

/* ---- items ---- */

static gboolean
is_ours(const Comparison *c, const Glyph *g)
{
    return (g->flags & GLYPH_UNDECODED) != 0 ||
           (c->suspects != NULL && suspects_font(c->suspects, c->page, g));
}

static Item
item_of(const Glyph *g, guint i, gboolean vertical, gunichar plain)
{
    double from = (double)(vertical ? g->y0 : g->x0), to = (double)(vertical ? g->y1 : g->x1);
    return (Item){i, (from + to) / 2, MAX(to - from, 0.1), plain};
}

static int
compare_items(gconstpointer a, gconstpointer b)
{
    const Item *p = a, *q = b;
    return p->at != q->at ? (p->at < q->at ? -1 : 1) : p->index < q->index ? -1 : 1;
}

/* The layer's glyphs that are seen on the line, along it. */
static GArray *
layer_items(const Comparison *c, const InkLine *line)
{
    GArray *items = g_array_new(FALSE, FALSE, sizeof(Item));
    Rect box = ink_line_box(line);
    for (guint i = 0; i < c->page->glyphs->len; i++) {
        const Glyph *g = page_glyph(c->page, i);
        Rect r = glyph_rect(g);
        if (g->hidden == HIDDEN_NOT && !glyph_is_blank(g) && (g->flags & GLYPH_PART) == 0 &&
            rect_contains(box, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2)) {
            Item item = item_of(g, i, line->vertical, believed(c, g));
            g_array_append_val(items, item);
        }
    }
    g_array_sort(items, compare_items);
    return items;
}

static GArray *
read_items(const Comparison *c, const InkLine *line)
{
    GArray *items = g_array_new(FALSE, FALSE, sizeof(Item));
    for (guint i = line->glyph; i < line->glyph + line->glyphs; i++) {
        const Glyph *g = page_glyph(c->read, i);
        if (!glyph_is_blank(g)) {
            Item item = item_of(g, i, line->vertical, char_plain(g->unicode));
            g_array_append_val(items, item);
        }
    }
    return items;
}

static const Item *
item_at(const GArray *items, guint i)
{
    return &g_array_index(items, Item, i);
}

/* 1: at the same place; 0: a width away. */
static double
nearness(const Item *a, const Item *b)
{
    return 1 - fabs(a->at - b->at) / (NEAR * MAX(a->width, b->width));
}

static double
worth(const Item *a, const Item *b)
{
    double near = nearness(a, b);
    gboolean same = a->plain == b->plain;
    if (near <= 1 - NEAR_ALIKE / NEAR) {
        return 0;
    }
    return (same ? 1 : IN_ORDER) + MAX(near, 0);
}

/* For each of the layer's, the one read that is its pair, or −1. */
static int *
align(const GArray *layer, const GArray *read)
{
    guint n = layer->len, m = read->len, side = m + 1;
    g_autofree double *best = g_new0(double, (gsize)(n + 1) * side);
    int *with = g_new(int, n + 1);
    for (guint i = 1; i <= n; i++) {
        with[i - 1] = -1;
        for (guint j = 1; j <= m; j++) {
            double *at = best + (gsize)i * side + j;
            double pair =
                at[-(gssize)side - 1] + worth(item_at(layer, i - 1), item_at(read, j - 1));
            *at = MAX(pair, MAX(at[-(gssize)side], at[-1]));
        }
    }
    for (guint i = n, j = m; i > 0 && j > 0;) {
        const double *at = best + (gsize)i * side + j;
        if (*at == at[-(gssize)side]) {
            i--;
        } else if (*at == at[-1]) {
            j--;
        } else {
            with[--i] = (int)--j;
        }
    }
    return with;
}

/* Whether the alignment is to be trusted: enough of what is believed reads the same. */
static gboolean
is_aligned(const GArray *layer, const GArray *read, const int *with)
{
    guint firm = 0, agreed = 0;
    for (guint i = 0; i < layer->len; i++) {
        const Item *item = item_at(layer, i);
        if (item->plain != 0) {
            firm++;
            agreed += with[i] >= 0 && char_looks_alike(item->plain, item_at(read, with[i])->plain);
        }
    }
    return firm >= AGREE_OF && firm * 4 >= layer->len && agreed >= AGREE_LEAST * firm;
}

/* One by one; FALSE if they are not as many, or not where they should be. */
static gboolean
pair_off(const GArray *layer, const GArray *read, int *with)
{
    for (guint i = 0; i < layer->len; i++) {
        if (layer->len != read->len ||
            nearness(item_at(layer, i), item_at(read, i)) <= 1 - NEAR_ALIKE / NEAR) {
            return FALSE;
        }
        with[i] = (int)i;
    }
    return TRUE;
}

/* Whether the neighbour of i, one before or after, is the neighbour's pair and reads the same. */
static gboolean
neighbour_agrees(const GArray *layer, const GArray *read, const int *with, guint i, int by)
{
    gint64 k = (gint64)i + by;
    return k >= 0 && k < layer->len && with[k] == with[i] + by && with[k] >= 0 &&
           char_looks_alike(item_at(layer, (guint)k)->plain, item_at(read, with[k])->plain);
}

static gboolean
is_firm(const GArray *layer, const GArray *read, const int *with, guint i)
{
    return nearness(item_at(layer, i), item_at(read, with[i])) >= NEAR_LEAST ||
           (neighbour_agrees(layer, read, with, i, -1) &&
            neighbour_agrees(layer, read, with, i, 1));
}

/* OCR does not tell full width from half: the place that a glyph takes does. */
static guint32
as_wide_as(guint32 c, const Page *page, const Glyph *g)
{
    const Style *style = page_glyph_style(page, g);
    double advance =
        (double)(style->direction == DIRECTION_RIGHT || style->direction == DIRECTION_LEFT
                     ? g->x1 - g->x0
                     : g->y1 - g->y0) /
        MAX(0.1, (double)style->size);
    gboolean broad = c == 'M' || c == 'W' || c == 'm' || c == '%' || c == '@' || c == '&';
    if (c > 0x20 && c < 0x7F && !broad && advance >= FULL_LEAST && advance <= FULL_MOST) {
        return c + 0xFEE0;
    }
    return c > 0xFF00 && c < 0xFF5F && advance <= HALF_MOST ? c - 0xFEE0 : c;
}

static void
note(Page *page, guint i, const Glyph *read)
{
    const Glyph *g = page_glyph(page, i);
    Reading reading = {i, g->unicode, as_wide_as(read->unicode, page, g), read->confidence};
    g_array_append_val(page->readings, reading);
}

/* Adds the readings of a line; FALSE if it cannot be aligned. */
static gboolean
compare_line(Comparison *c, const InkLine *line, gboolean by_place)
{
    g_autoptr(GArray) layer = layer_items(c, line);
    g_autoptr(GArray) read = read_items(c, line);
    if (layer->len > LINE_MOST || read->len > LINE_MOST) {
        return FALSE;
    }
    g_autofree int *with = align(layer, read);
    gboolean by_order = !is_aligned(layer, read, with);
    guint most = MAX(layer->len, read->len), least = MIN(layer->len, read->len);
    if (by_order && by_place && most - least <= COUNT_DIFFERS * most) {
        by_order = FALSE;
    } else if (by_order && !pair_off(layer, read, with)) {
        return FALSE;
    } else {
        by_place = FALSE;
    }
    for (guint i = 0; i < layer->len; i++) {
        guint index = item_at(layer, i)->index;
        const Glyph *g = page_glyph(c->page, index);
        gboolean wanted = is_ours(c, g) && (g->unicode != 0 || !by_place);
        if (wanted && with[i] >= 0 && (by_order || is_firm(layer, read, with, i))) {
            Glyph seen = *page_glyph(c->read, item_at(read, with[i])->index);
            seen.confidence *= by_place ? BY_PLACE : 1;
            note(c->page, index, &seen);
            guess(c, g, char_plain(seen.unicode));
        }
    }
    return TRUE;
}

/* Whether any glyph of ours stands on the line, and whether one that is decoded does. */
static gboolean
has_ours(const Comparison *c, const InkLine *line, gboolean *ret_decoded)
{
    g_autoptr(GArray) layer = layer_items(c, line);
    gboolean any = FALSE;
    *ret_decoded = FALSE;
    for (guint i = 0; i < layer->len; i++) {
        const Glyph *g = page_glyph(c->page, item_at(layer, i)->index);
        any = any || is_ours(c, g);
        *ret_decoded = *ret_decoded || (is_ours(c, g) && g->unicode != 0);
    }
    return any;
}

guint8 *
compare_lines(const Page *read, const GArray *lines, const Suspects *suspects, Page *page)
{
    Comparison c = {read, suspects, page,
                    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL)};
    guint8 *is_layers = g_new0(guint8, lines->len + 1);
    g_autofree guint8 *left = g_new0(guint8, lines->len + 1);
    for (guint i = 0; i < lines->len; i++) {
        const InkLine *line = &g_array_index(lines, InkLine, i);
        gboolean decoded = FALSE;
        left[i] =
            line->glyphs > 0 && has_ours(&c, line, &decoded) && !compare_line(&c, line, FALSE);
        is_layers[i] = (guint8)decoded;
    }
    for (guint i = 0; i < lines->len; i++) {
        if (left[i]) {
            compare_line(&c, &g_array_index(lines, InkLine, i), TRUE);
        }
    }
    page_sort_readings(page);
    g_hash_table_unref(c.guesses);
    return is_layers;
}

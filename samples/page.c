/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <math.h>

/* Points: two ends nearer than this are one point. */
static const double SAME_POINT = 0.01;

Page *
page_new(double width, double height)
{
    Page *page = g_new0(Page, 1);

    page->width = width;
    page->height = height;
    page->glyphs = g_array_new(FALSE, FALSE, sizeof(PlacedGlyph));
    page->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    page->rules = g_array_new(FALSE, FALSE, sizeof(Rule));
    page->fills = g_array_new(FALSE, FALSE, sizeof(Fill));
    return page;
}

void
page_free(Page *page)
{
    if (!page)
        return;
    g_array_unref(page->glyphs);
    g_array_unref(page->pieces);
    g_array_unref(page->rules);
    g_array_unref(page->fills);
    g_free(page);
}

void
page_clear(Page *page)
{
    g_array_set_size(page->glyphs, 0);
    g_array_set_size(page->pieces, 0);
    g_array_set_size(page->rules, 0);
    g_array_set_size(page->fills, 0);
}

void
page_begin_piece(Page *page, PieceRank rank, guint block, guint column)
{
    Piece piece = {page->glyphs->len, 0, rank, block, column};

    g_array_append_val(page->pieces, piece);
}

void
page_add_glyph(Page *page, PlacedGlyph glyph)
{
    g_assert(page->pieces->len > 0);
    g_array_append_val(page->glyphs, glyph);
    g_array_index(page->pieces, Piece, page->pieces->len - 1).count++;
}

static gboolean
rule_continues(const Rule *rule, const Rule *next)
{
    gboolean horizontal = fabs(next->y1 - next->y0) < SAME_POINT;
    gboolean collinear =
        horizontal
            ? fabs(rule->y1 - next->y0) < SAME_POINT && fabs(rule->y0 - next->y0) < SAME_POINT
            : fabs(rule->x1 - next->x0) < SAME_POINT && fabs(rule->x0 - next->x0) < SAME_POINT;

    return collinear && rule->kind == next->kind && fabs(rule->x1 - next->x0) < SAME_POINT &&
           fabs(rule->y1 - next->y0) < SAME_POINT;
}

void
page_add_rule(Page *page, Rule rule, gboolean join)
{
    for (guint i = join ? page->rules->len : 0; i > 0; i--) {
        Rule *before = &g_array_index(page->rules, Rule, i - 1);

        if (rule_continues(before, &rule)) {
            before->x1 = rule.x1;
            before->y1 = rule.y1;
            return;
        }
    }
    g_array_append_val(page->rules, rule);
}

void
page_add_fill(Page *page, Fill fill)
{
    g_array_append_val(page->fills, fill);
}

static int
piece_compare_reading(gconstpointer a, gconstpointer b)
{
    const Piece *left = *(Piece *const *)a;
    const Piece *right = *(Piece *const *)b;

    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    return left < right ? -1 : left > right;
}

static int
piece_compare_columns(gconstpointer a, gconstpointer b)
{
    const Piece *left = *(Piece *const *)a;
    const Piece *right = *(Piece *const *)b;

    if (left->rank == right->rank && left->block != right->block)
        return left->block < right->block ? -1 : 1;
    if (left->rank == right->rank && left->column != right->column)
        return left->column < right->column ? -1 : 1;
    return piece_compare_reading(a, b);
}

static int
piece_compare_lines(gconstpointer a, gconstpointer b, gpointer glyphs)
{
    const GArray *all = glyphs;
    const Piece *left = *(Piece *const *)a;
    const Piece *right = *(Piece *const *)b;
    const PlacedGlyph *l = &g_array_index(all, PlacedGlyph, left->first);
    const PlacedGlyph *r = &g_array_index(all, PlacedGlyph, right->first);

    if (fabs(l->y - r->y) > SAME_POINT)
        return l->y < r->y ? -1 : 1;
    if (fabs(l->x - r->x) > SAME_POINT)
        return l->x < r->x ? -1 : 1;
    return piece_compare_reading(a, b);
}

static void
pieces_shuffle(GPtrArray *pieces, guint32 seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);

    for (guint i = pieces->len; i > 1; i--) {
        guint j = (guint)g_rand_int_range(random, 0, (gint32)i);
        gpointer kept = pieces->pdata[i - 1];

        pieces->pdata[i - 1] = pieces->pdata[j];
        pieces->pdata[j] = kept;
    }
}

GPtrArray *
page_order_pieces(const Page *page, PieceOrder order, guint32 seed)
{
    GPtrArray *pieces = g_ptr_array_new();

    for (guint i = 0; i < page->pieces->len; i++) {
        Piece *piece = &g_array_index(page->pieces, Piece, i);

        if (piece->count > 0)
            g_ptr_array_add(pieces, piece);
    }
    g_ptr_array_sort(pieces, piece_compare_reading);
    if (order == ORDER_COLUMNS)
        g_ptr_array_sort(pieces, piece_compare_columns);
    else if (order == ORDER_LINES)
        g_ptr_array_sort_with_data(pieces, piece_compare_lines, page->glyphs);
    else if (order == ORDER_SHUFFLE)
        pieces_shuffle(pieces, seed);
    return pieces;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page, set but not yet painted: pieces of text, rulings, fills.
 *
 * Points, origin top left, y down, upright even where the page is painted turned. Flat arrays; a
 * piece (one line of one cell or paragraph) is a range of the page's glyphs. */
#ifndef SAMPLES_PAGE_H
#define SAMPLES_PAGE_H

#include "fonts.h"
#include "options.h"

typedef enum { RANK_HEAD, RANK_BODY, RANK_NOTE, RANK_FOLIO } PieceRank;

typedef struct {
    gunichar c;
    Face face;
    double x, y; /* origin on the baseline */
    double size;
} PlacedGlyph;

typedef struct {
    guint first, count; /* of the page's glyphs */
    PieceRank rank;
    guint block;  /* rises from block to block */
    guint column; /* of the table, 0 outside of tables */
} Piece;

typedef enum { RULE_INNER, RULE_SIDE, RULE_EDGE, RULE_DRAWING } RuleKind;

/* Horizontal or vertical. SIDE is an outermost left or right one, EDGE an outermost top or bottom
 * one; DRAWING belongs to no table and is painted solid whatever the style. */
typedef struct {
    double x0, y0, x1, y1;
    RuleKind kind;
} Rule;

typedef struct {
    double x, y, width, height;
    double grey; /* 0 black to 1 white */
} Fill;

typedef struct {
    double width, height;
    GArray *glyphs; /* PlacedGlyph */
    GArray *pieces; /* Piece */
    GArray *rules;  /* Rule */
    GArray *fills;  /* Fill */
} Page;

Page *page_new(double width, double height);
void page_free(Page *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Page, page_free)
void page_clear(Page *page);

/* Opens a piece; page_add_glyph then adds to it. */
void page_begin_piece(Page *page, PieceRank rank, guint block, guint column);
void page_add_glyph(Page *page, PlacedGlyph glyph);

/* Adds a ruling; where JOIN, one that continues another of its kind lengthens that. */
void page_add_rule(Page *page, Rule rule, gboolean join);
void page_add_fill(Page *page, Fill fill);

/* The pieces as ORDER wants them in the content stream: an array of pointers into PAGE, valid until
 * the page changes. SEED matters for ORDER_SHUFFLE only. */
GPtrArray *page_order_pieces(const Page *page, PieceOrder order, guint32 seed);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dots.h"

/* Fewer marks than this are no line. */
#define DOTS_LEAST 4u
/* Marks of one line differ by so much in size and place, as a part of their size … */
#define ALIKE 0.25
/* … or by this, points: what rounding does. */
#define ROUNDING 0.12
/* The space between two marks is at most so many times their length, and so many points: lines that
 * cross leave a wider one. */
#define SPACE 3.0
#define SPACE_MOST 7.0

/* No dash is that much shorter than it is thick. */
#define STUB 0.6
/* This part of a pattern's marks is of lines both ways. */
#define PATTERN 0.85

typedef struct {
    double at, lo, hi, thick; /* across; along; across */
    guint32 colour;
    guint index;
} Piece;

/* Pieces pieces[first … first+count) are one line. */
typedef struct {
    guint first, count;
} Chain;

static Piece *
piece_at(GArray *pieces, guint i)
{
    return &g_array_index(pieces, Piece, i);
}

static gint
across_order(gconstpointer a, gconstpointer b)
{
    const Piece *p = a, *q = b;
    if (p->at != q->at) {
        return p->at < q->at ? -1 : 1;
    }
    return p->index < q->index ? -1 : p->index > q->index;
}

static gint
along_order(gconstpointer a, gconstpointer b)
{
    const Piece *p = a, *q = b;
    if (p->lo != q->lo) {
        return p->lo < q->lo ? -1 : 1;
    }
    return p->index < q->index ? -1 : p->index > q->index;
}

/* All marks as pieces of lines that run one way; those level with each other together, in order. */
static GArray *
pieces_find(GArray *dots, gboolean flat)
{
    GArray *pieces = g_array_sized_new(FALSE, TRUE, sizeof(Piece), dots->len);
    for (guint i = 0; i < dots->len; i++) {
        const Dot *d = &g_array_index(dots, Dot, i);
        Rect r = d->box;
        Piece p = {
            flat ? (r.y0 + r.y1) / 2 : (r.x0 + r.x1) / 2, flat ? r.x0 : r.y0, flat ? r.x1 : r.y1,
            flat ? rect_height(r) : rect_width(r),        d->colour,          i};
        if (p.hi - p.lo >= STUB * p.thick) {
            g_array_append_val(pieces, p);
        }
    }
    g_array_sort(pieces, across_order);
    for (guint from = 0; from < pieces->len;) {
        const Piece *first = piece_at(pieces, from);
        double within = first->at + MAX(ROUNDING, ALIKE * first->thick);
        guint end = from + 1;
        while (end < pieces->len && piece_at(pieces, end)->at <= within) {
            end++;
        }
        qsort(piece_at(pieces, from), end - from, sizeof(Piece), along_order);
        from = end;
    }
    return pieces;
}

static gboolean
alike(double a, double b)
{
    return fabs(a - b) <= MAX(ROUNDING, ALIKE * MAX(a, b));
}

static gboolean
goes_on(const Piece *a, const Piece *b)
{
    double length = MAX(a->hi - a->lo, b->hi - b->lo);
    double space = b->lo - a->hi;
    double most = MIN(SPACE_MOST, SPACE * length);
    gboolean same = fabs(a->at - b->at) <= MAX(ROUNDING, ALIKE * a->thick) &&
                    alike(a->thick, b->thick) && alike(a->hi - a->lo, b->hi - b->lo);
    /* the last dot of one stretch and the first of the next can lie on each other */
    return a->colour == b->colour && same && b->lo >= a->lo && space <= most;
}

static gboolean
is_line(GArray *pieces, Chain chain)
{
    const Piece *first = piece_at(pieces, chain.first);
    const Piece *last = piece_at(pieces, chain.first + chain.count - 1);
    double inked = 0;
    for (guint i = chain.first; i < chain.first + chain.count; i++) {
        inked += piece_at(pieces, i)->hi - piece_at(pieces, i)->lo;
    }
    double length = last->hi - first->lo;
    return chain.count >= DOTS_LEAST && length > 2 * first->thick && inked < 0.95 * length;
}

static GArray *
chains_find(GArray *pieces)
{
    GArray *chains = g_array_new(FALSE, TRUE, sizeof(Chain));
    for (guint i = 0; i < pieces->len;) {
        Chain chain = {i, 1};
        while (i + chain.count < pieces->len &&
               goes_on(piece_at(pieces, i + chain.count - 1), piece_at(pieces, i + chain.count))) {
            chain.count++;
        }
        if (is_line(pieces, chain)) {
            g_array_append_val(chains, chain);
        }
        i += chain.count;
    }
    return chains;
}

static void
count_lines(GArray *pieces, GArray *chains, guint8 *lines)
{
    for (guint i = 0; i < chains->len; i++) {
        Chain chain = g_array_index(chains, Chain, i);
        for (guint k = chain.first; k < chain.first + chain.count; k++) {
            lines[piece_at(pieces, k)->index]++;
        }
    }
}

/* In a pattern each mark is in a row and in a column; in a line only those at crossings are, which
 * can be most of them where rows are low. */
static gboolean
is_pattern(GArray *pieces, Chain chain, const guint8 *lines)
{
    guint both = 0;
    for (guint i = chain.first; i < chain.first + chain.count; i++) {
        both += lines[piece_at(pieces, i)->index] > 1;
    }
    return both >= PATTERN * chain.count;
}

static void
chains_draw(GArray *dots, GArray *pieces, GArray *chains, const guint8 *lines, gboolean flat,
            GArray *rulings)
{
    for (guint i = 0; i < chains->len && rulings->len < PAGE_MAX_RULINGS; i++) {
        Chain chain = g_array_index(chains, Chain, i);
        if (is_pattern(pieces, chain, lines)) {
            continue;
        }
        const Piece *first = piece_at(pieces, chain.first);
        float lo = (float)first->lo, at = (float)first->at;
        float hi = (float)piece_at(pieces, chain.first + chain.count - 1)->hi;
        Ruling ruling = {flat ? lo : at, flat ? at : lo,      flat ? hi : at,
                         flat ? at : hi, (float)first->thick, first->colour,
                         RULING_FILL,    1 /* dashed */,      0};
        g_array_append_val(rulings, ruling);
        for (guint k = chain.first; k < chain.first + chain.count; k++) {
            g_array_index(dots, Dot, piece_at(pieces, k)->index).of_lines = 1;
        }
    }
}

void
dots_join(GArray *dots, GArray *rulings)
{
    if (dots->len < DOTS_LEAST) {
        return;
    }
    g_autofree guint8 *lines = g_new0(guint8, dots->len);
    g_autoptr(GArray) across = pieces_find(dots, TRUE);
    g_autoptr(GArray) down = pieces_find(dots, FALSE);
    g_autoptr(GArray) rows = chains_find(across);
    g_autoptr(GArray) columns = chains_find(down);
    count_lines(across, rows, lines);
    count_lines(down, columns, lines);
    chains_draw(dots, across, rows, lines, TRUE, rulings);
    chains_draw(dots, down, columns, lines, FALSE, rulings);
}

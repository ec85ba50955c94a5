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

/* A line of marks that leave less than this part free is a solid one in pieces. */
#define FULL 0.95
/* Where lines cross, marks of the other one lie between two of this one: at most so many. */
#define BETWEEN 6u
/* No dash is that much shorter than it is thick. */
#define STUB 0.6
/* This part of a pattern's marks is of lines both ways. */
#define PATTERN 0.85

typedef struct {
    double at, lo, hi, thick; /* across; along; across */
    guint32 colour;
    guint index;
} Piece;

/* A line: members[first … first+count) are indices of its pieces. */
typedef struct {
    guint first, count;
} Chain;

typedef struct {
    GArray *pieces;  /* Piece: of lines that run one way */
    GArray *members; /* guint */
    GArray *chains;  /* Chain */
} Way;

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

static const Piece *
member(const Way *way, guint i)
{
    return piece_at(way->pieces, g_array_index(way->members, guint, i));
}

static gboolean
is_line(const Way *way, Chain chain)
{
    if (chain.count < DOTS_LEAST) {
        return FALSE;
    }
    const Piece *first = member(way, chain.first);
    const Piece *last = member(way, chain.first + chain.count - 1);
    double inked = 0, reached = first->lo;
    for (guint i = chain.first; i < chain.first + chain.count; i++) {
        const Piece *p = member(way, i);
        inked += MAX(0, p->hi - MAX(reached, p->lo));
        reached = MAX(reached, p->hi);
    }
    double length = last->hi - first->lo;
    return length > 2 * first->thick && inked < FULL * length;
}

/* The line that begins with piece i; what lies between its pieces and is none stays for others. */
static Chain
chain_from(const Way *way, guint i, guint8 *taken)
{
    Chain chain = {way->members->len, 1};
    guint last = i;
    g_array_append_val(way->members, i);
    taken[i] = 1;
    for (guint k = i + 1; k < way->pieces->len && k <= last + BETWEEN; k++) {
        if (!taken[k] && goes_on(piece_at(way->pieces, last), piece_at(way->pieces, k))) {
            g_array_append_val(way->members, k);
            taken[k] = 1;
            last = k;
            chain.count++;
        }
    }
    return chain;
}

static Way
way_find(GArray *dots, gboolean flat)
{
    Way way = {pieces_find(dots, flat), g_array_new(FALSE, TRUE, sizeof(guint)),
               g_array_new(FALSE, TRUE, sizeof(Chain))};
    g_autofree guint8 *taken = g_new0(guint8, way.pieces->len + 1);
    for (guint i = 0; i < way.pieces->len; i++) {
        if (taken[i]) {
            continue;
        }
        Chain chain = chain_from(&way, i, taken);
        if (is_line(&way, chain)) {
            g_array_append_val(way.chains, chain);
        }
    }
    return way;
}

static void
way_clear(Way *way)
{
    g_array_unref(way->pieces);
    g_array_unref(way->members);
    g_array_unref(way->chains);
}

static void
count_lines(const Way *way, guint8 *lines)
{
    for (guint i = 0; i < way->chains->len; i++) {
        Chain chain = g_array_index(way->chains, Chain, i);
        for (guint k = chain.first; k < chain.first + chain.count; k++) {
            lines[member(way, k)->index]++;
        }
    }
}

/* In a pattern each mark is in a row and in a column; in a line only those at crossings are, which
 * can be most of them where rows are low. */
static gboolean
is_pattern(const Way *way, Chain chain, const guint8 *lines)
{
    guint both = 0;
    for (guint i = chain.first; i < chain.first + chain.count; i++) {
        both += lines[member(way, i)->index] > 1;
    }
    return both >= PATTERN * chain.count;
}

static void
way_draw(const Way *way, GArray *dots, const guint8 *lines, gboolean flat, GArray *rulings)
{
    for (guint i = 0; i < way->chains->len && rulings->len < PAGE_MAX_RULINGS; i++) {
        Chain chain = g_array_index(way->chains, Chain, i);
        if (is_pattern(way, chain, lines)) {
            continue;
        }
        const Piece *first = member(way, chain.first);
        float lo = (float)first->lo, at = (float)first->at;
        float hi = (float)member(way, chain.first + chain.count - 1)->hi;
        Ruling ruling = {.width = (float)first->thick,
                         .colour = first->colour,
                         .source = RULING_FILL,
                         .dashed = 1};
        ruling.x0 = flat ? lo : at;
        ruling.y0 = flat ? at : lo;
        ruling.x1 = flat ? hi : at;
        ruling.y1 = flat ? at : hi;
        g_array_append_val(rulings, ruling);
        for (guint k = chain.first; k < chain.first + chain.count; k++) {
            g_array_index(dots, Dot, member(way, k)->index).of_lines = 1;
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
    Way across = way_find(dots, TRUE), down = way_find(dots, FALSE);
    count_lines(&across, lines);
    count_lines(&down, lines);
    way_draw(&across, dots, lines, TRUE, rulings);
    way_draw(&down, dots, lines, FALSE, rulings);
    way_clear(&across);
    way_clear(&down);
}

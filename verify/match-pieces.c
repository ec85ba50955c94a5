/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "matcher.h"

/* Pieces of passages: on the same page or in the same gap, and anywhere. */
#define PIECE 6u
#define PIECE_FAR 16u
/* So many places of a piece are looked at. */
#define PIECES_MOST 8u

/* Where runs of PIECE free units of the new document begin, by their hash: chains. */
typedef struct {
    GHashTable *first; /* guint64 * → index into places + 1 */
    GArray *places;    /* Place */
} Pieces;

typedef struct {
    guint64 hash;
    guint32 unit, next; /* next: index + 1, or 0 */
} Place;

static gboolean
is_free_run(const Units *units, guint32 at, guint length)
{
    guint stretch = at < units->units->len ? units_unit(units, at)->stretch : 0;
    for (guint32 i = at; i < at + length; i++) {
        if (i >= units->units->len || units_unit(units, i)->state != UNIT_FREE ||
            units_unit(units, i)->stretch != stretch) {
            return FALSE;
        }
    }
    return TRUE;
}

static guint64
hash_piece(const Units *units, guint32 at)
{
    guint32 which[PIECE];
    for (guint i = 0; i < PIECE; i++) {
        which[i] = at + i;
    }
    return hash_run(units, which, PIECE);
}

static Pieces
index_pieces(const Units *units)
{
    Pieces pieces = {g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
                     g_array_new(FALSE, FALSE, sizeof(Place))};
    for (guint32 at = units->units->len; at-- > 0;) { /* chains begin with the first place */
        if (!is_free_run(units, at, PIECE)) {
            continue;
        }
        guint64 *hash = g_new(guint64, 1);
        *hash = hash_piece(units, at);
        Place place = {*hash, at, GPOINTER_TO_UINT(g_hash_table_lookup(pieces.first, hash))};
        g_array_append_val(pieces.places, place);
        g_hash_table_insert(pieces.first, hash, GUINT_TO_POINTER(pieces.places->len));
    }
    return pieces;
}

/* How many free units from there on are the same, in one stretch on either side. */
static guint
common_length(const Matcher *m, guint32 a, guint32 b)
{
    guint n = 0;
    guint32 p = units_unit(m->old, a)->stretch, q = units_unit(m->new, b)->stretch;
    while (a + n < m->old->units->len && b + n < m->new->units->len) {
        const Unit *x = units_unit(m->old, a + n), *y = units_unit(m->new, b + n);
        if (x->state != UNIT_FREE || y->state != UNIT_FREE || x->fold != y->fold ||
            x->stretch != p || y->stretch != q) {
            break;
        }
        n++;
    }
    return n;
}

/* Pairs the longest piece that begins there; its length, 0 if there is none. */
static guint
pair_piece(Matcher *m, const Pieces *pieces, guint32 a)
{
    guint64 hash = hash_piece(m->old, a);
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(pieces->first, &hash));
    guint longest = 0;
    guint32 best = NONE;
    for (guint i = 0; place != 0 && i < PIECES_MOST; i++) {
        Place there = g_array_index(pieces->places, Place, place - 1);
        guint n = common_length(m, a, there.unit);
        guint p = units_unit(m->old, a)->stretch, q = units_unit(m->new, there.unit)->stretch;
        gboolean close = m->gap_a[p] == m->gap_b[q] ||
                         units_stretch(m->old, p)->page == units_stretch(m->new, q)->page;
        if (n > longest && n >= (close ? PIECE : PIECE_FAR)) {
            longest = n;
            best = there.unit;
        }
        place = there.next;
    }
    for (guint i = 0; i < longest; i++) {
        pair_units(m, a + i, best + i, UNIT_MOVED);
    }
    return longest;
}

void
match_pieces(Matcher *m)
{
    Pieces pieces = index_pieces(m->new);
    for (guint32 a = 0; a < m->old->units->len && pieces.places->len > 0;) {
        guint n = is_free_run(m->old, a, PIECE) ? pair_piece(m, &pieces, a) : 0;
        a += MAX(n, 1);
    }
    g_hash_table_destroy(pieces.first);
    g_array_unref(pieces.places);
}

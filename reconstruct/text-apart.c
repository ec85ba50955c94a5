/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-apart.h"

#include <math.h>
#include <string.h>

#define NAME_MOST 24u  /* characters of a name */
#define MOVES_MOST 4u  /* characters of a name that are moved in it */
#define LOOSE_MOST 64u /* loose characters of a table, */
#define NAMES_MOST 64u /* … its names, */
#define PIECES_MOST 8u /* … and pieces of a name: where there are more nothing is settled */

/* Natural logarithms of odds: a loose character must fit a name by this much, and a name's own read
 * by so much better elsewhere in it. */
static const double FITS = 1, BETTER = 1.5;
/* Odds are believed by this root of them. */
static const double BELIEF = 0.4;

/* A cell of labels. */
typedef struct {
    gint32 row;
    guint32 column;
    GArray *pieces; /* guint32: placements, in the order they are read */
    gboolean is_changed;
} Name;

typedef struct {
    const TextPage *page;
    const JoinJudge *judge;
    GArray *placements; /* TextPlacement */
    GPtrArray *names;   /* Name, of one table, by rows */
} Apart;

static void
name_free(Name *name)
{
    g_array_unref(name->pieces);
    g_free(name);
}

static TextPlacement *
placement_at(const Apart *a, guint32 i)
{
    return &g_array_index(a->placements, TextPlacement, i);
}

static guint32
piece_of(const Name *name, guint k)
{
    return g_array_index(name->pieces, guint32, k);
}

/* ---- how well a name reads ---- */

static guint
add_chars(const Apart *a, guint32 placement, guint32 chars[NAME_MOST], guint n)
{
    const TextPlacement *it = placement_at(a, placement);
    guint more = MIN(it->to - it->from, NAME_MOST - n);
    memcpy(chars + n, text_page_chars(a->page, it->from), more * sizeof *chars);
    return n + more;
}

/* By how much its characters are likelier in this order than each by itself; with another piece
 * before its k-th (none if `extra` is negative). */
static double
reading_worth(const Apart *a, const Name *name, gint64 extra, guint at)
{
    guint32 chars[NAME_MOST];
    guint n = 0;
    for (guint k = 0; k <= name->pieces->len; k++) {
        n = extra >= 0 && k == at ? add_chars(a, (guint32)extra, chars, n) : n;
        n = k < name->pieces->len ? add_chars(a, piece_of(name, k), chars, n) : n;
    }
    double worth = 0;
    for (guint i = 0; i <= n; i++) { /* its start, each character, its end */
        guint left = MIN(i, JOIN_REACH);
        worth += a->judge->join(a->judge->self, chars + i - left, left, chars + i, i < n);
    }
    return worth;
}

/* How much better the name reads with the piece in it, and where. */
static double
gain_of(const Apart *a, const Name *name, guint32 piece, guint *ret_at)
{
    double before = reading_worth(a, name, -1, 0), best = -G_MAXDOUBLE;
    for (guint at = 0; at <= name->pieces->len; at++) {
        double worth = reading_worth(a, name, piece, at);
        if (worth > best) {
            best = worth;
            *ret_at = at;
        }
    }
    return best - before;
}

/* ---- loose characters ---- */

/* Loose characters that come one after the other stood one beneath the other: their names are in
 * the order of rows, each in another. The best whole, by dynamic programming: to `ret`, for each
 * the name or -1. */
static void
assign_run(const Apart *a, guint32 first, guint n, gint32 ret[LOOSE_MOST])
{
    guint m = a->names->len;
    g_autofree double *gain = g_new(double, (gsize)n *m + 1);
    g_autofree double *best = g_new0(double, (gsize)(n + 1) * (m + 1));
    for (guint i = 0; i < n; i++) {
        for (guint k = 0; k < m; k++) {
            guint at = 0;
            gain[i * m + k] = gain_of(a, g_ptr_array_index(a->names, k), first + i, &at) - FITS;
        }
    }
    for (guint i = 1; i <= n; i++) {
        for (guint k = 1; k <= m; k++) {
            double with = best[(i - 1) * (m + 1) + k - 1] + gain[(i - 1) * m + k - 1];
            double without = MAX(best[(i - 1) * (m + 1) + k], best[i * (m + 1) + k - 1]);
            best[i * (m + 1) + k] = MAX(with, without);
        }
    }
    for (guint i = n, k = m; i > 0;) {
        ret[i - 1] = -1;
        double here = best[i * (m + 1) + k];
        if (k == 0 || here <= best[(i - 1) * (m + 1) + k]) {
            i--;
        } else if (here <= best[i * (m + 1) + k - 1]) {
            k--;
        } else {
            ret[--i] = (gint32)--k;
        }
    }
}

/* How sure it is that the piece belongs to this name and no other. */
static double
name_confidence(const Apart *a, guint32 piece, guint name, double gain)
{
    double other = 0;
    for (guint k = 0; k < a->names->len; k++) {
        guint at = 0;
        if (k != name) {
            other = MAX(other, gain_of(a, g_ptr_array_index(a->names, k), piece, &at));
        }
    }
    return MAX(0.5, 1 / (1 + exp(BELIEF * (other - gain))));
}

static void
settle_run(const Apart *a, guint32 first, guint n)
{
    gint32 names[LOOSE_MOST];
    assign_run(a, first, n, names);
    for (guint i = 0; i < n; i++) {
        if (names[i] < 0) {
            continue;
        }
        Name *name = g_ptr_array_index(a->names, (guint)names[i]);
        guint at = 0;
        guint32 piece = first + i;
        double gain = gain_of(a, name, piece, &at);
        TextPlacement *it = placement_at(a, piece);
        it->rival.is_given = FALSE;
        it->confidence = MIN(it->confidence, name_confidence(a, piece, (guint)names[i], gain));
        g_array_insert_val(name->pieces, at, piece);
        name->is_changed = TRUE;
    }
}

/* ---- names ---- */

static gboolean
is_apart(const Apart *a, const Name *name)
{
    for (guint k = 0; k < name->pieces->len; k++) {
        const TextPlacement *it = placement_at(a, piece_of(name, k));
        for (guint32 i = it->from + 1; i < it->to; i++) {
            if (!g_array_index(a->page->spaced, guint8, i)) {
                return FALSE;
            }
        }
    }
    return TRUE;
}

/* One character of the name to where it reads best. FALSE: all are. */
static gboolean
move_one(const Apart *a, Name *name)
{
    double worth = reading_worth(a, name, -1, 0), best = worth + BETTER;
    guint from = 0, to = 0;
    for (guint k = 0; k < name->pieces->len; k++) {
        guint32 piece = piece_of(name, k);
        if (placement_at(a, piece)->to - placement_at(a, piece)->from > 1) {
            continue;
        }
        g_array_remove_index(name->pieces, k);
        for (guint at = 0; at <= name->pieces->len; at++) {
            double other = at == k ? worth : reading_worth(a, name, piece, at);
            if (other > best) {
                best = other;
                from = k;
                to = at;
            }
        }
        g_array_insert_val(name->pieces, k, piece);
    }
    if (from == to) {
        return FALSE;
    }
    guint32 piece = piece_of(name, from);
    g_array_remove_index(name->pieces, from);
    g_array_insert_val(name->pieces, to, piece);
    name->is_changed = TRUE;
    return TRUE;
}

static gint
compare_numbers(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

/* Into the placements: they change their places among themselves. */
static void
write_name(const Apart *a, const Name *name)
{
    g_autoptr(GArray) places = g_array_copy(name->pieces);
    g_array_sort(places, compare_numbers);
    for (guint k = 0; k < name->pieces->len; k++) {
        TextPlacement *it = placement_at(a, piece_of(name, k));
        it->place = g_array_index(places, guint32, k);
        it->row = name->row;
        it->column = name->column;
        it->after = k > 0 ? (gint32)piece_of(name, k - 1) : -1;
        it->is_loose = FALSE;
    }
}

static Name *
name_in(const Apart *a, gint32 row, guint32 column)
{
    for (guint k = 0; k < a->names->len; k++) {
        Name *name = g_ptr_array_index(a->names, k);
        if (name->row == row && name->column == column) {
            return name;
        }
    }
    Name *name = g_new0(Name, 1);
    name->row = row;
    name->column = column;
    name->pieces = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_ptr_array_add(a->names, name);
    return name;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    const Name *x = *(Name *const *)a, *y = *(Name *const *)b;
    return x->row != y->row ? (x->row > y->row) - (x->row < y->row)
                            : (x->column > y->column) - (x->column < y->column);
}

/* A cell of one paragraph, of few pieces and characters. */
static gboolean
is_one_name(const Apart *a, const Name *name, guint32 from)
{
    guint chars = 1; /* and one that may be put in */
    for (guint k = 0; k < name->pieces->len; k++) {
        const TextPlacement *it = placement_at(a, piece_of(name, k));
        chars += it->to - it->from;
        if (k > 0 && it->after < (gint32)from) {
            return FALSE;
        }
    }
    return name->pieces->len <= PIECES_MOST && chars <= NAME_MOST;
}

/* The names of a table. FALSE: so many of them, or loose characters, that it is none. */
static gboolean
find_names(Apart *a, const TextColumns *columns, guint32 from, guint32 to)
{
    guint loose = 0;
    g_ptr_array_set_size(a->names, 0);
    for (guint32 i = from; i < to; i++) {
        const TextPlacement *it = placement_at(a, i);
        double width = columns->width[it->column];
        loose += it->is_loose;
        if (!it->is_loose && width > TEXT_MARKS_WIDTH && width <= TEXT_LABEL_WIDTH) {
            g_array_append_val(name_in(a, it->row, it->column)->pieces, i);
        }
    }
    for (guint k = a->names->len; k-- > 0;) {
        const Name *name = g_ptr_array_index(a->names, k);
        if (!is_one_name(a, name, from)) {
            g_ptr_array_remove_index(a->names, k);
        }
    }
    g_ptr_array_sort(a->names, compare_names);
    return loose <= LOOSE_MOST && a->names->len <= NAMES_MOST;
}

static void
settle_table(Apart *a, const TextColumns *columns, guint32 from, guint32 to)
{
    if (!find_names(a, columns, from, to)) {
        return;
    }
    for (guint32 i = from, n; i < to; i += n) {
        for (n = 0; i + n < to && n < LOOSE_MOST && placement_at(a, i + n)->is_loose; n++) {
        }
        if (n > 0) {
            settle_run(a, i, n);
        }
        n = MAX(n, 1);
    }
    for (guint k = 0; k < a->names->len; k++) {
        Name *name = g_ptr_array_index(a->names, k);
        for (guint i = 0; name->pieces->len > 1 && is_apart(a, name) && i < MOVES_MOST; i++) {
            if (!move_one(a, name)) {
                break;
            }
        }
        if (name->is_changed) {
            write_name(a, name);
        }
    }
}

void
text_apart_settle(const TextPage *page, const JoinJudge *judge, const TextColumns *columns,
                  TextReading *reading)
{
    if (judge == NULL) {
        return;
    }
    Apart a = {page, judge, reading->placements,
               g_ptr_array_new_with_free_func((GDestroyNotify)name_free)};
    for (guint32 i = 0, end; i < a.placements->len; i = end) {
        gboolean in_table = placement_at(&a, i)->row >= 0;
        for (end = i + 1; end < a.placements->len; end++) {
            if ((placement_at(&a, end)->row >= 0) != in_table) {
                break;
            }
        }
        if (in_table) {
            settle_table(&a, columns, i, end);
        }
    }
    g_ptr_array_unref(a.names);
}

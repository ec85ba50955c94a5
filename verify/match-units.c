/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "matcher.h"

#include "align.h"

/* Ranges of units are divided by runs that occur once on either side, small ones by longer runs
 * only; what cannot be divided is aligned up to so many pairs of units, and given up beyond. */
#define CELLS_SMALL 4096.0
#define CELLS_MOST 4e6
/* What both texts have is chance if so many times as much differs on either side of it. */
#define CHANCE_AMONG 2u
/* As chances go, what differs becomes longer, and others become chances: so often. */
#define ROUNDS_MOST 8u
/* Lengths of those runs, tried in turn. */
static const guint run_lengths[] = {16, 8, 4};
/* Units of two sides that are to be aligned, in order. */
typedef struct {
    const guint32 *a, *b; /* units */
    guint n, m;
} Range;

static gunichar
fold_of(const Units *units, guint32 i)
{
    return units_unit(units, i)->fold;
}

static gunichar *
folds_of(const Units *units, const guint32 *which, guint n)
{
    gunichar *folds = g_new(gunichar, n + 1);
    for (guint i = 0; i < n; i++) {
        folds[i] = fold_of(units, which[i]);
    }
    return folds;
}

static void
align_small(Matcher *m, Range r)
{
    g_autofree gunichar *a = folds_of(m->old, r.a, r.n), *b = folds_of(m->new, r.b, r.m);
    g_autoptr(GArray) steps = align_texts(a, r.n, b, r.m, ALIGN_WHOLE);
    for (guint i = 0; steps != NULL && i < steps->len; i++) {
        const Step *s = &g_array_index(steps, Step, i);
        if (s->kind == STEP_SAME) {
            pair_units(m, r.a[s->a], r.b[s->b], UNIT_KEPT);
        }
    }
}

typedef struct {
    guint64 hash;
    guint32 at;
} Run;

static int
compare_runs(gconstpointer a, gconstpointer b)
{
    const Run *p = a, *q = b;
    if (p->hash != q->hash) {
        return p->hash < q->hash ? -1 : 1;
    }
    return p->at < q->at ? -1 : p->at > q->at;
}

guint64
hash_run(const Units *units, const guint32 *which, guint length)
{
    guint64 hash = 14695981039346656037u;
    for (guint i = 0; i < length; i++) {
        hash = (hash ^ fold_of(units, which[i])) * 1099511628211u;
    }
    return hash;
}

/* All runs of a length, sorted, those that are there more than once left out. */
static GArray *
single_runs(const Units *units, const guint32 *which, guint n, guint length)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Run));
    GArray *single = g_array_new(FALSE, FALSE, sizeof(Run));
    for (guint i = 0; i + length <= n; i++) {
        Run run = {hash_run(units, which + i, length), i};
        g_array_append_val(all, run);
    }
    g_array_sort(all, compare_runs);
    for (guint i = 0; i < all->len; i++) {
        Run run = g_array_index(all, Run, i);
        gboolean again = (i > 0 && g_array_index(all, Run, i - 1).hash == run.hash) ||
                         (i + 1 < all->len && g_array_index(all, Run, i + 1).hash == run.hash);
        if (!again) {
            g_array_append_val(single, run);
        }
    }
    return single;
}

static gboolean
runs_are_equal(const Matcher *m, Range r, Pair at, guint length)
{
    for (guint i = 0; i < length; i++) {
        if (fold_of(m->old, r.a[at.a + i]) != fold_of(m->new, r.b[at.b + i])) {
            return FALSE;
        }
    }
    return TRUE;
}

static int
compare_pairs(gconstpointer a, gconstpointer b)
{
    const Pair *p = a, *q = b;
    return p->a < q->a ? -1 : p->a > q->a;
}

/* Where runs of a length stand that are once in either range, in order. */
static GArray *
common_runs(const Matcher *m, Range r, guint length)
{
    g_autoptr(GArray) a = single_runs(m->old, r.a, r.n, length);
    g_autoptr(GArray) b = single_runs(m->new, r.b, r.m, length);
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
    for (guint i = 0, j = 0; i < a->len && j < b->len;) {
        Run p = g_array_index(a, Run, i), q = g_array_index(b, Run, j);
        Pair pair = {p.at, q.at};
        if (p.hash == q.hash && runs_are_equal(m, r, pair, length)) {
            g_array_append_val(pairs, pair);
        }
        i += p.hash <= q.hash;
        j += q.hash <= p.hash;
    }
    g_array_sort(pairs, compare_pairs);
    keep_ascending(pairs);
    return pairs;
}

static void align_range(Matcher *m, Range r, guint depth);

/* Pairs the runs, and aligns what is between them. */
static void
align_between(Matcher *m, Range r, const GArray *runs, guint length, guint depth)
{
    guint a = 0, b = 0; /* up to where it is done */
    for (guint i = 0; i < runs->len; i++) {
        Pair at = g_array_index(runs, Pair, i);
        guint skip = MAX(at.a < a ? a - at.a : 0, at.b < b ? b - at.b : 0);
        if (skip >= length) {
            continue;
        }
        at = (Pair){at.a + skip, at.b + skip};
        align_range(m, (Range){r.a + a, r.b + b, at.a - a, at.b - b}, depth + 1);
        for (guint k = 0; k < length - skip; k++) {
            pair_units(m, r.a[at.a + k], r.b[at.b + k], UNIT_KEPT);
        }
        a = at.a + length - skip;
        b = at.b + length - skip;
    }
    align_range(m, (Range){r.a + a, r.b + b, r.n - a, r.m - b}, depth + 1);
}

static void
align_range(Matcher *m, Range r, guint depth)
{
    while (r.n > 0 && r.m > 0 && fold_of(m->old, r.a[0]) == fold_of(m->new, r.b[0])) {
        pair_units(m, *r.a, *r.b, UNIT_KEPT);
        r = (Range){r.a + 1, r.b + 1, r.n - 1, r.m - 1};
    }
    while (r.n > 0 && r.m > 0 && fold_of(m->old, r.a[r.n - 1]) == fold_of(m->new, r.b[r.m - 1])) {
        r.n--;
        r.m--;
        pair_units(m, r.a[r.n], r.b[r.m], UNIT_KEPT);
    }
    double cells = (double)r.n * r.m;
    if (r.n == 0 || r.m == 0) {
        return;
    }
    gboolean is_small = cells <= CELLS_SMALL;
    for (guint i = is_small; i < G_N_ELEMENTS(run_lengths) - is_small && depth < DEPTH_MOST; i++) {
        g_autoptr(GArray) runs = common_runs(m, r, run_lengths[i]);
        if (runs->len > 0) {
            align_between(m, r, runs, run_lengths[i], depth);
            return;
        }
    }
    if (cells <= CELLS_MOST) {
        align_small(m, r);
    }
}

/* Units in a row that have their like in a row, with what is free before them. */
typedef struct {
    guint a, b, length; /* a, b: of the range */
} Island;

/* What of a range is paired, in order. */
static GArray *
find_islands(const Matcher *m, Range r)
{
    GArray *islands = g_array_new(FALSE, FALSE, sizeof(Island));
    guint b = 0;
    for (guint a = 0; a < r.n; a++) {
        const Unit *unit = units_unit(m->old, r.a[a]);
        if (unit->state == UNIT_FREE) {
            continue;
        }
        while (r.b[b] != unit->pair) {
            b++;
        }
        Island *last = islands->len > 0 ? &g_array_index(islands, Island, islands->len - 1) : NULL;
        if (last != NULL && last->a + last->length == a && last->b + last->length == b) {
            last->length++;
        } else {
            Island island = {a, b, 1};
            g_array_append_val(islands, island);
        }
    }
    return islands;
}

/* The longer of what lies between two ends on either side. */
static guint
width_between(guint a0, guint b0, guint a1, guint b1)
{
    return MAX(a1 - a0, b1 - b0);
}

/* Two texts that have nothing to do with each other share a の here and there: what is so short
 * among so much that differs is chance. Whether some was freed. */
static gboolean
free_chance(Matcher *m, Range r)
{
    g_autoptr(GArray) islands = find_islands(m, r);
    gboolean freed = FALSE;
    guint a = 0, b = 0; /* where the last that stays ends */
    for (guint i = 0; i < islands->len; i++) {
        Island here = g_array_index(islands, Island, i);
        gboolean is_last = i + 1 == islands->len;
        Island next = is_last ? (Island){r.n, r.m, 0} : g_array_index(islands, Island, i + 1);
        guint before = width_between(a, b, here.a, here.b);
        guint after = width_between(here.a + here.length, here.b + here.length, next.a, next.b);
        if (here.length * CHANCE_AMONG <= MIN(before, after)) {
            for (guint k = 0; k < here.length; k++) {
                free_pair(m, r.a[here.a + k]);
            }
            freed = TRUE;
        } else {
            a = here.a + here.length;
            b = here.b + here.length;
        }
    }
    return freed;
}

/* The units of stretches, one after the other. */
static GArray *
units_of(const Units *units, const GArray *stretches)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < stretches->len; i++) {
        const Stretch *s = units_stretch(units, g_array_index(stretches, guint, i));
        for (guint32 k = s->first; k < s->first + s->n; k++) {
            g_array_append_val(all, k);
        }
    }
    return all;
}

void
align_stretches(Matcher *m, const GArray *old, const GArray *new)
{
    g_autoptr(GArray) a = units_of(m->old, old), b = units_of(m->new, new);
    Range r = {(guint32 *)(void *)a->data, (guint32 *)(void *)b->data, a->len, b->len};
    align_range(m, r, 0);
    for (guint i = 0; i < ROUNDS_MOST && free_chance(m, r); i++) {
    }
}

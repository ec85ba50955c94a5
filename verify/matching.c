/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: every unit of both documents is paired with its like in the other, or free.
 *
 *     passages   a b c d e f g        1. equal passages, in order: those that occur once on either
 *                | |     | | |           side hold the rest (patience: Cohen, "Patience diff")
 *                a b x y e f g        2. equal passages left over: they have moved
 *                    ~~~              3. in the gaps: what stands at the same place, then
 *                                        characters; passages that share enough belong together
 *     units      …                    4. pieces of text that are left over on both sides
 *
 * Short texts ("12", "なし") say little by themselves: where they are not beside equal ones, place
 * goes first, so that 5→7 and 7→9 in two cells are two wrong numbers and not a moved one.
 *
 * What is left of short equal passages on a page has moved, too.
 *
 * Why steps fail: a text that is in both documents many times and moved is paired in order; a text
 * of less than a piece that moved with others comes out as lost and gained.
 *
 * Cost: each step is linear, or sorts, but for the alignment of small ranges, which is bounded.
 */
#include "matching.h"

#include "align.h"
#include "chars.h"

/* Shorter texts, in units, are told by their place. */
#define SHORT 8u
/* A whole passage of this many units is the same one wherever it stands. */
#define MOVED_LEAST 12u
/* Pieces of passages: on the same page or in the same gap, and anywhere. */
#define PIECE 6u
#define PIECE_FAR 16u
/* So many places of a piece are looked at. */
#define PIECES_MOST 8u
/* The part of the shorter passage that another must have to belong to it. */
#define LINK_PART 0.5
/* The part that two boxes must share to be the same place where their sides differ. */
#define PLACE_PART 0.5
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
/* Ranges are divided so many times at most. */
#define DEPTH_MOST 64u
/* A swapped short text is looked for among so many passages on either side. */
#define SWAP_REACH 32u

#define NONE G_MAXUINT32

typedef struct {
    guint a0, a1, b0, b1; /* stretches */
} Gap;

typedef struct {
    guint32 a, b;
} Pair;

typedef struct {
    Units *old, *new;
    guint32 *text_a, *text_b; /* which text each stretch has */
    guint texts;
    guint8 *linked_a, *linked_b;
    guint32 *gap_a, *gap_b;              /* which gap each stretch is in, or NONE */
    GArray *gaps;                        /* Gap */
    guint32 *count_a, *count_b, *last_b; /* scratch, by text: zero outside of a call */
    guint32 *parent;                     /* union-find over old stretches and new ones after them */
} Matcher;

gboolean
place_is_near(Rect a, Rect b)
{
    return fabs(a.x0 - b.x0) <= PLACE_NEAR && fabs(a.y0 - b.y0) <= PLACE_NEAR &&
           fabs(a.x1 - b.x1) <= PLACE_NEAR && fabs(a.y1 - b.y1) <= PLACE_NEAR;
}

/* Whether two stretches are at the same place, as far as that is known. */
static gboolean
is_at_place(const Stretch *a, const Stretch *b)
{
    if (!a->placed || !b->placed) {
        return TRUE;
    }
    if (a->page != b->page) {
        return FALSE;
    }
    double shared = rect_area(rect_intersection(a->box, b->box));
    return place_is_near(a->box, b->box) ||
           shared >= PLACE_PART * MAX(rect_area(a->box), rect_area(b->box));
}

/* ---- groups ---- */

static guint32
root_of(Matcher *m, guint32 i)
{
    while (m->parent[i] != i) {
        m->parent[i] = m->parent[m->parent[i]];
        i = m->parent[i];
    }
    return i;
}

static void
link_stretches(Matcher *m, guint a, guint b)
{
    guint32 p = root_of(m, a), q = root_of(m, m->old->stretches->len + b);
    m->parent[MAX(p, q)] = MIN(p, q);
    m->linked_a[a] = m->linked_b[b] = TRUE;
}

static void
pair_units(Matcher *m, guint32 a, guint32 b, UnitState state)
{
    Unit *p = units_unit(m->old, a), *q = units_unit(m->new, b);
    p->pair = b;
    q->pair = a;
    p->state = q->state = (guint8)state;
}

/* Frees an old unit, and what it is paired with. */
static void
free_pair(Matcher *m, guint32 a)
{
    Unit *p = units_unit(m->old, a);
    if (p->state != UNIT_FREE) {
        Unit *q = units_unit(m->new, p->pair);
        p->state = q->state = UNIT_FREE;
        p->pair = q->pair = NONE;
    }
}

/* Two stretches of the same text. */
static void
pair_stretches(Matcher *m, guint a, guint b)
{
    const Stretch *p = units_stretch(m->old, a), *q = units_stretch(m->new, b);
    for (guint i = 0; i < p->n; i++) {
        pair_units(m, p->first + i, q->first + i, UNIT_KEPT);
    }
    link_stretches(m, a, b);
}

/* ---- which text ---- */

typedef struct {
    const Units *units;
    const Stretch *stretch;
} TextKey;

static guint
hash_text(gconstpointer key)
{
    const TextKey *k = key;
    guint hash = 2166136261u;
    for (guint i = 0; i < k->stretch->n; i++) {
        hash = (hash ^ units_unit(k->units, k->stretch->first + i)->fold) * 16777619u;
    }
    return hash;
}

static gboolean
equal_texts(gconstpointer a, gconstpointer b)
{
    const TextKey *p = a, *q = b;
    gboolean equal = p->stretch->n == q->stretch->n;
    for (guint i = 0; i < p->stretch->n && equal; i++) {
        equal = units_unit(p->units, p->stretch->first + i)->fold ==
                units_unit(q->units, q->stretch->first + i)->fold;
    }
    return equal;
}

static guint32 *
number_texts(GHashTable *numbers, const Units *units)
{
    guint32 *texts = g_new0(guint32, units->stretches->len + 1);
    for (guint i = 0; i < units->stretches->len; i++) {
        TextKey *key = g_new(TextKey, 1);
        *key = (TextKey){units, units_stretch(units, i)};
        gpointer number = g_hash_table_lookup(numbers, key);
        if (number == NULL) {
            number = GUINT_TO_POINTER(g_hash_table_size(numbers) + 1);
            g_hash_table_insert(numbers, key, number);
        } else {
            g_free(key);
        }
        texts[i] = GPOINTER_TO_UINT(number) - 1;
    }
    return texts;
}

/* ---- the longest part of pairs that is in order ---- */

/* `pairs` ascend in a, each b once. Leaves those of a longest row in which b ascends, too. */
static void
keep_ascending(GArray *pairs)
{
    g_autofree guint32 *ends = g_new(guint32, pairs->len + 1); /* by length: the last pair */
    g_autofree guint32 *before = g_new(guint32, pairs->len + 1);
    guint longest = 0;
    for (guint i = 0; i < pairs->len; i++) {
        guint low = 0, high = longest;
        while (low < high) {
            guint middle = (low + high) / 2;
            if (g_array_index(pairs, Pair, ends[middle]).b < g_array_index(pairs, Pair, i).b) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        before[i] = low > 0 ? ends[low - 1] : NONE;
        ends[low] = i;
        longest = MAX(longest, low + 1);
    }
    g_autofree Pair *kept = g_new(Pair, longest + 1);
    guint32 at = longest > 0 ? ends[longest - 1] : NONE;
    for (guint k = longest; k-- > 0; at = before[at]) {
        kept[k] = g_array_index(pairs, Pair, at);
    }
    g_array_set_size(pairs, 0);
    g_array_append_vals(pairs, kept, longest);
}

/* ---- 1. equal passages, in order ---- */

static gboolean
may_anchor(const Matcher *m, guint a, guint b)
{
    const Stretch *p = units_stretch(m->old, a);
    return p->n >= SHORT || is_at_place(p, units_stretch(m->new, b));
}

/* Pairs of stretches whose text is once in either range, in order. */
static GArray *
find_anchors(Matcher *m, Gap r)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
    for (guint i = r.a0; i < r.a1; i++) {
        m->count_a[m->text_a[i]]++;
    }
    for (guint i = r.b0; i < r.b1; i++) {
        m->count_b[m->text_b[i]]++;
        m->last_b[m->text_b[i]] = i;
    }
    for (guint i = r.a0; i < r.a1; i++) {
        guint32 text = m->text_a[i];
        if (m->count_a[text] == 1 && m->count_b[text] == 1 && may_anchor(m, i, m->last_b[text])) {
            Pair pair = {i, m->last_b[text]};
            g_array_append_val(pairs, pair);
        }
    }
    for (guint i = r.a0; i < r.a1; i++) {
        m->count_a[m->text_a[i]] = 0;
    }
    for (guint i = r.b0; i < r.b1; i++) {
        m->count_b[m->text_b[i]] = 0;
    }
    keep_ascending(pairs);
    return pairs;
}

static void
add_gap(Matcher *m, Gap gap)
{
    for (guint i = gap.a0; i < gap.a1; i++) {
        m->gap_a[i] = m->gaps->len;
    }
    for (guint i = gap.b0; i < gap.b1; i++) {
        m->gap_b[i] = m->gaps->len;
    }
    g_array_append_val(m->gaps, gap);
}

/* Pairs what is equal at both ends, and takes it off. */
static Gap
pair_ends(Matcher *m, Gap r)
{
    while (r.a0 < r.a1 && r.b0 < r.b1 && m->text_a[r.a0] == m->text_b[r.b0]) {
        pair_stretches(m, r.a0++, r.b0++);
    }
    while (r.a0 < r.a1 && r.b0 < r.b1 && m->text_a[r.a1 - 1] == m->text_b[r.b1 - 1]) {
        pair_stretches(m, --r.a1, --r.b1);
    }
    return r;
}

static void
anchor_passages(Matcher *m, Gap r, guint depth)
{
    r = pair_ends(m, r);
    if (r.a0 == r.a1 && r.b0 == r.b1) {
        return;
    }
    g_autoptr(GArray) anchors = depth < DEPTH_MOST && r.a0 < r.a1 && r.b0 < r.b1
                                    ? find_anchors(m, r)
                                    : g_array_new(FALSE, FALSE, sizeof(Pair));
    if (anchors->len == 0) {
        add_gap(m, r);
        return;
    }
    Gap part = {r.a0, r.a0, r.b0, r.b0};
    for (guint i = 0; i < anchors->len; i++) {
        Pair pair = g_array_index(anchors, Pair, i);
        part.a1 = pair.a;
        part.b1 = pair.b;
        anchor_passages(m, part, depth + 1);
        pair_stretches(m, pair.a, pair.b);
        part.a0 = pair.a + 1;
        part.b0 = pair.b + 1;
    }
    anchor_passages(m, (Gap){part.a0, r.a1, part.b0, r.b1}, depth + 1);
}

/* ---- 2. equal passages that have moved ---- */

typedef struct {
    guint32 text, page, stretch;
} Left;

static int
compare_left(gconstpointer a, gconstpointer b)
{
    const Left *p = a, *q = b;
    if (p->text != q->text) {
        return p->text < q->text ? -1 : 1;
    }
    if (p->page != q->page) {
        return p->page < q->page ? -1 : 1;
    }
    return p->stretch < q->stretch ? -1 : p->stretch > q->stretch;
}

/* What of [from, to) is long enough and belongs to nothing yet. */
static GArray *
left_over(const Units *units, const guint32 *texts, const guint8 *linked, guint from, guint to,
          guint least, gboolean by_page)
{
    GArray *left = g_array_new(FALSE, FALSE, sizeof(Left));
    for (guint i = from; i < to; i++) {
        const Stretch *s = units_stretch(units, i);
        if (!linked[i] && s->n >= least) {
            Left one = {texts[i], by_page ? s->page : 0, i};
            g_array_append_val(left, one);
        }
    }
    g_array_sort(left, compare_left);
    return left;
}

/* Pairs equal passages of a range that are left over on both sides, in order. */
static void
pair_moved(Matcher *m, Gap r, guint least, gboolean by_page)
{
    g_autoptr(GArray) a = left_over(m->old, m->text_a, m->linked_a, r.a0, r.a1, least, by_page);
    g_autoptr(GArray) b = left_over(m->new, m->text_b, m->linked_b, r.b0, r.b1, least, by_page);
    for (guint i = 0, j = 0; i < a->len && j < b->len;) {
        Left p = g_array_index(a, Left, i), q = g_array_index(b, Left, j);
        int order = compare_left(&(Left){p.text, p.page, 0}, &(Left){q.text, q.page, 0});
        if (order == 0) {
            pair_stretches(m, p.stretch, q.stretch);
        }
        i += order <= 0;
        j += order >= 0;
    }
}

/* ---- 3. gaps: characters ---- */

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

static guint64
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

static void
align_stretches(Matcher *m, const GArray *old, const GArray *new)
{
    g_autoptr(GArray) a = units_of(m->old, old), b = units_of(m->new, new);
    Range r = {(guint32 *)(void *)a->data, (guint32 *)(void *)b->data, a->len, b->len};
    align_range(m, r, 0);
    for (guint i = 0; i < ROUNDS_MOST && free_chance(m, r); i++) {
    }
}

/* ---- 3. gaps: passages ---- */

/* Those of [from, to) that belong to nothing yet. */
static GArray *
unlinked(const guint8 *linked, guint from, guint to)
{
    GArray *which = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = from; i < to; i++) {
        if (!linked[i]) {
            g_array_append_val(which, i);
        }
    }
    return which;
}

static gboolean
is_number(const Units *units, guint stretch)
{
    const Stretch *s = units_stretch(units, stretch);
    for (guint i = 0; i < s->n; i++) {
        if (g_unichar_isdigit(fold_of(units, s->first + i))) {
            return TRUE;
        }
    }
    return FALSE;
}

static int
compare_pages(gconstpointer a, gconstpointer b, gpointer units)
{
    guint i = *(const guint *)a, j = *(const guint *)b;
    guint32 p = units_stretch(units, i)->page, q = units_stretch(units, j)->page;
    return p != q ? (p < q ? -1 : 1) : i < j ? -1 : i > j;
}

/* The first that is on a page, or a later one. `new` is sorted by page. */
static guint
first_on_page(const Matcher *m, const GArray *new, guint32 page)
{
    guint low = 0, high = new->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (units_stretch(m->new, g_array_index(new, guint, middle))->page < page) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Where each of `old` stands in the new document: a stretch of `new`, each once, or NONE. */
static guint32 *
partners_by_place(const Matcher *m, const GArray *old, GArray *new)
{
    guint32 *partners = g_new(guint32, old->len + 1);
    g_autofree guint8 *taken = g_new0(guint8, new->len + 1);
    g_array_sort_with_data(new, compare_pages, m->new);
    for (guint i = 0; i < old->len; i++) {
        const Stretch *p = units_stretch(m->old, g_array_index(old, guint, i));
        partners[i] = NONE;
        for (guint k = first_on_page(m, new, p->page); k < new->len &&partners[i] == NONE; k++) {
            guint32 b = g_array_index(new, guint, k);
            const Stretch *q = units_stretch(m->new, b);
            if (q->page != p->page) {
                break;
            }
            if (!taken[k] && p->placed && q->placed && is_at_place(p, q)) {
                partners[i] = b;
                taken[k] = TRUE;
            }
        }
    }
    return partners;
}

/* Where the text of old[i] stands if it has changed places with another's: the partner of that one;
 * or NONE. */
static guint32
swapped_to(const Matcher *m, const GArray *old, const guint32 *partners, guint i)
{
    guint a = g_array_index(old, guint, i);
    guint from = i > SWAP_REACH ? i - SWAP_REACH : 0;
    for (guint k = from; k < MIN(old->len, i + SWAP_REACH); k++) {
        if (k != i && partners[k] != NONE &&
            m->text_a[g_array_index(old, guint, k)] == m->text_b[partners[i]] &&
            m->text_b[partners[k]] == m->text_a[a] && m->text_b[partners[i]] != m->text_a[a] &&
            !is_number(m->old, a)) {
            return partners[k];
        }
    }
    return NONE;
}

static void
link_at_place(Matcher *m, guint a, guint b)
{
    g_autoptr(GArray) p = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) q = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_val(p, a);
    g_array_append_val(q, b);
    align_stretches(m, p, q);
    link_stretches(m, a, b);
}

/* Links what stands at the same place: short texts, unless they have changed places; with `all`
 * long ones, too. */
static void
link_by_place(Matcher *m, Gap gap, gboolean all)
{
    g_autoptr(GArray) old = unlinked(m->linked_a, gap.a0, gap.a1);
    g_autoptr(GArray) new = unlinked(m->linked_b, gap.b0, gap.b1);
    if (old->len == 0 || new->len == 0) {
        return;
    }
    g_autofree guint32 *partners = partners_by_place(m, old, new);
    for (guint i = 0; i < old->len; i++) {
        guint a = g_array_index(old, guint, i), b = partners[i];
        guint32 there = b != NONE ? swapped_to(m, old, partners, i) : NONE;
        gboolean is_short =
            b != NONE && units_stretch(m->old, a)->n < SHORT && units_stretch(m->new, b)->n < SHORT;
        if (there != NONE && !m->linked_b[there]) {
            pair_stretches(m, a, there);
        } else if (b != NONE && !m->linked_b[b] && (all || is_short)) {
            link_at_place(m, a, b);
        }
    }
}

/* Whether stretches that have `shared` units in common belong together. A short one has them by
 * chance, unless it stands there. */
static gboolean
belong_together(const Matcher *m, guint a, guint b, guint shared)
{
    const Stretch *p = units_stretch(m->old, a), *q = units_stretch(m->new, b);
    guint shorter = MIN(p->n, q->n);
    if (shared < LINK_PART * shorter) {
        return FALSE;
    }
    gboolean known = p->placed && q->placed;
    return shorter >= SHORT || m->text_a[a] == m->text_b[b] || !known ||
           (p->page == q->page && rect_overlaps(p->box, q->box));
}

/* Links an old stretch to all that share enough with it; what they share else was chance. */
static void
link_by_text(Matcher *m, guint a)
{
    const Stretch *p = units_stretch(m->old, a);
    for (guint32 i = p->first, to; i < p->first + p->n; i = to) {
        to = i + 1;
        if (units_unit(m->old, i)->state == UNIT_FREE) {
            continue;
        }
        guint b = units_unit(m->new, units_unit(m->old, i)->pair)->stretch, shared = 1;
        for (; to < p->first + p->n; to++) {
            const Unit *unit = units_unit(m->old, to);
            if (unit->state != UNIT_FREE && units_unit(m->new, unit->pair)->stretch != b) {
                break;
            }
            shared += unit->state != UNIT_FREE;
        }
        if (belong_together(m, a, b, shared)) {
            link_stretches(m, a, b);
        } else {
            for (guint32 k = i; k < to; k++) {
                free_pair(m, k);
            }
        }
    }
}

static void
match_gap(Matcher *m, Gap gap)
{
    link_by_place(m, gap, FALSE);
    g_autoptr(GArray) old = unlinked(m->linked_a, gap.a0, gap.a1);
    g_autoptr(GArray) new = unlinked(m->linked_b, gap.b0, gap.b1);
    align_stretches(m, old, new);
    for (guint i = 0; i < old->len; i++) {
        link_by_text(m, g_array_index(old, guint, i));
    }
    link_by_place(m, gap, TRUE);
}

/* ---- 4. pieces ---- */

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

static void
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

/* ---- whole ---- */

static void
group_free(gpointer data)
{
    Group *group = data;
    g_array_unref(group->old);
    g_array_unref(group->new);
    g_free(group);
}

static guint
first_of(const GArray *stretches)
{
    return g_array_index(stretches, guint, 0);
}

static guint
last_of(const GArray *stretches)
{
    return g_array_index(stretches, guint, stretches->len - 1);
}

/* Whatever is not in the longest row of groups that stand in the same order has moved. A group that
 * lies between the parts of another has, too. */
static void
find_moved(const GPtrArray *groups)
{
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
    g_autoptr(GHashTable) kept = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < groups->len; i++) {
        const Group *group = g_ptr_array_index(groups, i);
        if (group->old->len > 0 && group->new->len > 0) {
            Pair pair = {first_of(group->old), first_of(group->new)};
            g_array_append_val(pairs, pair);
        }
    }
    keep_ascending(pairs);
    for (guint i = 0; i < pairs->len; i++) {
        g_hash_table_add(kept, GUINT_TO_POINTER(g_array_index(pairs, Pair, i).a));
    }
    gint64 old = -1, new = -1; /* the last that are done with */
    for (guint i = 0; i < groups->len; i++) {
        Group *group = g_ptr_array_index(groups, i);
        if (group->old->len == 0 || group->new->len == 0) {
            continue;
        }
        group->moved = !g_hash_table_contains(kept, GUINT_TO_POINTER(first_of(group->old))) ||
                       first_of(group->old) < old || first_of(group->new) < new;
        if (!group->moved) {
            old = last_of(group->old);
            new = last_of(group->new);
        }
    }
}

static GPtrArray *
collect_groups(Matcher *m)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);
    guint n = m->old->stretches->len, all = n + m->new->stretches->len;
    g_autofree Group **by_root = g_new0(Group *, all + 1);
    for (guint i = 0; i < all; i++) {
        guint32 root = root_of(m, i);
        if (by_root[root] == NULL) {
            by_root[root] = g_new(Group, 1);
            *by_root[root] = (Group){g_array_new(FALSE, FALSE, sizeof(guint)),
                                     g_array_new(FALSE, FALSE, sizeof(guint)), FALSE};
            g_ptr_array_add(groups, by_root[root]);
        }
        Group *group = by_root[root];
        guint stretch = i < n ? i : i - n;
        g_array_append_val(i < n ? group->old : group->new, stretch);
    }
    find_moved(groups);
    return groups;
}

static guint32 *
filled(guint n, guint32 value)
{
    guint32 *all = g_new(guint32, n + 1);
    for (guint i = 0; i <= n; i++) {
        all[i] = value;
    }
    return all;
}

static void
matcher_begin(Matcher *m, const Claims *old, const Claims *new)
{
    m->old = units_new(old);
    m->new = units_new(new);
    guint p = m->old->stretches->len, q = m->new->stretches->len;
    GHashTable *numbers = g_hash_table_new_full(hash_text, equal_texts, g_free, NULL);
    m->text_a = number_texts(numbers, m->old);
    m->text_b = number_texts(numbers, m->new);
    m->texts = g_hash_table_size(numbers);
    g_hash_table_destroy(numbers);
    m->gap_a = filled(p, NONE);
    m->gap_b = filled(q, NONE);
    m->linked_a = g_new0(guint8, p + 1);
    m->linked_b = g_new0(guint8, q + 1);
    m->gaps = g_array_new(FALSE, FALSE, sizeof(Gap));
    m->count_a = filled(m->texts, 0);
    m->count_b = filled(m->texts, 0);
    m->last_b = filled(m->texts, 0);
    m->parent = g_new(guint32, p + q + 1);
    for (guint32 i = 0; i < p + q; i++) {
        m->parent[i] = i;
    }
}

static void
matcher_clear(Matcher *m)
{
    guint32 *all[] = {m->text_a,  m->text_b,  m->gap_a,  m->gap_b,
                      m->count_a, m->count_b, m->last_b, m->parent};
    for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
        g_free(all[i]);
    }
    g_free(m->linked_a);
    g_free(m->linked_b);
    g_array_unref(m->gaps);
}

Matching *
matching_new(const Claims *old, const Claims *new)
{
    Matcher m = {0};
    matcher_begin(&m, old, new);
    const Gap all = {0, m.old->stretches->len, 0, m.new->stretches->len};
    anchor_passages(&m, all, 0);
    pair_moved(&m, all, MOVED_LEAST, TRUE);
    pair_moved(&m, all, MOVED_LEAST, FALSE);
    for (guint i = 0; i < m.gaps->len; i++) {
        match_gap(&m, g_array_index(m.gaps, Gap, i));
    }
    pair_moved(&m, all, 1, TRUE);
    match_pieces(&m);
    Matching *matching = g_new(Matching, 1);
    *matching = (Matching){m.old, m.new, collect_groups(&m)};
    matcher_clear(&m);
    return matching;
}

void
matching_free(Matching *matching)
{
    if (matching != NULL) {
        units_free(matching->old);
        units_free(matching->new);
        g_ptr_array_unref(matching->groups);
        g_free(matching);
    }
}

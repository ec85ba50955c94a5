/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "matcher.h"

/* The part that two boxes must share to be the same place where their sides differ. */
#define PLACE_PART 0.5

gboolean
place_is_near(Rect a, Rect b)
{
    return fabs(a.x0 - b.x0) <= PLACE_NEAR && fabs(a.y0 - b.y0) <= PLACE_NEAR &&
           fabs(a.x1 - b.x1) <= PLACE_NEAR && fabs(a.y1 - b.y1) <= PLACE_NEAR;
}

gboolean
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

guint32
root_of(Matcher *m, guint32 i)
{
    while (m->parent[i] != i) {
        m->parent[i] = m->parent[m->parent[i]];
        i = m->parent[i];
    }
    return i;
}

void
link_stretches(Matcher *m, guint a, guint b)
{
    guint32 p = root_of(m, a), q = root_of(m, m->old->stretches->len + b);
    m->parent[MAX(p, q)] = MIN(p, q);
    m->linked_a[a] = m->linked_b[b] = TRUE;
}

void
pair_units(Matcher *m, guint32 a, guint32 b, UnitState state)
{
    Unit *p = units_unit(m->old, a), *q = units_unit(m->new, b);
    p->pair = b;
    q->pair = a;
    p->state = q->state = (guint8)state;
}

void
free_pair(Matcher *m, guint32 a)
{
    Unit *p = units_unit(m->old, a);
    if (p->state != UNIT_FREE) {
        Unit *q = units_unit(m->new, p->pair);
        p->state = q->state = UNIT_FREE;
        p->pair = q->pair = NONE;
    }
}

void
pair_stretches(Matcher *m, guint a, guint b)
{
    const Stretch *p = units_stretch(m->old, a), *q = units_stretch(m->new, b);
    for (guint i = 0; i < p->n; i++) {
        pair_units(m, p->first + i, q->first + i, UNIT_KEPT);
    }
    link_stretches(m, a, b);
}

void
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

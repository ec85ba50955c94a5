/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "matcher.h"

/* The part of the shorter passage that another must have to belong to it. */
#define LINK_PART 0.5
/* A swapped short text is looked for among so many passages on either side. */
#define SWAP_REACH 32u

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
        if (g_unichar_isdigit(units_unit(units, s->first + i)->fold)) {
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

void
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

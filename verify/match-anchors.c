/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "matcher.h"

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

void
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

/* ---- what has moved ---- */

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

void
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

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
#include "matcher.h"

/* A whole passage of this many units is the same one wherever it stands. */
#define MOVED_LEAST 12u

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

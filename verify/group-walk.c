/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A group of passages that belong together is walked on both sides at once:
 *
 *     old   前年度の 1,284 件      kept units are paired with each other, in order; between two of
 *           ======== =x=== =      them lie stretches of free units, of pieces that have moved, and
 *     new   前年度の 1,234件       of white space. White space that both have at the ends of such
 *                                  a stretch is kept; all else of it goes into the spots of a
 * change.
 *
 * So what is not in a spot is the same in both, which the tests check of every change there is.
 */
#include "group-walk.h"

#include <string.h>

#define NONE G_MAXUINT32

/* ---- the text in bits ---- */

/* Whether the bits of two units are the same characters throughout. */
static gboolean
bits_are_equal(const Units *a, const Unit *p, const Units *b, const Unit *q)
{
    const Stretch *s = units_stretch(a, p->stretch), *t = units_stretch(b, q->stretch);
    return p->length == q->length &&
           memcmp(s->text + p->at, t->text + q->at, p->length * sizeof(gunichar)) == 0;
}

/* How the units [from, to), which are one bit, are found in the other document. */
static BitKind
kind_of_units(const Units *units, const Units *other, guint32 from, guint32 to)
{
    const Unit *first = units_unit(units, from);
    gboolean exact = TRUE, moved = FALSE;
    for (guint32 i = from; i < to; i++) {
        const Unit *unit = units_unit(units, i);
        if (unit->state == UNIT_FREE) {
            return BIT_FREE;
        }
        moved = moved || unit->state == UNIT_MOVED;
        exact = exact && unit->pair == first->pair + (i - from);
    }
    const Unit *pair = units_unit(other, first->pair);
    exact = exact && (first->pair == 0 || units_unit(other, first->pair - 1)->at != pair->at ||
                      units_unit(other, first->pair - 1)->stretch != pair->stretch);
    return moved                                                ? BIT_MOVED
           : exact && bits_are_equal(units, first, other, pair) ? BIT_EXACT
                                                                : BIT_NORM;
}

static void
add_blank(GArray *bits, guint32 stretch, guint32 from, guint32 to)
{
    if (to > from) {
        Bit blank = {stretch, from, to, NONE, BIT_BLANK, 0};
        g_array_append_val(bits, blank);
    }
}

static void
add_bits(Side *side, const Units *other, guint32 stretch)
{
    const Stretch *s = units_stretch(side->units, stretch);
    guint32 at = 0;
    for (guint32 i = s->first, to; i < s->first + s->n; i = to) {
        const Unit *unit = units_unit(side->units, i);
        for (to = i + 1; to < s->first + s->n && units_unit(side->units, to)->at == unit->at;) {
            to++;
        }
        add_blank(side->bits, stretch, at, unit->at);
        at = unit->at + unit->length;
        Bit bit = {stretch,
                   unit->at,
                   at,
                   i,
                   (guint8)kind_of_units(side->units, other, i, to),
                   (guint8)MIN(to - i, G_MAXUINT8)};
        g_array_append_val(side->bits, bit);
    }
    add_blank(side->bits, stretch, at, s->length);
}

static Side
side_new(const Units *units, const Units *other, const GArray *stretches)
{
    Side side = {units, g_array_new(FALSE, FALSE, sizeof(Bit))};
    for (guint i = 0; i < stretches->len; i++) {
        add_bits(&side, other, g_array_index(stretches, guint, i));
    }
    return side;
}

static const Bit *
side_bit(const Side *side, guint i)
{
    return &g_array_index(side->bits, Bit, i);
}

static const gunichar *
bit_text(const Side *side, const Bit *bit)
{
    return units_stretch(side->units, bit->stretch)->text + bit->from;
}

/* ---- pieces that have moved ---- */

static void
moved_free(gpointer data)
{
    Moved *moved = data;
    g_clear_pointer(&moved->old, g_array_unref);
    g_clear_pointer(&moved->new, g_array_unref);
    g_free(moved);
}

MovedPieces
moved_pieces(const Matching *m)
{
    MovedPieces pieces = {g_ptr_array_new_with_free_func(moved_free), g_hash_table_new(NULL, NULL),
                          g_hash_table_new(NULL, NULL)};
    Moved *last = NULL;
    guint32 pair = NONE;
    guint stretch = 0, other = 0;
    for (guint32 i = 0; i < m->old->units->len; i++) {
        const Unit *unit = units_unit(m->old, i);
        if (unit->state != UNIT_MOVED) {
            last = NULL;
            continue;
        }
        guint b = units_unit(m->new, unit->pair)->stretch;
        if (last == NULL || unit->pair != pair + 1 || unit->stretch != stretch || b != other) {
            last = g_new(Moved, 1);
            *last = (Moved){spots_new(), spots_new(), 2 * unit->stretch,
                            units_stretch(m->old, unit->stretch)->page};
            g_ptr_array_add(pieces.all, last);
        }
        g_hash_table_insert(pieces.by_old, GUINT_TO_POINTER(i + 1), last);
        g_hash_table_insert(pieces.by_new, GUINT_TO_POINTER(unit->pair + 1), last);
        pair = unit->pair;
        stretch = unit->stretch;
        other = b;
    }
    return pieces;
}

void
moved_pieces_clear(MovedPieces *pieces)
{
    g_ptr_array_unref(pieces->all);
    g_hash_table_destroy(pieces->by_old);
    g_hash_table_destroy(pieces->by_new);
}

/* ---- walking a group ---- */

/* Bits [from, to) of each side, between two that are the same. */
typedef struct {
    guint from, to, other_from, other_to;
} Segment;

/* Spots that touch become one. */
static void
add_spot(GArray *spots, const Side *side, guint32 stretch, guint32 from, guint32 to)
{
    guint passage = units_stretch(side->units, stretch)->passage;
    Spot *last = spots->len > 0 ? &g_array_index(spots, Spot, spots->len - 1) : NULL;
    if (last != NULL && last->passage == passage && last->to == from) {
        last->to = to;
    } else {
        Spot spot = {passage, from, to};
        g_array_append_val(spots, spot);
    }
}

static void
add_bit_spot(GArray *spots, const Side *side, const Bit *bit)
{
    add_spot(spots, side, bit->stretch, bit->from, bit->to);
}

static gboolean
are_same_blanks(const Walk *w, const Bit *a, const Bit *b)
{
    return a->kind == BIT_BLANK && b->kind == BIT_BLANK && a->to - a->from == b->to - b->from &&
           memcmp(bit_text(&w->old, a), bit_text(&w->new, b),
                  (a->to - a->from) * sizeof(gunichar)) == 0;
}

/* Takes off the white space that both sides have at an end. */
static Segment
trim(const Walk *w, Segment s)
{
    while (s.from < s.to && s.other_from < s.other_to &&
           are_same_blanks(w, side_bit(&w->old, s.from), side_bit(&w->new, s.other_from))) {
        s.from++;
        s.other_from++;
    }
    while (s.from < s.to && s.other_from < s.other_to &&
           are_same_blanks(w, side_bit(&w->old, s.to - 1), side_bit(&w->new, s.other_to - 1))) {
        s.to--;
        s.other_to--;
    }
    return s;
}

static gboolean
is_digit(gunichar c)
{
    return c < 0x80 ? g_ascii_isdigit((char)c) : g_unichar_isdigit(c);
}

/* Whether a unit is of a number: a digit, the point or comma between two, the sign before one. */
static gboolean
is_of_number(const Units *units, guint32 i)
{
    const Stretch *s = units_stretch(units, units_unit(units, i)->stretch);
    gunichar c = units_unit(units, i)->fold;
    gboolean before = i > s->first && is_digit(units_unit(units, i - 1)->fold);
    gboolean after = i + 1 < s->first + s->n && is_digit(units_unit(units, i + 1)->fold);
    switch (c) {
    case '.':
        return before && after;
    case '-':
    case 0x25B3: /* △ and ▲ are minus signs in accounts */
    case 0x25B2:
        return after && !before;
    default:
        return is_digit(c);
    }
}

GString *
free_units(const Side *side, guint from, guint to, GArray *all, guint *ret_n)
{
    GString *numbers = g_string_new(NULL);
    for (guint i = from; i < to; i++) {
        const Bit *bit = side_bit(side, i);
        for (guint k = 0; bit->kind == BIT_FREE && k < bit->units; k++) {
            gunichar fold = units_unit(side->units, bit->unit + k)->fold;
            g_array_append_val(all, fold);
            (*ret_n)++;
            if (is_of_number(side->units, bit->unit + k)) {
                g_string_append_unichar(numbers, fold);
            }
        }
    }
    return numbers;
}

ChangeClass
class_of(guint old, guint new, const char *old_numbers, const char *new_numbers)
{
    gboolean both = *old_numbers != '\0' && *new_numbers != '\0';
    if (both && strcmp(old_numbers, new_numbers) != 0) {
        return CLASS_DIGITS;
    }
    if (old >= LOST_LEAST && new *LOST_LEAST <= old) {
        return CLASS_LOST;
    }
    if (new >= LOST_LEAST && old *LOST_LEAST <= new) {
        return CLASS_GAINED;
    }
    return strcmp(old_numbers, new_numbers) != 0 ? CLASS_DIGITS : CLASS_TEXT;
}

static Moved *
piece_of(const Walk *w, const Side *side, const Bit *bit)
{
    GHashTable *table = side == &w->old ? w->pieces->by_old : w->pieces->by_new;
    Moved *moved = NULL;
    for (guint k = 0; k < bit->units && moved == NULL; k++) {
        moved = g_hash_table_lookup(table, GUINT_TO_POINTER(bit->unit + k + 1));
    }
    g_assert(moved != NULL);
    return moved;
}

/* Whose a bit is that is no white space: what is free goes to `class`. */
static GArray *
spots_for(const Walk *w, const Side *side, const Bit *bit, ChangeClass class)
{
    gboolean old = side == &w->old;
    if (bit->kind == BIT_MOVED) {
        const Moved *moved = piece_of(w, side, bit);
        return old ? moved->old : moved->new;
    }
    ChangeClass own = bit->kind == BIT_NORM ? CLASS_NORMALISATION : class;
    return old ? w->spots_old[own] : w->spots_new[own];
}

void
share_bits(const Walk *w, const Side *side, guint from, guint to, ChangeClass class)
{
    guint first = from;
    while (first < to && side_bit(side, first)->kind == BIT_BLANK) {
        first++;
    }
    GArray *spots = first < to        ? spots_for(w, side, side_bit(side, first), class)
                    : side == &w->old ? w->spots_old[class]
                                      : w->spots_new[class];
    for (guint i = from; i < to; i++) {
        const Bit *bit = side_bit(side, i);
        if (bit->kind != BIT_BLANK) {
            spots = spots_for(w, side, bit, class);
        }
        add_bit_spot(spots, side, bit);
    }
}

/* Where a side has nothing that the other has: the place, after bit `at` - 1. */
static void
add_place(GArray *spots, const Side *side, guint at)
{
    const Bit *before = at > 0 ? side_bit(side, at - 1) : NULL;
    if (before != NULL) {
        add_spot(spots, side, before->stretch, before->to, before->to);
    } else if (side->bits->len > 0) {
        add_spot(spots, side, side_bit(side, 0)->stretch, 0, 0);
    }
}

gboolean
has_kind(const Side *side, guint from, guint to, BitKind kind)
{
    for (guint i = from; i < to; i++) {
        if (side_bit(side, i)->kind == kind) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether the bits before `from` and at `to` are of two stretches. */
static gboolean
crosses(const Side *side, guint from, guint to)
{
    return from > 0 && to < side->bits->len &&
           side_bit(side, from - 1)->stretch != side_bit(side, to)->stretch;
}

static ChangeClass
class_of_segment(Walk *w, Segment s)
{
    guint n = 0, m = 0;
    g_autoptr(GString) old = free_units(&w->old, s.from, s.to, w->free_old, &n);
    g_autoptr(GString) new = free_units(&w->new, s.other_from, s.other_to, w->free_new, &m);
    if (n > 0 || m > 0) {
        return class_of(n, m, old->str, new->str);
    }
    gboolean divided = crosses(&w->old, s.from, s.to) != crosses(&w->new, s.other_from, s.other_to);
    return divided ? CLASS_STRUCTURE : CLASS_WHITE_SPACE;
}

static void
walk_segment(Walk *w, Segment s)
{
    s = trim(w, s);
    if (s.from == s.to && s.other_from == s.other_to) {
        return;
    }
    ChangeClass class = class_of_segment(w, s);
    guint had_old = w->spots_old[class]->len, had_new = w->spots_new[class]->len;
    share_bits(w, &w->old, s.from, s.to, class);
    share_bits(w, &w->new, s.other_from, s.other_to, class);
    gboolean old = w->spots_old[class]->len > had_old, new = w->spots_new[class]->len > had_new;
    if (old && !new) {
        add_place(w->spots_new[class], &w->new, s.other_from);
    } else if (new && !old) {
        add_place(w->spots_old[class], &w->old, s.from);
    }
    w->differs = w->differs || class > CLASS_STRUCTURE ||
                 has_kind(&w->old, s.from, s.to, BIT_MOVED) ||
                 has_kind(&w->new, s.other_from, s.other_to, BIT_MOVED);
}

static guint8
style_of(const Side *side, const Bit *bit)
{
    const guint8 *marks = units_passage(side->units, bit->stretch)->marks;
    return marks != NULL ? marks[bit->from] : 0;
}

/* Two bits that are the same. */
static void
compare_styles(Walk *w, const Bit *a, const Bit *b)
{
    if (style_of(&w->old, a) != style_of(&w->new, b)) {
        w->restyled = TRUE;
        add_bit_spot(w->spots_old[CLASS_STRUCTURE], &w->old, a);
        add_bit_spot(w->spots_new[CLASS_STRUCTURE], &w->new, b);
    }
}

static guint
next_exact(const Side *side, guint from)
{
    while (from < side->bits->len && side_bit(side, from)->kind != BIT_EXACT) {
        from++;
    }
    return from;
}

void
walk_group(Walk *w)
{
    Segment s = {0};
    for (;;) {
        s.to = next_exact(&w->old, s.from);
        s.other_to = next_exact(&w->new, s.other_from);
        walk_segment(w, s);
        if (s.to == w->old.bits->len || s.other_to == w->new.bits->len) {
            g_assert(s.to == w->old.bits->len && s.other_to == w->new.bits->len);
            return;
        }
        compare_styles(w, side_bit(&w->old, s.to), side_bit(&w->new, s.other_to));
        s.from = s.to + 1;
        s.other_from = s.other_to + 1;
    }
}

void
walk_begin(Walk *w, const Matching *m, const Group *group, const MovedPieces *pieces)
{
    w->group = group;
    w->pieces = pieces;
    w->old = side_new(m->old, m->new, group->old);
    w->new = side_new(m->new, m->old, group->new);
    w->free_old = g_array_new(FALSE, FALSE, sizeof(gunichar));
    w->free_new = g_array_new(FALSE, FALSE, sizeof(gunichar));
    for (guint i = 0; i <= CLASS_LAST; i++) {
        w->spots_old[i] = spots_new();
        w->spots_new[i] = spots_new();
    }
}

void
walk_clear(Walk *w)
{
    g_array_unref(w->old.bits);
    g_array_unref(w->new.bits);
    g_array_unref(w->free_old);
    g_array_unref(w->free_new);
    for (guint i = 0; i <= CLASS_LAST; i++) {
        g_array_unref(w->spots_old[i]);
        g_array_unref(w->spots_new[i]);
    }
}

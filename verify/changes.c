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
#include "changes.h"

#include <string.h>

#include "group-structure.h"
#include "matching.h"

/* Text of so many units that only one document has is lost or gained, also inside a passage; less
 * is a text that differs. */
#define LOST_LEAST 10u

#define NONE G_MAXUINT32

static const char *const words[] = {"white-space", "normalisation", "structure", "order", "text",
                                    "gained",      "lost",          "digits",    "none"};

const char *
class_word(ChangeClass class)
{
    return words[class];
}

ChangeClass
changes_worst(const Changes *changes)
{
    for (guint i = CLASS_LAST + 1; i-- > 0;) {
        if (changes->counts[i] > 0) {
            return (ChangeClass)i;
        }
    }
    return CLASS_NONE;
}

/* ---- the list, before it is in order ---- */

typedef struct {
    DocChange change;
    guint place;  /* where in the old document, or between what of it */
    guint number; /* in which order they were found */
} Found;

typedef struct {
    const Matching *matching;
    const Structures *structures;
    GArray *found;       /* Found */
    GHashTable *touched; /* tables of which something is told: touched_table() */
    guint aside;
} Finder;

static GArray *
spots_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(Spot));
}

static void
touch_tables(Finder *f, const Claims *claims, const GArray *spots, gboolean is_new)
{
    for (guint i = 0; i < spots->len; i++) {
        guint table = claims_passage(claims, g_array_index(spots, Spot, i).passage)->table;
        if (table > 0) {
            g_hash_table_add(f->touched, touched_table(table, is_new));
        }
    }
}

/* Takes the spots and the words. */
static void
add_change(Finder *f, ChangeClass class, guint place, guint32 page, GArray *old, GArray *new,
           char *what)
{
    Found found = {{class, page, old, new, what}, place, f->found->len};
    if (class != CLASS_WHITE_SPACE && class != CLASS_NORMALISATION) {
        touch_tables(f, f->matching->old->claims, old, FALSE);
        touch_tables(f, f->matching->new->claims, new, TRUE);
    }
    g_array_append_val(f->found, found);
}

/* ---- the text of a group in bits ---- */

typedef enum {
    BIT_BLANK, /* white space */
    BIT_EXACT, /* the same in both */
    BIT_NORM,  /* the same after folding */
    BIT_FREE,
    BIT_MOVED,
} BitKind;

/* A character with what folds with it, or a run of white space. */
typedef struct {
    guint32 stretch, from, to; /* characters of its text */
    guint32 unit;              /* its first; NONE: white space */
    guint8 kind;               /* BitKind */
    guint8 units;
} Bit;

typedef struct {
    const Units *units;
    GArray *bits; /* Bit */
} Side;

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

/* What has moved together: its spots on both sides. */
typedef struct {
    GArray *old, *new;
    guint place;
    guint32 page;
} Moved;

static void
moved_free(gpointer data)
{
    Moved *moved = data;
    g_clear_pointer(&moved->old, g_array_unref);
    g_clear_pointer(&moved->new, g_array_unref);
    g_free(moved);
}

typedef struct {
    GPtrArray *all;              /* Moved */
    GHashTable *by_old, *by_new; /* unit + 1 → Moved */
} MovedPieces;

/* Units that follow each other on both sides are one piece. */
static MovedPieces
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

static void
moved_pieces_clear(MovedPieces *pieces)
{
    g_ptr_array_unref(pieces->all);
    g_hash_table_destroy(pieces->by_old);
    g_hash_table_destroy(pieces->by_new);
}

/* ---- walking a group ---- */

typedef struct {
    const Group *group;
    Side old, new;
    const MovedPieces *pieces;
    GArray *spots_old[CLASS_LAST + 1], *spots_new[CLASS_LAST + 1]; /* Spot */
    GArray *free_old, *free_new;                                   /* gunichar: all that is free */
    gboolean restyled; /* characters are underlined or struck through otherwise */
    gboolean differs;  /* in more than white space and normalisation */
} Walk;

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

/* The free units of bits: all to `all`; those of numbers to the result. */
static GString *
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

static ChangeClass
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

/* Gives every bit of one side to a class; white space goes with what is before it, or else after
 * it. */
static void
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

static gboolean
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

static void
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

static void
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

static void
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
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

/* ---- the changes of a group ---- */

static int
compare_chars(gconstpointer a, gconstpointer b)
{
    gunichar p = *(const gunichar *)a, q = *(const gunichar *)b;
    return p < q ? -1 : p > q;
}

/* Whether only the order of the characters differs, none of them a digit. */
static gboolean
is_permuted(Walk *w)
{
    guint n = w->free_old->len;
    if (n == 0 || n != w->free_new->len || w->spots_old[CLASS_DIGITS]->len > 0) {
        return FALSE;
    }
    g_array_sort(w->free_old, compare_chars);
    g_array_sort(w->free_new, compare_chars);
    return memcmp(w->free_old->data, w->free_new->data, n * sizeof(gunichar)) == 0;
}

static void
move_spots(GArray **spots, ChangeClass from, ChangeClass to)
{
    g_array_append_vals(spots[to], spots[from]->data, spots[from]->len);
    g_array_set_size(spots[from], 0);
}

static GArray *
whole_spots(const Units *units, const GArray *stretches)
{
    GArray *spots = spots_new();
    for (guint i = 0; i < stretches->len; i++) {
        const Stretch *s = units_stretch(units, g_array_index(stretches, guint, i));
        Spot spot = {s->passage, 0, s->length};
        g_array_append_val(spots, spot);
    }
    return spots;
}

/* The passages alone, with nothing of their text. */
static void
name_passages(GArray *spots, const Units *units, const GArray *stretches)
{
    for (guint i = 0; i < stretches->len; i++) {
        Spot spot = {units_stretch(units, g_array_index(stretches, guint, i))->passage, 0, 0};
        g_array_append_val(spots, spot);
    }
}

static guint32
page_of(const Finder *f, const Group *group)
{
    return group->old->len > 0
               ? units_stretch(f->matching->old, g_array_index(group->old, guint, 0))->page
               : units_stretch(f->matching->new, g_array_index(group->new, guint, 0))->page;
}

static gboolean
is_margin(const Passage *p)
{
    return p->kind == PASSAGE_HEAD || p->kind == PASSAGE_FOLIO;
}

/* Whether one side takes a text for a running head or folio that the other has in the body: that it
 * is elsewhere in the order is no change of its own. */
static gboolean
left_margin(const Finder *f, const Group *group)
{
    return is_margin(units_passage(f->matching->old, g_array_index(group->old, guint, 0))) !=
           is_margin(units_passage(f->matching->new, g_array_index(group->new, guint, 0)));
}

/* A passage that moved right after another is of the same change. */
static void
add_moved(Finder *f, const Group *group, const Group **last)
{
    guint old = g_array_index(group->old, guint, 0), new = g_array_index(group->new, guint, 0);
    Found *before = f->found->len > 0 ? &g_array_index(f->found, Found, f->found->len - 1) : NULL;
    gboolean goes_on = *last != NULL && before != NULL && before->change.class == CLASS_ORDER &&
                       g_array_index((*last)->old, guint, (*last)->old->len - 1) + 1 == old &&
                       g_array_index((*last)->new, guint, (*last)->new->len - 1) + 1 == new;
    GArray *p = whole_spots(f->matching->old, group->old);
    GArray *q = whole_spots(f->matching->new, group->new);
    *last = group;
    if (goes_on) {
        g_array_append_vals(before->change.old, p->data, p->len);
        g_array_append_vals(before->change.new, q->data, q->len);
        touch_tables(f, f->matching->old->claims, p, FALSE);
        touch_tables(f, f->matching->new->claims, q, TRUE);
        g_array_unref(p);
        g_array_unref(q);
    } else {
        add_change(f, CLASS_ORDER, 2 * old, page_of(f, group), p, q, NULL);
    }
}

/* The letters of all ruby. */
static char *
rubies_of(const Units *units, const GArray *stretches)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < stretches->len; i++) {
        const GArray *rubies = units_passage(units, g_array_index(stretches, guint, i))->rubies;
        for (guint k = 0; k < rubies->len; k++) {
            g_string_append_unichar(all, g_array_index(rubies, gunichar, k));
        }
    }
    return g_string_free(g_steal_pointer(&all), FALSE);
}

static void
compare_rubies(Finder *f, const Group *group)
{
    g_autofree char *old = rubies_of(f->matching->old, group->old);
    g_autofree char *new = rubies_of(f->matching->new, group->new);
    if (strcmp(old, new) != 0) {
        GArray *p = spots_new(), *q = spots_new();
        name_passages(p, f->matching->old, group->old);
        name_passages(q, f->matching->new, group->new);
        add_change(f, CLASS_TEXT, 2 * g_array_index(group->old, guint, 0), page_of(f, group), p, q,
                   g_strdup_printf("ruby “%s”, now “%s”", old, new));
    }
}

static void
compare_structure(Finder *f, Walk *w)
{
    const Group *group = w->group;
    gboolean moved_box = FALSE;
    g_autofree char *what = group_structure(f->structures, group, !w->differs, &moved_box);
    GArray *p = w->spots_old[CLASS_STRUCTURE], *q = w->spots_new[CLASS_STRUCTURE];
    f->aside |= moved_box ? ASIDE_BOXES : 0;
    if (what == NULL && !w->restyled && p->len == 0 && q->len == 0) {
        return;
    }
    if (group->moved && left_margin(f, group)) {
        g_array_set_size(p, 0);
        g_array_set_size(q, 0);
        g_autoptr(GArray) old = whole_spots(f->matching->old, group->old);
        g_autoptr(GArray) new = whole_spots(f->matching->new, group->new);
        g_array_append_vals(p, old->data, old->len);
        g_array_append_vals(q, new->data, new->len);
    }
    if (p->len == 0) {
        name_passages(p, f->matching->old, group->old);
    }
    if (q->len == 0) {
        name_passages(q, f->matching->new, group->new);
    }
    const char *style = w->restyled ? "underlined, struck through or ruby otherwise" : NULL;
    add_change(f, CLASS_STRUCTURE, 2 * g_array_index(group->old, guint, 0), page_of(f, group),
               g_array_ref(p), g_array_ref(q),
               what != NULL && style != NULL ? g_strdup_printf("%s; %s", what, style)
                                             : g_strdup(what != NULL ? what : style));
}

static void
add_pair(Finder *f, const Group *group, const MovedPieces *pieces, const Group **last)
{
    g_auto(Walk) w = {0};
    walk_begin(&w, f->matching, group, pieces);
    walk_group(&w);
    if (is_permuted(&w)) {
        move_spots(w.spots_old, CLASS_TEXT, CLASS_ORDER);
        move_spots(w.spots_new, CLASS_TEXT, CLASS_ORDER);
    }
    if (group->moved && !left_margin(f, group)) {
        add_moved(f, group, last);
    }
    for (guint i = 0; i <= CLASS_LAST; i++) {
        if (i != CLASS_STRUCTURE && (w.spots_old[i]->len > 0 || w.spots_new[i]->len > 0)) {
            add_change(f, (ChangeClass)i, 2 * g_array_index(group->old, guint, 0),
                       page_of(f, group), g_array_ref(w.spots_old[i]), g_array_ref(w.spots_new[i]),
                       NULL);
        }
    }
    compare_structure(f, &w);
    compare_rubies(f, group);
}

/* A passage that only one side has. What has moved elsewhere of it is told there; if little else is
 * left of it, that is a text that differs. */
static void
add_lone(Finder *f, const Group *group, guint place, const MovedPieces *pieces)
{
    gboolean old = group->old->len > 0;
    g_auto(Walk) w = {0};
    walk_begin(&w, f->matching, group, pieces);
    const Side *side = old ? &w.old : &w.new;
    guint n = 0;
    g_autoptr(GString) numbers =
        free_units(side, 0, side->bits->len, old ? w.free_old : w.free_new, &n);
    ChangeClass class =
        n < LOST_LEAST && has_kind(side, 0, side->bits->len, BIT_MOVED)
            ? class_of(old ? n : 0, old ? 0 : n, old ? numbers->str : "", old ? "" : numbers->str)
        : old ? CLASS_LOST
              : CLASS_GAINED;
    share_bits(&w, side, 0, side->bits->len, class);
    if (w.spots_old[class]->len > 0 || w.spots_new[class]->len > 0) {
        add_change(f, class, place, page_of(f, group), g_array_ref(w.spots_old[class]),
                   g_array_ref(w.spots_new[class]), NULL);
    }
}

/* For each stretch of the new document, where what only it has stands among those of the old: after
 * the last before it that both have. */
static guint *
places_of_new(const Matching *m)
{
    guint n = m->new->stretches->len;
    guint *places = g_new0(guint, n + 1);
    for (guint i = 0; i < m->groups->len; i++) {
        const Group *group = g_ptr_array_index(m->groups, i);
        for (guint k = 0; k < group->new->len && group->old->len > 0 && !group->moved; k++) {
            places[g_array_index(group->new, guint, k)] =
                2 * g_array_index(group->old, guint, group->old->len - 1) + 1;
        }
    }
    for (guint i = 1; i < n; i++) {
        places[i] = MAX(places[i], places[i - 1]);
    }
    return places;
}

static gboolean
is_plainly_same(const Finder *f, const Group *group)
{
    if (group->moved || group->old->len != 1 || group->new->len != 1) {
        return FALSE;
    }
    const Passage *p = units_passage(f->matching->old, g_array_index(group->old, guint, 0));
    const Passage *q = units_passage(f->matching->new, g_array_index(group->new, guint, 0));
    return strcmp(p->text, q->text) == 0 && p->marks == NULL && q->marks == NULL;
}

/* Two passages with the same text: without walking. */
static void
add_same(Finder *f, const Group *group)
{
    gboolean moved_box = FALSE;
    char *what = group_structure(f->structures, group, TRUE, &moved_box);
    f->aside |= moved_box ? ASIDE_BOXES : 0;
    if (what != NULL) {
        GArray *p = spots_new(), *q = spots_new();
        name_passages(p, f->matching->old, group->old);
        name_passages(q, f->matching->new, group->new);
        add_change(f, CLASS_STRUCTURE, 2 * g_array_index(group->old, guint, 0), page_of(f, group),
                   p, q, what);
    }
}

static void
compare_groups(Finder *f)
{
    const Matching *m = f->matching;
    MovedPieces pieces = moved_pieces(m);
    g_autofree guint *places = places_of_new(m);
    const Group *last = NULL; /* that moved */
    for (guint i = 0; i < m->groups->len; i++) {
        const Group *group = g_ptr_array_index(m->groups, i);
        if (group->old->len == 0) {
            add_lone(f, group, places[g_array_index(group->new, guint, 0)], &pieces);
        } else if (group->new->len == 0) {
            add_lone(f, group, 2 * g_array_index(group->old, guint, 0), &pieces);
        } else if (is_plainly_same(f, group)) {
            add_same(f, group);
        } else {
            add_pair(f, group, &pieces, &last);
        }
    }
    for (guint i = 0; i < pieces.all->len; i++) {
        Moved *moved = g_ptr_array_index(pieces.all, i);
        add_change(f, CLASS_ORDER, moved->place, moved->page, g_steal_pointer(&moved->old),
                   g_steal_pointer(&moved->new), NULL);
    }
    moved_pieces_clear(&pieces);
}

/* ---- pages ---- */

static void
add_page_change(Finder *f, ChangeClass class, guint32 page, char *what)
{
    add_change(f, class, 0, page, spots_new(), spots_new(), what);
}

static void
compare_pages(Finder *f, const ClaimedPage *old, const ClaimedPage *new)
{
    guint32 n = old->number;
    if (new->failed != NULL && old->failed == NULL) {
        add_page_change(f, CLASS_LOST, n,
                        g_strdup_printf("the page cannot be read any more: %s", new->failed));
        return;
    }
    if (old->failed != NULL && new->failed == NULL) {
        add_page_change(f, CLASS_GAINED, n,
                        g_strdup_printf("the page can be read now; before: %s", old->failed));
        return;
    }
    if (g_strcmp0(old->label, new->label) != 0) {
        add_page_change(f, CLASS_STRUCTURE, n,
                        g_strdup_printf("label “%s”, now “%s”",
                                        old->label != NULL ? old->label : "",
                                        new->label != NULL ? new->label : ""));
    }
    if (fabs(old->width - new->width) > PLACE_NEAR ||
        fabs(old->height - new->height) > PLACE_NEAR) {
        add_page_change(f, CLASS_STRUCTURE, n, g_strdup("the page has another size"));
    }
}

/* The number of a page; of none, one beyond all. */
static guint32
page_number(const Claims *claims, guint i)
{
    return i < claims->pages->len ? claims_page(claims, i)->number : NONE;
}

/* Pages of both are in ascending order of their numbers. */
static void
find_pages(Finder *f, const Claims *old, const Claims *new)
{
    guint i = 0, j = 0;
    while (i < old->pages->len || j < new->pages->len) {
        guint32 was = page_number(old, i), is = page_number(new, j);
        if (was < is) {
            add_page_change(f, CLASS_LOST, was, g_strdup("there is no such page any more"));
        } else if (is < was) {
            add_page_change(f, CLASS_GAINED, is, g_strdup("there was no such page"));
        } else {
            compare_pages(f, claims_page(old, i), claims_page(new, j));
        }
        i += was <= is;
        j += is <= was;
    }
}

/* ---- whole ---- */

static guint
find_aside(const Claims *old, const Claims *new)
{
    guint aside = 0;
    aside |= g_strcmp0(old->source_sha256, new->source_sha256) != 0 ||
                     g_strcmp0(old->source, new->source) != 0
                 ? ASIDE_SOURCE
                 : 0;
    aside |= g_strcmp0(old->producer, new->producer) != 0 ? ASIDE_PRODUCER : 0;
    aside |= old->zones->len != new->zones->len ? ASIDE_ZONES : 0;
    for (guint i = 0; i < MIN(old->zones->len, new->zones->len); i++) {
        const ClaimedZone *p = claims_zone(old, i), *q = claims_zone(new, i);
        aside |= g_strcmp0(p->id, q->id) != 0 ? ASIDE_ZONES : 0;
        aside |= p->confidence != q->confidence || p->origin != q->origin ? ASIDE_CONFIDENCE : 0;
    }
    return aside;
}

static void
add_structure(gpointer user_data, guint32 page, char *what)
{
    add_page_change(user_data, CLASS_STRUCTURE, page, what);
}

static int
compare_found(gconstpointer a, gconstpointer b)
{
    const Found *p = a, *q = b;
    if (p->change.page != q->change.page) {
        return p->change.page < q->change.page ? -1 : 1;
    }
    if (p->place != q->place) {
        return p->place < q->place ? -1 : 1;
    }
    if (p->change.class != q->change.class) {
        return p->change.class > q->change.class ? -1 : 1;
    }
    return p->number < q->number ? -1 : p->number > q->number;
}

Changes *
changes_find(const Claims *old, const Claims *new)
{
    g_autoptr(Matching) matching = matching_new(old, new);
    g_autoptr(Structures) structures = structures_new(matching);
    g_autoptr(GHashTable) touched = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Found));
    Finder f = {matching, structures, found, touched, find_aside(old, new)};
    find_pages(&f, old, new);
    compare_groups(&f);
    structures_find(structures, touched, add_structure, &f);
    g_array_sort(found, compare_found);
    Changes *changes = g_new0(Changes, 1);
    changes->list = g_array_new(FALSE, FALSE, sizeof(DocChange));
    changes->aside = f.aside;
    for (guint i = 0; i < found->len; i++) {
        DocChange *change = &g_array_index(found, Found, i).change;
        changes->counts[change->class]++;
        g_array_append_val(changes->list, *change);
    }
    return changes;
}

void
changes_free(Changes *changes)
{
    if (changes == NULL) {
        return;
    }
    for (guint i = 0; i < changes->list->len; i++) {
        DocChange *change = &g_array_index(changes->list, DocChange, i);
        g_array_unref(change->old);
        g_array_unref(change->new);
        g_free(change->what);
    }
    g_array_unref(changes->list);
    g_free(changes);
}

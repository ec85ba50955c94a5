/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "changes.h"

#include <string.h>

#include "group-structure.h"
#include "group-walk.h"

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
    return i < claims->pages->len ? claims_page(claims, i)->number : G_MAXUINT32;
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

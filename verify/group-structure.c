/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "group-structure.h"

#include "layout.h"

#define NONE G_MAXUINT64
/* A passage has this weight at most, in units, for what its row or column is: else a single long
 * one that moved would outweigh a column of numbers. */
#define WEIGHT_MOST 4u

/* A thing that passages are in: a row, a column, a table. */
typedef guint64 Key;

typedef struct {
    Key old, new;
    guint64 weight; /* units that both have */
} Tie;

/* Which is which: the one that most of the text of each is in. */
typedef struct {
    GArray *ties;                /* Tie */
    GHashTable *by_old, *by_new; /* Key * → Key *: borrowed from ties */
} Ties;

struct Structures {
    const Matching *matching;
    Ties blocks, rows, columns;
    GHashTable *parents; /* Key * → Key *, of blocks: union-find */
    GHashTable *numbers; /* Key * of a root → which blocks belong together, from 1 */
    GArray *sizes;       /* BlockCount, by that number less 1 */
};

/* ---- keys ---- */

enum { KEY_TABLE = 1, KEY_LIST, KEY_FIGURE };

static Key
key_of(guint kind, guint number, guint part)
{
    return (Key)kind << 60 | (Key)number << 30 | part;
}

/* The table, list or figure. */
static Key
block_key(const Passage *p)
{
    return p->table > 0    ? key_of(KEY_TABLE, p->table, 0)
           : p->list > 0   ? key_of(KEY_LIST, p->list, 0)
           : p->figure > 0 ? key_of(KEY_FIGURE, p->figure, 0)
                           : NONE;
}

/* The row, or the item of a list. */
static Key
row_key(const Passage *p)
{
    return p->table > 0  ? key_of(KEY_TABLE, p->table, p->row)
           : p->list > 0 ? key_of(KEY_LIST, p->list, p->item)
                         : NONE;
}

/* ---- ties ---- */

static int
compare_ties(gconstpointer a, gconstpointer b)
{
    const Tie *p = a, *q = b;
    if (p->old != q->old) {
        return p->old < q->old ? -1 : 1;
    }
    return p->new < q->new ? -1 : p->new > q->new;
}

static void
add_tie(Ties *ties, Key old, Key new, guint weight)
{
    if (old != NONE && new != NONE) {
        Tie tie = {old, new, weight};
        g_array_append_val(ties->ties, tie);
    }
}

/* Equal ties become one. */
static void
join_ties(GArray *ties)
{
    guint kept = 0;
    g_array_sort(ties, compare_ties);
    for (guint i = 0; i < ties->len; i++) {
        Tie tie = g_array_index(ties, Tie, i);
        Tie *last = kept > 0 ? &g_array_index(ties, Tie, kept - 1) : NULL;
        if (last != NULL && last->old == tie.old && last->new == tie.new) {
            last->weight += tie.weight;
        } else {
            g_array_index(ties, Tie, kept++) = tie;
        }
    }
    g_array_set_size(ties, kept);
}

/* Ties are sorted, so that of equal weights the first counts. */
static void
keep_heavier(GHashTable *best, Key *key, Tie *tie)
{
    const Tie *there = g_hash_table_lookup(best, key);
    if (there == NULL || tie->weight > there->weight) {
        g_hash_table_insert(best, key, tie);
    }
}

static void
settle_ties(Ties *ties)
{
    join_ties(ties->ties);
    ties->by_old = g_hash_table_new(g_int64_hash, g_int64_equal);
    ties->by_new = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < ties->ties->len; i++) {
        Tie *tie = &g_array_index(ties->ties, Tie, i);
        keep_heavier(ties->by_old, &tie->old, tie);
        keep_heavier(ties->by_new, &tie->new, tie);
    }
}

/* Whether each is the other's, or neither is anything. */
static gboolean
are_tied(const Ties *ties, Key old, Key new)
{
    if (old == NONE || new == NONE) {
        return old == new;
    }
    const Tie *p = g_hash_table_lookup(ties->by_old, &old);
    const Tie *q = g_hash_table_lookup(ties->by_new, &new);
    return p != NULL && p == q;
}

static void
ties_clear(Ties *ties)
{
    g_hash_table_destroy(ties->by_old);
    g_hash_table_destroy(ties->by_new);
    g_array_unref(ties->ties);
}

/* ---- which tables are which ---- */

/* Tells the blocks of the new document from those of the old. */
#define NEW_SIDE ((Key)1 << 63)

typedef struct {
    guint old, new; /* how many of each document */
    Key first_old, first_new;
} BlockCount;

static Key
root_of(const Structures *s, Key key)
{
    const Key *up;
    while ((up = g_hash_table_lookup(s->parents, &key)) != NULL && *up != key) {
        key = *up;
    }
    return key;
}

static Key *
key_copy(Key key)
{
    Key *copy = g_new(Key, 1);
    *copy = key;
    return copy;
}

static void
join_blocks(Structures *s, Key old, Key new)
{
    Key p = root_of(s, old), q = root_of(s, new | NEW_SIDE);
    g_hash_table_insert(s->parents, key_copy(p), key_copy(p));
    g_hash_table_insert(s->parents, key_copy(q), key_copy(p));
}

/* Blocks one of which has most of its text from the other belong together, so that one that became
 * two is still the same. */
static void
join_all_blocks(Structures *s)
{
    for (guint i = 0; i < s->blocks.ties->len; i++) {
        const Tie *tie = &g_array_index(s->blocks.ties, Tie, i);
        gboolean same_kind = tie->old >> 60 == tie->new >> 60;
        if (same_kind && (g_hash_table_lookup(s->blocks.by_old, &tie->old) == tie ||
                          g_hash_table_lookup(s->blocks.by_new, &tie->new) == tie)) {
            join_blocks(s, tie->old, tie->new);
        }
    }
}

/* From 1; 0 for what is in no block. A block without a like in the other document gets a number
 * of its own. */
static guint
block_number(Structures *s, Key key, gboolean is_new)
{
    if (key == NONE) {
        return 0;
    }
    Key root = root_of(s, is_new ? key | NEW_SIDE : key);
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(s->numbers, &root));
    if (number == 0) {
        BlockCount none = {0};
        g_array_append_val(s->sizes, none);
        number = s->sizes->len;
        g_hash_table_insert(s->numbers, key_copy(root), GUINT_TO_POINTER(number));
    }
    return number;
}

/* Counts the blocks that have text. */
static void
count_blocks(Structures *s, const Claims *claims, gboolean is_new)
{
    Key last = NONE;
    for (guint i = 0; i < claims->passages->len; i++) {
        Key key = block_key(claims_passage(claims, i));
        if (key == NONE || key == last) {
            continue;
        }
        last = key;
        guint number = block_number(s, key, is_new);
        BlockCount *count = &g_array_index(s->sizes, BlockCount, number - 1);
        if (is_new && count->new ++ == 0) {
            count->first_new = key;
        }
        if (!is_new && count->old++ == 0) {
            count->first_old = key;
        }
    }
}

static guint
number_of(const Structures *s, Key key, gboolean is_new)
{
    Key root = key != NONE ? root_of(s, is_new ? key | NEW_SIDE : key) : NONE;
    return key != NONE ? GPOINTER_TO_UINT(g_hash_table_lookup(s->numbers, &root)) : 0;
}

/* Where a column is, the table being the same wherever it is cut. */
static Key
column_key(const Structures *s, const Passage *p, gboolean is_new)
{
    return p->column > 0 ? key_of(KEY_TABLE, number_of(s, block_key(p), is_new), p->column) : NONE;
}

/* ---- ties of all passages ---- */

typedef void (*AddTies)(Structures *s, const Passage *old, const Passage *new, guint weight);

static void
tie_blocks(Structures *s, const Passage *old, const Passage *new, guint weight)
{
    add_tie(&s->blocks, block_key(old), block_key(new), weight);
}

static void
tie_parts(Structures *s, const Passage *old, const Passage *new, guint weight)
{
    add_tie(&s->rows, row_key(old), row_key(new), weight);
    add_tie(&s->columns, column_key(s, old, FALSE), column_key(s, new, TRUE), weight);
}

/* Calls `add` for each two passages that have text in common, with how much. */
static void
for_all_pairs(Structures *s, AddTies add)
{
    const Units *old = s->matching->old, *new = s->matching->new;
    for (guint32 i = 0, to; i < old->units->len; i = to) {
        const Unit *unit = units_unit(old, i);
        to = i + 1;
        if (unit->state != UNIT_KEPT) {
            continue;
        }
        guint b = units_unit(new, unit->pair)->stretch;
        while (to < old->units->len && units_unit(old, to)->stretch == unit->stretch &&
               units_unit(old, to)->state == UNIT_KEPT &&
               units_unit(new, units_unit(old, to)->pair)->stretch == b) {
            to++;
        }
        add(s, units_passage(old, unit->stretch), units_passage(new, b), MIN(to - i, WEIGHT_MOST));
    }
}

Structures *
structures_new(const Matching *matching)
{
    Structures *s = g_new0(Structures, 1);
    s->matching = matching;
    s->blocks.ties = g_array_new(FALSE, FALSE, sizeof(Tie));
    s->rows.ties = g_array_new(FALSE, FALSE, sizeof(Tie));
    s->columns.ties = g_array_new(FALSE, FALSE, sizeof(Tie));
    s->parents = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    s->numbers = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    s->sizes = g_array_new(FALSE, FALSE, sizeof(BlockCount));
    for_all_pairs(s, tie_blocks);
    settle_ties(&s->blocks);
    join_all_blocks(s);
    count_blocks(s, matching->old->claims, FALSE);
    count_blocks(s, matching->new->claims, TRUE);
    for_all_pairs(s, tie_parts);
    settle_ties(&s->rows);
    settle_ties(&s->columns);
    return s;
}

void
structures_free(Structures *s)
{
    if (s != NULL) {
        ties_clear(&s->blocks);
        ties_clear(&s->rows);
        ties_clear(&s->columns);
        g_hash_table_destroy(s->parents);
        g_hash_table_destroy(s->numbers);
        g_array_unref(s->sizes);
        g_free(s);
    }
}

/* ---- groups ---- */

static void say(GString *what, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
say(GString *what, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_string_append(what, what->len > 0 ? "; " : "");
    g_string_append_vprintf(what, format, args);
    va_end(args);
}

static void
say_number(GString *what, const char *name, guint old, guint new)
{
    if (old != new) {
        say(what, "%s %u, now %u", name, old, new);
    }
}

static const char *
header_word(guint8 header)
{
    return header == HEADER_COLUMN ? "header of a column"
           : header == HEADER_ROW  ? "header of a row"
                                   : "no header";
}

/* What a cell says of itself it says with its first passage. */
static gboolean
is_first_of_cell(const Claims *claims, guint passage)
{
    const Passage *p = claims_passage(claims, passage);
    const Passage *before = passage > 0 ? claims_passage(claims, passage - 1) : NULL;
    return before == NULL || before->table != p->table || before->row != p->row ||
           before->column != p->column;
}

static void
compare_cells(const Structures *s, GString *what, guint old, guint new)
{
    const Claims *a = s->matching->old->claims, *b = s->matching->new->claims;
    const Passage *p = claims_passage(a, old), *q = claims_passage(b, new);
    if (!are_tied(&s->columns, column_key(s, p, FALSE), column_key(s, q, TRUE))) {
        if (p->column != q->column) {
            say_number(what, "column", p->column, q->column);
        } else {
            say(what, "another column than its neighbours'");
        }
    }
    if (is_first_of_cell(a, old) || is_first_of_cell(b, new)) {
        say_number(what, "columns spanned", p->colspan, q->colspan);
        say_number(what, "rows spanned", p->rowspan, q->rowspan);
        if (p->header_of != q->header_of) {
            say(what, "%s, now %s", header_word(p->header_of), header_word(q->header_of));
        }
    }
}

static const char *
block_word(Key key)
{
    return key >> 60 == KEY_TABLE ? "table" : key >> 60 == KEY_LIST ? "list" : "figure";
}

static void
compare_elements(const Structures *s, GString *what, guint old, guint new)
{
    const Passage *p = claims_passage(s->matching->old->claims, old);
    const Passage *q = claims_passage(s->matching->new->claims, new);
    if (p->kind != q->kind) {
        say(what, "%s, now %s", passage_word(p->kind), passage_word(q->kind));
        return;
    }
    say_number(what, "level", p->level, q->level);
    Key a = block_key(p), b = block_key(q);
    if (number_of(s, a, FALSE) != number_of(s, b, TRUE)) {
        say(what, "another %s", block_word(a));
    } else if (!are_tied(&s->rows, row_key(p), row_key(q))) {
        say(what, "another %s", p->table > 0 ? "row" : "item");
    }
    if (p->kind == PASSAGE_CELL) {
        compare_cells(s, what, old, new);
    }
}

/* The boxes of a passage on one page together; FALSE if there are none. */
static gboolean
box_on_page(const Claims *claims, const Passage *p, guint32 page, Rect *ret_box)
{
    gboolean found = FALSE;
    for (guint i = 0; i < p->zones->len; i++) {
        const ClaimedZone *zone = claims_zone(claims, g_array_index(p->zones, guint, i));
        if (zone->page == page && zone->placed) {
            *ret_box = found ? rect_union(*ret_box, zone->box) : zone->box;
            found = TRUE;
        }
    }
    return found;
}

static gboolean
rect_equals(Rect a, Rect b)
{
    return a.x0 == b.x0 && a.y0 == b.y0 && a.x1 == b.x1 && a.y1 == b.y1;
}

/* Whether all boxes of p are near those of q on the same pages. */
static gboolean
boxes_are_near(const Claims *a, const Passage *p, const Claims *b, const Passage *q,
               gboolean *ret_moved_box)
{
    for (guint i = 0; i < p->zones->len; i++) {
        guint32 page = claims_zone(a, g_array_index(p->zones, guint, i))->page;
        Rect old, new;
        gboolean was = box_on_page(a, p, page, &old), is = box_on_page(b, q, page, &new);
        if (was != is || (was && !place_is_near(old, new))) {
            return FALSE;
        }
        *ret_moved_box = *ret_moved_box || (was && !rect_equals(old, new));
    }
    return TRUE;
}

static void
compare_places(const Structures *s, GString *what, guint old, guint new, gboolean *ret_moved_box)
{
    const Claims *a = s->matching->old->claims, *b = s->matching->new->claims;
    const Passage *p = claims_passage(a, old), *q = claims_passage(b, new);
    gboolean ignored = FALSE;
    if (!boxes_are_near(a, p, b, q, ret_moved_box) || !boxes_are_near(b, q, a, p, &ignored)) {
        guint32 was =
            p->zones->len > 0 ? claims_zone(a, g_array_index(p->zones, guint, 0))->page : 0;
        guint32 is =
            q->zones->len > 0 ? claims_zone(b, g_array_index(q->zones, guint, 0))->page : 0;
        if (was != is) {
            say_number(what, "page", was, is);
        } else {
            say(what, "another place on the page");
        }
    }
}

char *
group_structure(const Structures *s, const Group *group, gboolean same, gboolean *ret_moved_box)
{
    g_autoptr(GString) what = g_string_new(NULL);
    guint old = units_stretch(s->matching->old, g_array_index(group->old, guint, 0))->passage;
    guint new = units_stretch(s->matching->new, g_array_index(group->new, guint, 0))->passage;
    if (group->old->len != group->new->len) {
        say(what, "%u passage%s, now %u", group->old->len, group->old->len == 1 ? "" : "s",
            group->new->len);
    } else if (group->old->len > 1) {
        say(what, "%u passages, divided elsewhere", group->old->len);
    }
    compare_elements(s, what, old, new);
    if (same && !group->moved && group->old->len == 1 && group->new->len == 1) {
        compare_places(s, what, old, new, ret_moved_box);
    }
    return what->len > 0 ? g_string_free(g_steal_pointer(&what), FALSE) : NULL;
}

/* ---- tables, lists and figures by themselves ---- */

static guint32
page_of_block(const Claims *claims, Key block)
{
    for (guint i = 0; i < claims->passages->len; i++) {
        const Passage *p = claims_passage(claims, i);
        if (block_key(p) == block && p->zones->len > 0) {
            return claims_zone(claims, g_array_index(p->zones, guint, 0))->page;
        }
    }
    return 0;
}

static guint
number_in(Key block)
{
    return (guint)(block >> 30 & ((1u << 30) - 1));
}

static char *
compare_grids(const Structures *s, const BlockCount *count, GHashTable *touched)
{
    guint old = number_in(count->first_old), new = number_in(count->first_new);
    const ClaimedTable *p = claims_table(s->matching->old->claims, old - 1);
    const ClaimedTable *q = claims_table(s->matching->new->claims, new - 1);
    if (p->columns != q->columns) {
        return g_strdup_printf("table %u: %u columns, now %u", old, p->columns, q->columns);
    }
    if (g_strcmp0(p->grid, q->grid) == 0 ||
        g_hash_table_contains(touched, touched_table(old, FALSE)) ||
        g_hash_table_contains(touched, touched_table(new, TRUE))) {
        return NULL;
    }
    return p->rows != q->rows ? g_strdup_printf("table %u: %u rows, now %u", old, p->rows, q->rows)
                              : g_strdup_printf("table %u: other empty cells", old);
}

/* How many tables say nothing: they are in no passage. */
static guint
empty_tables(const Claims *claims)
{
    g_autofree guint8 *says = g_new0(guint8, claims->tables->len + 1);
    guint n = claims->tables->len;
    for (guint i = 0; i < claims->passages->len; i++) {
        guint table = claims_passage(claims, i)->table;
        n -= table > 0 && !says[table];
        says[table] = TRUE;
    }
    return n;
}

/* Figures of `a` that `b` does not have there. */
static void
find_figures(const Claims *a, const Claims *b, const char *what, AddStructure add, gpointer data)
{
    g_autofree guint8 *taken = g_new0(guint8, b->figures->len + 1);
    for (guint i = 0; i < a->figures->len; i++) {
        const ClaimedZone *p = claims_zone(a, g_array_index(a->figures, guint, i));
        gboolean found = FALSE;
        for (guint k = 0; k < b->figures->len && !found; k++) {
            const ClaimedZone *q = claims_zone(b, g_array_index(b->figures, guint, k));
            found = !taken[k] && p->page == q->page && p->placed == q->placed &&
                    (!p->placed || place_is_near(p->box, q->box));
            taken[k] = taken[k] || found;
        }
        if (!found) {
            add(data, p->page, g_strdup(what));
        }
    }
}

void
structures_find(const Structures *s, GHashTable *touched, AddStructure add, gpointer user_data)
{
    const Claims *old = s->matching->old->claims, *new = s->matching->new->claims;
    for (guint i = 0; i < s->sizes->len; i++) {
        const BlockCount *count = &g_array_index(s->sizes, BlockCount, i);
        if (count->old == 0 || count->new == 0) {
            continue; /* its passages say so */
        }
        gboolean is_table = count->first_old >> 60 == KEY_TABLE;
        char *what =
            count->old != count->new || count->old > 1
                ? g_strdup_printf("%u %s%s, now %u", count->old, block_word(count->first_old),
                                  count->old == 1 ? "" : "s", count->new)
            : is_table ? compare_grids(s, count, touched)
                       : NULL;
        if (what != NULL) {
            add(user_data, page_of_block(old, count->first_old), what);
        }
    }
    guint before = empty_tables(old), after = empty_tables(new);
    if (before != after) {
        add(user_data, 0, g_strdup_printf("%u tables without text, now %u", before, after));
    }
    find_figures(old, new, "a figure is gone", add, user_data);
    find_figures(new, old, "a figure is new", add, user_data);
}

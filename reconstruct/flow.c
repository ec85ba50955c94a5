/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: read columns one after the other, but never split a line of a single column.
 *
 * Cutting at white space alone fails on both: level lines of two columns leave white bands that
 * look like paragraph gaps, and a list of names and amounts leaves a white gutter that looks like
 * a column gap. So a gutter counts only where both sides hold running text (several lines that
 * fill their column) or a block; what crosses it (a title, a wide table) splits the height into
 * bands, and only a band with columns is divided.
 *
 *   ======== title =========   crosses
 *   left left   right right    band: divided
 *   left left   right right
 *   ==== wide figure =======   crosses
 *   left left   right right    band: divided
 *
 * Compare: G. Nagy, S. Seth, Hierarchical representation of optically scanned documents (1984), for
 * the recursive cut; T. Breuel, High performance document layout analysis (2003), for gutters.
 *
 * Known failures: columns of very short lines (an index) are read across, and so is a second column
 * of fewer than three lines at a text's end.
 */
#include "flow.h"

#include "labels-beside.h"

/* A gutter is at least this wide, in ems of the text beside it. */
#define GUTTER 0.85
/* … or this, if only lines come nearer that face none of the other side: a first line that is set
 * out, a line that ends in hanging punctuation. */
#define GUTTER_NARROW 0.4
/* Running text: at least so many lines on either side, filling on average this part of the side. */
#define LINES 3u
#define FILL 0.55
/* … or, where lists make most lines short, so many full ones; then they fill this part. */
#define FULL_LINES 4u
#define FILL_LIST 0.35
/* … and as far down as both sides reach, each is filled to this part: lines above and beneath a
 * picture are not beside it. */
#define DENSE 0.25
/* A column is at least so many ems wide. */
#define COLUMN_EMS 6.0
/* A table, figure or frame makes a column if it takes up this part of the height. */
#define BLOCK_PART 0.25
/* … but a title beside text, larger by this factor, only so many. */
#define OTHER_SIZE 1.5
#define TITLE_EMS 3.0
/* If this part of a side is amounts or page numbers, they belong to the lines of the other. */
#define TAILS 0.9
/* The tops of blocks are level if they are no further apart than this part of the lower one. */
#define LEVEL_PART 0.2
/* Gutters are tried this far (points) left of what begins right of them. */
#define CANDIDATE 0.5
#define MOST_CANDIDATES 80u
/* So many labels in the middle beside lines, and at most so many texts for each, are a list. */
#define LABELS_LEAST 2u
#define LABELS_SHARE 2u
#define DEPTH 12
/* Columns begin this much (ems) further beneath a paragraph than its lines are apart; first lines
 * are set in by at most so many. */
#define PARAGRAPH_GAP 0.15
#define INDENT_MOST 2.6

typedef struct {
    guint lines, blocks;
    double widths, x0, x1, y0, y1, size;
    double edge; /* where most of its lines begin */
    guint full;  /* lines from there to its end */
} Side;

static gint
item_y_order(gconstpointer a, gconstpointer b)
{
    const Item *p = a, *q = b;
    if (p->box.y0 != q->box.y0) {
        return p->box.y0 < q->box.y0 ? -1 : 1;
    }
    if (p->box.x0 != q->box.x0) {
        return p->box.x0 < q->box.x0 ? -1 : 1;
    }
    return p->index < q->index ? -1 : p->index > q->index;
}

static void
side_add(Side *side, const Item *item)
{
    if (side->lines + side->blocks == 0) {
        *side =
            (Side){.x0 = item->box.x0, .x1 = item->box.x1, .y0 = item->box.y0, .y1 = item->box.y1};
    }
    if (item->kind == ITEM_TEXT) {
        side->lines++;
        side->widths += rect_width(item->box);
        side->size += item->size;
    } else {
        side->blocks++;
    }
    side->x0 = MIN(side->x0, item->box.x0);
    side->x1 = MAX(side->x1, item->box.x1);
    side->y0 = MIN(side->y0, item->box.y0);
    side->y1 = MAX(side->y1, item->box.y1);
}

static double
side_em(const Side *side)
{
    return side->lines > 0 ? side->size / side->lines : 10;
}

/* height: of both sides. `other`: text of quite another size is a title beside, which may be narrow
 * and short. */
static gboolean
side_is_column(const Side *side, gboolean other, double height)
{
    double width = side->x1 - (side->blocks > 0 ? side->x0 : side->edge);
    if (width < (other ? TITLE_EMS : COLUMN_EMS) * side_em(side)) {
        return FALSE;
    }
    return (side->blocks > 0 && side->y1 - side->y0 >= BLOCK_PART * height) ||
           (side->lines >= (other ? 2u : LINES) && side->widths >= FILL * width * side->lines) ||
           (side->full >= FULL_LINES && side->widths >= FILL_LIST * width * side->lines);
}

static gboolean
crosses(const Item *item, double x)
{
    return item->box.x0 < x && item->box.x1 > x;
}

static gint
double_order(gconstpointer a, gconstpointer b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

/* The median left edge of the text on one side of x: a title further out does not widen a column.
 */
static double
common_edge(GArray *items, guint from, guint to, double x, gboolean right)
{
    g_autoptr(GArray) edges = g_array_new(FALSE, TRUE, sizeof(double));
    for (guint i = from; i < to; i++) {
        const Item *item = &g_array_index(items, Item, i);
        if (item->kind == ITEM_TEXT && (item->box.x1 > x + 0.01) == right) {
            g_array_append_val(edges, item->box.x0);
        }
    }
    g_array_sort(edges, double_order);
    return edges->len > 0 ? g_array_index(edges, double, edges->len / 2) : 0;
}

/* How many lines of one side of x go from its common edge to its end? */
static guint
full_lines(GArray *items, guint from, guint to, double x, const Side *side)
{
    guint n = 0;
    for (guint i = from; i < to; i++) {
        const Item *item = &g_array_index(items, Item, i);
        gboolean mine = (item->box.x1 > x + 0.01) == (side->x1 > x + 0.01);
        n += mine && item->kind == ITEM_TEXT && item->box.x0 - side->edge < item->size &&
             side->x1 - item->box.x1 < item->size;
    }
    return n;
}

/* What parts two sides, as far down as both reach: a folio that stands in the middle beneath two
 * columns does not narrow the gutter. 0 if one of them is sparse there, or if what stands to the
 * right are page numbers or amounts that end the lines to the left. */
static double
gutter_width(GArray *items, guint from, guint to, double x, const Side *left, const Side *right)
{
    guint tails = 0, count = 0;
    double lo = MAX(left->y0, right->y0), hi = MIN(left->y1, right->y1);
    double end = -INFINITY, begin = INFINITY, filled[2] = {0, 0};
    for (guint i = from; i < to; i++) {
        const Item *item = &g_array_index(items, Item, i);
        double height = interval_overlap(item->box.y0, item->box.y1, lo, hi);
        gboolean on_right = item->box.x1 > x + 0.01;
        if (height <= 0) {
            continue;
        }
        filled[on_right] += height;
        end = on_right ? end : MAX(end, item->box.x1);
        begin = on_right ? MIN(begin, item->box.x0) : begin;
        tails += on_right && item->tail;
        count += on_right;
    }
    gboolean sparse = MIN(filled[0], filled[1]) < DENSE * (hi - lo);
    return sparse || tails >= TAILS * count ? 0 : begin - end;
}

/* The least distance between items of both sides of x that face each other. */
static double
facing_gap(GArray *items, guint from, guint to, double x)
{
    double least = INFINITY;
    for (guint i = from; i < to; i++) {
        Rect a = g_array_index(items, Item, i).box;
        for (guint k = i + 1; k < to; k++) {
            Rect b = g_array_index(items, Item, k).box;
            if ((a.x1 > x + 0.01) != (b.x1 > x + 0.01) &&
                interval_overlap(a.y0, a.y1, b.y0, b.y1) > 0) {
                least = MIN(least, MAX(a.x0, b.x0) - MIN(a.x1, b.x1));
            }
        }
    }
    return least;
}

/* How much text a division of items[from … to) at x would put into columns; 0: it makes none. */
static double
band_gain(GArray *items, guint from, guint to, double x)
{
    Side left = {0}, right = {0};
    for (guint i = from; i < to; i++) {
        const Item *item = &g_array_index(items, Item, i);
        side_add(item->box.x1 <= x + 0.01 ? &left : &right, item);
    }
    if (left.lines + left.blocks == 0 || right.lines + right.blocks == 0) {
        return 0;
    }
    left.edge = common_edge(items, from, to, x, FALSE);
    right.edge = common_edge(items, from, to, x, TRUE);
    left.full = full_lines(items, from, to, x, &left);
    right.full = full_lines(items, from, to, x, &right);
    double height = MAX(left.y1, right.y1) - MIN(left.y0, right.y0);
    double ratio = side_em(&left) / side_em(&right);
    gboolean other =
        left.lines > 0 && right.lines > 0 && (ratio > OTHER_SIZE || ratio < 1 / OTHER_SIZE);
    if (!side_is_column(&left, other, height) || !side_is_column(&right, other, height)) {
        return 0;
    }
    guint lines = left.lines + right.lines;
    double em = lines > 0 ? (left.size + right.size) / lines : 10;
    double level = interval_overlap(left.y0, left.y1, right.y0, right.y1);
    double gutter = gutter_width(items, from, to, x, &left, &right);
    gboolean wide = gutter >= GUTTER * em ||
                    (gutter >= GUTTER_NARROW * em && facing_gap(items, from, to, x) >= GUTTER * em);
    if (!wide || level < 2 * em) {
        return 0;
    }
    return level * MIN(rect_width((Rect){left.x0, 0, left.x1, 0}), right.x1 - right.x0);
}

/* The end of the band that starts at `from`: the next item that crosses x, or the end. */
static guint
band_end(GArray *items, guint from, double x)
{
    guint to = from;
    while (to < items->len && !crosses(&g_array_index(items, Item, to), x)) {
        to++;
    }
    return to;
}

static double
division_gain(GArray *items, double x)
{
    double gain = 0;
    for (guint from = 0; from < items->len;) {
        guint to = band_end(items, from, x);
        if (to > from) {
            gain += band_gain(items, from, to, x);
        }
        from = MAX(to, from + 1);
    }
    return gain;
}

/* Left edges at which something may begin right of a gutter. */
static GArray *
candidates_find(GArray *items)
{
    g_autoptr(GArray) edges = g_array_new(FALSE, TRUE, sizeof(double));
    for (guint i = 0; i < items->len; i++) {
        double x = g_array_index(items, Item, i).box.x0 - CANDIDATE;
        g_array_append_val(edges, x);
    }
    g_array_sort(edges, double_order);
    GArray *candidates = g_array_new(FALSE, TRUE, sizeof(double));
    double last = -INFINITY;
    guint step = 1 + edges->len / 4000;
    for (guint i = 0; i < edges->len; i += step) {
        double x = g_array_index(edges, double, i);
        if (x - last > 1.5) {
            g_array_append_val(candidates, x);
            last = x;
        }
    }
    return candidates;
}

static gboolean
division_find(GArray *items, double *ret_x)
{
    g_autoptr(GArray) candidates = candidates_find(items);
    double best = 0;
    guint step = 1 + candidates->len / MOST_CANDIDATES;
    for (guint i = 0; i < candidates->len; i += step) {
        double x = g_array_index(candidates, double, i);
        double gain = division_gain(items, x);
        if (gain > best) {
            best = gain;
            *ret_x = x;
        }
    }
    return best > 0;
}

/* Do columns end and begin somewhere between? */
static gboolean
has_gutter(GArray *items, Interval between)
{
    g_autoptr(GArray) candidates = candidates_find(items);
    for (guint i = 0; i < candidates->len; i++) {
        double x = g_array_index(candidates, double, i);
        if (x >= between.lo && x <= between.hi && division_gain(items, x) > 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Where items go: out in reading order, in columns, and what those of `parts` consist of. */
typedef struct {
    GArray *out;
    guint32 column;
    GPtrArray *labelled;
} Order;

static void flow_cut(GArray *items, Order *order, int depth);

static void
emit_item(Item item, Order *order)
{
    order->column += item.kind != ITEM_TEXT;
    item.column = order->column;
    order->column += item.kind != ITEM_TEXT;
    g_array_append_val(order->out, item);
}

/* Puts out a label, then the lines beside it: a column each. */
static void
emit_labelled(GArray *parts, Order *order)
{
    guint label = labelled_order(parts);
    for (guint i = 0; i < parts->len; i++) {
        order->column += i == 0 || i == label;
        emit_item(g_array_index(parts, Item, i), order);
    }
    order->column++;
}

/* A label and the lines beside it: items[from … to), and what is between the two. */
typedef struct {
    guint from, to;
    Interval gap;
} Labelled;

static GArray *
labelled_find(GArray *items)
{
    GArray *found = g_array_new(FALSE, TRUE, sizeof(Labelled));
    for (guint i = 0; i < items->len;) {
        Labelled one = {.from = i};
        one.to = labelled_end(items, i, &one.gap);
        if (one.to > i) {
            g_array_append_val(found, one);
        }
        i = MAX(one.to, i + 1);
    }
    return found;
}

/* Are most texts that end left of this gap, from the first to the last label there, such labels?
 * Then it is no gutter: columns of text are nothing of the kind. */
static gboolean
is_label_list(GArray *items, GArray *found, Interval gap)
{
    guint from = items->len, to = 0, n = 0, lefts = 0;
    for (guint i = 0; i < found->len; i++) {
        const Labelled *l = &g_array_index(found, Labelled, i);
        if (interval_overlap(l->gap.lo, l->gap.hi, gap.lo, gap.hi) > 0) {
            from = MIN(from, l->from);
            to = MAX(to, l->to);
            n++;
        }
    }
    for (guint i = from; i < to; i++) {
        lefts += g_array_index(items, Item, i).box.x1 < gap.hi;
    }
    return n >= LABELS_LEAST && lefts <= LABELS_SHARE * n;
}

/* Makes one item of each label and the lines beside it, unless columns are parted there; what it
 * consists of goes to `labelled`, and its `parts` say which of these, from 1 on. */
static void
labelled_join(GArray *items, GPtrArray *labelled)
{
    g_autoptr(GArray) found = labelled_find(items);
    g_autoptr(GArray) all = found->len > 0 ? g_array_copy(items) : NULL;
    for (guint i = found->len; i-- > 0;) {
        const Labelled *l = &g_array_index(found, Labelled, i);
        if (has_gutter(all, l->gap) && !is_label_list(all, found, l->gap)) {
            continue;
        }
        GArray *parts = g_array_new(FALSE, TRUE, sizeof(Item));
        Item whole = g_array_index(items, Item, l->from);
        for (guint k = l->to; k-- > l->from;) {
            Item item = g_array_index(items, Item, k);
            if (labelled_takes(&item)) {
                g_array_prepend_val(parts, item);
                g_array_remove_index(items, k);
                whole.box = rect_union(whole.box, item.box);
            }
        }
        g_ptr_array_add(labelled, parts);
        whole.parts = labelled->len;
        g_array_insert_val(items, l->from, whole);
    }
}

/* Blocks that stand beside each other, their tops all but level, are read from the left. */
static void
level_blocks_sort(GArray *items)
{
    for (guint i = 1; i < items->len; i++) {
        for (guint k = i; k > 0; k--) {
            Item *a = &g_array_index(items, Item, k - 1), *b = &g_array_index(items, Item, k);
            double least = MIN(rect_height(a->box), rect_height(b->box));
            if (a->kind == ITEM_TEXT || b->kind == ITEM_TEXT || b->box.x1 > a->box.x0 + 1 ||
                b->box.y0 - a->box.y0 > LEVEL_PART * least) {
                break;
            }
            Item swap = *a;
            *a = *b;
            *b = swap;
        }
    }
}

static void
emit(GArray *items, Order *order)
{
    level_blocks_sort(items);
    order->column++;
    for (guint i = 0; i < items->len; i++) {
        Item item = g_array_index(items, Item, i);
        if (item.parts > 0) {
            emit_labelled(g_ptr_array_index(order->labelled, item.parts - 1), order);
        } else {
            emit_item(item, order);
        }
    }
}

static void
cut_band(GArray *items, guint from, guint to, double x, Order *order, int depth)
{
    g_autoptr(GArray) left = g_array_new(FALSE, TRUE, sizeof(Item));
    g_autoptr(GArray) right = g_array_new(FALSE, TRUE, sizeof(Item));
    for (guint i = from; i < to; i++) {
        Item item = g_array_index(items, Item, i);
        g_array_append_val(item.box.x1 <= x + 0.01 ? left : right, item);
    }
    flow_cut(left, order, depth + 1);
    flow_cut(right, order, depth + 1);
}

/* Is the first item of a band the short last line of a paragraph that crosses the gutter above? It
 * begins where that does or, if the line above is its first, further out, is near to it, and stands
 * alone: the columns begin beneath. */
static gboolean
ends_what_crosses(GArray *items, guint at, guint to)
{
    const Item *line = &g_array_index(items, Item, at);
    const Item *above = at > 0 ? &g_array_index(items, Item, at - 1) : NULL;
    if (above == NULL || line->kind != ITEM_TEXT || above->kind != ITEM_TEXT || at + 1 >= to) {
        return FALSE;
    }
    double em = line->size, next = INFINITY;
    for (guint i = at + 1; i < to; i++) {
        next = MIN(next, g_array_index(items, Item, i).box.y0);
    }
    double before = line->box.y0 - above->box.y1, after = next - line->box.y1;
    double shift = above->box.x0 - line->box.x0;
    return fabs(above->size - em) < 0.1 * em && shift > -0.3 * em && shift < INDENT_MOST * em &&
           before < after - PARAGRAPH_GAP * em;
}

/* Everything between two divided bands is one stretch again. */
static void
cut_at(GArray *items, double x, Order *order, int depth)
{
    g_autoptr(GArray) whole = g_array_new(FALSE, TRUE, sizeof(Item));
    for (guint from = 0; from < items->len;) {
        guint to = band_end(items, from, x);
        if (to > from && band_gain(items, from, to, x) > 0) {
            if (ends_what_crosses(items, from, to)) {
                g_array_append_vals(whole, &g_array_index(items, Item, from++), 1);
            }
            if (whole->len > 0) {
                flow_cut(whole, order, depth + 1);
                g_array_set_size(whole, 0);
            }
            cut_band(items, from, to, x, order, depth);
            from = to;
            continue;
        }
        to = MAX(to, from + 1);
        g_array_append_vals(whole, &g_array_index(items, Item, from), to - from);
        from = to;
    }
    if (whole->len > 0) {
        flow_cut(whole, order, depth + 1);
    }
}

static void
flow_cut(GArray *items, Order *order, int depth)
{
    double x = 0;
    g_array_sort(items, item_y_order);
    labelled_join(items, order->labelled);
    if (depth < DEPTH && items->len > 1 && division_find(items, &x)) {
        cut_at(items, x, order, depth);
    } else {
        emit(items, order);
    }
}

void
flow_sort(GArray *items)
{
    g_autoptr(GArray) out = g_array_sized_new(FALSE, TRUE, sizeof(Item), items->len);
    g_autoptr(GPtrArray) labelled = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    Order order = {out, 0, labelled};
    guint count = items->len;
    flow_cut(items, &order, 0);
    g_assert(out->len == count);
    g_array_set_size(items, 0);
    g_array_append_vals(items, out->data, out->len);
}

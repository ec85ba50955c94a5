/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "labels-beside.h"

/* A label and what stands beside it are at most so many items, with so much room between them. All
 * lengths in ems. */
#define ITEMS_MOST 24u
#define AWAY 0.5
/* Its middle is that of the lines' box but for so much. */
#define MIDDLE_NEAR 0.3
/* What begins this near to what is furthest left is the label; the lines begin as near to each
 * other.
 */
#define EDGE_NEAR 1.2
/* Lines that belong to a label are no further apart than this, and what stands above and beneath
 * them is further away by this factor. */
#define GAP_MOST 1.2
#define APART 1.3
/* Lines overlap by no more than this, parts of one line do; a label's lines are no further apart
 * than the others but for as much. */
#define OVERLAP 0.2

/* Items that follow each other down the page: their box, and the widest gap between two and the
 * narrowest, which is below 0 where they overlap. */
typedef struct {
    Rect box;
    double gap, least;
    double x0_most;
    double em; /* of its text; 0: there is none */
    guint count;
} Stack;

static void
stack_add(Stack *stack, const Item *item)
{
    if (stack->count++ == 0) {
        *stack = (Stack){item->box, -INFINITY, INFINITY, item->box.x0, item->size, 1};
        return;
    }
    double gap = item->box.y0 - stack->box.y1;
    stack->gap = MAX(stack->gap, gap);
    stack->least = MIN(stack->least, gap);
    stack->box = rect_union(stack->box, item->box);
    stack->x0_most = MAX(stack->x0_most, item->box.x0);
    stack->em = MAX(stack->em, item->size);
}

gboolean
labelled_takes(const Item *item)
{
    return item->kind == ITEM_TEXT || item->kind == ITEM_FRAME;
}

static double
text_em(GArray *items, guint from, guint to)
{
    double em = 0;
    for (guint i = from; i < to; i++) {
        em = MAX(em, g_array_index(items, Item, i).size);
    }
    return em;
}

/* The x up to which what begins belongs to the label. */
static double
label_edge(GArray *items, guint from, guint to)
{
    double edge = INFINITY;
    for (guint i = from; i < to; i++) {
        const Item *item = &g_array_index(items, Item, i);
        edge = labelled_takes(item) ? MIN(edge, item->box.x0) : edge;
    }
    return edge + EDGE_NEAR * text_em(items, from, to);
}

/* Whether items[from … to) are a label to the left and the lines in whose middle it stands. */
static gboolean
are_labelled(GArray *items, guint from, guint to, Stack *ret_label, Stack *ret_lines)
{
    Stack label = {0}, lines = {0};
    double edge = label_edge(items, from, to);
    for (guint i = from; i < to; i++) {
        const Item *item = &g_array_index(items, Item, i);
        if (labelled_takes(item)) {
            stack_add(item->box.x0 < edge ? &label : &lines, item);
        }
    }
    double em = lines.em;
    double off = (label.box.y0 + label.box.y1 - lines.box.y0 - lines.box.y1) / 2;
    *ret_label = label;
    *ret_lines = lines;
    return label.count >= 1 && lines.count >= 2 && label.count < lines.count &&
           label.box.y0 > lines.box.y0 && label.box.y1 < lines.box.y1 &&
           lines.box.x0 - label.box.x1 >= AWAY * em &&
           lines.x0_most - lines.box.x0 < EDGE_NEAR * em && label.gap <= lines.gap + OVERLAP * em &&
           lines.least > -OVERLAP * em && label.least > -OVERLAP * em &&
           fabs(off) <= MIDDLE_NEAR * em;
}

static double
text_above(GArray *items, guint to)
{
    double above = -INFINITY;
    for (guint i = to - MIN(to, ITEMS_MOST); i < to; i++) {
        const Item *item = &g_array_index(items, Item, i);
        above = item->kind == ITEM_TEXT ? MAX(above, item->box.y1) : above;
    }
    return above;
}

static double
text_below(GArray *items, guint from)
{
    for (guint i = from; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        if (item->kind == ITEM_TEXT) {
            return item->box.y0;
        }
    }
    return INFINITY;
}

guint
labelled_end(GArray *items, guint from, Interval *ret_gap)
{
    if (g_array_index(items, Item, from).kind != ITEM_TEXT) {
        return from;
    }
    for (guint to = from + 1; to <= MIN(items->len, from + ITEMS_MOST); to++) {
        const Item *last = &g_array_index(items, Item, to - 1);
        Stack label, lines;
        if (last->parts > 0) {
            return from;
        }
        if (!labelled_takes(last) || !are_labelled(items, from, to, &label, &lines)) {
            continue;
        }
        double least = APART * MAX(lines.gap, 0);
        if (lines.gap <= GAP_MOST * lines.em && lines.box.y0 - text_above(items, from) > least &&
            text_below(items, to) - lines.box.y1 > least) {
            *ret_gap = (Interval){label.box.x1, lines.box.x0};
            return to;
        }
    }
    return from;
}

guint
labelled_order(GArray *parts)
{
    double edge = label_edge(parts, 0, parts->len);
    guint n = 0;
    for (guint i = 0; i < parts->len; i++) {
        Item item = g_array_index(parts, Item, i);
        if (item.box.x0 < edge) {
            g_array_remove_index(parts, i);
            g_array_insert_val(parts, n++, item);
        }
    }
    return n;
}

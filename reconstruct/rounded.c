/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rounded.h"

/* A box is at least so wide and high, points. */
#define BOX_LEAST 12.0
/* A side is this near to the outline's box, points, and stops short of its corners by no more than
 * this part of the shorter side: beyond half of it there would be none left. */
#define SIDE_NEAR 1.0
#define RADIUS_PART 0.4

static gint
at_order(gconstpointer a, gconstpointer b)
{
    const Bar *p = a, *q = b;
    if (p->at != q->at) {
        return p->at < q->at ? -1 : 1;
    }
    return p->lo < q->lo ? -1 : p->lo > q->lo;
}

/* The first bar at or after this place, of bars in their order. */
static guint
lower_bound(GArray *bars, double at)
{
    guint lo = 0, hi = bars->len;
    while (lo < hi) {
        guint mid = lo + (hi - lo) / 2;
        if (g_array_index(bars, Bar, mid).at < at) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* The bar that is the straight part of this side, or NULL. */
static Bar *
side_find(GArray *bars, double at, double lo, double hi, double radius)
{
    for (guint i = lower_bound(bars, at - SIDE_NEAR); i < bars->len; i++) {
        Bar *b = &g_array_index(bars, Bar, i);
        if (b->at > at + SIDE_NEAR) {
            break;
        }
        double before = b->lo - lo, after = hi - b->hi;
        if (before > -SIDE_NEAR && after > -SIDE_NEAR && before <= radius && after <= radius) {
            return b;
        }
    }
    return NULL;
}

static void
outline_square(Rulings *bars, Rect box)
{
    double least = MIN(rect_width(box), rect_height(box)), radius = RADIUS_PART * least;
    if (least < BOX_LEAST) {
        return;
    }
    Bar *sides[] = {side_find(bars->horizontal, box.y0, box.x0, box.x1, radius),
                    side_find(bars->horizontal, box.y1, box.x0, box.x1, radius),
                    side_find(bars->vertical, box.x0, box.y0, box.y1, radius),
                    side_find(bars->vertical, box.x1, box.y0, box.y1, radius)};
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        if (sides[i] == NULL) {
            return;
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        sides[i]->lo = i < 2 ? box.x0 : box.y0;
        sides[i]->hi = i < 2 ? box.x1 : box.y1;
    }
}

void
rounded_boxes_square(Rulings *bars, const Page *page, Frame frame)
{
    if (page->shapes->len == 0) {
        return;
    }
    g_array_sort(bars->horizontal, at_order);
    g_array_sort(bars->vertical, at_order);
    for (guint i = 0; i < page->shapes->len; i++) {
        const Mark *m = &g_array_index(page->shapes, Mark, i);
        Rect r = {(double)m->x0, (double)m->y0, (double)m->x1, (double)m->y1};
        outline_square(bars, rect_to_frame(r, frame, page->width, page->height));
    }
}

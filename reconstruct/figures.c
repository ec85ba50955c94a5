/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figures.h"

/* Marks nearer than this are one drawing, points. */
#define NEAR 5.0
/* A drawing is at least this wide and high, points, and has this many marks if it has no image. */
#define LEAST 26.0
#define MARKS 3u
/* Beyond this part of the page a picture is its ground. */
#define GROUND 0.72
/* So many stretches of text, each this part of the box's width, are running text. */
#define RUNNING_LINES 4u
#define RUNNING_WIDTH 0.6
#define MOST_MARKS 6000u
/* A label stands this near (of its height) to its drawing. */
#define LABEL_NEAR 2.2

typedef struct {
    Rect box;
    guint shapes, images;
    gboolean gone;
} Cluster;

static gint
cluster_order(gconstpointer a, gconstpointer b)
{
    const Cluster *p = a, *q = b;
    if (p->box.x0 != q->box.x0) {
        return p->box.x0 < q->box.x0 ? -1 : 1;
    }
    return p->box.y0 < q->box.y0 ? -1 : p->box.y0 > q->box.y0;
}

static void
add_marks(GArray *clusters, GArray *marks, const Page *page, Frame frame, gboolean image)
{
    double whole = page->width * page->height;
    for (guint i = 0; i < marks->len && clusters->len < MOST_MARKS; i++) {
        const Mark *m = &g_array_index(marks, Mark, i);
        Rect r = {(double)m->x0, (double)m->y0, (double)m->x1, (double)m->y1};
        if (rect_area(r) > GROUND * whole) {
            continue;
        }
        Cluster c = {rect_to_frame(r, frame, page->width, page->height), !image, image, FALSE};
        g_array_append_val(clusters, c);
    }
}

/* Joins what is near until nothing changes; each round is a sweep over x. */
static void
clusters_join(GArray *clusters)
{
    gboolean changed = TRUE;
    for (int round = 0; changed && round < 6; round++) {
        changed = FALSE;
        g_array_sort(clusters, cluster_order);
        for (guint i = 0; i < clusters->len; i++) {
            Cluster *a = &g_array_index(clusters, Cluster, i);
            for (guint k = i + 1; k < clusters->len && !a->gone; k++) {
                Cluster *b = &g_array_index(clusters, Cluster, k);
                if (b->box.x0 > a->box.x1 + NEAR) {
                    break;
                }
                if (!b->gone && rect_overlaps(rect_grown(a->box, NEAR), b->box)) {
                    a->box = rect_union(a->box, b->box);
                    a->shapes += b->shapes;
                    a->images += b->images;
                    b->gone = TRUE;
                    changed = TRUE;
                }
            }
        }
        guint kept = 0;
        for (guint i = 0; i < clusters->len; i++) {
            Cluster c = g_array_index(clusters, Cluster, i);
            if (!c.gone) {
                g_array_index(clusters, Cluster, kept++) = c;
            }
        }
        g_array_set_size(clusters, kept);
    }
}

static gboolean
holds_running_text(Rect box, GArray *segments)
{
    guint running = 0;
    for (guint i = 0; i < segments->len; i++) {
        Rect s = g_array_index(segments, Rect, i);
        gboolean inside = rect_contains(box, (s.x0 + s.x1) / 2, (s.y0 + s.y1) / 2);
        gboolean wide = rect_width(s) >= RUNNING_WIDTH * rect_width(box) &&
                        rect_width(s) >= 12 * rect_height(s);
        running += inside && wide;
    }
    return running >= RUNNING_LINES;
}

static gint
rect_order(gconstpointer a, gconstpointer b)
{
    const Rect *p = a, *q = b;
    if (p->y0 != q->y0) {
        return p->y0 < q->y0 ? -1 : 1;
    }
    return p->x0 < q->x0 ? -1 : p->x0 > q->x0;
}

static void
add_rects(GArray *clusters, GArray *rects, guint shapes)
{
    for (guint i = 0; i < rects->len && clusters->len < MOST_MARKS; i++) {
        Cluster c = {g_array_index(rects, Rect, i), shapes, 0, FALSE};
        g_array_append_val(clusters, c);
    }
}

/* Does `all` take in more of these texts than `before` did? */
static gboolean
takes_more(Rect all, Rect before, GArray *texts)
{
    for (guint i = 0; i < texts->len; i++) {
        Rect t = g_array_index(texts, Rect, i);
        double x = (t.x0 + t.x1) / 2, y = (t.y0 + t.y1) / 2;
        if (rect_contains(all, x, y) && !rect_contains(before, x, y)) {
            return TRUE;
        }
    }
    return FALSE;
}

Rect
figure_with_labels(Rect figure, GArray *short_texts, GArray *running)
{
    Rect all = figure;
    for (guint i = 0; i < short_texts->len; i++) {
        Rect r = g_array_index(short_texts, Rect, i);
        Rect near = rect_grown(figure, LABEL_NEAR * MIN(rect_height(r), rect_width(r)));
        if (rect_overlaps(near, r) && !takes_more(rect_union(all, r), all, running)) {
            all = rect_union(all, r);
        }
    }
    return all;
}

GArray *
figures_find(const Page *page, Frame frame, GArray *segments, GArray *bars, GArray *lines)
{
    GArray *figures = g_array_new(FALSE, TRUE, sizeof(Rect));
    g_autoptr(GArray) clusters = g_array_new(FALSE, TRUE, sizeof(Cluster));
    add_marks(clusters, page->images, page, frame, TRUE);
    add_marks(clusters, page->shapes, page, frame, FALSE);
    add_rects(clusters, bars, 1);
    add_rects(clusters, lines, 0);
    clusters_join(clusters);
    double whole = page->width * page->height;
    for (guint i = 0; i < clusters->len; i++) {
        const Cluster *c = &g_array_index(clusters, Cluster, i);
        gboolean big = rect_width(c->box) >= LEAST && rect_height(c->box) >= LEAST;
        if (big && (c->images > 0 || c->shapes >= MARKS) && rect_area(c->box) < GROUND * whole &&
            !holds_running_text(c->box, segments)) {
            g_array_append_val(figures, c->box);
        }
    }
    g_array_sort(figures, rect_order);
    return figures;
}

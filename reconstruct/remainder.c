/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Remainder: see remainder.h.
 *
 * A mark of the size of a character is accounted for if
 * 1. its middle lies in a figure, or
 * 2. it is of a character: it stands where a glyph does (a circle around it, what was read of an
 *    outline), or it holds glyphs (a ground, a lozenge, a bubble), or
 * 3. it is of a ruling: it touches the end of one (rounded corners, arrow heads), or
 * 4. it is of a table: a slanted line through a cell, the shade of one.
 * Marks that remain and stand together are one remainder.
 */
#include "remainder.h"

#include <math.h>

/* The size of characters, in points: of the longer side, and of the shorter in parts of it. */
#define LEAST 3.0
#define MOST 60.0
#define SLENDER 0.15
/* Filled areas are grounds and bars unless they are about square and no larger than this. */
#define AREA_MOST 30.0
#define AREA_SQUARE 0.5
/* Marks nearer than this stand together. */
#define NEAR 5.0
/* What touches is no further apart than this. */
#define TOUCH 1.5
/* After so many comparisons with glyphs no more are made, and marks are named though they may be of
 * text: a page of a hundred thousand of both. */
#define LOOKS_MOST 200000000u
/* More groups than this are not told apart. */
#define GROUPS_MOST 500u

typedef struct {
    const Page *page;
    const Layout *layout;
    GArray *glyphs; /* Rect of those placed, by their middle's y */
    GArray *ends;   /* Rect without extent: the ends of rulings, by y */
    GArray *found;  /* Remainder */
    guint64 looks;  /* so many glyphs were compared */
} Search;

static double
middle_y(const Rect *r)
{
    return (r->y0 + r->y1) / 2;
}

static gint
compare_middle(gconstpointer a, gconstpointer b)
{
    double p = middle_y(a), q = middle_y(b);
    return p < q ? -1 : p > q;
}

static GArray *
placed_glyphs(const Page *page, const Layout *layout)
{
    GArray *rects = g_array_new(FALSE, FALSE, sizeof(Rect));
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        if (g_array_index(layout->dropped, guint8, i) == DROP_NOT && !glyph_is_blank(g)) {
            Rect r = glyph_rect(g);
            g_array_append_val(rects, r);
        }
    }
    g_array_sort(rects, compare_middle);
    return rects;
}

static GArray *
ruling_ends(const Page *page)
{
    GArray *ends = g_array_new(FALSE, FALSE, sizeof(Rect));
    for (guint i = 0; i < page->rulings->len; i++) {
        const Ruling *r = &g_array_index(page->rulings, Ruling, i);
        Rect both[] = {{(double)r->x0, (double)r->y0, (double)r->x0, (double)r->y0},
                       {(double)r->x1, (double)r->y1, (double)r->x1, (double)r->y1}};
        g_array_append_vals(ends, both, G_N_ELEMENTS(both));
    }
    g_array_sort(ends, compare_middle);
    return ends;
}

/* The first one whose middle is not above y. */
static guint
first_from(const GArray *rects, double y)
{
    guint low = 0, high = rects->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (middle_y(&g_array_index(rects, Rect, middle)) < y) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Whether it stands where a glyph does, or holds glyphs. */
static gboolean
is_of_text(Search *s, Rect r)
{
    double cx = (r.x0 + r.x1) / 2, cy = (r.y0 + r.y1) / 2;
    for (guint i = first_from(s->glyphs, r.y0 - MOST); i < s->glyphs->len; i++) {
        const Rect *g = &g_array_index(s->glyphs, Rect, i);
        if (middle_y(g) > r.y1 + MOST || s->looks++ > LOOKS_MOST) {
            return FALSE;
        }
        if (rect_contains(*g, cx, cy) || rect_contains(r, (g->x0 + g->x1) / 2, middle_y(g))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether a ruling ends at it. */
static gboolean
is_of_ruling(const Search *s, Rect r)
{
    Rect around = rect_grown(r, TOUCH);
    for (guint i = first_from(s->ends, around.y0); i < s->ends->len; i++) {
        const Rect *end = &g_array_index(s->ends, Rect, i);
        if (end->y0 > around.y1) {
            return FALSE;
        }
        if (rect_contains(around, end->x0, end->y0)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* framed: in the layout's frame. */
static gboolean
is_of_figure(const Search *s, Rect framed)
{
    double cx = (framed.x0 + framed.x1) / 2, cy = (framed.y0 + framed.y1) / 2;
    for (guint i = 0; i < s->layout->figures->len; i++) {
        if (rect_contains(g_array_index(s->layout->figures, Figure, i).box, cx, cy)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_of_table(const Search *s, Rect framed)
{
    for (guint i = 0; i < s->layout->cells->len; i++) {
        Rect cell = g_array_index(s->layout->cells, Cell, i).box;
        if (fabs(cell.x0 - framed.x0) <= TOUCH && fabs(cell.y0 - framed.y0) <= TOUCH &&
            fabs(cell.x1 - framed.x1) <= TOUCH && fabs(cell.y1 - framed.y1) <= TOUCH) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Adds a mark, united with all that stand near. */
static void
add_mark(GArray *found, Rect box)
{
    Remainder fresh = {box, 1};
    if (found->len >= GROUPS_MOST) {
        Remainder *last = &g_array_index(found, Remainder, found->len - 1);
        *last = (Remainder){rect_union(last->box, box), last->count + 1};
        return;
    }
    for (guint i = 0; i < found->len;) {
        const Remainder *r = &g_array_index(found, Remainder, i);
        if (rect_overlaps(rect_grown(r->box, NEAR), fresh.box)) {
            fresh = (Remainder){rect_union(fresh.box, r->box), fresh.count + r->count};
            g_array_remove_index(found, i);
            i = 0;
        } else {
            i++;
        }
    }
    g_array_append_val(found, fresh);
}

static void
look_at(Search *s, Rect r)
{
    double high = MAX(rect_width(r), rect_height(r)), low = MIN(rect_width(r), rect_height(r));
    if (high < LEAST || high > MOST || low < SLENDER * high) {
        return;
    }
    Rect framed = rect_to_frame(r, s->layout->frame, s->page->width, s->page->height);
    if (!is_of_figure(s, framed) && !is_of_text(s, r) && !is_of_ruling(s, r) &&
        !is_of_table(s, framed)) {
        add_mark(s->found, r);
    }
}

static void
look_at_marks(Search *s, const GArray *marks)
{
    for (guint i = 0; i < marks->len; i++) {
        const Mark *m = &g_array_index(marks, Mark, i);
        look_at(s, (Rect){(double)m->x0, (double)m->y0, (double)m->x1, (double)m->y1});
    }
}

static void
look_at_areas(Search *s, const GArray *areas)
{
    for (guint i = 0; i < areas->len; i++) {
        const Area *a = &g_array_index(areas, Area, i);
        Rect r = {(double)a->x0, (double)a->y0, (double)a->x1, (double)a->y1};
        double high = MAX(rect_width(r), rect_height(r)), low = MIN(rect_width(r), rect_height(r));
        if (high <= AREA_MOST && low >= AREA_SQUARE * high && a->colour != 0xFFFFFF) {
            look_at(s, r);
        }
    }
}

static gint
compare_places(gconstpointer a, gconstpointer b)
{
    const Remainder *p = a, *q = b;
    if (p->box.y0 != q->box.y0) {
        return p->box.y0 < q->box.y0 ? -1 : 1;
    }
    return p->box.x0 < q->box.x0 ? -1 : p->box.x0 > q->box.x0;
}

GArray *
remainder_find(const Page *page, const Layout *layout)
{
    g_autoptr(GArray) glyphs = placed_glyphs(page, layout), ends = ruling_ends(page);
    Search s = {page, layout, glyphs, ends, g_array_new(FALSE, FALSE, sizeof(Remainder)), 0};
    look_at_marks(&s, page->shapes);
    look_at_marks(&s, page->images);
    look_at_areas(&s, page->areas);
    g_array_sort(s.found, compare_places);
    return s.found;
}

guint
remainder_count(const GArray *remainder)
{
    guint n = 0;
    for (guint i = 0; i < remainder->len; i++) {
        n += g_array_index(remainder, Remainder, i).count;
    }
    return n;
}

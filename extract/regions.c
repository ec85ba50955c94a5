/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Regions: see regions.h.
 *
 * Tiles are told by how they lie: side by side with their edges level. Pictures that are too small
 * to be looked into by themselves (letters as images, the pieces of a scan that was taken apart)
 * are put together wherever they touch.
 */
#include "regions.h"

#include <math.h>

/* A picture smaller than this part of the page, or narrower than so many points, holds no text
 * worth a look. */
#define PICTURE_PART 0.01
#define PICTURE_SIDE 24.0
/* More pictures than this are tiles of one. */
#define PICTURES_MOST 300u
/* Tiles nearer than this, in points, are one picture. */
#define TILE_GAP 1.5
/* Hidden characters that a scanner leaves on a picture at least; there are more of them than of
 * those that are seen on it. */
#define LAYER_LEAST 4u

static Rect
mark_rect(const Mark *m)
{
    return (Rect){(double)m->x0, (double)m->y0, (double)m->x1, (double)m->y1};
}

static gboolean
is_small(Rect r, const Page *page)
{
    return rect_area(r) < PICTURE_PART * page->width * page->height ||
           rect_width(r) < PICTURE_SIDE || rect_height(r) < PICTURE_SIDE / 2;
}

static gboolean
is_level(double a0, double a1, double b0, double b1)
{
    return fabs(a0 - b0) <= TILE_GAP && fabs(a1 - b1) <= TILE_GAP;
}

/* Whether two pictures are tiles of one: next to each other, and as wide or as high. */
static gboolean
are_tiles(Rect a, Rect b)
{
    return rect_overlaps(rect_grown(a, TILE_GAP), b) &&
           (is_level(a.x0, a.x1, b.x0, b.x1) || is_level(a.y0, a.y1, b.y0, b.y1));
}

static gboolean
touch(Rect a, Rect b)
{
    return rect_overlaps(rect_grown(a, TILE_GAP), b);
}

/* Adds a rectangle, united with all that it belongs to. */
static void
unite(GArray *boxes, Rect fresh, gboolean (*belong)(Rect, Rect))
{
    for (guint i = 0; i < boxes->len;) {
        Rect r = g_array_index(boxes, Rect, i);
        if (belong(r, fresh)) {
            fresh = rect_union(fresh, r);
            g_array_remove_index_fast(boxes, i);
            i = 0;
        } else {
            i++;
        }
    }
    g_array_append_val(boxes, fresh);
}

/* The boxes of pictures: Rect. */
static GArray *
pictures_of(const Page *page)
{
    Rect all = rect_none(), sheet = {0, 0, page->width, page->height};
    GArray *large = g_array_new(FALSE, FALSE, sizeof(Rect));
    g_autoptr(GArray) small = g_array_new(FALSE, FALSE, sizeof(Rect));
    gboolean many = page->images->len > PICTURES_MOST;
    for (guint i = 0; i < page->images->len; i++) {
        Rect box = rect_intersection(mark_rect(&g_array_index(page->images, Mark, i)), sheet);
        if (rect_is_empty(box)) {
            continue;
        }
        all = rect_union(all, box);
        if (!many) {
            gboolean bit = is_small(box, page);
            unite(bit ? small : large, box, bit ? touch : are_tiles);
        }
    }
    if (many) {
        g_array_append_val(large, all);
    }
    g_array_append_vals(large, small->data, small->len);
    return large;
}

/* Whether a scanner's text lies upon a picture. */
static gboolean
is_scanned(const Page *page, Rect box)
{
    guint hidden = 0, seen = 0;
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        Rect r = glyph_rect(g);
        if (glyph_is_blank(g) || !rect_contains(box, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2)) {
            continue;
        }
        hidden += g->hidden == HIDDEN_INVISIBLE || g->hidden == HIDDEN_COVERED;
        seen += g->hidden == HIDDEN_NOT;
    }
    return hidden >= LAYER_LEAST && hidden > seen;
}

GArray *
regions_find(const Page *page)
{
    GArray *regions = g_array_new(FALSE, FALSE, sizeof(PictureRegion));
    g_autoptr(GArray) pictures = pictures_of(page);
    for (guint i = 0; i < pictures->len; i++) {
        PictureRegion region = {.box = g_array_index(pictures, Rect, i)};
        if (!is_small(region.box, page)) {
            region.scanned = is_scanned(page, region.box);
            g_array_append_val(regions, region);
        }
    }
    return regions;
}

int
region_at(const GArray *regions, double x, double y)
{
    int best = -1;
    double least = 0;
    for (guint i = 0; i < regions->len; i++) {
        Rect box = g_array_index(regions, PictureRegion, i).box;
        if (rect_contains(box, x, y) && (best < 0 || rect_area(box) < least)) {
            best = (int)i;
            least = rect_area(box);
        }
    }
    return best;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ink-corners.h"

#include <math.h>

#include "page.h"

/* The sides stop short of a corner by so much, points: less is none to mend, more is no corner. */
#define SHORT_LEAST 1.0
#define SHORT_MOST 60.0
/* An end that goes beyond the other side by no more than this ends on it. */
#define BEYOND 1.5
/* Gaps in the bow that are faults of the scan, and where it is looked for around the ends. */
#define FAULT 0.8
#define REACH 1.5
/* The bow is no thicker than its sides by this factor, and they count as so thick at least. */
#define THICKER 2.0
#define THIN 1.2
/* With more rulings than this a page is a drawing. */
#define RULINGS_MOST 3000u

/* An outline of a label: so high, points, so many times as wide as high; it fills its box to this
 * part, its ink is no more than this part of that, and what it holds no less than this of the rest.
 * Its box's corners, so large in its height, are empty. */
#define OUTLINE_LOW 9.0
#define OUTLINE_HIGH 32.0
#define OUTLINE_WIDE 1.5
#define OUTLINE_FILL 0.75
#define OUTLINE_INK 0.4
#define OUTLINE_HOLDS 0.06
#define OUTLINE_CORNER 0.12
/* Rulings this near to its sides are its own, points. */
#define OUTLINE_NEAR 1.0

/* A corner: the distances of its sides' ends from where they would meet at (x, y). */
typedef struct {
    double x, y, short_x, short_y;
    gboolean left, top; /* which corner of its box it is */
} Corner;

static int
pixels(double points)
{
    return (int)floor(points * RASTER_SCALE + 0.5);
}

static gboolean
corner_of(const Ruling *level, const Ruling *upright, gboolean left, gboolean top, Corner *ret)
{
    double x = (double)upright->x0, y = (double)level->y0;
    double short_x = left ? (double)level->x0 - x : x - (double)level->x1;
    double short_y = top ? (double)upright->y0 - y : y - (double)upright->y1;
    *ret = (Corner){x, y, short_x, short_y, left, top};
    return short_x >= -BEYOND && short_y >= -BEYOND && MAX(short_x, short_y) >= SHORT_LEAST &&
           MAX(short_x, short_y) <= SHORT_MOST;
}

/* The place between two ends, with some room, on the page's pixels. */
static BOX *
corner_box(const Corner *c)
{
    double x0 = c->left ? c->x : c->x - MAX(0, c->short_x);
    double y0 = c->top ? c->y : c->y - MAX(0, c->short_y);
    return boxCreate(MAX(0, pixels(x0 - REACH)), MAX(0, pixels(y0 - REACH)),
                     pixels(MAX(0, c->short_x) + 2 * REACH),
                     pixels(MAX(0, c->short_y) + 2 * REACH));
}

/* A mask of the place around one end, as large as `like`, whose upper left corner is at the box's.
 */
static PIX *
end_mask(PIX *like, BOX *box, double x, double y)
{
    int left, top, side = pixels(2 * REACH);
    PIX *mask = pixCreateTemplate(like);
    boxGetGeometry(box, &left, &top, NULL, NULL);
    pixRasterop(mask, pixels(x - REACH) - left, pixels(y - REACH) - top, side, side, PIX_SET, NULL,
                0, 0);
    return mask;
}

/* The ink that goes from the end of one side to that of the other, with its box's upper left corner
 * at *ret_box; NULL if none does. */
static PIX *
bow_find(PIX *lines, const Corner *c, double thick, BOX **ret_box)
{
    BOX *box = corner_box(c);
    *ret_box = NULL;
    g_autoptr(PIX) part = pixClipRectangle(lines, box, NULL);
    int fault = pixels(FAULT), reaches = 0, area = 0;
    g_autoptr(PIX) whole = part != NULL ? pixCloseSafeBrick(NULL, part, fault, fault) : NULL;
    if (whole == NULL) {
        boxDestroy(&box);
        return NULL;
    }
    double end_x = c->left ? c->x + c->short_x : c->x - c->short_x;
    double end_y = c->top ? c->y + c->short_y : c->y - c->short_y;
    g_autoptr(PIX) seed = end_mask(whole, box, end_x, c->y);
    g_autoptr(PIX) goal = end_mask(whole, box, c->x, end_y);
    pixAnd(seed, seed, whole);
    g_autoptr(PIX) bow = pixSeedfillBinary(NULL, seed, whole, 8);
    if (bow != NULL) {
        pixAnd(goal, goal, bow);
        pixCountPixels(goal, &reaches, NULL);
        pixCountPixels(bow, &area, NULL);
    }
    double length = MAX(0, c->short_x) + MAX(0, c->short_y) + 2 * REACH;
    if (reaches == 0 || area > THICKER * MAX(thick, THIN) * length * RASTER_SCALE * RASTER_SCALE) {
        boxDestroy(&box);
        return NULL;
    }
    *ret_box = box;
    return g_steal_pointer(&bow);
}

static void
take_bow(PIX *rest, PIX *bow, BOX *box)
{
    int x, y;
    g_autoptr(PIX) wide = pixDilateBrick(NULL, bow, 3, 3);
    boxGetGeometry(box, &x, &y, NULL, NULL);
    pixRasterop(rest, x, y, pixGetWidth(wide), pixGetHeight(wide), PIX_DST & PIX_NOT(PIX_SRC), wide,
                0, 0);
}

/* Makes two sides meet at the corner that is nearest to where they end and has a bow. */
static gboolean
corner_join(Ruling *level, Ruling *upright, PIX *lines, PIX *rest)
{
    for (int i = 0; i < 4; i++) {
        Corner c;
        gboolean left = i % 2 == 0, top = i < 2;
        if (!corner_of(level, upright, left, top, &c)) {
            continue;
        }
        BOX *box;
        g_autoptr(PIX) bow = bow_find(lines, &c, (double)MAX(level->width, upright->width), &box);
        if (bow == NULL) {
            continue;
        }
        *(left ? &level->x0 : &level->x1) = (float)c.x;
        *(top ? &upright->y0 : &upright->y1) = (float)c.y;
        take_bow(rest, bow, box);
        boxDestroy(&box);
        return TRUE;
    }
    return FALSE;
}

void
ink_corners_join(GArray *rulings, PIX *lines, PIX *rest)
{
    for (guint i = 0; rulings->len <= RULINGS_MOST && i < rulings->len; i++) {
        Ruling *level = &g_array_index(rulings, Ruling, i);
        for (guint k = 0; level->y0 == level->y1 && k < rulings->len; k++) {
            Ruling *upright = &g_array_index(rulings, Ruling, k);
            if (upright->x0 == upright->x1) {
                corner_join(level, upright, lines, rest);
            }
        }
    }
}

/* ---- outlines of labels ---- */

static gboolean
has_round_corners(PIX *one)
{
    int w = pixGetWidth(one), h = pixGetHeight(one), side = MAX(2, (int)(OUTLINE_CORNER * h));
    for (int i = 0; i < 4; i++) {
        BOX *box = boxCreate(i % 2 ? w - side : 0, i / 2 ? h - side : 0, side, side);
        int count = 0;
        pixCountPixelsInRect(one, box, &count, NULL);
        boxDestroy(&box);
        if (count > 0) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Whether a component is a round outline with a single room that holds something. `whole`: all ink
 * of its box. */
static gboolean
is_outline(PIX *one, PIX *whole)
{
    int w = pixGetWidth(one), h = pixGetHeight(one), rooms = 0;
    if (h < OUTLINE_LOW * RASTER_SCALE || h > OUTLINE_HIGH * RASTER_SCALE || w < OUTLINE_WIDE * h ||
        !has_round_corners(one)) {
        return FALSE;
    }
    g_autoptr(PIX) framed = pixAddBorder(one, 1, 0);
    g_autoptr(PIX) holes = framed != NULL ? pixHolesByFilling(framed, 4) : NULL;
    g_autoptr(PIX) room = holes != NULL ? pixRemoveBorder(holes, 1) : NULL;
    if (room == NULL) {
        return FALSE;
    }
    pixCountConnComp(room, 4, &rooms);
    int ink = pix_ink(one), inside = pix_ink(room);
    pixAnd(room, room, whole);
    return rooms == 1 && ink + inside >= OUTLINE_FILL * w * h &&
           ink <= OUTLINE_INK * (ink + inside) && pix_ink(room) >= OUTLINE_HOLDS * inside;
}

static void
drop_rulings_of(GArray *rulings, int x, int y, int w, int h)
{
    Rect box = {x / RASTER_SCALE, y / RASTER_SCALE, (x + w) / RASTER_SCALE, (y + h) / RASTER_SCALE};
    for (guint i = 0; i < rulings->len;) {
        const Ruling *r = &g_array_index(rulings, Ruling, i);
        Rect line = {(double)r->x0, (double)r->y0, (double)r->x1, (double)r->y1};
        if (rect_covers(box, line, OUTLINE_NEAR)) {
            g_array_remove_index(rulings, i);
        } else {
            i++;
        }
    }
}

void
ink_outlines_take(PIX *ink, GArray *rulings, PIX *rest)
{
    PIXA *each = NULL;
    BOXA *boxes = pixConnComp(ink, &each, 8);
    for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
        int x, y, w, h;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        if (h < OUTLINE_LOW * RASTER_SCALE || w < OUTLINE_WIDE * h) {
            continue;
        }
        BOX *box = boxaGetBox(boxes, i, L_CLONE);
        g_autoptr(PIX) one = pixaGetPix(each, i, L_CLONE);
        g_autoptr(PIX) whole = pixClipRectangle(ink, box, NULL);
        if (whole != NULL && is_outline(one, whole)) {
            take_bow(rest, one, box);
            drop_rulings_of(rulings, x, y, w, h);
        }
        boxDestroy(&box);
    }
    boxaDestroy(&boxes);
    pixaDestroy(&each);
}

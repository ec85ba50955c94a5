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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values of geometry: points, intervals, rectangles and the frame text is read in.
 *
 * Unit: PDF points. Origin: top left of the page as displayed, y down.
 */
#pragma once

#include <glib.h>
#include <math.h>

typedef struct {
    double lo, hi; /* lo <= hi */
} Interval;

typedef struct {
    double x0, y0, x1, y1; /* x0 <= x1, y0 <= y1 */
} Rect;

/* A quarter turn that brings text into reading position: advance along +x, lines stacked along +y.
 * FRAME_DOWN serves both text turned by 90° clockwise and vertical writing, whose columns
 * run down and stack from right to left. */
typedef enum {
    FRAME_UPRIGHT,
    FRAME_DOWN, /* text advances down the page */
    FRAME_UP,   /* text advances up the page */
    FRAME_OVER, /* upside down */
} Frame;

static inline double
interval_overlap(double a0, double a1, double b0, double b1)
{
    return MIN(a1, b1) - MAX(a0, b0);
}

static inline double
rect_width(Rect r)
{
    return r.x1 - r.x0;
}

static inline double
rect_height(Rect r)
{
    return r.y1 - r.y0;
}

static inline double
rect_area(Rect r)
{
    return MAX(0, rect_width(r)) * MAX(0, rect_height(r));
}

static inline gboolean
rect_is_empty(Rect r)
{
    return r.x1 <= r.x0 || r.y1 <= r.y0;
}

static inline gboolean
rect_contains(Rect r, double x, double y)
{
    return x >= r.x0 && x <= r.x1 && y >= r.y0 && y <= r.y1;
}

static inline gboolean
rect_covers(Rect outer, Rect inner, double slack)
{
    return inner.x0 >= outer.x0 - slack && inner.x1 <= outer.x1 + slack &&
           inner.y0 >= outer.y0 - slack && inner.y1 <= outer.y1 + slack;
}

static inline gboolean
rect_overlaps(Rect a, Rect b)
{
    return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

static inline Rect
rect_union(Rect a, Rect b)
{
    return (Rect){MIN(a.x0, b.x0), MIN(a.y0, b.y0), MAX(a.x1, b.x1), MAX(a.y1, b.y1)};
}

static inline Rect
rect_intersection(Rect a, Rect b)
{
    return (Rect){MAX(a.x0, b.x0), MAX(a.y0, b.y0), MIN(a.x1, b.x1), MIN(a.y1, b.y1)};
}

static inline Rect
rect_grown(Rect r, double by)
{
    return (Rect){r.x0 - by, r.y0 - by, r.x1 + by, r.y1 + by};
}

/* The neutral element of rect_union. */
static inline Rect
rect_none(void)
{
    return (Rect){INFINITY, INFINITY, -INFINITY, -INFINITY};
}

/* A page rectangle seen in `frame`; width and height are those of the page. */
static inline Rect
rect_to_frame(Rect r, Frame frame, double width, double height)
{
    switch (frame) {
    case FRAME_DOWN:
        return (Rect){r.y0, width - r.x1, r.y1, width - r.x0};
    case FRAME_UP:
        return (Rect){height - r.y1, r.x0, height - r.y0, r.x1};
    case FRAME_OVER:
        return (Rect){width - r.x1, height - r.y1, width - r.x0, height - r.y0};
    case FRAME_UPRIGHT:
    default:
        return r;
    }
}

/* The inverse of rect_to_frame; width and height are still those of the upright page. */
static inline Rect
rect_from_frame(Rect r, Frame frame, double width, double height)
{
    switch (frame) {
    case FRAME_DOWN:
        return (Rect){width - r.y1, r.x0, width - r.y0, r.x1};
    case FRAME_UP:
        return (Rect){r.y0, height - r.x1, r.y1, height - r.x0};
    case FRAME_OVER:
        return (Rect){width - r.x1, height - r.y1, width - r.x0, height - r.y0};
    case FRAME_UPRIGHT:
    default:
        return r;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: the lines a reader sees, each once, whatever way the program drew them.
 *
 * Steps: turn into the frame; drop what cannot be seen; add the edges of shaded areas (after
 * patches of one shade that touch have become one area, since office programs paint a cell's
 * shade paragraph by paragraph); let the sides of rounded boxes meet; join collinear pieces; fold
 * double lines.
 *
 * An underline is told from a border by what it follows: its ends are the ends of a stretch of
 * text just above it, and it does not meet vertical lines at both ends.
 *
 * Known failure: a border right under text that fills its whole width in a table with neither
 * sides nor further columns is taken for an underline.
 */
#include "rulings.h"

#include <string.h>

#include "directions.h"
#include "rounded.h"

/* Lines nearer than this are one line drawn twice or in pieces, points. */
#define SAME_LINE 1.3
/* Pieces of one line may leave gaps of this, points; dots and dashes up to GAP_DASH times their
 * length, at most GAP_MOST. */
#define GAP_PLAIN 2.2
#define GAP_DASH 3.0
#define GAP_MOST 7.0
/* Both lines of a double line: this near, and lo and hi this alike, points. */
#define DOUBLE_LINE 3.6
#define DOUBLE_ENDS 6.0
/* An area is a background rather than a shaded cell beyond this part of the page. */
#define BACKGROUND 0.6
/* Areas lower or narrower than this, points, are marks, not cells. */
#define AREA_LEAST 5.0
/* Colours at least this light, each channel of 255, are the paper. */
#define PAPER 250
/* A line shorter than this after joining, points, is not a ruling. */
#define RULING_LEAST 3.0
/* Underline: this far below the baseline, in ems; strike-through: this far above. */
#define UNDER_FROM (-0.06)
#define UNDER_TO 0.44
#define STRIKE_FROM (-0.62)
#define STRIKE_TO (-0.14)
/* Vertical writing has its side line on the right, which is above in its frame. */
#define SIDE_FROM (-1.35)
#define SIDE_TO (-0.80)
/* Text must cover this part of an underline, and its ends lie this near (ems) to glyphs' edges. */
#define UNDER_COVER 0.82
#define UNDER_ENDS 0.75
/* … and it is at least so many ems long: a letter's own stroke is shorter. */
#define UNDER_LEAST 0.45
#define STRIKE_LEAST 0.8
/* A line that comes this near to a vertical one meets it, points. */
#define MEETS 1.6

static Bar *
bar_at(GArray *bars, guint i)
{
    return &g_array_index(bars, Bar, i);
}

static gint
bar_order(gconstpointer a, gconstpointer b)
{
    const Bar *p = a, *q = b;
    if (p->at != q->at) {
        return p->at < q->at ? -1 : 1;
    }
    if (p->lo != q->lo) {
        return p->lo < q->lo ? -1 : 1;
    }
    return p->hi < q->hi ? -1 : p->hi > q->hi;
}

static gboolean
is_paper(guint32 colour)
{
    return (colour >> 16) >= PAPER && (colour >> 8 & 255) >= PAPER && (colour & 255) >= PAPER;
}

/* ---- areas ---- */

typedef struct {
    Rect rect;
    guint32 colour;
    gboolean gone;
} Shade;

static gint
shade_order(gconstpointer a, gconstpointer b)
{
    const Shade *p = a, *q = b;
    double d = p->rect.x0 - q->rect.x0;
    if (fabs(d) > 0.5) {
        return d < 0 ? -1 : 1;
    }
    d = p->rect.y0 - q->rect.y0;
    return d < 0 ? -1 : d > 0;
}

static gboolean
shades_join(Shade *a, const Shade *b)
{
    const double t = 1.2;
    gboolean stacked = fabs(a->rect.x0 - b->rect.x0) < t && fabs(a->rect.x1 - b->rect.x1) < t &&
                       b->rect.y0 <= a->rect.y1 + t && b->rect.y1 >= a->rect.y0 - t;
    gboolean side = fabs(a->rect.y0 - b->rect.y0) < t && fabs(a->rect.y1 - b->rect.y1) < t &&
                    b->rect.x0 <= a->rect.x1 + t && b->rect.x1 >= a->rect.x0 - t;
    gboolean inside = rect_covers(a->rect, b->rect, t);
    if (a->colour != b->colour || !(stacked || side || inside)) {
        return FALSE;
    }
    a->rect = rect_union(a->rect, b->rect);
    return TRUE;
}

/* Areas that can be seen against the paper; patches of one shade joined. */
static GArray *
shades_find(const Page *page, Frame frame)
{
    GArray *shades = g_array_new(FALSE, TRUE, sizeof(Shade));
    double page_area = page->width * page->height;
    for (guint i = 0; i < page->areas->len; i++) {
        const Area *a = &g_array_index(page->areas, Area, i);
        Rect r = {(double)a->x0, (double)a->y0, (double)a->x1, (double)a->y1};
        if (is_paper(a->colour) || rect_area(r) > BACKGROUND * page_area) {
            continue;
        }
        Shade s = {rect_to_frame(r, frame, page->width, page->height), a->colour, FALSE};
        g_array_append_val(shades, s);
    }
    for (int round = 0; round < 2; round++) {
        g_array_sort(shades, shade_order);
        for (guint i = 0; i < shades->len; i++) {
            Shade *a = &g_array_index(shades, Shade, i);
            for (guint k = i + 1; k < shades->len && k < i + 200 && !a->gone; k++) {
                Shade *b = &g_array_index(shades, Shade, k);
                if (!b->gone && shades_join(a, b)) {
                    b->gone = TRUE;
                }
            }
        }
        guint kept = 0;
        for (guint i = 0; i < shades->len; i++) {
            Shade s = g_array_index(shades, Shade, i);
            if (!s.gone) {
                g_array_index(shades, Shade, kept++) = s;
            }
        }
        g_array_set_size(shades, kept);
    }
    return shades;
}

static gboolean
on_shade(GArray *shades, double x, double y)
{
    for (guint i = 0; i < shades->len; i++) {
        if (rect_contains(rect_grown(g_array_index(shades, Shade, i).rect, 1), x, y)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A strip of an adjoining area's own colour is part of it: office programs fill a cell's padding
 * so. */
static gboolean
extends_shade(GArray *shades, Rect strip, guint32 colour)
{
    for (guint i = 0; i < shades->len; i++) {
        const Shade *s = &g_array_index(shades, Shade, i);
        if (s->colour == colour &&
            rect_overlaps(rect_grown(s->rect, 3.5), rect_grown(strip, 0.1)) &&
            rect_covers(rect_grown(s->rect, 3.5), strip, 1)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void
add_edges(Rulings *rulings, GArray *shades)
{
    for (guint i = 0; i < shades->len; i++) {
        Rect r = g_array_index(shades, Shade, i).rect;
        if (rect_width(r) < AREA_LEAST || rect_height(r) < AREA_LEAST) {
            continue;
        }
        Bar bars[] = {{r.y0, r.x0, r.x1, 0, TRUE},
                      {r.y1, r.x0, r.x1, 0, TRUE},
                      {r.x0, r.y0, r.y1, 0, TRUE},
                      {r.x1, r.y0, r.y1, 0, TRUE}};
        g_array_append_vals(rulings->horizontal, bars, 2);
        g_array_append_vals(rulings->vertical, bars + 2, 2);
    }
}

static void
add_rulings(Rulings *rulings, const Page *page, Frame frame, GArray *shades)
{
    for (guint i = 0; i < page->rulings->len; i++) {
        const Ruling *g = &g_array_index(page->rulings, Ruling, i);
        Rect r = rect_to_frame((Rect){(double)g->x0, (double)g->y0, (double)g->x1, (double)g->y1},
                               frame, page->width, page->height);
        double mx = (r.x0 + r.x1) / 2, my = (r.y0 + r.y1) / 2;
        if (is_paper(g->colour) ? !on_shade(shades, mx, my)
                                : g->source == RULING_FILL && extends_shade(shades, r, g->colour)) {
            continue;
        }
        gboolean flat = rect_width(r) >= rect_height(r);
        Bar bar = {flat ? my : mx, flat ? r.x0 : r.y0, flat ? r.x1 : r.y1, (double)g->width, FALSE};
        g_array_append_val(flat ? rulings->horizontal : rulings->vertical, bar);
    }
}

/* ---- joining ---- */

static gboolean
bars_continue(const Bar *a, const Bar *b)
{
    double slack = MAX(SAME_LINE, 0.5 * (a->width + b->width) + 0.3);
    if (fabs(a->at - b->at) > MIN(slack, 3.0)) {
        return FALSE;
    }
    double gap = MAX(b->lo - a->hi, a->lo - b->hi);
    double piece = MIN(a->hi - a->lo, b->hi - b->lo);
    double dash = MIN(GAP_MOST, GAP_DASH * MAX(piece, 0.4));
    return gap <= (piece < 8 ? MAX(GAP_PLAIN, dash) : GAP_PLAIN);
}

static void
bar_absorb(Bar *a, const Bar *b)
{
    if (b->hi - b->lo > a->hi - a->lo && (a->edge || !b->edge)) {
        a->at = b->at;
    } else if (a->edge && !b->edge) {
        a->at = b->at;
    }
    a->lo = MIN(a->lo, b->lo);
    a->hi = MAX(a->hi, b->hi);
    a->width = MAX(a->width, b->width);
    a->edge = a->edge && b->edge;
}

static GArray *
bars_join_once(GArray *bars)
{
    GArray *joined = g_array_new(FALSE, TRUE, sizeof(Bar));
    g_array_sort(bars, bar_order);
    for (guint i = 0; i < bars->len; i++) {
        const Bar *b = bar_at(bars, i);
        gboolean taken = FALSE;
        for (guint k = joined->len; k > 0 && joined->len - k < 400 && !taken; k--) {
            Bar *a = bar_at(joined, k - 1);
            if (b->at - a->at > 8) {
                break;
            }
            if (bars_continue(a, b)) {
                bar_absorb(a, b);
                taken = TRUE;
            }
        }
        if (!taken) {
            g_array_append_vals(joined, b, 1);
        }
    }
    return joined;
}

static gboolean
bars_double(const Bar *a, const Bar *b)
{
    double near = a->edge || b->edge ? 2.2 : DOUBLE_LINE;
    double overlap = interval_overlap(a->lo, a->hi, b->lo, b->hi);
    double shorter = MIN(a->hi - a->lo, b->hi - b->lo);
    gboolean alike = fabs(a->lo - b->lo) < DOUBLE_ENDS && fabs(a->hi - b->hi) < DOUBLE_ENDS;
    gboolean part = (a->edge || b->edge) && overlap >= 0.9 * shorter;
    return fabs(a->at - b->at) <= near && (alike || part);
}

static GArray *
bars_fold_doubles(GArray *bars)
{
    GArray *folded = g_array_new(FALSE, TRUE, sizeof(Bar));
    g_array_sort(bars, bar_order);
    for (guint i = 0; i < bars->len; i++) {
        const Bar *b = bar_at(bars, i);
        if (b->hi - b->lo < RULING_LEAST) {
            continue;
        }
        gboolean taken = FALSE;
        for (guint k = folded->len; k > 0 && !taken; k--) {
            Bar *a = bar_at(folded, k - 1);
            if (b->at - a->at > DOUBLE_LINE) {
                break;
            }
            if (bars_double(a, b)) {
                double at = a->edge == b->edge ? (a->at + b->at) / 2 : a->edge ? b->at : a->at;
                bar_absorb(a, b);
                a->at = at;
                taken = TRUE;
            }
        }
        if (!taken) {
            g_array_append_vals(folded, b, 1);
        }
    }
    g_array_sort(folded, bar_order);
    return folded;
}

static GArray *
bars_clean(GArray *bars)
{
    g_autoptr(GArray) once = bars_join_once(bars);
    g_autoptr(GArray) twice = bars_join_once(once);
    return bars_fold_doubles(twice);
}

Rulings *
rulings_find(const Page *page, Frame frame)
{
    g_autoptr(Rulings) raw = g_new0(Rulings, 1);
    raw->horizontal = g_array_new(FALSE, TRUE, sizeof(Bar));
    raw->vertical = g_array_new(FALSE, TRUE, sizeof(Bar));
    g_autoptr(GArray) shades = shades_find(page, frame);
    add_rulings(raw, page, frame, shades);
    add_edges(raw, shades);
    rounded_boxes_square(raw, page, frame);
    Rulings *rulings = g_new0(Rulings, 1);
    rulings->horizontal = bars_clean(raw->horizontal);
    rulings->vertical = bars_clean(raw->vertical);
    return rulings;
}

void
rulings_free(Rulings *rulings)
{
    if (rulings == NULL) {
        return;
    }
    g_array_unref(rulings->horizontal);
    g_array_unref(rulings->vertical);
    g_free(rulings);
}

/* ---- underlines ---- */

typedef struct {
    double baseline, size;
    double x0, x1;
    guint32 glyph;
    gboolean vertical;
} Foot;

static gint
foot_order(gconstpointer a, gconstpointer b)
{
    const Foot *p = a, *q = b;
    if (p->baseline != q->baseline) {
        return p->baseline < q->baseline ? -1 : 1;
    }
    if (p->x0 != q->x0) {
        return p->x0 < q->x0 ? -1 : 1;
    }
    return p->glyph < q->glyph ? -1 : p->glyph > q->glyph;
}

static GArray *
feet_find(const Page *page, const Layout *layout)
{
    GArray *feet = g_array_sized_new(FALSE, TRUE, sizeof(Foot), page->glyphs->len);
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        if (g_array_index(layout->dropped, guint8, i) != DROP_NOT) {
            continue;
        }
        Rect box = rect_to_frame(glyph_rect(g), layout->frame, page->width, page->height);
        const Style *style = page_glyph_style(page, g);
        Foot foot = {box.y1 - 0.12 * rect_height(box),
                     (double)style->size,
                     box.x0,
                     box.x1,
                     i,
                     layout_direction(layout, i) == DIRECTION_VERTICAL};
        /* a bracket whose empty half the next sign is set into ends where that begins */
        Foot *last = feet->len > 0 ? &g_array_index(feet, Foot, feet->len - 1) : NULL;
        if (last != NULL && fabs(last->baseline - foot.baseline) < 0.1 * foot.size &&
            foot.x0 > last->x0 && foot.x0 < last->x1) {
            last->x1 = foot.x0;
        }
        g_array_append_val(feet, foot);
    }
    g_array_sort(feet, foot_order);
    return feet;
}

static guint
feet_lower_bound(GArray *feet, double baseline)
{
    guint lo = 0, hi = feet->len;
    while (lo < hi) {
        guint mid = (lo + hi) / 2;
        if (g_array_index(feet, Foot, mid).baseline < baseline) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* The mark a line at `at` would be for this glyph, or 0. */
static guint8
foot_mark(const Foot *foot, double at)
{
    double d = (at - foot->baseline) / foot->size;
    if (foot->vertical) {
        return d >= SIDE_FROM && d <= SIDE_TO ? MARK_UNDERLINE : 0;
    }
    if (d >= UNDER_FROM && d <= UNDER_TO) {
        return MARK_UNDERLINE;
    }
    return d >= STRIKE_FROM && d <= STRIKE_TO ? MARK_STRIKE : 0;
}

static gint
span_order(gconstpointer a, gconstpointer b)
{
    const Interval *p = a, *q = b;
    return p->lo < q->lo ? -1 : p->lo > q->lo;
}

/* Does the text these intervals stand for reach along the whole bar, from end to end? */
static gboolean
spans_follow(GArray *spans, const Bar *bar, double em)
{
    if (spans->len == 0) {
        return FALSE;
    }
    g_array_sort(spans, span_order);
    double first = g_array_index(spans, Interval, 0).lo, last = first, covered = 0;
    for (guint i = 0; i < spans->len; i++) {
        Interval s = g_array_index(spans, Interval, i);
        double from = MAX(s.lo, last);
        if (s.lo - last <= 0.7 * em) {
            from = MIN(from, last);
        }
        covered += MAX(0, s.hi - from);
        last = MAX(last, s.hi);
    }
    gboolean ends =
        fabs(first - bar->lo) <= UNDER_ENDS * em && fabs(last - bar->hi) <= UNDER_ENDS * em;
    return ends && covered >= UNDER_COVER * (bar->hi - bar->lo);
}

static gboolean
bar_meets_both(const Rulings *rulings, const Bar *bar)
{
    gboolean left = FALSE, right = FALSE;
    for (guint i = 0; i < rulings->vertical->len; i++) {
        const Bar *v = bar_at(rulings->vertical, i);
        if (bar->at < v->lo - MEETS || bar->at > v->hi + MEETS) {
            continue;
        }
        left = left || fabs(v->at - bar->lo) <= MEETS;
        right = right || fabs(v->at - bar->hi) <= MEETS;
    }
    return left && right;
}

/* The glyphs of one row of text that this bar goes along with, marked in `layout`. */
static gboolean
bar_is_mark(const Bar *bar, GArray *feet, double largest, Layout *layout)
{
    for (int pass = 0; pass < 2; pass++) {
        guint8 kind = pass == 0 ? MARK_UNDERLINE : MARK_STRIKE;
        double least = pass == 0 ? UNDER_LEAST : STRIKE_LEAST;
        g_autoptr(GArray) spans = g_array_new(FALSE, TRUE, sizeof(Interval));
        g_autoptr(GArray) hits = g_array_new(FALSE, TRUE, sizeof(guint32));
        double em = 0;
        for (guint i = feet_lower_bound(feet, bar->at - 0.5 * largest);
             i < feet->len && g_array_index(feet, Foot, i).baseline <= bar->at + 1.4 * largest;
             i++) {
            const Foot *foot = &g_array_index(feet, Foot, i);
            double middle = (foot->x0 + foot->x1) / 2;
            double slack = 0.3 * MIN(foot->size, foot->x1 - foot->x0); /* （ is set half as wide */
            if (foot_mark(foot, bar->at) == kind && middle >= bar->lo - slack &&
                middle <= bar->hi + slack) {
                Interval span = {foot->x0, foot->x1};
                g_array_append_val(spans, span);
                g_array_append_val(hits, foot->glyph);
                em = MAX(em, foot->size);
            }
        }
        if (bar->hi - bar->lo >= least * em && spans_follow(spans, bar, em)) {
            for (guint i = 0; i < hits->len; i++) {
                g_array_index(layout->marks, guint8, g_array_index(hits, guint32, i)) |= kind;
            }
            return TRUE;
        }
    }
    return FALSE;
}

void
rulings_mark_text(Rulings *rulings, const Page *page, Layout *layout)
{
    g_autoptr(GArray) feet = feet_find(page, layout);
    double largest = 1;
    for (guint i = 0; i < feet->len; i++) {
        largest = MAX(largest, g_array_index(feet, Foot, i).size);
    }
    largest = MIN(largest, 72);
    for (guint i = 0; i < page->notices->len; i++) {
        if (strcmp(g_array_index(page->notices, Notice, i).kind, "outlined") == 0) {
            return; /* letters painted as outlines: their own strokes look like marks */
        }
    }
    guint kept = 0;
    for (guint i = 0; i < rulings->horizontal->len; i++) {
        Bar bar = *bar_at(rulings->horizontal, i);
        gboolean mark =
            !bar.edge && !bar_meets_both(rulings, &bar) && bar_is_mark(&bar, feet, largest, layout);
        if (!mark) {
            *bar_at(rulings->horizontal, kept++) = bar;
        }
    }
    g_array_set_size(rulings->horizontal, kept);
}

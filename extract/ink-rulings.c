/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ink rulings: see ink-rulings.h.
 *
 * 1. Solid: what is left of the ink when all runs shorter than SOLID_LEAST go (morphological
 *    opening), in rows and in columns. It must be thin, and long or tied to others at its ends.
 * 2. The same for lines that are too pale for ink, but darker than both their sides.
 * 3. Those are taken out. Dashed and dotted: the same with gaps of up to DASH_GAP closed; since
 *    that makes bars of lines of text too, there must be white on both sides.
 * 4. Pieces of one line are joined, and the sides of boxes with round corners (ink-corners.h).
 *
 * Known failures: strokes of titles above 40 pt that end on other strokes; dots further apart than
 * DASH_GAP; two lines of a double ruling that touch are one thick one.
 */
#include "ink-rulings.h"

#include "ink-corners.h"
#include "pixel-runs.h"

/* Lengths in points. Runs shorter than this are text: longer than the strokes of common titles. */
#define SOLID_LEAST 17.0
/* A ruling that is tied to no other is at least so long, and has no more ink beside it than … of
 * its length, unless it is longer than any row of letters' strokes that touch. */
#define FREE_LEAST 30.0
#define BESIDE_MOST 0.5
#define BESIDE_TIED 0.6
#define BARE_MOST 0.22
#define SURE_LEAST 110.0
/* Gaps in a solid ruling that are faults of the scan. */
#define FAULT_GAP 1.2
/* Thicker lines are bars, not rulings; those shorter than FREE_LEAST must be thinner still. */
#define THICK_MOST 4.5
#define THIN_MOST 2.2
/* Ends of a ruling that are this near to another are tied to it. */
#define TIE 2.5
/* … or no further than this, where strokes stand on it: the strokes of characters of lines that are
 * set so tightly that they touch make bars as high as a cell's text. */
#define TIE_STROKES 1.2
/* Pale rulings: thinner than this, and so much darker than both sides, in greys. */
#define THIN_WINDOW 2.9
#define THIN_CONTRAST 16
/* Dashed and dotted: the longest gap between dashes, … */
#define DASH_GAP 3.6
/* … the shortest such ruling, its greatest thickness, … */
#define DASHED_LEAST 26.0
#define DASHED_THICK 2.4
/* … the part of its length that has ink, and the part of the strips beside it that may. */
#define DASHED_INK 0.2
/* How far beside it marks are looked at, and how much more than twice as thick as what is straight
 * of them dashes are. */
#define DASH_ROOM 4.0
#define DASH_SPARE 0.5
#define BESIDE_INK 0.12
/* A row of dots that goes on to text on its level is a leader, not a ruling. */
#define LEADER_NEAR 14.0
/* … if it consists of so many dots, no larger than this, with so much room above and below. */
#define DOTS_LEAST 8
#define DOT_MOST 2.2
#define DOT_ROOM 3.0
/* Ink a solid ruling has on its length. */
#define SOLID_INK 0.75
/* Pieces on one axis (within …) that are nearer than … are one ruling. */
#define SAME_AXIS 0.75
#define PIECE_GAP 2.0
/* Ends of rulings this near to one across end on it. */
#define SNAP 2.2
/* Marks no further from a ruling than this belong to its edge. */
#define FRINGE 1.2
#define DASHED_PIECE_GAP 4.5
#define RULINGS_MOST 20000

/* A straight bar of ink, in pixels, as if it were level: upright ones have x and y changed over. */
typedef struct {
    int along0, along1, across0, across1; /* [0, 1) */
    double thickness;
    gboolean upright, dashed;
} Bar;

static int
pixels(double points)
{
    return (int)(points * RASTER_SCALE + 0.5);
}

static PIX *
closed(PIX *ink, int gap, gboolean upright)
{
    return upright ? runs_close(ink, 1, gap) : runs_close(ink, gap, 1);
}

static PIX *
opened(PIX *ink, int run, gboolean upright)
{
    return upright ? runs_open(ink, 1, run) : runs_open(ink, run, 1);
}

/* The part of the length along0 … along1 on which the strip across0 … across1 has ink. */
static double
strip_ink(PIX *ink, gboolean upright, Bar strip)
{
    int w = strip.along1 - strip.along0, h = strip.across1 - strip.across0;
    if (w <= 0 || h <= 0) {
        return 0;
    }
    BOX *box = upright ? boxCreate(strip.across0, strip.along0, h, w)
                       : boxCreate(strip.along0, strip.across0, w, h);
    g_autoptr(PIX) part = pixClipRectangle(ink, box, NULL);
    boxDestroy(&box);
    if (part == NULL) {
        return 0;
    }
    NUMA *counts = upright ? pixCountPixelsByRow(part, NULL) : pixCountPixelsByColumn(part);
    int inked = 0, n = numaGetCount(counts);
    for (int i = 0; i < n; i++) {
        int count;
        numaGetIValue(counts, i, &count);
        inked += count > 0;
    }
    numaDestroy(&counts);
    return n > 0 ? (double)inked / w : 0;
}

/* White on both sides, at some distance from 2 pixels on: the other line of a double ruling may
 * be near. */
static gboolean
is_apart(PIX *ink, const Bar *bar, double most)
{
    for (int side = 0; side < 2; side++) {
        double least = 1;
        for (int away = 2; away <= 8; away += 3) {
            Bar strip = *bar;
            strip.across0 = side ? bar->across1 + away : bar->across0 - away - 2;
            strip.across1 = strip.across0 + 2;
            least = MIN(least, strip.across0 < 0 ? 0 : strip_ink(ink, bar->upright, strip));
        }
        if (least > most) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Text stands on the level of this row of dots, right before or after it. */
static gboolean
is_leader(PIX *ink, const Bar *bar)
{
    for (int side = 0; side < 2; side++) {
        Bar strip = *bar;
        strip.along0 = side ? bar->along1 + 2 : MAX(0, bar->along0 - pixels(LEADER_NEAR));
        strip.along1 = side ? bar->along1 + pixels(LEADER_NEAR) : bar->along0 - 2;
        strip.across0 = MAX(0, bar->across0 - pixels(3));
        strip.across1 = bar->across1 + pixels(3);
        if (strip_ink(ink, bar->upright, strip) > 0.2) {
            return TRUE;
        }
    }
    return FALSE;
}

/* All that lies on this level bar are dots, nothing of which goes on above or below. */
static gboolean
is_dots(PIX *ink, const Bar *bar)
{
    int room = pixels(DOT_ROOM), most = pixels(DOT_MOST), n = 0, others = 0;
    BOX *box = boxCreate(bar->along0, MAX(0, bar->across0 - room), bar->along1 - bar->along0,
                         bar->across1 - bar->across0 + 2 * room);
    g_autoptr(PIX) part = pixClipRectangle(ink, box, NULL);
    boxDestroy(&box);
    BOXA *boxes = part != NULL ? pixConnCompBB(part, 8) : NULL;
    for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
        int w, h;
        boxaGetBoxGeometry(boxes, i, NULL, NULL, &w, &h);
        n += w <= most && h <= most;
        others += w > most || h > most;
    }
    boxaDestroy(&boxes);
    return n >= DOTS_LEAST && others * 20 <= n;
}

/* The bars that are left of `runs`, with their true thickness from `ink`. */
static void
bars_of(PIX *runs, PIX *ink, gboolean upright, double thick_most, GArray *bars)
{
    BOXA *boxes = pixConnCompBB(runs, 8);
    int n = boxes != NULL ? boxaGetCount(boxes) : 0;
    for (int i = 0; i < MIN(n, RULINGS_MOST); i++) {
        int x, y, w, h, area = 0;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        Bar bar = {upright ? y : x,
                   upright ? y + h : x + w,
                   upright ? x : y,
                   upright ? x + w : y + h,
                   0,
                   upright,
                   FALSE};
        BOX *box = boxCreate(x, y, w, h);
        g_autoptr(PIX) part = pixClipRectangle(ink, box, NULL);
        boxDestroy(&box);
        pixCountPixels(part, &area, NULL);
        bar.thickness = (double)area / (bar.along1 - bar.along0);
        if (bar.across1 - bar.across0 <= pixels(thick_most) + (bar.along1 - bar.along0) / 200) {
            g_array_append_val(bars, bar);
        }
    }
    boxaDestroy(&boxes);
}

static void
clear_bar(PIX *pix, const Bar *bar)
{
    int x = bar->upright ? bar->across0 : bar->along0;
    int y = bar->upright ? bar->along0 : bar->across0;
    int w = bar->along1 - bar->along0, h = bar->across1 - bar->across0;
    pixRasterop(pix, x - 1, y - 1, (bar->upright ? h : w) + 2, (bar->upright ? w : h) + 2, PIX_CLR,
                NULL, 0, 0);
}

static void
take_out(PIX *rest, const GArray *bars)
{
    for (guint i = 0; i < bars->len; i++) {
        clear_bar(rest, &g_array_index(bars, Bar, i));
    }
}

/* Takes out what is left of the bars' ragged edges: marks that lie within a strip around them. */
static void
drop_fringes(PIX *rest, const GArray *bars)
{
    int margin = pixels(FRINGE);
    g_autoptr(PIX) apart = pixCopy(NULL, rest);
    for (guint i = 0; i < bars->len; i++) {
        Bar wide = g_array_index(bars, Bar, i);
        wide.across0 -= margin;
        wide.across1 += margin;
        wide.along0 -= margin;
        wide.along1 += margin;
        clear_bar(apart, &wide);
    }
    g_autoptr(PIX) kept = pixSeedfillBinary(NULL, apart, rest, 8);
    if (kept != NULL) {
        pixCopy(rest, kept);
    }
}

/* Where thin lines are darker than what is on both sides of them, however pale they are; without
 * the bars that are known. */
static PIX *
thin_lines(PIX *grey, gboolean upright, const GArray *known)
{
    PIX *lines = runs_darker(grey, pixels(THIN_WINDOW) | 1, upright, THIN_CONTRAST);
    if (lines != NULL) {
        take_out(lines, known);
    }
    return lines;
}

/* Whether `end` of this bar lies on one of the rulings. */
static gboolean
ends_on(const Bar *bar, int end, GArray *rulings, int tie)
{
    for (guint i = 0; i < rulings->len; i++) {
        const Bar *other = &g_array_index(rulings, Bar, i);
        if (other->upright != bar->upright && end >= other->across0 - tie &&
            end <= other->across1 + tie && bar->across1 >= other->along0 - tie &&
            bar->across0 <= other->along1 + tie) {
            return TRUE;
        }
    }
    return FALSE;
}

/* No strokes stand on it: letters' outlines that touch are long bars, too. */
static gboolean
is_bare(PIX *ink, const Bar *bar)
{
    Bar above = *bar, below = *bar;
    above.across1 = bar->across0 - 1;
    above.across0 = MAX(0, bar->across0 - 3);
    below.across0 = bar->across1 + 1;
    below.across1 = bar->across1 + 3;
    return strip_ink(ink, bar->upright, above) <= BARE_MOST &&
           strip_ink(ink, bar->upright, below) <= BARE_MOST;
}

static gboolean
is_free_ruling(PIX *ink, const Bar *bar)
{
    int length = bar->along1 - bar->along0;
    return length >= pixels(SURE_LEAST) ||
           (length >= pixels(FREE_LEAST) && is_bare(ink, bar) && is_apart(ink, bar, BESIDE_MOST));
}

/* Short bars are rulings where they end on rulings; strokes of letters end on one another. */
static void
tied_find(PIX *const inks[2], GArray *bars, GArray *found)
{
    for (guint before = G_MAXUINT; before != bars->len;) {
        before = bars->len;
        for (guint i = 0; i < bars->len;) {
            const Bar *bar = &g_array_index(bars, Bar, i);
            int tie = pixels(is_bare(inks[bar->upright], bar) ? TIE : TIE_STROKES);
            if (bar->thickness <= pixels(THIN_MOST) && ends_on(bar, bar->along0, found, tie) &&
                ends_on(bar, bar->along1, found, tie) &&
                is_apart(inks[bar->upright], bar, BESIDE_TIED)) {
                g_array_append_val(found, *bar);
                g_array_remove_index_fast(bars, i);
            } else {
                i++;
            }
        }
    }
}

/* inks: where level bars are looked for, and where upright ones. */
static void
solid_find(PIX *const inks[2], GArray *found)
{
    g_autoptr(GArray) bars = g_array_new(FALSE, FALSE, sizeof(Bar));
    for (int upright = 0; upright < 2; upright++) {
        g_autoptr(PIX) whole = closed(inks[upright], pixels(FAULT_GAP), upright);
        g_autoptr(PIX) runs = opened(whole, pixels(SOLID_LEAST), upright);
        bars_of(runs, inks[upright], upright, THICK_MOST, bars);
    }
    for (guint i = 0; i < bars->len;) {
        const Bar *bar = &g_array_index(bars, Bar, i);
        PIX *ink = inks[bar->upright];
        gboolean solid = strip_ink(ink, bar->upright, *bar) >= SOLID_INK;
        if (solid && !is_free_ruling(ink, bar)) {
            i++; /* perhaps tied */
            continue;
        }
        if (solid) {
            g_array_append_val(found, *bar);
        }
        g_array_remove_index_fast(bars, i);
    }
    tied_find(inks, bars, found);
}

/* Whether most of the marks on a dashed bar are its dashes: no parts of something that goes on
 * beside it, as strokes of characters that stand below each other are. */
static gboolean
are_dashes(PIX *ink, const Bar *bar)
{
    int room = pixels(DASH_ROOM), length = bar->along1 - bar->along0, n = 0, others = 0;
    int across0 = MAX(0, bar->across0 - room), across = bar->across1 + room - across0;
    BOX *box = bar->upright ? boxCreate(across0, bar->along0, across, length)
                            : boxCreate(bar->along0, across0, length, across);
    g_autoptr(PIX) part = pixClipRectangle(ink, box, NULL);
    boxDestroy(&box);
    BOXA *boxes = part != NULL ? pixConnCompBB(part, 8) : NULL;
    for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
        int x, y, w, h;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        int from = across0 + (bar->upright ? x : y), to = from + (bar->upright ? w : h);
        gboolean on = from < bar->across1 && to > bar->across0;
        gboolean thin = to - from <= 2 * (bar->across1 - bar->across0) + pixels(DASH_SPARE);
        n += on && thin;
        others += on && !thin;
    }
    boxaDestroy(&boxes);
    return n >= others;
}

static void
dashed_find(PIX *rest, GArray *found, GArray *leaders)
{
    for (int upright = 0; upright < 2; upright++) {
        g_autoptr(GArray) bars = g_array_new(FALSE, FALSE, sizeof(Bar));
        g_autoptr(PIX) whole = closed(rest, pixels(DASH_GAP), upright);
        g_autoptr(PIX) runs = opened(whole, pixels(DASHED_LEAST), upright);
        bars_of(runs, rest, upright, DASHED_THICK, bars);
        for (guint i = 0; i < bars->len; i++) {
            Bar *bar = &g_array_index(bars, Bar, i);
            bar->dashed = TRUE;
            if (strip_ink(rest, upright, *bar) < DASHED_INK || !is_apart(rest, bar, BESIDE_INK) ||
                !are_dashes(rest, bar)) {
                continue;
            }
            if (upright || !is_leader(rest, bar)) {
                g_array_append_val(found, *bar);
            } else if (is_dots(rest, bar)) {
                g_array_append_val(leaders, *bar);
            }
        }
    }
}

static int
compare_bars(gconstpointer a, gconstpointer b)
{
    const Bar *p = a, *q = b;
    if (p->upright != q->upright) {
        return p->upright - q->upright;
    }
    int middle = p->across0 + p->across1 - q->across0 - q->across1;
    return middle != 0 ? middle : p->along0 - q->along0;
}

/* Joins to `bar` what goes on from it on the same axis, among the bars after it. */
static void
join_pieces(GArray *bars, guint at)
{
    Bar *bar = &g_array_index(bars, Bar, at);
    int gap = pixels(bar->dashed ? DASHED_PIECE_GAP : PIECE_GAP), axis = 2 * pixels(SAME_AXIS);
    for (guint i = at + 1; i < bars->len;) {
        const Bar *next = &g_array_index(bars, Bar, i);
        int shift = next->across0 + next->across1 - bar->across0 - bar->across1;
        if (next->upright != bar->upright || shift > axis) {
            break;
        }
        if (next->along0 > bar->along1 + gap || next->along1 < bar->along0 - gap ||
            (next->along0 < bar->along1 - gap && next->along1 > bar->along0 + gap)) {
            i++; /* another one, or the other line of a double ruling */
            continue;
        }
        bar->along0 = MIN(bar->along0, next->along0);
        bar->along1 = MAX(bar->along1, next->along1);
        bar->dashed = bar->dashed && next->dashed;
        g_array_remove_index(bars, i);
        i = at + 1;
    }
}

/* Where `end` of a bar belongs: the middle of the bar across that it ends on, or itself. */
static int
snapped(const Bar *bar, int end, const GArray *bars)
{
    int nearest = pixels(SNAP) + 1, place = end;
    for (guint i = 0; i < bars->len; i++) {
        const Bar *other = &g_array_index(bars, Bar, i);
        int axis = (other->across0 + other->across1) / 2, away = abs(axis - end);
        if (other->upright != bar->upright && away < nearest &&
            bar->across1 >= other->along0 - pixels(SNAP) &&
            bar->across0 <= other->along1 + pixels(SNAP)) {
            nearest = away;
            place = axis;
        }
    }
    return place;
}

/* Ends that stop a little short of a ruling across, or go a little beyond, end on it. */
static void
snap_ends(GArray *bars)
{
    for (guint i = 0; i < bars->len; i++) {
        Bar *bar = &g_array_index(bars, Bar, i);
        int from = snapped(bar, bar->along0, bars), to = snapped(bar, bar->along1, bars);
        if (from < to) {
            bar->along0 = from;
            bar->along1 = to;
        }
    }
}

static Ruling
ruling_of(const Bar *bar)
{
    float axis = (float)((bar->across0 + bar->across1) / 2.0 / RASTER_SCALE);
    float from = (float)(bar->along0 / RASTER_SCALE), to = (float)(bar->along1 / RASTER_SCALE);
    Ruling ruling = {.width = (float)(MAX(1, bar->across1 - bar->across0) / RASTER_SCALE),
                     .source = RULING_STROKE,
                     .dashed = (guint8)bar->dashed};
    ruling.x0 = bar->upright ? axis : from;
    ruling.x1 = bar->upright ? axis : to;
    ruling.y0 = bar->upright ? from : axis;
    ruling.y1 = bar->upright ? to : axis;
    return ruling;
}

void
ink_rulings_find(const Raster *raster, GArray *rulings, GArray *leaders, PIX **ret_rest)
{
    g_autoptr(GArray) bars = g_array_new(FALSE, FALSE, sizeof(Bar));
    solid_find((PIX *const[]){raster->ink, raster->ink}, bars);
    g_autoptr(PIX) level = thin_lines(raster->grey, FALSE, bars);
    g_autoptr(PIX) upright = thin_lines(raster->grey, TRUE, bars);
    if (level != NULL && upright != NULL) {
        solid_find((PIX *const[]){level, upright}, bars);
    }
    *ret_rest = pixCopy(NULL, raster->ink);
    take_out(*ret_rest, bars);
    g_autoptr(GArray) dots = g_array_new(FALSE, FALSE, sizeof(Bar));
    dashed_find(*ret_rest, bars, dots);
    take_out(*ret_rest, bars);
    take_out(*ret_rest, dots);
    for (guint i = 0; i < dots->len; i++) {
        const Bar *bar = &g_array_index(dots, Bar, i);
        Rect leader = {bar->along0 / RASTER_SCALE, bar->across0 / RASTER_SCALE,
                       bar->along1 / RASTER_SCALE, bar->across1 / RASTER_SCALE};
        g_array_append_val(leaders, leader);
    }
    drop_fringes(*ret_rest, bars);
    g_array_sort(bars, compare_bars);
    for (guint i = 0; i < bars->len; i++) {
        join_pieces(bars, i);
    }
    snap_ends(bars);
    for (guint i = 0; i < bars->len; i++) {
        Ruling ruling = ruling_of(&g_array_index(bars, Bar, i));
        g_array_append_val(rulings, ruling);
    }
    ink_outlines_take(raster->ink, rulings, *ret_rest);
    g_autoptr(PIX) lines = pixCopy(NULL, raster->ink);
    if (lines != NULL && level != NULL && upright != NULL) {
        pixOr(lines, lines, level);
        pixOr(lines, lines, upright);
        ink_corners_join(rulings, lines, *ret_rest);
    }
}

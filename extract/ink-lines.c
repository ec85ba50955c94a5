/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ink lines: see ink-lines.h.
 *
 * 1. Connected components that are much larger than characters, and halftones, are figures.
 * 2. The common size is the most frequent height of what remains, by area.
 * 3. Blocks: ink that is less than BLOCK_GAP ems apart with no ruling between. What a cell holds
 *    is one block or several, never more than the cell.
 * 4. A block is vertical if its columns of white are wider than its rows of white.
 * 5. Lines: the ink of a block smeared along its direction. Fragments of characters (二, い) are
 *    put together, rows that touch are cut where the ink is thinnest.
 *
 * Known failures: lines that overlap; text upon a picture.
 */
#include "ink-lines.h"

#include "pixel-runs.h"

/* Components so large in both directions, in points, are no characters; nor are those as large in
 * one and … in the other. */
#define FIGURE_SIDE 48.0
#define FIGURE_LONG 150.0
/* What goes around the page, as a dark cover or a border of flowers does, is no figure with all
 * that it encloses: it is so large in both directions, in points, and the middle of its box, but
 * for this part on each side, has less than this part of ink. */
#define AROUND_SIDE 200.0
#define AROUND_MARGIN 0.2
#define AROUND_INK 0.01
/* A title whose letters are drawn as outlines that touch is one component: so high, in points, so
 * many times as wide as high, and letters (holes as high as this part of it) enclosed in it, of
 * this part of its area, about so many in each square of its height. */
#define TITLE_LOW 8.0
#define TITLE_HIGH 45.0
#define TITLE_WIDE 3
#define TITLE_LETTER 0.35
#define TITLE_FILL 0.14
#define TITLE_FULL 0.6
#define TITLE_LETTERS 0.6
#define TITLE_INK 0.92
/* Heights of characters that the common size is looked for in, in points. */
#define SIZE_LEAST 4.5
#define SIZE_MOST 30.0
#define SIZE_COMMON 10.0
/* Part of the em that the ink of most characters is high. */
#define INK_PART 0.9
/* Ems. Ink nearer than this belongs to one block; to one line. */
#define BLOCK_GAP 1.1
#define LINE_GAP 0.9
/* Parts of one line in a block may be so far apart. */
#define WORD_GAP 2.0
/* A block this much higher than wide, and so many ems high, is vertical whatever its whites. */
#define TALL 1.7
#define TALL_EMS 1.8
/* The part of rows (columns) by which white decides the direction. */
#define WHITE_PART 0.02
/* Ems. Lines of vertical writing are so far apart; what is less is the white between characters of
 * level lines that stand below each other. */
#define LINES_APART 0.2
/* A block wider than high and no higher than this, in ems, is level: a few lines in a narrow cell,
 * whose whites say little. */
#define FEW_EMS 3.2
/* Whole lines so far apart of which one is lower than this part of the other are two. */
#define BESIDE_LIKE 0.6
#define BESIDE_GAP 0.5
/* Lines lower than this part of an em are fragments or specks; higher than … they are two. */
#define FRAGMENT 0.62
#define TWO_LINES 1.4
/* The white between lines may have this part of the ink of a common row. */
#define CUT_INK 0.12f
#define SPECK_EMS 0.22
/* A block whose common size is smaller than this part of the page's is set in small print, if it
 * has so many components of the size of characters: its lines are no fragments of larger ones. */
#define OWN_SMALLER 0.8
#define OWN_FEWEST 12
/* A line this much higher or lower than its block's has a size of its own; one lower still is a
 * mark (a dash, a point) of the block's size. */
#define LARGER 1.2
#define SMALLER 0.55
#define MARK_EMS 0.35
/* … and one somewhat lower, if its components of the size of characters say so: so many at least.
 */
#define LINE_FEWEST 6
/* Fragments this near to a line, in ems, belong to it, if it does not grow higher than … */
#define FRAGMENT_NEAR 0.3
#define FRAGMENT_GROWS 1.25
/* Pieces of one row in different blocks: so much of the lower one's height is common, their heights
 * are so like, and they are so many heights apart at most. */
#define ROW_OVER 0.7
#define ROW_LIKE 0.75
#define ROW_GAP 2.2
/* … or more, where one of them is a single character: the label may be spread over its column. */
#define SINGLE_WIDE 1.3
#define SPREAD_GAP 4.0
/* A label on a dark ground is this high at most, in ems, and so many times as wide. */
#define LABEL_HIGH 1.5
#define LABEL_WIDE 1.5
#define BLOCKS_MOST 20000
#define LINES_MOST 20000u

/* ---- figures ---- */

static void
figure_add(GArray *figures, BOX *box)
{
    int x, y, w, h;
    boxGetGeometry(box, &x, &y, &w, &h);
    Rect figure = {x, y, x + w, y + h};
    g_array_append_val(figures, figure);
}

/* Whether this goes around something large. side: in its pixels. */
static gboolean
goes_around(PIX *one, int side)
{
    int w = pixGetWidth(one), h = pixGetHeight(one), count = 0;
    if (MIN(w, h) < side) {
        return FALSE;
    }
    BOX *middle = boxCreate((int)(AROUND_MARGIN * w), (int)(AROUND_MARGIN * h),
                            (int)((1 - 2 * AROUND_MARGIN) * w), (int)((1 - 2 * AROUND_MARGIN) * h));
    pixCountPixelsInRect(one, middle, &count, NULL);
    double all = (1 - 2 * AROUND_MARGIN) * w * (1 - 2 * AROUND_MARGIN) * h;
    boxDestroy(&middle);
    return count < AROUND_INK * all;
}

/* Takes out what lies beneath a part of the halftone mask, which is of half the size. */
static void
clear_beneath(PIX *ink, PIX *part, int x, int y)
{
    g_autoptr(PIX) large = pixExpandReplicate(part, 2);
    if (large != NULL) {
        pixRasterop(ink, 2 * x, 2 * y, pixGetWidth(large), pixGetHeight(large),
                    PIX_NOT(PIX_SRC) & PIX_DST, large, 0, 0);
    }
}

static void
halftones_take(PIX *ink, GArray *figures)
{
    g_autoptr(PIX) half = pixReduceRankBinary2(ink, 1, NULL);
    int found = 0;
    g_autoptr(PIX) mask = half != NULL ? pixGenerateHalftoneMask(half, NULL, &found, NULL) : NULL;
    PIXA *each = NULL;
    BOXA *boxes = mask != NULL && found ? pixConnComp(mask, &each, 8) : NULL;
    int side = (int)(FIGURE_SIDE * RASTER_SCALE);
    for (int i = 0; boxes != NULL && i < MIN(boxaGetCount(boxes), BLOCKS_MOST); i++) {
        int x, y, w, h;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        g_autoptr(PIX) one = pixaGetPix(each, i, L_CLONE);
        if (goes_around(one, (int)(AROUND_SIDE * RASTER_SCALE / 2))) {
            clear_beneath(ink, one, x, y);
        } else if (2 * w >= side && 2 * h >= side) {
            BOX *box = boxCreate(2 * x, 2 * y, 2 * w, 2 * h);
            figure_add(figures, box);
            pixClearInRect(ink, box);
            boxDestroy(&box);
        }
    }
    boxaDestroy(&boxes);
    pixaDestroy(&each);
}

/* A component with all that it encloses; NULL if that is no row of letters. */
static PIX *
title_of(PIX *one, int w, int h)
{
    if (h < TITLE_LOW * RASTER_SCALE || h > TITLE_HIGH * RASTER_SCALE || w < TITLE_WIDE * h) {
        return NULL;
    }
    g_autoptr(PIX) framed = pixAddBorder(one, 1, 0);
    g_autoptr(PIX) holes = framed != NULL ? pixHolesByFilling(framed, 4) : NULL;
    BOXA *boxes = holes != NULL ? pixConnCompBB(holes, 4) : NULL;
    int letters = 0, count = 0;
    for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
        int x, y, hole_w, hole_h;
        boxaGetBoxGeometry(boxes, i, &x, &y, &hole_w, &hole_h);
        letters += hole_h >= TITLE_LETTER * h && hole_w <= 2 * h;
    }
    boxaDestroy(&boxes);
    if (holes == NULL || letters * h < TITLE_LETTERS * w) {
        return NULL;
    }
    pixCountPixels(holes, &count, NULL);
    double part = count / ((double)w * h);
    if (part < TITLE_FILL || part > TITLE_FULL) {
        return NULL;
    }
    pixOr(holes, holes, framed);
    return pixRemoveBorder(holes, 1);
}

static void
title_add(InkText *text, int x, int y, int w, int h)
{
    InkLine line = {.x0 = x, .y0 = y, .x1 = x + w, .y1 = y + h, .em = (int)(h * TITLE_INK)};
    line.block = G_MAXUINT - text->lines->len; /* of none of the blocks to come */
    g_array_append_val(text->lines, line);
}

/* Takes components out of `ink` that are no characters: figures, and titles of outlined letters,
 * which are lines. */
static void
figures_take(PIX *ink, InkText *text)
{
    PIXA *each = NULL;
    BOXA *boxes = pixConnComp(ink, &each, 8);
    int side = (int)(FIGURE_SIDE * RASTER_SCALE), length = (int)(FIGURE_LONG * RASTER_SCALE);
    for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
        int x, y, w, h;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        if ((w >= side && h >= side) || MAX(w, h) >= length) {
            g_autoptr(PIX) one = pixaGetPix(each, i, L_CLONE);
            g_autoptr(PIX) title = title_of(one, w, h);
            if (title != NULL) {
                title_add(text, x, y, w, h);
            } else if (!goes_around(one, (int)(AROUND_SIDE * RASTER_SCALE))) {
                BOX *box = boxCreate(x, y, w, h);
                figure_add(text->figures, box);
                boxDestroy(&box);
            }
            pixRasterop(ink, x, y, w, h, PIX_NOT(PIX_SRC) & PIX_DST, title != NULL ? title : one, 0,
                        0);
        }
    }
    boxaDestroy(&boxes);
    pixaDestroy(&each);
}

/* ---- size ---- */

/* The most frequent height of components, by area, smoothed; `otherwise` if there are fewer than
 * `fewest`. */
static int
common_em(PIX *ink, int fewest, int otherwise)
{
    int n = 0;
    int least = (int)(SIZE_LEAST * RASTER_SCALE), most = (int)(SIZE_MOST * RASTER_SCALE);
    g_autofree double *weights = g_new0(double, most + 2);
    BOXA *boxes = pixConnCompBB(ink, 8);
    for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
        int x, y, w, h;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        if (h >= least && h <= most && w <= 2 * h && h <= 2 * w) {
            weights[h] += (double)w * h;
            n++;
        }
    }
    boxaDestroy(&boxes);
    double best = 0;
    int height = (int)(SIZE_COMMON * RASTER_SCALE * INK_PART);
    for (int h = least; h <= most; h++) {
        double sum = 0;
        for (int i = MAX(least, h - h / 12); i <= MIN(most, h + h / 12); i++) {
            sum += weights[i];
        }
        if (sum > best) {
            best = sum;
            height = h;
        }
    }
    return n >= fewest ? (int)(height / INK_PART) : otherwise;
}

static PIX *
transposed(PIX *pix)
{
    PIX *turned = pixRotateOrth(pix, 1);
    return turned != NULL ? pixFlipLR(turned, turned) : NULL;
}

/* ---- blocks ---- */

static void
erase_rulings(PIX *mask, const GArray *rulings)
{
    for (guint i = 0; i < rulings->len; i++) {
        const Ruling *r = &g_array_index(rulings, Ruling, i);
        int half = 1 + (int)((double)r->width * RASTER_SCALE / 2);
        int x0 = (int)((double)r->x0 * RASTER_SCALE), x1 = (int)((double)r->x1 * RASTER_SCALE);
        int y0 = (int)((double)r->y0 * RASTER_SCALE), y1 = (int)((double)r->y1 * RASTER_SCALE);
        pixRasterop(mask, x0 - half, y0 - half, x1 - x0 + 2 * half, y1 - y0 + 2 * half, PIX_CLR,
                    NULL, 0, 0);
    }
}

/* White between rows, or columns: its part of all, and how wide one white is on average. */
typedef struct {
    double part, width;
} Whites;

static Whites
whites_of(NUMA *counts)
{
    int n = numaGetCount(counts), white = 0, runs = 0;
    gboolean was_white = FALSE;
    float most = 0;
    numaGetMax(counts, &most, NULL);
    for (int i = 0; i < n; i++) {
        float count;
        numaGetFValue(counts, i, &count);
        gboolean is_white = (double)count <= WHITE_PART * (double)most;
        white += is_white;
        runs += is_white && !was_white;
        was_white = is_white;
    }
    return (Whites){n > 0 ? (double)white / n : 0, runs > 0 ? (double)white / runs : 0};
}

static gboolean
is_vertical(PIX *block, int em)
{
    int w = pixGetWidth(block), h = pixGetHeight(block);
    if (h < TALL_EMS * em || w > h * 6) {
        return FALSE;
    }
    if (w < 1.4 * em) {
        return h >= TALL * w;
    }
    if (w >= h && h < FEW_EMS * em) {
        return FALSE;
    }
    NUMA *rows = pixCountPixelsByRow(block, NULL);
    NUMA *columns = pixCountPixelsByColumn(block);
    Whites between_rows = whites_of(rows), between_columns = whites_of(columns);
    gboolean vertical = between_columns.part > between_rows.part + 0.05 &&
                        between_columns.width >= LINES_APART * em;
    numaDestroy(&rows);
    numaDestroy(&columns);
    return vertical;
}

/* ---- lines of one block, level ---- */

static int
height_of(const InkLine *line)
{
    return line->y1 - line->y0;
}

static void
line_grow(InkLine *line, const InkLine *other)
{
    line->x0 = MIN(line->x0, other->x0);
    line->y0 = MIN(line->y0, other->y0);
    line->x1 = MAX(line->x1, other->x1);
    line->y1 = MAX(line->y1, other->y1);
}

/* Whether two pieces are of one line. */
static gboolean
belong_together(const InkLine *a, const InkLine *b, int em)
{
    int over = MIN(a->y1, b->y1) - MAX(a->y0, b->y0);
    int apart = MAX(a->x0, b->x0) - MIN(a->x1, b->x1);
    int low = MIN(height_of(a), height_of(b)), both = MAX(a->y1, b->y1) - MIN(a->y0, b->y0);
    if (apart > WORD_GAP * em || both > FRAGMENT_GROWS * MAX(em, MAX(height_of(a), height_of(b)))) {
        return FALSE;
    }
    if (low >= FRAGMENT * em && low < BESIDE_LIKE * MAX(height_of(a), height_of(b)) &&
        apart > BESIDE_GAP * em) {
        return FALSE; /* a title, and text beside it */
    }
    if (over * 2 >= low) {
        return TRUE;
    }
    return low < FRAGMENT * em && both <= FRAGMENT_GROWS * em && over > -FRAGMENT_NEAR * em &&
           apart < em / 2;
}

static void
put_together(GArray *lines, int em)
{
    for (gboolean changed = TRUE; changed;) {
        changed = FALSE;
        for (guint i = 0; i < lines->len; i++) {
            for (guint j = i + 1; j < lines->len;) {
                InkLine *a = &g_array_index(lines, InkLine, i);
                const InkLine *b = &g_array_index(lines, InkLine, j);
                if (!belong_together(a, b, em)) {
                    j++;
                    continue;
                }
                line_grow(a, b);
                g_array_remove_index(lines, j);
                changed = TRUE;
            }
        }
    }
}

/* Where a line is really two, one above the other: the row in its middle half that has next to no
 * ink; 0 if there is none. */
static int
white_row(PIX *block, const InkLine *line)
{
    BOX *box = boxCreate(line->x0, line->y0, line->x1 - line->x0, height_of(line));
    g_autoptr(PIX) part = pixClipRectangle(block, box, NULL);
    boxDestroy(&box);
    NUMA *rows = part != NULL ? pixCountPixelsByRow(part, NULL) : NULL;
    int h = rows != NULL ? numaGetCount(rows) : 0, best = 0;
    float sum = 0, least = G_MAXFLOAT, count;
    for (int y = 0; y < h; y++) {
        numaGetFValue(rows, y, &count);
        sum += count;
        if (y > h / 5 && y < h - h / 5 && count < least) {
            least = count;
            best = y;
        }
    }
    numaDestroy(&rows);
    return h > 0 && least <= CUT_INK * sum / (float)h ? line->y0 + best : 0;
}

/* Cuts what is as high as several lines where there is white. */
static void
cut_tall(PIX *block, GArray *lines, int em)
{
    for (guint i = 0; i < lines->len; i++) {
        InkLine *line = &g_array_index(lines, InkLine, i);
        int row = height_of(line) >= TWO_LINES * em && line->x1 - line->x0 >= 2 * em
                      ? white_row(block, line)
                      : 0;
        if (row > line->y0 && row < line->y1) {
            InkLine below = *line;
            below.y0 = row;
            line->y1 = row;
            g_array_append_val(lines, below);
            i--; /* what is left above may be more than one, too */
        }
    }
}

/* The size of a block's text: the height of its highest common lines. */
static int
block_em(const GArray *lines, int em)
{
    g_autoptr(GArray) heights = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; i < lines->len; i++) {
        int h = height_of(&g_array_index(lines, InkLine, i));
        if (h >= FRAGMENT * em) {
            g_array_append_val(heights, h);
        }
    }
    if (heights->len == 0) {
        return em;
    }
    for (guint i = 1; i < heights->len; i++) {
        for (guint j = i;
             j > 0 && g_array_index(heights, int, j) < g_array_index(heights, int, j - 1); j--) {
            int swap = g_array_index(heights, int, j);
            g_array_index(heights, int, j) = g_array_index(heights, int, j - 1);
            g_array_index(heights, int, j - 1) = swap;
        }
    }
    guint middle = heights->len / 2;
    return (int)(g_array_index(heights, int, middle) / INK_PART);
}

static void
lines_of_block(PIX *block, int em, GArray *found)
{
    g_autoptr(PIX) smeared = runs_close(block, (int)(LINE_GAP * em), 1);
    BOXA *boxes = smeared != NULL ? pixConnCompBB(smeared, 8) : NULL;
    int n = boxes != NULL ? boxaGetCount(boxes) : 0;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(InkLine));
    for (int i = 0; i < MIN(n, 2000); i++) {
        int x, y, w, h;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        InkLine line = {.x0 = x, .y0 = y, .x1 = x + w, .y1 = y + h};
        g_array_append_val(lines, line);
    }
    boxaDestroy(&boxes);
    put_together(lines, em);
    cut_tall(block, lines, em);
    for (guint i = 0; i < lines->len; i++) {
        InkLine *line = &g_array_index(lines, InkLine, i);
        int side = MAX(height_of(line), line->x1 - line->x0);
        if (side >= SPECK_EMS * em) {
            g_array_append_val(found, *line);
        }
    }
}

/* ---- the page ---- */

static void
line_place(InkLine *line, BOX *box, gboolean vertical)
{
    int x, y, w, h;
    boxGetGeometry(box, &x, &y, &w, &h);
    if (vertical) {
        InkLine turned = {.x0 = line->y0, .y0 = line->x0, .x1 = line->y1, .y1 = line->x1};
        turned.em = line->em;
        *line = turned;
    }
    line->x0 += x;
    line->x1 += x;
    line->y0 += y;
    line->y1 += y;
    line->vertical = vertical;
}

/* The size of one line's text: the block's, unless the line is as high as another. One that is but
 * somewhat lower may have low letters: its components decide, the width of flat ones, too. */
static int
line_em(PIX *level, const InkLine *line, int em)
{
    int own = (int)(height_of(line) / INK_PART);
    if (own > LARGER * em || (own < SMALLER * em && own > MARK_EMS * em)) {
        return own;
    }
    if (own >= OWN_SMALLER * em) {
        return em;
    }
    BOX *box = boxCreate(line->x0, line->y0, line->x1 - line->x0, height_of(line));
    g_autoptr(PIX) part = pixClipRectangle(level, box, NULL);
    g_autoptr(PIX) turned = part != NULL ? transposed(part) : NULL;
    boxDestroy(&box);
    int common = turned != NULL
                     ? MAX(common_em(part, LINE_FEWEST, em), common_em(turned, LINE_FEWEST, em))
                     : em;
    return MIN(common, em);
}

static void
block_read(PIX *ink, PIX *mask, BOX *box, guint number, InkText *text)
{
    g_autoptr(PIX) part = pixClipRectangle(ink, box, NULL);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(InkLine));
    if (part == NULL) {
        return;
    }
    pixAnd(part, part, mask);
    int common = common_em(part, OWN_FEWEST, text->em);
    common = common < OWN_SMALLER * text->em ? common : text->em;
    gboolean vertical = is_vertical(part, common);
    g_autoptr(PIX) level = vertical ? transposed(part) : pixClone(part);
    lines_of_block(level, common, lines);
    int em = block_em(lines, common);
    for (guint i = 0; i < lines->len && text->lines->len < LINES_MOST; i++) {
        InkLine *line = &g_array_index(lines, InkLine, i);
        line->em = line_em(level, line, em);
        line_place(line, box, vertical);
        line->block = number;
        g_array_append_val(text->lines, *line);
    }
}

/* Whether an upright ruling parts two pieces of one row. */
static gboolean
is_parted(const InkLine *a, const InkLine *b, const GArray *rulings)
{
    double from = MIN(a->x1, b->x1) / RASTER_SCALE - 1, to = MAX(a->x0, b->x0) / RASTER_SCALE + 1;
    double middle = (a->y0 + a->y1) / 2.0 / RASTER_SCALE;
    for (guint i = 0; i < rulings->len; i++) {
        const Ruling *r = &g_array_index(rulings, Ruling, i);
        if (r->x0 == r->x1 && (double)r->x0 >= from && (double)r->x0 <= to &&
            (double)r->y0 <= middle && (double)r->y1 >= middle) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_one_row(const InkLine *a, const InkLine *b, const GArray *rulings)
{
    int low = MIN(height_of(a), height_of(b)), high = MAX(height_of(a), height_of(b));
    int over = MIN(a->y1, b->y1) - MAX(a->y0, b->y0);
    int apart = MAX(a->x0, b->x0) - MIN(a->x1, b->x1);
    gboolean single = MIN(a->x1 - a->x0, b->x1 - b->x0) <= SINGLE_WIDE * high;
    return !a->vertical && !b->vertical && over >= ROW_OVER * low && low >= ROW_LIKE * high &&
           apart >= 0 && apart <= (single ? SPREAD_GAP : ROW_GAP) * high &&
           !is_parted(a, b, rulings);
}

/* A number and its heading, a spread label: pieces of one row are read better together. */
static void
rows_join(GArray *lines, const GArray *rulings)
{
    for (guint i = 0; i < lines->len; i++) {
        for (guint j = i + 1; j < lines->len;) {
            InkLine *a = &g_array_index(lines, InkLine, i);
            const InkLine *b = &g_array_index(lines, InkLine, j);
            if (b->block == a->block || !is_one_row(a, b, rulings)) {
                j++;
                continue;
            }
            line_grow(a, b);
            a->em = MAX(a->em, b->em);
            g_array_remove_index(lines, j);
            j = i + 1;
        }
    }
}

/* A dark ground as low as a line: a label. Larger letters that are drawn as outlines can be grounds
 * too, but no such ones. */
static gboolean
is_label(const Rect *ground, int em)
{
    return rect_height(*ground) <= LABEL_HIGH * em &&
           rect_width(*ground) >= LABEL_WIDE * rect_height(*ground);
}

/* What no line crosses: the rulings, and the edges of labels. */
static GArray *
walls_of(const GArray *rulings, const GArray *grounds, int em)
{
    GArray *walls = g_array_new(FALSE, FALSE, sizeof(Ruling));
    g_array_append_vals(walls, rulings->data, rulings->len);
    for (guint i = 0; i < grounds->len; i++) {
        const Rect *g = &g_array_index(grounds, Rect, i);
        if (!is_label(g, em)) {
            continue;
        }
        float x0 = (float)(g->x0 / RASTER_SCALE), x1 = (float)(g->x1 / RASTER_SCALE);
        float y0 = (float)(g->y0 / RASTER_SCALE), y1 = (float)(g->y1 / RASTER_SCALE);
        const Ruling sides[] = {{.x0 = x0, .y0 = y0, .x1 = x1, .y1 = y0},
                                {.x0 = x0, .y0 = y1, .x1 = x1, .y1 = y1},
                                {.x0 = x0, .y0 = y0, .x1 = x0, .y1 = y1},
                                {.x0 = x1, .y0 = y0, .x1 = x1, .y1 = y1}};
        g_array_append_vals(walls, sides, G_N_ELEMENTS(sides));
    }
    return walls;
}

InkText
ink_text_find(PIX *ink, const GArray *rulings, const GArray *grounds)
{
    InkText text = {.lines = g_array_new(FALSE, FALSE, sizeof(InkLine)),
                    .figures = g_array_new(FALSE, FALSE, sizeof(Rect))};
    g_autoptr(PIX) rest = pixCopy(NULL, ink);
    halftones_take(rest, text.figures);
    figures_take(rest, &text);
    text.em = common_em(rest, 1, (int)(SIZE_COMMON * RASTER_SCALE));
    int gap = (int)(BLOCK_GAP * text.em);
    g_autoptr(PIX) masks = runs_close(rest, gap, gap);
    if (masks == NULL) {
        return text;
    }
    g_autoptr(GArray) walls = walls_of(rulings, grounds, text.em);
    erase_rulings(masks, walls);
    PIXA *each = NULL;
    BOXA *boxes = pixConnComp(masks, &each, 4);
    for (int i = 0; boxes != NULL && i < MIN(boxaGetCount(boxes), BLOCKS_MOST); i++) {
        g_autoptr(PIX) mask = pixaGetPix(each, i, L_CLONE);
        BOX *box = boxaGetBox(boxes, i, L_CLONE);
        block_read(rest, mask, box, (guint)i, &text);
        boxDestroy(&box);
    }
    boxaDestroy(&boxes);
    pixaDestroy(&each);
    rows_join(text.lines, walls);
    return text;
}

void
ink_text_clear(InkText *text)
{
    g_clear_pointer(&text->lines, g_array_unref);
    g_clear_pointer(&text->figures, g_array_unref);
}

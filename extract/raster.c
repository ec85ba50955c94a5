/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Raster: see raster.h.
 *
 * 1. To RASTER_DPI: all that follows measures in its pixels, and the recogniser reads best at it.
 * 2. Level: the angle at which rows of ink are sharpest (leptonica; Bloomberg, Kopec and Dasari,
 *    "Measuring document image skew and orientation", 1995), tried for rows and for columns, since
 *    vertical text and rulings have columns.
 * 3. Dark grounds, on which text is light, are turned over, each by itself.
 * 4. The ground is made even: what it is locally becomes white.
 * 5. Ink is what is darker than a threshold between the two peaks of what is left.
 *
 * Known failures: a dark ground with both light and dark text; light text in a photograph.
 */
#include "raster.h"

#include <math.h>

#include "pixel-runs.h"

/* A picture whose resolution is no further from RASTER_DPI than this is taken as it is: a page of
 * A4 is then no more than a pixel or two larger or smaller. */
#define DPI_SAME 0.15
/* Angles smaller than this, in degrees, shift the ends of a line by less than two pixels. */
#define SKEW_LEAST 0.04
#define SKEW_MOST 7.0
/* The sharpness of rows at the best angle over that at the worst, from which the angle is believed
 * (leptonica calls 3 good for text). */
#define SKEW_TRUST 2.0f
/* What the search for the angle looks at is reduced by this. */
#define SKEW_REDUCTION 2
/* A dark ground: darker than this part of the paper, … */
#define DARK_PART 0.82
/* … somewhere even (greys no further apart than this, in a window of so many pixels at half size)
 * over a square of this side in points: strokes of letters are not so thick, and dense letters not
 * even. From there it spreads over what is dark over the smaller square, … */
#define DARK_EVEN 44
#define DARK_WINDOW 5
#define DARK_THICK 2.6
#define DARK_THIN 1.6
/* … and takes in text: light gaps up to this wide, and holes that are letters: nowhere light over
 * a square of this side, and filling less of their box than white boxes with dark text do; no
 * letter is so many times as wide as high. */
#define DARK_GAP 2.5
#define LETTER_THICK 7.0
#define LETTER_FILL 0.88
#define LETTER_SIDES 1.8
/* So many letters in a row with a hole, overlapping so much of the higher one's height and no
 * further than so many heights away, make it one, too, which then counts for others. */
#define ROW_LETTERS 2
#define ROW_OVER 0.75
#define ROW_APART 4
#define ROW_ROUNDS 4
/* It is so large in both directions, in points, that a line of small print has room. */
#define DARK_SIDE 8.0
/* The part of its box that a dark ground fills, holes included: frames and large letters do less.
 */
#define DARK_FILL 0.6
/* A letter as high as its ground, which is low, has light on this part of its square: .1 to .3;
 * blurred kanji of many strokes, which are dark enough for a ground, have .03. */
#define LETTER_LEAST 0.06
/* On grounds no higher than this, points, letters may be more than the ground between them. Larger
 * ones are mostly ground; one that is not is shade upon a page. */
#define TITLE_MOST 60.0
/* What is lighter than the ground by this part of the way to white, along its edge, is paper. */
#define PAPER_SHARE 4
/* How far a dark ground may reach beyond its mask, in pixels. */
#define DARK_RIM 14
/* Work on dark grounds is done at a quarter of the resolution. */
#define DARK_REDUCTION 4
#define DARK_MOST 2000
#define HOLES_MOST 20000
/* Side of the tiles in which the ground is measured, in pixels: an em and a half of common text. */
#define TILE 64
/* A pixel of the ground is lighter than this, and a tile has so many of them. */
#define GROUND_LEAST 110
#define GROUND_COUNT 400
/* The threshold between ink and ground, where the two peaks do not say otherwise. */
#define INK_LEAST 178
#define INK_MOST 205
/* … and where strokes are pale, in the middle between them and the ground beside them: from this
 * middle on they are hardly darker than INK_LEAST, and break; dark ones would run together; from
 * MOST on they are nearly ground. Strokes are darker than what is beside them within this many
 * pixels at half size, by so much. */
#define STROKES_PALE 199
#define STROKE_WINDOW 7
#define STROKE_LEAST 24
#define STROKES_MOST 220
/* A page without ink of this size, in pixels, may have pale marks: its darkest pixels (this part of
 * all, at half size, where noise is less) are darker than the ground by so much. */
#define MARK_LEAST 12
#define PALE_RANK 0.0002f
#define PALE_LEAST 16
/* Specks of fewer pixels than this in both directions are noise: a third of a point. */
#define SPECK 2
/* A screen: dots no larger than …, no further apart than …, over squares of …, in pixels. */
#define DOT 7
#define DOTS_APART 13
#define DOTS_AREA 40

/* ---- the picture ---- */

PIX *
raster_grey(PIX *picture)
{
    g_autoptr(PIX) plain = pixRemoveColormap(picture, REMOVE_CMAP_BASED_ON_SRC);
    if (plain == NULL) {
        return NULL;
    }
    if (pixGetSpp(plain) == 4) {
        g_autoptr(PIX) opaque = pixAlphaBlendUniform(plain, 0xFFFFFF00);
        return opaque != NULL ? pixConvertTo8(opaque, FALSE) : NULL;
    }
    return pixConvertTo8(plain, FALSE);
}

static PIX *
scaled(PIX *grey, double dpi)
{
    if (fabs(dpi - RASTER_DPI) <= DPI_SAME) {
        return pixClone(grey);
    }
    float scale = (float)(RASTER_DPI / dpi);
    return scale > 1 ? pixScaleGrayLI(grey, scale, scale) : pixScaleAreaMap(grey, scale, scale);
}

/* ---- level ---- */

static gboolean
skew_of(PIX *ink, float *ret_angle, float *ret_trust)
{
    float end;
    *ret_angle = *ret_trust = 0;
    return pixFindSkewSweepAndSearchScore(ink, ret_angle, ret_trust, &end, 4, SKEW_REDUCTION, 0,
                                          (float)SKEW_MOST, 1, 0.01f) == 0;
}

/* Degrees clockwise. */
static double
find_skew(PIX *grey)
{
    g_autoptr(PIX) ink = pixThresholdToBinary(grey, 140);
    g_autoptr(PIX) turned = ink != NULL ? pixRotateOrth(ink, 1) : NULL;
    float rows, rows_trust, columns, columns_trust;
    if (turned == NULL) {
        return 0;
    }
    gboolean has_rows = skew_of(ink, &rows, &rows_trust) && rows_trust >= SKEW_TRUST;
    gboolean has_columns = skew_of(turned, &columns, &columns_trust) && columns_trust >= SKEW_TRUST;
    if (!has_rows && !has_columns) {
        return 0;
    }
    double angle =
        (double)(!has_columns || (has_rows && rows_trust >= columns_trust) ? rows : columns);
    return fabs(angle) >= SKEW_LEAST && fabs(angle) < SKEW_MOST ? angle : 0;
}

static PIX *
level(PIX *grey, double angle)
{
    return angle == 0 ? pixClone(grey)
                      : pixRotate(grey, (float)(angle * G_PI / 180), L_ROTATE_AREA_MAP,
                                  L_BRING_IN_WHITE, 0, 0);
}

/* ---- dark grounds ---- */

/* Solid squares of the mask: of `side` points. */
static PIX *
solid(PIX *dark, double side)
{
    int pixels = MAX(1, (int)(side * RASTER_SCALE / DARK_REDUCTION));
    return runs_open(dark, pixels, pixels);
}

/* Where the page is even: no edges near. At a quarter of its size. */
static PIX *
even_mask(PIX *grey)
{
    g_autoptr(PIX) half = pixScaleAreaMap2(grey);
    g_autoptr(PIX) high = half != NULL ? pixDilateGray(half, DARK_WINDOW, DARK_WINDOW) : NULL;
    g_autoptr(PIX) low = high != NULL ? pixErodeGray(half, DARK_WINDOW, DARK_WINDOW) : NULL;
    g_autoptr(PIX) range = low != NULL ? pixSubtractGray(NULL, high, low) : NULL;
    g_autoptr(PIX) even = range != NULL ? pixThresholdToBinary(range, DARK_EVEN) : NULL;
    return even != NULL ? pixReduceRankBinary2(even, 2, NULL) : NULL;
}

/* Where the grounds are dark, darker than `limit`, at a quarter of the page's size;
 * ret_dark is where it is dark at all, all pixels of the quarter being so. */
static PIX *
dark_mask(PIX *grey, int limit, PIX **ret_dark)
{
    g_autoptr(PIX) even = even_mask(grey);
    g_autoptr(PIX) full = even != NULL ? pixThresholdToBinary(grey, limit) : NULL;
    *ret_dark = full != NULL ? pixReduceRankBinaryCascade(full, 4, 4, 0, 0) : NULL;
    g_autoptr(PIX) both = *ret_dark != NULL ? pixAnd(NULL, *ret_dark, even) : NULL;
    g_autoptr(PIX) seed = both != NULL ? solid(both, DARK_THICK) : NULL;
    g_autoptr(PIX) spread = seed != NULL ? solid(*ret_dark, DARK_THIN) : NULL;
    g_autoptr(PIX) mask = spread != NULL ? pixSeedfillBinary(NULL, seed, spread, 4) : NULL;
    int gap = (int)(DARK_GAP * RASTER_SCALE / DARK_REDUCTION);
    return mask != NULL ? runs_close(mask, gap, gap) : NULL;
}

static double
filled_part(PIX *mask)
{
    int count = 0;
    g_autoptr(PIX) whole = pixAddBorder(mask, 1, 0);
    g_autoptr(PIX) holes = whole != NULL ? pixHolesByFilling(whole, 4) : NULL;
    if (holes != NULL) {
        pixOr(whole, whole, holes);
        pixCountPixels(whole, &count, NULL);
    }
    return (double)count / ((double)pixGetWidth(mask) * pixGetHeight(mask));
}

/* Whether a hole of a dark ground is by itself light text on it, not a white box with dark text. */
static gboolean
is_letter(PIX *hole, PIX *dark, int x, int y)
{
    int w = pixGetWidth(hole), h = pixGetHeight(hole), empty = 1;
    g_autoptr(PIX) part = pixCreate(w, h, 1);
    pixRasterop(part, 0, 0, w, h, PIX_SRC, dark, x, y);
    g_autoptr(PIX) light = pixSubtract(NULL, hole, part);
    g_autoptr(PIX) thick = solid(light, LETTER_THICK);
    pixZero(thick, &empty);
    return empty && (filled_part(hole) < LETTER_FILL ||
                     MIN(w, h) < DARK_SIDE * RASTER_SCALE / DARK_REDUCTION);
}

/* Whether enough of the letters stand in a row with this hole and are about as high: kanji of many
 * strokes, and such as 日 and 国, fill their box as white boxes do. */
static gboolean
is_among_letters(BOXA *boxes, const gboolean *letters, int n, int hole)
{
    int x, y, w, h, found = 0;
    boxaGetBoxGeometry(boxes, hole, &x, &y, &w, &h);
    for (int i = 0; i < n && found < ROW_LETTERS; i++) {
        int x1, y1, w1, h1;
        boxaGetBoxGeometry(boxes, i, &x1, &y1, &w1, &h1);
        int over = MIN(y + h, y1 + h1) - MAX(y, y1), apart = MAX(x, x1) - MIN(x + w, x1 + w1);
        found += letters[i] && over >= ROW_OVER * MAX(h, h1) && apart <= ROW_APART * h &&
                 w <= LETTER_SIDES * h;
    }
    return found >= ROW_LETTERS;
}

static void
fill_letters(PIX *mask, PIX *dark)
{
    g_autoptr(PIX) holes = pixHolesByFilling(mask, 4);
    PIXA *each = NULL;
    BOXA *boxes = holes != NULL ? pixConnComp(holes, &each, 4) : NULL;
    int n = boxes != NULL ? MIN(boxaGetCount(boxes), HOLES_MOST) : 0;
    g_autofree gboolean *letters = g_new0(gboolean, n + 1);
    for (int round = 0; round < ROW_ROUNDS; round++) {
        for (int i = 0; i < n; i++) {
            int x, y, w, h;
            boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
            g_autoptr(PIX) hole = pixaGetPix(each, i, L_CLONE);
            if (!letters[i] && (round == 0 ? is_letter(hole, dark, x, y)
                                           : is_among_letters(boxes, letters, n, i))) {
                letters[i] = TRUE;
                pixRasterop(mask, x, y, w, h, PIX_PAINT, hole, 0, 0);
            }
        }
    }
    boxaDestroy(&boxes);
    pixaDestroy(&each);
}

/* The grey of a dark ground: the most frequent one below `limit`. −1 if what is written on it is
 * darker than the ground, or less than `least` pixels are light. */
static int
ground_grey(NUMA *histogram, int limit, double least)
{
    float most = 0, n;
    int ground = 0;
    double lighter = 0, darker = 0;
    for (int v = 0; v < limit; v++) {
        numaGetFValue(histogram, v, &n);
        ground = n > most ? v : ground;
        most = MAX(n, most);
    }
    for (int v = 0; v < 256; v++) {
        numaGetFValue(histogram, v, &n);
        lighter += v > (ground + 255) / 2 ? (double)n : 0;
        darker += v < ground / 2 ? (double)n : 0;
    }
    return lighter > darker && lighter >= least ? ground : -1;
}

/* What each grey becomes on a dark ground: the ground white, white black. */
static NUMA *
turned_greys(int ground)
{
    NUMA *map = numaCreate(256);
    for (int v = 0; v < 256; v++) {
        numaAddNumber(map, (float)(255 - CLAMP((v - ground) * 255 / (255 - ground), 0, 255)));
    }
    return map;
}

/* Whitens what is left of a dark ground around its mask: its rounded ends, and the edge that the
 * mask, being coarse, does not reach. What is dark and near but does not touch it stays. */
static void
whiten_rim(PIX *grey, PIX *mask, int x, int y)
{
    int reach = DARK_RIM, left = MAX(0, x * DARK_REDUCTION - reach),
        top = MAX(0, y * DARK_REDUCTION - reach);
    int w = pixGetWidth(mask) * DARK_REDUCTION, h = pixGetHeight(mask) * DARK_REDUCTION;
    BOX *box = boxCreate(left, top, w + 2 * reach, h + 2 * reach);
    g_autoptr(PIX) part = pixClipRectangle(grey, box, NULL);
    boxDestroy(&box);
    g_autoptr(PIX) large = pixExpandReplicate(mask, DARK_REDUCTION);
    if (part == NULL || large == NULL) {
        return;
    }
    g_autoptr(PIX) ground = pixCreate(pixGetWidth(part), pixGetHeight(part), 1);
    pixRasterop(ground, x * DARK_REDUCTION - left, y * DARK_REDUCTION - top, w, h, PIX_SRC, large,
                0, 0);
    g_autoptr(PIX) near = pixDilateBrick(NULL, ground, 2 * reach + 1, 2 * reach + 1);
    g_autoptr(PIX) touching = pixDilateBrick(NULL, ground, 3, 3);
    g_autoptr(PIX) dark = pixThresholdToBinary(part, INK_MOST);
    if (near == NULL || touching == NULL || dark == NULL) {
        return;
    }
    pixAnd(near, near, dark);
    pixSubtract(near, near, ground);
    pixAnd(touching, touching, near);
    g_autoptr(PIX) rim = pixSeedfillBinary(NULL, touching, near, 8);
    g_autoptr(PIX) wide = rim != NULL ? pixDilateBrick(NULL, rim, 3, 3) : NULL;
    if (wide != NULL) {
        pixSubtract(wide, wide, ground);
        pixSetMasked(part, wide, 255);
        pixRasterop(grey, left, top, pixGetWidth(part), pixGetHeight(part), PIX_SRC, part, 0, 0);
    }
}

/* Pixels of a dark ground's mask, lighter than `limit`, that are paper: they lie in the strip along
 * its edge that closing gaps may have taken in, and reach the edge. NULL without memory. */
static PIX *
paper_in(PIX *part, PIX *mask, int limit)
{
    int gap = 2 * (int)(DARK_GAP * RASTER_SCALE) + 1;
    g_autoptr(PIX) framed = pixAddBorder(mask, gap, 0);
    g_autoptr(PIX) inner = framed != NULL ? pixErodeBrick(NULL, framed, gap, gap) : NULL;
    g_autoptr(PIX) inside = framed != NULL ? pixErodeBrick(NULL, framed, 3, 3) : NULL;
    g_autoptr(PIX) dark = pixThresholdToBinary(part, limit);
    g_autoptr(PIX) all = dark != NULL ? pixAddBorder(dark, gap, 1) : NULL;
    if (inner == NULL || inside == NULL || all == NULL) {
        return NULL;
    }
    pixSubtract(framed, framed, all);
    g_autoptr(PIX) edge = pixSubtract(NULL, framed, inside);
    pixSubtract(framed, framed, inner);
    g_autoptr(PIX) paper = edge != NULL ? pixSeedfillBinary(NULL, edge, framed, 8) : NULL;
    g_autoptr(PIX) wide = paper != NULL ? pixDilateBrick(NULL, paper, 3, 3) : NULL;
    return wide != NULL ? pixRemoveBorder(wide, gap) : NULL;
}

/* Turns the greys of one dark ground over, inside `mask` (a quarter of the size) at (x, y). */
static gboolean
turn_over(PIX *grey, PIX *mask, int x, int y, int limit)
{
    g_autoptr(PIX) large = pixExpandReplicate(mask, DARK_REDUCTION);
    BOX *box =
        boxCreate(x * DARK_REDUCTION, y * DARK_REDUCTION, pixGetWidth(large), pixGetHeight(large));
    g_autoptr(PIX) part = pixClipRectangle(grey, box, NULL);
    boxDestroy(&box);
    NUMA *histogram = part != NULL ? pixGetGrayHistogramMasked(part, large, 0, 0, 1) : NULL;
    double side = MIN(pixGetWidth(large), pixGetHeight(large));
    double letter = MIN(side, DARK_SIDE * RASTER_SCALE * 2), least = LETTER_LEAST * letter * letter;
    int most = side <= TITLE_MOST * RASTER_SCALE ? limit : 255;
    int ground = histogram != NULL ? ground_grey(histogram, most, least) : -1;
    numaDestroy(&histogram);
    if (ground < 0) {
        return FALSE;
    }
    g_autoptr(PIX) paper = paper_in(part, large, ground + (255 - ground) / PAPER_SHARE);
    NUMA *map = turned_greys(ground);
    pixTRCMap(part, large, map);
    numaDestroy(&map);
    if (paper != NULL) {
        pixSetMasked(part, paper, 255);
    }
    pixRasterop(grey, x * DARK_REDUCTION, y * DARK_REDUCTION, pixGetWidth(part), pixGetHeight(part),
                PIX_SRC, part, 0, 0);
    whiten_rim(grey, mask, x, y);
    return TRUE;
}

static void
turn_dark_grounds(PIX *grey, GArray *grounds)
{
    l_uint32 paper = 255;
    pixGetRankValue(grey, 4, 0.9f, &paper);
    int limit = (int)(DARK_PART * MAX(paper, 128u));
    g_autoptr(PIX) dark = NULL;
    g_autoptr(PIX) mask = dark_mask(grey, limit, &dark);
    if (mask == NULL) {
        return;
    }
    fill_letters(mask, dark);
    PIXA *each = NULL;
    BOXA *boxes = pixConnComp(mask, &each, 4);
    int side = (int)(DARK_SIDE * RASTER_SCALE / DARK_REDUCTION);
    for (int i = 0; boxes != NULL && i < MIN(boxaGetCount(boxes), DARK_MOST); i++) {
        int x, y, w, h;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        g_autoptr(PIX) one = pixaGetPix(each, i, L_CLONE);
        if (w >= side && h >= side && filled_part(one) >= DARK_FILL &&
            turn_over(grey, one, x, y, limit)) {
            Rect ground = {x * DARK_REDUCTION, y * DARK_REDUCTION, (x + w) * DARK_REDUCTION,
                           (y + h) * DARK_REDUCTION};
            g_array_append_val(grounds, ground);
        }
    }
    boxaDestroy(&boxes);
    pixaDestroy(&each);
}

/* ---- ground and ink ---- */

static PIX *
evened(PIX *grey)
{
    PIX *even = NULL;
    if (pixGetWidth(grey) > 2 * TILE && pixGetHeight(grey) > 2 * TILE) {
        even =
            pixBackgroundNorm(grey, NULL, NULL, TILE, TILE, GROUND_LEAST, GROUND_COUNT, 255, 1, 1);
    }
    return even != NULL ? even : pixCopy(NULL, grey);
}

/* The middle between the greys of strokes and of the ground beside them, the darker counting more;
 * 0 if there are none. What is larger than strokes, as covers and photographs, does not count. */
static int
strokes_middle(PIX *grey)
{
    g_autoptr(PIX) half = pixScaleBySampling(grey, 0.5f, 0.5f);
    g_autoptr(PIX) closing = half != NULL ? pixCloseGray(half, STROKE_WINDOW, STROKE_WINDOW) : NULL;
    double sum = 0, weight = 0;
    for (int y = 0; closing != NULL && y < pixGetHeight(half); y++) {
        const l_uint32 *line = pixGetData(half) + (size_t)y * pixGetWpl(half);
        const l_uint32 *ground = pixGetData(closing) + (size_t)y * pixGetWpl(closing);
        for (int x = 0; x < pixGetWidth(half); x++) {
            int g = GET_DATA_BYTE(line, x), beside = GET_DATA_BYTE(ground, x), by = beside - g;
            if (by >= STROKE_LEAST) {
                sum += by * (g + beside) / 2.0;
                weight += by;
            }
        }
    }
    return weight > 0 ? (int)(sum / weight) : 0;
}

/* How many pixels have each grey: pixGetGrayHistogram() takes four times as long. */
static NUMA *
greys_count(PIX *grey)
{
    guint counts[4][256] = {0};
    int w = pixGetWidth(grey), words = w / 4;
    for (int y = 0; y < pixGetHeight(grey); y++) {
        const l_uint32 *line = pixGetData(grey) + (size_t)y * pixGetWpl(grey);
        for (int i = 0; i < words; i++) {
            counts[0][line[i] >> 24]++;
            counts[1][line[i] >> 16 & 255]++;
            counts[2][line[i] >> 8 & 255]++;
            counts[3][line[i] & 255]++;
        }
        for (int x = 4 * words; x < w; x++) {
            counts[0][GET_DATA_BYTE(line, x)]++;
        }
    }
    NUMA *all = numaCreate(256);
    for (int v = 0; v < 256; v++) {
        numaAddNumber(all, (float)(counts[0][v] + counts[1][v] + counts[2][v] + counts[3][v]));
    }
    return all;
}

static int
ink_threshold(PIX *grey)
{
    NUMA *greys = greys_count(grey); /* Otsu, "A threshold selection method …", 1979 */
    int value = INK_MOST;
    numaSplitDistribution(greys, 0.1f, &value, NULL, NULL, NULL, NULL, NULL);
    numaDestroy(&greys);
    int usual = CLAMP(value, INK_LEAST, INK_MOST), middle = strokes_middle(grey);
    return middle >= STROKES_PALE && middle <= STROKES_MOST ? MAX(usual, middle) : usual;
}

/* Dots where they lie densely over an area: a tint that was made black and white. */
static PIX *
screen_of(PIX *ink)
{
    g_autoptr(PIX) marks =
        pixSelectBySize(ink, DOT, DOT, 8, L_SELECT_IF_EITHER, L_SELECT_IF_GT, NULL);
    PIX *dots = marks != NULL ? pixSubtract(NULL, ink, marks) : NULL;
    g_autoptr(PIX) joined = dots != NULL ? runs_close(dots, DOTS_APART, DOTS_APART) : NULL;
    g_autoptr(PIX) areas = joined != NULL ? runs_open(joined, DOTS_AREA, DOTS_AREA) : NULL;
    if (areas != NULL) {
        pixAnd(dots, dots, areas);
    }
    return dots;
}

/* Without specks and screens; these are taken out of the grey, too. */
static PIX *
ink_of(PIX *grey, int threshold)
{
    g_autoptr(PIX) raw = pixThresholdToBinary(grey, threshold);
    g_autoptr(PIX) ink = raw != NULL ? pixSelectBySize(raw, SPECK, SPECK, 8, L_SELECT_IF_EITHER,
                                                       L_SELECT_IF_GT, NULL)
                                     : NULL;
    g_autoptr(PIX) screen = ink != NULL ? screen_of(ink) : NULL;
    if (screen == NULL) {
        return NULL;
    }
    g_autoptr(PIX) around = pixDilateBrick(NULL, screen, 3, 3);
    pixSetMasked(grey, around, 255);
    return pixSubtract(NULL, ink, screen);
}

static gboolean
has_marks(PIX *ink)
{
    int none = 1;
    g_autoptr(PIX) marks =
        pixSelectBySize(ink, MARK_LEAST, MARK_LEAST, 8, L_SELECT_IF_EITHER, L_SELECT_IF_GTE, NULL);
    if (marks != NULL) {
        pixZero(marks, &none);
    }
    return !none;
}

/* Makes what is darkest of a pale page black. FALSE if it is all ground. */
static gboolean
stretch_pale(PIX *grey)
{
    l_uint32 darkest = 255;
    g_autoptr(PIX) half = pixScaleAreaMap2(grey);
    if (half != NULL) {
        pixGetRankValue(half, 1, PALE_RANK, &darkest);
    }
    return darkest <= 255 - PALE_LEAST && pixGammaTRC(grey, grey, 1, (int)darkest, 255) != NULL;
}

/* Ink of a page; of one that has none, what is a little darker than the ground: ret_pale. */
static PIX *
ink_find(PIX *grey, gboolean *ret_pale)
{
    PIX *ink = ink_of(grey, ink_threshold(grey));
    *ret_pale = ink != NULL && !has_marks(ink) && stretch_pale(grey);
    if (*ret_pale) {
        pixDestroy(&ink);
        ink = ink_of(grey, ink_threshold(grey));
    }
    return ink;
}

gboolean
raster_make(PIX *grey, double dpi, int turn, Raster *ret_raster)
{
    g_autoptr(PIX) sized = scaled(grey, dpi);
    g_autoptr(PIX) upright = sized != NULL ? pixRotateOrth(sized, turn) : NULL;
    if (upright == NULL) {
        return FALSE;
    }
    double skew = find_skew(upright);
    Raster raster = {.skew = skew, .dark = g_array_new(FALSE, FALSE, sizeof(Rect))};
    raster.plain = level(upright, skew);
    g_autoptr(PIX) working = raster.plain != NULL ? pixCopy(NULL, raster.plain) : NULL;
    if (working != NULL) {
        turn_dark_grounds(working, raster.dark);
        raster.grey = evened(working);
        raster.ink = raster.grey != NULL ? ink_find(raster.grey, &raster.pale) : NULL;
    }
    if (raster.ink == NULL) {
        raster_clear(&raster);
        return FALSE;
    }
    *ret_raster = raster;
    return TRUE;
}

void
raster_clear(Raster *raster)
{
    pixDestroy(&raster->grey);
    pixDestroy(&raster->ink);
    pixDestroy(&raster->plain);
    g_clear_pointer(&raster->dark, g_array_unref);
}

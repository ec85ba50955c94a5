/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signs: see signs.h.
 *
 * A 0 has one hole over most of its height, a 9 one above the middle, a 6 one below, an 8 two. So a
 * digit read as one of these can be checked against its own ink, whatever the face; where the holes
 * are not as any of them has them (open, filled, broken) the reading stands.
 */
#include "signs.h"

#include "symbol-extents.h"

/* A comma's ink goes down below that of the digits by so much, in ems, or is so much higher than
 * wide by this part; a point's does neither. Measured on mincho and gothic faces at 200 and 300
 * dpi. */
#define COMMA_BELOW 0.05
#define COMMA_SLIM 0.45
/* Where thousands would be parted (1,234) less is asked of a comma. */
#define THOUSANDS_DOUBT 0.3
/* Higher and wider ink than this, in ems, is no point or comma. */
#define SIGN_MOST 0.42
/* Lower ink than this, in ems, is no digit. */
#define DIGIT_LEAST 0.5
/* The height of its hole in that of the digit: of a 0 from …, of a 6 or 9 up to …. */
#define ZERO_HOLE 0.6
#define HALF_HOLE 0.52
/* A 9's hole ends above, a 6's begins below …, in parts of the height; two holes overlap by this
 * where they are those of a 0 with a stroke through it. */
#define LOWER_HALF 0.65
#define UPPER_HALF 0.35
#define BESIDE 0.15
/* An angle is at least this wide in its height, and its middle is this far to the side of its ends
 * in its width. */
#define ANGLE_SLIM 0.25
#define ANGLE_REACH 0.3
/* A triangle's sides are no more unlike than this, its rows off by this part of its width at most,
 * its base is inked to this part, and it is full if so much of its box is. */
#define TRIANGLE_SLIM 0.75
#define TRIANGLE_OFF 0.17
#define TRIANGLE_BASE 0.8
#define TRIANGLE_FULL 0.42
/* A triangle is read as so many symbols at most, whose places are off by less than this many ems;
 * and by so much, in the prices of symbol-extents.c, others must suit the ink better. */
#define TRIANGLE_READ 3u
#define TRIANGLE_NEAR 1.0
#define TRIANGLE_DOUBT 0.05
/* The confidence of what is told by its shape alone. */
#define SHAPE_CONFIDENCE 0.9f
/* A dash is no higher than this, in ems. */
#define DASH_MOST 0.2
/* Smaller holes, in parts of the digit's height, are faults of the scan. */
#define HOLE_LEAST 0.1

static gboolean
is_digit(guint32 c)
{
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

/* The part of a line between two places along it, with some room below. */
static PIX *
cut_out(PIX *ink, const InkLine *line, int from, int to)
{
    BOX *box =
        boxCreate(line->x0 + from, line->y0, MAX(1, to - from), line->y1 - line->y0 + line->em / 6);
    PIX *part = pixClipRectangle(ink, box, NULL);
    boxDestroy(&box);
    return part;
}

static gboolean
digit_at(const GArray *symbols, guint i)
{
    return i < symbols->len && is_digit(g_array_index(symbols, Symbol, i).unicode);
}

/* ---- plus and minus ---- */

/* A number begins with a sign that was read as a letter of its shape: 十 or ー before a digit, or
 * before 約 and a digit, at the start of a line or bracket. */
static void
settle_plus_minus(GArray *symbols)
{
    for (guint i = 0; i + 1 < symbols->len; i++) {
        Symbol *s = &g_array_index(symbols, Symbol, i);
        guint32 before = i > 0 ? s[-1].unicode : '(';
        guint about = s[1].unicode == 0x7D04 ? 2 : 1; /* 約 */
        gboolean starts = before == '(' || before == 0xFF08;
        if (!starts || !digit_at(symbols, i + about)) {
            continue;
        }
        if (s->unicode == 0x5341) { /* 十 */
            s->unicode = '+';
        } else if (s->unicode == 0x30FC || s->unicode == 0x4E00 || s->unicode == 0x2015) {
            s->unicode = 0x2212;
        }
    }
}

/* ---- points and commas ---- */

/* Three digits follow, no fourth; at most three stand before. */
static gboolean
is_thousands(const GArray *symbols, guint i)
{
    return digit_at(symbols, i + 1) && digit_at(symbols, i + 2) && digit_at(symbols, i + 3) &&
           !digit_at(symbols, i + 4) &&
           !(i >= 4 && digit_at(symbols, i - 1) && digit_at(symbols, i - 2) &&
             digit_at(symbols, i - 3) && digit_at(symbols, i - 4));
}

/* The sign between two digits: ',' or '.', or 0 if it is not clear. */
static guint32
sign_between(PIX *ink, const InkLine *line, const int (*e)[2], guint i, gboolean thousands)
{
    int start = e[i - 1][0], middle = (e[i][0] + e[i][1]) / 2 - start, bottom = 0,
        nearest = G_MAXINT;
    int sign_bottom = 0, sign_w = 0, sign_h = 0;
    g_autoptr(PIX) part = cut_out(ink, line, start, e[i + 1][1]);
    BOXA *boxes = part != NULL ? pixConnCompBB(part, 8) : NULL;
    for (int k = 0; boxes != NULL && k < boxaGetCount(boxes); k++) {
        int x, y, w, h;
        boxaGetBoxGeometry(boxes, k, &x, &y, &w, &h);
        gboolean small = h <= SIGN_MOST * line->em && w <= SIGN_MOST * line->em;
        int away = abs(x + w / 2 - middle);
        if (!small && h >= DIGIT_LEAST * line->em) {
            bottom = MAX(bottom, y + h);
        } else if (small && 2 * y > line->y1 - line->y0 && away < nearest) {
            nearest = away;
            sign_bottom = y + h;
            sign_w = w;
            sign_h = h;
        }
    }
    boxaDestroy(&boxes);
    if (nearest > line->em / 3 || bottom == 0) {
        return 0;
    }
    double doubt = thousands ? THOUSANDS_DOUBT : 1;
    gboolean comma = sign_bottom - bottom > doubt * COMMA_BELOW * line->em ||
                     sign_h >= (1 + doubt * COMMA_SLIM) * sign_w;
    return comma ? ',' : '.';
}

/* ---- digits ---- */

/* From … to, counted from the top. */
typedef struct {
    int n, top[2], bottom[2];
} Holes;

static Holes
holes_of(PIX *digit)
{
    Holes found = {0};
    int least = (int)(HOLE_LEAST * pixGetHeight(digit));
    g_autoptr(PIX) bordered = pixAddBorder(digit, 1, 0);
    g_autoptr(PIX) holes = bordered != NULL ? pixHolesByFilling(bordered, 8) : NULL;
    BOXA *boxes = holes != NULL ? pixConnCompBB(holes, 4) : NULL;
    for (int k = 0; boxes != NULL && k < boxaGetCount(boxes); k++) {
        int y, h;
        boxaGetBoxGeometry(boxes, k, NULL, &y, NULL, &h);
        if (h >= least && found.n++ < 2) {
            found.top[found.n - 1] = y - 1;
            found.bottom[found.n - 1] = y - 1 + h;
        }
    }
    boxaDestroy(&boxes);
    return found;
}

/* What digit has holes like these: '0', '6', '8' or '9', or 0. A 0 may have a stroke through it,
 * which makes two holes beside one another; those of an 8 stand one above the other. */
static guint32
digit_of_holes(const Holes *holes, int h)
{
    if (holes->n == 2) {
        int over = MIN(holes->bottom[0], holes->bottom[1]) - MAX(holes->top[0], holes->top[1]);
        return over > BESIDE * h ? '0' : over <= 0 ? '8' : 0;
    }
    int hole = holes->bottom[0] - holes->top[0];
    if (holes->n != 1 || (hole > HALF_HOLE * h && hole < ZERO_HOLE * h)) {
        return 0;
    }
    if (hole >= ZERO_HOLE * h) {
        return '0';
    }
    return holes->bottom[0] <= LOWER_HALF * h ? '9' : holes->top[0] >= UPPER_HALF * h ? '6' : 0;
}

/* The largest component between two places of a line, if it is as high as a digit. */
static PIX *
digit_ink(PIX *ink, const InkLine *line, const int extent[2])
{
    g_autoptr(PIX) part = cut_out(ink, line, extent[0], extent[1]);
    PIXA *each = NULL;
    BOXA *boxes = part != NULL ? pixConnComp(part, &each, 8) : NULL;
    PIX *best = NULL;
    int most = (int)(DIGIT_LEAST * line->em);
    for (int k = 0; boxes != NULL && k < boxaGetCount(boxes); k++) {
        int x, w, h;
        boxaGetBoxGeometry(boxes, k, &x, NULL, &w, &h);
        /* whole: the ink does not go on beyond the place where it was cut */
        if (h > most && x > 0 && x + w < pixGetWidth(part) && w < h) {
            most = h;
            pixDestroy(&best);
            best = pixaGetPix(each, k, L_CLONE);
        }
    }
    boxaDestroy(&boxes);
    pixaDestroy(&each);
    return best;
}

static void
settle_digit(PIX *ink, const InkLine *line, const int extent[2], Symbol *s)
{
    guint32 base = s->unicode >= 0xFF10 ? 0xFF10 : '0', value = s->unicode - base;
    int wider[2] = {extent[0] - 2, extent[1] + 2};
    if (value != 0 && value != 6 && value != 8 && value != 9) {
        return;
    }
    g_autoptr(PIX) digit = digit_ink(ink, line, wider);
    if (digit == NULL) {
        return;
    }
    Holes holes = holes_of(digit);
    guint32 seen = digit_of_holes(&holes, pixGetHeight(digit));
    /* ink that has run closes a 6 or 9, and a thin waist of an 8 breaks: no proof of another */
    gboolean doubtful = (value != 0 && seen == '8') || (value == 8 && holes.n == 1);
    if (seen != 0 && !doubtful) {
        s->unicode = base + (seen - '0');
    }
}

/* ---- angle brackets ---- */

/* The middle of the ink in a row, or −1. */
static double
row_middle(PIX *pix, int y)
{
    int w = pixGetWidth(pix), n = 0, sum = 0;
    for (int x = 0; x < w; x++) {
        l_uint32 on = 0;
        pixGetPixel(pix, x, y, &on);
        n += on != 0;
        sum += on != 0 ? x : 0;
    }
    return n > 0 ? (double)sum / n : -1;
}

/* '<' or '>' if the ink is an angle: its ends on one side, its middle on the other; or 0. */
static guint32
angle_of(PIX *pix)
{
    int w = pixGetWidth(pix), h = pixGetHeight(pix);
    double top = row_middle(pix, h / 12), middle = row_middle(pix, h / 2),
           bottom = row_middle(pix, h - 1 - h / 12);
    if (top < 0 || middle < 0 || bottom < 0 || w < ANGLE_SLIM * h) {
        return 0;
    }
    double reach = ANGLE_REACH * w;
    return middle < top - reach && middle < bottom - reach   ? '<'
           : middle > top + reach && middle > bottom + reach ? '>'
                                                             : 0;
}

/* The first ink from a place along the line on, or the last of the line: the angle that it is, or
 * 0; ret_extent: where it lies along the line. */
static guint32
angle_at(PIX *ink, const InkLine *line, int from, gboolean last, int ret_extent[2])
{
    int length = line->x1 - line->x0;
    from = last ? MAX(0, length - line->em) : from;
    g_autoptr(PIX) part = cut_out(ink, line, from, MIN(length, from + line->em));
    PIXA *each = NULL;
    BOXA *boxes = part != NULL ? pixConnComp(part, &each, 8) : NULL;
    guint32 angle = 0;
    int outermost = last ? -1 : G_MAXINT;
    for (int k = 0; boxes != NULL && k < boxaGetCount(boxes); k++) {
        int x, w, h;
        boxaGetBoxGeometry(boxes, k, &x, NULL, &w, &h);
        gboolean outer = last ? x + w > outermost : x < outermost;
        if (outer) {
            g_autoptr(PIX) one = pixaGetPix(each, k, L_CLONE);
            outermost = last ? x + w : x;
            angle = h >= DIGIT_LEAST * line->em ? angle_of(one) : 0;
            ret_extent[0] = from + x;
            ret_extent[1] = from + x + w;
        }
    }
    boxaDestroy(&boxes);
    pixaDestroy(&each);
    return angle;
}

static gboolean
is_closing_angle(guint32 c)
{
    return c == '>' || c == 0xFF1E || c == 0x3009;
}

static gboolean
is_opening_angle(guint32 c)
{
    return c == '<' || c == 0xFF1C || c == 0x3008;
}

/* A line in angles: the first one may be read as く, or twice, and the last one not at all. */
static void
settle_angles(PIX *ink, const InkLine *line, GArray *symbols)
{
    int first[2], last[2];
    Symbol *s = symbols->len > 1 ? &g_array_index(symbols, Symbol, 0) : NULL;
    gboolean likely =
        s != NULL && (s->unicode == 0x304F || s->unicode == 0x3050 || is_opening_angle(s->unicode));
    if (!likely || angle_at(ink, line, 0, FALSE, first) != '<') {
        return;
    }
    if (symbols->len > 2 && is_opening_angle(s[1].unicode) &&
        angle_at(ink, line, first[1] + 1, FALSE, last) != '<') {
        g_array_remove_index(symbols, 1);
    }
    if (angle_at(ink, line, 0, TRUE, last) != '>') {
        return;
    }
    s->unicode = s->unicode == 0x304F || s->unicode == 0x3050 ? '<' : s->unicode;
    const Symbol *end = &g_array_index(symbols, Symbol, symbols->len - 1);
    if (!is_closing_angle(end->unicode)) {
        Symbol close = *end;
        close.unicode = '>';
        close.x0 = (float)(line->x0 + last[0]);
        close.x1 = (float)(line->x0 + last[1]);
        close.word = FALSE;
        g_array_append_val(symbols, close);
    }
}

/* ---- triangles and dashes ---- */

/* From the first to the last ink of a row; 0 if there is none. */
static int
row_width(PIX *pix, int y)
{
    int w = pixGetWidth(pix), first = -1, last = -1;
    for (int x = 0; x < w; x++) {
        l_uint32 on = 0;
        pixGetPixel(pix, x, y, &on);
        if (on != 0) {
            first = first < 0 ? x : first;
            last = x;
        }
    }
    return first < 0 ? 0 : last - first + 1;
}

/* △ or ▲, which stand for a minus before numbers, or 0: its rows widen evenly from a point above to
 * a full stroke below. An A has no stroke below. */
static guint32
triangle_of(PIX *pix)
{
    int w = pixGetWidth(pix), h = pixGetHeight(pix), count = 0, bottom = 0;
    if (w < TRIANGLE_SLIM * h || h < TRIANGLE_SLIM * w) {
        return 0;
    }
    for (int part = 1; part < 10; part += 2) {
        double want = part / 10.0 * w;
        if (fabs(row_width(pix, h * part / 10) - want) > TRIANGLE_OFF * w) {
            return 0;
        }
    }
    for (int y = h - 1 - h / 6; y < h; y++) {
        BOX *row = boxCreate(0, y, w, 1);
        int inked = 0;
        pixCountPixelsInRect(pix, row, &inked, NULL);
        boxDestroy(&row);
        bottom = MAX(bottom, inked);
    }
    pixCountPixels(pix, &count, NULL);
    if (bottom < TRIANGLE_BASE * w) {
        return 0;
    }
    return count > TRIANGLE_FULL * w * h ? 0x25B2 : 0x25B3;
}

/* A triangle in a line: which, and its ink along the line. */
typedef struct {
    guint32 sign;
    int from, to;
} Triangle;

/* The triangles of a line, from the left. */
static GArray *
triangles_of(PIX *ink, const InkLine *line)
{
    GArray *triangles = g_array_new(FALSE, FALSE, sizeof(Triangle));
    g_autoptr(PIX) part = cut_out(ink, line, 0, line->x1 - line->x0);
    BOXA *unsorted = part != NULL ? pixConnCompBB(part, 8) : NULL;
    BOXA *boxes =
        unsorted != NULL ? boxaSort(unsorted, L_SORT_BY_X, L_SORT_INCREASING, NULL) : NULL;
    for (int k = 0; boxes != NULL && k < boxaGetCount(boxes); k++) {
        BOX *box = boxaGetBox(boxes, k, L_CLONE);
        int x, w, h;
        boxGetGeometry(box, &x, NULL, &w, &h);
        g_autoptr(PIX) mark =
            h >= DIGIT_LEAST * line->em ? pixClipRectangle(part, box, NULL) : NULL;
        Triangle triangle = {mark != NULL ? triangle_of(mark) : 0, x, x + w};
        if (triangle.sign != 0) {
            g_array_append_val(triangles, triangle);
        }
        boxDestroy(&box);
    }
    boxaDestroy(&unsorted);
    boxaDestroy(&boxes);
    return triangles;
}

/* How ill symbols [from, to) suit the ink of a part of the line: symbol_extents_price(). */
static double
price_of_part(const InkLine *line, const int *profile, Triangle part, const GArray *symbols,
              guint from, guint to)
{
    InkLine piece = *line;
    piece.x0 = line->x0 + part.from;
    piece.x1 = line->x0 + part.to;
    g_autoptr(GArray) some = g_array_new(FALSE, FALSE, sizeof(Symbol));
    if (from < to) {
        g_array_append_vals(some, &g_array_index(symbols, Symbol, from), to - from);
    }
    return symbol_extents_price(&piece, profile + part.from, some);
}

static void
put_triangle(const Triangle *triangle, const InkLine *line, GArray *symbols, guint from, guint to)
{
    Symbol sign = {.unicode = triangle->sign,
                   .x0 = (float)(line->x0 + triangle->from),
                   .x1 = (float)(line->x0 + triangle->to),
                   .y0 = (float)line->y0,
                   .y1 = (float)line->y1,
                   .confidence = SHAPE_CONFIDENCE,
                   .word = TRUE};
    if (to > from) {
        g_array_remove_range(symbols, from, to - from);
    }
    g_array_insert_val(symbols, from, sign);
}

static gboolean
is_near(const Symbol *s, const Triangle *triangle, const InkLine *line)
{
    double middle = ((double)s->x0 + (double)s->x1) / 2 - line->x0;
    return middle > triangle->from - TRIANGLE_NEAR * line->em &&
           middle < triangle->to + TRIANGLE_NEAR * line->em;
}

/* A triangle before a number is read as ム, A, 人 or 4A: it takes the place of those symbols near
 * it, up to a digit, without which the others suit the ink on both sides of it best; every digit
 * has ink of its own. */
static void
settle_triangle(const int *profile, const InkLine *line, const Triangle *triangle, GArray *symbols)
{
    const Triangle before = {0, 0, triangle->from}, after = {0, triangle->to, line->x1 - line->x0};
    guint best_from = 0, best_to = G_MAXUINT;
    double least = G_MAXDOUBLE;
    for (guint from = 0; from < symbols->len; from++) {
        const Symbol *s = &g_array_index(symbols, Symbol, from);
        if (s->unicode == triangle->sign) {
            return;
        }
        if (!is_near(s, triangle, line)) {
            continue;
        }
        double left = price_of_part(line, profile, before, symbols, 0, from);
        for (guint to = from; to <= MIN(from + TRIANGLE_READ, symbols->len - 1); to++) {
            double price = digit_at(symbols, to) ? left + price_of_part(line, profile, after,
                                                                        symbols, to, symbols->len)
                                                 : G_MAXDOUBLE;
            if (price < least - TRIANGLE_DOUBT) {
                least = price;
                best_from = from;
                best_to = to;
            }
        }
    }
    if (best_to < symbols->len) {
        put_triangle(triangle, line, symbols, best_from, best_to);
    }
}

static void
settle_triangles(PIX *ink, const int *profile, const InkLine *line, GArray *symbols)
{
    gboolean number = FALSE;
    for (guint i = 0; i < symbols->len && !number; i++) {
        number = digit_at(symbols, i);
    }
    if (!number) {
        return;
    }
    g_autoptr(GArray) triangles = triangles_of(ink, line);
    for (guint i = 0; i < triangles->len; i++) {
        settle_triangle(profile, line, &g_array_index(triangles, Triangle, i), symbols);
    }
}

/* A line that is one level stroke is a dash, whatever was read of it. */
static void
settle_dash(PIX *ink, const InkLine *line, GArray *symbols)
{
    int w = line->x1 - line->x0, count = 0;
    if (symbols->len == 0 || line->y1 - line->y0 > DASH_MOST * line->em || w > 2.5 * line->em) {
        return;
    }
    g_autoptr(PIX) part = cut_out(ink, line, 0, w);
    pixCountConnComp(part, 8, &count);
    if (count == 1) {
        Symbol *dash = &g_array_index(symbols, Symbol, 0);
        dash->unicode = 0x2015;
        dash->x0 = (float)line->x0;
        dash->x1 = (float)line->x1;
        g_array_set_size(symbols, 1);
    }
}

static gboolean
is_point_or_comma(const GArray *symbols, guint i)
{
    guint32 c = i < symbols->len ? g_array_index(symbols, Symbol, i).unicode : 0;
    return c == '.' || c == ',';
}

/* One mark between digits that was read as two: 5,.911 */
static void
settle_twice(GArray *symbols)
{
    for (guint i = 1; i + 2 < symbols->len; i++) {
        if (is_point_or_comma(symbols, i) && is_point_or_comma(symbols, i + 1) &&
            digit_at(symbols, i - 1) && digit_at(symbols, i + 2)) {
            Symbol *s = &g_array_index(symbols, Symbol, i);
            s->x1 = s[1].x1;
            g_array_remove_index(symbols, i + 1);
        }
    }
}

void
signs_find(PIX *ink, const int *profile, const InkLine *line, GArray *symbols)
{
    if (!line->vertical) {
        settle_twice(symbols);
        settle_dash(ink, line, symbols);
        settle_triangles(ink, profile, line, symbols);
        settle_angles(ink, line, symbols);
    }
}

void
signs_settle(PIX *ink, const InkLine *line, const int (*extents)[2], GArray *symbols)
{
    if (!line->vertical) {
        settle_plus_minus(symbols);
    }
    for (guint i = 0; i < symbols->len && !line->vertical; i++) {
        Symbol *s = &g_array_index(symbols, Symbol, i);
        gboolean inside =
            i > 0 && i + 1 < symbols->len && is_digit(s[-1].unicode) && is_digit(s[1].unicode);
        if (is_digit(s->unicode)) {
            settle_digit(ink, line, extents[i], s);
        } else if (inside && (s->unicode == '.' || s->unicode == ',')) {
            guint32 seen = sign_between(ink, line, extents, i, is_thousands(symbols, i));
            s->unicode = seen != 0 ? seen : s->unicode;
        }
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * List marks: see list-marks.h.
 *
 * The outermost component of a line, its holes filled, is laid over each of the shapes, as large as
 * its box: it is that with which it has this part of their common area in common. Characters whose
 * outline is one of the shapes are square (口, 国) or round (〇, O), and hollow all of them.
 */
#include "list-marks.h"

#include <math.h>

#include "line-read.h"

/* Both sides of a mark, in ems, and how unlike they may be: titles are often set wide. */
#define SIDE_LEAST 0.5
#define SIDE_MOST 1.2
#define SIDES_UNLIKE 0.27
/* Hollow ones are no smaller than this: letters are. */
#define HOLLOW_LEAST 0.62
/* What it has in common with its shape, and by how much that is more than with any other. */
#define COMMON_LEAST 0.86
#define COMMON_MORE 0.05
/* … of a star less, whose points are thick or thin, but nothing else is like it. */
#define STAR_LEAST 0.7
#define STAR_MORE 0.1
/* Its ink fills this part of its outline if it is solid, and no more than this if it is hollow. */
#define SOLID_LEAST 0.93
#define HOLLOW_MOST 0.6
/* What a disc holds that is light leaves at least this of it; specks are less than this part. */
#define DISC_LEAST 0.55
#define SPECKS 0.02
/* The rest of the line is this far away, ems, from a mark, and from a hollow square. */
#define AWAY 0.05
#define SQUARE_AWAY 0.3
/* The inner ring or disc of a ◎ has this part of the width of the outer. */
#define INNER_LEAST 0.3
#define INNER_MOST 0.75
/* Shapes are compared on so many points by so many. */
#define POINTS 24

/* What a circle holds is a digit or two, read with so much confidence; its em by their height. */
#define DIGIT_SURE 0.7
#define DIGIT_PART 0.72
/* The confidence of what is told by its shape: more than a scanner's hidden text deserves. */
#define SHAPE_CONFIDENCE 0.98f

typedef enum { CIRCLE, SQUARE, DIAMOND, UP, DOWN, RIGHT, STAR, SHAPES } Shape;

static const guint32 SOLID[] = {0x25CF, 0x25A0, 0x25C6, 0x25B2, 0x25BC, 0x25B6, 0x2605};
static const guint32 HOLLOW[] = {0x25CB, 0x25A1, 0x25C7, 0x25B3, 0x25BD, 0x25B7, 0x2606};

/* Whether a point of the square −1 … 1 lies in a star of five points that fills it. */
static gboolean
in_star(double u, double v)
{
    /* back from its box to the circle through the points, then to the sector beside one of them */
    double top = cos(G_PI / 5), x = u * sin(2 * G_PI / 5);
    double y = (v + 1) / 2 * (1 + top) - 1;
    double angle = fabs(fmod(atan2(x, -y) + 4 * G_PI, 2 * G_PI / 5) - G_PI / 5), r = hypot(x, y);
    double inner = sin(G_PI / 10) / sin(7 * G_PI / 10);
    /* the edge from the point (angle π/5) to the notch (angle 0) */
    double px = cos(G_PI / 5), py = sin(G_PI / 5), dx = px - inner, dy = py;
    double qx = r * cos(angle) - inner, qy = r * sin(angle);
    return dx * qy - dy * qx >= 0 || (qx <= 0 && r <= inner);
}

static gboolean
in_shape(Shape shape, double u, double v)
{
    switch (shape) {
    case CIRCLE:
        return u * u + v * v <= 1;
    case DIAMOND:
        return fabs(u) + fabs(v) <= 1;
    case UP:
        return fabs(u) <= (v + 1) / 2;
    case DOWN:
        return fabs(u) <= (1 - v) / 2;
    case RIGHT:
        return fabs(v) <= (1 - u) / 2;
    case STAR:
        return in_star(u, v);
    case SQUARE:
    case SHAPES:
        break;
    }
    return TRUE;
}

/* The part of the area of both that an outline and a shape have in common. */
static double
common_part(PIX *outline, Shape shape)
{
    int w = pixGetWidth(outline), h = pixGetHeight(outline), both = 0, either = 0;
    for (int i = 0; i < POINTS * POINTS; i++) {
        int row = i / POINTS;
        double u = (i % POINTS + 0.5) / POINTS, v = (row + 0.5) / POINTS;
        l_uint32 on = 0;
        pixGetPixel(outline, (int)(u * w), (int)(v * h), &on);
        gboolean in = in_shape(shape, 2 * u - 1, 2 * v - 1);
        both += on && in;
        either += on || in;
    }
    return (double)both / MAX(1, either);
}

/* SHAPES if it is none. */
static Shape
shape_of(PIX *outline)
{
    Shape best = SHAPES;
    double most = 0, second = 0;
    for (Shape shape = CIRCLE; shape < SHAPES; shape++) {
        double common = common_part(outline, shape);
        if (common > most) {
            second = most;
            most = common;
            best = shape;
        } else {
            second = MAX(second, common);
        }
    }
    return most >= (best == STAR ? STAR_LEAST : COMMON_LEAST) &&
                   most - second >= (best == STAR ? STAR_MORE : COMMON_MORE)
               ? best
               : SHAPES;
}

static PIX *
filled(PIX *mark)
{
    g_autoptr(PIX) framed = pixAddBorder(mark, 1, 0);
    g_autoptr(PIX) holes = framed != NULL ? pixHolesByFilling(framed, 4) : NULL;
    if (holes == NULL) {
        return NULL;
    }
    pixOr(framed, framed, holes);
    return pixRemoveBorder(framed, 1);
}

/* ---- what a circle holds ---- */

/* Whether the only thing in a ring is a smaller ring or disc about its middle. */
static gboolean
is_double(PIX *inside, int side)
{
    g_autoptr(PIX) one = NULL;
    PIXA *each = NULL;
    BOXA *boxes = pixConnComp(inside, &each, 8);
    gboolean found = FALSE;
    if (boxes != NULL && boxaGetCount(boxes) == 1) {
        int w, h;
        boxaGetBoxGeometry(boxes, 0, NULL, NULL, &w, &h);
        one = pixaGetPix(each, 0, L_CLONE);
        g_autoptr(PIX) outline = filled(one);
        found = MIN(w, h) >= INNER_LEAST * side && MAX(w, h) <= INNER_MOST * side &&
                outline != NULL && shape_of(outline) == CIRCLE;
    }
    boxaDestroy(&boxes);
    pixaDestroy(&each);
    return found;
}

/* A mark, and what it holds if it is a circle with something in it: dark on white, 8 bpp. */
typedef struct {
    guint32 unicode;
    gboolean hollow;
    PIX *inside;
} Found;

/* Settles a circle: empty, double, or with something in it. `whole`: all ink of its box. */
static gboolean
settle_circle(PIX *mark, PIX *whole, PIX *outline, double part, Found *ret)
{
    g_autoptr(PIX) inside =
        part <= HOLLOW_MOST ? pixSubtract(NULL, whole, mark) : pixSubtract(NULL, outline, mark);
    if (inside == NULL) {
        return FALSE;
    }
    if (pix_ink(inside) <= SPECKS * pix_ink(outline)) {
        return TRUE;
    }
    if (part <= HOLLOW_MOST && is_double(inside, pixGetWidth(mark))) {
        ret->unicode = 0x25CE;
        return TRUE;
    }
    ret->inside = pixConvert1To8(NULL, inside, 255, 0);
    return ret->inside != NULL;
}

/* ---- the outermost component ---- */

static gboolean
has_mark_size(int w, int h, int em)
{
    return MIN(w, h) >= SIDE_LEAST * em && MAX(w, h) <= SIDE_MOST * em &&
           abs(w - h) <= SIDES_UNLIKE * MAX(w, h);
}

/* What is this component, if it is a mark? */
static gboolean
mark_of(PIX *mark, PIX *whole, int em, Found *ret)
{
    g_autoptr(PIX) outline = filled(mark);
    Shape shape = outline != NULL ? shape_of(outline) : SHAPES;
    if (shape == SHAPES) {
        return FALSE;
    }
    double part = (double)pix_ink(mark) / MAX(1, pix_ink(outline));
    ret->hollow = part <= HOLLOW_MOST;
    ret->unicode = ret->hollow ? HOLLOW[shape] : SOLID[shape];
    if (ret->hollow && pixGetHeight(mark) < HOLLOW_LEAST * em) {
        return FALSE;
    }
    if (shape == CIRCLE) {
        return (ret->hollow || part >= DISC_LEAST) &&
               settle_circle(mark, whole, outline, part, ret);
    }
    return part >= SOLID_LEAST || (ret->hollow && pix_ink(whole) == pix_ink(mark));
}

/* The outermost component's index in `boxes`, and where the nearest other one that is not within it
 * begins or ends; −1 if there is no other, or one beside it. */
static int
outermost_of(BOXA *boxes, gboolean last, int *ret_rest)
{
    int found = -1, edge = last ? -1 : G_MAXINT, x, w, n = boxaGetCount(boxes);
    for (int i = 0; i < n; i++) {
        boxaGetBoxGeometry(boxes, i, &x, NULL, &w, NULL);
        if (last ? x + w > edge : x < edge) {
            edge = last ? x + w : x;
            found = i;
        }
    }
    if (found < 0) {
        return -1;
    }
    int rest = last ? -1 : G_MAXINT, x0, w0;
    boxaGetBoxGeometry(boxes, found, &x0, NULL, &w0, NULL);
    for (int i = 0; i < n; i++) {
        boxaGetBoxGeometry(boxes, i, &x, NULL, &w, NULL);
        if (i == found || (x >= x0 && x + w <= x0 + w0)) {
            continue;
        }
        rest = last ? MAX(rest, x + w) : MIN(rest, x);
    }
    *ret_rest = rest;
    return rest >= 0 && rest < G_MAXINT ? found : -1;
}

/* ---- the ends of a line ---- */

/* The number that was read, 1 to 20, or 0. */
static int
number_of(const GArray *symbols)
{
    int number = 0;
    for (guint i = 0; i < symbols->len && number >= 0 && number <= 2; i++) {
        int digit = g_unichar_digit_value(g_array_index(symbols, Symbol, i).unicode);
        number = digit < 0 ? -1 : 10 * number + digit;
    }
    return number > 0 && number <= 20 && symbols_confidence(symbols) >= DIGIT_SURE ? number : 0;
}

/* The number that a circle holds, 0 if it is something else; −1 with an error. */
static int
number_in(PIX *inside, Recogniser *recogniser, GError **error)
{
    g_autoptr(PIX) ink = pixThresholdToBinary(inside, 128);
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    BOX *box = NULL;
    int x, y, w, h;
    if (ink == NULL || pixClipToForeground(ink, NULL, &box) != 0 || box == NULL) {
        return 0;
    }
    boxGetGeometry(box, &x, &y, &w, &h);
    boxDestroy(&box);
    InkLine line = {.x0 = x, .y0 = y, .x1 = x + w, .y1 = y + h, .em = (int)(h / DIGIT_PART)};
    const LineSource source = {inside, inside, NULL};
    if (!line_read(&source, recogniser, &line, symbols, error)) {
        return -1;
    }
    int number = number_of(symbols);
    if (number == 0 && !line_read_otherwise(inside, recogniser, &line, symbols, error)) {
        return -1;
    }
    return number > 0 ? number : number_of(symbols);
}

/* ① to ⑳, or ❶ to ⓴. */
static guint32
circled(int number, gboolean hollow)
{
    guint32 first = hollow ? 0x2460 : number <= 10 ? 0x2776 : 0x24EB - 10;
    return first + (guint32)number - 1;
}

/* The mark at the line's start, or end (`last`), its unicode 0 if there is none; and where the rest
 * of the line begins, or ends. */
static gboolean
find_at(PIX *part, const InkLine *line, gboolean last, Recogniser *recogniser, ListMark *ret_mark,
        int *ret_rest, GError **error)
{
    PIXA *each = NULL;
    BOXA *boxes = pixConnComp(part, &each, 8);
    int x = 0, w = 0, h = 0, rest = 0, number = 1;
    int at = boxes != NULL ? outermost_of(boxes, last, &rest) : -1;
    Found found = {0};
    gboolean is_mark = FALSE;
    if (at >= 0) {
        BOX *box = boxaGetBox(boxes, at, L_CLONE);
        boxGetGeometry(box, &x, NULL, &w, &h);
        g_autoptr(PIX) one = pixaGetPix(each, at, L_CLONE);
        g_autoptr(PIX) whole = pixClipRectangle(part, box, NULL);
        boxDestroy(&box);
        int away = last ? x - rest : rest - (x + w);
        is_mark = has_mark_size(w, h, line->em) && away >= AWAY * line->em &&
                  mark_of(one, whole, line->em, &found) &&
                  (found.unicode != HOLLOW[SQUARE] || away >= SQUARE_AWAY * line->em);
    }
    boxaDestroy(&boxes);
    pixaDestroy(&each);
    if (is_mark && found.inside != NULL) {
        number = number_in(found.inside, recogniser, error);
        found.unicode = circled(number, found.hollow);
    }
    pixDestroy(&found.inside);
    if (is_mark && number > 0) {
        *ret_mark = (ListMark){found.unicode, x, x + w};
        *ret_rest = rest;
    }
    return number >= 0;
}

gboolean
list_marks_find(PIX *ink, const InkLine *line, Recogniser *recogniser, ListMarks *ret_marks,
                GError **error)
{
    BOX *area = boxCreate(line->x0, line->y0, line->x1 - line->x0, line->y1 - line->y0);
    g_autoptr(PIX) part = line->vertical ? NULL : pixClipRectangle(ink, area, NULL);
    ListMarks marks = {.line = *line, .text = *line};
    int from = 0, to = line->x1 - line->x0;
    boxDestroy(&area);
    if (part != NULL && (!find_at(part, line, FALSE, recogniser, &marks.first, &from, error) ||
                         !find_at(part, line, TRUE, recogniser, &marks.last, &to, error))) {
        return FALSE;
    }
    if (from < to) {
        marks.text.x0 = line->x0 + from;
        marks.text.x1 = line->x0 + to;
    } else {
        marks.first.unicode = marks.last.unicode = 0;
    }
    *ret_marks = marks;
    return TRUE;
}

gboolean
list_marks_are_any(const ListMarks *marks)
{
    return marks->first.unicode != 0 || marks->last.unicode != 0;
}

/* ---- putting them beside the text ---- */

/* O and 0 are circles in words and numbers. */
static gboolean
is_letter_beside(const ListMark *mark, const GArray *symbols, guint at)
{
    guint32 c = at < symbols->len ? g_array_index(symbols, Symbol, at).unicode : 0;
    return mark->unicode == HOLLOW[CIRCLE] && c < 0x2E80 && g_unichar_isalnum(c);
}

static Symbol
symbol_of(const ListMark *mark, const InkLine *line)
{
    return (Symbol){.unicode = mark->unicode,
                    .x0 = (float)(line->x0 + mark->from),
                    .x1 = (float)(line->x0 + mark->to),
                    .y0 = (float)line->y0,
                    .y1 = (float)line->y1,
                    .confidence = SHAPE_CONFIDENCE,
                    .word = TRUE};
}

gboolean
list_marks_put(const ListMarks *marks, GArray *symbols)
{
    if (is_letter_beside(&marks->first, symbols, 0) ||
        is_letter_beside(&marks->last, symbols, symbols->len - 1)) {
        return FALSE;
    }
    Symbol first = symbol_of(&marks->first, &marks->line);
    Symbol last = symbol_of(&marks->last, &marks->line);
    if (first.unicode != 0) {
        g_array_prepend_val(symbols, first);
    }
    if (last.unicode != 0) {
        g_array_append_val(symbols, last);
    }
    return TRUE;
}

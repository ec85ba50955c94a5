/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "brackets.h"

/* A bracket is so high at least and so wide at most, in ems. */
#define HIGH 0.7
#define WIDE 0.4
/* Its middle is this far to the side of its ends, and these are no wider, in its width. */
#define BOW 0.25
#define END_WIDE 0.75
/* How far from its ends, in its height, their rows are looked at. */
#define END_ROW 0.06
#define CONFIDENCE 0.9f
/* The rest of the line is at least so long, in ems. */
#define REST_LEAST 0.2

/* Opening brackets without a closing one, less those the other way about. */
static int
brackets_open(const GArray *symbols)
{
    int open = 0;
    for (guint i = 0; i < symbols->len; i++) {
        guint32 c = g_array_index(symbols, Symbol, i).unicode;
        open += c == '(' || c == 0xFF08;
        open -= c == ')' || c == 0xFF09;
    }
    return open;
}

/* The first and last ink of a row; FALSE if there is none. */
static gboolean
row_ends(PIX *pix, int y, int *ret_first, int *ret_last)
{
    int first = -1;
    for (int x = 0; x < pixGetWidth(pix); x++) {
        l_uint32 on = 0;
        pixGetPixel(pix, x, y, &on);
        if (on != 0) {
            first = first < 0 ? x : first;
            *ret_last = x;
        }
    }
    *ret_first = first;
    return first >= 0;
}

/* Whether ink is bent to the left, as ( is; to the right if `last`. */
static gboolean
is_bow(PIX *pix, gboolean last)
{
    int w = pixGetWidth(pix), h = pixGetHeight(pix), first[3], end[3];
    int rows[] = {(int)(END_ROW * h), h / 2, h - 1 - (int)(END_ROW * h)};
    for (int i = 0; i < 3; i++) {
        if (!row_ends(pix, rows[i], &first[i], &end[i]) || end[i] - first[i] >= END_WIDE * w) {
            return FALSE;
        }
    }
    int sign = last ? -1 : 1;
    double middle = sign * (first[1] + end[1]) / 2.0;
    return sign * (first[0] + end[0]) / 2.0 - middle >= BOW * w &&
           sign * (first[2] + end[2]) / 2.0 - middle >= BOW * w;
}

/* The outermost component and where the others begin, or end, beside it; −1 if none does. */
static int
outermost_find(BOXA *boxes, gboolean last, int *ret_rest)
{
    int n = boxaGetCount(boxes), found = -1, rest = -1, edge = 0;
    for (int i = 0; i < n; i++) {
        int x, w;
        boxaGetBoxGeometry(boxes, i, &x, NULL, &w, NULL);
        int outer = last ? x + w : -x;
        if (found < 0 || outer > edge) {
            edge = outer;
            found = i;
        }
    }
    for (int i = 0; i < n; i++) {
        int x, w;
        boxaGetBoxGeometry(boxes, i, &x, NULL, &w, NULL);
        if (i != found) {
            rest = rest < 0 ? (last ? x + w : x) : last ? MAX(rest, x + w) : MIN(rest, x);
        }
    }
    *ret_rest = rest;
    return rest >= 0 ? found : -1;
}

gboolean
bracket_is_missing(PIX *ink, const InkLine *line, const GArray *symbols, InkLine *ret_text,
                   gboolean *ret_last)
{
    int open = line->vertical ? 0 : brackets_open(symbols), rest = 0, x = 0, w = 0, h = 0;
    gboolean last = open > 0, is_one = FALSE;
    if (open != 1 && open != -1) {
        return FALSE;
    }
    BOX *area = boxCreate(line->x0, line->y0, line->x1 - line->x0, line->y1 - line->y0);
    g_autoptr(PIX) part = pixClipRectangle(ink, area, NULL);
    PIXA *each = NULL;
    BOXA *boxes = part != NULL ? pixConnComp(part, &each, 8) : NULL;
    int at = boxes != NULL ? outermost_find(boxes, last, &rest) : -1;
    boxDestroy(&area);
    if (at >= 0) {
        g_autoptr(PIX) one = pixaGetPix(each, at, L_CLONE);
        boxaGetBoxGeometry(boxes, at, &x, NULL, &w, &h);
        is_one = h >= HIGH * line->em && w <= WIDE * line->em &&
                 (last ? rest <= x : rest >= x + w) && is_bow(one, last);
    }
    boxaDestroy(&boxes);
    pixaDestroy(&each);
    *ret_text = *line;
    *ret_last = last;
    *(last ? &ret_text->x1 : &ret_text->x0) = line->x0 + rest;
    return is_one && ret_text->x1 - ret_text->x0 >= REST_LEAST * line->em;
}

void
bracket_put(const InkLine *line, const InkLine *text, gboolean last, GArray *symbols)
{
    Symbol bracket = {.unicode = last ? ')' : '(',
                      .x0 = (float)(last ? text->x1 : line->x0),
                      .x1 = (float)(last ? line->x1 : text->x0),
                      .y0 = (float)line->y0,
                      .y1 = (float)line->y1,
                      .confidence = CONFIDENCE};
    if (last) {
        g_array_append_val(symbols, bracket);
    } else {
        g_array_prepend_val(symbols, bracket);
    }
}

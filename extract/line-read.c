/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "line-read.h"

#include <math.h>

/* White around a line that is read, and what is taken of its surroundings, in ems. */
#define PAD_EMS 0.25
#define MARGIN_EMS 0.06
/* Lower lines are enlarged to this em, in pixels: tesseract works with lines of 48. */
#define EM_LEAST 32
/* A line this short, in ems, whose characters are less sure than this is read again at other sizes:
 * it has nothing around it to be understood by. */
#define SHORT_EMS 4.5
#define SHORT_SURE 0.975
static const int OTHER_EMS[] = {30, 36, 52};
/* A line less sure than this is read from the picture as it was, too: grounds and outlines may have
 * been taken for what they are not. Darker corners than PAPER are the ground. */
#define PLAIN_BELOW 0.88
#define PAPER 200
/* The sizes of a second reading: whichever the first was not near to. */
#define OTHERWISE_SMALL 34
#define OTHERWISE_LARGE 50
#define OTHERWISE_MIDDLE 42
/* Outlines of letters reach this far beyond their line, in ems. */
#define OUTLINE_EMS 0.15
/* The part of their line's box that light letters and the bodies of outlined ones fill: .2 to .5.
 * The insides of dark letters are up to .12 of it. */
#define ENCLOSED_LEAST 0.17

double
symbols_confidence(const GArray *symbols)
{
    double sum = 0;
    for (guint i = 0; i < symbols->len; i++) {
        sum += (double)g_array_index(symbols, Symbol, i).confidence;
    }
    return symbols->len > 0 ? sum / symbols->len : 0;
}

/* The picture of a line, its em large enough, white around; ret_scale and ret_x, ret_y bring its
 * pixels back to the raster. */
static PIX *
line_picture(PIX *from, const InkLine *line, int em, double *ret_scale, int *ret_x, int *ret_y)
{
    int margin = (int)ceil(MARGIN_EMS * line->em) + 1, pad = (int)(PAD_EMS * line->em) + 4;
    BOX *box = boxCreate(MAX(0, line->x0 - margin), MAX(0, line->y0 - margin),
                         line->x1 - line->x0 + 2 * margin, line->y1 - line->y0 + 2 * margin);
    BOX *taken = NULL;
    g_autoptr(PIX) part = pixClipRectangle(from, box, &taken);
    boxDestroy(&box);
    if (part == NULL) {
        return NULL;
    }
    boxGetGeometry(taken, ret_x, ret_y, NULL, NULL);
    boxDestroy(&taken);
    *ret_x -= pad;
    *ret_y -= pad;
    *ret_scale = 1;
    l_uint32 ground = 255;
    pixGetPixel(part, 0, 0, &ground);
    g_autoptr(PIX) padded = pixAddBorder(part, pad, ground >= PAPER ? 255 : ground);
    if (em == line->em || padded == NULL) {
        return g_steal_pointer(&padded);
    }
    *ret_scale = (double)em / line->em;
    float scale = (float)*ret_scale;
    return scale > 1 ? pixScaleGrayLI(padded, scale, scale) : pixScaleAreaMap(padded, scale, scale);
}

static void
symbols_place(GArray *symbols, double scale, int x, int y)
{
    for (guint i = 0; i < symbols->len; i++) {
        Symbol *s = &g_array_index(symbols, Symbol, i);
        s->x0 = (float)((double)s->x0 / scale + x);
        s->x1 = (float)((double)s->x1 / scale + x);
        s->y0 = (float)((double)s->y0 / scale + y);
        s->y1 = (float)((double)s->y1 / scale + y);
    }
}

static gboolean
line_read_at(PIX *from, Recogniser *recogniser, const InkLine *line, int em, GArray *symbols,
             GError **error)
{
    double scale = 1;
    int x = 0, y = 0;
    g_array_set_size(symbols, 0);
    g_autoptr(PIX) picture = line_picture(from, line, em, &scale, &x, &y);
    if (picture != NULL && !recogniser_read(recogniser, picture, line->vertical, symbols, error)) {
        return FALSE;
    }
    symbols_place(symbols, scale, x, y);
    return TRUE;
}

/* One more try at a line: kept if it is surer. */
static gboolean
try_line(PIX *from, Recogniser *recogniser, const InkLine *line, int em, GArray *symbols,
         GError **error)
{
    g_autoptr(GArray) again = g_array_new(FALSE, FALSE, sizeof(Symbol));
    if (!line_read_at(from, recogniser, line, em, again, error)) {
        return FALSE;
    }
    if (symbols_confidence(again) > symbols_confidence(symbols)) {
        g_array_set_size(symbols, 0);
        g_array_append_vals(symbols, again->data, again->len);
    }
    return TRUE;
}

/* What a line's ink encloses, dark on white, at the line's place in a picture as large as `plain`:
 * light letters on a dark ground, and the bodies of letters that are drawn as outlines. NULL where
 * it is so little of the line's box that it is but the insides of dark letters. */
static PIX *
enclosed_picture(PIX *plain, const InkLine *line)
{
    int margin = (int)(OUTLINE_EMS * line->em) + 1, threshold = 0, count = 0;
    int x = MAX(0, line->x0 - margin), y = MAX(0, line->y0 - margin);
    BOX *box = boxCreate(x, y, line->x1 + margin - x, line->y1 + margin - y);
    g_autoptr(PIX) part = pixClipRectangle(plain, box, NULL);
    boxDestroy(&box);
    if (part == NULL ||
        pixSplitDistributionFgBg(part, 0.1F, 1, &threshold, NULL, NULL, NULL) != 0) {
        return NULL;
    }
    g_autoptr(PIX) dark = pixThresholdToBinary(part, threshold);
    g_autoptr(PIX) light = dark != NULL ? pixInvert(NULL, dark) : NULL;
    g_autoptr(PIX) enclosed = light != NULL ? pixRemoveBorderConnComps(light, 4) : NULL;
    if (enclosed == NULL) {
        return NULL;
    }
    pixCountPixels(enclosed, &count, NULL);
    if (count < ENCLOSED_LEAST * (line->x1 - line->x0) * (line->y1 - line->y0)) {
        return NULL;
    }
    g_autoptr(PIX) grey = pixConvert1To8(NULL, enclosed, 255, 0);
    PIX *whole = pixCreate(pixGetWidth(plain), pixGetHeight(plain), 8);
    if (whole != NULL && grey != NULL) {
        pixSetAll(whole);
        pixRasterop(whole, x, y, pixGetWidth(grey), pixGetHeight(grey), PIX_SRC, grey, 0, 0);
    }
    return whole;
}

static gboolean
try_enclosed(PIX *plain, Recogniser *recogniser, const InkLine *line, int em, GArray *symbols,
             GError **error)
{
    g_autoptr(PIX) enclosed = enclosed_picture(plain, line);
    return enclosed == NULL || try_line(enclosed, recogniser, line, em, symbols, error);
}

gboolean
line_read(PIX *clean, PIX *plain, Recogniser *recogniser, const InkLine *line, GArray *symbols,
          GError **error)
{
    int em = MAX(line->em, EM_LEAST);
    if (!line_read_at(clean, recogniser, line, em, symbols, error)) {
        return FALSE;
    }
    if (symbols_confidence(symbols) < PLAIN_BELOW &&
        !try_line(plain, recogniser, line, em, symbols, error)) {
        return FALSE;
    }
    if (!try_enclosed(plain, recogniser, line, em, symbols, error)) {
        return FALSE;
    }
    if (ink_line_length(line) > SHORT_EMS * line->em || symbols_confidence(symbols) >= SHORT_SURE) {
        return TRUE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(OTHER_EMS); i++) {
        if (!try_line(clean, recogniser, line, OTHER_EMS[i], symbols, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
line_read_otherwise(PIX *clean, Recogniser *recogniser, const InkLine *line, GArray *symbols,
                    GError **error)
{
    int em = line->em > OTHERWISE_MIDDLE ? OTHERWISE_SMALL : OTHERWISE_LARGE;
    return line_read_at(clean, recogniser, line, em, symbols, error);
}

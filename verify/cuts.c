/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuts.h"

#include "chars.h"

/* A character is no longer than this, in ems; and has so many parts at most: 川, 〆切 has none. */
#define LONGEST 1.15
#define PARTS_OF_ONE 4u
/* A place has so many parts at most; more is no text. */
#define PARTS_MOST 40u
/* A part with less ink than this, in square ems, is a speck: a full stop has .01. */
#define SPECK 0.002
/* What a picture takes of its surroundings across the line, in ems. */
#define MARGIN 0.06
/* Further than this from every character a cut is none, each part of it; each cut costs a little,
 * so that い is not two strokes, but less than a full stop does that is taken for a part of a
 * digit. */
#define NOTHING 0.5
#define ONE_MORE 0.005

gboolean
char_is_in_number(gunichar c)
{
    return char_is_digit(c) || c == '.' || c == ',' || c == 0xFF0E || c == 0xFF0C;
}

/* A run of ink along the line, in pixels. */
typedef struct {
    int from, to;
} Part;

/* How much ink stands at each pixel along the line, from..to; NULL if there is none. */
static int *
ink_along(const Look *look, const InkLine *line, int from, int to)
{
    BOX *box = line->vertical ? boxCreate(line->x0, from, line->x1 - line->x0, to - from)
                              : boxCreate(from, line->y0, to - from, line->y1 - line->y0);
    PIX *part = to > from ? pixClipRectangle(look->scan->raster.ink, box, NULL) : NULL;
    NUMA *counts = part == NULL     ? NULL
                   : line->vertical ? pixCountPixelsByRow(part, NULL)
                                    : pixCountPixelsByColumn(part);
    int *ink = counts != NULL ? g_new0(int, to - from + 1) : NULL;
    for (int i = 0; ink != NULL && i < MIN(to - from, numaGetCount(counts)); i++) {
        numaGetIValue(counts, i, &ink[i]);
    }
    numaDestroy(&counts);
    pixDestroy(&part);
    boxDestroy(&box);
    return ink;
}

/* The parts of a line that lie in [from, to) with more than an edge of them. */
static GArray *
parts_of(const Look *look, const InkLine *line, int from, int to, double em)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(Part));
    int first = line->vertical ? line->y0 : line->x0, last = line->vertical ? line->y1 : line->x1;
    g_autofree int *ink = ink_along(look, line, first, last);
    for (int i = 0; ink != NULL && i < last - first;) {
        int start = i, count = 0;
        while (i < last - first && ink[i] > 0) {
            count += ink[i++];
        }
        Part part = {first + start, first + i};
        if (count > SPECK * em * em && (part.from + part.to) / 2 >= from &&
            (part.from + part.to) / 2 < to) {
            g_array_append_val(parts, part);
        }
        i += i == start;
    }
    return parts;
}

void
cuts_take(const Look *look, guint line, Rect place, double em, GArray *cuts)
{
    const InkLine *ink = &g_array_index(look->scan->text.lines, InkLine, line);
    double start = ink->vertical ? place.y0 : place.x0, end = ink->vertical ? place.y1 : place.x1;
    double pixels = em * RASTER_SCALE, margin = MARGIN * pixels;
    g_autoptr(GArray) parts = parts_of(look, ink, (int)floor(start * RASTER_SCALE),
                                       (int)ceil(end * RASTER_SCALE), pixels);
    double low = (ink->vertical ? place.x0 : place.y0) * RASTER_SCALE - margin;
    double high = (ink->vertical ? place.x1 : place.y1) * RASTER_SCALE + margin;
    for (guint i = 0; i < parts->len && parts->len <= PARTS_MOST; i++) {
        for (guint k = i; k < MIN(i + PARTS_OF_ONE, parts->len); k++) {
            int from = g_array_index(parts, Part, i).from, to = g_array_index(parts, Part, k).to;
            Rect box = ink->vertical ? (Rect){low, from, high, to} : (Rect){from, low, to, high};
            Cut cut = {.from = i, .to = k + 1};
            if (k > i && to - from > LONGEST * pixels) {
                break;
            }
            glyph_picture_take(look->scan->raster.grey, box, pixels, &cut.picture);
            g_array_append_val(cuts, cut);
        }
    }
}

/* The cheapest way to read all that comes before a part. */
typedef struct {
    double price;
    CutChar last;
} Way;

static GArray *
read_back(const GArray *cuts, const Way *best, guint parts)
{
    GArray *chars = g_array_new(FALSE, FALSE, sizeof(CutChar));
    for (guint at = parts; at > 0;) {
        g_array_prepend_val(chars, best[at].last);
        at = g_array_index(cuts, Cut, best[at].last.cut).from;
    }
    return chars;
}

GArray *
cuts_read(const GArray *cuts, const GlyphBank *bank, const gunichar *may, guint n)
{
    Way best[PARTS_MOST + 1] = {{0}};
    guint parts = 0;
    for (guint i = 1; i <= PARTS_MOST; i++) {
        best[i].price = G_MAXDOUBLE;
    }
    /* sorted by where they start: whatever comes before a cut has its price already */
    for (guint i = 0; i < cuts->len; i++) {
        const Cut *cut = &g_array_index(cuts, Cut, i);
        if (cut->from >= cut->to || cut->to > PARTS_MOST || best[cut->from].price >= G_MAXDOUBLE) {
            return g_array_new(FALSE, FALSE, sizeof(CutChar));
        }
        double distance;
        gunichar c = glyph_bank_nearest_among(bank, &cut->picture, may, n, &distance);
        CutChar last = {distance < NOTHING ? c : 0, distance, i};
        double own = last.c != 0 ? distance : NOTHING * (cut->to - cut->from);
        double price = best[cut->from].price + own + ONE_MORE;
        if (price < best[cut->to].price) {
            best[cut->to] = (Way){price, last};
        }
        parts = MAX(parts, cut->to);
    }
    return read_back(cuts, best, parts);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "line-read.h"

#include <math.h>

#include "alike.h"
#include "readings.h"

/* White around a line that is read, and what is taken of its surroundings, in ems. */
#define PAD_EMS 0.15
#define PAD_LEAST 2
/* … where tesseract looks for the line, and around vertical ones. */
#define PAD_WIDE_EMS 0.25
#define PAD_WIDE_LEAST 4
#define MARGIN_EMS 0.06
/* Lower lines are enlarged to this em, in pixels: tesseract works with lines of 48. */
#define EM_LEAST 32
/* A line this short, in ems, whose characters are less sure than this is read again at other sizes:
 * it has nothing around it to be understood by. */
#define SHORT_EMS 4.5
#define SHORT_SURE 0.975
static const int OTHER_EMS[] = {30, 36, 52};
/* … and at these with its noise smoothed, by so many pixels (standard deviation). */
static const int SOFT_EMS[] = {36, 44};
#define SOFT_PIXELS 1.0F
/* Pieces of a line's ink are this far apart, ems; its pixels are darker than …, and so many of them
 * above each other are more than a speck. */
#define GAP_EMS 0.4
#define INK_DARK 160
#define SPECK 2
/* So much of a line's ends, in ems, may be without a character. */
#define END_EMS 2
/* A longer line is read again like that only if its reading is worth less than this: nothing, or a
 * piece of it. */
#define LONG_WORTH 0.7
/* A line less sure than this is read from the picture as it was, too: grounds and outlines may have
 * been taken for what they are not. Darker corners than PAPER are the ground. */
#define PLAIN_BELOW 0.88
#define PAPER 200
/* A line worth less than this is read from what is darkest in it alone, too: darker than this part
 * of the way from its darkest pixels to its ground, which are so far apart. */
#define DARKEST_BELOW 0.95
#define DARKEST_PART 0.45
#define DARKEST_RANK 0.03F
#define GROUND_RANK 0.8F
#define CONTRAST_LEAST 60
/* The sizes of a second reading: whichever the first was not near to. */
#define OTHERWISE_SMALL 34
#define OTHERWISE_LARGE 50
#define OTHERWISE_MIDDLE 42
/* Outlines of letters reach this far beyond their line, in ems. */
#define OUTLINE_EMS 0.15
/* The part of their line's box that light letters and the bodies of outlined ones fill: .2 to .5.
 * The insides of dark letters are up to .12 of it. */
#define ENCLOSED_LEAST 0.14

double
symbols_confidence(const GArray *symbols)
{
    double sum = 0;
    for (guint i = 0; i < symbols->len; i++) {
        sum += (double)g_array_index(symbols, Symbol, i).confidence;
    }
    return symbols->len > 0 ? sum / symbols->len : 0;
}

static gunichar *
plain_text(const GArray *symbols)
{
    gunichar *text = g_new0(gunichar, symbols->len + 1);
    for (guint i = 0; i < symbols->len; i++) {
        text[i] = char_plain(g_array_index(symbols, Symbol, i).unicode);
    }
    return text;
}

double
symbols_agreement(const GArray *a, const GArray *b)
{
    g_autofree gunichar *first = plain_text(a), *second = plain_text(b);
    return readings_agreement(first, a->len, second, b->len);
}

/* How a picture of a line is made. */
typedef struct {
    PIX *from;
    int em;        /* pixels */
    gboolean soft; /* its noise smoothed */
    LineMode mode; /* of level lines */
    int x, y;      /* where `from` lies on the raster, if it is but a part */
} Take;

/* A line that is being read. */
typedef struct {
    Recogniser *recogniser;
    const InkLine *line;
    GArray *symbols; /* the best reading so far; borrowed */
    guint pieces;    /* of its ink */
} LineReading;

/* A new picture, smoothed. */
static PIX *
soften(PIX *picture)
{
    L_KERNEL *across = NULL, *down = NULL;
    makeGaussianKernelSep(2, 2, SOFT_PIXELS, 1, &across, &down);
    PIX *soft = pixConvolveSep(picture, across, down, 8, 1);
    kernelDestroy(&across);
    kernelDestroy(&down);
    return soft;
}

/* White around a line, in pixels. */
static int
pad_of(LineMode mode, const InkLine *line)
{
    return mode == LINE_LEVEL && !line->vertical ? (int)(PAD_EMS * line->em) + PAD_LEAST
                                                 : (int)(PAD_WIDE_EMS * line->em) + PAD_WIDE_LEAST;
}

/* The picture of a line, its em large enough, white around; ret_scale and ret_x, ret_y bring its
 * pixels back to the raster. */
static PIX *
line_picture(Take take, const InkLine *line, double *ret_scale, int *ret_x, int *ret_y)
{
    int margin = (int)ceil(MARGIN_EMS * line->em) + 1, pad = pad_of(take.mode, line);
    BOX *box = boxCreate(MAX(0, line->x0 - margin) - take.x, MAX(0, line->y0 - margin) - take.y,
                         line->x1 - line->x0 + 2 * margin, line->y1 - line->y0 + 2 * margin);
    BOX *taken = NULL;
    g_autoptr(PIX) part = pixClipRectangle(take.from, box, &taken);
    boxDestroy(&box);
    if (part == NULL) {
        return NULL;
    }
    boxGetGeometry(taken, ret_x, ret_y, NULL, NULL);
    boxDestroy(&taken);
    *ret_x += take.x - pad;
    *ret_y += take.y - pad;
    *ret_scale = 1;
    l_uint32 ground = 255;
    pixGetPixel(part, 0, 0, &ground);
    g_autoptr(PIX) padded = pixAddBorder(part, pad, ground >= PAPER ? 255 : ground);
    *ret_scale = (double)take.em / line->em;
    float scale = (float)*ret_scale;
    g_autoptr(PIX) scaled = padded == NULL        ? NULL
                            : take.em == line->em ? g_steal_pointer(&padded)
                            : scale > 1           ? pixScaleGrayLI(padded, scale, scale)
                                                  : pixScaleAreaMap(padded, scale, scale);
    return take.soft && scaled != NULL ? soften(scaled) : g_steal_pointer(&scaled);
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
line_read_from(Take take, Recogniser *recogniser, const InkLine *line, GArray *symbols,
               GError **error)
{
    double scale = 1;
    int x = 0, y = 0;
    g_array_set_size(symbols, 0);
    g_autoptr(PIX) picture = line_picture(take, line, &scale, &x, &y);
    LineMode mode = line->vertical ? LINE_VERTICAL : take.mode;
    if (picture != NULL && !recogniser_read(recogniser, picture, mode, symbols, error)) {
        return FALSE;
    }
    symbols_place(symbols, scale, x, y);
    return TRUE;
}

/* How many pieces with wide gaps between them the line's ink has: it has no fewer characters. */
static guint
pieces_count(PIX *clean, const InkLine *line)
{
    BOX *box = boxCreate(line->x0, line->y0, line->x1 - line->x0, line->y1 - line->y0);
    g_autoptr(PIX) part = pixClipRectangle(clean, box, NULL);
    g_autoptr(PIX) ink = part != NULL ? pixThresholdToBinary(part, INK_DARK) : NULL;
    boxDestroy(&box);
    if (ink == NULL) {
        return 0;
    }
    NUMA *counts = line->vertical ? pixCountPixelsByRow(ink, NULL) : pixCountPixelsByColumn(ink);
    guint pieces = 0;
    int gap = line->em;
    for (int i = 0; i < numaGetCount(counts); i++) {
        int count = 0;
        numaGetIValue(counts, i, &count);
        if (count < SPECK) {
            gap++;
            continue;
        }
        pieces += gap >= GAP_EMS * line->em;
        gap = 0;
    }
    numaDestroy(&counts);
    return pieces;
}

/* The part of a line from the first to the last symbol; a mark that is no character may stand at an
 * end. */
static double
symbols_span(const GArray *symbols, const InkLine *line)
{
    double from = G_MAXDOUBLE, to = 0;
    for (guint i = 0; i < symbols->len; i++) {
        const Symbol *s = &g_array_index(symbols, Symbol, i);
        from = MIN(from, (double)(line->vertical ? s->y0 : s->x0));
        to = MAX(to, (double)(line->vertical ? s->y1 : s->x1));
    }
    return MIN(1, (to - from + END_EMS * line->em) / MAX(1, ink_line_length(line)));
}

/* How much a reading is worth, 0 to 1: its confidence, less where pieces have no character, or an
 * end of the line has none. */
static double
symbols_worth(const LineReading *reading, const GArray *symbols)
{
    if (symbols->len == 0) {
        return 0;
    }
    double part = symbols->len < reading->pieces ? (double)symbols->len / reading->pieces : 1;
    return symbols_confidence(symbols) * part * symbols_span(symbols, reading->line);
}

/* One more try at a line: kept if it is worth more. */
static gboolean
try_line(LineReading *reading, Take take, GError **error)
{
    g_autoptr(GArray) again = g_array_new(FALSE, FALSE, sizeof(Symbol));
    if (!line_read_from(take, reading->recogniser, reading->line, again, error)) {
        return FALSE;
    }
    if (symbols_worth(reading, again) > symbols_worth(reading, reading->symbols)) {
        g_array_set_size(reading->symbols, 0);
        g_array_append_vals(reading->symbols, again->data, again->len);
    }
    return TRUE;
}

/* A line's part of a picture, with room for what reaches beyond it; its place is put into `take`.
 */
static PIX *
line_part(PIX *plain, const InkLine *line, Take *take)
{
    int margin = (int)(OUTLINE_EMS * line->em) + 1;
    take->x = MAX(0, line->x0 - margin);
    take->y = MAX(0, line->y0 - margin);
    BOX *box =
        boxCreate(take->x, take->y, line->x1 + margin - take->x, line->y1 + margin - take->y);
    PIX *part = pixClipRectangle(plain, box, NULL);
    boxDestroy(&box);
    return part;
}

/* What a line's ink encloses, dark on white: light letters on a dark ground, and the bodies of
 * letters that are drawn as outlines. NULL where it is so little of the line's box that it is but
 * the insides of dark letters. */
static PIX *
enclosed_picture(PIX *part, const InkLine *line)
{
    int threshold = 0, count = 0;
    if (pixSplitDistributionFgBg(part, 0.1F, 1, &threshold, NULL, NULL, NULL) != 0) {
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
    return pixConvert1To8(NULL, enclosed, 255, 0);
}

/* Only what is darkest of a line: letters within paler outlines, or on a tint that is uneven. NULL
 * if nothing stands out. */
static PIX *
darkest_picture(PIX *part)
{
    l_uint32 dark = 0, ground = 0;
    if (pixGetRankValue(part, 1, DARKEST_RANK, &dark) != 0 ||
        pixGetRankValue(part, 1, GROUND_RANK, &ground) != 0 || ground < dark + CONTRAST_LEAST) {
        return NULL;
    }
    int white = (int)(dark + DARKEST_PART * (ground - dark));
    return pixGammaTRC(NULL, part, 1, (int)dark, white);
}

static gboolean
try_darkest(LineReading *reading, PIX *plain, int em, GError **error)
{
    Take take = {.em = em};
    g_autoptr(PIX) part = line_part(plain, reading->line, &take);
    g_autoptr(PIX) darkest = part != NULL ? darkest_picture(part) : NULL;
    take.from = darkest;
    return darkest == NULL || try_line(reading, take, error);
}

static gboolean
try_enclosed(LineReading *reading, PIX *plain, int em, GError **error)
{
    Take take = {.em = em};
    g_autoptr(PIX) part = line_part(plain, reading->line, &take);
    g_autoptr(PIX) enclosed = part != NULL ? enclosed_picture(part, reading->line) : NULL;
    take.from = enclosed;
    return enclosed == NULL || try_line(reading, take, error);
}

/* Other sizes, and smoothed. */
static gboolean
try_others(LineReading *reading, PIX *clean, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(OTHER_EMS); i++) {
        if (!try_line(reading, (Take){.from = clean, .em = OTHER_EMS[i]}, error)) {
            return FALSE;
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS(SOFT_EMS); i++) {
        if (symbols_worth(reading, reading->symbols) < SHORT_SURE &&
            !try_line(reading, (Take){.from = clean, .em = SOFT_EMS[i], .soft = TRUE}, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Whether a second witness says something else altogether: more readings would each say another
 * thing. */
static gboolean
refute(const LineReading *reading, const LineSource *source, gboolean *ret_refuted, GError **error)
{
    *ret_refuted = FALSE;
    if (source->witness == NULL || reading->symbols->len == 0) {
        return TRUE;
    }
    if (!line_read_otherwise(source->clean, reading->recogniser, reading->line, source->witness,
                             error)) {
        return FALSE;
    }
    *ret_refuted = symbols_agreement(reading->symbols, source->witness) <= 0;
    return TRUE;
}

gboolean
line_read(const LineSource *source, Recogniser *recogniser, const InkLine *line, GArray *symbols,
          GError **error)
{
    int em = MAX(line->em, EM_LEAST);
    LineReading reading = {recogniser, line, symbols, pieces_count(source->clean, line)};
    gboolean is_short = ink_line_length(line) <= SHORT_EMS * line->em;
    if (!line_read_from((Take){.from = source->clean, .em = em}, recogniser, line, symbols,
                        error)) {
        return FALSE;
    }
    if (symbols_confidence(symbols) < PLAIN_BELOW &&
        !try_line(&reading, (Take){.from = source->plain, .em = em}, error)) {
        return FALSE;
    }
    if (!try_enclosed(&reading, source->plain, em, error) ||
        (symbols_worth(&reading, symbols) < DARKEST_BELOW &&
         !try_darkest(&reading, source->plain, em, error))) {
        return FALSE;
    }
    gboolean refuted;
    return symbols_worth(&reading, symbols) >= (is_short ? SHORT_SURE : LONG_WORTH) ||
           (refute(&reading, source, &refuted, error) &&
            (refuted || try_others(&reading, source->clean, error)));
}

gboolean
line_read_otherwise(PIX *clean, Recogniser *recogniser, const InkLine *line, GArray *symbols,
                    GError **error)
{
    int em = line->em > OTHERWISE_MIDDLE ? OTHERWISE_SMALL : OTHERWISE_LARGE;
    return line_read_from((Take){.from = clean, .em = em, .mode = LINE_FOUND}, recogniser, line,
                          symbols, error);
}

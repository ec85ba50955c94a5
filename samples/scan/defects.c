/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "defects.h"

#include <math.h>

/* Entries of the table of noise: so many equally likely values of a normal distribution. */
enum { QUANTILES = 1 << 12 };

/* Sauvola's window, in inches to each side (about three characters), and its factor. */
static const double SAUVOLA_REACH = 0.12;
static const float SAUVOLA_FACTOR = 0.3F;

/* Light falls off as this power of the way to the dark corner. */
static const double SHADING_POWER = 2.0;

typedef struct {
    int columns, rows;
    int step;     /* bytes of a pixel */
    int channels; /* that hold something */
    l_uint32 *data;
    gsize words; /* of a line */
} Raster;

static Raster
raster_of(PIX *pix)
{
    gboolean colour = pixGetDepth(pix) == 32;

    return (Raster){pixGetWidth(pix), pixGetHeight(pix), colour ? 4 : 1,
                    colour ? 3 : 1,   pixGetData(pix),   (gsize)pixGetWpl(pix)};
}

/* The light that a channel of a tinted sheet throws back, 0 to 1. */
static double
paper_light(guint32 paper, int channels, int channel)
{
    return (channels == 1 ? colour_grey(paper) : paper >> (16 - 8 * channel) & 255) / 255.0;
}

/* Paper and lamp: each channel times what the sheet throws back there. The dark corner is that at
 * the bottom right. */
static void
light_apply(PIX *pix, const Settings *settings)
{
    Raster raster = raster_of(pix);
    double paper[3];

    for (int c = 0; c < raster.channels; c++)
        paper[c] = paper_light(settings->paper, raster.channels, c);
    for (int y = 0; y < raster.rows; y++) {
        l_uint32 *line = raster.data + (gsize)y * raster.words;

        for (int x = 0; x < raster.columns; x++) {
            double way = ((double)x / raster.columns + (double)y / raster.rows) / 2.0;
            double light = 1.0 - (1.0 - settings->shading) * pow(way, SHADING_POWER);

            for (int c = 0; c < raster.channels; c++) {
                int value = GET_DATA_BYTE(line, x * raster.step + c);

                SET_DATA_BYTE(line, x * raster.step + c, (guint8)lround(value * paper[c] * light));
            }
        }
    }
}

/* Grey values to add, each as likely as the others: the normal distribution is added up from -4
 * deviations in small steps, and a value taken whenever another share of it is full. */
static void
noise_table(double deviation, int values[QUANTILES])
{
    const double step = 1e-4;
    const double whole = sqrt(2.0 * G_PI);
    double sum = 0.0, z = -4.0;

    for (int i = 0; i < QUANTILES; i++) {
        while (sum < (i + 0.5) / QUANTILES && z < 4.0) {
            sum += exp(-z * z / 2.0) * step / whole;
            z += step;
        }
        values[i] = (int)lround(z * deviation);
    }
}

static void
noise_add(PIX *pix, double deviation, guint32 seed, guint page)
{
    Raster raster = raster_of(pix);
    const guint32 seeds[] = {seed, page};
    GRand *random = g_rand_new_with_seed_array(seeds, G_N_ELEMENTS(seeds));
    g_autofree int *values = g_new(int, QUANTILES);

    noise_table(deviation, values);
    for (int y = 0; y < raster.rows; y++) {
        l_uint32 *line = raster.data + (gsize)y * raster.words;

        for (int x = 0; x < raster.columns; x++) {
            for (int c = 0; c < raster.channels; c++) {
                int at = x * raster.step + c;
                int value = GET_DATA_BYTE(line, at);

                value += values[g_rand_int(random) % QUANTILES];
                SET_DATA_BYTE(line, at, (guint8)CLAMP(value, 0, 255));
            }
        }
    }
    g_rand_free(random);
}

static PIX *
blurred(PIX *pix, double deviation)
{
    int reach = (int)ceil(3.0 * deviation);
    L_KERNEL *across = NULL, *down = NULL;
    PIX *made = NULL;

    if (makeGaussianKernelSep(reach, reach, (float)deviation, 1.0F, &across, &down) == 0)
        made = pixGetDepth(pix) == 32 ? pixConvolveRGBSep(pix, across, down)
                                      : pixConvolveSep(pix, across, down, 8, 1);
    kernelDestroy(&across);
    kernelDestroy(&down);
    return made;
}

static PIX *
bilevel(PIX *pix, const Settings *settings)
{
    PIX *made = NULL;
    int reach = (int)lround(settings->dpi * SAUVOLA_REACH);
    int room = MIN(pixGetWidth(pix), pixGetHeight(pix)) / 2 - 2;

    if (settings->threshold > 0 || room < 2)
        return pixThresholdToBinary(pix, settings->threshold > 0 ? settings->threshold : 128);
    pixSauvolaBinarize(pix, MIN(reach, room), SAUVOLA_FACTOR, 1, NULL, NULL, NULL, &made);
    return made;
}

static PIX *
through_jpeg(PIX *pix, int quality)
{
    l_uint8 *data = NULL;
    size_t size = 0;
    PIX *made = NULL;

    if (pixWriteMemJpeg(&data, &size, pix, quality, 0) == 0)
        made = pixReadMemJpeg(data, size, 0, 1, NULL, 0);
    lept_free(data);
    return made;
}

/* Frees OLD; takes NULL for it too. */
static PIX *
replaced(PIX *old, PIX *made)
{
    pixDestroy(&old);
    return made;
}

PIX *
pix_worsen(PIX *pix, const Settings *settings, guint page)
{
    gboolean in_file = settings->kind == KIND_JPG || settings->kind == KIND_PDF;

    if (settings->paper != 0xFFFFFF || settings->shading < 1.0)
        light_apply(pix, settings);
    if (settings->blur > 0.0)
        pix = replaced(pix, blurred(pix, settings->blur));
    if (pix && settings->noise > 0.0)
        noise_add(pix, settings->noise, settings->seed, page);
    if (pix && settings->depth == DEPTH_BILEVEL)
        pix = replaced(pix, bilevel(pix, settings));
    if (pix && settings->jpeg > 0 && !in_file)
        pix = replaced(pix, through_jpeg(pix, settings->jpeg));
    return pix;
}

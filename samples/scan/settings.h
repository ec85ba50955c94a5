/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command line of yomijun-scan asks for. */
#ifndef SAMPLES_SCAN_SETTINGS_H
#define SAMPLES_SCAN_SETTINGS_H

#include <glib.h>

typedef enum { KIND_PNG, KIND_JPG, KIND_TIF, KIND_PDF } FileKind;

typedef enum { DEPTH_GREY, DEPTH_COLOUR, DEPTH_BILEVEL } Depth;

typedef struct {
    char *output;
    gboolean folder; /* output is one: a file for each page */
    FileKind kind;
    int dpi;
    gboolean no_resolution; /* the file does not say it */
    double skew;            /* degrees, clockwise */
    int turn;               /* degrees, clockwise: 0, 90, 180, 270 */
    double noise;           /* standard deviation, in grey values of 0 to 255 */
    double blur;            /* standard deviation, in pixels */
    double shading;         /* light in the darkest corner; 1 is even light */
    guint32 paper;          /* 0xRRGGBB */
    Depth depth;
    int threshold; /* grey values below are black; 0: Sauvola's, by neighbourhood */
    int jpeg;      /* quality, 0: none */
    guint32 seed;
} Settings;

/* How light 0xRRGGBB is to the eye. */
static inline guint8
colour_grey(guint32 colour)
{
    guint red = colour >> 16 & 255, green = colour >> 8 & 255, blue = colour & 255;

    return (guint8)((red * 77 + green * 150 + blue * 29) >> 8);
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zones-cut PICTURE WIDTH QUARTERS DEGREES OUT <ZONES   what scripts/bench hands to tesseract
 * alone: the zones of a page image, each in a picture of its own, OUT0001.png, OUT0002.png …
 *
 * WIDTH is that of the page in points, upright; QUARTERS and DEGREES are what it was turned by to
 * be upright and level, as the document says, so that tesseract need not find that out. ZONES: a
 * line each, x0 y0 x1 y1 in points.
 */
#include <leptonica/allheaders.h>
#include <stdio.h>
#include <stdlib.h>

/* What is taken around a zone, in points, as somebody would who cuts it out by hand. */
#define MARGIN 2.0

static PIX *
level_picture(const char *path, int quarters, double degrees)
{
    PIX *read = pixRead(path), *grey = pixConvertTo8(read, 0);
    PIX *upright = pixRotateOrth(grey, quarters);
    PIX *level = pixRotate(upright, (float)(degrees * 3.14159265358979 / 180), L_ROTATE_AREA_MAP,
                           L_BRING_IN_WHITE, 0, 0);
    pixDestroy(&read);
    pixDestroy(&grey);
    pixDestroy(&upright);
    return level;
}

/* FALSE if it lies outside of the picture or cannot be written. */
static int
cut(PIX *page, double scale, const double zone[4], const char *path)
{
    BOX *box = boxCreate((int)((zone[0] - MARGIN) * scale), (int)((zone[1] - MARGIN) * scale),
                         (int)((zone[2] - zone[0] + 2 * MARGIN) * scale),
                         (int)((zone[3] - zone[1] + 2 * MARGIN) * scale));
    PIX *part = pixClipRectangle(page, box, NULL);
    pixSetResolution(part, (int)(72 * scale + 0.5), (int)(72 * scale + 0.5));
    int written = part != NULL && pixWrite(path, part, IFF_PNG) == 0;
    boxDestroy(&box);
    pixDestroy(&part);
    return written;
}

int
main(int argc, char **argv)
{
    if (argc != 6) {
        return 2;
    }
    PIX *page = level_picture(argv[1], atoi(argv[3]), atof(argv[4]));
    double scale = pixGetWidth(page) / atof(argv[2]), zone[4];
    for (int i = 1; scanf("%lf %lf %lf %lf", &zone[0], &zone[1], &zone[2], &zone[3]) == 4; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s%04d.png", argv[5], i);
        if (page == NULL || !cut(page, scale, zone, path)) {
            fprintf(stderr, "zones-cut: cannot cut %s\n", path);
            return 1;
        }
    }
    pixDestroy(&page);
    return 0;
}

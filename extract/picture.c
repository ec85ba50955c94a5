/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture.h"

#include <string.h>

/* A larger page is rendered smaller: pixels, a sheet of A1 at 150 dpi. */
#define PIXELS_MAX 20e6
#define PIXELS_SIDE_MAX 30000.0 /* cairo has a limit of 32,767 */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cairo_surface_t, cairo_surface_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cairo_t, cairo_destroy)

gboolean
picture_render(PopplerPage *source, const Page *page, double dpi, Picture *ret_picture)
{
    double scale = dpi / 72;
    double pixels = page->width * page->height * scale * scale;
    scale *= pixels > PIXELS_MAX ? sqrt(PIXELS_MAX / pixels) : 1;
    scale = MIN(scale, PIXELS_SIDE_MAX / MAX(page->width, page->height));
    int width = (int)ceil(page->width * scale), height = (int)ceil(page->height * scale);
    g_autoptr(cairo_surface_t) surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, MAX(width, 1), MAX(height, 1));
    g_autoptr(cairo_t) cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, scale, scale);
    poppler_page_render(source, cairo);
    cairo_surface_flush(surface);
    if (cairo_status(cairo) != CAIRO_STATUS_SUCCESS ||
        cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        return FALSE;
    }
    *ret_picture = (Picture){g_steal_pointer(&surface), MAX(width, 1), MAX(height, 1), scale};
    return TRUE;
}

void
picture_clear(Picture *picture)
{
    g_clear_pointer(&picture->surface, cairo_surface_destroy);
}

guint32
picture_colour(const Picture *picture, int x, int y)
{
    const guint8 *data = cairo_image_surface_get_data(picture->surface);
    int stride = cairo_image_surface_get_stride(picture->surface);
    guint32 colour;
    memcpy(&colour, data + (gsize)y * (gsize)stride + (gsize)x * sizeof colour, sizeof colour);
    return colour & 0xFFFFFF;
}

guint8
colour_grey(guint32 colour)
{
    guint red = colour >> 16, green = colour >> 8 & 255, blue = colour & 255;
    return (guint8)((red * 77 + green * 150 + blue * 29) >> 8);
}

Grey
picture_grey(const Picture *picture)
{
    Grey grey = grey_new(picture->width, picture->height);
    for (int y = 0; y < grey.height; y++) {
        guint8 *row = grey_row(&grey, y);
        for (int x = 0; x < grey.width; x++) {
            row[x] = colour_grey(picture_colour(picture, x, y));
        }
    }
    return grey;
}

PIX *
picture_pix(const Picture *picture)
{
    PIX *pix = pixCreateNoInit(picture->width, picture->height, 8);
    for (int y = 0; pix != NULL && y < picture->height; y++) {
        l_uint32 *row = pixGetData(pix) + (gsize)y * (gsize)pixGetWpl(pix);
        for (int x = 0; x < picture->width; x++) {
            SET_DATA_BYTE(row, x, colour_grey(picture_colour(picture, x, y)));
        }
    }
    return pix;
}

Grey
grey_new(int width, int height)
{
    return (Grey){width, height, g_malloc0((gsize)width * (gsize)height)};
}

void
grey_clear(Grey *grey)
{
    g_clear_pointer(&grey->pixels, g_free);
}

Grey
grey_transposed(const Grey *from)
{
    Grey to = grey_new(from->height, from->width);
    for (int y = 0; y < from->height; y++) {
        const guint8 *row = grey_row(from, y);
        for (int x = 0; x < from->width; x++) {
            grey_row(&to, x)[y] = row[x];
        }
    }
    return to;
}

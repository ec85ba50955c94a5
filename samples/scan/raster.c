/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "raster.h"

#include <math.h>
#include <string.h>

/* cairo's limit is 32,767; A3 at 600 dpi has 9,921. */
static const int SIDE_MOST = 20000;

Geometry
geometry_of(PopplerPage *page, const Settings *settings)
{
    double scale = settings->dpi / 72.0;
    gboolean lying = settings->turn % 180 != 0;
    Geometry geometry = {0};

    poppler_page_get_size(page, &geometry.width, &geometry.height);
    double across = MIN((lying ? geometry.height : geometry.width) * scale, SIDE_MOST + 1.0);
    double down = MIN((lying ? geometry.width : geometry.height) * scale, SIDE_MOST + 1.0);
    geometry.columns = MAX((int)lround(across), 1);
    geometry.rows = MAX((int)lround(down), 1);
    cairo_matrix_t *matrix = &geometry.to_pixels;
    cairo_matrix_init_translate(matrix, geometry.columns / 2.0, geometry.rows / 2.0);
    cairo_matrix_rotate(matrix, (settings->turn + settings->skew) * G_PI / 180.0);
    cairo_matrix_scale(matrix, scale, scale);
    cairo_matrix_translate(matrix, -geometry.width / 2.0, -geometry.height / 2.0);
    return geometry;
}

static PIX *
pix_of_surface(cairo_surface_t *surface, gboolean colour)
{
    int columns = cairo_image_surface_get_width(surface);
    int rows = cairo_image_surface_get_height(surface);
    const guint8 *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    PIX *pix = pixCreate(columns, rows, colour ? 32 : 8);

    for (int y = 0; pix && y < rows; y++) {
        l_uint32 *line = pixGetData(pix) + (gsize)y * (gsize)pixGetWpl(pix);

        for (int x = 0; x < columns; x++) {
            guint32 pixel;

            memcpy(&pixel, data + (gsize)y * (gsize)stride + (gsize)x * sizeof pixel, sizeof pixel);
            if (colour)
                line[x] = (pixel >> 16 & 255) << L_RED_SHIFT | (pixel >> 8 & 255) << L_GREEN_SHIFT |
                          (pixel & 255) << L_BLUE_SHIFT;
            else
                SET_DATA_BYTE(line, x, colour_grey(pixel));
        }
    }
    return pix;
}

gboolean
page_rasterise(PopplerPage *page, const Geometry *geometry, gboolean colour, PIX **ret_pix,
               GError **error)
{
    PIX *pix = NULL;

    if (geometry->columns > SIDE_MOST || geometry->rows > SIDE_MOST) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "would be more than %d pixels wide",
                    SIDE_MOST);
        return FALSE;
    }
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, geometry->columns, geometry->rows);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1.0, 1.0, 1.0);
    cairo_paint(cr);
    cairo_set_matrix(cr, &geometry->to_pixels);
    poppler_page_render(page, cr);
    cairo_surface_flush(surface);
    if (cairo_status(cr) == CAIRO_STATUS_SUCCESS &&
        cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
        pix = pix_of_surface(surface, colour);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    if (!pix) {
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot be rendered");
        return FALSE;
    }
    *ret_pix = pix;
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signs.h"

/* A comma's ink goes down below that of the digits by so much, in ems, or is so much higher than
 * wide; a point's does neither. Measured on mincho and gothic faces at 200 and 300 dpi. */
#define COMMA_BELOW 0.05
#define COMMA_SLIM 1.45
/* Higher ink than this, in ems, is no point or comma. */
#define SIGN_MOST 0.42

/* The ink of one symbol, in pixels of the raster. FALSE if there is none. */
static gboolean
symbol_ink(PIX *ink, const InkLine *line, const int extent[2], int *ret_y0, int *ret_y1, int *ret_w)
{
    int below = line->em / 6, y, w, h;
    BOX *box = boxCreate(line->x0 + extent[0], line->y0, extent[1] - extent[0],
                         line->y1 - line->y0 + below);
    g_autoptr(PIX) part = pixClipRectangle(ink, box, NULL);
    BOX *found = NULL;
    boxDestroy(&box);
    if (part == NULL || pixClipToForeground(part, NULL, &found) != 0 || found == NULL) {
        return FALSE;
    }
    boxGetGeometry(found, NULL, &y, &w, &h);
    boxDestroy(&found);
    *ret_y0 = line->y0 + y;
    *ret_y1 = line->y0 + y + h;
    *ret_w = w;
    return TRUE;
}

static gboolean
is_digit(guint32 c)
{
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

void
signs_settle(PIX *ink, const InkLine *line, const int (*extents)[2], GArray *symbols)
{
    for (guint i = 1; i + 1 < symbols->len && !line->vertical; i++) {
        Symbol *s = &g_array_index(symbols, Symbol, i);
        int y0, y1, w, digit_y0, digit_y1, digit_w;
        if ((s->unicode != '.' && s->unicode != ',') || !is_digit(s[-1].unicode) ||
            !is_digit(s[1].unicode) ||
            !symbol_ink(ink, line, extents[i - 1], &digit_y0, &digit_y1, &digit_w) ||
            !symbol_ink(ink, line, extents[i], &y0, &y1, &w) || y1 - y0 > SIGN_MOST * line->em) {
            continue;
        }
        gboolean comma = y1 - digit_y1 > COMMA_BELOW * line->em || y1 - y0 >= COMMA_SLIM * w;
        s->unicode = comma ? ',' : '.';
    }
}

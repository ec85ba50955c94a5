/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "look.h"

#include "line-read.h"

/* Fewer dark pixels than this at 300 dpi are no ink. */
#define INK_PIXELS 6
/* So many shades of 256 from the ground are seen. */
#define CONTRAST 40
/* Lines may overlap: a character that shares this part of its box with one of its kind is that. */
#define SAME_PLACE 0.6
/* What a picture of a character takes of its surroundings, in ems, across the line. */
#define PICTURE_MARGIN 0.06

/* Whether the same character was read in the same place in another line, of those up to `end`. */
static gboolean
is_there(const Look *look, guint end, const SeenChar *seen)
{
    for (guint i = 0; i < end; i++) {
        const SeenChar *s = &g_array_index(look->chars, SeenChar, i);
        if (s->c == seen->c &&
            interval_overlap(s->box.x0, s->box.x1, seen->box.x0, seen->box.x1) >
                SAME_PLACE * rect_width(seen->box) &&
            interval_overlap(s->box.y0, s->box.y1, seen->box.y0, seen->box.y1) >
                SAME_PLACE * rect_height(seen->box)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void
take_chars(Look *look, const Page *page)
{
    const GArray *lines = look->scan->text.lines;
    for (guint i = 0; i < lines->len; i++) {
        const InkLine *line = &g_array_index(lines, InkLine, i);
        guint first = look->chars->len;
        for (guint k = line->glyph; k < line->end; k++) {
            const Glyph *g = page_glyph(page, k);
            SeenChar seen = {
                .c = g->unicode, .confidence = g->confidence, .box = glyph_rect(g), .line = i};
            if (!glyph_is_blank(g) && !is_there(look, first, &seen)) {
                g_array_append_val(look->chars, seen);
            }
        }
    }
}

/* Whether a text layer has anything that is seen: then it tells which way up the page is. */
static gboolean
has_text(const Page *layer)
{
    for (guint i = 0; layer != NULL && i < layer->glyphs->len; i++) {
        const Glyph *g = page_glyph(layer, i);
        if (g->hidden == HIDDEN_NOT && !glyph_is_blank(g)) {
            return TRUE;
        }
    }
    return FALSE;
}

Look *
look_take(Source *source, guint32 number, gboolean otherwise, void (*on_ocr)(void), GError **error)
{
    g_autoptr(Look) look = g_new0(Look, 1);
    look->number = number;
    look->chars = g_array_new(FALSE, FALSE, sizeof(SeenChar));
    Recogniser *recogniser = source_recogniser(source, on_ocr, error);
    g_autoptr(PIX) grey =
        recogniser != NULL ? source_picture(source, number, &look->dpi, &look->layer, error) : NULL;
    look->scan =
        grey != NULL ? scan_look(grey, look->dpi, !has_text(look->layer), recogniser, error) : NULL;
    if (look->scan == NULL) {
        return NULL;
    }
    look->scan->otherwise = otherwise;
    g_autoptr(Page) page = page_new(number, look->scan->width, look->scan->height);
    if (!scan_read(look->scan, NULL, recogniser, page, error)) {
        return NULL;
    }
    take_chars(look, page);
    return g_steal_pointer(&look);
}

void
look_free(Look *look)
{
    if (look != NULL) {
        scan_free(look->scan);
        page_free(look->layer);
        g_array_unref(look->chars);
        g_free(look);
    }
}

gboolean
look_again(const Look *look, Recogniser *recogniser, guint line, GArray *chars, GError **error)
{
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    const InkLine *ink = &g_array_index(look->scan->text.lines, InkLine, line);
    g_array_set_size(chars, 0);
    const LineSource source = {look->scan->clean, look->scan->raster.plain, NULL};
    gboolean ok = look->scan->otherwise
                      ? line_read(&source, recogniser, ink, symbols, error)
                      : line_read_otherwise(look->scan->clean, recogniser, ink, symbols, error);
    for (guint i = 0; i < symbols->len; i++) {
        gunichar c = g_array_index(symbols, Symbol, i).unicode;
        g_array_append_val(chars, c);
    }
    return ok;
}

static Rect
in_pixels(Rect box)
{
    return (Rect){box.x0 * RASTER_SCALE, box.y0 * RASTER_SCALE, box.x1 * RASTER_SCALE,
                  box.y1 * RASTER_SCALE};
}

gboolean
look_picture(const Look *look, const SeenChar *seen, GlyphPicture *ret_picture)
{
    const InkLine *line = &g_array_index(look->scan->text.lines, InkLine, seen->line);
    double em = line->vertical ? rect_width(seen->box) : rect_height(seen->box);
    Rect box = seen->box;
    double margin = PICTURE_MARGIN * em;
    if (line->vertical) {
        box.x0 -= margin;
        box.x1 += margin;
    } else {
        box.y0 -= margin;
        box.y1 += margin;
    }
    return glyph_picture_take(look->scan->raster.grey, in_pixels(box), em * RASTER_SCALE,
                              ret_picture);
}

/* The ink of a box of pixels, a picture of its own; NULL if it lies outside. */
static PIX *
ink_of(const Look *look, Rect pixels)
{
    BOX *area = boxCreate((int)pixels.x0, (int)pixels.y0, (int)rect_width(pixels) + 1,
                          (int)rect_height(pixels) + 1);
    PIX *part = pixClipRectangle(look->scan->raster.ink, area, NULL);
    boxDestroy(&area);
    return part;
}

gboolean
look_has_contrast(const Look *look, Rect box)
{
    Rect pixels = in_pixels(box);
    BOX *area = boxCreate((int)pixels.x0, (int)pixels.y0, (int)rect_width(pixels) + 1,
                          (int)rect_height(pixels) + 1);
    PIX *part = pixClipRectangle(look->scan->raster.plain, area, NULL);
    NUMA *shades = part != NULL ? pixGetGrayHistogram(part, 1) : NULL;
    float ground = 0;
    int all = part != NULL ? pixGetWidth(part) * pixGetHeight(part) : 0;
    double apart = 0;
    if (shades != NULL && numaHistogramGetValFromRank(shades, 0.5F, &ground) == 0) {
        for (int i = 0; i < numaGetCount(shades); i++) {
            float count = 0;
            numaGetFValue(shades, i, &count);
            apart += fabs(i - (double)ground) >= CONTRAST ? (double)count : 0;
        }
    }
    numaDestroy(&shades);
    pixDestroy(&part);
    boxDestroy(&area);
    return all > 0 && apart >= INK_PIXELS;
}

double
look_ink_left(const Look *look, Rect box, const GArray *seen)
{
    Rect pixels = in_pixels(box);
    int count = 0, left = MAX(0, (int)pixels.x0), top = MAX(0, (int)pixels.y0);
    PIX *part = ink_of(look, pixels);
    for (guint i = 0; part != NULL && i < seen->len; i++) {
        const SeenChar *s = &g_array_index(look->chars, SeenChar, g_array_index(seen, guint, i));
        Rect b = in_pixels(s->box);
        double margin = PICTURE_MARGIN * rect_height(b);
        pixRasterop(part, (int)(b.x0 - margin) - left, (int)(b.y0 - margin) - top,
                    (int)(rect_width(b) + 2 * margin) + 1, (int)(rect_height(b) + 2 * margin) + 1,
                    PIX_CLR, NULL, 0, 0);
    }
    if (part != NULL) {
        pixCountPixels(part, &count, NULL);
        pixDestroy(&part);
    }
    return count / (RASTER_SCALE * RASTER_SCALE);
}

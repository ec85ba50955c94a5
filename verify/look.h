/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Look: what is seen in the picture of one page, nothing of the document being known: every
 * character that was read, with its place.
 *
 * Unit: points of the picture at its resolution, upright and level.
 */
#pragma once

#include "glyph-picture.h"
#include "scan.h"
#include "source.h"

typedef struct {
    gunichar c;
    float confidence; /* 0 to 1 */
    Rect box;         /* the em box */
    guint line;       /* index into the scan's lines */
} SeenChar;

typedef struct {
    guint32 number; /* of the picture, from 1 */
    double dpi;
    Scan *scan;
    Page *layer;   /* evidence of a PDF's page, without OCR; NULL for page images */
    GArray *chars; /* SeenChar, line by line */
} Look;

/* Looks at picture `number`. otherwise: reads it in another way than process does, so that its
 * result is not just repeated. Errors of EXTRACT_ERROR. */
Look *look_take(Source *source, guint32 number, gboolean otherwise, void (*on_ocr)(void),
                GError **error);
void look_free(Look *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Look, look_free)

/* Reads one line again in another way: its characters (gunichar) are put into `chars`. */
gboolean look_again(const Look *look, Recogniser *recogniser, guint line, GArray *chars,
                    GError **error);

/* The picture of a seen character. */
gboolean look_picture(const Look *look, const SeenChar *seen, GlyphPicture *ret_picture);

/* Whether anything in a box stands out from its ground, dark or light. */
gboolean look_has_contrast(const Look *look, Rect box);

/* How much ink of a box is not under the boxes of these characters (guint: indices), in square
 * points. */
double look_ink_left(const Look *look, Rect box, const GArray *seen);

/* The size of the picture in points. */
static inline Rect
look_extent(const Look *look)
{
    return (Rect){0, 0, look->scan->width, look->scan->height};
}

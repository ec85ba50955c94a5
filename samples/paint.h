/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set pages to a PDF.
 *
 * The same pages give the same bytes: dates come from SOURCE_DATE_EPOCH, or are those of a fixed
 * day. Each piece of text is painted by itself, in the order the options want. */
#ifndef SAMPLES_PAINT_H
#define SAMPLES_PAINT_H

#include "page.h"

typedef struct Painter Painter;

/* WIDTH and HEIGHT: of the pages as set, points. OPTIONS is borrowed for the painter's life. */
Painter *painter_new(const char *path, double width, double height, const Options *options,
                     GError **error);
void painter_free(Painter *painter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Painter, painter_free)

void painter_add_page(Painter *painter, const Page *page, Fonts *fonts);

/* Ends the file. Fails when it could not be written, or when --rotate was wanted and this cairo
 * writes its pages in a way that leaves no place for it. */
gboolean painter_finish(Painter *painter, GError **error);

#endif

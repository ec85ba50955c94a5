/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A PDF whose pages are nothing but a picture each.
 *
 * leptonica 1.82 writes such PDFs too, but with the time of day, sizes in whole points, and objects
 * that are not closed.
 */
#ifndef SAMPLES_SCAN_PDF_PICTURES_H
#define SAMPLES_SCAN_PDF_PICTURES_H

#include <glib.h>
#include <leptonica/allheaders.h>

typedef struct PdfPictures PdfPictures;

PdfPictures *pdf_pictures_new(const char *path, GError **error);

/* What is not finished is removed. */
void pdf_pictures_free(PdfPictures *pdf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdfPictures, pdf_pictures_free)

/* A page as large as the picture is at this resolution. quality: of JPEG, 0 for none; pictures of
 * one bit are compressed as faxes are. */
gboolean pdf_pictures_add(PdfPictures *pdf, PIX *pix, int quality, int dpi, GError **error);

gboolean pdf_pictures_finish(PdfPictures *pdf, GError **error);

#endif

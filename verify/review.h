/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Review: the page on which a person settles the doubtful places: one HTML file with everything in
 * it. Its parts are in review/.
 */
#pragma once

#include "report.h"

#include <leptonica/allheaders.h>

typedef struct Review Review;

/* Keeps the pictures in a temporary file. NULL with a GFileError. */
Review *review_new(guint pages, GError **error);
void review_free(Review *review);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Review, review_free)

/* Makes the picture of a page (8 bpp, 300 dpi) small enough for a file of so many pages: PNG or
 * JPEG, appended to `bytes`. */
void review_picture(PIX *grey, guint pages, GByteArray *bytes);

/* Keeps the picture of page `index` of the document. FALSE with a GFileError. */
gboolean review_add(Review *review, guint index, const guint8 *bytes, gsize size, GError **error);

/* FALSE if it cannot be written. */
gboolean review_write(Review *review, const Claims *claims, const Report *report,
                      const ReportFacts *facts, FILE *out);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ocr: what of a PDF's page is read from its picture, and how that joins what the text layer says.
 *
 * Decided from evidence, page by page and region by region: a page that is a picture, a picture
 * with text on a page with a text layer, outlined text, characters painted but undecoded, fonts
 * whose characters are doubtful, and a scanner's hidden text, of which both readings are kept and
 * the better is put out.
 */
#pragma once

#include "page.h"
#include "pdf.h"
#include "recognise.h"

typedef struct OcrPlan OcrPlan;

/* What is to be read on this page, or NULL if its text layer says it all. always: everything. */
OcrPlan *ocr_plan(const Page *page, gboolean always);
void ocr_plan_free(OcrPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OcrPlan, ocr_plan_free)

/* Reads it and adds it to the page; notices as "ocr" why. dpi: of the rendering; 0 for 300.
 * FALSE with an error of EXTRACT_ERROR. */
gboolean ocr_run(const OcrPlan *plan, Pdf *pdf, double dpi, Recogniser *recogniser, Page *page,
                 GError **error);

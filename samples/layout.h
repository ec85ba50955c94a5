/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report's content to a PDF and the truth about it.
 *
 * The content is set three times: once to learn how many pages it needs, once, with as many rows as
 * the wanted number of pages takes, to learn on which page each heading stands (for the table of
 * contents), and once for good. Pages are painted and forgotten one by one. */
#ifndef SAMPLES_LAYOUT_H
#define SAMPLES_LAYOUT_H

#include "content.h"

/* Writes PDF_PATH and, where it is not NULL, TRUTH_PATH. */
gboolean layout_run(const Content *content, const Options *options, Fonts *fonts,
                    const char *pdf_path, const char *truth_path, GError **error);

#endif

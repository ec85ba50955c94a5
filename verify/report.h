/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Report: the verdicts as XML (urn:yomijun:report:1, report.rng), and the document with the
 * verdicts in it.
 */
#pragma once

#include <stdio.h>

#include "verdict.h"

typedef struct {
    const char *document, *source; /* names */
    const char *version, *tesseract;
    double threshold;
    gboolean self_check; /* the document's text was read from the same pictures */
} ReportFacts;

/* FALSE if it cannot be written. */
gboolean report_write(const Claims *claims, const Report *report, const ReportFacts *facts,
                      FILE *out);

/* The document at `path` again, its zones with verdict and agreement. */
gboolean report_annotate(const char *path, const Claims *claims, const Report *report, FILE *out);

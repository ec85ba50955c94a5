/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BatchReport: what people see of a batch: the plan, the bar, the summary, the log, the status.
 */
#pragma once

#include <stdio.h>

#include "plan.h"
#include "runner.h"

typedef struct BatchReport BatchReport;

/* log: path of a log in JSON lines, which grows; or NULL. An error of G_FILE_ERROR. */
BatchReport *batch_report_new(const Plan *plan, gboolean quiet, const char *log, GError **error);
void batch_report_free(BatchReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BatchReport, batch_report_free)

/* What would be done, and why, on standard output. */
void batch_report_plan(const Plan *plan, FILE *out);

/* One document is done. */
void batch_report_add(BatchReport *report, const PlanItem *item, const TaskResult *result);

/* Something is left that is not whole: an archive file, or what cannot be read. */
void batch_report_left(BatchReport *report, const PlanItem *item);

/* The bar anew, if it is time. */
void batch_report_draw(BatchReport *report);

/* The end: counts, the slowest, all that failed. */
void batch_report_summary(BatchReport *report, const Plan *plan);

guint batch_report_failed(const BatchReport *report);

/* Closes the log. FALSE if lines are missing in it. */
gboolean batch_report_end_log(BatchReport *report, GError **error);

/* What the catalogue says, while a batch is at work on it or not, on `out`. */
gboolean batch_report_status(Catalogue *catalogue, gboolean at_work, FILE *out, GError **error);

/* The same of a shard that is not merged yet: a line. */
gboolean batch_report_shard(Catalogue *catalogue, gboolean at_work, FILE *out, GError **error);

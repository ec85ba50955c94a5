/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Task, files: the page images and plain texts of a document into its task, wherever they are.
 */
#pragma once

#include "plan.h"
#include "task.h"

/* Where a file is: its path in the archive, and which member of an archive file it is. A new
 * string. */
typedef char *(*FilePlace)(gconstpointer user_data, const PlanItem *item, const char *path,
                           guint32 member);

/* Of anything but a PDF. */
void task_files_fill(Task *task, const PlanItem *item, FilePlace place, gconstpointer user_data);

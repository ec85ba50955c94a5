/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Queue: the documents of a plan as tasks, in its order; those of archive files out of them, one
 * archive file after the other.
 */
#pragma once

#include "plan.h"
#include "task.h"

typedef struct Queue Queue;

/* archive: its folder; scratch: where what belongs to documents being read may lie (members.h).
 * All must live as long. */
Queue *queue_new(const Plan *plan, const char *archive, const char *scratch);
void queue_free(Queue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Queue, queue_free)

/* The next document: its item, and where its bytes are, as parts of a task; or why it cannot be
 * read out of its archive file (ret_why, a new string). FALSE at the end, or with an error if the
 * machine fails. */
gboolean queue_next(Queue *queue, const PlanItem **ret_item, Task *ret_task, char **ret_why,
                    GError **error);

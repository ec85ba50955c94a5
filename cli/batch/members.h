/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Members: the documents of one archive file, ready to be extracted, in one pass over it. A PDF
 * comes as a descriptor, page images and plain texts as files in a folder of their own.
 */
#pragma once

#include "plan.h"
#include "task.h"

typedef struct Members Members;

/* The limits of what reads archive files, and its sandbox. */
ContainerOptions members_options(void);

/* items: PlanItem of one archive file, in its order; must live as long. scratch: a folder in which
 * a folder ID.d is made for each document of images or text, which the caller removes. */
Members *members_new(const PlanItem *items, guint n_items, const char *scratch, GError **error);
void members_free(Members *members);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Members, members_free)

/* The next document that is whole: its item, and its bytes as parts of a task; or why it cannot be
 * read (ret_why, a new string). FALSE at the end, or with an error if the machine fails. */
gboolean members_next(Members *members, const PlanItem **ret_item, Task *ret_task, char **ret_why,
                      GError **error);

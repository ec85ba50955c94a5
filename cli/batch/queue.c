/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "queue.h"

#include "members.h"
#include "task-files.h"

struct Queue {
    const Plan *plan;
    const char *archive, *scratch;
    guint next;       /* of the plan's items */
    Members *members; /* of the archive file whose documents come next, or NULL */
    guint lost;       /* so many items before `next` are of an archive file that cannot be opened */
    char *why;        /* it cannot */
};

Queue *
queue_new(const Plan *plan, const char *archive, const char *scratch)
{
    Queue *q = g_new0(Queue, 1);
    q->plan = plan;
    q->archive = archive;
    q->scratch = scratch;
    return q;
}

void
queue_free(Queue *q)
{
    if (q != NULL) {
        members_free(q->members);
        g_free(q->why);
        g_free(q);
    }
}

static const PlanItem *
item_at(const Queue *q, guint i)
{
    return &g_array_index(q->plan->items, PlanItem, i);
}

/* Opens the archive file whose documents come next. */
static void
open_members(Queue *q)
{
    g_autoptr(GError) error = NULL;
    const PlanItem *first = item_at(q, q->next);
    guint n = 0;
    while (q->next < q->plan->items->len && item_at(q, q->next)->list == first->list) {
        q->next++;
        n++;
    }
    q->members = members_new(first, n, q->scratch, &error);
    if (q->members == NULL) {
        q->lost = n;
        g_free(q->why);
        q->why = g_strdup(error->message);
    }
}

/* FALSE at the end of the archive file, which may be an early one if a signal ends everything. */
static gboolean
next_member(Queue *q, const PlanItem **ret_item, Task *ret_task, char **ret_why, GError **error)
{
    GError *failed = NULL;
    if (members_next(q->members, ret_item, ret_task, ret_why, &failed)) {
        return TRUE;
    }
    g_clear_pointer(&q->members, members_free);
    if (g_error_matches(failed, G_FILE_ERROR, G_FILE_ERROR_INTR)) {
        g_clear_error(&failed);
    } else if (failed != NULL) {
        g_propagate_error(error, failed);
    }
    return FALSE;
}

static char *
in_archive(gconstpointer user_data, const PlanItem *item, const char *path, guint32 member)
{
    const Queue *q = user_data;
    (void)item;
    (void)member;
    return g_build_filename(q->archive, path, NULL);
}

/* A document that is no member of an archive file. Which images a folder has is asked again when it
 * is read, unless texts are told apart by it. */
static void
fill_task(const Queue *q, const PlanItem *item, Task *task)
{
    const Document *d = item->document;
    if (d->kind == DOCUMENT_TEXT || d->n_texts > 0) {
        task_files_fill(task, item, in_archive, q);
    } else {
        task->path = g_build_filename(q->archive, d->path, NULL);
    }
}

gboolean
queue_next(Queue *q, const PlanItem **ret_item, Task *ret_task, char **ret_why, GError **error)
{
    GError *failed = NULL;
    while (failed == NULL) {
        if (q->lost > 0) {
            *ret_item = item_at(q, q->next - q->lost--);
            *ret_why = g_strdup(q->why);
            return TRUE;
        }
        if (q->members != NULL) {
            if (next_member(q, ret_item, ret_task, ret_why, &failed)) {
                return TRUE;
            }
        } else if (q->next == q->plan->items->len) {
            return FALSE;
        } else if (item_at(q, q->next)->list != NULL) {
            open_members(q);
        } else {
            *ret_item = item_at(q, q->next++);
            fill_task(q, *ret_item, ret_task);
            return TRUE;
        }
    }
    g_propagate_error(error, failed);
    return FALSE;
}

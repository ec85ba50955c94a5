/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parallel.h"

#define MOST_THREADS 16u

typedef struct {
    guint n;
    gint next; /* atomic */
    ParallelFunc work;
    gpointer user_data;
} Parallel;

static gpointer
take_turns(gpointer data)
{
    Parallel *p = data;
    for (;;) {
        guint i = (guint)g_atomic_int_add(&p->next, 1);
        if (i >= p->n) {
            return NULL;
        }
        p->work(i, p->user_data);
    }
}

void
parallel_each(guint n, guint jobs, ParallelFunc work, gpointer user_data)
{
    Parallel p = {.n = n, .work = work, .user_data = user_data};
    GThread *threads[MOST_THREADS];
    guint most = MIN(MIN(jobs, n), MOST_THREADS + 1), started = 0;
    while (started + 1 < most) {
        threads[started] = g_thread_try_new("yomijun", take_turns, &p, NULL);
        if (threads[started] == NULL) {
            break;
        }
        started++;
    }
    take_turns(&p);
    for (guint i = 0; i < started; i++) {
        g_thread_join(threads[i]);
    }
}

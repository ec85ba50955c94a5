/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

/* Fewer steps are done before a bar could be read. */
#define STEPS_LEAST 8u
#define WIDTH 30u
/* Microseconds between two drawings. */
#define INTERVAL 100000

struct Progress {
    guint steps, done;
    gint64 started, drawn;
    gboolean shown;
    int told;
};

Progress *
progress_new(guint steps, gboolean quiet, int told)
{
    Progress *p = g_new0(Progress, 1);
    p->steps = steps;
    p->told = told;
    p->shown = !quiet && steps >= STEPS_LEAST && isatty(STDERR_FILENO);
    p->started = g_get_monotonic_time();
    return p;
}

void
progress_step(Progress *p)
{
    p->done++;
    if (p->told >= 0) {
        dprintf(p->told, "S %u %u\n", p->done, p->steps);
    }
    gint64 now = g_get_monotonic_time();
    if (!p->shown || now - p->drawn < INTERVAL) {
        return;
    }
    p->drawn = now;
    char bar[WIDTH + 1];
    guint filled = (guint)((guint64)WIDTH * p->done / p->steps);
    for (guint i = 0; i < WIDTH; i++) {
        bar[i] = i < filled ? '#' : '.';
    }
    bar[WIDTH] = '\0';
    double left = (double)(now - p->started) / 1e6 * (p->steps - p->done) / MAX(1, p->done);
    fprintf(stderr, "\r[%s] page %u of %u, %.0f s left ", bar, p->done, p->steps, left);
    fflush(stderr);
}

void
progress_free(Progress *p)
{
    if (p != NULL && p->shown && p->drawn != 0) {
        fprintf(stderr, "\r%*s\r", 72, "");
        fflush(stderr);
    }
    g_free(p);
}

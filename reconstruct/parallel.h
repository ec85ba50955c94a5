/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parallel: the same work on each of several things that know nothing of one another.
 */
#pragma once

#include <glib.h>

typedef void (*ParallelFunc)(guint i, gpointer user_data);

/* Calls `work` once for each i below n, on `jobs` threads at most (and no more than 17), of which
 * the caller's is one; in any order, all done on return. Where no thread can be had the caller's
 * does it all. */
void parallel_each(guint n, guint jobs, ParallelFunc work, gpointer user_data);

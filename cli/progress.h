/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Progress: a bar on standard error where that is a terminal.
 */
#pragma once

#include <glib.h>

typedef struct Progress Progress;

/* No bar if quiet, if standard error is no terminal, or for few steps. told: a descriptor to which
 * each step is told as a line "S DONE ALL", or -1. */
Progress *progress_new(guint steps, gboolean quiet, int told);
void progress_step(Progress *progress);

/* Wipes the bar. NULL is fine. */
void progress_free(Progress *progress);

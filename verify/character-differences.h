/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Character differences: single characters that document and picture do not have in common, or runs
 * too short for a passage. Private to comparison.c and its parts.
 */
#pragma once

#include "align.h"
#include "differences.h"

/* Whether a step is of something that only one side has. */
static inline gboolean
is_other(const Step *s)
{
    return s->kind >= STEP_OTHER;
}

/* A run of steps that are all other, gone or new. */
void compare_run(const Job *job, guint zone, const ZoneText *text, const Step *steps, guint n);

/* Characters that are the same but for width or variant: one note of each kind for a zone. */
void compare_plain(const Job *job, guint zone, const ZoneText *text, const GArray *steps);

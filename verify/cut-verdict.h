/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cut verdict: what a place says that is cut by its ink (cuts.h), against what the document has
 * there. Of a number all of it is judged: OCR may see a digit too many and so have the others in
 * the wrong places; if that fails, what differs alone. It says nothing unless it knows every
 * character of it, and those beside it stand as the document has them. Marks (points, signs,
 * percent) are left to others.
 */
#pragma once

#include "learnt.h"

typedef struct {
    char *read;       /* what stands there */
    char *printed;    /* NULL if that is what the document has; else what stands … */
    guint at, length; /* … instead of so many of the passage's characters from here */
} CutVerdict;

/* FALSE if the place says nothing for certain. */
gboolean cut_verdict(const Learnt *learnt, const Difference *d, CutVerdict *ret_verdict);
void cut_verdict_clear(CutVerdict *verdict);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JoinJudge: does one line of text go on with another? Asked by the passes that put plain text back
 * in order; whatever answers (a model of the language, read from a file) is opened by the caller
 * and handed in, so that the passes stay pure.
 */
#pragma once

#include <glib.h>

/* Code points; white space left out. */
typedef struct {
    /* The natural logarithm of how many times more often `right` stands after `left` than it stands
     * anywhere: log P(right | left) / P(right). About 0 if nothing is known. `left` is the end of
     * a line and `right` the start of one (at most JOIN_REACH code points each). An empty `left`
     * asks for the start of a paragraph, an empty `right` for its end after `left`. */
    double (*join)(const void *self, const guint32 *left, guint n_left, const guint32 *right,
                   guint n_right);
    const void *self;
} JoinJudge;

/* How far a judge looks on each side. */
#define JOIN_REACH 12u

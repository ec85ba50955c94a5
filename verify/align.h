/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Align: what of one text is what of another, character by character, by the least edit distance
 * (Wagner and Fischer, "The string-to-string correction problem", 1974), differences of width
 * costing next to nothing.
 */
#pragma once

#include <glib.h>

typedef enum {
    STEP_SAME,
    STEP_PLAIN, /* the same but for width or a variant of form */
    STEP_OTHER, /* another character */
    STEP_GONE,  /* in the first text only */
    STEP_NEW,   /* in the second only */
} StepKind;

typedef struct {
    guint8 kind;  /* StepKind */
    guint32 a, b; /* where in the two texts: the next character's index where there is none */
} Step;

/* Ends of the first text that the second need not have. */
enum { ALIGN_WHOLE = 0, ALIGN_FREE_START = 1 << 0, ALIGN_FREE_END = 1 << 1 };

/* Steps (Step) in the order of the texts, without the free ends. NULL if the texts are too long for
 * each other (64 million pairs of characters). */
GArray *align_texts(const gunichar *a, guint n, const gunichar *b, guint m, guint ends);

/* The part of characters that agree: 1 minus the cost over the longer length, differences of width
 * being free. */
double align_agreement(const GArray *steps);

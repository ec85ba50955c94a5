/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Weighing: the looks that are taken at one difference (verdict.h lists them), each by itself, and
 * what they make together. What the whole document has taught is asked, and not changed.
 */
#pragma once

#include "cut-verdict.h"
#include "verdict.h"

typedef struct {
    const Learnt *learnt;
    const Difference *d;
    GArray *looks;  /* Said, the caller's to unref */
    double score;   /* what speaks for a finding is positive */
    gboolean third; /* the picture is of neither, but of a third character */
    gboolean
        seconded; /* something speaks for it that is not OCR, or its knowledge of the language */
    gboolean exampled; /* the document has what is seen elsewhere, with its picture */
    CutVerdict cut;    /* the caller's to clear */
} Weighing;

/* All looks at a suspicion. */
Weighing weigh(const Learnt *learnt, const Difference *d);

/* Of a passage that is settled without them, what is known of it. */
Weighing weigh_settled(const Learnt *learnt, const Difference *d);

/* Whether the text layer vouches for a passage: it says the same, and its fonts are to be believed:
 * most of these glyphs are read so elsewhere. No wrong font puts right characters into another
 * order. */
gboolean layer_vouches(const Learnt *learnt, const Difference *d);

/* The text layer, where there is one, is believed rather than OCR alone. */
gboolean passage_is_wrong(const Learnt *learnt, const Difference *d);

/* An empty array of Said. */
GArray *looks_new(void);

/* A weight as a confidence, 0 to 1. */
double confidence_of(double weight);

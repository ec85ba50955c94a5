/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Weighing: the looks that are taken at one difference (verdict.h lists them), each by itself, and
 * what they make together. What the whole document has taught is asked, and not changed.
 */
#pragma once

#include "sense.h"
#include "verdict.h"

/* What the pages of a document say of characters in general. */
typedef struct {
    const Claims *claims;
    GlyphBank *bank;
    GHashTable *votes;  /* expected char → how it was read, private to weighing.c */
    GHashTable *glyphs; /* glyph of a text layer → GlyphVotes */
    Sense *sense;       /* what makes Japanese, and this document; set before anything is weighed */
} Learnt;

void learnt_init(Learnt *learnt, const Claims *claims);
void learnt_clear(Learnt *learnt);

/* Adds what one page's readings say. */
void learn(Learnt *learnt, const Comparison *c);

typedef struct {
    const Learnt *learnt;
    const Difference *d;
    GArray *looks;  /* Said, the caller's to unref */
    double score;   /* what speaks for a finding is positive */
    gboolean third; /* the picture is of neither, but of a third character */
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

/* Pictures of a bank that are no further apart than this are of one character. */
double near_of(const GlyphBank *bank);

/* May one character be printed where the other is meant? */
gboolean may_be_taken_for(guint32 c, guint32 like);

/* Whether pictures of one are pictures of the other in some typeface. */
gboolean is_one_or_alike(guint32 c, guint32 like);

/* An empty array of Said. */
GArray *looks_new(void);

/* A weight as a confidence, 0 to 1. */
double confidence_of(double weight);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Learnt: what the pages of a document teach of its characters: what they look like, how OCR reads
 * them, which of them can be taken for each other.
 */
#pragma once

#include "comparison.h"
#include "sense.h"

/* How a character was read. */
typedef struct {
    guint agreed, differed;
    GHashTable *as; /* seen char → count, where it differed */
} Votes;

/* What the pages of a document say of characters in general. */
typedef struct {
    const Claims *claims;
    GlyphBank *bank;
    GHashTable *votes;  /* expected char → Votes */
    GHashTable *glyphs; /* glyph of a text layer → GlyphVotes */
    Sense *sense;       /* what makes Japanese, and this document; set before anything is weighed */
} Learnt;

void learnt_init(Learnt *learnt, const Claims *claims);
void learnt_clear(Learnt *learnt);

/* Adds what one page's readings say. */
void learn(Learnt *learnt, const Comparison *c);

/* Pictures of a bank that are no further apart than this are of one character. */
double near_of(const GlyphBank *bank);

/* May one character be printed where the other is meant? */
gboolean may_be_taken_for(guint32 c, guint32 like);

/* Whether pictures of one are pictures of the other in some typeface. */
gboolean is_one_or_alike(guint32 c, guint32 like);

/* Whether they have one shape in many typefaces: then no picture tells them apart. */
gboolean have_one_shape(guint32 a, guint32 b);

/* The distance to the nearest picture of a character in either width, 2 if there is none. */
double learnt_distance(const Learnt *learnt, gunichar c, const GlyphPicture *picture);

/* The character that is all of a text, 0 if it has none or more. */
gunichar only_char(const char *text);

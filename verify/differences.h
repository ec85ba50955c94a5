/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Differences: how one place becomes a Difference, with its box, its pictures, what the text layer
 * says there. Private to the comparison of a page (comparison.c) and its parts.
 */
#pragma once

#include "comparison.h"
#include "zone-texts.h"

typedef struct {
    const Claims *claims;
    const ClaimedPage *page;
    const Look *look;
    GArray *texts; /* ZoneText */
    Comparison *result;
    GArray *layer_steps; /* Step: of the zone at hand, its passage and its text layer; or NULL */
    Witness *witness;    /* the text layer */
    guint claimed, agreeing; /* characters of the zones compared; those that are seen in them */
} Job;

static inline char *
utf8(const gunichar *chars, guint n)
{
    return g_ucs4_to_utf8(chars, n, NULL, NULL, NULL);
}

static inline const SeenChar *
seen_char(const Job *job, const ZoneText *text, guint i)
{
    return &g_array_index(job->look->chars, SeenChar, g_array_index(text->seen, guint, i));
}

/* Where characters [from, to) of a zone's reading stand, or, if there are none, the gap. */
Rect box_of(const Job *job, const ZoneText *text, guint from, guint to, Rect otherwise);

/* Adds one, which takes the texts; nothing else is known of it yet. */
Difference *add_difference(const Job *job, guint32 zone, FindingKind kind, char *expected,
                           char *seen, Rect box);

/* Whether most of what is seen stands where the layer has text that the document has as well. */
gboolean is_accounted(const Job *job, const ZoneText *text, guint from, guint to);

/* What the layer says of a difference: of the passage's characters [a0, a1), and of the place of
 * those seen, [b0, b1). */
void ask_layer(const Job *job, const ZoneText *text, guint a0, guint a1, guint b0, guint b1,
               Difference *d);

/* Takes the pictures of characters [from, to) of a zone's reading. */
void take_pictures(const Job *job, const ZoneText *text, guint from, guint to, Difference *d);

/* The em of a character seen. */
double em_of(const Job *job, const ZoneText *text, guint i);

/* The cuts of what is seen at [from, to), of a number all of it, with some characters around it on
 * its line. */
void take_cuts(const Job *job, const ZoneText *text, guint from, guint to, Difference *d);

/* Whether n characters may stand before character `at` of a zone's reading, or ink of theirs stands
 * anywhere in the zone, unread. */
gboolean has_room(const Job *job, guint zone, const ZoneText *text, guint at, guint n);

/* The passage that stands in a zone. */
const Passage *passage_of(const Job *job, guint zone);

/* Whether a zone lies beyond the edge of a cropped picture, with a part or the whole of it: what is
 * not seen of it says nothing. */
gboolean is_cut_off(const Job *job, guint zone);

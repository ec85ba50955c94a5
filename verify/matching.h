/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Matching: which passages of one document are which of another, by their text and place, and
 * character by character what both have. Passages that were split, joined or moved are found
 * again; the same documents give the same matching.
 */
#pragma once

#include "units.h"

/* Passages that are the same text, or what it was made of; one side is empty where the other
 * document has nothing of it. */
typedef struct {
    GArray *old, *new; /* guint: stretches, in the order of reading */
    gboolean moved;    /* the whole passage stands in another order */
} Group;

typedef struct {
    Units *old, *new;
    GPtrArray *groups; /* Group, in the order of the old document, then those of the new alone */
} Matching;

/* Borrows the claims, which must outlive it. */
Matching *matching_new(const Claims *old, const Claims *new);
void matching_free(Matching *matching);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Matching, matching_free)

/* Points by which a box may differ and be the same place: about a line. */
#define PLACE_NEAR 12.0

/* Whether two boxes are the same place. */
gboolean place_is_near(Rect a, Rect b);

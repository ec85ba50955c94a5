/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Group walk: what differs in the text of passages that belong together, as spots by class of
 * change. Private to changes.c.
 */
#pragma once

#include "changes.h"
#include "matching.h"

/* Text of so many units that only one document has is lost or gained, also inside a passage; less
 * is a text that differs. */
#define LOST_LEAST 10u

typedef enum {
    BIT_BLANK, /* white space */
    BIT_EXACT, /* the same in both */
    BIT_NORM,  /* the same after folding */
    BIT_FREE,
    BIT_MOVED,
} BitKind;

/* A character with what folds with it, or a run of white space. */
typedef struct {
    guint32 stretch, from, to; /* characters of its text */
    guint32 unit;              /* its first; G_MAXUINT32: white space */
    guint8 kind;               /* BitKind */
    guint8 units;
} Bit;

typedef struct {
    const Units *units;
    GArray *bits; /* Bit */
} Side;

/* What has moved together: its spots on both sides. */
typedef struct {
    GArray *old, *new;
    guint place;
    guint32 page;
} Moved;

typedef struct {
    GPtrArray *all;              /* Moved */
    GHashTable *by_old, *by_new; /* unit + 1 → Moved */
} MovedPieces;

typedef struct {
    const Group *group;
    Side old, new;
    const MovedPieces *pieces;
    GArray *spots_old[CLASS_LAST + 1], *spots_new[CLASS_LAST + 1]; /* Spot */
    GArray *free_old, *free_new;                                   /* gunichar: all that is free */
    gboolean restyled; /* characters are underlined or struck through otherwise */
    gboolean differs;  /* in more than white space and normalisation */
} Walk;

static inline GArray *
spots_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(Spot));
}

/* Units that follow each other on both sides are one piece. */
MovedPieces moved_pieces(const Matching *m);
void moved_pieces_clear(MovedPieces *pieces);

/* Begins the walk of a group; walk_clear() it. */
void walk_begin(Walk *w, const Matching *m, const Group *group, const MovedPieces *pieces);
void walk_clear(Walk *w);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

/* Fills in the spots by class, and all that is free. */
void walk_group(Walk *w);

/* The free units of bits: all to `all`; those of numbers to the result. */
GString *free_units(const Side *side, guint from, guint to, GArray *all, guint *ret_n);

/* The class of so many free units against each other, with these numbers among them. */
ChangeClass class_of(guint old, guint new, const char *old_numbers, const char *new_numbers);

/* Whether some of a side's bits [from, to) are of a kind. */
gboolean has_kind(const Side *side, guint from, guint to, BitKind kind);

/* Gives every bit of one side to a class; white space goes with what is before it, or else after
 * it. */
void share_bits(const Walk *w, const Side *side, guint from, guint to, ChangeClass class);

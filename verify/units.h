/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Units: the text of a document as a row of folded characters, which is what two documents are
 * compared by. White space is left out; each unit knows where in its passage it stands.
 *
 * Folding makes one of what is written in two ways: full and half width, compatibility forms (㈱
 * and (株), ① and 1), radicals, decomposed kana, the dashes, variation selectors. Characters that
 * only mean the same (髙 and 高, 國 and 国) stay two.
 */
#pragma once

#include "claims.h"

/* What became of a unit when the documents were compared. */
typedef enum {
    UNIT_FREE,  /* the other document does not have it */
    UNIT_KEPT,  /* it has, in the same order */
    UNIT_MOVED, /* it has, in another place */
} UnitState;

typedef struct {
    gunichar fold;
    guint32 at;      /* of its first character in its passage's text */
    guint32 pair;    /* the other document's unit if not free */
    guint32 stretch; /* that it is in */
    guint8 length;   /* characters of the text that it stands for, with those folded with it */
    guint8 state;    /* UnitState */
} Unit;

/* A passage that says something. */
typedef struct {
    guint passage;   /* index into the claims */
    guint first, n;  /* its units */
    gunichar *text;  /* as it stands */
    guint length;    /* of text */
    guint32 page;    /* of its first zone; 0: none */
    gboolean placed; /* that zone has a box */
    Rect box;        /* of its zones on that page together */
} Stretch;

typedef struct {
    const Claims *claims;
    GArray *units;     /* Unit */
    GArray *stretches; /* Stretch, in the order of reading, a page's heads and folios before it */
} Units;

/* Borrows the claims, which must outlive it. */
Units *units_new(const Claims *claims);
void units_free(Units *units);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Units, units_free)

static inline Unit *
units_unit(const Units *units, guint i)
{
    return &g_array_index(units->units, Unit, i);
}

static inline Stretch *
units_stretch(const Units *units, guint i)
{
    return &g_array_index(units->stretches, Stretch, i);
}

static inline const Passage *
units_passage(const Units *units, guint stretch)
{
    return claims_passage(units->claims, units_stretch(units, stretch)->passage);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes: what differs between two extractions of the same document, passage by passage and by
 * kind. Pure: the same two documents give the same list. For a program that only wants to know
 * whether something changed, and how bad it is:
 *
 *     g_autoptr(Changes) changes = changes_find(old, new);
 *     changes->counts[CLASS_DIGITS], …   changes_worst(changes)   class_word(…)
 *
 * Every character that is not in both documents in the same order is in a spot of some change:
 * without its spots, the one reads as the other. What is not the document's content makes no
 * change but is noted as aside: the program and its options, names of zones, confidence, and boxes
 * that differ by less than PLACE_NEAR.
 */
#pragma once

#include "claims.h"

/* From the lightest to the gravest. Both ways round the same, gained for lost. */
typedef enum {
    CLASS_WHITE_SPACE,
    CLASS_NORMALISATION, /* the same after folding: width, compatibility forms, radicals (units.h)
                          */
    CLASS_STRUCTURE,     /* the same text, but another kind of element, cell, span, level, place; or
                          * split or joined; tables, figures and pages by themselves */
    CLASS_ORDER,         /* the same text, or the same characters, in another order */
    CLASS_TEXT,
    CLASS_GAINED, /* as lost, the other way round; or a page that could not be read and now is */
    CLASS_LOST,   /* passages, and runs of 10 characters and more, that are nowhere in the new
                   * document, or there fewer times; or a page that cannot be read any more */
    CLASS_DIGITS, /* a number says something else */
    CLASS_LAST = CLASS_DIGITS,
    CLASS_NONE,
} ChangeClass;

/* Characters [from, to) of a passage's text as it stands; none where from is to: a place. */
typedef struct {
    guint passage;
    guint32 from, to;
} Spot;

/* What differs of passages that belong together, in one class: one for each of its classes. */
typedef struct {
    ChangeClass class;
    guint32 page;      /* of the old document, or of the new where it is the only one */
    GArray *old, *new; /* Spot: what differs, in the order of reading; empty if nothing is there */
    char *what;        /* in words where the spots do not say it: "column 2, now 3"; or NULL */
} DocChange;

/* What differs beside the content. */
typedef enum {
    ASIDE_SOURCE = 1 << 0, /* another file, or its name */
    ASIDE_PRODUCER = 1 << 1,
    ASIDE_ZONES = 1 << 2, /* their names or number */
    ASIDE_CONFIDENCE = 1 << 3,
    ASIDE_BOXES = 1 << 4, /* by less than PLACE_NEAR */
    ASIDE_ALL = (1 << 5) - 1,
} Aside;

typedef struct {
    GArray *list; /* DocChange, page by page in the order of reading */
    guint counts[CLASS_LAST + 1];
    guint aside; /* Aside */
} Changes;

/* Borrows the claims for the call; spots are indices into their passages. */
Changes *changes_find(const Claims *old, const Claims *new);
void changes_free(Changes *changes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Changes, changes_free)

/* CLASS_NONE if nothing changed. */
ChangeClass changes_worst(const Changes *changes);

/* "white-space", "digits", …; "none". */
const char *class_word(ChangeClass class);

static inline const DocChange *
changes_change(const Changes *changes, guint i)
{
    return &g_array_index(changes->list, DocChange, i);
}

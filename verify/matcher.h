/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Matcher: what is known so far of which unit and which stretch of one document is which of the
 * other, while they are matched. Private to matching.c and its steps (match-*.c).
 */
#pragma once

#include "matching.h"

/* Shorter texts, in units, are told by their place. */
#define SHORT 8u
/* Ranges are divided so many times at most. */
#define DEPTH_MOST 64u

#define NONE G_MAXUINT32

typedef struct {
    guint a0, a1, b0, b1; /* stretches */
} Gap;

typedef struct {
    guint32 a, b;
} Pair;

typedef struct {
    Units *old, *new;
    guint32 *text_a, *text_b; /* which text each stretch has */
    guint texts;
    guint8 *linked_a, *linked_b;
    guint32 *gap_a, *gap_b;              /* which gap each stretch is in, or NONE */
    GArray *gaps;                        /* Gap */
    guint32 *count_a, *count_b, *last_b; /* scratch, by text: zero outside of a call */
    guint32 *parent;                     /* union-find over old stretches and new ones after them */
} Matcher;

/* Whether two stretches are at the same place, as far as that is known. */
gboolean is_at_place(const Stretch *a, const Stretch *b);

/* The root of a stretch in the union-find; new ones stand after the old. */
guint32 root_of(Matcher *m, guint32 i);

/* Two stretches belong together. */
void link_stretches(Matcher *m, guint a, guint b);

/* Two units are the same. */
void pair_units(Matcher *m, guint32 a, guint32 b, UnitState state);

/* Frees an old unit, and what it is paired with. */
void free_pair(Matcher *m, guint32 a);

/* Two stretches of the same text. */
void pair_stretches(Matcher *m, guint a, guint b);

/* `pairs` ascend in a, each b once. Leaves those of a longest row in which b ascends, too. */
void keep_ascending(GArray *pairs);

/* ---- the steps, in their order (matching.c) ---- */

/* 1. Equal passages in order; what lies between them are gaps. */
void anchor_passages(Matcher *m, Gap r, guint depth);

/* 2. Equal passages of a range that are left over on both sides, in order: they have moved. least:
 * units. by_page: on the same page only. */
void pair_moved(Matcher *m, Gap r, guint least, gboolean by_page);

/* 3. What is in a gap: by place, then by characters. */
void match_gap(Matcher *m, Gap gap);

/* … the characters of stretches (guint), aligned. */
void align_stretches(Matcher *m, const GArray *old, const GArray *new);
guint64 hash_run(const Units *units, const guint32 *which, guint length);

/* 4. Pieces of text that are left over on both sides. */
void match_pieces(Matcher *m);

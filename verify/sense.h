/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sense: which of two readings of a place makes Japanese: n-grams of the language and of what
 * document and picture agree about (reconstruct/join-model.h) say how much likelier the passage is
 * with the one than with the other. It knows nothing of numbers: all digits are one to it.
 */
#pragma once

#include "comparison.h"
#include "join-model.h"

typedef struct Sense Sense;

/* model: borrowed, or NULL: then only the document's own text is known. comparisons: of Comparison,
 * NULLs among them; the places that differ are left out of what is learnt. */
Sense *sense_new(const JoinModel *model, const Claims *claims, const GPtrArray *comparisons);
void sense_free(Sense *sense);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sense, sense_free)

/* The natural logarithm of how many times likelier the passage is with what is seen in the place of
 * what is expected: above 0 for what is seen. 0 where nothing can be said. */
double sense_of(const Sense *sense, const Difference *d);

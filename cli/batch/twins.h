/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Twins: documents of equal bytes. The first of them makes a result, the others wait for it and
 * copy it; where it fails they are read like others, since what failed here may do well there.
 *
 * Who may be copied at all (same options, no corrections, no folder) is for the caller to see.
 * Hashes are SHA-256, hexadecimal.
 */
#pragma once

#include "plan.h"
#include "results.h"
#include "runner.h"

typedef struct Twins Twins;

/* A document whose bytes are known, and whose result is there or staged. */
typedef struct {
    gint64 id;
    char *output;           /* where its result is, or will be; NULL while it is being made */
    char output_sha256[65]; /* of that result */
} Twin;

/* results: must live as long. */
Twins *twins_new(const Results *results);
void twins_free(Twins *twins);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Twins, twins_free)

/* Finds what can be copied: what has a result of this making. known: of catalogue_known(). */
void twins_find(Twins *twins, GHashTable *known, gint64 making);

/* The bytes of an item are known, or known anew since it is read once more: it waits for nobody
 * until twins_ask(), and if its bytes have changed, nobody waits for it. Items are told apart by
 * their addresses. */
void twins_seen(Twins *twins, const PlanItem *item, const Running *running, const char *sha256);

/* ANSWER_GO: it makes the result, for all that will wait. ANSWER_WAIT: `running` is answered later.
 * ANSWER_COPY: of ret_twin, borrowed, once that is in its place. */
HashAnswer twins_ask(Twins *twins, const PlanItem *item, Running *running, const char *sha256,
                     const Twin **ret_twin);

/* What runner_answer() is told for a copy; a new string. */
char *twins_copy(const Twins *twins, const Twin *twin);

/* The id of the document whose result is copied for these bytes; 0: none. */
gint64 twins_id(const Twins *twins, const char *sha256);

/* The hash that the item was the first to have, while it makes its result; else NULL. */
const char *twins_makes(const Twins *twins, const PlanItem *item);

/* Whether a task waits, for whomever. */
gboolean twins_is_waited_for(const Twins *twins);

/* What the item makes is in its place: those that wait copy it. */
void twins_made(Twins *twins, const PlanItem *item, const char *output, const char *output_sha256);

/* It does not make what others may wait for: they are read. */
void twins_make_no_more(Twins *twins, const PlanItem *item);

/* It is dead, or asks anew. */
void twins_wait_no_more(Twins *twins, const Running *running);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Outcome: what became of a document in a batch.
 */
#pragma once

#include "extraction.h"

typedef enum {
    OUTCOME_NONE, /* not tried yet */
    OUTCOME_OK,
    OUTCOME_EMPTY,   /* read well, and there is nothing on its pages */
    OUTCOME_PARTIAL, /* a result, but some page failed or has marks that no text accounts for */
    OUTCOME_TIMEOUT,
    OUTCOME_MEMORY,
    OUTCOME_CRASH,
    OUTCOME_ENCRYPTED,
    OUTCOME_DAMAGED,
    OUTCOME_UNSUPPORTED, /* no kind of file that is read */
    N_OUTCOMES
} Outcome;

/* "ok", "partial", …: the words of the catalogue. */
const char *outcome_word(Outcome outcome);

/* OUTCOME_NONE if there is no such word. */
Outcome outcome_of_word(const char *word);

static inline gboolean
outcome_is_good(Outcome outcome)
{
    return outcome == OUTCOME_OK || outcome == OUTCOME_EMPTY;
}

/* What became of a page, and why it is not all well: a line, or NULL. */
Outcome outcome_of_page(const PageOutcome *page);
const char *outcome_page_reason(const PageOutcome *page);

/* Of an extraction that ended by itself: its exit code and what it recorded. */
Outcome outcome_of(int code, PageFailure failure, gboolean any_text, gboolean any_mark);

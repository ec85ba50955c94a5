/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outcome.h"

#include <string.h>

#include "messages.h"

static const char *const words[N_OUTCOMES] = {"none",    "ok",         "empty", "partial",
                                              "timeout", "memory",     "crash", "encrypted",
                                              "damaged", "unsupported"};

const char *
outcome_word(Outcome outcome)
{
    return words[outcome];
}

Outcome
outcome_of_word(const char *word)
{
    for (guint i = 0; i < N_OUTCOMES; i++) {
        if (g_strcmp0(word, words[i]) == 0) {
            return (Outcome)i;
        }
    }
    return OUTCOME_NONE;
}

static Outcome
outcome_of_failure(PageFailure failure)
{
    switch (failure) {
    case PAGE_TIME:
        return OUTCOME_TIMEOUT;
    case PAGE_MEMORY:
        return OUTCOME_MEMORY;
    case PAGE_CRASH:
        return OUTCOME_CRASH;
    case PAGE_UNKNOWN:
        return OUTCOME_UNSUPPORTED;
    case PAGE_READ:
    case PAGE_DAMAGED:
    default:
        return OUTCOME_DAMAGED;
    }
}

Outcome
outcome_of(int code, PageFailure failure, gboolean any_text, gboolean any_mark)
{
    switch (code) {
    case EXIT_DONE:
        return any_text || any_mark ? OUTCOME_OK : OUTCOME_EMPTY;
    case EXIT_PARTLY:
        return OUTCOME_PARTIAL;
    case EXIT_PASSWORD:
        return OUTCOME_ENCRYPTED;
    default:
        return outcome_of_failure(failure);
    }
}

Outcome
outcome_of_page(const PageOutcome *page)
{
    if (page->failure != PAGE_READ) {
        return outcome_of_failure(page->failure);
    }
    return page->no_text || page->damaged || page->unlike ? OUTCOME_PARTIAL : OUTCOME_OK;
}

const char *
outcome_page_reason(const PageOutcome *page)
{
    if (page->failure != PAGE_READ) {
        return page->why;
    }
    return page->no_text   ? "marks, but no text that can be read"
           : page->damaged ? "its content is damaged: what could be read is there"
           : page->unlike  ? "little of its text was found on its picture"
                           : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What fuzzers share: their entry, their bytes as a little program, and the law of every document.
 */
#pragma once

#include "document.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    const guint8 *at, *end;
} Bytes;

/* The next byte; 0 after the last. */
static inline guint
byte_next(Bytes *bytes)
{
    return bytes->at < bytes->end ? *bytes->at++ : 0;
}

/* A writer's page(): of each page all characters that went in came out, or are named as dropped. */
static inline void
check_balance(Writer *writer, const PageRecord *record)
{
    (void)writer;
    guint dropped = 0;
    for (guint i = DROP_BLANK + 1; i <= DROP_LAST; i++) {
        dropped += record->dropped[i];
    }
    g_assert_cmpuint(record->glyphs, ==, record->placed + dropped);
}

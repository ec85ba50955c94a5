/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes put out: as text for people, and as XML (urn:yomijun:changes:1, changes.rng) for
 * programs.
 */
#pragma once

#include <stdio.h>

#include "changes.h"

typedef struct {
    const char *old, *new; /* names of the documents */
    const char *version;
    gboolean coloured; /* text: what differs in colours of a terminal, otherwise in brackets */
} ChangesFacts;

/* Both FALSE if it cannot be written. */
gboolean changes_write_text(const Claims *old, const Claims *new, const Changes *changes,
                            const ChangesFacts *facts, FILE *out);
gboolean changes_write_xml(const Claims *old, const Claims *new, const Changes *changes,
                           const ChangesFacts *facts, FILE *out);

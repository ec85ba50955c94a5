/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exemplars: characters that document and OCR agree about, whose pictures are examples of what they
 * look like. Private to comparison.c and its parts.
 */
#pragma once

#include "align.h"
#include "differences.h"

/* Whether OCR has a character more or less near a step: then its places have slipped there. */
gboolean exemplar_may_have_slipped(const GArray *steps, guint at);

/* Takes those of a zone. */
void take_exemplars(const Job *job, guint zone, const ZoneText *text, const GArray *steps);

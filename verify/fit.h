/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fit: whether the characters that OCR reads have the room they need. OCR at times reads one more
 * than there are (過失 as 過和失, ▲7 as ▲47), or one less; then the ink of one is shared out to
 * two, or that of two given to one, which is to be seen from the widths of the others of the line.
 */
#pragma once

#include "zone-texts.h"

/* Whether one of the characters seen at [from, to), or near them on their line, is much narrower
 * than its like on the line: more were read than there are. */
gboolean fit_is_squeezed(const ZoneText *text, const Look *look, guint from, guint to);

/* … or much wider: fewer were read. */
gboolean fit_is_stretched(const ZoneText *text, const Look *look, guint from, guint to);

/* How long [from, to) is together, in digits of the line. */
double fit_in_digits(const ZoneText *text, const Look *look, guint from, guint to);

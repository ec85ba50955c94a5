/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Styled reading: a page is read once more with the style that its columns have in what was read
 * (column-style.h), until that says nothing new.
 */
#pragma once

#include "interleaved.h"

/* The likeliest reading with these columns, found on up to `jobs` threads, whatever their number
 * the same; with confidences. */
TextReading *text_styled_read(TextPieces *pieces, const TextColumns *columns, guint jobs);

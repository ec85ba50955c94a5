/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passages: what a zone says that is quite something else, and runs of characters that only one
 * side has: missing, doubled, a neighbour's, or in another order. Private to comparison.c and its
 * parts.
 */
#pragma once

#include "differences.h"

/* So many characters in a row are a passage; so many of the other side may stand against them. */
#define PASSAGE 6u
#define PASSAGE_AGAINST 0.4

/* Whether these characters are in what was read of another zone of the page (claimed: or in what
 * another zone claims). */
gboolean is_elsewhere(const Job *job, guint zone, const gunichar *chars, guint n, gboolean claimed);

/* Is one of chars[from … to) a digit, or a sign or unit right beside one? */
gboolean touches_number(const gunichar *chars, guint n, guint from, guint to);

/* A zone whose picture says something quite else. */
void compare_whole(const Job *job, guint zone, const ZoneText *text, guint from, guint to);

/* Characters that only one side has. gone: the document has them and the picture has not. */
void compare_passage(const Job *job, guint zone, const ZoneText *text, gboolean gone, guint a0,
                     guint a1, guint b0, guint b1);

/* Whether a line is what tables and sections repeat at the top of each page, and the document has
 * once. */
gboolean is_repeated_head(const Job *job, const gunichar *chars, guint n);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alike: whether two readings of print are of the same print. OCR reads one character in a hundred
 * wrong, so what is repeated on every page (header rows, running heads) is not read alike on all.
 */
#pragma once

#include <glib.h>

/* Both UTF-8. At most one character in ALIKE_OF differs, and no digit: 令和5年度 is not 令和6年度.
 * Equal texts are alike. */
#define ALIKE_OF 6
gboolean text_is_alike(const char *a, const char *b);

/* What a character is compared by: compatibility forms, dashes, tildes and quotes alike. */
gunichar char_plain(guint32 c);

/* Whether two characters are the same plainly, or look so much alike that OCR takes one for the
 * other: ー and 一, 口 and ロ, 末 and 未. */
gboolean char_looks_alike(guint32 a, guint32 b);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Characters: what kind one is, and what it stands for. Code points throughout.
 */
#pragma once

#include <glib.h>

#include "document.h"

/* Ideographs, kana, Hangul and the full-width forms and marks set among them: no space where lines
 * join. Korean is written with spaces, so Hangul counts as Latin does. */
gboolean char_is_cjk(guint32 c);
gboolean char_is_kanji(guint32 c);
gboolean char_is_hangul(guint32 c);
gboolean char_is_digit(guint32 c); /* half and full width */
gboolean char_is_latin(guint32 c); /* letters and digits of half width, accented ones too */

/* What amounts are written with: digits, separators, signs, units. */
gboolean char_is_amount(guint32 c);

/* Dots that lead to a page number. */
gboolean char_is_leader(guint32 c);

/* Brackets and quotation marks, and stops that may not begin a line. */
gboolean char_opens(guint32 c);
gboolean char_closes(guint32 c);

/* How usual an ideograph is in Japanese. */
typedef enum {
    KANJI_FOREIGN,  /* in no common Japanese standard: CP932, the first plane of JIS X 0213 */
    KANJI_UNCOMMON, /* of the second or third level */
    KANJI_COMMON,   /* of the first level of JIS X 0208 */
} KanjiUse;

/* Ideographs beyond U+9FFF, which are of use in names only, are all uncommon. */
KanjiUse char_kanji_use(guint32 c);

/* The character this one stands for, and why; itself with CHANGE_NOT otherwise. */
guint32 char_fold(guint32 c, Change *ret_change);

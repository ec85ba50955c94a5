/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chars.h"

typedef struct {
    guint32 from, to;
} Fold;

static const Fold radicals[] = {
#include "fold-table.inc"
};

/* Two bits for each ideograph from U+4E00: its KanjiUse. */
static const guint32 kanji_uses[] = {
#include "kanji-table.inc"
};

/* Vertical presentation forms and the plain characters (Unicode, CJK Compatibility Forms). */
static const Fold forms[] = {
    {0xFE10, 0xFF0C}, {0xFE11, 0x3001}, {0xFE12, 0x3002}, {0xFE13, 0xFF1A}, {0xFE14, 0xFF1B},
    {0xFE15, 0xFF01}, {0xFE16, 0xFF1F}, {0xFE17, 0x3016}, {0xFE18, 0x3017}, {0xFE19, 0x2026},
    {0xFE30, 0x2025}, {0xFE31, 0x2014}, {0xFE32, 0x2013}, {0xFE33, 0xFF3F}, {0xFE34, 0xFF3F},
    {0xFE35, 0xFF08}, {0xFE36, 0xFF09}, {0xFE37, 0xFF5B}, {0xFE38, 0xFF5D}, {0xFE39, 0x3014},
    {0xFE3A, 0x3015}, {0xFE3B, 0x3010}, {0xFE3C, 0x3011}, {0xFE3D, 0x300A}, {0xFE3E, 0x300B},
    {0xFE3F, 0x3008}, {0xFE40, 0x3009}, {0xFE41, 0x300C}, {0xFE42, 0x300D}, {0xFE43, 0x300E},
    {0xFE44, 0x300F}, {0xFE47, 0xFF3B}, {0xFE48, 0xFF3D},
};

static guint32
fold_find(const Fold *table, guint n, guint32 c)
{
    guint lo = 0, hi = n;
    while (lo < hi) {
        guint mid = (lo + hi) / 2;
        if (table[mid].from < c) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < n && table[lo].from == c ? table[lo].to : 0;
}

guint32
char_fold(guint32 c, Change *ret_change)
{
    *ret_change = CHANGE_NOT;
    guint32 to = 0;
    if (c >= 0x2E80 && c <= 0x2FD5) {
        to = fold_find(radicals, G_N_ELEMENTS(radicals), c);
        *ret_change = to != 0 ? CHANGE_RADICAL : CHANGE_NOT;
    } else if (c >= 0xFE10 && c <= 0xFE48) {
        to = fold_find(forms, G_N_ELEMENTS(forms), c);
        *ret_change = to != 0 ? CHANGE_FORM : CHANGE_NOT;
    }
    return to != 0 ? to : c;
}

static gboolean
in_set(const guint32 *set, guint n, guint32 c)
{
    for (guint i = 0; i < n; i++) {
        if (set[i] == c) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
char_is_hangul(guint32 c)
{
    return (c >= 0xAC00 && c <= 0xD7AF) || (c >= 0x1100 && c <= 0x11FF) ||
           (c >= 0x3130 && c <= 0x318F);
}

gboolean
char_is_kanji(guint32 c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF) || (c >= 0x2E80 && c <= 0x2FDF) || c == 0x3005 ||
           c == 0x3006 || c == 0x3007;
}

KanjiUse
char_kanji_use(guint32 c)
{
    if (c >= 0x3400 && c < 0x4DC0) {
        return KANJI_FOREIGN;
    }
    if (c < 0x4E00 || c > 0x9FFF) {
        return KANJI_UNCOMMON;
    }
    return (KanjiUse)(kanji_uses[(c - 0x4E00) / 16] >> (c - 0x4E00) % 16 * 2 & 3);
}

gboolean
char_is_cjk(guint32 c)
{
    if (char_is_hangul(c)) {
        return FALSE;
    }
    return char_is_kanji(c) || (c >= 0x3000 && c <= 0x33FF) || (c >= 0xFE10 && c <= 0xFE6F) ||
           (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x2460 && c <= 0x27BF) || c == 0x203B ||
           (c >= 0x2190 && c <= 0x21FF) || (c >= 0xE000 && c <= 0xF8FF);
}

gboolean
char_is_digit(guint32 c)
{
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

gboolean
char_is_amount(guint32 c)
{
    static const guint32 others[] = {',',    '.',    '%',    '-',    '/',    '(',   ')',
                                     0xFF0C, 0xFF0E, 0xFF05, 0xFF0F, 0xFF0D, 0xD7,  0x25B3,
                                     0x25B2, 0x2212, 0x2015, 0x5186, 0x5343, 0x70B9}; /* 円千点 */
    return char_is_digit(c) || in_set(others, G_N_ELEMENTS(others), c);
}

gboolean
char_is_leader(guint32 c)
{
    return c == 0x2026 || c == 0x2025 || c == '.' || c == 0x30FB || c == 0xFF65 || c == 0xB7 ||
           c == 0x22EF;
}

gboolean
char_is_latin(guint32 c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= 0xC0 && c <= 0x24F) || (c >= 0x370 && c <= 0x52F) || (c >= 0xFB00 && c <= 0xFB06);
}

static const guint32 opens_set[] = {
    '(',    '[',    '{',    '<',    0x2018, 0x201C, 0x3008, 0x300A, 0x300C,
    0x300E, 0x3010, 0x3014, 0x3016, 0xFF08, 0xFF1C, 0xFF3B, 0xFF5B,
};

gboolean
char_opens(guint32 c)
{
    return in_set(opens_set, G_N_ELEMENTS(opens_set), c);
}

/* Closing marks, stops, small kana and the sound mark: what may not begin a line (JIS X 4051). */
static const guint32 closes_set[] = {
    ')',    ']',    '}',    '>',    ',',    '.',    ';',    ':',    '!',    '?',    '%',    0x2019,
    0x201D, 0x3001, 0x3002, 0x3005, 0x3009, 0x300B, 0x300D, 0x300F, 0x3011, 0x3015, 0x3017, 0x3041,
    0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x30A1, 0x30A3, 0x30A5, 0x30A7,
    0x30A9, 0x30C3, 0x30E3, 0x30E5, 0x30E7, 0x30FB, 0x30FC, 0xFF01, 0xFF05, 0xFF09, 0xFF0C, 0xFF0E,
    0xFF1A, 0xFF1B, 0xFF1E, 0xFF1F, 0xFF3D, 0xFF5D, 0xFF61, 0xFF63, 0xFF64,
};

gboolean
char_closes(guint32 c)
{
    return in_set(closes_set, G_N_ELEMENTS(closes_set), c);
}

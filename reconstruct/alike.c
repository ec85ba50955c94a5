/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alike.h"

#include <stdlib.h>
#include <string.h>

/* Characters that look alike, set by set. Kana, large and small, voiced and not, are told apart by
 * dots and sizes that a small print loses. */
static const char *const sets[] = {
    "一ーｰ-―—–‐−_~～",
    "口ロ囗□",
    "へヘ",
    "べベ",
    "ぺペ",
    "末未",
    "力カヵ刀",
    "ニ二",
    "八ハﾊ",
    "工エｴ",
    "夕タ",
    "卜トﾄ",
    "才オｵ",
    "OoQ0Ｏ○〇◯。",
    "1lI|!i丨",
    "千干于",
    "土士",
    "日曰目",
    "己已巳",
    "大犬太",
    "三ミ",
    "人入",
    "ノ/丿\\",
    "ソン",
    "シツッ",
    "リり",
    "うぅラ",
    "はばぱ",
    "ひびぴ",
    "ふぶぷ",
    "へべぺ",
    "ほぼぽ",
    "ハバパ",
    "ヒビピ",
    "フブプ",
    "ヘベペ",
    "ホボポ",
    "っつづ",
    "ッツヅ",
    "やゃ",
    "ゆゅ",
    "よょ",
    "ヤャ",
    "ユュ",
    "ヨョ",
    "あぁ",
    "いぃ",
    "えぇ",
    "おぉ",
    "アァ",
    "イィ",
    "ウゥワヮ",
    "エェ",
    "オォ",
    "かが",
    "きぎ",
    "くぐ",
    "けげ",
    "こご",
    "さざ",
    "しじ",
    "すず",
    "せぜ",
    "そぞ",
    "ただ",
    "ちぢ",
    "てで",
    "とど",
    "カガ",
    "キギ",
    "クグ",
    "ケゲヶ",
    "コゴ",
    "サザ",
    "シジ",
    "スズ",
    "セゼ",
    "ソゾ",
    "タダ",
    "チヂ",
    "テデ",
    "トド",
    "x×X乂✕",
    ",.、。･・'`",
    "cC",
    "kK",
    "pP",
    "sS",
    "uU",
    "vV",
    "wW",
    "zZ",
    "5S",
    "8B",
    "2Z",
    "rｒ",
    "ー|丨",
    "()（）[]",
    ":;",
    "\"”“’‘″′",
    "*＊※",
    "崎﨑",
    "高髙",
    "間問",
    "微徴",
    "網綱",
    "輪輸",
    "壁璧",
    "斉斎",
    "ペぺべベ",
    "ピビ",
};

/* Longer texts are compared for being equal only. */
#define LENGTH_MOST 400

static gboolean
digits_are_equal(const gunichar *a, const gunichar *b)
{
    for (;;) {
        while (*a != 0 && !g_unichar_isdigit(*a)) {
            a++;
        }
        while (*b != 0 && !g_unichar_isdigit(*b)) {
            b++;
        }
        if (*a == 0 || *b == 0) {
            return *a == *b;
        }
        if (g_unichar_digit_value(*a++) != g_unichar_digit_value(*b++)) {
            return FALSE;
        }
    }
}

/* The edit distance (Wagner and Fischer, "The string-to-string correction problem", 1974). */
static glong
distance(const gunichar *a, glong n, const gunichar *b, glong m)
{
    g_autofree glong *row = g_new0(glong, m + 1);
    for (glong j = 0; j <= m; j++) {
        row[j] = j;
    }
    for (glong i = 1; i <= n; i++) {
        glong corner = row[0];
        row[0] = i;
        for (glong j = 1; j <= m; j++) {
            glong above = row[j];
            glong least = MIN(above, row[j - 1]) + 1;
            row[j] = MIN(least, corner + (a[i - 1] != b[j - 1]));
            corner = above;
        }
    }
    return row[m];
}

gboolean
text_is_alike(const char *a, const char *b)
{
    if (strcmp(a, b) == 0) {
        return TRUE;
    }
    glong n, m;
    g_autofree gunichar *p = g_utf8_to_ucs4_fast(a, -1, &n);
    g_autofree gunichar *q = g_utf8_to_ucs4_fast(b, -1, &m);
    glong most = MAX(n, m) / ALIKE_OF;
    return n <= LENGTH_MOST && m <= LENGTH_MOST && labs(n - m) <= most && digits_are_equal(p, q) &&
           distance(p, n, q, m) <= most;
}

gunichar
char_plain(guint32 c)
{
    char utf8[8] = {0};
    g_unichar_to_utf8(c, utf8);
    g_autofree char *normal = g_utf8_normalize(utf8, -1, G_NORMALIZE_NFKC);
    gunichar f = normal != NULL && *normal != '\0' ? g_utf8_get_char(normal) : c;
    switch (f) {
    case 0x2212:
    case 0x2010:
    case 0x2013:
    case 0x2014:
    case 0x2015:
        return '-';
    case 0x301C:
        return '~';
    default:
        return f;
    }
}

gboolean
char_looks_alike(guint32 a, guint32 b)
{
    gunichar p = char_plain(a), q = char_plain(b);
    if (p == q) {
        return TRUE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(sets); i++) {
        if (g_utf8_strchr(sets[i], -1, p) != NULL && g_utf8_strchr(sets[i], -1, q) != NULL) {
            return TRUE;
        }
    }
    return FALSE;
}

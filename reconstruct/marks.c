/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "marks.h"

#include <string.h>

#include "chars.h"

/* A bracket that opens a line is a label only if it closes within so many characters. */
#define BRACKET_MOST 24u

static gboolean
is_bullet(guint32 c)
{
    switch (c) {
    case 0x30FB: /* ・ */
    case 0xFF65:
    case 0x2022:
    case 0x25CF:
    case 0x25A0:
    case 0x25A1:
    case 0x25C6:
    case 0x25C7:
    case 0x25B6:
    case 0x25B7:
    case 0x25BA:
    case 0x27A2:
    case 0x2713:
    case 0x2714:
    case 0x25AA:
    case 0x25FC:
    case 0x25FB:
    case 0x25FE:
    case 0x2605:
    case 0x2606:
    case 0x25CE:
        return TRUE;
    default:
        return c >= 0xF06C && c <= 0xF0FC; /* bullets of symbol fonts, in the private use area */
    }
}

static gboolean
is_kana_label(guint32 c)
{
    return c >= 0x30A2 && c <= 0x30F3; /* ア … ン */
}

static gboolean
is_kanji_number(guint32 c)
{
    static const guint32 digits[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D,
                                     0x4E03, 0x516B, 0x4E5D, 0x5341, 0x767E};
    for (guint i = 0; i < G_N_ELEMENTS(digits); i++) {
        if (c == digits[i]) {
            return TRUE;
        }
    }
    return FALSE;
}

static guint
digits_at(const guint32 *c, guint n, guint i)
{
    guint k = i;
    while (k < n && char_is_digit(c[k])) {
        k++;
    }
    return k - i;
}

/* Length of a word that opens a note at these code points, or 0: 注 出典 資料 備考 */
static guint
note_word(const guint32 *c, guint n)
{
    static const guint32 words[][2] = {{0x51FA, 0x5178}, {0x8CC7, 0x6599}, {0x5099, 0x8003}};
    for (guint i = 0; n > 1 && i < G_N_ELEMENTS(words); i++) {
        if (c[0] == words[i][0] && c[1] == words[i][1]) {
            return 2;
        }
    }
    return n > 0 && c[0] == 0x6CE8 ? 1 : 0;
}

/* （1） (ア) （注） (a): length of the whole, 0 if it is nothing of the kind. */
static Start
read_paren(const guint32 *c, guint n)
{
    Start start = {0};
    if (n < 3 || (c[0] != '(' && c[0] != 0xFF08 && c[0] != 0x3014)) {
        return start;
    }
    guint digits = digits_at(c, n, 1);
    guint close = 1 + MAX(digits, 1);
    if (digits > 3 || close >= n) {
        return start;
    }
    gboolean closed = c[close] == ')' || c[close] == 0xFF09 || c[close] == 0x3015;
    if (digits > 0 && closed) {
        return (Start){MARK_NUMBER_PAREN, close + 1, 1, FALSE};
    }
    if (digits == 0 && closed && is_kana_label(c[1])) {
        return (Start){MARK_KANA, 3, 1, FALSE};
    }
    if (digits == 0 && closed && is_kanji_number(c[1])) {
        return (Start){MARK_NUMBER_PAREN, 3, 1, FALSE};
    }
    if (digits == 0 && closed && (char_is_latin(c[1]) || (c[1] >= 0x2160 && c[1] <= 0x217F))) {
        return (Start){MARK_LETTER, 3, 1, FALSE};
    }
    if (note_word(c + 1, n - 1) > 0) {
        for (guint i = 2; i < n && i < 6; i++) {
            if (c[i] == ')' || c[i] == 0xFF09) {
                return (Start){MARK_NOTE, i + 1, 1, FALSE};
            }
        }
    }
    return start;
}

static gboolean
is_point(guint32 c)
{
    return c == '.' || c == 0xFF0E || c == '-' || c == 0xFF0D || c == 0x2212 || c == 0x30FB ||
           c == 0x2010;
}

/* 1. １ 1-2 1.2.3 1) */
static Start
read_number(const guint32 *c, guint n)
{
    Start start = {0};
    guint i = 0, depth = 0;
    gboolean point = FALSE;
    while (i < n) {
        guint digits = digits_at(c, n, i);
        if (digits == 0 || digits > 2) {
            break;
        }
        i += digits;
        depth++;
        point = FALSE;
        if (i < n && is_point(c[i])) {
            i++;
            point = TRUE;
        } else {
            break;
        }
    }
    if (depth == 0 || i >= n) {
        return start;
    }
    if (c[i] == ')' || c[i] == 0xFF09) {
        return (Start){MARK_NUMBER_PAREN, i + 1, 1, FALSE};
    }
    gboolean more_digits = char_is_digit(c[i]);
    if (more_digits || c[i] == ',' || c[i] == '%') {
        return start;
    }
    start = (Start){MARK_NUMBER, i, depth, FALSE};
    if (depth == 1 && !point) {
        start.length = i; /* a bare number: only with a space or a gap after it, see the caller */
    }
    return start;
}

/* 一 十二、 : alone only with a space after it, see the caller. Depth 0: above 1. */
static Start
read_kanji_number(const guint32 *c, guint n)
{
    const Start none = {0};
    guint i = 0;
    gboolean ten = FALSE;
    while (i < n && i < 4 && is_kanji_number(c[i])) {
        ten = ten || c[i] == 0x5341;
        i++;
    }
    if (i == 0 || i >= n || i > 3 || (i > 1 && !ten)) {
        return none; /* 三六協定 */
    }
    return (Start){MARK_NUMBER, c[i] == 0x3001 ? i + 1 : i, 0, FALSE};
}

static Start
read_chapter(const guint32 *c, guint n)
{
    Start start = {0};
    if (n < 3 || c[0] != 0x7B2C) { /* 第 */
        return start;
    }
    guint i = 1;
    while (i < n && i < 5 && (char_is_digit(c[i]) || is_kanji_number(c[i]))) {
        i++;
    }
    static const guint32 units[] = {0x90E8, 0x7DE8, 0x7AE0, 0x7BC0,
                                    0x6B3E, 0x9805, 0x6761}; /* 部編章節款項条 */
    for (guint u = 0; i > 1 && i < n && u < G_N_ELEMENTS(units); u++) {
        if (c[i] == units[u]) {
            return (Start){MARK_CHAPTER, i + 1, u < 2 ? 1 : u, FALSE};
        }
    }
    return start;
}

static Start
read_bracket(const guint32 *c, guint n)
{
    static const guint32 pairs[][2] = {{0xFF1C, 0xFF1E}, {'<', '>'},       {0x3010, 0x3011},
                                       {0x3008, 0x3009}, {0x300A, 0x300B}, {0x2266, 0x2267}};
    Start start = {0};
    for (guint p = 0; n > 2 && p < G_N_ELEMENTS(pairs); p++) {
        if (c[0] != pairs[p][0]) {
            continue;
        }
        for (guint i = 1; i < n && i < BRACKET_MOST; i++) {
            if (c[i] == pairs[p][1]) {
                return (Start){MARK_BRACKET, i + 1, 0, FALSE};
            }
        }
    }
    return start;
}

Start
start_read(const guint32 *c, guint n)
{
    Start start = {0};
    if (n == 0) {
        return start;
    }
    if (c[0] == 0x203B || (n > 1 && (c[0] == '*' || c[0] == 0xFF0A) && char_is_digit(c[1]))) {
        return (Start){MARK_NOTE, 1, 1, FALSE};
    }
    guint word = note_word(c, n);
    if (word > 0 && n > word && (c[word] == ':' || c[word] == 0xFF1A)) { /* 資料： */
        return (Start){MARK_NOTE, word + 1, 1, FALSE};
    }
    if (n > 1 && c[0] == 0x6CE8 && (c[1] == ')' || c[1] == 0xFF09 || char_is_digit(c[1]))) {
        return (Start){MARK_NOTE, 2, 1, FALSE};
    }
    if (is_bullet(c[0])) {
        return (Start){MARK_BULLET, 1, 1, FALSE};
    }
    if (n > 1 && (c[0] == 0x25CB || c[0] == 0x3007 || c[0] == 0x25EF)) { /* ○ */
        return (Start){MARK_BULLET, 1, 1, FALSE};
    }
    if (n > 1 &&
        (c[0] == 0xFF0D || c[0] == 0x2212 || c[0] == 0x2013 || c[0] == 0x2015 || c[0] == '-') &&
        !char_is_digit(c[1])) {
        return (Start){MARK_BULLET, 1, 1, FALSE};
    }
    if ((c[0] >= 0x2460 && c[0] <= 0x2473) || (c[0] >= 0x2776 && c[0] <= 0x2793) ||
        (c[0] >= 0x32D0 && c[0] <= 0x32FE)) {
        return (Start){MARK_CIRCLED, 1, 1, FALSE};
    }
    if (c[0] >= 0x2474 && c[0] <= 0x2487) { /* ⑴ */
        return (Start){MARK_NUMBER_PAREN, 1, 1, FALSE};
    }
    gboolean letter = char_is_latin(c[0]) || (c[0] >= 0x2160 && c[0] <= 0x217F) ||
                      is_kana_label(c[0]) || (c[0] >= 0xFF21 && c[0] <= 0xFF5A);
    if (n > 2 && letter && !char_is_digit(c[0]) &&
        (c[1] == ')' || c[1] == 0xFF09)) { /* a) ⅰ） ア） */
        return (Start){is_kana_label(c[0]) ? MARK_KANA : MARK_LETTER, 2, 1, FALSE};
    }
    gboolean wide_letter = c[0] >= 0xFF41 && c[0] <= 0xFF5A; /* ａ */
    if ((c[0] >= 0x2160 && c[0] <= 0x217F) || wide_letter) { /* Ⅰ ⅰ */
        return (Start){MARK_LETTER, 1, 1, FALSE};
    }
    Start (*const readers[])(const guint32 *, guint) = {read_paren, read_bracket, read_chapter,
                                                        read_number, read_kanji_number};
    for (guint i = 0; i < G_N_ELEMENTS(readers) && start.kind == MARK_NONE; i++) {
        start = readers[i](c, n);
    }
    if (start.kind == MARK_NONE && n > 1 && is_kana_label(c[0])) {
        return (Start){MARK_KANA, 1, 1, FALSE}; /* only with a space after it: see the caller */
    }
    return start;
}

static guint
kanji_digit(guint32 c)
{
    static const guint32 digits[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                     0x516D, 0x4E03, 0x516B, 0x4E5D};
    for (guint i = 0; i < G_N_ELEMENTS(digits); i++) {
        if (c == digits[i]) {
            return i + 1;
        }
    }
    return 0;
}

/* ア … ン in their order, small and voiced ones left out. */
static guint
kana_number(guint32 c)
{
    static const guint32 kana[] = {
        0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5,
        0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB,
        0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0,
        0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF};
    for (guint i = 0; i < G_N_ELEMENTS(kana); i++) {
        if (c == kana[i]) {
            return i + 1;
        }
    }
    return 0;
}

/* Circled numbers, numbers in brackets, roman numerals and letters that are one character. */
static guint
sign_number(guint32 c)
{
    static const guint32 ranges[][2] = {{0x2460, 0x2473}, {0x2474, 0x2487}, {0x2776, 0x277F},
                                        {0x2160, 0x216B}, {0x2170, 0x217B}, {'a', 'z'},
                                        {'A', 'Z'},       {0xFF21, 0xFF3A}, {0xFF41, 0xFF5A}};
    for (guint i = 0; i < G_N_ELEMENTS(ranges); i++) {
        if (c >= ranges[i][0] && c <= ranges[i][1]) {
            return c - ranges[i][0] + 1;
        }
    }
    return 0;
}

guint
start_number(const guint32 *c, const Start *start)
{
    guint number = 0;
    gboolean in_digits = FALSE;
    for (guint i = 0; i < start->length; i++) {
        gboolean ten = c[i] == 0x5341; /* 十 */
        if (char_is_digit(c[i])) {
            number = (in_digits ? number * 10 : 0) + (c[i] & 0xF);
        } else if (ten || kanji_digit(c[i]) > 0) {
            number = ten ? 10 * MAX(number, 1) : number + kanji_digit(c[i]);
        } else {
            guint sign = start->kind == MARK_KANA ? kana_number(c[i]) : sign_number(c[i]);
            number = sign > 0 ? sign : number;
        }
        in_digits = char_is_digit(c[i]);
    }
    return number;
}

gboolean
start_is_caption(const guint32 *c, guint n)
{
    guint i = 0;
    if (n > 2 && (c[0] == 0x3010 || c[0] == 0xFF08 || c[0] == '(' || c[0] == 0xFF3B)) {
        i = 1;
    }
    gboolean noun = n > i + 1 && (c[i] == 0x8868 || c[i] == 0x56F3); /* 表 図 */
    guint after = i + 1;
    if (!noun && n > i + 3 && c[i] == 0x5199 && c[i + 1] == 0x771F) { /* 写真 */
        noun = TRUE;
        after = i + 2;
    }
    if (!noun && n > i + 3 && c[i] == 0x56F3 && c[i + 1] == 0x8868) { /* 図表 */
        noun = TRUE;
        after = i + 2;
    }
    if (noun && after < n && c[after] == 0x8868) {
        after++;
    }
    if (noun) {
        return after < n && (char_is_digit(c[after]) || c[after] == '-' || c[after] == 0xFF0D);
    }
    static const char *const words[] = {"Table", "Figure", "Fig.", "TABLE", "FIGURE", "Chart"};
    for (guint w = 0; w < G_N_ELEMENTS(words); w++) {
        guint len = (guint)strlen(words[w]), k = 0;
        while (k < len && k < n && c[k] == (guint32)words[w][k]) {
            k++;
        }
        if (k == len && k < n && char_is_digit(c[k])) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_roman(const char *text)
{
    size_t n = strlen(text);
    return n > 0 && n <= 6 && (strspn(text, "ivxlc") == n || strspn(text, "IVXLC") == n);
}

gboolean
text_is_folio(const char *text, guint *ret_number)
{
    static const guint32 around[] = {'-',    0x2010, 0x2013, 0x2014, 0x2015, 0x2212, 0xFF0D, '/',
                                     0xFF0F, '(',    ')',    0x30FC, 0x2500, '.',    0x00B7, '|',
                                     '<',    '>',    0xFF08, 0xFF09, '~',    0xFF5E, 0x301C};
    guint digits = 0, words = 0, number = 0, groups = 0, marks = 0;
    gboolean in_digits = FALSE;
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        guint32 c = g_utf8_get_char(p);
        gboolean mark = FALSE;
        for (guint i = 0; i < G_N_ELEMENTS(around); i++) {
            mark = mark || c == around[i];
        }
        if (char_is_digit(c)) {
            if (!in_digits) {
                groups++;
                number = 0;
            }
            number = number * 10 + (c & 0xF);
            digits++;
        } else if (!mark && c != ' ' && c != 0x3000) {
            words++;
        }
        marks += mark && !char_opens(c) && !char_closes(c);
        in_digits = char_is_digit(c);
    }
    *ret_number = number;
    if (is_roman(text)) {
        *ret_number = 0;
        return TRUE;
    }
    if (digits == 0 || digits > 8 || number > 99999) {
        return FALSE;
    }
    if (words == 0) {
        return groups <= 3;
    }
    /* 別添2 - 67 -, P.12, 12ページ: a word or two beside the number */
    gboolean page_word = strchr(text, 'P') != NULL || strchr(text, 'p') != NULL ||
                         strstr(text, "ページ") != NULL || strstr(text, "頁") != NULL;
    return words <= 6 && (marks >= 2 || page_word) && groups <= 3;
}

/* Is this word in the text, and not the end of 手続き or 引き続き? */
static gboolean
has_word(const char *text, const char *word)
{
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        const char *before = at > text ? g_utf8_find_prev_char(text, at) : NULL;
        gunichar c = before != NULL ? g_utf8_get_char(before) : 0;
        if (c != 0x624B && c != 0x5F15 && c != 0x304D) { /* 手引き */
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
text_says_continued(const char *text)
{
    static const char *const words[] = {"続き",      "（続）",    "(続)",         "つづき",  "承前",
                                        "continued", "Continued", "前ページから", "前頁から"};
    if (g_utf8_strlen(text, -1) > 40) {
        return FALSE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        if (has_word(text, words[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
text_says_goes_on(const char *text)
{
    static const char *const words[] = {
        "続く", "つづく", "次頁へ", "次ページ", "continued on next", "Continued on next"};
    glong length = g_utf8_strlen(text, -1);
    for (guint i = 0; i < G_N_ELEMENTS(words) && length <= 28; i++) {
        const char *at = strstr(text, words[i]);
        gboolean latin = g_ascii_isalpha(words[i][0]);
        if (at != NULL && (latin || length <= 14)) {
            const char *last = g_utf8_find_prev_char(text, text + strlen(text));
            gunichar end = last != NULL ? g_utf8_get_char(last) : 0;
            return latin || end == ')' || end == 0xFF09 || end == 0x304F || end == 0x3078;
        }
    }
    return FALSE;
}

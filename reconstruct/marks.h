/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks: what a line begins with that says what it is: list marks, numbering, notes, captions,
 * continuation marks, folios. Code points of the line's start, white space left out, go in.
 */
#pragma once

#include <glib.h>

typedef enum {
    MARK_NONE,
    MARK_BULLET,       /* ・ ● ■ ※-less signs; always opens a paragraph */
    MARK_NOTE,         /* ※ （注） 注） *1 （出典） 資料： */
    MARK_BRACKET,      /* ＜…＞ 【…】 〔…〕 alone on the line or opening it */
    MARK_CIRCLED,      /* ① ② */
    MARK_NUMBER_PAREN, /* (1) （１） 1) */
    MARK_NUMBER,       /* 1. １ 1-1 1.1; 一 of depth 0 */
    MARK_KANA,         /* ア イ (ア) */
    MARK_CHAPTER,      /* 第1章 第２節 第三 */
    MARK_LETTER,       /* a) (a) Ⅰ ⅰ */
} StartMark;

typedef struct {
    StartMark kind;
    guint length;    /* code points it takes */
    guint depth;     /* numbers in it: 1.2.3 has 3 */
    gboolean spaced; /* set by the caller: a space follows the mark */
} Start;

/* What these code points begin with. */
Start start_read(const guint32 *c, guint n);

/* The number that a start of these code points says, the last of several: (3) ③ ウ 2.3 第三章 have
 * 3. 0 if it has none. */
guint start_number(const guint32 *c, const Start *start);

/* 表1 図２-1 写真3 Table 1 Figure 2 */
gboolean start_is_caption(const guint32 *c, guint n);

/* Is the whole text a folio: - 67 -, 12, 12/165, 別添2 - 67 -, P.12, iv? The number is given out,
 * or 0 for roman numerals. Text: UTF-8. */
gboolean text_is_folio(const char *text, guint *ret_number);

/* （続き） 続き 表1（続） (continued) in a short text; but not 手続き. */
gboolean text_says_continued(const char *text);

/* （次頁に続く） 続く 次ページへ (continued on next page): all that a short text says. */
gboolean text_says_goes_on(const char *text);

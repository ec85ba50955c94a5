/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text lines: a page of plain text into lines, and lines into the parts that spaces divide.
 *
 * Widths are in em: a full-width character is 1, one of half width 0.5. The characters are those of
 * the text without white space.
 */
#pragma once

#include <glib.h>

#define TEXT_MOST_LINES 1000u /* a page of more is none: it stays as it is */
#define TEXT_MAX_PARTS 12u    /* of a line; beyond them, some stay together */

/* Characters that no space beside a Japanese one divides, or a label spread by spaces (個 人 情 報
 * 保). */
typedef struct {
    guint32 from, to; /* into chars */
    gboolean cut;     /* the space before it stands between two Japanese characters */
    gboolean spread;  /* single characters, each apart */
    gboolean soft;    /* spread, and so are the characters before it: nothing but the language says
                       * that another column may begin here (text-cuts.c) */
} TextPart;

typedef struct {
    guint32 from, to;     /* into chars */
    guint32 part, n_part; /* into parts; none on an empty line */
    const char *raw;      /* as it came, without its line end */
    gsize raw_length;
} TextLine;

typedef struct {
    guint32 number; /* from 1 */
    char *raw;      /* owned */
    GArray *chars;  /* guint32 */
    GArray *widths; /* double: the width of the characters before, and the spaces among them */
    GArray *spaced; /* guint8: whether a space stands before the character, on its line */
    GArray *parts;  /* TextPart */
    GArray *lines;  /* TextLine */
} TextPage;

/* `text`: UTF-8, of one page, without form feeds; taken over. */
TextPage *text_page_new(guint32 number, char *text);
void text_page_free(TextPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextPage, text_page_free)

static inline const guint32 *
text_page_chars(const TextPage *page, guint32 from)
{
    return &g_array_index(page->chars, guint32, from);
}

static inline double
text_page_width(const TextPage *page, guint32 from, guint32 to)
{
    return g_array_index(page->widths, double, to) - g_array_index(page->widths, double, from);
}

/* May not begin a line in Japanese: stops, closing brackets, small kana, ー. */
gboolean text_may_not_begin(guint32 c);

/* May not end one: opening brackets. */
gboolean text_may_not_end(guint32 c);

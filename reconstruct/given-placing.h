/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Given placing: a page's given text on its way into the places of what OCR read: the characters of
 * the text, the lines that were read, and what of the two goes together. It begins with nothing
 * placed; given-stretches.c and given-rest.c place, given-boxes.c makes a page of it.
 *
 * Coordinates are those of the page that was read, in points. What it cannot do: lines at one
 * height that neither a ruling nor a wide gap parts are one line.
 */
#pragma once

#include "page.h"

/* Where a line that has no place is set: below the page, in lines of this many points. */
#define GIVEN_UNPLACED_SIZE 10.0f

/* A character of the text that is no white space. */
typedef struct {
    guint32 unicode, plain;
    gboolean cut;  /* white space stands before it */
    gboolean head; /* and a line end */
    gint32 line;   /* that has it; -1: none yet */
    gint32 glyph;  /* that it stands in place of, as an index into order; -1: none */
} GivenChar;

/* A line as read, or a place with ink that could not be read: then it has no glyphs. */
typedef struct {
    guint32 from, to; /* into order */
    Rect box;
    gboolean placed;
    guint32 first;   /* of the text, where placed */
    gint32 unread;   /* the notice it comes from, or -1 */
    gboolean spread; /* its characters stand apart, as those of a name spread over its column */
} GivenLine;

typedef struct {
    const Page *read;   /* borrowed */
    GArray *given;      /* GivenChar */
    GArray *order;      /* guint32: glyphs with ink, as read */
    GArray *lines;      /* GivenLine */
    GByteArray *paired; /* for each of order whether a character stands in its place */
    double size;        /* of most text that was read: the median, in points */
} GivenPlacing;

/* The characters of `text`, UTF-8, and the lines of `read`, cut where a ruling or a wide gap stands
 * between glyphs; `read` must outlive it. given_placing_free() it. */
GivenPlacing *given_placing_new(const Page *read, const char *text);
void given_placing_free(GivenPlacing *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GivenPlacing, given_placing_free)

static inline GivenChar *
given_char(const GivenPlacing *p, guint i)
{
    return &g_array_index(p->given, GivenChar, i);
}

static inline GivenLine *
given_line(const GivenPlacing *p, guint i)
{
    return &g_array_index(p->lines, GivenLine, i);
}

/* The glyph with ink of this number, as read. */
static inline const Glyph *
given_glyph(const GivenPlacing *p, guint i)
{
    return page_glyph(p->read, g_array_index(p->order, guint32, i));
}

/* Whether a glyph of the page runs down, or on its side. */
static inline gboolean
given_is_vertical(const Page *page, const Glyph *g)
{
    return page_glyph_style(page, g)->direction != DIRECTION_RIGHT;
}

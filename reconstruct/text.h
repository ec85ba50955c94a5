/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text: lines of glyphs into the characters of a paragraph.
 *
 * Japanese lines join without a space, Latin ones with one; letters spread to fill a label are
 * closed up; real gaps without a space get one; radicals and presentation forms become what they
 * stand for. Every character keeps its raw form, every space put in says so.
 */
#pragma once

#include "document.h"

/* Appends one line (and the ruby lines that read it) to a paragraph and widens its zone on this
 * page; the zone's number stays 0. */
void text_add_line(Paragraph *paragraph, const Page *page, const Layout *layout, guint line);

/* Puts in the space that joining needs before a character, if any. */
void text_join(Paragraph *paragraph, guint32 next);

/* The characters of a paragraph as UTF-8; g_free it. */
char *paragraph_text(const Paragraph *paragraph);

/* The first `max` inked characters of a line, spread letters closed up, for telling marks and
 * numbers. Returns how many. */
guint text_line_start(const Page *page, const Layout *layout, guint line, guint32 *ret, guint max);

/* The last inked character of a line, or 0. */
guint32 text_line_end(const Page *page, const Layout *layout, guint line);

/* Does the line end with a space character? */
gboolean text_line_spaced(const Page *page, const Layout *layout, guint line);

/* A line's inked characters as UTF-8 without white space, numbers made '#'; g_free it. For telling
 * running heads, which differ in their numbers. */
char *text_line_masked(const Page *page, const Layout *layout, guint line);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Build: models for tests, put together by hand in a few lines, and what came of them as text that
 * can be compared.
 *
 * Pages are 600 × 800 points. Words are set in 10 points unless said otherwise: a character is one
 * em wide, one of ASCII half an em. x and y are the left upper corner of the first em box.
 */
#pragma once

#include "document.h"
#include "layout.h"

#define BUILD_EM 10.0

Page *build_page(guint32 number);

/* Glyphs for this UTF-8; a space is a glyph too. Returns the x after the last. */
double build_words(Page *page, double x, double y, const char *text);
double build_words_like(Page *page, double x, double y, const char *text, double size,
                        guint8 flags);

/* The same with a gap of `gap` points after each character. */
double build_spread(Page *page, double x, double y, const char *text, double gap);

/* A column of vertical writing, downwards. */
void build_column(Page *page, double x, double y, const char *text);

/* Lines of words, `leading` points apart. */
void build_lines(Page *page, double x, double y, double leading, const char *const *lines);

void build_ruling(Page *page, double x0, double y0, double x1, double y1);

/* Many short strokes of `dash` points with `gap` between them. */
void build_dashes(Page *page, double x0, double y0, double x1, double y1, double dash, double gap);

void build_area(Page *page, double x0, double y0, double x1, double y1, guint32 colour);

/* All lines of a lattice. Positions end with a negative number. */
void build_lattice(Page *page, const double *xs, const double *ys);

/* Every glyph's index. */
GArray *build_all(const Page *page);

/* A line's glyphs as they stand; g_free it. */
char *line_text(const Page *page, const Layout *layout, guint line);

/* All lines, one each, ruby as "^text"; g_free it. */
char *lines_text(const Page *page, const Layout *layout);

/* Rows with a line each, cells between bars, lines of a cell between slashes, spans as "{2x1}"
 * (rows × columns); g_free it. */
char *table_text(const Page *page, const Layout *layout, guint table);

/* The blocks in reading order: "text: a / b", "table: …", "figure: …"; g_free it. */
char *blocks_text(const Page *page, const Layout *layout);

/* All passes over the page: its blocks are these, and no glyph is lost or doubled. */
void assert_blocks(const Page *page, const char *expected);

/* The same of a page with one table. */
void assert_table(const Page *page, const char *expected);

/* Four words for a table of two by two whose lines are at 100, 200, 400 and 100, 120, 140. */
void build_four(Page *page);

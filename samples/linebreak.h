/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A paragraph's text to lines, by the Japanese rules, and lines to places on the page.
 *
 * Closing marks do not begin a line, opening ones do not end it (kinsoku), Latin words and numbers
 * are not cut; what does not fit goes to the next line, and full lines are stretched to the right
 * edge between Japanese characters. A quarter of an em stands between Japanese and Latin where the
 * text has no space. The rules are those of W3C, Requirements for Japanese Text Layout (2020), 3.1,
 * at the level office programs use: small kana may begin a line, nothing hangs or is squeezed. */
#ifndef SAMPLES_LINEBREAK_H
#define SAMPLES_LINEBREAK_H

#include "page.h"

/* In a text, this plus an ASCII digit is that digit as a raised reference to a footnote. */
static const gunichar REFERENCE_BASE = 0xE000;

/* g_utf8_next_char without its cast, which drops const. */
static inline const char *
text_next(const char *p)
{
    return p + g_utf8_skip[*(const guchar *)p];
}

typedef enum { ALIGN_JUSTIFY, ALIGN_START, ALIGN_CENTER, ALIGN_END, ALIGN_SPREAD } Align;

typedef struct {
    Face face;
    double size; /* points */
    Align align;
    double indent_first, indent_rest; /* points */
} TextStyle;

typedef struct {
    gunichar c;
    double scale;   /* of the font size; below 1 for references, which are raised too */
    double advance; /* points */
    double gap;     /* points after it, where Japanese and Latin meet */
} Mark;

typedef struct {
    guint first, count; /* of the marks */
    double indent;      /* points */
} Line;

typedef struct {
    TextStyle style;
    double width;  /* points */
    GArray *marks; /* Mark */
    GArray *lines; /* Line, at least one */
} Paragraph;

/* Where a line goes: left end of the column, baseline, and what piece it becomes. */
typedef struct {
    double x, y; /* points */
    PieceRank rank;
    guint block, column;
} Spot;

Paragraph *paragraph_new(Fonts *fonts, const TextStyle *style, const char *text, double width);
void paragraph_free(Paragraph *paragraph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Paragraph, paragraph_free)

void paragraph_place_line(const Paragraph *paragraph, guint line, Page *page, const Spot *spot);

/* How many marks of that line are not white space. */
guint paragraph_count_ink(const Paragraph *paragraph, guint line);
/* How many footnotes that line refers to. */
guint paragraph_count_references(const Paragraph *paragraph, guint line);

/* The indents of a paragraph that opens with a list mark (・ ① ※ …): its mark hangs; otherwise the
 * first line is indented by INDENT ems. Sets the fields of STYLE, whose size is known. */
void style_indent(TextStyle *style, const char *text, double indent);

/* The baseline of a line of that font size whose top is at TOP and whose height is LEADING. */
double line_baseline(double top, double size, double leading);

/* Width of TEXT on one line, points. */
double text_width(Fonts *fonts, Face face, double size, const char *text);

#endif

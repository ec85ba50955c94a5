/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Picture-text: whether what was read in an illustration is text. Photographs and drawings look
 * like characters here and there, and the recogniser is often quite sure of two or three of them:
 * its confidence alone does not tell. What tells is the picture as a whole.
 */
#pragma once

#include "ink-lines.h"
#include "recognise.h"

/* What a line of an illustration read, and how long it is. */
typedef struct {
    const GArray *symbols; /* Symbol */
    guint from, n;         /* its own of them */
    double ems;            /* its length */
} PictureLine;

/* Whether a line has enough sure characters to speak for its picture. */
gboolean picture_line_is_sure(const PictureLine *line);

/* Whether a line is text whatever its picture is. */
gboolean picture_line_is_plain(const PictureLine *line);

/* Whether most of a line is letters and digits, those left out that any stroke passes for; in a
 * cell of a table it may be a number of ones. */
gboolean picture_line_has_letters(const PictureLine *line, gboolean in_cell);

/* How many letters speak for a picture being one of text (a table, a chart with labels, a page):
 * those of its sure lines; 0 if most of what looks like lines in it is not sure. */
double picture_text_letters(const PictureLine *lines, guint n);

/* Whether so many letters are enough. uneven: the part of the rest of the picture that is full of
 * edges, as photographs are. */
gboolean picture_is_text(double letters, double uneven);

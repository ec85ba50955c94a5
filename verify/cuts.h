/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cuts: a place of a line cut wherever there is no ink, whatever OCR made of it, and read by what
 * the document's own characters look like. Where OCR reads a character too many or too few, its
 * places slip, and a picture taken by them is of a piece of one character or of two: this witness
 * knows nothing of them.
 *
 * It cannot read characters that touch, nor those of which the document has no example.
 */
#pragma once

#include "look.h"

/* Whether a character is of a number, which is judged as a whole: its digits and what separates
 * them. */
gboolean char_is_in_number(gunichar c);

/* Some of a place's parts side by side. */
typedef struct {
    guint32 from, to; /* parts [from, to), counted from the start of the place */
    GlyphPicture picture;
} Cut;

/* Takes the cuts (Cut) of a place (in points of the picture) of a line: every part, and those side
 * by side that may be one character. em: of its characters, in points. */
void cuts_take(const Look *look, guint line, Rect place, double em, GArray *cuts);

/* A character that is read. */
typedef struct {
    gunichar c; /* 0: like nothing that may stand there */
    double distance;
    guint cut; /* index */
} CutChar;

/* What the cuts say (CutChar), of characters that may stand there. Empty if they do not hold
 * together. */
GArray *cuts_read(const GArray *cuts, const GlyphBank *bank, const gunichar *may, guint n);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dots: a line that a program drew as many small marks, square, round or oblong, one by one. A
 * mark alone does not say which way its line runs; its neighbours do.
 *
 * Unit: PDF points, origin top left, y down.
 */
#pragma once

#include "page.h"

/* A mark is at most so long and so thick, points: dashes and dots of a border of 3 pt. What is
 * thicker is the square or disc that opens an item. */
#define DOT_LONG 9.0
#define DOT_THICK 4.0

typedef struct {
    Rect box;
    guint32 colour;  /* 0xRRGGBB */
    guint8 of_lines; /* set by dots_join: it is part of a line */
} Dot;

/* Appends to `rulings` a dashed Ruling for each row or column of at least a few equal marks that
 * are near each other, and sets of_lines in the marks of `dots` (Dot) that it stands for. Marks
 * that fill a plane are a pattern, and left alone. */
void dots_join(GArray *dots, GArray *rulings);

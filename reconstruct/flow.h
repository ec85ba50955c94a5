/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Flow: the order in which the blocks of a page are read.
 *
 * Items (stretches of text, tables, figures, frames, texts that run another way) in, their reading
 * order out. Coordinates: the layout's frame.
 */
#pragma once

#include "layout.h"

typedef enum { ITEM_TEXT, ITEM_TABLE, ITEM_FIGURE, ITEM_FRAME, ITEM_TURNED } ItemKind;

typedef struct {
    Rect box;
    double size;    /* font size of text; 0 for others */
    guint32 index;  /* the caller's */
    guint8 kind;    /* ItemKind */
    guint8 tail;    /* text that only ends a line: an amount, a leader with its page number */
    guint32 column; /* out: text items of one column have one number, in reading order */
    guint32 parts;  /* scratch: 0 */
} Item;

/* Sorts the items into reading order and numbers their columns. */
void flow_sort(GArray *items);

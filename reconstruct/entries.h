/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entries: a cell's lines into the order in which its entries are read. A label that takes several
 * lines may have its number before it, half way up, or an amount behind it, half way up or level
 * with its first line; such a piece is read before or after the whole label.
 *
 *      the committee for the      38          新しい税収の
 *      new reform                         2                   5,000
 *      its members              160           補塡に係る交付金
 *
 * Known failure: a number level with the middle one of three lines.
 */
#pragma once

#include "layout.h"

/* Puts the lines of a cell, from `first` to the last of the layout, in order, and marks those that
 * belong together (LINE_GOES_ON, …). A line that is label and amount may become two. */
void entries_arrange(Layout *layout, const Page *page, guint first);

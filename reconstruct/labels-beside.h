/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Labels beside lines: a label may stand in the middle beside the lines that it is about, level
 * with none of them or with the middle one; it is read before them, not between them.
 *
 *            first line of what it is
 *   label
 *            about, and the last one
 *
 * Items (flow.h) in their order down the page in, which of them are such a label and its lines out.
 */
#pragma once

#include "flow.h"

/* The end of the items from `from` on that are a label and the lines in whose middle it stands,
 * apart from the text above and beneath; `from` if they are none. ret_gap: what is between them. */
guint labelled_end(GArray *items, guint from, Interval *ret_gap);

/* Whether such an item, between the first and the last, is one of them: pictures are beside them.
 */
gboolean labelled_takes(const Item *item);

/* Puts the label's items before those of its lines; returns how many they are. */
guint labelled_order(GArray *parts);

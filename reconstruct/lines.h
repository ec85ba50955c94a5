/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines: glyphs into lines of text.
 *
 * Consecutive glyphs on one baseline, as painted, make runs; runs on one baseline make lines. Which
 * gap a line may bridge is the caller's to say: a cell's line bridges all, a page's none wider than
 * a column gap may be. Units as in page.h; everything happens in the frame given.
 */
#pragma once

#include "layout.h"

/* Appends to layout->lines (and layout->order) the lines of these glyphs (guint32 indices into the
 * page), top to bottom, left to right as seen in `frame`. A gap wider than `bridge` ems starts a
 * line of its own; INFINITY bridges all. */
void lines_find(Layout *layout, const Page *page, const guint32 *glyphs, guint n, Frame frame,
                double bridge);

/* The frame most of these glyphs are read in; *ret_vertical says that it is vertical writing. */
Frame lines_frame(const Layout *layout, const Page *page, const guint32 *glyphs, guint n,
                  gboolean *ret_vertical);

/* The frame one direction is read in. */
Frame direction_frame(Direction direction);

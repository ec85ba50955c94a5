/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paint trace: one interpretation of a page's content stream, listened to by an OutputDev of
 * our own, gives every character drawn (code, Unicode or none, place, font, colour, whether it is
 * seen) and every line, area, shape and image painted.
 *
 * This is the C border of the only C++ file; no C++ type of poppler passes it.
 * Unit and origin as in page.h. The trace opens the file itself, beside poppler-glib.
 * It cannot know: the ink of a glyph (only its em box), and what a soft mask leaves to see.
 */
#pragma once

#include "page.h"

G_BEGIN_DECLS

typedef struct PaintTrace PaintTrace;

/* Opens the same file again. password may be NULL. The descriptor stays open until
 * paint_trace_free. NULL if poppler cannot read it. */
PaintTrace *paint_trace_open(int fd, const char *password);
void paint_trace_free(PaintTrace *trace);

/* Interprets page `number` (from 1) and returns what it paints, or NULL if there is no such page.
 * An interpretation that met an error is noticed as "trace-error" on the page, and nothing of such
 * a page is called hidden. */
Page *paint_trace_page(PaintTrace *trace, guint number);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Assembler: page layouts, one after the other, into one document that no page breaks.
 *
 * What is open at a page's end (a paragraph, a table's last row) waits for the next page; all else
 * has gone to the writer, so memory does not grow with the document.
 */
#pragma once

#include "document.h"
#include "headings.h"
#include "survey.h"

typedef struct Assembler Assembler;

/* Borrows survey, headings and writer for its life. `outline` maps a title (UTF-8, no white space)
 * to its level from 1 as GUINT_TO_POINTER; may be NULL. */
Assembler *assembler_new(const Survey *survey, const Headings *headings, GHashTable *outline,
                         Writer *writer);

/* Adds a page, in ascending order. Returns FALSE with a line in *ret_why (g_free it) if the law of
 * conservation does not hold: an inked glyph is neither placed nor dropped. */
gboolean assembler_page(Assembler *assembler, const Page *page, const Layout *layout,
                        char **ret_why);

/* Tells the writer of a page that could not be read; what was open may go on after it. */
void assembler_failed_page(Assembler *assembler, guint32 number, const char *why);

/* Puts out what waits, and frees. */
void assembler_finish(Assembler *assembler);

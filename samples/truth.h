/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was set, as JSON: "blocks" in reading order while the pages are made, then "pages".
 *
 * A writer of nested objects and arrays, nothing more; what goes in is decided by layout.c and
 * table.c. Every function does nothing on a NULL Truth, so that a dry run needs no other code. */
#ifndef SAMPLES_TRUTH_H
#define SAMPLES_TRUTH_H

#include <glib.h>

typedef struct Truth Truth;

/* Opens PATH for writing and "blocks" in it. */
Truth *truth_new(const char *path, GError **error);
/* Writes "pages" and closes the file. FALSE when anything could not be written. */
gboolean truth_finish(Truth *truth, GError **error);
void truth_free(Truth *truth);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Truth, truth_free)

/* BRACKET is '{' or '['. KEY is NULL in an array. */
void truth_open(Truth *truth, const char *key, char bracket);
void truth_close(Truth *truth);
/* References to footnotes come out as plain digits. */
void truth_add_text(Truth *truth, const char *key, const char *text);
void truth_add_number(Truth *truth, const char *key, gint64 number);
void truth_add_flag(Truth *truth, const char *key, gboolean flag);
/* NUMBERS holds guint. */
void truth_add_numbers(Truth *truth, const char *key, const GArray *numbers);

/* One entry of "pages"; kept until truth_finish. HEAD holds char *. */
void truth_add_page(Truth *truth, int number, const GPtrArray *head, const char *folio);

#endif

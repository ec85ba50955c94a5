/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Group structure: what differs of matched passages beside their text: kind of element, table, row,
 * column, span, header, list, level, place. Numbers of tables, rows and lists are not compared but
 * which of the one document are which of the other, as most of their text has it: a row put in
 * changes no row after it.
 */
#pragma once

#include "matching.h"

typedef struct Structures Structures;

/* Borrows the matching. */
Structures *structures_new(const Matching *matching);
void structures_free(Structures *structures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Structures, structures_free)

/* What differs of a group, in words; NULL if nothing does. `same`: its text is the same, so that
 * its boxes should be. Notes in `ret_moved_box` if boxes differ by less than counts. */
char *group_structure(const Structures *structures, const Group *group, gboolean same,
                      gboolean *ret_moved_box);

/* What tables, lists and figures are by themselves, whatever their passages say: "table 3: 4
 * columns, now 5". Calls `add` for each, with the page (0: not known). touched: tables of which a
 * change is told already, by touched_table(); of them only another number of columns is told. */
static inline gpointer
touched_table(guint table, gboolean is_new)
{
    return GUINT_TO_POINTER(2 * table + (is_new != FALSE));
}

typedef void (*AddStructure)(gpointer user_data, guint32 page, char *what);
void structures_find(const Structures *structures, GHashTable *touched, AddStructure add,
                     gpointer user_data);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables: the cells of one page's table as rows of paragraphs, and the joining of a table that goes
 * on over pages.
 *
 * A TableRun is the table that is open: rows that nothing can change any more have gone to the
 * writer, those that the page's edge may have cut wait in it.
 */
#pragma once

#include "document.h"

typedef struct {
    GPtrArray *rows; /* GPtrArray * of DocCell *: cells that start in this row, by column */
    GArray *borders; /* double: x of the column borders, layout frame, points */
    guint columns;
    guint flags;        /* TABLE_OPEN_… */
    double top, bottom; /* y of its box in the layout's frame */
    double height;      /* of the page in that frame */
    GArray *row_ends;   /* double: y where each row ends */
    guint header_rows;
} PageTable;

/* Rows and cells of one table of a page; page_table_free() it. repeated: its first row comes again
 * on the next page. */
PageTable *page_table_new(const Page *page, const Layout *layout, const Table *table,
                          gboolean repeated);
void page_table_free(PageTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageTable, page_table_free)

typedef struct TableRun TableRun;

/* Opens a table and tells the writer. The run takes what it needs of `table`. */
TableRun *table_run_new(Writer *writer, PageTable *table);

/* Can this table of the next page be the run's continuation? said: the page says that it is. */
gboolean table_run_continues(const TableRun *run, const PageTable *table, gboolean said);

/* How many rows at the top of a continuation repeat the table's header. */
guint table_run_repeated(const TableRun *run, const PageTable *table);

/* Adds a further page's part, its rows from `from` on. */
void table_run_add(TableRun *run, PageTable *table, guint from);

/* Puts out what waits and ends the table. */
void table_run_close(TableRun *run);

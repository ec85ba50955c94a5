/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables onto pages: rows of any height, cut where the page ends, header rows on every page.
 *
 * A row no cell spans out of may be cut between lines; rows tied by a spanning cell stay together,
 * and must fit on a page. Every column of a cut row is cut at its own line. */
#ifndef SAMPLES_TABLE_H
#define SAMPLES_TABLE_H

#include "flow.h"

/* Sets TABLE. Where STOP_PAGE is not 0, rows go on (from the content's pool, with other numbers,
 * when the table's own are used up) until that page is full. */
void table_set(Flow *flow, const Table *table, int stop_page);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The XML of a report (see report.xml) to blocks in reading order.
 *
 * Reads two vocabularies: that of report.xml (root <report>) and that of a hand-made page (root
 * <page>, with <header>, <row> and <footer>), which becomes one table. White space at the ends of
 * an element's text and line breaks in it do not count. The Content owns everything. */
#ifndef SAMPLES_CONTENT_H
#define SAMPLES_CONTENT_H

#include "linebreak.h"

typedef enum {
    BLOCK_TITLE,
    BLOCK_HEADING,
    BLOCK_PARAGRAPH,
    BLOCK_ITEM,
    BLOCK_NOTE,
    BLOCK_CAPTION,
    BLOCK_TOC,
    BLOCK_BOX,
    BLOCK_TABLE,
    BLOCK_FIGURE,
    BLOCK_NEW_PAGE
} BlockKind;

typedef struct {
    guint column; /* from 0 */
    guint rowspan, colspan;
    gboolean header;
    Align align;
    GPtrArray *paragraphs; /* char * */
} Cell;

typedef struct {
    gboolean header;
    GPtrArray *cells; /* Cell * */
} Row;

typedef struct {
    gboolean measures; /* label, ministry, plan, result */
    gboolean top;      /* cells stand at the top of their row, not in its middle */
    gboolean cycles;   /* goes on as long as the document shall */
    GArray *widths;    /* double, relative; of a table of measures empty */
    GPtrArray *rows;   /* Row * */
} Table;

typedef struct {
    char *label;
    double value;
} Bar;

typedef struct {
    char *unit;
    GArray *bars; /* Bar */
} Figure;

typedef struct {
    BlockKind kind;
    int level; /* of a heading, from 1 */
    Align align;
    char *text;
    GPtrArray *paragraphs; /* char *: of a box, or the footnotes of a paragraph */
    Table *table;
    Figure *figure;
} Block;

typedef struct {
    gboolean fits_page; /* a single page, where no number is wanted: the size shrinks until it is */
    GPtrArray *head_lines; /* char *; "#" is the chapter's heading */
    char *folio;           /* "#" is the page number */
    GPtrArray *blocks;     /* Block * */
    GPtrArray *pool;       /* Row *, borrowed: the rows of all tables of measures */
} Content;

Content *content_read(const char *path, GError **error);
void content_free(Content *content);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Content, content_free)

void row_free(Row *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Row, row_free)

/* A copy of ROW with other numbers of the same length; years stay. */
Row *row_vary(const Row *row, GRand *random);
/* A copy of ROW with the first two cells made one. */
Row *row_merge_labels(const Row *row);

#endif

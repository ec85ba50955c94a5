/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command line of yomijun-typeset asks for. Nothing here changes the wording. */
#ifndef SAMPLES_OPTIONS_H
#define SAMPLES_OPTIONS_H

#include <glib.h>

typedef enum {
    RULES_SOLID,
    RULES_DOTTED,
    RULES_DASHED,
    RULES_DOUBLE,
    RULES_FILL,       /* thin filled rectangles instead of strokes */
    RULES_HORIZONTAL, /* only horizontal ones */
    RULES_VERTICAL,   /* only vertical ones */
    RULES_OPEN,       /* no outer side left and right */
    RULES_NO_TOP_BOTTOM,
    RULES_NONE
} RuleStyle;

typedef enum { ORDER_READING, ORDER_LINES, ORDER_COLUMNS, ORDER_SHUFFLE } PieceOrder;

typedef struct {
    int pages;          /* 0: as many as the content needs */
    char *font;         /* family of the text */
    char *heading_font; /* family of headings and header rows */
    double size;        /* points, text in tables; prose is set a little larger */
    double leading;     /* line height in tables, in font sizes */
    double leading2;    /* factor on that in a table's last column */
    int label_columns;  /* 1: label and ministry share a column */
    RuleStyle rules;
    gboolean gaps;  /* rulings stop short of crossings */
    double row_gap; /* points added below each row */
    double pad;     /* points between a ruling and the text beside it */
    double indent;  /* of the first line of a paragraph in a table, in font sizes */
    PieceOrder order;
    guint32 seed;
    gboolean sideways;      /* turned in the page, as the page is displayed */
    gboolean rotate;        /* turned in the page and back again by /Rotate 90 */
    gboolean no_header_row; /* of the tables of measures */
    double margin;          /* points, all four sides */
} Options;

#endif

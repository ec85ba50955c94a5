/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Layout: what one page's evidence means by itself: lines, tables with cells, figures and regions
 * of text, in reading order. What needs the rest of the document (running heads, headings' levels,
 * joins over pages) is not decided here.
 *
 * A pure function from a const Page; flat arrays with indices. Coordinates of tables, cells,
 * regions and figures are those of the layout's frame (geometry.h); each line has a frame of its
 * own, since a chart's axis label or a vertical cell can run another way than the page.
 * Every glyph stands in exactly one line, or in `dropped` with its reason.
 */
#pragma once

#include "page.h"

typedef enum {
    DROP_NOT,
    DROP_BLANK,     /* white space at a line's end, or without a place in any line */
    DROP_INVISIBLE, /* as Hidden */
    DROP_CLIPPED,
    DROP_COVERED,
    DROP_SAME_COLOUR,
    DROP_OUTSIDE,
    DROP_READ_ANEW,
    DROP_DOUBLE,    /* the same character painted again on the same place */
    DROP_HEADER,    /* a header row repeated on a later page of its table */
    DROP_UNDECODED, /* painted, but no character is known for it */
    DROP_HYPHEN,    /* broke a word at a line's end */
    DROP_LAST = DROP_HYPHEN,
} Drop;

enum {
    MARK_UNDERLINE = 1 << 0,
    MARK_STRIKE = 1 << 1,
};

enum {
    LINE_RUBY = 1 << 0,    /* reads the line `base`; not in the flow itself */
    LINE_GOES_ON = 1 << 1, /* is of the paragraph of the line before it, wherever it stands, … */
    LINE_APART = 1 << 2,   /* … and there is a space between them */
    LINE_ENDS = 1 << 3,    /* its paragraph ends with it */
};

/* Glyphs order[first … first+count), in reading order; blanks among them. */
typedef struct {
    guint32 first, count;
    Rect box;        /* of the glyphs that are not blank, in `frame` */
    double baseline; /* y in `frame` */
    double size;     /* the size most of its glyphs have, points */
    gint32 base;     /* ruby: index of the line it reads; else -1 */
    guint8 frame;    /* Frame */
    guint8 flags;    /* LINE_… */
    guint8 bold;     /* most of its glyphs are bold */
    guint8 serif;    /* most of its glyphs are of a face with serifs (Mincho) */
    guint8 vertical; /* written vertically with upright glyphs */
} Line;

/* A cell's lines are lines[first … first+count). Rows and columns count from 0. */
typedef struct {
    guint32 row, column, row_span, column_span;
    guint32 first, count;
    Rect box; /* between the rulings' axes */
    guint8 shaded;
    guint8 header; /* 0, or a HEADER_… */
    guint16 unused;
} Cell;

enum {
    HEADER_COLUMN = 1, /* heads its column(s) */
    HEADER_ROW = 2,
};

enum {
    TABLE_OPEN_TOP = 1 << 0, /* no ruling closes it there */
    TABLE_OPEN_BOTTOM = 1 << 1,
    TABLE_OPEN_COLUMNS = 1 << 2, /* no ruling divides its columns: somewhere in gutters */
};

/* Lines lines[first … first+count) of a cell that are read by themselves: a cell of a table inside
 * of it. */
typedef struct {
    guint32 first, count;
    Rect box; /* between its rulings' axes */
} CellPart;

/* Cells cells[first … first+count), row by row. Column borders are borders[first_border …
 * first_border + columns], x in the layout's frame. */
typedef struct {
    guint32 first, count;
    guint32 rows, columns;
    guint32 first_border;
    guint32 flags;
    Rect box;
} Table;

/* A stretch of text in one column: lines[first … first+count) in reading order. */
typedef struct {
    guint32 first, count;
    Rect box;      /* the column it stands in */
    guint8 frame;  /* Frame of its lines; box is in it */
    guint8 framed; /* a drawn box surrounds it */
    guint16 unused;
} Region;

/* A picture or drawing; its labels are lines[first … first+count). */
typedef struct {
    guint32 first, count;
    Rect box;
} Figure;

typedef enum { BLOCK_REGION, BLOCK_TABLE, BLOCK_FIGURE } BlockKind;

typedef struct {
    guint32 kind; /* BlockKind */
    guint32 index;
} LayoutBlock;

typedef struct {
    Frame frame;
    double width, height;  /* of the page, upright */
    gboolean marks_breaks; /* lines of Hangul that end with a word end with a space */
    GArray *order;         /* guint32: indices of glyphs */
    GArray *lines;         /* Line */
    GArray *cells;         /* Cell */
    GArray *parts;         /* CellPart, by `first` */
    GArray *tables;        /* Table */
    GArray *borders;       /* double */
    GArray *regions;       /* Region */
    GArray *figures;       /* Figure */
    GArray *blocks;        /* LayoutBlock, in reading order */
    GArray *marks;         /* guint8 for each glyph: MARK_… */
    GArray *dropped;       /* guint8 for each glyph: Drop */
    GArray *directions;    /* guint8 for each glyph (directions.h); only while the layout is made */
} Layout;

/* An empty layout for a page; layout_free() it. */
Layout *layout_new(const Page *page);
void layout_free(Layout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Layout, layout_free)

/* All passes over one page, in their order. Cannot fail. */
Layout *layout_find(const Page *page);

/* Conservation: every glyph stands in one line or is dropped, never both, and every line belongs
 * to one cell, region or figure. FALSE with one line in *ret_why (g_free it) otherwise. */
gboolean layout_conserves(const Layout *layout, const Page *page, char **ret_why);

const char *drop_word(Drop drop);

static inline const Line *
layout_line(const Layout *layout, guint i)
{
    return &g_array_index(layout->lines, Line, i);
}

/* The page rectangle (upright) of a rectangle in one of its frames. */
static inline Rect
layout_page_rect(const Layout *layout, Rect box, Frame frame)
{
    return rect_from_frame(box, frame, layout->width, layout->height);
}

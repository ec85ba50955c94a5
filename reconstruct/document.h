/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Document: meaning. Blocks in reading order, made of paragraphs, made of characters each of which
 * knows the glyph it comes from and what was done to it.
 *
 * A document streams: assemble.c hands closed blocks to a Writer one after the other, so this is
 * the shape of what passes between them, not a tree in memory. Boxes: PDF points of the page as
 * displayed, origin top left, y down.
 */
#pragma once

#include "layout.h"

/* What was put in or changed, and why. */
typedef enum {
    CHANGE_NOT,
    CHANGE_JOIN,     /* a space put in where two lines join */
    CHANGE_GAP,      /* a space put in where the page has a gap and no space */
    CHANGE_RADICAL,  /* a radical made the ideograph it stands for */
    CHANGE_FORM,     /* a presentation form made the plain character */
    CHANGE_REPAIRED, /* what its font says is not what is printed, as OCR has it all over */
    CHANGE_PERSON,   /* a person wrote it on the review page */
    CHANGE_LAST = CHANGE_PERSON,
} Change;

typedef struct {
    guint32 unicode; /* as put out */
    guint32 raw;     /* as in the evidence; 0 where put in */
    guint8 change;   /* Change */
    guint8 marks;    /* MARK_… */
    guint8 line_end; /* a hyphen at which the next line was joined */
    guint8 unused;
} Char;

/* Characters from … to (not included) are read as `reading`. */
typedef struct {
    guint32 from, to;
    char *reading; /* UTF-8, owned */
} Ruby;

/* A part of a paragraph on one page. */
typedef struct {
    guint32 page;
    guint32 zone; /* its number, from 1, in the order of the document */
    Rect box;
    guint8 origin;     /* Origin */
    double confidence; /* the least of its glyphs; of a text's line: that it stands where it does */
    guint32 line;      /* of a text: the line from 1, and there is no box */
    guint8 has_rival;  /* … it may as well stand elsewhere: */
    guint32 rival_column; /* … in this column from 1; 0: in no table */
    guint32 rival_after;  /* … and go on after this line; 0: begin a paragraph */
} Zone;

typedef struct {
    GArray *chars;  /* Char */
    GArray *rubies; /* Ruby */
    GArray *zones;  /* Zone */
    /* what joining over a page edge needs to know: */
    gboolean full;       /* its last line is full: it may go on */
    gboolean spaced_end; /* … and ends with a space character */
    guint lines;
    guint8 mark;   /* StartMark of its first line */
    gboolean sure; /* … which cannot stand there by chance */
    double size;   /* points */
    gboolean bold;
    gboolean serif;
    gboolean contents;  /* entries of a contents list: page numbers at the edge, counting on */
    gboolean centred;   /* all its lines stand in the middle of their column */
    guint line;         /* index of its first line in its page's layout */
    double indent;      /* of its first line from its column's left edge, points */
    double last_indent; /* of its last line */
    double width;       /* of its column, points */
} Paragraph;

Paragraph *paragraph_new(void);
Paragraph *paragraph_copy(const Paragraph *paragraph);
void paragraph_free(Paragraph *paragraph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Paragraph, paragraph_free)

typedef enum {
    KIND_PARAGRAPH,
    KIND_HEADING,
    KIND_ITEM, /* an item of a list */
    KIND_NOTE,
    KIND_CAPTION,
} Kind;

typedef struct {
    guint row, column, row_span, column_span; /* from 0; rows of the whole table */
    guint8 header;                            /* 0 or HEADER_… */
    GPtrArray *paragraphs;                    /* Paragraph *, owned */
} DocCell;

/* What is said about one page when the document is past it. */
typedef struct {
    const Page *page;
    const char *failed; /* why the page could not be read, or NULL; then page is empty */
    guint glyphs;       /* inked characters of the evidence */
    guint placed;       /* of these, put into the document */
    guint dropped[DROP_LAST + 1];
    GPtrArray *heads;  /* Paragraph *: running heads and feet; NULL on a failed page */
    GPtrArray *folios; /* the same: page numbers, two on a spread */
    GArray *changes;   /* PageChange */
    GArray *remainder; /* Remainder: marks like characters that nothing accounts for */
    gboolean picture;  /* marks but no text: needs OCR */
} PageRecord;

typedef struct {
    guint32 raw, unicode;
    guint8 change;
    guint32 count;
} PageChange;

/* Receives the document. Arguments are borrowed for the call. */
typedef struct Writer Writer;
struct Writer {
    void (*page)(Writer *w, const PageRecord *record);
    void (*zone)(Writer *w, const Zone *zone);
    void (*block)(Writer *w, Kind kind, int level, const Paragraph *paragraph);
    void (*list_begin)(Writer *w);
    void (*list_end)(Writer *w);
    void (*table_begin)(Writer *w, guint columns);
    void (*table_row)(Writer *w, GPtrArray *cells); /* DocCell *: those that start in this row */
    void (*table_end)(Writer *w);
    void (*figure)(Writer *w, GPtrArray *paragraphs, const Zone *zone);
};

DocCell *doc_cell_new(void);
void doc_cell_free(DocCell *cell);

const char *change_word(Change change);

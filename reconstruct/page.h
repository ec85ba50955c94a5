/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page: the evidence of one page. What is on it and how we know; no interpretation.
 *
 * extract/ fills it, reconstruct/ reads it; once filled it is frozen (passed as const).
 * Unit: PDF points of the page as displayed (CropBox and /Rotate applied), origin top left, y down.
 * Flat arrays with indices between them, so that a page can be written to a pipe as it stands.
 */
#pragma once

#include "geometry.h"

#define PAGE_MAX_GLYPHS 2000000u
#define PAGE_MAX_RULINGS 200000u
#define PAGE_MAX_AREAS 100000u
#define PAGE_MAX_IMAGES 100000u
#define PAGE_MAX_SHAPES 100000u
#define PAGE_MAX_READINGS PAGE_MAX_GLYPHS

/* The way text runs. VERTICAL is Japanese vertical writing with upright glyphs. */
typedef enum {
    DIRECTION_RIGHT,
    DIRECTION_DOWN,
    DIRECTION_LEFT,
    DIRECTION_UP,
    DIRECTION_VERTICAL,
    DIRECTION_OTHER, /* slanted: neither a row nor a column */
    DIRECTION_LAST = DIRECTION_OTHER,
} Direction;

typedef enum {
    ORIGIN_TEXT_LAYER,
    ORIGIN_OCR,
    ORIGIN_TEXT, /* read from plain text: no box */
    ORIGIN_LAST = ORIGIN_TEXT,
} Origin;

/* Why a glyph that the text layer claims is not seen on the page. */
typedef enum {
    HIDDEN_NOT,
    HIDDEN_INVISIBLE,   /* text render mode 3 or 7, or fully transparent */
    HIDDEN_CLIPPED,     /* outside of the clipping path */
    HIDDEN_COVERED,     /* something opaque was painted over it later */
    HIDDEN_SAME_COLOUR, /* the colour of what is beneath it */
    HIDDEN_OUTSIDE,     /* outside of the page's box */
    HIDDEN_READ_ANEW,   /* seen, but what is read of the picture stands in its place */
    HIDDEN_LAST = HIDDEN_READ_ANEW,
} Hidden;

enum {
    GLYPH_PART = 1 << 0,      /* a further character of the same painted mark as the glyph before */
    GLYPH_ACTUAL = 1 << 1,    /* unicode comes from the document's ActualText */
    GLYPH_NO_INK = 1 << 2,    /* nothing is painted (a blank without Unicode) */
    GLYPH_UNDECODED = 1 << 3, /* painted, and the font does not say what it is; unicode is 0 */
    GLYPH_ANNOTATION = 1 << 4,   /* painted by an annotation or a filled form field */
    GLYPH_CONTRADICTED = 1 << 5, /* the font itself names another character than its table says */
    GLYPH_REPAIRED = 1 << 6, /* unicode was wrong and is set right (repairs.h); readings know it */
};

typedef struct {
    guint32 unicode;          /* code point; 0 where unknown */
    guint32 code;             /* the character code in its font */
    float x0, y0, x1, y1;     /* the em box along the advance, not the ink */
    float origin_x, origin_y; /* on the baseline; vertical writing: the top of the centre line */
    float confidence;         /* 0 to 1; 1 for a text layer */
    guint16 style;            /* index into styles */
    guint8 origin;            /* Origin */
    guint8 hidden;            /* Hidden */
    guint32 flags;            /* GLYPH_… */
} Glyph;

enum {
    STYLE_BOLD = 1 << 0,
    STYLE_ITALIC = 1 << 1,
    STYLE_SERIF = 1 << 2,
};

typedef struct {
    float size;       /* points, as displayed */
    guint32 colour;   /* 0xRRGGBB */
    guint16 font;     /* index into fonts */
    guint8 direction; /* Direction */
    guint8 flags;     /* STYLE_… */
} Style;

typedef enum {
    RULING_STROKE,
    RULING_FILL,  /* a thin filled rectangle */
    RULING_EDGE,  /* the edge of a filled area */
    RULING_IMAGE, /* a thin image, or a chain of tiny ones */
    RULING_SOURCE_LAST = RULING_IMAGE,
} RulingSource;

/* A drawn straight line, horizontal (y0 == y1) or vertical (x0 == x1): its axis and width. */
typedef struct {
    float x0, y0, x1, y1;
    float width;    /* 0 for RULING_EDGE */
    guint32 colour; /* 0xRRGGBB */
    guint8 source;  /* RulingSource */
    guint8 dashed;  /* dashed or dotted */
    guint16 unused;
} Ruling;

/* A filled rectangle that is no ruling. */
typedef struct {
    float x0, y0, x1, y1;
    guint32 colour;
} Area;

/* Something painted that is neither text nor ruling nor filled rectangle: its box. */
typedef struct {
    float x0, y0, x1, y1;
} Mark;

/* Something worth telling about the page, for people and programs. */
typedef struct {
    char kind[24];        /* a word: hidden, undecoded, limit, trace-error, … */
    float x0, y0, x1, y1; /* where, or all 0 */
    guint32 count;        /* how many, at least 1 */
    char text[96];        /* UTF-8, may be empty */
} Notice;

/* What is read of the picture where a glyph of the text layer stands, when there is reason to doubt
 * what its font says of it. */
typedef struct {
    guint32 glyph;    /* index into glyphs */
    guint32 raw;      /* what the text layer says; 0 where it says nothing */
    guint32 unicode;  /* what is read; the same, most often */
    float confidence; /* 0 to 1 */
} Reading;

typedef struct {
    guint32 number; /* physical page, from 1 */
    double width, height;
    gboolean painted_known; /* whether a paint trace was made: hidden and flags can be trusted */
    char *label;            /* page label, or NULL */
    GPtrArray *fonts;       /* char *: font names; subset tags tell fonts of one name apart */
    GArray *styles;         /* Style */
    GArray *glyphs;         /* Glyph, in the order painted */
    GArray *rulings;        /* Ruling */
    GArray *areas;          /* Area */
    GArray *images;         /* Mark */
    GArray *shapes;         /* Mark: curves, slanted lines, filled outlines */
    GArray *notices;        /* Notice */
    GArray *readings;       /* Reading, at most one a glyph, in the order of glyphs */
} Page;

/* An empty page; page_free() it. */
Page *page_new(guint32 number, double width, double height);
void page_free(Page *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Page, page_free)

/* Adds a notice; text may be NULL and is cut to fit at a character's border. box may be NULL. */
void page_notice(Page *page, const char *kind, const Rect *box, guint32 count, const char *text);

/* The index of this font name, added if new; at most 65,535, the last one shared beyond that. */
guint16 page_font(Page *page, const char *name);

/* The index of this style, added if new; looked for from the newest. */
guint16 page_style(Page *page, const Style *style);

static inline const Glyph *
page_glyph(const Page *page, guint i)
{
    return &g_array_index(page->glyphs, Glyph, i);
}

static inline const Style *
page_glyph_style(const Page *page, const Glyph *glyph)
{
    return &g_array_index(page->styles, Style, glyph->style);
}

static inline Rect
glyph_rect(const Glyph *g)
{
    return (Rect){g->x0, g->y0, g->x1, g->y1};
}

/* The reading of glyph i, or NULL; the readings are in the order of glyphs. */
const Reading *page_reading(const Page *page, guint i);

/* What the text layer says of glyph i: its unicode, unless that was repaired. */
guint32 page_raw(const Page *page, guint i);

/* Puts the readings in the order of glyphs. */
void page_sort_readings(Page *page);

/* White space as conservation counts it: characters without ink. */
gboolean glyph_is_blank(const Glyph *glyph);

/* The words used in dumps and reports: "right", "text-layer", "invisible", "stroke", … */
const char *direction_word(Direction direction);
const char *origin_word(Origin origin);
const char *hidden_word(Hidden hidden);
const char *ruling_source_word(RulingSource source);

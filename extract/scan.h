/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scan: what can be read on a picture of a page. First what is there (rulings, lines of text,
 * figures: scan_look), then what the lines say (scan_read), as pieces of evidence for a Page.
 *
 * The passes: raster.c (upright, level, even), ink-rulings.c, ink-lines.c, line-read.c,
 * line-glyphs.c. Unit: points of the page, origin top left, y down, turned upright and level. It
 * cannot know: what is said by lines that run askew to the others.
 */
#pragma once

#include "ink-lines.h"
#include "page.h"
#include "raster.h"
#include "recognise.h"

typedef struct {
    Raster raster;
    PIX *clean;      /* the raster's grey without rulings */
    PIX *rest;       /* the raster's ink without rulings and leaders */
    GArray *rulings; /* Ruling */
    GArray *leaders; /* Rect, in points: rows of dots from text to text */
    InkText text;
    GHashTable
        *samples; /* number of a line → GArray of Symbol: read to tell which way up; or NULL */
    int turn;     /* quarter turns clockwise that made it upright */
    double width, height; /* of the page, upright */
    gboolean otherwise;   /* to be read in another way than usual: see line_read_otherwise() */
} Scan;

/* Looks at a picture (8 bpp grey, the caller's) of `dpi`. If it may be turned, the recogniser is
 * asked which way up it is. NULL with an error if there is not enough memory or no model. */
Scan *scan_look(PIX *grey, double dpi, gboolean may_turn, Recogniser *recogniser, GError **error);
void scan_free(Scan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scan, scan_free)

/* What a line of it says, by itself: symbols (Symbol) in pixels of the raster. For a line that may
 * be no text, `witness` is an empty array, for a second reading, else NULL: see line-read.h. */
gboolean scan_read_line(const Scan *scan, Recogniser *recogniser, const InkLine *line,
                        GArray *symbols, GArray *witness, GError **error);

/* Which lines are wanted, and how what they say is judged. NULL stands for all, as of a page. */
#define SCAN_LEAVE (-2) /* not wanted */
#define SCAN_PAGE (-1)  /* text of a page, most likely */
#define SCAN_TEXT (-3)  /* text for certain: characters are painted there, whatever they are */
typedef struct {
    /* One of these, or from 0 the number of the illustration that the line lies in; picture-text.h
     * says what is asked of it. box: in points. */
    int (*line)(const Rect *box, gpointer user_data);
    /* Whether a character of an illustration is known from elsewhere; points. */
    gboolean (*is_known)(double x, double y, gpointer user_data);
    gpointer user_data;
} ScanWants;

/* Reads the lines that are wanted and adds their glyphs to the page; lines that cannot be read, and
 * ink in lines that no character accounts for, are noticed as "unread"; an illustration with lines
 * that are too uncertain for text is noticed once, as "illustration". Each line knows its glyphs
 * then (InkLine.glyph and .glyphs). */
gboolean scan_read(Scan *scan, const ScanWants *wants, Recogniser *recogniser, Page *page,
                   GError **error);

/* Accounts for the pixels of a page that is a picture: ink of the size of characters that no line,
 * ruling or figure accounts for is noticed as "unread". After scan_read(). */
void scan_account(const Scan *scan, Page *page);

/* Adds rulings, figures and dark grounds to the page, those in `region` (or NULL for all). */
void scan_add_marks(const Scan *scan, const Rect *region, Page *page);

/* Notices by how much the picture was turned. */
void scan_notice(const Scan *scan, Page *page);

/* Moves a point of the picture as it was to where it is now that it is level; in points. */
void scan_level_point(const Scan *scan, double *x, double *y);

/* Whether there is ink in a box (points) as of text: neither white nor full. */
gboolean scan_has_ink(const Scan *scan, Rect box);

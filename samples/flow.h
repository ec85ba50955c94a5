/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages filled from top to bottom, one at a time.
 *
 * The Flow knows the page being set, how far it is filled, its footnotes and its running head; when
 * the page is full it goes to the painter and its memory is used again. Points, origin top left. */
#ifndef SAMPLES_FLOW_H
#define SAMPLES_FLOW_H

#include "content.h"
#include "paint.h"
#include "truth.h"

typedef struct {
    const Options *options;
    const Content *content;
    Fonts *fonts;
    Truth *truth;                    /* NULL in a dry run */
    Painter *painter;                /* NULL in a dry run */
    double size;                     /* of text in tables */
    double left, right, top, bottom; /* of the area for text */
    Page *page;
    int number;  /* of the page being set, from 1 */
    double y;    /* how far it is filled */
    guint block; /* the one being set */
    const char *chapter;
    const char *page_chapter; /* the first one that begins on this page */
    GPtrArray *notes;         /* Paragraph *: footnotes of this page */
    double notes_height;
    GPtrArray *told_notes; /* char *: footnotes the truth does not have yet */
    GArray *told_pages;    /* int: their pages */
} Flow;

/* A4, upright, or lying where the page is to be turned. */
void page_size(const Options *options, double *ret_width, double *ret_height);

/* Everything but the sinks is borrowed; TRUTH and PAINTER may be NULL. */
Flow *flow_new(const Content *content, const Options *options, double size, Fonts *fonts);
void flow_free(Flow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Flow, flow_free)

/* Points left on the page. */
double flow_room(const Flow *flow);
gboolean flow_page_is_empty(const Flow *flow);
/* Ends the page and begins the next. */
void flow_break_page(Flow *flow);
/* Ends the page if HEIGHT points are not left on it and it has something on it. */
void flow_require(Flow *flow, double height);
/* Ends the last page and tells the truth the last footnotes. */
void flow_end(Flow *flow);

/* Puts a footnote on this page. */
void flow_add_note(Flow *flow, const char *text);
double flow_note_height(const Flow *flow, const char *text);

/* Tells the truth the footnotes of pages that are done; called between blocks. */
void flow_tell_notes(Flow *flow);

#endif

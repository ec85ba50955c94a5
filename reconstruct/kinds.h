/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kinds: what a paragraph outside of tables is by its own looks: heading, item, note, caption. What
 * takes the rest of the document to tell (short numbered lines, levels) is left to headings.h.
 */
#pragma once

#include "document.h"
#include "marks.h"

/* What is seen of a paragraph; a copy that outlives it. */
typedef struct {
    double size;   /* points */
    double indent; /* from its column's left edge, points */
    double top;    /* of its first zone, in parts of the page's height */
    guint length;  /* characters, spaces left out */
    guint lines;
    guint32 first, end; /* its first and last character */
    Start start;        /* what it opens with; `spaced` if that is no accident */
    guint number;       /* that its start says, or 0 */
    gboolean pointed;   /* a point stands after that number: 1. is not of the kind of 1 */
    gboolean bold, serif;
    gboolean full;     /* its last line is full */
    gboolean centred;  /* all its lines stand in the middle of their column */
    gboolean contents; /* leads to a page number */
    gboolean caption;  /* opens with 表1 or the like */
} Look;

/* The running text it stands in. */
typedef struct {
    double size;    /* points */
    gboolean serif; /* nearly all of it is Mincho or the like */
} Body;

Look look_of(const Paragraph *paragraph, double page_height);

/* The kind; *ret_maybe if it is an item or a paragraph by itself, but may be a heading in its
 * place. */
Kind look_kind(const Look *look, const Body *body, gboolean *ret_maybe);

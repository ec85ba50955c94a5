/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page wire: a page as bytes, for a pipe or a spool between processes of this very program on one
 * machine, and the conditions a page must meet to be let in from outside.
 *
 * The bytes are a head of counts, the strings, and the arrays as they lie in memory: no byte order
 * and no version is cared for, so they must not outlive the program that wrote them.
 * They carry no length of their own: the channel must deliver the whole of one page.
 */
#pragma once

#include "page.h"

#define PAGE_MAX_FONTS 65535u
#define PAGE_MAX_STYLES 65535u
#define PAGE_MAX_NOTICES 10000u
#define PAGE_MAX_NAME 4096u /* bytes of a font name or a page label */

/* The flat arrays of a page, in the order they are written. */
typedef enum {
    PAGE_STYLES,
    PAGE_GLYPHS,
    PAGE_RULINGS,
    PAGE_AREAS,
    PAGE_IMAGES,
    PAGE_SHAPES,
    PAGE_NOTICES,
    PAGE_READINGS,
    PAGE_SECTIONS,
} PageSection;

/* The array of this section, borrowed. */
GArray *page_section(const Page *page, PageSection section);

/* The most elements a page may have in this section. */
guint page_section_limit(PageSection section);

/* Whether `element`, of the section's type, may stand on the page: its indices point to something
 * that is there, its numbers are finite and in their range, its box is not inside out, its
 * strings are UTF-8. */
gboolean page_section_accepts(const Page *page, PageSection section, gconstpointer element);

/* Whether all of the page is within the limits and acceptable: what the readers below and of dumps
 * make sure of, and what whoever makes pages owes. */
gboolean page_is_sound(const Page *page);

/* Appends the page to `out`. The page is within the limits. */
void page_write_wire(const Page *page, GByteArray *out);

/* The page that page_write_wire() wrote as exactly these bytes; page_free() it.
 * NULL if they are not a sound page. No alignment is asked of `data`. */
Page *page_read_wire(const guint8 *data, gsize size);

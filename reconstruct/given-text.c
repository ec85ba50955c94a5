/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each line on the picture is a stretch of the text, but for what was misread: so
 *
 *   1. glyphs into lines, cut where a ruling or a wide gap stands between them (given-placing.c): a
 *      line of text that was printed across columns is then no longer one;
 *   2. each line, the longest first, to the stretch of the text that it differs least from
 *      (given-stretches.c);
 *   3. what is left of the text: to the line it continues in the text; else to a place on the
 *      picture that could not be read; else below the page (given-rest.c);
 *   4. the characters into the places of the glyphs they go with (given-boxes.c).
 */
#include "given-text.h"

#include <string.h>

#include "given-boxes.h"
#include "given-rest.h"
#include "given-stretches.h"

static int
compare_characters(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a;
    guint32 y = *(const guint32 *)b;
    return x < y ? -1 : x > y;
}

/* Debug builds check that each character of the text is there as often as in the text. */
static void
check_law(const GivenPlacing *p, const Page *page)
{
#ifndef NDEBUG
    g_autoptr(GArray) given = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) put = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_assert(page->glyphs->len == p->given->len);
    for (guint i = 0; i < p->given->len; i++) {
        g_array_append_val(given, given_char(p, i)->unicode);
        g_array_append_val(put, page_glyph(page, i)->unicode);
    }
    g_array_sort(given, compare_characters);
    g_array_sort(put, compare_characters);
    g_assert(given->len == 0 || memcmp(given->data, put->data, given->len * sizeof(guint32)) == 0);
#else
    (void)p;
    (void)page;
    (void)compare_characters;
#endif
}

Page *
given_text_place(const Page *read, const char *text)
{
    g_autoptr(GivenPlacing) p = given_placing_new(read, text);
    given_stretches_find(p);
    given_rest_place(p);
    Page *page = given_boxes_fill(p);
    check_law(p, page);
    return page;
}

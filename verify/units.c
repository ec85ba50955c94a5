/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "units.h"

#include <string.h>

#include "alike.h"
#include "chars.h"

/* More marks on one character than this are taken for characters of their own. */
#define CLUSTER_MOST 8u

/* What is most of Japanese text and folds to itself. */
static gboolean
is_plain(gunichar c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3041 && c <= 0x3096) ||
           (c >= 0x30A1 && c <= 0x30FA) || (c > 0x20 && c < 0x7F);
}

/* A mark that belongs to the character before it: combining ones, variation selectors, and the
 * voicing marks of half width. */
static gboolean
joins_before(gunichar c)
{
    if (is_plain(c)) {
        return FALSE;
    }
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_SPACING_MARK || c == 0xFF9E ||
           c == 0xFF9F;
}

static gboolean
is_selector(gunichar c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static void
add_unit(GArray *units, gunichar fold, guint at, guint length)
{
    Unit unit = {.fold = fold, .at = at, .length = (guint8)length, .pair = G_MAXUINT32};
    g_array_append_val(units, unit);
}

/* The characters text[at, at + n) folded together; nothing folds to nothing. */
static void
add_folded(GArray *units, const gunichar *text, guint at, guint n)
{
    gunichar bare[CLUSTER_MOST];
    guint m = 0, before = units->len;
    for (guint i = 0; i < n; i++) {
        if (!is_selector(text[at + i])) {
            Change why;
            bare[m++] = char_fold(text[at + i], &why);
        }
    }
    g_autofree char *utf8 = g_ucs4_to_utf8(bare, m, NULL, NULL, NULL);
    g_autofree char *normal = utf8 != NULL ? g_utf8_normalize(utf8, -1, G_NORMALIZE_NFKC) : NULL;
    for (const char *p = normal; p != NULL && *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isspace(c)) {
            add_unit(units, char_plain(c), at, n);
        }
    }
    if (units->len == before) {
        add_unit(units, text[at], at, n);
    }
}

static void
add_text(GArray *units, const gunichar *text, guint length)
{
    for (guint i = 0, n; i < length; i += n) {
        n = 1;
        if (g_unichar_isspace(text[i])) {
            continue;
        }
        while (i + n < length && n < CLUSTER_MOST && joins_before(text[i + n])) {
            n++;
        }
        if (n == 1 && is_plain(text[i])) {
            add_unit(units, text[i], i, 1);
        } else {
            add_folded(units, text, i, n);
        }
    }
}

static void
place_stretch(Stretch *stretch, const Claims *claims, const Passage *p)
{
    for (guint i = 0; i < p->zones->len; i++) {
        const ClaimedZone *zone = claims_zone(claims, g_array_index(p->zones, guint, i));
        if (i == 0) {
            stretch->page = zone->page;
            stretch->placed = zone->placed;
            stretch->box = zone->box;
        } else if (zone->page == stretch->page && zone->placed) {
            stretch->box = stretch->placed ? rect_union(stretch->box, zone->box) : zone->box;
            stretch->placed = TRUE;
        }
    }
}

static void
add_stretch(Units *units, guint passage)
{
    const Passage *p = claims_passage(units->claims, passage);
    glong length;
    Stretch stretch = {.passage = passage, .first = units->units->len};
    if (p->n == 0) {
        return;
    }
    stretch.text = g_utf8_to_ucs4_fast(p->text, -1, &length);
    stretch.length = (guint)length;
    add_text(units->units, stretch.text, stretch.length);
    stretch.n = units->units->len - stretch.first;
    for (guint i = 0; i < stretch.n; i++) {
        units_unit(units, stretch.first + i)->stretch = units->stretches->len;
    }
    place_stretch(&stretch, units->claims, p);
    g_array_append_val(units->stretches, stretch);
}

static gboolean
is_margin(const Passage *p)
{
    return p->kind == PASSAGE_HEAD || p->kind == PASSAGE_FOLIO;
}

static guint32
page_of(const Claims *claims, const Passage *p)
{
    return p->zones->len > 0 ? claims_zone(claims, g_array_index(p->zones, guint, 0))->page : 0;
}

/* A head or folio, and the passage of the body that it comes before. */
typedef struct {
    guint before, margin;
} Margin;

static int
compare_margins(gconstpointer a, gconstpointer b)
{
    const Margin *p = a, *q = b;
    if (p->before != q->before) {
        return p->before < q->before ? -1 : 1;
    }
    return p->margin < q->margin ? -1 : p->margin > q->margin;
}

/* Heads and folios, of which the claims have `margins` first, each before the first passage that
 * begins on its page: where a head is taken for a paragraph, it is about there. Those of a page
 * without text come with the next page's. */
static GArray *
place_margins(const Claims *claims, guint margins)
{
    GArray *placed = g_array_new(FALSE, FALSE, sizeof(Margin));
    g_autoptr(GHashTable) first = g_hash_table_new(NULL, NULL); /* by page */
    for (guint i = claims->passages->len; i-- > margins;) {
        guint32 page = page_of(claims, claims_passage(claims, i));
        g_hash_table_insert(first, GUINT_TO_POINTER(page), GUINT_TO_POINTER(i));
    }
    guint before = claims->passages->len;
    for (guint i = margins; i-- > 0;) {
        guint32 page = page_of(claims, claims_passage(claims, i));
        gpointer there = g_hash_table_lookup(first, GUINT_TO_POINTER(page));
        before = there != NULL ? GPOINTER_TO_UINT(there) : before;
        Margin margin = {before, i};
        g_array_append_val(placed, margin);
    }
    g_array_sort(placed, compare_margins);
    return placed;
}

Units *
units_new(const Claims *claims)
{
    Units *units = g_new0(Units, 1);
    units->claims = claims;
    units->units = g_array_new(FALSE, FALSE, sizeof(Unit));
    units->stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));
    guint margins = 0, placed = 0;
    while (margins < claims->passages->len && is_margin(claims_passage(claims, margins))) {
        margins++;
    }
    g_autoptr(GArray) margin = place_margins(claims, margins);
    for (guint body = margins; body <= claims->passages->len; body++) {
        while (placed < margin->len && g_array_index(margin, Margin, placed).before <= body) {
            add_stretch(units, g_array_index(margin, Margin, placed++).margin);
        }
        if (body < claims->passages->len) {
            add_stretch(units, body);
        }
    }
    return units;
}

void
units_free(Units *units)
{
    if (units == NULL) {
        return;
    }
    for (guint i = 0; i < units->stretches->len; i++) {
        g_free(units_stretch(units, i)->text);
    }
    g_array_unref(units->stretches);
    g_array_unref(units->units);
    g_free(units);
}

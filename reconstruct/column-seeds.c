/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "column-seeds.h"

#include <math.h>

static const double ALIKE = 1.6;      /* em by which full lines of one column differ */
static const double ALIKE_ENDS = 1.1; /* … by which chained lines do in the column both show */
static const double STEP = 0.5;       /* em to which widths are rounded down */
#define CHAINED_LEAST 2u              /* lines that must show what others are chained to */
#define CHAINED_MOST 60u              /* seeds of a page, with the chained ones */

typedef struct {
    TextColumns columns;
    guint count; /* lines that show them */
} Seed;

/* The widths of a line's stretches, but for a short one at its end; fewer than two: none. */
static void
line_columns(const TextPage *page, const TextLine *line, TextColumns *ret)
{
    const TextPart *parts = &g_array_index(page->parts, TextPart, line->part);
    *ret = (TextColumns){.n = 0};
    for (guint a = 0, b; a < line->n_part && ret->n < TEXT_MAX_COLUMNS; a = b) {
        for (b = a + 1; b < line->n_part && !parts[b].cut; b++) {
        }
        double width = text_page_width(page, parts[a].from, parts[b - 1].to);
        ret->width[ret->n++] = floor(width / STEP) * STEP; /* less the space after it */
    }
}

/* The same columns, of which the last line may be short? */
static gboolean
is_alike(const TextColumns *a, const TextColumns *b)
{
    if (a->n != b->n) {
        return FALSE;
    }
    for (guint i = 0; i + 1 < a->n; i++) {
        if (fabs(a->width[i] - b->width[i]) > ALIKE) {
            return FALSE;
        }
    }
    return TRUE;
}

static void
count_seed(GArray *seeds, const TextColumns *columns, guint count)
{
    for (guint i = 0; i < seeds->len; i++) {
        Seed *it = &g_array_index(seeds, Seed, i);
        if (is_alike(&it->columns, columns)) {
            it->count += count;
            for (guint c = 0; c < columns->n; c++) {
                it->columns.width[c] = MAX(it->columns.width[c], columns->width[c]);
            }
            return;
        }
    }
    const Seed seed = {*columns, count};
    g_array_append_val(seeds, seed);
}

/* b's columns after a's where the last `overlap` of a are the first of b. */
static gboolean
chained(const TextColumns *a, const TextColumns *b, guint overlap, TextColumns *ret)
{
    if (overlap >= b->n || a->n + b->n - overlap > TEXT_MAX_COLUMNS) {
        return FALSE;
    }
    *ret = *a;
    for (guint i = 0; i < b->n; i++) {
        guint at = a->n - overlap + i;
        if (i < overlap && fabs(a->width[at] - b->width[i]) > ALIKE_ENDS) {
            return FALSE;
        }
        ret->width[at] = i < overlap ? MAX(a->width[at], b->width[i]) : b->width[i];
    }
    ret->n = a->n + b->n - overlap;
    return TRUE;
}

static void
chain_seeds(GArray *seeds)
{
    guint n = seeds->len;
    for (guint i = 0; i < n; i++) {
        for (guint j = 0; j < n && seeds->len < CHAINED_MOST; j++) {
            const Seed a = g_array_index(seeds, Seed, i), b = g_array_index(seeds, Seed, j);
            TextColumns both;
            guint least = MIN(a.count, b.count);
            for (guint overlap = 1; least >= CHAINED_LEAST && overlap < a.columns.n; overlap++) {
                if (chained(&a.columns, &b.columns, overlap, &both)) {
                    count_seed(seeds, &both, least);
                }
            }
        }
    }
}

/* Many lines that show many columns first. */
static gint
compare_seeds(gconstpointer a, gconstpointer b, gpointer seeds)
{
    const Seed *x = &g_array_index((GArray *)seeds, Seed, *(const guint *)a);
    const Seed *y = &g_array_index((GArray *)seeds, Seed, *(const guint *)b);
    guint worth_x = x->count * x->columns.n, worth_y = y->count * y->columns.n;
    if (worth_x != worth_y) {
        return worth_x > worth_y ? -1 : 1;
    }
    return *(const guint *)a < *(const guint *)b ? -1 : 1;
}

GArray *
column_seeds_find(const TextPage *page, guint most)
{
    g_autoptr(GArray) seeds = g_array_new(FALSE, TRUE, sizeof(Seed));
    for (guint i = 0; i < page->lines->len; i++) {
        TextColumns columns;
        line_columns(page, &g_array_index(page->lines, TextLine, i), &columns);
        if (columns.n >= 2) {
            count_seed(seeds, &columns, 1);
        }
    }
    chain_seeds(seeds);
    g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < seeds->len; i++) {
        g_array_append_val(order, i);
    }
    g_array_sort_with_data(order, compare_seeds, seeds);
    GArray *found = g_array_new(FALSE, TRUE, sizeof(TextColumns));
    for (guint i = 0; i < MIN(order->len, most); i++) {
        g_array_append_val(found,
                           g_array_index(seeds, Seed, g_array_index(order, guint, i)).columns);
    }
    return found;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "column-seeds.h"

#include <string.h>

static const double ABOVE = 0.3;   /* em by which a full line may be wider than its heap */
static const double BELOW = 1.6;   /* … and narrower, of one that another stands beside */
static const double SHORT = 2.6;   /* … and of the last on its line */
static const double MARKS = 2;     /* em of a column of marks, and the step of wider labels */
static const guint CHAINED_LEAST = 2; /* lines that must show what others are chained to */

typedef struct {
    TextColumns columns;
    guint count; /* lines that show them */
} Seed;

/* The heap of a full line's width, or that of labels it may be one of; 0: neither. */
static double
snapped(double width, double below, const double *heaps, guint n_heaps)
{
    double best = 0;
    for (guint i = 0; i < n_heaps; i++) {
        double slack = heaps[i] - width;
        if (slack >= -ABOVE && slack <= below && (best <= 0 || heaps[i] < best)) {
            best = heaps[i];
        }
    }
    if (best <= 0 && width <= TEXT_LABEL_WIDTH) {
        best = MARKS;
        while (best + ABOVE < width) {
            best += MARKS;
        }
    }
    return best;
}

/* The columns that one line shows; FALSE: fewer than two. */
static gboolean
line_columns(const TextPage *page, const TextLine *line, const double *heaps, guint n_heaps,
             TextColumns *ret)
{
    const TextPart *parts = &g_array_index(page->parts, TextPart, line->part);
    *ret = (TextColumns){.n = 0};
    for (guint a = 0, b; a < line->n_part; a = b) {
        for (b = a + 1; b < line->n_part && !parts[b].cut; b++) {
        }
        double width = text_page_width(page, parts[a].from, parts[b - 1].to);
        width = snapped(width, b == line->n_part ? SHORT : BELOW, heaps, n_heaps);
        if (width <= 0 || ret->n == TEXT_MAX_COLUMNS) {
            return FALSE;
        }
        ret->width[ret->n++] = width;
    }
    return ret->n >= 2;
}

static gboolean
is_same(const TextColumns *a, const TextColumns *b)
{
    return a->n == b->n && memcmp(a->width, b->width, a->n * sizeof *a->width) == 0;
}

static void
count_seed(GArray *seeds, const TextColumns *columns, guint count)
{
    for (guint i = 0; i < seeds->len; i++) {
        Seed *it = &g_array_index(seeds, Seed, i);
        if (is_same(&it->columns, columns)) {
            it->count += count;
            return;
        }
    }
    const Seed seed = {*columns, count};
    g_array_append_val(seeds, seed);
}

/* b's columns after a's, its first the last of a; FALSE: they do not meet so. */
static gboolean
chained(const TextColumns *a, const TextColumns *b, guint overlap, TextColumns *ret)
{
    if (overlap >= a->n || overlap >= b->n || a->n + b->n - overlap > TEXT_MAX_COLUMNS ||
        memcmp(a->width + a->n - overlap, b->width, overlap * sizeof *a->width) != 0) {
        return FALSE;
    }
    *ret = *a;
    memcpy(ret->width + a->n, b->width + overlap, (b->n - overlap) * sizeof *b->width);
    ret->n = a->n + b->n - overlap;
    return TRUE;
}

static void
chain_seeds(GArray *seeds)
{
    guint n = seeds->len;
    for (guint i = 0; i < n; i++) {
        for (guint j = 0; j < n; j++) {
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

/* Many lines that show many columns. */
static gint
compare_seeds(gconstpointer a, gconstpointer b)
{
    const Seed *x = a, *y = b;
    guint worth_x = x->count * x->columns.n, worth_y = y->count * y->columns.n;
    return worth_x != worth_y ? (worth_x > worth_y ? -1 : 1)
                              : memcmp(&x->columns, &y->columns, sizeof x->columns);
}

GArray *
column_seeds_find(const TextPage *page, const double *heaps, guint n_heaps, guint most)
{
    g_autoptr(GArray) seeds = g_array_new(FALSE, TRUE, sizeof(Seed));
    for (guint i = 0; i < page->lines->len; i++) {
        TextColumns columns;
        if (line_columns(page, &g_array_index(page->lines, TextLine, i), heaps, n_heaps,
                         &columns)) {
            count_seed(seeds, &columns, 1);
        }
    }
    chain_seeds(seeds);
    g_array_sort(seeds, compare_seeds);
    GArray *found = g_array_new(FALSE, TRUE, sizeof(TextColumns));
    for (guint i = 0; i < MIN(seeds->len, most); i++) {
        g_array_append_val(found, g_array_index(seeds, Seed, i).columns);
    }
    return found;
}

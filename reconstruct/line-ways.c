/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "line-ways.h"

#include <stdlib.h>

static const double COST_SPACE_CUT =
    0.7;                           /* a column's edge at another space than those that part */
static const double WIDE_MOST = 3; /* em by which a piece may be wider than its column */
#define MOST_WAYS 60u /* for one line: those of many columns of numbers are not worth more */
#define MOST_TRIED 2000u
/* About what it costs, to tell which ways are worth while: by em that the left one of two pieces
 * lacks of its column, at most; a column between them; by em that a piece is too wide; and how much
 * dearer than the cheapest is worth while. */
static const double ABOUT_SLACK = 1, ABOUT_SLACK_MOST = 5, ABOUT_FAR = 6, ABOUT_WIDE = 2,
                    ABOUT_MOST = 7;

typedef struct {
    const TextPieces *pieces;
    const TextColumns *columns;
    guint32 line;
    guint m; /* parts */
    const TextPart *parts;
    GArray *ways; /* TextStep */
} Ways;

/* Parts from `part` on into columns from `column` on. */
static void
find_ways(Ways *w, TextStep way, guint part, guint column)
{
    if (w->ways->len >= MOST_TRIED) {
        return;
    }
    if (part == w->m) {
        g_array_append_val(w->ways, way);
        return;
    }
    if (part > 0 && !w->parts[part].cut) {
        way.cost += COST_SPACE_CUT;
    }
    for (guint c = column; c < w->columns->n; c++) {
        for (guint b = part; b < w->m; b++) {
            gint32 piece = text_pieces_of_parts(w->pieces, w->line, part, b);
            if (text_piece_at(w->pieces, piece)->width > w->columns->width[c] + WIDE_MOST) {
                break;
            }
            TextStep more = way;
            more.piece[more.n] = piece;
            more.column[more.n++] = (guint8)c;
            find_ways(w, more, b + 1, c + 1);
        }
    }
}

static double
about_cost(const Ways *w, const TextStep *way)
{
    double cost = way->cost;
    for (guint i = 0; i < way->n; i++) {
        double slack =
            w->columns->width[way->column[i]] - text_piece_at(w->pieces, way->piece[i])->width;
        cost += slack < 0 ? -ABOUT_WIDE * slack : 0;
        if (i + 1 < way->n) {
            cost += MIN(ABOUT_SLACK * MAX(slack, 0), ABOUT_SLACK_MOST);
            cost += way->column[i + 1] > way->column[i] + 1 ? ABOUT_FAR : 0;
        }
    }
    return cost;
}

static gint
compare_costs(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The ways that are not much dearer than the cheapest are left, MOST_WAYS at most, in their order.
 */
static void
keep_cheapest(Ways *w)
{
    if (w->ways->len == 0) {
        return;
    }
    g_autofree double *costs = g_new(double, w->ways->len);
    g_autofree double *rising = g_new(double, w->ways->len);
    for (guint i = 0; i < w->ways->len; i++) {
        costs[i] = rising[i] = about_cost(w, &g_array_index(w->ways, TextStep, i));
    }
    qsort(rising, w->ways->len, sizeof *rising, compare_costs);
    guint kept = 0;
    double most = MIN(rising[MIN(w->ways->len, MOST_WAYS) - 1], rising[0] + ABOUT_MOST);
    for (guint i = 0; i < w->ways->len && kept < MOST_WAYS; i++) {
        if (costs[i] <= most) {
            g_array_index(w->ways, TextStep, kept++) = g_array_index(w->ways, TextStep, i);
        }
    }
    g_array_set_size(w->ways, kept);
}

GArray *
line_ways_find(const TextPieces *pieces, const TextColumns *columns, guint32 line)
{
    const TextPage *page = pieces->page;
    const TextLine *it = &g_array_index(page->lines, TextLine, line);
    Ways w = {.pieces = pieces,
              .columns = columns,
              .line = line,
              .m = it->n_part,
              .parts = &g_array_index(page->parts, TextPart, it->part),
              .ways = g_array_new(FALSE, FALSE, sizeof(TextStep))};
    find_ways(&w, (TextStep){.kind = STEP_ON}, 0, 0);
    keep_cheapest(&w);
    return w.ways;
}

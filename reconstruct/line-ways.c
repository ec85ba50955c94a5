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
    GArray *ways;  /* TextStep */
    GArray *about; /* double: of each way what it costs, about */
    double least;  /* … of all so far */
} Ways;

/* About what a piece costs in a column; `is_left`: another stands to the right of it. */
static double
about_piece(const Ways *w, gint32 piece, guint column, gboolean is_left)
{
    const TextPiece *it = text_piece_at(w->pieces, piece);
    double slack = w->columns->width[column] - it->width;
    if (slack < 0) {
        return -ABOUT_WIDE * slack;
    }
    return is_left && !it->is_spread ? MIN(ABOUT_SLACK * slack, ABOUT_SLACK_MOST) : 0;
}

static void
add_way(Ways *w, const TextStep *way, double about)
{
    g_array_append_val(w->ways, *way);
    g_array_append_val(w->about, about);
    w->least = MIN(w->least, about);
}

/* Parts from `part` on into columns from `column` on, when those before cost about so much. */
static void
find_ways(Ways *w, TextStep way, guint part, guint column, double about)
{
    if (w->ways->len >= MOST_TRIED || about > w->least + ABOUT_MOST) {
        return;
    }
    if (part == w->m) {
        add_way(w, &way, about);
        return;
    }
    if (part > 0 && !w->parts[part].cut) {
        way.way += COST_SPACE_CUT;
        about += COST_SPACE_CUT;
    }
    for (guint c = column; c < w->columns->n; c++) {
        gboolean is_far = way.n > 0 && c > way.column[way.n - 1] + 1u;
        for (guint b = part; b < w->m; b++) {
            gint32 piece = text_pieces_of_parts(w->pieces, w->line, part, b);
            if (text_piece_at(w->pieces, piece)->width > w->columns->width[c] + WIDE_MOST) {
                break;
            }
            TextStep more = way;
            more.piece[more.n] = piece;
            more.column[more.n++] = (guint8)c;
            find_ways(w, more, b + 1, c + 1,
                      about + about_piece(w, piece, c, b + 1 < w->m) + (is_far ? ABOUT_FAR : 0));
        }
    }
}

static gint
compare_costs(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The ways that are not much dearer than the cheapest are left, MOST_WAYS at most, in their order;
 * of equal ones the first. */
static void
keep_cheapest(Ways *w)
{
    guint n = w->ways->len, room = MOST_WAYS, kept = 0;
    if (n == 0) {
        return;
    }
    const double *about = (const double *)(const void *)w->about->data;
    g_autofree double *rising = g_memdup2(about, n * sizeof *about);
    qsort(rising, n, sizeof *rising, compare_costs);
    double most = MIN(rising[MIN(n, MOST_WAYS) - 1], rising[0] + ABOUT_MOST);
    for (guint i = 0; i < n && rising[i] < most; i++) {
        room--; /* for those that cost the most */
    }
    for (guint i = 0; i < n; i++) {
        if (about[i] < most || (about[i] == most && room > 0)) {
            room -= about[i] == most;
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
              .ways = g_array_new(FALSE, FALSE, sizeof(TextStep)),
              .about = g_array_new(FALSE, FALSE, sizeof(double)),
              .least = G_MAXDOUBLE};
    find_ways(&w, (TextStep){.kind = STEP_ON}, 0, 0, 0);
    keep_cheapest(&w);
    g_array_unref(w.about);
    return w.ways;
}

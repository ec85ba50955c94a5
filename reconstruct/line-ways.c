/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "line-ways.h"

static const double COST_SPACE_CUT =
    0.7;                           /* a column's edge at another space than those that part */
static const double WIDE_MOST = 3; /* em by which a piece may be wider than its column */
#define MOST_WAYS 60u /* for one line: those of many columns of numbers are not worth more */

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
    if (w->ways->len >= MOST_WAYS) {
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
    return w.ways;
}

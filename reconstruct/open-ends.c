/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "open-ends.h"

#include "open-grids.h"

/* Lines of a row are nearer to each other, and the first to the ruling, than so many ems; what
 * stands further off is the page's head or foot, one line of it. */
#define LEADING 1.3
/* Text this much (points) over a border is beyond it. */
#define OVER 0.3
#define COLUMNS_LEAST 2u
/* A caption and a unit stand above a table, in one line. */
#define LINES_ABOVE 2u

typedef struct {
    guint columns; /* that have text, … */
    guint tall;    /* … of LINES_ABOVE lines or more */
    double reach;  /* as a distance from the ruling */
} End;

typedef struct {
    Rect box;
    double from, to; /* its distance from the ruling */
} Piece;

static gint
piece_order(gconstpointer a, gconstpointer b)
{
    const Piece *p = a, *q = b;
    return p->from < q->from ? -1 : p->from > q->from;
}

static GArray *
pieces_find(const Grid *grid, GArray *text, gboolean top)
{
    GArray *pieces = g_array_new(FALSE, TRUE, sizeof(Piece));
    for (guint i = 0; i < text->len; i++) {
        Rect r = g_array_index(text, Rect, i);
        double middle = (r.x0 + r.x1) / 2;
        Piece p = {r, top ? grid->box.y0 - r.y1 : r.y0 - grid->box.y1, 0};
        p.to = p.from + rect_height(r);
        if (middle > grid->box.x0 && middle < grid->box.x1 && p.from + p.to > 0) {
            g_array_append_val(pieces, p);
        }
    }
    g_array_sort(pieces, piece_order);
    return pieces;
}

/* The column that holds this box; -1 if it is in two. */
static gint
column_of(const Grid *grid, Rect r)
{
    for (guint c = 0; c < grid->columns; c++) {
        double x0 = g_array_index(grid->xs, double, c), x1 = g_array_index(grid->xs, double, c + 1);
        if (r.x0 >= x0 - OVER && r.x1 <= x1 + OVER) {
            return (gint)c;
        }
    }
    return -1;
}

/* Looks at the pieces from the ruling on, as far as they are lines of a row; how many are? 0 if some
 * do not keep to the columns. */
static guint
end_look(const Grid *grid, GArray *pieces, double em, End *end)
{
    g_autofree guint *lines = g_new0(guint, grid->columns);
    g_autofree double *last = g_new0(double, grid->columns);
    guint n = 0;
    for (; n < pieces->len; n++) {
        const Piece *p = &g_array_index(pieces, Piece, n);
        if (p->from - end->reach > LEADING * em) {
            break;
        }
        gint column = column_of(grid, p->box);
        if (column < 0) {
            return 0;
        }
        if (lines[column] == 0 || p->from > last[column] + 0.5 * em) {
            lines[column]++;
            last[column] = p->from;
        }
        end->reach = MAX(end->reach, p->to);
    }
    for (guint c = 0; c < grid->columns; c++) {
        end->columns += lines[c] > 0;
        end->tall += lines[c] >= LINES_ABOVE;
    }
    return n;
}

double
open_end(const Grid *grid, GArray *text, gboolean top)
{
    g_autoptr(GArray) inside = text_in(text, grid->box);
    g_autoptr(GArray) pieces = pieces_find(grid, text, top);
    double em = common_height(inside);
    End end = {0};
    guint n = end_look(grid, pieces, em, &end);
    if (n == 0 || end.columns < COLUMNS_LEAST || (top && end.tall < COLUMNS_LEAST)) {
        return INFINITY;
    }
    if (n < pieces->len) { /* one line may follow */
        const Piece *first = &g_array_index(pieces, Piece, n),
                    *last = &g_array_index(pieces, Piece, pieces->len - 1);
        if (last->to - first->from > 2 * em) {
            return INFINITY;
        }
    }
    double at = end.reach + 0.2 * em;
    return top ? grid->box.y0 - at : grid->box.y1 + at;
}

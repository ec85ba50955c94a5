/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "open-ends.h"

#include "open-grids.h"

/* Lines of a row are nearer to each other, and the first to the ruling, than so many ems; what
 * stands further off is the page's head or foot, one line of it. */
#define LEADING 1.0
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

static guint
column_of(const Grid *grid, Rect r)
{
    double middle = (r.x0 + r.x1) / 2;
    guint c = 0;
    while (c + 1 < grid->columns && middle > g_array_index(grid->xs, double, c + 1)) {
        c++;
    }
    return c;
}

/* Does the text run over one of the borders between the columns? */
static gboolean
runs_over(const Grid *grid, GArray *boxes, double em)
{
    for (guint c = 1; c < grid->columns; c++) {
        if (text_runs_over(boxes, g_array_index(grid->xs, double, c), em)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Looks at the pieces from the ruling on, as far as they are lines of a row; how many are? 0 if
 * some do not keep to the columns. */
static guint
end_look(const Grid *grid, GArray *pieces, double em, End *end)
{
    g_autofree guint *lines = g_new0(guint, grid->columns);
    g_autofree double *last = g_new0(double, grid->columns);
    g_autoptr(GArray) boxes = g_array_new(FALSE, TRUE, sizeof(Rect));
    guint n = 0;
    for (; n < pieces->len; n++) {
        const Piece *p = &g_array_index(pieces, Piece, n);
        if (p->from - end->reach > LEADING * em) {
            break;
        }
        guint column = column_of(grid, p->box);
        g_array_append_val(boxes, p->box);
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
    return runs_over(grid, boxes, em) ? 0 : n;
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

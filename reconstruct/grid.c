/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "grid.h"

static double
pos(GArray *positions, guint i)
{
    return g_array_index(positions, double, i);
}

Grid *
grid_new(GArray *xs, GArray *ys)
{
    Grid *grid = g_new0(Grid, 1);
    grid->xs = xs;
    grid->ys = ys;
    grid->rows = ys->len - 1;
    grid->columns = xs->len - 1;
    grid->box = (Rect){pos(xs, 0), pos(ys, 0), pos(xs, xs->len - 1), pos(ys, ys->len - 1)};
    grid->cells = g_array_new(FALSE, TRUE, sizeof(GridCell));
    grid->owner = g_new0(guint32, (gsize)grid->rows * grid->columns + 1);
    return grid;
}

void
grid_free(Grid *grid)
{
    if (grid == NULL) {
        return;
    }
    g_array_unref(grid->xs);
    g_array_unref(grid->ys);
    g_array_unref(grid->cells);
    g_free(grid->owner);
    g_free(grid);
}

void
grid_own(Grid *grid)
{
    grid->rows = grid->ys->len - 1;
    grid->columns = grid->xs->len - 1;
    g_free(grid->owner);
    grid->owner = g_new0(guint32, (gsize)grid->rows * grid->columns + 1);
    for (guint i = 0; i < grid->cells->len; i++) {
        const GridCell *c = &g_array_index(grid->cells, GridCell, i);
        for (guint y = c->row; y < c->row + c->row_span; y++) {
            for (guint x = c->column; x < c->column + c->column_span; x++) {
                grid->owner[y * grid->columns + x] = i;
            }
        }
    }
}

gint
grid_cell_order(gconstpointer a, gconstpointer b)
{
    const GridCell *p = a, *q = b;
    if (p->row != q->row) {
        return p->row < q->row ? -1 : 1;
    }
    return p->column < q->column ? -1 : p->column > q->column;
}

gint32
grid_cell_at(const Grid *grid, double x, double y)
{
    if (!rect_contains(grid->box, x, y)) {
        return -1;
    }
    guint c = 0, r = 0;
    while (c + 1 < grid->columns && x >= pos(grid->xs, c + 1)) {
        c++;
    }
    while (r + 1 < grid->rows && y >= pos(grid->ys, r + 1)) {
        r++;
    }
    return (gint32)grid->owner[r * grid->columns + c];
}

Rect
grid_cell_box(const Grid *grid, const GridCell *cell)
{
    return (Rect){pos(grid->xs, cell->column), pos(grid->ys, cell->row),
                  pos(grid->xs, cell->column + cell->column_span),
                  pos(grid->ys, cell->row + cell->row_span)};
}

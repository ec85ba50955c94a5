/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "grids-beside.h"

#include "open-grids.h"

/* Rows of two grids are the same when their borders are this near, points. */
#define SAME_ROWS 3.0
/* A gap of less than so many ems is no margin between two tables. */
#define APART 1.0
/* Fewer rows than this may be at the same height by chance. */
#define ROWS_LEAST 3

static double
pos(GArray *positions, guint i)
{
    return g_array_index(positions, double, i);
}

/* The border of `fine` at y, or -1. */
static gint
border_at(const Grid *fine, double y)
{
    for (guint i = 0; i <= fine->rows; i++) {
        if (fabs(pos(fine->ys, i) - y) <= SAME_ROWS) {
            return (gint)i;
        }
    }
    return -1;
}

/* Has `fine` all borders of `coarse`, and not many more (a divided header)? */
static gboolean
has_rows_of(const Grid *fine, const Grid *coarse)
{
    if (border_at(fine, coarse->box.y0) != 0 ||
        border_at(fine, coarse->box.y1) != (gint)fine->rows) {
        return FALSE;
    }
    for (guint i = 0; i <= coarse->rows; i++) {
        if (border_at(fine, pos(coarse->ys, i)) < 0) {
            return FALSE;
        }
    }
    return coarse->rows >= ROWS_LEAST && coarse->rows * 2 >= fine->rows;
}

static gboolean
stand_together(const Grid *left, const Grid *right, GArray *text)
{
    double gap = right->box.x0 - left->box.x1;
    gboolean column = left->columns == 1 || right->columns == 1;
    if (!column || gap < 0 || !(has_rows_of(left, right) || has_rows_of(right, left))) {
        return FALSE;
    }
    g_autoptr(GArray) inside = text_in(text, rect_union(left->box, right->box));
    return inside->len > 0 && gap < APART * common_height(inside);
}

static void
cells_add(Grid *to, const Grid *from, guint first_column)
{
    for (guint i = 0; i < from->cells->len; i++) {
        GridCell cell = g_array_index(from->cells, GridCell, i);
        guint end = (guint)border_at(to, pos(from->ys, cell.row + cell.row_span));
        cell.row = (guint)border_at(to, pos(from->ys, cell.row));
        cell.row_span = end - cell.row;
        cell.column += first_column;
        g_array_append_val(to->cells, cell);
    }
}

/* Takes the right grid into the left one. */
static void
grid_absorb(Grid *left, const Grid *right)
{
    Grid whole = *left;
    whole.ys = g_array_copy(left->rows >= right->rows ? left->ys : right->ys);
    whole.rows = whole.ys->len - 1;
    whole.cells = g_array_new(FALSE, TRUE, sizeof(GridCell));
    cells_add(&whole, left, 0);
    cells_add(&whole, right, left->columns);
    g_array_sort(whole.cells, grid_cell_order);
    g_array_index(whole.xs, double, left->columns) = (left->box.x1 + right->box.x0) / 2;
    g_array_append_vals(whole.xs, &g_array_index(right->xs, double, 1), right->columns);
    whole.box = rect_union(left->box, right->box);
    whole.flags &= right->flags;
    whole.open_rows = left->open_rows && right->open_rows;
    g_array_unref(left->ys);
    g_array_unref(left->cells);
    *left = whole;
    grid_own(left);
}

void
grids_join_beside(GPtrArray *grids, GArray *text)
{
    for (guint i = 0; i < grids->len; i++) {
        for (guint k = 0; k < grids->len; k++) {
            Grid *left = g_ptr_array_index(grids, i);
            const Grid *right = g_ptr_array_index(grids, k);
            if (i != k && stand_together(left, right, text)) {
                grid_absorb(left, right);
                g_ptr_array_remove_index(grids, k);
                i -= k < i;
                k = G_MAXUINT; /* look at all of them again */
            }
        }
    }
}

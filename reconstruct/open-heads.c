/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "open-heads.h"

#include "open-grids.h"

/* A title is off the middle of the head below by so many ems. */
#define OFF_MIDDLE 0.5

/* The text of a column of the header on its levels; of a single one, only `upper`. */
typedef struct {
    Rect upper, lower;
    guint levels;
} Head;

typedef enum { HEAD_BOTH, HEAD_UPPER, HEAD_LOWER, HEAD_BETWEEN } HeadPlace;

static gboolean
is_empty(Rect r)
{
    return r.x0 > r.x1;
}

/* The lines of a column; more than two are none of ours. text is sorted by y. */
static Head
head_find(const Grid *grid, guint column, GArray *inside)
{
    Head head = {rect_none(), rect_none(), 0};
    for (guint i = 0; i < inside->len; i++) {
        Rect r = g_array_index(inside, Rect, i);
        const gint32 at = grid_cell_at(grid, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2);
        if (at < 0 || g_array_index(grid->cells, GridCell, at).column != column) {
            continue;
        }
        Rect *line = head.levels == 2 ? &head.lower : &head.upper;
        if (is_empty(*line) ||
            interval_overlap(line->y0, line->y1, r.y0, r.y1) < 0.5 * rect_height(r)) {
            head.levels++;
            line = head.levels == 2 ? &head.lower : &head.upper;
        }
        if (head.levels > 2) {
            break;
        }
        *line = rect_union(*line, r);
    }
    return head;
}

static double
middle(Rect r)
{
    return (r.x0 + r.x1) / 2;
}

/* Where a column's text stands, seen from the two levels. */
static HeadPlace
place_of(const Head *head, Interval upper, Interval lower)
{
    if (head->levels == 2) {
        return HEAD_BOTH;
    }
    double y0 = head->upper.y0, y1 = head->upper.y1, half = (y1 - y0) / 2;
    gboolean above = interval_overlap(y0, y1, upper.lo, upper.hi) > half;
    gboolean below = interval_overlap(y0, y1, lower.lo, lower.hi) > half;
    if (above == below || y0 > lower.lo + half || y1 < upper.hi - half) {
        return HEAD_BETWEEN;
    }
    return above ? HEAD_UPPER : HEAD_LOWER;
}

/* Both levels, from the columns that have text on both; FALSE if these do not keep apart. */
static gboolean
levels_find(GArray *heads, Interval *ret_upper, Interval *ret_lower)
{
    *ret_upper = *ret_lower = (Interval){INFINITY, -INFINITY};
    for (guint c = 0; c < heads->len; c++) {
        const Head *head = &g_array_index(heads, Head, c);
        if (head->levels > 2) {
            return FALSE;
        }
        if (head->levels == 2) {
            ret_upper->lo = MIN(ret_upper->lo, head->upper.y0);
            ret_upper->hi = MAX(ret_upper->hi, head->upper.y1);
            ret_lower->lo = MIN(ret_lower->lo, head->lower.y0);
            ret_lower->hi = MAX(ret_lower->hi, head->lower.y1);
        }
    }
    return ret_upper->lo < ret_upper->hi && ret_upper->hi < ret_lower->lo;
}

/* Is the upper text of this column a title over the column beside it, too, or, from the middle of
 * three, over both? `higher`: others of one line stand higher than those do. */
static gboolean
is_title(GArray *heads, guint column, const HeadPlace *places, gboolean higher, double em)
{
    const Head *head = &g_array_index(heads, Head, column);
    double off = middle(head->upper) - middle(head->lower);
    gboolean before = column > 0 && places[column - 1] == HEAD_LOWER;
    gboolean after = column + 1 < heads->len && places[column + 1] == HEAD_LOWER;
    if (places[column] != HEAD_BOTH) {
        return FALSE;
    }
    if (fabs(off) < OFF_MIDDLE * em) {
        return before && after && higher;
    }
    return off < 0 ? before : after;
}

/* Cuts the first row at y; columns with text on one level alone, and none below it, keep both. */
static void
cut_heads(Grid *grid, double y, const HeadPlace *places)
{
    guint n = grid->cells->len;
    for (guint i = 0; i < n; i++) {
        GridCell *cell = &g_array_index(grid->cells, GridCell, i);
        if (cell->row > 0) {
            cell->row++;
        } else if (places[cell->column] == HEAD_BOTH || places[cell->column] == HEAD_LOWER) {
            GridCell below = *cell;
            below.row = 1;
            g_array_append_val(grid->cells, below);
        } else {
            cell->row_span++;
        }
    }
    g_array_insert_val(grid->ys, 1, y);
    g_array_sort(grid->cells, grid_cell_order);
    grid_own(grid);
}

void
heads_from_text(Grid *grid, GArray *text)
{
    if (!grid->open_columns || grid->rows < 2) {
        return;
    }
    for (guint i = 0; i < grid->cells->len; i++) {
        const GridCell *cell = &g_array_index(grid->cells, GridCell, i);
        if (cell->row == 0 && (cell->row_span > 1 || cell->column_span > 1)) {
            return; /* lines have said what it is */
        }
    }
    Rect first = {grid->box.x0, g_array_index(grid->ys, double, 0), grid->box.x1,
                  g_array_index(grid->ys, double, 1)};
    g_autoptr(GArray) inside = text_in(text, first);
    g_autoptr(GArray) heads = g_array_new(FALSE, TRUE, sizeof(Head));
    for (guint c = 0; c < grid->columns; c++) {
        Head head = head_find(grid, c, inside);
        g_array_append_val(heads, head);
    }
    Interval upper, lower;
    if (!levels_find(heads, &upper, &lower)) {
        return;
    }
    g_autofree HeadPlace *places = g_new0(HeadPlace, grid->columns);
    gboolean higher = FALSE;
    for (guint c = 0; c < grid->columns; c++) {
        places[c] = place_of(&g_array_index(heads, Head, c), upper, lower);
        higher = higher || places[c] == HEAD_UPPER || places[c] == HEAD_BETWEEN;
    }
    for (guint c = 0; c < grid->columns; c++) {
        if (is_title(heads, c, places, higher, common_height(inside))) {
            cut_heads(grid, (upper.hi + lower.lo) / 2, places);
            return;
        }
    }
}

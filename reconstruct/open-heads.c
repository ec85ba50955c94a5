/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "open-heads.h"

#include "open-grids.h"

/* A title is off the middle of the head below by so many ems. */
#define OFF_MIDDLE 0.5

/* The text of a cell of the header on its levels; of a single one, only `upper`. */
typedef struct {
    Rect upper, lower;
    guint levels;
    guint cell;       /* index into the grid's cells */
    gboolean divided; /* over several columns, each with text of its own on the lower level */
} Head;

typedef enum { HEAD_BOTH, HEAD_UPPER, HEAD_LOWER, HEAD_BETWEEN } HeadPlace;

static gboolean
is_empty(Rect r)
{
    return r.x0 > r.x1;
}

/* Does the lower level keep clear of the borders inside of the cell, with text between all of them?
 */
static gboolean
is_divided(const Grid *grid, const GridCell *cell, const Head *head, GArray *inside)
{
    if (head->levels != 2 || cell->column_span < 2) {
        return FALSE;
    }
    for (guint c = cell->column; c < cell->column + cell->column_span; c++) {
        double x0 = g_array_index(grid->xs, double, c), x1 = g_array_index(grid->xs, double, c + 1);
        gboolean filled = FALSE;
        for (guint i = 0; i < inside->len; i++) {
            Rect r = g_array_index(inside, Rect, i);
            if (interval_overlap(r.y0, r.y1, head->lower.y0, head->lower.y1) <
                    0.5 * rect_height(r) ||
                r.x1 <= x0 || r.x0 >= x1) {
                continue;
            }
            if (r.x0 < x0 || r.x1 > x1) {
                return FALSE;
            }
            filled = TRUE;
        }
        if (!filled) {
            return FALSE;
        }
    }
    return TRUE;
}

/* The lines of a cell; more than two are none of ours. text is sorted by y. */
static Head
head_find(const Grid *grid, guint cell, GArray *text)
{
    Head head = {rect_none(), rect_none(), 0, cell, FALSE};
    const GridCell *c = &g_array_index(grid->cells, GridCell, cell);
    g_autoptr(GArray) inside = text_in(text, grid_cell_box(grid, c));
    for (guint i = 0; i < inside->len && head.levels <= 2; i++) {
        Rect r = g_array_index(inside, Rect, i);
        Rect *line = head.levels == 2 ? &head.lower : &head.upper;
        if (is_empty(*line) ||
            interval_overlap(line->y0, line->y1, r.y0, r.y1) < 0.5 * rect_height(r)) {
            head.levels++;
            line = head.levels == 2 ? &head.lower : &head.upper;
        }
        *line = rect_union(*line, r);
    }
    head.divided = is_divided(grid, c, &head, inside);
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

/* Is its upper text a title over the column beside it, too, or, from the middle of three, over
 * both? `higher`: others of one line stand higher than those do. */
static gboolean
is_title(GArray *heads, guint i, const HeadPlace *places, gboolean higher, double em)
{
    const Head *head = &g_array_index(heads, Head, i);
    double off = middle(head->upper) - middle(head->lower);
    gboolean before = i > 0 && places[i - 1] == HEAD_LOWER;
    gboolean after = i + 1 < heads->len && places[i + 1] == HEAD_LOWER;
    if (places[i] != HEAD_BOTH || head->divided) {
        return head->divided;
    }
    if (fabs(off) < OFF_MIDDLE * em) {
        return before && after && higher;
    }
    return off < 0 ? before : after;
}

/* Cuts the first row at y; cells with text on one level alone, and none below it, keep both. */
static void
cut_heads(Grid *grid, double y, GArray *heads, const HeadPlace *places)
{
    guint n = grid->cells->len;
    for (guint i = 0; i < n; i++) {
        GridCell *cell = &g_array_index(grid->cells, GridCell, i);
        cell->row += cell->row > 0;
    }
    for (guint i = 0; i < heads->len; i++) {
        const Head *head = &g_array_index(heads, Head, i);
        GridCell below = g_array_index(grid->cells, GridCell, head->cell);
        guint parts = head->divided ? below.column_span : 1;
        if (places[i] != HEAD_BOTH && places[i] != HEAD_LOWER) {
            g_array_index(grid->cells, GridCell, head->cell).row_span++;
            continue;
        }
        below.row = 1;
        below.column_span /= parts;
        for (guint k = 0; k < parts; k++, below.column++) {
            g_array_append_val(grid->cells, below);
        }
    }
    g_array_insert_val(grid->ys, 1, y);
    g_array_sort(grid->cells, grid_cell_order);
    grid_own(grid);
}

/* The cells of the first row, left to right; NULL if lines have told some of its levels already. */
static GArray *
heads_find(const Grid *grid, GArray *text)
{
    g_autoptr(GArray) heads = g_array_new(FALSE, TRUE, sizeof(Head));
    for (guint i = 0; i < grid->cells->len; i++) {
        const GridCell *cell = &g_array_index(grid->cells, GridCell, i);
        if (cell->row == 0) {
            Head head = head_find(grid, i, text);
            if (cell->row_span > 1 || (cell->column_span > 1 && !head.divided)) {
                return NULL;
            }
            g_array_append_val(heads, head);
        }
    }
    return g_steal_pointer(&heads);
}

void
heads_from_text(Grid *grid, GArray *text)
{
    if (!grid->open_columns || grid->rows < 2) {
        return;
    }
    Rect first = {grid->box.x0, g_array_index(grid->ys, double, 0), grid->box.x1,
                  g_array_index(grid->ys, double, 1)};
    g_autoptr(GArray) inside = text_in(text, first);
    g_autoptr(GArray) heads = heads_find(grid, inside);
    Interval upper, lower;
    if (heads == NULL || !levels_find(heads, &upper, &lower)) {
        return;
    }
    g_autofree HeadPlace *places = g_new0(HeadPlace, heads->len);
    gboolean higher = FALSE, titles = FALSE;
    for (guint i = 0; i < heads->len; i++) {
        places[i] = place_of(&g_array_index(heads, Head, i), upper, lower);
        higher = higher || places[i] == HEAD_UPPER || places[i] == HEAD_BETWEEN;
    }
    for (guint i = 0; i < heads->len; i++) {
        titles = titles || is_title(heads, i, places, higher, common_height(inside));
    }
    if (titles) {
        cut_heads(grid, (upper.hi + lower.lo) / 2, heads, places);
    }
}

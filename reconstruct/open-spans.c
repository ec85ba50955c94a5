/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where no line divides columns, a title over several of them may keep clear of every gutter. It is
 * known from standing in the middle of them, and not as the other texts of its column do; surest
 * where the line below it ends with them:
 *
 *    kind |       title        | sum     the line below the title is as wide as its columns
 *         | ------------------ |
 *         |  one |  two | three|
 *   ----------------------------------
 *       all      | 12 |  3  |  4 |  19   "all" stands in the middle of two columns
 */
#include "open-spans.h"

/* Texts that stand alike begin, end or have their middle so near each other, ems. */
#define ALIKE 0.2
/* … and what is said of a place allows so much, ems. */
#define SLACK 0.25

typedef struct {
    Grid *grid;
    GArray *inks;    /* Interval: by cell, from where to where its text reaches; lo > hi: none */
    GArray *gutters; /* Interval: by border, where it may lie */
    double em;
} Spans;

static GridCell *
cell_at(const Spans *s, guint i)
{
    return &g_array_index(s->grid->cells, GridCell, i);
}

static Interval
ink_of(const Spans *s, guint i)
{
    return g_array_index(s->inks, Interval, i);
}

static gboolean
has_ink(const Spans *s, guint i)
{
    Interval ink = ink_of(s, i);
    return ink.lo <= ink.hi;
}

/* The extents of the cells' texts, and the gutters that all texts leave that cross no border. */
static void
spans_measure(Spans *s, GArray *text)
{
    const Grid *grid = s->grid;
    double heights = 0;
    guint n = 0;
    for (guint i = 0; i < grid->cells->len; i++) {
        Interval none = {INFINITY, -INFINITY};
        g_array_append_val(s->inks, none);
    }
    for (guint i = 0; i < text->len; i++) {
        Rect r = g_array_index(text, Rect, i);
        gint32 cell = grid_cell_at(grid, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2);
        if (cell >= 0) {
            Interval *ink = &g_array_index(s->inks, Interval, cell);
            *ink = (Interval){MIN(ink->lo, r.x0), MAX(ink->hi, r.x1)};
            heights += rect_height(r);
            n++;
        }
    }
    s->em = n > 0 ? heights / n : 10;
    for (guint b = 0; b <= grid->columns; b++) {
        double x = g_array_index(grid->xs, double, b);
        Interval gutter = {b == 0 ? x : grid->box.x0, b == grid->columns ? x : grid->box.x1};
        for (guint i = 0; i < grid->cells->len; i++) {
            Interval ink = ink_of(s, i);
            if (ink.lo <= ink.hi && ink.hi <= x) {
                gutter.lo = MAX(gutter.lo, ink.hi);
            } else if (ink.lo <= ink.hi && ink.lo >= x) {
                gutter.hi = MIN(gutter.hi, ink.lo);
            }
        }
        g_array_append_val(s->gutters, gutter);
    }
}

/* How far the middle of a text is from that of the columns first to end; infinite if it cannot be
 * there, wherever in the gutters their borders are. */
static double
off_middle(const Spans *s, Interval ink, guint first, guint end)
{
    Interval before = g_array_index(s->gutters, Interval, first);
    Interval after = g_array_index(s->gutters, Interval, end);
    double middle = (ink.lo + ink.hi) / 2, slack = SLACK * s->em;
    if (middle < (before.lo + after.lo) / 2 - slack ||
        middle > (before.hi + after.hi) / 2 + slack) {
        return INFINITY;
    }
    return fabs(middle - (before.lo + before.hi + after.lo + after.hi) / 4);
}

/* The cell that begins in this column beside that one, in the same rows; -1 if there is none. */
static gint32
cell_beside(const Spans *s, const GridCell *cell, guint column)
{
    guint32 i = s->grid->owner[cell->row * s->grid->columns + column];
    const GridCell *beside = cell_at(s, i);
    return beside->row == cell->row && beside->row_span == cell->row_span ? (gint32)i : -1;
}

/* Does the row go on below in this column, with no line? */
static gboolean
goes_on(const Spans *s, const GridCell *cell, guint column)
{
    const GridCell *beside = cell_at(s, s->grid->owner[cell->row * s->grid->columns + column]);
    return beside->row + beside->row_span > cell->row + cell->row_span;
}

/* The others of this column whose rows are filled from first to end. */
static GArray *
others_find(const Spans *s, guint mine, guint first, guint end)
{
    GArray *others = g_array_new(FALSE, TRUE, sizeof(Interval));
    const GridCell *cell = cell_at(s, mine);
    for (guint i = 0; i < s->grid->cells->len; i++) {
        const GridCell *c = cell_at(s, i);
        if (i == mine || c->column != cell->column || c->column_span != cell->column_span ||
            !has_ink(s, i)) {
            continue;
        }
        guint filled = 0;
        for (guint x = first; x < end; x++) {
            filled += has_ink(s, s->grid->owner[c->row * s->grid->columns + x]);
        }
        if (filled == end - first) {
            Interval ink = ink_of(s, i);
            g_array_append_val(others, ink);
        }
    }
    return others;
}

typedef enum { STAND_LEFT, STAND_RIGHT, STAND_CENTRED, STANDS } Stand;

static gboolean
stand_alike(Interval a, Interval b, Stand stand, double near)
{
    const double off[STANDS] = {a.lo - b.lo, a.hi - b.hi, (a.lo + a.hi - b.lo - b.hi) / 2};
    return fabs(off[stand]) <= near;
}

/* Does another text of this column stand like this one, in a row whose cells beside it are not
 * empty? Of the ways in which they stand those count that some of them have in common: numbers that
 * end at one place begin anywhere. */
static gboolean
stands_like_others(const Spans *s, guint mine, guint first, guint end)
{
    g_autoptr(GArray) others = others_find(s, mine, first, end);
    Interval ink = ink_of(s, mine);
    double near = ALIKE * s->em;
    guint pairs[STANDS] = {0}, most = 0;
    gboolean like[STANDS] = {FALSE};
    for (guint stand = 0; stand < STANDS; stand++) {
        for (guint i = 0; i < others->len; i++) {
            Interval a = g_array_index(others, Interval, i);
            like[stand] = like[stand] || stand_alike(a, ink, (Stand)stand, near);
            for (guint k = 0; k < i; k++) {
                Interval b = g_array_index(others, Interval, k);
                pairs[stand] += stand_alike(a, b, (Stand)stand, near);
            }
        }
        most = MAX(most, pairs[stand]);
    }
    for (guint stand = 0; stand < STANDS; stand++) {
        if (like[stand] && (pairs[stand] > 0 || most == 0)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Does its row have no other text? Then it may be the rest of a cell that a page's end has cut. */
static gboolean
is_alone(const Spans *s, guint i)
{
    guint row = cell_at(s, i)->row;
    for (guint k = 0; k < s->grid->cells->len; k++) {
        if (k != i && cell_at(s, k)->row == row && has_ink(s, k)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Does the first column's head go on below its row? Then the row has titles, and each column below
 * has its own: no place in it is empty. */
static gboolean
is_title(const Spans *s, const GridCell *cell)
{
    return cell->row == 0 && cell->column > 0 && cell_beside(s, cell, 0) < 0 && goes_on(s, cell, 0);
}

/* The columns that this cell's text stands in the middle of, with empty cells beside it. */
static void
span_find(const Spans *s, guint i, guint *ret_first, guint *ret_end)
{
    const GridCell *cell = cell_at(s, i);
    Interval ink = ink_of(s, i);
    guint first = cell->column, end = cell->column + cell->column_span;
    gint32 beside;
    while (first > 0 && (beside = cell_beside(s, cell, first - 1)) >= 0 && !has_ink(s, beside)) {
        first--;
    }
    while (end < s->grid->columns && (beside = cell_beside(s, cell, end)) >= 0 &&
           !has_ink(s, beside)) {
        end++;
    }
    gboolean left = first > 0 && goes_on(s, cell, first - 1);
    gboolean right = end < s->grid->columns && goes_on(s, cell, end);
    *ret_first = cell->column;
    *ret_end = cell->column + cell->column_span;
    if ((left || first == 0) && (right || end == s->grid->columns) && (left || right) &&
        off_middle(s, ink, first, end) < INFINITY) {
        *ret_first = first;
        *ret_end = end;
        return;
    }
    double best = off_middle(s, ink, *ret_first, *ret_end);
    gboolean title = is_title(s, cell);
    guint width = *ret_end - *ret_first;
    for (guint a = first; a <= cell->column; a++) {
        for (guint b = cell->column + cell->column_span; b <= end; b++) {
            double off = off_middle(s, ink, a, b);
            gboolean wider = title && b - a > width && off <= best + ALIKE * s->em;
            if (wider || (off < best && !stands_like_others(s, i, a, b))) {
                best = MIN(off, best);
                width = b - a;
                *ret_first = a;
                *ret_end = b;
            }
        }
    }
}

/* Makes the cell reach from column first to end; those it covers go. How many? */
static guint
span_make(Spans *s, guint i, guint first, guint end)
{
    Grid *grid = s->grid;
    GridCell wide = *cell_at(s, i);
    guint gone = 0;
    wide.column = first;
    wide.column_span = end - first;
    *cell_at(s, i) = wide;
    for (guint k = grid->cells->len; k > 0; k--) {
        const GridCell *c = cell_at(s, k - 1);
        if (!has_ink(s, k - 1) && c->row == wide.row && c->column >= first && c->column < end) {
            g_array_remove_index(grid->cells, k - 1);
            g_array_remove_index(s->inks, k - 1);
            gone++;
        }
    }
    grid_own(grid);
    return gone;
}

void
join_open_cells(Grid *grid, GArray *text)
{
    g_autoptr(GArray) inks = g_array_new(FALSE, TRUE, sizeof(Interval));
    g_autoptr(GArray) gutters = g_array_new(FALSE, TRUE, sizeof(Interval));
    Spans s = {grid, inks, gutters, 0};
    if (!grid->open_columns) {
        return;
    }
    spans_measure(&s, text);
    for (guint i = 0; i < grid->cells->len; i++) {
        guint first, end;
        if (!has_ink(&s, i) || is_alone(&s, i)) {
            continue;
        }
        span_find(&s, i, &first, &end);
        if (end - first > cell_at(&s, i)->column_span) {
            guint gone = span_make(&s, i, first, end);
            i -= MIN(i, gone);
        }
    }
}

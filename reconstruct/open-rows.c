/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows. Only a body that vertical lines divide and no horizontal one does is looked at, and only
 * with signs that it is a list: a narrow first column of labels, or a column of numbers. Then rows
 * end where a white band goes right across and is higher than the usual space between lines.
 *
 *   | (1) | text text | text      |
 *   |     | text      | text text |
 *   |     |           | text      |     a band, higher than between the lines of a cell:
 *   |-----|-----------|-----------|     a row begins
 *   | (2) | text text | text text |
 *
 * The labels of a first column that stand in the middle of several rows are given the rows whose
 * middle they mark.
 *
 * Known failure: a comparison of two texts stays one row whatever white bands it has, which is what
 * its rulings say.
 */
#include "open-rows.h"

#include "open-grids.h"

/* A label column is at most this part of the table's width. */
#define LABEL_PART 0.3
/* A row's band is higher than the space between lines by so many ems. */
#define BAND_MORE 0.12

static double
pos(GArray *positions, guint i)
{
    return g_array_index(positions, double, i);
}

static gint
double_order(gconstpointer a, gconstpointer b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

typedef struct {
    guint column;
    double top, bottom, size;
    guint glyphs, digits_wide; /* narrow glyphs are digits or Latin */
} TextLine;

static gint
line_order(gconstpointer a, gconstpointer b)
{
    const TextLine *p = a, *q = b;
    if (p->column != q->column) {
        return p->column < q->column ? -1 : 1;
    }
    return p->top < q->top ? -1 : p->top > q->top;
}

/* Lines of text per column of one grid row. */
static GArray *
lines_of_row(const Grid *grid, guint row, GArray *inside)
{
    GArray *lines = g_array_new(FALSE, TRUE, sizeof(TextLine));
    for (guint i = 0; i < inside->len; i++) {
        Rect r = g_array_index(inside, Rect, i);
        gint32 cell = grid_cell_at(grid, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2);
        if (cell < 0 || g_array_index(grid->cells, GridCell, cell).row != row) {
            continue;
        }
        guint column = g_array_index(grid->cells, GridCell, cell).column;
        TextLine *same = NULL;
        for (guint k = lines->len; k > 0 && same == NULL; k--) {
            TextLine *last = &g_array_index(lines, TextLine, k - 1);
            if (last->column == column &&
                interval_overlap(last->top, last->bottom, r.y0, r.y1) > 0.5 * rect_height(r)) {
                same = last;
            }
        }
        if (same == NULL) {
            TextLine fresh = {column, r.y0, r.y1, rect_height(r), 0, 0};
            g_array_append_val(lines, fresh);
            same = &g_array_index(lines, TextLine, lines->len - 1);
        }
        same->top = MIN(same->top, r.y0);
        same->bottom = MAX(same->bottom, r.y1);
        same->glyphs++;
        same->digits_wide += rect_width(r) < 0.7 * rect_height(r);
    }
    g_array_sort(lines, line_order);
    return lines;
}

static const TextLine *
line_at(GArray *lines, guint i)
{
    return &g_array_index(lines, TextLine, i);
}

/* The space between two lines of one cell: of those pairs that some other column's text bridges,
 * for these are surely of one row. Negative if there is no such pair. */
static double
space_inside(GArray *lines, guint first_column)
{
    g_autoptr(GArray) gaps = g_array_new(FALSE, TRUE, sizeof(double));
    for (guint i = 1; i < lines->len; i++) {
        const TextLine *a = line_at(lines, i - 1), *b = line_at(lines, i);
        gboolean bridged = FALSE;
        for (guint k = 0; k < lines->len && !bridged; k++) {
            const TextLine *other = line_at(lines, k);
            bridged = other->column != a->column && other->column >= first_column &&
                      other->top < a->bottom - 0.05 && other->bottom > b->top + 0.05;
        }
        if (a->column == b->column && bridged && b->top - a->bottom < 1.5 * b->size) {
            double gap = b->top - a->bottom;
            g_array_append_val(gaps, gap);
        }
    }
    if (gaps->len == 0) {
        return -1;
    }
    g_array_sort(gaps, double_order);
    return pos(gaps, gaps->len * 3 / 4);
}

/* The usual space between the lines of a column: the median. */
static double
space_usual(GArray *lines)
{
    g_autoptr(GArray) gaps = g_array_new(FALSE, TRUE, sizeof(double));
    for (guint i = 1; i < lines->len; i++) {
        const TextLine *a = line_at(lines, i - 1), *b = line_at(lines, i);
        double gap = b->top - a->bottom;
        if (a->column == b->column && gap < 1.5 * b->size) {
            g_array_append_val(gaps, gap);
        }
    }
    if (gaps->len == 0) {
        return -1;
    }
    g_array_sort(gaps, double_order);
    return pos(gaps, gaps->len / 2);
}

static gint
line_top_order(gconstpointer a, gconstpointer b)
{
    const TextLine *p = a, *q = b;
    return p->top < q->top ? -1 : p->top > q->top;
}

/* Middles of the white bands across all columns from `first_column` on that are higher than
 * `least`. */
static GArray *
bands_find(GArray *lines, guint first_column, double least)
{
    GArray *bands = g_array_new(FALSE, TRUE, sizeof(double));
    g_autoptr(GArray) sorted = g_array_copy(lines);
    g_array_sort(sorted, line_top_order);
    double bottom = -INFINITY;
    for (guint i = 0; i < sorted->len; i++) {
        const TextLine *line = line_at(sorted, i);
        if (line->column < first_column) {
            continue;
        }
        if (isfinite(bottom) && line->top - bottom > least) {
            double middle = (line->top + bottom) / 2;
            g_array_append_val(bands, middle);
        }
        bottom = MAX(bottom, line->bottom);
    }
    return bands;
}

/* How many of the stretches between the bands have text in this column that `wanted` accepts. */
static guint
stretches_with(GArray *lines, GArray *bands, guint column, gboolean numbers)
{
    guint n = 0;
    for (guint s = 0; s <= bands->len; s++) {
        double y0 = s > 0 ? pos(bands, s - 1) : -INFINITY;
        double y1 = s < bands->len ? pos(bands, s) : INFINITY;
        guint in = 0, numeric = 0;
        for (guint i = 0; i < lines->len; i++) {
            const TextLine *line = line_at(lines, i);
            if (line->column == column && line->top >= y0 && line->bottom <= y1 + line->size) {
                in++;
                numeric += line->digits_wide * 10 >= line->glyphs * 6;
            }
        }
        n += numbers ? in == 1 && numeric == 1 : in > 0;
    }
    return n;
}

/* A list has labels in (nearly) every row, the first of a page's part excepted, or numbers. */
static gboolean
looks_like_list(const Grid *grid, GArray *lines, GArray *bands)
{
    double width = rect_width(grid->box);
    guint rows = bands->len + 1;
    gboolean stacked = TRUE; /* a label set upright, letter by letter, is one label */
    for (guint i = 0; i < lines->len && line_at(lines, i)->column == 0; i++) {
        stacked = stacked && line_at(lines, i)->glyphs == 1;
    }
    if (stacked) {
        return FALSE;
    }
    gboolean narrow = pos(grid->xs, 1) - pos(grid->xs, 0) <= LABEL_PART * width;
    if (narrow && stretches_with(lines, bands, 0, FALSE) + 1 >= rows) {
        return TRUE;
    }
    for (guint c = 1; c < grid->columns; c++) {
        if (stretches_with(lines, bands, c, TRUE) >= rows && rows >= 3) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
row_is_plain(const Grid *grid, guint row)
{
    guint cells = 0;
    for (guint i = 0; i < grid->cells->len; i++) {
        const GridCell *c = &g_array_index(grid->cells, GridCell, i);
        if (c->row <= row && c->row + c->row_span > row) {
            if (c->row_span != 1 || c->column_span != 1) {
                return FALSE;
            }
            cells++;
        }
    }
    return cells == grid->columns;
}

/* The first column's cells: where a label stands in the middle of several rows, one cell for all of
 * them. Returns by row whether a cell of the first column begins there. */
static guint8 *
label_starts(GArray *lines, GArray *bands, double top, double bottom)
{
    guint rows = bands->len + 1;
    guint8 *starts = g_new0(guint8, rows + 1);
    double from = top;
    guint row = 0;
    starts[0] = 1;
    for (guint i = 0; i < lines->len && line_at(lines, i)->column == 0;) {
        guint k = i + 1; /* the lines of one label */
        while (k < lines->len && line_at(lines, k)->column == 0 &&
               line_at(lines, k)->top - line_at(lines, k - 1)->bottom <
                   0.8 * line_at(lines, k)->size) {
            k++;
        }
        double middle = (line_at(lines, i)->top + line_at(lines, k - 1)->bottom) / 2;
        double want = 2 * middle - from; /* where the rows it is the middle of end */
        guint best = row + 1;
        double best_off = INFINITY;
        for (guint r = row + 1; r <= rows; r++) {
            double y = r < rows ? pos(bands, r - 1) : bottom;
            if (fabs(y - want) < best_off && y > line_at(lines, k - 1)->bottom - 1) {
                best_off = fabs(y - want);
                best = r;
            }
        }
        row = MIN(best, rows);
        if (row < rows) {
            starts[row] = 1;
            from = pos(bands, row - 1);
        }
        i = k;
    }
    return starts;
}

/* Replaces grid row `row` by the rows that these cuts make; `starts` says where cells of the first
 * column begin. */
static void
cut_row(Grid *grid, guint row, GArray *cuts, const guint8 *starts)
{
    guint first = 0, rows = cuts->len + 1;
    for (guint i = 0; i < grid->cells->len; i++) {
        GridCell *c = &g_array_index(grid->cells, GridCell, i);
        if (c->row > row) {
            c->row += cuts->len;
        } else if (c->row < row) {
            first = i + 1;
        }
    }
    g_array_remove_range(grid->cells, first, grid->columns);
    guint at = first;
    for (guint r = 0; r < rows; r++) {
        if (r > 0) {
            double y = pos(cuts, r - 1);
            g_array_insert_val(grid->ys, row + r, y);
        }
        for (guint c = starts[r] ? 0 : 1; c < grid->columns; c++) {
            guint span = 1;
            while (c == 0 && r + span < rows && !starts[r + span]) {
                span++;
            }
            GridCell cell = {row + r, c, span, 1};
            g_array_insert_val(grid->cells, at, cell);
            at++;
        }
    }
    grid_own(grid);
}

static guint8 *
all_start(GArray *bands)
{
    guint8 *starts = g_malloc(bands->len + 2);
    for (guint i = 0; i < bands->len + 2; i++) {
        starts[i] = 1;
    }
    return starts;
}

static void
cut_open_row(Grid *grid, guint row, GArray *text)
{
    Rect box = {grid->box.x0, pos(grid->ys, row), grid->box.x1, pos(grid->ys, row + 1)};
    g_autoptr(GArray) inside = text_in(text, box);
    g_autoptr(GArray) lines = lines_of_row(grid, row, inside);
    double em = common_height(inside);
    /* what space lies inside a row is surest from lines that another column bridges; then from the
     * usual space; and where every line is a row of its own, there is none inside */
    for (guint attempt = 0; attempt < 6; attempt++) {
        guint first_column = attempt % 2;
        double space = attempt < 2 ? space_inside(lines, first_column) : space_usual(lines);
        if (attempt < 4 && space < 0) {
            continue;
        }
        double least = attempt < 4 ? space + BAND_MORE * em : 0.02 * em;
        g_autoptr(GArray) bands = bands_find(lines, first_column, least);
        if (bands->len > 0 && looks_like_list(grid, lines, bands)) {
            g_autofree guint8 *starts =
                first_column == 0 ? all_start(bands) : label_starts(lines, bands, box.y0, box.y1);
            cut_row(grid, row, bands, starts);
            return;
        }
    }
}

/* One line in each column for every entry, and numbers in one of the columns: rows of a statistical
 * table that stand between two lines. */
static void
cut_number_row(Grid *grid, guint row, GArray *text, guint least_rows)
{
    Rect box = {grid->box.x0, pos(grid->ys, row), grid->box.x1, pos(grid->ys, row + 1)};
    g_autoptr(GArray) inside = text_in(text, box);
    g_autoptr(GArray) lines = lines_of_row(grid, row, inside);
    g_autoptr(GArray) bands = bands_find(lines, 0, 0.02 * common_height(inside));
    guint rows = bands->len + 1;
    gboolean numbers = FALSE;
    for (guint c = 1; c < grid->columns; c++) {
        numbers = numbers || stretches_with(lines, bands, c, TRUE) >= rows;
    }
    if (rows >= least_rows && numbers && stretches_with(lines, bands, 0, FALSE) >= rows) {
        g_autofree guint8 *starts = all_start(bands);
        cut_row(grid, row, bands, starts);
    }
}

/* Does this row take up most of the table? */
static gboolean
row_is_tall(const Grid *grid, guint row)
{
    return pos(grid->ys, row + 1) - pos(grid->ys, row) > 0.5 * rect_height(grid->box);
}

void
rows_from_text(Grid *grid, GArray *text)
{
    guint plain = 0, rows = grid->rows;
    for (guint r = 0; r < grid->rows; r++) {
        plain += row_is_plain(grid, r);
    }
    for (guint row = rows; row > 0; row--) {
        gboolean body = row == rows || row_is_tall(grid, row - 1);
        if (!row_is_plain(grid, row - 1)) {
            continue;
        }
        gboolean labelled =
            pos(grid->xs, 1) - pos(grid->xs, 0) <= LABEL_PART * rect_width(grid->box);
        if ((grid->columns >= 3 || (grid->columns == 2 && labelled)) && plain <= 2 && rows <= 4 &&
            body) {
            cut_open_row(grid, row - 1, text); /* no more than a header and a body are ruled */
        } else if (grid->open_columns) {
            cut_number_row(grid, row - 1, text, 2);
        } else if (rows <= 4 && row_is_tall(grid, row - 1)) {
            cut_number_row(grid, row - 1, text, 4);
        }
    }
}

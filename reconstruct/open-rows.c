/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows. Only a body that vertical lines divide and no horizontal one does is looked at, and only
 * with signs that it is a list: a narrow first column of labels, or a column of numbers. Then rows
 * end where a white band goes right across and is higher than the usual space between lines.
 *
 * What is looked at is a block: rows of the lattice that cells over several of them tie together,
 * mostly a single one. Several are looked at where shades alone divide the table, which mark the
 * ends of some labels, say, but not the rows beside them; a band then is at each such end.
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
/* … or, where there is no space inside of rows, than nothing by so many. */
#define BAND_LEAST 0.02
/* A shade's edge may touch the lines of text beside it by so many ems: a glyph's box is higher than
 * its ink. */
#define BORDER_SLACK 0.3
/* Lines of a label leave less than so many ems between them. */
#define LABEL_GAP 0.8
/* A line is level with a row whose middle is so near, ems; lines of one cell that happen to stand
 * beside rows are off by the rows' padding. */
#define LEVEL 0.1

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

/* Rows first … end of the lattice, which no cell reaches out of. */
typedef struct {
    guint first, end;
} Block;

/* The block that begins at this row. */
static Block
block_at(const Grid *grid, guint row)
{
    Block block = {row, row + 1};
    for (guint i = 0; i < grid->cells->len; i++) {
        const GridCell *c = &g_array_index(grid->cells, GridCell, i);
        if (c->row >= block.first && c->row < block.end) {
            block.end = MAX(block.end, c->row + c->row_span);
        }
    }
    return block;
}

static Rect
block_box(const Grid *grid, Block block)
{
    return (Rect){grid->box.x0, pos(grid->ys, block.first), grid->box.x1, pos(grid->ys, block.end)};
}

/* Lines of text per column of a block. */
static GArray *
lines_of_block(const Grid *grid, Block block, GArray *inside)
{
    GArray *lines = g_array_new(FALSE, TRUE, sizeof(TextLine));
    for (guint i = 0; i < inside->len; i++) {
        Rect r = g_array_index(inside, Rect, i);
        gint32 at = grid_cell_at(grid, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2);
        const GridCell *cell = at < 0 ? NULL : &g_array_index(grid->cells, GridCell, at);
        if (cell == NULL || cell->row < block.first || cell->row >= block.end) {
            continue;
        }
        TextLine *same = NULL;
        for (guint k = lines->len; k > 0 && same == NULL; k--) {
            TextLine *last = &g_array_index(lines, TextLine, k - 1);
            if (last->column == cell->column &&
                interval_overlap(last->top, last->bottom, r.y0, r.y1) > 0.5 * rect_height(r)) {
                same = last;
            }
        }
        if (same == NULL) {
            TextLine fresh = {cell->column, r.y0, r.y1, rect_height(r), 0, 0};
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

/* White bands (Interval) across all columns from `first_column` on that are higher than `least`. */
static GArray *
bands_find(GArray *lines, guint first_column, double least)
{
    GArray *bands = g_array_new(FALSE, TRUE, sizeof(Interval));
    g_autoptr(GArray) sorted = g_array_copy(lines);
    g_array_sort(sorted, line_top_order);
    double bottom = -INFINITY;
    for (guint i = 0; i < sorted->len; i++) {
        const TextLine *line = line_at(sorted, i);
        if (line->column < first_column) {
            continue;
        }
        if (isfinite(bottom) && line->top - bottom > least) {
            Interval band = {bottom, line->top};
            g_array_append_val(bands, band);
        }
        bottom = MAX(bottom, line->bottom);
    }
    return bands;
}

/* Where rows end: the borders that the block has, each of which must lie in a band, and the middles
 * of the other bands. NULL if a border lies in none. */
static GArray *
cuts_find(const Grid *grid, Block block, GArray *bands, double slack)
{
    g_autoptr(GArray) cuts = g_array_new(FALSE, TRUE, sizeof(double));
    guint border = block.first + 1;
    for (guint i = 0; i < bands->len; i++) {
        Interval band = g_array_index(bands, Interval, i);
        double y = (band.lo + band.hi) / 2;
        if (border < block.end && pos(grid->ys, border) < band.lo - slack) {
            return NULL;
        }
        if (border < block.end && pos(grid->ys, border) <= band.hi + slack) {
            y = pos(grid->ys, border++);
        }
        g_array_append_val(cuts, y);
    }
    return border == block.end ? g_steal_pointer(&cuts) : NULL;
}

/* How many of the stretches between the cuts, from `first` on, have text in this column that
 * `wanted` accepts. */
static guint
stretches_with(GArray *lines, GArray *cuts, guint first, guint column, gboolean numbers)
{
    guint n = 0;
    for (guint s = first; s <= cuts->len; s++) {
        double y0 = s > 0 ? pos(cuts, s - 1) : -INFINITY;
        double y1 = s < cuts->len ? pos(cuts, s) : INFINITY;
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

/* Does text of another column stand beside this line? Not where it is between two rows. */
static gboolean
has_neighbour(GArray *lines, const TextLine *line)
{
    for (guint i = 0; i < lines->len; i++) {
        const TextLine *other = line_at(lines, i);
        if (other->column != line->column &&
            interval_overlap(other->top, other->bottom, line->top, line->bottom) > 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Does each of the stretches between the cuts have one label, the first excepted, which may be the
 * end of a row that a page's edge cut? */
static gboolean
each_has_label(GArray *lines, GArray *cuts)
{
    for (guint s = 0; s <= cuts->len; s++) {
        double y0 = s > 0 ? pos(cuts, s - 1) : -INFINITY;
        double y1 = s < cuts->len ? pos(cuts, s) : INFINITY;
        guint labels = 0;
        double bottom = -INFINITY;
        for (guint i = 0; i < lines->len && line_at(lines, i)->column == 0; i++) {
            const TextLine *line = line_at(lines, i);
            if (line->top >= y0 && line->bottom <= y1) {
                if (!has_neighbour(lines, line)) {
                    return FALSE;
                }
                labels += line->top - bottom >= LABEL_GAP * line->size;
                bottom = line->bottom;
            }
        }
        if (labels > 1 || (labels == 0 && s > 0)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* A list has labels in every row, the first of a page's part excepted, or numbers. */
static gboolean
looks_like_list(const Grid *grid, GArray *lines, GArray *cuts, gboolean numbers_only)
{
    double width = rect_width(grid->box);
    guint rows = cuts->len + 1, least = grid->open_rows ? 2 : 3;
    gboolean stacked = TRUE; /* a label set upright, letter by letter, is one label */
    for (guint i = 0; i < lines->len && line_at(lines, i)->column == 0; i++) {
        stacked = stacked && line_at(lines, i)->glyphs == 1;
    }
    if (stacked) {
        return FALSE;
    }
    gboolean narrow = pos(grid->xs, 1) - pos(grid->xs, 0) <= LABEL_PART * width;
    if (!numbers_only && narrow && stretches_with(lines, cuts, 1, 0, FALSE) + 1 >= rows) {
        return TRUE;
    }
    for (guint c = 1; c < grid->columns; c++) {
        if (stretches_with(lines, cuts, 0, c, TRUE) >= rows && rows >= least) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Is it one row with a cell in each column? */
static gboolean
block_is_plain(const Grid *grid, Block block)
{
    guint cells = 0;
    for (guint i = 0; i < grid->cells->len; i++) {
        const GridCell *c = &g_array_index(grid->cells, GridCell, i);
        cells += c->row == block.first && c->column_span == 1;
    }
    return block.end == block.first + 1 && cells == grid->columns;
}

static double
common_size(GArray *lines)
{
    double sum = 0;
    for (guint i = 0; i < lines->len; i++) {
        sum += line_at(lines, i)->size;
    }
    return sum / MAX(1, lines->len);
}

/* From where to where a row has text in the columns after this one; lo > hi if it has none. */
static Interval
row_text(const Grid *grid, guint row, GArray *lines, guint column)
{
    Interval text = {INFINITY, -INFINITY};
    for (guint i = 0; i < lines->len; i++) {
        const TextLine *line = line_at(lines, i);
        double middle = (line->top + line->bottom) / 2;
        if (line->column > column && middle > pos(grid->ys, row) &&
            middle < pos(grid->ys, row + 1)) {
            text.lo = MIN(text.lo, line->top);
            text.hi = MAX(text.hi, line->bottom);
        }
    }
    return text;
}

typedef struct {
    guint row;
    gboolean first, middle; /* level with the row's first line, with its middle */
} Level;

/* How a label, or line of one, of this column stands to the row beside it. */
static Level
label_level(const Grid *grid, GArray *lines, guint column, Interval label)
{
    double middle = (label.lo + label.hi) / 2, near = LEVEL * common_size(lines);
    Level level = {0, FALSE, FALSE};
    while (level.row + 2 < grid->ys->len && middle > pos(grid->ys, level.row + 1)) {
        level.row++;
    }
    Interval text = row_text(grid, level.row, lines, column);
    if (text.lo < text.hi) {
        level.first = fabs(label.lo - text.lo) <= near;
        level.middle = fabs(middle - (text.lo + text.hi) / 2) <= near;
    }
    return level;
}

/* How a block is read as a list. */
typedef struct {
    GArray *lines;      /* TextLine */
    guint first_column; /* the first that has text in each row; before it are labels */
    double label_gap;   /* lines so far from each other are of two labels */
} Listing;

/* The labels of a cell as Interval. Lines near each other are one, unless each stands in the middle
 * of a row of its own. */
static GArray *
labels_of(const Grid *grid, const GridCell *cell, const Listing *list)
{
    GArray *lines = list->lines;
    GArray *labels = g_array_new(FALSE, TRUE, sizeof(Interval));
    double top = pos(grid->ys, cell->row), bottom = pos(grid->ys, cell->row + cell->row_span);
    Level above = {0, FALSE, FALSE};
    for (guint i = 0; i < lines->len; i++) {
        const TextLine *line = line_at(lines, i);
        if (line->column != cell->column || line->bottom <= top || line->top >= bottom) {
            continue;
        }
        Level level = label_level(grid, lines, cell->column, (Interval){line->top, line->bottom});
        Interval *last = labels->len > 0 ? &g_array_index(labels, Interval, labels->len - 1) : NULL;
        gboolean apart = above.middle && level.middle && above.row != level.row;
        above = level;
        if (last != NULL && !apart && line->top - last->hi < list->label_gap) {
            last->hi = MAX(last->hi, line->bottom);
        } else {
            Interval label = {line->top, line->bottom};
            g_array_append_val(labels, label);
        }
    }
    return labels;
}

/* Marks the rows of this cell in which a cell of its column begins: where a label stands in the
 * middle of several rows, one cell for all of them. Is every label in the middle of its rows, and
 * every row a label's? */
static gboolean
mark_starts(guint8 *starts, const Grid *grid, const GridCell *cell, const Listing *list)
{
    guint row = cell->row, end = cell->row + cell->row_span;
    g_autoptr(GArray) labels = labels_of(grid, cell, list);
    gboolean centred = labels->len > 0;
    starts[row] = 1;
    for (guint i = 0; i < labels->len; i++) {
        Interval label = g_array_index(labels, Interval, i);
        double from = pos(grid->ys, row), em = common_size(list->lines);
        double want = label.lo + label.hi - from; /* where the rows end it is the middle of */
        guint best = row + 1;
        double best_off = INFINITY;
        for (guint r = row + 1; r <= end; r++) {
            double y = pos(grid->ys, r);
            if (fabs(y - want) < best_off && y > label.hi - 1) {
                best_off = fabs(y - want);
                best = r;
            }
        }
        centred = centred && best_off <= 2 * LEVEL * em;
        row = MIN(best, end);
        if (row < end) {
            starts[row] = 1;
        } else {
            return centred && i + 1 == labels->len;
        }
    }
    return FALSE;
}

static guint
row_at(const Grid *grid, double y)
{
    guint row = 0;
    while (row + 1 < grid->ys->len && pos(grid->ys, row) < y) {
        row++;
    }
    return row;
}

/* May these labels stand in the middle of several rows? Not if the first row has one of its own, or
 * where they all begin with the first line of their rows. */
static gboolean
labels_may_span(const Grid *grid, const GridCell *cell, const Listing *list)
{
    g_autoptr(GArray) labels = labels_of(grid, cell, list);
    gboolean off = FALSE;
    for (guint i = 0; i < labels->len; i++) {
        Interval label = g_array_index(labels, Interval, i);
        Level level = label_level(grid, list->lines, cell->column, label);
        if (level.row == cell->row && (level.first || level.middle)) {
            return FALSE;
        }
        off = off || !level.first || level.middle;
    }
    return off;
}

/* Appends the cells that this one, whose rows are those of the finer lattice, is cut into: one a
 * row, or where it holds labels, one a label. */
static void
cut_cell(GArray *cells, const Grid *grid, const GridCell *cell, const Listing *list)
{
    guint end = cell->row + cell->row_span;
    gboolean labels = cell->column < list->first_column;
    g_autofree guint8 *starts = g_new0(guint8, end + 1);
    if (labels) {
        mark_starts(starts, grid, cell, list);
    } else if (cell->column == 0 && labels_may_span(grid, cell, list)) {
        labels = mark_starts(starts, grid, cell, list);
    }
    for (guint row = cell->row; row < end;) {
        GridCell part = {row, cell->column, 1, cell->column_span};
        for (row++; labels && row < end && !starts[row]; row++) {
            part.row_span++;
        }
        g_array_append_val(cells, part);
    }
}

/* Gives the block these rows, and cuts its cells; labels may keep several rows. */
static void
cut_block(Grid *grid, Block block, GArray *cuts, const Listing *list)
{
    g_autoptr(GArray) old_ys = g_array_copy(grid->ys);
    g_autoptr(GArray) cells = g_array_new(FALSE, TRUE, sizeof(GridCell));
    g_array_remove_range(grid->ys, block.first + 1, block.end - block.first - 1);
    g_array_insert_vals(grid->ys, block.first + 1, cuts->data, cuts->len);
    for (guint i = 0; i < grid->cells->len; i++) {
        GridCell c = g_array_index(grid->cells, GridCell, i);
        guint row = row_at(grid, pos(old_ys, c.row));
        c.row_span = row_at(grid, pos(old_ys, c.row + c.row_span)) - row;
        gboolean inside = c.row >= block.first && c.row < block.end;
        c.row = row;
        if (inside) {
            cut_cell(cells, grid, &c, list);
        } else {
            g_array_append_val(cells, c);
        }
    }
    g_array_sort(cells, grid_cell_order);
    g_array_set_size(grid->cells, 0);
    g_array_append_vals(grid->cells, cells->data, cells->len);
    grid_own(grid);
}

static gint
height_order(gconstpointer a, gconstpointer b)
{
    const Interval *p = a, *q = b;
    double d = (p->hi - p->lo) - (q->hi - q->lo);
    return d < 0 ? -1 : d > 0;
}

/* A height between that of bands inside of rows and of those between them, so that each row has
 * one label; negative if there is none. */
static double
label_space(const Grid *grid, Block block, GArray *lines, double em)
{
    g_autoptr(GArray) bands = bands_find(lines, 0, BAND_LEAST * em);
    g_autoptr(GArray) sorted = g_array_copy(bands);
    g_array_sort(sorted, height_order);
    for (guint i = 1; i < sorted->len; i++) {
        Interval lower = g_array_index(sorted, Interval, i - 1);
        Interval higher = g_array_index(sorted, Interval, i);
        double space = lower.hi - lower.lo;
        if (higher.hi - higher.lo < space + BAND_MORE * em) {
            continue;
        }
        g_autoptr(GArray) higher_ones = bands_find(lines, 0, space + BAND_MORE / 2 * em);
        g_autoptr(GArray) cuts = cuts_find(grid, block, higher_ones, BORDER_SLACK * em);
        if (cuts != NULL && each_has_label(lines, cuts)) {
            return space;
        }
    }
    return -1;
}

/* What space lies inside a row is surest from lines that another column bridges; then from the
 * usual space; then from what leaves a label to each row. Where every line is a row of its own,
 * there is none inside. */
static void
cut_list(Grid *grid, Block block, GArray *text)
{
    g_autoptr(GArray) inside = text_in(text, block_box(grid, block));
    g_autoptr(GArray) lines = lines_of_block(grid, block, inside);
    double em = common_height(inside);
    const struct {
        double space, more; /* more in ems; nothing is known where space is negative */
        guint first_column;
        gboolean numbers_only; /* a label beside several rows is no sign of them */
    } attempts[] = {
        {space_inside(lines, 0), BAND_MORE, 0, FALSE},
        {space_inside(lines, 1), BAND_MORE, 1, FALSE},
        {space_usual(lines), BAND_MORE, 0, FALSE},
        {space_usual(lines), BAND_MORE, 1, FALSE},
        {label_space(grid, block, lines, em), BAND_MORE / 2, 0, FALSE},
        {0, BAND_LEAST, 0, FALSE},
        {0, BAND_LEAST, 1, TRUE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(attempts); i++) {
        guint first_column = attempts[i].first_column;
        double least = attempts[i].space + attempts[i].more * em;
        g_autoptr(GArray) bands = bands_find(lines, first_column, least);
        g_autoptr(GArray) cuts = cuts_find(grid, block, bands, BORDER_SLACK * em);
        if (attempts[i].space >= 0 && cuts != NULL && cuts->len > 0 &&
            looks_like_list(grid, lines, cuts, attempts[i].numbers_only)) {
            gboolean known = attempts[i].more > BAND_LEAST; /* what space lies inside a row */
            Listing list = {lines, first_column, known ? least : LABEL_GAP * em};
            cut_block(grid, block, cuts, &list);
            return;
        }
    }
}

/* One line in each column for every entry, and numbers in one of the columns: rows of a statistical
 * table that stand between two lines. */
static void
cut_numbers(Grid *grid, Block block, GArray *text, guint least_rows)
{
    g_autoptr(GArray) inside = text_in(text, block_box(grid, block));
    g_autoptr(GArray) lines = lines_of_block(grid, block, inside);
    double em = common_height(inside);
    g_autoptr(GArray) bands = bands_find(lines, 0, BAND_LEAST * em);
    g_autoptr(GArray) cuts = cuts_find(grid, block, bands, BORDER_SLACK * em);
    if (cuts == NULL || cuts->len + 1 < least_rows) {
        return;
    }
    guint rows = cuts->len + 1;
    gboolean numbers = FALSE;
    for (guint c = 1; c < grid->columns; c++) {
        numbers = numbers || stretches_with(lines, cuts, 0, c, TRUE) >= rows;
    }
    if (numbers && stretches_with(lines, cuts, 0, 0, FALSE) >= rows) {
        Listing list = {lines, 0, LABEL_GAP * em};
        cut_block(grid, block, cuts, &list);
    }
}

/* Does it take up most of the table? */
static gboolean
block_is_tall(const Grid *grid, Block block)
{
    return rect_height(block_box(grid, block)) > 0.5 * rect_height(grid->box);
}

/* Is it a body whose rows no line divides? A header may be ruled besides. */
static gboolean
block_is_open(const Grid *grid, Block block, guint rows, guint plain_rows)
{
    gboolean labelled = pos(grid->xs, 1) - pos(grid->xs, 0) <= LABEL_PART * rect_width(grid->box);
    gboolean columns = grid->columns >= 3 || (grid->columns == 2 && labelled);
    gboolean body = block.end == rows || block_is_tall(grid, block);
    return columns && body && (!block_is_plain(grid, block) || (plain_rows <= 2 && rows <= 4));
}

/* How many cells reach over this border? */
static guint
cells_over(const Grid *grid, guint border)
{
    guint n = 0;
    for (guint i = 0; i < grid->cells->len; i++) {
        const GridCell *c = &g_array_index(grid->cells, GridCell, i);
        n += c->row < border && c->row + c->row_span > border;
    }
    return n;
}

static gboolean
text_is_centred(const Grid *grid, const GridCell *cell, GArray *text)
{
    Rect box = grid_cell_box(grid, cell), ink = rect_none();
    g_autoptr(GArray) inside = text_in(text, box);
    for (guint i = 0; i < inside->len; i++) {
        ink = rect_union(ink, g_array_index(inside, Rect, i));
    }
    double off = fabs((ink.y0 + ink.y1) - (box.y0 + box.y1)) / 2;
    return inside->len > 0 && off <= LEVEL * common_height(inside);
}

/* One shade may hold the labels of several rows: where it alone reaches over a border and has a
 * label in the middle of what is above and below, it is two cells. */
static void
split_shaded_labels(Grid *grid, GArray *text)
{
    for (guint i = 0; i < grid->cells->len; i++) {
        GridCell cell = g_array_index(grid->cells, GridCell, i);
        for (guint border = cell.row + 1; border < cell.row + cell.row_span; border++) {
            GridCell above = cell, below = cell;
            above.row_span = border - cell.row;
            below.row = border;
            below.row_span = cell.row + cell.row_span - border;
            if (cells_over(grid, border) == 1 && text_is_centred(grid, &above, text) &&
                text_is_centred(grid, &below, text)) {
                g_array_index(grid->cells, GridCell, i) = above;
                g_array_append_val(grid->cells, below);
                g_array_sort(grid->cells, grid_cell_order);
                grid_own(grid);
                break;
            }
        }
    }
}

void
rows_from_text(Grid *grid, GArray *text)
{
    g_autoptr(GArray) blocks = g_array_new(FALSE, TRUE, sizeof(Block));
    guint plain = 0, rows = grid->rows;
    if (grid->open_rows) {
        split_shaded_labels(grid, text);
    }
    for (guint row = 0; row < rows;) {
        Block block = block_at(grid, row);
        plain += block_is_plain(grid, block);
        g_array_append_val(blocks, block);
        row = block.end;
    }
    for (guint i = blocks->len; i > 0; i--) { /* upwards: what is above keeps its rows */
        Block block = g_array_index(blocks, Block, i - 1);
        if (!block_is_plain(grid, block) && !grid->open_rows) {
            continue;
        }
        if (block_is_open(grid, block, rows, plain)) {
            cut_list(grid, block, text);
        } else if (grid->open_columns) {
            cut_numbers(grid, block, text, 2);
        } else if (rows <= 4 && block_is_tall(grid, block)) {
            cut_numbers(grid, block, text, 4);
        }
    }
}

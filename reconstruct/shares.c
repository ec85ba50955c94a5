/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "entries.h"
#include "lines.h"
#include "work.h"

/* So many pieces of curves that run from one cell into another are a chart's. */
#define CURVES 6
/* A stroke from corner to corner of a cell ends this near its lines, points. */
#define CORNER 2.0
/* Glyphs of a word are this near to each other, ems; those of two cells have padding between. */
#define TOUCHING 0.05
/* Columns that are compared take so much of the table each, at least. */
#define COMPARED 0.25

Rect
frame_box(const Work *w, guint32 glyph)
{
    return rect_to_frame(glyph_rect(page_glyph(w->page, glyph)), w->layout->frame, w->page->width,
                         w->page->height);
}

static gint32
share_at(const Work *w, Rect box)
{
    double x = (box.x0 + box.x1) / 2, y = (box.y0 + box.y1) / 2;
    double smallest = INFINITY;
    gint32 share = -1;
    for (guint i = 0; i < w->grids->len; i++) {
        const Grid *grid = g_ptr_array_index(w->grids, i);
        gint32 cell = grid_cell_at(grid, x, y);
        if (cell >= 0 && rect_area(grid->box) < smallest) {
            smallest = rect_area(grid->box);
            share = (gint32)w->first_share[i] + cell;
        }
    }
    return share;
}

/* Characters that may hang out at a line's end, over the border. */
static gboolean
may_hang(guint32 c)
{
    return c == 0x3001 || c == 0x3002 || c == 0xFF0C || c == 0xFF0E || c == 0x300D || c == 0xFF09 ||
           c == ',' || c == '.' || c == ')';
}

/* A digit or letter that touches the one before is of the same word, whatever line runs through. */
static gboolean
touches(const Glyph *last, const Glyph *g, double gap, double em)
{
    return last != NULL && last->unicode < 0x80 && g->unicode < 0x80 &&
           g_ascii_isalnum((gchar)last->unicode) && g_ascii_isalnum((gchar)g->unicode) &&
           fabs(gap) < TOUCHING * em;
}

static void
share_glyphs(Work *w)
{
    gint32 last = -1;
    Rect last_box = rect_none();
    const Glyph *before = NULL;
    for (guint32 i = 0; i < w->page->glyphs->len; i++) {
        const Glyph *g = page_glyph(w->page, i);
        if (g_array_index(w->layout->dropped, guint8, i) != DROP_NOT) {
            continue;
        }
        Rect box = frame_box(w, i);
        gint32 share = share_at(w, box);
        double em = (double)page_glyph_style(w->page, g)->size;
        gboolean goes_on =
            fabs(box.y1 - last_box.y1) < 0.1 * em && fabs(box.x0 - last_box.x1) < 0.5 * em;
        gboolean word = touches(before, g, box.x0 - last_box.x1, em);
        if (share != last && goes_on && (word || may_hang(g->unicode))) {
            share = last;
        }
        before = g;
        last = share;
        last_box = box;
        g_array_append_val(
            share < 0 ? w->rest : (GArray *)g_ptr_array_index(w->shares, (guint)share), i);
    }
}

static void
shares_make(Work *w)
{
    guint n = 0;
    w->first_share = g_new0(guint32, w->grids->len + 1);
    for (guint i = 0; i < w->grids->len; i++) {
        const Grid *grid = g_ptr_array_index(w->grids, i);
        w->first_share[i] = n;
        n += grid->cells->len;
    }
    w->shares = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (guint i = 0; i < n; i++) {
        g_ptr_array_add(w->shares, g_array_new(FALSE, TRUE, sizeof(guint32)));
    }
    w->rest = g_array_new(FALSE, TRUE, sizeof(guint32));
}

void
work_clear(Work *w)
{
    g_clear_pointer(&w->shares, g_ptr_array_unref);
    g_clear_pointer(&w->first_share, g_free);
    g_clear_pointer(&w->rest, g_array_unref);
    g_clear_pointer(&w->is_table, g_free);
    g_clear_pointer(&w->part_of, g_free);
    g_clear_pointer(&w->grids, g_ptr_array_unref);
}

static gboolean
has_ink(const Work *w, GArray *glyphs)
{
    for (guint i = 0; i < glyphs->len; i++) {
        if (!glyph_is_blank(page_glyph(w->page, g_array_index(glyphs, guint32, i)))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Is it one row of three or more columns that all have room for text, or of two like those of a
 * comparison, neither with an upper or lower end? The end of a row that a page's edge cut may have
 * text in one of them only; the double line of a frame makes narrow ones. */
static gboolean
is_row_of_columns(const Work *w, const Grid *grid)
{
    const guint endless = TABLE_OPEN_TOP | TABLE_OPEN_BOTTOM;
    double size = 0;
    for (guint i = 0; i < w->page->styles->len; i++) {
        size = MAX(size, (double)g_array_index(w->page->styles, Style, i).size);
    }
    if (grid->columns == 2) {
        size = MAX(size, COMPARED * rect_width(grid->box));
    }
    for (guint i = 1; i < grid->xs->len; i++) {
        if (g_array_index(grid->xs, double, i) - g_array_index(grid->xs, double, i - 1) < size) {
            return FALSE;
        }
    }
    return grid->rows == 1 &&
           (grid->columns >= 3 || (grid->columns == 2 && (grid->flags & endless) == endless));
}

/* Do curves run over the lines of this grid? Icons stay in their cells. */
static gboolean
curves_cross(const Work *w, const Grid *grid)
{
    guint n = 0;
    for (guint i = 0; i < w->page->shapes->len; i++) {
        const Mark *m = &g_array_index(w->page->shapes, Mark, i);
        Rect r = {(double)m->x0, (double)m->y0, (double)m->x1, (double)m->y1};
        Rect box = rect_to_frame(r, w->layout->frame, w->page->width, w->page->height);
        double dx = MIN(CORNER, rect_width(box) / 4), dy = MIN(CORNER, rect_height(box) / 4);
        gint32 from = grid_cell_at(grid, box.x0 + dx, box.y0 + dy);
        gint32 to = grid_cell_at(grid, box.x1 - dx, box.y1 - dy);
        n += from >= 0 && to >= 0 && from != to;
    }
    return n >= CURVES;
}

static gboolean
has_part(const Work *w, guint32 share)
{
    for (guint i = 0; i < w->grids->len; i++) {
        if (w->part_of[i] == (gint32)share) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
grid_is_table(const Work *w, guint index, GArray *figures)
{
    const Grid *grid = g_ptr_array_index(w->grids, index);
    guint filled = 0;
    for (guint i = 0; i < grid->cells->len; i++) {
        guint32 share = w->first_share[index] + i;
        filled += has_ink(w, g_ptr_array_index(w->shares, share)) || has_part(w, share);
    }
    if (filled < (is_row_of_columns(w, grid) ? 1 : 2) || grid->columns < 2) {
        return FALSE; /* one column is a box, however it is divided */
    }
    if (curves_cross(w, grid)) {
        return FALSE; /* lines and arrows in a chart */
    }
    for (guint i = 0; i < figures->len; i++) {
        Rect figure = g_array_index(figures, Rect, i);
        if (rect_covers(figure, grid->box, 4) && filled * 3 < grid->cells->len) {
            return FALSE; /* the grid lines of a chart */
        }
    }
    return TRUE;
}

/* The share of the cell around an inner grid, and the grid that has it. */
static gint32
share_around(const Work *w, const Grid *inner, guint *ret_grid)
{
    Rect in = rect_grown(inner->box, -1.0);
    for (guint i = 0; i < w->grids->len; i++) {
        const Grid *grid = g_ptr_array_index(w->grids, i);
        gint32 cell = grid_cell_at(grid, in.x0, in.y0);
        if (grid != inner && !grid->inner && grid->columns > 1 && cell >= 0 &&
            rect_covers(grid->box, inner->box, 1.0)) {
            *ret_grid = i;
            return (gint32)w->first_share[i] + cell;
        }
    }
    return -1;
}

static gint
index_order(gconstpointer a, gconstpointer b)
{
    guint32 p = *(const guint32 *)a, q = *(const guint32 *)b;
    return p < q ? -1 : p > q;
}

void
indices_sort(GArray *indices)
{
    g_array_sort(indices, index_order);
}

/* Gives the glyphs of a grid to another share. */
static void
shares_move(Work *w, guint grid, guint32 to)
{
    GArray *all = g_ptr_array_index(w->shares, to);
    const Grid *from = g_ptr_array_index(w->grids, grid);
    for (guint i = 0; i < from->cells->len; i++) {
        GArray *share = g_ptr_array_index(w->shares, w->first_share[grid] + i);
        g_array_append_vals(all, share->data, share->len);
        g_array_set_size(share, 0);
    }
    indices_sort(all);
}

void
tables_find(Work *w, GArray *figures)
{
    g_autofree guint *around = g_new0(guint, w->grids->len + 1);
    w->is_table = g_new0(guint8, w->grids->len + 1);
    w->part_of = g_new(gint32, w->grids->len + 1);
    for (guint i = 0; i < w->grids->len; i++) {
        w->part_of[i] = -1;
    }
    for (guint i = 0; i < w->grids->len; i++) {
        const Grid *grid = g_ptr_array_index(w->grids, i);
        gint32 share = grid->inner ? share_around(w, grid, &around[i]) : -1;
        if (share >= 0 && grid_is_table(w, i, figures)) {
            w->part_of[i] = share;
        } else if (share >= 0) {
            shares_move(w, i, (guint32)share);
        }
    }
    for (guint i = 0; i < w->grids->len; i++) {
        const Grid *grid = g_ptr_array_index(w->grids, i);
        w->is_table[i] = !grid->inner && grid_is_table(w, i, figures);
    }
    for (guint i = 0; i < w->grids->len; i++) { /* in a box, it is one by itself */
        if (w->part_of[i] >= 0 && !w->is_table[around[i]]) {
            w->is_table[i] = TRUE;
            w->part_of[i] = -1;
        }
    }
}

void
shares_find(Work *w)
{
    shares_make(w);
    share_glyphs(w);
}

/* ---- cells ---- */

static gboolean
box_is_shaded(const Page *page, Frame frame, Rect box)
{
    double covered = 0;
    for (guint i = 0; i < page->areas->len; i++) {
        const Area *a = &g_array_index(page->areas, Area, i);
        Rect r = {(double)a->x0, (double)a->y0, (double)a->x1, (double)a->y1};
        if ((a->colour & 0xF0F0F0) != 0xF0F0F0) {
            Rect in = rect_intersection(rect_to_frame(r, frame, page->width, page->height), box);
            covered += rect_area(in);
        }
    }
    return covered > 0.5 * rect_area(box);
}

/* Adds lines of these glyphs (guint32) and arranges them. */
static void
lines_add(Work *w, GArray *glyphs)
{
    const guint32 *data = (const guint32 *)(void *)glyphs->data;
    gboolean vertical;
    guint first = w->layout->lines->len;
    Frame frame = lines_frame(w->layout, w->page, data, glyphs->len, &vertical);
    lines_find(w->layout, w->page, data, glyphs->len, frame, INFINITY);
    entries_arrange(w->layout, w->page, first);
}

/* Adds the lines of a table inside of a cell, cell by cell. */
static void
part_fill(Work *w, guint index)
{
    const Grid *grid = g_ptr_array_index(w->grids, index);
    for (guint i = 0; i < grid->cells->len; i++) {
        CellPart part = {.first = w->layout->lines->len,
                         .box = grid_cell_box(grid, &g_array_index(grid->cells, GridCell, i))};
        lines_add(w, g_ptr_array_index(w->shares, w->first_share[index] + i));
        part.count = w->layout->lines->len - part.first;
        if (part.count > 0) {
            g_array_append_val(w->layout->parts, part);
        }
    }
}

/* Adds the lines of a cell: its text, and the tables inside of it where they stand in that. */
static void
share_fill(Work *w, guint32 share)
{
    g_autoptr(GArray) glyphs = g_array_copy(g_ptr_array_index(w->shares, share));
    for (guint i = 0; i < w->grids->len; i++) { /* top to bottom */
        if (w->part_of[i] != (gint32)share) {
            continue;
        }
        Rect box = ((const Grid *)g_ptr_array_index(w->grids, i))->box;
        g_autoptr(GArray) above = g_array_new(FALSE, TRUE, sizeof(guint32));
        guint below = 0;
        for (guint k = 0; k < glyphs->len; k++) {
            guint32 glyph = g_array_index(glyphs, guint32, k);
            Rect r = frame_box(w, glyph);
            if ((r.y0 + r.y1) / 2 < box.y1) {
                g_array_append_val(above, glyph);
            } else {
                g_array_index(glyphs, guint32, below++) = glyph;
            }
        }
        g_array_set_size(glyphs, below);
        lines_add(w, above);
        part_fill(w, i);
    }
    lines_add(w, glyphs);
}

static void
cell_fill(Work *w, const Grid *grid, const GridCell *gc, guint32 share)
{
    Layout *layout = w->layout;
    Cell cell = {.row = gc->row,
                 .column = gc->column,
                 .row_span = gc->row_span,
                 .column_span = gc->column_span,
                 .first = layout->lines->len,
                 .box = grid_cell_box(grid, gc)};
    cell.shaded =
        (guint8)(w->page->areas->len > 0 && box_is_shaded(w->page, layout->frame, cell.box));
    share_fill(w, share);
    cell.count = layout->lines->len - cell.first;
    g_array_append_val(layout->cells, cell);
}

guint32
table_fill(Work *w, guint index)
{
    Layout *layout = w->layout;
    const Grid *grid = g_ptr_array_index(w->grids, index);
    Table table = {.first = layout->cells->len,
                   .count = grid->cells->len,
                   .rows = grid->rows,
                   .columns = grid->columns,
                   .first_border = layout->borders->len,
                   .flags = grid->flags,
                   .box = grid->box};
    for (guint i = 0; i < grid->cells->len; i++) {
        cell_fill(w, grid, &g_array_index(grid->cells, GridCell, i), w->first_share[index] + i);
    }
    g_array_append_vals(layout->borders, grid->xs->data, grid->xs->len);
    g_array_append_val(layout->tables, table);
    return layout->tables->len - 1;
}

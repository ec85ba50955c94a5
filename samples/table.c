/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

/* Points between a ruling and the text below it. */
static const double PAD_Y = 2.5;
/* Widths in a table of measures: of the text of label and ministry, and the plan's share of the
 * rest, as in the reports this is modelled on. */
static const double LABEL_EMS = 2.05;
static const double MINISTRY_EMS = 5.4;
static const double PLAN_SHARE = 0.46;
/* Lines that must fit below the header before a table begins, or of a row before it is cut. */
static const double MIN_LINES = 3.0;
/* Of header cells, 0 black to 1 white. */
static const double HEADER_GREY = 0.9;

/* A cell with its lines, and how many of them are placed. */
typedef struct {
    const Cell *cell;
    double x, width; /* points, between the rulings */
    double leading;  /* points */
    GPtrArray *paragraphs;
    guint paragraph, line; /* the next one to place */
    guint ink;             /* characters placed */
    GArray *cuts;          /* guint: ink placed at each page end */
} SetCell;

typedef struct {
    const Row *row;
    GArray *cells; /* SetCell */
    double height;
    int page; /* where it begins */
} SetRow;

/* Rows that stay together: one, or all that a spanning cell ties. */
typedef struct {
    GPtrArray *rows;  /* SetRow * */
    GPtrArray *owned; /* Row * made for this band */
} Band;

typedef struct {
    Flow *flow;
    const Table *table;
    int stop_page;
    gboolean merges; /* label and ministry into one column */
    GArray *edges;   /* double: x of every column's left side, and the right side of the last */
    guint next_row;  /* of the table's, then round and round in the pool */
    GRand *random;
    GPtrArray *headers; /* Band * */
    gboolean part_open; /* something of the table stands on this page */
    guint n_told;       /* rows the truth has */
} Setter;

static void
set_cell_clear(gpointer data)
{
    SetCell *cell = data;

    g_ptr_array_unref(cell->paragraphs);
    g_array_unref(cell->cuts);
}

static void
set_row_free(gpointer data)
{
    SetRow *row = data;

    g_array_unref(row->cells);
    g_free(row);
}

static void
band_free(Band *band)
{
    if (!band)
        return;
    g_ptr_array_unref(band->rows);
    g_ptr_array_unref(band->owned);
    g_free(band);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Band, band_free)

static double
edge_x(const Setter *setter, guint column)
{
    return g_array_index(setter->edges, double, MIN(column, setter->edges->len - 1));
}

static void
edges_find(Setter *setter)
{
    const Flow *flow = setter->flow;
    const GArray *widths = setter->table->widths;
    double sum = 0.0;
    double x = 0.0;

    for (guint i = 0; i < widths->len; i++)
        sum += g_array_index(widths, double, i);
    for (guint i = 0; i <= widths->len; i++) {
        double edge = flow->left + (flow->right - flow->left) * x / sum;

        g_array_append_val(setter->edges, edge);
        if (i < widths->len)
            x += g_array_index(widths, double, i);
    }
}

/* The columns of a table of measures: label and ministry as wide as their text takes, the rest
 * shared by plan and result. */
static void
measure_edges_find(Setter *setter)
{
    const Flow *flow = setter->flow;
    double label = flow->left + LABEL_EMS * flow->size + 2.0 * flow->options->pad;
    double ministry = label + MINISTRY_EMS * flow->size + 2.0 * flow->options->pad;
    double plan = ministry + (flow->right - ministry) * PLAN_SHARE;

    g_array_append_val(setter->edges, flow->left);
    if (!setter->merges)
        g_array_append_val(setter->edges, label);
    g_array_append_val(setter->edges, ministry);
    g_array_append_val(setter->edges, plan);
    g_array_append_val(setter->edges, flow->right);
}

static SetCell
cell_set(const Setter *setter, const Cell *cell)
{
    const Flow *flow = setter->flow;
    guint end = cell->column + cell->colspan;
    gboolean last = end >= setter->edges->len - 1 && setter->edges->len > 2;
    SetCell set = {.cell = cell};

    set.x = edge_x(setter, cell->column);
    set.width = edge_x(setter, end) - set.x;
    set.leading = flow->size * flow->options->leading * (last ? flow->options->leading2 : 1.0);
    set.paragraphs = g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    set.cuts = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < cell->paragraphs->len; i++) {
        const char *text = cell->paragraphs->pdata[i];
        TextStyle style = {cell->header ? FACE_HEADING : FACE_TEXT, flow->size, cell->align, 0, 0};

        style_indent(&style, text, cell->header ? 0.0 : flow->options->indent);
        if (setter->merges && cell->column == 0 && !cell->header)
            style.indent_rest = 2.25 * flow->size;
        g_ptr_array_add(set.paragraphs, paragraph_new(flow->fonts, &style, text,
                                                      set.width - 2.0 * flow->options->pad));
    }
    return set;
}

static double
set_cell_height(const SetCell *cell)
{
    guint n_lines = 0;

    for (guint i = 0; i < cell->paragraphs->len; i++)
        n_lines += ((Paragraph *)cell->paragraphs->pdata[i])->lines->len;
    return n_lines * cell->leading + 2.0 * PAD_Y;
}

static SetRow *
row_set(const Setter *setter, const Row *row)
{
    SetRow *set = g_new0(SetRow, 1);

    set->row = row;
    set->cells = g_array_new(FALSE, FALSE, sizeof(SetCell));
    g_array_set_clear_func(set->cells, set_cell_clear);
    set->height = setter->flow->size * setter->flow->options->leading + 2.0 * PAD_Y;
    for (guint i = 0; i < row->cells->len; i++) {
        SetCell cell = cell_set(setter, row->cells->pdata[i]);

        if (cell.cell->rowspan == 1)
            set->height = MAX(set->height, set_cell_height(&cell));
        g_array_append_val(set->cells, cell);
    }
    set->height += setter->flow->options->row_gap;
    return set;
}

static double
band_height_of(const Band *band, guint first, guint count)
{
    double height = 0.0;

    for (guint i = first; i < MIN(first + count, band->rows->len); i++)
        height += ((SetRow *)band->rows->pdata[i])->height;
    return height;
}

/* Makes the last row of each spanning cell high enough for it. */
static void
band_fit_spans(Band *band)
{
    for (guint i = 0; i < band->rows->len; i++) {
        SetRow *row = band->rows->pdata[i];

        for (guint j = 0; j < row->cells->len; j++) {
            const SetCell *cell = &g_array_index(row->cells, SetCell, j);
            guint last = MIN(i + cell->cell->rowspan, band->rows->len) - 1;
            double lack = set_cell_height(cell) - band_height_of(band, i, cell->cell->rowspan);

            if (lack > 0.0)
                ((SetRow *)band->rows->pdata[last])->height += lack;
        }
    }
}

/* The next row, or NULL. What is made for it goes to OWNED. */
static const Row *
row_next(Setter *setter, GPtrArray *owned)
{
    const Table *table = setter->table;
    const GPtrArray *pool = setter->flow->content->pool;
    const Row *row = NULL;

    if (setter->next_row < table->rows->len) {
        row = table->rows->pdata[setter->next_row];
    } else if (setter->stop_page > 0 && table->cycles && pool->len > 0) {
        Row *varied = row_vary(pool->pdata[(setter->next_row - table->rows->len) % pool->len],
                               setter->random);

        g_ptr_array_add(owned, varied);
        row = varied;
    }
    if (row && setter->merges) {
        Row *merged = row_merge_labels(row);

        g_ptr_array_add(owned, merged);
        row = merged;
    }
    setter->next_row++;
    return row;
}

static Band *
band_next(Setter *setter)
{
    g_autoptr(Band) band = g_new0(Band, 1);
    guint reach = 1;

    band->rows = g_ptr_array_new_with_free_func(set_row_free);
    band->owned = g_ptr_array_new_with_free_func((GDestroyNotify)row_free);
    for (guint i = 0; i < reach; i++) {
        const Row *row = row_next(setter, band->owned);

        if (!row)
            break;
        for (guint j = 0; j < row->cells->len; j++)
            reach = MAX(reach, i + ((Cell *)row->cells->pdata[j])->rowspan);
        g_ptr_array_add(band->rows, row_set(setter, row));
    }
    band_fit_spans(band);
    return band->rows->len > 0 ? g_steal_pointer(&band) : NULL;
}

/* A horizontal ruling over the columns FIRST to END, in pieces, one a column. */
static void
rule_across(Setter *setter, guint first, guint end, double y, RuleKind kind)
{
    for (guint i = first; i < MIN(end, setter->edges->len - 1); i++) {
        Rule rule = {edge_x(setter, i), y, edge_x(setter, i + 1), y, kind};

        page_add_rule(setter->flow->page, rule, !setter->flow->options->gaps);
    }
}

static void
rule_down(Setter *setter, double x, double y0, double y1, RuleKind kind)
{
    Rule rule = {x, y0, x, y1, kind};

    page_add_rule(setter->flow->page, rule, !setter->flow->options->gaps);
}

/* Places the lines of CELL that fit between TOP and BOTTOM; how far down they reach. */
static double
set_cell_place(SetCell *cell, Flow *flow, double top, double bottom)
{
    double y = top + PAD_Y;

    while (cell->paragraph < cell->paragraphs->len && y + cell->leading + PAD_Y <= bottom + 0.01) {
        const Paragraph *paragraph = cell->paragraphs->pdata[cell->paragraph];
        Spot spot = {cell->x + flow->options->pad, line_baseline(y, flow->size, cell->leading),
                     RANK_BODY, flow->block, cell->cell->column};

        paragraph_place_line(paragraph, cell->line, flow->page, &spot);
        cell->ink += paragraph_count_ink(paragraph, cell->line);
        y += cell->leading;
        if (++cell->line == paragraph->lines->len) {
            cell->line = 0;
            cell->paragraph++;
        }
    }
    return y + PAD_Y;
}

static gboolean
set_cell_done(const SetCell *cell)
{
    return cell->paragraph == cell->paragraphs->len;
}

static void
cell_draw(Setter *setter, const SetCell *cell, double top, double bottom)
{
    Fill fill = {cell->x, top, cell->width, bottom - top, HEADER_GREY};

    if (cell->cell->header)
        page_add_fill(setter->flow->page, fill);
    rule_down(setter, cell->x, top, bottom, cell->cell->column == 0 ? RULE_SIDE : RULE_INNER);
}

/* All rows of a band at the flow's y, which is enough room. */
static void
band_place_whole(Setter *setter, Band *band)
{
    Flow *flow = setter->flow;
    double bottom = flow->y + band_height_of(band, 0, band->rows->len);

    rule_down(setter, edge_x(setter, setter->edges->len - 1), flow->y, bottom, RULE_SIDE);
    for (guint i = 0; i < band->rows->len; i++) {
        SetRow *row = band->rows->pdata[i];

        row->page = flow->number;
        for (guint j = 0; j < row->cells->len; j++) {
            SetCell *cell = &g_array_index(row->cells, SetCell, j);
            double height = band_height_of(band, i, cell->cell->rowspan);
            double spare = MAX(height - set_cell_height(cell), 0.0);
            gboolean top = setter->table->measures || setter->table->top;
            gboolean middle = cell->cell->header || !top;

            cell_draw(setter, cell, flow->y, flow->y + height);
            set_cell_place(cell, flow, flow->y + (middle ? spare / 2.0 : 0.0), flow->y + height);
            if (flow->y + height < bottom - 0.01)
                rule_across(setter, cell->cell->column, cell->cell->column + cell->cell->colspan,
                            flow->y + height, RULE_INNER);
        }
        flow->y += row->height;
    }
}

/* Makes the table's place on a page: its top, its header rows, or the line below what is there. */
static void
part_begin(Setter *setter)
{
    guint n_columns = setter->edges->len - 1;

    if (setter->part_open) {
        rule_across(setter, 0, n_columns, setter->flow->y, RULE_INNER);
        return;
    }
    setter->part_open = TRUE;
    rule_across(setter, 0, n_columns, setter->flow->y, RULE_EDGE);
    for (guint i = 0; i < setter->headers->len; i++) {
        Band *header = setter->headers->pdata[i];

        for (guint j = 0; j < header->rows->len; j++) {
            SetRow *row = header->rows->pdata[j];

            for (guint k = 0; k < row->cells->len; k++)
                g_array_index(row->cells, SetCell, k).paragraph = 0;
        }
        band_place_whole(setter, header);
        rule_across(setter, 0, n_columns, setter->flow->y, RULE_INNER);
    }
}

static void
part_end(Setter *setter)
{
    if (setter->part_open)
        rule_across(setter, 0, setter->edges->len - 1, setter->flow->y, RULE_EDGE);
    setter->part_open = FALSE;
}

static double
headers_height(const Setter *setter)
{
    double height = 0.0;

    for (guint i = 0; i < setter->headers->len; i++) {
        const Band *header = setter->headers->pdata[i];

        height += band_height_of(header, 0, header->rows->len);
    }
    return height;
}

static void
setter_require(Setter *setter, double height)
{
    double header = setter->part_open ? 0.0 : headers_height(setter);

    if (header + height > flow_room(setter->flow) && !flow_page_is_empty(setter->flow)) {
        part_end(setter);
        flow_break_page(setter->flow);
    }
    part_begin(setter);
}

/* As much of a row as fits on the page; whether that was all of it. */
static gboolean
row_place_part(Setter *setter, SetRow *row)
{
    Flow *flow = setter->flow;
    double limit = flow->y + flow_room(flow);
    double bottom = flow->y;
    gboolean done = TRUE;

    for (guint i = 0; i < row->cells->len; i++) {
        SetCell *cell = &g_array_index(row->cells, SetCell, i);

        double reach = set_cell_place(cell, flow, flow->y, limit);

        bottom = MAX(bottom, reach);
        done = done && set_cell_done(cell);
    }
    if (done)
        bottom = MIN(bottom + flow->options->row_gap, limit);
    for (guint i = 0; i < row->cells->len; i++) {
        SetCell *cell = &g_array_index(row->cells, SetCell, i);

        cell_draw(setter, cell, flow->y, bottom);
        if (!done)
            g_array_append_val(cell->cuts, cell->ink);
    }
    rule_down(setter, edge_x(setter, setter->edges->len - 1), flow->y, bottom, RULE_SIDE);
    flow->y = bottom;
    return done;
}

static void
band_place(Setter *setter, Band *band)
{
    double line = setter->flow->size * setter->flow->options->leading;
    double height = band_height_of(band, 0, band->rows->len);
    double least = MIN_LINES * line + 2.0 * PAD_Y;
    SetRow *row = band->rows->pdata[0];

    setter_require(setter, band->rows->len > 1 ? height : MIN(height, least));
    if (band->rows->len > 1 || height <= flow_room(setter->flow)) {
        band_place_whole(setter, band);
        return;
    }
    row->page = setter->flow->number;
    while (!row_place_part(setter, row)) {
        part_end(setter);
        flow_break_page(setter->flow);
        part_begin(setter);
    }
}

static void
cell_tell(Truth *truth, const SetCell *set, guint row)
{
    const Cell *cell = set->cell;
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < cell->paragraphs->len; i++)
        g_string_append_printf(text, "%s%s", i ? "\n" : "", (char *)cell->paragraphs->pdata[i]);
    truth_open(truth, NULL, '{');
    truth_add_number(truth, "row", row);
    truth_add_number(truth, "col", cell->column);
    truth_add_number(truth, "rowspan", cell->rowspan);
    truth_add_number(truth, "colspan", cell->colspan);
    truth_add_flag(truth, "header", cell->header);
    truth_add_text(truth, "text", text->str);
    if (set->cuts->len > 0)
        truth_add_numbers(truth, "cuts", set->cuts);
    truth_close(truth);
}

static void
band_tell(Setter *setter, const Band *band)
{
    Truth *truth = setter->flow->truth;

    for (guint i = 0; i < band->rows->len; i++) {
        const SetRow *row = band->rows->pdata[i];

        truth_open(truth, NULL, '{');
        truth_add_number(truth, "page", row->page);
        truth_open(truth, "cells", '[');
        for (guint j = 0; j < row->cells->len; j++)
            cell_tell(truth, &g_array_index(row->cells, SetCell, j), setter->n_told);
        truth_close(truth);
        truth_close(truth);
        setter->n_told++;
    }
}

static void
headers_set(Setter *setter)
{
    const GPtrArray *rows = setter->table->rows;

    while (setter->next_row < rows->len && ((Row *)rows->pdata[setter->next_row])->header) {
        Band *band = band_next(setter);

        if (setter->table->measures && setter->flow->options->no_header_row)
            band_free(band);
        else
            g_ptr_array_add(setter->headers, band);
    }
}

/* Whether the page the table was to fill is full, so that BAND would go beyond it. */
static gboolean
setter_is_full(const Setter *setter, const Band *band)
{
    if (setter->stop_page == 0 || setter->flow->number < setter->stop_page)
        return FALSE;
    return setter->flow->number > setter->stop_page ||
           band_height_of(band, 0, band->rows->len) > flow_room(setter->flow);
}

static void
rows_set(Setter *setter)
{
    for (guint i = 0;; i++) {
        g_autoptr(Band) band = band_next(setter);

        if (!band || (i > 0 && setter_is_full(setter, band)))
            break;
        band_place(setter, band);
        band_tell(setter, band);
    }
    part_end(setter);
}

void
table_set(Flow *flow, const Table *table, int stop_page)
{
    g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GPtrArray) headers = g_ptr_array_new_with_free_func((GDestroyNotify)band_free);
    g_autoptr(GRand) random = g_rand_new_with_seed(flow->options->seed);
    Setter setter = {.flow = flow, .table = table, .stop_page = table->cycles ? stop_page : 0};

    setter.merges = table->measures && flow->options->label_columns == 1;
    setter.edges = edges;
    setter.headers = headers;
    setter.random = random;
    if (table->measures)
        measure_edges_find(&setter);
    else
        edges_find(&setter);
    headers_set(&setter);
    flow_require(flow,
                 headers_height(&setter) + (MIN_LINES + 1.0) * flow->size * flow->options->leading);
    truth_open(flow->truth, NULL, '{');
    truth_add_text(flow->truth, "type", "table");
    truth_add_number(flow->truth, "page", flow->number);
    truth_add_number(flow->truth, "cols", edges->len - 1);
    truth_open(flow->truth, "rows", '[');
    for (guint i = 0; i < headers->len; i++)
        band_tell(&setter, headers->pdata[i]);
    rows_set(&setter);
    truth_close(flow->truth);
    truth_close(flow->truth);
}

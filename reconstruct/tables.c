/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Joining. The page's edge can fall between two rows, inside a row, or inside a paragraph, and
 * many programs close the frame at the edge all the same, so rulings alone do not tell. In turn:
 *
 *   1. the columns are the same (or the next page lacks some, which it did not draw);
 *   2. a header that the next page repeats is taken off;
 *   3. the first new row goes on the last one if a text of theirs goes on in mid-paragraph, or if
 *      it has no label where the rows have labels, or if a border is missing at the edge and
 *      nothing says that a new entry starts;
 *   4. cell by cell, the first paragraph goes on the last one if it can (paragraph_goes_on).
 *
 * Known failure: a page edge between two paragraphs of two unlabelled rows with closed frames is
 * taken for a row border.
 */
#include "tables.h"

#include "alike.h"

#include <string.h>

#include "chars.h"
#include "marks.h"
#include "paragraphs.h"
#include "text.h"

/* Column borders of two pages are the same within this, points. */
#define SAME_BORDER 7.0
/* A table goes on only if it ended below this part of the page, or if the next row would have ended
 * below that one, and starts above this. */
#define END_BELOW 0.62
#define ROOM_ABOVE 0.9
#define START_ABOVE 0.42
/* Cells of a header are at most this long, characters. */
#define HEADER_LONG 24u
/* A label column is at most this part of the table's width. */
#define LABEL_PART 0.3
/* Padding between a border and its text is at most this many ems; more is centring. */
#define PADDING_EMS 0.9

struct TableRun {
    Writer *writer;
    GPtrArray *rows; /* that wait */
    GArray *borders;
    guint columns, flags;
    guint body_rows;    /* of the last page's part */
    guint all_rows;     /* so far */
    double bottom_part; /* where it ended, as a part of the page's height */
    GPtrArray *header;  /* char *: the text of its first rows, row by row */
    guint header_rows;
    gboolean header_ocr; /* … was read by OCR, at least partly */
};

/* ---- one page ---- */

static void
row_free(gpointer data)
{
    g_ptr_array_unref(data);
}

static GPtrArray *
row_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)doc_cell_free);
}

/* A cell's box in the frame its lines are in. */
static Rect
box_in_frame(const Layout *layout, Rect box, Frame frame)
{
    if (frame == layout->frame) {
        return box;
    }
    return rect_to_frame(layout_page_rect(layout, box, layout->frame), frame, layout->width,
                         layout->height);
}

/* Adds the paragraphs of the lines from `from` to before `to`, which stand in this box. */
static void
add_paragraphs(GPtrArray *paragraphs, const Page *page, const Layout *layout, guint from, guint to,
               Rect cell)
{
    if (from >= to) {
        return;
    }
    g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(guint));
    for (guint i = from; i < to; i++) {
        g_array_append_val(lines, i);
    }
    const Line *first = layout_line(layout, from);
    Rect box = box_in_frame(layout, cell, (Frame)first->frame);
    double left = INFINITY;
    for (guint i = 0; i < lines->len; i++) {
        left = MIN(left, layout_line(layout, g_array_index(lines, guint, i))->box.x0);
    }
    double padding = MAX(0, MIN(left - box.x0, PADDING_EMS * first->size));
    double right = right_edge_find(page, layout, lines, box.x1 - padding);
    /* indents count from the border, so that two pages' parts of a cell can be compared */
    g_ptr_array_extend_and_steal(paragraphs,
                                 paragraphs_find(page, layout, lines, box.x0, right, TRUE));
}

static void
fill_cell(DocCell *to, const Page *page, const Layout *layout, const Cell *cell)
{
    guint from = cell->first, end = cell->first + cell->count;
    for (guint i = 0; i < layout->parts->len && cell->count > 0; i++) {
        const CellPart *part = &g_array_index(layout->parts, CellPart, i);
        if (part->first >= cell->first && part->first < end) {
            add_paragraphs(to->paragraphs, page, layout, from, part->first, cell->box);
            from = part->first + part->count;
            add_paragraphs(to->paragraphs, page, layout, part->first, from, part->box);
        }
    }
    add_paragraphs(to->paragraphs, page, layout, from, end, cell->box);
}

static guint
cell_length(const DocCell *cell)
{
    guint n = 0;
    for (guint i = 0; i < cell->paragraphs->len; i++) {
        n += ((Paragraph *)g_ptr_array_index(cell->paragraphs, i))->chars->len;
    }
    return n;
}

/* 令和5年度, 3月, 10代: a label, for all its digits. */
static gboolean
cell_is_period(const DocCell *cell)
{
    static const guint32 ends[] = {0x5EA6, 0x5E74, 0x6708,
                                   0x4EE3, 0x6B73, 0x671F}; /* 度年月代歳期 */
    const Paragraph *p = cell->paragraphs->len > 0 ? g_ptr_array_index(cell->paragraphs, 0) : NULL;
    if (p == NULL || p->chars->len == 0) {
        return FALSE;
    }
    guint32 last = g_array_index(p->chars, Char, p->chars->len - 1).unicode;
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (last == ends[i]) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
cell_is_number(const DocCell *cell)
{
    guint digits = 0, n = 0;
    for (guint i = 0; i < cell->paragraphs->len; i++) {
        const Paragraph *p = g_ptr_array_index(cell->paragraphs, i);
        for (guint k = 0; k < p->chars->len; k++) {
            digits += char_is_digit(g_array_index(p->chars, Char, k).unicode);
            n++;
        }
    }
    return n > 0 && digits * 2 >= n && !cell_is_period(cell);
}

static gboolean
cell_is_bold(const DocCell *cell)
{
    return cell->paragraphs->len > 0 && ((Paragraph *)g_ptr_array_index(cell->paragraphs, 0))->bold;
}

static gboolean
cell_has_stop(const DocCell *cell)
{
    for (guint i = 0; i < cell->paragraphs->len; i++) {
        const Paragraph *p = g_ptr_array_index(cell->paragraphs, i);
        for (guint k = 0; k < p->chars->len; k++) {
            if (g_array_index(p->chars, Char, k).unicode == 0x3002) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

typedef struct {
    guint filled, shaded, bold, numbers, cells, length, stops;
    guint most_span, any_span; /* rows; without and with labels beside all rows below */
} RowLook;

static RowLook
row_look(const PageTable *t, const Layout *layout, const Table *table, guint row)
{
    RowLook look = {.most_span = 1, .any_span = 1};
    for (guint i = table->first; i < table->first + table->count; i++) {
        const Cell *cell = &g_array_index(layout->cells, Cell, i);
        look.shaded += cell->row == row && cell->shaded;
    }
    GPtrArray *cells = g_ptr_array_index(t->rows, row);
    for (guint i = 0; i < cells->len; i++) {
        const DocCell *cell = g_ptr_array_index(cells, i);
        guint length = cell_length(cell);
        look.cells++;
        look.filled += length > 0;
        look.bold += cell_is_bold(cell);
        look.numbers += cell_is_number(cell);
        look.length = MAX(look.length, length);
        look.stops += cell_has_stop(cell);
        look.any_span = MAX(look.any_span, cell->row_span);
        if (cell->row_span + 1 < t->rows->len || t->rows->len < 4) { /* not a label beside it all */
            look.most_span = MAX(look.most_span, cell->row_span);
        }
    }
    return look;
}

/* How many rows at the top head the columns: short texts that differ from the rows below by shade,
 * weight or kind, or that the next page repeats. */
static guint
header_rows_find(const PageTable *t, const Layout *layout, const Table *table, gboolean repeated)
{
    if (t->rows->len < 2 || t->columns < 2) {
        return 0;
    }
    RowLook head = row_look(t, layout, table, 0);
    guint rows = MIN(head.most_span, t->rows->len - 1);
    if (repeated) {
        return MIN(head.any_span, t->rows->len - 1);
    }
    RowLook body = row_look(t, layout, table, rows);
    gboolean heads_many = head.filled >= 2 || (head.filled >= 1 && head.filled + 1 >= head.cells);
    gboolean shade = head.shaded == head.cells && body.shaded < body.cells;
    if (head.cells < 2 || !heads_many || head.length > HEADER_LONG || head.stops > 0 ||
        (head.numbers * 2 > head.filled && !shade)) {
        return 0;
    }
    gboolean weight = head.bold == head.filled && body.bold < body.filled;
    gboolean kind = body.numbers > 0 && head.numbers == 0 && head.filled + 1 >= head.cells;
    gboolean length = head.filled + 1 >= head.cells && head.filled >= 2 &&
                      (body.length >= 2 * head.length || body.stops > 0);
    return shade || weight || kind || length ? rows : 0;
}

static void
mark_headers(PageTable *t)
{
    for (guint r = 0; r < t->header_rows; r++) {
        GPtrArray *cells = g_ptr_array_index(t->rows, r);
        for (guint i = 0; i < cells->len; i++) {
            ((DocCell *)g_ptr_array_index(cells, i))->header = HEADER_COLUMN;
        }
    }
}

/* The first column heads its rows if it alone is shaded. */
static void
mark_row_headers(PageTable *t, const Layout *layout, const Table *table)
{
    guint first = 0, first_shaded = 0, other = 0, other_shaded = 0;
    for (guint i = table->first; i < table->first + table->count; i++) {
        const Cell *cell = &g_array_index(layout->cells, Cell, i);
        if (cell->row >= t->header_rows) {
            first += cell->column == 0;
            first_shaded += cell->column == 0 && cell->shaded;
            other += cell->column > 0;
            other_shaded += cell->column > 0 && cell->shaded;
        }
    }
    if (first == 0 || first_shaded < first || other_shaded * 4 > other) {
        return;
    }
    for (guint r = t->header_rows; r < t->rows->len; r++) {
        GPtrArray *cells = g_ptr_array_index(t->rows, r);
        for (guint i = 0; i < cells->len; i++) {
            DocCell *cell = g_ptr_array_index(cells, i);
            if (cell->column == 0 && cell->paragraphs->len > 0) {
                cell->header = HEADER_ROW;
            }
        }
    }
}

PageTable *
page_table_new(const Page *page, const Layout *layout, const Table *table, gboolean repeated)
{
    PageTable *t = g_new0(PageTable, 1);
    t->rows = g_ptr_array_new_with_free_func(row_free);
    t->borders = g_array_new(FALSE, TRUE, sizeof(double));
    g_array_append_vals(t->borders, &g_array_index(layout->borders, double, table->first_border),
                        table->columns + 1);
    t->columns = table->columns;
    t->flags = table->flags;
    t->top = table->box.y0;
    t->bottom = table->box.y1;
    gboolean turned = layout->frame == FRAME_DOWN || layout->frame == FRAME_UP;
    t->height = turned ? layout->width : layout->height;
    t->row_ends = g_array_new(FALSE, TRUE, sizeof(double));
    g_array_set_size(t->row_ends, table->rows);
    for (guint r = 0; r < table->rows; r++) {
        g_ptr_array_add(t->rows, row_new());
    }
    for (guint i = table->first; i < table->first + table->count; i++) {
        const Cell *cell = &g_array_index(layout->cells, Cell, i);
        DocCell *to = doc_cell_new();
        g_array_index(t->row_ends, double, cell->row + cell->row_span - 1) = cell->box.y1;
        to->row = cell->row;
        to->column = cell->column;
        to->row_span = cell->row_span;
        to->column_span = cell->column_span;
        fill_cell(to, page, layout, cell);
        g_ptr_array_add(g_ptr_array_index(t->rows, cell->row), to);
    }
    t->header_rows = header_rows_find(t, layout, table, repeated);
    mark_row_headers(t, layout, table);
    return t;
}

void
page_table_free(PageTable *table)
{
    if (table != NULL) {
        g_ptr_array_unref(table->rows);
        g_array_unref(table->borders);
        g_array_unref(table->row_ends);
        g_free(table);
    }
}

/* ---- the run ---- */

static char *
row_text(GPtrArray *cells)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < cells->len; i++) {
        const DocCell *cell = g_ptr_array_index(cells, i);
        for (guint k = 0; k < cell->paragraphs->len; k++) {
            const Paragraph *p = g_ptr_array_index(cell->paragraphs, k);
            for (guint c = 0; c < p->chars->len; c++) {
                guint32 u = g_array_index(p->chars, Char, c).unicode;
                if (u != ' ' && u != 0x3000) {
                    g_string_append_unichar(text, u);
                }
            }
        }
        g_string_append_c(text, '\t');
    }
    return g_string_free(text, FALSE);
}

static gboolean
row_is_ocr(GPtrArray *cells)
{
    for (guint i = 0; i < cells->len; i++) {
        const DocCell *cell = g_ptr_array_index(cells, i);
        for (guint k = 0; k < cell->paragraphs->len; k++) {
            const Paragraph *p = g_ptr_array_index(cell->paragraphs, k);
            if (p->zones->len > 0 && g_array_index(p->zones, Zone, 0).origin == ORIGIN_OCR) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* Rows before `keep` (an index into run->rows) can no longer change. */
static void
put_out(TableRun *run, guint keep)
{
    for (guint i = 0; i < keep; i++) {
        run->writer->table_row(run->writer, g_ptr_array_index(run->rows, i));
    }
    g_ptr_array_remove_range(run->rows, 0, keep);
}

/* Everything but the last row and the rows whose cells reach into it. */
static void
put_out_settled(TableRun *run)
{
    guint n = run->rows->len;
    guint keep = n > 0 ? n - 1 : 0;
    for (guint r = 0; r < n; r++) {
        GPtrArray *cells = g_ptr_array_index(run->rows, r);
        for (guint i = 0; i < cells->len; i++) {
            const DocCell *cell = g_ptr_array_index(cells, i);
            if (r + cell->row_span >= n) {
                keep = MIN(keep, r);
            }
        }
    }
    put_out(run, keep);
}

static void
take_rows(TableRun *run, PageTable *table, guint from)
{
    for (guint r = from; r < table->rows->len; r++) {
        GPtrArray *cells = g_ptr_array_index(table->rows, r);
        g_ptr_array_add(run->rows, g_ptr_array_ref(cells));
        run->all_rows++;
    }
    run->body_rows = table->rows->len - from;
    run->flags = table->flags;
    run->bottom_part = table->bottom / table->height;
}

TableRun *
table_run_new(Writer *writer, PageTable *table)
{
    TableRun *run = g_new0(TableRun, 1);
    run->writer = writer;
    run->rows = g_ptr_array_new_with_free_func(row_free);
    run->borders = g_array_copy(table->borders);
    run->columns = table->columns;
    run->header = g_ptr_array_new_with_free_func(g_free);
    run->header_rows = table->header_rows;
    mark_headers(table);
    for (guint r = 0; r < MAX(1, table->header_rows) && r < table->rows->len; r++) {
        g_ptr_array_add(run->header, row_text(g_ptr_array_index(table->rows, r)));
        run->header_ocr = run->header_ocr || row_is_ocr(g_ptr_array_index(table->rows, r));
    }
    writer->table_begin(writer, run->columns);
    take_rows(run, table, 0);
    run->body_rows -= MIN(run->body_rows, table->header_rows);
    put_out_settled(run);
    return run;
}

static double
run_border(const TableRun *run, guint i)
{
    return g_array_index(run->borders, double, i);
}

/* The run's column border that this one is, or -1. Roughly: where no ruling divides columns,
 * gutters are wider on one page than on the other; then it is the border it is by far nearest to.
 */
static gint
border_find(const TableRun *run, double x, gboolean roughly)
{
    for (guint i = 0; i < run->borders->len; i++) {
        double within = SAME_BORDER;
        if (roughly && i > 0 && i < run->columns) {
            double before = run_border(run, i) - run_border(run, i - 1);
            double after = run_border(run, i + 1) - run_border(run, i);
            within = MAX(within, MIN(before, after) / 2);
        }
        if (fabs(run_border(run, i) - x) <= within) {
            return (gint)i;
        }
    }
    return -1;
}

/* Which of the run's borders those of the table are. The next page's table may stand elsewhere:
 * left and right pages have different margins. */
static gboolean
borders_map(const TableRun *run, const PageTable *table, gint *map)
{
    double first = g_array_index(table->borders, double, 0);
    double shifts[] = {0, run_border(run, 0) - first};
    gboolean open = (run->flags & table->flags & TABLE_OPEN_COLUMNS) != 0;
    for (guint s = 0; s < G_N_ELEMENTS(shifts); s++) {
        gboolean all = TRUE;
        for (guint i = 0; i < table->borders->len && all; i++) {
            double x = g_array_index(table->borders, double, i) + shifts[s];
            map[i] = border_find(run, x, open && i > 0 && i < table->columns);
            all = map[i] >= 0 && (i == 0 || map[i] > map[i - 1]);
        }
        gboolean ends = all && map[0] == 0 && map[table->columns] == (gint)run->columns;
        /* a page may leave out an outer column that is empty on it, but not most of the table */
        if (all && (ends || (table->columns >= 2 && table->columns + 1 >= run->columns))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether this row says what row `at` of the run's header says; what OCR read may differ a little.
 */
static gboolean
is_header_row(const TableRun *run, guint at, GPtrArray *cells)
{
    g_autofree char *text = row_text(cells);
    const char *header = g_ptr_array_index(run->header, at);
    return row_is_ocr(cells) || run->header_ocr ? text_is_alike(text, header)
                                                : strcmp(text, header) == 0;
}

guint
table_run_repeated(const TableRun *run, const PageTable *table)
{
    guint n = 0;
    while (n < run->header->len && n + 1 < table->rows->len + 1 && n < table->rows->len) {
        if (!is_header_row(run, n, g_ptr_array_index(table->rows, n)) ||
            strlen(g_ptr_array_index(run->header, n)) <= run->columns) {
            break;
        }
        n++;
    }
    return n == run->header->len ? n : 0;
}

/* Did the table end where it did because its next row had no room there? */
static gboolean
had_no_room(const TableRun *run, const PageTable *table)
{
    guint row = MIN(table_run_repeated(run, table), table->rows->len - 1);
    double top = row > 0 ? g_array_index(table->row_ends, double, row - 1) : table->top;
    double part = (g_array_index(table->row_ends, double, row) - top) / table->height;
    return run->bottom_part + part >= ROOM_ABOVE;
}

gboolean
table_run_continues(const TableRun *run, const PageTable *table, gboolean said)
{
    g_autofree gint *map = g_new(gint, table->borders->len);
    gboolean place = (run->bottom_part >= END_BELOW || had_no_room(run, table)) &&
                     table->top / table->height <= START_ABOVE;
    if ((!said && !place) || !borders_map(run, table, map)) {
        return FALSE;
    }
    if (table->header_rows > 0 && run->header_rows > 0) { /* another header: another table */
        return is_header_row(run, 0, g_ptr_array_index(table->rows, 0));
    }
    return TRUE;
}

/* Renumbers columns to those of the whole table and puts empty cells where the page had none. */
static void
fit_columns(const TableRun *run, PageTable *table, const gint *map)
{
    for (guint r = 0; r < table->rows->len; r++) {
        GPtrArray *cells = g_ptr_array_index(table->rows, r);
        for (guint i = 0; i < cells->len; i++) {
            DocCell *cell = g_ptr_array_index(cells, i);
            guint end = cell->column + cell->column_span;
            cell->column = (guint)map[cell->column];
            cell->column_span = (guint)map[end] - cell->column;
        }
        for (guint c = 0; c < run->columns; c++) {
            gboolean inside = (gint)c >= map[0] && (gint)c < map[table->columns];
            if (!inside) {
                DocCell *empty = doc_cell_new();
                empty->column = c;
                empty->row_span = empty->column_span = 1;
                guint at = c < (guint)map[0] ? c : cells->len;
                g_ptr_array_insert(cells, (gint)at, empty);
            }
        }
    }
}

/* The waiting cell that covers the last row at this column; *ret_row is where it starts. */
static DocCell *
waiting_cell(const TableRun *run, guint column)
{
    guint n = run->rows->len;
    for (guint r = 0; r < n; r++) {
        GPtrArray *cells = g_ptr_array_index(run->rows, r);
        for (guint i = 0; i < cells->len; i++) {
            DocCell *cell = g_ptr_array_index(cells, i);
            if (r + cell->row_span >= n && column >= cell->column &&
                column < cell->column + cell->column_span) {
                return cell;
            }
        }
    }
    return NULL;
}

static Paragraph *
cell_last(const DocCell *cell)
{
    return cell != NULL && cell->paragraphs->len > 0
               ? g_ptr_array_index(cell->paragraphs, cell->paragraphs->len - 1)
               : NULL;
}

static const Paragraph *
cell_first(const DocCell *cell)
{
    return cell->paragraphs->len > 0 ? g_ptr_array_index(cell->paragraphs, 0) : NULL;
}

static gboolean
ends_sentence(const Paragraph *p)
{
    for (guint i = p->chars->len; i > 0; i--) {
        guint32 c = g_array_index(p->chars, Char, i - 1).unicode;
        if (c != ' ' && c != 0x3000) {
            return c == 0x3002 || c == 0xFF0E || c == '.' || c == 0x300D || c == 0xFF09 || c == ')';
        }
    }
    return TRUE;
}

typedef struct {
    gboolean goes_on;     /* some text goes on in mid-sentence */
    gboolean text_new;    /* beside a label where there was one, text begins, and none goes on */
    gboolean may_go_on;   /* … or could */
    gboolean label_new;   /* the label column says that a new entry starts */
    gboolean label_empty; /* … or that none does */
    gboolean new_number;  /* a number stands under a number: two rows */
} Seam;

static Seam
seam_look(const TableRun *run, GPtrArray *cells)
{
    Seam seam = {0};
    gboolean labels = FALSE, begins = FALSE, goes_on = FALSE;
    gboolean texts = FALSE, text_goes_on = FALSE; /* cells with sentences, which say more */
    double whole =
        g_array_index(run->borders, double, run->columns) - g_array_index(run->borders, double, 0);
    for (guint i = 0; i < cells->len; i++) {
        const DocCell *cell = g_ptr_array_index(cells, i);
        const Paragraph *next = cell_first(cell),
                        *last = cell_last(waiting_cell(run, cell->column));
        double width = g_array_index(run->borders, double, cell->column + cell->column_span) -
                       g_array_index(run->borders, double, cell->column);
        if (cell->column == 0 && run->columns >= 2 && width <= LABEL_PART * whole) {
            seam.label_empty = next == NULL;
            seam.label_new =
                next != NULL && (last == NULL || next->mark != MARK_NONE ||
                                 !paragraph_goes_on(last, next) || ends_sentence(last));
            labels = next != NULL && last != NULL;
        } else if (next != NULL && last != NULL) {
            gboolean text = cell_has_stop(cell) || cell_has_stop(waiting_cell(run, cell->column));
            gboolean on = paragraph_goes_on(last, next) && !ends_sentence(last);
            begins = TRUE;
            goes_on = goes_on || on;
            texts = texts || text;
            text_goes_on = text_goes_on || (text && on);
        }
        const DocCell *above = waiting_cell(run, cell->column);
        seam.new_number =
            seam.new_number || (next != NULL && last != NULL && cell_is_number(cell) &&
                                cell_is_number(above) && last->lines == 1);
        if (next != NULL && last != NULL && paragraph_goes_on(last, next)) {
            seam.may_go_on = TRUE;
            seam.goes_on = seam.goes_on || !ends_sentence(last);
        }
    }
    seam.text_new = labels && begins && !(texts ? text_goes_on : goes_on);
    return seam;
}

/* Was the last waiting row cut by the page's edge, its rest being these cells? */
static gboolean
row_was_cut(const TableRun *run, const PageTable *table, guint from)
{
    GPtrArray *cells = g_ptr_array_index(table->rows, from);
    Seam seam = seam_look(run, cells);
    gboolean open = (run->flags & TABLE_OPEN_BOTTOM) != 0 || (table->flags & TABLE_OPEN_TOP) != 0;
    gboolean single = run->body_rows == 1 && table->rows->len - from == 1;
    if (seam.label_new || seam.new_number || seam.text_new) {
        return FALSE;
    }
    if (seam.label_empty) {
        return TRUE;
    }
    return seam.goes_on || open || (single && run->columns <= 3);
}

static void
cell_join(DocCell *to, DocCell *from)
{
    guint first = 0;
    Paragraph *last = cell_last(to);
    const Paragraph *next = cell_first(from);
    if (last != NULL && next != NULL && paragraph_goes_on(last, next)) {
        paragraph_append(last, next);
        first = 1;
    }
    while (from->paragraphs->len > first) {
        g_ptr_array_add(to->paragraphs, g_ptr_array_steal_index(from->paragraphs, first));
    }
    to->row_span += from->row_span - 1;
}

/* Joins the cells of the new part's first row to the waiting ones; those below keep their rows. */
static void
row_join(TableRun *run, GPtrArray *cells)
{
    for (guint i = 0; i < cells->len; i++) {
        DocCell *from = g_ptr_array_index(cells, i);
        DocCell *to = waiting_cell(run, from->column);
        if (to != NULL) {
            cell_join(to, from);
        }
    }
}

void
table_run_add(TableRun *run, PageTable *table, guint from)
{
    g_autofree gint *map = g_new0(gint, table->borders->len);
    gboolean fits = borders_map(run, table, map);
    g_assert(fits);
    fit_columns(run, table, map);
    if (from < table->rows->len && row_was_cut(run, table, from)) {
        row_join(run, g_ptr_array_index(table->rows, from));
        from++;
    }
    if (from < table->rows->len) {
        guint body = run->body_rows;
        take_rows(run, table, from);
        run->body_rows = MAX(run->body_rows, from > 0 ? run->body_rows : body);
    } else {
        run->flags = table->flags;
        run->bottom_part = table->bottom / table->height;
        run->body_rows = 1;
    }
    put_out_settled(run);
}

void
table_run_close(TableRun *run)
{
    if (run == NULL) {
        return;
    }
    put_out(run, run->rows->len);
    run->writer->table_end(run->writer);
    g_ptr_array_unref(run->rows);
    g_array_unref(run->borders);
    g_ptr_array_unref(run->header);
    g_free(run);
}

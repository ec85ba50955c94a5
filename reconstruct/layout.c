/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The passes over one page, in their order:
 *
 *   drops_find      hidden, undecoded and doubled glyphs leave, each with its reason
 *   (frame)         the quarter turn in which most of the page reads
 *   rulings_find    drawn lines; rulings_mark_text takes underlines out of them
 *   grids_find      tables and frames
 *   share_glyphs    every glyph to a cell, a frame, or the page
 *   cells_fill      lines inside cells
 *   page_flow       figures, columns and regions of what stands outside tables
 */
#include "layout.h"

#include "chars.h"
#include "figures.h"
#include "flow.h"
#include "grids.h"
#include "lines.h"
#include "marks.h"
#include "rulings.h"
#include "text.h"

/* Two like characters nearer than this, in ems, are one painted twice (fake bold, shadow). */
#define DOUBLE_NEAR 0.14
/* On the page a line does not bridge a gap wider than this, in ems. */
#define PAGE_BRIDGE 0.9
/* In one column it does, but not this: a title and the unit at the other edge are two texts. */
#define REGION_BRIDGE 16.0
/* … unless so many amounts stand in it: then it is a list of entries with their amounts. */
#define AMOUNTS 3u
/* A label of a drawing is at most so many ems long. */
#define LABEL_EMS 5.5
/* A frame larger than this part of the page is a page border. */
#define PAGE_FRAME 0.8

Layout *
layout_new(const Page *page)
{
    Layout *layout = g_new0(Layout, 1);
    layout->width = page->width;
    layout->height = page->height;
    layout->order = g_array_sized_new(FALSE, TRUE, sizeof(guint32), page->glyphs->len);
    layout->lines = g_array_new(FALSE, TRUE, sizeof(Line));
    layout->cells = g_array_new(FALSE, TRUE, sizeof(Cell));
    layout->tables = g_array_new(FALSE, TRUE, sizeof(Table));
    layout->borders = g_array_new(FALSE, TRUE, sizeof(double));
    layout->regions = g_array_new(FALSE, TRUE, sizeof(Region));
    layout->figures = g_array_new(FALSE, TRUE, sizeof(Figure));
    layout->blocks = g_array_new(FALSE, TRUE, sizeof(LayoutBlock));
    layout->marks = g_array_new(FALSE, TRUE, sizeof(guint8));
    layout->dropped = g_array_new(FALSE, TRUE, sizeof(guint8));
    g_array_set_size(layout->marks, page->glyphs->len);
    g_array_set_size(layout->dropped, page->glyphs->len);
    return layout;
}

void
layout_free(Layout *layout)
{
    if (layout == NULL) {
        return;
    }
    GArray *arrays[] = {layout->order,   layout->lines,   layout->cells,   layout->tables,
                        layout->borders, layout->regions, layout->figures, layout->blocks,
                        layout->marks,   layout->dropped};
    for (guint i = 0; i < G_N_ELEMENTS(arrays); i++) {
        g_array_unref(arrays[i]);
    }
    g_free(layout);
}

const char *
drop_word(Drop drop)
{
    static const char *const words[] = {"no",          "blank",   "invisible", "clipped",
                                        "covered",     "same-colour", "outside", "double",
                                        "repeated-header", "undecoded"};
    return words[drop];
}

/* ---- drops ---- */

static Drop
drop_of(const Glyph *g)
{
    switch ((Hidden)g->hidden) {
    case HIDDEN_INVISIBLE:
        return DROP_INVISIBLE;
    case HIDDEN_CLIPPED:
        return DROP_CLIPPED;
    case HIDDEN_COVERED:
        return DROP_COVERED;
    case HIDDEN_SAME_COLOUR:
        return DROP_SAME_COLOUR;
    case HIDDEN_OUTSIDE:
        return DROP_OUTSIDE;
    case HIDDEN_NOT:
    default:
        break;
    }
    if (g->flags & GLYPH_NO_INK) {
        return DROP_BLANK;
    }
    return g->unicode == 0 ? DROP_UNDECODED : DROP_NOT;
}

/* Glyphs hashed by character and place; a double falls into the same or a neighbouring square. */
static guint64
square_key(guint32 unicode, gint64 x, gint64 y)
{
    guint64 h = unicode * 0x9E3779B97F4A7C15u;
    h ^= (guint64)(x + 100000) * 0xC2B2AE3D27D4EB4Fu;
    h ^= (guint64)(y + 100000) * 0x165667B19E3779F9u;
    return h ^ h >> 29;
}

typedef struct {
    guint32 *slots; /* glyph index + 1 */
    guint64 mask;
} Squares;

static gboolean
is_double(const Squares *squares, const Page *page, const Glyph *g, double side, guint64 *ret_key)
{
    gint64 cx = (gint64)floor((double)g->x0 / side), cy = (gint64)floor((double)g->y0 / side);
    double near = DOUBLE_NEAR * (double)page_glyph_style(page, g)->size;
    *ret_key = square_key(g->unicode, cx, cy);
    for (gint64 dx = -1; dx <= 1; dx++) {
        for (gint64 dy = -1; dy <= 1; dy++) {
            guint64 key = square_key(g->unicode, cx + dx, cy + dy);
            for (guint64 at = key & squares->mask; squares->slots[at] != 0;
                 at = (at + 1) & squares->mask) {
                const Glyph *other = page_glyph(page, squares->slots[at] - 1);
                if (other->unicode == g->unicode &&
                    fabs((double)other->x0 - (double)g->x0) <= near &&
                    fabs((double)other->y0 - (double)g->y0) <= near) {
                    return TRUE;
                }
            }
        }
    }
    return FALSE;
}

static void
doubles_find(Layout *layout, const Page *page)
{
    const double side = 4.0; /* points; larger than any distance looked for */
    guint64 size = 64;
    while (size < 2 * (guint64)page->glyphs->len + 2) {
        size *= 2;
    }
    g_autofree guint32 *slots = g_new0(guint32, size);
    Squares squares = {slots, size - 1};
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        guint8 *drop = &g_array_index(layout->dropped, guint8, i);
        if (*drop != DROP_NOT || glyph_is_blank(g) || !isfinite((double)g->x0) ||
            fabs((double)g->x0) > 1e6 || fabs((double)g->y0) > 1e6) {
            continue;
        }
        guint64 key;
        if (is_double(&squares, page, g, side, &key)) {
            *drop = DROP_DOUBLE;
            continue;
        }
        guint64 at = key & squares.mask;
        while (slots[at] != 0) {
            at = (at + 1) & squares.mask;
        }
        slots[at] = i + 1;
    }
}

static void
drops_find(Layout *layout, const Page *page)
{
    for (guint i = 0; i < page->glyphs->len; i++) {
        g_array_index(layout->dropped, guint8, i) = (guint8)drop_of(page_glyph(page, i));
    }
    doubles_find(layout, page);
}

/* ---- sharing ---- */

typedef struct {
    const Page *page;
    Layout *layout;
    GPtrArray *grids;  /* Grid * */
    GPtrArray *shares; /* GArray * of guint32: for each cell of each grid in turn, its glyphs */
    guint32 *first_share;
    guint8 *is_table;
    GArray *rest; /* guint32: glyphs outside */
} Work;

static Rect
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

static void
share_glyphs(Work *w)
{
    gint32 last = -1;
    Rect last_box = rect_none();
    for (guint32 i = 0; i < w->page->glyphs->len; i++) {
        const Glyph *g = page_glyph(w->page, i);
        if (g_array_index(w->layout->dropped, guint8, i) != DROP_NOT) {
            continue;
        }
        Rect box = frame_box(w, i);
        gint32 share = share_at(w, box);
        double em = (double)page_glyph_style(w->page, g)->size;
        gboolean goes_on = fabs(box.y1 - last_box.y1) < 0.1 * em &&
                           fabs(box.x0 - last_box.x1) < 0.5 * em;
        if (share != last && goes_on && may_hang(g->unicode)) {
            share = last;
        }
        last = share;
        last_box = box;
        g_array_append_val(share < 0 ? w->rest
                                     : (GArray *)g_ptr_array_index(w->shares, (guint)share),
                           i);
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

static void
work_clear(Work *w)
{
    g_clear_pointer(&w->shares, g_ptr_array_unref);
    g_clear_pointer(&w->first_share, g_free);
    g_clear_pointer(&w->rest, g_array_unref);
    g_clear_pointer(&w->is_table, g_free);
    g_clear_pointer(&w->grids, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

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

/* A table has text in at least two cells; what else the rulings make is a frame or a drawing. */
static gboolean
grid_is_table(const Work *w, guint index, GArray *figures)
{
    const Grid *grid = g_ptr_array_index(w->grids, index);
    guint filled = 0;
    for (guint i = 0; i < grid->cells->len; i++) {
        GArray *share = g_ptr_array_index(w->shares, w->first_share[index] + i);
        filled += has_ink(w, share);
    }
    if (filled < 2 || grid->columns < 2) {
        return FALSE; /* one column is a box, however it is divided */
    }
    for (guint i = 0; i < figures->len; i++) {
        Rect figure = g_array_index(figures, Rect, i);
        if (rect_covers(figure, grid->box, 4) && filled * 3 < grid->cells->len) {
            return FALSE; /* the grid lines of a chart */
        }
    }
    return TRUE;
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

static void
cell_fill(Work *w, const Grid *grid, const GridCell *gc, GArray *glyphs)
{
    Layout *layout = w->layout;
    Cell cell = {.row = gc->row,
                 .column = gc->column,
                 .row_span = gc->row_span,
                 .column_span = gc->column_span,
                 .first = layout->lines->len,
                 .box = grid_cell_box(grid, gc)};
    cell.shaded = (guint8)(w->page->areas->len > 0 &&
                           box_is_shaded(w->page, layout->frame, cell.box));
    const guint32 *data = (const guint32 *)(void *)glyphs->data;
    gboolean vertical;
    Frame frame = lines_frame(w->page, data, glyphs->len, &vertical);
    lines_find(layout, w->page, data, glyphs->len, frame, INFINITY);
    cell.count = layout->lines->len - cell.first;
    g_array_append_val(layout->cells, cell);
}

static guint32
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
        cell_fill(w, grid, &g_array_index(grid->cells, GridCell, i),
                  g_ptr_array_index(w->shares, w->first_share[index] + i));
    }
    g_array_append_vals(layout->borders, grid->xs->data, grid->xs->len);
    g_array_append_val(layout->tables, table);
    return layout->tables->len - 1;
}

/* ---- text outside of tables ---- */

/* Stretches of text: preliminary lines that do not bridge column gaps. */
static Layout *
segments_find(const Page *page, Frame frame, GArray *glyphs, GArray *stray)
{
    Layout *rough = layout_new(page);
    rough->frame = frame;
    g_autoptr(GArray) along = g_array_new(FALSE, TRUE, sizeof(guint32));
    for (guint i = 0; i < glyphs->len; i++) {
        guint32 g = g_array_index(glyphs, guint32, i);
        Direction direction = (Direction)page_glyph_style(page, page_glyph(page, g))->direction;
        g_array_append_val(direction_frame(direction) == frame ? along : stray, g);
    }
    lines_find(rough, page, (const guint32 *)(void *)along->data, along->len, frame, PAGE_BRIDGE);
    return rough;
}

/* Lines of glyphs that run another way than the page: each direction by itself. */
static void
stray_segments(Layout *rough, const Page *page, Frame frame, GArray *stray)
{
    for (Frame f = FRAME_UPRIGHT; f <= FRAME_OVER; f++) {
        g_autoptr(GArray) mine = g_array_new(FALSE, TRUE, sizeof(guint32));
        for (guint i = 0; i < stray->len; i++) {
            guint32 g = g_array_index(stray, guint32, i);
            Direction d = (Direction)page_glyph_style(page, page_glyph(page, g))->direction;
            if (f != frame && direction_frame(d) == f) {
                g_array_append_val(mine, g);
            }
        }
        if (mine->len > 0) {
            lines_find(rough, page, (const guint32 *)(void *)mine->data, mine->len, f, PAGE_BRIDGE);
        }
    }
}

static Rect
box_in_page_frame(const Layout *layout, const Line *line)
{
    if (line->frame == (guint8)layout->frame) {
        return line->box;
    }
    Rect page_rect = layout_page_rect(layout, line->box, (Frame)line->frame);
    return rect_to_frame(page_rect, layout->frame, layout->width, layout->height);
}

static GArray *
segment_boxes(const Layout *rough)
{
    GArray *boxes = g_array_new(FALSE, TRUE, sizeof(Rect));
    for (guint i = 0; i < rough->lines->len; i++) {
        Rect box = box_in_page_frame(rough, layout_line(rough, i));
        g_array_append_val(boxes, box);
    }
    return boxes;
}

static void
add_block(Layout *layout, BlockKind kind, guint32 index)
{
    LayoutBlock block = {kind, index};
    g_array_append_val(layout->blocks, block);
}

/* `amounts`: how many of its stretches are mere amounts. One region from these glyphs; ruby lines of the rough pass are among them. */
static void
region_add(Work *w, GArray *glyphs, Rect box, Frame frame, gboolean framed, guint amounts)
{
    Layout *layout = w->layout;
    if (glyphs->len == 0) {
        return;
    }
    Region region = {.first = layout->lines->len, .box = box, .frame = (guint8)frame, .framed = framed != FALSE};
    lines_find(layout, w->page, (const guint32 *)(void *)glyphs->data, glyphs->len, frame,
               amounts >= AMOUNTS ? INFINITY : REGION_BRIDGE);
    region.count = layout->lines->len - region.first;
    if (region.count > 0) {
        g_array_append_val(layout->regions, region);
        add_block(layout, BLOCK_REGION, layout->regions->len - 1);
    }
    g_array_set_size(glyphs, 0);
}

static void
figure_add(Work *w, GArray *items, Rect box, const Layout *rough)
{
    Layout *layout = w->layout;
    Figure figure = {.first = layout->lines->len, .box = box};
    for (Frame f = FRAME_UPRIGHT; f <= FRAME_OVER; f++) {
        g_autoptr(GArray) glyphs = g_array_new(FALSE, TRUE, sizeof(guint32));
        for (guint i = 0; i < items->len; i++) {
            const Line *line = layout_line(rough, g_array_index(items, guint32, i));
            if (line->frame == (guint8)f) {
                g_array_append_vals(glyphs, &g_array_index(rough->order, guint32, line->first),
                                    line->count);
            }
        }
        if (glyphs->len > 0) {
            lines_find(layout, w->page, (const guint32 *)(void *)glyphs->data, glyphs->len, f, 1.0);
        }
    }
    figure.count = layout->lines->len - figure.first;
    g_array_append_val(layout->figures, figure);
    add_block(layout, BLOCK_FIGURE, layout->figures->len - 1);
}

typedef struct {
    Work *w;
    const Layout *rough;
    GArray *figures; /* Rect */
    GPtrArray *labels; /* GArray of guint32 per figure: rough lines */
    GArray *frames;  /* guint32: grids that are frames */
    GPtrArray *framed; /* GArray of guint32 per frame: rough lines */
} Flow;

static void
flow_emit_frame(Flow *f, guint32 index);

static gboolean
is_amount(const Flow *f, const Line *line)
{
    for (guint i = line->first; i < line->first + line->count; i++) {
        const Glyph *g = page_glyph(f->w->page, g_array_index(f->rough->order, guint32, i));
        if (!glyph_is_blank(g) && !char_is_amount(g->unicode)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Puts out items in order: text of one column gathers into one region. */
static void
flow_emit(Flow *f, GArray *items, gboolean framed)
{
    Work *w = f->w;
    g_autoptr(GArray) glyphs = g_array_new(FALSE, TRUE, sizeof(guint32));
    Rect box = rect_none();
    Frame frame = w->layout->frame;
    guint32 column = G_MAXUINT32;
    guint amounts = 0;
    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        const Line *line = item->kind == ITEM_TEXT ? layout_line(f->rough, item->index) : NULL;
        Frame item_frame = line != NULL ? (Frame)line->frame : frame;
        if (line == NULL || item->column != column || item_frame != frame) {
            region_add(w, glyphs, box, frame, framed, amounts);
            amounts = 0;
            box = rect_none();
            column = item->column;
            frame = item_frame;
        }
        if (line != NULL) {
            g_array_append_vals(glyphs, &g_array_index(f->rough->order, guint32, line->first),
                                line->count);
            box = rect_union(box, line->box);
            amounts += is_amount(f, line);
        } else if (item->kind == ITEM_TABLE) {
            add_block(w->layout, BLOCK_TABLE, table_fill(w, item->index));
        } else if (item->kind == ITEM_FIGURE) {
            figure_add(w, g_ptr_array_index(f->labels, item->index), item->box, f->rough);
        } else {
            flow_emit_frame(f, item->index);
        }
    }
    region_add(w, glyphs, box, frame, framed, amounts);
}

static void
add_text_item(GArray *items, const Layout *rough, guint32 line)
{
    const Line *l = layout_line(rough, line);
    Item item = {.box = box_in_page_frame(rough, l), .size = l->size, .index = line, .kind = ITEM_TEXT};
    g_array_append_val(items, item);
}

static void
flow_emit_frame(Flow *f, guint32 index)
{
    GArray *lines = g_ptr_array_index(f->framed, index);
    g_autoptr(GArray) items = g_array_new(FALSE, TRUE, sizeof(Item));
    for (guint i = 0; i < lines->len; i++) {
        add_text_item(items, f->rough, g_array_index(lines, guint32, i));
    }
    flow_sort(items);
    flow_emit(f, items, TRUE);
}

static gint32
holder_of(GArray *rects, Rect box, double slack)
{
    double x = (box.x0 + box.x1) / 2, y = (box.y0 + box.y1) / 2;
    for (guint i = 0; i < rects->len; i++) {
        if (rect_contains(rect_grown(g_array_index(rects, Rect, i), slack), x, y)) {
            return (gint32)i;
        }
    }
    return -1;
}

static GPtrArray *
lists_new(guint n)
{
    GPtrArray *lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (guint i = 0; i < n; i++) {
        g_ptr_array_add(lists, g_array_new(FALSE, TRUE, sizeof(guint32)));
    }
    return lists;
}

static void
page_flow(Work *w, const Layout *rough, GArray *figures, GArray *frames, GArray *frame_boxes)
{
    Flow f = {.w = w, .rough = rough, .figures = figures, .frames = frames};
    g_autoptr(GPtrArray) labels = lists_new(figures->len);
    g_autoptr(GPtrArray) framed = lists_new(frames->len);
    g_autoptr(GArray) items = g_array_new(FALSE, TRUE, sizeof(Item));
    f.labels = labels;
    f.framed = framed;
    for (guint32 i = 0; i < rough->lines->len; i++) {
        Rect box = box_in_page_frame(rough, layout_line(rough, i));
        gint32 figure = holder_of(figures, box, 2);
        gint32 frame = holder_of(frame_boxes, box, 0);
        if (figure >= 0) {
            g_array_append_val((GArray *)g_ptr_array_index(labels, (guint)figure), i);
        } else if (frame >= 0) {
            g_array_append_val((GArray *)g_ptr_array_index(framed, (guint)frame), i);
        } else {
            add_text_item(items, rough, i);
        }
    }
    for (guint32 i = 0; i < figures->len; i++) {
        Item item = {.box = g_array_index(figures, Rect, i), .index = i, .kind = ITEM_FIGURE};
        g_array_append_val(items, item);
    }
    for (guint32 i = 0; i < frames->len; i++) {
        Item item = {.box = g_array_index(frame_boxes, Rect, i), .index = i, .kind = ITEM_FRAME};
        if (((GArray *)g_ptr_array_index(framed, i))->len > 0) {
            g_array_append_val(items, item);
        }
    }
    for (guint32 i = 0; i < w->grids->len; i++) {
        Item item = {.box = ((Grid *)g_ptr_array_index(w->grids, i))->box, .index = i, .kind = ITEM_TABLE};
        if (w->is_table[i]) {
            g_array_append_val(items, item);
        }
    }
    flow_sort(items);
    flow_emit(&f, items, FALSE);
}

/* ---- all ---- */

static GArray *
text_boxes(const Work *w)
{
    GArray *boxes = g_array_sized_new(FALSE, TRUE, sizeof(Rect), w->page->glyphs->len);
    for (guint32 i = 0; i < w->page->glyphs->len; i++) {
        if (g_array_index(w->layout->dropped, guint8, i) == DROP_NOT &&
            !glyph_is_blank(page_glyph(w->page, i))) {
            Rect box = frame_box(w, i);
            g_array_append_val(boxes, box);
        }
    }
    return boxes;
}

static Frame
page_frame(const Page *page, const Layout *layout)
{
    g_autoptr(GArray) kept = g_array_sized_new(FALSE, TRUE, sizeof(guint32), page->glyphs->len);
    for (guint32 i = 0; i < page->glyphs->len; i++) {
        if (g_array_index(layout->dropped, guint8, i) == DROP_NOT) {
            g_array_append_val(kept, i);
        }
    }
    gboolean vertical;
    return lines_frame(page, (const guint32 *)(void *)kept->data, kept->len, &vertical);
}

/* Frames are grids of one filled cell that are no page borders; their glyphs go back to the rest. */
static void
frames_find(Work *w, GArray *frames, GArray *frame_boxes)
{
    double whole = w->page->width * w->page->height;
    for (guint32 i = 0; i < w->grids->len; i++) {
        const Grid *grid = g_ptr_array_index(w->grids, i);
        if (w->is_table[i]) {
            continue;
        }
        gboolean holds_table = FALSE;
        for (guint k = 0; k < w->grids->len; k++) {
            const Grid *other = g_ptr_array_index(w->grids, k);
            holds_table = holds_table || (k != i && rect_covers(grid->box, other->box, 1) &&
                                          rect_area(other->box) < rect_area(grid->box));
        }
        if (!holds_table && rect_area(grid->box) < PAGE_FRAME * whole) {
            g_array_append_val(frames, i);
            g_array_append_val(frame_boxes, grid->box);
        }
        for (guint k = 0; k < grid->cells->len; k++) {
            GArray *share = g_ptr_array_index(w->shares, w->first_share[i] + k);
            g_array_append_vals(w->rest, share->data, share->len);
        }
    }
}

static gboolean
in_table(const Work *w, Rect box)
{
    for (guint i = 0; i < w->grids->len; i++) {
        const Grid *grid = g_ptr_array_index(w->grids, i);
        if (w->is_table[i] && rect_overlaps(rect_grown(grid->box, 2), rect_grown(box, 0.1))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Filled areas outside of tables that no text stands on: bars of charts, for instance. */
static GArray *
loose_areas(const Work *w, GArray *text)
{
    GArray *loose = g_array_new(FALSE, TRUE, sizeof(Rect));
    for (guint i = 0; i < w->page->areas->len; i++) {
        const Area *a = &g_array_index(w->page->areas, Area, i);
        Rect r = {(double)a->x0, (double)a->y0, (double)a->x1, (double)a->y1};
        Rect box = rect_to_frame(r, w->layout->frame, w->page->width, w->page->height);
        gboolean paper = (a->colour & 0xF8F8F8) == 0xF8F8F8;
        gboolean holds = paper || in_table(w, box);
        for (guint k = 0; k < text->len && !holds; k++) {
            Rect t = g_array_index(text, Rect, k);
            holds = rect_contains(box, (t.x0 + t.x1) / 2, (t.y0 + t.y1) / 2);
        }
        if (!holds) {
            g_array_append_val(loose, box);
        }
    }
    return loose;
}

static void
add_loose(const Work *w, GArray *loose, GArray *bars, gboolean flat)
{
    for (guint i = 0; i < bars->len; i++) {
        const Bar *b = &g_array_index(bars, Bar, i);
        Rect box = flat ? (Rect){b->lo, b->at, b->hi, b->at} : (Rect){b->at, b->lo, b->at, b->hi};
        if (!b->edge && !in_table(w, box)) {
            box = rect_grown(box, 0.1);
            g_array_append_val(loose, box);
        }
    }
}

static GArray *
loose_rulings(const Work *w, const Rulings *rulings)
{
    GArray *loose = g_array_new(FALSE, TRUE, sizeof(Rect));
    add_loose(w, loose, rulings->horizontal, TRUE);
    add_loose(w, loose, rulings->vertical, FALSE);
    return loose;
}

/* A caption stands next to a figure too, but says so; running text is not short. */
static void
add_labels(GArray *figures, const Page *page, const Layout *rough)
{
    g_autoptr(GArray) short_texts = g_array_new(FALSE, TRUE, sizeof(Rect));
    for (guint i = 0; i < rough->lines->len; i++) {
        const Line *line = layout_line(rough, i);
        guint32 c[8];
        guint n = 0;
        for (guint k = line->first; k < line->first + line->count && n < G_N_ELEMENTS(c); k++) {
            const Glyph *g = page_glyph(page, g_array_index(rough->order, guint32, k));
            if (!glyph_is_blank(g)) {
                c[n++] = g->unicode;
            }
        }
        if (rect_width(line->box) <= LABEL_EMS * line->size && !start_is_caption(c, n)) {
            Rect box = box_in_page_frame(rough, line);
            g_array_append_val(short_texts, box);
        }
    }
    for (guint i = 0; i < figures->len; i++) {
        Rect *figure = &g_array_index(figures, Rect, i);
        *figure = figure_with_labels(*figure, short_texts);
    }
}

static gint
index_order(gconstpointer a, gconstpointer b)
{
    guint32 p = *(const guint32 *)a, q = *(const guint32 *)b;
    return p < q ? -1 : p > q;
}

/* Korean breaks lines inside of words too; where some lines end with a space, those without do. */
static gboolean
marks_breaks(const Page *page, const Layout *layout)
{
    for (guint i = 0; i < layout->lines->len; i++) {
        if (char_is_hangul(text_line_end(page, layout, i)) && text_line_spaced(page, layout, i)) {
            return TRUE;
        }
    }
    return FALSE;
}

Layout *
layout_find(const Page *page)
{
    Layout *layout = layout_new(page);
    g_auto(Work) w = {.page = page, .layout = layout};
    drops_find(layout, page);
    layout->frame = page_frame(page, layout);
    g_autoptr(Rulings) rulings = rulings_find(page, layout->frame);
    rulings_mark_text(rulings, page, layout);
    g_autoptr(GArray) text = text_boxes(&w);
    w.grids = grids_find(rulings, text);
    shares_make(&w);
    share_glyphs(&w);
    w.is_table = g_new0(guint8, w.grids->len + 1);
    g_autoptr(GArray) no_text = g_array_new(FALSE, TRUE, sizeof(Rect));
    g_autoptr(GArray) drawings = figures_find(page, layout->frame, no_text, no_text, no_text);
    for (guint i = 0; i < w.grids->len; i++) {
        w.is_table[i] = grid_is_table(&w, i, drawings) != FALSE;
    }
    g_autoptr(GArray) frames = g_array_new(FALSE, TRUE, sizeof(guint32));
    g_autoptr(GArray) frame_boxes = g_array_new(FALSE, TRUE, sizeof(Rect));
    frames_find(&w, frames, frame_boxes);
    g_array_sort(w.rest, index_order);
    g_autoptr(GArray) stray = g_array_new(FALSE, TRUE, sizeof(guint32));
    g_autoptr(Layout) rough = segments_find(page, layout->frame, w.rest, stray);
    stray_segments(rough, page, layout->frame, stray);
    for (guint i = 0; i < page->glyphs->len; i++) { /* blanks the rough pass let go */
        guint8 drop = g_array_index(rough->dropped, guint8, i);
        if (drop != DROP_NOT) {
            g_array_index(layout->dropped, guint8, i) = drop;
        }
    }
    g_autoptr(GArray) boxes = segment_boxes(rough);
    g_autoptr(GArray) bars = loose_areas(&w, text);
    g_autoptr(GArray) lines = loose_rulings(&w, rulings);
    g_autoptr(GArray) figures = figures_find(page, layout->frame, boxes, bars, lines);
    add_labels(figures, page, rough);
    for (guint i = 0; i < figures->len;) { /* what holds a table is no figure */
        gboolean holds = FALSE;
        for (guint k = 0; k < w.grids->len; k++) {
            const Grid *grid = g_ptr_array_index(w.grids, k);
            holds = holds || (w.is_table[k] &&
                              rect_overlaps(g_array_index(figures, Rect, i), rect_grown(grid->box, -2)));
        }
        if (holds) {
            g_array_remove_index(figures, i);
        } else {
            i++;
        }
    }
    page_flow(&w, rough, figures, frames, frame_boxes);
    layout->marks_breaks = marks_breaks(page, layout);
    return layout;
}

/* ---- the law ---- */

static gboolean
lines_are_owned(const Layout *layout)
{
    guint owned = 0;
    for (guint i = 0; i < layout->cells->len; i++) {
        owned += g_array_index(layout->cells, Cell, i).count;
    }
    for (guint i = 0; i < layout->regions->len; i++) {
        owned += g_array_index(layout->regions, Region, i).count;
    }
    for (guint i = 0; i < layout->figures->len; i++) {
        owned += g_array_index(layout->figures, Figure, i).count;
    }
    return owned == layout->lines->len;
}

gboolean
layout_conserves(const Layout *layout, const Page *page, char **ret_why)
{
    g_autofree guint8 *seen = g_new0(guint8, page->glyphs->len + 1);
    for (guint i = 0; i < layout->lines->len; i++) {
        const Line *line = layout_line(layout, i);
        for (guint k = line->first; k < line->first + line->count; k++) {
            guint32 g = g_array_index(layout->order, guint32, k);
            if (seen[g]++ != 0) {
                *ret_why = g_strdup_printf("page %u: glyph %u stands in two lines", page->number, g);
                return FALSE;
            }
        }
    }
    for (guint i = 0; i < page->glyphs->len; i++) {
        gboolean dropped = g_array_index(layout->dropped, guint8, i) != DROP_NOT;
        if ((seen[i] != 0) == dropped) {
            *ret_why = g_strdup_printf("page %u: glyph %u (U+%04X) is %s", page->number, i,
                                       page_glyph(page, i)->unicode,
                                       dropped ? "placed and dropped" : "neither placed nor dropped");
            return FALSE;
        }
    }
    if (!lines_are_owned(layout)) {
        *ret_why = g_strdup_printf("page %u: a line belongs to no block, or to two", page->number);
        return FALSE;
    }
    return TRUE;
}

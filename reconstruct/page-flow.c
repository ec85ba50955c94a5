/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands outside of tables: text is gathered into rough lines, these and the page's blocks are
 * put in reading order (flow.c), and what follows itself in one column becomes a region, whose
 * lines are then found anew, so that they bridge the gaps that no column makes. A text that runs
 * another way than the page is one block, read by itself; a folio and a head on the page's
 * outermost line are two.
 */
#include "chars.h"
#include "directions.h"
#include "flow.h"
#include "lines.h"
#include "work.h"

/* On the page a line does not bridge a gap wider than this, in ems. */
#define PAGE_BRIDGE 0.9
/* In one column it does, but not this: a title and the unit at the other edge are two texts. */
#define REGION_BRIDGE 16.0
/* … unless so many amounts stand in it: then it is a list of entries with their amounts. */
#define AMOUNTS 3u
/* Lines that run another way than the page are one text if they are as near as this, ems. */
#define TURNED_NEAR 1.6
#define MOST_TURNED 2000u
/* A running head and a folio on one line are this far apart, ems, as is the page's text, and there
 * are at most so many of them. */
#define HEADS_GAP 3.0
#define HEADS_APART 0.9
#define HEADS_MOST 3u
/* … and further apart than the page's lines, of which so many are looked at, by this factor. */
#define HEADS_LEADING 1.4
#define LEADING_LINES 12u

/* Stretches of text: preliminary lines that do not bridge column gaps. */
static Layout *
segments_find(const Work *w, GArray *glyphs, GArray *stray)
{
    const Page *page = w->page;
    Frame frame = w->layout->frame;
    Layout *rough = layout_new(page);
    g_array_unref(rough->directions);
    rough->directions = g_array_ref(w->layout->directions);
    rough->frame = frame;
    g_autoptr(GArray) along = g_array_new(FALSE, TRUE, sizeof(guint32));
    for (guint i = 0; i < glyphs->len; i++) {
        guint32 g = g_array_index(glyphs, guint32, i);
        g_array_append_val(direction_frame(layout_direction(rough, g)) == frame ? along : stray, g);
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
            if (f != frame && direction_frame(layout_direction(rough, g)) == f) {
                g_array_append_val(mine, g);
            }
        }
        if (mine->len > 0) {
            lines_find(rough, page, (const guint32 *)(void *)mine->data, mine->len, f, PAGE_BRIDGE);
        }
    }
}

Rect
rough_box(const Layout *layout, const Line *line)
{
    if (line->frame == (guint8)layout->frame) {
        return line->box;
    }
    Rect page_rect = layout_page_rect(layout, line->box, (Frame)line->frame);
    return rect_to_frame(page_rect, layout->frame, layout->width, layout->height);
}

static void
add_block(Layout *layout, BlockKind kind, guint32 index)
{
    LayoutBlock block = {kind, index};
    g_array_append_val(layout->blocks, block);
}

/* `amounts`: how many of its stretches are mere amounts. One region from these glyphs; ruby lines
 * of the rough pass are among them. */
static void
region_add(Work *w, GArray *glyphs, Rect box, Frame frame, gboolean framed, guint amounts)
{
    Layout *layout = w->layout;
    if (glyphs->len == 0) {
        return;
    }
    Region region = {
        .first = layout->lines->len, .box = box, .frame = (guint8)frame, .framed = framed != FALSE};
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
    GArray *figures;   /* Rect */
    GPtrArray *labels; /* GArray of guint32 per figure: rough lines */
    GArray *frames;    /* guint32: grids that are frames */
    GPtrArray *framed; /* GArray of guint32 per frame: rough lines */
    GPtrArray *turned; /* GArray of guint32: rough lines of a text that runs another way */
} Flow;

static void flow_emit_frame(Flow *f, guint32 index);
static void flow_emit_turned(Flow *f, guint32 index);

/* Is the line an amount, or dots that lead to a page number? */
static gboolean
is_tail(const Flow *f, const Line *line)
{
    for (guint i = line->first; i < line->first + line->count; i++) {
        const Glyph *g = page_glyph(f->w->page, g_array_index(f->rough->order, guint32, i));
        if (!glyph_is_blank(g) && !char_is_amount(g->unicode) && !char_is_leader(g->unicode)) {
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
            amounts += item->tail;
        } else if (item->kind == ITEM_TABLE) {
            add_block(w->layout, BLOCK_TABLE, table_fill(w, item->index));
        } else if (item->kind == ITEM_FIGURE) {
            figure_add(w, g_ptr_array_index(f->labels, item->index), item->box, f->rough);
        } else if (item->kind == ITEM_FRAME) {
            flow_emit_frame(f, item->index);
        } else {
            flow_emit_turned(f, item->index);
        }
    }
    region_add(w, glyphs, box, frame, framed, amounts);
}

static void
add_text_item(const Flow *f, GArray *items, guint32 line)
{
    const Line *l = layout_line(f->rough, line);
    Item item = {.box = rough_box(f->rough, l),
                 .size = l->size,
                 .index = line,
                 .kind = ITEM_TEXT,
                 .tail = is_tail(f, l) != FALSE};
    g_array_append_val(items, item);
}

static gboolean
are_one_text(const Line *a, const Line *b)
{
    double near = TURNED_NEAR * MIN(a->size, b->size);
    return a->frame == b->frame && rect_overlaps(rect_grown(a->box, near), b->box);
}

/* Moves the lines of `from` that hang together with lines[at] out of it. */
static GArray *
turned_text_take(const Layout *rough, GArray *from, guint at)
{
    GArray *text = g_array_new(FALSE, TRUE, sizeof(guint32));
    g_array_append_vals(text, &g_array_index(from, guint32, at), 1);
    g_array_remove_index(from, at);
    for (guint done = 0; done < text->len; done++) {
        const Line *line = layout_line(rough, g_array_index(text, guint32, done));
        for (guint i = 0; i < from->len;) {
            if (are_one_text(line, layout_line(rough, g_array_index(from, guint32, i)))) {
                g_array_append_vals(text, &g_array_index(from, guint32, i), 1);
                g_array_remove_index(from, i);
            } else {
                i++;
            }
        }
    }
    return text;
}

static Rect
lines_box(const Layout *rough, GArray *lines)
{
    Rect box = rect_none();
    for (guint i = 0; i < lines->len; i++) {
        box =
            rect_union(box, rough_box(rough, layout_line(rough, g_array_index(lines, guint32, i))));
    }
    return box;
}

/* A text of several lines that run another way than the page is read by itself, if nothing else
 * stands in its midst; else its lines are items like others. */
static void
add_turned_text(Flow *f, GArray *text, GArray *items)
{
    Rect box = lines_box(f->rough, text);
    gboolean mixed = text->len < 2;
    for (guint i = 0; i < items->len && !mixed; i++) {
        Rect r = g_array_index(items, Item, i).box;
        mixed = rect_contains(box, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2);
    }
    if (mixed) {
        for (guint i = 0; i < text->len; i++) {
            add_text_item(f, items, g_array_index(text, guint32, i));
        }
        return;
    }
    Item item = {.box = box, .index = f->turned->len, .kind = ITEM_TURNED};
    g_array_append_val(items, item);
    g_ptr_array_add(f->turned, g_array_ref(text));
}

/* Items for these rough lines. */
static void
add_texts(Flow *f, GArray *lines, GArray *items)
{
    g_autoptr(GArray) turned = g_array_new(FALSE, TRUE, sizeof(guint32));
    for (guint i = 0; i < lines->len; i++) {
        guint32 line = g_array_index(lines, guint32, i);
        if (layout_line(f->rough, line)->frame != (guint8)f->rough->frame &&
            turned->len < MOST_TURNED) {
            g_array_append_val(turned, line);
        } else {
            add_text_item(f, items, line);
        }
    }
    while (turned->len > 0) {
        g_autoptr(GArray) text = turned_text_take(f->rough, turned, 0);
        add_turned_text(f, text, items);
    }
}

static void
flow_emit_frame(Flow *f, guint32 index)
{
    g_autoptr(GArray) items = g_array_new(FALSE, TRUE, sizeof(Item));
    add_texts(f, g_ptr_array_index(f->framed, index), items);
    flow_sort(items);
    flow_emit(f, items, TRUE);
}

static void
flow_emit_turned(Flow *f, guint32 index)
{
    GArray *lines = g_ptr_array_index(f->turned, index);
    g_autoptr(GArray) items = g_array_new(FALSE, TRUE, sizeof(Item));
    for (guint i = 0; i < lines->len; i++) {
        add_text_item(f, items, g_array_index(lines, guint32, i));
        Item *item = &g_array_index(items, Item, i);
        item->box = layout_line(f->rough, item->index)->box; /* in the frame they are read in */
    }
    flow_sort(items);
    flow_emit(f, items, FALSE);
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

/* ---- the page's first and last line ---- */

static gboolean
is_further_out(const Item *a, const Item *b, gboolean top)
{
    return top ? a->box.y1 < b->box.y1 : a->box.y0 > b->box.y0;
}

static gint
item_y_order(gconstpointer a, gconstpointer b)
{
    const Item *p = a, *q = b;
    return p->box.y0 < q->box.y0 ? -1 : p->box.y0 > q->box.y0;
}

static gint
item_y_order_back(gconstpointer a, gconstpointer b)
{
    return item_y_order(b, a);
}

static gint
item_x_order(gconstpointer a, gconstpointer b)
{
    const Item *p = a, *q = b;
    return p->box.x0 < q->box.x0 ? -1 : p->box.x0 > q->box.x0;
}

/* The least distance between two lines one beneath the other, of the outermost ones; 0 if there are
 * none. */
static double
least_leading(GArray *items, gboolean top)
{
    g_autoptr(GArray) outer = g_array_new(FALSE, TRUE, sizeof(Item));
    g_array_append_vals(outer, items->data, items->len);
    g_array_sort(outer, top ? item_y_order : item_y_order_back);
    double least = INFINITY;
    for (guint i = 0; i < MIN(outer->len, LEADING_LINES); i++) {
        const Item *a = &g_array_index(outer, Item, i);
        for (guint k = i + 1; k < MIN(outer->len, 2 * LEADING_LINES); k++) {
            const Item *b = &g_array_index(outer, Item, k);
            double gap = MAX(b->box.y0 - a->box.y1, a->box.y0 - b->box.y1);
            gboolean beneath = interval_overlap(a->box.x0, a->box.x1, b->box.x0, b->box.x1) > 0;
            least = beneath && gap > 0 ? MIN(least, gap) : least;
        }
    }
    return isfinite(least) ? least : 0;
}

/* Far enough from each other, and not the letters of one spread word? */
static gboolean
are_apart(GArray *items, double gap)
{
    double widest = 0;
    for (guint i = 0; i < items->len; i++) {
        widest = MAX(widest, rect_width(g_array_index(items, Item, i).box));
    }
    if (widest < gap / 2) {
        return FALSE;
    }
    for (guint i = 1; i < items->len; i++) {
        if (g_array_index(items, Item, i).box.x0 - g_array_index(items, Item, i - 1).box.x1 < gap) {
            return FALSE;
        }
    }
    return TRUE;
}

/* A folio and a running head often share the outermost line of a page, at its two ends or in its
 * middle: they are texts of their own then, if the rest of the page stands apart from them. Moves
 * them out of `items`. */
static GArray *
heads_take(GArray *items, gboolean top)
{
    GArray *heads = g_array_new(FALSE, TRUE, sizeof(Item));
    const Item *outermost = NULL;
    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        if (outermost == NULL || is_further_out(item, outermost, top)) {
            outermost = item;
        }
    }
    if (outermost == NULL || outermost->kind != ITEM_TEXT) {
        return heads;
    }
    double size = outermost->size;
    double middle = (outermost->box.y0 + outermost->box.y1) / 2;
    double edge = top ? outermost->box.y1 : outermost->box.y0;
    g_autoptr(GArray) rest = g_array_new(FALSE, TRUE, sizeof(Item));
    double nearest = INFINITY;
    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        gboolean level = item->kind == ITEM_TEXT && item->box.y0 < middle && item->box.y1 > middle;
        double away = top ? item->box.y0 - edge : edge - item->box.y1;
        nearest = level ? nearest : MIN(nearest, away);
        g_array_append_vals(level ? heads : rest, item, 1);
    }
    g_array_sort(heads, item_x_order);
    gboolean apart =
        nearest >= HEADS_APART * size && nearest >= HEADS_LEADING * least_leading(rest, top);
    if (!apart || heads->len < 2 || heads->len > HEADS_MOST ||
        !are_apart(heads, HEADS_GAP * size)) {
        g_array_set_size(heads, 0);
        return heads;
    }
    for (guint i = 0; i < heads->len; i++) {
        g_array_index(heads, Item, i).column = i;
    }
    g_array_set_size(items, 0);
    g_array_append_vals(items, rest->data, rest->len);
    return heads;
}

void
page_flow(Work *w, const Layout *rough, GArray *figures, GArray *frames, GArray *frame_boxes)
{
    Flow f = {.w = w, .rough = rough, .figures = figures, .frames = frames};
    g_autoptr(GPtrArray) labels = lists_new(figures->len);
    g_autoptr(GPtrArray) framed = lists_new(frames->len);
    g_autoptr(GPtrArray) turned = lists_new(0);
    g_autoptr(GArray) loose = g_array_new(FALSE, TRUE, sizeof(guint32));
    g_autoptr(GArray) items = g_array_new(FALSE, TRUE, sizeof(Item));
    f.labels = labels;
    f.framed = framed;
    f.turned = turned;
    for (guint32 i = 0; i < rough->lines->len; i++) {
        Rect box = rough_box(rough, layout_line(rough, i));
        gint32 figure = holder_of(figures, box, 2);
        gint32 frame = holder_of(frame_boxes, box, 0);
        if (figure >= 0) {
            g_array_append_val((GArray *)g_ptr_array_index(labels, (guint)figure), i);
        } else if (frame >= 0) {
            g_array_append_val((GArray *)g_ptr_array_index(framed, (guint)frame), i);
        } else {
            g_array_append_val(loose, i);
        }
    }
    add_texts(&f, loose, items);
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
        Item item = {
            .box = ((Grid *)g_ptr_array_index(w->grids, i))->box, .index = i, .kind = ITEM_TABLE};
        if (w->is_table[i]) {
            g_array_append_val(items, item);
        }
    }
    g_autoptr(GArray) top = heads_take(items, TRUE);
    g_autoptr(GArray) bottom = heads_take(items, FALSE);
    flow_sort(items);
    flow_emit(&f, top, FALSE);
    flow_emit(&f, items, FALSE);
    flow_emit(&f, bottom, FALSE);
}

Layout *
rough_lines(Work *w)
{
    g_autoptr(GArray) stray = g_array_new(FALSE, TRUE, sizeof(guint32));
    Layout *rough = segments_find(w, w->rest, stray);
    stray_segments(rough, w->page, w->layout->frame, stray);
    return rough;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The passes over one page, in their order:
 *
 *   drops_find      hidden, undecoded and doubled glyphs leave, each with its reason
 *   directions_find vertical writing that the fonts do not tell
 *   (frame)         the quarter turn in which most of the page reads
 *   rulings_find    drawn lines; rulings_mark_text takes underlines out of them
 *   grids_find      tables and frames
 *   shares_find     every glyph to a cell, a frame, or the page
 *   figures_find    pictures and drawings
 *   page_flow       all of it in reading order; table_fill puts lines into cells
 */
#include "layout.h"

#include "chars.h"
#include "directions.h"
#include "drops.h"
#include "figures.h"
#include "lines.h"
#include "marks.h"
#include "rulings.h"
#include "text.h"
#include "work.h"

/* A label of a drawing is at most so many ems long. */
#define LABEL_EMS 5.5
/* A line this long, ems, is running text: no label is. */
#define RUNNING_EMS 18.0
/* The end of a paragraph stands beneath a line this long, this near to it and to its left edge,
 * ems.
 */
#define PROSE_EMS 8.0
#define PROSE_LEADING 1.3
#define PROSE_INDENT 1.2
/* A frame larger than this part of the page is a page border. */
#define PAGE_FRAME 0.8
/* A frame with so many lines of text, so long (ems), is a box around text; what lies this near to
 * its sides, points, is one. */
#define FRAME_LINES 4u
#define FRAME_EMS 10.0
#define SIDE_NEAR 1.5

Layout *
layout_new(const Page *page)
{
    Layout *layout = g_new0(Layout, 1);
    layout->width = page->width;
    layout->height = page->height;
    layout->order = g_array_sized_new(FALSE, TRUE, sizeof(guint32), page->glyphs->len);
    layout->lines = g_array_new(FALSE, TRUE, sizeof(Line));
    layout->cells = g_array_new(FALSE, TRUE, sizeof(Cell));
    layout->parts = g_array_new(FALSE, TRUE, sizeof(CellPart));
    layout->tables = g_array_new(FALSE, TRUE, sizeof(Table));
    layout->borders = g_array_new(FALSE, TRUE, sizeof(double));
    layout->regions = g_array_new(FALSE, TRUE, sizeof(Region));
    layout->figures = g_array_new(FALSE, TRUE, sizeof(Figure));
    layout->blocks = g_array_new(FALSE, TRUE, sizeof(LayoutBlock));
    layout->marks = g_array_new(FALSE, TRUE, sizeof(guint8));
    layout->dropped = g_array_new(FALSE, TRUE, sizeof(guint8));
    g_array_set_size(layout->marks, page->glyphs->len);
    g_array_set_size(layout->dropped, page->glyphs->len);
    layout->directions = g_array_sized_new(FALSE, TRUE, sizeof(guint8), page->glyphs->len);
    for (guint i = 0; i < page->glyphs->len; i++) {
        g_array_append_val(layout->directions,
                           page_glyph_style(page, page_glyph(page, i))->direction);
    }
    return layout;
}

void
layout_free(Layout *layout)
{
    if (layout == NULL) {
        return;
    }
    GArray *arrays[] = {layout->order,  layout->lines,   layout->cells,   layout->parts,
                        layout->tables, layout->borders, layout->regions, layout->figures,
                        layout->blocks, layout->marks,   layout->dropped, layout->directions};
    for (guint i = 0; i < G_N_ELEMENTS(arrays); i++) {
        g_array_unref(arrays[i]);
    }
    g_free(layout);
}

const char *
drop_word(Drop drop)
{
    static const char *const words[] = {"no",      "blank",           "invisible", "clipped",
                                        "covered", "same-colour",     "outside",   "read-anew",
                                        "double",  "repeated-header", "undecoded", "hyphen"};
    return words[drop];
}

/* ---- all ---- */

static GArray *
segment_boxes(const Layout *rough)
{
    GArray *boxes = g_array_new(FALSE, TRUE, sizeof(Rect));
    for (guint i = 0; i < rough->lines->len; i++) {
        Rect box = rough_box(rough, layout_line(rough, i));
        g_array_append_val(boxes, box);
    }
    return boxes;
}

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
    return lines_frame(layout, page, (const guint32 *)(void *)kept->data, kept->len, &vertical);
}

/* Does the box hold a table or a smaller box? Lines of a drawing in it are none. */
static gboolean
holds_other(const Work *w, guint32 box)
{
    const Grid *grid = g_ptr_array_index(w->grids, box);
    for (guint k = 0; k < w->grids->len; k++) {
        const Grid *other = g_ptr_array_index(w->grids, k);
        if ((w->is_table[k] || other->columns == 1) && rect_covers(grid->box, other->box, 1) &&
            rect_area(other->box) < rect_area(grid->box)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Lines of a drawing inside of a box? */
static gboolean
is_in_box(const Work *w, guint32 index)
{
    const Grid *grid = g_ptr_array_index(w->grids, index);
    for (guint k = 0; k < w->grids->len && grid->columns > 1; k++) {
        const Grid *other = g_ptr_array_index(w->grids, k);
        if (other->columns == 1 && rect_covers(other->box, grid->box, 1) &&
            rect_area(other->box) > rect_area(grid->box)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Frames are grids of one filled cell that are no page borders; their glyphs go back to the rest.
 */
static void
frames_find(Work *w, GArray *frames, GArray *frame_boxes)
{
    double whole = w->page->width * w->page->height;
    for (guint32 i = 0; i < w->grids->len; i++) {
        const Grid *grid = g_ptr_array_index(w->grids, i);
        if (w->is_table[i] || w->part_of[i] >= 0) {
            continue;
        }
        if (!holds_other(w, i) && !is_in_box(w, i) && rect_area(grid->box) < PAGE_FRAME * whole) {
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

/* The frames that hold text of some length: boxes around what is written, no parts of a drawing. */
static GArray *
text_frames(GArray *frame_boxes, const Layout *rough)
{
    GArray *texts = g_array_new(FALSE, TRUE, sizeof(Rect));
    for (guint i = 0; i < frame_boxes->len; i++) {
        Rect box = g_array_index(frame_boxes, Rect, i);
        guint lines = 0;
        for (guint k = 0; k < rough->lines->len; k++) {
            const Line *line = layout_line(rough, k);
            Rect r = rough_box(rough, line);
            lines += MAX(rect_width(r), rect_height(r)) >= FRAME_EMS * line->size &&
                     rect_contains(box, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2);
        }
        if (lines >= FRAME_LINES) {
            g_array_append_val(texts, box);
        }
    }
    return texts;
}

/* Does this line lie along a side of one of the boxes? */
static gboolean
is_side(GArray *boxes, Rect line)
{
    for (guint i = 0; i < boxes->len; i++) {
        Rect box = g_array_index(boxes, Rect, i);
        if (rect_covers(rect_grown(box, SIDE_NEAR), line, 0) &&
            !rect_overlaps(rect_grown(box, -SIDE_NEAR), line)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void
add_loose(const Work *w, GArray *frames, GArray *loose, GArray *bars, gboolean flat)
{
    for (guint i = 0; i < bars->len; i++) {
        const Bar *b = &g_array_index(bars, Bar, i);
        Rect box = flat ? (Rect){b->lo, b->at, b->hi, b->at} : (Rect){b->at, b->lo, b->at, b->hi};
        if (!b->edge && !in_table(w, box) && !is_side(frames, box)) {
            box = rect_grown(box, 0.1);
            g_array_append_val(loose, box);
        }
    }
}

static GArray *
loose_rulings(const Work *w, GArray *frames, const Rulings *rulings)
{
    GArray *loose = g_array_new(FALSE, TRUE, sizeof(Rect));
    add_loose(w, frames, loose, rulings->horizontal, TRUE);
    add_loose(w, frames, loose, rulings->vertical, FALSE);
    return loose;
}

/* Is this short line what is left of a paragraph, whose other lines stand right above? */
static gboolean
ends_paragraph(const Page *page, const Layout *rough, guint index)
{
    const Line *line = layout_line(rough, index);
    for (guint i = 0; i < rough->lines->len; i++) {
        const Line *above = layout_line(rough, i);
        double gap = line->box.y0 - above->box.y1, left = line->box.x0 - above->box.x0;
        if (above->frame == line->frame && fabs(above->size - line->size) < 0.1 * line->size &&
            rect_width(above->box) >= PROSE_EMS * line->size && gap > -0.3 * line->size &&
            gap < PROSE_LEADING * line->size && fabs(left) < PROSE_INDENT * line->size) {
            return TRUE;
        }
    }
    return text_line_end(page, rough, index) == 0x3002;
}

/* A caption stands next to a figure too, but says so; running text is not short. */
static void
add_labels(GArray *figures, const Page *page, const Layout *rough)
{
    g_autoptr(GArray) short_texts = g_array_new(FALSE, TRUE, sizeof(Rect));
    g_autoptr(GArray) running = g_array_new(FALSE, TRUE, sizeof(Rect));
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
        Rect box = rough_box(rough, line);
        if (rect_width(line->box) <= LABEL_EMS * line->size && !start_is_caption(c, n) &&
            !ends_paragraph(page, rough, i)) {
            g_array_append_val(short_texts, box);
        } else if (rect_width(line->box) >= RUNNING_EMS * line->size) {
            g_array_append_val(running, box);
        }
    }
    for (guint i = 0; i < figures->len; i++) {
        Rect *figure = &g_array_index(figures, Rect, i);
        *figure = figure_with_labels(*figure, short_texts, running);
    }
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
    directions_find(layout, page);
    layout->frame = page_frame(page, layout);
    g_autoptr(Rulings) rulings = rulings_find(page, layout->frame);
    rulings_mark_text(rulings, page, layout);
    g_autoptr(GArray) text = text_boxes(&w);
    w.grids = grids_find(rulings, text);
    shares_find(&w);
    g_autoptr(GArray) no_text = g_array_new(FALSE, TRUE, sizeof(Rect));
    g_autoptr(GArray) drawings = figures_find(page, layout->frame, no_text, no_text, no_text);
    tables_find(&w, drawings);
    g_autoptr(GArray) frames = g_array_new(FALSE, TRUE, sizeof(guint32));
    g_autoptr(GArray) frame_boxes = g_array_new(FALSE, TRUE, sizeof(Rect));
    frames_find(&w, frames, frame_boxes);
    indices_sort(w.rest);
    g_autoptr(Layout) rough = rough_lines(&w);
    for (guint i = 0; i < page->glyphs->len; i++) { /* blanks the rough pass let go */
        guint8 drop = g_array_index(rough->dropped, guint8, i);
        if (drop != DROP_NOT) {
            g_array_index(layout->dropped, guint8, i) = drop;
        }
    }
    g_autoptr(GArray) boxes = segment_boxes(rough);
    g_autoptr(GArray) bars = loose_areas(&w, text);
    g_autoptr(GArray) of_text = text_frames(frame_boxes, rough);
    g_autoptr(GArray) lines = loose_rulings(&w, of_text, rulings);
    g_autoptr(GArray) figures = figures_find(page, layout->frame, boxes, bars, lines);
    add_labels(figures, page, rough);
    for (guint i = 0; i < figures->len;) { /* what holds a table is no figure */
        gboolean holds = FALSE;
        for (guint k = 0; k < w.grids->len; k++) {
            const Grid *grid = g_ptr_array_index(w.grids, k);
            holds = holds || (w.is_table[k] && rect_overlaps(g_array_index(figures, Rect, i),
                                                             rect_grown(grid->box, -2)));
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
                *ret_why =
                    g_strdup_printf("page %u: glyph %u stands in two lines", page->number, g);
                return FALSE;
            }
        }
    }
    for (guint i = 0; i < page->glyphs->len; i++) {
        gboolean dropped = g_array_index(layout->dropped, guint8, i) != DROP_NOT;
        if ((seen[i] != 0) == dropped) {
            *ret_why = g_strdup_printf(
                "page %u: glyph %u (U+%04X) is %s", page->number, i, page_glyph(page, i)->unicode,
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

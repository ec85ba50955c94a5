/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "build.h"

#include <string.h>

/* The baseline stands this part of an em below the em box's upper edge. */
#define ASCENT 0.88

Page *
build_page(guint32 number)
{
    Page *page = page_new(number, 600, 800);
    page->painted_known = TRUE;
    page_font(page, "Test");
    return page;
}

static void
add_glyph(Page *page, Rect box, gunichar c, guint16 style, Direction direction)
{
    gboolean vertical = direction == DIRECTION_VERTICAL;
    double x = vertical ? (box.x0 + box.x1) / 2 : box.x0;
    double y = vertical ? box.y0 : box.y0 + ASCENT * rect_height(box);
    Glyph glyph = {.unicode = c,
                   .code = c,
                   .x0 = (float)box.x0,
                   .y0 = (float)box.y0,
                   .x1 = (float)box.x1,
                   .y1 = (float)box.y1,
                   .origin_x = (float)x,
                   .origin_y = (float)y,
                   .confidence = 1,
                   .style = style};
    g_array_append_val(page->glyphs, glyph);
}

static double
add_words(Page *page, double x, double y, const char *text, double gap, const Style *like)
{
    guint16 style = page_style(page, like);
    double size = (double)like->size;
    for (const char *p = text; *p != '\0'; p += g_utf8_skip[(guchar)*p]) {
        gunichar c = g_utf8_get_char(p);
        double width = c < 0x80 ? size / 2 : size;
        add_glyph(page, (Rect){x, y, x + width, y + size}, c, style, DIRECTION_RIGHT);
        x += width + gap;
    }
    return x;
}

double
build_words_like(Page *page, double x, double y, const char *text, double size, guint8 flags)
{
    Style style = {.size = (float)size, .flags = flags};
    return add_words(page, x, y, text, 0, &style);
}

double
build_words(Page *page, double x, double y, const char *text)
{
    return build_words_like(page, x, y, text, BUILD_EM, 0);
}

double
build_spread(Page *page, double x, double y, const char *text, double gap)
{
    Style style = {.size = (float)BUILD_EM};
    return add_words(page, x, y, text, gap, &style);
}

void
build_column(Page *page, double x, double y, const char *text)
{
    Style vertical = {.size = (float)BUILD_EM, .direction = DIRECTION_VERTICAL};
    guint16 style = page_style(page, &vertical);
    for (const char *p = text; *p != '\0'; p += g_utf8_skip[(guchar)*p]) {
        add_glyph(page, (Rect){x, y, x + BUILD_EM, y + BUILD_EM}, g_utf8_get_char(p), style,
                  DIRECTION_VERTICAL);
        y += BUILD_EM;
    }
}

void
build_lines(Page *page, double x, double y, double leading, const char *const *lines)
{
    for (guint i = 0; lines[i] != NULL; i++) {
        build_words(page, x, y + i * leading, lines[i]);
    }
}

void
build_ruling(Page *page, double x0, double y0, double x1, double y1)
{
    Ruling ruling = {.x0 = (float)x0,
                     .y0 = (float)y0,
                     .x1 = (float)x1,
                     .y1 = (float)y1,
                     .width = 0.5f,
                     .source = RULING_STROKE};
    g_array_append_val(page->rulings, ruling);
}

void
build_dashes(Page *page, double x0, double y0, double x1, double y1, double dash, double gap)
{
    double length = MAX(x1 - x0, y1 - y0);
    double at = 0;
    while (at < length) {
        double end = MIN(length, at + dash);
        if (y0 == y1) {
            build_ruling(page, x0 + at, y0, x0 + end, y0);
        } else {
            build_ruling(page, x0, y0 + at, x0, y0 + end);
        }
        at += dash + gap;
    }
}

void
build_area(Page *page, double x0, double y0, double x1, double y1, guint32 colour)
{
    Area area = {(float)x0, (float)y0, (float)x1, (float)y1, colour};
    g_array_append_val(page->areas, area);
}

static double
last_of(const double *positions)
{
    guint n = 0;
    while (positions[n + 1] >= 0) {
        n++;
    }
    return positions[n];
}

void
build_lattice(Page *page, const double *xs, const double *ys)
{
    for (guint i = 0; xs[i] >= 0; i++) {
        build_ruling(page, xs[i], ys[0], xs[i], last_of(ys));
    }
    for (guint i = 0; ys[i] >= 0; i++) {
        build_ruling(page, xs[0], ys[i], last_of(xs), ys[i]);
    }
}

GArray *
build_all(const Page *page)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 i = 0; i < page->glyphs->len; i++) {
        g_array_append_val(all, i);
    }
    return all;
}

/* ---- as text ---- */

static void
append_line(GString *text, const Page *page, const Layout *layout, guint index)
{
    const Line *line = layout_line(layout, index);
    for (guint i = line->first; i < line->first + line->count; i++) {
        guint32 glyph = g_array_index(layout->order, guint32, i);
        g_string_append_unichar(text, page_glyph(page, glyph)->unicode);
    }
}

static void
append_lines(GString *text, const Page *page, const Layout *layout, guint first, guint count)
{
    for (guint i = first; i < first + count; i++) {
        if (i > first) {
            g_string_append_c(text, '/');
        }
        append_line(text, page, layout, i);
    }
}

char *
line_text(const Page *page, const Layout *layout, guint line)
{
    GString *text = g_string_new(NULL);
    append_line(text, page, layout, line);
    return g_string_free(text, FALSE);
}

char *
lines_text(const Page *page, const Layout *layout)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < layout->lines->len; i++) {
        if (i > 0) {
            g_string_append_c(text, '\n');
        }
        if (layout_line(layout, i)->flags & LINE_RUBY) {
            g_string_append_c(text, '^');
        }
        append_line(text, page, layout, i);
    }
    return g_string_free(text, FALSE);
}

static void
append_table(GString *text, const Page *page, const Layout *layout, guint index)
{
    const Table *table = &g_array_index(layout->tables, Table, index);
    guint32 row = 0;
    for (guint i = table->first; i < table->first + table->count; i++) {
        const Cell *cell = &g_array_index(layout->cells, Cell, i);
        if (i > table->first) {
            g_string_append_c(text, cell->row == row ? '|' : '\n');
        }
        row = cell->row;
        append_lines(text, page, layout, cell->first, cell->count);
        if (cell->row_span > 1 || cell->column_span > 1) {
            g_string_append_printf(text, "{%ux%u}", cell->row_span, cell->column_span);
        }
    }
}

char *
table_text(const Page *page, const Layout *layout, guint table)
{
    GString *text = g_string_new(NULL);
    g_assert_cmpuint(table, <, layout->tables->len);
    append_table(text, page, layout, table);
    return g_string_free(text, FALSE);
}

static void
append_block(GString *text, const Page *page, const Layout *layout, const LayoutBlock *block)
{
    if (block->kind == BLOCK_TABLE) {
        g_string_append(text, "table: ");
        append_table(text, page, layout, block->index);
    } else if (block->kind == BLOCK_FIGURE) {
        const Figure *figure = &g_array_index(layout->figures, Figure, block->index);
        g_string_append(text, "figure: ");
        append_lines(text, page, layout, figure->first, figure->count);
    } else {
        const Region *region = &g_array_index(layout->regions, Region, block->index);
        g_string_append(text, region->framed ? "frame: " : "text: ");
        append_lines(text, page, layout, region->first, region->count);
    }
}

char *
blocks_text(const Page *page, const Layout *layout)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < layout->blocks->len; i++) {
        if (i > 0) {
            g_string_append_c(text, '\n');
        }
        append_block(text, page, layout, &g_array_index(layout->blocks, LayoutBlock, i));
    }
    return g_string_free(text, FALSE);
}

void
assert_blocks(const Page *page, const char *expected)
{
    g_autoptr(Layout) layout = layout_find(page);
    g_autofree char *why = NULL;
    g_assert_true(layout_conserves(layout, page, &why));
    g_autofree char *text = blocks_text(page, layout);
    g_assert_cmpstr(text, ==, expected);
}

void
assert_table(const Page *page, const char *expected)
{
    g_autoptr(Layout) layout = layout_find(page);
    g_autofree char *why = NULL;
    g_assert_true(layout_conserves(layout, page, &why));
    g_assert_cmpuint(layout->tables->len, ==, 1);
    g_autofree char *text = table_text(page, layout, 0);
    g_assert_cmpstr(text, ==, expected);
}

void
build_four(Page *page)
{
    build_words(page, 104, 105, "項目");
    build_words(page, 204, 105, "内容");
    build_words(page, 104, 125, "予算");
    build_words(page, 204, 125, "百万円");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages to a document, with the laws as assertions. The bytes are a little program that paints:
 * words, lattices, rulings, areas, pictures, on up to four pages, so that a change of one byte
 * makes another page rather than no page.
 */
#include "assemble.h"
#include "build.h"
#include "fuzz.h"
#include "layout-wire.h"
#include "page-wire.h"
#include "record.h"
#include "write.h"

#include <string.h>

#define PAGES_MOST 4
#define OPERATIONS_MOST 400

static double
place_next(Bytes *bytes, double most)
{
    return most * (byte_next(bytes) * 256 + byte_next(bytes)) / 65535;
}

/* Characters that rules look at. */
static const char *const words[] = {
    "施策の計画",    "・項目", "（１）", "第１章　総論", "1.1",      "- 12 -", "①", "目標。", "120",
    "reading order", "⺠は",   "︒",     "表１　年次",   "（続き）", " ",      "ー"};

static void
paint_words(Page *page, Bytes *bytes)
{
    guint choice = byte_next(bytes);
    double size = choice & 64 ? 1 + byte_next(bytes) / 4.0 : BUILD_EM;
    double x = place_next(bytes, page->width), y = place_next(bytes, page->height);
    for (guint times = 1 + byte_next(bytes) % 8; times > 0; times--) {
        const char *text = words[(choice + times) % G_N_ELEMENTS(words)];
        if (choice & 128) {
            build_column(page, x, y, text);
            y += BUILD_EM * (double)g_utf8_strlen(text, -1);
        } else {
            x = build_words_like(page, x, y, text, size, choice & 32 ? STYLE_BOLD : 0);
        }
    }
}

static void
paint_lattice(Page *page, Bytes *bytes)
{
    double xs[8], ys[8];
    guint columns = 2 + byte_next(bytes) % 5, rows = 2 + byte_next(bytes) % 5;
    xs[0] = place_next(bytes, 300);
    ys[0] = place_next(bytes, 500);
    for (guint i = 1; i < 8; i++) {
        xs[i] = i < columns ? xs[i - 1] + byte_next(bytes) : -1;
        ys[i] = i < rows ? ys[i - 1] + byte_next(bytes) / 2.0 : -1;
    }
    build_lattice(page, xs, ys);
}

static void
paint_mark(GArray *marks, const Page *page, Bytes *bytes)
{
    float x = (float)place_next(bytes, page->width), y = (float)place_next(bytes, page->height);
    Mark mark = {x, y, x + (float)byte_next(bytes), y + (float)byte_next(bytes)};
    g_array_append_val(marks, mark);
}

/* Changes a glyph that is there: hidden, undecoded, twice, another direction. */
static void
spoil_glyph(Page *page, Bytes *bytes)
{
    guint how = byte_next(bytes);
    if (page->glyphs->len == 0) {
        return;
    }
    guint index = (byte_next(bytes) * 256 + byte_next(bytes)) % page->glyphs->len;
    Glyph *glyph = &g_array_index(page->glyphs, Glyph, index);
    Style style = *page_glyph_style(page, glyph);
    switch (how % 5) {
    case 0:
        glyph->hidden = (guint8)(how / 5 % (HIDDEN_LAST + 1));
        break;
    case 1:
        glyph->unicode = 0;
        glyph->flags = how & 64 ? GLYPH_UNDECODED : GLYPH_NO_INK;
        break;
    case 2: {
        Glyph copy = *glyph;
        g_array_append_val(page->glyphs, copy);
        break;
    }
    case 3:
        style.direction = (guint8)(how / 5 % (DIRECTION_LAST + 1));
        glyph->style = page_style(page, &style);
        break;
    default:
        glyph->x1 = glyph->x0;
        break;
    }
}

static void
paint_bar(Page *page, Bytes *bytes)
{
    double x = place_next(bytes, page->width), y = place_next(bytes, page->height);
    double length = place_next(bytes, 400);
    gboolean flat = byte_next(bytes) & 1;
    build_ruling(page, x, y, flat ? x + length : x, flat ? y : y + length);
}

static Page *
page_paint(guint32 number, Bytes *bytes)
{
    Page *page = build_page(number);
    for (guint i = 0; i < OPERATIONS_MOST && bytes->at < bytes->end; i++) {
        guint operation = byte_next(bytes) % 16;
        if (operation < 7) {
            paint_words(page, bytes);
        } else if (operation < 9) {
            paint_lattice(page, bytes);
        } else if (operation < 11) {
            paint_bar(page, bytes);
        } else if (operation == 11) {
            double x = place_next(bytes, 600), y = place_next(bytes, 800);
            build_area(page, x, y, x + byte_next(bytes), y + byte_next(bytes), 0xD9D9D9);
        } else if (operation == 12) {
            paint_mark(byte_next(bytes) & 1 ? page->images : page->shapes, page, bytes);
        } else if (operation < 15) {
            spoil_glyph(page, bytes);
        } else {
            break;
        }
    }
    return page;
}

/* ---- the laws ---- */

static Layout *
layout_check(const Page *page)
{
    g_assert_true(page_is_sound(page));
    g_autoptr(Layout) layout = layout_find(page);
    g_autofree char *why = NULL;
    if (!layout_conserves(layout, page, &why)) {
        g_error("conservation: %s", why);
    }
    g_autoptr(GByteArray) wire = g_byte_array_new();
    layout_write_wire(layout, wire);
    Layout *again = layout_read_wire(page, wire->data, wire->len);
    g_assert_nonnull(again);
    return again;
}

static void
assemble(Page *const *pages, Layout *const *layouts, guint n, const Survey *survey,
         const Headings *headings, Writer *writer)
{
    Assembler *assembler = assembler_new(survey, headings, NULL, writer);
    for (guint i = 0; i < n; i++) {
        g_autofree char *why = NULL;
        if (!assembler_page(assembler, pages[i], layouts[i], &why)) {
            g_error("assembler: %s", why);
        }
    }
    assembler_finish(assembler);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    Bytes bytes = {data, data + size};
    Page *pages[PAGES_MOST];
    Layout *layouts[PAGES_MOST];
    g_autoptr(Survey) survey = survey_new();
    g_autoptr(Headings) headings = headings_new();
    guint n = 0;
    while (n < PAGES_MOST && (n == 0 || bytes.at < bytes.end)) {
        pages[n] = page_paint(n + 1, &bytes);
        layouts[n] = layout_check(pages[n]);
        survey_add(survey, pages[n], layouts[n]);
        headings_add(headings, pages[n], layouts[n]);
        n++;
    }
    survey_finish(survey);
    headings_finish(headings, survey);
    Record record;
    record_init(&record);
    record.writer.page = check_balance;
    assemble(pages, layouts, n, survey, headings, &record.writer);
    record_clear(&record);
    for (guint i = 0; i < n; i++) {
        layout_free(layouts[i]);
        page_free(pages[i]);
    }
    return 0;
}

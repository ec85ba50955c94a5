/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page model, its wire form and its dump. */
#include "page-dump.h"
#include "page-wire.h"

#include <stdlib.h>
#include <string.h>

#define DUMP_START                                                                                 \
    "<?xml version=\"1.0\"?>\n<page-dump xmlns=\"urn:yomijun:page:1\" version=\"1\">\n"
#define PAGE_START DUMP_START "<page n=\"1\" width=\"100\" height=\"200\">\n"
#define STYLED PAGE_START "<font name=\"F\"/>\n<style font=\"0\" size=\"10\"/>\n"
#define PAGE_END "</page>\n</page-dump>\n"

/* ---- models built by hand ---- */

static void
add_styles(Page *page)
{
    page_font(page, "MS-Mincho");
    page_font(page, "a<b>&\"c\" \\ \x01\t\n\xff\xe5\xad\x97");
    Style plain = {.size = 10.5f};
    Style other = {.size = 1.0f / 3,
                   .colour = 0xC00000,
                   .font = 1,
                   .direction = DIRECTION_VERTICAL,
                   .flags = STYLE_BOLD | STYLE_SERIF};
    page_style(page, &plain);
    page_style(page, &other);
}

static void
add_glyphs(Page *page)
{
    const guint32 unicodes[] = {0x5B57, 0, 1, ' ', '\n', '<', '"', 0x7F, 0xFFFE, 0x10FFFF, 0x20B9F};
    for (guint i = 0; i < G_N_ELEMENTS(unicodes); i++) {
        float x = (float)i * 10.1f;
        Glyph glyph = {.unicode = unicodes[i],
                       .x0 = x,
                       .y0 = -1.0f / 3,
                       .x1 = x + 10,
                       .y1 = 1e-6f,
                       .origin_x = x,
                       .origin_y = 1e9f,
                       .confidence = 1};
        g_array_append_val(page->glyphs, glyph);
    }
    Glyph full = {.unicode = 'x',
                  .code = G_MAXUINT32,
                  .confidence = 0.25f,
                  .style = 1,
                  .origin = ORIGIN_OCR,
                  .hidden = HIDDEN_SAME_COLOUR,
                  .flags = GLYPH_PART | GLYPH_ACTUAL | GLYPH_NO_INK | GLYPH_UNDECODED |
                           GLYPH_ANNOTATION | GLYPH_CONTRADICTED};
    g_array_append_val(page->glyphs, full);
}

static void
add_marks(Page *page)
{
    Ruling plain = {.x0 = 1, .y0 = 2, .x1 = 3, .y1 = 2, .width = 0.48f};
    Ruling other = {.x0 = 5.25f,
                    .y0 = 2,
                    .x1 = 5.25f,
                    .y1 = 700.1f,
                    .colour = 0x0000FF,
                    .source = RULING_IMAGE,
                    .dashed = TRUE};
    g_array_append_val(page->rulings, plain);
    g_array_append_val(page->rulings, other);
    Area area = {.x0 = 1, .y0 = 2, .x1 = 30, .y1 = 40, .colour = 0xD9D9D9};
    g_array_append_val(page->areas, area);
    Mark mark = {.x0 = 1.5f, .y0 = 2, .x1 = 30, .y1 = 40};
    g_array_append_val(page->images, mark);
    mark.x0 = 0;
    g_array_append_val(page->shapes, mark);
    g_array_append_val(page->shapes, mark);
}

/* A page that has something of everything, in its default and in another value. */
static Page *
page_of_everything(void)
{
    Page *page = page_new(G_MAXUINT32, 595.2755905511812, 841.89);
    page->painted_known = TRUE;
    page->label = g_strdup("iv & \"5\"");
    add_styles(page);
    add_glyphs(page);
    add_marks(page);
    Rect box = {1, 2, 3.5, 4};
    page_notice(page, "hidden", &box, 7, "文字 <b> \\x41");
    page_notice(page, "limit", NULL, 1, NULL);
    const Reading readings[] = {{0, 0, 0x904E, 1}, {3, 0x9043, '"', 0.25f}};
    g_array_append_vals(page->readings, readings, G_N_ELEMENTS(readings));
    return page;
}

static void
assert_sections_equal(const Page *a, const Page *b)
{
    const guint8 sizes[] = {sizeof(Style), sizeof(Glyph), sizeof(Ruling), sizeof(Area),
                            sizeof(Mark),  sizeof(Mark),  sizeof(Notice), sizeof(Reading)};
    G_STATIC_ASSERT(G_N_ELEMENTS(sizes) == PAGE_SECTIONS);
    for (guint i = 0; i < PAGE_SECTIONS; i++) {
        const GArray *one = page_section(a, i), *other = page_section(b, i);
        g_assert_cmpmem(one->data, one->len * sizes[i], other->data, other->len * sizes[i]);
    }
}

static void
assert_pages_equal(const Page *a, const Page *b)
{
    g_assert_cmpuint(a->number, ==, b->number);
    g_assert_true(a->width == b->width && a->height == b->height);
    g_assert_cmpint(a->painted_known, ==, b->painted_known);
    g_assert_cmpstr(a->label, ==, b->label);
    g_assert_cmpuint(a->fonts->len, ==, b->fonts->len);
    for (guint i = 0; i < a->fonts->len; i++) {
        g_assert_cmpstr(g_ptr_array_index(a->fonts, i), ==, g_ptr_array_index(b->fonts, i));
    }
    assert_sections_equal(a, b);
}

/* ---- the model ---- */

static void
test_notice_is_cut_at_a_characters_border(void)
{
    g_autoptr(Page) page = page_new(1, 10, 10);
    g_autoptr(GString) text = g_string_new("ab"); /* 3n + 2 bytes: the cut would split a 字 */
    for (int i = 0; i < 40; i++) {
        g_string_append(text, "字");
    }
    page_notice(page, "a-kind-that-is-longer-than-its-field", NULL, 3, text->str);
    const Notice *notice = &g_array_index(page->notices, Notice, 0);
    g_assert_cmpstr(notice->kind, ==, "a-kind-that-is-longer-t");
    g_assert_cmpuint(strlen(notice->text), ==, 95);
    g_assert_true(g_utf8_validate(notice->text, -1, NULL));
    g_string_append(text, "字");
    text->str[1] = 'b';
    page_notice(page, "k", NULL, 1, text->str + 1);
    g_assert_cmpuint(strlen(g_array_index(page->notices, Notice, 1).text), ==, 94);
}

static void
test_notice_without_box_and_text_is_empty(void)
{
    g_autoptr(Page) page = page_new(1, 10, 10);
    page_notice(page, "limit", NULL, 1, NULL);
    const Notice *notice = &g_array_index(page->notices, Notice, 0);
    g_assert_cmpstr(notice->text, ==, "");
    g_assert_true(notice->x0 == 0 && notice->y0 == 0 && notice->x1 == 0 && notice->y1 == 0);
}

static void
test_font_and_style_are_found_again(void)
{
    g_autoptr(Page) page = page_new(1, 10, 10);
    g_assert_cmpuint(page_font(page, "A"), ==, 0);
    g_assert_cmpuint(page_font(page, "B"), ==, 1);
    g_assert_cmpuint(page_font(page, "A"), ==, 0);
    Style style = {.size = 10};
    g_assert_cmpuint(page_style(page, &style), ==, 0);
    style.direction = DIRECTION_VERTICAL;
    g_assert_cmpuint(page_style(page, &style), ==, 1);
    style.direction = DIRECTION_RIGHT;
    g_assert_cmpuint(page_style(page, &style), ==, 0);
    g_assert_cmpuint(page->styles->len, ==, 2);
}

static void
test_styles_beyond_the_limit_share_the_last(void)
{
    g_autoptr(Page) page = page_new(1, 10, 10);
    page_font(page, "A");
    guint16 last = 0;
    for (guint i = 0; i < PAGE_MAX_STYLES + 10; i++) {
        Style style = {.size = (float)i};
        last = page_style(page, &style);
    }
    g_assert_cmpuint(page->styles->len, ==, PAGE_MAX_STYLES);
    g_assert_cmpuint(last, ==, PAGE_MAX_STYLES - 1);
    g_assert_true(page_is_sound(page));
}

static void
test_blank_is_white_space_or_without_ink(void)
{
    const guint32 blanks[] = {' ', '\t', '\n', 0xA0, 0x3000, 0x200B, 0xFEFF};
    for (guint i = 0; i < G_N_ELEMENTS(blanks); i++) {
        g_assert_true(glyph_is_blank(&(Glyph){.unicode = blanks[i]}));
    }
    g_assert_false(glyph_is_blank(&(Glyph){.unicode = 0x5B57}));
    g_assert_false(glyph_is_blank(&(Glyph){.flags = GLYPH_UNDECODED}));
    g_assert_true(glyph_is_blank(&(Glyph){.flags = GLYPH_NO_INK}));
}

static void
test_free_takes_null(void)
{
    page_free(NULL);
    page_dump_close(NULL);
}

/* ---- soundness ---- */

static void
test_page_of_everything_is_sound(void)
{
    g_autoptr(Page) page = page_of_everything();
    g_assert_true(page_is_sound(page));
}

static void
test_glyph_that_does_not_fit_is_not_sound(void)
{
    g_autoptr(Page) page = page_of_everything();
    const Glyph good = *page_glyph(page, 0);
    Glyph bad[] = {good, good, good, good, good, good, good, good, good};
    bad[0].style = 2;
    bad[1].unicode = 0x110000;
    bad[2].unicode = 0xD800;
    bad[3].x1 = bad[3].x0 - 1;
    bad[4].y0 = NAN;
    bad[5].confidence = 1.5f;
    bad[6].origin = ORIGIN_LAST + 1;
    bad[7].hidden = HIDDEN_LAST + 1;
    bad[8].flags = 1u << 7;
    g_assert_true(page_section_accepts(page, PAGE_GLYPHS, &good));
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_false(page_section_accepts(page, PAGE_GLYPHS, &bad[i]));
    }
}

static void
test_ruling_that_is_slanted_is_not_sound(void)
{
    g_autoptr(Page) page = page_new(1, 10, 10);
    Ruling ruling = {.x0 = 1, .y0 = 1, .x1 = 5, .y1 = 1};
    g_assert_true(page_section_accepts(page, PAGE_RULINGS, &ruling));
    ruling.y1 = 2;
    g_assert_false(page_section_accepts(page, PAGE_RULINGS, &ruling));
}

static void
test_style_without_font_is_not_sound(void)
{
    g_autoptr(Page) page = page_new(1, 10, 10);
    Style style = {.size = 10};
    g_assert_false(page_section_accepts(page, PAGE_STYLES, &style));
    page_font(page, "A");
    g_assert_true(page_section_accepts(page, PAGE_STYLES, &style));
}

static void
test_long_name_is_not_sound(void)
{
    g_autoptr(Page) page = page_new(1, 10, 10);
    page->label = g_strnfill(PAGE_MAX_NAME, 'a');
    g_assert_true(page_is_sound(page));
    g_free(page->label);
    page->label = g_strnfill(PAGE_MAX_NAME + 1, 'a');
    g_assert_false(page_is_sound(page));
}

/* ---- wire ---- */

static void
test_wire_gives_the_same_page_back(void)
{
    g_autoptr(Page) page = page_of_everything();
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)"x", 1); /* appends, and reads unaligned */
    page_write_wire(page, bytes);
    g_autoptr(Page) again = page_read_wire(bytes->data + 1, bytes->len - 1);
    g_assert_nonnull(again);
    assert_pages_equal(page, again);
}

static void
test_wire_keeps_an_empty_page(void)
{
    g_autoptr(Page) page = page_new(1, 0, 0);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    page_write_wire(page, bytes);
    g_autoptr(Page) again = page_read_wire(bytes->data, bytes->len);
    g_assert_nonnull(again);
    assert_pages_equal(page, again);
}

static void
test_wire_refuses_every_truncation(void)
{
    g_autoptr(Page) page = page_of_everything();
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    page_write_wire(page, bytes);
    for (gsize size = 0; size < bytes->len; size++) {
        g_autofree guint8 *part = g_memdup2(bytes->data, size); /* so that ASan sees its end */
        g_assert_null(page_read_wire(part, size));
    }
}

static void
test_wire_refuses_bytes_too_many(void)
{
    g_autoptr(Page) page = page_of_everything();
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    page_write_wire(page, bytes);
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    g_assert_null(page_read_wire(bytes->data, bytes->len));
}

/* Whatever is changed, the reader gives a sound page or none. */
static void
test_wire_survives_any_changed_byte(void)
{
    g_autoptr(Page) page = page_of_everything();
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    page_write_wire(page, bytes);
    const guint8 changes[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
    for (guint i = 0; i < bytes->len; i++) {
        guint8 before = bytes->data[i];
        for (guint k = 0; k < G_N_ELEMENTS(changes); k++) {
            bytes->data[i] = changes[k];
            g_autoptr(Page) again = page_read_wire(bytes->data, bytes->len);
            g_assert_true(again == NULL || page_is_sound(again));
        }
        bytes->data[i] = before;
    }
}

/* ---- dump ---- */

/* The bytes of a dump of these pages. */
static char *
dump_pages(const Page *const *pages, guint n, gsize *ret_size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_size);
    g_assert_nonnull(out);
    g_autoptr(GError) error = NULL;
    g_assert_true(page_dump_begin(out, &error));
    for (guint i = 0; i < n; i++) {
        g_assert_true(page_dump_write(out, pages[i], &error));
    }
    g_assert_true(page_dump_end(out, &error));
    g_assert_no_error(error);
    fclose(out);
    return text;
}

/* Reads all pages of a dump; NULL with an error, never both or neither. */
static GPtrArray *
read_pages(const char *text, gsize size, GError **error)
{
    g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func((GDestroyNotify)page_free);
    FILE *in = size > 0 ? fmemopen((void *)(guintptr)text, size, "rb") : fopen("/dev/null", "rb");
    g_autoptr(PageDump) dump = page_dump_open_stream(in, "test.xml");
    gboolean well = TRUE;
    for (Page *page = NULL; (well = page_dump_next(dump, &page, error)) && page != NULL;) {
        g_ptr_array_add(pages, page);
    }
    fclose(in);
    return well ? g_steal_pointer(&pages) : NULL;
}

static void
assert_refused(const char *text, PageDumpError code, const char *where)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) pages = read_pages(text, strlen(text), &error);
    g_assert_null(pages);
    g_assert_error(error, PAGE_DUMP_ERROR, (int)code);
    g_test_message("%s", error->message);
    if (strstr(error->message, "test.xml: line ") != error->message ||
        strstr(error->message, where) == NULL) {
        g_error("\"%s\" does not tell \"%s\"", error->message, where);
    }
}

static void
test_dump_gives_the_same_pages_back(void)
{
    g_autoptr(Page) full = page_of_everything();
    g_autoptr(Page) empty = page_new(2, 0, 1.0 / 3);
    const Page *const both[] = {empty, full}; /* the full one has the last number there is */
    gsize size = 0;
    char *text = dump_pages(both, 2, &size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) pages = read_pages(text, size, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(pages->len, ==, 2);
    assert_pages_equal(empty, g_ptr_array_index(pages, 0));
    assert_pages_equal(full, g_ptr_array_index(pages, 1));
    free(text);
}

static void
test_dump_written_again_is_the_same_bytes(void)
{
    g_autoptr(Page) page = page_of_everything();
    const Page *const one[] = {page};
    gsize size = 0, size_again = 0;
    char *text = dump_pages(one, 1, &size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) pages = read_pages(text, size, &error);
    g_assert_no_error(error);
    const Page *const again[] = {g_ptr_array_index(pages, 0)};
    char *text_again = dump_pages(again, 1, &size_again);
    g_assert_cmpmem(text, (guint)size, text_again, (guint)size_again);
    free(text);
    free(text_again);
}

static void
test_dump_is_short_and_readable(void)
{
    g_autoptr(Page) page = page_new(3, 595, 842.5);
    page_font(page, "F");
    Style style = {.size = 10.5f};
    page_style(page, &style);
    Glyph glyph = {.unicode = 0x5B57,
                   .x0 = 56.7f,
                   .y0 = 100,
                   .x1 = 67.2f,
                   .y1 = 110.5f,
                   .origin_x = 56.7f,
                   .origin_y = 109.24f,
                   .confidence = 1};
    g_array_append_val(page->glyphs, glyph);
    const Page *const one[] = {page};
    gsize size = 0;
    char *text = dump_pages(one, 1, &size);
    g_assert_cmpstr(text, ==,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<page-dump xmlns=\"urn:yomijun:page:1\" version=\"1\">\n"
                    "<page n=\"3\" width=\"595\" height=\"842.5\">\n"
                    "<font name=\"F\"/>\n"
                    "<style font=\"0\" size=\"10.5\"/>\n"
                    "<g u=\"字\" box=\"56.7 100 67.2 110.5\" at=\"56.7 109.24\"/>\n"
                    "</page>\n"
                    "</page-dump>\n");
    free(text);
}

static void
test_dump_of_no_pages_has_none(void)
{
    const char *text = DUMP_START "<!-- nothing -->\n</page-dump>\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) pages = read_pages(text, strlen(text), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(pages->len, ==, 0);
}

static void
test_dump_that_is_another_document_is_refused(void)
{
    assert_refused("<document xmlns=\"urn:yomijun:page:1\" version=\"1\"/>",
                   PAGE_DUMP_ERROR_INVALID, "line 1: <document>");
    assert_refused("\n<page-dump version=\"1\"/>", PAGE_DUMP_ERROR_INVALID, "line 2");
    assert_refused("<page-dump xmlns=\"urn:yomijun:page:1\" version=\"2\"/>",
                   PAGE_DUMP_ERROR_INVALID, "version");
    assert_refused("", PAGE_DUMP_ERROR_DAMAGED, "line 1");
    assert_refused("no XML", PAGE_DUMP_ERROR_DAMAGED, "line 1");
    assert_refused("%PDF-1.7\n\x80\x81", PAGE_DUMP_ERROR_DAMAGED, "line 1");
}

static void
test_dump_with_a_wrong_attribute_is_refused(void)
{
    assert_refused(DUMP_START "<page width=\"1\" height=\"1\"/></page-dump>",
                   PAGE_DUMP_ERROR_INVALID, "line 3: <page>: attribute \"n\"");
    assert_refused(PAGE_START "<area/>" PAGE_END, PAGE_DUMP_ERROR_INVALID, "line 4: <area>");
    assert_refused(PAGE_START "<area box=\"1 2 3 4\" color=\"000000\"/>" PAGE_END,
                   PAGE_DUMP_ERROR_INVALID, "unknown attribute \"color\"");
    assert_refused(STYLED "<g u=\"ab\" box=\"1 2 3 4\" at=\"1 2\"/>" PAGE_END,
                   PAGE_DUMP_ERROR_INVALID, "line 6: <g>: the value of attribute \"u\"");
    assert_refused(STYLED "<g x:u=\"a\" xmlns:x=\"y\" box=\"1 2 3 4\" at=\"1 2\"/>" PAGE_END,
                   PAGE_DUMP_ERROR_INVALID, "x:u");
    assert_refused(STYLED "<g box=\"1 2 3 4\" at=\"1 2\" flags=\"part shiny\"/>" PAGE_END,
                   PAGE_DUMP_ERROR_INVALID, "flags");
}

static void
test_dump_with_a_number_out_of_range_is_refused(void)
{
    const char *const boxes[] = {"1 2 3",     "1 2 3 4 5", "1 2 3 1e39", "1 2 3 nan",
                                 "1 2 3 0x9", "1,2,3,4",   "",           "1 2 3 4 ",
                                 "inf 2 3 4", "3 2 1 4",   "1 2 3 4.5.6"};
    for (guint i = 0; i < G_N_ELEMENTS(boxes); i++) {
        g_autofree char *text =
            g_strdup_printf(PAGE_START "<image box=\"%s\"/>" PAGE_END, boxes[i]);
        assert_refused(text, PAGE_DUMP_ERROR_INVALID, "line 4: <image>");
    }
    const char *const numbers[] = {"0",   "4294967296", "-1", "99999999999999999999",
                                   "1.0", " 1",         ""};
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *text = g_strdup_printf(
            DUMP_START "<page n=\"%s\" width=\"1\" height=\"1\"/></page-dump>", numbers[i]);
        assert_refused(text, PAGE_DUMP_ERROR_INVALID, "line 3: <page>");
    }
}

static void
test_dump_with_a_page_twice_is_refused(void)
{
    assert_refused(PAGE_START "</page>\n<page n=\"1\" width=\"1\" height=\"1\"/></page-dump>",
                   PAGE_DUMP_ERROR_INVALID, "line 5: <page>: page 1 does not come after page 1");
}

static void
test_dump_with_an_index_to_nothing_is_refused(void)
{
    assert_refused(STYLED "<g box=\"1 2 3 4\" at=\"1 2\" style=\"1\"/>" PAGE_END,
                   PAGE_DUMP_ERROR_INVALID, "line 6: <g>");
    assert_refused(PAGE_START "<g box=\"1 2 3 4\" at=\"1 2\"/>" PAGE_END, PAGE_DUMP_ERROR_INVALID,
                   "line 4: <g>");
    assert_refused(PAGE_START "<style font=\"0\" size=\"1\"/>" PAGE_END, PAGE_DUMP_ERROR_INVALID,
                   "line 4: <style>");
}

static void
test_dump_with_things_that_do_not_belong_is_refused(void)
{
    assert_refused(PAGE_START "<table/>" PAGE_END, PAGE_DUMP_ERROR_INVALID, "line 4: <table>");
    assert_refused(PAGE_START "text" PAGE_END, PAGE_DUMP_ERROR_INVALID, "line ");
    assert_refused(PAGE_START "<image box=\"1 2 3 4\"><image box=\"1 2 3 4\"/></image>" PAGE_END,
                   PAGE_DUMP_ERROR_INVALID, "line 4");
    assert_refused(PAGE_START "<font xmlns=\"other\" name=\"F\"/>" PAGE_END,
                   PAGE_DUMP_ERROR_INVALID, "line 4: <font>");
    assert_refused(DUMP_START "</page-dump>\n<more/>", PAGE_DUMP_ERROR_DAMAGED, "line 4");
}

static void
test_dump_with_entities_is_refused(void)
{
    assert_refused("<!DOCTYPE page-dump [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>\n"
                   "<page-dump xmlns=\"urn:yomijun:page:1\" version=\"1\">&e;</page-dump>",
                   PAGE_DUMP_ERROR_INVALID, "line ");
}

static void
test_dump_texts_with_bad_escapes_are_refused(void)
{
    const char *const names[] = {"\\", "\\x", "\\x4", "\\xzz", "\\x00", "\\n"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *text =
            g_strdup_printf(PAGE_START "<font name=\"%s\"/>" PAGE_END, names[i]);
        assert_refused(text, PAGE_DUMP_ERROR_INVALID, "line 4: <font>");
    }
    g_autofree char *kind = g_strnfill(24, 'k');
    g_autofree char *text = g_strdup_printf(PAGE_START "<notice kind=\"%s\"/>" PAGE_END, kind);
    assert_refused(text, PAGE_DUMP_ERROR_INVALID, "kind");
}

static void
test_dump_over_the_limit_is_refused(void)
{
    g_autoptr(GString) text = g_string_new(PAGE_START);
    for (guint i = 0; i <= PAGE_MAX_NOTICES; i++) {
        g_string_append(text, "<notice kind=\"k\"/>\n");
    }
    g_string_append(text, PAGE_END);
    assert_refused(text->str, PAGE_DUMP_ERROR_LIMIT, "line 10004: <notice>");
}

static void
test_dump_refuses_every_truncation(void)
{
    g_autoptr(Page) page = page_of_everything();
    const Page *const one[] = {page};
    gsize size = 0;
    char *text = dump_pages(one, 1, &size);
    for (gsize part = 0; part + strlen("\n") < size; part++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) pages = read_pages(text, part, &error);
        g_assert_null(pages);
        g_assert_true(error != NULL && error->domain == PAGE_DUMP_ERROR);
        g_assert_nonnull(strstr(error->message, "line "));
    }
    free(text);
}

/* Whatever is changed, the reader gives sound pages or an error. */
static void
test_dump_survives_any_changed_byte(void)
{
    g_autoptr(Page) page = page_of_everything();
    const Page *const one[] = {page};
    gsize size = 0;
    char *text = dump_pages(one, 1, &size);
    for (gsize i = 0; i < size; i++) {
        char before = text[i];
        for (const char *change = "<\"&0 \xff"; *change != '\0'; change++) {
            text[i] = *change;
            g_autoptr(GError) error = NULL;
            g_autoptr(GPtrArray) pages = read_pages(text, size, &error);
            g_assert_true((pages == NULL) == (error != NULL));
            g_assert_true(pages == NULL || pages->len == 0 ||
                          page_is_sound(g_ptr_array_index(pages, 0)));
        }
        text[i] = before;
    }
    free(text);
}

static void
test_dump_pages_before_the_damage_are_given(void)
{
    const char *text = DUMP_START "<page n=\"1\" width=\"1\" height=\"1\"/>\n<page n=\"2\"";
    FILE *in = fmemopen((void *)(guintptr)text, strlen(text), "rb");
    g_autoptr(PageDump) dump = page_dump_open_stream(in, "test.xml");
    g_autoptr(GError) error = NULL;
    g_autoptr(Page) page = NULL;
    g_assert_true(page_dump_next(dump, &page, &error));
    g_assert_cmpuint(page->number, ==, 1);
    Page *untouched = page;
    g_assert_false(page_dump_next(dump, &untouched, &error));
    g_assert_true(untouched == page);
    g_assert_error(error, PAGE_DUMP_ERROR, PAGE_DUMP_ERROR_DAMAGED);
    fclose(in);
}

static void
test_dump_that_is_not_there_is_a_file_error(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(page_dump_open("/nonexistent/page.xml", &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_clear_error(&error);
    g_autoptr(PageDump) dump = page_dump_open("/", &error); /* a folder opens, and reads badly */
    Page *page = NULL;
    g_assert_true(dump == NULL || !page_dump_next(dump, &page, &error));
    g_assert_nonnull(error);
}

static void
test_dump_to_a_full_device_is_a_file_error(void)
{
    g_autoptr(Page) page = page_of_everything();
    FILE *out = fopen("/dev/full", "wb");
    setvbuf(out, NULL, _IONBF, 0);
    g_autoptr(GError) error = NULL;
    g_assert_false(page_dump_write(out, page, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
    fclose(out);
}

static void
add_model_tests(void)
{
    g_test_add_func("/page/notice-is-cut", test_notice_is_cut_at_a_characters_border);
    g_test_add_func("/page/notice-empty", test_notice_without_box_and_text_is_empty);
    g_test_add_func("/page/found-again", test_font_and_style_are_found_again);
    g_test_add_func("/page/style-limit", test_styles_beyond_the_limit_share_the_last);
    g_test_add_func("/page/blank", test_blank_is_white_space_or_without_ink);
    g_test_add_func("/page/free-null", test_free_takes_null);
    g_test_add_func("/page/sound", test_page_of_everything_is_sound);
    g_test_add_func("/page/sound-glyph", test_glyph_that_does_not_fit_is_not_sound);
    g_test_add_func("/page/sound-ruling", test_ruling_that_is_slanted_is_not_sound);
    g_test_add_func("/page/sound-style", test_style_without_font_is_not_sound);
    g_test_add_func("/page/sound-name", test_long_name_is_not_sound);
}

static void
add_wire_tests(void)
{
    g_test_add_func("/page-wire/round-trip", test_wire_gives_the_same_page_back);
    g_test_add_func("/page-wire/empty", test_wire_keeps_an_empty_page);
    g_test_add_func("/page-wire/truncated", test_wire_refuses_every_truncation);
    g_test_add_func("/page-wire/too-long", test_wire_refuses_bytes_too_many);
    g_test_add_func("/page-wire/changed", test_wire_survives_any_changed_byte);
}

static void
add_dump_tests(void)
{
    g_test_add_func("/page-dump/round-trip", test_dump_gives_the_same_pages_back);
    g_test_add_func("/page-dump/same-bytes", test_dump_written_again_is_the_same_bytes);
    g_test_add_func("/page-dump/readable", test_dump_is_short_and_readable);
    g_test_add_func("/page-dump/no-pages", test_dump_of_no_pages_has_none);
    g_test_add_func("/page-dump/other", test_dump_that_is_another_document_is_refused);
    g_test_add_func("/page-dump/attribute", test_dump_with_a_wrong_attribute_is_refused);
    g_test_add_func("/page-dump/number", test_dump_with_a_number_out_of_range_is_refused);
    g_test_add_func("/page-dump/twice", test_dump_with_a_page_twice_is_refused);
    g_test_add_func("/page-dump/index", test_dump_with_an_index_to_nothing_is_refused);
    g_test_add_func("/page-dump/misplaced", test_dump_with_things_that_do_not_belong_is_refused);
    g_test_add_func("/page-dump/entities", test_dump_with_entities_is_refused);
    g_test_add_func("/page-dump/escapes", test_dump_texts_with_bad_escapes_are_refused);
    g_test_add_func("/page-dump/limit", test_dump_over_the_limit_is_refused);
    g_test_add_func("/page-dump/truncated", test_dump_refuses_every_truncation);
    g_test_add_func("/page-dump/changed", test_dump_survives_any_changed_byte);
    g_test_add_func("/page-dump/before-damage", test_dump_pages_before_the_damage_are_given);
    g_test_add_func("/page-dump/not-there", test_dump_that_is_not_there_is_a_file_error);
    g_test_add_func("/page-dump/full-device", test_dump_to_a_full_device_is_a_file_error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_model_tests();
    add_wire_tests();
    add_dump_tests();
    return g_test_run();
}

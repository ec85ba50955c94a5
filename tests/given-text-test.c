/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "given-text.h"

#include <string.h>

#include "build.h"
#include "layout.h"

/* All glyphs of a page as it was read, as OCR has them. */
static void
make_ocr(Page *page)
{
    for (guint i = 0; i < page->glyphs->len; i++) {
        g_array_index(page->glyphs, Glyph, i).origin = ORIGIN_OCR;
    }
}

static char *
glyphs_text(const Page *page)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < page->glyphs->len; i++) {
        g_string_append_unichar(text, page_glyph(page, i)->unicode);
    }
    return g_strdup(text->str);
}

/* A glyph of nothing where there is none. */
static Glyph
glyph_of(const Page *page, gunichar c)
{
    for (guint i = 0; i < page->glyphs->len; i++) {
        if (page_glyph(page, i)->unicode == c) {
            return *page_glyph(page, i);
        }
    }
    return (Glyph){0};
}

/* Two cells side by side, each of two lines, with a ruling between. */
static Page *
two_cells(const char *const *left, const char *const *right)
{
    Page *page = build_page(1);
    build_lines(page, 50, 100, 14, left);
    build_lines(page, 155, 100, 14, right);
    build_ruling(page, 152.5, 90, 152.5, 130);
    make_ocr(page);
    return page;
}

static const char *const LEFT[] = {"港湾の監視装置を点検", "する。", NULL};
static const char *const RIGHT[] = {"係船柱の点検を終えた", "。", NULL};

static void
test_interleaved_lines_take_the_order_of_the_picture(void)
{
    g_autoptr(Page) read = two_cells(LEFT, RIGHT);
    g_autoptr(Page) page =
        given_text_place(read, "港湾の監視装置を点検 係船柱の点検を終えた\n。\nする。\n");
    g_autofree char *text = glyphs_text(page);
    g_assert_cmpstr(text, ==, "港湾の監視装置を点検する。係船柱の点検を終えた。");
    g_assert_cmpuint(page->notices->len, ==, 0);
}

static void
test_characters_are_those_of_the_text_and_both_are_noticed(void)
{
    static const char *const misread[] = {"港湾の監現装置を点検", "する。", NULL};
    g_autoptr(Page) read = two_cells(misread, RIGHT);
    g_autoptr(Page) page =
        given_text_place(read, "港湾の監視装置を点検 係船柱の点検を終えた\nする。\n。\n");
    const Notice *notice = &g_array_index(page->notices, Notice, 0);
    g_assert_cmpuint(glyph_of(page, 0x8996).unicode, ==, 0x8996); /* 視 */
    g_assert_cmpuint(glyph_of(page, 0x73FE).unicode, ==, 0);      /* 現 */
    g_assert_cmpuint(page->notices->len, ==, 1);
    g_assert_cmpstr(notice->kind, ==, "given");
    g_assert_cmpstr(notice->text, ==, "text “視”, picture “現”");
}

static void
test_a_character_that_was_not_read_stands_between_its_neighbours(void)
{
    static const char *const missing[] = {"港湾の監装置を点検", "する。", NULL};
    g_autoptr(Page) read = two_cells(missing, RIGHT);
    g_autoptr(Page) page =
        given_text_place(read, "港湾の監視装置を点検 係船柱の点検を終えた\nする。\n。\n");
    const Glyph before = glyph_of(page, 0x76E3); /* 監 */
    const Glyph put_in = glyph_of(page, 0x8996);
    const Glyph after = glyph_of(page, 0x88C5); /* 装 */
    g_assert_cmpfloat(before.x1, <=, put_in.x0);
    g_assert_cmpfloat(put_in.x1, <=, after.x0);
    g_assert_cmpfloat(put_in.confidence, <, 1);
}

static void
test_a_name_spread_over_its_cell_is_found_character_by_character(void)
{
    g_autoptr(Page) read = build_page(1);
    build_spread(read, 50, 107, "水道局", 15);
    build_lines(read, 155, 100, 14, RIGHT);
    build_ruling(read, 152.5, 90, 152.5, 130);
    make_ocr(read);
    g_autoptr(Page) page = given_text_place(read, "水\n道\n係船柱の点検を終えた\n局 。\n");
    g_autofree char *text = glyphs_text(page);
    g_assert_nonnull(strstr(text, "係船柱の点検を終えた"));
    g_assert_cmpfloat(glyph_of(page, 0x5C40).x0, ==, 100); /* 局 */
    g_assert_cmpuint(page->glyphs->len, ==, 14);
}

static void
test_what_is_not_on_the_picture_is_kept_and_named(void)
{
    g_autoptr(Page) read = two_cells(LEFT, RIGHT);
    g_autoptr(Page) page = given_text_place(
        read, "白書の検索結果一覧へ戻る\n港湾の監視装置を点検 係船柱の点検を終えた\nする。\n。\n");
    const Notice *notice = &g_array_index(page->notices, Notice, 0);
    g_assert_cmpstr(notice->kind, ==, "unplaced");
    g_assert_cmpstr(notice->text, ==, "白書の検索結果一覧へ戻る");
    g_assert_cmpfloat(glyph_of(page, 0x767D).y0, >=, page->height); /* 白 */
}

/* What a web page has around a text: not a word a line, though nothing of it is on the picture. */
static void
test_lines_that_are_not_on_the_picture_stay_lines(void)
{
    g_autoptr(Page) read = two_cells(LEFT, RIGHT);
    g_autoptr(Page) page =
        given_text_place(read, "白書 検索結果 一覧\n出典 海事局 (12 頁)\n港湾の監視装置を点検 "
                               "係船柱の点検を終えた\n。\nする。\n");
    g_assert_cmpstr(g_array_index(page->notices, Notice, 0).text, ==, "白書 検索結果 一覧");
    g_autoptr(Layout) layout = layout_find(page);
    g_autofree char *blocks = blocks_text(page, layout);
    g_assert_nonnull(strstr(blocks, "/白書検索結果一覧/出典海事局(12頁)"));
}

static void
test_without_a_text_nothing_is_there_and_without_a_picture_all_is_unplaced(void)
{
    g_autoptr(Page) read = two_cells(LEFT, RIGHT);
    g_autoptr(Page) blank = build_page(1);
    g_autoptr(Page) none = given_text_place(read, " \n");
    g_autoptr(Page) all = given_text_place(blank, "港湾の監視");
    g_assert_cmpuint(none->glyphs->len, ==, 0);
    g_assert_cmpuint(all->glyphs->len, ==, 5);
}

/* The text's characters after all passes over the page. */
static guint
count_kept(const Page *page)
{
    g_autoptr(Layout) layout = layout_find(page);
    guint n = 0;
    for (guint i = 0; i < page->glyphs->len; i++) {
        n += g_array_index(layout->dropped, guint8, i) == DROP_NOT;
    }
    return n;
}

static void
test_characters_that_share_a_place_are_all_kept(void)
{
    static const char *const read_lines[] = {"港湾の監視装置を点検.17", NULL};
    g_autoptr(Page) read = build_page(1);
    build_lines(read, 50, 100, 14, read_lines);
    make_ocr(read);
    g_autoptr(Page) page = given_text_place(read, "港湾の監視装置を点検................17\n");
    g_assert_cmpuint(count_kept(page), ==, 28);
}

static void
test_a_place_that_was_not_read_takes_no_more_than_it_can_hold(void)
{
    Rect box = {50, 130, 75, 140};
    g_autoptr(Page) read = two_cells(LEFT, RIGHT);
    page_notice(read, "unread", &box, 1, NULL);
    g_autoptr(Page) little =
        given_text_place(read, "港湾の監視装置を点検\nする。\n係船柱の点検を終えた\n。\n水道\n");
    g_autoptr(Page) much = given_text_place(
        read,
        "港湾の監視装置を点検\nする。\n係船柱の点検を終えた\n。\n水道管と下水道管とを調べた\n");
    g_autoptr(Page) lines =
        given_text_place(read, "港湾の監視装置を点検\nする。\n係船柱の点検を終えた\n。\n水\n道\n");
    g_assert_cmpfloat(glyph_of(little, 0x9053).y0, ==, 130);        /* 道 */
    g_assert_cmpfloat(glyph_of(much, 0x4E0B).y0, >=, much->height); /* 下 */
    g_assert_cmpfloat(glyph_of(lines, 0x6C34).y0, ==, 130);         /* 水 */
    g_assert_cmpfloat(glyph_of(lines, 0x9053).y0, >=, lines->height);
}

/* A label in the middle of a high row, which was read as something longer: it is far below what the
 * text has before it, but not from what comes after it. */
static void
test_a_misread_label_stands_beside_what_comes_after_it(void)
{
    static const char *const above[] = {"港湾の監視装置を点検", NULL}, *const label[] = {"Ko]",
                                                                                         NULL};
    static const char *const row[] = {"水門の油圧装置を替え",
                                      "て、堤防の巡回を始め",
                                      "る。海岸の砂浜を守る",
                                      "ため、養浜の量を定め",
                                      "ることとした。測量は",
                                      "来年も続けて行う。",
                                      NULL};
    g_autoptr(Page) read = build_page(1);
    build_lines(read, 155, 100, 14, above);
    build_lines(read, 155, 130, 14, row);
    build_lines(read, 50, 172, 14, label);
    build_ruling(read, 152.5, 90, 152.5, 220);
    make_ocr(read);
    g_autoptr(Page) page =
        given_text_place(read, "港湾の監視装置を点検\n②\n水門の油圧装置を替え\nて、堤防の巡回を始め"
                               "\nる。海岸の砂浜を守る\n"
                               "ため、養浜の量を定め\nることとした。測量は\n来年も続けて行う。\n");
    const Glyph two = glyph_of(page, 0x2461); /* ② */
    g_assert_cmpfloat(two.x0, <, 100);
    g_assert_cmpfloat(two.y1, <, 190);
}

static void
test_what_is_not_told_one_by_one_is_counted(void)
{
    g_autoptr(Page) blank = build_page(1);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < 205; i++) {
        g_string_append(text, "港湾\n");
    }
    g_autoptr(Page) page = given_text_place(blank, text->str);
    const Notice *last = &g_array_index(page->notices, Notice, page->notices->len - 1);
    g_assert_cmpuint(page->notices->len, ==, 201);
    g_assert_cmpuint(last->count, ==, 5);
    g_assert_cmpstr(last->kind, ==, "unplaced");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/given-text/order", test_interleaved_lines_take_the_order_of_the_picture);
    g_test_add_func("/given-text/misread",
                    test_characters_are_those_of_the_text_and_both_are_noticed);
    g_test_add_func("/given-text/missing",
                    test_a_character_that_was_not_read_stands_between_its_neighbours);
    g_test_add_func("/given-text/spread",
                    test_a_name_spread_over_its_cell_is_found_character_by_character);
    g_test_add_func("/given-text/unplaced-lines",
                    test_lines_that_are_not_on_the_picture_stay_lines);
    g_test_add_func("/given-text/unplaced", test_what_is_not_on_the_picture_is_kept_and_named);
    g_test_add_func("/given-text/nothing",
                    test_without_a_text_nothing_is_there_and_without_a_picture_all_is_unplaced);
    g_test_add_func("/given-text/shared", test_characters_that_share_a_place_are_all_kept);
    g_test_add_func("/given-text/room",
                    test_a_place_that_was_not_read_takes_no_more_than_it_can_hold);
    g_test_add_func("/given-text/label", test_a_misread_label_stands_beside_what_comes_after_it);
    g_test_add_func("/given-text/beyond", test_what_is_not_told_one_by_one_is_counted);
    return g_test_run();
}

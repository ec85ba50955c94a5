/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rulings into tables of cells, seen through all passes over one page. */
#include "build.h"

static void
assert_blocks(const Page *page, const char *expected)
{
    g_autoptr(Layout) layout = layout_find(page);
    g_autofree char *why = NULL;
    g_assert_true(layout_conserves(layout, page, &why));
    g_autofree char *text = blocks_text(page, layout);
    g_assert_cmpstr(text, ==, expected);
}

static void
assert_table(const Page *page, const char *expected)
{
    g_autoptr(Layout) layout = layout_find(page);
    g_autofree char *why = NULL;
    g_assert_true(layout_conserves(layout, page, &why));
    g_assert_cmpuint(layout->tables->len, ==, 1);
    g_autofree char *text = table_text(page, layout, 0);
    g_assert_cmpstr(text, ==, expected);
}

/* Four words for a table of two by two whose lines are at 100, 200, 400 and 100, 120, 140. */
static void
build_four(Page *page)
{
    build_words(page, 104, 105, "項目");
    build_words(page, 204, 105, "内容");
    build_words(page, 104, 125, "予算");
    build_words(page, 204, 125, "百万円");
}

static void
test_closed_lattice_gives_its_cells(void)
{
    g_autoptr(Page) page = build_page(1);
    build_four(page);
    build_lattice(page, (double[]){100, 200, 400, -1}, (double[]){100, 120, 140, -1});
    assert_table(page, "項目|内容\n予算|百万円");
}

static void
test_cell_without_text_is_there(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 104, 105, "項目");
    build_words(page, 204, 125, "百万円");
    build_lattice(page, (double[]){100, 200, 400, -1}, (double[]){100, 120, 140, -1});
    assert_table(page, "項目|\n|百万円");
}

static void
test_lines_that_stop_short_of_crossings_meet(void)
{
    g_autoptr(Page) page = build_page(1);
    build_four(page);
    for (guint i = 0; i < 3; i++) {
        double y = 100 + 20 * i;
        build_ruling(page, 101.5, y, 198.5, y);
        build_ruling(page, 201.5, y, 398.5, y);
    }
    for (guint i = 0; i < 2; i++) {
        double y = 100 + 20 * i;
        build_ruling(page, 100, y + 1.5, 100, y + 18.5);
        build_ruling(page, 200, y + 1.5, 200, y + 18.5);
        build_ruling(page, 400, y + 1.5, 400, y + 18.5);
    }
    assert_table(page, "項目|内容\n予算|百万円");
}

static void
test_missing_border_spans_columns(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 104, 105, "二列にわたる");
    build_words(page, 104, 125, "左");
    build_words(page, 204, 125, "右");
    build_lattice(page, (double[]){100, 400, -1}, (double[]){100, 120, 140, -1});
    build_ruling(page, 200, 120, 200, 140);
    assert_table(page, "二列にわたる{1x2}\n左|右");
}

static void
test_missing_border_spans_rows(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 104, 115, "区分");
    build_words(page, 204, 105, "上");
    build_words(page, 204, 125, "下");
    build_lattice(page, (double[]){100, 200, 400, -1}, (double[]){100, 140, -1});
    build_ruling(page, 200, 120, 400, 120);
    assert_table(page, "区分{2x1}|上\n下");
}

static void
test_sides_that_are_missing_are_closed(void)
{
    g_autoptr(Page) page = build_page(1);
    build_four(page);
    for (guint i = 0; i < 3; i++) {
        build_ruling(page, 100, 100 + 20 * i, 400, 100 + 20 * i);
    }
    build_ruling(page, 200, 100, 200, 140);
    assert_table(page, "項目|内容\n予算|百万円");
}

static void
test_top_and_bottom_that_are_missing_are_closed(void)
{
    g_autoptr(Page) page = build_page(1);
    build_four(page);
    build_ruling(page, 100, 100, 100, 140);
    build_ruling(page, 200, 100, 200, 140);
    build_ruling(page, 400, 100, 400, 140);
    build_ruling(page, 100, 120, 400, 120);
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpuint(layout->tables->len, ==, 1);
    g_autofree char *text = table_text(page, layout, 0);
    g_assert_cmpstr(text, ==, "項目|内容\n予算|百万円");
    g_assert_cmpuint(g_array_index(layout->tables, Table, 0).flags, ==,
                     TABLE_OPEN_TOP | TABLE_OPEN_BOTTOM);
}

static void
test_vertical_lines_alone_make_columns(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const left[] = {"左の欄の一行目", "左の欄の二行目", "左の欄の三行目", NULL};
    const char *const right[] = {"右の欄の一行目", "右の欄の二行目", "右の欄の三行目", NULL};
    build_lines(page, 104, 105, 16, left);
    build_lines(page, 204, 105, 16, right);
    build_ruling(page, 100, 100, 100, 160);
    build_ruling(page, 200, 100, 200, 160);
    build_ruling(page, 300, 100, 300, 160);
    assert_table(page, "左の欄の一行目/左の欄の二行目/左の欄の三行目|"
                       "右の欄の一行目/右の欄の二行目/右の欄の三行目");
}

static void
test_horizontal_lines_alone_make_rows_with_gutters_as_columns(void)
{
    g_autoptr(Page) page = build_page(1);
    build_four(page);
    for (guint i = 0; i < 3; i++) {
        build_ruling(page, 100, 100 + 20 * i, 400, 100 + 20 * i);
    }
    assert_table(page, "項目|内容\n予算|百万円");
}

static void
test_rows_without_lines_are_cut_where_labels_start(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const plan[] = {"計画の一行目は枠の端まで", "計画の二行目", NULL};
    build_ruling(page, 100, 100, 100, 200);
    build_ruling(page, 140, 100, 140, 200);
    build_ruling(page, 300, 100, 300, 200);
    build_ruling(page, 460, 100, 460, 200);
    for (guint i = 0; i < 2; i++) {
        double y = 106 + 48 * i;
        build_words(page, 104, y, i == 0 ? "(ア)" : "(イ)");
        build_lines(page, 144, y, 14, plan);
        build_lines(page, 304, y, 14, plan);
    }
    assert_table(
        page, "(ア)|計画の一行目は枠の端まで/計画の二行目|計画の一行目は枠の端まで/計画の二行目\n"
              "(イ)|計画の一行目は枠の端まで/計画の二行目|計画の一行目は枠の端まで/計画の二行目");
}

static void
test_cells_lines_that_do_not_stand_level_stay_in_their_cells(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const left[] = {"左一", "左二", "左三", NULL};
    const char *const right[] = {"右一", "右二", NULL};
    build_lattice(page, (double[]){100, 130, 160, -1}, (double[]){100, 160, -1});
    build_lines(page, 102, 105, 15, left);
    build_lines(page, 132, 109, 17, right);
    assert_table(page, "左一/左二/左三|右一/右二");
}

static void
test_two_tables_on_a_page_stay_two(void)
{
    g_autoptr(Page) page = build_page(1);
    build_four(page);
    build_lattice(page, (double[]){100, 200, 400, -1}, (double[]){100, 120, 140, -1});
    build_words(page, 104, 305, "次");
    build_words(page, 304, 305, "表");
    build_lattice(page, (double[]){100, 300, 400, -1}, (double[]){300, 320, -1});
    assert_blocks(page, "table: 項目|内容\n予算|百万円\ntable: 次|表");
}

static void
test_box_around_text_is_a_frame(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const lines[] = {"枠の中の文章の一行目", "枠の中の文章の二行目", NULL};
    build_lines(page, 110, 110, 16, lines);
    build_lattice(page, (double[]){100, 400, -1}, (double[]){100, 150, -1});
    assert_blocks(page, "frame: 枠の中の文章の一行目/枠の中の文章の二行目");
}

static void
test_text_without_rulings_is_no_table(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const lines[] = {"文章の一行目", "文章の二行目", NULL};
    build_lines(page, 110, 110, 16, lines);
    assert_blocks(page, "text: 文章の一行目/文章の二行目");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/grids/closed", test_closed_lattice_gives_its_cells);
    g_test_add_func("/grids/empty-cell", test_cell_without_text_is_there);
    g_test_add_func("/grids/gaps", test_lines_that_stop_short_of_crossings_meet);
    g_test_add_func("/grids/column-span", test_missing_border_spans_columns);
    g_test_add_func("/grids/row-span", test_missing_border_spans_rows);
    g_test_add_func("/grids/open-sides", test_sides_that_are_missing_are_closed);
    g_test_add_func("/grids/open-ends", test_top_and_bottom_that_are_missing_are_closed);
    g_test_add_func("/grids/vertical", test_vertical_lines_alone_make_columns);
    g_test_add_func("/grids/horizontal",
                    test_horizontal_lines_alone_make_rows_with_gutters_as_columns);
    g_test_add_func("/grids/labels", test_rows_without_lines_are_cut_where_labels_start);
    g_test_add_func("/grids/not-level",
                    test_cells_lines_that_do_not_stand_level_stay_in_their_cells);
    g_test_add_func("/grids/two", test_two_tables_on_a_page_stay_two);
    g_test_add_func("/grids/frame", test_box_around_text_is_a_frame);
    g_test_add_func("/grids/none", test_text_without_rulings_is_no_table);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rulings into tables of cells, seen through all passes over one page. */
#include "build.h"

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

/* What is left of a box in whose corner a smaller one stands is no rectangle: it is cut where no
 * text runs. */
static void
test_cell_with_a_corner_taken_is_not_cut_through_text(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 104, 105, "題名");
    build_words(page, 204, 105, "注");
    build_words(page, 104, 125, "小さな枠の下を端から端まで走る文章");
    build_lattice(page, (double[]){100, 400, -1}, (double[]){100, 160, -1});
    build_ruling(page, 200, 100, 200, 120);
    build_ruling(page, 100, 120, 200, 120);
    assert_table(page, "題名|注\n小さな枠の下を端から端まで走る文章{1x2}");
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
test_vertical_lines_between_words_are_no_table(void)
{
    g_autoptr(Page) page = build_page(1);
    for (guint i = 0; i < 4; i++) {
        build_ruling(page, 100 + 60 * i, 100, 100 + 60 * i, 160);
        build_words(page, 104 + 60 * i, 125, "印");
    }
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpuint(layout->tables->len, ==, 0);
}

/* A curve of small pieces from the left end to the right. */
static void
build_curve(Page *page, double x0, double y0, double x1, double y1)
{
    for (int i = 0; x0 + 4 * i < x1; i++) {
        double x = x0 + 4 * i;
        double y = y0 + (y1 - y0) * (x - x0) / (x1 - x0);
        Mark piece = {(float)x, (float)y, (float)x + 4, (float)y + 2};
        g_array_append_val(page->shapes, piece);
    }
}

static void
test_lines_that_curves_run_over_are_a_chart(void)
{
    g_autoptr(Page) page = build_page(1);
    build_four(page);
    build_lattice(page, (double[]){100, 150, 200, 250, 300, 350, 400, -1},
                  (double[]){100, 120, 140, -1});
    for (guint i = 0; i < 3; i++) {
        build_curve(page, 103, 102 + 2 * i, 397, 130 + 2 * i);
    }
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpuint(layout->tables->len, ==, 0);
}

static void
test_strokes_through_empty_cells_leave_the_table(void)
{
    g_autoptr(Page) page = build_page(1);
    build_four(page);
    build_lattice(page, (double[]){100, 200, 400, -1},
                  (double[]){100, 120, 140, 160, 180, 200, 220, 240, -1});
    for (guint i = 2; i < 7; i++) {
        Mark stroke = {100, 100 + 20 * (float)i, 200, 120 + 20 * (float)i};
        g_array_append_val(page->shapes, stroke);
        stroke.x0 = 200;
        stroke.x1 = 400;
        g_array_append_val(page->shapes, stroke);
    }
    assert_table(page, "項目|内容\n予算|百万円\n|\n|\n|\n|\n|");
}

static void
test_shade_beside_lines_is_no_column_of_theirs(void)
{
    g_autoptr(Page) page = build_page(1);
    build_area(page, 40, 102, 98, 130, 0xDDDDDD);
    build_words(page, 44, 110, "左の題");
    build_four(page);
    for (guint i = 0; i < 3; i++) {
        build_ruling(page, 100, 100 + 20 * i, 400, 100 + 20 * i);
    }
    assert_table(page, "項目|内容\n予算|百万円");
}

static void
test_sides_of_tables_in_two_cells_are_one_border_with_the_line_between(void)
{
    g_autoptr(Page) page = build_page(1);
    build_lattice(page, (double[]){100, 300, 500, -1}, (double[]){100, 160, -1});
    build_lattice(page, (double[]){102.6, 200, 297.4, -1}, (double[]){120, 140, 160, -1});
    build_lattice(page, (double[]){302.6, 400, 497.4, -1}, (double[]){120, 140, 160, -1});
    build_words(page, 180, 105, "改正後");
    build_words(page, 380, 105, "改正前");
    for (guint i = 0; i < 4; i++) {
        build_words(page, 104 + 100 * i, 125, "区分");
        build_words(page, 104 + 100 * i, 145, "定義");
    }
    assert_table(page, "改正後{1x2}|改正前{1x2}\n区分|区分|区分|区分\n定義|定義|定義|定義");
}

/* A panel with its title in a band, and in it four words between these lines. */
static void
build_panel(Page *page, gboolean sides)
{
    build_area(page, 60, 60, 440, 90, 0xB5BFE6);
    build_area(page, 60, 90, 440, 190, 0xEDF2F7);
    build_words(page, 70, 70, "第一表");
    build_four(page);
    for (guint i = 0; i < 3; i++) {
        build_ruling(page, 100, 100 + 20 * i, 400, 100 + 20 * i);
        if (sides) {
            build_ruling(page, 100 + 50.0 * i * (i + 1), 100, 100 + 50.0 * i * (i + 1), 140);
        }
    }
    build_words(page, 70, 170, "資料");
}

static void
test_table_in_a_titled_panel_is_one(void)
{
    for (guint sides = 0; sides < 2; sides++) {
        g_autoptr(Page) page = build_page(1);
        build_panel(page, sides != 0);
        assert_blocks(page, "text: 第一表\ntable: 項目|内容\n予算|百万円\ntext: 資料");
    }
}

/* In the right cell of the second row: text, a table of two by one, and text. */
static void
test_table_inside_of_a_cell_is_read_cell_by_cell(void)
{
    static const char *const left[] = {"左の欄は二", "行にわたる", NULL};
    static const char *const right[] = {"右の欄もま", "た二行ある", NULL};
    g_autoptr(Page) page = build_page(1);
    build_lattice(page, (double[]){100, 160, 400, -1}, (double[]){100, 120, 240, -1});
    build_lattice(page, (double[]){180, 260, 340, -1}, (double[]){150, 200, -1});
    build_words(page, 104, 105, "区分");
    build_words(page, 164, 105, "内容");
    build_words(page, 104, 125, "研修");
    build_words(page, 164, 125, "次のとおり実施した。");
    build_lines(page, 184, 155, 14, left);
    build_lines(page, 264, 155, 14, right);
    build_words(page, 164, 215, "以上である。");
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpuint(layout->parts->len, ==, 2);
    assert_table(
        page, "区分|内容\n"
              "研修|次のとおり実施した。/左の欄は二/行にわたる/右の欄もま/た二行ある/以上である。");
}

/* A box whose corners are curves: its sides stop six points short of them. */
static void
build_rounded(Page *page, Rect box)
{
    Mark outline = {(float)box.x0, (float)box.y0, (float)box.x1, (float)box.y1};
    g_array_append_val(page->shapes, outline);
    build_ruling(page, box.x0 + 6, box.y0, box.x1 - 6, box.y0);
    build_ruling(page, box.x0 + 6, box.y1, box.x1 - 6, box.y1);
    build_ruling(page, box.x0, box.y0 + 6, box.x0, box.y1 - 6);
    build_ruling(page, box.x1, box.y0 + 6, box.x1, box.y1 - 6);
}

static void
test_rounded_boxes_are_frames(void)
{
    g_autoptr(Page) page = build_page(1);
    for (guint i = 0; i < 2; i++) {
        build_rounded(page, (Rect){100 + 160 * i, 100, 250 + 160 * i, 160});
        build_words(page, 110 + 160 * i, 110, "指針の見直しを行った");
        build_words(page, 110 + 160 * i, 126, "ので公表した");
    }
    assert_blocks(page, "frame: 指針の見直しを行った/ので公表した\n"
                        "frame: 指針の見直しを行った/ので公表した");
}

/* Three lines; as a comparison goes on where one side of it has no text, or beside a margin. */
static void
build_endless(Page *page, double middle)
{
    static const char *const text[] = {"改正後の一行目は枠の端", "改正後の二行目は枠の端", "三行目",
                                       NULL};
    build_ruling(page, 100, 60, 100, 700);
    build_ruling(page, middle, 60, middle, 700);
    build_ruling(page, 500, 60, 500, 700);
    build_lines(page, 104, 80, 14, text);
}

static void
test_comparison_with_an_empty_side_is_a_table(void)
{
    g_autoptr(Page) page = build_page(1);
    build_endless(page, 300);
    assert_table(page, "改正後の一行目は枠の端/改正後の二行目は枠の端/三行目|");
    g_autoptr(Page) margin = build_page(1);
    build_endless(margin, 450);
    g_autoptr(Layout) layout = layout_find(margin);
    g_assert_cmpuint(layout->tables->len, ==, 0);
}

static void
test_row_of_columns_with_text_in_one_is_a_table(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 304, 105, "続き");
    build_lattice(page, (double[]){100, 200, 300, 400, -1}, (double[]){100, 120, -1});
    assert_table(page, "||続き");
}

static void
test_double_frame_is_no_table(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 120, 105, "枠の中");
    build_lattice(page, (double[]){100, 105, 400, 405, -1}, (double[]){100, 120, -1});
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpuint(layout->tables->len, ==, 0);
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

/* Four rows at 100, 200, 300, and a column of its own from x to 400. */
static void
build_column_apart(Page *page, double x)
{
    const double ys[] = {100, 120, 140, 160, 180, -1};
    build_lattice(page, (double[]){100, 200, 300, -1}, ys);
    build_lattice(page, (double[]){x, 400, -1}, ys);
    for (guint i = 0; i < 4; i++) {
        build_words(page, 104, 105 + 20 * i, "左");
        build_words(page, 204, 105 + 20 * i, "中");
        build_words(page, x + 4, 105 + 20 * i, "右");
    }
}

static void
test_column_a_little_apart_is_of_the_table(void)
{
    g_autoptr(Page) page = build_page(1);
    build_column_apart(page, 306);
    assert_table(page, "左|中|右\n左|中|右\n左|中|右\n左|中|右");
}

static void
test_column_far_apart_is_not_of_the_table(void)
{
    g_autoptr(Page) page = build_page(1);
    build_column_apart(page, 330);
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpuint(layout->tables->len, ==, 1);
    g_autofree char *text = table_text(page, layout, 0);
    g_assert_cmpstr(text, ==, "左|中\n左|中\n左|中\n左|中");
}

static void
test_number_that_a_line_runs_through_is_whole(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 104, 105, "基準年");
    build_words(page, 184, 105, "2021");
    build_words(page, 104, 125, "予算");
    build_words(page, 204, 125, "百万円");
    build_lattice(page, (double[]){100, 200, 400, -1}, (double[]){100, 120, 140, -1});
    assert_table(page, "基準年2021|\n予算|百万円");
}

static void
test_numbers_beside_a_line_stay_two(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 179, 105, "2021");
    build_words(page, 201, 105, "2022");
    build_words(page, 104, 125, "予算");
    build_words(page, 204, 125, "百万円");
    build_lattice(page, (double[]){100, 200, 400, -1}, (double[]){100, 120, 140, -1});
    assert_table(page, "2021|2022\n予算|百万円");
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
    g_test_add_func("/grids/open-side-empty", test_comparison_with_an_empty_side_is_a_table);
    g_test_add_func("/grids/sides-of-inner",
                    test_sides_of_tables_in_two_cells_are_one_border_with_the_line_between);
    g_test_add_func("/grids/panel", test_table_in_a_titled_panel_is_one);
    g_test_add_func("/grids/inner", test_table_inside_of_a_cell_is_read_cell_by_cell);
    g_test_add_func("/grids/rounded", test_rounded_boxes_are_frames);
    g_test_add_func("/grids/open-sides", test_sides_that_are_missing_are_closed);
    g_test_add_func("/grids/open-ends", test_top_and_bottom_that_are_missing_are_closed);
    g_test_add_func("/grids/vertical", test_vertical_lines_alone_make_columns);
    g_test_add_func("/grids/vertical-beyond", test_vertical_lines_between_words_are_no_table);
    g_test_add_func("/grids/curves", test_lines_that_curves_run_over_are_a_chart);
    g_test_add_func("/grids/strokes", test_strokes_through_empty_cells_leave_the_table);
    g_test_add_func("/grids/shade-beside", test_shade_beside_lines_is_no_column_of_theirs);
    g_test_add_func("/grids/one-filled", test_row_of_columns_with_text_in_one_is_a_table);
    g_test_add_func("/grids/double-frame", test_double_frame_is_no_table);
    g_test_add_func("/grids/not-level",
                    test_cells_lines_that_do_not_stand_level_stay_in_their_cells);
    g_test_add_func("/grids/two", test_two_tables_on_a_page_stay_two);
    g_test_add_func("/grids/column-apart", test_column_a_little_apart_is_of_the_table);
    g_test_add_func("/grids/column-far", test_column_far_apart_is_not_of_the_table);
    g_test_add_func("/grids/number", test_number_that_a_line_runs_through_is_whole);
    g_test_add_func("/grids/corner", test_cell_with_a_corner_taken_is_not_cut_through_text);
    g_test_add_func("/grids/numbers", test_numbers_beside_a_line_stay_two);
    g_test_add_func("/grids/frame", test_box_around_text_is_a_frame);
    g_test_add_func("/grids/none", test_text_without_rulings_is_no_table);
    return g_test_run();
}

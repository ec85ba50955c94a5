/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns, header levels and rows that no line divides, seen through all passes over one page. */
#include <string.h>

#include "build.h"

static void
test_label_spread_over_columns_without_a_line_is_one(void)
{
    for (guint spread = 0; spread < 2; spread++) {
        g_autoptr(Page) page = build_page(1);
        build_lattice(page, (double[]){100, 200, 260, -1}, (double[]){120, 140, 160, -1});
        build_ruling(page, 100, 100, 260, 100);
        build_ruling(page, 100, 100, 100, 120);
        build_ruling(page, 260, 100, 260, 120);
        /* as far from both ends, or in the middle of either column */
        build_words(page, spread ? 148 : 145, 105, "比");
        build_words(page, spread ? 202 : 225, 105, "較");
        build_words(page, 104, 125, "増減額");
        build_words(page, 204, 125, "伸率");
        build_words(page, 104, 145, "千円");
        build_words(page, 204, 145, "百分");
        assert_table(page, spread ? "比較{1x2}\n増減額|伸率\n千円|百分"
                                  : "比|較\n増減額|伸率\n千円|百分");
    }
}

static void
test_number_and_heading_between_two_lines_are_no_table(void)
{
    g_autoptr(Page) page = build_page(1);
    build_ruling(page, 100, 100, 400, 100);
    build_ruling(page, 100, 120, 400, 120);
    build_words(page, 104, 105, "５");
    build_words(page, 134, 105, "通知のデジタル化");
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpuint(layout->tables->len, ==, 0);
    g_autoptr(Page) total = build_page(1);
    build_ruling(total, 100, 100, 400, 100);
    build_ruling(total, 100, 120, 400, 120);
    build_words(total, 104, 105, "合計");
    build_words(total, 350, 105, "1,234");
    assert_table(total, "合計|1,234");
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

/* A header over two of four columns, which the rulings between its rows tell, and a sum over two.
 */
static void
test_titles_in_the_middle_of_open_columns_span_them(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 150, 115, "区分");
    build_words(page, 270, 105, "数");
    build_words(page, 370, 115, "計");
    build_words(page, 240, 125, "個人");
    build_words(page, 300, 125, "団体");
    for (guint i = 0; i < 2; i++) {
        double y = 145 + 20 * i;
        build_words(page, 104, y, i == 0 ? "本文" : "施策");
        build_words(page, 154, y, i == 0 ? "見やすさ" : "サービス");
        build_words(page, 254, y, "22");
        build_words(page, 314, y, "39");
        build_words(page, 374, y, "61");
    }
    build_words(page, 150, 185, "合計");
    build_words(page, 254, 185, "44");
    build_words(page, 314, 185, "78");
    build_words(page, 369, 185, "122");
    for (guint i = 0; i < 6; i++) {
        build_ruling(page, i == 1 ? 220 : 100, 100 + 20 * i, i == 1 ? 340 : 400, 100 + 20 * i);
    }
    assert_table(page, "区分{2x2}|数{1x2}|計{2x1}\n個人|団体\n本文|見やすさ|22|39|61\n"
                       "施策|サービス|22|39|61\n合計{1x2}|44|78|122");
}

static void
test_header_in_the_middle_over_numbers_at_the_end_is_one_column(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 104, 105, "区分");
    build_words(page, 240, 105, "計");
    for (guint i = 0; i < 6; i++) {
        build_words(page, 104, 125 + 20 * i, "項目");
        build_words(page, 280, 125 + 20 * i, "22");
    }
    for (guint i = 0; i < 8; i++) {
        build_ruling(page, 100, 100 + 20 * i, 300, 100 + 20 * i);
    }
    assert_table(page, "区分|計\n項目|22\n項目|22\n項目|22\n項目|22\n項目|22\n項目|22");
}

static void
test_label_that_runs_beyond_others_is_of_their_column(void)
{
    g_autoptr(Page) page = build_page(1);
    for (guint i = 0; i < 6; i++) {
        build_words(page, 104, 105 + 20 * i, i == 2 ? "共同利用の施設の整備" : "項目");
        build_words(page, 280, 105 + 20 * i, "22");
    }
    build_words(page, 165, 225, "合計");
    build_words(page, 280, 225, "22");
    for (guint i = 0; i < 8; i++) {
        build_ruling(page, 100, 100 + 20 * i, 300, 100 + 20 * i);
    }
    assert_table(page, "項目|22\n項目|22\n共同利用の施設の整備|22\n項目|22\n項目|22\n項目|22\n"
                       "合計|22");
}

/* The gutter between the numbers is wide, but the headers leave only little of it. */
static void
test_headers_that_fill_their_columns_stay_two(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 104, 115, "区分");
    build_words(page, 235, 105, "実績値");
    build_words(page, 198, 125, "令和五年度");
    build_words(page, 252, 125, "令和六年度");
    for (guint i = 0; i < 8; i++) {
        build_words(page, 104, 145 + 20 * i, "項目");
        build_words(page, 226, 145 + 20 * i, "22");
        build_words(page, 280, 145 + 20 * i, "22");
    }
    for (guint i = 0; i < 11; i++) {
        build_ruling(page, i == 1 ? 196 : 100, 100 + 20 * i, 304, 100 + 20 * i);
    }
    assert_table(page, "区分{2x1}|実績値{1x2}\n令和五年度|令和六年度\n項目|22|22\n項目|22|22\n"
                       "項目|22|22\n項目|22|22\n項目|22|22\n項目|22|22\n項目|22|22\n項目|22|22");
}

/* Horizontal lines at these places, the last negative, and nothing else. */
static void
build_lines_across(Page *page, double x0, double x1, const double *ys)
{
    for (guint i = 0; ys[i] >= 0; i++) {
        build_ruling(page, x0, ys[i], x1, ys[i]);
    }
}

static const char *const left_text[] = {"一二三四五六七八九十", "一二三四五六七八九十",
                                        "一二三四。", NULL};
static const char *const right_text[] = {"右左上下前後中外春夏", "右左上下前後中外春夏", "秋冬。",
                                         NULL};

static void
test_narrow_gutter_shows_by_the_edges_beside_it(void)
{
    g_autoptr(Page) page = build_page(1);
    for (guint i = 0; i < 2; i++) {
        build_lines(page, 102, 105 + 50 * i, 14, left_text);
        build_lines(page, 205, 105 + 50 * i, 14, right_text); /* 3 points apart */
    }
    build_lines_across(page, 100, 307, (double[]){100, 150, 200, -1});
    const char *row = "一二三四五六七八九十/一二三四五六七八九十/一二三四。|"
                      "右左上下前後中外春夏/右左上下前後中外春夏/秋冬。";
    g_autofree char *expected = g_strdup_printf("%s\n%s", row, row);
    assert_table(page, expected);
}

static void
test_spread_lines_have_no_narrow_gutter(void)
{
    g_autoptr(Page) page = build_page(1);
    for (guint i = 0; i < 6; i++) {
        build_spread(page, 102, 105 + 20 * i, "一二三四五六七八九十右左上下", 3);
    }
    build_lines_across(page, 100, 300, (double[]){100, 160, 220, -1});
    g_autoptr(Layout) layout = layout_find(page);
    g_assert_cmpuint(layout->tables->len, ==, 0);
}

static void
test_last_column_that_few_rows_fill_is_a_column(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 104, 105, "区分");
    build_words(page, 215, 105, "金額");
    build_words(page, 320, 105, "備考");
    for (guint i = 1; i < 10; i++) {
        build_words(page, 104, 105 + 20 * i, "項目");
        build_words(page, 225, 105 + 20 * i, "22");
    }
    build_words(page, 250, 205, "新たな施策");
    for (guint i = 0; i < 11; i++) {
        build_ruling(page, 100, 100 + 20 * i, 400, 100 + 20 * i);
    }
    assert_table(page, "区分|金額|備考\n項目|22|\n項目|22|\n項目|22|\n項目|22|\n"
                       "項目|22|新たな施策\n項目|22|\n項目|22|\n項目|22|\n項目|22|");
}

static void
test_two_characters_far_apart_are_one_label(void)
{
    g_autoptr(Page) page = build_page(1);
    for (guint i = 0; i < 3; i++) {
        build_words(page, 104, 105 + 20 * i, i < 2 ? "項" : "合");
        build_words(page, 144, 105 + 20 * i, i < 2 ? "目" : "計");
        build_words(page, 280, 105 + 20 * i, "22");
    }
    build_lines_across(page, 100, 300, (double[]){100, 120, 140, 160, -1});
    assert_table(page, "項目|22\n項目|22\n合計|22");
}

static void
test_row_that_the_page_cuts_needs_no_line_below(void)
{
    g_autoptr(Page) page = build_page(1);
    build_four(page);
    build_lines(page, 104, 145, 14, (const char *[]){"施策", NULL});
    build_lines(page, 204, 145, 14, (const char *[]){"一二三四五", "一二三四五", NULL});
    build_words(page, 190, 182, "- 12 -");
    build_lines_across(page, 100, 400, (double[]){100, 120, 140, -1});
    assert_table(page, "項目|内容\n予算|百万円\n施策|一二三四五/一二三四五");
}

static void
test_text_below_the_last_line_that_crosses_columns_is_no_row(void)
{
    g_autoptr(Page) page = build_page(1);
    build_four(page);
    build_words(page, 104, 145, "（注）単位は百万円である。");
    build_words(page, 320, 145, "資料");
    build_lines_across(page, 100, 400, (double[]){100, 120, 140, -1});
    assert_table(page, "項目|内容\n予算|百万円");
}

static void
test_lines_above_and_below_a_table_are_none(void)
{
    g_autoptr(Page) page = build_page(1);
    build_lines_across(page, 90, 410, (double[]){80, 170, -1});
    build_words(page, 104, 85, "左の題");
    build_words(page, 204, 85, "右の題");
    build_four(page);
    build_lattice(page, (double[]){102, 200, 398, -1}, (double[]){102, 120, 140, -1});
    assert_table(page, "項目|内容\n予算|百万円");
}

static void
test_text_below_with_lines_of_its_own_is_no_row(void)
{
    g_autoptr(Page) page = build_page(1);
    build_four(page);
    build_lines_across(page, 100, 400, (double[]){100, 120, 140, -1});
    build_words(page, 104, 145, "左の題");
    build_words(page, 204, 145, "右の題");
    build_words(page, 104, 160, "施策");
    build_words(page, 204, 160, "内容");
    build_ruling(page, 190, 157, 300, 157);
    g_autoptr(Layout) layout = layout_find(page);
    g_autofree char *text = table_text(page, layout, 0);
    g_assert_cmpstr(text, ==, "項目|内容\n予算|百万円");
}

/* Numbers that end at one place begin anywhere, once where the title does. */
static void
test_title_over_two_columns_may_begin_where_a_number_does(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 130, 105, "区分");
    build_words(page, 240, 105, "実績");
    build_words(page, 440, 105, "予算");
    static const double columns[] = {210, 310, 410, 510};
    for (guint c = 0; c < G_N_ELEMENTS(columns); c++) {
        build_words(page, columns[c] - 20, 125, c % 2 == 0 ? "金額" : "件数");
        for (guint i = 0; i < 4; i++) {
            static const char *const numbers[] = {"312", "1234", "53471", "9"};
            const char *number = c == 2 && i == 0 ? "29" : numbers[i];
            double end = c == 2 ? 450 : columns[c] + 20;
            build_words(page, end - 5.0 * (double)strlen(number), 145 + 20 * i, number);
        }
    }
    for (guint i = 0; i < 4; i++) {
        build_words(page, 104, 145 + 20 * i, "項目");
    }
    for (guint i = 0; i < 7; i++) {
        build_ruling(page, i == 1 ? 170 : 100, 100 + 20 * i, 540, 100 + 20 * i);
    }
    assert_table(page,
                 "区分{2x1}|実績{1x2}|予算{1x2}\n金額|件数|金額|件数\n"
                 "項目|312|312|29|312\n項目|1234|1234|1234|1234\n項目|53471|53471|53471|53471\n"
                 "項目|9|9|9|9");
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

/* The lines of a header at 100 and 130 and, below it, rows with a label at the first of these
 * places (ending with a negative number), 34 at the last and 12 between; a line below each, or
 * below all. */
static void
build_body(Page *page, const double *xs, guint rows, gboolean ruled)
{
    guint n = 0;
    while (xs[n] >= 0) {
        n++;
    }
    build_ruling(page, 100, 100, 500, 100);
    build_ruling(page, 100, 130, 500, 130);
    for (guint row = 0; row < rows; row++) {
        if (ruled || row + 1 == rows) {
            build_ruling(page, 100, 150 + 20 * row, 500, 150 + 20 * row);
        }
        for (guint i = 0; i < n; i++) {
            build_words(page, xs[i], 135 + 20 * row, i == 0 ? "東部" : i + 1 == n ? "34" : "12");
        }
    }
}

/* Under titles two or three heads, and numbers. */
static void
build_titled(Page *page, gboolean three)
{
    build_body(page,
               three ? (double[]){110, 252, 322, 392, 460, -1} : (double[]){110, 252, 322, 460, -1},
               5, TRUE);
    build_words(page, 110, 103, "区分");
    build_words(page, three ? 290 : 255, 103, "初年度");
    build_words(page, 460, 103, "計");
    for (guint i = 0; i < (three ? 3 : 2); i++) {
        build_words(page, 230 + 70 * i, 117, "男");
    }
}

#define ROW(numbers) "\n東部|" numbers "|34"
#define ROWS(numbers) ROW(numbers) ROW(numbers) ROW(numbers) ROW(numbers) ROW(numbers)

static void
test_titles_over_heads_without_a_line_get_a_row(void)
{
    g_autoptr(Page) two = build_page(1);
    build_titled(two, FALSE);
    assert_table(two, "区分{2x1}|初年度{1x2}|計{2x1}\n男|男" ROWS("12|12"));
    g_autoptr(Page) three = build_page(1);
    build_titled(three, TRUE);
    assert_table(three, "区分{2x1}|初年度{1x3}|計{2x1}\n男|男|男" ROWS("12|12|12"));
}

static void
test_title_that_hides_a_gutter_is_over_two_columns(void)
{
    g_autoptr(Page) page = build_page(1);
    build_body(page, (double[]){110, 220, 310, 460, -1}, 5, FALSE);
    build_words(page, 110, 103, "区分");
    build_words(page, 245, 103, "初年度の全人員");
    build_words(page, 460, 103, "計");
    build_words(page, 220, 117, "男性数");
    build_words(page, 310, 117, "女性数");
    assert_table(page, "区分{2x1}|初年度の全人員{1x2}|計{2x1}\n男性数|女性数" ROWS("12|12"));
}

static void
test_wrapped_heads_are_one_row(void)
{
    g_autoptr(Page) page = build_page(1);
    build_body(page, (double[]){110, 250, 400, -1}, 4, TRUE);
    build_words(page, 110, 117, "区分");
    build_words(page, 250, 103, "初年");
    build_words(page, 250, 117, "合計");
    build_words(page, 400, 117, "割合");
    assert_table(page, "区分|初年/合計|割合\n東部|12|34\n東部|12|34\n東部|12|34\n東部|12|34");
}

/* Vertical lines at 100, 160, 300, 400 and 500 from y 100 on, a header of 20 points and rows of
 * numbers of 20 each; what is shaded is left to the tests. */
static void
build_statistics(Page *page, guint rows, double first_line)
{
    for (guint i = 0; i < 4; i++) {
        build_ruling(page, (double[]){160, 300, 400, 500}[i], i == 0 ? first_line : 100,
                     (double[]){160, 300, 400, 500}[i], 120 + 20 * rows);
    }
    build_ruling(page, 100, 100, 100, 120 + 20 * rows);
    build_area(page, 100, 100, 500, 120, 0xDDDDDD);
    build_words(page, 104, 105, "区分");
    build_words(page, 304, 105, "前年");
    build_words(page, 404, 105, "本年");
    for (guint i = 0; i < rows; i++) {
        g_autofree char *number = g_strdup_printf("%u", 101 + i);
        build_words(page, 304, 125 + 20 * i, number);
        build_words(page, 404, 125 + 20 * i, number);
    }
}

static void
test_shaded_labels_over_several_rows_leave_each_row_its_numbers(void)
{
    g_autoptr(Page) page = build_page(1);
    build_statistics(page, 4, 100);
    build_area(page, 100, 120, 160, 180, 0xDDDDDD);
    build_area(page, 100, 180, 300, 200, 0xDDDDDD);
    build_words(page, 104, 145, "施策");
    build_words(page, 104, 185, "合計");
    build_words(page, 164, 125, "暮らし");
    build_words(page, 164, 145, "仕事");
    build_words(page, 164, 165, "学び");
    assert_table(page, "区分||前年|本年\n"
                       "施策{3x1}|暮らし|101|101\n仕事|102|102\n学び|103|103\n"
                       "合計||104|104");
}

static void
test_one_shade_with_a_label_for_header_and_row_is_two_cells(void)
{
    g_autoptr(Page) page = build_page(1);
    build_statistics(page, 1, 120);
    build_area(page, 100, 120, 300, 140, 0xDDDDDD);
    build_words(page, 104, 125, "計");
    build_ruling(page, 160, 100, 160, 140);
    assert_table(page, "区分||前年|本年\n計||101|101");
}

static void
test_label_in_the_middle_of_rows_spans_them_though_level_with_one(void)
{
    g_autoptr(Page) page = build_page(1);
    build_statistics(page, 6, 100);
    for (guint i = 0; i < 6; i++) {
        build_words(page, 164, 125 + 20 * i, "指標の名称");
    }
    build_words(page, 104, 145, "備え");
    build_words(page, 104, 205, "対処");
    assert_table(page, "区分||前年|本年\n"
                       "備え{3x1}|指標の名称|101|101\n指標の名称|102|102\n指標の名称|103|103\n"
                       "対処{3x1}|指標の名称|104|104\n指標の名称|105|105\n指標の名称|106|106");
}

static void
test_rows_of_one_line_end_so_that_each_has_one_label(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const three[] = {"意味の一行目", "意味の二行目", "意味の三行目", NULL};
    build_ruling(page, 100, 100, 100, 200);
    build_ruling(page, 150, 100, 150, 200);
    build_ruling(page, 400, 100, 400, 200);
    build_words(page, 104, 106, "用語");
    build_words(page, 154, 106, "意味");
    build_words(page, 104, 126, "点検票");
    build_words(page, 154, 126, "意味");
    build_words(page, 104, 159, "演習");
    build_lines(page, 154, 146, 13, three);
    build_words(page, 104, 192, "支援");
    build_words(page, 154, 192, "意味");
    assert_table(page, "用語|意味\n点検票|意味\n"
                       "演習|意味の一行目/意味の二行目/意味の三行目\n支援|意味");
}

static void
test_label_beside_two_lines_of_one_text_makes_one_row(void)
{
    g_autoptr(Page) page = build_page(1);
    const char *const two[] = {"確保病床の", "使用率", NULL};
    build_lattice(page, (double[]){100, 160, 300, 400, -1}, (double[]){100, 140, -1});
    build_words(page, 104, 115, "病床");
    build_lines(page, 164, 106, 18, two);
    build_lines(page, 304, 106, 18, two);
    assert_table(page, "病床|確保病床の/使用率|確保病床の/使用率");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/open-grids/spread", test_label_spread_over_columns_without_a_line_is_one);
    g_test_add_func("/open-grids/heading", test_number_and_heading_between_two_lines_are_no_table);
    g_test_add_func("/open-grids/heads", test_titles_over_heads_without_a_line_get_a_row);
    g_test_add_func("/open-grids/heads-hidden", test_title_that_hides_a_gutter_is_over_two_columns);
    g_test_add_func("/open-grids/heads-wrapped", test_wrapped_heads_are_one_row);
    g_test_add_func("/open-grids/horizontal",
                    test_horizontal_lines_alone_make_rows_with_gutters_as_columns);
    g_test_add_func("/open-grids/titles", test_titles_in_the_middle_of_open_columns_span_them);
    g_test_add_func("/open-grids/idle",
                    test_header_in_the_middle_over_numbers_at_the_end_is_one_column);
    g_test_add_func("/open-grids/long", test_label_that_runs_beyond_others_is_of_their_column);
    g_test_add_func("/open-grids/full", test_headers_that_fill_their_columns_stay_two);
    g_test_add_func("/open-grids/narrow-gutter", test_narrow_gutter_shows_by_the_edges_beside_it);
    g_test_add_func("/open-grids/spread-lines", test_spread_lines_have_no_narrow_gutter);
    g_test_add_func("/open-grids/sparse-column", test_last_column_that_few_rows_fill_is_a_column);
    g_test_add_func("/open-grids/spread-label", test_two_characters_far_apart_are_one_label);
    g_test_add_func("/open-grids/cut-row", test_row_that_the_page_cuts_needs_no_line_below);
    g_test_add_func("/open-grids/no-cut-row",
                    test_text_below_the_last_line_that_crosses_columns_is_no_row);
    g_test_add_func("/open-grids/lines-around", test_lines_above_and_below_a_table_are_none);
    g_test_add_func("/open-grids/lines-below", test_text_below_with_lines_of_its_own_is_no_row);
    g_test_add_func("/open-grids/title-like-number",
                    test_title_over_two_columns_may_begin_where_a_number_does);
    g_test_add_func("/open-grids/labels", test_rows_without_lines_are_cut_where_labels_start);
    g_test_add_func("/open-grids/shaded-labels",
                    test_shaded_labels_over_several_rows_leave_each_row_its_numbers);
    g_test_add_func("/open-grids/shaded-header-and-label",
                    test_one_shade_with_a_label_for_header_and_row_is_two_cells);
    g_test_add_func("/open-grids/label-in-the-middle",
                    test_label_in_the_middle_of_rows_spans_them_though_level_with_one);
    g_test_add_func("/open-grids/label-a-row",
                    test_rows_of_one_line_end_so_that_each_has_one_label);
    g_test_add_func("/open-grids/label-beside-lines",
                    test_label_beside_two_lines_of_one_text_makes_one_row);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order in which blocks are read. */
#include "flow.h"

static void
add_item(GArray *items, ItemKind kind, double x0, double y, double x1)
{
    Item item = {.box = {x0, y, x1, y + 10},
                 .size = kind == ITEM_TEXT ? 10 : 0,
                 .index = items->len,
                 .kind = (guint8)kind};
    g_array_append_val(items, item);
}

/* `n` lines from y on, 16 points apart. */
static void
add_lines(GArray *items, double x0, double y, double x1, guint n)
{
    for (guint i = 0; i < n; i++) {
        add_item(items, ITEM_TEXT, x0, y + 16 * i, x1);
    }
}

static GArray *
items_new(void)
{
    return g_array_new(FALSE, TRUE, sizeof(Item));
}

/* The callers' indices in reading order, columns divided by bars. */
static void
assert_order(GArray *items, const char *expected)
{
    g_autoptr(GString) text = g_string_new(NULL);
    flow_sort(items);
    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        gboolean same = i > 0 && item->column == g_array_index(items, Item, i - 1).column;
        g_string_append_printf(text, "%s%u", i == 0 ? "" : same ? " " : " | ", item->index);
    }
    g_assert_cmpstr(text->str, ==, expected);
}

static void
test_lines_of_one_column_are_read_downwards(void)
{
    g_autoptr(GArray) items = items_new();
    add_item(items, ITEM_TEXT, 50, 150, 300);
    add_lines(items, 50, 100, 300, 3);
    assert_order(items, "1 2 3 0");
}

static void
test_two_columns_are_read_one_after_the_other(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 50, 100, 280, 4);
    add_lines(items, 310, 100, 540, 4);
    assert_order(items, "0 1 2 3 | 4 5 6 7");
}

static void
test_folio_between_two_columns_does_not_join_them(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 50, 100, 280, 4);
    add_lines(items, 300, 100, 540, 4);
    add_item(items, ITEM_TEXT, 287, 200, 295);
    assert_order(items, "0 1 2 3 8 | 4 5 6 7");
}

static void
test_title_across_is_read_before_its_columns(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 310, 100, 540, 3);
    add_lines(items, 50, 100, 280, 3);
    add_item(items, ITEM_TEXT, 150, 60, 450);
    assert_order(items, "6 | 3 4 5 | 0 1 2");
}

static void
test_wide_table_divides_the_columns_into_bands(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 50, 100, 280, 3);
    add_lines(items, 310, 100, 540, 3);
    add_item(items, ITEM_TABLE, 50, 200, 540);
    add_lines(items, 50, 260, 280, 3);
    add_lines(items, 310, 260, 540, 3);
    assert_order(items, "0 1 2 | 3 4 5 | 6 | 7 8 9 | 10 11 12");
}

static void
test_names_and_amounts_are_read_across(void)
{
    g_autoptr(GArray) items = items_new();
    for (guint i = 0; i < 5; i++) {
        add_item(items, ITEM_TEXT, 50, 100 + 16 * i, i == 2 ? 150 : 80);
        add_item(items, ITEM_TEXT, 300, 100 + 16 * i, i == 3 ? 400 : 330);
    }
    assert_order(items, "0 1 2 3 4 5 6 7 8 9");
}

static void
test_gap_within_lines_is_no_gutter(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 50, 100, 280, 4);
    add_lines(items, 284, 100, 540, 4);
    assert_order(items, "0 4 1 5 2 6 3 7");
}

static void
test_table_beside_text_is_a_block_of_its_own(void)
{
    g_autoptr(GArray) items = items_new();
    add_item(items, ITEM_TABLE, 310, 100, 540);
    g_array_index(items, Item, 0).box.y1 = 200;
    add_lines(items, 50, 100, 280, 5);
    assert_order(items, "1 2 3 4 5 | 0");
}

static void
test_lines_above_and_beneath_a_picture_are_no_column(void)
{
    g_autoptr(GArray) items = items_new();
    add_item(items, ITEM_TEXT, 50, 100, 150);
    add_item(items, ITEM_TEXT, 50, 116, 150);
    Item picture = {.box = {160, 130, 300, 290}, .index = items->len, .kind = ITEM_FIGURE};
    g_array_append_val(items, picture);
    add_item(items, ITEM_TEXT, 170, 300, 290);
    add_item(items, ITEM_TEXT, 50, 316, 150);
    assert_order(items, "0 1 | 2 | 3 4");
}

static void
test_column_of_lists_with_some_full_lines_is_a_column(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 50, 100, 280, 4);
    add_lines(items, 50, 164, 110, 6);
    add_lines(items, 310, 100, 540, 10);
    assert_order(items, "0 1 2 3 4 5 6 7 8 9 | 10 11 12 13 14 15 16 17 18 19");
}

static void
test_last_line_of_a_paragraph_above_columns_stays_with_it(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 50, 100, 540, 2);
    add_item(items, ITEM_TEXT, 50, 132, 180);
    add_lines(items, 50, 160, 280, 4);
    add_lines(items, 310, 160, 540, 4);
    assert_order(items, "0 1 2 | 3 4 5 6 | 7 8 9 10");
}

static void
test_blocks_that_are_all_but_level_are_read_from_the_left(void)
{
    g_autoptr(GArray) items = items_new();
    add_item(items, ITEM_FRAME, 305, 100, 540);
    add_item(items, ITEM_FRAME, 50, 101, 300);
    add_item(items, ITEM_TEXT, 50, 130, 540);
    g_array_index(items, Item, 0).box.y1 = g_array_index(items, Item, 1).box.y1 = 125;
    assert_order(items, "1 | 0 | 2");
}

/* … and where the left column's last lines end, nothing stands to the right. */
static void
test_first_line_that_is_set_out_does_not_close_the_gutter(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 50, 100, 282, 4);
    add_lines(items, 50, 200, 293, 3);
    add_item(items, ITEM_TEXT, 299, 100, 530);
    add_lines(items, 312, 116, 540, 4);
    add_item(items, ITEM_TEXT, 480, 248, 540);
    assert_order(items, "0 1 2 3 4 5 6 | 7 8 9 10 11 12");
}

static void
test_label_in_the_middle_beside_lines_is_read_before_them(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 50, 60, 300, 2);
    add_lines(items, 100, 120, 300, 2);
    add_item(items, ITEM_TEXT, 50, 128, 90);
    add_lines(items, 100, 180, 300, 2);
    add_item(items, ITEM_FRAME, 45, 188, 90);
    add_lines(items, 50, 240, 300, 2);
    assert_order(items, "0 1 | 4 | 2 3 | 7 | 5 6 | 8 9");
}

static void
test_label_of_two_lines_is_read_before_the_three_beside_it(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 100, 120, 300, 3);
    add_lines(items, 50, 128, 90, 2);
    assert_order(items, "3 4 | 0 1 2");
}

static void
test_lines_near_to_others_have_no_label_beside_them(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 100, 100, 300, 4);
    add_item(items, ITEM_TEXT, 50, 124, 90);
    add_item(items, ITEM_TEXT, 50, 164, 300);
    assert_order(items, "0 1 4 2 3 5");
}

static void
test_picture_beside_some_lines_does_not_part_them_from_their_label(void)
{
    g_autoptr(GArray) items = items_new();
    add_item(items, ITEM_TEXT, 100, 120, 400);
    add_item(items, ITEM_TEXT, 100, 136, 250);
    add_item(items, ITEM_TEXT, 50, 128, 90);
    add_lines(items, 50, 170, 280, 4);
    Item picture = {.box = {310, 134, 420, 240}, .index = items->len, .kind = ITEM_FIGURE};
    g_array_append_val(items, picture);
    assert_order(items, "2 | 0 1 | 3 4 5 6 | 7");
}

static void
test_title_beside_lines_of_another_column_is_no_label(void)
{
    g_autoptr(GArray) items = items_new();
    add_lines(items, 50, 100, 280, 4);
    add_item(items, ITEM_TEXT, 50, 189, 120);
    add_lines(items, 50, 220, 280, 4);
    add_lines(items, 310, 100, 540, 4);
    add_lines(items, 310, 181, 540, 2);
    add_lines(items, 310, 220, 540, 4);
    assert_order(items, "0 1 2 3 4 5 6 7 8 | 9 10 11 12 13 14 15 16 17 18");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/one-column", test_lines_of_one_column_are_read_downwards);
    g_test_add_func("/flow/two-columns", test_two_columns_are_read_one_after_the_other);
    g_test_add_func("/flow/title", test_title_across_is_read_before_its_columns);
    g_test_add_func("/flow/bands", test_wide_table_divides_the_columns_into_bands);
    g_test_add_func("/flow/names-and-amounts", test_names_and_amounts_are_read_across);
    g_test_add_func("/flow/no-gutter", test_gap_within_lines_is_no_gutter);
    g_test_add_func("/flow/table-beside-text", test_table_beside_text_is_a_block_of_its_own);
    g_test_add_func("/flow/folio", test_folio_between_two_columns_does_not_join_them);
    g_test_add_func("/flow/picture", test_lines_above_and_beneath_a_picture_are_no_column);
    g_test_add_func("/flow/lists", test_column_of_lists_with_some_full_lines_is_a_column);
    g_test_add_func("/flow/last-line", test_last_line_of_a_paragraph_above_columns_stays_with_it);
    g_test_add_func("/flow/level", test_blocks_that_are_all_but_level_are_read_from_the_left);
    g_test_add_func("/flow/set-out", test_first_line_that_is_set_out_does_not_close_the_gutter);
    g_test_add_func("/flow/label", test_label_in_the_middle_beside_lines_is_read_before_them);
    g_test_add_func("/flow/label-lines",
                    test_label_of_two_lines_is_read_before_the_three_beside_it);
    g_test_add_func("/flow/label-near", test_lines_near_to_others_have_no_label_beside_them);
    g_test_add_func("/flow/label-picture",
                    test_picture_beside_some_lines_does_not_part_them_from_their_label);
    g_test_add_func("/flow/label-columns", test_title_beside_lines_of_another_column_is_no_label);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks of the size of characters that belong to nothing. */
#include "build.h"
#include "remainder.h"

static void
add_shape(Page *page, double x, double y, double side)
{
    Mark mark = {(float)x, (float)y, (float)(x + side), (float)(y + side)};
    g_array_append_val(page->shapes, mark);
}

/* "count: x0 y0 x1 y1" of each, and the page is freed. */
static void
assert_remains(Page *page, const char *expected)
{
    g_autoptr(Layout) layout = layout_find(page);
    g_autoptr(GArray) remainder = remainder_find(page, layout);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < remainder->len; i++) {
        const Remainder *r = &g_array_index(remainder, Remainder, i);
        g_string_append_printf(text, "%s%u: %g %g %g %g", i > 0 ? "; " : "", r->count, r->box.x0,
                               r->box.y0, r->box.x1, r->box.y1);
    }
    g_assert_cmpstr(text->str, ==, expected);
    page_free(page);
}

static void
test_mark_by_itself_remains(void)
{
    Page *page = build_page(1);
    build_words(page, 100, 100, "本文の行である");
    add_shape(page, 100, 300, 10);
    assert_remains(page, "1: 100 300 110 310");
}

static void
test_marks_that_stand_together_are_one_remainder(void)
{
    Page *page = build_page(1);
    add_shape(page, 100, 300, 10);
    add_shape(page, 112, 300, 10);
    add_shape(page, 100, 500, 10);
    assert_remains(page, "2: 100 300 122 310; 1: 100 500 110 510");
}

static void
test_circle_around_a_character_is_of_the_text(void)
{
    Page *page = build_page(1);
    build_words(page, 100, 100, "本文の行である");
    add_shape(page, 119, 99, 12);
    assert_remains(page, "");
}

static void
test_ground_of_text_is_of_the_text(void)
{
    Page *page = build_page(1);
    build_words(page, 100, 100, "見出");
    Mark lozenge = {90, 90, 140, 120};
    g_array_append_val(page->shapes, lozenge);
    assert_remains(page, "");
}

static void
test_rounded_corner_is_of_its_ruling(void)
{
    Page *page = build_page(1);
    build_ruling(page, 100, 300, 400, 300);
    add_shape(page, 400, 300, 8);
    assert_remains(page, "");
}

static void
test_marks_of_a_drawing_are_of_the_figure(void)
{
    Page *page = build_page(1);
    for (int i = 0; i < 30; i++) {
        int column = i % 6, row = i / 6;
        add_shape(page, 100 + 9 * column, 300 + 9 * row, 10);
    }
    assert_remains(page, "");
}

static void
test_larger_and_smaller_than_characters_are_none(void)
{
    Page *page = build_page(1);
    add_shape(page, 100, 300, 2);
    add_shape(page, 200, 300, 80);
    assert_remains(page, "");
}

static void
test_small_picture_and_square_remain(void)
{
    Page *page = build_page(1);
    Mark bullet = {100, 300, 106, 309};
    g_array_append_val(page->images, bullet);
    build_area(page, 100, 400, 108, 408, 0x000000);
    build_area(page, 100, 500, 108, 508, 0xFFFFFF);
    assert_remains(page, "1: 100 300 106 309; 1: 100 400 108 408");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mark-by-itself-remains", test_mark_by_itself_remains);
    g_test_add_func("/marks-that-stand-together-are-one-remainder",
                    test_marks_that_stand_together_are_one_remainder);
    g_test_add_func("/circle-around-a-character-is-of-the-text",
                    test_circle_around_a_character_is_of_the_text);
    g_test_add_func("/ground-of-text-is-of-the-text", test_ground_of_text_is_of_the_text);
    g_test_add_func("/rounded-corner-is-of-its-ruling", test_rounded_corner_is_of_its_ruling);
    g_test_add_func("/marks-of-a-drawing-are-of-the-figure",
                    test_marks_of_a_drawing_are_of_the_figure);
    g_test_add_func("/larger-and-smaller-than-characters-are-none",
                    test_larger_and_smaller_than_characters_are_none);
    g_test_add_func("/small-picture-and-square-remain", test_small_picture_and_square_remain);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of text found in ink. Characters are squares: nothing is read here. */
#include "build.h"
#include "ink-lines.h"

#define WIDTH 2400
#define HEIGHT 1800

static void
fill(PIX *ink, int x, int y, int w, int h, gboolean black)
{
    pixRasterop(ink, x, y, w, h, black ? PIX_SET : PIX_CLR, NULL, 0, 0);
}

/* A row of n squares of this side, with gaps of a fifth of it. */
static void
add_row(PIX *ink, int x, int y, int side, int n)
{
    for (int i = 0; i < n; i++) {
        fill(ink, x + i * side * 6 / 5, y, side, side, TRUE);
    }
}

static InkText
find(PIX *ink)
{
    g_autoptr(GArray) rulings = g_array_new(FALSE, FALSE, sizeof(Ruling));
    g_autoptr(GArray) grounds = g_array_new(FALSE, FALSE, sizeof(Rect));
    return ink_text_find(ink, rulings, grounds);
}

/* How many lines lie in x from … and are so high. */
static guint
count_lines(const InkText *text, int from, int to, int height)
{
    guint n = 0;
    for (guint i = 0; i < text->lines->len; i++) {
        const InkLine *line = &g_array_index(text->lines, InkLine, i);
        n += line->x0 >= from && line->x1 <= to && line->y1 - line->y0 == height;
    }
    return n;
}

static void
test_lines_of_small_print_are_not_put_together(void)
{
    g_autoptr(PIX) ink = pixCreate(WIDTH, HEIGHT, 1);
    for (int row = 0; row < 12; row++) {
        add_row(ink, 100, 100 + 70 * row, 40, 20);
    }
    add_row(ink, 1300, 100, 20, 30);
    add_row(ink, 1300, 126, 20, 30);
    InkText text = find(ink);
    g_assert_cmpuint(count_lines(&text, 100, 1200, 40), ==, 12);
    g_assert_cmpuint(count_lines(&text, 1300, WIDTH, 20), ==, 2);
    ink_text_clear(&text);
}

static void
test_title_and_text_beside_it_are_two_lines(void)
{
    g_autoptr(PIX) ink = pixCreate(WIDTH, HEIGHT, 1);
    for (int row = 0; row < 12; row++) {
        add_row(ink, 100, 600 + 70 * row, 40, 20);
    }
    add_row(ink, 100, 100, 80, 5);
    add_row(ink, 605, 120, 40, 20);
    InkText text = find(ink);
    g_assert_cmpuint(count_lines(&text, 100, 590, 80), ==, 1);
    g_assert_cmpuint(count_lines(&text, 600, WIDTH, 40), ==, 1);
    ink_text_clear(&text);
}

/* Beside lines of a larger size, in one block with them. */
static void
test_line_of_lower_characters_has_their_size(void)
{
    g_autoptr(PIX) ink = pixCreate(WIDTH, HEIGHT, 1);
    for (int row = 0; row < 6; row++) {
        add_row(ink, 100, 100 + 70 * row, 50, 20);
    }
    add_row(ink, 100, 520, 36, 30);
    InkText text = find(ink);
    guint n = 0;
    for (guint i = 0; i < text.lines->len; i++) {
        const InkLine *line = &g_array_index(text.lines, InkLine, i);
        n += line->y0 == 520 && line->em >= 36 && line->em <= 42;
    }
    g_assert_cmpuint(n, ==, 1);
    ink_text_clear(&text);
}

/* Outlines that touch: a band with the bodies of letters left white. */
static void
test_title_of_outlined_letters_is_a_line(void)
{
    g_autoptr(PIX) ink = pixCreate(WIDTH, HEIGHT, 1);
    fill(ink, 100, 100, 1000, 80, TRUE);
    for (int i = 0; i < 12; i++) {
        fill(ink, 110 + 80 * i, 112, 44, 56, FALSE);
    }
    InkText text = find(ink);
    g_assert_cmpuint(text.figures->len, ==, 0);
    g_assert_cmpuint(text.lines->len, ==, 1);
    ink_text_clear(&text);
}

static void
test_band_without_letters_is_a_figure(void)
{
    g_autoptr(PIX) ink = pixCreate(WIDTH, HEIGHT, 1);
    fill(ink, 100, 100, 1000, 80, TRUE);
    fill(ink, 140, 112, 900, 56, FALSE);
    InkText text = find(ink);
    g_assert_cmpuint(text.figures->len, ==, 1);
    g_assert_cmpuint(text.lines->len, ==, 0);
    ink_text_clear(&text);
}

/* Characters of a fixed width below each other, lines closer than characters. */
static void
test_tight_lines_are_level(void)
{
    g_autoptr(PIX) ink = pixCreate(WIDTH, HEIGHT, 1);
    for (int row = 0; row < 12; row++) {
        add_row(ink, 1000, 100 + 70 * row, 40, 20);
    }
    for (int row = 0; row < 2; row++) {
        for (int i = 0; i < 3; i++) {
            fill(ink, 100 + 45 * i, 100 + 41 * row, 40, 40, TRUE);
        }
    }
    for (int row = 0; row < 2; row++) {
        for (int i = 0; i < 3; i++) {
            fill(ink, 400 + 54 * i, 100 + 42 * row, 40, 40, TRUE);
        }
    }
    InkText text = find(ink);
    for (guint i = 0; i < text.lines->len; i++) {
        g_assert_false(g_array_index(text.lines, InkLine, i).vertical);
    }
    ink_text_clear(&text);
}

static void
test_columns_apart_are_vertical(void)
{
    g_autoptr(PIX) ink = pixCreate(WIDTH, HEIGHT, 1);
    for (int column = 0; column < 4; column++) {
        for (int i = 0; i < 12; i++) {
            fill(ink, 100 + 62 * column, 100 + 42 * i, 40, 40, TRUE);
        }
    }
    InkText text = find(ink);
    g_assert_cmpuint(text.lines->len, ==, 4);
    g_assert_true(g_array_index(text.lines, InkLine, 0).vertical);
    ink_text_clear(&text);
}

/* A border of flowers, or the cover beneath a page. */
static void
test_what_goes_around_the_page_is_no_figure(void)
{
    g_autoptr(PIX) ink = pixCreate(WIDTH, HEIGHT, 1);
    fill(ink, 0, 0, WIDTH, HEIGHT, TRUE);
    fill(ink, 60, 60, WIDTH - 120, HEIGHT - 120, FALSE);
    for (int row = 0; row < 12; row++) {
        add_row(ink, 300, 300 + 70 * row, 40, 20);
    }
    fill(ink, 1600, 400, 400, 400, TRUE);
    InkText text = find(ink);
    g_assert_cmpuint(count_lines(&text, 300, 1500, 40), ==, 12);
    g_assert_cmpuint(text.figures->len, ==, 1);
    g_assert_cmpfloat(g_array_index(text.figures, Rect, 0).x0, >, 1500);
    ink_text_clear(&text);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lines-of-small-print-are-not-put-together",
                    test_lines_of_small_print_are_not_put_together);
    g_test_add_func("/title-and-text-beside-it-are-two-lines",
                    test_title_and_text_beside_it_are_two_lines);
    g_test_add_func("/line-of-lower-characters-has-their-size",
                    test_line_of_lower_characters_has_their_size);
    g_test_add_func("/title-of-outlined-letters-is-a-line",
                    test_title_of_outlined_letters_is_a_line);
    g_test_add_func("/band-without-letters-is-a-figure", test_band_without_letters_is_a_figure);
    g_test_add_func("/tight-lines-are-level", test_tight_lines_are_level);
    g_test_add_func("/columns-apart-are-vertical", test_columns_apart_are_vertical);
    g_test_add_func("/ink-lines/around", test_what_goes_around_the_page_is_no_figure);
    return g_test_run();
}

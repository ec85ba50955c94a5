/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit.h"

#include <string.h>

/* One level line of characters, 10 points high, of these widths. */
typedef struct {
    Look look;
    Scan scan;
    ZoneText text;
} Line;

static void
line_init(Line *line, const char *chars, const double *widths)
{
    InkLine ink = {.vertical = FALSE};
    double x = 0;
    memset(line, 0, sizeof *line);
    line->look.scan = &line->scan;
    line->scan.text.lines = g_array_new(FALSE, FALSE, sizeof(InkLine));
    g_array_append_val(line->scan.text.lines, ink);
    line->look.chars = g_array_new(FALSE, FALSE, sizeof(SeenChar));
    line->text.seen = g_array_new(FALSE, FALSE, sizeof(guint));
    for (const char *p = chars; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        double width = widths[line->text.n];
        SeenChar seen = {.c = g_utf8_get_char(p), .confidence = 1, .box = {x, 0, x + width, 10}};
        g_array_append_val(line->text.seen, line->text.n);
        g_array_append_val(line->look.chars, seen);
        line->text.n++;
        x += width;
    }
}

static void
line_clear(Line *line)
{
    g_array_unref(line->scan.text.lines);
    g_array_unref(line->look.chars);
    g_array_unref(line->text.seen);
}

static void
test_even_line_is_neither(void)
{
    Line line;
    const double widths[] = {10, 10, 10, 9.5, 5, 5, 5};
    line_init(&line, "令和六年123", widths);
    g_assert_false(fit_is_squeezed(&line.text, &line.look, 2, 3));
    g_assert_false(fit_is_stretched(&line.text, &line.look, 2, 3));
    line_clear(&line);
}

/* 過失 read as 過和失, whose last two share the ink of one. */
static void
test_one_too_many_is_squeezed(void)
{
    Line line;
    const double widths[] = {10, 10, 10, 5, 5, 10, 10};
    line_init(&line, "若しは過和失く", widths);
    g_assert_true(fit_is_squeezed(&line.text, &line.look, 4, 5));
    line_clear(&line);
}

static void
test_one_too_few_is_stretched(void)
{
    Line line;
    const double widths[] = {10, 10, 20, 10, 10};
    line_init(&line, "起債起の目", widths);
    g_assert_true(fit_is_stretched(&line.text, &line.look, 3, 3));
    line_clear(&line);
}

static void
test_marks_may_have_any_width(void)
{
    Line line;
    const double widths[] = {5, 5, 2, 5, 10};
    line_init(&line, "12.5％", widths);
    g_assert_false(fit_is_squeezed(&line.text, &line.look, 1, 2));
    line_clear(&line);
}

/* ▲83 read as ▲3, whose triangle has the ink of two. */
static void
test_no_mark_is_longer_than_an_em(void)
{
    Line line;
    const double widths[] = {13, 5, 2, 5, 5};
    line_init(&line, "▲3.92", widths);
    g_assert_true(fit_is_stretched(&line.text, &line.look, 1, 1));
    line_clear(&line);
}

static void
test_percent_is_two_digits_wide(void)
{
    Line line;
    const double widths[] = {5, 2, 5, 5, 5};
    line_init(&line, "1.296", widths);
    g_assert_cmpfloat_with_epsilon(fit_in_digits(&line.text, &line.look, 3, 5), 2, 0.01);
    line_clear(&line);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fit/even-line-is-neither", test_even_line_is_neither);
    g_test_add_func("/fit/one-too-many-is-squeezed", test_one_too_many_is_squeezed);
    g_test_add_func("/fit/one-too-few-is-stretched", test_one_too_few_is_stretched);
    g_test_add_func("/fit/marks-may-have-any-width", test_marks_may_have_any_width);
    g_test_add_func("/fit/no-mark-is-longer-than-an-em", test_no_mark_is_longer_than_an_em);
    g_test_add_func("/fit/percent-is-two-digits-wide", test_percent_is_two_digits_wide);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks at the ends of lines, told by their outline. Text is squares: nothing is read here. */
#include "list-marks.h"

#include <math.h>

#define EM 50
#define SIDE 42
#define TOP 20
#define LENGTH 600

/* A polygon in the square −1 … 1. */
typedef struct {
    guint n;
    double points[40][2];
} Outline;

static Outline
regular(guint n, double turn, double inner)
{
    Outline outline = {.n = inner > 0 ? 2 * n : n};
    for (guint i = 0; i < outline.n; i++) {
        double angle = turn + 2 * G_PI * i / outline.n, r = inner > 0 && i % 2 == 1 ? inner : 1;
        outline.points[i][0] = r * cos(angle);
        outline.points[i][1] = r * sin(angle);
    }
    return outline;
}

static Outline
outline_of(gunichar c)
{
    switch (c) {
    case 0x25CF: /* ● */
    case 0x25CB: /* ○ */
        return regular(40, 0, 0);
    case 0x25C6: /* ◆ */
    case 0x25C7: /* ◇ */
        return regular(4, 0, 0);
    case 0x2605: /* ★ */
    case 0x2606: /* ☆ */
        return regular(5, -G_PI / 2, 0.382);
    case 0x25B2: /* ▲ */
        return (Outline){3, {{0, -1}, {1, 1}, {-1, 1}}};
    default: /* ■ □ */
        return (Outline){4, {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}};
    }
}

static gboolean
is_inside(const Outline *o, double x, double y)
{
    gboolean in = FALSE;
    for (guint i = 0, k = o->n - 1; i < o->n; k = i++) {
        const double *a = o->points[i], *b = o->points[k];
        if ((a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]) {
            in = !in;
        }
    }
    return in;
}

static void
draw(PIX *ink, int left, gunichar c, double size)
{
    Outline outline = outline_of(c);
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            double u = (x + 0.5 - SIDE / 2.0) / (SIDE / 2.0) / size,
                   v = (y + 0.5 - SIDE / 2.0) / (SIDE / 2.0) / size;
            if (is_inside(&outline, u, v)) {
                pixFlipPixel(ink, left + x, TOP + y);
            }
        }
    }
}

/* Hollow ones are drawn as the difference of two. */
static void
draw_mark(PIX *ink, int left, gunichar c)
{
    static const gunichar hollow[] = {0x25CB, 0x25A1, 0x25C7, 0x2606};
    draw(ink, left, c, 1);
    for (guint i = 0; i < G_N_ELEMENTS(hollow); i++) {
        if (hollow[i] == c) {
            draw(ink, left, c, 0.78);
        }
    }
}

static void
draw_text(PIX *ink, int from, int to)
{
    for (int x = from; x + SIDE <= to; x += EM) {
        pixRasterop(ink, x, TOP, SIDE, SIDE * 2 / 3, PIX_SET, NULL, 0, 0);
        pixRasterop(ink, x + SIDE / 2, TOP, 6, SIDE, PIX_SET, NULL, 0, 0);
    }
}

static ListMarks
find(PIX *ink)
{
    InkLine line = {.x0 = 0, .y0 = TOP, .x1 = LENGTH, .y1 = TOP + SIDE, .em = EM};
    ListMarks marks;
    g_assert_true(list_marks_find(ink, &line, NULL, &marks, NULL));
    return marks;
}

static const gunichar all[] = {0x25CF, 0x25CB, 0x25A0, 0x25A1, 0x25C6,
                               0x25C7, 0x2605, 0x2606, 0x25B2};

static void
test_marks_are_told_by_their_outline(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(PIX) ink = pixCreate(LENGTH, 100, 1);
        draw_mark(ink, 0, all[i]);
        draw_text(ink, 70, LENGTH - 70);
        draw_mark(ink, LENGTH - SIDE, all[i]);
        ListMarks marks = find(ink);
        g_assert_cmphex(marks.first.unicode, ==, all[i]);
        g_assert_cmphex(marks.last.unicode, ==, all[i]);
        g_assert_cmpint(marks.text.x0, ==, 70);
        g_assert_cmpint(marks.text.x1, <, LENGTH - SIDE);
    }
}

static void
test_text_alone_has_no_marks(void)
{
    g_autoptr(PIX) ink = pixCreate(LENGTH, 100, 1);
    draw_text(ink, 0, LENGTH);
    ListMarks marks = find(ink);
    g_assert_false(list_marks_are_any(&marks));
    g_assert_cmpint(marks.text.x0, ==, 0);
    g_assert_cmpint(marks.text.x1, ==, LENGTH);
}

static void
test_mark_alone_is_left_to_the_recogniser(void)
{
    g_autoptr(PIX) ink = pixCreate(LENGTH, 100, 1);
    draw_mark(ink, 0, 0x25CF);
    ListMarks marks = find(ink);
    g_assert_false(list_marks_are_any(&marks));
}

static void
test_hollow_square_close_to_text_may_be_a_character(void)
{
    g_autoptr(PIX) ink = pixCreate(LENGTH, 100, 1);
    draw_mark(ink, 0, 0x25A1);
    draw_text(ink, SIDE + 8, LENGTH);
    ListMarks marks = find(ink);
    g_assert_false(list_marks_are_any(&marks));
}

static void
test_circle_before_a_letter_is_a_letter(void)
{
    g_autoptr(PIX) ink = pixCreate(LENGTH, 100, 1);
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    draw_mark(ink, 0, 0x25CB);
    draw_text(ink, SIDE + 8, LENGTH);
    ListMarks marks = find(ink);
    Symbol symbol = {.unicode = 'E', .confidence = 1};
    g_array_append_val(symbols, symbol);
    g_assert_false(list_marks_put(&marks, symbols));
    g_array_index(symbols, Symbol, 0).unicode = 0x6751; /* 村 */
    g_assert_true(list_marks_put(&marks, symbols));
    g_assert_cmphex(g_array_index(symbols, Symbol, 0).unicode, ==, 0x25CB);
    g_assert_cmpuint(symbols->len, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/list-marks/outline", test_marks_are_told_by_their_outline);
    g_test_add_func("/list-marks/text", test_text_alone_has_no_marks);
    g_test_add_func("/list-marks/alone", test_mark_alone_is_left_to_the_recogniser);
    g_test_add_func("/list-marks/square", test_hollow_square_close_to_text_may_be_a_character);
    g_test_add_func("/list-marks/letter", test_circle_before_a_letter_is_a_letter);
    return g_test_run();
}

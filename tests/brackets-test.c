/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brackets that were read as a part of the character beside them. Text is squares. */
#include "brackets.h"

#include <math.h>

#define EM 50
#define HIGH 46
#define LENGTH 150

/* A bow from top to bottom, or a straight stroke. */
static void
draw_stroke(PIX *ink, int x, int bend)
{
    for (int y = 0; y < HIGH; y++) {
        double away = 1 - pow(2.0 * y / (HIGH - 1) - 1, 2);
        pixRasterop(ink, x + (int)(bend * away), y, 4, 1, PIX_SET, NULL, 0, 0);
    }
}

static GArray *
symbols_of(const gunichar *text, guint n)
{
    GArray *symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    for (guint i = 0; i < n; i++) {
        Symbol s = {.unicode = text[i], .confidence = 1};
        g_array_append_val(symbols, s);
    }
    return symbols;
}

/* Is a bracket missing in a line of this ink at either end and a square between? ret: where the
 * text without it begins and ends. */
static gboolean
is_missing(int bend_first, int bend_last, const gunichar *text, guint n, InkLine *ret)
{
    g_autoptr(PIX) ink = pixCreate(LENGTH, EM, 1);
    g_autoptr(GArray) symbols = symbols_of(text, n);
    InkLine line = {.x0 = 0, .y0 = 0, .x1 = LENGTH, .y1 = HIGH, .em = EM};
    gboolean last = FALSE;
    draw_stroke(ink, bend_first < 0 ? 12 : 0, bend_first);
    pixRasterop(ink, 50, 5, 40, 36, PIX_SET, NULL, 0, 0);
    draw_stroke(ink, bend_last > 0 ? LENGTH - 16 : LENGTH - 4, bend_last);
    gboolean missing = bracket_is_missing(ink, &line, symbols, ret, &last);
    if (missing) {
        bracket_put(&line, ret, last, symbols);
        guint at = last ? symbols->len - 1 : 0;
        g_assert_cmphex(g_array_index(symbols, Symbol, at).unicode, ==, last ? ')' : '(');
    }
    return missing;
}

static void
test_opening_bracket_is_seen_in_the_ink(void)
{
    InkLine text;
    g_assert_true(is_missing(-12, 12, (const gunichar[]){0x306B, ')'}, 2, &text));
    g_assert_cmpint(text.x0, ==, 50);
    g_assert_cmpint(text.x1, ==, LENGTH);
}

static void
test_closing_bracket_is_seen_in_the_ink(void)
{
    InkLine text;
    g_assert_true(is_missing(-12, 12, (const gunichar[]){'(', 0x306B}, 2, &text));
    g_assert_cmpint(text.x0, ==, 0);
    g_assert_cmpint(text.x1, ==, 90);
}

static void
test_straight_strokes_are_no_brackets(void)
{
    InkLine text;
    g_assert_false(is_missing(0, 12, (const gunichar[]){0x306B, ')'}, 2, &text));
}

static void
test_brackets_that_were_read_are_not_missing(void)
{
    InkLine text;
    g_assert_false(is_missing(-12, 12, (const gunichar[]){'(', 0x30CB, ')'}, 3, &text));
    g_assert_false(is_missing(-12, 12, (const gunichar[]){0x306B, 0x30CB}, 2, &text));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/brackets/opening", test_opening_bracket_is_seen_in_the_ink);
    g_test_add_func("/brackets/closing", test_closing_bracket_is_seen_in_the_ink);
    g_test_add_func("/brackets/straight", test_straight_strokes_are_no_brackets);
    g_test_add_func("/brackets/read", test_brackets_that_were_read_are_not_missing);
    return g_test_run();
}

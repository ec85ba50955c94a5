/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Angles at the start of a line, by their ink. Text is squares. */
#include "signs.h"

#include <stdlib.h>

#define EM 48
#define HIGH 44
#define LENGTH 240

/* An angle that opens, 20 pixels wide. */
static void
draw_angle(PIX *ink, int x)
{
    for (int y = 0; y < HIGH; y++) {
        pixRasterop(ink, x + abs(y - HIGH / 2) * 16 / (HIGH / 2), y, 4, 1, PIX_SET, NULL, 0, 0);
    }
}

/* The first characters of a line that begins with so many angles and was read as this text. */
static void
first_two(guint angles, const gunichar *text, guint n, gunichar ret[2])
{
    g_autoptr(PIX) ink = pixCreate(LENGTH, EM, 1);
    const InkLine line = {.x1 = LENGTH, .y1 = HIGH, .em = EM};
    int x = 4;
    for (guint i = 0; i < angles; i++, x += 26) {
        draw_angle(ink, x);
    }
    for (x += 4; x + 40 < LENGTH; x += 50) {
        pixRasterop(ink, x, 2, 40, 40, PIX_SET, NULL, 0, 0);
    }
    g_autofree int *profile = g_new0(int, LENGTH);
    for (int at = 0; at < LENGTH; at++) {
        for (int y = 0; y < HIGH; y++) {
            l_uint32 dark = 0;
            pixGetPixel(ink, at, y, &dark);
            profile[at] += (int)dark;
        }
    }
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    for (guint i = 0; i < n; i++) {
        const Symbol s = {.unicode = text[i], .confidence = 1};
        g_array_append_val(symbols, s);
    }
    signs_find(ink, profile, &line, symbols);
    ret[0] = g_array_index(symbols, Symbol, 0).unicode;
    ret[1] = g_array_index(symbols, Symbol, 1).unicode;
}

static void
test_one_angle_that_is_read_twice_is_one(void)
{
    const gunichar text[] = {'<', '<', 0x4EE4, 0x548C};
    gunichar got[2];
    first_two(1, text, G_N_ELEMENTS(text), got);
    g_assert_cmpuint(got[0], ==, '<');
    g_assert_cmpuint(got[1], ==, 0x4EE4);
    first_two(2, text, G_N_ELEMENTS(text), got);
    g_assert_cmpuint(got[1], ==, '<');
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signs/one angle that is read twice is one",
                    test_one_angle_that_is_read_twice_is_one);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of pixels, against leptonica's own opening and closing. */
#include "build.h"
#include "pixel-runs.h"
#include "raster.h"

/* No multiple of 4, 32 or of what is looked at together. */
#define WIDTH 301
#define HEIGHT 203

/* Specks and bars of all lengths, some over the edge. */
static PIX *
ink(guint32 seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    PIX *pix = pixCreate(WIDTH, HEIGHT, 1);
    for (int i = 0; i < 400; i++) {
        int w = g_rand_int_range(rand, 1, i % 20 == 0 ? 90 : 12);
        int h = g_rand_int_range(rand, 1, i % 20 == 1 ? 90 : 12);
        pixRasterop(pix, g_rand_int_range(rand, -8, WIDTH), g_rand_int_range(rand, -8, HEIGHT), w,
                    h, PIX_SET, NULL, 0, 0);
    }
    return pix;
}

static PIX *
grey(guint32 seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    PIX *pix = pixCreate(WIDTH, HEIGHT, 8);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            pixSetPixel(pix, x, y, (l_uint32)g_rand_int_range(rand, 0, 256));
        }
    }
    return pix;
}

static void
assert_same(PIX *a, PIX *b)
{
    int same = 0;
    g_assert_true(pixEqual(a, b, &same) == 0 && same);
}

static const int BRICKS[][2] = {{1, 1}, {71, 1}, {1, 71}, {13, 13}, {6, 5}, {2, 1}, {1, 400}};

static void
test_opening_is_that_of_leptonica(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(BRICKS); i++) {
        g_autoptr(PIX) pix = ink(i);
        g_autoptr(PIX) open = runs_open(pix, BRICKS[i][0], BRICKS[i][1]);
        g_autoptr(PIX) wanted = pixOpenBrick(NULL, pix, BRICKS[i][0], BRICKS[i][1]);
        assert_same(open, wanted);
    }
}

static void
test_closing_is_that_of_leptonica(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(BRICKS); i++) {
        g_autoptr(PIX) pix = ink(i + 100);
        g_autoptr(PIX) closed = runs_close(pix, BRICKS[i][0], BRICKS[i][1]);
        g_autoptr(PIX) wanted = pixCloseSafeBrick(NULL, pix, BRICKS[i][0], BRICKS[i][1]);
        assert_same(closed, wanted);
    }
}

static void
test_darker_than_the_closing_of_leptonica(void)
{
    const int contrast = 90;
    for (int upright = 0; upright < 2; upright++) {
        g_autoptr(PIX) pix = grey((guint32)upright);
        g_autoptr(PIX) darker = runs_darker(pix, 13, upright, contrast);
        g_autoptr(PIX) closed = upright ? pixCloseGray(pix, 13, 1) : pixCloseGray(pix, 1, 13);
        g_autoptr(PIX) by = pixSubtractGray(NULL, closed, pix);
        g_autoptr(PIX) wanted = pixThresholdToBinary(by, contrast);
        pixInvert(wanted, wanted);
        assert_same(darker, wanted);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pixel-runs/opening-is-that-of-leptonica", test_opening_is_that_of_leptonica);
    g_test_add_func("/pixel-runs/closing-is-that-of-leptonica", test_closing_is_that_of_leptonica);
    g_test_add_func("/pixel-runs/darker-than-the-closing-of-leptonica",
                    test_darker_than_the_closing_of_leptonica);
    return g_test_run();
}

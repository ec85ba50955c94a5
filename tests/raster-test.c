/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dark grounds of a picture turned over, and rulings in its ink. Letters are drawn as bars. */
#include "build.h"
#include "ink-rulings.h"

#define WIDTH 1200
#define HEIGHT 800
#define PAPER 250
#define DARK 60

static PIX *
paper(void)
{
    PIX *grey = pixCreate(WIDTH, HEIGHT, 8);
    pixSetAllArbitrary(grey, PAPER);
    return grey;
}

static void
fill(PIX *grey, int x, int y, int w, int h, l_uint32 value)
{
    BOX *box = boxCreate(x, y, w, h);
    pixSetInRectArbitrary(grey, box, value);
    boxDestroy(&box);
}

/* A light letter like ヨ of this side: it fills .6 of its box. */
static void
add_letter(PIX *grey, int x, int y, int side)
{
    for (int i = 0; i < 3; i++) {
        fill(grey, x, y + i * side * 2 / 5, side, side / 5, PAPER);
    }
    fill(grey, x + side * 4 / 5, y, side / 5, side, PAPER);
}

static l_uint32
value_at(const Raster *raster, int x, int y)
{
    l_uint32 value = 0;
    pixGetPixel(raster->grey, x, y, &value);
    return value;
}

static Raster
raster_of(PIX *grey)
{
    Raster raster;
    g_assert_true(raster_make(grey, RASTER_DPI, 0, &raster));
    return raster;
}

static void
test_light_letter_that_fills_its_box_is_turned_over_among_others(void)
{
    g_autoptr(PIX) grey = paper();
    fill(grey, 200, 200, 800, 120, DARK);
    for (int i = 0; i < 6; i++) {
        add_letter(grey, 260 + 100 * i, 225, 70);
    }
    fill(grey, 860, 225, 70, 70, PAPER); /* such as 国: a box with a kernel */
    fill(grey, 880, 245, 30, 30, DARK);
    Raster raster = raster_of(grey);
    g_assert_cmpuint(raster.dark->len, ==, 1);
    g_assert_cmpuint(value_at(&raster, 290, 230), <, 100);
    g_assert_cmpuint(value_at(&raster, 870, 260), <, 100);
    g_assert_cmpuint(value_at(&raster, 895, 260), >, 200);
    raster_clear(&raster);
}

static void
test_white_box_by_itself_on_a_dark_ground_stays_white(void)
{
    g_autoptr(PIX) grey = paper();
    fill(grey, 200, 200, 800, 120, DARK);
    for (int i = 0; i < 3; i++) {
        add_letter(grey, 240 + 60 * i, 240, 40);
    }
    fill(grey, 700, 215, 200, 90, PAPER);
    add_letter(grey, 720, 240, 30);
    Raster raster = raster_of(grey);
    g_assert_cmpuint(value_at(&raster, 850, 260), >, 200);
    raster_clear(&raster);
}

/* As scanned: of no grey there is more than of white, which the letters are. */
static void
test_ground_of_many_greys_is_turned_over(void)
{
    g_autoptr(PIX) grey = paper();
    for (int x = 0; x < 800; x++) {
        fill(grey, 200 + x, 200, 1, 120, (l_uint32)(50 + x % 30));
    }
    for (int i = 0; i < 6; i++) {
        add_letter(grey, 260 + 100 * i, 225, 70);
    }
    Raster raster = raster_of(grey);
    g_assert_cmpuint(raster.dark->len, ==, 1);
    g_assert_cmpuint(value_at(&raster, 290, 230), <, 100);
    g_assert_cmpuint(value_at(&raster, 900, 260), >, 200);
    raster_clear(&raster);
}

/* Outlines of letters: bays of their edge are paper, not letters. */
static void
test_paper_along_the_edge_of_a_dark_ground_stays_white(void)
{
    g_autoptr(PIX) grey = paper();
    fill(grey, 200, 200, 600, 120, DARK);
    fill(grey, 480, 196, 4, 24, PAPER); /* narrower than the gaps that are closed */
    for (int i = 0; i < 5; i++) {
        add_letter(grey, 240 + 100 * i, 225, 70);
    }
    Raster raster = raster_of(grey);
    g_assert_cmpuint(raster.dark->len, ==, 1);
    g_assert_cmpuint(value_at(&raster, 482, 206), >, 200);
    g_assert_cmpuint(value_at(&raster, 270, 230), <, 100);
    raster_clear(&raster);
}

static void
test_dense_character_is_no_dark_ground(void)
{
    g_autoptr(PIX) grey = paper();
    fill(grey, 400, 400, 40, 40, 130);
    fill(grey, 412, 412, 6, 6, PAPER);
    Raster raster = raster_of(grey);
    g_assert_cmpuint(raster.dark->len, ==, 0);
    raster_clear(&raster);
}

static void
test_large_dark_ground_with_one_letter_is_turned_over(void)
{
    g_autoptr(PIX) grey = paper();
    fill(grey, 100, 100, 1000, 600, DARK);
    add_letter(grey, 500, 300, 40);
    Raster raster = raster_of(grey);
    g_assert_cmpuint(raster.dark->len, ==, 1);
    g_assert_cmpuint(value_at(&raster, 515, 303), <, 100);
    g_assert_cmpuint(value_at(&raster, 300, 300), >, 200);
    raster_clear(&raster);
}

/* ---- rulings ---- */

static guint
rulings_in(PIX *grey)
{
    Raster raster = raster_of(grey);
    g_autoptr(GArray) rulings = g_array_new(FALSE, TRUE, sizeof(Ruling));
    g_autoptr(GArray) leaders = g_array_new(FALSE, FALSE, sizeof(Rect));
    g_autoptr(PIX) rest = NULL;
    ink_rulings_find(&raster, rulings, leaders, &rest);
    raster_clear(&raster);
    return rulings->len;
}

static void
test_dashes_below_each_other_are_a_ruling(void)
{
    g_autoptr(PIX) grey = paper();
    for (int i = 0; i < 10; i++) {
        fill(grey, 600, 100 + 32 * i, 3, 20, 0);
    }
    g_assert_cmpuint(rulings_in(grey), ==, 1);
}

/* The last characters of tightly set lines: upright strokes with white on one side, and each tied
 * to the rest of its character by a thin stroke on the other. */
static void
test_strokes_of_characters_below_each_other_are_no_ruling(void)
{
    g_autoptr(PIX) grey = paper();
    for (int i = 0; i < 10; i++) {
        fill(grey, 600, 100 + 32 * i, 3, 20, 0);
        fill(grey, 580, 110 + 32 * i, 20, 2, 0);
        fill(grey, 578, 100 + 32 * i, 3, 20, 0);
    }
    g_assert_cmpuint(rulings_in(grey), ==, 0);
}

/* Thin strokes of small print that was photographed: hardly darker than the usual threshold, and
 * blurred; large dark things beside them. */
static void
test_pale_strokes_stay_whole_beside_a_dark_cover(void)
{
    g_autoptr(PIX) grey = paper();
    fill(grey, 0, 0, 150, HEIGHT, 0);
    for (int i = 0; i < 40; i++) {
        fill(grey, 250 + 20 * i, 300, 12, 4, 195);
        fill(grey, 250 + 20 * i, 340, 12, 4, 150);
    }
    Raster raster = raster_of(grey);
    BOX *pale = boxCreate(240, 290, 900, 20), *dark = boxCreate(240, 330, 900, 20);
    int n[2] = {0};
    pixCountPixelsInRect(raster.ink, pale, &n[0], NULL);
    pixCountPixelsInRect(raster.ink, dark, &n[1], NULL);
    boxDestroy(&pale);
    boxDestroy(&dark);
    g_assert_cmpint(n[1], >=, 1440); /* three bars of 40 by 12 */
    g_assert_cmpint(n[0], >=, 1440);
    raster_clear(&raster);
}

/* Letters of one grey on paper that is a little uneven, as scans are. */
static Raster
raster_of_letters(l_uint32 value)
{
    g_autoptr(PIX) grey = paper();
    g_autoptr(GRand) dice = g_rand_new_with_seed(5);
    for (int i = 0; i < 8; i++) {
        fill(grey, 200 + 80 * i, 300, 50, 8, value);
        fill(grey, 220 + 80 * i, 300, 8, 50, value);
    }
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            l_uint32 was = 0;
            pixGetPixel(grey, x, y, &was);
            pixSetPixel(grey, x, y, was - (l_uint32)g_rand_int_range(dice, 0, 7));
        }
    }
    return raster_of(grey);
}

static void
test_marks_are_ink_however_pale_if_there_are_no_others(void)
{
    Raster pale = raster_of_letters(PAPER - 30), dark = raster_of_letters(DARK),
           blank = raster_of_letters(PAPER);
    int n[3] = {0};
    pixCountPixels(pale.ink, &n[0], NULL);
    pixCountPixels(dark.ink, &n[1], NULL);
    pixCountPixels(blank.ink, &n[2], NULL);
    g_assert_true(pale.pale && !dark.pale && !blank.pale);
    g_assert_cmpint(abs(n[0] - n[1]), <, n[1] / 10);
    g_assert_cmpint(n[2], ==, 0);
    g_assert_cmpuint(value_at(&pale, 225, 330), <, 80);
    raster_clear(&pale);
    raster_clear(&dark);
    raster_clear(&blank);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/light-letter-that-fills-its-box-is-turned-over-among-others",
                    test_light_letter_that_fills_its_box_is_turned_over_among_others);
    g_test_add_func("/white-box-by-itself-on-a-dark-ground-stays-white",
                    test_white_box_by_itself_on_a_dark_ground_stays_white);
    g_test_add_func("/ground-of-many-greys-is-turned-over",
                    test_ground_of_many_greys_is_turned_over);
    g_test_add_func("/paper-along-the-edge-of-a-dark-ground-stays-white",
                    test_paper_along_the_edge_of_a_dark_ground_stays_white);
    g_test_add_func("/dense-character-is-no-dark-ground", test_dense_character_is_no_dark_ground);
    g_test_add_func("/large-dark-ground-with-one-letter-is-turned-over",
                    test_large_dark_ground_with_one_letter_is_turned_over);
    g_test_add_func("/dashes-below-each-other-are-a-ruling",
                    test_dashes_below_each_other_are_a_ruling);
    g_test_add_func("/strokes-of-characters-below-each-other-are-no-ruling",
                    test_strokes_of_characters_below_each_other_are_no_ruling);
    g_test_add_func("/marks-are-ink-however-pale-if-there-are-no-others",
                    test_marks_are_ink_however_pale_if_there_are_no_others);
    g_test_add_func("/pale-strokes-stay-whole-beside-a-dark-cover",
                    test_pale_strokes_stay_whole_beside_a_dark_cover);
    return g_test_run();
}

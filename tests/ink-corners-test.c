/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sides of boxes with round corners, made to meet. */
#include "ink-corners.h"

#include <math.h>

#define WIDTH 1200
#define HEIGHT 800
#define THICK 4
/* The box that is drawn, pixels. */
#define LEFT 200
#define TOP 100
#define RIGHT 1000
#define BOTTOM 600

static void
fill(PIX *ink, int x, int y, int w, int h)
{
    pixRasterop(ink, x, y, w, h, PIX_SET, NULL, 0, 0);
}

static void
dot(PIX *ink, double x, double y)
{
    fill(ink, (int)x - THICK / 2, (int)y - THICK / 2, THICK, THICK);
}

/* The bow of one corner, whose circle's centre is (x, y), from one angle on for a quarter. */
static void
draw_bow(PIX *ink, int x, int y, int radius, int from)
{
    for (int degrees = from; degrees <= from + 90; degrees++) {
        dot(ink, x + radius * cos(degrees * G_PI / 180), y + radius * sin(degrees * G_PI / 180));
    }
}

static PIX *
bows_draw(int radius)
{
    PIX *ink = pixCreate(WIDTH, HEIGHT, 1);
    draw_bow(ink, LEFT + radius, TOP + radius, radius, 180);
    draw_bow(ink, RIGHT - radius, TOP + radius, radius, 270);
    draw_bow(ink, RIGHT - radius, BOTTOM - radius, radius, 0);
    draw_bow(ink, LEFT + radius, BOTTOM - radius, radius, 90);
    return ink;
}

static void
add_ruling(GArray *rulings, PIX *lines, int x0, int y0, int x1, int y1)
{
    float scale = (float)RASTER_SCALE;
    Ruling ruling = {.x0 = (float)x0 / scale,
                     .y0 = (float)y0 / scale,
                     .x1 = (float)x1 / scale,
                     .y1 = (float)y1 / scale,
                     .width = THICK / scale};
    g_array_append_val(rulings, ruling);
    fill(lines, x0 - THICK / 2, y0 - THICK / 2, x1 - x0 + THICK, y1 - y0 + THICK);
}

/* The straight sides of the box; drawn into `lines`. */
static GArray *
sides_draw(PIX *lines, int radius)
{
    GArray *rulings = g_array_new(FALSE, TRUE, sizeof(Ruling));
    add_ruling(rulings, lines, LEFT + radius, TOP, RIGHT - radius, TOP);
    add_ruling(rulings, lines, LEFT + radius, BOTTOM, RIGHT - radius, BOTTOM);
    add_ruling(rulings, lines, LEFT, TOP + radius, LEFT, BOTTOM - radius);
    add_ruling(rulings, lines, RIGHT, TOP + radius, RIGHT, BOTTOM - radius);
    return rulings;
}

/* How many ends of rulings lie on corners of the box. */
static guint
ends_on_corners(GArray *rulings)
{
    guint n = 0;
    for (guint i = 0; i < rulings->len; i++) {
        const Ruling *r = &g_array_index(rulings, Ruling, i);
        double ends[2][2] = {{(double)r->x0, (double)r->y0}, {(double)r->x1, (double)r->y1}};
        for (int k = 0; k < 2; k++) {
            double x = ends[k][0] * RASTER_SCALE, y = ends[k][1] * RASTER_SCALE;
            n += (fabs(x - LEFT) < 1 || fabs(x - RIGHT) < 1) &&
                 (fabs(y - TOP) < 1 || fabs(y - BOTTOM) < 1);
        }
    }
    return n;
}

static int
count(PIX *ink)
{
    int n = 0;
    pixCountPixels(ink, &n, NULL);
    return n;
}

static void
test_sides_of_a_box_with_round_corners_meet(void)
{
    for (int radius = 20; radius <= 160; radius *= 2) {
        g_autoptr(PIX) rest = bows_draw(radius);
        g_autoptr(PIX) lines = pixCopy(NULL, rest);
        g_autoptr(GArray) rulings = sides_draw(lines, radius);
        fill(rest, 500, 300, 40, 40);
        ink_corners_join(rulings, lines, rest);
        g_assert_cmpuint(ends_on_corners(rulings), ==, 8);
        g_assert_cmpint(count(rest), ==, 1600);
    }
}

static void
test_sides_without_bows_stay_apart(void)
{
    g_autoptr(PIX) rest = pixCreate(WIDTH, HEIGHT, 1);
    g_autoptr(PIX) lines = pixCreate(WIDTH, HEIGHT, 1);
    g_autoptr(GArray) rulings = sides_draw(lines, 60);
    ink_corners_join(rulings, lines, rest);
    g_assert_cmpuint(ends_on_corners(rulings), ==, 0);
}

static void
test_text_between_two_ends_is_no_bow(void)
{
    g_autoptr(PIX) rest = pixCreate(WIDTH, HEIGHT, 1);
    fill(rest, LEFT, TOP, 60, 60);
    g_autoptr(PIX) lines = pixCopy(NULL, rest);
    g_autoptr(GArray) rulings = sides_draw(lines, 60);
    ink_corners_join(rulings, lines, rest);
    g_assert_cmpuint(ends_on_corners(rulings), ==, 0);
    g_assert_cmpint(count(rest), ==, 3600);
}

/* A label's outline, its ends round or square, around squares for characters. */
static PIX *
outline_draw(gboolean is_round, gboolean holds)
{
    PIX *ink = pixCreate(WIDTH, HEIGHT, 1);
    int radius = 30, right = 400;
    fill(ink, LEFT + radius, TOP - 2, right - LEFT - 2 * radius, THICK);
    fill(ink, LEFT + radius, TOP + 2 * radius - 2, right - LEFT - 2 * radius, THICK);
    for (int i = 0; i < 2 && is_round; i++) {
        draw_bow(ink, LEFT + radius, TOP + radius, radius, 90 + 90 * i);
        draw_bow(ink, right - radius, TOP + radius, radius, 270 + 90 * i);
    }
    if (!is_round) {
        fill(ink, LEFT, TOP - 2, right - LEFT, THICK);
        fill(ink, LEFT, TOP + 2 * radius - 2, right - LEFT, THICK);
        fill(ink, LEFT, TOP, THICK, 2 * radius);
        fill(ink, right - THICK, TOP, THICK, 2 * radius);
    }
    for (int i = 0; i < 3 && holds; i++) {
        fill(ink, LEFT + 40 + 42 * i, TOP + 15, 32, 32);
    }
    return ink;
}

/* How much ink is left of it, its upper side being known as a ruling, and how many rulings. */
static int
left_of_outline(gboolean is_round, gboolean holds, guint *ret_rulings)
{
    g_autoptr(PIX) ink = outline_draw(is_round, holds), rest = pixCopy(NULL, ink);
    g_autoptr(PIX) drawn = pixCreate(WIDTH, HEIGHT, 1);
    g_autoptr(GArray) rulings = g_array_new(FALSE, TRUE, sizeof(Ruling));
    add_ruling(rulings, drawn, LEFT + 30, TOP, 370, TOP);
    add_ruling(rulings, drawn, LEFT, BOTTOM, RIGHT, BOTTOM);
    ink_outlines_take(ink, rulings, rest);
    *ret_rulings = rulings->len;
    return count(rest);
}

static void
test_round_outline_of_a_label_is_taken_away(void)
{
    guint rulings = 0;
    g_assert_cmpint(left_of_outline(TRUE, TRUE, &rulings), ==, 3072);
    g_assert_cmpuint(rulings, ==, 1);
}

static void
test_square_and_empty_outlines_stay(void)
{
    guint rulings = 0;
    g_assert_cmpint(left_of_outline(FALSE, TRUE, &rulings), >, 3072);
    g_assert_cmpuint(rulings, ==, 2);
    g_assert_cmpint(left_of_outline(TRUE, FALSE, &rulings), >, 0);
    g_assert_cmpuint(rulings, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ink-corners/meet", test_sides_of_a_box_with_round_corners_meet);
    g_test_add_func("/ink-corners/no-bows", test_sides_without_bows_stay_apart);
    g_test_add_func("/ink-corners/text", test_text_between_two_ends_is_no_bow);
    g_test_add_func("/ink-corners/outline", test_round_outline_of_a_label_is_taken_away);
    g_test_add_func("/ink-corners/no-outline", test_square_and_empty_outlines_stay);
    return g_test_run();
}

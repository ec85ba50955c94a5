/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page's images into pictures to look into. */
#include "build.h"
#include "regions.h"

static void
add_image(Page *page, double x0, double y0, double x1, double y1)
{
    Mark mark = {(float)x0, (float)y0, (float)x1, (float)y1};
    g_array_append_val(page->images, mark);
}

static void
test_tiles_are_one_picture(void)
{
    Page *page = build_page(1);
    add_image(page, 50, 50, 300, 150);
    add_image(page, 50, 150.5, 300, 250);
    add_image(page, 300.4, 50, 500, 150);
    add_image(page, 300.4, 150.5, 500, 250);
    g_autoptr(GArray) regions = regions_find(page);
    g_assert_cmpuint(regions->len, ==, 1);
    page_free(page);
}

static void
test_picture_upon_another_is_one_by_itself(void)
{
    Page *page = build_page(1);
    add_image(page, 0, 0, 600, 800);
    add_image(page, 100, 100, 300, 250);
    g_autoptr(GArray) regions = regions_find(page);
    g_assert_cmpuint(regions->len, ==, 2);
    g_assert_cmpint(region_at(regions, 200, 200), ==, 1);
    g_assert_cmpint(region_at(regions, 500, 500), ==, 0);
    page_free(page);
}

static void
test_pieces_that_touch_are_one_picture(void)
{
    Page *page = build_page(1);
    for (int i = 0; i < 20; i++) {
        add_image(page, 100 + 12 * i, 100 + i % 3, 111 + 12 * i, 120 + i % 2);
    }
    g_autoptr(GArray) regions = regions_find(page);
    g_assert_cmpuint(regions->len, ==, 1);
    page_free(page);
}

static void
test_hidden_text_makes_only_its_own_picture_a_scan(void)
{
    Page *page = build_page(1);
    add_image(page, 50, 50, 300, 250);
    add_image(page, 50, 400, 300, 600);
    build_words(page, 100, 100, "隠された文字の行");
    for (guint i = 0; i < page->glyphs->len; i++) {
        g_array_index(page->glyphs, Glyph, i).hidden = HIDDEN_INVISIBLE;
    }
    g_autoptr(GArray) regions = regions_find(page);
    g_assert_cmpuint(regions->len, ==, 2);
    g_assert_true(g_array_index(regions, PictureRegion, 0).scanned);
    g_assert_false(g_array_index(regions, PictureRegion, 1).scanned);
    page_free(page);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tiles-are-one-picture", test_tiles_are_one_picture);
    g_test_add_func("/picture-upon-another-is-one-by-itself",
                    test_picture_upon_another_is_one_by_itself);
    g_test_add_func("/pieces-that-touch-are-one-picture", test_pieces_that_touch_are_one_picture);
    g_test_add_func("/hidden-text-makes-only-its-own-picture-a-scan",
                    test_hidden_text_makes_only_its_own_picture_a_scan);
    return g_test_run();
}

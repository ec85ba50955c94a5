/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "glyph-picture.h"

#include <string.h>

#include "glyph-crosses.h"

static void
add(GlyphBank *bank, gunichar c, const GlyphPicture *picture, guint times, gint32 at)
{
    GlyphPlace place = {.at = at};
    for (guint i = 0; i < times; i++) {
        glyph_bank_add(bank, c, picture, &place);
    }
}

static void
test_distance(void)
{
    GlyphPicture a = cross(16, 16), moved = cross(17, 17), other = cross(16, -1), nothing = {{0}};
    g_assert_cmpfloat(glyph_picture_distance(&a, &a), ==, 0);
    g_assert_cmpfloat(glyph_picture_distance(&a, &moved), <, 0.2);
    g_assert_cmpfloat(glyph_picture_distance(&a, &other), >, 0.2);
    g_assert_cmpfloat(glyph_picture_distance(&a, &nothing), ==, 1);
    g_assert_cmpfloat(glyph_picture_distance(&nothing, &nothing), ==, 1);
}

/* Half a pixel of shift makes grey edges: that is no other character. */
static void
test_between_pixels(void)
{
    GlyphPicture a = cross(16, -1), half = cross(16, -1);
    for (int y = 6; y < 30; y++) {
        half.ink[y * GLYPH_SIDE + 16] = 128;
        half.ink[y * GLYPH_SIDE + 19] = 128;
    }
    g_assert_cmpfloat(glyph_picture_distance(&a, &half), <, 0.12);
}

static void
test_nearest(void)
{
    g_autoptr(GlyphBank) bank = glyph_bank_new();
    GlyphPicture ten = cross(16, 16), one = cross(16, -1), dash = cross(-1, 16);
    double distance;
    g_assert_cmpuint(glyph_bank_nearest(bank, &ten, &distance), ==, 0);
    g_assert_cmpfloat(distance, ==, 2);
    add(bank, 0x5341, &ten, 2, 0);
    add(bank, '1', &one, 2, 0);
    g_assert_cmpuint(glyph_bank_nearest(bank, &one, &distance), ==, '1');
    g_assert_cmpfloat(glyph_bank_distance(bank, '1', &one), ==, 0);
    g_assert_cmpfloat(glyph_bank_distance(bank, '2', &one), ==, 2);
    g_assert_cmpfloat(glyph_bank_distance(bank, '1', &dash), >, 0.5);
}

static gboolean
always(guint32 c, guint32 like)
{
    (void)c;
    (void)like;
    return TRUE;
}

static gboolean
never(guint32 c, guint32 like)
{
    (void)c;
    (void)like;
    return FALSE;
}

/* One 十 that looks as all the 1 do, and unlike the other 十. */
static void
test_oddities(void)
{
    g_autoptr(GlyphBank) bank = glyph_bank_new();
    GlyphPicture ten = cross(16, 16), one = cross(16, -1);
    add(bank, 0x5341, &ten, 5, 0);
    add(bank, '1', &one, 5, 0);
    g_autoptr(GArray) none = glyph_bank_oddities(bank, 0.05, always);
    g_assert_cmpuint(none->len, ==, 0);
    add(bank, 0x5341, &one, 1, 7);
    g_autoptr(GArray) found = glyph_bank_oddities(bank, 0.05, always);
    g_assert_cmpuint(found->len, ==, 1);
    const GlyphOddity *odd = &g_array_index(found, GlyphOddity, 0);
    g_assert_cmpuint(odd->c, ==, 0x5341);
    g_assert_cmpuint(odd->like, ==, '1');
    g_assert_cmpint(odd->place.at, ==, 7);
    g_autoptr(GArray) refused = glyph_bank_oddities(bank, 0.05, never);
    g_assert_cmpuint(refused->len, ==, 0);
}

/* A 1 that was put under 十, since places had slipped, is no picture of 十 any more; what is taken
 * for it in some typeface stays. */
static void
test_settle(void)
{
    g_autoptr(GlyphBank) bank = glyph_bank_new();
    GlyphPicture ten = cross(16, 16), one = cross(16, -1);
    add(bank, 0x5341, &ten, 5, 0);
    add(bank, '1', &one, 5, 0);
    add(bank, 0x5341, &one, 1, 7);
    glyph_bank_settle(bank, 0.05, always);
    g_assert_cmpfloat(glyph_bank_distance(bank, 0x5341, &one), ==, 0);
    glyph_bank_settle(bank, 0.05, never);
    g_assert_cmpfloat(glyph_bank_distance(bank, 0x5341, &one), >, 0.2);
    g_assert_cmpfloat(glyph_bank_distance(bank, '1', &one), ==, 0);
}

/* Every row and column of a cross meets one stroke, those between two strokes two. */
static void
test_turns(void)
{
    GlyphPicture ten = cross(16, 16), nothing = {{0}}, two = cross(-1, 8), more = cross(-1, 24);
    for (guint i = 0; i < GLYPH_BYTES; i++) {
        two.ink[i] = MAX(two.ink[i], more.ink[i]);
    }
    g_assert_cmpfloat(glyph_picture_turns(&ten), ==, 1);
    g_assert_cmpfloat(glyph_picture_turns(&two), >, 1.5);
    g_assert_cmpfloat(glyph_picture_turns(&nothing), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/glyph-picture/distance", test_distance);
    g_test_add_func("/glyph-picture/between-pixels", test_between_pixels);
    g_test_add_func("/glyph-picture/nearest", test_nearest);
    g_test_add_func("/glyph-picture/oddities", test_oddities);
    g_test_add_func("/glyph-picture/settle", test_settle);
    g_test_add_func("/glyph-picture/turns", test_turns);
    return g_test_run();
}

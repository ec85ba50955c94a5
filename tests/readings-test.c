/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two readings of one line made one: ours of the picture, and a scanner's hidden text. */
#include "build.h"
#include "readings.h"

#define EM 10.0F

/* Characters one em apart, from x; `?` stands for one that is not there. */
static GArray *
reading(const char *text, float x, float confidence, Origin origin)
{
    GArray *glyphs = g_array_new(FALSE, TRUE, sizeof(Glyph));
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL), x += EM) {
        Glyph g = {.unicode = g_utf8_get_char(p),
                   .x0 = x,
                   .y0 = 0,
                   .x1 = x + EM,
                   .y1 = EM,
                   .confidence = confidence,
                   .origin = (guint8)origin};
        if (g.unicode != '?') {
            g_array_append_val(glyphs, g);
        }
    }
    return glyphs;
}

static char *
merged(const char *ours, float confidence, const char *layer)
{
    g_autoptr(Page) page = page_new(1, 600, 800);
    g_autoptr(GArray) own = reading(ours, 100, confidence, ORIGIN_OCR);
    g_autoptr(GArray) hidden = reading(layer, 100, 1, ORIGIN_TEXT_LAYER);
    g_autoptr(GArray) one = readings_merge(own, hidden, FALSE, page);
    GString *text = g_string_new(NULL);
    for (guint i = 0; one != NULL && i < one->len; i++) {
        g_string_append_unichar(text, g_array_index(one, Glyph, i).unicode);
    }
    return g_string_free(text, FALSE);
}

static void
test_character_that_ours_lacks_comes_from_the_layer_where_there_is_room(void)
{
    g_autofree char *text = merged("死?事故が多い", 0.99F, "死亡事故が多い");
    g_assert_cmpstr(text, ==, "死亡事故が多い");
}

/* Some layers have the letters of a dark ground twice. */
static void
test_character_that_the_layer_has_without_room_is_left_out(void)
{
    g_autofree char *text = merged("三重県防犯優良住宅", 0.99F, "三重県邑防旱犯優巳榎良住毛宅");
    g_assert_cmpstr(text, ==, "三重県防犯優良住宅");
}

static void
test_unsure_character_is_the_layers(void)
{
    g_autofree char *text = merged("三重県防犯", 0.8F, "三童県防犯");
    g_assert_cmpstr(text, ==, "三童県防犯");
}

static void
test_sure_character_is_ours(void)
{
    g_autofree char *text = merged("三重県防犯", 0.99F, "三童県防犯");
    g_assert_cmpstr(text, ==, "三重県防犯");
}

static void
test_agreement_is_the_part_that_both_say(void)
{
    const gunichar a[] = {'a', 'b', 'c', 'd'}, b[] = {'a', 'x', 'c'};
    g_assert_cmpfloat(readings_agreement(a, 4, b, 3), ==, 0.5);
    g_assert_cmpfloat(readings_agreement(a, 4, b, 0), ==, 0);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/character-that-ours-lacks-comes-from-the-layer-where-there-is-room",
                    test_character_that_ours_lacks_comes_from_the_layer_where_there_is_room);
    g_test_add_func("/character-that-the-layer-has-without-room-is-left-out",
                    test_character_that_the_layer_has_without_room_is_left_out);
    g_test_add_func("/unsure-character-is-the-layers", test_unsure_character_is_the_layers);
    g_test_add_func("/sure-character-is-ours", test_sure_character_is_ours);
    g_test_add_func("/agreement-is-the-part-that-both-say",
                    test_agreement_is_the_part_that_both_say);
    return g_test_run();
}

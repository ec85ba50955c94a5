/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which characters of a font are set right, and which stay. */
#include "repairs.h"

#include "build.h"

#define READ_WELL 0.95f

/* Words of which each character is a code of its own, read as `read`; a blank in it is no reading.
 */
static void
add_words(Page *page, double y, const char *says, const char *read, float confidence)
{
    guint first = page->glyphs->len;
    build_words(page, 100, y, says);
    for (guint i = first; i < page->glyphs->len; i++, read = g_utf8_find_next_char(read, NULL)) {
        Glyph *g = &g_array_index(page->glyphs, Glyph, i);
        Reading reading = {i, g->unicode, g_utf8_get_char(read), confidence};
        g->code = g->unicode;
        if (reading.unicode != ' ') {
            g_array_append_val(page->readings, reading);
        }
    }
}

/* The text of the page once its own readings have voted. */
static char *
repaired(Page *page)
{
    g_autoptr(Repairs) repairs = repairs_new();
    GString *text = g_string_new(NULL);
    repairs_add(repairs, page);
    gboolean any = repairs_decide(repairs);
    g_assert_cmpint(repairs_apply(repairs, page), ==, any);
    for (guint i = 0; i < page->glyphs->len; i++) {
        g_string_append_unichar(text, page_glyph(page, i)->unicode);
    }
    return g_string_free(text, FALSE);
}

static void
assert_repaired(Page *page, const char *wanted)
{
    g_autofree char *text = repaired(page);
    g_assert_cmpstr(text, ==, wanted);
}

static void
test_font_that_is_read_as_it_says_stays(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "配偶者控除", "配偶者控除", READ_WELL);
    assert_repaired(page, "配偶者控除");
    g_assert_cmpuint(page->notices->len, ==, 0);
}

static void
test_foreign_ideographs_are_repaired_everywhere(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "遃去遀営遃遀", "過去運営過運", READ_WELL);
    add_words(page, 130, "遃遀", "  ", READ_WELL);
    assert_repaired(page, "過去運営過運過運");
    g_assert_cmpuint(page->notices->len, ==, 1);
    g_assert_cmpuint(page_raw(page, 0), ==, 0x9043);
    g_assert_cmpuint(page_raw(page, 6), ==, 0x9043);
    g_assert_cmpuint(page_raw(page, 1), ==, page_glyph(page, 1)->unicode);
}

static void
test_one_foreign_ideograph_alone_stays(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "遃去遃遃", "過去過過", READ_WELL);
    assert_repaired(page, "遃去遃遃");
}

static void
test_rare_name_beyond_the_basic_plane_stays(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "𠮷田𣘺本𠮷𣘺", "吉田橋本吉橋", READ_WELL);
    assert_repaired(page, "𠮷田𣘺本𠮷𣘺");
}

static void
test_tie_does_nothing(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "遃遃遃遃遀遀遀遀", "過過週週運運連連", READ_WELL);
    assert_repaired(page, "遃遃遃遃遀遀遀遀");
}

static void
test_unsure_single_reading_does_nothing(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "遃遀", "過運", 0.7f);
    assert_repaired(page, "遃遀");
}

/* In a font known to be wrong by two ideographs. */
/* Digits that stand for one another: nothing but the font's own names tells. */
static void
contradict(Page *page)
{
    for (guint i = 0; i < page->glyphs->len; i++) {
        g_array_index(page->glyphs, Glyph, i).flags |= GLYPH_CONTRADICTED;
    }
}

static void
test_digits_that_the_font_contradicts_are_repaired(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "4512", "1289", READ_WELL);
    add_words(page, 120, "4512", "1289", READ_WELL);
    contradict(page);
    assert_repaired(page, "12891289");
}

static void
test_digits_that_the_font_contradicts_and_that_are_read_as_they_are_stay(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "4512", "4512", READ_WELL);
    contradict(page);
    assert_repaired(page, "4512");
}

static void
test_look_alikes_of_plausible_characters_stay(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "遃遃遀遀", "過過運運", READ_WELL);
    add_words(page, 130, "末末末末ーーーー口口口口", "未未未未一一一一ロロロロ", 0.99f);
    assert_repaired(page, "過過運運末末末末ーーーー口口口口");
}

static void
test_plausible_character_needs_a_strong_vote(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "遃遃遀遀", "過過運運", READ_WELL);
    add_words(page, 130, "遥遥遥訓訓", "選選選計計", READ_WELL);
    assert_repaired(page, "過過運運選選選訓訓");
}

static void
test_private_characters_are_repaired(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "\uE001\uE002\uE001", "水道水", READ_WELL);
    assert_repaired(page, "水道水");
}

static void
test_shifted_letters_follow_each_other(void)
{
    g_autoptr(Page) page = build_page(1);
    add_words(page, 100, "SURVWHGN", "prostedk", 0.8f);
    add_words(page, 130, "Q", " ", READ_WELL);
    assert_repaired(page, "prostedkn");
}

static void
test_undecoded_glyphs_of_a_code_agree(void)
{
    g_autoptr(Page) page = build_page(1);
    build_words(page, 100, 100, "水永水木");
    static const char *const read = "水永水";
    const char *at = read;
    for (guint i = 0; i < 4; i++) {
        Glyph *g = &g_array_index(page->glyphs, Glyph, i);
        g->code = 7;
        g->flags |= i == 3 ? GLYPH_UNDECODED : 0;
        g->unicode = i == 3 ? 0 : g->unicode;
        g->origin = i == 3 ? ORIGIN_TEXT_LAYER : ORIGIN_OCR;
        Reading reading = {i, 0, g_utf8_get_char(at), READ_WELL};
        if (i < 3) {
            g_array_append_val(page->readings, reading);
            at = g_utf8_find_next_char(at, NULL);
        }
    }
    assert_repaired(page, "水水水水");
    g_assert_cmpuint(page_glyph(page, 3)->flags & GLYPH_UNDECODED, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/repairs/right", test_font_that_is_read_as_it_says_stays);
    g_test_add_func("/repairs/foreign", test_foreign_ideographs_are_repaired_everywhere);
    g_test_add_func("/repairs/one", test_one_foreign_ideograph_alone_stays);
    g_test_add_func("/repairs/names", test_rare_name_beyond_the_basic_plane_stays);
    g_test_add_func("/repairs/tie", test_tie_does_nothing);
    g_test_add_func("/repairs/unsure", test_unsure_single_reading_does_nothing);
    g_test_add_func("/repairs/contradicted", test_digits_that_the_font_contradicts_are_repaired);
    g_test_add_func("/repairs/contradicted-wrongly",
                    test_digits_that_the_font_contradicts_and_that_are_read_as_they_are_stay);
    g_test_add_func("/repairs/look-alikes", test_look_alikes_of_plausible_characters_stay);
    g_test_add_func("/repairs/plausible", test_plausible_character_needs_a_strong_vote);
    g_test_add_func("/repairs/private", test_private_characters_are_repaired);
    g_test_add_func("/repairs/shifted", test_shifted_letters_follow_each_other);
    g_test_add_func("/repairs/undecoded", test_undecoded_glyphs_of_a_code_agree);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weighing.h"

#include <string.h>

#include "glyph-crosses.h"

static void
teach(GlyphBank *bank, const char *c, GlyphPicture picture)
{
    GlyphPlace place = {.at = 0};
    for (guint i = 0; i < 4; i++) {
        glyph_bank_add(bank, g_utf8_get_char(c), &picture, &place);
    }
}

/* The document has `expected`, and OCR reads `seen` there, twice; its picture is of a stroke down.
 * Known are 十 (a cross) and, if wanted, 丨 and 2 (a stroke across). */
static Weighing
weigh_one(const char *expected, const char *seen, gboolean down)
{
    g_autofree char *xml =
        g_strdup_printf("<document xmlns='urn:yomijun:document:1'><pages><page n='1' width='500' "
                        "height='500'><zone id='z1' page='1' box='0 0 99 9'/></page></pages><body>"
                        "<p zones='z1'>%s</p></body></document>",
                        expected);
    g_autoptr(Claims) claims = claims_parse(xml, strlen(xml), NULL);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(Sense) sense = sense_new(NULL, claims, none);
    GlyphPicture picture = cross(16, -1);
    Learnt learnt;
    learnt_init(&learnt, claims);
    learnt.sense = sense;
    teach(learnt.bank, "十", cross(16, 16));
    teach(learnt.bank, "2", cross(-1, 16));
    if (down) {
        teach(learnt.bank, "丨", picture);
    }
    Difference d = {.kind = FINDING_TEXT,
                    .confidence = 0.99F,
                    .expected = (char *)(uintptr_t)expected,
                    .seen = (char *)(uintptr_t)seen,
                    .again = (char *)(uintptr_t)seen,
                    .pictures = g_array_new(FALSE, FALSE, sizeof(GlyphPicture)),
                    .glyphs = g_array_new(FALSE, FALSE, sizeof(guint64)),
                    .cuts = g_array_new(FALSE, FALSE, sizeof(Cut))};
    g_array_append_val(d.pictures, picture);
    Weighing w = weigh(&learnt, &d);
    g_array_unref(w.looks);
    g_array_unref(d.pictures);
    g_array_unref(d.glyphs);
    g_array_unref(d.cuts);
    learnt_clear(&learnt);
    return w;
}

static void
test_ocr_alone_is_one_witness(void)
{
    Weighing alone = weigh_one("腱", "腫", FALSE);
    g_assert_false(alone.seconded);
    Weighing with_picture = weigh_one("十", "丨", TRUE);
    g_assert_true(with_picture.seconded);
    g_assert_cmpfloat(with_picture.score, >, 2);
}

/* Unlike all digits, but の is nowhere else, and no digit. */
static void
test_digit_read_as_none_is_badly_read(void)
{
    Weighing w = weigh_one("2", "の", FALSE);
    g_assert_false(w.seconded);
}

/* What is read of a photograph, in no zone, and like nothing the document has. */
static void
test_few_characters_in_no_zone_need_a_picture(void)
{
    static const char xml[] = "<document xmlns='urn:yomijun:document:1'><pages><page n='1' "
                              "width='500' height='500'/></pages><body/></document>";
    g_autoptr(Claims) claims = claims_parse(xml, strlen(xml), NULL);
    Learnt learnt;
    Difference d = {.zone = NO_ZONE,
                    .kind = FINDING_INK,
                    .confidence = 0.97F,
                    .expected = (char *)(uintptr_t) "",
                    .seen = (char *)(uintptr_t) "ペンei",
                    .pictures = g_array_new(FALSE, FALSE, sizeof(GlyphPicture))};
    learnt_init(&learnt, claims);
    g_assert_false(passage_is_wrong(&learnt, &d));
    d.seen = (char *)(uintptr_t) "第三章　港湾の整備に関する事業の実績";
    g_assert_true(passage_is_wrong(&learnt, &d));
    g_array_unref(d.pictures);
    learnt_clear(&learnt);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/weighing/ocr-alone", test_ocr_alone_is_one_witness);
    g_test_add_func("/weighing/digit-as-none", test_digit_read_as_none_is_badly_read);
    g_test_add_func("/weighing/no-zone", test_few_characters_in_no_zone_need_a_picture);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuts.h"

#include <string.h>

#include "weighing.h"

/* A line of characters 42 pixels high that look like these, each from its place on. */
#define EM 42
#define WIDTH 600
#define KEN 0x4EF6 /* 件: two parts */

static void
bar(Scan *scan, int x, int y, int w, int h)
{
    pixRasterop(scan->raster.ink, x, y, w, h, PIX_SET, NULL, 0, 0);
    pixRasterop(scan->raster.grey, x, y, w, h, PIX_CLR, NULL, 0, 0);
}

static void
draw(Scan *scan, gunichar c, int x)
{
    switch (c) {
    case '0':
        bar(scan, x, 4, 18, 4);
        bar(scan, x, 32, 18, 4);
        bar(scan, x, 4, 4, 32);
        bar(scan, x + 14, 4, 4, 32);
        break;
    case '1':
        bar(scan, x + 7, 4, 4, 32);
        break;
    case '4':
        bar(scan, x, 12, 18, 5);
        bar(scan, x, 22, 18, 5);
        break;
    case '8':
        bar(scan, x, 4, 18, 32);
        break;
    default:
        bar(scan, x, 2, 4, 36);
        bar(scan, x + 10, 10, 26, 4);
        bar(scan, x + 10, 24, 26, 4);
        bar(scan, x + 22, 2, 4, 36);
    }
}

typedef struct {
    Look look;
    Scan scan;
    GlyphBank *bank;
} Line;

static void
line_init(Line *line)
{
    InkLine ink = {.x0 = 0, .y0 = 0, .x1 = WIDTH, .y1 = EM, .em = EM};
    memset(line, 0, sizeof *line);
    line->look.scan = &line->scan;
    line->scan.text.lines = g_array_new(FALSE, FALSE, sizeof(InkLine));
    g_array_append_val(line->scan.text.lines, ink);
    line->scan.raster.ink = pixCreate(WIDTH, EM, 1);
    line->scan.raster.grey = pixCreate(WIDTH, EM, 8);
    pixSetAll(line->scan.raster.grey);
}

static void
line_clear(Line *line)
{
    g_array_unref(line->scan.text.lines);
    pixDestroy(&line->scan.raster.ink);
    pixDestroy(&line->scan.raster.grey);
}

/* Writes a text from the start of the line. Digits take half an em. */
static void
write_text(Line *line, const char *text)
{
    int x = 4;
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        draw(&line->scan, g_utf8_get_char(p), x);
        x += g_unichar_isdigit(g_utf8_get_char(p)) ? EM / 2 + 4 : EM + 4;
    }
}

static GArray *
cuts_of(const Line *line, double from, double to)
{
    GArray *cuts = g_array_new(FALSE, FALSE, sizeof(Cut));
    Rect place = {from / RASTER_SCALE, 0, to / RASTER_SCALE, EM / RASTER_SCALE};
    cuts_take(&line->look, 0, place, EM / RASTER_SCALE, cuts);
    return cuts;
}

/* Puts pictures of these characters into a bank. */
static void
teach(GlyphBank *bank, const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        Line line;
        GlyphPlace place = {.at = 0};
        gunichar c = g_utf8_get_char(p);
        line_init(&line);
        draw(&line.scan, c, 4);
        g_autoptr(GArray) cuts = cuts_of(&line, 0, WIDTH);
        for (guint i = 0; i < cuts->len; i++) {
            const Cut *cut = &g_array_index(cuts, Cut, i);
            guint parts = g_unichar_isdigit(c) ? 1 : 2;
            if (cut->from == 0 && cut->to == parts) {
                glyph_bank_add(bank, c, &cut->picture, &place);
            }
        }
        line_clear(&line);
    }
}

/* What is read of a text that is written, by one who knows these characters. */
static char *
read_text(const char *text, const char *known, double from, double to)
{
    static const gunichar may[] = {'0', '1', '4', KEN};
    Line line;
    g_autoptr(GlyphBank) bank = glyph_bank_new();
    teach(bank, known);
    line_init(&line);
    write_text(&line, text);
    g_autoptr(GArray) cuts = cuts_of(&line, from, to);
    g_autoptr(GArray) read = cuts_read(cuts, bank, may, G_N_ELEMENTS(may));
    GString *said = g_string_new(NULL);
    for (guint i = 0; i < read->len; i++) {
        gunichar c = g_array_index(read, CutChar, i).c;
        g_string_append_unichar(said, c != 0 ? c : '?');
    }
    line_clear(&line);
    return g_string_free(said, FALSE);
}

static void
test_a_place_is_read_by_its_examples(void)
{
    g_autofree char *all = read_text("10件4", "014件", 0, WIDTH);
    g_assert_cmpstr(all, ==, "10件4");
    g_autofree char *some = read_text("10件4", "014件", 25, 100);
    g_assert_cmpstr(some, ==, "0件");
}

static void
test_what_has_no_example_is_unknown(void)
{
    g_autofree char *said = read_text("104", "01件", 0, WIDTH);
    g_assert_cmpstr(said, ==, "10?");
}

static void
test_cuts_that_do_not_hold_together_say_nothing(void)
{
    static const gunichar may[] = {'1'};
    g_autoptr(GlyphBank) bank = glyph_bank_new();
    g_autoptr(GArray) cuts = g_array_new(FALSE, TRUE, sizeof(Cut));
    Cut cut = {.from = 3, .to = 4};
    g_array_append_val(cuts, cut);
    g_autoptr(GArray) read = cuts_read(cuts, bank, may, 1);
    g_assert_cmpuint(read->len, ==, 0);
    g_array_index(cuts, Cut, 0) = (Cut){.from = 0, .to = G_MAXUINT32};
    g_autoptr(GArray) long_read = cuts_read(cuts, bank, may, 1);
    g_assert_cmpuint(long_read->len, ==, 0);
}

/* ---- as a look at a suspicion ---- */

/* The document says 件NUMBER件 where 件PRINTED件 is printed, and OCR sees `seen` where the document
 * has `expected`, from its character `at` on. Returns the weight; ret_cut: what is printed
 * instead. */
static double
weigh_number(const char *number, const char *printed, gint32 at, const char *expected,
             const char *seen, char **ret_cut)
{
    g_autofree char *xml = g_strdup_printf(
        "<document xmlns='urn:yomijun:document:1'><pages><page n='1' width='500' height='500'>"
        "<zone id='z1' page='1' box='0 0 99 9'/></page></pages><body><p "
        "zones='z1'>件%s件</p></body></document>",
        number);
    g_autofree char *text = g_strdup_printf("件%s件", printed);
    g_autoptr(Claims) claims = claims_parse(xml, strlen(xml), NULL);
    Line line;
    Learnt learnt;
    line_init(&line);
    write_text(&line, text);
    learnt_init(&learnt, claims);
    teach(learnt.bank, "014件");
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(Sense) sense = sense_new(NULL, claims, none);
    learnt.sense = sense;
    Difference d = {.at = at,
                    .kind = FINDING_DIGIT,
                    .confidence = 0.95F,
                    .expected = (char *)(uintptr_t)expected,
                    .seen = (char *)(uintptr_t)seen,
                    .pictures = g_array_new(FALSE, FALSE, sizeof(GlyphPicture)),
                    .glyphs = g_array_new(FALSE, FALSE, sizeof(guint64)),
                    .cuts = cuts_of(&line, 0, WIDTH)};
    Weighing w = weigh(&learnt, &d);
    *ret_cut = g_strdup(w.cut.printed);
    cut_verdict_clear(&w.cut);
    g_array_unref(w.looks);
    g_array_unref(d.pictures);
    g_array_unref(d.glyphs);
    g_array_unref(d.cuts);
    learnt_clear(&learnt);
    line_clear(&line);
    return w.score;
}

/* OCR reads 409 for 40: the document, which has 44, is wrong, but not in that. */
static void
test_a_number_is_what_is_printed(void)
{
    g_autofree char *cut = NULL, *none = NULL;
    g_assert_cmpfloat(weigh_number("44", "40", 2, "4", "09", &cut), >, 2);
    g_assert_cmpstr(cut, ==, "0");
    g_assert_cmpfloat(weigh_number("40", "40", 3, "", "9", &none), <, -2);
    g_assert_null(none);
}

/* A digit that is not known elsewhere in the number says nothing of this one. */
static void
test_what_differs_is_judged_alone_if_need_be(void)
{
    g_autofree char *none = NULL;
    g_assert_cmpfloat(weigh_number("148", "148", 1, "1", "", &none), <, -2);
    g_assert_null(none);
}

/* A digit more than the document has must be seen by OCR, too: a percent sign may be cut so. */
static void
test_more_digits_need_another_witness(void)
{
    g_autofree char *more = NULL, *none = NULL;
    g_assert_cmpfloat(weigh_number("40", "401", 3, "", "1", &more), >, 2);
    g_assert_cmpstr(more, ==, "1");
    g_assert_cmpfloat(weigh_number("40", "401", 3, "", "4", &none), <, 2);
    g_assert_null(none);
}

/* What looks like the document's own character is no proof against it. */
static void
test_look_alikes_are_left_to_others(void)
{
    g_autofree char *cut = NULL;
    g_assert_cmpfloat(weigh_number("4O", "40", 2, "O", "0", &cut), >, -2);
    g_assert_null(cut);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cuts/read", test_a_place_is_read_by_its_examples);
    g_test_add_func("/cuts/unknown", test_what_has_no_example_is_unknown);
    g_test_add_func("/cuts/unsound", test_cuts_that_do_not_hold_together_say_nothing);
    g_test_add_func("/cuts/number", test_a_number_is_what_is_printed);
    g_test_add_func("/cuts/alone", test_what_differs_is_judged_alone_if_need_be);
    g_test_add_func("/cuts/more", test_more_digits_need_another_witness);
    g_test_add_func("/cuts/look-alikes", test_look_alikes_are_left_to_others);
    return g_test_run();
}

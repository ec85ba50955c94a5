/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is text in an illustration, and what only looks like it. */
#include "build.h"
#include "picture-text.h"

typedef struct {
    GArray *symbols; /* Symbol */
    GArray *lines;   /* PictureLine */
} Picture;

static Picture
picture_new(void)
{
    return (Picture){g_array_new(FALSE, TRUE, sizeof(Symbol)),
                     g_array_new(FALSE, TRUE, sizeof(PictureLine))};
}

static void
picture_clear(Picture *picture)
{
    g_array_unref(picture->symbols);
    g_array_unref(picture->lines);
}

/* A line that was read as this with this confidence, an em a character. */
static PictureLine
add_line(Picture *picture, const char *text, double confidence)
{
    PictureLine line = {.symbols = picture->symbols, .from = picture->symbols->len};
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        Symbol s = {.unicode = g_utf8_get_char(p), .confidence = (float)confidence};
        g_array_append_val(picture->symbols, s);
        line.n++;
    }
    line.ems = line.n;
    g_array_append_val(picture->lines, line);
    return line;
}

static gboolean
is_text(const Picture *picture, double uneven)
{
    const PictureLine *lines = (const PictureLine *)(void *)picture->lines->data;
    return picture_is_text(picture_text_letters(lines, picture->lines->len), uneven);
}

static void
test_photograph_with_a_few_sure_pieces_is_no_text(void)
{
    Picture p = picture_new();
    add_line(&p, "SN", 0.98);
    add_line(&p, "レス人3", 0.94);
    add_line(&p, "トー", 0.99);
    for (int i = 0; i < 12; i++) {
        add_line(&p, "ままコ", 0.6);
    }
    g_assert_false(is_text(&p, 0.2));
    picture_clear(&p);
}

static void
test_chart_with_labels_is_text(void)
{
    Picture p = picture_new();
    add_line(&p, "学習データ量", 0.97);
    add_line(&p, "パラメータ数", 0.98);
    add_line(&p, "2023年", 0.96);
    add_line(&p, "ーーー", 0.98);
    add_line(&p, "|", 0.7);
    g_assert_true(is_text(&p, 0.2));
    picture_clear(&p);
}

static void
test_a_photograph_needs_more_letters_than_a_chart(void)
{
    Picture p = picture_new();
    add_line(&p, "エーテムン", 0.91);
    add_line(&p, "arィューァ", 0.93);
    g_assert_true(is_text(&p, 0.2));
    g_assert_false(is_text(&p, 0.4));
    for (int i = 0; i < 6; i++) {
        add_line(&p, "写真に写った看板の文字である", 0.98);
    }
    g_assert_true(is_text(&p, 0.4));
    picture_clear(&p);
}

static void
test_one_line_does_not_speak_for_its_picture(void)
{
    Picture p = picture_new();
    add_line(&p, "とで内和ngな", 0.92);
    g_assert_false(is_text(&p, 0.2));
    picture_clear(&p);
}

static void
test_long_line_that_leaves_no_doubt_is_plain(void)
{
    Picture p = picture_new();
    PictureLine sign = add_line(&p, "おといねっぷ", 0.98);
    PictureLine unsure = add_line(&p, "とで内和ngな", 0.92);
    PictureLine pattern = add_line(&p, "NNNNNNN", 0.98);
    PictureLine strokes = add_line(&p, "ーーーー一|", 0.99);
    g_assert_true(picture_line_is_plain(&sign));
    g_assert_false(picture_line_is_plain(&unsure));
    g_assert_false(picture_line_is_plain(&pattern));
    g_assert_false(picture_line_is_plain(&strokes));
    picture_clear(&p);
}

static void
test_ones_are_letters_only_in_a_cell(void)
{
    Picture p = picture_new();
    PictureLine ones = add_line(&p, "11", 0.98);
    g_assert_true(picture_line_has_letters(&ones, TRUE));
    g_assert_false(picture_line_has_letters(&ones, FALSE));
    picture_clear(&p);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/photograph-with-a-few-sure-pieces-is-no-text",
                    test_photograph_with_a_few_sure_pieces_is_no_text);
    g_test_add_func("/chart-with-labels-is-text", test_chart_with_labels_is_text);
    g_test_add_func("/a-photograph-needs-more-letters-than-a-chart",
                    test_a_photograph_needs_more_letters_than_a_chart);
    g_test_add_func("/one-line-does-not-speak-for-its-picture",
                    test_one_line_does_not_speak_for_its_picture);
    g_test_add_func("/long-line-that-leaves-no-doubt-is-plain",
                    test_long_line_that_leaves_no_doubt_is_plain);
    g_test_add_func("/ones-are-letters-only-in-a-cell", test_ones_are_letters_only_in_a_cell);
    return g_test_run();
}

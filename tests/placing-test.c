/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "placing.h"

#include <string.h>

#define EM 10.0

static const char *const texts[] = {"第一条次に掲げる", "第二条定めのない", "第三条省令による",
                                    "別表令和六年度分", "備考算定の方法は", "附則施行の期日等"};

/* A page of 500 × 700 points, each text a zone of one line, 100 points below the one before. */
static Claims *
claims_of_lines(void)
{
    g_autoptr(GString) xml = g_string_new(
        "<document xmlns=\"urn:yomijun:document:1\"><pages><page n=\"1\" width=\"500\" "
        "height=\"700\">");
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        double y = 50 + 100.0 * i, x = 40 + 30.0 * i;
        g_string_append_printf(xml, "<zone id=\"z%u\" page=\"1\" box=\"%g %g %g %g\"/>", i + 1, x,
                               y, x + EM * (double)g_utf8_strlen(texts[i], -1), y + EM);
    }
    g_string_append(xml, "</page></pages><body>");
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_string_append_printf(xml, "<p zones=\"z%u\">%s</p>", i + 1, texts[i]);
    }
    g_string_append(xml, "</body></document>");
    return claims_parse(xml->str, xml->len, NULL);
}

/* The picture of it: scale × page + offset; of each line the first `unread` characters are not
 * read. */
static Look *
look_at(double scale, double x, double y, double width, double height, guint unread)
{
    Look *look = g_new0(Look, 1);
    look->scan = g_new0(Scan, 1);
    look->scan->width = width;
    look->scan->height = height;
    look->chars = g_array_new(FALSE, FALSE, sizeof(SeenChar));
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *p = texts[i];
        for (guint k = 0; *p != '\0'; k++, p = g_utf8_find_next_char(p, NULL)) {
            double left = 40 + 30.0 * i + EM * k, top = 50 + 100.0 * i;
            SeenChar seen = {.c = g_utf8_get_char(p),
                             .confidence = 1,
                             .line = i,
                             .box = {scale * left + x, scale * top + y, scale * (left + EM) + x,
                                     scale * (top + EM) + y}};
            if (k >= unread) {
                g_array_append_val(look->chars, seen);
            }
        }
    }
    return look;
}

static void
look_free_by_hand(Look *look)
{
    g_array_unref(look->chars);
    g_free(look->scan);
    g_free(look);
}

static void
check(Look *look, double scale, double x, double y)
{
    g_autoptr(Claims) claims = claims_of_lines();
    Placing placing = placing_find(claims, claims_page(claims, 0), look, FALSE);
    g_assert_cmpfloat_with_epsilon(placing.scale_x, scale, 0.005);
    g_assert_cmpfloat_with_epsilon(placing.scale_y, scale, 0.005);
    g_assert_cmpfloat_with_epsilon(placing.x, x, 1);
    g_assert_cmpfloat_with_epsilon(placing.y, y, 1);
    look_free_by_hand(look);
}

static void
test_whole_page(void)
{
    check(look_at(1, 0, 0, 500, 700, 0), 1, 0, 0);
}

static void
test_cropped(void)
{
    check(look_at(1, -30, -20, 420, 640, 0), 1, -30, -20);
}

static void
test_with_borders(void)
{
    check(look_at(1, 150, 60, 800, 900, 0), 1, 150, 60);
}

static void
test_enlarged_and_cropped(void)
{
    check(look_at(1.5, -40, -20, 700, 1000, 0), 1.5, -40, -20);
}

/* Numbers before the text are what OCR leaves out: then no side of what is seen is its zone's. */
static void
test_starts_of_lines_unread(void)
{
    check(look_at(1, 0, 0, 500, 700, 2), 1, 0, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/placing/whole-page", test_whole_page);
    g_test_add_func("/placing/cropped", test_cropped);
    g_test_add_func("/placing/with-borders", test_with_borders);
    g_test_add_func("/placing/enlarged-and-cropped", test_enlarged_and_cropped);
    g_test_add_func("/placing/starts-of-lines-unread", test_starts_of_lines_unread);
    return g_test_run();
}

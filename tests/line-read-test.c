/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two readings of a line have in common. */
#include "build.h"
#include "line-read.h"

static GArray *
reading(const char *text)
{
    GArray *symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        Symbol s = {.unicode = g_utf8_get_char(p), .confidence = 1};
        g_array_append_val(symbols, s);
    }
    return symbols;
}

static double
agreement(const char *a, const char *b)
{
    g_autoptr(GArray) first = reading(a), second = reading(b);
    return symbols_agreement(first, second);
}

static void
test_readings_of_one_text_agree_whatever_their_width(void)
{
    g_assert_cmpfloat(agreement("令和7年", "令和７年"), ==, 1);
}

static void
test_one_common_character_is_something_in_common(void)
{
    g_assert_cmpfloat(agreement("乏恩時", "皿急時"), >, 0);
}

static void
test_other_readings_and_none_have_nothing_in_common(void)
{
    g_assert_cmpfloat(agreement("ト", "パ"), ==, 0);
    g_assert_cmpfloat(agreement("に3", ""), ==, 0);
    g_assert_cmpfloat(agreement("", ""), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/line-read/readings-of-one-text-agree",
                    test_readings_of_one_text_agree_whatever_their_width);
    g_test_add_func("/line-read/one-common-character",
                    test_one_common_character_is_something_in_common);
    g_test_add_func("/line-read/nothing-in-common",
                    test_other_readings_and_none_have_nothing_in_common);
    return g_test_run();
}

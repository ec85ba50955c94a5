/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exemplars.h"

/* Whether character `at` of the document may be an example, OCR having read what is seen. */
static gboolean
may_be(const char *seen, guint at)
{
    glong n, m;
    g_autofree gunichar *own = g_utf8_to_ucs4_fast("▲22.4%のうち前年同期との差", -1, &n);
    g_autofree gunichar *read = g_utf8_to_ucs4_fast(seen, -1, &m);
    g_autoptr(GArray) steps = align_texts(own, (guint)n, read, (guint)m, ALIGN_WHOLE);
    return !exemplar_may_have_slipped(steps, at);
}

/* OCR that loses a digit lays the others out over the ink of all. */
static void
test_what_stands_near_a_lost_character_is_no_example(void)
{
    g_assert_false(may_be("▲2.4%のうち前年同期との差", 0));
    g_assert_false(may_be("▲2.4%のうち前年同期との差", 4));
    g_assert_true(may_be("▲2.4%のうち前年同期との差", 14));
}

static void
test_what_is_misread_slips_nothing(void)
{
    g_assert_true(may_be("▲22.4%のうち前年同期との差", 2));
    g_assert_true(may_be("▲27.4%のうち前年同期との差", 3));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exemplars/slipped", test_what_stands_near_a_lost_character_is_no_example);
    g_test_add_func("/exemplars/misread", test_what_is_misread_slips_nothing);
    return g_test_run();
}

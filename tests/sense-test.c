/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sense.h"

#include <string.h>

/* One page with three passages, of which the last has 店 for 庁. */
static const char document[] =
    "<document xmlns='urn:yomijun:document:1'><source name='a' sha256='0' pages='1'/>"
    "<producer version='1'/><pages><page n='1' width='500' height='500'>"
    "<zone id='z1' page='1' box='0 0 99 9' origin='text-layer' confidence='1'/>"
    "<zone id='z2' page='1' box='0 10 99 19' origin='text-layer' confidence='1'/>"
    "<zone id='z3' page='1' box='0 20 99 29' origin='text-layer' confidence='1'/>"
    "</page></pages><body><p zones='z1'>府省庁が行う</p><p zones='z2'>府省庁の長</p>"
    "<p zones='z3'>府省店による</p></body></document>";

static double
sense_at(gint32 at, const char *expected, const char *seen)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Claims) claims = claims_parse(document, strlen(document), &error);
    g_assert_no_error(error);
    g_autoptr(Comparison) comparison = comparison_new();
    Difference d = {.zone = 2,
                    .at = at,
                    .line = G_MAXUINT32,
                    .expected = g_strdup(expected),
                    .seen = g_strdup(seen),
                    .pictures = g_array_new(FALSE, FALSE, sizeof(GlyphPicture)),
                    .glyphs = g_array_new(FALSE, FALSE, sizeof(guint64)),
                    .cuts = g_array_new(FALSE, FALSE, sizeof(Cut))};
    g_array_append_val(comparison->differences, d);
    g_autoptr(GPtrArray) comparisons = g_ptr_array_new();
    g_ptr_array_add(comparisons, comparison);
    g_autoptr(Sense) sense = sense_new(NULL, claims, comparisons);
    return sense_of(sense, &g_array_index(comparison->differences, Difference, 0));
}

static void
test_a_term_of_the_document_makes_sense(void)
{
    g_assert_cmpfloat(sense_at(2, "店", "庁"), >, 1);
}

/* 店 stands in the document, too, but at the place in question: that is no evidence for it. */
static void
test_the_place_in_question_is_not_learnt(void)
{
    g_assert_cmpfloat(sense_at(2, "店", "広"), ==, 0);
}

static void
test_readings_of_other_lengths_are_not_compared(void)
{
    g_assert_cmpfloat(sense_at(2, "店", "庁庁"), ==, 0);
    g_assert_cmpfloat(sense_at(2, "", "庁"), ==, 0);
    g_assert_cmpfloat(sense_at(-1, "店", "庁"), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sense/term", test_a_term_of_the_document_makes_sense);
    g_test_add_func("/sense/own", test_the_place_in_question_is_not_learnt);
    g_test_add_func("/sense/lengths", test_readings_of_other_lengths_are_not_compared);
    return g_test_run();
}

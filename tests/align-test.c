/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "align.h"

#include <string.h>

static gunichar *
chars(const char *text, guint *ret_n)
{
    glong n;
    gunichar *c = g_utf8_to_ucs4_fast(text, -1, &n);
    *ret_n = (guint)n;
    return c;
}

/* The steps as letters: = same, ~ plain, x other, - gone, + new. */
static char *
steps_of(const char *a, const char *b, guint ends, double *ret_agreement)
{
    guint n, m;
    g_autofree gunichar *p = chars(a, &n), *q = chars(b, &m);
    g_autoptr(GArray) steps = align_texts(p, n, q, m, ends);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < steps->len; i++) {
        g_string_append_c(text, "=~x-+"[g_array_index(steps, Step, i).kind]);
    }
    *ret_agreement = align_agreement(steps);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
check(const char *a, const char *b, guint ends, const char *expected, double agreement)
{
    double found;
    g_autofree char *steps = steps_of(a, b, ends, &found);
    g_assert_cmpstr(steps, ==, expected);
    g_assert_cmpfloat_with_epsilon(found, agreement, 1e-9);
}

static void
test_characters(void)
{
    check("1,284件", "1,234件", ALIGN_WHOLE, "===x==", 1 - 1.0 / 6);
    check("令和６年", "令和6年", ALIGN_WHOLE, "==~=", 1);
    check("公表する", "公表する。", ALIGN_WHOLE, "====+", 0.8);
    check("公表", "公に表す", ALIGN_WHOLE, "=+=+", 0.5);
}

static void
test_one_side_empty(void)
{
    check("", "", ALIGN_WHOLE, "", 1);
    check("公表", "", ALIGN_WHOLE, "--", 0);
    check("", "公表", ALIGN_WHOLE, "++", 0);
}

/* A zone has only a part of its passage. */
static void
test_free_ends(void)
{
    check("前の部分次の部分", "前の部分", ALIGN_FREE_END, "====", 1);
    check("前の部分次の部分", "次の部分", ALIGN_FREE_START, "====", 1);
    check("前の部分次の部分後", "次の部分", ALIGN_FREE_START | ALIGN_FREE_END, "====", 1);
    check("前の部分次の部分", "前の部文", ALIGN_FREE_END, "===x", 0.75);
}

static void
test_too_long(void)
{
    g_autofree gunichar *many = g_new0(gunichar, 9000);
    g_assert_null(align_texts(many, 9000, many, 9000, ALIGN_WHOLE));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/align/characters", test_characters);
    g_test_add_func("/align/one-side-empty", test_one_side_empty);
    g_test_add_func("/align/free-ends", test_free_ends);
    g_test_add_func("/align/too-long", test_too_long);
    return g_test_run();
}

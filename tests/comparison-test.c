/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comparison.h"

#include <string.h>

/* Two pages of a table that have all but the numbers in common. */
static const char *const pages[] = {
    "区分予算現額決算額不用額執行率議会費10,342千円総務費24,765千円民生費98,001千円",
    "区分予算現額決算額不用額執行率議会費56,921千円総務費83,158千円民生費47,260千円"};

static Claims *
claims_of_pages(void)
{
    g_autofree char *xml = g_strdup_printf(
        "<document xmlns='urn:yomijun:document:1'><pages>"
        "<page n='1' width='500' height='500'><zone id='z1' page='1' box='0 0 99 9'/></page>"
        "<page n='2' width='500' height='500'><zone id='z2' page='2' box='0 0 99 9'/></page>"
        "</pages><body><p zones='z1'>%s</p><p zones='z2'>%s</p></body></document>",
        pages[0], pages[1]);
    return claims_parse(xml, strlen(xml), NULL);
}

/* Which page a picture shows on which this is read, when it should be the first. */
static guint
page_shown(const char *read)
{
    g_autoptr(Claims) claims = claims_of_pages();
    Look look = {.chars = g_array_new(FALSE, FALSE, sizeof(SeenChar))};
    double likeness;
    for (const char *p = read; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        SeenChar seen = {.c = g_utf8_get_char(p), .confidence = 1};
        g_array_append_val(look.chars, seen);
    }
    guint page = comparison_page(claims, 0, &look, &likeness);
    g_array_unref(look.chars);
    return page;
}

static void
test_the_numbers_tell_pages_of_one_form(void)
{
    g_assert_cmpuint(page_shown(pages[0]), ==, 0);
    g_assert_cmpuint(page_shown(pages[1]), ==, 1);
}

/* Digits misread make no other page of it. */
static void
test_wrong_numbers_are_the_page_expected(void)
{
    g_assert_cmpuint(
        page_shown(
            "区分予算現額決算額不用額執行率議会費19,342千円総務費29,765千円民生費98,901千円"),
        ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/comparison/one-form", test_the_numbers_tell_pages_of_one_form);
    g_test_add_func("/comparison/wrong-numbers", test_wrong_numbers_are_the_page_expected);
    return g_test_run();
}

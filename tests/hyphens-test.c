/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hyphens at the ends of lines, told from the words of the document. */
#include <string.h>

#include "build.h"
#include "record.h"

/* The first paragraph of a page with these two lines, and further down the words. */
static void
assert_joined(const char *first, const char *second, const char *words, const char *expected)
{
    Page *page = build_page(1);
    build_lines(page, 100, 100, 16, (const char *const[]){first, second, NULL});
    build_words(page, 100, 300, words);
    g_autofree char *text = document_text(&page, 1);
    text[strcspn(text, "\n")] = '\0';
    g_assert_cmpstr(text, ==, expected);
    page_free(page);
}

static void
test_hyphen_that_breaks_a_word_goes(void)
{
    assert_joined("The rules are shown by one exam-", "ple of many.", "Nothing else is said.",
                  "p The rules are shown by one example of many.");
}

static void
test_word_that_occurs_whole_is_joined(void)
{
    assert_joined("We measure what it costs per-", "formance of all.", "The performance, per page.",
                  "p We measure what it costs performance of all.");
}

static void
test_compound_that_occurs_elsewhere_stays(void)
{
    assert_joined("We show a method that is trace-", "based and quick.", "A trace-based method.",
                  "p We show a method that is trace-based and quick.");
}

static void
test_part_that_is_a_word_keeps_the_hyphen(void)
{
    assert_joined("It is a system that is well-", "known to many.", "It works well here.",
                  "p It is a system that is well-known to many.");
}

static void
test_capital_digit_and_address_keep_the_hyphen(void)
{
    assert_joined("The report of the Asia-", "Pacific region is here.", "Nothing.",
                  "p The report of the Asia-Pacific region is here.");
    assert_joined("The rules for the year 2024-", "2025 are found here.", "Nothing.",
                  "p The rules for the year 2024-2025 are found here.");
    assert_joined("It is all at example.org/exam-", "ple for you to read.", "Nothing.",
                  "p It is all at example.org/exam-ple for you to read.");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hyphens/broken", test_hyphen_that_breaks_a_word_goes);
    g_test_add_func("/hyphens/whole", test_word_that_occurs_whole_is_joined);
    g_test_add_func("/hyphens/compound", test_compound_that_occurs_elsewhere_stays);
    g_test_add_func("/hyphens/part", test_part_that_is_a_word_keeps_the_hyphen);
    g_test_add_func("/hyphens/others", test_capital_digit_and_address_keep_the_hyphen);
    return g_test_run();
}

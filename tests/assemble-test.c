/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of pages into a document: paragraphs that go on elsewhere. */
#include <string.h>

#include "build.h"
#include "record.h"

static const char *const cut[] = {"一二三四五六七八九十一二三四五六七八九十",
                                  "一二三四五六七八九十一二三四五六七八九十",
                                  "一二三四五六七八九十一二三四五六七八九、", NULL};
static const char *const rest[] = {"残り五六七八九十一二三四五六七八九十一二",
                                   "一二三四五六七八九十一二三四五六七八九十", "ここで終わる。",
                                   NULL};

static void
assert_joined(Page *const *pages, guint count, const char *after)
{
    g_autofree char *text = document_text(pages, count);
    const char *joined = strstr(text, "五六七八九、残り");
    g_assert_nonnull(joined);
    g_assert_true(after == NULL || strstr(joined, after) != NULL);
    for (guint i = 0; i < count; i++) {
        page_free(pages[i]);
    }
}

static void
test_paragraph_goes_on_in_the_next_column(void)
{
    Page *page = build_page(1);
    build_lines(page, 50, 100, 16, cut);
    build_lines(page, 300, 100, 16, rest);
    assert_joined(&page, 1, NULL);
}

static void
test_paragraph_goes_on_after_a_note_at_the_foot_of_its_page(void)
{
    Page *pages[] = {build_page(1), build_page(2)};
    build_lines(pages[0], 50, 650, 16, cut);
    build_words_like(pages[0], 50, 740, "※　速報値である。", 8, 0);
    build_lines(pages[1], 50, 100, 16, rest);
    assert_joined(pages, 2, "note ※");
}

static void
test_paragraph_goes_on_beneath_a_picture(void)
{
    Page *page = build_page(1);
    Mark mark = {100, 160, 200, 240};
    build_lines(page, 50, 100, 16, cut);
    g_array_append_val(page->images, mark);
    build_lines(page, 50, 260, 16, rest);
    assert_joined(&page, 1, "figure");
}

static void
test_paragraph_that_ends_is_not_continued(void)
{
    static const char *const whole[] = {"一二三四五六七八九十一二三四五六七八九十",
                                        "一二三四五六七八九十一二三四五六七八九十",
                                        "一二三四五六七八九で終わる。", NULL};
    Page *page = build_page(1);
    build_lines(page, 50, 100, 16, whole);
    build_lines(page, 300, 100, 16, rest);
    g_autofree char *text = document_text(&page, 1);
    g_assert_nonnull(strstr(text, "\np 残り"));
    page_free(page);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/assemble/column", test_paragraph_goes_on_in_the_next_column);
    g_test_add_func("/assemble/note", test_paragraph_goes_on_after_a_note_at_the_foot_of_its_page);
    g_test_add_func("/assemble/picture", test_paragraph_goes_on_beneath_a_picture);
    g_test_add_func("/assemble/ends", test_paragraph_that_ends_is_not_continued);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person corrected, put into what passes on its way to a writer. */
#include "corrections.h"

#include "record.h"

/* A corrector before a writer that writes down, and one paragraph. */
typedef struct {
    Record record;
    Corrections corrections;
    Corrector *corrector;
    Paragraph *paragraph;
} Bench;

static void
bench_init(Bench *b, const char *text, const char *new)
{
    record_init(&b->record);
    b->corrections.list = g_array_new(FALSE, TRUE, sizeof(Correction));
    b->paragraph = paragraph_new();
    Zone zone = {.page = 3, .zone = 7, .box = {10, 20, 110, 40}};
    g_array_append_val(b->paragraph->zones, zone);
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        Char c = {.unicode = g_utf8_get_char(p), .raw = g_utf8_get_char(p)};
        g_array_append_val(b->paragraph->chars, c);
    }
    Correction correction = {
        .page = 3, .box = zone.box, .old = g_strdup(text), .new = g_strdup(new)};
    g_array_append_val(b->corrections.list, correction);
    b->corrector = corrector_new(&b->corrections, &b->record.writer);
}

static Correction *
bench_correction(const Bench *b)
{
    return &g_array_index(b->corrections.list, Correction, 0);
}

static void
bench_clear(Bench *b)
{
    corrector_free(b->corrector);
    paragraph_free(b->paragraph);
    g_free(bench_correction(b)->old);
    g_free(bench_correction(b)->new);
    g_array_unref(b->corrections.list);
    record_clear(&b->record);
}

static void
put(Bench *b, Kind kind)
{
    Writer *writer = corrector_writer(b->corrector);
    writer->block(writer, kind, 1, b->paragraph);
}

/* Catches the paragraph itself. */
static Paragraph *caught;

static void
catch_block(Writer *w, Kind kind, int level, const Paragraph *p)
{
    (void)w;
    (void)kind;
    (void)level;
    caught = paragraph_copy(p);
}

static const Char *
char_of(const Paragraph *p, guint i)
{
    return &g_array_index(p->chars, Char, i);
}

static void
test_new_text_takes_the_place_of_old(void)
{
    Bench b;
    bench_init(&b, "1,284人", "1,234人");
    put(&b, KIND_PARAGRAPH);
    g_assert_cmpstr(b.record.text->str, ==, "p 1,234人\n");
    g_assert_cmpint(bench_correction(&b)->fit, ==, FIT_APPLIED);
    g_assert_cmpuint(bench_correction(&b)->zone, ==, 7);
    bench_clear(&b);
}

static void
test_what_stays_keeps_its_marks_and_glyphs(void)
{
    Bench b;
    bench_init(&b, "甲は乙と丙", "甲も乙及び丙");
    g_array_index(b.paragraph->chars, Char, 2).marks = MARK_UNDERLINE;
    g_array_index(b.paragraph->chars, Char, 3).marks = MARK_UNDERLINE;
    b.record.writer.block = catch_block;
    put(&b, KIND_PARAGRAPH);
    g_assert_cmpuint(caught->chars->len, ==, 6);
    g_assert_cmpuint(char_of(caught, 1)->change, ==, CHANGE_PERSON);
    g_assert_cmpuint(char_of(caught, 1)->raw, ==, 0);
    g_assert_cmpuint(char_of(caught, 1)->marks, ==, 0);
    g_assert_cmpuint(char_of(caught, 2)->change, ==, CHANGE_NOT); /* 乙 */
    g_assert_cmpuint(char_of(caught, 2)->marks, ==, MARK_UNDERLINE);
    g_assert_cmpuint(char_of(caught, 3)->marks, ==, MARK_UNDERLINE); /* 及び for と */
    g_assert_cmpuint(char_of(caught, 4)->marks, ==, MARK_UNDERLINE);
    g_assert_cmpuint(char_of(caught, 5)->marks, ==, 0);
    paragraph_free(caught);
    bench_clear(&b);
}

static void
test_ruby_moves_with_its_text(void)
{
    Bench b;
    bench_init(&b, "これは読順", "これが、読順");
    Ruby ruby = {3, 5, g_strdup("よみじゅん")};
    g_array_append_val(b.paragraph->rubies, ruby);
    b.record.writer.block = catch_block;
    put(&b, KIND_PARAGRAPH);
    g_assert_cmpuint(caught->rubies->len, ==, 1);
    g_assert_cmpuint(g_array_index(caught->rubies, Ruby, 0).from, ==, 4);
    g_assert_cmpuint(g_array_index(caught->rubies, Ruby, 0).to, ==, 6);
    paragraph_free(caught);
    bench_clear(&b);
}

static void
test_a_list_of_which_nothing_is_left_is_none(void)
{
    Bench b;
    bench_init(&b, "・項目", "");
    Writer *writer = corrector_writer(b.corrector);
    writer->list_begin(writer);
    put(&b, KIND_ITEM);
    writer->list_end(writer);
    g_assert_cmpstr(b.record.text->str, ==, "");
    bench_clear(&b);
}

static void
test_another_place_does_not_fit(void)
{
    Bench b;
    bench_init(&b, "同じ", "別の");
    bench_correction(&b)->box.y0 += 4;
    put(&b, KIND_PARAGRAPH);
    g_assert_cmpstr(b.record.text->str, ==, "p 同じ\n");
    g_assert_nonnull(correction_why_not(bench_correction(&b)));
    bench_clear(&b);
}

static void
test_what_is_right_by_now_is_left_and_no_complaint(void)
{
    Bench b;
    bench_init(&b, "正しい", "正しい");
    g_free(bench_correction(&b)->old);
    bench_correction(&b)->old = g_strdup("止しい");
    put(&b, KIND_PARAGRAPH);
    g_assert_cmpint(bench_correction(&b)->fit, ==, FIT_ALREADY);
    g_assert_null(correction_why_not(bench_correction(&b)));
    bench_clear(&b);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/corrector/text", test_new_text_takes_the_place_of_old);
    g_test_add_func("/corrector/marks", test_what_stays_keeps_its_marks_and_glyphs);
    g_test_add_func("/corrector/ruby", test_ruby_moves_with_its_text);
    g_test_add_func("/corrector/list", test_a_list_of_which_nothing_is_left_is_none);
    g_test_add_func("/corrector/place", test_another_place_does_not_fit);
    g_test_add_func("/corrector/already", test_what_is_right_by_now_is_left_and_no_complaint);
    return g_test_run();
}

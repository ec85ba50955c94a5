/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "join-model.h"

#include <string.h>

/* A byte says 2^(b/12) - 1: so 12 is once, 42 ten times. */
#define ONCE 12
#define TEN_TIMES 42

/* Two tables alike, of order 2: あ and い ten times each, い always after あ. */
static GByteArray *
small_model(void)
{
    static const guint8 table[] = {2,    ONCE,      2,         0, 0,    0,    0x42,     0x30, 0x44,
                                   0x30, TEN_TIMES, TEN_TIMES, 1, 0,    0,    0,        ONCE, ONCE,
                                   1,    0,         0,         0, 0x44, 0x30, TEN_TIMES};
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)"YJN1", 4);
    g_byte_array_append(bytes, table, sizeof table);
    g_byte_array_append(bytes, table, sizeof table);
    return bytes;
}

static double
join(const JoinModel *model, const char *document, const char *left, const char *right)
{
    g_autoptr(DocumentJoins) joins = document_joins_new(model, document);
    const JoinJudge *judge = document_joins_judge(joins);
    glong n_left = 0;
    glong n_right = 0;
    g_autofree guint32 *from = g_utf8_to_ucs4_fast(left, -1, &n_left);
    g_autofree guint32 *to = g_utf8_to_ucs4_fast(right, -1, &n_right);
    return judge->join(judge->self, from, (guint)n_left, to, (guint)n_right);
}

static void
test_what_follows_in_the_model_is_likelier_than_what_does_not(void)
{
    g_autoptr(GByteArray) bytes = small_model();
    g_autoptr(JoinModel) model = join_model_parse(bytes->data, bytes->len);
    g_assert_nonnull(model);
    g_assert_cmpfloat(join(model, "", "うあ", "い"), >, 0.5);
    g_assert_cmpfloat(join(model, "", "うあ", "あ"), <, -0.5);
}

static void
test_bytes_that_are_cut_off_or_go_on_are_no_model(void)
{
    g_autoptr(GByteArray) bytes = small_model();
    for (guint n = 0; n < bytes->len; n++) {
        /* a copy of just these bytes, so that valgrind sees who reads on */
        g_autofree guint8 *cut = g_memdup2(bytes->data, n);
        g_assert_null(join_model_parse(cut, n));
    }
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    g_assert_null(join_model_parse(bytes->data, bytes->len));
}

static void
test_a_model_with_more_children_than_ngrams_is_none(void)
{
    g_autoptr(GByteArray) bytes = small_model();
    bytes->data[4 + 12] = 9;
    g_assert_null(join_model_parse(bytes->data, bytes->len));
}

static void
test_a_term_the_document_says_again_joins_where_it_is_cut(void)
{
    const char *document = "点検票を配布する\n水道の点検票は\n設備の点\n検票を見る\n回収する";
    g_assert_cmpfloat(join(NULL, document, "設備の点", "検票を見る"), >,
                      join(NULL, document, "設備の点", "回収する") + 1.0);
}

static void
test_what_white_space_parts_is_not_learnt_as_one_term(void)
{
    const char *document = "設備の点 検票を見る\n設備の点 検票を見る";
    g_assert_cmpfloat(join(NULL, document, "設備の点", "検票を見る"), <, 0.5);
}

static void
test_empty_ends_and_unknown_characters_are_judged_too(void)
{
    g_autoptr(GByteArray) bytes = small_model();
    g_autoptr(JoinModel) model = join_model_parse(bytes->data, bytes->len);
    g_assert_true(join(model, "", "", "い") < 100.0);
    g_assert_true(join(model, "", "あ", "") < 100.0);
    g_assert_true(join(model, "𠮷", "𠮷", "ＡＢ１２") < 100.0);
}

static double
likelihood(const DocumentJoins *joins, const char *text)
{
    glong n = 0;
    g_autofree guint32 *chars = g_utf8_to_ucs4_fast(text, -1, &n);
    return document_joins_likelihood(joins, chars, (guint)n);
}

static void
test_a_text_of_known_terms_is_likelier_than_one_with_another_character(void)
{
    g_autoptr(GByteArray) bytes = small_model();
    g_autoptr(JoinModel) model = join_model_parse(bytes->data, bytes->len);
    g_autoptr(DocumentJoins) joins = document_joins_new(model, "消防庁 消防庁");
    g_assert_cmpfloat(likelihood(joins, "消防庁"), >, likelihood(joins, "消防店"));
    g_assert_cmpfloat(likelihood(joins, "あい"), >, likelihood(joins, "いあ"));
    g_assert_cmpfloat(likelihood(joins, ""), ==, 0);
    g_assert_cmpfloat(likelihood(joins, "10"), ==, likelihood(joins, "27"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/join-model/follows",
                    test_what_follows_in_the_model_is_likelier_than_what_does_not);
    g_test_add_func("/join-model/cut-off", test_bytes_that_are_cut_off_or_go_on_are_no_model);
    g_test_add_func("/join-model/children", test_a_model_with_more_children_than_ngrams_is_none);
    g_test_add_func("/join-model/own-terms",
                    test_a_term_the_document_says_again_joins_where_it_is_cut);
    g_test_add_func("/join-model/white-space",
                    test_what_white_space_parts_is_not_learnt_as_one_term);
    g_test_add_func("/join-model/unknown", test_empty_ends_and_unknown_characters_are_judged_too);
    g_test_add_func("/join-model/likelihood",
                    test_a_text_of_known_terms_is_likelier_than_one_with_another_character);
    return g_test_run();
}

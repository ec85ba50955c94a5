/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "changes.h"

#include <string.h>

#define BEFORE                                                                                     \
    "<document xmlns=\"urn:yomijun:document:1\"><source name=\"a\" pages=\"1\"/>"                  \
    "<producer name=\"yomijun\" version=\"1\" paint-trace=\"yes\"/>"                               \
    "<pages><page n=\"1\" width=\"595\" height=\"842\">"
#define AFTER "</body></document>"

/* Three places of a page, one below the other. */
static const char zones[] =
    "<zone id=\"z1\" page=\"1\" box=\"50 50 500 70\" origin=\"text-layer\" confidence=\"1\"/>"
    "<zone id=\"z2\" page=\"1\" box=\"50 100 500 120\" origin=\"text-layer\" confidence=\"1\"/>"
    "<zone id=\"z3\" page=\"1\" box=\"50 150 500 170\" origin=\"text-layer\" confidence=\"1\"/>"
    "</page></pages><body>";

static Claims *
document(const char *body)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = g_strconcat(BEFORE, zones, body, AFTER, NULL);
    Claims *claims = claims_parse(xml, strlen(xml), &error);
    g_assert_no_error(error);
    return claims;
}

/* "digits: 1284 → 1234 | text: …": what differs in each change. */
static char *
told(const char *old, const char *new)
{
    g_autoptr(Claims) a = document(old), b = document(new);
    g_autoptr(Changes) changes = changes_find(a, b);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < changes->list->len; i++) {
        const DocChange *c = changes_change(changes, i);
        g_string_append_printf(all, "%s%s:", i > 0 ? " | " : "", class_word(c->class));
        for (guint side = 0; side < 2; side++) {
            const GArray *spots = side == 0 ? c->old : c->new;
            g_string_append(all, side == 0 ? " " : " → ");
            for (guint k = 0; k < spots->len; k++) {
                const Spot *s = &g_array_index(spots, Spot, k);
                g_autofree char *part = g_utf8_substring(
                    claims_passage(side == 0 ? a : b, s->passage)->text, s->from, s->to);
                g_string_append_printf(all, "%s%s", k > 0 ? "/" : "", part);
            }
        }
        if (c->what != NULL) {
            g_string_append_printf(all, " (%s)", c->what);
        }
    }
    g_assert_cmpint(changes->list->len > 0, ==, changes_worst(changes) != CLASS_NONE);
    return g_string_free(g_steal_pointer(&all), FALSE);
}

static void
check(const char *old, const char *new, const char *expected)
{
    g_autofree char *found = told(old, new);
    g_assert_cmpstr(found, ==, expected);
}

#define P1(text) "<p zones=\"z1\">" text "</p>"
#define P2(text) "<p zones=\"z2\">" text "</p>"
#define P3(text) "<p zones=\"z3\">" text "</p>"

static void
test_same_document_has_no_changes(void)
{
    check(P1("前年度の件数") P2("前年度の件数"), P1("前年度の件数") P2("前年度の件数"), "");
    check("", "", "");
}

static void
test_numbers_weigh_most(void)
{
    check(P1("前年度は 1,284 件"), P1("前年度は 1,234 件"), "digits: 8 → 3");
    check(P1("前年度は 98.5 件"), P1("前年度は 985 件"), "digits: . → ");
    check(P1("前年度は△5件"), P1("前年度は5件"), "digits: △ → ");
    check(P1("5") P2("7"), P1("7") P2("9"), "digits: 5 → 7 | digits: 7 → 9");
    check(P1("第12条"), P1("第21条"), "digits: 12 → 21");
}

static void
test_separator_of_the_same_number_is_text(void)
{
    check(P1("前年度は1,284件"), P1("前年度は1284件"), "text: , → ");
}

static void
test_folding(void)
{
    check(P1("令和６年度の計画"), P1("令和6年度の計画"), "normalisation: ６ → 6");
    check(P1("㈱みなとの計画"), P1("(株)みなとの計画"), "normalisation: ㈱ → (株)");
    check(P1("㈱みなとの計画"), P1("(林)みなとの計画"), "text: ㈱ → 林 | normalisation:  → (/)");
    check(P1("人の計画が"), P1("⼈の計画か\u3099"), "normalisation: 人/が → ⼈/か\u3099");
}

static void
test_white_space(void)
{
    check(P1("個人情報の計画"), P1("個人 情報の計画"), "white-space:  →  ");
    check(P1("個人 情報の計画"), P1("個人　情報の計画"), "white-space:   → 　");
}

static void
test_text_that_only_one_has(void)
{
    check(P1("計画を公表する。") P2("その時期は来年とする。"), P1("計画を公表する。"),
          "lost: その時期は来年とする。 → ");
    check(P1("計画を公表する。"), P1("計画を公表する。") P2("その時期は来年とする。"),
          "gained:  → その時期は来年とする。");
    check(P1("計画を、その時期は来年とするが、公表する。"), P1("計画を、公表する。"),
          "lost: その時期は来年とするが、 → ");
}

static void
test_other_order(void)
{
    check(P1("計画を公表する。") P2("時期は来年である。"),
          P2("時期は来年である。") P1("計画を公表する。"),
          "order: 計画を公表する。 → 計画を公表する。");
    check(P1("個人情報の保護計画"), P1("情報個人の保護計画"), "order: 個人情報 → 情報個人");
}

static void
test_split_and_joined(void)
{
    check(P1("計画を公表する。時期は来年である。"), P1("計画を公表する。") P2("時期は来年である。"),
          "structure:  → / (1 passage, now 2)");
    check(P1("計画を公表する。") P2("時期は来年である。"),
          P1("計画を公表する。 時期は来年である。"), "structure:  →   (2 passages, now 1)");
}

static void
test_kind_of_element(void)
{
    check(P1("計画を公表する。"), "<heading level=\"1\" zones=\"z1\">計画を公表する。</heading>",
          "structure:  →  (p, now heading)");
    check(P1("計画を公表する。"), P1("計画を<s>公表</s>する。"),
          "structure: 公表 → 公表 (underlined, struck through or ruby otherwise)");
    check(P1("<ruby rt=\"けい\">計</ruby>画"), P1("<ruby rt=\"はか\">計</ruby>画"),
          "text:  →  (ruby “けい”, now “はか”)");
}

/* Rows and columns as letters: "a|b/c|d". */
static char *
table(const char *cells, const char *columns)
{
    g_autoptr(GString) xml = g_string_new(NULL);
    g_auto(GStrv) rows = g_strsplit(cells, "/", -1);
    g_string_append_printf(xml, "<table columns=\"%s\">", columns);
    for (guint i = 0; rows[i] != NULL; i++) {
        g_auto(GStrv) texts = g_strsplit(rows[i], "|", -1);
        g_string_append(xml, "<row>");
        for (guint k = 0; texts[k] != NULL; k++) {
            g_string_append_printf(xml, "<cell column=\"%u\">", k + 1);
            g_string_append_printf(xml, *texts[k] != '\0' ? "<p zones=\"z1\">%s</p>" : "%s",
                                   texts[k]);
            g_string_append(xml, "</cell>");
        }
        g_string_append(xml, "</row>");
    }
    g_string_append(xml, "</table>");
    return g_string_free(g_steal_pointer(&xml), FALSE);
}

static void
check_tables(const char *old, const char *new, const char *columns, const char *expected)
{
    g_autofree char *a = table(old, "2"), *b = table(new, columns);
    check(a, b, expected);
}

static void
test_row_put_in_changes_no_other_row(void)
{
    check_tables("項目|内容/計画|公表した/予算|増額した",
                 "項目|内容/人員|増員した/計画|公表した/予算|増額した", "2",
                 "gained:  → 人員 | gained:  → 増員した");
}

static void
test_cell_in_another_column(void)
{
    check_tables("項目|内容/計画|/予算|増額した", "項目|内容/|計画/予算|増額した", "2",
                 "structure:  →  (column 1, now 2)");
    check_tables("項目|内容/計画|公表した", "項目|内容|/計画|公表した|", "3",
                 "structure:  →  (table 1: 2 columns, now 3)");
}

static void
test_row_cut_in_two(void)
{
    check_tables("項目|内容/計画の策定|公表した", "項目|内容/計画の策定|/|公表した", "2",
                 "structure:  →  (another row)");
}

static void
test_beside_the_content(void)
{
    g_autoptr(Claims) a = document(P1("計画を公表する。"));
    g_autofree char *other = g_strconcat(
        "<document xmlns=\"urn:yomijun:document:1\"><source name=\"a\" pages=\"1\"/>"
        "<producer name=\"yomijun\" version=\"2\" paint-trace=\"yes\"/><pages>"
        "<page n=\"1\" width=\"595\" height=\"842\"><zone id=\"q\" page=\"1\" box=\"53 50 500 70\""
        " origin=\"text-layer\" confidence=\"0.9\"/></page></pages><body><p zones=\"q\">",
        "計画を公表する。</p></body></document>", NULL);
    g_autoptr(Claims) b = claims_parse(other, strlen(other), NULL);
    g_autoptr(Changes) changes = changes_find(a, b);
    g_assert_cmpuint(changes->list->len, ==, 0);
    g_assert_cmpuint(changes->aside, ==,
                     ASIDE_PRODUCER | ASIDE_ZONES | ASIDE_CONFIDENCE | ASIDE_BOXES);
    g_assert_cmpint(changes_worst(changes), ==, CLASS_NONE);
}

/* No document of ours, but it must not end who reads it. */
static void
test_zone_without_a_name(void)
{
    const char *text = BEFORE "<zone page=\"1\" box=\"50 50 500 70\"/></page></pages><body>"
                              "<p zones=\"z1\">一</p>" AFTER;
    g_autoptr(Claims) claims = claims_parse(text, strlen(text), NULL);
    g_autoptr(Changes) changes = changes_find(claims, claims);
    g_assert_cmpuint(changes->list->len, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/changes/same-document-has-none", test_same_document_has_no_changes);
    g_test_add_func("/changes/numbers-weigh-most", test_numbers_weigh_most);
    g_test_add_func("/changes/separator-of-the-same-number",
                    test_separator_of_the_same_number_is_text);
    g_test_add_func("/changes/folding", test_folding);
    g_test_add_func("/changes/white-space", test_white_space);
    g_test_add_func("/changes/text-that-only-one-has", test_text_that_only_one_has);
    g_test_add_func("/changes/other-order", test_other_order);
    g_test_add_func("/changes/split-and-joined", test_split_and_joined);
    g_test_add_func("/changes/kind-of-element", test_kind_of_element);
    g_test_add_func("/changes/row-put-in", test_row_put_in_changes_no_other_row);
    g_test_add_func("/changes/another-column", test_cell_in_another_column);
    g_test_add_func("/changes/row-cut-in-two", test_row_cut_in_two);
    g_test_add_func("/changes/beside-the-content", test_beside_the_content);
    g_test_add_func("/changes/zone-without-a-name", test_zone_without_a_name);
    return g_test_run();
}

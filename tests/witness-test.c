/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "witness.h"

#define EM 10.0

/* A page whose text layer has these characters in a row, each 10 points wide, in one font. */
static Page *
page_of(const char *text)
{
    Page *page = page_new(1, 500, 500);
    Style style = {.size = EM, .font = page_font(page, "ABCDEF+Mincho")};
    guint16 index = page_style(page, &style);
    float x = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL), x += (float)EM) {
        Glyph glyph = {.unicode = g_utf8_get_char(p),
                       .code = g_utf8_get_char(p) + 1000,
                       .x0 = x,
                       .x1 = x + (float)EM,
                       .y1 = (float)EM,
                       .confidence = 1,
                       .style = index};
        g_array_append_val(page->glyphs, glyph);
    }
    return page;
}

/* What a zone hears: passage, what the layer has there (glyphs from `first`), what is seen. */
static void
hear(Witness *witness, const char *passage, const char *layer, guint first, const char *seen)
{
    glong n, m, k;
    g_autofree gunichar *p = g_utf8_to_ucs4_fast(passage, -1, &n);
    g_autofree gunichar *l = g_utf8_to_ucs4_fast(layer, -1, &m);
    g_autofree gunichar *s = g_utf8_to_ucs4_fast(seen, -1, &k);
    ZoneText text = {.layer_glyphs = g_array_new(FALSE, FALSE, sizeof(guint))};
    for (guint i = 0; i < (guint)m; i++) {
        guint glyph = first + i;
        g_array_append_val(text.layer_glyphs, glyph);
    }
    g_autoptr(GArray) by_layer = align_texts(p, (guint)n, l, (guint)m, ALIGN_WHOLE);
    g_autoptr(GArray) by_eye = align_texts(p, (guint)n, s, (guint)k, ALIGN_WHOLE);
    witness_hear(witness, &text, by_eye, by_layer, (guint)n);
    g_array_unref(text.layer_glyphs);
}

static const GlyphVotes *
votes_of(const Witness *witness, guint at)
{
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(guint64));
    witness_glyphs(witness, at, at + 1, glyphs);
    const GArray *votes = witness_votes(witness);
    for (guint i = 0; i < votes->len && glyphs->len == 1; i++) {
        const GlyphVotes *v = &g_array_index(votes, GlyphVotes, i);
        if (v->glyph == g_array_index(glyphs, guint64, 0)) {
            return v;
        }
    }
    return NULL;
}

/* 末 is read as 末 in one zone and as 未 in another: both count for the same glyph. */
static void
test_same_glyph_everywhere(void)
{
    g_autoptr(Page) page = page_of("年度末月末");
    g_autoptr(Witness) witness = witness_new(page);
    hear(witness, "年度末", "年度末", 0, "年度末");
    hear(witness, "月末", "月末", 3, "月未");
    const GlyphVotes *votes = votes_of(witness, 1);
    g_assert_true(votes != NULL && votes->agreed == 1 && votes->differed == 1);
}

/* Where the document says something else than the layer, no glyph speaks for it. */
static void
test_spoiled_document_has_no_glyphs(void)
{
    g_autoptr(Page) page = page_of("128");
    g_autoptr(Witness) witness = witness_new(page);
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(guint64));
    hear(witness, "123", "128", 0, "128");
    witness_glyphs(witness, 2, 3, glyphs);
    g_assert_cmpuint(glyphs->len, ==, 0);
}

static void
test_accounts_for_what_the_document_has(void)
{
    g_autoptr(Page) page = page_of("年度末日");
    g_autoptr(Witness) witness = witness_new(page);
    hear(witness, "年度末", "年度末", 0, "年度末");
    g_assert_true(witness_accounts(witness, (Rect){0, 0, EM, EM}));
    g_assert_false(witness_accounts(witness, (Rect){3 * EM, 0, 4 * EM, EM}));
}

static void
test_without_layer_says_nothing(void)
{
    g_autoptr(Witness) witness = witness_new(NULL);
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(guint64));
    ZoneText text = {0};
    witness_hear(witness, &text, NULL, NULL, 3);
    witness_glyphs(witness, 0, 3, glyphs);
    g_assert_cmpuint(glyphs->len, ==, 0);
    g_assert_false(witness_accounts(witness, (Rect){0, 0, EM, EM}));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/witness/same-glyph-everywhere", test_same_glyph_everywhere);
    g_test_add_func("/witness/spoiled-document-has-no-glyphs", test_spoiled_document_has_no_glyphs);
    g_test_add_func("/witness/accounts-for-what-the-document-has",
                    test_accounts_for_what_the_document_has);
    g_test_add_func("/witness/without-layer-says-nothing", test_without_layer_says_nothing);
    return g_test_run();
}

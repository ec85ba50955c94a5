/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "learnt.h"

#include "alike.h"
#include "chars.h"

/* Distances of pictures: "near" is so many times the spread of like ones, and at least …; and never
 * more than this: different kanji are .3 apart and more. */
#define NEAR_SPREADS 1.5
#define NEAR_LEAST 0.06
#define NEAR_MOST 0.15

static void
votes_free(gpointer data)
{
    Votes *votes = data;
    g_hash_table_destroy(votes->as);
    g_free(votes);
}

void
learnt_init(Learnt *l, const Claims *claims)
{
    *l = (Learnt){.claims = claims,
                  .bank = glyph_bank_new(),
                  .votes = g_hash_table_new_full(NULL, NULL, NULL, votes_free),
                  .glyphs = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free)};
}

void
learnt_clear(Learnt *l)
{
    glyph_bank_free(l->bank);
    g_hash_table_destroy(l->votes);
    g_hash_table_destroy(l->glyphs);
}

static Votes *
votes_of(Learnt *l, gunichar c)
{
    Votes *votes = g_hash_table_lookup(l->votes, GUINT_TO_POINTER(c));
    if (votes == NULL) {
        votes = g_new0(Votes, 1);
        votes->as = g_hash_table_new(NULL, NULL);
        g_hash_table_insert(l->votes, GUINT_TO_POINTER(c), votes);
    }
    return votes;
}

gunichar
only_char(const char *text)
{
    return *text != '\0' && *g_utf8_find_next_char(text, NULL) == '\0' ? g_utf8_get_char(text) : 0;
}

static void
learn_glyphs(Learnt *l, const GArray *votes)
{
    for (guint i = 0; i < votes->len; i++) {
        const GlyphVotes *here = &g_array_index(votes, GlyphVotes, i);
        GlyphVotes *all = g_hash_table_lookup(l->glyphs, &here->glyph);
        if (all == NULL) {
            all = g_new0(GlyphVotes, 1);
            all->glyph = here->glyph;
            g_hash_table_insert(l->glyphs, &all->glyph, all);
        }
        all->agreed += here->agreed;
        all->differed += here->differed;
    }
}

void
learn(Learnt *l, const Comparison *c)
{
    learn_glyphs(l, c->votes);
    for (guint i = 0; i < c->exemplars->len; i++) {
        const Exemplar *e = &g_array_index(c->exemplars, Exemplar, i);
        glyph_bank_add(l->bank, e->c, &e->picture, &e->place);
        votes_of(l, e->c)->agreed++;
    }
    for (guint i = 0; i < c->differences->len; i++) {
        const Difference *d = &g_array_index(c->differences, Difference, i);
        gunichar e = only_char(d->expected), s = only_char(d->seen);
        if (e != 0 && s != 0 && !d->settled) {
            Votes *votes = votes_of(l, e);
            gpointer key = GUINT_TO_POINTER(s);
            votes->differed++;
            g_hash_table_insert(
                votes->as, key,
                GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(votes->as, key)) + 1));
        }
    }
}

double
near_of(const GlyphBank *bank)
{
    return CLAMP(NEAR_SPREADS * glyph_bank_spread(bank), NEAR_LEAST, NEAR_MOST);
}

/* The same character, half as wide or twice: １ of 1. */
static gunichar
in_other_width(gunichar c)
{
    return c > ' ' && c < 0x7F ? c + 0xFEE0 : c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
}

double
learnt_distance(const Learnt *l, gunichar c, const GlyphPicture *picture)
{
    return MIN(glyph_bank_distance(l->bank, c, picture),
               glyph_bank_distance(l->bank, in_other_width(c), picture));
}

gboolean
have_one_shape(guint32 a, guint32 b)
{
    static const char *const sets[] = {
        "ー一―－-–—‐−", "ロ口□", "へヘ", "べベ",    "ぺペ", "カ力", "ニ二",  "ハ八", "エ工",
        "タ夕",         "ト卜",  "リり", "0OＯ○〇", "バパ", "ビピ", "ブプ",  "ベペ", "ボポ",
        "ばぱ",         "びぴ",  "ぶぷ", "べぺ",    "ぼぽ", "1lI|", "xX×メ", "日曰", "・･"};
    for (guint i = 0; i < G_N_ELEMENTS(sets); i++) {
        if (g_utf8_strchr(sets[i], -1, a) != NULL && g_utf8_strchr(sets[i], -1, b) != NULL) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
may_be_taken_for(guint32 c, guint32 like)
{
    return char_plain(c) != char_plain(like) &&
           ((char_is_digit(c) && char_is_digit(like)) ||
            (g_unichar_isalnum(c) && g_unichar_isalnum(like) && char_looks_alike(c, like)));
}

gboolean
is_one_or_alike(guint32 c, guint32 like)
{
    return char_plain(c) == char_plain(like) || char_looks_alike(c, like) ||
           have_one_shape(c, like);
}

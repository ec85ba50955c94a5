/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict.h"

#include <string.h>

#include "alike.h"
#include "chars.h"
#include "sense.h"

/* The looks at a suspicion are weighed by adding: what speaks for a finding is positive. Together
 * they must reach this. */
#define FINDING 2.0
/* Distances of pictures: "near" is so many times the spread of like ones, and at least …; far is
 * so many times near; and one of two is the nearer if it is less than this part of the other. */
#define NEAR_SPREADS 1.5
#define NEAR_LEAST 0.06
#define FAR_NEARS 3.0
#define NEARER 0.75
/* … and near is never more than this: different kanji are .3 apart and more. */
#define NEAR_MOST 0.15
/* A picture may be of a character so far beside, since OCR's places are not exact. */
#define BESIDE 3u
/* A picture whose rows and columns change so often between ink and paper is of many strokes: 一 and
 * 十 have 1, 庁 has 1.8. */
#define FULL_TURNS 1.6
/* A picture further than this from all is of no character, but of a piece, or of more than one. */
#define NOTHING 0.5
/* Widths in ems that fit. */
#define FITS 0.35
/* Of a passage's pictures so many must be known, and this part near, or it was misread. */
#define KNOWN_LEAST 4u
#define KNOWN_PART 0.6
/* … of a few characters so many. */
#define READ_LEAST 3u
/* OCR as sure as this of a passage is believed without known pictures. */
#define PASSAGE_SURE 0.9F
/* A shorter passage, in which more is read than there is room for, was not read. */
#define SURE_CHARS 12u
/* Between two zones of a passage so many characters may be lost to the cut. */
#define CUT_CHARS 3u

/* What sense weighs: for each e-fold, and at most, for what is seen, for it where no picture tells
 * the two apart, and against it; less is nothing. */
#define SENSE_WEIGHT 0.2
#define SENSE_MOST_FOR 0.8
#define SENSE_MOST_ALIKE 2.5
#define SENSE_MOST_AGAINST 1.5
#define SENSE_TWICE_AGAINST 0.5
#define SENSE_LEAST 0.1

typedef struct {
    guint agreed, differed;
    GHashTable *as; /* seen char → count */
} Votes;

struct Verifier {
    const Claims *claims;
    GPtrArray *comparisons; /* Comparison, by index of page; NULL where there is none */
    GPtrArray *failures;    /* char *, the same */
    GArray *strays;         /* Stray: pictures of another page than they should be */
    GlyphBank *bank;
    GHashTable *votes;  /* expected char → Votes */
    GHashTable *glyphs; /* glyph of a text layer → GlyphVotes */
    Sense *sense;       /* while it is being finished */
    GHashTable *unread; /* zones whose picture says something else that is not believed */
};

typedef struct {
    guint expected, shown; /* indices of pages; shown is NO_ZONE for none */
    guint32 picture;
} Stray;

static void
votes_free(gpointer data)
{
    Votes *votes = data;
    g_hash_table_destroy(votes->as);
    g_free(votes);
}

static void
comparison_free_any(gpointer comparison)
{
    if (comparison != NULL) {
        comparison_free(comparison);
    }
}

Verifier *
verifier_new(const Claims *claims)
{
    Verifier *v = g_new0(Verifier, 1);
    v->claims = claims;
    v->comparisons = g_ptr_array_new_with_free_func(comparison_free_any);
    v->failures = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_set_size(v->comparisons, (gint)claims->pages->len);
    g_ptr_array_set_size(v->failures, (gint)claims->pages->len);
    v->strays = g_array_new(FALSE, FALSE, sizeof(Stray));
    v->bank = glyph_bank_new();
    v->unread = g_hash_table_new(NULL, NULL);
    v->votes = g_hash_table_new_full(NULL, NULL, NULL, votes_free);
    v->glyphs = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    return v;
}

void
verifier_free(Verifier *v)
{
    if (v != NULL) {
        g_ptr_array_unref(v->comparisons);
        g_ptr_array_unref(v->failures);
        g_array_unref(v->strays);
        glyph_bank_free(v->bank);
        g_hash_table_destroy(v->votes);
        g_hash_table_destroy(v->glyphs);
        g_hash_table_destroy(v->unread);
        g_free(v);
    }
}

static Votes *
votes_of(Verifier *v, gunichar c)
{
    Votes *votes = g_hash_table_lookup(v->votes, GUINT_TO_POINTER(c));
    if (votes == NULL) {
        votes = g_new0(Votes, 1);
        votes->as = g_hash_table_new(NULL, NULL);
        g_hash_table_insert(v->votes, GUINT_TO_POINTER(c), votes);
    }
    return votes;
}

static gunichar
only_char(const char *text)
{
    return *text != '\0' && *g_utf8_find_next_char(text, NULL) == '\0' ? g_utf8_get_char(text) : 0;
}

static void
learn_glyphs(Verifier *v, const GArray *votes)
{
    for (guint i = 0; i < votes->len; i++) {
        const GlyphVotes *here = &g_array_index(votes, GlyphVotes, i);
        GlyphVotes *all = g_hash_table_lookup(v->glyphs, &here->glyph);
        if (all == NULL) {
            all = g_new0(GlyphVotes, 1);
            all->glyph = here->glyph;
            g_hash_table_insert(v->glyphs, &all->glyph, all);
        }
        all->agreed += here->agreed;
        all->differed += here->differed;
    }
}

/* What this page's readings say of characters in general. */
static void
learn(Verifier *v, const Comparison *c)
{
    learn_glyphs(v, c->votes);
    for (guint i = 0; i < c->exemplars->len; i++) {
        const Exemplar *e = &g_array_index(c->exemplars, Exemplar, i);
        glyph_bank_add(v->bank, e->c, &e->picture, &e->place);
        votes_of(v, e->c)->agreed++;
    }
    for (guint i = 0; i < c->differences->len; i++) {
        const Difference *d = &g_array_index(c->differences, Difference, i);
        gunichar e = only_char(d->expected), s = only_char(d->seen);
        if (e != 0 && s != 0 && !d->settled) {
            Votes *votes = votes_of(v, e);
            gpointer key = GUINT_TO_POINTER(s);
            votes->differed++;
            g_hash_table_insert(
                votes->as, key,
                GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(votes->as, key)) + 1));
        }
    }
}

gboolean
verifier_add(Verifier *v, guint expected, Comparison *c)
{
    if (c->alien || c->page != expected) {
        Stray stray = {expected, c->alien ? NO_ZONE : c->page, c->picture};
        g_array_append_val(v->strays, stray);
    }
    if (c->alien || g_ptr_array_index(v->comparisons, c->page) != NULL) {
        comparison_free(c);
        return FALSE;
    }
    learn(v, c);
    g_array_set_size(c->exemplars, 0);
    g_array_set_size(c->votes, 0);
    g_ptr_array_index(v->comparisons, c->page) = c;
    return TRUE;
}

void
verifier_fail(Verifier *v, guint expected, guint32 picture, const char *why)
{
    (void)picture;
    g_free(g_ptr_array_index(v->failures, expected));
    g_ptr_array_index(v->failures, expected) = g_strdup(why);
}

/* ---- looks ---- */

typedef struct {
    const Verifier *v;
    const Difference *d;
    GArray *looks;
    double score;
    gboolean third; /* the picture is of neither, but of a third character */
} Weighing;

static void
said_clear(gpointer data)
{
    g_free(((Said *)data)->says);
}

static GArray *
looks_new(void)
{
    GArray *looks = g_array_new(FALSE, FALSE, sizeof(Said));
    g_array_set_clear_func(looks, said_clear);
    return looks;
}

/* A weight as a confidence, 0 to 1. */
static double
confidence_of(double weight)
{
    return 1 / (1 + exp(-weight));
}

static void
say(Weighing *w, const char *by, double weight, const char *says)
{
    Said said = {by, g_strdup(says), confidence_of(weight)};
    g_array_append_val(w->looks, said);
    w->score += weight;
}

static gboolean
is_same_plain(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        if (char_plain(g_utf8_get_char(a)) != char_plain(g_utf8_get_char(b))) {
            return FALSE;
        }
        a = g_utf8_find_next_char(a, NULL);
        b = g_utf8_find_next_char(b, NULL);
    }
    return *a == *b;
}

static void
look_at_ocr(Weighing *w)
{
    const Difference *d = w->d;
    double sure = (double)d->confidence;
    if (*d->seen != '\0') {
        say(w, "ocr", sure >= 0.97 ? 1 : sure >= 0.9 ? 0.6 : 0.1, d->seen);
    }
    if (d->again != NULL) {
        gboolean as_seen = is_same_plain(d->again, d->seen);
        gboolean as_expected = is_same_plain(d->again, d->expected);
        gunichar again = only_char(d->again);
        gboolean like_seen = char_looks_alike(again, only_char(d->seen)) &&
                             !char_looks_alike(again, only_char(d->expected));
        say(w, "ocr-again", as_seen ? 1 : as_expected ? -2.5 : like_seen ? 0.5 : -0.3, d->again);
    }
}

/* A kanji that no Japanese text has. */
static gboolean
is_foreign(gunichar c)
{
    return char_is_kanji(c) && char_kanji_use(c) == KANJI_FOREIGN;
}

static void
look_at_layer(Weighing *w)
{
    const Difference *d = w->d;
    if (d->layer != NULL) {
        gboolean as_seen = is_same_plain(d->layer, d->seen);
        gboolean as_expected = is_same_plain(d->layer, d->expected);
        double believed = is_foreign(only_char(d->layer)) ? 0.5 : 2; /* its font may be wrong */
        gboolean differs = *d->layer != '\0' && !as_expected;
        say(w, "layer", as_seen ? 3 : as_expected ? -believed : differs ? believed : 0, d->layer);
    }
}

/* How often the glyphs were read that say what is expected: those of the one least believed. FALSE
 * if one of them has never been read. */
static gboolean
glyphs_read(const Verifier *v, const GArray *glyphs, guint *ret_believed, GlyphVotes *ret_least)
{
    *ret_believed = 0;
    *ret_least = (GlyphVotes){.agreed = G_MAXUINT32};
    for (guint i = 0; i < glyphs->len; i++) {
        const GlyphVotes *votes =
            g_hash_table_lookup(v->glyphs, &g_array_index(glyphs, guint64, i));
        gboolean believed = votes != NULL && votes->agreed > 0 && votes->agreed >= votes->differed;
        *ret_believed += believed;
        if (votes != NULL && votes->agreed < ret_least->agreed) {
            *ret_least = *votes;
        }
    }
    return *ret_believed == glyphs->len && glyphs->len > 0;
}

static gboolean
layer_agrees(const Difference *d)
{
    return d->layer != NULL && is_same_plain(d->layer, d->expected);
}

/* The text layer says what the document says, by glyphs that are read so elsewhere. */
static void
look_at_glyphs(Weighing *w)
{
    const Difference *d = w->d;
    GlyphVotes least = {0, 0, 0};
    guint believed;
    if (!layer_agrees(d)) {
        return;
    }
    if (*d->expected == '\0') {
        if (d->accounted) {
            say(w, "glyph", -3, "of a character that the document has");
        }
    } else if (glyphs_read(w->v, d->glyphs, &believed, &least)) {
        g_autofree char *says = g_strdup_printf(
            "read as its font says %u times, otherwise %u times", least.agreed, least.differed);
        say(w, "glyph", -4, says);
    }
}

/* Whether the text layer vouches for a passage: it says the same, and its fonts are to be believed:
 * most of these glyphs are read so elsewhere. No wrong font puts right characters into another
 * order. */
static gboolean
layer_vouches(const Verifier *v, const Difference *d)
{
    GlyphVotes least;
    guint believed;
    if (!layer_agrees(d)) {
        return FALSE;
    }
    if (*d->expected == '\0') {
        return d->accounted;
    }
    glyphs_read(v, d->glyphs, &believed, &least);
    return d->kind == FINDING_ORDER || 2 * believed > d->glyphs->len;
}

static double
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

/* The distance to the nearest picture of a character in either width, 2 if there is none. */
static double
distance_to(const Verifier *v, gunichar c, const GlyphPicture *picture)
{
    return MIN(glyph_bank_distance(v->bank, c, picture),
               glyph_bank_distance(v->bank, in_other_width(c), picture));
}

/* Whether the claims have this character near the place: then the picture may be of that. */
static gboolean
is_beside(const Weighing *w, gunichar c)
{
    const Claims *claims = w->v->claims;
    const Passage *p = w->d->zone != NO_ZONE
                           ? claims_passage(claims, claims_zone(claims, w->d->zone)->passage)
                           : NULL;
    guint at = (guint)MAX(0, w->d->at);
    for (guint i = at > BESIDE ? at - BESIDE : 0; p != NULL && i < p->n && i <= at + BESIDE; i++) {
        if (p->chars[i] == c && i != at) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether a digit stands beside the place: then it is the place of a digit. */
static gboolean
is_in_number(const Weighing *w)
{
    const Claims *claims = w->v->claims;
    guint at = (guint)MAX(0, w->d->at);
    const Passage *p = w->d->zone != NO_ZONE
                           ? claims_passage(claims, claims_zone(claims, w->d->zone)->passage)
                           : NULL;
    return p != NULL && ((at > 0 && at <= p->n && char_is_digit(p->chars[at - 1])) ||
                         (at + 1 < p->n && char_is_digit(p->chars[at + 1])));
}

/* Characters that have one shape in many typefaces: no picture tells them apart. */
static gboolean
have_one_shape(gunichar a, gunichar b)
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

static gboolean
may_be_taken_for(guint32 c, guint32 like)
{
    return char_plain(c) != char_plain(like) &&
           ((char_is_digit(c) && char_is_digit(like)) ||
            (g_unichar_isalnum(c) && g_unichar_isalnum(like) && char_looks_alike(c, like)));
}

/* Whether pictures of one are pictures of the other in some typeface. */
static gboolean
is_one_or_alike(guint32 c, guint32 like)
{
    return char_plain(c) == char_plain(like) || char_looks_alike(c, like) ||
           have_one_shape(c, like);
}

/* A stroke or a dot that is the same in nearly all typefaces. */
static gboolean
is_same_stroke(gunichar a, gunichar b)
{
    static const char *const sets[] = {"1lI|ｌＩ｜", "・•･‧∙", "○〇◯", "ー―－-–—‐−─",
                                       "一―－-–—‐−─"};
    for (guint i = 0; i < G_N_ELEMENTS(sets); i++) {
        if (g_utf8_strchr(sets[i], -1, a) != NULL && g_utf8_strchr(sets[i], -1, b) != NULL) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether the second reading is this character. */
static gboolean
is_read(const Weighing *w, gunichar c)
{
    return w->d->again != NULL && char_plain(only_char(w->d->again)) == char_plain(c);
}

/* Whether a picture is that of a character with many strokes: it is like no part of others. */
static gboolean
is_full(gunichar c, const GlyphPicture *picture)
{
    return char_is_kanji(c) && glyph_picture_turns(picture) >= FULL_TURNS;
}

static void
look_at_picture(Weighing *w, gunichar expected, gunichar seen)
{
    if (w->d->pictures->len != 1) {
        return;
    }
    if (is_same_stroke(expected, seen) && !(char_is_digit(seen) && is_in_number(w))) {
        say(w, "alike", -2, w->d->seen);
        return;
    }
    const GlyphBank *bank = w->v->bank;
    const GlyphPicture *picture = &g_array_index(w->d->pictures, GlyphPicture, 0);
    double e = distance_to(w->v, expected, picture), s = distance_to(w->v, seen, picture), n;
    gunichar nearest = glyph_bank_nearest(bank, picture, &n);
    double near = near_of(bank), weight = 0;
    /* a third character only if the picture is like it, not just less unlike */
    gboolean is_third = n <= FAR_NEARS * near && char_plain(nearest) != char_plain(expected) &&
                        char_plain(nearest) != char_plain(seen);
    if (is_third && is_beside(w, nearest)) {
        say(w, "picture", -0.3, "of the character beside it");
        return;
    }
    double other = is_third ? MIN(s, n) : s;
    if (e <= near && s > FAR_NEARS * near && s <= 1) {
        weight = -4; /* as the document says; whatever else it may be, it is not what is read */
    } else if (e <= 1 && s <= 1 && MIN(e, other) > FAR_NEARS * near) {
        /* like nothing: cut wrongly, or of a typeface that is not known; what is unlike all is
         * still less unlike its own character than any other */
        gboolean least = s < NEARER * e && char_plain(nearest) == char_plain(seen);
        weight = least ? 0.5 : s < NEARER * e ? -0.3 : -1;
    } else if (e <= 1 && other <= 1) {
        /* of a third character, if it is that beyond doubt, and can be taken for what is seen, or
         * is no simple shape, of which others have parts */
        gboolean third = other < s && (other > near || e <= FAR_NEARS * near ||
                                       !(may_be_taken_for(nearest, seen) || is_read(w, nearest) ||
                                         is_full(nearest, picture)));
        gboolean nearer = other < NEARER * e && other < FAR_NEARS * near && e > near / 2;
        weight = nearer ? (third ? 0 : 3) : e < NEARER * other && e < FAR_NEARS * near ? -4 : 0;
    } else if (char_looks_alike(expected, seen)) {
        weight = e <= near ? -4 : s <= near / 2 && !have_one_shape(expected, seen) ? 1.5 : 0;
    } else if (e <= 1) {
        weight = e <= near ? -4 : e > FAR_NEARS * near && n < NOTHING ? 0.7 : -1;
    } else if (is_third && s > 1 && n <= near && is_full(nearest, picture)) {
        weight = 2;
    } else if (other <= 1) {
        /* what is like neither of the two is cut wrongly */
        weight = s <= near ? 2 : other <= near || (s <= 1 && s > FAR_NEARS * near) ? -2 : 0;
    }
    w->third = is_third && weight > 0 && other < s;
    if (weight == 0 && !g_unichar_isalnum(expected) && e > 1) {
        weight = -0.5; /* OCR's weak side: a mark that occurs nowhere else */
    }
    if (s > 1 && weight == 0) {
        weight = -0.3; /* OCR alone, however often, is one witness */
    }
    g_autoptr(GString) says = g_string_new(NULL);
    g_string_append_unichar(says, weight > 0 && other < s ? nearest : weight < 0 ? expected : seen);
    g_string_append_printf(says, ": expected %.2f, seen %.2f, nearest ", e, s);
    g_string_append_unichar(says, nearest != 0 ? nearest : '?');
    g_string_append_printf(says, " %.2f, like ones within %.2f", n, near);
    say(w, "picture", weight, says->str);
    if (weight == 0 && char_looks_alike(expected, seen)) {
        gboolean number = char_is_digit(seen) && !char_is_digit(expected) && is_in_number(w);
        say(w, "alike", number ? 0.5 : -2, w->d->seen);
    }
}

static gboolean
is_all_letters(const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        if (!g_unichar_isalpha(g_utf8_get_char(p))) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Which of the two makes Japanese. The recogniser has such knowledge, too, and errs to what is
 * usual: so this speaks more for the document than for what is seen. */
static void
look_at_sense(Weighing *w)
{
    if (!is_all_letters(w->d->expected) || !is_all_letters(w->d->seen) ||
        w->d->kind == FINDING_DIGIT || w->third) {
        return; /* marks and numbers are in few texts; and what was read is not what stands there */
    }
    double likelier = sense_of(w->v->sense, w->d);
    gboolean alike = char_looks_alike(only_char(w->d->expected), only_char(w->d->seen));
    /* what is read twice is no chance */
    gboolean twice = w->d->again != NULL && is_same_plain(w->d->again, w->d->seen);
    double weight =
        CLAMP(SENSE_WEIGHT * likelier, twice ? -SENSE_TWICE_AGAINST : -SENSE_MOST_AGAINST,
              alike ? SENSE_MOST_ALIKE : SENSE_MOST_FOR);
    if (fabs(weight) >= SENSE_LEAST) {
        g_autofree char *says = g_strdup_printf("%s: e^%.1f times as likely", w->d->seen, likelier);
        say(w, "sense", weight, says);
    }
}

static void
look_at_votes(Weighing *w, gunichar expected, gunichar seen)
{
    const Votes *votes = g_hash_table_lookup(w->v->votes, GUINT_TO_POINTER(expected));
    if (votes == NULL || char_looks_alike(expected, seen)) {
        return;
    }
    guint as = GPOINTER_TO_UINT(g_hash_table_lookup(votes->as, GUINT_TO_POINTER(seen)));
    double weight = 0;
    if (votes->agreed == 0 && as >= 2) {
        weight = as >= 3 ? 2.5 : 1.5;
    } else if (votes->agreed == 0 && is_foreign(expected)) {
        weight = 1.5;
    } else if (votes->agreed >= 3 && as >= 3) {
        weight = -0.5;
    }
    if (votes->agreed == 0 && as >= 2 && !g_unichar_isalnum(expected)) {
        weight = -1.5; /* a mark that OCR does not know */
    }
    if (!is_foreign(expected)) {
        weight = MIN(weight, 0.3); /* OCR misreads a rare character in the same way each time */
    }
    g_autofree char *says = g_strdup_printf("agreed %u times, seen so %u times", votes->agreed, as);
    if (weight != 0) {
        say(w, "votes", weight, says);
    }
}

static guint
length_of(const char *text)
{
    return (guint)g_utf8_strlen(text, -1);
}

static double
width_of(const char *text)
{
    double width = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        width += g_unichar_iswide(g_utf8_get_char(p)) ? 1 : 0.5;
    }
    return width;
}

static gboolean
is_small_marks(const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        if (g_unichar_isalnum(g_utf8_get_char(p))) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Several characters seen that are together the picture of one that is expected. */
static gboolean
is_one_picture(Weighing *w)
{
    for (guint i = 0; i < w->d->merged->len; i++) {
        const Merged *m = &g_array_index(w->d->merged, Merged, i);
        double distance = glyph_bank_distance(w->v->bank, m->c, &m->picture);
        if (distance <= FAR_NEARS / 2 * near_of(w->v->bank)) {
            g_autoptr(GString) says = g_string_new("together ");
            g_string_append_unichar(says, m->c);
            g_string_append_printf(says, ": %.2f", distance);
            say(w, "picture", -4, says->str);
            return TRUE;
        }
    }
    return FALSE;
}

/* Texts of different lengths: which of them the ink is as wide as. */
static void
look_at_ink(Weighing *w)
{
    const Difference *d = w->d;
    if (*d->seen == '\0') {
        say(w, "ink",
            d->room                       ? -2
            : is_small_marks(d->expected) ? 0.5
                                          : 2.2,
            d->room ? "there is ink or room" : "no room");
        return;
    }
    /* what the text layer has as well is more than one character badly read */
    gboolean in_layer = d->layer != NULL && is_same_plain(d->layer, d->seen);
    if (!in_layer && is_one_picture(w)) {
        return;
    }
    double em = rect_height(d->box), width = em > 0 ? rect_width(d->box) / em : 0;
    double as_seen = fabs(width - width_of(d->seen)),
           as_expected = fabs(width - width_of(d->expected));
    double weight = as_expected < FITS && as_seen > as_expected ? -1.5
                    : as_seen < FITS && as_expected > as_seen   ? 0.7
                                                                : 0;
    guint far = 0, known = 0;
    const char *p = d->seen;
    for (guint i = 0; i < d->pictures->len; i++, p = g_utf8_find_next_char(p, NULL)) {
        double s =
            distance_to(w->v, g_utf8_get_char(p), &g_array_index(d->pictures, GlyphPicture, i));
        known += s <= 1;
        far += s <= 1 && s > FAR_NEARS * near_of(w->v->bank);
    }
    gboolean read = known >= READ_LEAST && known - far >= KNOWN_PART * known;
    weight += known == 0 ? 0 : read ? 2 : far > 0 ? -1.5 : 0.7;
    weight -= is_small_marks(d->seen) && is_small_marks(d->expected) ? 1 : 0;
    gboolean more = width_of(d->seen) > width_of(d->expected);
    weight -= d->squeezed && more ? 2.5 : 0;
    g_autofree char *says = g_strdup_printf(
        "%.1f ems wide%s", width, d->squeezed && more ? ", too little for all that is read" : "");
    say(w, "ink", weight, says);
}

static gboolean
has_japanese(const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        if (g_unichar_isalpha(g_utf8_get_char(p)) && g_unichar_iswide(g_utf8_get_char(p))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* How many characters two texts have in common at their start. */
static guint
same_start(const char *a, const char *b)
{
    guint n = 0;
    while (*a != '\0' && *b != '\0' &&
           char_plain(g_utf8_get_char(a)) == char_plain(g_utf8_get_char(b))) {
        a = g_utf8_find_next_char(a, NULL);
        b = g_utf8_find_next_char(b, NULL);
        n++;
    }
    return n;
}

/* Whether what is seen of a passage looks like what it is taken for. */
static gboolean
passage_was_read(const Verifier *v, const Difference *d)
{
    guint known = 0, near = 0, from = same_start(d->expected, d->seen);
    gboolean amount = d->kind == FINDING_DIGIT; /* then ％ read as 96 must not do */
    double like = (amount ? 1 : FAR_NEARS) * near_of(v->bank);
    if (d->squeezed && length_of(d->seen) < SURE_CHARS) {
        return FALSE;
    }
    const char *p = g_utf8_offset_to_pointer(d->seen, from);
    if (has_japanese(g_utf8_offset_to_pointer(d->expected, from)) && !has_japanese(p)) {
        return FALSE; /* what OCR makes of drawings, and of text that runs another way */
    }
    for (guint i = from; i < d->pictures->len && *p != '\0';
         i++, p = g_utf8_find_next_char(p, NULL)) {
        double s = distance_to(v, g_utf8_get_char(p), &g_array_index(d->pictures, GlyphPicture, i));
        known += s <= 1;
        near += s <= like;
    }
    return known >= KNOWN_LEAST ? near >= (amount ? 1 : KNOWN_PART) * known
                                : !layer_agrees(d) && d->confidence >= PASSAGE_SURE;
}

/* The text layer, where there is one, is believed rather than OCR alone. */
static gboolean
passage_is_wrong(const Verifier *v, const Difference *d)
{
    return *d->seen == '\0' ? !d->room && !layer_agrees(d) : passage_was_read(v, d);
}

/* ---- findings ---- */

static void
finding_clear(gpointer data)
{
    Finding *f = data;
    g_free(f->expected);
    g_free(f->seen);
    g_array_unref(f->looks);
}

static void
zone_verdict_clear(gpointer data)
{
    g_free(((ZoneVerdict *)data)->seen);
}

static void
page_verdict_free(gpointer data)
{
    PageVerdict *page = data;
    g_array_unref(page->zones);
    g_array_unref(page->findings);
    g_free(page->failed);
    g_free(page);
}

static PageVerdict *
page_verdict_new(guint index)
{
    PageVerdict *page = g_new0(PageVerdict, 1);
    page->page = index;
    page->agreement = 1;
    page->zones = g_array_new(FALSE, TRUE, sizeof(ZoneVerdict));
    page->findings = g_array_new(FALSE, TRUE, sizeof(Finding));
    g_array_set_clear_func(page->zones, zone_verdict_clear);
    g_array_set_clear_func(page->findings, finding_clear);
    return page;
}

void
report_free(Report *report)
{
    if (report != NULL) {
        g_ptr_array_unref(report->pages);
        g_free(report);
    }
}

void
report_add_finding(PageVerdict *page, guint32 zone, FindingKind kind, const Rect *box,
                   char *expected, char *seen, double confidence, const char *by, const char *says)
{
    Finding f = {.zone = zone,
                 .kind = kind,
                 .placed = box != NULL,
                 .box = box != NULL ? *box : (Rect){0, 0, 0, 0},
                 .expected = expected,
                 .seen = seen,
                 .confidence = confidence,
                 .at = -1,
                 .looks = looks_new()};
    Said said = {by, g_strdup(says), confidence};
    g_array_append_val(f.looks, said);
    g_array_append_val(page->findings, f);
    for (guint i = 0; i < page->zones->len; i++) {
        ZoneVerdict *v = &g_array_index(page->zones, ZoneVerdict, i);
        v->verdict = v->zone == zone ? MAX(v->verdict, kind) : v->verdict;
    }
}

/* Makes a finding of a difference, or nothing. */
static gboolean
decide(const Verifier *v, const Difference *d, PageVerdict *page)
{
    Weighing w = {v, d, looks_new(), 0, FALSE};
    gunichar expected = only_char(d->expected), seen = only_char(d->seen);
    gboolean found;
    if (d->settled) {
        gboolean vouched = layer_vouches(v, d);
        found = !vouched && passage_is_wrong(v, d);
        if (!found && !vouched && d->zone != NO_ZONE && d->kind < FINDING_MISSING) {
            g_hash_table_add(v->unread, GUINT_TO_POINTER(d->zone));
        }
        w.score = 1 + 3 * (double)d->confidence;
        look_at_ocr(&w);
        if (*d->seen == '\0') {
            say(&w, "ink", d->room ? -2 : 2, d->room ? "there is ink or room" : "no room");
        }
    } else if (d->kind == FINDING_VARIANT) {
        found = FALSE;
    } else {
        look_at_ocr(&w);
        look_at_layer(&w);
        look_at_glyphs(&w);
        if (expected != 0 && seen != 0) {
            look_at_picture(&w, expected, seen);
            look_at_votes(&w, expected, seen);
        } else {
            look_at_ink(&w);
        }
        look_at_sense(&w);
        found = w.score >= FINDING;
    }
    if (!found) {
        g_array_unref(w.looks);
        return FALSE;
    }
    Finding f = {.zone = d->zone,
                 .kind = (FindingKind)d->kind,
                 .placed = TRUE,
                 .box = d->box,
                 .expected = g_strdup(d->expected),
                 .seen = g_strdup(d->seen),
                 .confidence = confidence_of(w.score - 0.5),
                 .at = d->at,
                 .looks = w.looks};
    g_array_append_val(page->findings, f);
    return TRUE;
}

/* ---- pages ---- */

/* The verdict of one zone: the gravest of its findings. */
static void
judge_zone(const Verifier *v, const ZoneCheck *check, PageVerdict *page, guint first)
{
    gboolean checked =
        check->checked && !g_hash_table_contains(v->unread, GUINT_TO_POINTER(check->zone));
    ZoneVerdict z = {.zone = check->zone, .verdict = checked ? FINDING_AGREES : FINDING_UNCHECKED};
    guint n = check->to - check->from, wrong = 0;
    for (guint i = first; i < page->findings->len; i++) {
        const Finding *f = &g_array_index(page->findings, Finding, i);
        if (f->zone == check->zone) {
            z.verdict = MAX(z.verdict, f->kind);
            wrong += MAX(length_of(f->expected), length_of(f->seen));
        }
    }
    z.agreement = n + wrong > 0 ? 1 - MIN(1.0, (double)wrong / MAX(n, wrong)) : 1;
    const Passage *p = claims_passage(v->claims, claims_zone(v->claims, check->zone)->passage);
    g_autofree char *claimed = g_ucs4_to_utf8(p->chars + check->from, n, NULL, NULL, NULL);
    z.seen = strcmp(claimed, check->text) != 0 ? g_strdup(check->text) : NULL;
    if (checked) {
        page->chars += n;
        page->wrong += MIN(wrong, MAX(n, check->seen));
    }
    g_array_append_val(page->zones, z);
}

static void
judge_page(const Verifier *v, const Comparison *c, PageVerdict *page, Report *report)
{
    page->picture = c->picture;
    page->placing = c->placing;
    page->width = c->width;
    page->height = c->height;
    guint first = page->findings->len;
    for (guint i = 0; i < c->differences->len; i++) {
        report->doubts += !decide(v, &g_array_index(c->differences, Difference, i), page);
    }
    for (guint i = 0; i < c->zones->len; i++) {
        judge_zone(v, &g_array_index(c->zones, ZoneCheck, i), page, first);
    }
    for (guint i = first; i < page->findings->len; i++) {
        const Finding *f = &g_array_index(page->findings, Finding, i);
        if (f->zone == NO_ZONE) {
            page->chars += length_of(f->seen);
            page->wrong += length_of(f->seen);
        }
    }
    page->agreement = page->chars > 0 ? 1 - MIN(1.0, (double)page->wrong / page->chars) : 1;
}

/* Characters that document and OCR agree about and whose pictures say otherwise. */
static void
judge_oddities(const GArray *oddities, Report *report)
{
    for (guint i = 0; i < oddities->len; i++) {
        const GlyphOddity *o = &g_array_index(oddities, GlyphOddity, i);
        if (o->place.vouched) {
            continue;
        }
        PageVerdict *page = g_ptr_array_index(report->pages, o->place.page);
        g_autofree char *says = g_strdup_printf("expected %.2f, nearest %.2f", o->own, o->other);
        FindingKind kind = char_is_digit(o->c) ? FINDING_DIGIT : FINDING_TEXT;
        report_add_finding(page, o->place.zone, kind, &o->place.box,
                           g_ucs4_to_utf8(&o->c, 1, NULL, NULL, NULL),
                           g_ucs4_to_utf8(&o->like, 1, NULL, NULL, NULL), 0.8, "picture", says);
        g_array_index(page->findings, Finding, page->findings->len - 1).at = o->place.at;
    }
}

/* Pictures of other pages: a run of them that are off by the same number is one finding. */
static void
judge_strays(const Verifier *v, Report *report)
{
    for (guint i = 0; i < v->strays->len;) {
        const Stray *s = &g_array_index(v->strays, Stray, i);
        guint n = 1;
        while (i + n < v->strays->len && s->shown != NO_ZONE && s[n].expected == s->expected + n &&
               s[n].shown == s->shown + n) {
            n++;
        }
        guint32 e0 = claims_page(v->claims, s->expected)->number;
        guint32 e1 = claims_page(v->claims, s[n - 1].expected)->number;
        g_autofree char *says = g_strdup_printf("picture %u", s->picture);
        char *expected = n > 1 ? g_strdup_printf("%u–%u", e0, e1) : g_strdup_printf("%u", e0);
        char *seen = NULL;
        if (s->shown == NO_ZONE) {
            seen = g_strdup("");
        } else {
            guint32 s0 = claims_page(v->claims, s->shown)->number;
            guint32 s1 = claims_page(v->claims, s[n - 1].shown)->number;
            seen = n > 1 ? g_strdup_printf("%u–%u", s0, s1) : g_strdup_printf("%u", s0);
        }
        report_add_finding(g_ptr_array_index(report->pages, s->expected), NO_ZONE, FINDING_PAGE,
                           NULL, expected, seen, 0.99, "ocr", says);
        i += n;
    }
}

/* What a passage says between two of its zones, and no picture shows. */
static void
judge_cuts(const Verifier *v, const ZoneCheck **checks, Report *report)
{
    for (guint i = 0; i < v->claims->passages->len; i++) {
        const Passage *p = claims_passage(v->claims, i);
        for (guint k = 1; k < p->zones->len; k++) {
            guint before = g_array_index(p->zones, guint, k - 1);
            guint after = g_array_index(p->zones, guint, k);
            const ZoneCheck *a = checks[before], *b = checks[after];
            if (a == NULL || b == NULL || !a->checked || !b->checked ||
                b->from < a->to + CUT_CHARS) {
                continue;
            }
            const ClaimedZone *zone = claims_zone(v->claims, after);
            for (guint n = 0; n < report->pages->len; n++) {
                PageVerdict *page = g_ptr_array_index(report->pages, n);
                if (claims_page(v->claims, n)->number == zone->page) {
                    report_add_finding(
                        page, after, FINDING_NO_INK, &zone->box,
                        g_ucs4_to_utf8(p->chars + a->to, b->from - a->to, NULL, NULL, NULL),
                        g_strdup(""), 0.9, "ink", "neither part of the passage has it");
                }
            }
        }
    }
}

gboolean
finding_is_grave(FindingKind kind)
{
    return kind == FINDING_DIGIT || kind == FINDING_MISSING || kind == FINDING_ORDER ||
           kind == FINDING_NEIGHBOUR || kind == FINDING_PAGE;
}

static int
compare_findings(gconstpointer a, gconstpointer b)
{
    const Finding *p = a, *q = b;
    gboolean first = p->kind == FINDING_PAGE, second = q->kind == FINDING_PAGE;
    if (first != second) {
        return first ? -1 : 1;
    }
    double by = p->box.y0 != q->box.y0 ? p->box.y0 - q->box.y0 : p->box.x0 - q->box.x0;
    return by < 0 ? -1 : by > 0 ? 1 : p->at - q->at;
}

Report *
verifier_finish(Verifier *v, const JoinModel *model)
{
    g_autoptr(Sense) sense = sense_new(model, v->claims, v->comparisons);
    v->sense = sense;
    Report *report = g_new0(Report, 1);
    report->pages = g_ptr_array_new_with_free_func(page_verdict_free);
    g_autoptr(GArray) oddities = glyph_bank_oddities(v->bank, near_of(v->bank), may_be_taken_for);
    glyph_bank_settle(v->bank, near_of(v->bank), is_one_or_alike);
    g_autofree const ZoneCheck **checks = g_new0(const ZoneCheck *, v->claims->zones->len + 1);
    guint wrong = 0;
    for (guint i = 0; i < v->claims->pages->len; i++) {
        g_ptr_array_add(report->pages, page_verdict_new(i));
    }
    for (guint i = 0; i < v->claims->pages->len; i++) {
        PageVerdict *page = g_ptr_array_index(report->pages, i);
        const Comparison *c = g_ptr_array_index(v->comparisons, i);
        page->failed = g_strdup(g_ptr_array_index(v->failures, i));
        if (c != NULL) {
            judge_page(v, c, page, report);
        } else if (page->failed == NULL) {
            page->failed = g_strdup("no picture shows it");
        }
        for (guint k = 0; c != NULL && k < c->zones->len; k++) {
            const ZoneCheck *check = &g_array_index(c->zones, ZoneCheck, k);
            checks[check->zone] = check;
        }
    }
    judge_oddities(oddities, report);
    judge_strays(v, report);
    judge_cuts(v, checks, report);
    structure_check(v->claims, report);
    for (guint i = 0; i < report->pages->len; i++) {
        PageVerdict *page = g_ptr_array_index(report->pages, i);
        g_array_sort(page->findings, compare_findings);
        report->findings += page->findings->len;
        report->chars += page->chars;
        wrong += page->wrong;
    }
    report->agreement = report->chars > 0 ? 1 - MIN(1.0, (double)wrong / report->chars) : 1;
    v->sense = NULL;
    return report;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Repairs: see repairs.h.
 *
 * OCR is wrong now and then, and wrong in the same way about the same shapes, so how clear a vote
 * must be depends on what the font says:
 *
 *   nothing, or no character of any text    two thirds for one character, by two readings or one
 *                                           that is sure
 *   an ideograph Japanese does not use      the same, if the font has two such codes that are wrong
 *   what the font's own names contradict    the same
 *   an unusual ideograph                    the same, if the font is known to be wrong by the above
 *   any other character                     nearly all of three sure readings, if the font is known
 *                                           to be wrong by the above, and no look-alikes (ー and
 * 一)
 *
 * A font most of whose codes are wrong by the last rule is not believed at all, and its codes are
 * decided as if it said nothing. If most of them differ from what is printed by the same number,
 * the table is shifted, and codes that were not read well enough follow the others.
 *
 * Known failures: a code that stands on no page that was looked at, unless the font is shifted.
 */
#include "repairs.h"

#include <string.h>

#include "alike.h"
#include "chars.h"

/* The part of the confidence that the winner has, the readings for it, or the one that is sure. */
#define CLEAR_PART 0.66
#define CLEAR_LEAST 2u
#define CLEAR_MEAN 0.5
#define SURE 0.9
/* The same against a character that is plausible. */
#define STRONG_PART 0.9
#define STRONG_LEAST 3u
#define STRONG_MEAN 0.8
/* A font is known to be wrong by so many codes that say an ideograph that Japanese does not use, or
 * that say nothing and are read. */
#define FOREIGN_LEAST 2u
#define NOTHING_LEAST 2u
/* A font is not believed with so many wrong codes, more than right ones. */
#define WHOLE_LEAST 5u
/* A table is shifted if so many codes differ by one number, and this part of all. */
#define SHIFT_LEAST 5u
#define SHIFT_PART 0.5
#define SHIFT_CONFIDENCE 0.6f
/* Characters of a code that are kept apart; more are no vote. */
#define CHOICES_MOST 12u

typedef struct {
    guint32 unicode;
    guint n;
    double mass, best; /* of confidence */
} Choice;

typedef struct {
    guint32 font; /* index into names */
    guint32 code, raw;
    guint n;
    double mass;
    Choice choices[CHOICES_MOST];
    guint choices_count;
    gboolean contradicted; /* by the font itself */
    guint32 decided;       /* 0: as it was */
    float confidence;
} Vote;

typedef struct {
    guint foreign, nothing; /* wrong codes, by what the font says */
    guint wrong, right;     /* plausible codes */
    gboolean whole;
    gint64 shift;                 /* 0: none */
    guint32 shift_from, shift_to; /* codes of Unicode that follow it */
} Font;

struct Repairs {
    GPtrArray *names;    /* char *: of fonts */
    GHashTable *of_name; /* name → index + 1 */
    GHashTable *votes;   /* Vote, its own key */
    GArray *fonts;       /* Font, once decided */
};

static guint
vote_hash(gconstpointer data)
{
    const Vote *v = data;
    return v->font * 0x9E3779B9u ^ v->code * 0x85EBCA6Bu ^ v->raw * 0xC2B2AE35u;
}

static gboolean
vote_equal(gconstpointer a, gconstpointer b)
{
    const Vote *p = a, *q = b;
    return p->font == q->font && p->code == q->code && p->raw == q->raw;
}

Repairs *
repairs_new(void)
{
    Repairs *repairs = g_new0(Repairs, 1);
    repairs->names = g_ptr_array_new_with_free_func(g_free);
    repairs->of_name = g_hash_table_new(g_str_hash, g_str_equal);
    repairs->votes = g_hash_table_new_full(vote_hash, vote_equal, g_free, NULL);
    repairs->fonts = g_array_new(FALSE, TRUE, sizeof(Font));
    return repairs;
}

void
repairs_free(Repairs *repairs)
{
    if (repairs != NULL) {
        g_hash_table_unref(repairs->votes);
        g_hash_table_unref(repairs->of_name);
        g_ptr_array_unref(repairs->names);
        g_array_unref(repairs->fonts);
        g_free(repairs);
    }
}

/* ---- fonts ---- */

/* ABCDEF+Name: subsets of one font number their characters alike as a rule; where they do not, they
 * do not say the same of the same code either, and only what says nothing needs the tag. */
static const char *
without_tag(const char *name)
{
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 6 && name[6] == '+' ? name + 7 : name;
}

static const char *
font_name(const Page *page, const Glyph *g, guint32 raw)
{
    const char *name = g_ptr_array_index(page->fonts, page_glyph_style(page, g)->font);
    return raw != 0 ? without_tag(name) : name;
}

/* Index + 1; 0 if it has no readings. */
static guint
font_find(const Repairs *repairs, const char *name)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(repairs->of_name, name));
}

static guint
font_add(Repairs *repairs, const char *name)
{
    guint found = font_find(repairs, name);
    if (found == 0) {
        char *own = g_strdup(name);
        g_ptr_array_add(repairs->names, own);
        found = repairs->names->len;
        g_hash_table_insert(repairs->of_name, own, GUINT_TO_POINTER(found));
    }
    return found;
}

/* ---- votes ---- */

static void
vote_add(Vote *vote, guint32 unicode, double confidence)
{
    vote->n++;
    vote->mass += confidence;
    Choice *choice = NULL;
    for (guint i = 0; i < vote->choices_count && choice == NULL; i++) {
        choice = vote->choices[i].unicode == unicode ? &vote->choices[i] : NULL;
    }
    if (choice == NULL && vote->choices_count < CHOICES_MOST) {
        choice = &vote->choices[vote->choices_count++];
        choice->unicode = unicode;
    }
    if (choice != NULL) {
        choice->n++;
        choice->mass += confidence;
        choice->best = MAX(choice->best, confidence);
    }
}

void
repairs_add(Repairs *repairs, const Page *page)
{
    for (guint i = 0; i < page->readings->len; i++) {
        const Reading *r = &g_array_index(page->readings, Reading, i);
        const Glyph *g = page_glyph(page, r->glyph);
        Vote key = {.code = g->code, .raw = r->raw};
        key.font = font_add(repairs, font_name(page, g, r->raw)) - 1;
        Vote *vote = g_hash_table_lookup(repairs->votes, &key);
        if (vote == NULL) {
            vote = g_memdup2(&key, sizeof key);
            g_hash_table_add(repairs->votes, vote);
        }
        vote_add(vote, r->unicode, (double)r->confidence);
        vote->contradicted = vote->contradicted || (g->flags & GLYPH_CONTRADICTED) != 0;
    }
}

static const Choice *
winner_of(const Vote *vote)
{
    const Choice *best = &vote->choices[0];
    for (guint i = 1; i < vote->choices_count; i++) {
        const Choice *c = &vote->choices[i];
        if (c->mass > best->mass || (c->mass == best->mass && c->unicode < best->unicode)) {
            best = c;
        }
    }
    return best;
}

static gboolean
is_clear(const Vote *vote)
{
    const Choice *best = winner_of(vote);
    return best->mass >= CLEAR_PART * vote->mass && best->mass >= CLEAR_MEAN * best->n &&
           (best->n >= CLEAR_LEAST || best->best >= SURE);
}

static gboolean
is_strong(const Vote *vote)
{
    const Choice *best = winner_of(vote);
    return best->mass >= STRONG_PART * vote->mass && best->mass >= STRONG_MEAN * best->n &&
           best->n >= STRONG_LEAST;
}

static gboolean
differs(const Vote *vote)
{
    return !char_looks_alike(winner_of(vote)->unicode, vote->raw);
}

/* ---- what fonts say ---- */

typedef enum {
    SAYS_NOTHING,  /* no Unicode, or what is no character of a text */
    SAYS_FOREIGN,  /* an ideograph that Japanese does not use, or a letter of a far script */
    SAYS_UNCOMMON, /* an unusual ideograph */
    SAYS_PLAIN,
} Says;

static Says
says(guint32 raw)
{
    if (raw <= 0x20 || (raw >= 0x7F && raw < 0xA0) || (raw >= 0xE000 && raw <= 0xF8FF) ||
        raw >= 0xF0000 || raw == 0xFFFD || (raw & 0xFFFE) == 0xFFFE) {
        return SAYS_NOTHING;
    }
    if (raw >= 0x3400 && raw <= 0x9FFF) {
        KanjiUse use = char_kanji_use(raw);
        return use == KANJI_FOREIGN    ? SAYS_FOREIGN
               : use == KANJI_UNCOMMON ? SAYS_UNCOMMON
                                       : SAYS_PLAIN;
    }
    return SAYS_PLAIN;
}

/* A character that the font itself contradicts is as foreign to it as one of another language. */
static Says
vote_says(const Vote *vote)
{
    Says what = says(vote->raw);
    return what == SAYS_PLAIN && vote->contradicted ? SAYS_FOREIGN : what;
}

static void
font_count(Font *font, const Vote *vote)
{
    if (vote->raw == 0 || !is_clear(vote)) {
        return;
    }
    Says what = vote_says(vote);
    if (!differs(vote)) {
        font->right++;
    } else if (what == SAYS_NOTHING) {
        font->nothing++;
    } else if (what == SAYS_FOREIGN) {
        font->foreign++;
    } else if (is_strong(vote)) {
        font->wrong++;
    }
}

static int
compare_votes(gconstpointer a, gconstpointer b)
{
    const Vote *p = *(const Vote *const *)a, *q = *(const Vote *const *)b;
    return p->font != q->font   ? (p->font < q->font ? -1 : 1)
           : p->code != q->code ? (p->code < q->code ? -1 : 1)
           : p->raw < q->raw    ? -1
                                : p->raw > q->raw;
}

/* All votes in an order that depends on nothing but them. */
static GPtrArray *
votes_sorted(const Repairs *repairs)
{
    GPtrArray *votes = g_ptr_array_new();
    GHashTableIter iter;
    gpointer vote;
    g_hash_table_iter_init(&iter, repairs->votes);
    while (g_hash_table_iter_next(&iter, &vote, NULL)) {
        g_ptr_array_add(votes, vote);
    }
    g_ptr_array_sort(votes, compare_votes);
    return votes;
}

/* ---- shifted tables ---- */

static gint64
shift_of(const Vote *vote)
{
    return (gint64)winner_of(vote)->unicode - (gint64)vote->raw;
}

static int
compare_shifts(gconstpointer a, gconstpointer b)
{
    const gint64 *p = a, *q = b;
    return *p < *q ? -1 : *p > *q;
}

/* The number by which most of a font's codes differ from what is printed. votes: those of the font.
 */
static void
font_find_shift(Font *font, gpointer const *votes, guint n)
{
    g_autoptr(GArray) shifts = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < n; i++) {
        const Vote *vote = votes[i];
        if (vote->raw > 0x20) {
            gint64 shift = shift_of(vote);
            g_array_append_val(shifts, shift);
        }
    }
    g_array_sort(shifts, compare_shifts);
    guint most = 0;
    gint64 shift = 0;
    for (guint i = 0, run = 0; i < shifts->len; i++) {
        gint64 here = g_array_index(shifts, gint64, i);
        run = i > 0 && here == g_array_index(shifts, gint64, i - 1) ? run + 1 : 1;
        if (run > most) {
            most = run;
            shift = here;
        }
    }
    if (shift == 0 || most < SHIFT_LEAST || most < SHIFT_PART * shifts->len) {
        return;
    }
    font->shift = shift;
    font->whole = TRUE;
    font->shift_from = G_MAXUINT32;
    for (guint i = 0; i < n; i++) {
        const Vote *vote = votes[i];
        if (vote->raw > 0x20 && shift_of(vote) == shift) {
            font->shift_from = MIN(font->shift_from, vote->raw);
            font->shift_to = MAX(font->shift_to, vote->raw);
        }
    }
}

/* What a shifted font prints for a character it says; 0 if that is not known. */
static guint32
shifted(const Font *font, guint32 raw)
{
    if (font->shift == 0 || raw < font->shift_from || raw > font->shift_to) {
        return 0;
    }
    gint64 to = (gint64)raw + font->shift;
    gboolean good = to > 0x20 && to < 0x10000 && !(to >= 0x7F && to < 0xA0) &&
                    !(to >= 0xD800 && to <= 0xF8FF) && says((guint32)to) >= SAYS_UNCOMMON;
    return good ? (guint32)to : 0;
}

/* ---- the decision ---- */

static gboolean
is_repaired(const Font *font, const Vote *vote)
{
    if (vote->raw == 0) {
        return is_clear(vote);
    }
    if (!is_clear(vote) || winner_of(vote)->unicode == vote->raw) {
        return FALSE;
    }
    gboolean known =
        font->whole || font->nothing >= NOTHING_LEAST || font->foreign >= FOREIGN_LEAST;
    switch (vote_says(vote)) {
    case SAYS_NOTHING:
        return TRUE;
    case SAYS_FOREIGN:
        return known && differs(vote);
    case SAYS_UNCOMMON:
        return known && differs(vote);
    case SAYS_PLAIN:
    default:
        return font->whole || (known && is_strong(vote) && differs(vote));
    }
}

static void
vote_decide(const Font *font, Vote *vote)
{
    const Choice *best = winner_of(vote);
    guint32 follows = vote->raw != 0 ? shifted(font, vote->raw) : 0;
    if (follows != 0 && (!is_strong(vote) || best->unicode == follows)) {
        vote->decided = follows;
        vote->confidence = SHIFT_CONFIDENCE;
    }
    if (follows == 0 ? is_repaired(font, vote) : best->unicode == follows || is_strong(vote)) {
        vote->decided = best->unicode;
        vote->confidence = (float)(best->mass / best->n);
    }
    if (vote->decided == vote->raw) {
        vote->decided = 0;
    }
}

gboolean
repairs_decide(Repairs *repairs)
{
    g_autoptr(GPtrArray) votes = votes_sorted(repairs);
    gboolean any = FALSE;
    g_array_set_size(repairs->fonts, repairs->names->len);
    for (guint from = 0, to; from < votes->len; from = to) {
        guint32 index = ((const Vote *)g_ptr_array_index(votes, from))->font;
        Font *font = &g_array_index(repairs->fonts, Font, index);
        for (to = from; to < votes->len; to++) {
            const Vote *vote = g_ptr_array_index(votes, to);
            if (vote->font != index) {
                break;
            }
            font_count(font, vote);
        }
        guint wrong = font->wrong + font->foreign + font->nothing;
        font->whole = wrong >= WHOLE_LEAST && wrong > font->right;
        font_find_shift(font, votes->pdata + from, to - from);
        for (guint i = from; i < to; i++) {
            Vote *vote = g_ptr_array_index(votes, i);
            vote_decide(font, vote);
            any = any || vote->decided != 0;
        }
    }
    return any;
}

/* ---- pages ---- */

/* What glyph i becomes; 0 if it stays. */
static guint32
decided_for(const Repairs *repairs, const Page *page, guint i, guint32 raw, float *ret_confidence)
{
    const Glyph *g = page_glyph(page, i);
    guint found = font_find(repairs, font_name(page, g, raw));
    if (found == 0 || (g->flags & (GLYPH_PART | GLYPH_ACTUAL)) != 0) {
        return 0;
    }
    const Vote key = {.font = found - 1, .code = g->code, .raw = raw};
    const Vote *vote = g_hash_table_lookup(repairs->votes, &key);
    if (vote != NULL) {
        *ret_confidence = vote->confidence;
        return vote->decided;
    }
    *ret_confidence = SHIFT_CONFIDENCE;
    return raw != 0 ? shifted(&g_array_index(repairs->fonts, Font, found - 1), raw) : 0;
}

static const Reading *
reading_at(const GArray *readings, guint *at, guint glyph)
{
    while (*at < readings->len && g_array_index(readings, Reading, *at).glyph < glyph) {
        ++*at;
    }
    const Reading *r = *at < readings->len ? &g_array_index(readings, Reading, *at) : NULL;
    return r != NULL && r->glyph == glyph ? r : NULL;
}

static void
name_repair(GHashTable *texts, const char *font, guint32 raw, guint32 unicode)
{
    GString *text = g_hash_table_lookup(texts, font);
    char change[24] = {0};
    gsize n = (gsize)g_unichar_to_utf8(raw, change);
    n += (gsize)g_strlcpy(change + n, "→", sizeof change - n);
    g_unichar_to_utf8(unicode, change + n);
    if (strstr(text->str, change) == NULL && says(raw) != SAYS_NOTHING) {
        g_string_append_printf(text, " %s", change);
    }
}

static void
text_free(gpointer text)
{
    g_string_free(text, TRUE);
}

static void
notice_repairs(Page *page, const GArray *changed)
{
    g_autoptr(GPtrArray) order = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) texts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, text_free);
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < changed->len; i++) {
        const Reading *r = &g_array_index(changed, Reading, i);
        const char *font = font_name(page, page_glyph(page, r->glyph), 1);
        if (g_hash_table_lookup(texts, font) == NULL) {
            char *name = g_strdup(font);
            g_ptr_array_add(order, name);
            g_hash_table_insert(texts, name, g_string_new(name));
        }
        gpointer name = NULL, n = g_hash_table_lookup(counts, font);
        g_hash_table_lookup_extended(texts, font, &name, NULL);
        g_hash_table_insert(counts, name, GUINT_TO_POINTER(GPOINTER_TO_UINT(n) + 1));
        name_repair(texts, font, r->raw, r->unicode);
    }
    for (guint i = 0; i < order->len; i++) {
        gpointer font = g_ptr_array_index(order, i);
        page_notice(page, "repaired", NULL, GPOINTER_TO_UINT(g_hash_table_lookup(counts, font)),
                    ((GString *)g_hash_table_lookup(texts, font))->str);
    }
}

/* Puts what was said of the glyphs that changed among the readings, in place of theirs. */
static void
keep_raw(Page *page, const GArray *changed)
{
    guint kept = 0;
    for (guint i = 0; i < page->readings->len; i++) {
        const Reading *r = &g_array_index(page->readings, Reading, i);
        if ((page_glyph(page, r->glyph)->flags & GLYPH_REPAIRED) == 0) {
            g_array_index(page->readings, Reading, kept++) = *r;
        }
    }
    g_array_set_size(page->readings, kept);
    g_array_append_vals(page->readings, changed->data, changed->len);
    page_sort_readings(page);
}

/* Notices of undecoded glyphs count those that are left. */
static void
recount_undecoded(Page *page)
{
    guint left = 0;
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        left += (g->flags & GLYPH_UNDECODED) != 0 && g->hidden == HIDDEN_NOT && !glyph_is_blank(g);
    }
    for (guint i = page->notices->len; i > 0; i--) {
        Notice *notice = &g_array_index(page->notices, Notice, i - 1);
        if (strcmp(notice->kind, "undecoded") == 0 && left == 0) {
            g_array_remove_index(page->notices, i - 1);
        } else if (strcmp(notice->kind, "undecoded") == 0) {
            notice->count = MIN(notice->count, left);
        }
    }
}

gboolean
repairs_apply(const Repairs *repairs, Page *page)
{
    g_autoptr(GArray) changed = g_array_new(FALSE, FALSE, sizeof(Reading));
    gboolean any = FALSE;
    page_sort_readings(page);
    for (guint i = 0, at = 0; i < page->glyphs->len; i++) {
        Glyph *g = &g_array_index(page->glyphs, Glyph, i);
        const Reading *read = reading_at(page->readings, &at, i);
        gboolean undecoded = (g->flags & GLYPH_UNDECODED) != 0 || (read != NULL && read->raw == 0);
        if (g->hidden != HIDDEN_NOT || (g->origin != ORIGIN_TEXT_LAYER && !undecoded)) {
            continue;
        }
        guint32 raw = undecoded ? 0 : g->unicode;
        float confidence = 1;
        guint32 becomes = decided_for(repairs, page, i, raw, &confidence);
        if (becomes == 0 || becomes == g->unicode) {
            continue;
        }
        any = TRUE;
        g->unicode = becomes;
        g->confidence = confidence;
        if (undecoded) {
            g->origin = ORIGIN_OCR;
            g->flags &= ~(guint32)GLYPH_UNDECODED;
        } else {
            Reading kept = {i, raw, becomes, confidence};
            g->flags |= GLYPH_REPAIRED;
            g_array_append_val(changed, kept);
        }
    }
    keep_raw(page, changed);
    notice_repairs(page, changed);
    recount_undecoded(page);
    return any;
}

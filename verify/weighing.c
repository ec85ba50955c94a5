/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weighing.h"

#include <string.h>

#include "alike.h"
#include "chars.h"

/* Far is so many times near; and one of two is the nearer if it is less than this part of the
 * other. */
#define FAR_NEARS 3.0
#define NEARER 0.75
/* A picture may be of a character so far beside, since OCR's places are not exact. */
#define BESIDE 3u
/* A picture whose rows and columns change so often between ink and paper is of many strokes: 一 and
 * 十 have 1, 庁 has 1.8. */
#define FULL_TURNS 1.6
/* What a place says that is cut by its ink weighs more than two readings by OCR. */
#define CUT_WEIGHT 5.0
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
/* … and of one so long, this part of its pictures must be near: print of 3 points is no more like.
 */
#define LONG_CHARS 24u
#define KNOWN_SURE 0.33
/* A shorter passage, in which more is read than there is room for, was not read. */
#define SURE_CHARS 12u

/* What sense weighs: for each e-fold, and at most, for what is seen, for it where no picture tells
 * the two apart, and against it; less is nothing. */
#define SENSE_WEIGHT 0.2
#define SENSE_MOST_FOR 0.8
#define SENSE_MOST_ALIKE 2.5
#define SENSE_MOST_AGAINST 1.5
#define SENSE_TWICE_AGAINST 0.5
#define SENSE_LEAST 0.1
/* So many e-folds, 150 times as likely, are a witness beside OCR: it takes 腱 for 腫 with less. */
#define SENSE_SECONDS 5.0

/* ---- looks ---- */

static void
said_clear(gpointer data)
{
    g_free(((Said *)data)->says);
}

GArray *
looks_new(void)
{
    GArray *looks = g_array_new(FALSE, FALSE, sizeof(Said));
    g_array_set_clear_func(looks, said_clear);
    return looks;
}

double
confidence_of(double weight)
{
    return 1 / (1 + exp(-weight));
}

static void
say(Weighing *w, const char *by, double weight, const char *says)
{
    /* these do not rest on what OCR read there */
    static const char *const others[] = {"layer", "glyph", "picture", "alike", NULL};
    w->seconded = w->seconded || (weight > 0 && g_strv_contains(others, by));
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
glyphs_read(const Learnt *l, const GArray *glyphs, guint *ret_believed, GlyphVotes *ret_least)
{
    *ret_believed = 0;
    *ret_least = (GlyphVotes){.agreed = G_MAXUINT32};
    for (guint i = 0; i < glyphs->len; i++) {
        const GlyphVotes *votes =
            g_hash_table_lookup(l->glyphs, &g_array_index(glyphs, guint64, i));
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
    } else if (glyphs_read(w->learnt, d->glyphs, &believed, &least)) {
        g_autofree char *says = g_strdup_printf(
            "read as its font says %u times, otherwise %u times", least.agreed, least.differed);
        say(w, "glyph", -4, says);
    }
}

gboolean
layer_vouches(const Learnt *l, const Difference *d)
{
    GlyphVotes least;
    guint believed;
    if (!layer_agrees(d)) {
        return FALSE;
    }
    if (*d->expected == '\0') {
        return d->accounted;
    }
    glyphs_read(l, d->glyphs, &believed, &least);
    return d->kind == FINDING_ORDER || 2 * believed > d->glyphs->len;
}

/* Whether the claims have this character near the place: then the picture may be of that. */
static gboolean
is_beside(const Weighing *w, gunichar c)
{
    const Claims *claims = w->learnt->claims;
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

/* Whether the place is in a number: then it is the place of a digit. */
static gboolean
is_in_number(const Weighing *w)
{
    const Claims *claims = w->learnt->claims;
    guint at = (guint)MAX(0, w->d->at), from = at, to = at + 1, digits = 0;
    const Passage *p = w->d->zone != NO_ZONE
                           ? claims_passage(claims, claims_zone(claims, w->d->zone)->passage)
                           : NULL;
    while (p != NULL && from > 0 && from <= p->n && char_is_in_number(p->chars[from - 1])) {
        digits += char_is_digit(p->chars[--from]);
    }
    while (p != NULL && to < p->n && char_is_in_number(p->chars[to])) {
        digits += char_is_digit(p->chars[to++]);
    }
    return digits > 0;
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

/* How like a picture is to the two characters and to all: 2 to those without a picture. */
typedef struct {
    double near; /* like ones are so near */
    double expected, seen;
    double other; /* of what is seen, or of a third character */
    double least; /* of the nearest */
    gunichar nearest;
    gboolean third; /* like that one rather than either: not just less unlike */
} Likeness;

static Likeness
likeness_of(const Weighing *w, gunichar expected, gunichar seen, const GlyphPicture *picture)
{
    const GlyphBank *bank = w->learnt->bank;
    Likeness like = {.near = near_of(bank),
                     .expected = learnt_distance(w->learnt, expected, picture),
                     .seen = learnt_distance(w->learnt, seen, picture)};
    like.nearest = glyph_bank_nearest(bank, picture, &like.least);
    like.third = like.least <= FAR_NEARS * like.near &&
                 char_plain(like.nearest) != char_plain(expected) &&
                 char_plain(like.nearest) != char_plain(seen);
    like.other = like.third ? MIN(like.seen, like.least) : like.seen;
    return like;
}

/* What a picture says that is like what is expected and like something else, too. */
static double
weight_between(const Weighing *w, gunichar seen, const GlyphPicture *picture, const Likeness *like)
{
    double near = like->near, e = like->expected, other = like->other;
    /* of a third character, if it is that beyond doubt, and can be taken for what is seen, or is no
     * simple shape, of which others have parts */
    gboolean like_seen = may_be_taken_for(like->nearest, seen) || is_read(w, like->nearest) ||
                         is_full(like->nearest, picture);
    gboolean third = other < like->seen && (other > near || e <= FAR_NEARS * near || !like_seen);
    gboolean nearer = other < NEARER * e && other < FAR_NEARS * near && e > near / 2;
    if (nearer && third) {
        /* what is seen stands nowhere else: it is not what is expected */
        return like->seen > 1 && like_seen && other < e / 2 ? 0.7 : 0;
    }
    return nearer ? 3 : e < NEARER * other && e < FAR_NEARS * near ? -4 : 0;
}

static double
weight_of_picture(const Weighing *w, gunichar expected, gunichar seen, const GlyphPicture *picture,
                  const Likeness *like)
{
    double near = like->near, e = like->expected, s = like->seen, other = like->other;
    if (e <= near && s > FAR_NEARS * near && s <= 1) {
        return -4; /* as the document says; whatever else it may be, it is not what is read */
    }
    if (e <= 1 && s <= 1 && MIN(e, other) > FAR_NEARS * near) {
        /* like nothing: cut wrongly, or of a typeface that is not known; what is unlike all is
         * still less unlike its own character than any other */
        gboolean least = s < NEARER * e && char_plain(like->nearest) == char_plain(seen);
        return least ? 0.5 : s < NEARER * e ? -0.3 : -1;
    }
    if (e <= 1 && other <= 1) {
        return weight_between(w, seen, picture, like);
    }
    if (char_looks_alike(expected, seen)) {
        return e <= near ? -4 : s <= near / 2 && !have_one_shape(expected, seen) ? 1.5 : 0;
    }
    if (e <= 1) {
        /* a digit read as something that is none, and is nowhere else, is badly read */
        gboolean badly = char_is_digit(expected) && !char_is_digit(seen);
        return e <= near ? -4 : e > FAR_NEARS * near && like->least < NOTHING && !badly ? 0.7 : -1;
    }
    if (like->third && s > 1 && like->least <= near && is_full(like->nearest, picture)) {
        return 2;
    }
    if (other <= 1) { /* what is like neither of the two is cut wrongly */
        return s <= near ? 2 : other <= near || (s <= 1 && s > FAR_NEARS * near) ? -2 : 0;
    }
    return 0;
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
    const GlyphPicture *picture = &g_array_index(w->d->pictures, GlyphPicture, 0);
    Likeness like = likeness_of(w, expected, seen, picture);
    w->exampled = like.seen <= 1;
    if (like.third && is_beside(w, like.nearest)) {
        say(w, "picture", -0.3, "of the character beside it");
        return;
    }
    double weight = weight_of_picture(w, expected, seen, picture, &like);
    gboolean other = weight > 0 && like.other < like.seen;
    w->third = like.third && other;
    if (weight == 0 && !g_unichar_isalnum(expected) && like.expected > 1) {
        weight = -0.5; /* OCR's weak side: a mark that occurs nowhere else */
    }
    if (like.seen > 1 && weight == 0) {
        weight = -0.3; /* OCR alone, however often, is one witness */
    }
    g_autoptr(GString) says = g_string_new(NULL);
    g_string_append_unichar(says, other ? like.nearest : weight < 0 ? expected : seen);
    g_string_append_printf(says, ": expected %.2f, seen %.2f, nearest ", like.expected, like.seen);
    g_string_append_unichar(says, like.nearest != 0 ? like.nearest : '?');
    g_string_append_printf(says, " %.2f, like ones within %.2f", like.least, like.near);
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
    double likelier = sense_of(w->learnt->sense, w->d);
    gboolean alike = char_looks_alike(only_char(w->d->expected), only_char(w->d->seen));
    /* what is read twice, and could be compared, is no chance */
    gboolean twice = w->exampled && w->d->again != NULL && is_same_plain(w->d->again, w->d->seen);
    double weight =
        CLAMP(SENSE_WEIGHT * likelier, twice ? -SENSE_TWICE_AGAINST : -SENSE_MOST_AGAINST,
              alike ? SENSE_MOST_ALIKE : SENSE_MOST_FOR);
    /* where no picture tells the two apart, or where what the document has is no Japanese */
    w->seconded = w->seconded || weight > SENSE_MOST_FOR || likelier >= SENSE_SECONDS;
    if (fabs(weight) >= SENSE_LEAST) {
        g_autofree char *says = g_strdup_printf("%s: e^%.1f times as likely", w->d->seen, likelier);
        say(w, "sense", weight, says);
    }
}

/* The place cut by its ink, not by what OCR made of it. FALSE if it says nothing. */
static gboolean
look_at_cuts(Weighing *w)
{
    if (!cut_verdict(w->learnt, w->d, &w->cut)) {
        return FALSE;
    }
    g_autofree char *says = g_strdup_printf("cut by its ink: %s", w->cut.read);
    say(w, "picture", w->cut.printed == NULL ? -CUT_WEIGHT : CUT_WEIGHT, says);
    return TRUE;
}

static void
look_at_votes(Weighing *w, gunichar expected, gunichar seen)
{
    const Votes *votes = g_hash_table_lookup(w->learnt->votes, GUINT_TO_POINTER(expected));
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
    w->seconded = w->seconded || weight > 1;
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
        w->seconded = w->seconded || !d->room;
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
        double s = learnt_distance(w->learnt, g_utf8_get_char(p),
                                   &g_array_index(d->pictures, GlyphPicture, i));
        known += s <= 1;
        far += s <= 1 && s > FAR_NEARS * near_of(w->learnt->bank);
    }
    gboolean read = known >= READ_LEAST && known - far >= KNOWN_PART * known;
    weight += known == 0 ? 0 : read ? 2 : far > 0 ? -1.5 : 0.7;
    w->seconded = w->seconded || (known > 0 && far == 0) || read;
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

/* Whether the pictures of a passage are those of what the document has there: △11 read as All. */
static gboolean
looks_as_expected(const Learnt *l, const Difference *d)
{
    guint known = 0, n = length_of(d->expected);
    double near = near_of(l->bank);
    if (n != length_of(d->seen) || n != d->pictures->len) {
        return FALSE;
    }
    const char *p = d->expected, *q = d->seen;
    for (guint i = 0; i < n; i++) {
        const GlyphPicture *picture = &g_array_index(d->pictures, GlyphPicture, i);
        double e = learnt_distance(l, g_utf8_get_char(p), picture);
        double s = learnt_distance(l, g_utf8_get_char(q), picture);
        gboolean same = char_plain(g_utf8_get_char(p)) == char_plain(g_utf8_get_char(q));
        known += e <= 1;
        if (!same && e <= 1 && e > near && (e > FAR_NEARS * near || e > s)) {
            return FALSE;
        }
        p = g_utf8_find_next_char(p, NULL);
        q = g_utf8_find_next_char(q, NULL);
    }
    return known >= KNOWN_LEAST;
}

/* Whether what is seen of a passage looks like what it is taken for. */
static gboolean
passage_was_read(const Learnt *l, const Difference *d)
{
    guint known = 0, near = 0, from = same_start(d->expected, d->seen);
    gboolean amount = d->kind == FINDING_DIGIT; /* then ％ read as 96 must not do */
    double like = (amount ? 1 : FAR_NEARS) * near_of(l->bank);
    if ((d->squeezed && length_of(d->seen) < SURE_CHARS) || looks_as_expected(l, d)) {
        return FALSE;
    }
    const char *p = g_utf8_offset_to_pointer(d->seen, from);
    if (has_japanese(g_utf8_offset_to_pointer(d->expected, from)) && !has_japanese(p)) {
        return FALSE; /* what OCR makes of drawings, and of text that runs another way */
    }
    for (guint i = from; i < d->pictures->len && *p != '\0';
         i++, p = g_utf8_find_next_char(p, NULL)) {
        double s =
            learnt_distance(l, g_utf8_get_char(p), &g_array_index(d->pictures, GlyphPicture, i));
        known += s <= 1;
        near += s <= like;
    }
    if (known < KNOWN_LEAST) {
        /* a few characters in no zone may be what OCR makes of a photograph */
        gboolean enough = d->zone != NO_ZONE || length_of(d->seen) >= SURE_CHARS;
        return enough && !layer_agrees(d) && d->confidence >= PASSAGE_SURE;
    }
    gboolean sure = d->confidence >= PASSAGE_SURE && length_of(d->seen) >= LONG_CHARS;
    return near >= (amount ? 1 : sure ? KNOWN_SURE : KNOWN_PART) * known;
}

gboolean
passage_is_wrong(const Learnt *l, const Difference *d)
{
    return *d->seen == '\0' ? !d->room && !layer_agrees(d) : passage_was_read(l, d);
}

Weighing
weigh(const Learnt *l, const Difference *d)
{
    Weighing w = {.learnt = l, .d = d, .looks = looks_new()};
    gunichar expected = only_char(d->expected), seen = only_char(d->seen);
    look_at_ocr(&w);
    look_at_layer(&w);
    look_at_glyphs(&w);
    if (look_at_cuts(&w)) {
        /* that knows more than what is cut out by OCR's places */
    } else if (expected != 0 && seen != 0) {
        look_at_picture(&w, expected, seen);
        look_at_votes(&w, expected, seen);
    } else {
        look_at_ink(&w);
    }
    look_at_sense(&w);
    return w;
}

Weighing
weigh_settled(const Learnt *l, const Difference *d)
{
    Weighing w = {
        .learnt = l, .d = d, .looks = looks_new(), .score = 1 + 3 * (double)d->confidence};
    look_at_ocr(&w);
    look_at_cuts(&w);
    if (*d->seen == '\0') {
        say(&w, "ink", d->room ? -2 : 2, d->room ? "there is ink or room" : "no room");
    }
    return w;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Comparison: see comparison.h.
 *
 * 1. What was seen is shared out to the zones by place (zone-texts.c), and each zone's text aligned
 *    with its passage (align.c).
 * 2. A zone that says something quite else is one difference: another zone's text, the right
 *    characters in another order, or another text.
 * 3. Passages of PASSAGE characters and more that only one side has are one difference each:
 *    missing, doubled, text without ink, or a neighbour's.
 * 4. What remains are characters: suspicions, each with its picture and, of doubtful lines, a
 *    second reading.
 */
#include "comparison.h"

#include <string.h>

#include "align.h"
#include "alike.h"
#include "chars.h"
#include "fit.h"
#include "zone-texts.h"

/* Another page is believed to be the one shown if so much of what is seen is on it, and so many
 * times as much as on the one expected; or if it leaves but this part of what that leaves, and has
 * so much more: tables of accounts have most pairs of characters in common. */
#define PAGE_LIKENESS 0.5
#define PAGE_BETTER 1.6
#define PAGE_LEFT 0.4
#define PAGE_APART 0.15
/* Fewer pairs of characters tell no page. */
#define PAGE_GRAMS 30u
/* A zone that agrees less than this is one difference, if it has so many characters. */
#define ZONE_AGREES 0.6
#define ZONE_CHARS 6u
#define ORDER_CHARS 3u
/* … and if neither text is in the other but for so many characters, to those they share. */
#define CONTAINED 0.35
/* A zone that agrees less than this is tried the other way, across or down. */
#define WAY_AGREES 0.8
/* So many characters in a row are a passage; so many of the other side may stand against them. */
#define PASSAGE 6u
#define PASSAGE_AGAINST 0.4
/* The part of a passage's pairs that must be in another zone to be from there. */
#define FROM_THERE 0.6
/* So many characters around what differs are cut out with it. */
#define AROUND 3u
/* … and so much more: OCR's places slip. */
#define SLIP_EMS 1.0
/* So many characters seen may be one. */
#define MERGED_MOST 3u
/* A percent sign is so many digits wide at most; with a digit beside it it would be more. */
#define PERCENT_DIGITS 2.5
/* The part of characters that two texts must share to be one in another order. */
#define SAME_BAG 0.85
/* Text that stands twice is so many times as long as what is seen. */
#define TWICE 1.6
/* What stands in no zone is text if it is so long and so sure. */
#define LOOSE_CHARS 4u
#define LOOSE_SURE 0.93
/* How sure OCR must be of a character for its picture to be an example of it. */
#define EXEMPLAR_SURE 0.9F
/* … and so many characters from where it has one more or less than the document. */
#define SLIPS 8u
/* Pictures that a difference has at most. */
#define PICTURES 24u
/* Room for a character, in ems; and the ink of one, in square ems. */
#define ROOM_EMS 0.3
#define CHAR_INK 0.03
/* … or so little, and no zone of the page is seen nearly whole, or its folio is another; pages of
 * one report have that much in common. */
#define DOUBTFUL 0.5
#define FOLIO_SURE 0.9
/* So far beyond a picture's edge, in points, a zone is cut off by it. */
#define EDGE 2.0
/* A picture is of none of the pages if less of what it says is on its own, and on any. */
#define ALIEN 0.2

static const char *const words[] = {
    "agrees",           "unchecked", "width",     "variant", "digit",   "text", "text-without-ink",
    "ink-without-text", "order",     "neighbour", "missing", "doubled", "page"};

const char *
finding_word(FindingKind kind)
{
    return words[kind];
}

/* ---- which page ---- */

/* Whether a page that says this part of what is seen is the one shown, rather than one that says
 * that. */
static gboolean
is_better(double part, double own)
{
    return part > PAGE_BETTER * own ||
           (part > own + PAGE_APART && 1 - part < PAGE_LEFT * (1 - own));
}

guint
comparison_page(const Claims *claims, guint expected, const Look *look, double *ret_likeness)
{
    g_autoptr(GArray) grams = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autofree gunichar *chars = g_new(gunichar, look->chars->len + 1);
    for (guint i = 0; i < look->chars->len; i++) {
        chars[i] = g_array_index(look->chars, SeenChar, i).c;
    }
    grams_add(grams, chars, look->chars->len);
    grams_sort(grams);
    double own = grams_part(grams, claims_page(claims, expected)->grams);
    guint best = expected;
    *ret_likeness = own;
    for (guint i = 0; i < claims->pages->len && grams->len >= PAGE_GRAMS; i++) {
        double part = grams_part(grams, claims_page(claims, i)->grams);
        if (part > *ret_likeness && part >= PAGE_LIKENESS && is_better(part, own)) {
            *ret_likeness = part;
            best = i;
        }
    }
    return best;
}

/* ---- making differences ---- */

typedef struct {
    const Claims *claims;
    const ClaimedPage *page;
    const Look *look;
    GArray *texts; /* ZoneText */
    Comparison *result;
    GArray *layer_steps; /* Step: of the zone at hand, its passage and its text layer; or NULL */
    Witness *witness;    /* the text layer */
} Job;

static char *
utf8(const gunichar *chars, guint n)
{
    return g_ucs4_to_utf8(chars, n, NULL, NULL, NULL);
}

static const SeenChar *
seen_char(const Job *job, const ZoneText *text, guint i)
{
    return &g_array_index(job->look->chars, SeenChar, g_array_index(text->seen, guint, i));
}

/* Where characters [from, to) of a zone's reading stand, or, if there are none, the gap. */
static Rect
box_of(const Job *job, const ZoneText *text, guint from, guint to, Rect otherwise)
{
    const Placing *placing = &job->result->placing;
    if (text->n == 0) {
        return otherwise;
    }
    if (from < to) {
        Rect box = seen_char(job, text, from)->box;
        for (guint i = from + 1; i < to; i++) {
            box = rect_union(box, seen_char(job, text, i)->box);
        }
        return placing_to_page(placing, box);
    }
    Rect after = seen_char(job, text, MIN(from, text->n - 1))->box;
    Rect before = seen_char(job, text, from > 0 ? from - 1 : 0)->box;
    gboolean inside = from > 0 && from < text->n &&
                      seen_char(job, text, from)->line == seen_char(job, text, from - 1)->line;
    Rect gap = from >= text->n ? before : after;
    if (inside && before.x1 < after.x0) {
        gap = (Rect){before.x1, MIN(before.y0, after.y0), after.x0, MAX(before.y1, after.y1)};
    }
    return placing_to_page(placing, gap);
}

static Difference *
add_difference(const Job *job, guint32 zone, FindingKind kind, char *expected, char *seen, Rect box)
{
    Difference d = {.zone = zone,
                    .kind = (guint8)kind,
                    .at = -1,
                    .line = G_MAXUINT32,
                    .box = box,
                    .expected = expected,
                    .seen = seen,
                    .pictures = g_array_new(FALSE, FALSE, sizeof(GlyphPicture)),
                    .glyphs = g_array_new(FALSE, FALSE, sizeof(guint64)),
                    .cuts = g_array_new(FALSE, FALSE, sizeof(Cut))};
    g_array_append_val(job->result->differences, d);
    return &g_array_index(job->result->differences, Difference, job->result->differences->len - 1);
}

/* What the zone's text layer has where its passage has characters [from, to); NULL if there is no
 * layer, or the zone was read from the picture. */
static char *
layer_text(const ZoneText *text, const GArray *steps, guint from, guint to)
{
    if (text->layer == NULL || steps == NULL) {
        return NULL;
    }
    g_autoptr(GString) part = g_string_new(NULL);
    for (guint i = 0; i < steps->len; i++) {
        const Step *s = &g_array_index(steps, Step, i);
        gboolean inside = s->kind == STEP_NEW
                              ? s->a >= from && s->a <= to && (from == to || s->a > from)
                              : s->a >= from && s->a < to;
        if (inside && s->kind != STEP_GONE) {
            g_string_append_unichar(part, g_array_index(text->layer, gunichar, s->b));
        }
    }
    return g_string_free(g_steal_pointer(&part), FALSE);
}

/* Whether most of what is seen stands where the layer has text that the document has as well. */
static gboolean
is_accounted(const Job *job, const ZoneText *text, guint from, guint to)
{
    guint n = 0;
    for (guint i = from; i < to; i++) {
        n += witness_accounts(job->witness,
                              placing_to_page(&job->result->placing, seen_char(job, text, i)->box));
    }
    return 2 * n > to - from;
}

/* What the layer says of a difference: of the passage's characters [a0, a1), and of the place of
 * those seen, [b0, b1). */
static void
ask_layer(const Job *job, const ZoneText *text, guint a0, guint a1, guint b0, guint b1,
          Difference *d)
{
    d->layer = layer_text(text, job->layer_steps, a0, a1);
    witness_glyphs(job->witness, a0, MIN(a1, a0 + PICTURES), d->glyphs);
    d->accounted = (guint8)is_accounted(job, text, b0, b1);
}

static void
take_pictures(const Job *job, const ZoneText *text, guint from, guint to, Difference *d)
{
    for (guint i = from; i < to && d->pictures->len < PICTURES; i++) {
        GlyphPicture picture;
        look_picture(job->look, seen_char(job, text, i), &picture);
        g_array_append_val(d->pictures, picture);
    }
}

static double
em_of(const Job *job, const ZoneText *text, guint i)
{
    const SeenChar *s = seen_char(job, text, i);
    const InkLine *line = &g_array_index(job->look->scan->text.lines, InkLine, s->line);
    return line->vertical ? rect_width(s->box) : rect_height(s->box);
}

/* Whether n characters may stand before character `at` of a zone's reading, or ink of theirs stands
 * anywhere in the zone, unread. */
static gboolean
has_room(const Job *job, guint zone, const ZoneText *text, guint at, guint n)
{
    if (text->n == 0) {
        return TRUE;
    }
    double em = em_of(job, text, MIN(at, text->n - 1));
    Rect box = placing_to_picture(&job->result->placing, claims_zone(job->claims, zone)->box);
    const SeenChar *first = seen_char(job, text, 0);
    double before_first = g_array_index(job->look->scan->text.lines, InkLine, first->line).vertical
                              ? first->box.y0 - box.y0
                              : first->box.x0 - box.x0;
    if (at == 0 && before_first > ROOM_EMS * em * n) {
        return TRUE;
    }
    if (at > 0 && at < text->n) {
        const SeenChar *before = seen_char(job, text, at - 1), *after = seen_char(job, text, at);
        if (before->line == after->line) {
            double gap = MAX(after->box.x0 - before->box.x1, after->box.y0 - before->box.y1);
            return gap > ROOM_EMS * em * n;
        }
    }
    return look_ink_left(job->look, box, text->seen) > CHAR_INK * em * em * n;
}

/* ---- several characters seen where the document has one ---- */

/* Whether a character is a ligature or square form of what is seen: Ⅱ of II. */
static gboolean
is_made_of(gunichar c, const gunichar *seen, guint n)
{
    char utf[8] = {0};
    g_unichar_to_utf8(c, utf);
    g_autofree char *parts = g_utf8_normalize(utf, -1, G_NORMALIZE_ALL_COMPOSE);
    glong length = parts != NULL ? g_utf8_strlen(parts, -1) : 0;
    const char *p = parts;
    for (guint i = 0; i < n && length == (glong)n; i++, p = g_utf8_find_next_char(p, NULL)) {
        if (char_plain(g_utf8_get_char(p)) != char_plain(seen[i])) {
            return FALSE;
        }
    }
    return n > 1 && length == (glong)n;
}

/* Whether what is seen is what OCR makes of a percent sign, and no wider than one. */
static gboolean
is_percent(const Job *job, gunichar c, const ZoneText *text, guint from, guint to)
{
    static const char *const readings[] = {"96", "9%", "%6", "90", "%0", "0%", "00", "%96", "9%0"};
    g_autofree char *seen = utf8(text->chars + from, to - from);
    for (guint i = 0; char_plain(c) == '%' && i < G_N_ELEMENTS(readings); i++) {
        if (strcmp(seen, readings[i]) == 0) {
            return fit_in_digits(text, job->look, from, to) <= PERCENT_DIGITS;
        }
    }
    return FALSE;
}

/* The passage's character `at`, for which those seen at [from, to) may stand. */
typedef struct {
    guint at, from, to;
} Merging;

/* At most two: what is seen at [b0, b1) for the passage's [a0, a1), of which there is one; or, if
 * there is none, together with the character before or after. */
static guint
mergings_of(const Job *job, const Passage *p, const ZoneText *text, Merging of, guint a1,
            Merging *ret_mergings)
{
    guint n = 0, a0 = of.at, b0 = of.from, b1 = of.to;
    if (a1 == a0 + 1 && b1 > b0 + 1) {
        ret_mergings[n++] = of;
    } else if (a1 == a0 && b1 > b0) {
        if (a0 > 0 && b0 > 0) {
            ret_mergings[n++] = (Merging){a0 - 1, b0 - 1, b1};
        }
        if (a0 < p->n && b1 < text->n) {
            ret_mergings[n++] = (Merging){a0, b0, b1 + 1};
        }
    }
    guint kept = 0;
    for (guint i = 0; i < n; i++) {
        const Merging *m = &ret_mergings[i];
        if (m->to - m->from <= MERGED_MOST &&
            seen_char(job, text, m->from)->line == seen_char(job, text, m->to - 1)->line) {
            ret_mergings[kept++] = *m;
        }
    }
    return kept;
}

/* The cuts of what is seen at [from, to), of a number all of it, with some characters around it on
 * its line. */
static void
take_cuts(const Job *job, const ZoneText *text, guint from, guint to, Difference *d)
{
    const SeenChar *first = seen_char(job, text, MIN(from, text->n - 1));
    Rect place = first->box;
    double em = em_of(job, text, MIN(from, text->n - 1));
    while (from > 0 && char_is_in_number(text->chars[from - 1])) {
        from--;
    }
    while (to < text->n && char_is_in_number(text->chars[to])) {
        to++;
    }
    for (guint i = from > AROUND ? from - AROUND : 0; i < MIN(to + AROUND, text->n); i++) {
        const SeenChar *s = seen_char(job, text, i);
        place = s->line == first->line ? rect_union(place, s->box) : place;
    }
    if (g_array_index(job->look->scan->text.lines, InkLine, first->line).vertical) {
        place.y0 -= SLIP_EMS * em;
        place.y1 += SLIP_EMS * em;
    } else {
        place.x0 -= SLIP_EMS * em;
        place.x1 += SLIP_EMS * em;
    }
    cuts_take(job->look, first->line, place, em, d->cuts);
}

/* ---- passages ---- */

static GArray *
grams_of(const gunichar *chars, guint n)
{
    GArray *grams = g_array_new(FALSE, FALSE, sizeof(guint64));
    grams_add(grams, chars, n);
    grams_sort(grams);
    return grams;
}

static const Passage *
passage_of(const Job *job, guint zone)
{
    return claims_passage(job->claims, claims_zone(job->claims, zone)->passage);
}

/* Whether these characters are in what was read of another zone of the page (claimed: or in what
 * another zone claims). */
static gboolean
is_elsewhere(const Job *job, guint zone, const gunichar *chars, guint n, gboolean claimed)
{
    g_autoptr(GArray) grams = grams_of(chars, n);
    for (guint i = 0; i < job->page->zones && grams->len > 0; i++) {
        guint other = job->page->first_zone + i;
        const ClaimedZone *z = claims_zone(job->claims, other);
        if (other == zone || z->passage == NO_PASSAGE) {
            continue;
        }
        const ZoneText *text = &g_array_index(job->texts, ZoneText, i);
        const Passage *p = passage_of(job, other);
        g_autoptr(GArray) there =
            claimed ? grams_of(p->chars, p->n) : grams_of(text->chars, text->n);
        if (grams_part(grams, there) >= FROM_THERE) {
            return TRUE;
        }
    }
    return FALSE;
}

static int
compare_chars(gconstpointer a, gconstpointer b)
{
    gunichar p = *(const gunichar *)a, q = *(const gunichar *)b;
    return p < q ? -1 : p > q;
}

static gunichar *
sorted_plain(const gunichar *chars, guint n)
{
    gunichar *sorted = g_new(gunichar, n + 1);
    for (guint i = 0; i < n; i++) {
        sorted[i] = char_plain(chars[i]);
    }
    qsort(sorted, n, sizeof *sorted, compare_chars);
    return sorted;
}

/* The part of characters that two texts have in common, whatever their order. */
static double
bag_part(const gunichar *a, guint n, const gunichar *b, guint m)
{
    g_autofree gunichar *p = sorted_plain(a, n), *q = sorted_plain(b, m);
    guint i = 0, j = 0, same = 0;
    while (i < n && j < m) {
        if (p[i] == q[j]) {
            same++;
            i++;
            j++;
        } else if (p[i] < q[j]) {
            i++;
        } else {
            j++;
        }
    }
    return MAX(n, m) > 0 ? (double)same / MAX(n, m) : 1;
}

static gboolean
is_repeated(const Passage *p, guint from, guint to)
{
    g_autoptr(GArray) run = grams_of(p->chars + from, to - from);
    g_autoptr(GArray) before = grams_of(p->chars, from);
    g_autoptr(GArray) after = grams_of(p->chars + to, p->n - to);
    return run->len > 0 &&
           (grams_part(run, before) >= FROM_THERE || grams_part(run, after) >= FROM_THERE);
}

/* What gives an amount its sign, its order or its unit. */
static gboolean
is_of_amounts(gunichar c)
{
    static const gunichar signs[] = {0x25B3, 0x25B2, 0x2212, 0xFF0D, '-',    '+',    0xFF0B,
                                     0xB1,   '%',    0xFF05, 0x2030, '.',    0xFF0E, ',',
                                     0xFF0C, 0x5343, 0x4E07, 0x5104, 0x5146, 0x5186};
    for (guint i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (c == signs[i]) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Is one of chars[from … to) a digit, or a sign or unit right beside one? */
static gboolean
touches_number(const gunichar *chars, guint n, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        gboolean beside =
            (i > 0 && char_is_digit(chars[i - 1])) || (i + 1 < n && char_is_digit(chars[i + 1]));
        if (char_is_digit(chars[i]) || (beside && is_of_amounts(chars[i]))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether a text is an amount and nothing else. */
static gboolean
is_amount(const gunichar *chars, guint n)
{
    guint digits = 0;
    for (guint i = 0; i < n; i++) {
        digits += char_is_digit(chars[i]);
        if (!char_is_digit(chars[i]) && !is_of_amounts(chars[i])) {
            return FALSE;
        }
    }
    return digits > 0;
}

/* A zone whose picture says something quite else. */
static void
compare_whole(const Job *job, guint zone, const ZoneText *text, guint from, guint to)
{
    const Passage *p = passage_of(job, zone);
    const gunichar *claimed = p->chars + from;
    guint n = to - from;
    FindingKind kind = FINDING_TEXT;
    g_autoptr(GArray) said = grams_of(claimed, n);
    g_autoptr(GArray) seen = grams_of(text->chars, text->n);
    if (n >= PASSAGE && n >= TWICE * text->n && grams_part(said, seen) >= SAME_BAG) {
        kind = FINDING_DOUBLED;
    } else if (is_amount(claimed, n) && is_amount(text->chars, text->n)) {
        kind = FINDING_DIGIT; /* amounts have much in common by chance */
    } else if (is_elsewhere(job, zone, claimed, n, FALSE) ||
               is_elsewhere(job, zone, text->chars, text->n, TRUE)) {
        kind = FINDING_NEIGHBOUR;
    } else if (n >= ORDER_CHARS && bag_part(claimed, n, text->chars, text->n) >= SAME_BAG) {
        kind = FINDING_ORDER;
    }
    Difference *d = add_difference(job, zone, kind, utf8(claimed, n), utf8(text->chars, text->n),
                                   claims_zone(job->claims, zone)->box);
    d->at = (gint32)from;
    d->settled = TRUE;
    d->confidence = (float)text->confidence;
    d->squeezed = (guint8)fit_is_squeezed(text, job->look, 0, text->n);
    ask_layer(job, text, from, to, 0, text->n, d);
    take_pictures(job, text, 0, text->n, d);
}

/* Characters that only one side has. gone: the document has them and the picture has not. */
static void
compare_passage(const Job *job, guint zone, const ZoneText *text, gboolean gone, guint a0, guint a1,
                guint b0, guint b1)
{
    const Passage *p = passage_of(job, zone);
    FindingKind kind;
    if (gone) {
        kind = is_repeated(p, a0, a1)                                   ? FINDING_DOUBLED
               : is_elsewhere(job, zone, p->chars + a0, a1 - a0, FALSE) ? FINDING_NEIGHBOUR
                                                                        : FINDING_NO_INK;
    } else {
        kind = is_elsewhere(job, zone, text->chars + b0, b1 - b0, TRUE) ? FINDING_NEIGHBOUR
                                                                        : FINDING_MISSING;
    }
    Difference *d = add_difference(job, zone, kind, utf8(p->chars + a0, a1 - a0),
                                   utf8(text->chars + b0, b1 - b0),
                                   box_of(job, text, b0, b1, claims_zone(job->claims, zone)->box));
    d->at = (gint32)a0;
    d->settled = TRUE;
    d->confidence = (float)text->confidence;
    d->room = (guint8)(gone && has_room(job, zone, text, b0, a1 - a0));
    ask_layer(job, text, a0, a1, b0, b1, d);
    take_pictures(job, text, b0, b1, d);
}

/* ---- characters ---- */

static gboolean
is_ruby(const Passage *p, const gunichar *chars, guint n)
{
    for (guint i = 0; i < n; i++) {
        gboolean found = FALSE;
        for (guint k = 0; k < p->rubies->len && !found; k++) {
            found = char_plain(g_array_index(p->rubies, gunichar, k)) == char_plain(chars[i]);
        }
        if (!found) {
            return FALSE;
        }
    }
    return n > 0;
}

static void
compare_chars_at(const Job *job, guint zone, const ZoneText *text, guint a0, guint a1, guint b0,
                 guint b1)
{
    const Passage *p = passage_of(job, zone);
    if (a0 == a1 && is_ruby(p, text->chars + b0, b1 - b0)) {
        return;
    }
    /* of several like ones the last is the one too many */
    while (a0 == a1 && b1 == b0 + 1 && b1 < text->n && a0 < p->n &&
           text->chars[b0] == text->chars[b1] && p->chars[a0] == text->chars[b1]) {
        a0 = ++a1;
        b0 = b1++;
    }
    Merging mergings[2];
    guint merging = mergings_of(job, p, text, (Merging){a0, b0, b1}, a1, mergings);
    for (guint i = 0; i < merging; i++) {
        const Merging *m = &mergings[i];
        if (is_made_of(p->chars[m->at], text->chars + m->from, m->to - m->from) ||
            is_percent(job, p->chars[m->at], text, m->from, m->to)) {
            return;
        }
    }
    FindingKind kind =
        touches_number(p->chars, p->n, a0, a1) || touches_number(text->chars, text->n, b0, b1)
            ? FINDING_DIGIT
        : a0 == a1 ? FINDING_INK
        : b0 == b1 ? FINDING_NO_INK
                   : FINDING_TEXT;
    Rect box = box_of(job, text, b0, b1, claims_zone(job->claims, zone)->box);
    Difference *d = add_difference(job, zone, kind, utf8(p->chars + a0, a1 - a0),
                                   utf8(text->chars + b0, b1 - b0), box);
    d->at = (gint32)a0;
    ask_layer(job, text, a0, a1, b0, b1, d);
    for (guint i = b0; i < b1; i++) {
        d->confidence += seen_char(job, text, i)->confidence / (float)(b1 - b0);
    }
    take_pictures(job, text, b0, b1, d);
    d->squeezed = (guint8)fit_is_squeezed(text, job->look, b0, b1);
    d->room = (guint8)(b0 == b1 && (has_room(job, zone, text, b0, a1 - a0) ||
                                    fit_is_stretched(text, job->look, b0, b1)));
    if (text->n > 0) {
        d->line = seen_char(job, text, MIN(b0, text->n - 1))->line;
        if (kind == FINDING_DIGIT || a1 - a0 != b1 - b0) {
            take_cuts(job, text, b0, b1, d);
        }
    }
}

static gboolean
is_other(const Step *s)
{
    return s->kind >= STEP_OTHER;
}

/* Whether a zone lies beyond the edge of a cropped picture, with a part or the whole of it: what is
 * not seen of it says nothing. */
static gboolean
is_cut_off(const Job *job, guint zone)
{
    Rect box = placing_to_picture(&job->result->placing, claims_zone(job->claims, zone)->box);
    Rect picture = look_extent(job->look);
    return box.x0 < picture.x0 - EDGE || box.y0 < picture.y0 - EDGE || box.x1 > picture.x1 + EDGE ||
           box.y1 > picture.y1 + EDGE;
}

/* A run of steps that are all other, gone or new. */
static void
compare_run(const Job *job, guint zone, const ZoneText *text, const Step *steps, guint n)
{
    const Step *last = steps + n - 1;
    guint gone = 0, fresh = 0;
    for (guint i = 0; i < n; i++) {
        gone += steps[i].kind == STEP_GONE;
        fresh += steps[i].kind == STEP_NEW;
    }
    guint a0 = steps->a, a1 = last->a + (last->kind != STEP_NEW);
    guint b0 = steps->b, b1 = last->b + (last->kind != STEP_GONE);
    guint others = n - gone - fresh;
    if (gone > 0 && is_cut_off(job, zone)) {
        return;
    }
    if (gone >= PASSAGE && fresh + others <= PASSAGE_AGAINST * gone) {
        compare_passage(job, zone, text, TRUE, a0, a1, b0, b1);
    } else if (fresh >= PASSAGE && gone + others <= PASSAGE_AGAINST * fresh) {
        compare_passage(job, zone, text, FALSE, a0, a1, b0, b1);
    } else if (gone == 0 && fresh == 0) {
        for (guint i = 0; i < n; i++) {
            compare_chars_at(job, zone, text, steps[i].a, steps[i].a + 1, steps[i].b,
                             steps[i].b + 1);
        }
    } else {
        compare_chars_at(job, zone, text, a0, a1, b0, b1);
    }
}

/* Characters that are the same but for width or variant: one note of each kind for a zone. */
static void
compare_plain(const Job *job, guint zone, const ZoneText *text, const GArray *steps)
{
    for (guint i = 0; i < steps->len; i++) {
        const Step *s = &g_array_index(steps, Step, i);
        gunichar a = passage_of(job, zone)->chars[MIN(s->a, passage_of(job, zone)->n - 1)];
        if (s->kind != STEP_PLAIN || !char_is_kanji(a)) {
            continue; /* OCR tells no widths: that is no finding */
        }
        Difference *d =
            add_difference(job, zone, FINDING_VARIANT, utf8(&a, 1), utf8(text->chars + s->b, 1),
                           box_of(job, text, s->b, s->b + 1, (Rect){0, 0, 0, 0}));
        d->at = (gint32)s->a;
        d->confidence = seen_char(job, text, s->b)->confidence;
    }
}

/* Whether OCR has a character more or less near a step: then its places have slipped there. */
static gboolean
may_have_slipped(const GArray *steps, guint at)
{
    for (guint i = at > SLIPS ? at - SLIPS : 0; i < MIN(at + SLIPS + 1, steps->len); i++) {
        guint8 kind = g_array_index(steps, Step, i).kind;
        if (kind == STEP_GONE || kind == STEP_NEW) {
            return TRUE;
        }
    }
    return FALSE;
}

static void
take_exemplars(const Job *job, guint zone, const ZoneText *text, const GArray *steps)
{
    const Passage *p = passage_of(job, zone);
    for (guint i = 0; i < steps->len; i++) {
        g_autoptr(GArray) vouching = g_array_new(FALSE, FALSE, sizeof(guint64));
        const Step *s = &g_array_index(steps, Step, i);
        gboolean same = s->kind == STEP_SAME ||
                        (s->kind == STEP_PLAIN && !char_is_kanji(p->chars[s->a])); /* １ as 1 */
        const SeenChar *seen = same ? seen_char(job, text, s->b) : NULL;
        if (seen == NULL || seen->confidence < EXEMPLAR_SURE || may_have_slipped(steps, i)) {
            continue;
        }
        witness_glyphs(job->witness, s->a, s->a + 1, vouching);
        Exemplar e = {.c = p->chars[s->a],
                      .place = {.page = job->result->page,
                                .zone = zone,
                                .at = (gint32)s->a,
                                .before = s->a > 0 ? p->chars[s->a - 1] : 0,
                                .after = s->a + 1 < p->n ? p->chars[s->a + 1] : 0,
                                .vouched = vouching->len > 0,
                                .box = placing_to_page(&job->result->placing, seen->box)}};
        if (look_picture(job->look, seen, &e.picture)) {
            g_array_append_val(job->result->exemplars, e);
        }
    }
}

/* ---- zones ---- */

static guint
free_ends(const Passage *p, const ClaimedZone *zone)
{
    guint ends = ALIGN_WHOLE;
    ends |= zone->part > 0 ? ALIGN_FREE_START : 0;
    ends |= zone->part + 1 < p->zones->len ? ALIGN_FREE_END : 0;
    return ends;
}

static void
compare_runs(const Job *job, guint zone, const ZoneText *text, const GArray *steps)
{
    for (guint i = 0; i < steps->len;) {
        const Step *s = &g_array_index(steps, Step, i);
        guint n = 0;
        while (i + n < steps->len && is_other(s + n)) {
            n++;
        }
        if (n > 0) {
            compare_run(job, zone, text, s, n);
        }
        i += MAX(n, 1);
    }
}

/* Whether two texts have little to do with each other: not just that one has more than the other.
 */
static gboolean
says_else(const GArray *steps)
{
    guint n[STEP_NEW + 1] = {0};
    for (guint i = 0; i < steps->len; i++) {
        n[g_array_index(steps, Step, i).kind]++;
    }
    guint same = n[STEP_SAME] + n[STEP_PLAIN];
    double least = MIN(n[STEP_GONE], n[STEP_NEW]) + n[STEP_OTHER];
    return align_agreement(steps) < ZONE_AGREES && least > CONTAINED * same;
}

/* The alignment of a passage with what is seen: in the lines it was read in, unless it is more like
 * what the passage says when read across, or down, whatever the lines: two or three short lines set
 * wide look as much like columns. Changes the order of what is seen then. */
static GArray *
align_best_way(const Job *job, ZoneText *text, const Passage *p, guint ends)
{
    GArray *steps = align_texts(p->chars, p->n, text->chars, text->n, ends);
    for (guint way = 0; way < 2 && steps != NULL && align_agreement(steps) < WAY_AGREES; way++) {
        g_autoptr(GArray) before = g_array_ref(text->seen);
        g_autoptr(GArray) turned = zone_text_in_order(text, job->look, way > 0);
        zone_text_reorder(text, job->look, turned);
        GArray *other = align_texts(p->chars, p->n, text->chars, text->n, ends);
        if (align_agreement(other) > align_agreement(steps)) {
            g_array_unref(steps);
            steps = other;
        } else {
            zone_text_reorder(text, job->look, before);
            g_array_unref(other);
        }
    }
    return steps;
}

static void
compare_zone(Job *job, guint index)
{
    guint number = job->page->first_zone + index;
    const ClaimedZone *zone = claims_zone(job->claims, number);
    ZoneText *text = &g_array_index(job->texts, ZoneText, index);
    const Passage *p = passage_of(job, number);
    g_autoptr(GArray) steps = align_best_way(job, text, p, free_ends(p, zone));
    job->layer_steps =
        text->layer == NULL || zone->origin == ORIGIN_OCR
            ? NULL
            : align_texts(p->chars, p->n, (const gunichar *)(void *)text->layer->data,
                          text->layer->len, free_ends(p, zone));
    witness_hear(job->witness, text, steps, job->layer_steps, p->n);
    guint from = 0, to = p->n;
    if (steps != NULL && steps->len > 0) {
        const Step *last = &g_array_index(steps, Step, steps->len - 1);
        from = g_array_index(steps, Step, 0).a;
        to = last->a + (last->kind != STEP_NEW);
    }
    ZoneCheck check = {.zone = number,
                       .checked = TRUE,
                       .from = from,
                       .to = to,
                       .seen = text->n,
                       .text = utf8(text->chars, text->n)};
    gboolean cut_off = is_cut_off(job, number);
    if (cut_off && (text->n == 0 || steps == NULL || says_else(steps))) {
        check.checked = FALSE;
    } else if (text->n == 0 && p->n > 0) {
        gboolean ink =
            !zone->placed ||
            look_has_contrast(job->look, placing_to_picture(&job->result->placing, zone->box));
        check.checked = !ink;
        if (!ink) {
            Difference *d = add_difference(job, number, FINDING_NO_INK, utf8(p->chars, p->n),
                                           g_strdup(""), zone->box);
            d->at = 0;
            d->settled = TRUE;
            ask_layer(job, text, 0, p->n, 0, 0, d);
        }
    } else if (steps == NULL) {
        check.checked = FALSE;
    } else if (says_else(steps) && MAX(p->n, text->n) >= ZONE_CHARS) {
        compare_whole(job, number, text, from, to);
    } else {
        compare_runs(job, number, text, steps);
        compare_plain(job, number, text, steps);
        take_exemplars(job, number, text, steps);
    }
    g_clear_pointer(&job->layer_steps, g_array_unref);
    g_array_append_val(job->result->zones, check);
}

/* Whether a line is what tables and sections repeat at the top of each page, and the document has
 * once. */
static gboolean
is_repeated_head(const Job *job, const gunichar *chars, guint n)
{
    g_autoptr(GArray) grams = grams_of(chars, n);
    for (guint i = 0; i < job->claims->passages->len; i++) {
        const Passage *p = claims_passage(job->claims, i);
        if (p->header || p->kind == PASSAGE_HEADING || p->kind == PASSAGE_CAPTION) {
            g_autoptr(GArray) there = grams_of(p->chars, p->n);
            if (grams_part(grams, there) >= FROM_THERE) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* Text that stands in no zone, line by line. */
static void
compare_loose(const Job *job)
{
    const ZoneText *text = &g_array_index(job->texts, ZoneText, job->page->zones);
    for (guint i = 0, n = 0; i < text->n; i += n) {
        double sure = 0;
        n = 0;
        while (i + n < text->n &&
               seen_char(job, text, i + n)->line == seen_char(job, text, i)->line) {
            sure += (double)seen_char(job, text, i + n)->confidence;
            n++;
        }
        if (n >= LOOSE_CHARS && sure / n >= LOOSE_SURE && !is_accounted(job, text, i, i + n) &&
            !is_elsewhere(job, NO_ZONE, text->chars + i, n, TRUE) &&
            !is_repeated_head(job, text->chars + i, n)) {
            Difference *d =
                add_difference(job, NO_ZONE, FINDING_INK, g_strdup(""), utf8(text->chars + i, n),
                               box_of(job, text, i, i + n, (Rect){0, 0, 0, 0}));
            d->settled = TRUE;
            d->confidence = (float)(sure / n);
            take_pictures(job, text, i, i + n, d);
        }
    }
}

/* ---- doubtful lines are read again ---- */

/* What `again` has where the line's characters [from, to) were. */
static char *
part_again(const GArray *line, const GArray *again, guint from, guint to)
{
    g_autoptr(GArray) steps =
        align_texts((const gunichar *)(const void *)line->data, line->len,
                    (const gunichar *)(const void *)again->data, again->len, ALIGN_WHOLE);
    g_autoptr(GString) part = g_string_new(NULL);
    for (guint i = 0; steps != NULL && i < steps->len; i++) {
        const Step *s = &g_array_index(steps, Step, i);
        gboolean inside = s->kind == STEP_NEW ? s->a >= from && s->a <= to &&
                                                    (from == to || (s->a > from && s->a < to))
                                              : s->a >= from && s->a < to;
        if (inside && s->kind != STEP_GONE) {
            g_string_append_unichar(part, g_array_index(again, gunichar, s->b));
        }
    }
    return g_string_free(g_steal_pointer(&part), FALSE);
}

typedef struct {
    guint32 line;
    GArray *first; /* gunichar */
    GArray *again;
} LineAgain;

static GArray *
chars_of_line(const Look *look, guint32 line)
{
    GArray *chars = g_array_new(FALSE, FALSE, sizeof(gunichar));
    for (guint i = 0; i < look->chars->len; i++) {
        const SeenChar *s = &g_array_index(look->chars, SeenChar, i);
        if (s->line == line) {
            g_array_append_val(chars, s->c);
        }
    }
    return chars;
}

/* Where in its line the character that stands first in a difference is: the nearest to its box. */
static guint
place_in_line(const Job *job, const Difference *d)
{
    Rect box = placing_to_picture(&job->result->placing, d->box);
    guint at = 0, n = 0;
    double least = G_MAXDOUBLE;
    for (guint i = 0; i < job->look->chars->len; i++) {
        const SeenChar *s = &g_array_index(job->look->chars, SeenChar, i);
        if (s->line != d->line) {
            continue;
        }
        double away = fabs(s->box.x0 - box.x0) + fabs(s->box.y0 - box.y0);
        if (away < least) {
            least = away;
            at = n;
        }
        n++;
    }
    return at;
}

static gboolean
read_again(const Job *job, Recogniser *recogniser, GError **error)
{
    g_autoptr(GArray) first = NULL;
    g_autoptr(GArray) again = g_array_new(FALSE, FALSE, sizeof(gunichar));
    guint32 line = G_MAXUINT32;
    for (guint i = 0; i < job->result->differences->len; i++) {
        Difference *d = &g_array_index(job->result->differences, Difference, i);
        if (d->settled || d->line == G_MAXUINT32 || d->kind == FINDING_VARIANT) {
            continue;
        }
        if (d->line != line) {
            line = d->line;
            g_clear_pointer(&first, g_array_unref);
            first = chars_of_line(job->look, line);
            if (!look_again(job->look, recogniser, line, again, error)) {
                return FALSE;
            }
        }
        guint n = (guint)g_utf8_strlen(d->seen, -1), at = place_in_line(job, d);
        d->again = part_again(first, again, at, at + n);
    }
    return TRUE;
}

/* ---- the page ---- */

/* The digits of a text as a number, 0 for none. */
static guint64
number_in(const gunichar *chars, guint n)
{
    guint64 number = 0;
    for (guint i = 0; i < n; i++) {
        int digit = g_unichar_digit_value(chars[i]);
        number = digit >= 0 ? number * 10 + (guint)digit : number;
    }
    return number;
}

/* Whether another page number is printed than the document's. */
static gboolean
has_other_folio(const Job *job)
{
    for (guint i = 0; i < job->page->zones; i++) {
        const ClaimedZone *zone = claims_zone(job->claims, job->page->first_zone + i);
        const ZoneText *text = &g_array_index(job->texts, ZoneText, i);
        const Passage *p =
            zone->passage != NO_PASSAGE ? claims_passage(job->claims, zone->passage) : NULL;
        if (p != NULL && p->kind == PASSAGE_FOLIO && text->confidence >= FOLIO_SURE) {
            guint64 seen = number_in(text->chars, text->n), claimed = number_in(p->chars, p->n);
            return seen != 0 && claimed != 0 && seen != claimed;
        }
    }
    return FALSE;
}

/* Whether a picture that has little of the page's text is of another page, as far as the zones and
 * the printed page number tell. */
static gboolean
is_other_page(const Job *job)
{
    return job->result->likeness < DOUBTFUL && job->look->chars->len > PAGE_GRAMS &&
           (job->result->placing.sighted == 0 || has_other_folio(job));
}

Comparison *
comparison_make(const Claims *claims, guint page, const Look *look, double likeness,
                Recogniser *recogniser, GError **error)
{
    g_autoptr(Comparison) result = comparison_new();
    const ClaimedPage *claimed = claims_page(claims, page);
    result->picture = look->number;
    result->page = page;
    result->likeness = likeness;
    result->width = look->scan->width;
    result->height = look->scan->height;
    result->alien = likeness < ALIEN && look->chars->len > PAGE_GRAMS;
    if (result->alien) {
        return g_steal_pointer(&result);
    }
    result->placing = placing_find(claims, claimed, look, look->layer != NULL);
    result->lost = result->placing.lost;
    if (result->lost) {
        return g_steal_pointer(&result);
    }
    Job job = {.claims = claims, .page = claimed, .look = look, .result = result};
    job.witness = witness_new(look->layer);
    job.texts = zone_texts_share(claims, claimed, look, &result->placing);
    result->alien = look->layer == NULL && is_other_page(&job);
    for (guint i = 0; i < claimed->zones && !result->alien; i++) {
        const ClaimedZone *zone = claims_zone(claims, claimed->first_zone + i);
        if (zone->passage != NO_PASSAGE && zone->placed) {
            compare_zone(&job, i);
        }
    }
    if (!result->alien) {
        compare_loose(&job);
    }
    gboolean ok = read_again(&job, recogniser, error);
    g_array_unref(job.texts);
    g_array_append_vals(result->votes, witness_votes(job.witness)->data,
                        witness_votes(job.witness)->len);
    witness_free(job.witness);
    return ok ? g_steal_pointer(&result) : NULL;
}

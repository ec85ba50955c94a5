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
#include "character-differences.h"
#include "exemplars.h"
#include "passages.h"
#include "second-reading.h"

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
/* … and if neither text is in the other but for so many characters, to those they share. */
#define CONTAINED 0.35
/* A zone that agrees less than this is tried the other way, across or down. */
#define WAY_AGREES 0.8
/* What stands in no zone is text if it is so long and so sure. */
#define LOOSE_CHARS 4u
#define LOOSE_SURE 0.93
/* A picture is of none of the pages if less of what it says is on its own, and on any. */
#define ALIEN 0.2
/* … or so little, and no zone of the page is seen nearly whole, or its folio is another; pages of
 * one report have that much in common. */
#define DOUBTFUL 0.5
#define FOLIO_SURE 0.9
/* … or of so many characters less than this part is seen in its zones. */
#define MUCH_TEXT 100u
#define NOWHERE 0.2

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

static guint
count_same(const GArray *steps)
{
    guint same = 0;
    for (guint i = 0; i < steps->len; i++) {
        same += !is_other(&g_array_index(steps, Step, i));
    }
    return same;
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
    job->claimed += to - from;
    job->agreeing += steps != NULL && !says_else(steps) ? count_same(steps) : 0;
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

/* Whether a line is more than strokes: OCR makes a row of ー of drawings. */
static gboolean
is_more_than_strokes(const gunichar *chars, guint n)
{
    guint letters = 0;
    for (guint i = 0; i < n; i++) {
        letters += g_unichar_isalnum(chars[i]) && chars[i] != 0x30FC && chars[i] != 0x4E00;
    }
    return letters > 1;
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
        if (n >= LOOSE_CHARS && sure / n >= LOOSE_SURE &&
            is_more_than_strokes(text->chars + i, n) && !is_accounted(job, text, i, i + n) &&
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

/* Whether hardly a zone says what is seen there, though the page has much of the words: another
 * page of the report, which the document has not. */
static gboolean
agrees_nowhere(const Job *job)
{
    return job->result->likeness < DOUBTFUL && job->claimed >= MUCH_TEXT &&
           job->agreeing < NOWHERE * job->claimed;
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
    if (look->layer == NULL && agrees_nowhere(&job)) {
        result->alien = TRUE;
        g_array_set_size(result->zones, 0);
        g_array_set_size(result->differences, 0);
        g_array_set_size(result->exemplars, 0);
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

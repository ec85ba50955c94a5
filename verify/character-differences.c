/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "character-differences.h"

#include <string.h>

#include "alike.h"
#include "chars.h"
#include "fit.h"
#include "passages.h"

/* So many characters seen may be one. */
#define MERGED_MOST 3u
/* A percent sign is so many digits wide at most; with a digit beside it it would be more. */
#define PERCENT_DIGITS 2.5

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

void
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

void
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

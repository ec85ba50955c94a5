/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "passages.h"

#include "alike.h"
#include "chars.h"
#include "fit.h"

#define ORDER_CHARS 3u
/* The part of a passage's pairs that must be in another zone to be from there. */
#define FROM_THERE 0.6
/* The part of characters that two texts must share to be one in another order. */
#define SAME_BAG 0.85
/* Text that stands twice is so many times as long as what is seen. */
#define TWICE 1.6

static GArray *
grams_of(const gunichar *chars, guint n)
{
    GArray *grams = g_array_new(FALSE, FALSE, sizeof(guint64));
    grams_add(grams, chars, n);
    grams_sort(grams);
    return grams;
}

gboolean
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

gboolean
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

void
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
    if (kind == FINDING_DIGIT) {
        take_cuts(job, text, 0, text->n, d);
    }
}

void
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

gboolean
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

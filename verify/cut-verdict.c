/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cut-verdict.h"

#include <string.h>

#include "align.h"
#include "alike.h"
#include "chars.h"

/* So many characters around those that are judged are asked for. */
#define BESIDE 5u
/* … and may be so many times as unlike their like as those judged. */
#define BESIDE_NEARS 2
/* A character cut out is another one than the document's if it is so many times nearer to that. */
#define CLEARER 2.0
/* Written for a character that is like none. */
#define UNKNOWN 0xFFFDu

/* Whether a character is judged. Strokes are marks: a minus may be read as the ー of katakana. */
static gboolean
is_judged(gunichar c)
{
    return g_unichar_isalnum(c) && c != 0x30FC;
}

/* What may stand where numbers do, beside what document and OCR have there. */
static const gunichar in_numbers[] = {
    '0',    '1',    '2',    '3',    '4',    '5',    '6',    '7',    '8',    '9',    '.',
    ',',    '%',    '-',    '+',    0xFF10, 0xFF11, 0xFF12, 0xFF13, 0xFF14, 0xFF15, 0xFF16,
    0xFF17, 0xFF18, 0xFF19, 0xFF0E, 0xFF0C, 0xFF05, 0xFF0D, 0x2212, 0x25B2, 0x25B3};

/* Letters and digits of the passage: those that are judged, [first, last), and some around them.
 * Marks are left out: a full stop may be taken for a part of what stands beside it. */
typedef struct {
    GArray *chars; /* gunichar */
    GArray *at;    /* guint: where in the passage */
    guint first, last;
    guint from, to; /* the characters judged, in the passage */
    guint marks;    /* that were left out */
} Asked;

static void
asked_clear(Asked *a)
{
    g_array_unref(a->chars);
    g_array_unref(a->at);
}

static guint
chars_of(const char *text)
{
    return (guint)g_utf8_strlen(text, -1);
}

static Asked
asked_of(const Passage *p, const Difference *d, gboolean whole)
{
    Asked a = {.chars = g_array_new(FALSE, FALSE, sizeof(gunichar)),
               .at = g_array_new(FALSE, FALSE, sizeof(guint)),
               .from = MIN((guint)d->at, p->n)};
    a.to = MIN(a.from + chars_of(d->expected), p->n);
    while (whole && a.from > 0 && char_is_in_number(p->chars[a.from - 1])) {
        a.from--;
    }
    while (whole && a.to < p->n && char_is_in_number(p->chars[a.to])) {
        a.to++;
    }
    for (guint i = a.from > BESIDE ? a.from - BESIDE : 0; i < MIN(a.to + BESIDE, p->n); i++) {
        if (!is_judged(p->chars[i])) {
            a.marks++;
            continue;
        }
        a.first += i < a.from;
        a.last += i < a.to;
        g_array_append_val(a.chars, p->chars[i]);
        g_array_append_val(a.at, i);
    }
    return a;
}

/* What the place says, without marks. */
typedef struct {
    GArray *chars; /* CutChar; c is 0 for what is no character that may stand there */
    GArray *skips; /* guint8: what may be a mark, but is not known, stands before it; one more */
} Read;

static void
read_clear(Read *read)
{
    g_array_unref(read->chars);
    g_array_unref(read->skips);
}

/* Characters the document or OCR has there, or that stand in numbers. */
static GArray *
chars_that_may(const Difference *d, const Asked *a)
{
    GArray *may = g_array_new(FALSE, FALSE, sizeof(gunichar));
    g_array_append_vals(may, in_numbers, G_N_ELEMENTS(in_numbers));
    g_array_append_vals(may, a->chars->data, a->chars->len);
    for (const char *c = d->seen; *c != '\0'; c = g_utf8_find_next_char(c, NULL)) {
        gunichar seen = g_utf8_get_char(c);
        g_array_append_val(may, seen);
    }
    return may;
}

static Read
read_cuts(const Learnt *l, const Difference *d, const Asked *a)
{
    Read read = {g_array_new(FALSE, FALSE, sizeof(CutChar)),
                 g_array_new(FALSE, FALSE, sizeof(guint8))};
    g_autoptr(GArray) may = chars_that_may(d, a);
    g_autoptr(GArray) all =
        cuts_read(d->cuts, l->bank, (const gunichar *)(void *)may->data, may->len);
    guint marks = 0;
    for (guint i = 0; i < all->len; i++) {
        CutChar *c = &g_array_index(all, CutChar, i);
        c->c = c->distance <= BESIDE_NEARS * near_of(l->bank) ? c->c : 0;
        marks += !is_judged(c->c); /* what is not known may be one */
    }
    guint8 skipped = FALSE;
    for (guint i = 0; i < all->len; i++) {
        CutChar c = g_array_index(all, CutChar, i);
        if (c.c == 0 ? marks > a->marks : is_judged(c.c)) {
            g_array_append_val(read.chars, c);
            g_array_append_val(read.skips, skipped);
            skipped = FALSE;
        } else {
            skipped = skipped || c.c == 0;
        }
    }
    g_array_append_val(read.skips, skipped);
    return read;
}

/* Whether a step is of a character that stands there as the document has it, beyond doubt. */
static gboolean
is_as_read(const Step *s, const Asked *a, const Read *read, double near)
{
    if (s->kind == STEP_GONE || s->kind == STEP_NEW) {
        return FALSE;
    }
    const CutChar *c = &g_array_index(read->chars, CutChar, s->b);
    return c->distance <= BESIDE_NEARS * near &&
           is_one_or_alike(g_array_index(a->chars, gunichar, s->a), c->c);
}

/* Steps [ret_from, ret_to) are those of the characters judged; FALSE if what stands beside them is
 * not what the document has: then the place was cut wrongly, or is not all of it. */
static gboolean
steps_asked(const GArray *steps, const Asked *a, const Read *read, double near, guint *ret_from,
            guint *ret_to)
{
    const Step *s = (const Step *)(void *)steps->data;
    guint n = steps->len, from = 0, to = n;
    gboolean gone = a->first == a->last;
    while (from < n && s[from].a < a->first) {
        from++;
    }
    while (to > from &&
           (s[to - 1].kind == STEP_NEW ? s[to - 1].a > a->last : s[to - 1].a >= a->last)) {
        to--;
    }
    for (guint i = from; i < to; i++) {
        gone = gone || s[i].kind == STEP_GONE;
    }
    *ret_from = from;
    *ret_to = to;
    return (from > 0 ? is_as_read(&s[from - 1], a, read, near) : !gone && a->first == 0) &&
           (to < n ? is_as_read(&s[to], a, read, near) : !gone);
}

/* Whether a character stands there for certain: the document's own, or one that cannot be taken for
 * it. */
static gboolean
is_clear(const Learnt *l, const Difference *d, const CutChar *c, gunichar own, double near)
{
    const GlyphPicture *picture = &g_array_index(d->cuts, Cut, c->cut).picture;
    if (c->distance > near || own == 0 || char_plain(own) == char_plain(c->c)) {
        return c->distance <= near;
    }
    return (!is_one_or_alike(own, c->c) || (char_is_digit(own) && char_is_digit(c->c))) &&
           learnt_distance(l, own, picture) >= CLEARER * c->distance;
}

/* Where the document has the characters judged: its own, and what is read there instead, the marks
 * left out. */
typedef struct {
    GString *own, *read;
    gboolean skips;   /* something that is not known stands there where the document has no mark */
    gboolean unknown; /* … or has one */
} CutText;

/* Whether something unknown stands before a step's character where the document has no mark. */
static gboolean
skips_before(const Step *s, const Asked *a, const Read *read)
{
    gboolean mark = s->kind != STEP_NEW && s->a > 0 &&
                    g_array_index(a->at, guint, s->a) > g_array_index(a->at, guint, s->a - 1) + 1;
    return g_array_index(read->skips, guint8, s->b) && !mark;
}

static guint
count_alnum(const char *text)
{
    guint n = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        n += is_judged(g_utf8_get_char(p));
    }
    return n;
}

/* Whether as many characters are read as the document or OCR has there: two are at times the
 * picture of one. */
static gboolean
is_long_enough(const Difference *d, const CutText *text)
{
    guint own = chars_of(text->own->str), read = chars_of(text->read->str);
    return read == own || read + count_alnum(d->expected) == own + count_alnum(d->seen);
}

/* Whether OCR has these letters and digits there. */
static gboolean
is_seen(const Difference *d, const char *printed)
{
    const char *q = printed;
    for (const char *p = d->seen; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
        if (is_judged(g_utf8_get_char(p))) {
            if (*q == '\0' || char_plain(g_utf8_get_char(p)) != char_plain(g_utf8_get_char(q))) {
                return FALSE;
            }
            q = g_utf8_find_next_char(q, NULL);
        }
    }
    return *q == '\0';
}

/* FALSE if what is read there is not certain. */
static gboolean
compare_cuts(const Learnt *l, const Difference *d, const Asked *a, const Read *read, CutText *text)
{
    double near = near_of(l->bank);
    g_autofree gunichar *chars = g_new(gunichar, read->chars->len + 1);
    for (guint i = 0; i < read->chars->len; i++) {
        gunichar c = g_array_index(read->chars, CutChar, i).c;
        chars[i] = c != 0 ? c : UNKNOWN;
    }
    g_autoptr(GArray) steps =
        align_texts((const gunichar *)(void *)a->chars->data, a->chars->len, chars,
                    read->chars->len, ALIGN_FREE_START | ALIGN_FREE_END);
    guint from, to;
    if (steps == NULL || !steps_asked(steps, a, read, near, &from, &to)) {
        return FALSE;
    }
    for (guint i = from; i < MIN(to + 1, steps->len); i++) {
        const Step *s = &g_array_index(steps, Step, i);
        text->skips = text->skips || skips_before(s, a, read);
        text->unknown = text->unknown || g_array_index(read->skips, guint8, s->b);
        if (i == to) {
            break;
        }
        gunichar own = s->kind != STEP_NEW ? g_array_index(a->chars, gunichar, s->a) : 0;
        if (own != 0) {
            g_string_append_unichar(text->own, own);
        }
        if (s->kind != STEP_GONE) {
            const CutChar *c = &g_array_index(read->chars, CutChar, s->b);
            if (!is_clear(l, d, c, own, near)) {
                return FALSE;
            }
            g_string_append_unichar(text->read, char_plain(own) == char_plain(c->c) ? own : c->c);
        }
    }
    return chars_of(text->own->str) == a->last - a->first && is_long_enough(d, text);
}

/* Of two texts only what they do not share at the start and at the end is told. */
static void
tell_printed(const Asked *a, const CutText *text, CutVerdict *ret_verdict)
{
    guint n = chars_of(text->own->str), m = chars_of(text->read->str), before = 0, after = 0;
    const char *p = text->own->str, *q = text->read->str;
    while (before < MIN(n, m) && g_utf8_get_char(p) == g_utf8_get_char(q)) {
        p = g_utf8_find_next_char(p, NULL);
        q = g_utf8_find_next_char(q, NULL);
        before++;
    }
    p = text->own->str + text->own->len;
    q = text->read->str + text->read->len;
    while (after < MIN(n, m) - before) {
        p = g_utf8_prev_char(p);
        q = g_utf8_prev_char(q);
        if (g_utf8_get_char(p) != g_utf8_get_char(q)) {
            break;
        }
        after++;
    }
    guint first = a->first + before, last = a->last - after;
    guint at = first < a->at->len ? g_array_index(a->at, guint, first) : a->to;
    ret_verdict->at = at;
    ret_verdict->length = last > first ? g_array_index(a->at, guint, last - 1) + 1 - at : 0;
    ret_verdict->printed = g_utf8_substring(text->read->str, before, m - after);
}

/* whole: of the number that the place is in, since OCR may have its digits in the wrong places. */
static gboolean
judge(const Learnt *l, const Difference *d, gboolean whole, CutVerdict *ret_verdict)
{
    Asked a =
        asked_of(claims_passage(l->claims, claims_zone(l->claims, d->zone)->passage), d, whole);
    Read read = read_cuts(l, d, &a);
    CutText text = {.own = g_string_new(NULL), .read = g_string_new(NULL)};
    gboolean certain = compare_cuts(l, d, &a, &read, &text);
    gboolean same = strcmp(text.own->str, text.read->str) == 0;
    certain = certain && !(same && text.skips);
    CutVerdict verdict = {.read = g_strdup(text.read->str)};
    if (certain && !same) {
        tell_printed(&a, &text, &verdict);
        certain = chars_of(text.read->str) == chars_of(text.own->str) ||
                  (!text.unknown && (is_seen(d, verdict.printed) || is_seen(d, text.read->str)));
    }
    if (certain) {
        *ret_verdict = verdict;
    } else {
        cut_verdict_clear(&verdict);
    }
    g_string_free(text.own, TRUE);
    g_string_free(text.read, TRUE);
    asked_clear(&a);
    read_clear(&read);
    return certain;
}

gboolean
cut_verdict(const Learnt *l, const Difference *d, CutVerdict *ret_verdict)
{
    if (d->cuts->len == 0 || d->zone == NO_ZONE || d->at < 0 ||
        count_alnum(d->expected) + count_alnum(d->seen) == 0) {
        return FALSE;
    }
    return (d->kind == FINDING_DIGIT && judge(l, d, TRUE, ret_verdict)) ||
           judge(l, d, FALSE, ret_verdict);
}

void
cut_verdict_clear(CutVerdict *verdict)
{
    g_clear_pointer(&verdict->read, g_free);
    g_clear_pointer(&verdict->printed, g_free);
}

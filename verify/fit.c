/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit.h"

/* How far on both sides, in characters, the ink of one too many or too few is shared out. */
#define REACH 4u
/* A character narrower, or wider, than this part of the middle one of its kind on the line. */
#define SQUEEZED 0.65
#define STRETCHED 1.6
/* … but kanji and kana are all as long. */
#define STRETCHED_WIDE 1.4
/* A mark is no longer than this, in ems. */
#define MARK_LONGEST 1.15
/* What is usual where a line has fewer of a kind than this, in ems. */
#define KIND_LEAST 3u
#define WIDE_EMS 0.95
#define NARROW_EMS 0.5

static const SeenChar *
seen_at(const ZoneText *text, const Look *look, guint i)
{
    return &g_array_index(look->chars, SeenChar, g_array_index(text->seen, guint, i));
}

static gboolean
is_vertical(const Look *look, const SeenChar *seen)
{
    return g_array_index(look->scan->text.lines, InkLine, seen->line).vertical;
}

static double
length_of(const Look *look, const SeenChar *seen)
{
    return is_vertical(look, seen) ? rect_height(seen->box) : rect_width(seen->box);
}

static double
em_of(const Look *look, const SeenChar *seen)
{
    return is_vertical(look, seen) ? rect_width(seen->box) : rect_height(seen->box);
}

/* Characters whose widths are comparable: marks have any. */
typedef enum { KIND_MARK, KIND_NARROW, KIND_WIDE } Kind;

static Kind
kind_of(gunichar c)
{
    return !g_unichar_isalnum(c) ? KIND_MARK : g_unichar_iswide(c) ? KIND_WIDE : KIND_NARROW;
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

/* The length of a character of this kind on the line of `like`, in the middle. */
static double
usual_length(const ZoneText *text, const Look *look, const SeenChar *like, Kind kind)
{
    g_autoptr(GArray) lengths = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < text->n; i++) {
        const SeenChar *s = seen_at(text, look, i);
        double length = length_of(look, s);
        if (s->line == like->line && kind_of(s->c) == kind) {
            g_array_append_val(lengths, length);
        }
    }
    if (lengths->len < KIND_LEAST) {
        return em_of(look, like) * (kind == KIND_WIDE ? WIDE_EMS : NARROW_EMS);
    }
    g_array_sort(lengths, compare_doubles);
    return g_array_index(lengths, double, lengths->len / 2);
}

/* How many times as long as usual a character is. A mark may be of any length up to an em; a longer
 * one has the ink of another, too. */
static double
part_of(const ZoneText *text, const Look *look, const SeenChar *s)
{
    Kind kind = kind_of(s->c);
    if (kind == KIND_MARK) {
        return length_of(look, s) > MARK_LONGEST * em_of(look, s) ? 2 : 1;
    }
    double part = length_of(look, s) / usual_length(text, look, s, kind);
    return kind == KIND_WIDE && part > STRETCHED_WIDE ? 2 : part;
}

/* Whether one near [from, to) is less than `least` or more than `most` times as long as usual. */
static gboolean
is_odd_near(const ZoneText *text, const Look *look, guint from, guint to, double least, double most)
{
    guint line = text->n > 0 ? seen_at(text, look, MIN(from, text->n - 1))->line : 0;
    for (guint i = from > REACH ? from - REACH : 0; i < MIN(to + REACH, text->n); i++) {
        const SeenChar *s = seen_at(text, look, i);
        double part = s->line == line ? part_of(text, look, s) : 1;
        if (part < least || part > most) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
fit_is_squeezed(const ZoneText *text, const Look *look, guint from, guint to)
{
    return is_odd_near(text, look, from, to, SQUEEZED, G_MAXDOUBLE);
}

gboolean
fit_is_stretched(const ZoneText *text, const Look *look, guint from, guint to)
{
    return is_odd_near(text, look, from, to, 0, STRETCHED);
}

double
fit_in_digits(const ZoneText *text, const Look *look, guint from, guint to)
{
    SeenChar whole = *seen_at(text, look, from);
    double usual = usual_length(text, look, &whole, KIND_NARROW);
    whole.box = rect_union(whole.box, seen_at(text, look, to - 1)->box);
    return usual > 0 ? length_of(look, &whole) / usual : 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "second-reading.h"

#include "align.h"

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

gboolean
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

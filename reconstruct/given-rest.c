/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stretch by stretch of the text that no line has, to the first of these:
 *
 *   together with those after it, a line without a place: a name spread over its column;
 *   glyphs of a placed line that say the same and have no character: an extractor took them out of
 *     their line;
 *   a few characters, the end of the line they stand beside in the text: misread, or not read;
 *   a line without a place, or a place that could not be read, near to where the text before or
 *     after it stands, about as long, or with room for it;
 *   the line that it continues in the text.
 *
 * So a line that was read wholly wrong is taken by its place among its neighbours.
 */
#include "given-rest.h"

#include <math.h>
#include <stdlib.h>

#include "alike.h"
#include "given-stretches.h"

/* So many characters left over beside a line are its own; more may be a line that was not read. */
#define OWN_MOST 3u
/* In line heights: how far from where it is expected a line that was not recognised may stand. */
#define NEAR 6.0
/* In characters: how much more a row of a place that was not read may hold than its box, which is
 * that of the ink, says. */
#define ROOM_SPARE 0.5
/* Characters before this one (Latin, digits) are half as wide as the others. */
#define NARROW_END 0x2E80u

/* Whether a place that could not be read can hold characters first … last: stretches of one line of
 * the text and, set as large as the rest of the page, no more than its box has room for. */
static gboolean
holds(const GivenPlacing *p, const GivenLine *line, guint first, guint last)
{
    double side = MAX(MIN(p->size, MIN(rect_width(line->box), rect_height(line->box))), 1.0);
    double room = MAX(floor(rect_width(line->box) / side + ROOM_SPARE), 1.0) *
                  MAX(floor(rect_height(line->box) / side + ROOM_SPARE), 1.0);
    for (guint i = first; i < last && room >= 0.0; i++) {
        if (i > first && given_char(p, i)->head) {
            return FALSE;
        }
        room -= given_char(p, i)->unicode < NARROW_END ? 0.5 : 1.0;
    }
    return room >= 0.0;
}

/* The height of the page's top, for what no line stands before in the text. */
static const Rect TOP = {0, 0, 0, GIVEN_UNPLACED_SIZE};

/* The box of the line that has the character of this number, or NULL. */
static const Rect *
box_of(const GivenPlacing *p, gint32 character)
{
    gboolean is_inside = character >= 0 && character < (gint32)p->given->len;
    gint32 line = is_inside ? given_char(p, (guint)character)->line : -1;
    return line >= 0 ? &given_line(p, (guint)line)->box : NULL;
}

/* How far a line stands from this box, in heights of it. */
static double
distance(const GivenLine *line, const Rect *beside)
{
    return fabs(line->box.y0 - beside->y0) / MAX(rect_height(*beside), 1.0);
}

/* The line not placed that is nearest to where characters first … last are expected: level with the
 * line before them in the text or that after them, and about as long. -1: none. */
static gint32
nearest_unplaced(const GivenPlacing *p, guint first, guint last)
{
    const Rect *before = box_of(p, (gint32)first - 1), *after = box_of(p, (gint32)last);
    gint32 best = -1;
    double nearest = NEAR;
    for (guint i = 0; i < p->lines->len; i++) {
        const GivenLine *line = given_line(p, i);
        guint n = line->to - line->from;
        gboolean fits = n > 0 ? 2 * n >= last - first && n <= 2 * (last - first) + 1
                              : line->unread >= 0 && holds(p, line, first, last);
        if (line->placed || !fits) {
            continue;
        }
        double far = distance(line, before != NULL ? before : &TOP);
        far = after != NULL ? MIN(far, distance(line, after)) : far;
        if (far < nearest) {
            nearest = far;
            best = (gint32)i;
        }
    }
    return best;
}

/* Gives characters first … last to a line, which glyphs from `place` on say, or none (-1). */
static void
give(GivenPlacing *p, guint first, guint last, gint32 to, gint32 place)
{
    GivenLine *line = given_line(p, (guint)to);
    for (guint j = first; j < last; j++) {
        given_char(p, j)->line = to;
        if (place >= 0) {
            given_char(p, j)->glyph = place;
            p->paired->data[place++] = 1;
        }
    }
    line->first = line->placed ? MIN(line->first, first) : first;
    line->placed = TRUE;
}

/* Whether glyphs from `place` on, of one line and each without a character, say what the text from
 * `first` to `last` is. */
static gboolean
says(const GivenPlacing *p, const GivenLine *line, guint place, guint first, guint last)
{
    if (place + (last - first) > line->to) {
        return FALSE;
    }
    for (guint i = first; i < last; i++, place++) {
        if (p->paired->data[place] ||
            char_plain(given_glyph(p, place)->unicode) != given_char(p, i)->plain) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Glyphs of a placed line that say the same; where several do, those whose line stands nearest in
 * the text. The first of them, or -1. */
static gint32
lost_glyphs(const GivenPlacing *p, guint first, guint last, gint32 *ret_line)
{
    gint32 best = -1;
    guint nearest = G_MAXUINT;
    for (guint i = 0; i < p->lines->len; i++) {
        const GivenLine *line = given_line(p, i);
        guint far = (guint)abs((gint)line->first - (gint)first);
        for (guint k = line->from; line->placed && far < nearest && k < line->to; k++) {
            if (says(p, line, k, first, last)) {
                best = (gint32)k;
                nearest = far;
                *ret_line = (gint32)i;
            }
        }
    }
    return best;
}

static gboolean
all_unpaired(const GivenPlacing *p, guint from, guint to)
{
    for (guint k = from; k < to; k++) {
        if (p->paired->data[k]) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Whether the line that goes on in the text after (or before) these characters has as many glyphs
 * that say nothing of it at that end: then they were misread. */
static gboolean
give_misread(GivenPlacing *p, guint first, guint last)
{
    guint n = last - first;
    gint32 after = last < p->given->len ? given_char(p, last)->line : -1;
    gint32 before = first > 0 ? given_char(p, first - 1)->line : -1;
    const GivenLine *line = after >= 0 ? given_line(p, (guint)after) : NULL;
    if (line != NULL && line->to - line->from > n && all_unpaired(p, line->from, line->from + n)) {
        give(p, first, last, after, (gint32)line->from);
        return TRUE;
    }
    line = before >= 0 ? given_line(p, (guint)before) : NULL;
    if (line != NULL && line->to - line->from > n && all_unpaired(p, line->to - n, line->to)) {
        give(p, first, last, before, (gint32)(line->to - n));
        return TRUE;
    }
    return FALSE;
}

/* Few characters: to glyphs beside those of the line that they stand beside in the text, else into
 * that line. */
static gboolean
give_few(GivenPlacing *p, guint first, guint last)
{
    gint32 before = first > 0 && !given_char(p, first)->cut ? given_char(p, first - 1)->line : -1;
    gint32 after =
        last < p->given->len && !given_char(p, last)->cut ? given_char(p, last)->line : -1;
    if (!give_misread(p, first, last)) {
        gint32 line = before >= 0 ? before : after;
        if (line < 0) {
            return FALSE;
        }
        give(p, first, last, line, -1);
    }
    return TRUE;
}

static void
place_rest(GivenPlacing *p, guint first, guint last)
{
    gint32 line = -1;
    gint32 place = lost_glyphs(p, first, last, &line);
    if (place >= 0) {
        give(p, first, last, line, place);
        return;
    }
    if (last - first <= OWN_MOST && give_few(p, first, last)) {
        return;
    }
    gint32 to = nearest_unplaced(p, first, last);
    if (to >= 0) {
        given_stretch_take(p, (guint)to, first, last);
    } else if (first > 0 && !given_char(p, first)->cut && given_char(p, first - 1)->line >= 0) {
        give(p, first, last, given_char(p, first - 1)->line, -1);
    }
}

/* How far characters without a line go on from `first`; over white space too, or only up to it. */
static guint
rest_end(const GivenPlacing *p, guint first, gboolean over_cuts)
{
    guint end = first + 1;
    while (end < p->given->len && given_char(p, end)->line < 0 &&
           (over_cuts || !given_char(p, end)->cut)) {
        end++;
    }
    return end;
}

void
given_rest_place(GivenPlacing *p)
{
    guint all = 0; /* the end of the stretch without lines that i is in */
    for (guint i = 0; i < p->given->len;) {
        if (given_char(p, i)->line >= 0) {
            i++;
            continue;
        }
        guint end = rest_end(p, i, FALSE);
        all = all > i ? all : rest_end(p, i, TRUE);
        gint32 line = all > end ? nearest_unplaced(p, i, all) : -1;
        if (line >= 0) { /* a name spread over its column that was read wrong */
            given_stretch_take(p, (guint)line, i, all);
            end = all;
        } else {
            place_rest(p, i, end);
        }
        i = end;
    }
}

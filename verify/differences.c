/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "differences.h"

#include "chars.h"

/* Pictures that a difference has at most. */
#define PICTURES 24u
/* So many characters around what differs are cut out with it. */
#define AROUND 3u
/* … and so much more: OCR's places slip. */
#define SLIP_EMS 1.0
/* Room for a character, in ems; and the ink of one, in square ems. */
#define ROOM_EMS 0.3
#define CHAR_INK 0.03
/* So far beyond a picture's edge, in points, a zone is cut off by it. */
#define EDGE 2.0

Rect
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

Difference *
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

gboolean
is_accounted(const Job *job, const ZoneText *text, guint from, guint to)
{
    guint n = 0;
    for (guint i = from; i < to; i++) {
        n += witness_accounts(job->witness,
                              placing_to_page(&job->result->placing, seen_char(job, text, i)->box));
    }
    return 2 * n > to - from;
}

void
ask_layer(const Job *job, const ZoneText *text, guint a0, guint a1, guint b0, guint b1,
          Difference *d)
{
    d->layer = layer_text(text, job->layer_steps, a0, a1);
    witness_glyphs(job->witness, a0, MIN(a1, a0 + PICTURES), d->glyphs);
    d->accounted = (guint8)is_accounted(job, text, b0, b1);
}

void
take_pictures(const Job *job, const ZoneText *text, guint from, guint to, Difference *d)
{
    for (guint i = from; i < to && d->pictures->len < PICTURES; i++) {
        GlyphPicture picture;
        look_picture(job->look, seen_char(job, text, i), &picture);
        g_array_append_val(d->pictures, picture);
    }
}

double
em_of(const Job *job, const ZoneText *text, guint i)
{
    const SeenChar *s = seen_char(job, text, i);
    const InkLine *line = &g_array_index(job->look->scan->text.lines, InkLine, s->line);
    return line->vertical ? rect_width(s->box) : rect_height(s->box);
}

void
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

gboolean
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

const Passage *
passage_of(const Job *job, guint zone)
{
    return claims_passage(job->claims, claims_zone(job->claims, zone)->passage);
}

gboolean
is_cut_off(const Job *job, guint zone)
{
    Rect box = placing_to_picture(&job->result->placing, claims_zone(job->claims, zone)->box);
    Rect picture = look_extent(job->look);
    return box.x0 < picture.x0 - EDGE || box.y0 < picture.y0 - EDGE || box.x1 > picture.x1 + EDGE ||
           box.y1 > picture.y1 + EDGE;
}

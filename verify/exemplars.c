/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exemplars.h"

#include "chars.h"

/* How sure OCR must be of a character for its picture to be an example of it. */
#define EXEMPLAR_SURE 0.9F
/* … and so many characters from where it has one more or less than the document. */
#define SLIPS 8u

gboolean
exemplar_may_have_slipped(const GArray *steps, guint at)
{
    for (guint i = at > SLIPS ? at - SLIPS : 0; i < MIN(at + SLIPS + 1, steps->len); i++) {
        guint8 kind = g_array_index(steps, Step, i).kind;
        if (kind == STEP_GONE || kind == STEP_NEW) {
            return TRUE;
        }
    }
    return FALSE;
}

void
take_exemplars(const Job *job, guint zone, const ZoneText *text, const GArray *steps)
{
    const Passage *p = passage_of(job, zone);
    for (guint i = 0; i < steps->len; i++) {
        g_autoptr(GArray) vouching = g_array_new(FALSE, FALSE, sizeof(guint64));
        const Step *s = &g_array_index(steps, Step, i);
        gboolean same = s->kind == STEP_SAME ||
                        (s->kind == STEP_PLAIN && !char_is_kanji(p->chars[s->a])); /* １ as 1 */
        const SeenChar *seen = same ? seen_char(job, text, s->b) : NULL;
        if (seen == NULL || seen->confidence < EXEMPLAR_SURE ||
            exemplar_may_have_slipped(steps, i)) {
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

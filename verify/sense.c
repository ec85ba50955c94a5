/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sense.h"

#include <string.h>

/* Characters before and after a place that are looked at: no n-gram reaches further. */
#define BEFORE 6u
#define AFTER 5u
/* Longer readings are not compared. */
#define READ_MOST 8u

struct Sense {
    const Claims *claims;
    DocumentJoins *joins;
};

/* Marks the places of a passage that differ: breaks[zone's passage] has a byte for each. */
static void
break_at(const Claims *claims, const Difference *d, guint8 **breaks)
{
    if (d->zone == NO_ZONE || d->at < 0) {
        return;
    }
    guint index = claims_zone(claims, d->zone)->passage;
    const Passage *p = claims_passage(claims, index);
    guint to = (guint)d->at + (guint)g_utf8_strlen(d->expected, -1);
    if (breaks[index] == NULL) {
        breaks[index] = g_new0(guint8, p->n + 1);
    }
    for (guint i = (guint)d->at; i < MIN(to, p->n); i++) {
        breaks[index][i] = 1;
    }
}

/* The document's text without what differs, a passage a line. */
static char *
agreed_text(const Claims *claims, guint8 *const *breaks)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < claims->passages->len; i++) {
        const Passage *p = claims_passage(claims, i);
        for (guint k = 0; k < p->n; k++) {
            gboolean differs = breaks[i] != NULL && breaks[i][k];
            g_string_append_unichar(text, differs ? '\n' : p->chars[k]);
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

Sense *
sense_new(const JoinModel *model, const Claims *claims, const GPtrArray *comparisons)
{
    Sense *sense = g_new0(Sense, 1);
    guint passages = claims->passages->len;
    guint8 **breaks = g_new0(guint8 *, passages + 1);
    for (guint i = 0; i < comparisons->len; i++) {
        const Comparison *c = g_ptr_array_index(comparisons, i);
        for (guint k = 0; c != NULL && k < c->differences->len; k++) {
            break_at(claims, &g_array_index(c->differences, Difference, k), breaks);
        }
    }
    g_autofree char *text = agreed_text(claims, breaks);
    sense->claims = claims;
    sense->joins = document_joins_new(model, text);
    for (guint i = 0; i < passages; i++) {
        g_free(breaks[i]);
    }
    g_free(breaks);
    return sense;
}

void
sense_free(Sense *sense)
{
    if (sense != NULL) {
        document_joins_free(sense->joins);
        g_free(sense);
    }
}

/* How likely the passage is around the place with `text` in it; p: or NULL, for the text alone. */
static double
likelihood_with(const Sense *sense, const Passage *p, guint at, guint to, const char *text)
{
    guint32 chars[BEFORE + READ_MOST + AFTER];
    guint n = 0, from = at > BEFORE ? at - BEFORE : 0;
    for (guint i = from; p != NULL && i < at; i++) {
        chars[n++] = p->chars[i];
    }
    for (const char *c = text; *c != '\0'; c = g_utf8_find_next_char(c, NULL)) {
        chars[n++] = g_utf8_get_char(c);
    }
    for (guint i = to; p != NULL && i < MIN(to + AFTER, p->n); i++) {
        chars[n++] = p->chars[i];
    }
    return document_joins_likelihood(sense->joins, chars, n);
}

double
sense_of(const Sense *sense, const Difference *d)
{
    glong expected = g_utf8_strlen(d->expected, -1), seen = g_utf8_strlen(d->seen, -1);
    if (d->zone == NO_ZONE || d->at < 0 || expected != seen || expected > (glong)READ_MOST) {
        return 0; /* a text is the likelier, the shorter it is */
    }
    const Passage *p = claims_passage(sense->claims, claims_zone(sense->claims, d->zone)->passage);
    guint at = MIN((guint)d->at, p->n), to = MIN(at + (guint)expected, p->n);
    double here =
        likelihood_with(sense, p, at, to, d->seen) - likelihood_with(sense, p, at, to, d->expected);
    /* a rare character is not wrong because it is rare: only what stands around it counts */
    double alone = likelihood_with(sense, NULL, 0, 0, d->seen) -
                   likelihood_with(sense, NULL, 0, 0, d->expected);
    return MIN(here, here - alone);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-cuts.h"

#define LONG 10u     /* characters of a stretch that may hold lines of two columns */
#define MOST_CUTS 3u /* in one stretch; next to the right place the language breaks off as well */
#define SHORTEST 2u  /* characters of a line */

/* Above this evidence the characters on both sides belong together. */
static const double TOGETHER = 1.5;

/* Where, of places that are not cut so far, least speaks for the part's going on; its end if
 * nowhere. */
static guint32
weakest(const TextPage *page, const TextPart *part, const JoinJudge *judge, const guint8 *is_cut)
{
    double least = TOGETHER;
    guint32 found = part->to;
    for (guint32 at = part->from + SHORTEST; at + SHORTEST <= part->to; at++) {
        const guint32 *c = text_page_chars(page, at);
        if (is_cut[at - part->from] || text_may_not_begin(c[0]) || text_may_not_end(c[-1])) {
            continue;
        }
        const Run left = {text_page_chars(page, part->from), at - part->from};
        const Run right = {c, part->to - at};
        double evidence = join_evidence(judge, left, right);
        if (evidence < least) {
            least = evidence;
            found = at;
        }
    }
    return found;
}

static void
cut_part(TextPage *page, guint32 index, guint32 at)
{
    TextPart *part = &g_array_index(page->parts, TextPart, index);
    const TextPart rest = {.from = at, .to = part->to, .spread = TRUE, .soft = TRUE};
    part->to = at;
    g_array_insert_val(page->parts, index + 1, rest);
}

/* Returns how many parts a part of the line has become. */
static guint
cut_spread(TextPage *page, TextLine *line, guint32 index, const JoinJudge *judge)
{
    const TextPart part = g_array_index(page->parts, TextPart, index);
    guint n = part.to - part.from, cuts = 0;
    g_autofree guint8 *is_cut = g_new0(guint8, n);
    for (guint k = 0; part.spread && n >= LONG && k < MOST_CUTS; k++) {
        guint32 at = weakest(page, &part, judge, is_cut);
        if (at < part.to && line->n_part < TEXT_MAX_PARTS) {
            is_cut[at - part.from] = TRUE;
            line->n_part++;
            cuts++;
        }
    }
    for (guint i = n; i-- > 1;) { /* from the back: what is before stays in its place */
        if (is_cut[i]) {
            cut_part(page, index, part.from + i);
        }
    }
    return 1 + cuts;
}

void
text_cuts_find(TextPage *page, const JoinJudge *judge)
{
    guint32 added = 0;
    for (guint i = 0; i < page->lines->len; i++) {
        TextLine *line = &g_array_index(page->lines, TextLine, i);
        line->part += added;
        for (guint32 part = line->part; part < line->part + line->n_part;) {
            guint n = cut_spread(page, line, part, judge);
            added += n - 1;
            part += n;
        }
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-cuts.h"

#define LONG 10u     /* characters of a stretch that may hold lines of two columns */
#define MOST_CUTS 2u /* in one stretch */
#define SHORTEST 2u  /* characters of a line */
#define APART 4u     /* characters between cuts: next to one, the language breaks off as well */

/* Above this evidence the characters on both sides belong together. */
static const double TOGETHER = 1.5;

/* Where in the part least speaks for its going on, not near `other` (0: anywhere); its end if
 * nowhere. */
static guint32
weakest(const TextPage *page, const TextPart *part, const JoinJudge *judge, guint32 other)
{
    double least = TOGETHER;
    guint32 found = part->to;
    for (guint32 at = part->from + SHORTEST; at + SHORTEST <= part->to; at++) {
        const guint32 *c = text_page_chars(page, at);
        gboolean is_near = other > 0 && at < other + APART && other < at + APART;
        if (is_near || text_may_not_begin(c[0]) || text_may_not_end(c[-1])) {
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
    guint32 at[MOST_CUTS] = {0, 0};
    for (guint k = 0; part.spread && part.to - part.from >= LONG && k < MOST_CUTS; k++) {
        at[k] = weakest(page, &part, judge, k > 0 ? at[0] : 0);
    }
    guint n = 1;
    for (guint k = 0; k < MOST_CUTS; k++) { /* the one further back first */
        guint32 cut = k == 0 ? MAX(at[0], at[1]) : MIN(at[0], at[1]);
        if (cut > part.from && cut < part.to && line->n_part < TEXT_MAX_PARTS) {
            cut_part(page, index, cut);
            line->n_part++;
            n++;
        }
    }
    return n;
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

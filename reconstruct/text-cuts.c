/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-cuts.h"

#define LONG 10u     /* characters of a stretch that may hold lines of two columns */
#define MOST_CUTS 3u /* in one stretch; next to the right place the language breaks off as well */
#define SHORTEST 2u  /* characters of a line */

/* Above this evidence the characters on both sides belong together. */
static const double TOGETHER = 1.5;

/* What speaks for the part's going on at this place; TOGETHER where no line ends. */
static double
evidence_at(const TextPage *page, const TextPart *part, const JoinJudge *judge, guint32 at)
{
    const guint32 *c = text_page_chars(page, at);
    if (text_may_not_begin(c[0]) || text_may_not_end(c[-1])) {
        return TOGETHER;
    }
    const Run left = {text_page_chars(page, part->from), at - part->from};
    const Run right = {c, part->to - at};
    return join_evidence(judge, left, right);
}

/* The places in the part where least speaks for its going on, `most` at most: how many. They go to
 * `ret`, from left to right. */
static guint
weakest(const TextPage *page, const TextPart *part, const JoinJudge *judge, guint most,
        guint32 ret[MOST_CUTS])
{
    double least[MOST_CUTS]; /* rising, of at[] */
    guint32 at[MOST_CUTS];
    guint n = 0;
    for (guint32 i = part->from + SHORTEST; i + SHORTEST <= part->to; i++) {
        double evidence = evidence_at(page, part, judge, i);
        guint k = n;
        for (; k > 0 && evidence < least[k - 1]; k--) {
            if (k < most) {
                least[k] = least[k - 1];
                at[k] = at[k - 1];
            }
        }
        if (evidence < TOGETHER && k < most) {
            least[k] = evidence;
            at[k] = i;
            n = MIN(n + 1, most);
        }
    }
    for (guint i = 0; i < n; i++) {
        guint k = i;
        for (; k > 0 && at[i] < ret[k - 1]; k--) {
            ret[k] = ret[k - 1];
        }
        ret[k] = at[i];
    }
    return n;
}

/* Adds a part of a line of `n_part` parts, in one piece or several. Returns how many more. */
static guint
add_cut(const TextPage *page, TextPart part, const JoinJudge *judge, guint n_part, GArray *parts)
{
    guint32 at[MOST_CUTS];
    gboolean is_long = part.spread && part.to - part.from >= LONG;
    guint room = MIN(MOST_CUTS, TEXT_MAX_PARTS - n_part);
    guint n = is_long && room > 0 ? weakest(page, &part, judge, room, at) : 0;
    guint32 end = part.to;
    for (guint i = 0; i < n; i++) {
        part.to = at[i];
        g_array_append_val(parts, part);
        part = (TextPart){.from = at[i], .to = end, .spread = TRUE, .soft = TRUE};
    }
    g_array_append_val(parts, part);
    return n;
}

void
text_cuts_find(TextPage *page, const JoinJudge *judge)
{
    if (judge == NULL || page->lines->len > TEXT_MOST_LINES) {
        return;
    }
    GArray *parts = g_array_sized_new(FALSE, FALSE, sizeof(TextPart), page->parts->len);
    for (guint i = 0; i < page->lines->len; i++) {
        TextLine *line = &g_array_index(page->lines, TextLine, i);
        guint32 first = line->part;
        guint n = line->n_part;
        line->part = parts->len;
        for (guint k = 0; k < n; k++) {
            const TextPart part = g_array_index(page->parts, TextPart, first + k);
            line->n_part += add_cut(page, part, judge, line->n_part, parts);
        }
    }
    g_array_unref(page->parts);
    page->parts = parts;
}

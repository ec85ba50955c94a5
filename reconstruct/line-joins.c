/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "line-joins.h"

#include <math.h>

#include "chars.h"
#include "marks.h"
#include "text-lines.h"

/* A judge is believed no further: what it has never seen may be a word all the same. */
static const double JUDGED_MOST = 5;
static const double JUDGED_UNSEEN = 0.027; /* the share of joins of which it knows nothing */

#define TITLE_MOST 24u

static gboolean
is_hiragana(guint32 c)
{
    return c >= 0x3041 && c <= 0x309F;
}

static gboolean
is_stop(guint32 c)
{
    return c == 0x3002 || c == 0xFF0E || c == 0xFF61 || c == '.';
}

static Start
start_of(Run b)
{
    return start_read(b.c, MIN(b.n, TITLE_MOST));
}

/* ＜成果＞, 【課題】 */
static gboolean
is_title(Run a)
{
    return a.n <= TITLE_MOST && start_of(a).kind == MARK_BRACKET && char_closes(a.c[a.n - 1]);
}

static double
judged(const JoinJudge *judge, Run a, Run b)
{
    if (judge == NULL) {
        return 0;
    }
    guint left = MIN(a.n, JOIN_REACH);
    double odds = judge->join(judge->self, a.c + a.n - left, left, b.c, MIN(b.n, JOIN_REACH));
    return MIN(log((1 - JUDGED_UNSEEN) * exp(odds) + JUDGED_UNSEEN), JUDGED_MOST);
}

double
join_evidence(const JoinJudge *judge, Run a, Run b)
{
    double evidence = judged(judge, a, b);
    guint32 last = a.c[a.n - 1];
    if (text_may_not_begin(b.c[0])) {
        evidence += 2.5;
    }
    if (text_may_not_end(last)) {
        evidence -= 4; /* no line is broken there */
    }
    if (is_title(a)) {
        evidence -= 5;
    }
    switch (start_of(b).kind) {
    case MARK_BULLET:
        return evidence - 5;
    case MARK_BRACKET:
    case MARK_NOTE:
        return evidence - 3;
    case MARK_CIRCLED:
    case MARK_NUMBER_PAREN:
        return evidence - 3;
    case MARK_KANA:
    case MARK_CHAPTER:
        return evidence - (is_stop(last) ? 2 : 0.5);
    case MARK_NONE:
    case MARK_NUMBER:
    case MARK_LETTER:
        break;
    }
    return evidence;
}

double
end_evidence(const JoinJudge *judge, Run a)
{
    guint32 last = a.c[a.n - 1];
    double evidence = 0.5 * judged(judge, a, (Run){a.c, 0});
    if (is_stop(last) || is_title(a)) {
        return evidence + 1.6;
    }
    if (last == 0x3001 || last == 0xFF0C || text_may_not_end(last)) {
        return evidence - 7;
    }
    if (char_closes(last)) {
        return evidence + 0.5;
    }
    return evidence - (is_hiragana(last) ? 2.5 : 1.0);
}

double
start_evidence(const JoinJudge *judge, Run b)
{
    guint32 first = b.c[0];
    double evidence = 0.5 * judged(judge, (Run){b.c, 0}, b);
    if (text_may_not_begin(first)) {
        return evidence - 9;
    }
    switch (start_of(b).kind) {
    case MARK_BULLET:
    case MARK_BRACKET:
    case MARK_NOTE:
        return evidence + 2.5;
    case MARK_CIRCLED:
    case MARK_NUMBER_PAREN:
    case MARK_KANA:
    case MARK_CHAPTER:
        return evidence + 1.5;
    case MARK_NUMBER:
    case MARK_LETTER:
        return evidence + 0.3;
    case MARK_NONE:
        break;
    }
    if (first == 0x3092) { /* を */
        return evidence - 4;
    }
    if (g_utf8_strchr("がはにのとでもやへる", -1, first) != NULL) {
        return evidence - 1.5;
    }
    return evidence + (is_hiragana(first) ? -0.7 : 0.3);
}

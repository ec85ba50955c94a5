/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Of a line the stretch is taken that it differs least from, by edit distance with free ends
 * (P. Sellers, The theory and computation of evolutionary distances, 1980), and that no line has
 * taken; of stretches alike, the one that stands where its neighbours on the page say. The longest
 * lines are the surest, so they choose first.
 *
 * Known failures: lines of two columns that say the same.
 */
#include "given-stretches.h"

#include <math.h>

#include "alike.h"

/* A line of OCR with more errors than this, of its characters, is not recognised in the text. */
#define ERRORS_MOST 0.5
/* Lines of LONG characters and more with at most so many choose first: where sentences come again
 * with small differences, a line that was read badly may not take the place of one that was read
 * well. */
#define ERRORS_FEW 0.1
#define LONG 8u
/* What it costs when a stretch goes over a space or line end of the text: less than an error, since
 * extractors cut lines between Latin and Japanese, but more than nothing. */
#define CUT_COST 0.3
/* A page with more pairs of characters (read, given) than this is not aligned: a second of work. */
#define PAIRS_MOST 400000000.0

/* Where in the text a line is to be expected: after the placed one next above. */
static double
expected(const GivenPlacing *p, const GivenLine *line)
{
    double best = 0.0;
    double above = -G_MAXDOUBLE;
    for (guint i = 0; i < p->lines->len; i++) {
        const GivenLine *other = given_line(p, i);
        double y = (other->box.y0 + other->box.y1) / 2.0;
        if (other->placed && y <= (line->box.y0 + line->box.y1) / 2.0 && y > above) {
            above = y;
            best = other->first;
        }
    }
    return best;
}

/* A row of the table of distances: for each end in the text, the cost and where it began. */
typedef struct {
    double *cost;
    guint32 *start;
} Distances;

static void
distances_step(const GivenPlacing *p, guint32 plain, const Distances *above, Distances *row)
{
    guint n = p->given->len;
    row->cost[0] = above->cost[0] + 1.0;
    row->start[0] = 0;
    for (guint j = 1; j <= n; j++) {
        const GivenChar *given = given_char(p, j - 1);
        row->cost[j] = above->cost[j] + 1.0;
        row->start[j] = above->start[j];
        if (given->line >= 0) { /* taken: nothing goes over it */
            row->start[j] = j;
            continue;
        }
        double cut = given->cut && above->start[j - 1] < j - 1 ? CUT_COST : 0.0;
        gboolean begins_badly =
            given->plain != plain && above->start[j - 1] == j - 1 && j < n && given_char(p, j)->cut;
        double both = above->cost[j - 1] + (given->plain == plain ? 0.0 : 1.0) + cut +
                      (begins_badly ? CUT_COST : 0.0);
        if (both <= row->cost[j]) {
            row->cost[j] = both;
            row->start[j] = above->start[j - 1];
        }
        cut = given->cut && row->start[j - 1] < j - 1 ? CUT_COST : 0.0;
        if (row->cost[j - 1] + 1.0 + cut < row->cost[j] && row->start[j - 1] < j - 1) {
            row->cost[j] = row->cost[j - 1] + 1.0 + cut;
            row->start[j] = row->start[j - 1];
        }
    }
}

/* The ends of stretches at least cost; of these the one nearest to `wanted`. */
static guint
best_end(const Distances *row, guint n, double wanted)
{
    guint best = 0;
    for (guint j = 1; j <= n; j++) {
        double better = row->cost[best] - row->cost[j];
        if (better > 1e-9 ||
            (better > -1e-9 && fabs(row->start[j] - wanted) < fabs(row->start[best] - wanted))) {
            best = j;
        }
    }
    return best;
}

/* The least costly stretch for a line; its cost. */
static double
find_stretch(const GivenPlacing *p, const GivenLine *line, guint32 *ret_from, guint32 *ret_to)
{
    guint n = p->given->len;
    Distances rows[2] = {{g_new0(double, n + 1), g_new0(guint32, n + 1)},
                         {g_new0(double, n + 1), g_new0(guint32, n + 1)}};
    guint at = 0;
    for (guint j = 0; j <= n; j++) {
        rows[0].start[j] = j;
    }
    for (guint i = line->from; i < line->to; i++, at = 1 - at) {
        distances_step(p, char_plain(given_glyph(p, i)->unicode), &rows[at], &rows[1 - at]);
    }
    guint end = best_end(&rows[at], n, expected(p, line));
    double cost = rows[at].cost[end];
    *ret_from = rows[at].start[end];
    *ret_to = end;
    for (guint i = 0; i < 2; i++) {
        g_free(rows[i].cost);
        g_free(rows[i].start);
    }
    return cost;
}

/* Which glyph of the line each character of the stretch goes with: the edit distance once more,
 * this time with its path. */
static void
pair_up(GivenPlacing *p, const GivenLine *line, guint32 from, guint32 to)
{
    guint n = line->to - line->from;
    guint m = to - from;
    g_autofree guint *cost = g_new0(guint, (gsize)(n + 1) * (m + 1));
    for (guint i = 0; i <= n; i++) {
        for (guint j = 0; j <= m; j++) {
            guint *here = &cost[i * (m + 1) + j];
            guint best = i == 0 ? j : j == 0 ? i : G_MAXUINT;
            if (i > 0 && j > 0) {
                gboolean same = char_plain(given_glyph(p, line->from + i - 1)->unicode) ==
                                given_char(p, from + j - 1)->plain;
                best = here[-(gssize)(m + 2)] + (same ? 0 : 1);
                best = MIN(best, MIN(here[-1], here[-(gssize)(m + 1)]) + 1);
            }
            *here = best;
        }
    }
    for (guint i = n, j = m; i > 0 && j > 0;) {
        const guint *here = &cost[i * (m + 1) + j];
        gboolean same = char_plain(given_glyph(p, line->from + i - 1)->unicode) ==
                        given_char(p, from + j - 1)->plain;
        if (*here == here[-(gssize)(m + 2)] + (same ? 0 : 1)) {
            i--;
            j--;
            given_char(p, from + j)->glyph = (gint32)(line->from + i);
            p->paired->data[line->from + i] = 1;
        } else if (*here == here[-1] + 1) {
            j--;
        } else {
            i--;
        }
    }
}

void
given_stretch_take(GivenPlacing *p, guint line, guint32 first, guint32 last)
{
    GivenLine *it = given_line(p, line);
    it->placed = TRUE;
    it->first = first;
    for (guint j = first; j < last; j++) {
        given_char(p, j)->line = (gint32)line;
    }
    pair_up(p, it, first, last);
}

/* The longest first, since they are the surest; as they were read where they are as long. */
static int
compare_lengths(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const GivenPlacing *p = user_data;
    guint32 i = *(const guint32 *)a;
    guint32 k = *(const guint32 *)b;
    guint n = given_line(p, i)->to - given_line(p, i)->from;
    guint m = given_line(p, k)->to - given_line(p, k)->from;
    return n != m ? (n > m ? -1 : 1) : (i < k ? -1 : i > k);
}

/* The extractor may have printed each character of a spread name among the lines beside it: then
 * they are looked for one by one, at the end. */
static void
split_line(GivenPlacing *p, guint index)
{
    for (guint i = given_line(p, index)->from; i < given_line(p, index)->to; i++) {
        GivenLine one = {i, i + 1, glyph_rect(given_glyph(p, i)), FALSE, 0, -1, FALSE};
        g_array_append_val(p->lines, one);
    }
    given_line(p, index)->to = given_line(p, index)->from;
}

static void
place_line(GivenPlacing *p, guint index, double errors_most)
{
    const GivenLine *line = given_line(p, index);
    guint32 from = 0;
    guint32 to = 0;
    guint n = line->to - line->from;
    if (n == 0 || line->placed) {
        return;
    }
    double cost = find_stretch(p, line, &from, &to);
    if (line->spread && cost >= 1.0 + (n - 1) * CUT_COST) {
        split_line(p, index);
    } else if (cost <= errors_most * n && to > from) {
        given_stretch_take(p, index, from, to);
    }
}

void
given_stretches_find(GivenPlacing *p)
{
    if ((double)p->given->len * p->order->len > PAIRS_MOST) {
        return;
    }
    g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 i = 0; i < p->lines->len; i++) {
        g_array_append_val(order, i);
    }
    g_array_sort_with_data(order, compare_lengths, p);
    for (guint k = 0; k < order->len; k++) {
        guint32 index = g_array_index(order, guint32, k);
        if (given_line(p, index)->to - given_line(p, index)->from >= LONG) {
            place_line(p, index, ERRORS_FEW);
        }
    }
    for (guint k = 0; k < order->len; k++) {
        place_line(p, g_array_index(order, guint32, k), ERRORS_MOST);
    }
    for (guint i = order->len; i < p->lines->len; i++) { /* of names spread and split */
        place_line(p, i, ERRORS_MOST);
    }
}

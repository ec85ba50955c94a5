/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each line on the picture is a stretch of the text, but for what was misread: so
 *
 *   1. glyphs into lines, cut where a ruling or a wide gap stands between them: a line of text
 *      that was printed across columns is then no longer one;
 *   2. each line, the longest first, to the stretch of the text that it differs least from (edit
 *      distance with free ends; P. Sellers, The theory and computation of evolutionary distances,
 *      1980) and that no line has taken; of stretches alike, the one that stands where its
 *      neighbours on the page say;
 *   3. what is left of the text: to the line it continues in the text; else to a place on the
 *      picture that could not be read; else below the page;
 *   4. the characters into the places of the glyphs they go with.
 *
 * A line that was read wholly wrong is taken by its place among its neighbours in step 3.
 */
#include "given-text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alike.h"

/* A line of OCR with more errors than this, of its characters, is not recognised in the text. */
#define ERRORS_MOST 0.5
/* Lines of LONG characters and more with at most so many choose first: where sentences come again
 * with small differences, a line that was read badly may not take the place of one that was read
 * well. */
#define ERRORS_FEW 0.1
#define LONG 8u
/* In font sizes: a baseline that is elsewhere; a gap wider than those of a name spread over its
 * column. */
#define LEVEL 0.4
#define WIDE_GAP 6.0
/* A gap that is there between all characters of such a name. */
#define SPREAD 0.4
/* What it costs when a stretch goes over a space or line end of the text: less than an error, since
 * extractors cut lines between Latin and Japanese, but more than nothing. */
#define CUT_COST 0.3
/* So many characters left over beside a line are its own; more may be a line that was not read. */
#define OWN_MOST 3u
/* In line heights: how far from where it is expected a line that was not recognised may stand. */
#define NEAR 6.0
/* In characters: how much more a row of a place that was not read may hold than its box, which is
 * that of the ink, says. */
#define ROOM_SPARE 0.5
/* Characters before this one (Latin, digits) are half as wide as the others. */
#define NARROW_END 0x2E80u
#define NOTICES_MOST 200u
/* Where a line that has no place is set: below the page, in lines of this many points. */
#define UNPLACED_SIZE 10.0f
/* A confidence for characters that the picture does not show. */
#define UNSEEN 0.5f
/* A page with more pairs of characters (read, given) than this is not aligned: a second of work. */
#define PAIRS_MOST 400000000.0

typedef struct {
    guint32 unicode, plain;
    gboolean cut;  /* white space stands before it */
    gboolean head; /* and a line end */
    gint32 line;   /* that has it; -1: none yet */
    gint32 glyph;  /* that it stands in place of, as an index into order; -1: none */
} Given;

typedef struct {
    guint32 from, to; /* into order */
    Rect box;
    gboolean placed;
    guint32 first;   /* of the text, where placed */
    gint32 unread;   /* the notice it comes from, or -1 */
    gboolean spread; /* its characters stand apart, as those of a name spread over its column */
} ReadLine;

typedef struct {
    const Page *read;
    GArray *given;      /* Given */
    GArray *order;      /* guint32: glyphs with ink, as read */
    GArray *lines;      /* ReadLine */
    GByteArray *paired; /* for each of order whether a character stands in its place */
    Page *page;         /* what comes out */
    guint notices;
    guint32 given_beyond, unplaced_beyond; /* notices that were not made one by one */
    double size;                           /* of most text that was read: the median */
} Placing;

static Given *
given_at(const Placing *p, guint i)
{
    return &g_array_index(p->given, Given, i);
}

static ReadLine *
line_at(const Placing *p, guint i)
{
    return &g_array_index(p->lines, ReadLine, i);
}

static const Glyph *
ordered_glyph(const Placing *p, guint i)
{
    return page_glyph(p->read, g_array_index(p->order, guint32, i));
}

/* ---- 1. lines ---- */

static void
take_text(Placing *p, const char *text)
{
    gboolean cut = FALSE;
    gboolean head = FALSE;
    for (const char *at = text; *at != '\0'; at = g_utf8_find_next_char(at, NULL)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_isspace(c)) {
            cut = TRUE;
            head = head || c == '\n' || c == '\r';
        } else {
            Given given = {c, char_plain(c), cut, head, -1, -1};
            g_array_append_val(p->given, given);
            cut = FALSE;
            head = FALSE;
        }
    }
}

static gboolean
is_vertical(const Placing *p, const Glyph *g)
{
    return page_glyph_style(p->page, g)->direction != DIRECTION_RIGHT; /* it has all styles */
}

/* Whether a vertical ruling stands between two glyphs of a level line. */
static gboolean
ruling_between(const Page *page, const Glyph *a, const Glyph *b)
{
    for (guint i = 0; i < page->rulings->len; i++) {
        const Ruling *r = &g_array_index(page->rulings, Ruling, i);
        double x = (a->x1 + b->x0) / 2.0;
        double half = fabs(b->x0 - a->x1) / 2.0 + 1.0;
        if (r->x0 == r->x1 && fabs(r->x0 - x) <= half && r->y0 <= a->origin_y && r->y1 >= a->y0) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
goes_on(const Placing *p, const Glyph *a, const Glyph *b)
{
    float size = MAX(page_glyph_style(p->read, a)->size, 1.0f);
    if (is_vertical(p, a) || is_vertical(p, b)) {
        return fabsf(a->origin_x - b->origin_x) < LEVEL * size && b->y0 > a->y0;
    }
    return fabsf(a->origin_y - b->origin_y) < LEVEL * size && b->x0 > a->x0 &&
           b->x0 - a->x1 < WIDE_GAP * size &&
           (b->x0 - a->x1 < size / 4.0f || !ruling_between(p->read, a, b));
}

/* Level, and with gaps between all of its characters. */
static gboolean
is_spread(const Placing *p, const ReadLine *line)
{
    for (guint i = line->from + 1; i < line->to; i++) {
        const Glyph *a = ordered_glyph(p, i - 1);
        const Glyph *b = ordered_glyph(p, i);
        if (is_vertical(p, a) ||
            b->x0 - a->x1 < SPREAD * MAX(page_glyph_style(p->read, a)->size, 1.0f)) {
            return FALSE;
        }
    }
    return line->to > line->from + 1;
}

static void
find_lines(Placing *p)
{
    for (guint32 i = 0; i < p->read->glyphs->len; i++) {
        const Glyph *g = page_glyph(p->read, i);
        if (glyph_is_blank(g) || g->hidden != HIDDEN_NOT) {
            continue;
        }
        g_array_append_val(p->order, i);
        guint n = p->order->len;
        if (n > 1 && goes_on(p, ordered_glyph(p, n - 2), g)) {
            ReadLine *line = line_at(p, p->lines->len - 1);
            line->to = n;
            line->box = rect_union(line->box, glyph_rect(g));
            line->spread = is_spread(p, line);
        } else {
            ReadLine line = {n - 1, n, glyph_rect(g), FALSE, 0, -1, FALSE};
            g_array_append_val(p->lines, line);
        }
    }
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    const double *x = a;
    const double *y = b;
    return *x < *y ? -1 : *x > *y;
}

static double
text_size(const Placing *p)
{
    g_autoptr(GArray) sizes = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < p->order->len; i++) {
        double size = (double)page_glyph_style(p->read, ordered_glyph(p, i))->size;
        g_array_append_val(sizes, size);
    }
    g_array_sort(sizes, compare_doubles);
    return sizes->len > 0 ? g_array_index(sizes, double, sizes->len / 2) : (double)UNPLACED_SIZE;
}

/* Places with ink that could not be read are lines without glyphs. */
static void
find_unread(Placing *p)
{
    for (guint i = 0; i < p->read->notices->len; i++) {
        const Notice *notice = &g_array_index(p->read->notices, Notice, i);
        if (strcmp(notice->kind, "unread") == 0 && notice->x1 > notice->x0) {
            guint32 end = p->order->len;
            ReadLine line = {end,   end, {notice->x0, notice->y0, notice->x1, notice->y1},
                             FALSE, 0,   (gint32)i,
                             FALSE};
            g_array_append_val(p->lines, line);
        }
    }
}

/* ---- 2. lines to stretches ---- */

/* Where in the text a line is to be expected: after the placed one next above. */
static double
expected(const Placing *p, const ReadLine *line)
{
    double best = 0.0;
    double above = -G_MAXDOUBLE;
    for (guint i = 0; i < p->lines->len; i++) {
        const ReadLine *other = line_at(p, i);
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
distances_step(const Placing *p, guint32 plain, const Distances *above, Distances *row)
{
    guint n = p->given->len;
    row->cost[0] = above->cost[0] + 1.0;
    row->start[0] = 0;
    for (guint j = 1; j <= n; j++) {
        const Given *given = given_at(p, j - 1);
        row->cost[j] = above->cost[j] + 1.0;
        row->start[j] = above->start[j];
        if (given->line >= 0) { /* taken: nothing goes over it */
            row->start[j] = j;
            continue;
        }
        double cut = given->cut && above->start[j - 1] < j - 1 ? CUT_COST : 0.0;
        gboolean begins_badly =
            given->plain != plain && above->start[j - 1] == j - 1 && j < n && given_at(p, j)->cut;
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
find_stretch(const Placing *p, const ReadLine *line, guint32 *ret_from, guint32 *ret_to)
{
    guint n = p->given->len;
    Distances rows[2] = {{g_new0(double, n + 1), g_new0(guint32, n + 1)},
                         {g_new0(double, n + 1), g_new0(guint32, n + 1)}};
    guint at = 0;
    for (guint j = 0; j <= n; j++) {
        rows[0].start[j] = j;
    }
    for (guint i = line->from; i < line->to; i++, at = 1 - at) {
        distances_step(p, char_plain(ordered_glyph(p, i)->unicode), &rows[at], &rows[1 - at]);
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
pair_up(Placing *p, const ReadLine *line, guint32 from, guint32 to)
{
    guint n = line->to - line->from;
    guint m = to - from;
    g_autofree guint *cost = g_new0(guint, (gsize)(n + 1) * (m + 1));
    for (guint i = 0; i <= n; i++) {
        for (guint j = 0; j <= m; j++) {
            guint *here = &cost[i * (m + 1) + j];
            guint best = i == 0 ? j : j == 0 ? i : G_MAXUINT;
            if (i > 0 && j > 0) {
                gboolean same = char_plain(ordered_glyph(p, line->from + i - 1)->unicode) ==
                                given_at(p, from + j - 1)->plain;
                best = here[-(gssize)(m + 2)] + (same ? 0 : 1);
                best = MIN(best, MIN(here[-1], here[-(gssize)(m + 1)]) + 1);
            }
            *here = best;
        }
    }
    for (guint i = n, j = m; i > 0 && j > 0;) {
        const guint *here = &cost[i * (m + 1) + j];
        gboolean same = char_plain(ordered_glyph(p, line->from + i - 1)->unicode) ==
                        given_at(p, from + j - 1)->plain;
        if (*here == here[-(gssize)(m + 2)] + (same ? 0 : 1)) {
            i--;
            j--;
            given_at(p, from + j)->glyph = (gint32)(line->from + i);
            p->paired->data[line->from + i] = 1;
        } else if (*here == here[-1] + 1) {
            j--;
        } else {
            i--;
        }
    }
}

static void
take_stretch(Placing *p, guint index, guint32 from, guint32 to)
{
    ReadLine *line = line_at(p, index);
    line->placed = TRUE;
    line->first = from;
    for (guint j = from; j < to; j++) {
        given_at(p, j)->line = (gint32)index;
    }
    pair_up(p, line, from, to);
}

/* The longest first, since they are the surest; as they were read where they are as long. */
static int
compare_lengths(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const Placing *p = user_data;
    guint32 i = *(const guint32 *)a;
    guint32 k = *(const guint32 *)b;
    guint n = line_at(p, i)->to - line_at(p, i)->from;
    guint m = line_at(p, k)->to - line_at(p, k)->from;
    return n != m ? (n > m ? -1 : 1) : (i < k ? -1 : i > k);
}

/* The extractor may have printed each character of a spread name among the lines beside it: then
 * they are looked for one by one, at the end. */
static void
split_line(Placing *p, guint index)
{
    for (guint i = line_at(p, index)->from; i < line_at(p, index)->to; i++) {
        ReadLine one = {i, i + 1, glyph_rect(ordered_glyph(p, i)), FALSE, 0, -1, FALSE};
        g_array_append_val(p->lines, one);
    }
    line_at(p, index)->to = line_at(p, index)->from;
}

static void
place_line(Placing *p, guint index, double errors_most)
{
    const ReadLine *line = line_at(p, index);
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
        take_stretch(p, index, from, to);
    }
}

static void
place_lines(Placing *p)
{
    g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 i = 0; i < p->lines->len; i++) {
        g_array_append_val(order, i);
    }
    g_array_sort_with_data(order, compare_lengths, p);
    for (guint k = 0; k < order->len; k++) {
        guint32 index = g_array_index(order, guint32, k);
        if (line_at(p, index)->to - line_at(p, index)->from >= LONG) {
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

/* ---- 3. what is left ---- */

/* Whether a place that could not be read can hold characters first … last: stretches of one line of
 * the text and, set as large as the rest of the page, no more than its box has room for. */
static gboolean
holds(const Placing *p, const ReadLine *line, guint first, guint last)
{
    double side = MAX(MIN(p->size, MIN(rect_width(line->box), rect_height(line->box))), 1.0);
    double room = MAX(floor(rect_width(line->box) / side + ROOM_SPARE), 1.0) *
                  MAX(floor(rect_height(line->box) / side + ROOM_SPARE), 1.0);
    for (guint i = first; i < last && room >= 0.0; i++) {
        if (i > first && given_at(p, i)->head) {
            return FALSE;
        }
        room -= given_at(p, i)->unicode < NARROW_END ? 0.5 : 1.0;
    }
    return room >= 0.0;
}

/* The line not placed that is nearest to where characters first … last are expected: level with the
 * placed line before them in the text, and about as long. -1: none. */
static gint32
nearest_unplaced(const Placing *p, guint first, guint last)
{
    gint32 before = first > 0 ? given_at(p, first - 1)->line : -1;
    Rect beside = before >= 0 ? line_at(p, (guint)before)->box : (Rect){0, 0, 0, UNPLACED_SIZE};
    double y = beside.y0;
    gint32 best = -1;
    for (guint i = 0; i < p->lines->len; i++) {
        const ReadLine *line = line_at(p, i);
        guint n = line->to - line->from;
        gboolean fits = n > 0 ? 2 * n >= last - first && n <= 2 * (last - first)
                              : line->unread >= 0 && holds(p, line, first, last);
        if (!line->placed && fits && fabs(line->box.y0 - y) <= NEAR * rect_height(beside) &&
            (best < 0 || fabs(line->box.y0 - y) < fabs(line_at(p, (guint)best)->box.y0 - y))) {
            best = (gint32)i;
        }
    }
    return best;
}

/* Gives characters first … last to a line, which glyphs from `place` on say, or none (-1). */
static void
give(Placing *p, guint first, guint last, gint32 to, gint32 place)
{
    ReadLine *line = line_at(p, (guint)to);
    for (guint j = first; j < last; j++) {
        given_at(p, j)->line = to;
        if (place >= 0) {
            given_at(p, j)->glyph = place;
            p->paired->data[place++] = 1;
        }
    }
    line->first = line->placed ? MIN(line->first, first) : first;
    line->placed = TRUE;
}

/* Whether glyphs from `place` on, of one line and each without a character, say what the text from
 * `first` to `last` is. */
static gboolean
says(const Placing *p, const ReadLine *line, guint place, guint first, guint last)
{
    if (place + (last - first) > line->to) {
        return FALSE;
    }
    for (guint i = first; i < last; i++, place++) {
        if (p->paired->data[place] ||
            char_plain(ordered_glyph(p, place)->unicode) != given_at(p, i)->plain) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Glyphs of a placed line that say the same; where several do, those whose line stands nearest in
 * the text. The first of them, or -1. */
static gint32
lost_glyphs(const Placing *p, guint first, guint last, gint32 *ret_line)
{
    gint32 best = -1;
    guint nearest = G_MAXUINT;
    for (guint i = 0; i < p->lines->len; i++) {
        const ReadLine *line = line_at(p, i);
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
all_unpaired(const Placing *p, guint from, guint to)
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
give_misread(Placing *p, guint first, guint last)
{
    guint n = last - first;
    gint32 after = last < p->given->len ? given_at(p, last)->line : -1;
    gint32 before = first > 0 ? given_at(p, first - 1)->line : -1;
    const ReadLine *line = after >= 0 ? line_at(p, (guint)after) : NULL;
    if (line != NULL && line->to - line->from > n && all_unpaired(p, line->from, line->from + n)) {
        give(p, first, last, after, (gint32)line->from);
        return TRUE;
    }
    line = before >= 0 ? line_at(p, (guint)before) : NULL;
    if (line != NULL && line->to - line->from > n && all_unpaired(p, line->to - n, line->to)) {
        give(p, first, last, before, (gint32)(line->to - n));
        return TRUE;
    }
    return FALSE;
}

/* Few characters: to glyphs beside those of the line that they stand beside in the text, else into
 * that line. */
static gboolean
give_few(Placing *p, guint first, guint last)
{
    gint32 before = first > 0 && !given_at(p, first)->cut ? given_at(p, first - 1)->line : -1;
    gint32 after = last < p->given->len && !given_at(p, last)->cut ? given_at(p, last)->line : -1;
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
place_rest(Placing *p, guint first, guint last)
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
        take_stretch(p, (guint)to, first, last);
    } else if (first > 0 && !given_at(p, first)->cut && given_at(p, first - 1)->line >= 0) {
        give(p, first, last, given_at(p, first - 1)->line, -1);
    }
}

/* How far characters without a line go on from `first`; over white space too, or only up to it. */
static guint
rest_end(const Placing *p, guint first, gboolean over_cuts)
{
    guint end = first + 1;
    while (end < p->given->len && given_at(p, end)->line < 0 &&
           (over_cuts || !given_at(p, end)->cut)) {
        end++;
    }
    return end;
}

static void
place_rests(Placing *p)
{
    guint all = 0; /* the end of the stretch without lines that i is in */
    for (guint i = 0; i < p->given->len;) {
        if (given_at(p, i)->line >= 0) {
            i++;
            continue;
        }
        guint end = rest_end(p, i, FALSE);
        all = all > i ? all : rest_end(p, i, TRUE);
        gint32 line = all > end ? nearest_unplaced(p, i, all) : -1;
        if (line >= 0) { /* a name spread over its column that was read wrong */
            take_stretch(p, (guint)line, i, all);
            end = all;
        } else {
            place_rest(p, i, end);
        }
        i = end;
    }
}

/* ---- 4. characters into places ---- */

static void
notice(Placing *p, const char *kind, const Rect *box, const GString *given, const GString *read)
{
    if (p->notices++ >= NOTICES_MOST) {
        *(read != NULL ? &p->given_beyond : &p->unplaced_beyond) += 1;
    } else {
        g_autofree char *text =
            read != NULL ? g_strdup_printf("text “%s”, picture “%s”", given->str, read->str)
                         : g_strdup(given->str);
        page_notice(p->page, kind, box, 1, text);
    }
}

/* Those beyond the most that are told one by one, as one of each kind. */
static void
notice_beyond(Placing *p)
{
    if (p->given_beyond > 0) {
        page_notice(p->page, "given", NULL, p->given_beyond, "and so many more");
    }
    if (p->unplaced_beyond > 0) {
        page_notice(p->page, "unplaced", NULL, p->unplaced_beyond, "and so many more");
    }
}

/* A share of a box along the line: part `i` of `n`. */
static void
box_share(Glyph *g, Rect box, gboolean vertical, guint i, guint n)
{
    double from = (double)i / n;
    double to = (i + 1.0) / n;
    g->x0 = (float)(vertical ? box.x0 : box.x0 + (box.x1 - box.x0) * from);
    g->x1 = (float)(vertical ? box.x1 : box.x0 + (box.x1 - box.x0) * to);
    g->y0 = (float)(vertical ? box.y0 + (box.y1 - box.y0) * from : box.y0);
    g->y1 = (float)(vertical ? box.y0 + (box.y1 - box.y0) * to : box.y1);
    if (vertical) {
        g->origin_y = g->y0;
    } else {
        g->origin_x = g->x0;
    }
}

/* A character that has a glyph, and those after it that have none and share its place. */
static void
put_shared(Placing *p, const Glyph *place, const guint32 *chars, guint n)
{
    Rect box = glyph_rect(place);
    for (guint i = 0; i < n; i++) {
        Glyph g = *place;
        const Given *given = given_at(p, chars[i]);
        gboolean same = i == 0 && given->glyph >= 0 && char_plain(place->unicode) == given->plain;
        g.unicode = given->unicode;
        g.code = 0;
        g.flags = 0;
        g.confidence = same ? 1.0f : MIN(place->confidence, UNSEEN);
        box_share(&g, box, is_vertical(p, place), i, n);
        g_array_append_val(p->page->glyphs, g);
    }
}

/* What stands in a line where text and picture say different things, told as one. */
static void
tell_differences(Placing *p, const ReadLine *line, const GArray *chars)
{
    g_autoptr(GString) given = g_string_new(NULL);
    g_autoptr(GString) read = g_string_new(NULL);
    guint at = line->from;
    for (guint i = 0; i <= chars->len; i++) {
        const Given *c = i < chars->len ? given_at(p, g_array_index(chars, guint32, i)) : NULL;
        guint until = c == NULL ? line->to : at;
        while (c != NULL && c->glyph >= 0 && until < line->to && (gint32)until != c->glyph) {
            until++;
        }
        for (; at < until; at++) {
            g_string_append_unichar(read, ordered_glyph(p, at)->unicode);
        }
        gboolean same = c != NULL && c->glyph >= 0 && at < line->to &&
                        char_plain(ordered_glyph(p, at)->unicode) == c->plain;
        if ((c == NULL || same) && given->len + read->len > 0) {
            notice(p, "given", &line->box, given, read);
            g_string_truncate(given, 0);
            g_string_truncate(read, 0);
        }
        if (c != NULL && !same) {
            g_string_append_unichar(given, c->unicode);
        }
        if (c != NULL && c->glyph >= 0 && at < line->to) {
            if (!same) {
                g_string_append_unichar(read, ordered_glyph(p, at)->unicode);
            }
            at++;
        }
    }
}

/* A glyph for what has none: of the line's box, in the style of the page's text. */
static Glyph
bare_glyph(Placing *p, Rect box)
{
    Glyph g = {.style = 0, .origin = ORIGIN_TEXT, .confidence = UNSEEN};
    if (p->read->glyphs->len > 0) {
        g.style = page_glyph(p->read, 0)->style;
    } else {
        Style style = {.size = UNPLACED_SIZE, .direction = DIRECTION_RIGHT};
        style.font = page_font(p->page, "");
        g.style = page_style(p->page, &style);
    }
    g.x0 = (float)box.x0;
    g.y0 = (float)box.y0;
    g.x1 = (float)box.x1;
    g.y1 = (float)box.y1;
    g.origin_x = g.x0;
    g.origin_y = (float)(box.y0 + 0.88 * (box.y1 - box.y0));
    return g;
}

static void
put_line(Placing *p, const ReadLine *line, const GArray *chars)
{
    const guint32 *c = (const guint32 *)(const void *)chars->data;
    for (guint i = 0; i < chars->len;) {
        guint end = i + 1;
        guint with = i;
        while (end < chars->len &&
               (given_at(p, c[end])->glyph < 0 || (given_at(p, c[with])->glyph < 0 && with == i))) {
            with = given_at(p, c[end])->glyph >= 0 ? end : with;
            end++;
        }
        gint32 index = given_at(p, c[with])->glyph;
        Glyph place = index >= 0 ? *ordered_glyph(p, (guint)index) : bare_glyph(p, line->box);
        place.origin = ORIGIN_TEXT;
        put_shared(p, &place, c + i, end - i);
        i = end;
    }
    tell_differences(p, line, chars);
}

/* The characters that no place was found for, in lines below the page. */
static void
put_unplaced(Placing *p)
{
    double y = p->read->height;
    for (guint i = 0; i < p->given->len;) {
        g_autoptr(GArray) chars = g_array_new(FALSE, FALSE, sizeof(guint32));
        g_autoptr(GString) text = g_string_new(NULL);
        for (; i < p->given->len && given_at(p, i)->line >= 0; i++) {
        }
        for (guint first = i;
             i < p->given->len && given_at(p, i)->line < 0 && (i == first || !given_at(p, i)->cut);
             i++) {
            g_array_append_val(chars, i);
            g_string_append_unichar(text, given_at(p, i)->unicode);
        }
        if (chars->len == 0) {
            break;
        }
        Rect box = {UNPLACED_SIZE, y, UNPLACED_SIZE * (1.0 + chars->len), y + UNPLACED_SIZE};
        Glyph place = bare_glyph(p, box);
        put_shared(p, &place, (const guint32 *)(const void *)chars->data, chars->len);
        notice(p, "unplaced", &box, text, NULL);
        y += 2.0 * UNPLACED_SIZE;
    }
}

/* A character and the glyph by which it has its place in the line. */
typedef struct {
    guint32 given;
    gint32 place;
} Put;

static int
compare_puts(gconstpointer a, gconstpointer b)
{
    const Put *x = a;
    const Put *y = b;
    if (x->place != y->place) {
        return x->place < y->place ? -1 : 1;
    }
    return x->given < y->given ? -1 : x->given > y->given;
}

/* The characters of a line as the picture has them; those without a glyph after the one that they
 * come after in the text. */
static GArray *
line_characters(const Placing *p, guint index)
{
    const ReadLine *line = line_at(p, index);
    g_autoptr(GArray) puts = g_array_new(FALSE, FALSE, sizeof(Put));
    gint32 place = -1;
    for (guint32 j = line->placed ? line->first : p->given->len; j < p->given->len; j++) {
        const Given *given = given_at(p, j);
        if (given->line == (gint32)index) {
            place = given->glyph >= 0 ? given->glyph : place;
            Put put = {j, place};
            g_array_append_val(puts, put);
        }
    }
    g_array_sort(puts, compare_puts);
    GArray *chars = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < puts->len; i++) {
        g_array_append_val(chars, g_array_index(puts, Put, i).given);
    }
    return chars;
}

static void
put_lines(Placing *p)
{
    for (guint i = 0; i < p->lines->len; i++) {
        const ReadLine *line = line_at(p, i);
        g_autoptr(GArray) chars = line_characters(p, i);
        if (chars->len > 0 || line->to > line->from) {
            put_line(p, line, chars);
        }
    }
    put_unplaced(p);
}

/* The read page's evidence without its glyphs and what is said of them. */
static Page *
page_without_glyphs(const Page *read)
{
    Page *page = page_new(read->number, read->width, read->height);
    page->painted_known = read->painted_known;
    page->label = g_strdup(read->label);
    for (guint i = 0; i < read->fonts->len; i++) {
        page_font(page, g_ptr_array_index(read->fonts, i));
    }
    g_array_append_vals(page->styles, read->styles->data, read->styles->len);
    g_array_append_vals(page->rulings, read->rulings->data, read->rulings->len);
    g_array_append_vals(page->areas, read->areas->data, read->areas->len);
    g_array_append_vals(page->images, read->images->data, read->images->len);
    g_array_append_vals(page->shapes, read->shapes->data, read->shapes->len);
    return page;
}

/* What was noticed, but for places that were not read and are known now. */
static void
keep_notices(Placing *p)
{
    g_autofree guint8 *known = g_new0(guint8, p->read->notices->len + 1);
    for (guint i = 0; i < p->lines->len; i++) {
        const ReadLine *line = line_at(p, i);
        if (line->unread >= 0 && line->placed) {
            known[line->unread] = 1;
        }
    }
    for (guint i = 0; i < p->read->notices->len; i++) {
        if (!known[i]) {
            g_array_append_vals(p->page->notices, &g_array_index(p->read->notices, Notice, i), 1);
        }
    }
}

static int
compare_characters(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a;
    guint32 y = *(const guint32 *)b;
    return x < y ? -1 : x > y;
}

/* Debug builds check that each character of the text is there as often as in the text. */
static void
check_law(const Placing *p)
{
#ifndef NDEBUG
    g_autoptr(GArray) given = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) put = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_assert(p->page->glyphs->len == p->given->len);
    for (guint i = 0; i < p->given->len; i++) {
        g_array_append_val(given, given_at(p, i)->unicode);
        g_array_append_val(put, page_glyph(p->page, i)->unicode);
    }
    g_array_sort(given, compare_characters);
    g_array_sort(put, compare_characters);
    g_assert(given->len == 0 || memcmp(given->data, put->data, given->len * sizeof(guint32)) == 0);
#else
    (void)p;
    (void)compare_characters;
#endif
}

Page *
given_text_place(const Page *read, const char *text)
{
    Placing p = {.read = read,
                 .given = g_array_new(FALSE, FALSE, sizeof(Given)),
                 .order = g_array_new(FALSE, FALSE, sizeof(guint32)),
                 .lines = g_array_new(FALSE, FALSE, sizeof(ReadLine)),
                 .paired = g_byte_array_new(),
                 .page = page_without_glyphs(read)};
    take_text(&p, text);
    find_lines(&p);
    find_unread(&p);
    p.size = text_size(&p);
    g_byte_array_set_size(p.paired, p.order->len);
    for (guint i = 0; i < p.paired->len; i++) {
        p.paired->data[i] = 0;
    }
    if ((double)p.given->len * p.order->len <= PAIRS_MOST) {
        place_lines(&p);
    }
    place_rests(&p);
    keep_notices(&p);
    put_lines(&p);
    notice_beyond(&p);
    check_law(&p);
    g_array_unref(p.given);
    g_array_unref(p.order);
    g_array_unref(p.lines);
    g_byte_array_unref(p.paired);
    return p.page;
}

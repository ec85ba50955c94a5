/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: the columns of a page's table, left to right, and how wide each is.
 *
 * Lines that fill their column are nearly as wide as it, so the widths of lines heap up at the
 * widths of columns. Which heaps are columns, in which order, how many columns of one width there
 * are and where the narrow ones for labels stand, the heaps do not say: that is tried. Pairs of
 * heaps first, then from the best pair on columns are put in, taken out, made wider and narrower,
 * as long as the page as a whole reads more likely (interleaved.c, with a narrow beam).
 */
#include "text-columns.h"

#include "column-seeds.h"
#include "column-style.h"
#include "text-swaps.h"

#include <math.h>
#include <string.h>

#define MAX_HEAPS 4u
#define SEEDS_MOST 16u
#define TRY_BEAM 40u
#define LAST_BEAM 300u
#define STYLE_BEAM 40u
#define STYLE_ROUNDS 2u
#define STYLED_MOST 1500u /* pieces of a page: of more, one beginning has to do */
#define MAX_TRIES 500u
#define MOST_WORK G_GUINT64_CONSTANT(8000000) /* steps weighed in all tries */

static const double HEAP_MIN = 5.5;               /* em: narrower ones are labels */
static const double HEAP_MAX = 80;                /* em: no page is wider */
static const double HEAP_STEP = 0.5;              /* em between the widths that are tried */
static const double HEAP_FULL = 1.3;              /* em below its width that full lines are */
static const double HEAP_REACH = 2.6;             /* … and lines of lists and indented ones */
static const double COST_COLUMN = 10;             /* a column more must be worth this */
static const double COST_LABELS = 3;              /* … and one of labels this */
static const double COST_LABELS_LAST = 5;         /* … and on the right of all texts, this more */
static const double COST_BETWEEN_TEXTS = 8;       /* … where none is to be expected, this */
static const double COST_MARKS_INNER = 4;         /* marks beside names or texts, not on the left */
static const double COST_UNUSED = 15;             /* a column that nothing stands in */
static const double BROAD = 62, COST_BROAD = 0.5; /* em that a page has, and for each beyond */
static const double COST_SEVERAL = 4;    /* several columns must be worth more than one by this */
static const double FAR_FROM_ORDER = 25; /* … so much less is never made good */
static const double LABEL_WIDTHS[] = {2, 4, 6, 8};
/* A mark and a name beside it come together. */
static const double LABEL_PAIRS[][2] = {{3, 4}, {3, 6}, {3, 8}};
static const double PAST_MOSTLY = 0.85; /* of the sentences of a column */
static const double NUDGES[] = {-2, -1, -0.5, 0.5, 1, 2};

typedef struct {
    TextPieces *pieces;
    double heaps[MAX_HEAPS];
    guint n_heaps;
    guint tries;
    guint64 work;      /* of all of them */
    GHashTable *tried; /* names of columns */
    TextColumns best;
    double score;
    GArray *costs; /* of the best reading, on the way; NULL: none so far */
} Trials;

static void
trials_clear(Trials *t)
{
    g_hash_table_unref(t->tried);
    g_clear_pointer(&t->costs, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Trials, trials_clear)

/* A trial this far behind the best so far, on the way, is given up. */
static const double FAR_BEHIND = 25;

/* How many lines heap up just below this width. */
static double
heap_weight(const double *widths, guint n, double width)
{
    double weight = 0;
    for (guint i = 0; i < n; i++) {
        double slack = width - widths[i];
        weight += slack < -0.3 ? 0 : slack <= HEAP_FULL ? 1 : slack <= HEAP_REACH ? 0.4 : 0;
    }
    return weight;
}

/* The widths of the stretches of lines between spaces that stand among Japanese characters. */
static GArray *
stretch_widths(const TextPage *page)
{
    GArray *widths = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < page->lines->len; i++) {
        const TextLine *line = &g_array_index(page->lines, TextLine, i);
        const TextPart *parts = &g_array_index(page->parts, TextPart, line->part);
        for (guint a = 0, b; a < line->n_part; a = b) {
            for (b = a + 1; b < line->n_part && !parts[b].cut; b++) {
            }
            double width = text_page_width(page, parts[a].from, parts[b - 1].to);
            if (width >= HEAP_MIN) {
                g_array_append_val(widths, width);
            }
        }
    }
    return widths;
}

static void
find_heaps(Trials *t, const TextPage *page)
{
    g_autoptr(GArray) widths = stretch_widths(page);
    double *w = (double *)(void *)widths->data; /* NULL of none */
    while (t->n_heaps < MAX_HEAPS) {
        double best = 0, most = 1.5;
        for (guint i = 0; HEAP_MIN + i * HEAP_STEP <= HEAP_MAX; i++) {
            double width = HEAP_MIN + i * HEAP_STEP;
            double weight = heap_weight(w, widths->len, width);
            if (weight > most) {
                most = weight;
                best = width;
            }
        }
        if (best < HEAP_MIN) {
            break;
        }
        t->heaps[t->n_heaps++] = best;
        guint kept = 0;
        for (guint i = 0; i < widths->len; i++) {
            if (w[i] > best + 0.3 || w[i] < best - HEAP_REACH) {
                w[kept++] = w[i];
            }
        }
        g_array_set_size(widths, kept);
    }
}

/* What columns cost before anything is read: labels stand left of the texts they are for, or at the
 * end; not between texts, and few; and all of them are no wider than a page. */
static double
columns_cost(const TextColumns *columns)
{
    double cost = 0, sum = 0;
    guint texts = 0, since = 0;
    for (guint i = 0; i < columns->n; i++) {
        sum += columns->width[i];
        if (columns->width[i] > TEXT_LABEL_WIDTH) {
            cost += texts > 0 && since > 0 ? COST_BETWEEN_TEXTS : 0;
            texts++;
            since = 0;
            continue;
        }
        since++;
        cost += i > 0 && columns->width[i] < TEXT_MARKS_WIDTH ? COST_MARKS_INNER : 0;
        cost += COST_LABELS + (since > (texts == 0 ? 2 : 1) ? COST_BETWEEN_TEXTS : 0);
    }
    cost += since > 0 && texts > 0 ? COST_LABELS_LAST : 0;
    cost += COST_BROAD * MAX(sum - BROAD, 0);
    return cost + COST_COLUMN * texts;
}

static char *
columns_name(const TextColumns *columns)
{
    GString *name = g_string_new(columns->plain ? "p" : "");
    g_string_append(name, columns->middle ? "m" : "");
    for (guint c = 0; c < columns->n; c++) {
        g_string_append_printf(name, " %.1f", columns->width[c]);
    }
    return g_string_free(name, FALSE);
}

/* A reading in which columns have nothing in them was better only by what they keep apart. */
static double
unused_cost(const TextReading *reading, const TextColumns *columns)
{
    guint used[TEXT_MAX_COLUMNS] = {0}, n = 0;
    for (guint i = 0; i < reading->placements->len; i++) {
        const TextPlacement *it = &g_array_index(reading->placements, TextPlacement, i);
        used[it->column] += it->row >= 0 && !it->is_loose;
    }
    for (guint c = 0; c < columns->n; c++) {
        n += columns->n > 1 && used[c] == 0;
    }
    return COST_UNUSED * n;
}

static gboolean
try_columns(Trials *t, const TextColumns *columns)
{
    if (t->tries >= MAX_TRIES || t->work > MOST_WORK) {
        return FALSE;
    }
    if (!g_hash_table_add(t->tried, columns_name(columns))) {
        return FALSE;
    }
    t->tries++;
    const ReadOptions options = {
        .beam = TRY_BEAM, .rival = t->costs, .far = FAR_BEHIND, .work = &t->work, .is_trial = TRUE};
    g_autoptr(TextReading) reading = interleaved_read(t->pieces, columns, &options);
    if (reading == NULL) {
        return FALSE;
    }
    double score = reading->score - columns_cost(columns) - unused_cost(reading, columns);
    if (score <= t->score) {
        return FALSE;
    }
    t->score = score;
    t->best = *columns;
    g_clear_pointer(&t->costs, g_array_unref);
    t->costs = g_steal_pointer(&reading->costs);
    return TRUE;
}

static TextColumns
with_column(const TextColumns *columns, guint at, double width)
{
    TextColumns more = *columns;
    memmove(more.width + at + 1, more.width + at, (more.n - at) * sizeof *more.width);
    more.width[at] = width;
    more.n++;
    return more;
}

/* These columns with one more at this place, of each of n widths. */
static gboolean
try_widths(Trials *t, const TextColumns *from, guint at, const double *widths, guint n)
{
    gboolean better = FALSE;
    for (guint i = 0; from->n < TEXT_MAX_COLUMNS && i < n; i++) {
        const TextColumns more = with_column(from, at, widths[i]);
        better |= try_columns(t, &more);
    }
    return better;
}

static gboolean
try_one_more(Trials *t)
{
    const TextColumns from = t->best;
    gboolean better = FALSE;
    for (guint at = 0; at <= from.n; at++) {
        better |= try_widths(t, &from, at, LABEL_WIDTHS, G_N_ELEMENTS(LABEL_WIDTHS));
        better |= try_widths(t, &from, at, t->heaps, t->n_heaps);
    }
    return better;
}

static gboolean
try_label_pairs(Trials *t)
{
    const TextColumns from = t->best;
    gboolean better = FALSE;
    for (guint i = 0; from.n + 2 <= TEXT_MAX_COLUMNS && i < G_N_ELEMENTS(LABEL_PAIRS); i++) {
        TextColumns more = with_column(&from, 0, LABEL_PAIRS[i][1]);
        more = with_column(&more, 0, LABEL_PAIRS[i][0]);
        better |= try_columns(t, &more);
    }
    return better;
}

static gboolean
try_one_less(Trials *t)
{
    const TextColumns from = t->best;
    gboolean better = FALSE;
    for (guint at = 0; from.n > 2 && at < from.n; at++) {
        TextColumns less = from;
        less.n--;
        memmove(less.width + at, less.width + at + 1, (less.n - at) * sizeof *less.width);
        better |= try_columns(t, &less);
    }
    return better;
}

static gboolean
try_nudges(Trials *t)
{
    const TextColumns from = t->best;
    gboolean better = FALSE;
    for (guint at = 0; at < from.n; at++) {
        for (guint i = 0; i < G_N_ELEMENTS(NUDGES); i++) {
            TextColumns other = from;
            other.width[at] += NUDGES[i];
            better |= other.width[at] >= 1.5 && try_columns(t, &other);
        }
    }
    return better;
}

/* Two columns change their places, or one has the width of another heap. */
static gboolean
try_others(Trials *t)
{
    const TextColumns from = t->best;
    gboolean better = FALSE;
    for (guint a = 0; a < from.n; a++) {
        for (guint b = a + 1; b < from.n; b++) {
            TextColumns other = from;
            other.width[a] = from.width[b];
            other.width[b] = from.width[a];
            better |= try_columns(t, &other);
        }
        for (guint i = 0; from.width[a] > TEXT_LABEL_WIDTH && i < t->n_heaps; i++) {
            TextColumns other = from;
            other.width[a] = t->heaps[i];
            better |= try_columns(t, &other);
        }
    }
    return better;
}

/* The same columns with other rows. */
static gboolean
try_rows(Trials *t)
{
    const TextColumns from = t->best;
    gboolean better = FALSE;
    for (guint i = 1; i < 4; i++) {
        TextColumns other = from;
        other.middle ^= i & 1;
        other.plain ^= i >> 1;
        better |= try_columns(t, &other);
    }
    return better;
}

/* The reading when the columns have this style. `before`: if not NULL, that and the same
 * with cells exchanged are not lost on the way. */
static TextReading *
read_with(TextPieces *pieces, const TextColumns *columns, const ColumnStyle *style, guint beam,
          const TextReading *before)
{
    guint n = text_pieces_count(pieces);
    g_autofree double *odds = g_new0(double, (gsize)n *TEXT_MAX_COLUMNS);
    for (guint i = 0; i < n; i++) {
        column_style_odds(style, columns, text_pieces_run(pieces, i),
                          odds + (gsize)i * TEXT_MAX_COLUMNS);
    }
    g_autoptr(GArray) guide = NULL;
    if (before != NULL) {
        const StepCosts costs = step_costs(pieces, columns, odds);
        guide = g_array_copy(before->steps);
        text_swaps_improve(&costs, guide);
    }
    const ReadOptions options = {
        .beam = beam, .odds = odds, .guide = guide, .is_trial = beam < LAST_BEAM};
    return interleaved_read(pieces, columns, &options);
}

/* Reads again with the style of what was read, a few times. Takes `reading`, returns another. */
static TextReading *
read_again(const TextPage *page, TextPieces *pieces, const TextColumns *columns,
           TextReading *reading, guint beam)
{
    for (guint i = 0; i < STYLE_ROUNDS; i++) {
        g_auto(ColumnStyle) style = {.lines = NULL};
        column_style_find(page, reading, &style);
        TextReading *before = reading;
        reading = read_with(pieces, columns, &style, beam, beam == LAST_BEAM ? before : NULL);
        text_reading_free(before);
    }
    return reading;
}

static gboolean
is_text(const TextColumns *columns, guint c)
{
    return columns->width[c] > TEXT_LABEL_WIDTH;
}

/* A reading that is begun with columns a to b telling of the past. */
static TextReading *
read_begun(const TextPage *page, TextPieces *pieces, const TextColumns *columns, guint a, guint b)
{
    ColumnStyle begin = {.lines = NULL};
    for (guint c = 0; c < columns->n; c++) {
        begin.past[c] = c >= a && c <= b ? PAST_MOSTLY : 1 - PAST_MOSTLY;
    }
    TextReading *reading = read_with(pieces, columns, &begin, STYLE_BEAM, NULL);
    return read_again(page, pieces, columns, reading, STYLE_BEAM);
}

/* The best reading, each begun with some columns that follow one another telling of the past. */
static TextReading *
read_styled(const TextPage *page, TextPieces *pieces, const TextColumns *columns)
{
    const ReadOptions options = {.beam = STYLE_BEAM, .is_trial = TRUE};
    TextReading *best = interleaved_read(pieces, columns, &options);
    best = read_again(page, pieces, columns, best, STYLE_BEAM);
    gboolean is_small = text_pieces_count(pieces) <= STYLED_MOST;
    for (guint a = 0; is_small && a < columns->n; a++) {
        for (guint b = a; b < columns->n; b++) {
            if (!is_text(columns, a) || !is_text(columns, b)) {
                continue;
            }
            TextReading *other = read_begun(page, pieces, columns, a, b);
            if (other->score > best->score) {
                TextReading *worse = best;
                best = other;
                other = worse;
            }
            text_reading_free(other);
        }
    }
    return read_again(page, pieces, columns, best, LAST_BEAM);
}

/* Labels that were taken for the beginnings of the first text's lines. */
static gboolean
try_labels_inside(Trials *t)
{
    const TextColumns from = t->best;
    gboolean better = FALSE;
    guint at = 0;
    while (at + 1 < from.n && from.width[at] <= TEXT_LABEL_WIDTH) {
        at++;
    }
    for (guint i = 0; from.n < TEXT_MAX_COLUMNS && i < G_N_ELEMENTS(LABEL_WIDTHS); i++) {
        TextColumns more = with_column(&from, at, LABEL_WIDTHS[i]);
        more.width[at + 1] -= LABEL_WIDTHS[i];
        better |= more.width[at + 1] > TEXT_LABEL_WIDTH && try_columns(t, &more);
    }
    return better;
}

/* Labels on the left of what is best so far. */
static gboolean
try_labels(Trials *t)
{
    const TextColumns from = t->best;
    gboolean better =
        from.n > 1 && try_widths(t, &from, 0, LABEL_WIDTHS, G_N_ELEMENTS(LABEL_WIDTHS));
    return try_label_pairs(t) || try_labels_inside(t) || better;
}

/* One column of each heap's width: what a page in order reads like. */
static void
try_singles(Trials *t)
{
    for (guint i = 0; i < t->n_heaps; i++) {
        const TextColumns one = {1, {t->heaps[i]}, FALSE, FALSE};
        try_columns(t, &one);
    }
}

static void
try_several(Trials *t)
{
    for (guint i = 0; i < t->n_heaps; i++) {
        for (guint j = 0; j < t->n_heaps; j++) {
            const TextColumns pair = {2, {t->heaps[i], t->heaps[j]}, FALSE, FALSE};
            try_columns(t, &pair);
        }
        TextColumns equal = {2, {t->heaps[i], t->heaps[i]}, FALSE, FALSE};
        while (equal.n < TEXT_MAX_COLUMNS - 2) {
            equal.width[equal.n++] = t->heaps[i];
            try_columns(t, &equal);
        }
    }
}

/* What lines show side by side. */
static void
try_seeds(Trials *t)
{
    g_autoptr(GArray) seeds = column_seeds_find(t->pieces->page, SEEDS_MOST);
    for (guint i = 0; i < seeds->len; i++) {
        try_columns(t, &g_array_index(seeds, TextColumns, i));
    }
}

/* Every line as it came. */
static TextReading *
read_as_printed(const TextPage *page)
{
    TextReading *reading = g_new0(TextReading, 1);
    reading->placements = g_array_new(FALSE, TRUE, sizeof(TextPlacement));
    for (guint32 i = 0; i < page->lines->len; i++) {
        const TextLine *line = &g_array_index(page->lines, TextLine, i);
        const TextPlacement it = {.line = i,
                                  .from = line->from,
                                  .to = line->to,
                                  .row = -1,
                                  .place = reading->placements->len,
                                  .after = -1,
                                  .confidence = 1};
        if (line->n_part > 0) {
            g_array_append_val(reading->placements, it);
        }
    }
    return reading;
}

TextReading *
text_columns_read(const TextPage *page, const JoinJudge *judge, TextColumns *ret_columns)
{
    *ret_columns = (TextColumns){.n = 1, .width = {1}};
    if (page->lines->len > TEXT_MOST_LINES) {
        return read_as_printed(page);
    }
    g_autoptr(TextPieces) pieces = text_pieces_new(page, judge);
    g_auto(Trials) t = {.pieces = pieces,
                        .tried = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                        .best = {.n = 1, .width = {1}},
                        .score = -G_MAXDOUBLE};
    find_heaps(&t, page);
    try_columns(&t, &t.best);
    try_singles(&t);
    const TextColumns one = t.best;
    double in_order = t.score;
    t.score = -G_MAXDOUBLE;
    g_clear_pointer(&t.costs, g_array_unref);
    try_several(&t);
    try_seeds(&t);
    try_labels(&t);
    while (t.score > in_order - FAR_FROM_ORDER &&
           (try_rows(&t) || try_label_pairs(&t) || try_labels_inside(&t) || try_one_more(&t) ||
            try_one_less(&t) || try_others(&t) || try_nudges(&t))) {
    }
    if (t.best.n < 2 || t.score < in_order + COST_SEVERAL) {
        *ret_columns = one;
        const ReadOptions options = {.beam = TRY_BEAM};
        return interleaved_read(pieces, &one, &options);
    }
    *ret_columns = t.best;
    return read_styled(page, pieces, &t.best);
}

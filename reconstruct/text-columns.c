/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: the columns of a page's table, left to right, and how wide each is.
 *
 * Lines that fill their column are nearly as wide as it, so the widths of lines heap up at the
 * widths of columns. Which heaps are columns, in which order, how many columns of one width there
 * are and where the narrow ones for labels stand, the heaps do not say: that is tried. Pairs of
 * heaps first, then from the best pair on columns are put in, taken out, made wider and narrower,
 * as long as the page as a whole reads more likely (interleaved.c). At a first look, with a very
 * narrow beam, most columns are far behind the best and get no second one. Several are tried at the
 * same time, each as if it were alone; what comes of them is settled in their order, so the number
 * of threads does not show.
 *
 * The limits below were measured on 480 pages (score-text, sentences that are not held out): cells
 * stay the same within what chance does, and the slowest page takes half a second on two cores.
 */
#include "text-columns.h"

#include "column-seeds.h"
#include "parallel.h"
#include "text-styled.h"

#include <math.h>
#include <string.h>

#define MAX_HEAPS 4u
#define SEEDS_MOST 16u
#define LOOK_BEAM 10u /* for a first look: most columns are not worth more */
#define TRY_BEAM 40u
#define MAX_TRIES 500u
#define TOGETHER 8u                           /* trials that know nothing of one another */
#define MOST_WORK G_GUINT64_CONSTANT(5000000) /* steps weighed in all tries */

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

static const double LOOK_FAR = 30; /* behind the best at a first look: not worth a second */
static const double AGAIN = 10;    /* by which the best must have risen: columns are put in again */
static const double NUDGES[] = {-2, -1, -0.5, 0.5, 1, 2};

/* Columns that are tried, and what comes of it. */
typedef struct {
    TextColumns columns;
    guint64 work;
    double look, score; /* how likely at a first look, and then */
} Trial;

typedef struct {
    TextPieces *pieces;
    guint jobs;
    double heaps[MAX_HEAPS];
    guint n_heaps;
    guint tries;
    guint64 work;      /* of all of them */
    GHashTable *tried; /* names of columns */
    GArray *waiting;   /* Trial: to be tried next */
    TextColumns best;
    double look, score; /* of them */
    double more_score;  /* … when columns were put in */
} Trials;

static void
trials_clear(Trials *t)
{
    g_hash_table_unref(t->tried);
    g_array_unref(t->waiting);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Trials, trials_clear)

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

/* They wait to be tried, if they have not been. */
static void
add_columns(Trials *t, const TextColumns *columns)
{
    if (g_hash_table_add(t->tried, columns_name(columns))) {
        const Trial trial = {.columns = *columns};
        g_array_append_val(t->waiting, trial);
    }
}

/* How likely these columns are, found with so narrow a beam. */
static double
trial_score(const Trials *t, Trial *trial, guint beam)
{
    const ReadOptions options = {.beam = beam, .work = &trial->work, .is_trial = TRUE};
    g_autoptr(TextReading) reading = interleaved_read(t->pieces, &trial->columns, &options);
    return reading->score - columns_cost(&trial->columns) - unused_cost(reading, &trial->columns);
}

static void
run_trial(guint i, gpointer data)
{
    const Trials *t = data;
    Trial *trial = &g_array_index(t->waiting, Trial, i);
    trial->look = trial_score(t, trial, LOOK_BEAM);
    trial->score = -G_MAXDOUBLE;
    if (trial->look >= t->look - LOOK_FAR) {
        trial->score = trial_score(t, trial, TRY_BEAM);
    }
}

/* Of the first `n` that wait the best becomes the best of all, if it is. */
static gboolean
settle_trials(Trials *t, guint n)
{
    gboolean better = FALSE;
    for (guint i = 0; i < n; i++) {
        Trial *trial = &g_array_index(t->waiting, Trial, i);
        t->tries++;
        t->work += trial->work;
        if (trial->score > t->score) {
            better = TRUE;
            t->score = trial->score;
            t->look = trial->look;
            t->best = trial->columns;
        }
    }
    g_array_remove_range(t->waiting, 0, n);
    return better;
}

/* All that wait, TOGETHER at a time, whatever the number of jobs: which of them get a second look
 * must not depend on it. */
static gboolean
run_trials(Trials *t)
{
    gboolean better = FALSE;
    while (t->waiting->len > 0 && t->tries < MAX_TRIES && t->work <= MOST_WORK) {
        guint n = MIN(t->waiting->len, TOGETHER);
        parallel_each(n, t->jobs, run_trial, t);
        better |= settle_trials(t, n);
    }
    g_array_set_size(t->waiting, 0);
    return better;
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

/* Those that are best so far, changed in some way: they wait. */
typedef void (*Move)(Trials *t);

static gboolean
try_move(Trials *t, Move move)
{
    move(t);
    return run_trials(t);
}

/* These columns with one more at this place, of each of n widths. */
static void
add_widths(Trials *t, guint at, const double *widths, guint n)
{
    for (guint i = 0; t->best.n < TEXT_MAX_COLUMNS && i < n; i++) {
        const TextColumns more = with_column(&t->best, at, widths[i]);
        add_columns(t, &more);
    }
}

static void
one_more(Trials *t)
{
    if (t->score < t->more_score + AGAIN) {
        return;
    }
    t->more_score = t->score;
    for (guint at = 0; at <= t->best.n; at++) {
        add_widths(t, at, LABEL_WIDTHS, G_N_ELEMENTS(LABEL_WIDTHS));
        add_widths(t, at, t->heaps, t->n_heaps);
    }
}

static void
one_less(Trials *t)
{
    for (guint at = 0; t->best.n > 2 && at < t->best.n; at++) {
        TextColumns less = t->best;
        less.n--;
        memmove(less.width + at, less.width + at + 1, (less.n - at) * sizeof *less.width);
        add_columns(t, &less);
    }
}

static void
nudges(Trials *t)
{
    for (guint at = 0; at < t->best.n; at++) {
        for (guint i = 0; i < G_N_ELEMENTS(NUDGES); i++) {
            TextColumns other = t->best;
            other.width[at] += NUDGES[i];
            if (other.width[at] >= 1.5) {
                add_columns(t, &other);
            }
        }
    }
}

/* Two columns change their places, or one has the width of another heap. */
static void
others(Trials *t)
{
    for (guint a = 0; a < t->best.n; a++) {
        for (guint b = a + 1; b < t->best.n; b++) {
            TextColumns other = t->best;
            other.width[a] = t->best.width[b];
            other.width[b] = t->best.width[a];
            add_columns(t, &other);
        }
        for (guint i = 0; t->best.width[a] > TEXT_LABEL_WIDTH && i < t->n_heaps; i++) {
            TextColumns other = t->best;
            other.width[a] = t->heaps[i];
            add_columns(t, &other);
        }
    }
}

/* The same columns with other rows. */
static void
other_rows(Trials *t)
{
    for (guint i = 1; i < 4; i++) {
        TextColumns other = t->best;
        other.middle ^= i & 1;
        other.plain ^= i >> 1;
        add_columns(t, &other);
    }
}

/* Labels on the left. */
static void
labels(Trials *t)
{
    if (t->best.n > 1) {
        add_widths(t, 0, LABEL_WIDTHS, G_N_ELEMENTS(LABEL_WIDTHS));
    }
}

static void
label_pairs(Trials *t)
{
    for (guint i = 0; t->best.n + 2 <= TEXT_MAX_COLUMNS && i < G_N_ELEMENTS(LABEL_PAIRS); i++) {
        TextColumns more = with_column(&t->best, 0, LABEL_PAIRS[i][1]);
        more = with_column(&more, 0, LABEL_PAIRS[i][0]);
        add_columns(t, &more);
    }
}

/* Labels that were taken for the beginnings of the first text's lines. */
static void
labels_inside(Trials *t)
{
    guint at = 0;
    while (at + 1 < t->best.n && t->best.width[at] <= TEXT_LABEL_WIDTH) {
        at++;
    }
    for (guint i = 0; t->best.n < TEXT_MAX_COLUMNS && i < G_N_ELEMENTS(LABEL_WIDTHS); i++) {
        TextColumns more = with_column(&t->best, at, LABEL_WIDTHS[i]);
        more.width[at + 1] -= LABEL_WIDTHS[i];
        if (more.width[at + 1] > TEXT_LABEL_WIDTH) {
            add_columns(t, &more);
        }
    }
}

/* One column of each heap's width: what a page in order reads like. */
static void
singles(Trials *t)
{
    add_columns(t, &t->best);
    for (guint i = 0; i < t->n_heaps; i++) {
        const TextColumns one = {1, {t->heaps[i]}, FALSE, FALSE};
        add_columns(t, &one);
    }
}

static void
several(Trials *t)
{
    for (guint i = 0; i < t->n_heaps; i++) {
        for (guint j = 0; j < t->n_heaps; j++) {
            const TextColumns pair = {2, {t->heaps[i], t->heaps[j]}, FALSE, FALSE};
            add_columns(t, &pair);
        }
        TextColumns equal = {2, {t->heaps[i], t->heaps[i]}, FALSE, FALSE};
        while (equal.n < TEXT_MAX_COLUMNS - 2) {
            equal.width[equal.n++] = t->heaps[i];
            add_columns(t, &equal);
        }
    }
}

/* What lines show side by side. */
static void
seeds(Trials *t)
{
    g_autoptr(GArray) found = column_seeds_find(t->pieces->page, SEEDS_MOST);
    for (guint i = 0; i < found->len; i++) {
        add_columns(t, &g_array_index(found, TextColumns, i));
    }
}

/* Where to begin; then the likeliest change first. */
static const Move FIRST[] = {several, seeds, labels, label_pairs, labels_inside};
static const Move MOVES[] = {other_rows, label_pairs, labels_inside, one_more,
                             one_less,   others,      nudges};

/* Some change is for the better. */
static gboolean
try_moves(Trials *t)
{
    for (guint i = 0; i < G_N_ELEMENTS(MOVES); i++) {
        if (try_move(t, MOVES[i])) {
            return TRUE;
        }
    }
    return FALSE;
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
text_columns_read(const TextPage *page, const JoinJudge *judge, guint jobs,
                  TextColumns *ret_columns)
{
    *ret_columns = (TextColumns){.n = 1, .width = {1}};
    if (page->lines->len > TEXT_MOST_LINES) {
        return read_as_printed(page);
    }
    g_autoptr(TextPieces) pieces = text_pieces_new(page, judge);
    g_auto(Trials) t = {.pieces = pieces,
                        .jobs = jobs,
                        .tried = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                        .waiting = g_array_new(FALSE, FALSE, sizeof(Trial)),
                        .best = {.n = 1, .width = {1}},
                        .score = -G_MAXDOUBLE,
                        .look = -G_MAXDOUBLE,
                        .more_score = -G_MAXDOUBLE};
    find_heaps(&t, page);
    try_move(&t, singles);
    const TextColumns one = t.best;
    double in_order = t.score;
    t.score = t.look = -G_MAXDOUBLE;
    for (guint i = 0; i < G_N_ELEMENTS(FIRST); i++) {
        try_move(&t, FIRST[i]);
    }
    while (t.score > in_order - FAR_FROM_ORDER && try_moves(&t)) {
    }
    if (t.best.n < 2 || t.score < in_order + COST_SEVERAL) {
        *ret_columns = one;
        const ReadOptions options = {.beam = TRY_BEAM};
        return interleaved_read(pieces, &one, &options);
    }
    *ret_columns = t.best;
    return text_styled_read(pieces, &t.best, jobs);
}

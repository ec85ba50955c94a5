/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: an extractor that prints a page's lines from top to bottom, those at one height from left
 * to right, mixes the lines of a table's columns:
 *
 *     (オ) 総 務 省 総務省において、放送設備の安全・ <成果・進捗状況>
 *     信頼性に関する技術基準を見直す。
 *     ・技術基準を見直し、令和６年４月に
 *     ・事業者に点検を求める。
 *     施行した。
 *
 * Given how many columns there are and how wide, find for each line, or each part of one that
 * spaces divide, the column it stands in. Within a column the order of lines is right; so the page
 * is a merge of the columns, and what has to be found is which way it was merged. A way through the
 * page is scored as a whole (text-steps.c), the likeliest is taken.
 *
 * Beam search: at each line the best few states are kept, a state being the last piece and the
 * clock of each column. From each the line goes on in all the ways that it can be parted
 * (line-ways.c), into rows that are open or a new one, or stands in no table. Four steps of five
 * lead to nothing that is kept: what a step costs at least, its floor, is told before it is taken,
 * and most of them are not. All steps between
 * kept states are remembered, so that for each line the best whole with it elsewhere is known too:
 * the difference is the confidence.
 *
 * Known failures: those of the scoring; a column whose lines are cut into three or more pieces.
 */
#include "interleaved.h"

#include <math.h>
#include <string.h>

#include "line-ways.h"
#include "text-steps.h"

static const double COST_HOPELESS = 30; /* behind the best: never made good */
/* By how much a way may cost less than it has from better states. */
static const double LEAST_SLACK = 12;
static const double ROUNDING = 1e-3; /* costs that are kept as floats */
static const double COST_UNSEEN = 6; /* … of what is no rival when it comes to being sure */
#define PERMUTED_SHARE 2u /* of the kept ones, one in so many may differ by their columns alone */
#define ROOM_MOST 4000u   /* states that there is room for at once */
#define NOT_OPENED G_MAXUINT32
#define MOST_ALIKE 3u /* kept states that have come to the same place by ways not worth more */

/* A cell in the middle of its row's height begins half a line further down, or a whole one. */
static const double OPEN_HEIGHTS[] = {0, 0.5, 1};

typedef struct {
    StepCosts costs;
    guint beam;
    GArray *states;      /* TextState, line by line */
    GArray *layers;      /* guint32: the first state of each line */
    GArray *steps;       /* TextStep, of all kept states */
    GArray *step_layers; /* guint32: the first step to the states of each line but the first */
    GArray *fresh;       /* TextState: those that a line leads to */
    GArray *fresh_steps;
    GArray *order;           /* Rank: those that may be kept */
    GArray *keys;            /* guint64, of the states of the layer that is made */
    GArray *places, *fronts; /* guint32, the same */
    double *least;           /* the least costs of the fresh ones, rising; `beam` at most */
    guint n_least;
    const GArray *guide; /* TextStep, for each line, of a way that is kept in any case; or NULL */
    gint32 guided;       /* the last state on it; -1: none */
    guint64 work;        /* steps weighed */
    double least_step;   /* the least that a step by the way at hand has cost, or would have */
    gboolean is_trial;   /* nobody asks how sure it is */
} Search;

/* ---- the search ---- */

/* Costs by rising; a heap would do no better for so few. */
static void
bound_lower(Search *s, double cost)
{
    guint n = s->n_least;
    guint i = n < s->beam ? n : n - 1;
    for (; i > 0 && s->least[i - 1] > cost; i--) {
        s->least[i] = s->least[i - 1];
    }
    s->least[i] = cost;
    s->n_least = MIN(n + 1, s->beam);
}

/* Beyond this no state will be kept. */
static double
bound_of(const Search *s)
{
    double hopeless = s->n_least > 0 ? s->least[0] + COST_HOPELESS : G_MAXDOUBLE;
    return s->n_least < s->beam
               ? hopeless
               : MIN(hopeless, s->least[s->beam - 1] + (s->is_trial ? 0 : COST_UNSEEN));
}

/* Is it the step to this line on the way that is kept? */
static gboolean
is_guide(const Search *s, const TextStep *step)
{
    const TextStep *guide = &g_array_index(s->guide, TextStep, s->layers->len - 1);
    return guide->kind == step->kind && guide->n == step->n && guide->lag == step->lag &&
           guide->is_head == step->is_head && !(guide->below < step->below) &&
           !(guide->below > step->below) &&
           memcmp(guide->column, step->column, step->n * sizeof *step->column) == 0 &&
           memcmp(guide->piece, step->piece, step->n * sizeof *step->piece) == 0;
}

/* Keeps a state that a step leads to. */
static void
keep(Search *s, TextState *state, TextStep *step)
{
    step->cost = state->cost - g_array_index(s->states, TextState, step->from).cost;
    s->least_step = MIN(s->least_step, step->cost);
    s->work++;
    gboolean is_guided = step->from == s->guided && is_guide(s, step);
    if (state->cost > bound_of(s) && !is_guided) {
        return;
    }
    if (s->n_least < s->beam || state->cost < s->least[s->beam - 1]) {
        bound_lower(s, state->cost);
    }
    state->is_guided = is_guided;
    state->step = s->fresh_steps->len;
    g_array_append_val(s->fresh_steps, *step);
    g_array_append_val(s->fresh, *state);
}

/* A fresh state, to be put in order. */
typedef struct {
    double cost;
    guint32 at;
} Rank;

static gint
compare_ranks(gconstpointer a, gconstpointer b)
{
    const Rank *x = a, *y = b;
    if (x->cost != y->cost) {
        return x->cost < y->cost ? -1 : 1;
    }
    return x->at < y->at ? -1 : x->at > y->at;
}

/* How many of the kept states have this one. */
static guint
count_kept(const GArray *hashes, guint32 hash)
{
    const guint32 *it = (const guint32 *)(const void *)hashes->data;
    guint n = 0;
    for (guint i = 0; i < hashes->len; i++) {
        n += it[i] == hash;
    }
    return n;
}

/* The kept state of the new layer that is the same; their number if there is none. */
static guint
kept_same(const Search *s, guint64 key)
{
    const guint64 *keys = (const guint64 *)(const void *)s->keys->data;
    guint i = 0;
    while (i < s->keys->len && keys[i] != key) {
        i++;
    }
    return i;
}

/* So many have come to the same place that one more is not worth while. */
static gboolean
are_enough(const Search *s, guint32 place, guint32 front)
{
    return count_kept(s->places, place) >= MOST_ALIKE ||
           count_kept(s->fronts, front) >= MAX(1, s->beam / PERMUTED_SHARE);
}

/* Of the fresh state at this place of the order: it is kept, or its step leads to one that is. */
static void
close_state(Search *s, TextState *state, guint32 first)
{
    TextStep step = g_array_index(s->fresh_steps, TextStep, state->step);
    guint64 key = text_state_key(state);
    guint at = kept_same(s, key);
    if (at == s->keys->len) {
        guint32 place = (guint32)text_state_place(state), front = (guint32)text_state_front(state);
        if (!state->is_guided && (at >= s->beam || are_enough(s, place, front))) {
            return;
        }
        state->step = s->steps->len;
        g_array_append_val(s->states, *state);
        g_array_append_val(s->keys, key);
        g_array_append_val(s->places, place);
        g_array_append_val(s->fronts, front);
    }
    if (state->is_guided) {
        s->guided = (gint32)(first + at);
    }
    step.to = (gint32)(first + at);
    g_array_append_val(s->steps, step);
}

/* The best of the fresh states become the next layer, with all steps that lead to them. */
static void
close_layer(Search *s)
{
    guint32 first = s->states->len, first_step = s->steps->len;
    double bound = bound_of(s);
    g_array_append_val(s->step_layers, first_step);
    s->guided = -1;
    for (guint32 i = 0; i < s->fresh->len; i++) {
        const TextState *state = &g_array_index(s->fresh, TextState, i);
        if (state->cost <= bound || state->is_guided) {
            const Rank rank = {state->cost, i};
            g_array_append_val(s->order, rank);
        }
    }
    g_array_sort(s->order, compare_ranks);
    for (guint i = 0; i < s->order->len; i++) {
        guint32 at = g_array_index(s->order, Rank, i).at;
        close_state(s, &g_array_index(s->fresh, TextState, at), first);
    }
    g_array_append_val(s->layers, first);
    g_array_set_size(s->fresh, 0);
    g_array_set_size(s->fresh_steps, 0);
    g_array_set_size(s->order, 0);
    g_array_set_size(s->keys, 0);
    g_array_set_size(s->places, 0);
    g_array_set_size(s->fronts, 0);
    s->n_least = 0;
}

/* Whether a step from this state that costs so much at least is not worth while, and so left out:
 * it would not be kept. */
static gboolean
leave_out(Search *s, const TextState *before, const TextStep *step, double floor)
{
    if (before->cost + floor <= bound_of(s) + ROUNDING || step->from == s->guided) {
        return FALSE;
    }
    s->least_step = MIN(s->least_step, floor);
    s->work++;
    return TRUE;
}

/* A new row, which may name the columns of a new table. */
static void
step_row(Search *s, const TextState *before, TextState *row, TextStep *step, gboolean is_head)
{
    step->is_head = (guint8)is_head;
    if (row->step == NOT_OPENED) {
        *row = *before;
        text_state_open_row(&s->costs, row, is_head);
    }
    TextState after = *row;
    after.cost += step->way;
    text_step_on(&s->costs, &after, step, 0, 0);
    keep(s, &after, step);
}

/* What one way of the line leads to from a state: a row that is open, or a new one. `rows`: what
 * those become when they are opened, NOT_OPENED in `step` before. */
static void
step_way(Search *s, const TextState *before, TextState *rows, TextStep *step,
         const CellFloor *floors, guint most_lag)
{
    TextState after;
    double cost = step->way;
    for (guint lag = 0; before->in_table && lag <= most_lag; lag++) {
        if (!text_step_fits(before, step, lag) ||
            leave_out(s, before, step,
                      cost + text_step_on_floor(&s->costs, before, step, floors, lag))) {
            continue;
        }
        gboolean is_open = lag == 0 && s->costs.columns->middle && text_step_opens(before, step, 0);
        guint n = is_open ? G_N_ELEMENTS(OPEN_HEIGHTS) : 1;
        for (guint i = 0; i < n; i++) {
            after = *before;
            after.cost += cost;
            step->below = (float)OPEN_HEIGHTS[i];
            text_step_on(&s->costs, &after, step, lag, OPEN_HEIGHTS[i]);
            keep(s, &after, step);
        }
    }
    step->below = 0;
    if (text_step_can_name(&s->costs, before, step)) {
        after = *before;
        after.cost += cost;
        text_step_names(&s->costs, &after, step);
        keep(s, &after, step);
    }
    step->kind = STEP_ROW;
    if (!leave_out(s, before, step, cost + text_step_row_floor(&s->costs, before, step, floors))) {
        step_row(s, before, &rows[0], step, FALSE);
    }
    if (!before->in_table) {
        step_row(s, before, &rows[1], step, TRUE);
    }
}

/* What the line leads to from the state of index `from`. */
static void
step_state(Search *s, guint32 from, gint32 whole, const GArray *ways, const CellFloor *floors,
           double *least)
{
    const TextState before = g_array_index(s->states, TextState, from);
    guint most_lag = 0;
    for (guint c = 0; c < s->costs.columns->n; c++) {
        most_lag = MAX(most_lag, before.cell[c].lag);
    }
    TextStep step = {.from = (gint32)from};
    TextState after;
    if (!leave_out(s, &before, &step,
                   text_step_outside_floor(&before, text_costs_piece(&s->costs, whole)))) {
        after = before;
        text_step_outside(&s->costs, &after, &step, whole);
        keep(s, &after, &step);
    }
    after = before;
    if (text_step_same(&s->costs, &after, &step, whole)) {
        keep(s, &after, &step);
    }
    after = before;
    if (text_step_loose(&s->costs, &after, &step, whole)) {
        keep(s, &after, &step);
    }
    TextState rows[2];
    rows[0].step = rows[1].step = NOT_OPENED;
    for (guint k = 0; k < ways->len; k++) {
        if (before.cost + least[k] > bound_of(s) + LEAST_SLACK && (gint32)from != s->guided) {
            continue;
        }
        step = g_array_index(ways, TextStep, k);
        step.from = (gint32)from;
        s->least_step = least[k] > -G_MAXDOUBLE ? least[k] : G_MAXDOUBLE;
        step_way(s, &before, rows, &step, floors + (gsize)k * TEXT_MAX_COLUMNS, most_lag);
        least[k] = s->least_step;
    }
}

/* Of each piece of each way, TEXT_MAX_COLUMNS a way; a new array. */
static CellFloor *
find_floors(const Search *s, const GArray *ways)
{
    CellFloor *floors = g_new(CellFloor, ((gsize)ways->len + 1) * TEXT_MAX_COLUMNS);
    for (guint k = 0; k < ways->len; k++) {
        const TextStep *way = &g_array_index(ways, TextStep, k);
        for (guint i = 0; i < way->n; i++) {
            floors[(gsize)k * TEXT_MAX_COLUMNS + i] =
                text_cell_floor(&s->costs, way->column[i], way->piece[i]);
        }
    }
    return floors;
}

static void
step_line(Search *s, guint32 line)
{
    const TextPieces *p = s->costs.pieces;
    guint32 layer = g_array_index(s->layers, guint32, s->layers->len - 1);
    guint n_part = g_array_index(p->page->lines, TextLine, line).n_part;
    gint32 whole = text_pieces_of_parts(p, line, 0, n_part - 1);
    g_autoptr(GArray) ways = line_ways_find(p, s->costs.columns, line);
    g_autofree CellFloor *floors = find_floors(s, ways);
    g_autofree double *least = g_new(double, ways->len + 1);
    for (guint k = 0; k < ways->len; k++) {
        least[k] = -G_MAXDOUBLE;
    }
    for (guint32 i = layer; i < s->states->len; i++) {
        step_state(s, i, whole, ways, floors, least);
    }
    close_layer(s);
}

static void
end_flow(Search *s)
{
    s->costs.flows = TRUE;
    for (guint32 i = g_array_index(s->layers, guint32, s->layers->len - 1); i < s->states->len;
         i++) {
        text_state_end_flow(&g_array_index(s->states, TextState, i));
    }
}

/* ---- how sure ---- */

/* Odds are believed by this root of them only: what speaks for a way is not independent. */
static const double BELIEF = 0.4;

/* What it costs at least from each state to the end; a new array. */
static double *
costs_ahead(const Search *s)
{
    double *ahead = g_new(double, s->states->len);
    guint32 last = g_array_index(s->layers, guint32, s->layers->len - 1);
    for (guint32 i = 0; i < s->states->len; i++) {
        const TextState *state = &g_array_index(s->states, TextState, i);
        ahead[i] = i < last ? G_MAXDOUBLE : text_state_end_cost(&s->costs, state);
    }
    for (guint32 i = s->steps->len; i-- > 1;) {
        const TextStep *step = &g_array_index(s->steps, TextStep, i);
        if (ahead[step->to] < G_MAXDOUBLE) {
            ahead[step->from] = MIN(ahead[step->from], ahead[step->to] + step->cost);
        }
    }
    return ahead;
}

/* Does it place the line's pieces elsewhere? */
static gboolean
is_other_place(const TextStep *a, const TextStep *b)
{
    gboolean outside = a->kind == STEP_OUTSIDE;
    if (a->n != b->n || outside != (b->kind == STEP_OUTSIDE) ||
        (a->kind == STEP_NAMES) != (b->kind == STEP_NAMES) ||
        (a->kind == STEP_LOOSE) != (b->kind == STEP_LOOSE)) {
        return TRUE;
    }
    return memcmp(a->column, b->column, a->n) != 0 || memcmp(a->joined, b->joined, a->n) != 0;
}

/* How sure the step to the line of this number (of those with text) is, against the best whole in
 * which the line stands elsewhere; *ret_rival: the step to the line in that, or NULL. */
static double
step_confidence(const Search *s, const double *ahead, const TextStep *step, guint layer,
                const TextStep **ret_rival)
{
    *ret_rival = NULL;
    guint32 from = g_array_index(s->step_layers, guint32, layer);
    guint32 to = layer + 1 < s->step_layers->len ? g_array_index(s->step_layers, guint32, layer + 1)
                                                 : s->steps->len;
    double best = G_MAXDOUBLE, other = G_MAXDOUBLE;
    for (guint32 i = from; i < to; i++) {
        const TextStep *it = &g_array_index(s->steps, TextStep, i);
        if (ahead[it->to] == G_MAXDOUBLE) {
            continue;
        }
        double cost = g_array_index(s->states, TextState, it->from).cost + it->cost + ahead[it->to];
        if (is_other_place(step, it)) {
            *ret_rival = cost < other ? it : *ret_rival;
            other = MIN(other, cost);
        } else {
            best = MIN(best, cost);
        }
    }
    return other == G_MAXDOUBLE ? 1 : 1 / (1 + exp(BELIEF * (best - other)));
}

/* Where a rival step has the piece that begins at this character. */
static TextRival
rival_place(const Search *s, const TextStep *rival, guint32 from)
{
    for (guint k = 0; rival != NULL && k < rival->n; k++) {
        const TextPiece *piece = text_piece_at(s->costs.pieces, rival->piece[k]);
        if (from < piece->from || from >= piece->to) {
            continue;
        }
        const TextState *before = &g_array_index(s->states, TextState, rival->from);
        gboolean is_outside = rival->kind == STEP_OUTSIDE;
        gint32 last = is_outside ? before->outside : before->cell[rival->column[k]].last;
        TextRival place = {TRUE, is_outside ? -1 : (gint8)rival->column[k], 0};
        if (rival->joined[k] && last >= 0) {
            place.line_plus = text_piece_at(s->costs.pieces, last)->line + 1;
        }
        return place;
    }
    return (TextRival){.is_given = FALSE};
}

/* ---- reading it off ---- */

static void
read_steps(const Search *s, guint32 best, TextReading *reading)
{
    g_autofree double *ahead = s->is_trial ? NULL : costs_ahead(s);
    g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 at = best;;) {
        const TextState *state = &g_array_index(s->states, TextState, at);
        const TextStep *step = &g_array_index(s->steps, TextStep, state->step);
        if (step->from < 0) {
            break;
        }
        g_array_append_val(chain, state->step);
        at = (guint32)step->from;
    }
    gint32 last[TEXT_MAX_COLUMNS], row = -1, outside = -1;
    gboolean in_table = FALSE;
    for (guint i = chain->len; i-- > 0;) {
        const TextStep *step = &g_array_index(s->steps, TextStep, g_array_index(chain, guint32, i));
        const TextStep *rival = NULL;
        g_array_append_vals(reading->steps, step, 1);
        double confidence =
            s->is_trial ? 1 : step_confidence(s, ahead, step, chain->len - 1 - i, &rival);
        if (step->kind == STEP_ROW) {
            row++;
            outside = -1;
        }
        if (!in_table) {
            memset(last, -1, sizeof last);
        }
        in_table = step->kind != STEP_OUTSIDE;
        for (guint k = 0; k < step->n; k++) {
            const TextPiece *piece = text_piece_at(s->costs.pieces, step->piece[k]);
            gint32 alone = -1;
            gint32 *before = step->kind == STEP_OUTSIDE ? &outside
                             : step->kind == STEP_NAMES || step->kind == STEP_LOOSE
                                 ? &alone
                                 : &last[step->column[k]];
            TextPlacement it = {.line = piece->line,
                                .from = piece->from,
                                .to = piece->to,
                                .row = step->kind == STEP_OUTSIDE ? -1 : row - step->lag,
                                .column = step->column[k],
                                .is_loose = step->kind == STEP_LOOSE,
                                .place = reading->placements->len,
                                .after = step->joined[k] ? *before : -1,
                                .confidence = confidence};
            if (confidence < TEXT_DOUBTFUL) {
                it.rival = rival_place(s, rival, it.from);
            }
            *before = (gint32)reading->placements->len;
            g_array_append_val(reading->placements, it);
        }
    }
}

static void
search_init(Search *s, TextPieces *pieces, const TextColumns *columns, const ReadOptions *options)
{
    guint room = MIN(options->beam * (pieces->page->lines->len + 1), ROOM_MOST);
    *s = (Search){.costs = step_costs(pieces, columns, options->odds),
                  .beam = options->beam,
                  .guide = options->guide,
                  .guided = options->guide != NULL ? 0 : -1,
                  .is_trial = options->is_trial,
                  .states = g_array_sized_new(FALSE, FALSE, sizeof(TextState), room),
                  .layers = g_array_new(FALSE, FALSE, sizeof(guint32)),
                  .steps = g_array_sized_new(FALSE, FALSE, sizeof(TextStep), room),
                  .step_layers = g_array_new(FALSE, FALSE, sizeof(guint32)),
                  .fresh = g_array_new(FALSE, FALSE, sizeof(TextState)),
                  .fresh_steps = g_array_new(FALSE, FALSE, sizeof(TextStep)),
                  .order = g_array_new(FALSE, FALSE, sizeof(Rank)),
                  .keys = g_array_new(FALSE, FALSE, sizeof(guint64)),
                  .places = g_array_new(FALSE, FALSE, sizeof(guint32)),
                  .fronts = g_array_new(FALSE, FALSE, sizeof(guint32)),
                  .least = g_new0(double, options->beam)};
    TextState start = text_state_first();
    TextStep none = {.from = -1};
    g_array_append_val(s->steps, none);
    g_array_append_val(s->states, start);
    guint32 zero = 0;
    g_array_append_val(s->layers, zero);
}

static void
search_clear(Search *s)
{
    g_array_unref(s->states);
    g_array_unref(s->layers);
    g_array_unref(s->steps);
    g_array_unref(s->step_layers);
    g_array_unref(s->fresh);
    g_array_unref(s->fresh_steps);
    g_array_unref(s->order);
    g_array_unref(s->keys);
    g_array_unref(s->places);
    g_array_unref(s->fronts);
    g_free(s->least);
}

static void
search_lines(Search *s)
{
    const TextPage *page = s->costs.pieces->page;
    for (guint32 i = 0; i < page->lines->len; i++) {
        if (g_array_index(page->lines, TextLine, i).n_part == 0) {
            end_flow(s);
        } else {
            step_line(s, i);
        }
    }
}

/* The last state of the best way, and what it costs in the end. */
static guint32
best_state(const Search *s, double *ret_cost)
{
    guint32 best = 0;
    *ret_cost = G_MAXDOUBLE;
    for (guint32 i = g_array_index(s->layers, guint32, s->layers->len - 1); i < s->states->len;
         i++) {
        const TextState *state = &g_array_index(s->states, TextState, i);
        double cost = state->cost + text_state_end_cost(&s->costs, state);
        if (cost < *ret_cost) {
            *ret_cost = cost;
            best = i;
        }
    }
    return best;
}

TextReading *
interleaved_read(TextPieces *pieces, const TextColumns *columns, const ReadOptions *options)
{
    Search s;
    search_init(&s, pieces, columns, options);
    search_lines(&s);
    TextReading *reading = g_new0(TextReading, 1);
    reading->placements = g_array_new(FALSE, FALSE, sizeof(TextPlacement));
    reading->steps = g_array_new(FALSE, FALSE, sizeof(TextStep));
    double cost;
    guint32 best = best_state(&s, &cost);
    reading->score = -cost;
    read_steps(&s, best, reading);
    if (options->work != NULL) {
        *options->work += s.work;
    }
    search_clear(&s);
    return reading;
}

void
text_reading_free(TextReading *reading)
{
    if (reading != NULL) {
        g_array_unref(reading->placements);
        g_clear_pointer(&reading->steps, g_array_unref);
        g_free(reading);
    }
}

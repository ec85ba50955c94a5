/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reading gives a style and a style a reading: where that ends depends on where it begins. So it
 * is begun several times, each time with some columns that follow one another telling of the past
 * and the others not, with a narrow beam; those that come to the same go on as one. From the best
 * of them on with a wide beam, the less wide the longer the page, in which the way found so far,
 * and it with cells exchanged, are not lost.
 */
#include "text-styled.h"

#include "column-style.h"
#include "parallel.h"
#include "text-swaps.h"

#define NARROW_BEAM 40u
#define WIDE_BEAM 300u
#define WIDE_STATES 30000u /* of all lines of a page: that of a long one is less wide */
#define ROUNDS 2u
#define PIECES_MOST 1500u /* of a page: of more, one beginning has to do */

static const double PAST_MOSTLY = 0.85; /* of the sentences of a column */

/* A reading that was begun with the columns a to b telling of the past; a > b: without a style. */
typedef struct {
    guint a, b;
    TextReading *reading;
    gboolean is_settled; /* reading it again does not change it */
} Beginning;

typedef struct {
    TextPieces *pieces;
    const TextColumns *columns;
    GArray *beginnings; /* Beginning */
} Styles;

/* The reading when the columns have this style. `before`: if not NULL, that and the same with cells
 * exchanged are not lost on the way, and it is asked how sure it is. */
static TextReading *
read_with(const Styles *s, const ColumnStyle *style, guint beam, const TextReading *before)
{
    guint n = text_pieces_count(s->pieces);
    g_autofree double *odds = g_new0(double, (gsize)n *TEXT_MAX_COLUMNS);
    for (guint i = 0; i < n; i++) {
        column_style_odds(style, s->columns, text_pieces_run(s->pieces, i),
                          odds + (gsize)i * TEXT_MAX_COLUMNS);
    }
    g_autoptr(GArray) guide = NULL;
    if (before != NULL) {
        const StepCosts costs = step_costs(s->pieces, s->columns, odds);
        guide = g_array_copy(before->steps);
        text_swaps_improve(&costs, guide);
    }
    const ReadOptions options = {
        .beam = beam, .odds = odds, .guide = guide, .is_trial = before == NULL};
    return interleaved_read(s->pieces, s->columns, &options);
}

/* Every piece stands in the same place. */
static gboolean
is_same(const TextReading *a, const TextReading *b)
{
    gboolean same = a->placements->len == b->placements->len;
    for (guint i = 0; same && i < a->placements->len; i++) {
        const TextPlacement *x = &g_array_index(a->placements, TextPlacement, i);
        const TextPlacement *y = &g_array_index(b->placements, TextPlacement, i);
        same = x->from == y->from && x->to == y->to && x->row == y->row && x->column == y->column &&
               x->is_loose == y->is_loose && x->after == y->after;
    }
    return same;
}

static TextReading *
read_again(const Styles *s, const TextReading *before, guint beam, gboolean keeps)
{
    g_auto(ColumnStyle) style = {.lines = NULL};
    column_style_find(s->pieces->page, before, &style);
    return read_with(s, &style, beam, keeps ? before : NULL);
}

static void
begin(guint i, gpointer data)
{
    const Styles *s = data;
    Beginning *it = &g_array_index(s->beginnings, Beginning, i);
    if (it->a > it->b) {
        const ReadOptions options = {.beam = NARROW_BEAM, .is_trial = TRUE};
        it->reading = interleaved_read(s->pieces, s->columns, &options);
        return;
    }
    ColumnStyle style = {.lines = NULL};
    for (guint c = 0; c < s->columns->n; c++) {
        style.past[c] = c >= it->a && c <= it->b ? PAST_MOSTLY : 1 - PAST_MOSTLY;
    }
    it->reading = read_with(s, &style, NARROW_BEAM, NULL);
}

static void
go_on(guint i, gpointer data)
{
    const Styles *s = data;
    Beginning *it = &g_array_index(s->beginnings, Beginning, i);
    if (!it->is_settled) {
        TextReading *before = it->reading;
        it->reading = read_again(s, before, NARROW_BEAM, FALSE);
        it->is_settled = is_same(it->reading, before);
        text_reading_free(before);
    }
}

/* Of those that have come to the same the first is left: they would go on as one. */
static void
drop_same(Styles *s)
{
    for (guint i = 0; i < s->beginnings->len; i++) {
        const Beginning *it = &g_array_index(s->beginnings, Beginning, i);
        for (guint j = s->beginnings->len - 1; j > i; j--) {
            Beginning *other = &g_array_index(s->beginnings, Beginning, j);
            if (is_same(it->reading, other->reading)) {
                text_reading_free(other->reading);
                g_array_remove_index(s->beginnings, j);
            }
        }
    }
}

static gboolean
is_text(const TextColumns *columns, guint c)
{
    return columns->width[c] > TEXT_LABEL_WIDTH;
}

static void
add_beginnings(Styles *s)
{
    const Beginning none = {.a = 1, .b = 0};
    g_array_append_val(s->beginnings, none);
    gboolean is_small = text_pieces_count(s->pieces) <= PIECES_MOST;
    for (guint a = 0; is_small && a < s->columns->n; a++) {
        for (guint b = a; b < s->columns->n; b++) {
            const Beginning it = {.a = a, .b = b};
            if (is_text(s->columns, a) && is_text(s->columns, b)) {
                g_array_append_val(s->beginnings, it);
            }
        }
    }
}

/* The likeliest, the first of equal ones; takes the others. */
static TextReading *
best_of(const GArray *beginnings)
{
    TextReading *best = g_array_index(beginnings, Beginning, 0).reading;
    for (guint i = 1; i < beginnings->len; i++) {
        TextReading *other = g_array_index(beginnings, Beginning, i).reading;
        TextReading *worse = other->score > best->score ? best : other;
        best = worse == best ? other : best;
        text_reading_free(worse);
    }
    return best;
}

/* Those with text, and one. */
static guint
count_lines(const TextPage *page)
{
    guint n = 1;
    for (guint i = 0; i < page->lines->len; i++) {
        n += g_array_index(page->lines, TextLine, i).n_part > 0;
    }
    return n;
}

TextReading *
text_styled_read(TextPieces *pieces, const TextColumns *columns, guint jobs)
{
    g_autoptr(GArray) beginnings = g_array_new(FALSE, FALSE, sizeof(Beginning));
    Styles s = {pieces, columns, beginnings};
    add_beginnings(&s);
    parallel_each(beginnings->len, jobs, begin, &s);
    for (guint i = 0; i < ROUNDS; i++) {
        drop_same(&s);
        parallel_each(beginnings->len, jobs, go_on, &s);
    }
    TextReading *reading = best_of(beginnings);
    guint beam = CLAMP(WIDE_STATES / count_lines(pieces->page), NARROW_BEAM, WIDE_BEAM);
    for (guint i = 0, settled = FALSE; i < ROUNDS && !settled; i++) {
        g_autoptr(TextReading) before = reading;
        reading = read_again(&s, before, beam, TRUE);
        settled = is_same(reading, before);
    }
    return reading;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-state.h"

#include <math.h>

StepCosts
step_costs(TextPieces *pieces, const TextColumns *columns, const double *odds)
{
    StepCosts costs = {.pieces = pieces,
                       .piece = (const TextPiece *)(const void *)pieces->pieces->data,
                       .columns = columns,
                       .odds = odds};
    for (guint c = 0; c < columns->n; c++) {
        costs.is_label[c] = columns->width[c] <= TEXT_LABEL_WIDTH;
        costs.uniform[c] = log(MAX(columns->width[c], 2));
    }
    return costs;
}

void
text_state_leave(TextState *state)
{
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        state->cell[c] = (ColumnEnd){.last = -1};
    }
    state->now = 0;
    state->named = 0;
    state->column = state->before = -1;
    state->flow_lag = TEXT_NO_FLOW;
}

TextState
text_state_first(void)
{
    TextState state = {.outside = -1, .head_lag = TEXT_NO_HEAD};
    text_state_leave(&state);
    return state;
}

void
text_state_end_flow(TextState *state)
{
    state->before = state->column >= 0 ? state->column : state->before;
    state->column = -1;
    state->flow_lag = TEXT_NO_FLOW;
}

static guint64
mixed(guint64 hash, guint64 value)
{
    hash = (hash ^ value) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

/* Heights and widths that differ by less than this are the same. */
static const float ALIKE = 0.05f;

static guint64
steps_of(float length)
{
    return (guint64)(gint64)(length / ALIKE + 1000.5f); /* none is below -1 */
}

guint64
text_state_place(const TextState *state)
{
    guint64 hash = mixed((guint64)(gint64)state->outside, (guint64)(gint64)state->in_table);
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        const ColumnEnd *cell = &state->cell[c];
        hash = mixed(hash, ((guint64)(guint32)cell->last << 8) | cell->lag);
    }
    return hash;
}

guint64
text_state_front(const TextState *state)
{
    guint64 sum = 0;
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        const ColumnEnd *cell = &state->cell[c];
        guint32 last = cell->lag > 0 ? 0 : (guint32)cell->last;
        sum += mixed(0x5bd1, ((guint64)last << 8) | cell->lag);
    }
    return mixed(mixed(sum, (guint64)(gint64)state->outside), (guint64)(gint64)state->in_table);
}

guint64
text_state_key(const TextState *state)
{
    guint64 hash = mixed(text_state_place(state), (guint64)(gint64)state->column);
    gboolean is_fresh = state->column < 0; /* then heights begin anew */
    guint8 before = is_fresh ? (guint8)state->before : 0;
    hash = mixed(hash, (guint64)state->flow_lag << 8 | state->head_lag | (guint64)before << 16 |
                           (guint64)state->named << 24);
    hash = mixed(hash, is_fresh ? 0 : steps_of(state->now));
    for (guint c = 0; c < TEXT_MAX_COLUMNS; c++) {
        const ColumnEnd *cell = &state->cell[c];
        hash = mixed(hash, (guint64)cell->number << 8 | cell->level);
        hash = mixed(hash, steps_of(cell->clock) << 32 ^ steps_of(cell->first) << 16 ^
                               steps_of(cell->width));
    }
    return hash;
}

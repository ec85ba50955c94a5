/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "align.h"

#include "alike.h"

#define CELLS_MOST 64e6
/* Costs of steps. */
#define COST_PLAIN 1u
#define COST_STEP 20u

typedef enum { FROM_CORNER, FROM_ABOVE, FROM_LEFT } From;

typedef struct {
    const gunichar *a, *b;
    gunichar *plain_a, *plain_b;
    guint n, m;
} Texts;

static gunichar *
plain_text(const gunichar *chars, guint n)
{
    gunichar *plain = g_new(gunichar, n + 1);
    for (guint i = 0; i < n; i++) {
        plain[i] = char_plain(chars[i]);
    }
    return plain;
}

static StepKind
kind_of(const Texts *t, guint i, guint j)
{
    if (t->a[i] == t->b[j]) {
        return STEP_SAME;
    }
    return t->plain_a[i] == t->plain_b[j] ? STEP_PLAIN : STEP_OTHER;
}

static guint32
pair_cost(const Texts *t, guint i, guint j)
{
    switch (kind_of(t, i, j)) {
    case STEP_SAME:
        return 0;
    case STEP_PLAIN:
        return COST_PLAIN;
    case STEP_OTHER:
    case STEP_GONE:
    case STEP_NEW:
    default:
        return COST_STEP;
    }
}

/* Fills `from`, a row for each character of a and one before; where the best path ends in a. */
static guint
fill(const Texts *t, guint ends, guint8 *from)
{
    g_autofree guint32 *row = g_new(guint32, t->m + 1);
    guint best_row = t->n;
    guint32 best = G_MAXUINT32;
    for (guint j = 0; j <= t->m; j++) {
        row[j] = j * COST_STEP;
        from[j] = FROM_LEFT;
    }
    for (guint i = 1; i <= t->n; i++) {
        guint8 *line = from + (gsize)i * (t->m + 1);
        guint32 corner = row[0];
        row[0] = ends & ALIGN_FREE_START ? 0 : i * COST_STEP;
        line[0] = FROM_ABOVE;
        for (guint j = 1; j <= t->m; j++) {
            guint32 pair = corner + pair_cost(t, i - 1, j - 1);
            guint32 above = row[j] + COST_STEP, left = row[j - 1] + COST_STEP;
            corner = row[j];
            row[j] = MIN(pair, MIN(above, left));
            line[j] = row[j] == pair ? FROM_CORNER : row[j] == above ? FROM_ABOVE : FROM_LEFT;
        }
        if (row[t->m] <= best) {
            best = row[t->m];
            best_row = i;
        }
    }
    return ends & ALIGN_FREE_END ? best_row : t->n;
}

static void
add_step(GArray *steps, StepKind kind, guint a, guint b)
{
    Step step = {.kind = (guint8)kind, .a = a, .b = b};
    g_array_append_val(steps, step);
}

static void
reverse(GArray *steps)
{
    for (guint i = 0; i + i + 1 < steps->len; i++) {
        Step *p = &g_array_index(steps, Step, i);
        Step *q = &g_array_index(steps, Step, steps->len - 1 - i);
        Step kept = *p;
        *p = *q;
        *q = kept;
    }
}

GArray *
align_texts(const gunichar *a, guint n, const gunichar *b, guint m, guint ends)
{
    if ((double)n * m > CELLS_MOST) {
        return NULL;
    }
    g_autofree gunichar *plain_a = plain_text(a, n), *plain_b = plain_text(b, m);
    const Texts t = {a, b, plain_a, plain_b, n, m};
    g_autofree guint8 *from = g_malloc(((gsize)n + 1) * (m + 1));
    guint i = fill(&t, ends, from), j = m;
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(Step));
    while (i > 0 || j > 0) {
        if (j == 0 && ends & ALIGN_FREE_START) {
            break;
        }
        switch ((From)from[(gsize)i * (m + 1) + j]) {
        case FROM_CORNER:
            i--;
            j--;
            add_step(steps, kind_of(&t, i, j), i, j);
            break;
        case FROM_ABOVE:
            add_step(steps, STEP_GONE, --i, j);
            break;
        case FROM_LEFT:
        default:
            add_step(steps, STEP_NEW, i, --j);
            break;
        }
    }
    reverse(steps);
    return steps;
}

double
align_agreement(const GArray *steps)
{
    guint a = 0, b = 0, wrong = 0;
    for (guint i = 0; i < steps->len; i++) {
        const Step *s = &g_array_index(steps, Step, i);
        a += s->kind != STEP_NEW;
        b += s->kind != STEP_GONE;
        wrong += s->kind >= STEP_OTHER;
    }
    guint longer = MAX(a, b);
    return longer > 0 ? 1 - MIN(1.0, (double)wrong / longer) : 1;
}

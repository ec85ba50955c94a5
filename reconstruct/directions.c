/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: vertical lines whose fonts say nothing of it.
 *
 * 1. Units: glyphs painted one after the other that stand side by side. One no wider than a
 *    character may be a place of a vertical line; wider ones are text that is read across.
 * 2. Stacks: units painted one after the other, each right beneath the one before.
 * 3. A stack is a vertical line if some of it is written by a font that writes vertically, or if it
 *    has so many characters of full width that stand as near as in a line: nothing that is read
 *    across is set that way, lines are further apart.
 * 4. What is left of the last column of a paragraph, or ruby, is too short to tell: it goes with
 *    the line painted before or after, beside which it stands.
 * 5. Numbers may be painted after all of the text: what stands in a gap of a vertical line is of
 * it.
 *
 * Known failure: vertical lines painted row by row across the page.
 */
#include "directions.h"

#include "chars.h"

/* A unit is at most this wide, ems. */
#define NARROW 1.35
/* Glyphs stand side by side within this, ems. */
#define BESIDE_BACK (-0.6)
#define BESIDE_AHEAD 0.3
/* The middles of a line's units are this near, ems; drawn glyphs are set to whole pixels. */
#define SAME_AXIS 0.3
/* The next unit begins this far from where the one before ends, ems: lines read across are further
 * apart, since no text is set with less leading than half an em. */
#define NEXT_BACK (-0.5)
#define NEXT_AHEAD 0.4
#define SAME_SIZE 0.15
/* So many characters one beneath the other are a line. */
#define CHARACTERS 3u
/* The next column is at most this far away, ems of its text; ruby this far, at this size. */
#define NEXT_COLUMN 2.6
#define RUBY_AWAY 1.3
#define RUBY_SIZE 0.62
/* What is adopted ends within this of the line beside it, ems; within a line gaps are at most so
 * wide. */
#define BEYOND 3.0
#define GAP_MOST 10.0
/* So many vertical lines are looked at for gaps. */
#define LINES_MOST 400u

typedef struct {
    guint32 first, last; /* glyphs, those that are dropped among them */
    guint inked;
    Rect box;
    double size;
    guint8 direction; /* Direction of all its glyphs */
    guint8 cjk;       /* a single character of full width */
    guint8 stops;     /* nothing goes on from it: too wide, or another direction */
} Unit;

typedef struct {
    guint first, count; /* units */
    guint characters;
    Rect box;
    double size;
    gboolean vertical, across; /* across: can be nothing else */
} Stack;

static double
middle(Rect box)
{
    return (box.x0 + box.x1) / 2;
}

static gboolean
unit_takes(const Unit *unit, const Glyph *g, Direction direction, double size)
{
    double em = MIN(unit->size, size);
    double gap = (double)g->x0 - unit->box.x1;
    gboolean ahead = gap >= BESIDE_BACK * em && gap <= BESIDE_AHEAD * em;
    gboolean narrow = rect_width(rect_union(unit->box, glyph_rect(g))) <= NARROW * em;
    return unit->direction == DIRECTION_RIGHT && direction == DIRECTION_RIGHT &&
           fabs((double)g->y1 - unit->box.y1) <= 0.1 * em && (ahead || narrow);
}

static void
unit_close(Unit *unit)
{
    gboolean upright = unit->direction == DIRECTION_RIGHT || unit->direction == DIRECTION_VERTICAL;
    unit->stops =
        (!upright && unit->direction != DIRECTION_DOWN) ||
        (unit->direction == DIRECTION_RIGHT && rect_width(unit->box) > NARROW * unit->size);
}

static GArray *
units_find(const Layout *layout, const Page *page)
{
    GArray *units = g_array_new(FALSE, TRUE, sizeof(Unit));
    for (guint32 i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        if (g_array_index(layout->dropped, guint8, i) != DROP_NOT) {
            continue;
        }
        const Style *style = page_glyph_style(page, g);
        double size = MAX(0.1, (double)style->size);
        gboolean blank = glyph_is_blank(g);
        Unit *last = units->len > 0 ? &g_array_index(units, Unit, units->len - 1) : NULL;
        if (last != NULL && unit_takes(last, g, (Direction)style->direction, size)) {
            last->last = i;
            last->inked += !blank;
            last->box = rect_union(last->box, glyph_rect(g));
            last->cjk = FALSE;
            continue;
        }
        if (last != NULL) {
            unit_close(last);
        }
        Unit unit = {i,
                     i,
                     !blank,
                     glyph_rect(g),
                     size,
                     style->direction,
                     !blank && style->direction == DIRECTION_RIGHT && char_is_cjk(g->unicode),
                     FALSE};
        g_array_append_val(units, unit);
    }
    if (units->len > 0) {
        unit_close(&g_array_index(units, Unit, units->len - 1));
    }
    return units;
}

static gboolean
is_next(const Unit *a, const Unit *b)
{
    double em = MIN(a->size, b->size), gap = b->box.y0 - a->box.y1;
    return !a->stops && !b->stops && fabs(a->size - b->size) <= SAME_SIZE * MAX(a->size, b->size) &&
           fabs(middle(a->box) - middle(b->box)) <= SAME_AXIS * em && gap >= NEXT_BACK * em &&
           gap <= NEXT_AHEAD * em;
}

static GArray *
stacks_find(GArray *units)
{
    GArray *stacks = g_array_new(FALSE, TRUE, sizeof(Stack));
    for (guint i = 0; i < units->len; i++) {
        const Unit *unit = &g_array_index(units, Unit, i);
        Stack *last = stacks->len > 0 ? &g_array_index(stacks, Stack, stacks->len - 1) : NULL;
        if (last == NULL || !is_next(unit - 1, unit)) {
            Stack stack = {.first = i, .box = unit->box, .size = unit->size};
            g_array_append_val(stacks, stack);
            last = &g_array_index(stacks, Stack, stacks->len - 1);
        }
        last->count++;
        last->box = rect_union(last->box, unit->box);
        last->characters += unit->cjk;
        last->across = last->across || unit->stops;
        last->vertical = last->vertical || unit->direction == DIRECTION_VERTICAL ||
                         last->characters >= CHARACTERS;
    }
    return stacks;
}

/* Does a stack too short to tell belong with this vertical line? */
static gboolean
goes_with(const Stack *stack, const Stack *line)
{
    double em = line->size, away = fabs(middle(stack->box) - middle(line->box));
    if (stack->across || !line->vertical || stack->box.y0 < line->box.y0 - BEYOND * em) {
        return FALSE;
    }
    gboolean beside = stack->box.y1 <= line->box.y1 + BEYOND * em;
    if (stack->size <= RUBY_SIZE * em) {
        return beside && away <= RUBY_AWAY * em;
    }
    if (fabs(stack->size - em) > SAME_SIZE * em) {
        return FALSE;
    }
    if (away <= SAME_AXIS * em) {
        return stack->box.y0 - line->box.y1 <= GAP_MOST * em;
    }
    return beside && away >= 0.8 * em && away <= NEXT_COLUMN * em;
}

static void
stacks_adopt(GArray *stacks)
{
    for (guint i = 1; i < stacks->len; i++) {
        Stack *stack = &g_array_index(stacks, Stack, i);
        stack->vertical = stack->vertical || goes_with(stack, stack - 1);
    }
    for (guint i = stacks->len; i > 1; i--) {
        Stack *stack = &g_array_index(stacks, Stack, i - 2);
        stack->vertical = stack->vertical || goes_with(stack, stack + 1);
    }
}

/* Is this right above, beneath or in a vertical line? */
static gboolean
stands_in(const Stack *stack, const Stack *line)
{
    double em = MIN(stack->size, line->size);
    double gap = MAX(stack->box.y0 - line->box.y1, line->box.y0 - stack->box.y1);
    return line->vertical && fabs(middle(stack->box) - middle(line->box)) <= SAME_AXIS * em &&
           gap <= NEXT_AHEAD * em && fabs(stack->size - line->size) <= SAME_SIZE * line->size;
}

static void
gaps_fill(GArray *stacks)
{
    g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(guint));
    for (guint i = 0; i < stacks->len && lines->len < LINES_MOST; i++) {
        if (g_array_index(stacks, Stack, i).vertical) {
            g_array_append_val(lines, i);
        }
    }
    for (guint i = 0; i < stacks->len && lines->len > 0; i++) {
        Stack *stack = &g_array_index(stacks, Stack, i);
        for (guint k = 0; k < lines->len && !stack->vertical && !stack->across; k++) {
            const Stack *line = &g_array_index(stacks, Stack, g_array_index(lines, guint, k));
            stack->vertical = stands_in(stack, line);
        }
    }
}

static void
mark_unit(Layout *layout, const Unit *unit)
{
    guint8 mark = (guint8)(DIRECTION_VERTICAL | (unit->inked > 1 ? DIRECTION_BESIDE : 0));
    for (guint32 i = unit->first; i <= unit->last; i++) {
        g_array_index(layout->directions, guint8, i) = mark;
    }
}

void
directions_find(Layout *layout, const Page *page)
{
    g_autoptr(GArray) units = units_find(layout, page);
    g_autoptr(GArray) stacks = stacks_find(units);
    stacks_adopt(stacks);
    gaps_fill(stacks);
    for (guint i = 0; i < stacks->len; i++) {
        const Stack *stack = &g_array_index(stacks, Stack, i);
        for (guint k = stack->first; stack->vertical && k < stack->first + stack->count; k++) {
            const Unit *unit = &g_array_index(units, Unit, k);
            if (unit->direction == DIRECTION_RIGHT) {
                mark_unit(layout, unit);
            }
        }
    }
}

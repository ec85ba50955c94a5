/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: lines whose glyphs stand in the order they are read, whatever order they were painted in.
 *
 * 1. Runs. Programs paint text string by string, so neighbours in the content stream that stand on
 *    one baseline, one after the other, belong together. Runs are safe where sorting by
 *    coordinates alone is not: two columns whose lines do not stand level never share a run.
 * 2. Lines. Runs are taken from top to bottom; a run joins the line whose baseline it shares, or
 *    in whose height it stands when it is small. Superscripts and subscripts left alone join the
 *    line in whose gaps they stand.
 * 3. Order. Inside a line glyphs are sorted along the advance.
 * 4. Ruby. A small line of kana that stands just above part of a bigger one reads that part.
 */
#include "lines.h"

#include "directions.h"

/* Baselines further apart than this (in ems of the smaller) are different lines. */
#define SAME_BASELINE 0.28
/* A run goes on if the pen stands within this of where the last glyph ended, in ems. A gap may hold
 * a superscript, so a run does not cross it; the line does. */
#define RUN_BACK (-0.6)
#define RUN_AHEAD 0.3
/* A run smaller than this part of its line's size may sit off the baseline, inside the height. */
#define SMALL_PART 0.9
/* It overlaps no more of the line's text than this part of its width. */
#define OVERLAP 0.3
/* Scripts lie in the line's height with this part of theirs, and are this near to it, ems. */
#define SCRIPT_PART 0.4
#define TOUCHING 0.5
/* Drafts are compared with so many before and after. */
#define NEARBY 48u
/* Ruby: at most this part of the base's size; its lower edge this far (ems of the base) from the
 * base's upper edge. Japanese typesetting sets ruby at half size (JLREQ 3.3). */
#define RUBY_SIZE 0.62
#define RUBY_GAP 0.38

typedef struct {
    guint32 first, count; /* in the sorted/filtered glyph list */
    Rect box;
    double baseline, size;
    gint32 line;
    gint32 next; /* of the same draft, or -1 */
} Run;

Frame
direction_frame(Direction direction)
{
    switch (direction) {
    case DIRECTION_DOWN:
    case DIRECTION_VERTICAL:
        return FRAME_DOWN;
    case DIRECTION_UP:
        return FRAME_UP;
    case DIRECTION_LEFT:
        return FRAME_OVER;
    case DIRECTION_RIGHT:
    case DIRECTION_OTHER:
    default:
        return FRAME_UPRIGHT;
    }
}

Frame
lines_frame(const Layout *layout, const Page *page, const guint32 *glyphs, guint n,
            gboolean *ret_vertical)
{
    guint counts[DIRECTION_LAST + 1] = {0};
    for (guint i = 0; i < n; i++) {
        const Glyph *g = page_glyph(page, glyphs[i]);
        if (!glyph_is_blank(g)) {
            counts[layout_direction(layout, glyphs[i])]++;
        }
    }
    guint best = DIRECTION_RIGHT;
    for (guint d = 0; d <= DIRECTION_LAST; d++) {
        if (counts[d] > counts[best]) {
            best = d;
        }
    }
    *ret_vertical = best == DIRECTION_VERTICAL;
    return direction_frame((Direction)best);
}

static Rect
glyph_box(const Page *page, guint32 index, Frame frame)
{
    return rect_to_frame(glyph_rect(page_glyph(page, index)), frame, page->width, page->height);
}

/* ---- places ---- */

/* Where a glyph stands in its line. Numbers set upright in a vertical line share one place: all of
 * them have its box. */
typedef struct {
    guint32 glyph;
    gint32 line;
    Rect box;
    double baseline, size;
    double beside; /* orders those of one place */
} Place;

static void
share_place(Place *places, guint from, guint to)
{
    Rect box = places[from].box;
    for (guint i = from + 1; i < to; i++) {
        box = rect_union(box, places[i].box);
    }
    for (guint i = from; i < to; i++) {
        places[i].beside = -places[i].box.y0; /* the leftmost is the lowest in FRAME_DOWN */
        places[i].box = box;
        /* as of a character of full width on the same axis */
        places[i].baseline = (box.y0 + box.y1) / 2 + 0.38 * places[i].size;
    }
}

static Place *
places_find(const Layout *layout, const Page *page, const guint32 *glyphs, guint n, Frame frame)
{
    Place *places = g_new0(Place, n + 1);
    guint from = 0;
    for (guint i = 0; i < n; i++) {
        Rect box = glyph_box(page, glyphs[i], frame);
        double size = MAX(0.1, (double)page_glyph_style(page, page_glyph(page, glyphs[i]))->size);
        places[i] = (Place){glyphs[i], 0, box, box.y1 - 0.12 * rect_height(box), size, 0};
        gboolean one_place = frame == FRAME_DOWN && i > from &&
                             layout_is_beside(layout, glyphs[i]) &&
                             layout_is_beside(layout, glyphs[i - 1]) &&
                             fabs(box.x0 - places[i - 1].box.x0) <= 0.3 * size;
        if (!one_place) {
            if (i > from + 1) {
                share_place(places, from, i);
            }
            from = i;
        }
    }
    if (n > from + 1) {
        share_place(places, from, n);
    }
    return places;
}

/* ---- runs ---- */

static gboolean
run_takes(const Run *run, Rect box, double baseline, double size)
{
    double em = MIN(run->size, size);
    if (fabs(run->baseline - baseline) > 0.1 * em || MAX(run->size, size) > 1.6 * em) {
        return FALSE;
    }
    double gap = box.x0 - run->box.x1;
    return gap >= RUN_BACK * em && gap <= RUN_AHEAD * em;
}

static GArray *
runs_find(const Place *places, guint n)
{
    GArray *runs = g_array_new(FALSE, TRUE, sizeof(Run));
    for (guint i = 0; i < n; i++) {
        Rect box = places[i].box;
        double size = places[i].size, baseline = places[i].baseline;
        Run *last = runs->len > 0 ? &g_array_index(runs, Run, runs->len - 1) : NULL;
        if (last != NULL && run_takes(last, box, baseline, size)) {
            last->count++;
            last->box = rect_union(last->box, box);
            continue;
        }
        Run run = {i, 1, box, baseline, size, -1, -1};
        g_array_append_val(runs, run);
    }
    return runs;
}

/* ---- lines from runs ---- */

typedef struct {
    double baseline, size;
    double x0, x1;
    Rect box;
    gint32 first, last; /* runs */
} Draft;

static gint
run_order(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const Run *runs = user_data;
    const Run *p = &runs[*(const guint32 *)a], *q = &runs[*(const guint32 *)b];
    if (p->baseline != q->baseline) {
        return p->baseline < q->baseline ? -1 : 1;
    }
    if (p->box.x0 != q->box.x0) {
        return p->box.x0 < q->box.x0 ? -1 : 1;
    }
    return p->first < q->first ? -1 : p->first > q->first;
}

/* Does a run stand in a gap of the draft, or at its end, and not above or below its text? */
static gboolean
has_room(GArray *runs, const Draft *draft, const Run *run)
{
    double most = OVERLAP * MIN(MIN(draft->size, run->size), rect_width(run->box));
    for (gint32 i = draft->first; i >= 0; i = g_array_index(runs, Run, i).next) {
        const Run *other = &g_array_index(runs, Run, i);
        if (interval_overlap(other->box.x0, other->box.x1, run->box.x0, run->box.x1) >= most) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
draft_takes(GArray *runs, const Draft *draft, const Run *run, double bridge)
{
    double em = MIN(draft->size, run->size);
    gboolean level = fabs(draft->baseline - run->baseline) <= SAME_BASELINE * em;
    if (!level) {
        const gboolean small = run->size <= SMALL_PART * draft->size;
        const gboolean big = draft->size <= SMALL_PART * run->size;
        double middle_run = (run->box.y0 + run->box.y1) / 2;
        double middle_draft = (draft->box.y0 + draft->box.y1) / 2;
        gboolean inside = (small && middle_run > draft->box.y0 && middle_run < draft->box.y1) ||
                          (big && middle_draft > run->box.y0 && middle_draft < run->box.y1);
        if (!inside || !has_room(runs, draft, run)) {
            return FALSE;
        }
    }
    double gap = MAX(run->box.x0 - draft->x1, draft->x0 - run->box.x1);
    return gap <= bridge * em;
}

static void
draft_add(GArray *runs, Draft *draft, gint32 index)
{
    Run *run = &g_array_index(runs, Run, index);
    g_array_index(runs, Run, draft->last).next = index;
    draft->last = index;
    if (run->size > draft->size) {
        draft->size = run->size;
        draft->baseline = run->baseline;
    }
    draft->x0 = MIN(draft->x0, run->box.x0);
    draft->x1 = MAX(draft->x1, run->box.x1);
    draft->box = rect_union(draft->box, run->box);
}

/* The newest drafts near this height are enough: runs come sorted by baseline. */
static gint32
draft_for(GArray *drafts, GArray *runs, const Run *run, double bridge)
{
    gint32 best = -1;
    double best_gap = INFINITY;
    for (guint i = drafts->len; i > 0; i--) {
        const Draft *d = &g_array_index(drafts, Draft, i - 1);
        if (run->baseline - d->baseline > 3 * MAX(run->size, d->size) && drafts->len - i > 64) {
            break;
        }
        if (!draft_takes(runs, d, run, bridge)) {
            continue;
        }
        double gap = MAX(MAX(run->box.x0 - d->x1, d->x0 - run->box.x1), 0);
        double off = fabs(run->baseline - d->baseline) + 0.01 * gap;
        if (off < best_gap) {
            best_gap = off;
            best = (gint32)i - 1;
        }
    }
    return best;
}

/* Assigns each run a draft. With a bounded bridge two drafts may turn out to be one once a run
 * stands between them, so neighbours on one baseline are joined at the end. */
static GArray *
drafts_find(GArray *runs, double bridge)
{
    GArray *drafts = g_array_new(FALSE, TRUE, sizeof(Draft));
    g_autofree guint32 *sorted = g_new(guint32, runs->len + 1);
    for (guint32 i = 0; i < runs->len; i++) {
        sorted[i] = i;
    }
    g_qsort_with_data(sorted, (gint)runs->len, sizeof(guint32), run_order, runs->data);
    for (guint i = 0; i < runs->len; i++) {
        Run *run = &g_array_index(runs, Run, sorted[i]);
        run->line = draft_for(drafts, runs, run, bridge);
        if (run->line < 0) {
            gint32 index = (gint32)sorted[i];
            Draft draft = {run->baseline, run->size, run->box.x0, run->box.x1,
                           run->box,      index,     index};
            run->line = (gint32)drafts->len;
            g_array_append_val(drafts, draft);
        } else {
            draft_add(runs, &g_array_index(drafts, Draft, run->line), (gint32)sorted[i]);
        }
    }
    return drafts;
}

static gboolean
drafts_meet(const Draft *a, const Draft *b, double bridge)
{
    double em = MIN(a->size, b->size);
    double gap = MAX(a->x0 - b->x1, b->x0 - a->x1);
    return fabs(a->baseline - b->baseline) <= SAME_BASELINE * em && gap <= bridge * em;
}

static void
draft_join(GArray *runs, Draft *draft, const Draft *other)
{
    if (other->size > draft->size) {
        draft->size = other->size;
        draft->baseline = other->baseline;
    }
    g_array_index(runs, Run, draft->last).next = other->first;
    draft->last = other->last;
    draft->x0 = MIN(draft->x0, other->x0);
    draft->x1 = MAX(draft->x1, other->x1);
    draft->box = rect_union(draft->box, other->box);
}

static gboolean
touches(GArray *runs, const Draft *draft, const Run *run)
{
    for (gint32 i = draft->first; i >= 0; i = g_array_index(runs, Run, i).next) {
        Rect box = g_array_index(runs, Run, i).box;
        double gap = MAX(run->box.x0 - box.x1, box.x0 - run->box.x1);
        if (gap <= TOUCHING * run->size) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Are these the superscripts or subscripts of a line? Each fills a gap of it, or its end, and
 * touches what it belongs to. Ruby has text beneath. */
static gboolean
are_scripts(GArray *runs, const Draft *scripts, const Draft *line)
{
    double height = rect_height(scripts->box);
    if (scripts->size > SMALL_PART * line->size ||
        interval_overlap(scripts->box.y0, scripts->box.y1, line->box.y0, line->box.y1) <
            SCRIPT_PART * height) {
        return FALSE;
    }
    for (gint32 i = scripts->first; i >= 0; i = g_array_index(runs, Run, i).next) {
        const Run *run = &g_array_index(runs, Run, i);
        if (!has_room(runs, line, run) || !touches(runs, line, run)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Scripts above the baseline came before their lines, so a line of several has found one of them;
 * the others and the low ones that found none join it here. */
static void
scripts_join(GArray *drafts, GArray *runs, gint32 *target)
{
    for (guint i = 0; i < drafts->len; i++) {
        const Draft *scripts = &g_array_index(drafts, Draft, i);
        guint from = i > NEARBY ? i - NEARBY : 0, to = MIN(i + NEARBY, drafts->len);
        for (guint k = from; k < to && target[i] == (gint32)i; k++) {
            Draft *line = &g_array_index(drafts, Draft, k);
            if (k != i && target[k] == (gint32)k && are_scripts(runs, scripts, line)) {
                target[i] = (gint32)k;
                draft_join(runs, line, scripts);
            }
        }
    }
}

static void
drafts_join(GArray *drafts, GArray *runs, double bridge)
{
    g_autofree gint32 *target = g_new(gint32, drafts->len + 1);
    for (guint i = 0; i < drafts->len; i++) {
        target[i] = (gint32)i;
        Draft *a = &g_array_index(drafts, Draft, i);
        for (guint k = i > NEARBY ? i - NEARBY : 0; k < i; k++) {
            const Draft *b = &g_array_index(drafts, Draft, k);
            if (target[k] == (gint32)k && drafts_meet(a, b, bridge)) {
                target[k] = (gint32)i;
                draft_join(runs, a, b);
            }
        }
    }
    scripts_join(drafts, runs, target);
    for (guint i = 0; i < runs->len; i++) {
        Run *run = &g_array_index(runs, Run, i);
        while (target[run->line] != run->line) {
            run->line = target[run->line];
        }
    }
}

/* ---- glyphs in order ---- */

typedef struct {
    double baseline, x0;
    gint32 line;
} LineKey;

static gint
place_order(gconstpointer a, gconstpointer b, gpointer user_data)
{
    (void)user_data;
    const Place *p = a, *q = b;
    if (p->line != q->line) {
        return p->line < q->line ? -1 : 1;
    }
    double m = p->box.x0 + p->box.x1, n = q->box.x0 + q->box.x1;
    if (m != n) {
        return m < n ? -1 : 1;
    }
    if (p->beside != q->beside) {
        return p->beside < q->beside ? -1 : 1;
    }
    return p->glyph < q->glyph ? -1 : p->glyph > q->glyph;
}

static gint
key_order(gconstpointer a, gconstpointer b, gpointer user_data)
{
    (void)user_data;
    const LineKey *p = a, *q = b;
    if (p->baseline != q->baseline) {
        return p->baseline < q->baseline ? -1 : 1;
    }
    return p->x0 < q->x0 ? -1 : p->x0 > q->x0;
}

/* Lines get their rank from top to bottom; lines on one baseline from left to right. */
static void
lines_rank(GArray *drafts, gint32 *rank)
{
    g_autofree LineKey *keys = g_new(LineKey, drafts->len + 1);
    for (guint i = 0; i < drafts->len; i++) {
        const Draft *d = &g_array_index(drafts, Draft, i);
        keys[i] = (LineKey){d->baseline, d->x0, (gint32)i};
    }
    g_qsort_with_data(keys, (gint)drafts->len, sizeof(LineKey), key_order, NULL);
    for (guint i = 1; i < drafts->len; i++) { /* nearly level lines: by x */
        LineKey key = keys[i];
        guint k = i;
        const Draft *d = &g_array_index(drafts, Draft, key.line);
        while (k > 0 && key.baseline - keys[k - 1].baseline < SAME_BASELINE * d->size &&
               keys[k - 1].x0 > key.x0) {
            keys[k] = keys[k - 1];
            k--;
        }
        keys[k] = key;
    }
    for (guint i = 0; i < drafts->len; i++) {
        rank[keys[i].line] = (gint32)i;
    }
}

static void
line_measure(Line *line, const Layout *layout, const Page *page, const guint32 *order)
{
    line->box = rect_none();
    guint bold = 0, serif = 0, vertical = 0, inked = 0;
    double best = 0;
    guint best_count = 0, count = 0;
    double size = 0;
    for (guint i = 0; i < line->count; i++) {
        const Glyph *g = page_glyph(page, order[line->first + i]);
        const Style *style = page_glyph_style(page, g);
        if (glyph_is_blank(g)) {
            continue;
        }
        line->box = rect_union(line->box, glyph_box(page, order[line->first + i], line->frame));
        inked++;
        bold += (style->flags & STYLE_BOLD) != 0;
        serif += (style->flags & STYLE_SERIF) != 0;
        vertical += layout_direction(layout, order[line->first + i]) == DIRECTION_VERTICAL;
        /* majority vote in one pass, then the size of the longest stretch */
        count = fabs(size - (double)style->size) < 0.05 ? count + 1 : 1;
        size = (double)style->size;
        if (count > best_count || (count == best_count && size > best)) {
            best_count = count;
            best = size;
        }
    }
    line->size = best;
    line->bold = bold * 2 > inked;
    line->serif = serif * 2 > inked;
    line->vertical = vertical * 2 > inked;
}

static void
line_close(Layout *layout, const Page *page, Line *line, const Draft *draft)
{
    const guint32 *order = (const guint32 *)(void *)layout->order->data;
    line_measure(line, layout, page, order);
    line->baseline = draft->baseline;
    if (line->box.x1 < line->box.x0) { /* nothing but blanks */
        line->box = draft->box;
        for (guint i = 0; i < line->count; i++) {
            g_array_index(layout->dropped, guint8, order[line->first + i]) = DROP_BLANK;
        }
        g_array_set_size(layout->order, line->first);
        return;
    }
    g_array_append_val(layout->lines, *line);
}

/* ---- ruby ---- */

static gboolean
is_kana(guint32 c)
{
    return (c >= 0x3041 && c <= 0x30FF) || c == 0x30FB || c == 0x30FC;
}

static gboolean
line_is_kana(const Layout *layout, const Page *page, const Line *line)
{
    for (guint i = 0; i < line->count; i++) {
        const Glyph *g = page_glyph(page, g_array_index(layout->order, guint32, line->first + i));
        if (!glyph_is_blank(g) && !is_kana(g->unicode)) {
            return FALSE;
        }
    }
    return TRUE;
}

static void
ruby_find(Layout *layout, const Page *page, guint first)
{
    for (guint i = layout->lines->len; i-- > first;) { /* a base is decided on before its ruby */
        Line *ruby = &g_array_index(layout->lines, Line, i);
        for (guint k = i + 1; k < layout->lines->len && k < i + 24; k++) {
            const Line *base = layout_line(layout, k);
            double gap = base->box.y0 - ruby->box.y1;
            gboolean above = fabs(gap) <= RUBY_GAP * base->size;
            gboolean within = ruby->box.x0 >= base->box.x0 - base->size &&
                              ruby->box.x1 <= base->box.x1 + base->size;
            if (ruby->size <= RUBY_SIZE * base->size && above && within &&
                !(base->flags & LINE_RUBY) && line_is_kana(layout, page, ruby)) {
                ruby->flags |= LINE_RUBY;
                ruby->base = (gint32)k;
                break;
            }
        }
    }
}

void
lines_find(Layout *layout, const Page *page, const guint32 *glyphs, guint n, Frame frame,
           double bridge)
{
    guint first_line = layout->lines->len;
    g_autofree Place *places = places_find(layout, page, glyphs, n, frame);
    g_autoptr(GArray) runs = runs_find(places, n);
    g_autoptr(GArray) drafts = drafts_find(runs, bridge);
    drafts_join(drafts, runs, bridge);
    g_autofree gint32 *rank = g_new(gint32, drafts->len + 1);
    lines_rank(drafts, rank);
    for (guint r = 0; r < runs->len; r++) {
        const Run *run = &g_array_index(runs, Run, r);
        for (guint i = run->first; i < run->first + run->count; i++) {
            places[i].line = rank[run->line];
        }
    }
    g_qsort_with_data(places, (gint)n, sizeof(Place), place_order, NULL);
    g_autofree gint32 *draft_at = g_new(gint32, drafts->len + 1);
    for (guint i = 0; i < drafts->len; i++) {
        draft_at[rank[i]] = (gint32)i;
    }
    for (guint i = 0; i < n;) {
        Line line = {.first = layout->order->len, .base = -1, .frame = (guint8)frame};
        gint32 row = places[i].line;
        for (; i < n && places[i].line == row; i++) {
            g_array_append_val(layout->order, places[i].glyph);
            line.count++;
        }
        line_close(layout, page, &line, &g_array_index(drafts, Draft, draft_at[row]));
    }
    ruby_find(layout, page, first_line);
}

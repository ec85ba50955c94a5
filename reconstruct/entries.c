/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "entries.h"

#include "chars.h"
#include "marks.h"
#include "text.h"

/* A gap before an amount is at least this wide, ems. */
#define AMOUNT_GAP 1.4
/* Amounts end at one place within this, ems, and so do the beginnings of a label's lines. */
#define ALIGNED 0.5
/* So many amounts show a column of them. */
#define AMOUNTS_LEAST 2u
/* A label's line that leaves less room than this before the labels' edge, ems, is full. */
#define ROOM 1.35
/* Lines of one label are at most this far apart, ems. */
#define LEADING 2.2
/* A piece is this far, ems, from being level with the lines above and below it. */
#define BETWEEN 0.15
/* So many lines of a label are looked at on either side of what stands half way up. */
#define LABEL_HALF 8u
/* A number before a label is at most so long, ems. */
#define NUMBER_LONG 4.0

typedef struct {
    guint split;      /* position in the line's glyphs where the amount begins; 0: none */
    double label;     /* where the label ends */
    double from, to;  /* where the amount begins and ends */
    gboolean counted; /* the label ends with a number: what it is counted from, and over */
} Tail;

static Line *
line_at(Layout *layout, guint i)
{
    return &g_array_index(layout->lines, Line, i);
}

static const Glyph *
glyph_of(const Layout *layout, const Page *page, const Line *line, guint i)
{
    return page_glyph(page, g_array_index(layout->order, guint32, line->first + i));
}

static Rect
box_of(const Layout *layout, const Page *page, const Line *line, guint i)
{
    return rect_to_frame(glyph_rect(glyph_of(layout, page, line, i)), (Frame)line->frame,
                         page->width, page->height);
}

/* An amount at the line's end, after a gap and a label. */
static Tail
tail_find(const Layout *layout, const Page *page, const Line *line)
{
    Tail tail = {0};
    double end = INFINITY;
    gboolean amount = FALSE, label = FALSE, digits = FALSE, number = FALSE, counted = FALSE;
    for (guint i = 0; i < line->count; i++) {
        const Glyph *g = glyph_of(layout, page, line, i);
        if (glyph_is_blank(g)) {
            continue;
        }
        Rect box = box_of(layout, page, line, i);
        if (box.x0 - end >= AMOUNT_GAP * line->size) {
            tail = (Tail){i, end, box.x0, box.x1, FALSE};
            counted = number;
            amount = TRUE;
            digits = FALSE;
        }
        number = char_is_digit(g->unicode);
        label = label || (tail.split == 0 && !char_is_amount(g->unicode));
        amount = amount && char_is_amount(g->unicode);
        digits = digits || char_is_digit(g->unicode);
        end = end < INFINITY ? MAX(end, box.x1) : box.x1;
        tail.to = box.x1;
    }
    if (!amount || !label || !digits) {
        tail.split = 0;
    }
    tail.counted = tail.split > 0 && counted;
    return tail;
}

static gboolean
is_amount(const Layout *layout, const Page *page, const Line *line)
{
    gboolean digits = FALSE;
    for (guint i = 0; i < line->count; i++) {
        const Glyph *g = glyph_of(layout, page, line, i);
        if (!glyph_is_blank(g) && !char_is_amount(g->unicode)) {
            return FALSE;
        }
        digits = digits || char_is_digit(g->unicode);
    }
    return digits;
}

/* May this line be the next one of the label that `before` is a line of? */
static gboolean
label_goes_on(const Layout *layout, const Page *page, guint before, guint line)
{
    const Line *a = layout_line(layout, before), *b = layout_line(layout, line);
    guint32 c[8];
    guint n = text_line_start(page, layout, line, c, G_N_ELEMENTS(c));
    Start start = start_read(c, n);
    return start.kind == MARK_NONE && a->bold == b->bold &&
           fabs(a->size - b->size) < 0.1 * a->size && b->box.x0 >= a->box.x0 - ALIGNED * a->size &&
           b->baseline - a->baseline < LEADING * a->size;
}

/* Moves the line `from` to the place `to`. */
static void
line_move(Layout *layout, guint from, guint to)
{
    Line line = *line_at(layout, from);
    g_array_remove_index(layout->lines, from);
    g_array_insert_val(layout->lines, to, line);
}

/* ---- pieces half way up ---- */

/* How many lines above and below line i, as many on either side, are of one label that it stands
 * beside, half way up? */
static guint
lines_beside(const Layout *layout, const Page *page, guint first, guint i)
{
    const Line *piece = layout_line(layout, i);
    guint k = 0;
    while (k < LABEL_HALF && i >= first + k + 1 && i + k + 1 < layout->lines->len) {
        const Line *above = layout_line(layout, i - k - 1), *below = layout_line(layout, i + k + 1);
        double em = above->size;
        guint last = k == 0 ? i - 1 : i + k;
        gboolean level = piece->baseline - above->baseline < BETWEEN * em ||
                         below->baseline - piece->baseline < BETWEEN * em;
        gboolean middle =
            fabs(above->baseline + below->baseline - 2 * piece->baseline) < 2 * ALIGNED * em;
        gboolean aligned = fabs(above->box.x0 - below->box.x0) < ALIGNED * em;
        gboolean follows = label_goes_on(layout, page, last, i + k + 1) &&
                           (k == 0 || label_goes_on(layout, page, i - k - 1, i - k));
        if (level || !middle || !aligned || !follows) {
            break;
        }
        k++;
    }
    return k;
}

static void
piece_place(Layout *layout, const Page *page, guint first, guint i)
{
    const Line piece = *layout_line(layout, i);
    guint k = lines_beside(layout, page, first, i);
    double lo = INFINITY, hi = -INFINITY;
    for (guint n = i - k; n <= i + k && k > 0; n++) {
        if (n != i) {
            lo = MIN(lo, layout_line(layout, n)->box.x0);
            hi = MAX(hi, layout_line(layout, n)->box.x1);
        }
    }
    gboolean before = piece.box.x1 <= lo && rect_width(piece.box) <= NUMBER_LONG * piece.size;
    gboolean behind = piece.box.x0 >= hi + 0.5 * piece.size && is_amount(layout, page, &piece);
    if (k == 0 || (!before && !behind)) {
        return;
    }
    for (guint n = i - k; n <= i + k; n++) {
        line_at(layout, n)->flags |= n > i - k && n != i ? LINE_GOES_ON : 0;
    }
    if (before) {
        line_at(layout, i - k)->flags |= LINE_GOES_ON | LINE_APART;
        line_move(layout, i, i - k);
    } else {
        line_at(layout, i)->flags |= LINE_GOES_ON | LINE_APART | LINE_ENDS;
        line_move(layout, i, i + k);
    }
}

/* ---- amounts level with the first line ---- */

/* The column that the amounts at the ends of lines make: where the labels end at most, and where
 * the amounts begin at least. FALSE if there is none. */
static gboolean
amounts_find(const Layout *layout, const Page *page, guint first, Interval *ret_between)
{
    double end = -INFINITY, labels = -INFINITY, amounts = INFINITY;
    guint n = 0;
    for (guint pass = 0; pass < 2; pass++) {
        for (guint i = first; i < layout->lines->len; i++) {
            const Line *line = layout_line(layout, i);
            Tail tail = tail_find(layout, page, line);
            if (tail.split == 0) {
                continue;
            }
            if (pass == 0) {
                end = MAX(end, tail.to);
            } else if (end - tail.to < ALIGNED * line->size) {
                n++;
                labels = MAX(labels, tail.label);
                amounts = MIN(amounts, tail.from);
            }
        }
    }
    *ret_between = (Interval){labels, amounts};
    return n >= AMOUNTS_LEAST && labels < amounts;
}

/* Does a line of a label begin where the first one does, or its text after a mark? What is further
 * in is an item of its own. */
static gboolean
begins_below(const Layout *layout, const Page *page, const Line *label, const Line *next)
{
    double near = ALIGNED / 2 * label->size, end = INFINITY, text = label->box.x0;
    gboolean blank = FALSE;
    for (guint i = 0; i < label->count; i++) {
        if (glyph_is_blank(glyph_of(layout, page, label, i))) {
            blank = TRUE;
            continue;
        }
        Rect box = box_of(layout, page, label, i);
        if (end < INFINITY && (blank || box.x0 - end > near)) {
            gboolean mark = end - label->box.x0 <= NUMBER_LONG * label->size;
            text = mark ? box.x0 : text;
            break;
        }
        end = box.x1;
        blank = FALSE;
    }
    return fabs(label->box.x0 - next->box.x0) < near || fabs(text - next->box.x0) < near;
}

/* How many lines after i, all without an amount, go on with its label, which ends at `label`? */
static guint
rest_of_label(const Layout *layout, const Page *page, guint i, double label, Interval between)
{
    guint n = 0;
    double end = label;
    while (i + n + 1 < layout->lines->len) {
        const Line *next = layout_line(layout, i + n + 1);
        gboolean full = between.lo - end < ROOM * next->size;
        if (!full || next->box.x1 >= between.hi ||
            !begins_below(layout, page, layout_line(layout, i), next) ||
            !label_goes_on(layout, page, i + n, i + n + 1) ||
            tail_find(layout, page, next).split > 0) {
            break;
        }
        end = next->box.x1;
        n++;
    }
    return n;
}

static Rect
glyphs_box(const Layout *layout, const Page *page, const Line *line)
{
    Rect box = rect_none();
    for (guint i = 0; i < line->count; i++) {
        if (!glyph_is_blank(glyph_of(layout, page, line, i))) {
            box = rect_union(box, box_of(layout, page, line, i));
        }
    }
    return box;
}

/* Takes the amount off line i and puts it after the `rest` lines that follow. */
static void
amount_move(Layout *layout, const Page *page, guint i, guint split, guint rest)
{
    Line amount = *line_at(layout, i);
    Line *label = line_at(layout, i);
    amount.first += split;
    amount.count -= split;
    label->count = split;
    label->box = glyphs_box(layout, page, label);
    amount.box = glyphs_box(layout, page, &amount);
    amount.flags |= LINE_GOES_ON | LINE_APART | LINE_ENDS;
    for (guint n = 1; n <= rest; n++) {
        line_at(layout, i + n)->flags |= LINE_GOES_ON;
    }
    g_array_insert_val(layout->lines, i + rest + 1, amount);
}

void
entries_arrange(Layout *layout, const Page *page, guint first)
{
    for (guint i = first; i < layout->lines->len; i++) {
        const Line *line = layout_line(layout, i);
        if ((line->flags & LINE_RUBY) || line->vertical ||
            line->frame != layout_line(layout, first)->frame) {
            return;
        }
    }
    for (guint i = first + 1; i + 1 < layout->lines->len; i++) {
        piece_place(layout, page, first, i);
    }
    Interval between;
    if (!amounts_find(layout, page, first, &between)) {
        return;
    }
    for (guint i = first; i < layout->lines->len; i++) {
        Tail tail = tail_find(layout, page, layout_line(layout, i));
        guint rest = tail.split > 0 && !tail.counted
                         ? rest_of_label(layout, page, i, tail.label, between)
                         : 0;
        if (rest > 0) {
            amount_move(layout, page, i, tail.split, rest);
            i += rest + 1;
        }
    }
}

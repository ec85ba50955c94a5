/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: tell a line that goes on from one that ends its paragraph.
 *
 * The question asked of every line is the typesetter's: would the first unit of the next line have
 * fit on this one? A unit is what may not be broken: a character with the brackets and stops that
 * stick to it, or a Latin word or number. If it would have fit, the break was meant, and a
 * paragraph ends. Beside that: a list mark, a first-line indent, a change of size, a wider gap.
 *
 * Known failures: centred text of several short lines; ragged text whose lines were broken by hand
 * short of the edge comes out as paragraphs.
 */
#include "paragraphs.h"

#include "chars.h"
#include "marks.h"
#include "text.h"

/* A unit fits if the room left is larger by this many ems (rounding, loose justification). */
#define FIT_SLACK 0.35
/* Lines further apart than this times the usual distance stand in different paragraphs. */
#define GAP_RATIO 1.42
/* … and with no usual distance to compare, this many ems. */
#define GAP_EMS 2.3
/* Sizes further apart than this part are different. */
#define SIZE_DIFFERS 0.12
/* A first-line indent is between these, in ems. */
#define INDENT_LEAST 0.6
#define INDENT_MOST 2.6
/* Lines whose middles are this near (ems) are centred. */
#define CENTRED 0.3
/* … in their column, if it leaves so much (ems) on either side. */
#define CENTRED_ROOM 3.0
/* … and this much if a title goes on beneath it. */
#define TITLE_ROOM 1.0
/* A title goes on in the next line if this one takes so much of the column and is so long (ems). */
#define TITLE_WIDE 0.5
#define TITLE_EMS 18.0
/* What begins beyond this part of the column and is at most so long (ems) is set to its right. */
#define RIGHT_PART 0.4
#define RIGHT_EMS 16.0
/* A line whose last wide gap is this wide (ems), with but an amount after it, is an entry. */
#define AMOUNT_GAP 1.4
/* A stretch of at least three lines this long (ems), all ending within this of each other, is
 * justified there, whatever the rest of the column does: text beside a picture. */
#define JUSTIFIED_EMS 12.0
#define JUSTIFIED_NEAR 0.2
/* Two such lines are enough if they are this long. */
#define TWO_JUSTIFIED_EMS 20.0
/* In a column of so few lines two equal ends are its edge. */
#define FEW_LINES 6u
/* Lines that end this near (ems) to the furthest one keep a common edge; so many show it. */
#define EDGE_NEAR 0.75
#define EDGE_LINES 3u

/* So many lines that end in page numbers are a list of contents, if all of them count on. */
#define CONTENTS_LINES 4u
/* So many dots in a row lead the eye. */
#define LEADER_DOTS 6u
#define UNIT_MOST 24u
/* A bracket goes over at most so many lines. */
#define BRACKET_LINES 4u
/* A gap (ems) after a mark that is one: digits are narrow, and 一 begins words too. */
#define SPACE 0.3
#define WIDE_SPACE 0.7

static const Line *
nth(const Layout *layout, GArray *lines, guint i)
{
    return layout_line(layout, g_array_index(lines, guint, i));
}

static gint
descending(gconstpointer a, gconstpointer b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p > q ? -1 : p < q;
}

/* Where the lines end; stops may hang out over the edge, so lines that end in one do not count
 * unless there is little else. */
static GArray *
line_ends(const Page *page, const Layout *layout, GArray *lines)
{
    GArray *ends = g_array_new(FALSE, TRUE, sizeof(double));
    for (int pass = 0; pass < 2 && ends->len < EDGE_LINES; pass++) {
        g_array_set_size(ends, 0);
        for (guint i = 0; i < lines->len; i++) {
            guint32 last = text_line_end(page, layout, g_array_index(lines, guint, i));
            gboolean stop = last == 0x3001 || last == 0x3002 || last == 0xFF0C || last == 0xFF0E ||
                            last == 0x300D || last == 0xFF09;
            if (pass == 1 || !stop) {
                double end = nth(layout, lines, i)->box.x1;
                g_array_append_val(ends, end);
            }
        }
    }
    g_array_sort(ends, descending);
    return ends;
}

double
right_edge_find(const Page *page, const Layout *layout, GArray *lines, double fallback)
{
    g_autoptr(GArray) ends = line_ends(page, layout, lines);
    double em = 0;
    for (guint i = 0; i < lines->len; i++) {
        em = MAX(em, nth(layout, lines, i)->size);
    }
    /* a lone line may stick out, most may not */
    for (guint i = 0; i + EDGE_LINES <= ends->len && i <= ends->len / 4; i++) {
        double end = g_array_index(ends, double, i);
        guint keep = 0;
        for (guint k = i; k < ends->len; k++) {
            keep += end - g_array_index(ends, double, k) <= EDGE_NEAR * em;
        }
        if (keep >= EDGE_LINES && keep > i) {
            return end;
        }
    }
    if (ends->len >= 2 && lines->len <= FEW_LINES &&
        g_array_index(ends, double, 0) - g_array_index(ends, double, 1) <= JUSTIFIED_NEAR * em) {
        return g_array_index(ends, double, 0);
    }
    return ends->len > 0 ? MAX(g_array_index(ends, double, 0), fallback) : fallback;
}

/* ---- the unit ---- */

static gboolean
sticks(guint32 a, guint32 b)
{
    if (char_opens(a) || char_closes(b)) {
        return TRUE;
    }
    if (char_is_hangul(a) && char_is_hangul(b)) {
        return TRUE;
    }
    return (char_is_latin(a) || a == '.' || a == ',' || a == '-') && (char_is_latin(b));
}

/* Width of what may not be broken at the start of a line, points. */
static double
unit_width(const Page *page, const Layout *layout, const Line *line)
{
    guint32 last = 0;
    double x0 = 0, x1 = 0;
    guint n = 0;
    for (guint i = line->first; i < line->first + line->count && n < UNIT_MOST; i++) {
        guint32 index = g_array_index(layout->order, guint32, i);
        const Glyph *g = page_glyph(page, index);
        if (glyph_is_blank(g)) {
            if (n > 0) {
                break;
            }
            continue;
        }
        Rect box = rect_to_frame(glyph_rect(g), (Frame)line->frame, page->width, page->height);
        if (n == 0) {
            x0 = box.x0;
        } else if (!sticks(last, g->unicode)) {
            break;
        }
        x1 = MAX(x1, box.x1);
        last = g->unicode;
        n++;
    }
    return x1 - x0;
}

static gboolean
line_is_full(const Page *page, const Layout *layout, const Line *line, const Line *next,
             double right)
{
    double room = right - line->box.x1;
    double unit = next != NULL ? unit_width(page, layout, next) : line->size;
    return room < unit + FIT_SLACK * line->size;
}

/* ---- marks ---- */

/* Is there a space, or a gap of `least` ems, after the first `length` inked characters? */
static gboolean
space_after(const Page *page, const Layout *layout, const Line *line, guint length, double least)
{
    guint n = 0;
    double end = 0;
    gboolean blank = FALSE;
    for (guint i = line->first; i < line->first + line->count; i++) {
        guint32 index = g_array_index(layout->order, guint32, i);
        const Glyph *g = page_glyph(page, index);
        Rect box = rect_to_frame(glyph_rect(g), (Frame)line->frame, page->width, page->height);
        if (glyph_is_blank(g)) {
            blank = TRUE;
            continue;
        }
        if (n == length) {
            return blank || box.x0 - end > least * line->size;
        }
        n++;
        end = box.x1;
        blank = FALSE;
    }
    return FALSE;
}

static Start
line_start(const Page *page, const Layout *layout, guint index)
{
    guint32 c[32];
    const Line *line = layout_line(layout, index);
    guint n = text_line_start(page, layout, index, c, G_N_ELEMENTS(c));
    Start start = start_read(c, n);
    gboolean kanji = start.kind == MARK_NUMBER && start.depth == 0;
    double least = kanji ? WIDE_SPACE : SPACE;
    start.spaced = start.length > 0 && space_after(page, layout, line, start.length, least);
    gboolean bare = (start.kind == MARK_NUMBER && start.depth <= 1) ||
                    ((start.kind == MARK_KANA || start.kind == MARK_LETTER) && start.length == 1);
    gboolean pointed = start.kind == MARK_NUMBER && start.length > 1 && start.length < n &&
                       !char_is_digit(c[start.length - 1]) &&
                       !(kanji && c[start.length - 1] != 0x3001);
    gboolean spread = kanji && space_after(page, layout, line, start.length + 1, SPACE); /* 一 般 */
    if (bare && !pointed && (!start.spaced || spread)) {
        return (Start){0};
    }
    return start;
}

/* Marks that stand at a line's start only when they open something. */
static gboolean
mark_is_sure(const Start *start)
{
    return start->kind == MARK_BULLET || start->kind == MARK_NOTE || start->kind == MARK_BRACKET ||
           start->kind == MARK_CIRCLED || start->kind == MARK_CHAPTER ||
           (start->kind == MARK_LETTER && start->length > 1) ||
           (start->spaced && start->kind != MARK_NONE);
}

/* ---- breaks ---- */

static double
usual_distance(const Layout *layout, GArray *lines)
{
    double least = INFINITY;
    g_autoptr(GArray) distances = g_array_new(FALSE, TRUE, sizeof(double));
    for (guint i = 1; i < lines->len; i++) {
        const Line *a = nth(layout, lines, i - 1), *b = nth(layout, lines, i);
        double d = b->baseline - a->baseline;
        /* what stands beside a fraction is half a line lower, and under nothing */
        gboolean beneath = interval_overlap(a->box.x0, a->box.x1, b->box.x0, b->box.x1) > 0;
        if (beneath && d > 0.5 * b->size && fabs(a->size - b->size) <= SIZE_DIFFERS * b->size) {
            g_array_append_val(distances, d);
            least = MIN(least, d);
        }
    }
    if (distances->len < 2) {
        return 0;
    }
    /* the most common distance, to a tenth of its size */
    double best = least;
    guint best_count = 0;
    for (guint i = 0; i < distances->len && i < 200; i++) {
        double d = g_array_index(distances, double, i);
        guint count = 0;
        for (guint k = 0; k < distances->len && k < 200; k++) {
            count += fabs(g_array_index(distances, double, k) - d) <= 0.06 * d;
        }
        if (count > best_count || (count == best_count && d < best)) {
            best_count = count;
            best = d;
        }
    }
    return best;
}

typedef struct {
    const Page *page;
    const Layout *layout;
    GArray *lines;
    double left, right, usual;
    gboolean in_cell;
    gboolean mixed;   /* lines of several sizes */
    GArray *usual_of; /* UsualOfSize: those that were asked for */
} Column;

/* The usual distance among lines of a size. A column can have thousands of lines, each of which
 * asks for it, and has few sizes. */
typedef struct {
    double size, usual;
} UsualOfSize;

static gboolean
ends_sentence(const Column *c, guint i)
{
    guint32 end = text_line_end(c->page, c->layout, g_array_index(c->lines, guint, i));
    return end == 0x3002 || end == 0xFF0E || end == 0xFF61 || end == '.' || end == 0xFF09 ||
           end == ')' || end == 0x300D || end == ':' || end == 0xFF1A || end == 0x3011 ||
           end == '>' || end == 0xFF1E;
}

/* Does line i begin where, in the line above it, text begins after a label and a space? */
static gboolean
hangs_under(const Column *c, guint i)
{
    const Line *a = nth(c->layout, c->lines, i - 1), *b = nth(c->layout, c->lines, i);
    double end = a->box.x0;
    gboolean blank = FALSE;
    for (guint k = a->first; k < a->first + a->count; k++) {
        guint32 index = g_array_index(c->layout->order, guint32, k);
        const Glyph *g = page_glyph(c->page, index);
        Rect box = rect_to_frame(glyph_rect(g), (Frame)a->frame, c->page->width, c->page->height);
        if (glyph_is_blank(g)) {
            blank = TRUE;
            continue;
        }
        if ((blank || box.x0 - end > 0.3 * a->size) && fabs(box.x0 - b->box.x0) < 1.1 * a->size) {
            return TRUE;
        }
        end = box.x1;
        blank = FALSE;
    }
    return FALSE;
}

/* The usual distance among the lines of this size; of all lines if they tell nothing. */
static double
usual_for(const Column *c, double size)
{
    if (!c->mixed) {
        return c->usual;
    }
    for (guint i = 0; i < c->usual_of->len; i++) {
        const UsualOfSize *known = &g_array_index(c->usual_of, UsualOfSize, i);
        if (known->size == size) {
            return known->usual;
        }
    }
    g_autoptr(GArray) like = g_array_new(FALSE, TRUE, sizeof(guint));
    for (guint k = 0; k < c->lines->len; k++) {
        if (fabs(nth(c->layout, c->lines, k)->size - size) <= SIZE_DIFFERS * size) {
            g_array_append_vals(like, &g_array_index(c->lines, guint, k), 1);
        }
    }
    double among = usual_distance(c->layout, like);
    UsualOfSize found = {size, among > 0 ? among : c->usual};
    g_array_append_val(c->usual_of, found);
    return found.usual;
}

static gboolean
lines_are_mixed(const Layout *layout, GArray *lines)
{
    for (guint k = 1; k < lines->len; k++) {
        double a = nth(layout, lines, k)->size, b = nth(layout, lines, 0)->size;
        if (fabs(a - b) > SIZE_DIFFERS * MAX(a, b)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Does the place where line i, after a full one, begins say that it opens a paragraph? */
static gboolean
indent_opens(const Column *c, guint para_first, guint i, const Start *para_start)
{
    const Line *a = nth(c->layout, c->lines, i - 1), *b = nth(c->layout, c->lines, i);
    double em = b->size;
    double shift = (b->box.x0 - a->box.x0) / em;
    double middles = (b->box.x0 + b->box.x1 - a->box.x0 - a->box.x1) / 2;
    gboolean first = i - 1 == para_first;
    guint32 end = text_line_end(c->page, c->layout, g_array_index(c->lines, guint, i - 1));
    if (fabs(middles) < CENTRED * em && fabs(shift) > CENTRED) {
        /* centred: where it begins says nothing; but a full line and an indented one can have one
         * middle by chance, and a bracket ends no sentence then */
        gboolean bracket = end == 0x300D || end == 0xFF09 || end == ')' || end == 0x3011;
        gboolean by_chance = bracket && MIN(a->box.x0, b->box.x0) < c->left + INDENT_LEAST * em;
        if (!by_chance) {
            return !c->in_cell && end != 0x300D && ends_sentence(c, i - 1);
        }
    }
    if (shift > INDENT_LEAST && first && end != 0x3002 && hangs_under(c, i)) {
        return FALSE;
    }
    if (shift > INDENT_MOST) {
        return !(first && para_start->kind != MARK_NONE); /* else it hangs under a mark */
    }
    if (shift >= INDENT_LEAST) {
        return ends_sentence(c, i - 1) && !(first && para_start->kind != MARK_NONE);
    }
    /* further out than the lines before it: a new item, unless the line before was indented as the
     * first of its paragraph */
    return shift <= -INDENT_LEAST && (!first || shift < -INDENT_MOST);
}

/* Dots that lead to a page number: the line is an entry of a table of contents. */
static gboolean
has_leader(const Column *c, guint i)
{
    const Line *line = nth(c->layout, c->lines, i);
    guint run = 0;
    for (guint k = line->first; k < line->first + line->count; k++) {
        guint32 u = page_glyph(c->page, g_array_index(c->layout->order, guint32, k))->unicode;
        guint dots = u == 0x2026   ? 3
                     : u == 0x2025 ? 2
                                   : u == '.' || u == 0x30FB || u == 0xFF65 || u == 0xB7;
        run = dots > 0 ? run + dots
              : glyph_is_blank(page_glyph(c->page, g_array_index(c->layout->order, guint32, k)))
                  ? run
                  : 0;
        if (run >= LEADER_DOTS) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A number alone: amounts one beneath the other are never one text. */
static gboolean
is_number(const Column *c, guint i)
{
    const Line *line = nth(c->layout, c->lines, i);
    guint digits = 0;
    for (guint k = line->first; k < line->first + line->count; k++) {
        const Glyph *g = page_glyph(c->page, g_array_index(c->layout->order, guint32, k));
        guint32 u = g->unicode;
        gboolean sign = u == ',' || u == '.' || u == '-' || u == '%' || u == '+' || u == '(' ||
                        u == ')' || u == 0x25B3 || u == 0x25B2 || u == 0x2212 || u == 0xFF0C ||
                        u == 0xFF0E || u == 0xFF05 || u == 0x2015 || u == 0x2014 || u == 0xFF0D;
        if (glyph_is_blank(g) || sign) {
            continue;
        }
        if (!char_is_digit(u)) {
            return FALSE;
        }
        digits++;
    }
    return digits > 0;
}

/* Text, a wide gap, and an amount at the right edge: the line is an entry by itself. */
static gboolean
ends_in_amount(const Column *c, guint i)
{
    const Line *line = nth(c->layout, c->lines, i);
    double end = 0, widest = 0;
    gboolean tail = FALSE;
    guint n = 0;
    for (guint k = line->first; k < line->first + line->count; k++) {
        guint32 index = g_array_index(c->layout->order, guint32, k);
        const Glyph *g = page_glyph(c->page, index);
        if (glyph_is_blank(g)) {
            continue;
        }
        Rect box =
            rect_to_frame(glyph_rect(g), (Frame)line->frame, c->page->width, c->page->height);
        double gap = n++ > 0 ? box.x0 - end : 0;
        if (gap >= AMOUNT_GAP * line->size) {
            widest = gap;
            tail = TRUE;
        }
        tail = tail && char_is_amount(g->unicode);
        end = box.x1;
    }
    return tail && widest >= AMOUNT_GAP * line->size;
}

static gboolean
is_sign(guint32 u)
{
    return u == 0x25B3 || u == 0x25B2 || u == '+' || u == '-' || u == 0xFF0B || u == 0xFF0D ||
           u == 0x2212;
}

/* A label, a sign, and digits to the end: 取崩 △ 1,355,139. */
static gboolean
is_signed_entry(const Column *c, guint i)
{
    const Line *line = nth(c->layout, c->lines, i);
    guint digits = 0, sign = 0, before = 0;
    for (guint k = line->first + line->count; k > line->first; k--) {
        const Glyph *g = page_glyph(c->page, g_array_index(c->layout->order, guint32, k - 1));
        guint32 u = g->unicode;
        if (glyph_is_blank(g)) {
            continue;
        }
        if (sign == 0 && (char_is_digit(u) || (digits > 0 && (u == ',' || u == '.')))) {
            digits++;
        } else if (sign == 0) {
            sign = is_sign(u);
            if (!sign || digits == 0) {
                return FALSE;
            }
        } else {
            before++;
        }
    }
    return before > 0;
}

/* Is line i one of some in a row that end at one place? */
static gboolean
is_justified(const Column *c, guint i)
{
    const Line *line = nth(c->layout, c->lines, i);
    guint run = 1;
    if (rect_width(line->box) < JUSTIFIED_EMS * line->size) {
        return FALSE;
    }
    for (guint k = i; k > 0 && fabs(nth(c->layout, c->lines, k - 1)->box.x1 - line->box.x1) <
                                   JUSTIFIED_NEAR * line->size;
         k--) {
        run++;
    }
    for (guint k = i + 1; k < c->lines->len && fabs(nth(c->layout, c->lines, k)->box.x1 -
                                                    line->box.x1) < JUSTIFIED_NEAR * line->size;
         k++) {
        run++;
    }
    return run >= 3 || (run == 2 && rect_width(line->box) >= TWO_JUSTIFIED_EMS * line->size);
}

static gboolean
opens_bracket(guint32 u)
{
    return u == '(' || u == 0xFF08 || u == 0x300C || u == 0x300E || u == 0x3010 || u == 0x3014;
}

static gboolean
closes_bracket(guint32 u)
{
    return u == ')' || u == 0xFF09 || u == 0x300D || u == 0x300F || u == 0x3011 || u == 0x3015;
}

/* Is a bracket open where line i begins, that one of the lines right above it, of the same
 * paragraph, has opened? */
static gboolean
begins_inside_bracket(const Column *c, guint para_first, guint i)
{
    guint open = 0;
    for (guint n = MAX(para_first, i > BRACKET_LINES ? i - BRACKET_LINES : 0); n < i; n++) {
        const Line *line = nth(c->layout, c->lines, n);
        for (guint k = line->first; k < line->first + line->count; k++) {
            guint32 u = page_glyph(c->page, g_array_index(c->layout->order, guint32, k))->unicode;
            open += opens_bracket(u);
            open -= open > 0 && closes_bracket(u); /* イ）opens none */
        }
    }
    return open > 0;
}

/* Do these signs at a line's start speak of items: ①～④, ①、②? */
static gboolean
names_items(const Column *c, guint i, const Start *start)
{
    guint32 signs[32];
    guint n = text_line_start(c->page, c->layout, g_array_index(c->lines, guint, i), signs,
                              G_N_ELEMENTS(signs));
    guint32 next = start->length < n ? signs[start->length] : 0;
    return start->kind == MARK_CIRCLED &&
           (next == 0xFF5E || next == 0x301C || next == 0x3001 || next == 0x3092); /* を */
}

/* A sign that opens an item can stand at a line's start by chance, in the middle of a sentence. */
static gboolean
mark_by_chance(const Column *c, guint para_first, guint i, const Start *para_start,
               const Start *start)
{
    const Line *a = nth(c->layout, c->lines, i - 1), *b = nth(c->layout, c->lines, i);
    gboolean kind = start->kind == MARK_BULLET || start->kind == MARK_CIRCLED ||
                    start->kind == MARK_NUMBER_PAREN;
    gboolean bare = start->kind == MARK_KANA || start->kind == MARK_NUMBER ||
                    start->kind == MARK_LETTER || start->kind == MARK_CHAPTER;
    gboolean flush = fabs(a->box.x0 - b->box.x0) < 0.3 * b->size;
    if (names_items(c, i, start)) {
        return !ends_sentence(c, i - 1);
    }
    if (start->kind == MARK_NOTE && start->length > 1) { /* … の整備 / （注１）を行う */
        return para_start->kind != MARK_NOTE && !ends_sentence(c, i - 1);
    }
    if (bare && flush && para_start->kind != start->kind && !ends_sentence(c, i - 1)) {
        return TRUE;
    }
    return kind && flush && i - 1 > para_first && para_start->kind != start->kind &&
           !ends_sentence(c, i - 1);
}

/* Does a line stand in the middle of its column, with this room (ems) on both sides? */
static gboolean
is_centred(const Column *c, guint i, double room)
{
    const Line *line = nth(c->layout, c->lines, i);
    double before = line->box.x0 - c->left, after = c->right - line->box.x1;
    return before >= room * line->size && fabs(before - after) < 2 * CENTRED * line->size;
}

static gboolean
is_set_right(const Column *c, const Line *line)
{
    return !c->in_cell && rect_width(line->box) <= RIGHT_EMS * line->size &&
           line->box.x0 - c->left >= RIGHT_PART * (c->right - c->left);
}

/* Do line i and the one above it stand at the right of their column, as a letter's date and sender
 * do? Lines that only begin together are a text. */
static gboolean
are_set_right(const Column *c, guint i)
{
    const Line *a = nth(c->layout, c->lines, i - 1), *b = nth(c->layout, c->lines, i);
    gboolean text =
        fabs(a->box.x0 - b->box.x0) < 0.5 * b->size && fabs(a->box.x1 - b->box.x1) > 0.5 * b->size;
    gboolean letters = MAX(rect_width(a->box), rect_width(b->box)) < 2 * b->size;
    return is_set_right(c, a) && is_set_right(c, b) && !text && !letters;
}

/* A title too long for one line: both stand in the middle, and the first is long or a quotation. */
static gboolean
is_title_going_on(const Column *c, guint i, const Start *start)
{
    guint32 end = text_line_end(c->page, c->layout, g_array_index(c->lines, guint, i - 1));
    const Line *a = nth(c->layout, c->lines, i - 1);
    double width = rect_width(a->box);
    gboolean goes_on =
        (width >= TITLE_WIDE * (c->right - c->left) && width >= TITLE_EMS * a->size) ||
        end == 0x300D;
    return !c->in_cell && goes_on && start->kind == MARK_NONE && end != 0x3002 &&
           is_centred(c, i - 1, TITLE_ROOM) && is_centred(c, i, CENTRED_ROOM);
}

/* A line of a given text that has no place on its picture (given-boxes.h): nothing says that it
 * goes on, or is gone on with. */
static gboolean
is_below_the_page(const Column *c, const Line *line)
{
    return line->frame == FRAME_UPRIGHT && line->box.y0 >= c->page->height;
}

static gboolean
opens_paragraph(const Column *c, guint para_first, guint i, const Start *para_start,
                const Start *start)
{
    const Line *a = nth(c->layout, c->lines, i - 1), *b = nth(c->layout, c->lines, i);
    double em = MIN(a->size, b->size);
    double distance = b->baseline - a->baseline;
    if ((b->flags & LINE_GOES_ON) || (a->flags & LINE_ENDS)) { /* entries_arrange knows */
        return !(b->flags & LINE_GOES_ON);
    }
    if (fabs(a->size - b->size) > SIZE_DIFFERS * MAX(a->size, b->size) || is_below_the_page(c, b)) {
        return TRUE;
    }
    if (!c->in_cell && a->bold != b->bold) {
        return TRUE;
    }
    double usual = usual_for(c, b->size);
    double most = usual > 0 ? MAX(GAP_RATIO * usual, usual + 0.35 * em) : GAP_EMS * em;
    if (distance > most || distance < -0.5 * em) {
        return TRUE;
    }
    if (is_title_going_on(c, i, start)) {
        return FALSE;
    }
    gboolean marked = start->kind != MARK_NONE;
    if (!line_is_full(c->page, c->layout, a, b, c->right) && (marked || !is_justified(c, i - 1))) {
        return TRUE;
    }
    if (marked && begins_inside_bracket(c, para_first, i)) {
        return FALSE;
    }
    if (mark_is_sure(start) && !mark_by_chance(c, para_first, i, para_start, start)) {
        return TRUE;
    }
    if (are_set_right(c, i)) {
        return TRUE;
    }
    if (has_leader(c, i - 1) || ends_in_amount(c, i - 1) ||
        (is_number(c, i - 1) && is_number(c, i)) ||
        (is_signed_entry(c, i - 1) && is_signed_entry(c, i))) {
        return TRUE;
    }
    if (start->kind != MARK_NONE) {
        gboolean closed = ends_sentence(c, i - 1);
        gboolean like = para_start->kind == start->kind &&
                        fabs(b->box.x0 - nth(c->layout, c->lines, para_first)->box.x0) < 0.5 * em;
        if (closed || like) {
            return TRUE;
        }
    }
    return indent_opens(c, para_first, i, para_start);
}

/* The page number at the end of an entry of contents whose leader is drawn or left out; 0 if line i
 * does not end so. */
static guint
page_number_after_gap(const Column *c, guint i)
{
    const Line *line = nth(c->layout, c->lines, i);
    guint number = 0, digits = 0;
    if (!ends_in_amount(c, i) || c->right - line->box.x1 > 2 * line->size) {
        return 0;
    }
    for (guint k = line->first; k < line->first + line->count; k++) {
        const Glyph *g = page_glyph(c->page, g_array_index(c->layout->order, guint32, k));
        if (!glyph_is_blank(g)) {
            gboolean digit = char_is_digit(g->unicode);
            number = digit ? (digits > 0 ? number * 10 : 0) + (g->unicode & 0xF) : 0;
            digits = digit ? digits + 1 : 0;
        }
    }
    return digits <= 4 ? number : 0;
}

/* Do enough lines of the column end in page numbers that never go back? */
static gboolean
is_contents(const Column *c)
{
    guint entries = 0, last = 0;
    for (guint i = 0; i < c->lines->len; i++) {
        guint number = page_number_after_gap(c, i);
        if (number > 0 && number < last) {
            return FALSE;
        }
        entries += number > 0;
        last = MAX(last, number);
    }
    return entries >= CONTENTS_LINES && 2 * entries > c->lines->len;
}

typedef struct {
    guint first, count; /* into the lines given */
    Start start;
} Stretch;

static GArray *
stretches_find(const Column *column)
{
    GArray *found = g_array_new(FALSE, TRUE, sizeof(Stretch));
    for (guint i = 0; i < column->lines->len; i++) {
        Start start =
            line_start(column->page, column->layout, g_array_index(column->lines, guint, i));
        Stretch *last = found->len > 0 ? &g_array_index(found, Stretch, found->len - 1) : NULL;
        if (last == NULL || opens_paragraph(column, last->first, i, &last->start, &start)) {
            Stretch stretch = {i, 1, start};
            g_array_append_val(found, stretch);
        } else {
            last->count++;
        }
    }
    return found;
}

static Paragraph *
paragraph_make(const Column *c, const Stretch *s)
{
    Paragraph *p = paragraph_new();
    for (guint i = s->first; i < s->first + s->count; i++) {
        text_add_line(p, c->page, c->layout, g_array_index(c->lines, guint, i));
    }
    const Line *first = nth(c->layout, c->lines, s->first);
    const Line *last = nth(c->layout, c->lines, s->first + s->count - 1);
    p->lines = s->count;
    p->line = g_array_index(c->lines, guint, s->first);
    p->size = first->size;
    p->bold = first->bold;
    p->serif = first->serif;
    p->mark = (guint8)s->start.kind;
    p->sure = mark_is_sure(&s->start);
    p->indent = first->box.x0 - c->left;
    p->last_indent = last->box.x0 - c->left;
    p->width = c->right - c->left;
    p->full = line_is_full(c->page, c->layout, last, NULL, c->right) &&
              !ends_in_amount(c, s->first + s->count - 1);
    p->centred = TRUE;
    for (guint i = s->first; i < s->first + s->count; i++) {
        p->centred = p->centred && is_centred(c, i, CENTRED_ROOM);
    }
    return p;
}

static GArray *
plain_lines(const Layout *layout, GArray *lines)
{
    GArray *plain = g_array_new(FALSE, TRUE, sizeof(guint));
    for (guint i = 0; i < lines->len; i++) {
        guint line = g_array_index(lines, guint, i);
        if (!(layout_line(layout, line)->flags & LINE_RUBY)) {
            g_array_append_val(plain, line);
        }
    }
    return plain;
}

GPtrArray *
paragraphs_find(const Page *page, const Layout *layout, GArray *lines, double left, double right,
                gboolean in_cell)
{
    GPtrArray *paragraphs = g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    g_autoptr(GArray) plain = plain_lines(layout, lines);
    g_autoptr(GArray) usual_of = g_array_new(FALSE, FALSE, sizeof(UsualOfSize));
    Column column = {page,    layout,
                     plain,   left,
                     right,   usual_distance(layout, plain),
                     in_cell, lines_are_mixed(layout, plain),
                     usual_of};
    g_autoptr(GArray) stretches = stretches_find(&column);
    gboolean contents = !in_cell && is_contents(&column);
    for (guint i = 0; i < stretches->len; i++) {
        const Stretch *s = &g_array_index(stretches, Stretch, i);
        Paragraph *p = paragraph_make(&column, s);
        p->contents = contents && page_number_after_gap(&column, s->first + s->count - 1) > 0;
        g_ptr_array_add(paragraphs, p);
    }
    return paragraphs;
}

GPtrArray *
region_paragraphs_find(const Page *page, const Layout *layout, const Region *region, GArray *lines)
{
    g_autoptr(GArray) plain = plain_lines(layout, lines);
    double left = INFINITY, right = -INFINITY;
    for (guint i = 0; i < plain->len; i++) {
        left = MIN(left, nth(layout, plain, i)->box.x0);
        right = MAX(right, nth(layout, plain, i)->box.x1);
    }
    if (plain->len == 0) {
        return g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    }
    for (guint i = 0; i < layout->regions->len; i++) { /* other stretches of the same column */
        const Region *r = &g_array_index(layout->regions, Region, i);
        double overlap = interval_overlap(r->box.x0, r->box.x1, region->box.x0, region->box.x1);
        if (r->frame == region->frame &&
            overlap > 0.6 * MIN(rect_width(r->box), rect_width(region->box)) &&
            fabs(r->box.x0 - region->box.x0) < 40) {
            right = MAX(right, r->box.x1);
            left = MIN(left, r->box.x0);
        }
    }
    right = right_edge_find(page, layout, plain, right);
    return paragraphs_find(page, layout, plain, left, right, FALSE);
}

gboolean
paragraph_goes_on(const Paragraph *last, const Paragraph *next)
{
    double em = MAX(last->size, next->size);
    if (!last->full || next->sure || fabs(last->size - next->size) > SIZE_DIFFERS * em) {
        return FALSE;
    }
    if (fabs(last->last_indent - next->indent) < 0.5 * em) {
        return TRUE;
    }
    /* cut after an indented first line, or after a mark whose text hangs */
    gboolean first_line = last->lines == 1 && last->indent - next->indent > INDENT_LEAST * em;
    gboolean hangs = last->lines == 1 && last->mark != MARK_NONE && next->indent > last->indent;
    return first_line || hangs;
}

void
paragraph_append(Paragraph *p, const Paragraph *next)
{
    if (next->chars->len > 0) {
        text_join(p, g_array_index(next->chars, Char, 0).unicode);
    }
    guint at = p->chars->len;
    g_array_append_vals(p->chars, next->chars->data, next->chars->len);
    for (guint i = 0; i < next->rubies->len; i++) {
        const Ruby *r = &g_array_index(next->rubies, Ruby, i);
        Ruby moved = {r->from + at, r->to + at, g_strdup(r->reading)};
        g_array_append_val(p->rubies, moved);
    }
    g_array_append_vals(p->zones, next->zones->data, next->zones->len);
    p->lines += next->lines;
    p->full = next->full;
    p->last_indent = next->last_indent;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey.h"

#include <string.h>

#include "alike.h"
#include "chars.h"
#include "marks.h"
#include "text.h"

/* So many lines from either edge of a page may be running heads. */
#define EDGE_LINES 7u
/* Running heads stand within this part of the page's height from its edges, or of its width from
 * its sides. */
#define TOP_PART 0.2
#define BOTTOM_PART 0.15
#define SIDE_PART 0.09
/* A head stands at the same place on another page within this, points. */
#define SAME_PLACE 4.0
/* … in about the same size: left and right pages may differ by a point. */
#define LIKE_SIZE 0.15
/* Text this much larger than the body's is a title. */
#define TITLE_LARGER 1.12
/* This part of the text in a face with serifs makes the body Mincho. */
#define SERIF_PART 0.75
/* Neighbours looked at on either side: left and right pages alternate. */
#define NEIGHBOURS 4
/* A page has a body size of its own if so many of its lines outside of tables are this long (ems):
 * letters and orders are set larger than the tables behind them. A title wraps to three lines. */
#define PROSE_LINES 4u
#define PROSE_EMS 14.0
/* Sizes this near are one, points. */
#define SAME_SIZE 0.3

/* Numbers this far (ems) from the words of their line are no part of them. */
#define APART 0.5
/* Running heads that are set smaller than the body are at most this part of it. */
#define HEAD_SMALLER 0.93
/* A head on so many pages about makes its place one of heads; what stands there keeps this distance
 * (of its size) from the text. */
#define SLOT_PAGES 2u
#define SLOT_APART 1.5
/* What is a head by its place makes its place one of heads too; twice is enough. */
#define SLOT_ROUNDS 2u
/* Sentences that stand on fewer other pages about are no heads. */
#define PROSE_PAGES 3u
/* A title stands at most so far above its table (of its size). */
#define TABLE_NEAR 3.0
/* So many numbers of a line are compared. */
#define NUMBERS_MOST 6u
/* A number before so many other characters that come again is a page's, though pages between are
 * left out. */
#define HEAD_WORDS 8u

typedef struct {
    char *masked; /* numbers made # */
    guint hash;   /* of the text with its digits, whatever their width */
    Rect box;     /* in its frame */
    double depth; /* from its edge of the page, points */
    double size;
    guint line;
    guint number; /* of a folio */
    guint numbers[NUMBERS_MOST], numbers_count;
    guint others;           /* characters that are no digits */
    gboolean leads, trails; /* its first or last characters are a number set apart from the rest */
    gboolean folio_like;
    gboolean read;     /* by OCR, which reads it differently now and then */
    gboolean by_place; /* a head since heads stand there */
    guint8 zone;       /* 0 top, 1 bottom, 2 side */
    guint8 frame;
    guint8 role;
} EdgeLine;

typedef struct {
    guint32 page;
    double width, height;
    GArray *edges;     /* EdgeLine: from the outside in */
    double tables[2];  /* how far from the top and the bottom of the page its tables begin */
    double body;       /* once decided: the size of running text */
    double prose;      /* the size of most long lines, 0 if there are few */
    guint prose_lines; /* of that size */
    double common;     /* the size of most lines outside of tables, 0 if there are none */
} Summary;

typedef struct {
    double size;
    guint64 count;
} SizeCount;

struct Survey {
    GPtrArray *summaries; /* Summary * */
    GArray *sizes;        /* SizeCount */
    guint64 serif, text;  /* characters outside of tables */
    double body;          /* the size of most characters */
    Hyphens *hyphens;
    HeaderRows *header_rows;
};

static void
edge_clear(gpointer data)
{
    g_free(((EdgeLine *)data)->masked);
}

static void
summary_free(gpointer data)
{
    Summary *s = data;
    g_array_unref(s->edges);
    g_free(s);
}

Survey *
survey_new(void)
{
    Survey *survey = g_new0(Survey, 1);
    survey->summaries = g_ptr_array_new_with_free_func(summary_free);
    survey->sizes = g_array_new(FALSE, TRUE, sizeof(SizeCount));
    survey->hyphens = hyphens_new();
    survey->header_rows = header_rows_new();
    return survey;
}

void
survey_free(Survey *survey)
{
    if (survey != NULL) {
        g_ptr_array_unref(survey->summaries);
        g_array_unref(survey->sizes);
        hyphens_free(survey->hyphens);
        header_rows_free(survey->header_rows);
        g_free(survey);
    }
}

static void
count_size(GArray *sizes, double size, guint count)
{
    double rounded = round(size * 4) / 4;
    for (guint i = 0; i < sizes->len; i++) {
        SizeCount *s = &g_array_index(sizes, SizeCount, i);
        if (fabs(s->size - rounded) < 0.01) {
            s->count += count;
            return;
        }
    }
    SizeCount fresh = {rounded, count};
    if (sizes->len < 1000) {
        g_array_append_val(sizes, fresh);
    }
}

static SizeCount
most_common(GArray *sizes, double otherwise)
{
    SizeCount best = {otherwise, 0};
    for (guint i = 0; i < sizes->len; i++) {
        SizeCount s = g_array_index(sizes, SizeCount, i);
        if (s.count > best.count) {
            best = s;
        }
    }
    return best;
}

static guint8
zone_of(Rect box, double width, double height, gboolean *ret_in)
{
    *ret_in = TRUE;
    if (box.y1 <= TOP_PART * height) {
        return 0;
    }
    if (box.y0 >= (1 - BOTTOM_PART) * height) {
        return 1;
    }
    *ret_in = box.x1 <= SIDE_PART * width || box.x0 >= (1 - SIDE_PART) * width;
    return 2;
}

static void
read_numbers(EdgeLine *edge, const guint32 *c, guint n)
{
    gboolean inside = FALSE;
    for (guint i = 0; i < n; i++) {
        gboolean digit = char_is_digit(c[i]);
        if (digit && !inside && edge->numbers_count < NUMBERS_MOST) {
            edge->numbers[edge->numbers_count++] = 0;
        }
        if (digit) {
            guint *number = &edge->numbers[edge->numbers_count - 1];
            *number = MIN(*number * 10 + (c[i] & 0xF), 999999);
        }
        edge->others += !digit;
        inside = digit;
    }
}

/* Is the number of `digits` inked characters at the line's start, or end, set apart by a gap? */
static gboolean
number_is_apart(const Page *page, const Layout *layout, const Line *line, gboolean at_end)
{
    double last = 0;
    gboolean blank = FALSE;
    guint digits = 0;
    for (guint k = 0; k < line->count; k++) {
        guint i = at_end ? line->first + line->count - 1 - k : line->first + k;
        guint32 index = g_array_index(layout->order, guint32, i);
        const Glyph *g = page_glyph(page, index);
        Rect box = rect_to_frame(glyph_rect(g), (Frame)line->frame, page->width, page->height);
        if (glyph_is_blank(g)) {
            blank = TRUE;
            continue;
        }
        double gap = at_end ? last - box.x1 : box.x0 - last;
        if (!char_is_digit(g->unicode)) {
            return digits > 0 &&
                   (blank || gap > APART * line->size || !g_unichar_isalnum(g->unicode));
        }
        digits++;
        blank = FALSE;
        last = at_end ? box.x0 : box.x1;
    }
    return FALSE;
}

static const Glyph *
first_glyph(const Page *page, const Layout *layout, const Line *line)
{
    return page_glyph(page, g_array_index(layout->order, guint32, line->first));
}

static void
add_edge(Summary *s, const Page *page, const Layout *layout, guint index)
{
    const Line *line = layout_line(layout, index);
    /* heads stand where their own reading direction has its top; vertical columns have upright ones
     */
    Frame frame = line->vertical ? FRAME_UPRIGHT : (Frame)line->frame;
    Rect on_page = layout_page_rect(layout, line->box, (Frame)line->frame);
    Rect box = rect_to_frame(on_page, frame, s->width, s->height);
    gboolean in, turned = frame == FRAME_DOWN || frame == FRAME_UP;
    double width = turned ? s->height : s->width, height = turned ? s->width : s->height;
    guint8 zone = zone_of(box, width, height, &in);
    /* on a page written vertically, what begins at the top is a column of the text */
    gboolean column = line->vertical && layout->frame == FRAME_DOWN && zone != 2;
    gboolean below = on_page.y0 >= page->height; /* given text without a place (given-text.h) */
    if (!in || column || below || (line->flags & LINE_RUBY)) {
        return;
    }
    EdgeLine edge = {.masked = text_line_masked(page, layout, index),
                     .box = box,
                     .depth = zone == 0   ? box.y0
                              : zone == 1 ? height - box.y1
                                          : 0,
                     .frame = (guint8)frame,
                     .size = line->size,
                     .line = index,
                     .zone = zone};
    g_autoptr(GString) text = g_string_new(NULL), plain = g_string_new(NULL);
    guint32 c[120];
    guint n = text_line_start(page, layout, index, c, G_N_ELEMENTS(c));
    for (guint i = 0; i < n; i++) {
        g_string_append_unichar(text, c[i]);
        g_string_append_unichar(plain, char_plain(c[i]));
    }
    read_numbers(&edge, c, n);
    edge.leads = number_is_apart(page, layout, line, FALSE);
    edge.trails = number_is_apart(page, layout, line, TRUE);
    edge.hash = g_str_hash(plain->str);
    edge.read = first_glyph(page, layout, line)->origin == ORIGIN_OCR;
    edge.folio_like = text_is_folio(text->str, &edge.number) && n < 40 && zone != 2;
    g_array_append_val(s->edges, edge);
}

static gint
edge_order(gconstpointer a, gconstpointer b)
{
    const EdgeLine *p = a, *q = b;
    if (p->zone != q->zone) {
        return p->zone < q->zone ? -1 : 1;
    }
    double d = p->depth - q->depth;
    if (d != 0) {
        return d < 0 ? -1 : 1;
    }
    return p->line < q->line ? -1 : p->line > q->line;
}

static void
add_regions(Survey *survey, Summary *s, const Page *page, const Layout *layout)
{
    g_autoptr(GArray) prose = g_array_new(FALSE, TRUE, sizeof(SizeCount));
    g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(SizeCount));
    for (guint i = 0; i < layout->regions->len; i++) {
        const Region *r = &g_array_index(layout->regions, Region, i);
        for (guint k = r->first; k < r->first + r->count; k++) {
            const Line *line = layout_line(layout, k);
            count_size(survey->sizes, line->size, line->count);
            survey->text += line->count;
            survey->serif += line->serif ? line->count : 0;
            count_size(lines, line->size, 1);
            if (rect_width(line->box) >= PROSE_EMS * line->size) {
                count_size(prose, line->size, 1);
            }
            add_edge(s, page, layout, k);
        }
    }
    SizeCount best = most_common(prose, 0);
    s->prose = best.size;
    s->prose_lines = (guint)best.count;
    s->common = most_common(lines, 0).size;
}

static void
keep_edges(Summary *s)
{
    g_array_sort(s->edges, edge_order);
    guint counts[3] = {0}, kept = 0;
    for (guint i = 0; i < s->edges->len; i++) { /* the outermost of each zone */
        EdgeLine e = g_array_index(s->edges, EdgeLine, i);
        if (counts[e.zone]++ < EDGE_LINES) {
            EdgeLine swap = g_array_index(s->edges, EdgeLine, kept);
            g_array_index(s->edges, EdgeLine, kept++) = e;
            g_array_index(s->edges, EdgeLine, i) = swap;
        }
    }
    g_array_set_size(s->edges, kept);
}

void
survey_add(Survey *survey, const Page *page, const Layout *layout)
{
    Summary *s = g_new0(Summary, 1);
    s->page = page->number;
    s->width = page->width;
    s->height = page->height;
    s->tables[0] = s->tables[1] = INFINITY;
    s->edges = g_array_new(FALSE, TRUE, sizeof(EdgeLine));
    g_array_set_clear_func(s->edges, edge_clear);
    add_regions(survey, s, page, layout);
    for (guint i = 0; i < layout->cells->len; i++) {
        const Cell *cell = &g_array_index(layout->cells, Cell, i);
        for (guint k = cell->first; k < cell->first + cell->count; k++) {
            const Line *line = layout_line(layout, k);
            count_size(survey->sizes, line->size, line->count);
        }
    }
    for (guint i = 0; i < layout->tables->len; i++) {
        Rect box =
            layout_page_rect(layout, g_array_index(layout->tables, Table, i).box, layout->frame);
        s->tables[0] = MIN(s->tables[0], box.y0);
        s->tables[1] = MIN(s->tables[1], page->height - box.y1);
    }
    for (guint i = 0; i < layout->figures->len; i++) { /* heads can stand on an ornament */
        const Figure *f = &g_array_index(layout->figures, Figure, i);
        for (guint k = f->first; k < f->first + f->count; k++) {
            add_edge(s, page, layout, k);
        }
    }
    keep_edges(s);
    hyphens_add(survey->hyphens, page, layout);
    header_rows_add(survey->header_rows, page, layout);
    g_ptr_array_add(survey->summaries, s);
}

/* ---- deciding ---- */

/* Does a page nearby have this body size? Then a page with a few lines of it goes on with it. */
static gboolean
prose_nearby(const Survey *survey, guint index, double size)
{
    guint from = index > NEIGHBOURS ? index - NEIGHBOURS : 0;
    for (guint i = from; i < survey->summaries->len && i <= index + NEIGHBOURS; i++) {
        const Summary *other = g_ptr_array_index(survey->summaries, i);
        if (other->prose_lines >= PROSE_LINES && fabs(other->prose - size) < SAME_SIZE) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Never less than the document's: small print at length (notes, terms) has no headings of its own
 * that the document's size would not show. */
static double
body_of(const Survey *survey, guint index)
{
    const Summary *s = g_ptr_array_index(survey->summaries, index);
    double own = s->prose_lines >= PROSE_LINES            ? s->prose
                 : prose_nearby(survey, index, s->common) ? s->common
                                                          : 0;
    return MAX(own, survey->body);
}

static gboolean
same_place(const EdgeLine *a, const EdgeLine *b)
{
    double off = a->zone == 2 ? a->box.y0 - b->box.y0 : a->depth - b->depth;
    return a->zone == b->zone && a->frame == b->frame &&
           fabs(a->size - b->size) <= LIKE_SIZE * MAX(a->size, b->size) && fabs(off) <= SAME_PLACE;
}

/* Do the numbers of two lines, alike but for these, say that they count pages? Only one may differ,
 * or all count together; other numbers are another text (an amount). A number that is part of a
 * word (別添１, 議案第２号) counts pages only in a line that is too small to be a title. */
static gboolean
numbers_count_pages(const EdgeLine *a, const EdgeLine *b, gint64 pages, double body)
{
    gint64 step = 0;
    guint differ = 0;
    for (guint i = 0; i < a->numbers_count; i++) {
        gint64 d = (gint64)b->numbers[i] - a->numbers[i];
        gboolean inner = i > 0 && i + 1 < a->numbers_count;
        if (d != 0 && (inner || (step != 0 && d != step))) {
            return FALSE;
        }
        differ += d != 0;
        step = d != 0 ? d : step;
    }
    guint last = MAX(a->numbers_count, 1) - 1;
    gboolean apart = (a->numbers[0] != b->numbers[0] && a->leads && b->leads) ||
                     (a->numbers[last] != b->numbers[last] && a->trails && b->trails);
    gboolean small = a->size <= HEAD_SMALLER * body;
    gboolean leads = differ == 1 && a->masked[0] == '#' && a->numbers[0] != b->numbers[0] &&
                     a->others >= HEAD_WORDS;
    gboolean onwards = step > 0 ? pages > 0 && step >= pages : pages < 0 && step <= pages;
    gboolean counts = (apart || small) && (step == pages || step == 2 * pages);
    return differ > 0 && (counts || (leads && onwards));
}

/* The same words, but for one that OCR read otherwise. */
static gboolean
says_alike(const EdgeLine *a, const EdgeLine *b)
{
    return a->read || b->read ? text_is_alike(a->masked, b->masked)
                              : strcmp(a->masked, b->masked) == 0;
}

static gboolean
has_same_numbers(const EdgeLine *a, const EdgeLine *b)
{
    return a->numbers_count == b->numbers_count &&
           memcmp(a->numbers, b->numbers, a->numbers_count * sizeof a->numbers[0]) == 0;
}

static gboolean
is_repeated(const EdgeLine *edge, const Summary *mine, const Summary *other)
{
    for (guint i = 0; i < other->edges->len; i++) {
        const EdgeLine *e = &g_array_index(other->edges, EdgeLine, i);
        if (!same_place(edge, e) || !says_alike(edge, e)) {
            continue;
        }
        gint64 pages = (gint64)other->page - mine->page;
        if (edge->hash == e->hash || ((edge->read || e->read) && has_same_numbers(edge, e)) ||
            (edge->numbers_count == e->numbers_count &&
             numbers_count_pages(edge, e, pages, mine->body))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Does a folio of the other page count on from this one? Spreads carry two numbers a page. */
static gboolean
counts_on(const EdgeLine *edge, const Summary *mine, const Summary *other)
{
    for (guint i = 0; i < other->edges->len; i++) {
        const EdgeLine *e = &g_array_index(other->edges, EdgeLine, i);
        gint64 pages = (gint64)other->page - mine->page, step = (gint64)e->number - edge->number;
        if (e->folio_like && e->zone == edge->zone && e->size < 1.35 * edge->size &&
            edge->size < 1.35 * e->size && (step == pages || step == 2 * pages)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A single page has nothing to compare with: only a number alone outside of everything counts. */
static gboolean
stands_alone(const EdgeLine *edge, const Summary *s)
{
    for (guint i = 0; i < s->edges->len; i++) {
        const EdgeLine *e = &g_array_index(s->edges, EdgeLine, i);
        if (e != edge && e->zone == edge->zone &&
            (interval_overlap(e->box.y0, e->box.y1, edge->box.y0, edge->box.y1) > 0 ||
             e->depth < edge->depth)) {
            return FALSE;
        }
    }
    return edge->zone == 1;
}

/* Is this line as large as the text, and does it stand right above the page's first table, or above
 * a line that does? */
static gboolean
heads_table(const Summary *s, const EdgeLine *edge)
{
    double inner = edge->depth + rect_height(edge->box);
    double from = s->tables[0] - inner;
    for (guint i = 0; i < s->edges->len; i++) {
        const EdgeLine *e = &g_array_index(s->edges, EdgeLine, i);
        double away = e->depth - inner;
        if (e->zone == 0 && away > -0.5 * edge->size && away < SLOT_APART * edge->size &&
            fabs(e->size - edge->size) < SAME_SIZE) {
            from = MIN(from, s->tables[0] - e->depth - rect_height(e->box));
        }
    }
    return edge->zone == 0 && from > -edge->size && from < TABLE_NEAR * edge->size &&
           edge->size > HEAD_SMALLER * s->body;
}

static gboolean
is_large(const Survey *survey, const Summary *mine, const EdgeLine *edge)
{
    return edge->size > TITLE_LARGER * survey->body || strstr(edge->masked, "単位") != NULL ||
           heads_table(mine, edge);
}

/* Titles of tables and their units come again on the next page, and are text the first time. So is
 * what stands in one line with them: an amount. */
static gboolean
is_title(const Survey *survey, const Summary *mine, const EdgeLine *edge)
{
    for (guint i = 0; i < mine->edges->len; i++) {
        const EdgeLine *e = &g_array_index(mine->edges, EdgeLine, i);
        double level = interval_overlap(e->box.y0, e->box.y1, edge->box.y0, edge->box.y1);
        if (e->zone == edge->zone && e->frame == edge->frame && is_large(survey, mine, e) &&
            (e == edge || level > 0.5 * rect_height(edge->box))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Sentences as large as the page's other lines are text, also where it stands on another page word
 * for word: forms are filled in twice. What is printed on every page for the lawyers is small, and
 * what is on many pages is a head, whatever an odd font makes of its spaces. */
static gboolean
is_prose(const EdgeLine *edge, const Summary *mine, guint pages)
{
    double usual = mine->common > 0 ? MIN(mine->common, mine->body) : mine->body;
    return pages < PROSE_PAGES && strstr(edge->masked, "。") != NULL &&
           edge->size > HEAD_SMALLER * usual;
}

static void
decide_line(Survey *survey, guint index, EdgeLine *edge)
{
    const Summary *mine = g_ptr_array_index(survey->summaries, index);
    guint before = 0, after = 0;
    gboolean counting = FALSE;
    for (gint k = -NEIGHBOURS; k <= NEIGHBOURS; k++) {
        gint64 at = (gint64)index + k;
        if (k == 0 || at < 0 || at >= survey->summaries->len) {
            continue;
        }
        const Summary *other = g_ptr_array_index(survey->summaries, (guint)at);
        gboolean repeated = is_repeated(edge, mine, other);
        before += repeated && k < 0;
        after += repeated && k > 0;
        counting =
            counting || (edge->folio_like && edge->number > 0 && counts_on(edge, mine, other));
    }
    gboolean alone = edge->folio_like && stands_alone(edge, mine);
    if (counting || (edge->folio_like && edge->number == 0 && before + after > 0)) {
        edge->role = ROLE_FOLIO;
    } else if (!is_prose(edge, mine, before + after) &&
               (is_title(survey, mine, edge) ? before > 0 : before + after > 0)) {
        edge->role = ROLE_HEAD;
    } else if (alone) {
        edge->role = ROLE_FOLIO;
    }
}

/* Heads are what is outermost: a line with body text further out is body. */
static void
keep_outermost(Summary *s)
{
    gboolean body[3] = {FALSE, FALSE, FALSE};
    double body_depth[3] = {0, 0, 0};
    for (guint i = 0; i < s->edges->len; i++) {
        EdgeLine *e = &g_array_index(s->edges, EdgeLine, i);
        double depth = e->depth;
        if (e->role == ROLE_BODY && e->zone != 2) {
            if (!body[e->zone]) {
                body_depth[e->zone] = depth;
            }
            body[e->zone] = TRUE;
        } else if (e->zone != 2 && body[e->zone] && depth > body_depth[e->zone] + 2) {
            e->role = ROLE_BODY;
        }
    }
}

/* ---- places of heads ---- */

/* At one edge, or in the middle, or at the outer edges of left and right pages. */
static gboolean
stand_alike(const EdgeLine *a, const EdgeLine *b, double width)
{
    gboolean mirrored = fabs(a->box.x0 - (width - b->box.x1)) <= SAME_PLACE ||
                        fabs(a->box.x1 - (width - b->box.x0)) <= SAME_PLACE;
    return mirrored || fabs(a->box.x0 - b->box.x0) <= SAME_PLACE ||
           fabs(a->box.x1 - b->box.x1) <= SAME_PLACE ||
           fabs(a->box.x0 + a->box.x1 - b->box.x0 - b->box.x1) <= 2 * SAME_PLACE;
}

static gboolean
has_head_at(const Summary *s, const EdgeLine *edge)
{
    gboolean turned = edge->frame == FRAME_DOWN || edge->frame == FRAME_UP;
    double width = turned ? s->height : s->width;
    for (guint i = 0; i < s->edges->len; i++) {
        const EdgeLine *e = &g_array_index(s->edges, EdgeLine, i);
        if (e->role == ROLE_HEAD && same_place(e, edge) && stand_alike(e, edge, width)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Does what stands further in keep its distance from this line, and nothing further out is body? */
static gboolean
stands_apart(const Summary *s, const EdgeLine *edge)
{
    double inner = edge->depth + rect_height(edge->box);
    if (s->tables[edge->zone] - inner < SLOT_APART * edge->size) {
        return FALSE; /* a table's title */
    }
    for (guint i = 0; i < s->edges->len; i++) {
        const EdgeLine *e = &g_array_index(s->edges, EdgeLine, i);
        double away = e->depth - inner;
        if (e != edge && e->zone == edge->zone && e->role == ROLE_BODY &&
            away < SLOT_APART * edge->size) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Does it say what a heading beneath it, on the same page, says in larger letters? */
static gboolean
echoes_heading(const Summary *s, const EdgeLine *edge)
{
    for (guint i = 0; i < s->edges->len; i++) {
        const EdgeLine *e = &g_array_index(s->edges, EdgeLine, i);
        if (e->hash == edge->hash && e->depth > edge->depth && e->size > edge->size &&
            strcmp(e->masked, edge->masked) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A chapter of a page or two has a head that does not come again; it stands where the others do, or
 * says what the chapter's title says. */
static gboolean
stands_where_heads_do(const Survey *survey, guint index, const EdgeLine *edge)
{
    const Summary *mine = g_ptr_array_index(survey->summaries, index);
    if (edge->role != ROLE_BODY || edge->zone == 2 || is_title(survey, mine, edge) ||
        is_prose(edge, mine, 0) || !stands_apart(mine, edge)) {
        return FALSE;
    }
    guint pages = 0;
    for (gint k = -NEIGHBOURS; k <= NEIGHBOURS; k++) {
        gint64 at = (gint64)index + k;
        if (k != 0 && at >= 0 && at < survey->summaries->len) {
            pages += has_head_at(g_ptr_array_index(survey->summaries, (guint)at), edge);
        }
    }
    return pages >= SLOT_PAGES || (edge->zone == 0 && echoes_heading(mine, edge));
}

static void
decide_places(Survey *survey, guint index)
{
    Summary *s = g_ptr_array_index(survey->summaries, index);
    for (guint i = 0; i < s->edges->len; i++) {
        EdgeLine *edge = &g_array_index(s->edges, EdgeLine, i);
        edge->by_place = edge->by_place || stands_where_heads_do(survey, index, edge);
    }
}

/* All at once, so that the order of the pages does not matter. */
static void
places_settle(Survey *survey)
{
    for (guint i = 0; i < survey->summaries->len; i++) {
        decide_places(survey, i);
    }
    for (guint i = 0; i < survey->summaries->len; i++) {
        const Summary *s = g_ptr_array_index(survey->summaries, i);
        for (guint k = 0; k < s->edges->len; k++) {
            EdgeLine *edge = &g_array_index(s->edges, EdgeLine, k);
            edge->role = edge->by_place ? ROLE_HEAD : edge->role;
        }
    }
}

void
survey_finish(Survey *survey)
{
    survey->body = most_common(survey->sizes, 10.5).size;
    for (guint i = 0; i < survey->summaries->len; i++) {
        ((Summary *)g_ptr_array_index(survey->summaries, i))->body = body_of(survey, i);
    }
    for (guint i = 0; i < survey->summaries->len; i++) {
        Summary *s = g_ptr_array_index(survey->summaries, i);
        for (guint k = 0; k < s->edges->len; k++) {
            decide_line(survey, i, &g_array_index(s->edges, EdgeLine, k));
        }
        keep_outermost(s);
    }
    for (guint round = 0; round < SLOT_ROUNDS; round++) {
        places_settle(survey);
    }
}

/* NULL if it was never added. */
static const Summary *
summary_of(const Survey *survey, guint32 page)
{
    guint lo = 0, hi = survey->summaries->len;
    while (lo < hi) {
        guint mid = (lo + hi) / 2;
        if (((Summary *)g_ptr_array_index(survey->summaries, mid))->page < page) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    const Summary *s =
        lo < survey->summaries->len ? g_ptr_array_index(survey->summaries, lo) : NULL;
    return s != NULL && s->page == page ? s : NULL;
}

Role
survey_role(const Survey *survey, guint32 page, guint line)
{
    const Summary *s = summary_of(survey, page);
    for (guint i = 0; s != NULL && i < s->edges->len; i++) {
        const EdgeLine *e = &g_array_index(s->edges, EdgeLine, i);
        if (e->line == line) {
            return (Role)e->role;
        }
    }
    return ROLE_BODY;
}

const Hyphens *
survey_hyphens(const Survey *survey)
{
    return survey->hyphens;
}

const HeaderRows *
survey_header_rows(const Survey *survey)
{
    return survey->header_rows;
}

gboolean
survey_body_is_serif(const Survey *survey)
{
    return (double)survey->serif >= SERIF_PART * (double)survey->text && survey->text > 0;
}

double
survey_body_size(const Survey *survey, guint32 page)
{
    const Summary *s = summary_of(survey, page);
    return s != NULL ? s->body : survey->body;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "given-boxes.h"

#include "alike.h"

/* Notices of differences and of what has no place that are made one by one. */
#define NOTICES_MOST 200u
/* A confidence for characters that the picture does not show. */
#define UNSEEN 0.5f
/* In characters: a space in a line without a place, too narrow to be taken for a gutter. */
#define UNPLACED_GAP 0.5

typedef struct {
    const GivenPlacing *p;
    Page *page; /* what comes out */
    guint notices;
    guint32 given_beyond, unplaced_beyond; /* notices that were not made one by one */
} Filling;

static void
notice(Filling *f, const char *kind, const Rect *box, const GString *given, const GString *read)
{
    if (f->notices++ >= NOTICES_MOST) {
        *(read != NULL ? &f->given_beyond : &f->unplaced_beyond) += 1;
    } else {
        g_autofree char *text =
            read != NULL ? g_strdup_printf("text “%s”, picture “%s”", given->str, read->str)
                         : g_strdup(given->str);
        page_notice(f->page, kind, box, 1, text);
    }
}

/* Those beyond the most that are told one by one, as one of each kind. */
static void
notice_beyond(Filling *f)
{
    if (f->given_beyond > 0) {
        page_notice(f->page, "given", NULL, f->given_beyond, "and so many more");
    }
    if (f->unplaced_beyond > 0) {
        page_notice(f->page, "unplaced", NULL, f->unplaced_beyond, "and so many more");
    }
}

/* A share of a box along the line: part `i` of `n`. */
static void
box_share(Glyph *g, Rect box, gboolean vertical, guint i, guint n)
{
    double from = (double)i / n;
    double to = (i + 1.0) / n;
    g->x0 = (float)(vertical ? box.x0 : box.x0 + (box.x1 - box.x0) * from);
    g->x1 = (float)(vertical ? box.x1 : box.x0 + (box.x1 - box.x0) * to);
    g->y0 = (float)(vertical ? box.y0 + (box.y1 - box.y0) * from : box.y0);
    g->y1 = (float)(vertical ? box.y0 + (box.y1 - box.y0) * to : box.y1);
    if (vertical) {
        g->origin_y = g->y0;
    } else {
        g->origin_x = g->x0;
    }
}

/* A character that has a glyph, and those after it that have none and share its place. */
static void
put_shared(Filling *f, const Glyph *place, const guint32 *chars, guint n)
{
    Rect box = glyph_rect(place);
    for (guint i = 0; i < n; i++) {
        Glyph g = *place;
        const GivenChar *given = given_char(f->p, chars[i]);
        gboolean same = i == 0 && given->glyph >= 0 && char_plain(place->unicode) == given->plain;
        g.unicode = given->unicode;
        g.code = 0;
        g.flags = 0;
        g.confidence = same ? 1.0f : MIN(place->confidence, UNSEEN);
        box_share(&g, box, given_is_vertical(f->page, place), i, n);
        g_array_append_val(f->page->glyphs, g);
    }
}

/* What stands in a line where text and picture say different things, told as one. */
static void
tell_differences(Filling *f, const GivenLine *line, const GArray *chars)
{
    g_autoptr(GString) given = g_string_new(NULL);
    g_autoptr(GString) read = g_string_new(NULL);
    guint at = line->from;
    for (guint i = 0; i <= chars->len; i++) {
        const GivenChar *c =
            i < chars->len ? given_char(f->p, g_array_index(chars, guint32, i)) : NULL;
        guint until = c == NULL ? line->to : at;
        while (c != NULL && c->glyph >= 0 && until < line->to && (gint32)until != c->glyph) {
            until++;
        }
        for (; at < until; at++) {
            g_string_append_unichar(read, given_glyph(f->p, at)->unicode);
        }
        gboolean same = c != NULL && c->glyph >= 0 && at < line->to &&
                        char_plain(given_glyph(f->p, at)->unicode) == c->plain;
        if ((c == NULL || same) && given->len + read->len > 0) {
            notice(f, "given", &line->box, given, read);
            g_string_truncate(given, 0);
            g_string_truncate(read, 0);
        }
        if (c != NULL && !same) {
            g_string_append_unichar(given, c->unicode);
        }
        if (c != NULL && c->glyph >= 0 && at < line->to) {
            if (!same) {
                g_string_append_unichar(read, given_glyph(f->p, at)->unicode);
            }
            at++;
        }
    }
}

/* A glyph for what has none: of the line's box, in the style of the page's text. */
static Glyph
bare_glyph(Filling *f, Rect box)
{
    Glyph g = {.style = 0, .origin = ORIGIN_TEXT, .confidence = UNSEEN};
    if (f->p->read->glyphs->len > 0) {
        g.style = page_glyph(f->p->read, 0)->style;
    } else {
        Style style = {.size = GIVEN_UNPLACED_SIZE, .direction = DIRECTION_RIGHT};
        style.font = page_font(f->page, "");
        g.style = page_style(f->page, &style);
    }
    g.x0 = (float)box.x0;
    g.y0 = (float)box.y0;
    g.x1 = (float)box.x1;
    g.y1 = (float)box.y1;
    g.origin_x = g.x0;
    g.origin_y = (float)(box.y0 + 0.88 * (box.y1 - box.y0));
    return g;
}

static void
put_line(Filling *f, const GivenLine *line, const GArray *chars)
{
    const guint32 *c = (const guint32 *)(const void *)chars->data;
    for (guint i = 0; i < chars->len;) {
        guint end = i + 1;
        guint with = i;
        while (end < chars->len && (given_char(f->p, c[end])->glyph < 0 ||
                                    (given_char(f->p, c[with])->glyph < 0 && with == i))) {
            with = given_char(f->p, c[end])->glyph >= 0 ? end : with;
            end++;
        }
        gint32 index = given_char(f->p, c[with])->glyph;
        Glyph place = index >= 0 ? *given_glyph(f->p, (guint)index) : bare_glyph(f, line->box);
        place.origin = ORIGIN_TEXT;
        put_shared(f, &place, c + i, end - i);
        i = end;
    }
    tell_differences(f, line, chars);
}

/* The end of what follows `from` without a line, in one line of the text (head) or in one word. */
static guint
unplaced_end(const GivenPlacing *p, guint from, gboolean over_spaces)
{
    guint end = from + 1;
    while (end < p->given->len && given_char(p, end)->line < 0 &&
           !(over_spaces ? given_char(p, end)->head : given_char(p, end)->cut)) {
        end++;
    }
    return end;
}

/* Characters from … to of a line of the text that have no place: in a line at y, with a gap for
 * each of its spaces. */
static void
put_unplaced_line(Filling *f, guint from, guint to, double y)
{
    const double em = (double)GIVEN_UNPLACED_SIZE;
    g_autoptr(GString) text = g_string_new(NULL);
    double x = em;
    for (guint i = from, end; i < to; i = end, x += UNPLACED_GAP * em) {
        g_autoptr(GArray) chars = g_array_new(FALSE, FALSE, sizeof(guint32));
        end = MIN(unplaced_end(f->p, i, FALSE), to);
        g_string_append(text, i > from ? " " : "");
        for (guint k = i; k < end; k++) {
            g_array_append_val(chars, k);
            g_string_append_unichar(text, given_char(f->p, k)->unicode);
        }
        Rect box = {x, y, x + em * (end - i), y + em};
        Glyph place = bare_glyph(f, box);
        put_shared(f, &place, (const guint32 *)(const void *)chars->data, chars->len);
        x = box.x1;
    }
    const Rect all = {em, y, x - UNPLACED_GAP * em, y + em};
    notice(f, "unplaced", &all, text, NULL);
}

/* The characters that no place was found for, below the page. */
static void
put_unplaced(Filling *f)
{
    double y = f->p->read->height;
    for (guint i = 0; i < f->p->given->len;) {
        if (given_char(f->p, i)->line >= 0) {
            i++;
            continue;
        }
        guint end = unplaced_end(f->p, i, TRUE);
        put_unplaced_line(f, i, end, y);
        y += 2.0 * (double)GIVEN_UNPLACED_SIZE;
        i = end;
    }
}

/* A character and the glyph by which it has its place in the line. */
typedef struct {
    guint32 given;
    gint32 place;
} Put;

static int
compare_puts(gconstpointer a, gconstpointer b)
{
    const Put *x = a;
    const Put *y = b;
    if (x->place != y->place) {
        return x->place < y->place ? -1 : 1;
    }
    return x->given < y->given ? -1 : x->given > y->given;
}

/* The characters of a line as the picture has them; those without a glyph after the one that they
 * come after in the text. */
static GArray *
line_characters(const GivenPlacing *p, guint index)
{
    const GivenLine *line = given_line(p, index);
    g_autoptr(GArray) puts = g_array_new(FALSE, FALSE, sizeof(Put));
    gint32 place = -1;
    for (guint32 j = line->placed ? line->first : p->given->len; j < p->given->len; j++) {
        const GivenChar *given = given_char(p, j);
        if (given->line == (gint32)index) {
            place = given->glyph >= 0 ? given->glyph : place;
            Put put = {j, place};
            g_array_append_val(puts, put);
        }
    }
    g_array_sort(puts, compare_puts);
    GArray *chars = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < puts->len; i++) {
        g_array_append_val(chars, g_array_index(puts, Put, i).given);
    }
    return chars;
}

static void
put_lines(Filling *f)
{
    for (guint i = 0; i < f->p->lines->len; i++) {
        const GivenLine *line = given_line(f->p, i);
        g_autoptr(GArray) chars = line_characters(f->p, i);
        if (chars->len > 0 || line->to > line->from) {
            put_line(f, line, chars);
        }
    }
    put_unplaced(f);
}

/* The read page's evidence without its glyphs and what is said of them. */
static Page *
page_without_glyphs(const Page *read)
{
    Page *page = page_new(read->number, read->width, read->height);
    page->painted_known = read->painted_known;
    page->label = g_strdup(read->label);
    for (guint i = 0; i < read->fonts->len; i++) {
        page_font(page, g_ptr_array_index(read->fonts, i));
    }
    g_array_append_vals(page->styles, read->styles->data, read->styles->len);
    g_array_append_vals(page->rulings, read->rulings->data, read->rulings->len);
    g_array_append_vals(page->areas, read->areas->data, read->areas->len);
    g_array_append_vals(page->images, read->images->data, read->images->len);
    g_array_append_vals(page->shapes, read->shapes->data, read->shapes->len);
    return page;
}

/* What was noticed, but for places that were not read and are known now. */
static void
keep_notices(Filling *f)
{
    g_autofree guint8 *known = g_new0(guint8, f->p->read->notices->len + 1);
    for (guint i = 0; i < f->p->lines->len; i++) {
        const GivenLine *line = given_line(f->p, i);
        if (line->unread >= 0 && line->placed) {
            known[line->unread] = 1;
        }
    }
    for (guint i = 0; i < f->p->read->notices->len; i++) {
        if (!known[i]) {
            g_array_append_vals(f->page->notices, &g_array_index(f->p->read->notices, Notice, i),
                                1);
        }
    }
}

Page *
given_boxes_fill(const GivenPlacing *p)
{
    Filling f = {.p = p, .page = page_without_glyphs(p->read)};
    keep_notices(&f);
    put_lines(&f);
    notice_beyond(&f);
    return f.page;
}

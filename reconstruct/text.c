/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Spaces are the hard part. A PDF may set them as characters (kept, several as one), leave a gap
 * instead (a space is put in where the gap is wider than the letters around it explain), or spread
 * the letters of a label over its cell (個 人 情 報), with or without space characters between
 * them. Spread letters are told by this: every stretch between the gaps is a single ideograph or
 * kana.
 */
#include "text.h"

#include <string.h>

#include "chars.h"

/* A gap this wide (ems) between Latin letters is a space: a third of the usual space. */
#define GAP_LATIN 0.17
/* Between others; Japanese is justified by widening the gaps, hardly ever beyond half an em. */
#define GAP_CJK 0.72
/* Letters this far apart (ems) without a space character between them may be spread. */
#define SPREAD 0.3
/* … but a gap this many times the usual one is a space between words. */
#define WORD_GAP 1.8
/* Gaps are even that differ by less than this part: labels are spread by a program. */
#define EVEN 0.12
/* Wider gaps (ems) are left to be filled in (    年    月    日). */
#define EVEN_MOST 1.6
/* So many evenly spread signs, of them so many ideographs or kana, are one label. */
#define EVEN_UNITS 4u
#define EVEN_WORDS 2u

typedef struct {
    const Glyph *glyph;
    guint32 index;
    guint32 raw;   /* what the text layer says */
    double x0, x1; /* in the line's frame */
    double size;
    gboolean space;    /* a space character stands before it */
    guint32 space_raw; /* which */
} Letter;

static GArray *
letters_find(const Page *page, const Layout *layout, const Line *line)
{
    GArray *letters = g_array_sized_new(FALSE, TRUE, sizeof(Letter), line->count);
    gboolean space = FALSE;
    guint32 raw = 0;
    for (guint i = line->first; i < line->first + line->count; i++) {
        guint32 index = g_array_index(layout->order, guint32, i);
        const Glyph *g = page_glyph(page, index);
        if (glyph_is_blank(g)) {
            if (g->unicode != 0xAD && g->unicode != 0x200B && g->unicode != 0xFEFF) {
                raw = space && raw != 0 ? raw : g->unicode;
                space = TRUE;
            }
            continue;
        }
        Rect box = rect_to_frame(glyph_rect(g), (Frame)line->frame, page->width, page->height);
        Letter letter = {g,
                         index,
                         page_raw(page, index),
                         box.x0,
                         box.x1,
                         (double)page_glyph_style(page, g)->size,
                         space && letters->len > 0,
                         raw};
        g_array_append_val(letters, letter);
        space = FALSE;
    }
    return letters;
}

static const Letter *
letter_at(GArray *letters, guint i)
{
    return &g_array_index(letters, Letter, i);
}

static double
gap_before(GArray *letters, guint i)
{
    const Letter *a = letter_at(letters, i - 1), *b = letter_at(letters, i);
    return (b->x0 - a->x1) / MAX(1, MIN(a->size, b->size));
}

static gboolean
apart(GArray *letters, guint i)
{
    return letter_at(letters, i)->space || gap_before(letters, i) > SPREAD;
}

static gboolean
spreads(const Letter *letter)
{
    guint32 c = letter->glyph->unicode;
    return char_is_kanji(c) || (c >= 0x3041 && c <= 0x30FF);
}

/* Marks in `close` the letters whose space before is only spreading: runs of at least three single
 * letters, or of two that are the whole line. */
static void
spread_find(GArray *letters, guint8 *close)
{
    guint n = letters->len;
    for (guint i = 0; i < n;) {
        guint end = i;
        while (end < n && spreads(letter_at(letters, end)) && (end == i || apart(letters, end)) &&
               (end + 1 >= n || apart(letters, end + 1) || !spreads(letter_at(letters, end + 1)))) {
            end++;
        }
        guint run = end - i;
        gboolean whole = run == n && run >= 2;
        double usual = 0; /* a gap much wider than the others parts two words, both spread */
        for (guint k = i + 1; k < end; k++) {
            usual += gap_before(letters, k) / MAX(1, run - 1);
        }
        if (run >= 3 || whole) {
            for (guint k = i + 1; k < end; k++) {
                close[k] = run < 4 || gap_before(letters, k) < WORD_GAP * MAX(usual, 0.2);
            }
        }
        i = MAX(end, i + 1);
    }
}

/* Can it be one of the evenly spread signs of a label? Digits and brackets can, among others. */
static gboolean
spreads_among_others(const Letter *letter)
{
    guint32 c = letter->glyph->unicode;
    return char_is_cjk(c) || char_is_digit(c) || c == '(' || c == ')';
}

/* Do two digits of half width stand together as one number? */
static gboolean
is_one_number(GArray *letters, guint i)
{
    return char_is_digit(letter_at(letters, i - 1)->glyph->unicode) &&
           char_is_digit(letter_at(letters, i)->glyph->unicode) &&
           gap_before(letters, i) < GAP_LATIN;
}

/* The end of the stretch of evenly spread signs that begins with letter i. */
static guint
even_end(GArray *letters, guint i, guint *ret_units, guint *ret_words)
{
    double gap = 0;
    guint end = i + 1, units = 1, words = spreads(letter_at(letters, i));
    while (end < letters->len && spreads_among_others(letter_at(letters, end - 1)) &&
           spreads_among_others(letter_at(letters, end))) {
        double here = gap_before(letters, end);
        if (!is_one_number(letters, end)) {
            if (letter_at(letters, end)->space || here < SPREAD || here > EVEN_MOST ||
                (units > 1 && fabs(here - gap) > EVEN * gap)) {
                break;
            }
            gap = units == 1 ? here : gap;
            units++;
            words += spreads(letter_at(letters, end));
        }
        end++;
    }
    *ret_units = units;
    *ret_words = words;
    return end;
}

/* Marks in `close` also the letters of labels with digits and brackets among them (令 和 12 年 度):
 * what tells them is that the gaps are all alike and no space characters stand in them. */
static void
even_find(GArray *letters, guint8 *close)
{
    for (guint i = 0, end; i + 1 < letters->len; i = MAX(end - 1, i + 1)) {
        guint units, words;
        end = even_end(letters, i, &units, &words);
        gboolean whole = end - i == letters->len && units >= 3;
        if (words >= EVEN_WORDS && (units >= EVEN_UNITS || whole)) {
            memset(close + i + 1, TRUE, end - i - 1);
        }
    }
}

static gboolean
wants_space(GArray *letters, guint i)
{
    guint32 a = letter_at(letters, i - 1)->glyph->unicode,
            b = letter_at(letters, i)->glyph->unicode;
    double gap = gap_before(letters, i);
    if (!char_is_cjk(a) && !char_is_cjk(b)) {
        return gap > GAP_LATIN;
    }
    return gap > GAP_CJK;
}

static void
add_char(Paragraph *p, guint32 unicode, guint32 raw, Change change, guint8 marks)
{
    Char c = {.unicode = unicode, .raw = raw, .change = (guint8)change, .marks = marks};
    g_array_append_val(p->chars, c);
}

static Char *
last_char(Paragraph *p)
{
    return p->chars->len > 0 ? &g_array_index(p->chars, Char, p->chars->len - 1) : NULL;
}

/* Does the text so far end inside a number of a Japanese sentence (平成3 of 平成30年)? That goes on
 * in the next line without a space; after a Latin word it would be a number by itself. */
static gboolean
ends_in_number(const Paragraph *p)
{
    for (guint i = p->chars->len; i > 0; i--) {
        guint32 c = g_array_index(p->chars, Char, i - 1).unicode;
        if (!char_is_digit(c) && c != ',' && c != '.') {
            gboolean word = char_is_cjk(c) && g_unichar_isalpha(c); /* 9：30 ends a time */
            return i < p->chars->len && (word || char_opens(c));
        }
    }
    return FALSE;
}

/* Between the last character so far and a line that begins with `next`. */
void
text_join(Paragraph *p, guint32 next)
{
    Char *last = last_char(p);
    if (last == NULL || last->unicode == ' ' || last->unicode == 0x3000) {
        return;
    }
    guint32 a = last->unicode;
    gboolean hyphen = (a == '-' || a == 0x2010) && char_is_latin(next);
    last->line_end = (guint8)hyphen;
    if (char_is_digit(next) && ends_in_number(p)) {
        return;
    }
    if (!char_is_cjk(a) && !char_is_cjk(next) && !hyphen && !char_closes(next) && !char_opens(a)) {
        add_char(p, ' ', 0, CHANGE_JOIN, 0);
    }
}

static guint8
marks_of(const Layout *layout, guint32 glyph)
{
    return g_array_index(layout->marks, guint8, glyph);
}

static void
add_letters(Paragraph *p, const Layout *layout, GArray *letters, const guint8 *close)
{
    for (guint i = 0; i < letters->len; i++) {
        const Letter *letter = letter_at(letters, i);
        guint8 marks = marks_of(layout, letter->index);
        if (i > 0 && !close[i]) {
            guint8 between = marks & marks_of(layout, letter_at(letters, i - 1)->index);
            if (letter->space) {
                guint32 c = letter->space_raw == 0x3000 ? 0x3000 : ' ';
                add_char(p, c, letter->space_raw, CHANGE_NOT, between);
            } else if (wants_space(letters, i)) {
                add_char(p, ' ', 0, CHANGE_GAP, between);
            }
        }
        Change change;
        guint32 c = char_fold(letter->glyph->unicode, &change);
        change = letter->glyph->flags & GLYPH_REPAIRED ? CHANGE_REPAIRED : change;
        add_char(p, c, letter->raw, change, marks);
    }
}

/* ---- ruby ---- */

static gboolean
ruby_covers(const Letter *base, double x0, double x1)
{
    double middle = (base->x0 + base->x1) / 2;
    return middle >= x0 - 0.1 * base->size && middle <= x1 + 0.1 * base->size;
}

/* Ruby wider than the ideographs it reads overhangs the kana beside them. */
static void
ruby_trim(const Paragraph *p, guint *from, guint *to)
{
    guint first = *from, last = *to;
    while (first < last && !char_is_kanji(g_array_index(p->chars, Char, first).unicode)) {
        first++;
    }
    while (last > first && !char_is_kanji(g_array_index(p->chars, Char, last - 1).unicode)) {
        last--;
    }
    if (first < last) { /* kana and Latin letters can be read too */
        *from = first;
        *to = last;
    }
}

/* Ruby stands centred over its base, often wider or narrower than it, so a stretch of ruby reads
 * the ideographs beneath it. */
static void
add_ruby(Paragraph *p, const Page *page, const Layout *layout, GArray *base, guint first_char,
         const Line *ruby)
{
    g_autoptr(GArray) letters = letters_find(page, layout, ruby);
    for (guint i = 0; i < letters->len;) {
        g_autoptr(GString) reading = g_string_new(NULL);
        double x0 = letter_at(letters, i)->x0, x1 = x0;
        for (guint k = i; i < letters->len && (i == k || gap_before(letters, i) < 0.6); i++) {
            g_string_append_unichar(reading, letter_at(letters, i)->glyph->unicode);
            x1 = letter_at(letters, i)->x1;
        }
        guint from = G_MAXUINT, to = 0, at = first_char;
        for (guint b = 0; b < base->len; b++) {
            /* characters put in between letters carry no raw form of a letter: skip them */
            while (at < p->chars->len &&
                   g_array_index(p->chars, Char, at).raw != letter_at(base, b)->raw) {
                at++;
            }
            if (ruby_covers(letter_at(base, b), x0, x1)) {
                from = MIN(from, at);
                to = at + 1;
            }
            at++;
        }
        ruby_trim(p, &from, &to);
        if (from == G_MAXUINT) { /* over a gap: reads the whole line's last letter */
            from = p->chars->len - 1;
            to = p->chars->len;
        }
        Ruby *last =
            p->rubies->len > 0 ? &g_array_index(p->rubies, Ruby, p->rubies->len - 1) : NULL;
        if (last != NULL && last->to > from) { /* never overlap: lengthen the one before */
            char *both = g_strconcat(last->reading, reading->str, NULL);
            g_free(last->reading);
            last->reading = both;
            last->to = MAX(last->to, to);
            continue;
        }
        Ruby r = {from, to, g_string_free(g_steal_pointer(&reading), FALSE)};
        g_array_append_val(p->rubies, r);
    }
}

/* ---- zones ---- */

static void
widen_zone(Paragraph *p, const Page *page, const Layout *layout, const Line *line)
{
    Rect box = layout_page_rect(layout, line->box, (Frame)line->frame);
    Zone *zone = p->zones->len > 0 ? &g_array_index(p->zones, Zone, p->zones->len - 1) : NULL;
    if (zone == NULL || zone->page != page->number) {
        Zone fresh = {.page = page->number, .box = box, .confidence = 1};
        g_array_append_val(p->zones, fresh);
        zone = &g_array_index(p->zones, Zone, p->zones->len - 1);
    }
    zone->box = rect_union(zone->box, box);
    for (guint i = line->first; i < line->first + line->count; i++) {
        const Glyph *g = page_glyph(page, g_array_index(layout->order, guint32, i));
        if (!glyph_is_blank(g)) {
            zone->confidence = MIN(zone->confidence, (double)g->confidence);
            zone->origin = MAX(zone->origin, g->origin);
        }
    }
}

/* ---- public ---- */

void
text_add_line(Paragraph *p, const Page *page, const Layout *layout, guint index)
{
    const Line *line = layout_line(layout, index);
    g_autoptr(GArray) letters = letters_find(page, layout, line);
    if (letters->len == 0) {
        return;
    }
    g_autofree guint8 *close = g_new0(guint8, letters->len);
    spread_find(letters, close);
    even_find(letters, close);
    Change change;
    guint32 next = char_fold(letter_at(letters, 0)->glyph->unicode, &change);
    const Char *last = last_char(p);
    gboolean in_word = layout->marks_breaks && last != NULL && char_is_hangul(last->unicode) &&
                       char_is_hangul(next) && !p->spaced_end;
    if ((line->flags & LINE_APART) && last != NULL && last->unicode != ' ') {
        add_char(p, ' ', 0, CHANGE_JOIN, 0);
    } else if (!in_word) {
        text_join(p, next);
    }
    p->spaced_end = text_line_spaced(page, layout, index);
    guint first_char = p->chars->len;
    add_letters(p, layout, letters, close);
    widen_zone(p, page, layout, line);
    guint first = index > 24 ? index - 24 : 0;
    for (guint i = first; i < index; i++) {
        const Line *ruby = layout_line(layout, i);
        if ((ruby->flags & LINE_RUBY) && ruby->base == (gint32)index) {
            add_ruby(p, page, layout, letters, first_char, ruby);
        }
    }
}

char *
paragraph_text(const Paragraph *paragraph)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < paragraph->chars->len; i++) {
        g_string_append_unichar(text, g_array_index(paragraph->chars, Char, i).unicode);
    }
    return g_string_free(text, FALSE);
}

guint
text_line_start(const Page *page, const Layout *layout, guint index, guint32 *ret, guint max)
{
    const Line *line = layout_line(layout, index);
    guint n = 0;
    for (guint i = line->first; i < line->first + line->count && n < max; i++) {
        const Glyph *g = page_glyph(page, g_array_index(layout->order, guint32, i));
        if (!glyph_is_blank(g)) {
            Change change;
            ret[n++] = char_fold(g->unicode, &change);
        }
    }
    return n;
}

guint32
text_line_end(const Page *page, const Layout *layout, guint index)
{
    const Line *line = layout_line(layout, index);
    for (guint i = line->first + line->count; i > line->first; i--) {
        const Glyph *g = page_glyph(page, g_array_index(layout->order, guint32, i - 1));
        if (!glyph_is_blank(g)) {
            Change change;
            return char_fold(g->unicode, &change);
        }
    }
    return 0;
}

gboolean
text_line_spaced(const Page *page, const Layout *layout, guint index)
{
    const Line *line = layout_line(layout, index);
    guint32 last = g_array_index(layout->order, guint32, line->first + line->count - 1);
    return glyph_is_blank(page_glyph(page, last));
}

char *
text_line_masked(const Page *page, const Layout *layout, guint index)
{
    const Line *line = layout_line(layout, index);
    GString *text = g_string_new(NULL);
    for (guint i = line->first; i < line->first + line->count; i++) {
        const Glyph *g = page_glyph(page, g_array_index(layout->order, guint32, i));
        gboolean digit = char_is_digit(g->unicode);
        if (!glyph_is_blank(g) && !(digit && text->len > 0 && text->str[text->len - 1] == '#')) {
            g_string_append_unichar(text, digit ? '#' : g->unicode);
        }
    }
    return g_string_free(text, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "linebreak.h"

#include <string.h>

static const char NO_LINE_START[] =
    "、。，．,.・：；:;？！?!」』）】〕］｝〉》)]}>％%ー々…‥゛゜ヽヾゝゞ";
static const char NO_LINE_END[] = "「『（【〔［｛〈《([{<¥￥＄$";
static const char WORD_MARKS[] = "-/.,%&@_+'#:~";
static const char LIST_MARKS[] = "・○●◎□■－※①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";

/* Ems between Japanese and Latin, as JLREQ 3.2.6 and office programs have it. */
static const double LATIN_GAP = 0.25;
/* Size and rise of a reference, in font sizes. */
static const double REFERENCE_SCALE = 0.6;
static const double REFERENCE_RISE = 0.38;
/* Font sizes from the top of the em square of a Japanese font to its baseline. */
static const double ASCENT = 0.88;
/* Points: rounding of sums of widths never decides a line. */
static const double WIDTH_TOLERANCE = 0.01;

static gboolean
is_one_of(gunichar c, const char *set)
{
    return g_utf8_strchr(set, -1, c) != NULL;
}

static gboolean
is_latin(gunichar c)
{
    return c < 0x80 && g_unichar_isalnum(c);
}

static gboolean
is_word(gunichar c)
{
    return is_latin(c) || (c < 0x80 && c != 0 && strchr(WORD_MARKS, (int)c));
}

static gboolean
is_japanese(gunichar c)
{
    return (c >= 0x3041 && c <= 0x30FF && c != 0x30FB) || (c >= 0x3400 && c <= 0x9FFF) ||
           c == 0x3005;
}

static gboolean
is_space(gunichar c)
{
    return c == ' ' || c == 0x3000;
}

static gboolean
is_reference(const Mark *mark)
{
    return mark->scale < 1.0;
}

static gboolean
can_break(const Mark *before, const Mark *after)
{
    if (is_reference(after) || is_space(after->c))
        return FALSE;
    if (is_word(before->c) && is_word(after->c) && !is_reference(before))
        return FALSE;
    return !is_one_of(after->c, NO_LINE_START) && !is_one_of(before->c, NO_LINE_END);
}

static GArray *
marks_new(Fonts *fonts, const TextStyle *style, const char *text)
{
    GArray *marks = g_array_new(FALSE, FALSE, sizeof(Mark));

    for (const char *p = text; *p; p = text_next(p)) {
        Mark mark = {g_utf8_get_char(p), 1.0, 0.0, 0.0};

        if (mark.c >= REFERENCE_BASE + '0' && mark.c <= REFERENCE_BASE + '9') {
            mark.c -= REFERENCE_BASE;
            mark.scale = REFERENCE_SCALE;
        }
        mark.advance = fonts_find(fonts, style->face, mark.c)->advance * mark.scale * style->size;
        g_array_append_val(marks, mark);
    }
    for (guint i = 0; i + 1 < marks->len; i++) {
        Mark *mark = &g_array_index(marks, Mark, i);
        Mark *next = mark + 1;
        gboolean meet = (is_japanese(mark->c) && is_latin(next->c) && !is_reference(next)) ||
                        (is_latin(mark->c) && is_japanese(next->c) && !is_reference(mark));

        mark->gap = meet ? LATIN_GAP * style->size : 0.0;
    }
    return marks;
}

/* The end of the line that begins at FIRST and has ROOM points. */
static guint
line_end(const GArray *marks, guint first, double room)
{
    guint best = first;
    guint end = first;
    double x = 0.0;

    while (end < marks->len) {
        const Mark *mark = &g_array_index(marks, Mark, end);

        if (x + mark->advance > room + WIDTH_TOLERANCE && !is_space(mark->c))
            break;
        x += mark->advance + mark->gap;
        end++;
        if (end == marks->len || can_break(mark, mark + 1))
            best = end;
    }
    if (best == first)
        best = MAX(end, first + 1);
    return best;
}

Paragraph *
paragraph_new(Fonts *fonts, const TextStyle *style, const char *text, double width)
{
    Paragraph *paragraph = g_new0(Paragraph, 1);
    guint first = 0;

    paragraph->style = *style;
    paragraph->width = width;
    paragraph->marks = marks_new(fonts, style, text);
    paragraph->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    do {
        double indent = first == 0 ? style->indent_first : style->indent_rest;
        guint end =
            paragraph->marks->len == 0 ? 0 : line_end(paragraph->marks, first, width - indent);
        Line line = {first, end - first, indent};

        g_array_append_val(paragraph->lines, line);
        first = end;
    } while (first < paragraph->marks->len);
    return paragraph;
}

void
paragraph_free(Paragraph *paragraph)
{
    if (!paragraph)
        return;
    g_array_unref(paragraph->marks);
    g_array_unref(paragraph->lines);
    g_free(paragraph);
}

/* The line without white space at its end. */
static guint
line_count_visible(const Paragraph *paragraph, const Line *line)
{
    guint count = line->count;

    while (count > 0 && is_space(g_array_index(paragraph->marks, Mark, line->first + count - 1).c))
        count--;
    return count;
}

static gboolean
can_stretch(const Mark *mark, Align align)
{
    if (align == ALIGN_SPREAD)
        return TRUE;
    return !is_reference(mark + 1) && !(is_word(mark->c) && is_word(mark[1].c));
}

typedef struct {
    double offset;  /* points from the left end of the room to the first mark */
    double stretch; /* points added at each place that can stretch */
} Fitting;

static Fitting
line_fit(const Paragraph *paragraph, const Line *line, guint count, gboolean last)
{
    Align align = paragraph->style.align;
    double spare = paragraph->width - line->indent;
    guint places = 0;

    for (guint i = 0; i < count; i++) {
        const Mark *mark = &g_array_index(paragraph->marks, Mark, line->first + i);

        spare -= mark->advance + (i + 1 < count ? mark->gap : 0.0);
        if (i + 1 < count && can_stretch(mark, align))
            places++;
    }
    spare = MAX(spare, 0.0);
    if (align == ALIGN_CENTER)
        return (Fitting){spare / 2.0, 0.0};
    if (align == ALIGN_END)
        return (Fitting){spare, 0.0};
    if (align == ALIGN_START || (align == ALIGN_JUSTIFY && last) || places == 0)
        return (Fitting){0.0, 0.0};
    return (Fitting){0.0, spare / places};
}

void
paragraph_place_line(const Paragraph *paragraph, guint index, Page *page, const Spot *spot)
{
    const Line *line = &g_array_index(paragraph->lines, Line, index);
    const TextStyle *style = &paragraph->style;
    guint count = line_count_visible(paragraph, line);
    Fitting fitting = line_fit(paragraph, line, count, index + 1 == paragraph->lines->len);
    double x = spot->x + line->indent + fitting.offset;

    page_begin_piece(page, spot->rank, spot->block, spot->column);
    for (guint i = 0; i < count; i++) {
        const Mark *mark = &g_array_index(paragraph->marks, Mark, line->first + i);
        double rise = is_reference(mark) ? REFERENCE_RISE * style->size : 0.0;
        PlacedGlyph glyph = {mark->c, style->face, x, spot->y - rise, style->size * mark->scale};

        page_add_glyph(page, glyph);
        x += mark->advance + mark->gap;
        if (i + 1 < count && can_stretch(mark, style->align))
            x += fitting.stretch;
    }
}

guint
paragraph_count_ink(const Paragraph *paragraph, guint index)
{
    const Line *line = &g_array_index(paragraph->lines, Line, index);
    guint ink = 0;

    for (guint i = 0; i < line->count; i++)
        ink += !is_space(g_array_index(paragraph->marks, Mark, line->first + i).c);
    return ink;
}

guint
paragraph_count_references(const Paragraph *paragraph, guint index)
{
    const Line *line = &g_array_index(paragraph->lines, Line, index);
    guint references = 0;

    for (guint i = 0; i < line->count; i++) {
        const Mark *mark = &g_array_index(paragraph->marks, Mark, line->first + i);

        references += is_reference(mark) && (i == 0 || !is_reference(mark - 1));
    }
    return references;
}

void
style_indent(TextStyle *style, const char *text, double indent)
{
    gunichar c = g_utf8_get_char(text);
    gboolean hangs = c != 0 && is_one_of(c, LIST_MARKS);

    style->indent_first = hangs ? 0.0 : indent * style->size;
    style->indent_rest = hangs ? style->size : 0.0;
}

double
line_baseline(double top, double size, double leading)
{
    return top + (leading - size) / 2.0 + ASCENT * size;
}

double
text_width(Fonts *fonts, Face face, double size, const char *text)
{
    TextStyle style = {face, size, ALIGN_START, 0.0, 0.0};
    g_autoptr(GArray) marks = marks_new(fonts, &style, text);
    double width = 0.0;

    for (guint i = 0; i < marks->len; i++)
        width += g_array_index(marks, Mark, i).advance + g_array_index(marks, Mark, i).gap;
    return width;
}

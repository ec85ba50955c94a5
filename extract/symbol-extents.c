/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "symbol-extents.h"

#include <math.h>

/* Borders are looked for within this of where tesseract has them, in ems. */
#define REACH 1.6
/* Prices: of a border through ink as high as the em; of an em away from tesseract's place; of a
 * symbol's ink being an em wider, or narrower, than it can be; of no ink at all; of ink left over,
 * and of each em of it. */
#define CUT 5.0
#define AWAY 0.05
#define WIDER 9.0
#define NARROWER 3.0
#define NO_INK 1.5
#define LEFT 1.0
#define LEFT_WIDE 1.0
#define FIRST_KANJI 0x3400u
/* The widths of ink, in ems, that a symbol can have. */
typedef struct {
    double least, most;
} Widths;

typedef struct {
    const int *ink;
    int length, em;
    int *next;    /* the first ink at or after */
    int *before;  /* the end of the last ink before */
    double *gaps; /* the prices of gaps whose ink is 0, 1, … pixels wide */
} Line;

static Widths
widths_of(guint32 c)
{
    gboolean wide = g_unichar_iswide(c);
    if (g_unichar_isdigit(c)) {
        return wide ? (Widths){0.2, 0.9} : (Widths){0.15, 0.62};
    }
    if (wide && g_unichar_isalpha(c)) {
        return (Widths){c >= FIRST_KANJI ? 0.6 : 0.3, 1.02};
    }
    if (g_unichar_isalpha(c)) {
        return (Widths){0.05, 0.95};
    }
    switch (c) {
    case '%': /* of some faces as wide as a kanji */
        return (Widths){0.5, 1.02};
    /* marks in a corner of their em */
    case 0x3001: /* 、 */
    case 0x3002:
    case 0xFF0C:
    case 0xFF0E:
    case 0x30FB: /* ・ */
    case 0xFF1A:
    case 0x300C: /* 「 */
    case 0x300D:
    case 0xFF08: /* （ */
    case 0xFF09:
        return (Widths){0.03, 0.6};
    default:
        return wide || g_unichar_iswide_cjk(c) ? (Widths){0.05, 1.02} : (Widths){0.03, 0.7};
    }
}

/* The ink between two places is `width` pixels wide, or there is none. */
static double
gap_price(const Line *line, int width)
{
    return width > 0 ? LEFT + LEFT_WIDE * ((double)width / line->em) : 0;
}

static void
line_init(Line *line)
{
    line->next = g_new0(int, line->length + 1);
    line->before = g_new0(int, line->length + 1);
    line->gaps = g_new0(double, line->length + 1);
    line->next[line->length] = line->length;
    line->before[0] = 0;
    for (int i = line->length - 1; i >= 0; i--) {
        line->next[i] = line->ink[i] > 0 ? i : line->next[i + 1];
    }
    for (int i = 1; i <= line->length; i++) {
        line->before[i] = line->ink[i - 1] > 0 ? i : line->before[i - 1];
    }
    for (int i = 0; i <= line->length; i++) {
        line->gaps[i] = gap_price(line, i);
    }
}

static void
line_clear(Line *line)
{
    g_free(line->next);
    g_free(line->before);
    g_free(line->gaps);
}

static double
border_price(const Line *line, int at, double wanted)
{
    int cut = at > 0 && at < line->length ? MIN(line->ink[at - 1], line->ink[at]) : 0;
    return CUT * cut / line->em + AWAY * fabs(at - wanted) / line->em;
}

/* The prices of a symbol whose ink is 0, 1, … pixels wide, up to `most`. */
static double *
symbol_prices(const Line *line, int most, Widths widths)
{
    double *prices = g_new(double, most + 1);
    prices[0] = NO_INK;
    for (int i = 1; i <= most; i++) {
        double width = (double)i / line->em;
        prices[i] = WIDER * MAX(0, width - widths.most) + NARROWER * MAX(0, widths.least - width);
    }
    return prices;
}

/* The places near one border. */
typedef struct {
    int first, n;
    double *price; /* the least at which everything before this place can be shared out */
    int *from;     /* the place before, in the window before */
} Window;

static Window
window_of(const Line *line, double at)
{
    int reach = (int)(REACH * line->em);
    int first = CLAMP((int)at - reach, 0, line->length);
    int last = CLAMP((int)at + reach, 0, line->length);
    int n = last - first + 1;
    return (Window){first, n, g_new(double, n), g_new(int, n)};
}

/* From the ends of the symbol before to the starts of the next. */
static void
step_gap(const Line *line, const Window *ends, Window *starts)
{
    const int *next = line->next + ends->first;
    for (int i = 0; i < starts->n; i++) {
        int at = starts->first + i;
        starts->price[i] = G_MAXDOUBLE;
        starts->from[i] = 0;
        for (int k = 0; k < ends->n && ends->first + k <= at; k++) {
            double price = ends->price[k] + line->gaps[MAX(0, line->before[at] - next[k])];
            if (price < starts->price[i]) {
                starts->price[i] = price;
                starts->from[i] = k;
            }
        }
    }
}

static void
step_symbol(const Line *line, const Window *starts, Window *ends, Widths widths, double wanted)
{
    const int *next = line->next + starts->first;
    g_autofree double *prices =
        symbol_prices(line, MAX(0, ends->first + ends->n - 1 - starts->first), widths);
    for (int i = 0; i < ends->n; i++) {
        int at = ends->first + i;
        double border = border_price(line, at, wanted);
        ends->price[i] = G_MAXDOUBLE;
        ends->from[i] = 0;
        for (int k = 0; k < starts->n && starts->first + k < at; k++) {
            int width = MAX(0, line->before[at] - next[k]);
            double price = starts->price[k] + (border + prices[width]);
            if (price < ends->price[i]) {
                ends->price[i] = price;
                ends->from[i] = k;
            }
        }
    }
}

/* Where symbol i ends by tesseract: where its box does, where the next begins, or between them, for
 * some boxes are much too large: whichever is nearest to where it would end if it began at `begin`
 * and filled an em. */
static double
end_of(const InkLine *line, const GArray *symbols, guint i, double begin)
{
    double start = line->vertical ? line->y0 : line->x0;
    const Symbol *s = &g_array_index(symbols, Symbol, i);
    if (i + 1 == symbols->len) {
        return ink_line_length(line);
    }
    double likely = begin + line->em * (g_unichar_iswide(s->unicode) ? 1 : 0.5);
    double end = (double)(line->vertical ? s->y1 : s->x1) - start;
    double next = (double)(line->vertical ? s[1].y0 : s[1].x0) - start, middle = (end + next) / 2;
    double best = fabs(end - likely) < fabs(next - likely) ? end : next;
    return MAX(begin, fabs(middle - likely) < fabs(best - likely) ? middle : best);
}

/* Where the last symbol ends best, as a place in its window, and what all of it costs then. */
static int
best_end(const Line *line, const Window *last, double *ret_price)
{
    int best = 0;
    *ret_price = G_MAXDOUBLE;
    for (int i = 0; i < last->n; i++) {
        int width = line->before[line->length] - line->next[last->first + i];
        double price = last->price[i] + line->gaps[MAX(0, width)];
        if (price < *ret_price) {
            *ret_price = price;
            best = i;
        }
    }
    return best;
}

static void
trace_back(const Line *line, const Window *windows, gsize symbols, int (*extents)[2])
{
    double price;
    int k = best_end(line, &windows[2 * symbols], &price);
    for (gsize i = symbols; i-- > 0;) {
        const Window *ends = &windows[2 * i + 2], *starts = &windows[2 * i + 1];
        int to = ends->first + k;
        k = ends->from[k];
        int from = starts->first + k;
        k = starts->from[k];
        int a = line->next[MIN(from, line->length)], b = line->before[to];
        extents[i][0] = b > a ? a : from;
        extents[i][1] = b > a ? b : MAX(from + 1, to);
    }
}

/* All windows of a line's symbols, with the prices of what can be. */
static Window *
windows_new(const Line *line, const InkLine *ink_line, const GArray *symbols)
{
    Window *windows = g_new(Window, 2 * (gsize)symbols->len + 1);
    windows[0] = (Window){0, 1, g_new0(double, 1), g_new0(int, 1)};
    double begin = 0;
    for (guint i = 0; i < symbols->len; i++) {
        double end = end_of(ink_line, symbols, i, begin);
        Window *three = &windows[2 * (gsize)i];
        three[1] = window_of(line, begin);
        three[2] = window_of(line, end);
        step_gap(line, &three[0], &three[1]);
        step_symbol(line, &three[1], &three[2],
                    widths_of(g_array_index(symbols, Symbol, i).unicode), end);
        begin = end;
    }
    return windows;
}

static void
windows_free(Window *windows, gsize symbols)
{
    for (gsize i = 0; i <= 2 * symbols; i++) {
        g_free(windows[i].price);
        g_free(windows[i].from);
    }
    g_free(windows);
}

GArray *
symbol_extents(const InkLine *ink_line, const int *ink, const GArray *symbols)
{
    Line line = {.ink = ink, .length = ink_line_length(ink_line), .em = MAX(ink_line->em, 4)};
    GArray *extents = g_array_new(FALSE, TRUE, 2 * sizeof(int));
    g_array_set_size(extents, symbols->len);
    if (symbols->len == 0) {
        return extents;
    }
    line_init(&line);
    Window *windows = windows_new(&line, ink_line, symbols);
    trace_back(&line, windows, symbols->len, (int(*)[2])(void *)extents->data);
    windows_free(windows, symbols->len);
    line_clear(&line);
    return extents;
}

double
symbol_extents_price(const InkLine *ink_line, const int *ink, const GArray *symbols)
{
    Line line = {.ink = ink, .length = ink_line_length(ink_line), .em = MAX(ink_line->em, 4)};
    line_init(&line);
    Window *windows = windows_new(&line, ink_line, symbols);
    double price;
    best_end(&line, &windows[2 * (gsize)symbols->len], &price);
    windows_free(windows, symbols->len);
    line_clear(&line);
    return price;
}

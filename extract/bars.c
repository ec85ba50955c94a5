/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bars: see bars.h.
 *
 * A morphological closing across the lines looked for fills everything that is dark and thinner
 * than LINE_THICK; the difference ("hat") shows thin dark things on any even ground. Long runs of
 * it are lines:
 *
 *     grey   ────┬────   closing across   hat, by rows        rows that touch are one
 *                │       ────────────►    ─── ──── ─── ────►  bar; a gap where the grey
 *              日│本                      (crossings 0)       is as dark is bridged
 *
 * A bar must be as dark all along as a line is. Dashes are short runs at even distances outside of
 * all characters.
 *
 * Known failures: a line thinner than 0.25 pt in light grey is missed; lines in photographs are
 * found.
 */
#include "bars.h"

#include <stdlib.h>
#include <string.h>

/* How much darker than its ground a line is, of 255: a line of 0.24 pt across two rows of pixels
 * has 60, an office program's lightest grey (D9D9D9) 38. */
#define HAT_MIN 30
/* A gap in a run is bridged if it is this short (pixels: a crossing line) and as dark. */
#define BRIDGE_MAX LINE_THICK
#define BRIDGE_LIGHTER 40
/* A line is nowhere lighter than this part of its middling darkness, but for so many pixels at its
 * ends and such a part of it where cells meet; strokes side by side leave a tenth. */
#define EVEN_MIN 0.5
#define EVEN_SLACK 3u
#define EVEN_PART 0.02
/* Dashes: at most this long and apart, in ems; so many of them; this part of them alike, lengths
 * and gaps differing by this part; nothing so many pixels above and below. Characters in pictures
 * have many short strokes in a row, but not even ones. */
#define DASH_EMS 1.5
#define DASH_GAP_EMS 0.8
#define DASHES_MIN 6u
#define DASHES_ALIKE 0.7
#define DASH_UNLIKE 0.25
#define DASH_ALONE 4
/* Bars in a picture: a page of noise is not worth more. */
#define BARS_MAX 20000u

/* A short run in one row. */
typedef struct {
    int from, to;   /* [from, to) */
    gboolean alone; /* nothing above and below */
} Dash;

/* What a search for bars works on. */
typedef struct {
    Grey grey;
    Grey hat;
    Grey glyphs;    /* not 0 where there are characters */
    double em;      /* pixels */
    GArray *bars;   /* Bar */
    GArray *dashes; /* Dash: those that follow each other in the current row */
} Search;

/* Each pixel of `row` becomes the lightest (or darkest) of itself and the one in `other`. */
static void
spread_row(guint8 *row, const guint8 *other, int width, gboolean lightest)
{
    for (int x = 0; x < width; x++) {
        row[x] = lightest ? MAX(row[x], other[x]) : MIN(row[x], other[x]);
    }
}

/* Each pixel becomes the lightest (or darkest) of those up to half a LINE_THICK above and below. */
static Grey
grey_spread(const Grey *from, gboolean lightest)
{
    Grey to = grey_new(from->width, from->height);
    int half = LINE_THICK / 2;
    for (int y = 0; y < from->height; y++) {
        guint8 *row = grey_row(&to, y);
        memcpy(row, grey_row(from, y), (gsize)from->width);
        for (int k = MAX(0, y - half); k <= MIN(from->height - 1, y + half); k++) {
            spread_row(row, grey_row(from, k), from->width, lightest);
        }
    }
    return to;
}

/* How much darker each pixel is than the closing of the picture. */
static Grey
grey_hat(const Grey *grey)
{
    Grey light = grey_spread(grey, TRUE);
    Grey hat = grey_spread(&light, FALSE);
    grey_clear(&light);
    gsize n = (gsize)grey->width * (gsize)grey->height;
    for (gsize i = 0; i < n; i++) {
        hat.pixels[i] = (guint8)(hat.pixels[i] - grey->pixels[i]);
    }
    return hat;
}

/* Where the run that begins at `x` ends; crossing lines are bridged. */
static int
solid_run_end(const guint8 *grey, const guint8 *hat, int x, int width)
{
    int end = x, dark = grey[x];
    for (int gap = 0; x < width && gap <= BRIDGE_MAX; x++) {
        if (hat[x] >= HAT_MIN) {
            dark = grey[x];
            end = x + 1;
            gap = 0;
        } else if (grey[x] <= dark + BRIDGE_LIGHTER) {
            gap++;
        } else {
            break;
        }
    }
    return end;
}

/* Adds a run of this row to the bar that it touches in the row above, or begins one. `open` is the
 * first bar that can still grow. */
static void
add_run(Search *s, Bar run, guint open)
{
    for (guint i = open; i < s->bars->len; i++) {
        Bar *bar = &g_array_index(s->bars, Bar, i);
        int shared = MIN(bar->to, run.to) - MAX(bar->from, run.from);
        int shorter = MIN(bar->to - bar->from, run.to - run.from);
        if (bar->row1 + 1 >= run.row0 && bar->row1 <= run.row0 && 2 * shared > shorter &&
            bar->dashed == run.dashed) {
            bar->from = MIN(bar->from, run.from);
            bar->to = MAX(bar->to, run.to);
            bar->row1 = run.row0;
            return;
        }
    }
    if (s->bars->len < BARS_MAX) {
        g_array_append_val(s->bars, run);
    }
}

/* The first bar that touches row y - 1 or y. */
static guint
first_open(const GArray *bars, guint open, int y)
{
    while (open < bars->len && g_array_index(bars, Bar, open).row1 + 1 < y) {
        open++;
    }
    return open;
}

static void
find_solid_runs(Search *s, int y, guint open)
{
    const guint8 *grey = grey_row(&s->grey, y), *hat = grey_row(&s->hat, y);
    int shortest = (int)(SHORT_EMS * s->em);
    for (int x = 0; x < s->grey.width;) {
        if (hat[x] < HAT_MIN) {
            x++;
            continue;
        }
        int end = solid_run_end(grey, hat, x, s->grey.width);
        if (end - x >= shortest) {
            add_run(s, (Bar){.from = x, .to = end, .row0 = y, .row1 = y}, open);
        }
        x = end;
    }
}

static gint
compare_ints(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

static gboolean
is_like(int a, int b)
{
    return ABS(a - b) <= MAX(1.0, DASH_UNLIKE * b);
}

/* Whether the gaps between the dashes are mostly alike; not all are, where a line crosses. */
static gboolean
gaps_are_even(const GArray *dashes)
{
    g_autoptr(GArray) gaps = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 1; i < dashes->len; i++) {
        int gap = g_array_index(dashes, Dash, i).from - g_array_index(dashes, Dash, i - 1).to;
        g_array_append_val(gaps, gap);
    }
    g_array_sort(gaps, compare_ints);
    int median = g_array_index(gaps, int, gaps->len / 2);
    guint alike = 0;
    for (guint i = 0; i < gaps->len; i++) {
        alike += is_like(g_array_index(gaps, int, i), median) ? 1 : 0;
    }
    return alike >= DASHES_ALIKE * gaps->len;
}

/* Whether most dashes are as long as the last but one (a dash and a dot may take turns) and have
 * nothing above and below. */
static gboolean
dashes_are_alike(const GArray *dashes)
{
    guint alike = 2, alone = 0;
    for (guint i = 0; i < dashes->len; i++) {
        const Dash *d = &g_array_index(dashes, Dash, i);
        alone += d->alone ? 1 : 0;
        if (i >= 2) {
            const Dash *before = &g_array_index(dashes, Dash, i - 2);
            alike += is_like(d->to - d->from, before->to - before->from) ? 1 : 0;
        }
    }
    return alike >= DASHES_ALIKE * dashes->len && alone >= DASHES_ALIKE * dashes->len;
}

/* Makes a run of the dashes in row y if they are a dashed line, and forgets them. */
static void
end_dashes(Search *s, GArray *dashes, int y, guint open)
{
    if (dashes->len >= DASHES_MIN) {
        int from = g_array_index(dashes, Dash, 0).from;
        int to = g_array_index(dashes, Dash, dashes->len - 1).to;
        if (to - from >= LONG_EMS * s->em && gaps_are_even(dashes) && dashes_are_alike(dashes)) {
            add_run(s, (Bar){.from = from, .to = to, .row0 = y, .row1 = y, .dashed = TRUE}, open);
        }
    }
    g_array_set_size(dashes, 0);
}

/* Whether nothing thin and dark is a few rows above and below of a pixel. */
static gboolean
is_alone(const Grey *hat, int x, int y)
{
    return (y < DASH_ALONE || grey_row(hat, y - DASH_ALONE)[x] < HAT_MIN) &&
           (y + DASH_ALONE >= hat->height || grey_row(hat, y + DASH_ALONE)[x] < HAT_MIN);
}

static void
find_dashes(Search *s, int y, guint open)
{
    const guint8 *hat = grey_row(&s->hat, y), *glyphs = grey_row(&s->glyphs, y);
    int last = -s->hat.width;
    for (int x = 0; x < s->hat.width;) {
        if (hat[x] < HAT_MIN) {
            x++;
            continue;
        }
        int end = x;
        while (end < s->hat.width && hat[end] >= HAT_MIN) {
            end++;
        }
        int middle = (x + end) / 2;
        gboolean is_dash = end - x <= DASH_EMS * s->em && glyphs[middle] == 0;
        if (!is_dash || x - last > DASH_GAP_EMS * s->em) {
            end_dashes(s, s->dashes, y, open);
        }
        if (is_dash) {
            Dash dash = {x, end, is_alone(&s->hat, middle, y)};
            g_array_append_val(s->dashes, dash);
        }
        last = x = end;
    }
    end_dashes(s, s->dashes, y, open);
}

/* The centre line and the thickness of a bar from how dark its rows are. */
static void
measure_bar(const Search *s, Bar *bar)
{
    double sum = 0, moment = 0, most = 0;
    for (int y = MAX(0, bar->row0 - 1); y <= MIN(s->hat.height - 1, bar->row1 + 1); y++) {
        double dark = 0;
        const guint8 *hat = grey_row(&s->hat, y);
        for (int x = bar->from; x < bar->to; x++) {
            dark += hat[x];
        }
        sum += dark;
        moment += dark * (y + 0.5);
        most = MAX(most, dark);
    }
    bar->axis = sum > 0 ? moment / sum : bar->row0 + 0.5;
    bar->thick = most > 0 ? sum / most : 1;
}

/* Whether the bar is as dark all along, as a line is; strokes of characters side by side leave
 * lighter gaps. */
static gboolean
bar_is_even(const Search *s, const Bar *bar)
{
    guint n = (guint)(bar->to - bar->from);
    g_autofree int *dark = g_new0(int, n);
    for (int y = MAX(0, bar->row0 - 1); y <= MIN(s->grey.height - 1, bar->row1 + 1); y++) {
        const guint8 *grey = grey_row(&s->grey, y) + bar->from;
        for (guint i = 0; i < n; i++) {
            dark[i] += 255 - grey[i];
        }
    }
    qsort(dark, n, sizeof *dark, compare_ints);
    guint slack = EVEN_SLACK + (guint)(EVEN_PART * n);
    int middling = dark[n / 2];
    return n <= slack || dark[slack] >= EVEN_MIN * middling;
}

/* Measures the bars and leaves out those that are uneven or not straight. */
static GArray *
good_bars(const Search *s)
{
    GArray *good = g_array_new(FALSE, FALSE, sizeof(Bar));
    for (guint i = 0; i < s->bars->len; i++) {
        Bar bar = g_array_index(s->bars, Bar, i);
        gboolean straight = bar.row1 - bar.row0 < LINE_THICK; /* else a heap of strokes */
        if (straight && (bar.dashed || bar_is_even(s, &bar))) {
            measure_bar(s, &bar);
            g_array_append_val(good, bar);
        }
    }
    return good;
}

GArray *
bars_find(const Grey *grey, const Grey *glyphs, double em)
{
    g_autoptr(GArray) dashes = g_array_new(FALSE, FALSE, sizeof(Dash));
    g_autoptr(GArray) bars = g_array_new(FALSE, FALSE, sizeof(Bar));
    Search s = {*grey, grey_hat(grey), *glyphs, em, bars, dashes};
    guint open = 0;
    for (int y = 0; y < grey->height; y++) {
        open = first_open(s.bars, open, y);
        find_solid_runs(&s, y, open);
        find_dashes(&s, y, open);
    }
    GArray *good = good_bars(&s);
    grey_clear(&s.hat);
    return good;
}

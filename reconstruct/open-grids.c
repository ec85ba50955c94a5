/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A gutter is a stretch of x that (nearly) no row's text enters. Titles over several columns do
 * enter it, so a few rows may; they have no border there and become spanning cells.
 */
#include "open-grids.h"

/* A gutter is at least so many ems wide, and at most this part of the rows enters it. */
#define GUTTER 0.6
#define ENTERED 0.2
/* A narrower one, of at least so many ems, is seen by the edges of the columns beside it: so many
 * lines end or begin at it, so many of them begin, this near in ems; and the column before it is
 * this wide at least, or it is a mark's hanging text. */
#define NARROW 0.15
#define EDGES 5u
#define BEGINNINGS 2u
#define EDGE_NEAR 0.12
#define COLUMN_LEAST 2.5
/* Boxes are of one line if their tops differ by less, ems. */
#define LEVEL 0.3
/* Text this much (points) over a border is beyond it. */
#define OVER 0.3
/* A character of Japanese is at least so wide, as a part of its height. */
#define WIDE 0.8
/* Text keeps clear of a border that is not drawn by so many ems. */
#define CLEAR 1.0
/* What is so many ems nearer to the middle of one place than of another is in the former's. */
#define OFF_MIDDLE 0.2
/* Fewer lines below a header do not show columns by themselves. */
#define BODY_LINES 3u
#define STEP 0.25 /* points */
#define STEPS_MOST 8000u

static double
pos(GArray *positions, guint i)
{
    return g_array_index(positions, double, i);
}

static gint
rect_y_order(gconstpointer a, gconstpointer b)
{
    const Rect *p = a, *q = b;
    if (p->y0 != q->y0) {
        return p->y0 < q->y0 ? -1 : 1;
    }
    return p->x0 < q->x0 ? -1 : p->x0 > q->x0;
}

static gint
rect_x_order(gconstpointer a, gconstpointer b)
{
    const Rect *p = a, *q = b;
    if (p->x0 != q->x0) {
        return p->x0 < q->x0 ? -1 : 1;
    }
    return p->y0 < q->y0 ? -1 : p->y0 > q->y0;
}

static gint
double_order(gconstpointer a, gconstpointer b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

GArray *
text_in(GArray *text, Rect box)
{
    GArray *in = g_array_new(FALSE, TRUE, sizeof(Rect));
    for (guint i = 0; i < text->len; i++) {
        Rect r = g_array_index(text, Rect, i);
        if (rect_contains(box, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2)) {
            g_array_append_val(in, r);
        }
    }
    g_array_sort(in, rect_y_order);
    return in;
}

double
common_height(GArray *boxes)
{
    double sum = 0;
    for (guint i = 0; i < boxes->len; i++) {
        Rect r = g_array_index(boxes, Rect, i);
        sum += rect_height(r);
    }
    return boxes->len > 0 ? sum / boxes->len : 10;
}

gboolean
text_runs_over(GArray *inside, double x, double em)
{
    for (guint i = 0; i < inside->len; i++) {
        Rect a = g_array_index(inside, Rect, i);
        if (a.x0 < x - OVER && a.x1 > x + OVER) {
            return TRUE;
        }
        if (a.x1 > x + OVER || a.x1 < x - EDGE_NEAR * em) {
            continue;
        }
        for (guint k = 0; k < inside->len; k++) {
            Rect b = g_array_index(inside, Rect, k);
            if (b.x0 >= x - OVER && b.x0 - a.x1 < EDGE_NEAR * em &&
                fabs(b.y0 - a.y0) < LEVEL * em) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* ---- columns ---- */

typedef struct {
    double x0;
    guint steps, bands;
    guint16 *entered;   /* by step: bands whose text enters it */
    guint32 *last_band; /* by step: the band counted last, plus 1 */
} Profile;

static void
profile_enter(Profile *p, Rect r, guint32 band)
{
    gint from = (gint)floor((r.x0 - p->x0) / STEP), to = (gint)ceil((r.x1 - p->x0) / STEP);
    for (gint i = MAX(0, from); i < MIN(to, (gint)p->steps); i++) {
        if (p->last_band[i] != band + 1) {
            p->last_band[i] = band + 1;
            p->entered[i]++;
        }
    }
}

/* Bands are the ruled rows; where there are fewer than three, lines of text. */
static guint
band_of(GArray *ys, Rect r, double em, gboolean by_line)
{
    double middle = (r.y0 + r.y1) / 2;
    if (by_line) {
        return (guint)MAX(0, (middle - pos(ys, 0)) / (0.8 * em));
    }
    guint band = 0;
    while (band + 2 < ys->len && middle >= pos(ys, band + 1)) {
        band++;
    }
    return band;
}

/* The widest run of the steps from … to that the fewest rows enter, and of such the ones that only
 * upper rows do: a title over several columns stands above theirs. */
static Interval
emptiest(const Profile *p, guint from, guint to)
{
    guint best = from, best_end = to;
    guint64 least = G_MAXUINT64;
    for (guint i = from, run = 0, longest = 0; i < to; i++) {
        guint64 cost = (guint64)p->entered[i] << 32 | p->last_band[i];
        if (cost < least) {
            least = cost;
            run = longest = 0;
        }
        run = cost == least ? run + 1 : 0;
        if (run > longest) {
            longest = run;
            best = i + 1 - run;
            best_end = i + 1;
        }
    }
    return (Interval){p->x0 + best * STEP, p->x0 + best_end * STEP};
}

typedef struct {
    guint ends, begins; /* lines that end or begin at the gutter */
    guint both;         /* … that have text on both sides */
    guint spread;       /* … whose characters stand that far apart anyway */
    double first;       /* where text before the gutter begins */
} Edges;

static void
line_look(GArray *line, Interval gutter, double from, double em, Edges *edges)
{
    double end = -INFINITY, begin = INFINITY, near = EDGE_NEAR * em;
    guint gaps = 0, wide = 0;
    for (guint i = 0; i < line->len; i++) {
        Rect r = g_array_index(line, Rect, i);
        gboolean before = r.x0 + r.x1 < gutter.lo + gutter.hi;
        if (before && r.x0 >= from) {
            end = MAX(end, r.x1);
            edges->first = MIN(edges->first, r.x0);
        } else if (!before) {
            begin = MIN(begin, r.x0);
        }
    }
    for (guint i = 1; i < line->len; i++) {
        double gap = g_array_index(line, Rect, i).x0 - g_array_index(line, Rect, i - 1).x1;
        gaps += gap < GUTTER * em;
        wide += gap < GUTTER * em && gap >= 0.8 * (begin - end);
    }
    gboolean both = end > -INFINITY && begin < INFINITY;
    edges->ends += fabs(end - gutter.lo) <= near;
    edges->begins += fabs(begin - gutter.hi) <= near;
    edges->both += both;
    edges->spread += both && wide * 2 > gaps && wide > 1;
}

/* Do the lines beside a narrow gutter keep to its edges? `from` is where its column begins. */
static gboolean
edges_show(GArray *inside, Interval gutter, double from, double em)
{
    Edges edges = {.first = INFINITY};
    g_autoptr(GArray) line = g_array_new(FALSE, TRUE, sizeof(Rect));
    for (guint i = 0; i < inside->len; i++) {
        g_array_append_vals(line, &g_array_index(inside, Rect, i), 1);
        double y = g_array_index(line, Rect, 0).y0;
        if (i + 1 == inside->len || g_array_index(inside, Rect, i + 1).y0 > y + LEVEL * em) {
            g_array_sort(line, rect_x_order);
            line_look(line, gutter, from, em, &edges);
            g_array_set_size(line, 0);
        }
    }
    return edges.both >= 2 && edges.spread == 0 && edges.begins >= BEGINNINGS &&
           edges.ends + edges.begins >= EDGES && gutter.lo - edges.first >= COLUMN_LEAST * em;
}

/* A column that few rows fill has text of two bands, which stands in one line with text before it,
 * and after it if it is not the last: unlike a title in the midst of two columns. */
static gboolean
is_sparse_column(const Profile *p, guint from, guint to, GArray *inside)
{
    Interval block = {p->x0 + from * STEP, p->x0 + to * STEP};
    double lowest = -INFINITY, em = common_height(inside);
    guint lines = 0;
    for (guint i = 0; i < inside->len; i++) {
        Rect r = g_array_index(inside, Rect, i);
        gboolean before = FALSE, after = to == p->steps;
        if (r.x0 + r.x1 < 2 * block.lo || r.x0 + r.x1 > 2 * block.hi || r.y0 <= lowest) {
            continue;
        }
        for (guint k = 0; k < inside->len; k++) {
            Rect other = g_array_index(inside, Rect, k);
            gboolean level = fabs(other.y0 - r.y0) < LEVEL * em;
            before = before || (level && other.x1 <= block.lo);
            after = after || (level && other.x0 >= block.hi);
        }
        lines += before && after;
        lowest = r.y0 + em;
    }
    return lines >= 2;
}

/* Takes the run of steps from … to, which few bands enter, as a gutter if it is wide enough. */
static void
gutter_add(const Profile *p, guint from, guint to, GArray *inside, GArray *gutters)
{
    double em = common_height(inside), width = (to - from) * STEP;
    if (width < NARROW * em) {
        return;
    }
    Interval gutter = emptiest(p, from, to);
    double before =
        gutters->len > 0 ? g_array_index(gutters, Interval, gutters->len - 1).hi : -INFINITY;
    if (width >= GUTTER * em || edges_show(inside, gutter, before, em)) {
        g_array_append_val(gutters, gutter);
    }
}

/* The gutters in a run of steps that few bands enter: one, or one on each side of each column that
 * few rows fill. */
static void
run_gutters(const Profile *p, guint start, guint end, GArray *inside, GArray *gutters)
{
    double least = NARROW * common_height(inside);
    guint from = start;
    gboolean open_end = end == p->steps; /* no text after it but the run's own */
    for (guint i = start; i < end;) {
        guint clear = i;
        while (i < end && p->entered[i] == 0) {
            i++;
        }
        guint block = i;
        while (i < end && p->entered[i] > 0) {
            i++;
        }
        guint next = i;
        while (next < end && p->entered[next] == 0) {
            next++;
        }
        gboolean apart =
            (block - clear) * STEP >= least && ((next - i) * STEP >= least || open_end);
        if (i > block && apart && is_sparse_column(p, block, open_end ? end : i, inside)) {
            gutter_add(p, from, block, inside, gutters);
            from = i;
            i = open_end ? end : i;
        }
    }
    if (!open_end) {
        gutter_add(p, from, end, inside, gutters);
    }
}

/* Runs of steps that at most `most` bands enter, between text. */
static GArray *
profile_gutters(const Profile *p, guint most, GArray *inside)
{
    GArray *gutters = g_array_new(FALSE, TRUE, sizeof(Interval));
    gboolean seen_text = FALSE;
    guint start = 0;
    for (guint i = 0; i <= p->steps; i++) {
        if (i < p->steps && p->entered[i] <= most) {
            continue;
        }
        if (seen_text) {
            run_gutters(p, start, i, inside, gutters);
        }
        seen_text = TRUE;
        start = i + 1;
    }
    return gutters;
}

/* Does a row have text both from lo to the gutter and from there to hi, and none that runs into it?
 * One wide character on either side is a label of two that is spread. */
static gboolean
row_has_both(GArray *inside, double y0, double y1, double lo, Interval gutter, double hi)
{
    guint left = 0, right = 0;
    gboolean wide = TRUE;
    for (guint i = 0; i < inside->len; i++) {
        Rect r = g_array_index(inside, Rect, i);
        double middle = (r.y0 + r.y1) / 2, at = (r.x0 + r.x1) / 2;
        if (middle > y0 && middle < y1) {
            if (r.x1 > gutter.lo + STEP && r.x0 < gutter.hi - STEP) {
                return FALSE;
            }
            gboolean before = at > lo && at<gutter.lo, after = at> gutter.hi && at < hi;
            left += before;
            right += after;
            wide = wide && !((before || after) && rect_width(r) < WIDE * rect_height(r));
        }
    }
    return left > 0 && right > 0 && !(left == 1 && right == 1 && wide);
}

/* A gutter parts something: where no ruled row has text on both sides of it, a header in the middle
 * of a column, say, and numbers at its end, there is one column. */
static void
gutters_drop_idle(GArray *gutters, GArray *inside, GArray *ys)
{
    for (guint i = 0; i < gutters->len;) {
        Interval g = g_array_index(gutters, Interval, i);
        double lo = i > 0 ? g_array_index(gutters, Interval, i - 1).lo : -INFINITY;
        double hi = i + 1 < gutters->len ? g_array_index(gutters, Interval, i + 1).hi : INFINITY;
        gboolean both = FALSE;
        for (guint r = 0; r + 1 < ys->len && !both; r++) {
            both = row_has_both(inside, pos(ys, r), pos(ys, r + 1), lo, g, hi);
        }
        if (both) {
            i++;
        } else {
            g_array_remove_index(gutters, i);
        }
    }
}

/* All but the upper lines of a header: its lowest line shows the columns, titles above that may
 * stand over several. All, where the lines below are too few to show columns. */
static GArray *
without_titles(GArray *inside, GArray *ys, double em)
{
    if (ys->len < 3) {
        return g_array_ref(inside);
    }
    double lowest = -INFINITY, last = -INFINITY;
    guint lines = 0;
    for (guint i = 0; i < inside->len; i++) { /* by y */
        Rect r = g_array_index(inside, Rect, i);
        if ((r.y0 + r.y1) / 2 < pos(ys, 1)) {
            lowest = MAX(lowest, r.y0);
        } else if (r.y0 > last + LEVEL * em) {
            lines++;
            last = r.y0;
        }
    }
    if (lines < BODY_LINES) {
        return g_array_ref(inside);
    }
    GArray *rest = g_array_new(FALSE, TRUE, sizeof(Rect));
    for (guint i = 0; i < inside->len; i++) {
        if (g_array_index(inside, Rect, i).y0 >= lowest - LEVEL * em) {
            g_array_append_vals(rest, &g_array_index(inside, Rect, i), 1);
        }
    }
    return rest;
}

/* GArray of Interval: the gutters along x. Ruled rows vote, and a few may be against; lines of text
 * do not, since a label stands in few of them. */
static GArray *
gutters_of(GArray *inside, GArray *ys, Rect box)
{
    double em = common_height(inside);
    gboolean by_line = ys->len < 4;
    Profile p = {.x0 = box.x0, .steps = (guint)MIN(STEPS_MOST, rect_width(box) / STEP)};
    g_autofree guint16 *entered = g_new0(guint16, p.steps + 1);
    g_autofree guint32 *last = g_new0(guint32, p.steps + 1);
    g_autoptr(GHashTable) bands = g_hash_table_new(NULL, NULL);
    p.entered = entered;
    p.last_band = last;
    for (guint i = 0; i < inside->len; i++) {
        Rect r = g_array_index(inside, Rect, i);
        guint band = band_of(ys, r, em, by_line);
        profile_enter(&p, r, band);
        g_hash_table_add(bands, GUINT_TO_POINTER(band + 1));
    }
    guint most = (guint)(ENTERED * g_hash_table_size(bands));
    g_autoptr(GArray) gutters = profile_gutters(&p, by_line ? 0 : most, inside);
    if (gutters->len == 0) {
        g_array_unref(gutters);
        gutters = profile_gutters(&p, most, inside);
    }
    if (ys->len > 2) {
        gutters_drop_idle(gutters, inside, ys);
    }
    return g_steal_pointer(&gutters);
}

/* Titles of a header count where they hide nothing. */
static GArray *
gutters_find(GArray *inside, GArray *ys, Rect box)
{
    g_autoptr(GArray) rest = without_titles(inside, ys, common_height(inside));
    g_autoptr(GArray) gutters = gutters_of(inside, ys, box);
    g_autoptr(GArray) more = rest->len < inside->len ? gutters_of(rest, ys, box) : NULL;
    return more != NULL && more->len > gutters->len ? g_steal_pointer(&more)
                                                    : g_steal_pointer(&gutters);
}

static gboolean
row_crosses(GArray *inside, double y0, double y1, double x)
{
    for (guint i = 0; i < inside->len; i++) {
        Rect r = g_array_index(inside, Rect, i);
        double middle = (r.y0 + r.y1) / 2;
        if (middle > y0 && middle < y1 && r.x0 < x - 0.3 && r.x1 > x + 0.3) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A gutter, and where the columns beside it end: in the gutters next to it. */
typedef struct {
    Interval before, own, after;
    double at; /* of the border */
} Place;

/* May this text stand in the middle between two borders that lie somewhere in these? */
static gboolean
may_be_centred(Interval text, Interval before, Interval after)
{
    double twice = text.lo + text.hi;
    return twice >= before.lo + after.lo && twice <= before.hi + after.hi;
}

/* Does a row's text stand on both sides of the border as one line with no more than a word's gap?
 * Not if either part stands in the middle of its column: headers that fill theirs. */
static gboolean
row_bridges(GArray *inside, double y0, double y1, const Place *p, double em)
{
    Interval left = {INFINITY, -INFINITY}, right = left;
    for (guint i = 0; i < inside->len; i++) {
        Rect r = g_array_index(inside, Rect, i);
        double middle = (r.y0 + r.y1) / 2, at = (r.x0 + r.x1) / 2;
        if (middle <= y0 || middle >= y1) {
            continue;
        }
        if (at < p->at && at > (p->before.lo + p->before.hi) / 2) {
            left = (Interval){MIN(left.lo, r.x0), MAX(left.hi, r.x1)};
        } else if (at >= p->at && at < (p->after.lo + p->after.hi) / 2) {
            right = (Interval){MIN(right.lo, r.x0), MAX(right.hi, r.x1)};
        }
    }
    double word = MIN(0.45 * em, 0.8 * (p->own.hi - p->own.lo));
    if (left.lo > left.hi || right.lo > right.hi || right.lo - left.hi >= word) {
        return FALSE;
    }
    return !may_be_centred(left, p->before, p->own) || !may_be_centred(right, p->own, p->after);
}

static void
add_borders(GArray *borders, GArray *inside, GArray *ys, const Place *p, double em)
{
    for (guint r = 0; r + 1 < ys->len; r++) {
        double y0 = pos(ys, r), y1 = pos(ys, r + 1);
        if (!row_crosses(inside, y0, y1, p->at) && !row_bridges(inside, y0, y1, p, em)) {
            Bar bar = {p->at, y0, y1, 0, TRUE};
            g_array_append_val(borders, bar);
        }
    }
}

/* A border in this gutter: where a line stands in it, there; else in its middle. */
static double
border_in(Interval gutter, GArray *vertical)
{
    for (guint k = 0; k < vertical->len; k++) {
        double at = g_array_index(vertical, Bar, k).at;
        if (at >= gutter.lo - 1 && at <= gutter.hi + 1) {
            return at;
        }
    }
    return (gutter.lo + gutter.hi) / 2;
}

GArray *
columns_from_text(GArray *horizontal, GArray *vertical, GArray *text)
{
    GArray *borders = g_array_new(FALSE, TRUE, sizeof(Bar));
    g_autoptr(GArray) ys = g_array_new(FALSE, TRUE, sizeof(double));
    Rect box = rect_none();
    for (guint i = 0; i < horizontal->len; i++) {
        const Bar *b = &g_array_index(horizontal, Bar, i);
        box = rect_union(box, (Rect){b->lo, b->at, b->hi, b->at});
        g_array_append_val(ys, b->at);
    }
    for (guint i = 0; i < vertical->len; i++) { /* sides that reach beyond the last line */
        const Bar *b = &g_array_index(vertical, Bar, i);
        g_array_append_val(ys, b->lo);
        g_array_append_val(ys, b->hi);
        box = rect_union(box, (Rect){b->at, b->lo, b->at, b->hi});
    }
    g_array_sort(ys, double_order);
    for (guint i = 1; i < ys->len;) {
        if (pos(ys, i) - pos(ys, i - 1) < 3) {
            g_array_remove_index(ys, i);
        } else {
            i++;
        }
    }
    g_autoptr(GArray) inside = text_in(text, box);
    if (inside->len < 4 || ys->len < 2) {
        return borders;
    }
    double em = common_height(inside);
    g_autoptr(GArray) gutters = gutters_find(inside, ys, box);
    for (guint i = 0; i < gutters->len; i++) {
        Place p = {{box.x0, box.x0}, {0, 0}, {box.x1, box.x1}, 0};
        p.own = g_array_index(gutters, Interval, i);
        p.before = i > 0 ? g_array_index(gutters, Interval, i - 1) : p.before;
        p.after = i + 1 < gutters->len ? g_array_index(gutters, Interval, i + 1) : p.after;
        p.at = border_in(p.own, vertical);
        add_borders(borders, inside, ys, &p, em);
    }
    if (borders->len > 0) {
        Bar sides[] = {{box.x0, box.y0, box.y1, 0, TRUE}, {box.x1, box.y0, box.y1, 0, TRUE}};
        g_array_append_vals(borders, sides, 2);
    }
    return borders;
}

BandLook
band_look(GArray *text, Rect band, double least, double *ret_em)
{
    g_autoptr(GArray) inside = text_in(text, band);
    g_autoptr(GArray) ys = g_array_new(FALSE, TRUE, sizeof(double));
    Rect box = rect_none();
    for (guint i = 0; i < inside->len; i++) {
        box = rect_union(box, g_array_index(inside, Rect, i));
    }
    *ret_em = inside->len > 0 ? common_height(inside) : 0;
    if (inside->len == 0) {
        return BAND_EMPTY;
    }
    if (rect_width(box) < least) {
        return BAND_ROW;
    }
    g_array_append_val(ys, band.y0);
    g_array_append_val(ys, band.y1);
    g_autoptr(GArray) gutters = gutters_find(inside, ys, box);
    return gutters->len > 0 ? BAND_ROW : BAND_RUNNING;
}

/* The gaps along x between the boxes of a cell, each with the place of its middle. */
typedef struct {
    double middle, width;
} Gap;

static GArray *
gaps_find(GArray *inside)
{
    GArray *gaps = g_array_new(FALSE, TRUE, sizeof(Gap));
    g_autoptr(GArray) sorted = g_array_copy(inside);
    g_array_sort(sorted, rect_x_order);
    double end = INFINITY;
    for (guint i = 0; i < sorted->len; i++) {
        Rect r = g_array_index(sorted, Rect, i);
        if (r.x0 > end) {
            Gap gap = {(r.x0 + end) / 2, r.x0 - end};
            g_array_append_val(gaps, gap);
        }
        end = i == 0 ? r.x1 : MAX(end, r.x1);
    }
    return gaps;
}

/* A label of as many letters as the cell has columns, spread over all of it: together they stand in
 * the middle of the cell, rather than each in the middle of its column. Digits are narrower. */
static gboolean
is_spread_label(const Grid *grid, const GridCell *cell, GArray *inside, double em)
{
    if (inside->len != cell->column_span) {
        return FALSE;
    }
    g_autoptr(GArray) sorted = g_array_copy(inside);
    g_array_sort(sorted, rect_x_order);
    Rect all = rect_none();
    double off = 0; /* from the middle of its own column, the worst */
    for (guint i = 0; i < sorted->len; i++) {
        Rect r = g_array_index(sorted, Rect, i);
        double middle = (pos(grid->xs, cell->column + i) + pos(grid->xs, cell->column + i + 1)) / 2;
        if (rect_width(r) < WIDE * em) {
            return FALSE;
        }
        off = MAX(off, fabs((r.x0 + r.x1) / 2 - middle));
        all = rect_union(all, r);
    }
    Rect box = grid_cell_box(grid, cell);
    return fabs((all.x0 + all.x1) / 2 - (box.x0 + box.x1) / 2) + OFF_MIDDLE * em < off;
}

/* Text in each column, and gaps at the borders that are wider than all others: letters spread over
 * the whole cell leave wide gaps everywhere. */
static gboolean
cell_is_open(const Grid *grid, const GridCell *cell, GArray *inside, double em)
{
    g_autoptr(GArray) gaps = gaps_find(inside);
    double widest_inside = 0, least_border = INFINITY;
    guint borders = 0;
    for (guint i = 0; i < gaps->len; i++) {
        const Gap *gap = &g_array_index(gaps, Gap, i);
        gboolean border = FALSE;
        for (guint c = cell->column + 1; c < cell->column + cell->column_span; c++) {
            border = border || fabs(pos(grid->xs, c) - gap->middle) <= gap->width / 2;
        }
        if (border) {
            borders++;
            least_border = MIN(least_border, gap->width);
        } else {
            widest_inside = MAX(widest_inside, gap->width);
        }
    }
    return borders + 1 == cell->column_span && least_border >= CLEAR * em &&
           least_border >= 2 * widest_inside;
}

void
split_open_cells(Grid *grid, GArray *text)
{
    for (guint i = 0; i < grid->cells->len; i++) {
        GridCell cell = g_array_index(grid->cells, GridCell, i);
        if (cell.column_span < 2) {
            continue;
        }
        g_autoptr(GArray) inside = text_in(text, grid_cell_box(grid, &cell));
        double em = common_height(inside);
        if (!cell_is_open(grid, &cell, inside, em) || is_spread_label(grid, &cell, inside, em)) {
            continue;
        }
        g_array_index(grid->cells, GridCell, i).column_span = 1;
        for (guint k = 1; k < cell.column_span; k++) {
            GridCell more = {cell.row, cell.column + k, cell.row_span, 1};
            g_array_insert_val(grid->cells, i + k, more);
        }
        grid_own(grid);
    }
}

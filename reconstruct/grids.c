/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: for every ruled table its cells, also where not all of its lines are drawn.
 *
 *   +----+--------+      lines that meet make a component;
 *   |    |        |      its vertical lines (and the ends of its horizontal ones) give the x,
 *   +----+----+---+      its horizontal lines (and the ends of its vertical ones) the y
 *   |    |    |   |      of a lattice; lattice boxes with no line between them are one cell.
 *
 * Lines that meet nothing are grouped by equal extent: at least three vertical ones side by side
 * are a table open above and below, at least two horizontal ones a table with open columns, whose
 * columns are then the gutters that its text leaves.
 *
 * Columns that no line divides are open-grids.c's business, such rows open-rows.c's.
 *
 * Known failure: two tables that share a line are one grid with cells outside of either.
 */
#include "grids.h"

#include "grids-beside.h"
#include "open-ends.h"
#include "open-grids.h"
#include "open-heads.h"
#include "open-rows.h"
#include "open-spans.h"

/* Lines come this near and meet, points: typographic gaps at crossings are smaller. */
#define MEET 3.2
/* Borders nearer than this are one border, points; no cell with text is that narrow. */
#define SAME_BORDER 3.0
/* An end of a line this far beyond the last crossing line opens a further column or row. */
#define BEYOND 5.0
/* An end this far from every horizontal line is meant, points: lines overshoot by less. */
#define INSIDE 9.0
/* A border counts as drawn when lines cover this part of it. */
#define DRAWN 0.55
/* … and as left out when they cover no more than this. */
#define LEFT_OUT 0.15
/* Lines that meet nothing have the same extent within this, points. */
#define SAME_EXTENT 5.0
/* Text wider than this part of the lines around it, and without gutters, is running text. */
#define RUNNING 0.5
/* Text this near to a line, ems, is part of what the line divides. */
#define BEYOND_EMS 0.5
/* Text that differs this much in size, as a part, is a heading between two tables. */
#define OTHER_SIZE 0.15
/* Glyphs this near to each other, ems, are of one text: a cut between them would go through it. */
#define CROSSING_EMS 0.7
/* A number is this far, ems, from its heading at most. */
#define HEADING_GAP 3.0
#define GRID_MAX 4000

/* ---- components ---- */

static guint
find_root(guint *parent, guint i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static const Bar *
bar_of(const Rulings *r, guint i)
{
    guint n = r->horizontal->len;
    return i < n ? &g_array_index(r->horizontal, Bar, i) : &g_array_index(r->vertical, Bar, i - n);
}

static gboolean
bars_meet(const Bar *h, const Bar *v)
{
    return v->at >= h->lo - MEET && v->at <= h->hi + MEET && h->at >= v->lo - MEET &&
           h->at <= v->hi + MEET;
}

static guint *
components_find(const Rulings *r)
{
    guint nh = r->horizontal->len, nv = r->vertical->len;
    guint *parent = g_new0(guint, nh + nv + 1);
    for (guint i = 0; i < nh + nv; i++) {
        parent[i] = i;
    }
    if ((guint64)nh * nv > 40000000u) {
        return parent; /* a drawing, not a table */
    }
    for (guint v = 0; v < nv; v++) {
        for (guint h = 0; h < nh; h++) {
            if (bars_meet(bar_of(r, h), bar_of(r, nh + v))) {
                parent[find_root(parent, h)] = find_root(parent, nh + v);
            }
        }
    }
    for (guint i = 0; i < nh + nv; i++) {
        find_root(parent, i);
    }
    return parent;
}

/* ---- the lattice ---- */

static gint
double_order(gconstpointer a, gconstpointer b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

/* Sorted positions with those nearer than SAME_BORDER made one (their mean); a double line between
 * two tables and their own sides are three such. */
static void
positions_merge(GArray *positions)
{
    g_array_sort(positions, double_order);
    guint kept = 0;
    for (guint i = 0; i < positions->len;) {
        double first = g_array_index(positions, double, i), sum = 0;
        guint n = 0;
        double last = first;
        for (; i < positions->len && g_array_index(positions, double, i) - last < SAME_BORDER &&
               g_array_index(positions, double, i) - first < 2 * SAME_BORDER;
             i++) {
            last = g_array_index(positions, double, i);
            sum += last;
            n++;
        }
        g_array_index(positions, double, kept++) = sum / n;
    }
    g_array_set_size(positions, kept);
}

/* Where lines of the other direction end beyond the outermost of `positions`, one more. */
static void
positions_extend(GArray *positions, GArray *other)
{
    double lo = INFINITY, hi = -INFINITY;
    for (guint i = 0; i < positions->len; i++) {
        lo = MIN(lo, g_array_index(positions, double, i));
        hi = MAX(hi, g_array_index(positions, double, i));
    }
    double first = lo, last = hi;
    for (guint i = 0; i < other->len; i++) {
        const Bar *b = &g_array_index(other, Bar, i);
        first = MIN(first, b->lo);
        last = MAX(last, b->hi);
    }
    if (first < lo - BEYOND) {
        g_array_append_val(positions, first);
    }
    if (last > hi + BEYOND) {
        g_array_append_val(positions, last);
    }
}

static double
pos(GArray *positions, guint i)
{
    return g_array_index(positions, double, i);
}

/* A vertical line that ends in the middle of a row, far from any other, parts only what is level
 * with it: a title over two columns, whose lower half is divided. */
static void
positions_inside(GArray *positions, GArray *other)
{
    guint n = positions->len;
    double lo = pos(positions, 0), hi = pos(positions, n - 1);
    for (guint i = 0; i < other->len; i++) {
        const Bar *b = &g_array_index(other, Bar, i);
        double ends[] = {b->lo, b->hi};
        for (guint k = 0; k < G_N_ELEMENTS(ends); k++) {
            double nearest = INFINITY;
            for (guint p = 0; p < positions->len; p++) {
                nearest = MIN(nearest, fabs(pos(positions, p) - ends[k]));
            }
            if (!b->edge && ends[k] > lo && ends[k] < hi && nearest > INSIDE) {
                g_array_append_val(positions, ends[k]);
            }
        }
    }
    g_array_sort(positions, double_order);
}

/* The part of a border that lines cover, edges of shades among them if `edges`. */
static double
border_part(GArray *bars, double at, double lo, double hi, gboolean edges)
{
    double covered = 0;
    for (guint i = 0; i < bars->len; i++) {
        const Bar *b = &g_array_index(bars, Bar, i);
        if (fabs(b->at - at) <= SAME_BORDER && (edges || !b->edge)) {
            covered += MAX(0, interval_overlap(b->lo, b->hi, lo, hi));
        }
    }
    return hi > lo ? covered / (hi - lo) : 1;
}

static gboolean
border_drawn(GArray *bars, double at, double lo, double hi)
{
    return border_part(bars, at, lo, hi, TRUE) >= DRAWN;
}

/* Are its sides drawn or left out as a table's are, in pairs and as a whole? */
static GridSides
sides_look(const Grid *grid, GArray *horizontal, GArray *vertical)
{
    Rect b = grid->box;
    double parts[] = {border_part(horizontal, b.y0, b.x0, b.x1, FALSE),
                      border_part(horizontal, b.y1, b.x0, b.x1, FALSE),
                      border_part(vertical, b.x0, b.y0, b.y1, FALSE),
                      border_part(vertical, b.x1, b.y0, b.y1, FALSE)};
    gboolean drawn[G_N_ELEMENTS(parts)];
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        drawn[i] = parts[i] >= DRAWN;
        if (!drawn[i] && parts[i] > LEFT_OUT) {
            return SIDES_TORN;
        }
    }
    if (drawn[0] != drawn[1] || drawn[2] != drawn[3] || (!drawn[0] && !drawn[2])) {
        return SIDES_TORN;
    }
    return drawn[0] && drawn[2] ? SIDES_CLOSED : SIDES_LEFT_OUT;
}

/* What divides each lattice box from its neighbours. */
typedef struct {
    guint8 *right, *below;
    GArray *text;
} Walls;

/* Does a line of text run over this place, where nothing is drawn? */
static gboolean
text_crosses(GArray *text, double x, double y0, double y1)
{
    double left = -INFINITY, right = INFINITY, em = 0;
    for (guint i = 0; i < text->len; i++) {
        Rect r = g_array_index(text, Rect, i);
        double middle = (r.y0 + r.y1) / 2, height = rect_height(r);
        if (middle <= y0 || middle >= y1 || fabs((r.x0 + r.x1) / 2 - x) > height) {
            continue;
        }
        gboolean before = (r.x0 + r.x1) / 2 < x;
        left = before ? MAX(left, r.x1) : left;
        right = before ? right : MIN(right, r.x0);
        em = MAX(em, height);
    }
    return right - left < CROSSING_EMS * em;
}

/* Can the rectangle of `width` boxes from `at` take the row of boxes below it, which starts at
 * `next`? What is no rectangle has to be cut somewhere, but not through text. */
static gboolean
takes_row(const Grid *grid, const Walls *walls, guint next, guint width)
{
    guint row = next / grid->columns, first = next % grid->columns, end = first + width;
    for (guint k = 0; k < width; k++) {
        gboolean divided = k + 1 < width && walls->right[next + k];
        if (grid->owner[next + k] != G_MAXUINT32 || walls->below[next + k - grid->columns] ||
            divided) {
            return FALSE;
        }
    }
    double y0 = pos(grid->ys, row), y1 = pos(grid->ys, row + 1);
    gboolean left = first > 0 && !walls->right[next - 1] &&
                    text_crosses(walls->text, pos(grid->xs, first), y0, y1);
    gboolean right = end < grid->columns && !walls->right[next + width - 1] &&
                     text_crosses(walls->text, pos(grid->xs, end), y0, y1);
    return !left && !right;
}

/* Makes of lattice boxes with no line between them rectangles: each takes the widest run of its
 * first row that is free, and as many rows below as go with all of it. */
static void
cells_from_walls(Grid *grid, const Walls *walls)
{
    guint n = grid->rows * grid->columns;
    for (guint i = 0; i < n; i++) {
        grid->owner[i] = G_MAXUINT32;
    }
    for (guint at = 0; at < n; at++) {
        guint r = at / grid->columns, c = at % grid->columns, w = 1, h = 1;
        if (grid->owner[at] != G_MAXUINT32) {
            continue;
        }
        while (c + w < grid->columns && !walls->right[at + w - 1] &&
               grid->owner[at + w] == G_MAXUINT32) {
            w++;
        }
        while (r + h < grid->rows && takes_row(grid, walls, at + h * grid->columns, w)) {
            h++;
        }
        GridCell cell = {r, c, h, w};
        for (guint y = r; y < r + h; y++) {
            for (guint x = c; x < c + w; x++) {
                grid->owner[y * grid->columns + x] = grid->cells->len;
            }
        }
        g_array_append_val(grid->cells, cell);
    }
}

static void
grid_cells(Grid *grid, GArray *horizontal, GArray *vertical, GArray *text)
{
    gsize n = (gsize)grid->rows * grid->columns;
    g_autofree guint8 *right = g_new0(guint8, n);
    g_autofree guint8 *below = g_new0(guint8, n);
    for (guint r = 0; r < grid->rows; r++) {
        for (guint c = 0; c < grid->columns; c++) {
            guint at = r * grid->columns + c;
            double x0 = pos(grid->xs, c), x1 = pos(grid->xs, c + 1);
            double y0 = pos(grid->ys, r), y1 = pos(grid->ys, r + 1);
            right[at] = c + 1 < grid->columns && border_drawn(vertical, x1, y0, y1);
            below[at] = r + 1 < grid->rows && border_drawn(horizontal, y1, x0, x1);
        }
    }
    g_autoptr(GArray) inside = text_in(text, grid->box);
    Walls walls = {right, below, inside};
    cells_from_walls(grid, &walls);
}

/* Takes out the border `at` (1 … count-1) of rows or columns that no cell begins at. */
static gboolean
border_idle(const Grid *grid, guint at, gboolean row)
{
    for (guint i = 0; i < grid->cells->len; i++) {
        const GridCell *c = &g_array_index(grid->cells, GridCell, i);
        if ((row ? c->row : c->column) == at) {
            return FALSE;
        }
    }
    return TRUE;
}

static void
border_remove(Grid *grid, guint at, gboolean row)
{
    g_array_remove_index(row ? grid->ys : grid->xs, at);
    for (guint i = 0; i < grid->cells->len; i++) {
        GridCell *c = &g_array_index(grid->cells, GridCell, i);
        guint *start = row ? &c->row : &c->column;
        guint *span = row ? &c->row_span : &c->column_span;
        if (*start >= at) {
            (*start)--;
        } else if (*start + *span >= at) {
            (*span)--;
        }
    }
}

static void
grid_compress(Grid *grid)
{
    for (guint at = grid->ys->len - 2; at >= 1 && at < grid->ys->len; at--) {
        if (border_idle(grid, at, TRUE)) {
            border_remove(grid, at, TRUE);
        }
    }
    for (guint at = grid->xs->len - 2; at >= 1 && at < grid->xs->len; at--) {
        if (border_idle(grid, at, FALSE)) {
            border_remove(grid, at, FALSE);
        }
    }
    grid_own(grid);
}

/* Are all horizontal lines between top and bottom mere edges of shades? */
static gboolean
rows_are_open(const Grid *grid, GArray *horizontal)
{
    for (guint i = 0; i < horizontal->len; i++) {
        const Bar *b = &g_array_index(horizontal, Bar, i);
        if (!b->edge && b->at > grid->box.y0 + BEYOND && b->at < grid->box.y1 - BEYOND) {
            return FALSE;
        }
    }
    return TRUE;
}

static Grid *
grid_from_bars(GArray *horizontal, GArray *vertical, GArray *text)
{
    g_autoptr(GArray) xs = g_array_new(FALSE, TRUE, sizeof(double));
    g_autoptr(GArray) ys = g_array_new(FALSE, TRUE, sizeof(double));
    for (guint i = 0; i < vertical->len; i++) {
        g_array_append_val(xs, g_array_index(vertical, Bar, i).at);
    }
    for (guint i = 0; i < horizontal->len; i++) {
        g_array_append_val(ys, g_array_index(horizontal, Bar, i).at);
    }
    positions_extend(xs, horizontal);
    positions_extend(ys, vertical);
    positions_merge(xs);
    positions_merge(ys);
    if (ys->len >= 2) {
        positions_inside(ys, vertical);
    }
    if (xs->len < 2 || ys->len < 2 || (guint64)xs->len * ys->len > (guint64)GRID_MAX * GRID_MAX ||
        xs->len > GRID_MAX || ys->len > GRID_MAX) {
        return NULL;
    }
    Grid *grid = grid_new(g_steal_pointer(&xs), g_steal_pointer(&ys));
    grid_cells(grid, horizontal, vertical, text);
    grid->open_rows = rows_are_open(grid, horizontal);
    if (!border_drawn(horizontal, grid->box.y0, grid->box.x0, grid->box.x1)) {
        grid->flags |= TABLE_OPEN_TOP;
    }
    if (!border_drawn(horizontal, grid->box.y1, grid->box.x0, grid->box.x1)) {
        grid->flags |= TABLE_OPEN_BOTTOM;
    }
    grid->sides = sides_look(grid, horizontal, vertical);
    grid_compress(grid);
    return grid;
}

/* ---- groups of lines that meet nothing ---- */

static gint
bar_order(gconstpointer a, gconstpointer b)
{
    const Bar *p = a, *q = b;
    return p->at < q->at ? -1 : p->at > q->at;
}

/* From three or more vertical lines of one extent, side by side. */
static Grid *
grid_from_vertical(GArray *bars, GArray *text)
{
    g_autoptr(GArray) none = g_array_new(FALSE, TRUE, sizeof(Bar));
    Grid *grid = grid_from_bars(none, bars, text);
    if (grid != NULL) {
        grid->flags |= TABLE_OPEN_TOP | TABLE_OPEN_BOTTOM;
    }
    return grid;
}

static Grid *
grid_from_gutters(GArray *bars, GArray *hints, GArray *text)
{
    g_autoptr(GArray) vertical = columns_from_text(bars, hints, text);
    Grid *grid = vertical->len > 0 ? grid_from_bars(bars, vertical, text) : NULL;
    if (grid != NULL) {
        grid->open_columns = TRUE;
        grid->flags |= TABLE_OPEN_COLUMNS;
    }
    return grid;
}

/* Are there lines between the grid and y, above or below it? */
static gboolean
is_ruled(const Rulings *rulings, Rect box, double y)
{
    double y0 = y < box.y0 ? y : box.y1 + MEET, y1 = y < box.y0 ? box.y0 - MEET : y;
    for (guint i = 0; i < rulings->horizontal->len; i++) {
        const Bar *b = &g_array_index(rulings->horizontal, Bar, i);
        if (b->at > y0 && b->at < y1 && interval_overlap(b->lo, b->hi, box.x0, box.x1) > 0) {
            return TRUE;
        }
    }
    for (guint i = 0; i < rulings->vertical->len; i++) {
        const Bar *b = &g_array_index(rulings->vertical, Bar, i);
        if (b->at > box.x0 && b->at < box.x1 && interval_overlap(b->lo, b->hi, y0, y1) > 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Horizontal lines and no vertical ones but hints (edges of a shaded header): the columns are the
 * gutters that the text of all rows leaves. */
static Grid *
grid_from_horizontal(GArray *bars, GArray *hints, GArray *text, const Rulings *rulings)
{
    g_autoptr(Grid) grid = grid_from_gutters(bars, hints, text);
    g_autoptr(GArray) more = g_array_copy(bars);
    guint flags = 0;
    for (int top = 0; top < 2 && grid != NULL; top++) {
        double at = open_end(grid, text, top);
        if (at < INFINITY && !is_ruled(rulings, grid->box, at)) {
            Bar end = {at, grid->box.x0, grid->box.x1, 0, TRUE};
            g_array_append_val(more, end);
            flags |= top ? TABLE_OPEN_TOP : TABLE_OPEN_BOTTOM;
        }
    }
    if (flags == 0) {
        return g_steal_pointer(&grid);
    }
    g_array_sort(more, bar_order);
    Grid *longer = grid_from_gutters(more, hints, text);
    if (longer == NULL) {
        return g_steal_pointer(&grid);
    }
    longer->flags |= flags;
    return longer;
}

static gboolean
same_extent(const Bar *a, const Bar *b)
{
    return fabs(a->lo - b->lo) <= SAME_EXTENT && fabs(a->hi - b->hi) <= SAME_EXTENT;
}

/* Do all of these lie between the first and the last of those, and no further out? */
static gboolean
lies_within(GArray *small, GArray *big)
{
    const Bar *first = &g_array_index(big, Bar, 0), *last = &g_array_index(big, Bar, big->len - 1);
    for (guint i = 0; i < small->len; i++) {
        const Bar *b = &g_array_index(small, Bar, i);
        if (b->at <= first->at || b->at >= last->at || b->lo < first->lo - SAME_EXTENT ||
            b->hi > first->hi + SAME_EXTENT) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Groups bars that are components of their own by equal extent; shorter ones go with the group in
 * whose midst they lie. */
static GPtrArray *
lonely_groups(GArray *bars)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    g_array_sort(bars, bar_order);
    for (guint i = 0; i < bars->len; i++) {
        const Bar *b = &g_array_index(bars, Bar, i);
        GArray *mine = NULL;
        for (guint k = 0; k < groups->len && mine == NULL; k++) {
            GArray *group = g_ptr_array_index(groups, k);
            if (same_extent(&g_array_index(group, Bar, 0), b)) {
                mine = group;
            }
        }
        if (mine == NULL) {
            mine = g_array_new(FALSE, TRUE, sizeof(Bar));
            g_ptr_array_add(groups, mine);
        }
        g_array_append_vals(mine, b, 1);
    }
    for (guint i = 0; i < groups->len; i++) {
        GArray *small = g_ptr_array_index(groups, i);
        for (guint k = 0; k < groups->len && small->len > 0; k++) {
            GArray *big = g_ptr_array_index(groups, k);
            if (k != i && big->len >= 2 && lies_within(small, big)) {
                g_array_append_vals(big, small->data, small->len);
                g_array_sort(big, bar_order);
                g_array_set_size(small, 0);
            }
        }
    }
    return groups;
}

/* ---- all ---- */

static gboolean
all_edges(GArray *bars)
{
    for (guint i = 0; i < bars->len; i++) {
        if (!g_array_index(bars, Bar, i).edge) {
            return FALSE;
        }
    }
    return TRUE;
}

static gint
grid_order(gconstpointer a, gconstpointer b)
{
    const Grid *p = *(Grid *const *)a, *q = *(Grid *const *)b;
    if (p->box.y0 != q->box.y0) {
        return p->box.y0 < q->box.y0 ? -1 : 1;
    }
    return p->box.x0 < q->box.x0 ? -1 : p->box.x0 > q->box.x0;
}

typedef struct {
    GArray *horizontal, *vertical; /* Bar */
} Component;

static void
component_free(gpointer data)
{
    Component *c = data;
    g_array_unref(c->horizontal);
    g_array_unref(c->vertical);
    g_free(c);
}

static GPtrArray *
components_collect(const Rulings *rulings)
{
    guint n = rulings->horizontal->len + rulings->vertical->len;
    g_autofree guint *root = components_find(rulings);
    g_autofree Component **at = g_new0(Component *, n + 1);
    GPtrArray *components = g_ptr_array_new_with_free_func(component_free);
    for (guint i = 0; i < n; i++) {
        guint r = find_root(root, i);
        if (at[r] == NULL) {
            at[r] = g_new0(Component, 1);
            at[r]->horizontal = g_array_new(FALSE, TRUE, sizeof(Bar));
            at[r]->vertical = g_array_new(FALSE, TRUE, sizeof(Bar));
            g_ptr_array_add(components, at[r]);
        }
        gboolean flat = i < rulings->horizontal->len;
        g_array_append_vals(flat ? at[r]->horizontal : at[r]->vertical, bar_of(rulings, i), 1);
    }
    return components;
}

static void
take(GPtrArray *grids, Grid *grid)
{
    if (grid != NULL) {
        g_ptr_array_add(grids, grid);
    }
}

/* Two or more tops of areas that no line draws, each narrower than half of the whole: the bars of a
 * chart. */
static gboolean
has_chart_bars(GArray *bars)
{
    double lo = INFINITY, hi = -INFINITY;
    guint tops = 0;
    for (guint i = 0; i < bars->len; i++) {
        lo = MIN(lo, g_array_index(bars, Bar, i).lo);
        hi = MAX(hi, g_array_index(bars, Bar, i).hi);
    }
    for (guint i = 0; i < bars->len; i++) {
        const Bar *b = &g_array_index(bars, Bar, i);
        tops += b->edge && b->hi - b->lo < 0.5 * (hi - lo);
    }
    return tops >= 2;
}

/* Are all vertical lines between the sides mere edges of shades (a shaded header over columns that
 * no line divides)? */
static gboolean
columns_are_open(GArray *vertical)
{
    double lo = INFINITY, hi = -INFINITY;
    guint inner = 0;
    for (guint i = 0; i < vertical->len; i++) {
        lo = MIN(lo, g_array_index(vertical, Bar, i).at);
        hi = MAX(hi, g_array_index(vertical, Bar, i).at);
    }
    for (guint i = 0; i < vertical->len; i++) {
        const Bar *b = &g_array_index(vertical, Bar, i);
        if (b->at > lo + BEYOND && b->at < hi - BEYOND) {
            if (!b->edge) {
                return FALSE;
            }
            inner++;
        }
    }
    return inner > 0 || vertical->len == 2;
}

/* Sides that are drawn around columns that are not. */
static Grid *
grid_from_component(const Component *c, GArray *text)
{
    gboolean open = columns_are_open(c->vertical);
    if (open && has_chart_bars(c->horizontal)) {
        return NULL;
    }
    if (c->horizontal->len < 4 || !open) {
        return grid_from_bars(c->horizontal, c->vertical, text);
    }
    g_autoptr(GArray) vertical = columns_from_text(c->horizontal, c->vertical, text);
    return grid_from_bars(c->horizontal, vertical->len > 0 ? vertical : c->vertical, text);
}

/* The band between two lines, either of which may stop short. */
static Rect
band_between(const Bar *above, const Bar *below)
{
    return (Rect){MIN(above->lo, below->lo), above->at, MAX(above->hi, below->hi), below->at};
}

static BandLook
band_look_at(GArray *group, guint i, GArray *text, double *ret_em)
{
    Rect band = band_between(&g_array_index(group, Bar, i), &g_array_index(group, Bar, i + 1));
    return band_look(text, band, RUNNING * rect_width(band), ret_em);
}

/* The columns (Bar) that all rows together show, by which one that looks like running text may be a
 * row after all; none where most look so. */
static GArray *
columns_of_most(GArray *group, GArray *text)
{
    guint running = 0;
    double em;
    for (guint i = 0; i + 1 < group->len; i++) {
        running += band_look_at(group, i, text, &em) == BAND_RUNNING;
    }
    g_autoptr(GArray) none = g_array_new(FALSE, TRUE, sizeof(Bar));
    return running * 3 < group->len - 1 && running > 0 ? columns_from_text(group, none, text)
                                                       : g_steal_pointer(&none);
}

/* Does the text of this band keep to the columns with these borders (Bar), and stand in two? */
static gboolean
band_keeps(GArray *borders, GArray *text, Rect band)
{
    g_autoptr(GArray) inside = text_in(text, band);
    gboolean two = FALSE;
    for (guint i = 0; i < borders->len; i++) {
        double x = g_array_index(borders, Bar, i).at;
        gboolean before = FALSE, after = FALSE;
        for (guint k = 0; k < inside->len; k++) {
            Rect r = g_array_index(inside, Rect, k);
            before = before || r.x1 <= x;
            after = after || r.x0 >= x;
        }
        if (text_runs_over(inside, x, common_height(inside))) {
            return FALSE;
        }
        two = two || (before && after);
    }
    return two;
}

/* Does this grid have one of those inside? Then its lines part them from the rest of the page. */
static gboolean
holds_grid(const Grid *grid, GPtrArray *grids)
{
    for (guint i = 0; i < grids->len; i++) {
        const Grid *inner = g_ptr_array_index(grids, i);
        if (inner->cells->len > 1 && !inner->open_columns &&
            rect_covers(grid->box, inner->box, 1.0)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* One line of text that leaves one gutter, narrower than a number and its heading are apart: a
 * heading between lines, or on a shade. */
static gboolean
is_heading(const Grid *grid, GArray *text)
{
    if (grid->rows != 1 || grid->columns != 2) {
        return FALSE;
    }
    g_autoptr(GArray) inside = text_in(text, grid->box);
    double em = common_height(inside), border = pos(grid->xs, 1);
    double left = -INFINITY, right = INFINITY, top = -INFINITY, bottom = INFINITY;
    for (guint i = 0; i < inside->len; i++) {
        Rect r = g_array_index(inside, Rect, i);
        left = r.x1 <= border ? MAX(left, r.x1) : left;
        right = r.x1 > border ? MIN(right, r.x0) : right;
        top = MAX(top, r.y0);
        bottom = MIN(bottom, r.y1);
    }
    return top < bottom && right - left <= HEADING_GAP * em;
}

/* Running text, a heading, or nothing, between two lines parts two tables that happen to be as wide
 * as each other. */
static void
horizontal_take(GPtrArray *grids, GArray *group, GArray *hints, GArray *text,
                const Rulings *rulings)
{
    g_autoptr(GArray) borders = columns_of_most(group, text);
    for (guint from = 0; from < group->len;) {
        g_autoptr(GArray) part = g_array_new(FALSE, TRUE, sizeof(Bar));
        g_autoptr(GArray) mine = g_array_new(FALSE, TRUE, sizeof(Bar));
        guint i = from;
        double em = 0;
        for (gboolean go = TRUE; go; i++) {
            const Bar *b = &g_array_index(group, Bar, i);
            g_array_append_vals(part, b, 1);
            go = i + 1 < group->len;
            if (go) {
                double band_em;
                BandLook look = band_look_at(group, i, text, &band_em);
                gboolean row =
                    look == BAND_ROW ||
                    (look == BAND_RUNNING && band_keeps(borders, text, band_between(b, b + 1)));
                go = row && (em == 0 || fabs(band_em - em) <= OTHER_SIZE * em);
                em = band_em;
            }
        }
        double y0 = g_array_index(part, Bar, 0).at, y1 = g_array_index(part, Bar, part->len - 1).at;
        for (guint k = 0; k < hints->len; k++) {
            const Bar *h = &g_array_index(hints, Bar, k);
            const Bar *b = &g_array_index(part, Bar, 0);
            gboolean beside = h->at < b->lo - SAME_EXTENT || h->at > b->hi + SAME_EXTENT;
            if (!beside && h->lo > y0 - MEET && h->hi < y1 + MEET) {
                g_array_append_vals(mine, h, 1);
            }
        }
        if (part->len >= 2 && !all_edges(part) && !has_chart_bars(part)) {
            g_autoptr(Grid) grid = grid_from_horizontal(part, mine, text, rulings);
            if (grid != NULL && !holds_grid(grid, grids) && !is_heading(grid, text)) {
                take(grids, g_steal_pointer(&grid));
            }
        }
        from = i;
    }
}

/* Does text go on right beyond the first or last of these vertical lines? Then they part something,
 * but are no sides of a table. */
static gboolean
text_goes_beyond(GArray *bars, GArray *text)
{
    const Bar *first = &g_array_index(bars, Bar, 0),
              *last = &g_array_index(bars, Bar, bars->len - 1);
    for (guint i = 0; i < text->len; i++) {
        Rect r = g_array_index(text, Rect, i);
        double middle = (r.y0 + r.y1) / 2, near = BEYOND_EMS * rect_height(r);
        gboolean level = middle > first->lo && middle < first->hi;
        gboolean left = r.x1 <= first->at + near && r.x1 > first->at - near;
        gboolean right = r.x0 >= last->at - near && r.x0 < last->at + near;
        if (level && ((left && r.x0 < first->at - near) || (right && r.x1 > last->at + near))) {
            return TRUE;
        }
    }
    return FALSE;
}

static void
lonely_take(GPtrArray *grids, const Rulings *lonely, GArray *hints, GArray *text,
            const Rulings *rulings)
{
    g_autoptr(GPtrArray) columns = lonely_groups(lonely->vertical);
    for (guint i = 0; i < columns->len; i++) {
        GArray *group = g_ptr_array_index(columns, i);
        if (group->len >= 3 && !all_edges(group) && !text_goes_beyond(group, text)) {
            take(grids, grid_from_vertical(group, text));
        }
    }
    g_autoptr(GPtrArray) rows = lonely_groups(lonely->horizontal);
    for (guint i = 0; i < rows->len; i++) {
        GArray *group = g_ptr_array_index(rows, i);
        g_array_sort(group, bar_order);
        horizontal_take(grids, group, hints, text, rulings);
    }
}

/* May it be a table inside of a box? Arrows and boxes of a drawing are not closed together. */
static gboolean
stands_in_box(const Grid *g)
{
    return (g->sides != SIDES_TORN || g->open_columns) && g->columns > 1;
}

/* And inside of another table's cell? The lines between a cell's entries are none. */
static gboolean
stands_in_cell(const Grid *g)
{
    return g->sides == SIDES_CLOSED && !g->open_columns && g->columns > 1;
}

static gboolean
is_inside_cell(const Grid *g, const Grid *outer)
{
    Rect in = rect_grown(g->box, -1.0);
    gint32 cell = grid_cell_at(outer, in.x0, in.y0);
    return cell >= 0 && cell == grid_cell_at(outer, in.x1, in.y1);
}

/* A table inside of a box stays, one inside of another's cell is marked as such; what else covers
 * the same place as a bigger one goes. */
static void
drop_nested(GPtrArray *grids)
{
    for (guint i = 0; i < grids->len;) {
        Grid *g = g_ptr_array_index(grids, i);
        guint nested = 0, inside = 0;
        for (guint k = 0; k < grids->len; k++) {
            const Grid *outer = g_ptr_array_index(grids, k);
            gboolean holds = outer->columns > 1 || (outer->cells->len > 1 && !stands_in_box(g));
            if (k != i && holds && rect_covers(outer->box, g->box, 1.0) &&
                (rect_area(outer->box) > rect_area(g->box) || k < i)) {
                nested++;
                inside += is_inside_cell(g, outer);
            }
        }
        g->inner = nested == 1 && inside == 1 && stands_in_cell(g);
        if (nested > 0 && !g->inner) {
            g_ptr_array_remove_index(grids, i);
        } else {
            i++;
        }
    }
}

/* Text in at least so many of the cells that nothing but edges of shades divides: a bar chart
 * leaves most of its squares empty. */
static gboolean
shades_hold_text(const Grid *grid, GArray *text)
{
    g_autofree guint8 *filled = g_new0(guint8, grid->cells->len + 1);
    guint n = 0;
    for (guint i = 0; i < text->len; i++) {
        Rect r = g_array_index(text, Rect, i);
        gint32 cell = grid_cell_at(grid, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2);
        if (cell >= 0 && !filled[cell]) {
            filled[cell] = 1;
            n++;
        }
    }
    return n * 2 >= grid->cells->len;
}

GPtrArray *
grids_find(const Rulings *rulings, GArray *text)
{
    GPtrArray *grids = g_ptr_array_new_with_free_func((GDestroyNotify)grid_free);
    g_autoptr(GPtrArray) components = components_collect(rulings);
    g_autoptr(GArray) lonely_h = g_array_new(FALSE, TRUE, sizeof(Bar));
    g_autoptr(GArray) lonely_v = g_array_new(FALSE, TRUE, sizeof(Bar));
    g_autoptr(GArray) hints = g_array_new(FALSE, TRUE, sizeof(Bar));
    for (guint i = 0; i < components->len; i++) {
        Component *c = g_ptr_array_index(components, i);
        if (c->horizontal->len == 0 || c->vertical->len == 0) {
            g_array_append_vals(lonely_h, c->horizontal->data, c->horizontal->len);
            g_array_append_vals(lonely_v, c->vertical->data, c->vertical->len);
        } else if (all_edges(c->vertical) && !all_edges(c->horizontal)) {
            g_array_append_vals(lonely_h, c->horizontal->data, c->horizontal->len);
            g_array_append_vals(hints, c->vertical->data, c->vertical->len);
        } else {
            g_autoptr(Grid) grid = grid_from_component(c, text);
            gboolean edges = all_edges(c->vertical);
            if (grid != NULL && (!edges || grid->cells->len < 2 || shades_hold_text(grid, text))) {
                take(grids, g_steal_pointer(&grid));
            }
        }
    }
    Rulings lonely = {lonely_h, lonely_v};
    lonely_take(grids, &lonely, hints, text, rulings);
    drop_nested(grids);
    grids_join_beside(grids, text);
    for (guint i = 0; i < grids->len; i++) {
        split_open_cells(g_ptr_array_index(grids, i), text);
        heads_from_text(g_ptr_array_index(grids, i), text);
        join_open_cells(g_ptr_array_index(grids, i), text);
        rows_from_text(g_ptr_array_index(grids, i), text);
    }
    g_ptr_array_sort(grids, grid_order);
    return grids;
}

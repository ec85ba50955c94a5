/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rendered rulings: see rendered-rulings.h.
 *
 * 1. Runs of one colour in the rows of the rendering, one below the other, are areas.
 * 2. Bars (bars.h) in the picture and in the transposed one are candidates for rulings.
 * 3. Not those that are made by dashes (――) or lie within one large character, that light text
 *    leaves of an area, or that lie in a picture.
 * 4. Characters have thin dark strokes, too: a candidate must be three ems long, or span from one
 *    ruling to another.
 *
 * Known failures: the frame of a small check box is missed; lines in photographs are found; a
 * scanned page askew has few.
 */
#include "rendered-rulings.h"

#include "bars.h"

#include <string.h>

/* Resolution of the rendering: a hairline is one pixel, 0.5 pt; rulings measured at 150 dpi are off
 * by 0.2 pt, for 20 ms a page. */
#define DPI 150.0
/* The size assumed where a page has no text, in points: that of Japanese office documents. */
#define COMMON_SIZE 10.5
/* How near a short ruling's ends must be to others, in points. */
#define TOUCH 1.5
/* Part of a bar that dashes of the text must cover for it to be text. */
#define DASHES_COVER 0.6
/* Candidates of areas, and glyphs looked at for each ruling: a page of noise is not worth more. */
#define CANDIDATES_MAX 20000u
/* Rows of pixels that a text line may interrupt a coloured ground for, in ems. */
#define AREA_GAP_EMS 2.5
#define AREA_SIDE_EMS 2.0
#define AREA_HEIGHT_EMS 0.6
/* Pixels by which the sides of one area differ from row to row. */
#define AREA_SLACK 2
/* A larger part of the page is no picture on it; nor is one with text on this part of the points of
 * a lattice of so many by so many. */
#define IMAGE_MAX 0.5
#define LATTICE 24
#define LATTICE_TEXT 0.01
#define PICTURES_MAX 1000u
/* Paper: channels from here on. */
#define WHITE_MIN 250

/* A bar on the page, that may become a ruling. */
typedef struct {
    Ruling ruling;
    gboolean accepted;
} Candidate;

/* A patch of one colour in the making, in pixels. */
typedef struct {
    int x0, x1, y0, y1; /* [x0, x1), [y0, y1] */
    guint32 colour;
} Patch;

/* ---- rulings ---- */

static double
ruling_length(const Ruling *r)
{
    return (double)MAX(r->x1 - r->x0, r->y1 - r->y0);
}

static Rect
ruling_rect(const Ruling *r)
{
    return (Rect){(double)r->x0, (double)r->y0, (double)r->x1, (double)r->y1};
}

/* The colour of the darkest pixel across the middle of the bar. */
static guint32
bar_colour(const Picture *picture, const Bar *bar, gboolean vertical)
{
    guint32 darkest = 0xFFFFFF;
    for (int part = 1; part <= 3; part++) {
        int along = bar->from + (bar->to - bar->from) * part / 4;
        for (int y = bar->row0; y <= bar->row1; y++) {
            guint32 colour =
                vertical ? picture_colour(picture, y, along) : picture_colour(picture, along, y);
            darkest = colour_grey(colour) < colour_grey(darkest) ? colour : darkest;
        }
    }
    return darkest;
}

static void
add_candidates(GArray *candidates, const GArray *bars, const Picture *picture, gboolean vertical)
{
    for (guint i = 0; i < bars->len; i++) {
        const Bar *bar = &g_array_index(bars, Bar, i);
        float from = (float)(bar->from / picture->scale), to = (float)(bar->to / picture->scale);
        float axis = (float)(bar->axis / picture->scale);
        Candidate c = {.ruling = {.x0 = from, .y0 = axis, .x1 = to, .y1 = axis}};
        if (vertical) {
            c.ruling = (Ruling){.x0 = axis, .y0 = from, .x1 = axis, .y1 = to};
        }
        c.ruling.width = (float)(bar->thick / picture->scale);
        c.ruling.colour = bar_colour(picture, bar, vertical);
        c.ruling.dashed = bar->dashed ? 1 : 0;
        g_array_append_val(candidates, c);
    }
}

/* Whether the point lies on an accepted ruling of the other direction. */
static gboolean
touches_ruling(const GArray *candidates, double x, double y, gboolean vertical)
{
    for (guint i = 0; i < candidates->len; i++) {
        const Candidate *c = &g_array_index(candidates, Candidate, i);
        const Ruling *r = &c->ruling;
        double reach = TOUCH + (double)r->width / 2;
        if (c->accepted && (r->x0 == r->x1) != vertical &&
            rect_contains(rect_grown(ruling_rect(r), reach), x, y)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Accepts short candidates that span from one ruling to another, until there are no more. */
static void
accept_short(GArray *candidates)
{
    for (gboolean more = TRUE; more;) {
        more = FALSE;
        for (guint i = 0; i < candidates->len; i++) {
            Candidate *c = &g_array_index(candidates, Candidate, i);
            const Ruling *r = &c->ruling;
            gboolean vertical = r->x0 == r->x1;
            if (!c->accepted &&
                touches_ruling(candidates, (double)r->x0, (double)r->y0, vertical) &&
                touches_ruling(candidates, (double)r->x1, (double)r->y1, vertical)) {
                c->accepted = more = TRUE;
            }
        }
    }
}

/* Characters that are lines or rows of dots. */
static gboolean
is_line_like(guint32 c)
{
    static const guint32 others[] = {'-', '_', '.', '=', 0xAD, 0xAF, 0xB7, 0x4E00, 0x2212};
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        if (c == others[i]) {
            return TRUE;
        }
    }
    return (c >= 0x2010 && c <= 0x2015) || (c >= 0x2024 && c <= 0x2027) ||
           (c >= 0x2500 && c <= 0x257F) || c == 0x30FC || c == 0x30FB || c == 0x3030 ||
           c == 0xFF0D || c == 0xFF3F || c == 0xFFE3 || c == 0xFF1D || c == 0xFF0E;
}

/* Glyphs that can be taken for rulings: lines and dots, and those larger than a ruling is long. */
static GArray *
find_deceivers(const Page *page, double em)
{
    GArray *deceivers = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < page->glyphs->len && deceivers->len < CANDIDATES_MAX; i++) {
        const Glyph *g = page_glyph(page, i);
        if (is_line_like(g->unicode) || (double)(g->x1 - g->x0) >= SHORT_EMS * em * 2) {
            g_array_append_val(deceivers, i);
        }
    }
    return deceivers;
}

/* Whether the ruling is painted by characters: by a row of dashes, or within one large one. */
static gboolean
is_text(const Page *page, const GArray *deceivers, const Ruling *r)
{
    Rect line = ruling_rect(r);
    double covered = 0;
    for (guint i = 0; i < deceivers->len; i++) {
        const Glyph *g = page_glyph(page, g_array_index(deceivers, guint, i));
        Rect shared = rect_intersection(line, glyph_rect(g));
        double length = rect_width(shared) + rect_height(shared);
        if (rect_width(shared) < 0 || rect_height(shared) < 0) {
            continue;
        }
        if (length >= 0.99 * ruling_length(r)) {
            return TRUE;
        }
        covered += is_line_like(g->unicode) ? length : 0;
    }
    return covered >= DASHES_COVER * ruling_length(r);
}

/* Whether the ruling is only what light text leaves of an area of the same colour. */
static gboolean
is_ground(const Page *page, const Ruling *r)
{
    Rect line = ruling_rect(r);
    for (guint i = 0; i < page->areas->len; i++) {
        const Area *a = &g_array_index(page->areas, Area, i);
        Rect area = {(double)a->x0, (double)a->y0, (double)a->x1, (double)a->y1};
        if (a->colour == r->colour && rect_covers(area, line, TOUCH)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether characters stand on this part of the page: points of a lattice that are within one. */
static gboolean
bears_text(const Grey *glyphs, Rect pixels)
{
    int hits = 0;
    for (int i = 0; i < LATTICE * LATTICE; i++) {
        int column = i % LATTICE, row = i / LATTICE;
        int x = (int)(pixels.x0 + rect_width(pixels) * (column + 0.5) / LATTICE);
        int y = (int)(pixels.y0 + rect_height(pixels) * (row + 0.5) / LATTICE);
        x = CLAMP(x, 0, glyphs->width - 1);
        y = CLAMP(y, 0, glyphs->height - 1);
        hits += grey_row(glyphs, y)[x];
    }
    return hits >= LATTICE_TEXT * LATTICE * LATTICE;
}

/* The images that are pictures (Rect), whose lines are none of the page's: not those with text on
 * them, which are its ground, nor those that reach out of it, which poppler misplaces. */
static GArray *
find_pictures(const Page *page, const Grey *glyphs, double scale)
{
    GArray *pictures = g_array_new(FALSE, FALSE, sizeof(Rect));
    Rect sheet = {0, 0, page->width, page->height};
    for (guint i = 0; i < page->images->len && pictures->len < PICTURES_MAX; i++) {
        const Mark *m = &g_array_index(page->images, Mark, i);
        Rect r = {(double)m->x0, (double)m->y0, (double)m->x1, (double)m->y1};
        Rect pixels = {r.x0 * scale, r.y0 * scale, r.x1 * scale, r.y1 * scale};
        if (rect_covers(sheet, r, TOUCH) && rect_area(r) < IMAGE_MAX * rect_area(sheet) &&
            !bears_text(glyphs, pixels)) {
            g_array_append_val(pictures, r);
        }
    }
    return pictures;
}

static gboolean
is_in_picture(const GArray *pictures, const Ruling *r)
{
    Rect line = ruling_rect(r);
    for (guint i = 0; i < pictures->len; i++) {
        if (rect_covers(g_array_index(pictures, Rect, i), line, -TOUCH)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Accepts rulings among the candidates and adds them to the page, whose areas are known. */
static void
add_rulings(Page *page, GArray *candidates, const GArray *pictures, double em)
{
    g_autoptr(GArray) deceivers = find_deceivers(page, em);
    for (guint i = candidates->len; i > 0; i--) {
        Candidate *c = &g_array_index(candidates, Candidate, i - 1);
        if (is_text(page, deceivers, &c->ruling) || is_ground(page, &c->ruling) ||
            is_in_picture(pictures, &c->ruling)) {
            g_array_remove_index(candidates, i - 1);
        } else {
            c->accepted = ruling_length(&c->ruling) >= LONG_EMS * em;
        }
    }
    accept_short(candidates);
    for (guint i = 0; i < candidates->len && page->rulings->len < PAGE_MAX_RULINGS; i++) {
        const Candidate *c = &g_array_index(candidates, Candidate, i);
        if (c->accepted) {
            g_array_append_val(page->rulings, c->ruling);
        }
    }
}

/* Where the characters are: not 0. Overlapping ones cost time: stops after ten pages full. */
static Grey
glyph_mask(const Page *page, const Picture *picture)
{
    Grey mask = grey_new(picture->width, picture->height);
    double budget = 10.0 * picture->width * picture->height;
    for (guint i = 0; i < page->glyphs->len && budget > 0; i++) {
        Rect r = glyph_rect(page_glyph(page, i));
        int x0 = (int)CLAMP(r.x0 * picture->scale, 0, picture->width);
        int x1 = (int)CLAMP(r.x1 * picture->scale, 0, picture->width);
        int y0 = (int)CLAMP(r.y0 * picture->scale, 0, picture->height);
        int y1 = (int)CLAMP(r.y1 * picture->scale, 0, picture->height);
        for (int y = y0; y < y1; y++) {
            memset(grey_row(&mask, y) + x0, 1, (gsize)(x1 - x0));
        }
        budget -= (double)(x1 - x0) * (y1 - y0) + 1;
    }
    return mask;
}

static void
find_rulings(Page *page, const Picture *picture, double em)
{
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    Grey grey = picture_grey(picture), mask = glyph_mask(page, picture);
    g_autoptr(GArray) rows = bars_find(&grey, &mask, em * picture->scale);
    add_candidates(candidates, rows, picture, FALSE);
    g_autoptr(GArray) pictures = find_pictures(page, &mask, picture->scale);
    Grey turned = grey_transposed(&grey), turned_mask = grey_transposed(&mask);
    grey_clear(&grey);
    grey_clear(&mask);
    g_autoptr(GArray) columns = bars_find(&turned, &turned_mask, em * picture->scale);
    add_candidates(candidates, columns, picture, TRUE);
    grey_clear(&turned);
    grey_clear(&turned_mask);
    add_rulings(page, candidates, pictures, em);
}

/* ---- filled areas ---- */

static gboolean
is_white(guint32 colour)
{
    return (colour >> 16) >= WHITE_MIN && (colour >> 8 & 255) >= WHITE_MIN &&
           (colour & 255) >= WHITE_MIN;
}

/* Whether a patch's left side keeps its colour down to row y: past a line of text. */
static gboolean
patch_reaches(const Picture *picture, const Patch *patch, int y)
{
    int x = MIN(patch->x0 + AREA_SLACK, patch->x1 - 1);
    for (int row = patch->y1 + 1; row < y; row++) {
        if (picture_colour(picture, x, row) != patch->colour) {
            return FALSE;
        }
    }
    return TRUE;
}

static void
add_patch_run(const Picture *picture, GArray *patches, Patch run, double em)
{
    for (guint i = patches->len; i > 0; i--) {
        Patch *p = &g_array_index(patches, Patch, i - 1);
        if (p->colour == run.colour && ABS(p->x0 - run.x0) <= AREA_SLACK &&
            ABS(p->x1 - run.x1) <= AREA_SLACK && run.y0 - p->y1 <= AREA_GAP_EMS * em &&
            patch_reaches(picture, p, run.y0)) {
            p->y1 = run.y1;
            return;
        }
    }
    if (patches->len < CANDIDATES_MAX) {
        g_array_append_val(patches, run);
    }
}

/* The runs of one colour in row y; `em` in pixels. */
static void
find_patch_runs(const Picture *picture, GArray *patches, int y, double em)
{
    for (int x = 0; x < picture->width;) {
        guint32 colour = picture_colour(picture, x, y);
        int end = x + 1;
        while (end < picture->width && picture_colour(picture, end, y) == colour) {
            end++;
        }
        if (end - x >= AREA_SIDE_EMS * em && !is_white(colour)) {
            add_patch_run(picture, patches, (Patch){x, end, y, y, colour}, em);
        }
        x = end;
    }
}

static void
find_areas(Page *page, const Picture *picture, double em)
{
    g_autoptr(GArray) patches = g_array_new(FALSE, FALSE, sizeof(Patch));
    double em_pixels = em * picture->scale, scale = picture->scale;
    for (int y = 0; y < picture->height; y++) {
        find_patch_runs(picture, patches, y, em_pixels);
    }
    for (guint i = 0; i < patches->len && page->areas->len < PAGE_MAX_AREAS; i++) {
        const Patch *p = &g_array_index(patches, Patch, i);
        if (p->y1 + 1 - p->y0 >= MAX(AREA_HEIGHT_EMS * em_pixels, LINE_THICK)) {
            Area area = {(float)(p->x0 / scale), (float)(p->y0 / scale), (float)(p->x1 / scale),
                         (float)((p->y1 + 1) / scale), p->colour};
            g_array_append_val(page->areas, area);
        }
    }
}

/* ---- the page ---- */

static gint
compare_floats(gconstpointer a, gconstpointer b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The page's common size of characters, in points. */
static double
common_size(const Page *page)
{
    g_autoptr(GArray) sizes = g_array_new(FALSE, FALSE, sizeof(float));
    for (guint i = 0; i < page->glyphs->len; i++) {
        g_array_append_val(sizes, page_glyph_style(page, page_glyph(page, i))->size);
    }
    g_array_sort(sizes, compare_floats);
    double size = sizes->len > 0 ? (double)g_array_index(sizes, float, sizes->len / 2) : 0;
    return size > 1 ? size : COMMON_SIZE;
}

void
rendered_rulings_add(Page *page, PopplerPage *source)
{
    Picture picture = {0};
    if (!(page->width > 0 && page->height > 0) || !picture_render(source, page, DPI, &picture)) {
        page_notice(page, "render-error", NULL, 1, "no rulings: the page cannot be rendered");
        return;
    }
    double em = common_size(page);
    find_areas(page, &picture, em);
    find_rulings(page, &picture, em);
    picture_clear(&picture);
}

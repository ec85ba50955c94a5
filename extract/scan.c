/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan.h"

#include <math.h>

#include "brackets.h"
#include "ink-rulings.h"
#include "line-glyphs.h"
#include "line-read.h"
#include "list-marks.h"
#include "pdf.h"
#include "pixel-runs.h"

/* Which way up: so many of the longest lines are read, and this confidence settles it; another way
 * must be better by …. */
#define SAMPLE_LINES 6u
#define UPRIGHT_SURE 0.9
#define TURNED_BETTER 0.05
/* The part of its box that text inks. */
#define INK_LEAST 0.04
#define INK_MOST 0.75
/* So sure must what stands beside a bracket be that was not read itself. */
#define BRACKETED_SURE 0.7
/* Ink that nothing accounts for: as large as this part of an em, and further than so many pixels
 * from what is accounted for. */
#define LEFT_EMS 0.3
#define LEFT_MARGIN 3
/* What grounds are said to be painted in, on which light text was found. */
#define DARK_COLOUR 0x404040

void
scan_free(Scan *scan)
{
    if (scan != NULL) {
        raster_clear(&scan->raster);
        pixDestroy(&scan->clean);
        pixDestroy(&scan->rest);
        g_clear_pointer(&scan->rulings, g_array_unref);
        g_clear_pointer(&scan->leaders, g_array_unref);
        g_clear_pointer(&scan->samples, g_hash_table_unref);
        ink_text_clear(&scan->text);
        g_free(scan);
    }
}

void
scan_level_point(const Scan *scan, double *x, double *y)
{
    double angle = scan->raster.skew * G_PI / 180;
    double dx = *x - scan->width / 2, dy = *y - scan->height / 2;
    *x = scan->width / 2 + dx * cos(angle) - dy * sin(angle);
    *y = scan->height / 2 + dx * sin(angle) + dy * cos(angle);
}

gboolean
scan_has_ink(const Scan *scan, Rect box)
{
    BOX *area = boxCreate((int)(box.x0 * RASTER_SCALE), (int)(box.y0 * RASTER_SCALE),
                          (int)(rect_width(box) * RASTER_SCALE) + 1,
                          (int)(rect_height(box) * RASTER_SCALE) + 1);
    int count = 0;
    g_autoptr(PIX) part = pixClipRectangle(scan->raster.ink, area, NULL);
    boxDestroy(&area);
    if (part == NULL) {
        return FALSE;
    }
    pixCountPixels(part, &count, NULL);
    double all = (double)pixGetWidth(part) * pixGetHeight(part);
    return count > INK_LEAST * all && count < INK_MOST * all;
}

/* ---- looking ---- */

static void
whiten_rulings(PIX *grey, const GArray *rulings)
{
    for (guint i = 0; i < rulings->len; i++) {
        const Ruling *r = &g_array_index(rulings, Ruling, i);
        int half = 2 + (int)((double)r->width * RASTER_SCALE / 2);
        int x0 = (int)((double)r->x0 * RASTER_SCALE), x1 = (int)((double)r->x1 * RASTER_SCALE);
        int y0 = (int)((double)r->y0 * RASTER_SCALE), y1 = (int)((double)r->y1 * RASTER_SCALE);
        pixRasterop(grey, x0 - half, y0 - half, x1 - x0 + 2 * half, y1 - y0 + 2 * half, PIX_SET,
                    NULL, 0, 0);
    }
}

/* What was taken for a ruling's ink, ragged edges included. */
static void
whiten_taken(PIX *grey, PIX *ink, PIX *rest)
{
    g_autoptr(PIX) taken = pixSubtract(NULL, ink, rest);
    g_autoptr(PIX) around = taken != NULL ? pixDilateBrick(NULL, taken, 3, 3) : NULL;
    if (around != NULL) {
        pixSetMasked(grey, around, 255);
    }
}

/* Straight lines of a drawing or photograph are no rulings. */
static void
drop_drawn_rulings(GArray *rulings, const GArray *figures)
{
    for (guint i = 0; i < rulings->len;) {
        const Ruling *r = &g_array_index(rulings, Ruling, i);
        Rect box = {(double)r->x0 * RASTER_SCALE, (double)r->y0 * RASTER_SCALE,
                    (double)r->x1 * RASTER_SCALE, (double)r->y1 * RASTER_SCALE};
        gboolean drawn = FALSE;
        for (guint k = 0; k < figures->len && !drawn; k++) {
            drawn = rect_covers(g_array_index(figures, Rect, k), box, RASTER_SCALE);
        }
        if (drawn) {
            g_array_remove_index(rulings, i);
        } else {
            i++;
        }
    }
}

static Scan *
look(PIX *grey, double dpi, int turn)
{
    g_autoptr(Scan) scan = g_new0(Scan, 1);
    g_autoptr(PIX) rest = NULL;
    scan->rulings = g_array_new(FALSE, TRUE, sizeof(Ruling));
    scan->leaders = g_array_new(FALSE, FALSE, sizeof(Rect));
    scan->turn = turn;
    scan->width = (turn % 2 ? pixGetHeight(grey) : pixGetWidth(grey)) * 72 / dpi;
    scan->height = (turn % 2 ? pixGetWidth(grey) : pixGetHeight(grey)) * 72 / dpi;
    if (!raster_make(grey, dpi, turn, &scan->raster)) {
        return NULL;
    }
    ink_rulings_find(&scan->raster, scan->rulings, scan->leaders, &rest);
    scan->text = ink_text_find(rest, scan->rulings, scan->raster.dark);
    drop_drawn_rulings(scan->rulings, scan->text.figures);
    scan->clean = pixCopy(NULL, scan->raster.grey);
    if (scan->clean == NULL) {
        return NULL;
    }
    whiten_rulings(scan->clean, scan->rulings);
    whiten_taken(scan->clean, scan->raster.ink, rest);
    scan->rest = g_steal_pointer(&rest);
    return g_steal_pointer(&scan);
}

static gboolean
read_text_of(const Scan *scan, Recogniser *recogniser, const InkLine *line, GArray *symbols,
             GArray *witness, GError **error)
{
    const LineSource source = {scan->clean, scan->raster.plain, witness};
    return scan->otherwise ? line_read_otherwise(scan->clean, recogniser, line, symbols, error)
                           : line_read(&source, recogniser, line, symbols, error);
}

/* Reads a line that begins or ends with a bracket again without it, if it was not read. */
static gboolean
read_bracketed(const Scan *scan, Recogniser *recogniser, const InkLine *line, GArray *symbols,
               GArray *witness, GError **error)
{
    InkLine text;
    gboolean last;
    if (!read_text_of(scan, recogniser, line, symbols, witness, error)) {
        return FALSE;
    }
    if (!bracket_is_missing(scan->rest, line, symbols, &text, &last)) {
        return TRUE;
    }
    g_autoptr(GArray) again = g_array_new(FALSE, FALSE, sizeof(Symbol));
    if (!read_text_of(scan, recogniser, &text, again, NULL, error)) {
        return FALSE;
    }
    if (again->len > 0 && symbols_confidence(again) >= BRACKETED_SURE) {
        bracket_put(line, &text, last, again);
        g_array_set_size(symbols, 0);
        g_array_append_vals(symbols, again->data, again->len);
    }
    return TRUE;
}

/* What a line says that was read to tell which way up the page is; NULL of others. */
static const GArray *
sample_of(const Scan *scan, const InkLine *line)
{
    guint number = (guint)(line - (const InkLine *)(void *)scan->text.lines->data);
    return scan->samples != NULL && !scan->otherwise && number < scan->text.lines->len
               ? g_hash_table_lookup(scan->samples, GUINT_TO_POINTER(number))
               : NULL;
}

gboolean
scan_read_line(const Scan *scan, Recogniser *recogniser, const InkLine *line, GArray *symbols,
               GArray *witness, GError **error)
{
    ListMarks marks;
    const GArray *sample = sample_of(scan, line);
    if (sample != NULL) {
        g_array_set_size(symbols, 0);
        g_array_append_vals(symbols, sample->data, sample->len);
        return TRUE;
    }
    if (!list_marks_find(scan->rest, line, recogniser, &marks, error)) {
        return FALSE;
    }
    gboolean any = list_marks_are_any(&marks);
    if (!read_bracketed(scan, recogniser, &marks.text, symbols, any ? NULL : witness, error)) {
        return FALSE;
    }
    return !any || list_marks_put(&marks, symbols) ||
           read_bracketed(scan, recogniser, line, symbols, NULL, error);
}

/* ---- which way up ---- */

/* The longest first. */
static int
compare_length(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const GArray *lines = user_data;
    const InkLine *p = &g_array_index(lines, InkLine, *(const guint *)a);
    const InkLine *q = &g_array_index(lines, InkLine, *(const guint *)b);
    int by = ink_line_length(q) - ink_line_length(p);
    return by != 0 ? by : p->y0 != q->y0 ? p->y0 - q->y0 : p->x0 - q->x0;
}

/* How sure the recogniser is of the longest lines, 0 to 1; -1 with an error. What they say is kept:
 * see sample_of(). But a page that was turned is most often not upright, and one reading of a line
 * tells that. */
static double
sample_confidence(Scan *scan, Recogniser *recogniser, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    double sum = 0, weight = 0;
    for (guint i = 0; i < scan->text.lines->len; i++) {
        g_array_append_val(numbers, i);
    }
    g_array_sort_with_data(numbers, compare_length, scan->text.lines);
    scan->samples = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    for (guint i = 0; i < MIN(numbers->len, SAMPLE_LINES); i++) {
        guint number = g_array_index(numbers, guint, i);
        g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
        const InkLine *line = &g_array_index(scan->text.lines, InkLine, number);
        if (!(scan->turn == 0
                  ? scan_read_line(scan, recogniser, line, symbols, NULL, error)
                  : line_read_otherwise(scan->clean, recogniser, line, symbols, error))) {
            return -1;
        }
        sum += symbols_confidence(symbols) * symbols->len;
        weight += symbols->len;
        if (scan->turn == 0) {
            g_hash_table_insert(scan->samples, GUINT_TO_POINTER(number), g_steal_pointer(&symbols));
        }
    }
    return weight > 0 ? sum / weight : 0;
}

Scan *
scan_look(PIX *grey, double dpi, gboolean may_turn, Recogniser *recogniser, GError **error)
{
    g_autoptr(Scan) best = NULL;
    double sure = 0;
    for (int turn = 0; turn < 4 && sure < UPRIGHT_SURE; turn++) {
        g_autoptr(Scan) scan = look(grey, dpi, turn);
        if (scan == NULL) {
            g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED,
                        "the picture is too large for the memory there is");
            return NULL;
        }
        if (!may_turn) {
            return g_steal_pointer(&scan);
        }
        double confidence = sample_confidence(scan, recogniser, error);
        if (confidence < 0) {
            return NULL;
        }
        if (best == NULL || confidence > sure + TURNED_BETTER) {
            scan_free(best);
            best = g_steal_pointer(&scan);
            sure = confidence;
        }
        if (best->text.lines->len == 0) {
            break;
        }
    }
    return g_steal_pointer(&best);
}

/* ---- what is there ---- */

static void
clear_rect(PIX *ink, Rect pixels)
{
    pixRasterop(ink, (int)pixels.x0, (int)pixels.y0, (int)rect_width(pixels) + 1,
                (int)rect_height(pixels) + 1, PIX_CLR, NULL, 0, 0);
}

/* What is left of the ink once lines, read and unread ones, and figures are taken away. */
static PIX *
ink_left(const Scan *scan)
{
    PIX *left = pixCopy(NULL, scan->rest);
    for (guint i = 0; left != NULL && i < scan->text.figures->len; i++) {
        clear_rect(left, rect_grown(g_array_index(scan->text.figures, Rect, i), LEFT_MARGIN));
    }
    for (guint i = 0; left != NULL && i < scan->text.lines->len; i++) {
        const InkLine *line = &g_array_index(scan->text.lines, InkLine, i);
        clear_rect(left, rect_grown((Rect){line->x0, line->y0, line->x1, line->y1}, LEFT_MARGIN));
    }
    return left;
}

void
scan_account(const Scan *scan, Page *page)
{
    g_autoptr(PIX) left = ink_left(scan);
    int least = (int)(LEFT_EMS * scan->text.em), apart = MAX(1, scan->text.em / 2);
    g_autoptr(PIX) large = left != NULL ? pixSelectBySize(left, least, least, 8, L_SELECT_IF_EITHER,
                                                          L_SELECT_IF_GTE, NULL)
                                        : NULL;
    g_autoptr(PIX) groups = large != NULL ? runs_close(large, apart, apart) : NULL;
    BOXA *boxes = groups != NULL ? pixConnCompBB(groups, 8) : NULL;
    for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
        int x, y, w, h;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        Rect box = {x / RASTER_SCALE, y / RASTER_SCALE, (x + w) / RASTER_SCALE,
                    (y + h) / RASTER_SCALE};
        notice_unread(page, &box, "ink outside of lines, rulings and figures");
    }
    boxaDestroy(&boxes);
}

static Rect
in_points(Rect pixels)
{
    return (Rect){pixels.x0 / RASTER_SCALE, pixels.y0 / RASTER_SCALE, pixels.x1 / RASTER_SCALE,
                  pixels.y1 / RASTER_SCALE};
}

static gboolean
is_in(const Rect *region, Rect box)
{
    return region == NULL || rect_contains(*region, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2);
}

void
scan_add_marks(const Scan *scan, const Rect *region, Page *page)
{
    for (guint i = 0; i < scan->rulings->len; i++) {
        const Ruling *r = &g_array_index(scan->rulings, Ruling, i);
        Rect box = {(double)r->x0, (double)r->y0, (double)r->x1, (double)r->y1};
        if (is_in(region, box)) {
            g_array_append_val(page->rulings, *r);
        }
    }
    for (guint i = 0; i < scan->text.figures->len; i++) {
        Rect f = in_points(g_array_index(scan->text.figures, Rect, i));
        Mark mark = {(float)f.x0, (float)f.y0, (float)f.x1, (float)f.y1};
        if (is_in(region, f)) {
            g_array_append_val(page->images, mark);
        }
    }
    for (guint i = 0; i < scan->raster.dark->len; i++) {
        Rect d = in_points(g_array_index(scan->raster.dark, Rect, i));
        Area area = {(float)d.x0, (float)d.y0, (float)d.x1, (float)d.y1, DARK_COLOUR};
        if (is_in(region, d)) {
            g_array_append_val(page->areas, area);
        }
    }
}

void
scan_notice(const Scan *scan, Page *page)
{
    if (scan->raster.skew != 0) {
        g_autofree char *text =
            g_strdup_printf("turned %.2f degrees to be level", scan->raster.skew);
        page_notice(page, "skew", NULL, 1, text);
    }
    if (scan->turn != 0) {
        g_autofree char *text = g_strdup_printf("turned %d degrees to be upright", 90 * scan->turn);
        page_notice(page, "turned", NULL, 1, text);
    }
}

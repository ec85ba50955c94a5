/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scan: see scan.h.
 *
 * A line is read by itself: cut out of the picture with white around, so that neither a neighbour
 * nor a ruling disturbs. Tesseract's boxes come from the steps of its network and are rough; they
 * are fitted to the ink: borders between characters move to the whitest column nearby, and then
 * each box shrinks to what it holds.
 */
#include "scan.h"

#include <string.h>

#include "ink-rulings.h"
#include "pdf.h"
#include "signs.h"

/* White around a line that is read, and what is taken of its surroundings, in ems. */
#define PAD_EMS 0.25
#define MARGIN_EMS 0.06
/* Lower lines are enlarged to this em, in pixels: tesseract works with lines of 48. */
#define EM_LEAST 32
/* A line this short, in ems, whose characters are less sure than this is read again at other sizes:
 * it has nothing around it to be understood by. */
#define SHORT_EMS 4.5
#define SHORT_SURE 0.975
static const int OTHER_EMS[] = {30, 36, 52};
/* A line less sure than this is read from the picture as it was, too: grounds and outlines may have
 * been taken for what they are not. Darker corners than PAPER are the ground. */
#define PLAIN_BELOW 0.88
#define PAPER 200
/* Which way up: so many of the longest lines are read, and this confidence settles it; another way
 * must be better by …. */
#define SAMPLE_LINES 6u
#define UPRIGHT_SURE 0.9
#define TURNED_BETTER 0.05
/* A line whose characters are this uncertain on average is no text, or cannot be read. */
#define READ_LEAST 0.3
/* … and one that lies in a figure. */
#define READ_LEAST_IN_FIGURE 0.6
/* … and one of so few characters that stands by itself: without rulings within … on both sides. */
#define READ_LEAST_LONE 0.6
#define LONE_MOST 3u
#define READ_LEAST_STROKES 0.93
#define HELD_EMS 15
/* The same for a line of an illustration beside real text, and for one of so few characters. */
#define ILLUSTRATION_LEAST 0.8
#define ILLUSTRATION_LEAST_LONE 0.9
/* Borders between characters move by at most this part of an em. */
#define BORDER_MOVES 0.3
/* The part of an em that narrow characters have beside their ink: their advances touch. */
#define NARROW_SPARE 0.2
/* Ink wider than this part of an em that no character accounts for is noticed. */
#define UNREAD_EMS 0.45
/* Sizes nearer than this to the common one are the common one: the height of a line's ink depends
 * on what is written. */
#define SAME_SIZE 0.17
#define UNREAD_NOTICES 40u
/* The part of its box that text inks. */
#define INK_LEAST 0.04
#define INK_MOST 0.75
/* What grounds are said to be painted in, on which light text was found. */
#define DARK_COLOUR 0x404040

void
scan_free(Scan *scan)
{
    if (scan != NULL) {
        raster_clear(&scan->raster);
        pixDestroy(&scan->clean);
        g_clear_pointer(&scan->rulings, g_array_unref);
        g_clear_pointer(&scan->leaders, g_array_unref);
        ink_text_clear(&scan->text);
        g_free(scan);
    }
}

Rect
scan_line_box(const InkLine *line)
{
    return (Rect){line->x0 / RASTER_SCALE, line->y0 / RASTER_SCALE, line->x1 / RASTER_SCALE,
                  line->y1 / RASTER_SCALE};
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
    scan->text = ink_text_find(rest, scan->rulings);
    drop_drawn_rulings(scan->rulings, scan->text.figures);
    scan->clean = pixCopy(NULL, scan->raster.grey);
    if (scan->clean == NULL) {
        return NULL;
    }
    whiten_rulings(scan->clean, scan->rulings);
    whiten_taken(scan->clean, scan->raster.ink, rest);
    return g_steal_pointer(&scan);
}

/* ---- reading one line ---- */

/* The picture of a line, its em large enough, white around; ret_scale and ret_x, ret_y bring its
 * pixels back to the raster. */
static PIX *
line_picture(PIX *from, const InkLine *line, int em, double *ret_scale, int *ret_x, int *ret_y)
{
    int margin = (int)ceil(MARGIN_EMS * line->em) + 1, pad = (int)(PAD_EMS * line->em) + 4;
    BOX *box = boxCreate(MAX(0, line->x0 - margin), MAX(0, line->y0 - margin),
                         line->x1 - line->x0 + 2 * margin, line->y1 - line->y0 + 2 * margin);
    BOX *taken = NULL;
    g_autoptr(PIX) part = pixClipRectangle(from, box, &taken);
    boxDestroy(&box);
    if (part == NULL) {
        return NULL;
    }
    boxGetGeometry(taken, ret_x, ret_y, NULL, NULL);
    boxDestroy(&taken);
    *ret_x -= pad;
    *ret_y -= pad;
    *ret_scale = 1;
    l_uint32 ground = 255;
    pixGetPixel(part, 0, 0, &ground);
    g_autoptr(PIX) padded = pixAddBorder(part, pad, ground >= PAPER ? 255 : ground);
    if (em == line->em || padded == NULL) {
        return g_steal_pointer(&padded);
    }
    *ret_scale = (double)em / line->em;
    float scale = (float)*ret_scale;
    return scale > 1 ? pixScaleGrayLI(padded, scale, scale) : pixScaleAreaMap(padded, scale, scale);
}

static void
symbols_place(GArray *symbols, double scale, int x, int y)
{
    for (guint i = 0; i < symbols->len; i++) {
        Symbol *s = &g_array_index(symbols, Symbol, i);
        s->x0 = (float)((double)s->x0 / scale + x);
        s->x1 = (float)((double)s->x1 / scale + x);
        s->y0 = (float)((double)s->y0 / scale + y);
        s->y1 = (float)((double)s->y1 / scale + y);
    }
}

static gboolean
read_line_at(PIX *from, Recogniser *recogniser, const InkLine *line, int em, GArray *symbols,
             GError **error)
{
    double scale = 1;
    int x = 0, y = 0;
    g_array_set_size(symbols, 0);
    g_autoptr(PIX) picture = line_picture(from, line, em, &scale, &x, &y);
    if (picture != NULL && !recogniser_read(recogniser, picture, line->vertical, symbols, error)) {
        return FALSE;
    }
    symbols_place(symbols, scale, x, y);
    return TRUE;
}

static double
mean_confidence(const GArray *symbols)
{
    double sum = 0;
    for (guint i = 0; i < symbols->len; i++) {
        sum += (double)g_array_index(symbols, Symbol, i).confidence;
    }
    return symbols->len > 0 ? sum / symbols->len : 0;
}

static int
length_of(const InkLine *line)
{
    return line->vertical ? line->y1 - line->y0 : line->x1 - line->x0;
}

/* One more try at a line: kept if it is surer. */
static gboolean
try_line(PIX *from, Recogniser *recogniser, const InkLine *line, int em, GArray *symbols,
         GError **error)
{
    g_autoptr(GArray) again = g_array_new(FALSE, FALSE, sizeof(Symbol));
    if (!read_line_at(from, recogniser, line, em, again, error)) {
        return FALSE;
    }
    if (mean_confidence(again) > mean_confidence(symbols)) {
        g_array_set_size(symbols, 0);
        g_array_append_vals(symbols, again->data, again->len);
    }
    return TRUE;
}

static gboolean
read_line(const Scan *scan, Recogniser *recogniser, const InkLine *line, GArray *symbols,
          GError **error)
{
    int em = MAX(line->em, EM_LEAST);
    if (!read_line_at(scan->clean, recogniser, line, em, symbols, error)) {
        return FALSE;
    }
    if (mean_confidence(symbols) < PLAIN_BELOW &&
        !try_line(scan->raster.plain, recogniser, line, em, symbols, error)) {
        return FALSE;
    }
    if (length_of(line) > SHORT_EMS * line->em || mean_confidence(symbols) >= SHORT_SURE) {
        return TRUE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(OTHER_EMS); i++) {
        if (!try_line(scan->clean, recogniser, line, OTHER_EMS[i], symbols, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- which way up ---- */

static int
compare_length(gconstpointer a, gconstpointer b)
{
    const InkLine *p = a, *q = b;
    int by = length_of(q) - length_of(p);
    return by != 0 ? by : p->y0 != q->y0 ? p->y0 - q->y0 : p->x0 - q->x0;
}

/* How sure the recogniser is of the longest lines, 0 to 1; -1 with an error. */
static double
sample_confidence(const Scan *scan, Recogniser *recogniser, GError **error)
{
    g_autoptr(GArray) lines = g_array_copy(scan->text.lines);
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    double sum = 0, weight = 0;
    g_array_sort(lines, compare_length);
    for (guint i = 0; i < MIN(lines->len, SAMPLE_LINES); i++) {
        if (!read_line(scan, recogniser, &g_array_index(lines, InkLine, i), symbols, error)) {
            return -1;
        }
        sum += mean_confidence(symbols) * symbols->len;
        weight += symbols->len;
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

/* ---- boxes ---- */

/* How much ink the columns (rows, if vertical) of a line have. */
static NUMA *
line_profile(const Scan *scan, const InkLine *line)
{
    BOX *box = boxCreate(line->x0, line->y0, line->x1 - line->x0, line->y1 - line->y0);
    g_autoptr(PIX) part = pixClipRectangle(scan->raster.ink, box, NULL);
    boxDestroy(&box);
    if (part == NULL) {
        return NULL;
    }
    return line->vertical ? pixCountPixelsByRow(part, NULL) : pixCountPixelsByColumn(part);
}

static int
profile_at(NUMA *profile, int i)
{
    int value = 0;
    if (i >= 0 && i < numaGetCount(profile)) {
        numaGetIValue(profile, i, &value);
    }
    return value;
}

/* The whitest place near a border. */
static int
whitest_near(NUMA *profile, int border, int reach)
{
    int best = border, least = G_MAXINT;
    for (int i = border - reach; i <= border + reach; i++) {
        int cost = profile_at(profile, i) * 16 + abs(i - border);
        if (cost < least) {
            least = cost;
            best = i;
        }
    }
    return best;
}

static void
shrink_to_ink(NUMA *profile, int *from, int *to)
{
    int a = *from, b = *to;
    while (a < b && profile_at(profile, a) == 0) {
        a++;
    }
    while (b > a && profile_at(profile, b - 1) == 0) {
        b--;
    }
    if (b > a) {
        *from = a;
        *to = b;
    }
}

/* The ink of each symbol along the line: pairs [from, to) from the line's start. */
static GArray *
symbol_extents(const InkLine *line, NUMA *profile, const GArray *symbols)
{
    GArray *extents = g_array_new(FALSE, TRUE, 2 * sizeof(int));
    g_array_set_size(extents, symbols->len);
    int(*e)[2] = (int(*)[2])(void *)extents->data;
    int reach = (int)(BORDER_MOVES * line->em), at = 0;
    double start = line->vertical ? line->y0 : line->x0;
    for (guint i = 0; i < symbols->len; i++) {
        const Symbol *s = &g_array_index(symbols, Symbol, i);
        const Symbol *next = i + 1 < symbols->len ? s + 1 : NULL;
        double end = (double)(line->vertical ? s->y1 : s->x1) - start;
        double begin = next == NULL ? end : (double)(line->vertical ? next->y0 : next->x0) - start;
        int border =
            next == NULL ? length_of(line) : whitest_near(profile, (int)((end + begin) / 2), reach);
        e[i][0] = at;
        e[i][1] = MAX(at + 1, MIN(border, length_of(line)));
        at = e[i][1];
        shrink_to_ink(profile, &e[i][0], &e[i][1]);
    }
    return extents;
}

/* ---- glyphs ---- */

static guint16
line_style(const Scan *scan, const InkLine *line, Page *page)
{
    int common = scan->text.em;
    double em = abs(line->em - common) <= SAME_SIZE * common ? common : line->em;
    Style style = {.size = (float)(round(em / RASTER_SCALE * 4) / 4),
                   .font = page_font(page, "OCR"),
                   .direction = line->vertical ? DIRECTION_VERTICAL : DIRECTION_RIGHT};
    return page_style(page, &style);
}

static gboolean
is_wide(guint32 c)
{
    return g_unichar_iswide(c);
}

/* The em box of a symbol: its ink along the line, no narrower than the em for characters that have
 * one to themselves, as far as its neighbours leave room; the em around the line's middle across.
 */
static Glyph
glyph_of(const InkLine *line, const Symbol *s, const int extent[2], const int room[2], double em)
{
    double from = extent[0], to = extent[1];
    double spare = is_wide(s->unicode) ? (em - (to - from)) / 2 : NARROW_SPARE * em;
    if (spare > 0) {
        from = MAX(MIN(from, (from + room[0]) / 2), from - spare);
        to = MIN(MAX(to, (to + room[1]) / 2), to + spare);
    }
    double middle = line->vertical ? (line->x0 + line->x1) / 2.0 : (line->y0 + line->y1) / 2.0;
    double start = line->vertical ? line->y0 : line->x0, k = 1 / RASTER_SCALE;
    double along0 = (start + from) * k, along1 = (start + to) * k;
    double across0 = (middle - em / 2) * k, across1 = (middle + em / 2) * k;
    Glyph g = {.unicode = s->unicode, .confidence = s->confidence, .origin = ORIGIN_OCR};
    g.x0 = (float)(line->vertical ? across0 : along0);
    g.x1 = (float)(line->vertical ? across1 : along1);
    g.y0 = (float)(line->vertical ? along0 : across0);
    g.y1 = (float)(line->vertical ? along1 : across1);
    g.origin_x = line->vertical ? (float)(middle * k) : g.x0;
    g.origin_y = line->vertical ? g.y0 : (float)(across1 - 0.12 * em * k);
    return g;
}

static gboolean
is_latin(guint32 c)
{
    return c < 0x2E80 && g_unichar_isalnum(c);
}

/* A blank between two words of letters. */
static void
add_blank(GArray *glyphs, const Glyph *after)
{
    const Glyph *before = &g_array_index(glyphs, Glyph, glyphs->len - 1);
    if (!is_latin(before->unicode) || !is_latin(after->unicode) || after->x0 <= before->x1) {
        return;
    }
    Glyph blank = *after;
    blank.unicode = ' ';
    blank.x0 = before->x1;
    blank.x1 = after->x0;
    blank.origin_x = blank.x0;
    g_array_append_val(glyphs, blank);
}

static void
add_glyphs(const Scan *scan, const InkLine *line, const GArray *symbols, GArray *extents,
           Page *page)
{
    guint16 style = line_style(scan, line, page);
    double em = (double)g_array_index(page->styles, Style, style).size * RASTER_SCALE;
    int(*e)[2] = (int(*)[2])(void *)extents->data;
    for (guint i = 0; i < symbols->len; i++) {
        const Symbol *s = &g_array_index(symbols, Symbol, i);
        int room[2] = {i > 0 ? e[i - 1][1] : e[i][0] - line->em,
                       i + 1 < symbols->len ? e[i + 1][0] : e[i][1] + line->em};
        Glyph glyph = glyph_of(line, s, e[i], room, em);
        glyph.style = style;
        if (s->word && i > 0 && !line->vertical) {
            add_blank(page->glyphs, &glyph);
        }
        g_array_append_val(page->glyphs, glyph);
    }
}

/* ---- leaders ---- */

/* The glyphs of one leader: as many … as it is ems long, upon the line whose end it meets. */
static void
add_leader(const Scan *scan, const Rect *leader, Page *page)
{
    double em = scan->text.em / RASTER_SCALE;
    int n = MAX(1, (int)(rect_width(*leader) / em));
    double bottom = (leader->y0 + leader->y1) / 2 + em / 2;
    for (guint i = 0; i < scan->text.lines->len; i++) { /* level with its text */
        Rect box = scan_line_box(&g_array_index(scan->text.lines, InkLine, i));
        if (box.y0 <= leader->y1 && box.y1 >= leader->y0 && box.x1 <= leader->x0 + em &&
            box.x1 >= leader->x0 - 2 * em) {
            bottom = (box.y0 + box.y1) / 2 + em / 2;
        }
    }
    Style style = {.size = (float)(round(em * 4) / 4),
                   .font = page_font(page, "OCR"),
                   .direction = DIRECTION_RIGHT};
    Glyph g = {.unicode = 0x2026, .confidence = 1, .origin = ORIGIN_OCR};
    g.style = page_style(page, &style);
    for (int i = 0; i < n; i++) {
        g.x0 = (float)(leader->x0 + i * rect_width(*leader) / n);
        g.x1 = (float)(leader->x0 + (i + 1) * rect_width(*leader) / n);
        g.y0 = (float)(bottom - em);
        g.y1 = (float)bottom;
        g.origin_x = g.x0;
        g.origin_y = (float)(bottom - 0.12 * em);
        g_array_append_val(page->glyphs, g);
    }
}

/* ---- what could not be read ---- */

static void
notice_unread(Page *page, const Rect *box, const char *why)
{
    guint n = 0;
    for (guint i = 0; i < page->notices->len; i++) {
        n += strcmp(g_array_index(page->notices, Notice, i).kind, "unread") == 0;
    }
    if (n < UNREAD_NOTICES) {
        page_notice(page, "unread", box, 1, why);
    }
}

/* Ink of a line between what the symbols account for. */
static void
notice_gaps(const InkLine *line, NUMA *profile, GArray *extents, Page *page)
{
    int(*e)[2] = (int(*)[2])(void *)extents->data;
    int least = (int)(UNREAD_EMS * line->em), from = 0;
    for (guint i = 0; i <= extents->len; i++) {
        int to = i < extents->len ? e[i][0] : length_of(line), ink0 = from, ink1 = to;
        shrink_to_ink(profile, &ink0, &ink1);
        if (ink1 - ink0 > least && profile_at(profile, ink0) > 0) {
            Rect box = scan_line_box(line);
            double k = 1 / RASTER_SCALE, start = line->vertical ? box.y0 : box.x0;
            *(line->vertical ? &box.y0 : &box.x0) = start + ink0 * k;
            *(line->vertical ? &box.y1 : &box.x1) = start + ink1 * k;
            notice_unread(page, &box, "ink that no character accounts for");
        }
        from = i < extents->len ? e[i][1] : to;
    }
}

static gboolean
is_in_figure(const Scan *scan, const InkLine *line)
{
    for (guint i = 0; i < scan->text.figures->len; i++) {
        const Rect *f = &g_array_index(scan->text.figures, Rect, i);
        if (rect_contains(*f, (line->x0 + line->x1) / 2.0, (line->y0 + line->y1) / 2.0)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether rulings stand on both sides of a line, or it is part of a block: then it is text. */
static gboolean
is_held(const Scan *scan, const InkLine *line)
{
    Rect box = scan_line_box(line);
    double reach = HELD_EMS * line->em / RASTER_SCALE, middle = (box.y0 + box.y1) / 2;
    gboolean left = FALSE, right = FALSE;
    for (guint i = 0; i < scan->rulings->len; i++) {
        const Ruling *r = &g_array_index(scan->rulings, Ruling, i);
        if (r->x0 != r->x1 || (double)r->y0 > middle || (double)r->y1 < middle) {
            continue;
        }
        left = left || ((double)r->x0 <= box.x0 && (double)r->x0 > box.x0 - reach);
        right = right || ((double)r->x0 >= box.x1 && (double)r->x0 < box.x1 + reach);
    }
    return left && right;
}

/* Only signs that any scratch or edge of the paper looks like. */
static gboolean
are_strokes(const GArray *symbols)
{
    for (guint i = 0; i < symbols->len; i++) {
        guint32 c = g_array_index(symbols, Symbol, i).unicode;
        gboolean stroke = g_unichar_ispunct(c) || c == 0x30FC || c == 0x4E00 || c == '|' ||
                          c == '1' || c == 'I' || c == 'l' || c == 0x30CE || c == 0x30FD;
        if (!stroke) {
            return FALSE;
        }
    }
    return TRUE;
}

/* How sure the reading of a line must be to be taken for text: a mark or two by themselves, in or
 * beside a drawing, are easily taken for characters. */
static double
confidence_wanted(const Scan *scan, const InkLine *line, const GArray *symbols)
{
    if (is_in_figure(scan, line)) {
        return READ_LEAST_IN_FIGURE;
    }
    if (symbols->len > LONE_MOST || is_held(scan, line)) {
        return READ_LEAST;
    }
    return are_strokes(symbols) ? READ_LEAST_STROKES : READ_LEAST_LONE;
}

/* A line of an illustration: sure, and more than strokes that pass for signs. */
static gboolean
is_plain_text(const GArray *symbols)
{
    guint letters = 0;
    for (guint i = 0; i < symbols->len; i++) {
        guint32 c = g_array_index(symbols, Symbol, i).unicode;
        letters +=
            g_unichar_isalnum(c) && c != 0x30FC && c != 0x4E00 && c != '1' && c != 'I' && c != 'l';
    }
    double least = symbols->len <= LONE_MOST ? ILLUSTRATION_LEAST_LONE : ILLUSTRATION_LEAST;
    return letters * 2 > symbols->len && mean_confidence(symbols) >= least;
}

gboolean
scan_read(Scan *scan, ScanKind kind, Recogniser *recogniser, ScanWants wants, gpointer user_data,
          Page *page, GError **error)
{
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    for (guint i = 0; i < scan->text.lines->len; i++) {
        InkLine *line = &g_array_index(scan->text.lines, InkLine, i);
        Rect box = scan_line_box(line);
        line->glyph = line->end = page->glyphs->len;
        if (wants != NULL && !wants(&box, user_data)) {
            continue;
        }
        if (!read_line(scan, recogniser, line, symbols, error)) {
            return FALSE;
        }
        gboolean text = kind == SCAN_PAGE
                            ? mean_confidence(symbols) >= confidence_wanted(scan, line, symbols)
                            : is_plain_text(symbols);
        if (symbols->len == 0 || !text) {
            notice_unread(page, &box,
                          symbols->len == 0 ? "nothing could be read"
                                            : "what was read is too uncertain");
            continue;
        }
        NUMA *profile = line_profile(scan, line);
        if (profile != NULL) {
            signs_find(scan->raster.ink, line, symbols);
            g_autoptr(GArray) extents = symbol_extents(line, profile, symbols);
            signs_settle(scan->raster.ink, line, (const int(*)[2])(void *)extents->data, symbols);
            add_glyphs(scan, line, symbols, extents, page);
            notice_gaps(line, profile, extents, page);
        }
        numaDestroy(&profile);
        line->end = page->glyphs->len;
        line->glyphs = line->end - line->glyph;
    }
    for (guint i = 0; i < scan->leaders->len && kind == SCAN_PAGE; i++) {
        const Rect *leader = &g_array_index(scan->leaders, Rect, i);
        if (wants == NULL || wants(leader, user_data)) {
            add_leader(scan, leader, page);
        }
    }
    return TRUE;
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading a scan's lines: see scan_read() in scan.h.
 *
 * 1. The lines that are wanted are read, those of illustrations only while there is hope.
 * 2. Illustrations with text are told from others, by all that was read in each (picture-text.h).
 * 3. What is text becomes glyphs; the rest is noticed.
 */
#include <math.h>

#include "line-glyphs.h"
#include "line-read.h"
#include "picture-text.h"
#include "scan.h"

/* A line whose characters are this uncertain on average is no text, or cannot be read. */
#define READ_LEAST 0.3
/* … and one that lies in a figure. */
#define READ_LEAST_IN_FIGURE 0.6
/* … and one of so few characters that stands by itself: without rulings within … on both sides. */
#define READ_LEAST_LONE 0.6
#define LONE_MOST 3u
#define READ_LEAST_STROKES 0.93
#define HELD_EMS 15
/* Marks alone are text only if a line overlaps this part of their height, so many ems away. */
#define COMPANY_OVER 0.7
#define COMPANY_APART 2
/* A line by itself is read a second time at another size if it is so short or less sure than …: of
 * what is no text, each reading is another. So much of both must agree: of text, .5 and more. */
#define WITNESS_BELOW 0.97
#define WITNESS_AGREES 0.45
/* The same for a line of an illustration that holds text, and for one of so few characters. */
#define ILLUSTRATION_LEAST 0.8
#define ILLUSTRATION_LEAST_LONE 0.95
/* An illustration none of whose longest lines is sure, so many of them, holds no text. */
#define ILLUSTRATION_SAMPLE 12u
/* A dark ground so large in both directions, in points, is a photograph if no line on it is longer
 * than LONE_MOST and so sure, and so much of it is uneven. */
#define GROUND_SIDE 48.0
#define GROUND_SURE 0.9
#define GROUND_UNEVEN 0.42
/* … or if so much of it is, whatever was read: of grounds with text up to .55. */
#define GROUND_WILD 0.7
/* All characters of a pale page together are read with this confidence, or they are what shines
 * through from its back: .98 and .89. */
#define PALE_SURE 0.95
/* Neighbouring pixels, at half the resolution, that differ by this are uneven: edges. */
#define UNEVEN_GREYS 24
#define UNEVEN_WINDOW 5
/* What is near a line of text is its edge, too: pixels at half the resolution. */
#define UNEVEN_MARGIN 4

/* ---- what is text ---- */

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
    Rect box = ink_line_box(line);
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

/* Only marks that stand beside or between characters, never alone. */
static gboolean
are_marks(const GArray *symbols)
{
    for (guint i = 0; i < symbols->len; i++) {
        guint32 c = g_array_index(symbols, Symbol, i).unicode;
        if (!g_unichar_ispunct(c) && c != 0x30FC && c != '|' && c != 0x30CE && c != 0x30FD) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Whether another line stands in a level line's row, near it. */
static gboolean
has_company(const Scan *scan, const InkLine *line)
{
    for (guint i = 0; i < scan->text.lines->len; i++) {
        const InkLine *other = &g_array_index(scan->text.lines, InkLine, i);
        int over = MIN(line->y1, other->y1) - MAX(line->y0, other->y0);
        int apart = MAX(line->x0, other->x0) - MIN(line->x1, other->x1);
        if (other != line && over >= COMPANY_OVER * (line->y1 - line->y0) &&
            apart <= COMPANY_APART * other->em) {
            return TRUE;
        }
    }
    return line->vertical;
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
    return !are_strokes(symbols)                            ? READ_LEAST_LONE
           : are_marks(symbols) && !has_company(scan, line) ? 1 + READ_LEAST
                                                            : READ_LEAST_STROKES;
}

/* The glyphs of one leader: as many … as it is ems long, upon the line whose end it meets. */
static void
add_leader(const Scan *scan, const Rect *leader, Page *page)
{
    double em = scan->text.em / RASTER_SCALE;
    int n = MAX(1, (int)(rect_width(*leader) / em));
    double bottom = (leader->y0 + leader->y1) / 2 + em / 2;
    for (guint i = 0; i < scan->text.lines->len; i++) { /* level with its text */
        Rect box = ink_line_box(&g_array_index(scan->text.lines, InkLine, i));
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

/* ---- reading ---- */

/* What one line was read as: from … of all symbols. */
typedef struct {
    guint line; /* index */
    int picture;
    gboolean certain; /* that it is text */
    gboolean tried;
    gboolean doubted; /* a second reading said something else */
    guint from, n;
} LineText;

typedef struct {
    Scan *scan;
    const ScanWants *wants; /* or NULL */
    Recogniser *recogniser;
    GArray *texts;    /* LineText, those wanted */
    GArray *symbols;  /* Symbol */
    gboolean doubted; /* all of it */
} ScanReading;

/* The longest first; the order of lines for those of one length. */
static int
compare_texts(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const LineText *p = a, *q = b;
    const GArray *lines = user_data;
    int by = ink_line_length(&g_array_index(lines, InkLine, q->line)) -
             ink_line_length(&g_array_index(lines, InkLine, p->line));
    return by != 0 ? by : p->line < q->line ? -1 : p->line > q->line;
}

static int
compare_places(gconstpointer a, gconstpointer b)
{
    const LineText *p = a, *q = b;
    return p->line < q->line ? -1 : p->line > q->line;
}

static PictureLine
picture_line(const ScanReading *reading, const LineText *text)
{
    const InkLine *line = &g_array_index(reading->scan->text.lines, InkLine, text->line);
    double ems = (double)ink_line_length(line) / MAX(1, line->em);
    return (PictureLine){reading->symbols, text->from, text->n, ems};
}

/* Whether a line may be no text. */
static gboolean
is_doubtful(const ScanReading *reading, const LineText *text, const InkLine *line)
{
    return text->picture < 0 && !text->certain && !reading->scan->otherwise &&
           !is_held(reading->scan, line);
}

/* Reads a line that may be no text a second time, unless there is a witness already, and doubts it
 * if that says something else. */
static gboolean
doubt_text(const ScanReading *reading, LineText *text, const GArray *symbols, GArray *witness,
           GError **error)
{
    const Scan *scan = reading->scan;
    const InkLine *line = &g_array_index(scan->text.lines, InkLine, text->line);
    if (symbols->len == 0 ||
        (symbols->len > LONE_MOST && symbols_confidence(symbols) >= WITNESS_BELOW)) {
        return TRUE;
    }
    if (witness->len == 0 &&
        !line_read_otherwise(scan->clean, reading->recogniser, line, witness, error)) {
        return FALSE;
    }
    text->doubted = symbols_agreement(symbols, witness) < WITNESS_AGREES;
    return TRUE;
}

static gboolean
read_text(ScanReading *reading, LineText *text, GError **error)
{
    const ScanWants *wants = reading->wants;
    const InkLine *line = &g_array_index(reading->scan->text.lines, InkLine, text->line);
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    g_autoptr(GArray) witness =
        is_doubtful(reading, text, line) ? g_array_new(FALSE, FALSE, sizeof(Symbol)) : NULL;
    if (!scan_read_line(reading->scan, reading->recogniser, line, symbols, witness, error) ||
        (witness != NULL && !doubt_text(reading, text, symbols, witness, error))) {
        return FALSE;
    }
    text->tried = TRUE;
    text->from = reading->symbols->len;
    for (guint i = 0; i < symbols->len; i++) {
        const Symbol *s = &g_array_index(symbols, Symbol, i);
        double x = ((double)s->x0 + (double)s->x1) / 2 / RASTER_SCALE,
               y = ((double)s->y0 + (double)s->y1) / 2 / RASTER_SCALE;
        if (text->picture < 0 || !wants->is_known(x, y, wants->user_data)) {
            g_array_append_val(reading->symbols, *s);
        }
    }
    text->n = reading->symbols->len - text->from;
    return TRUE;
}

/* The lines of a page one after the other; those of an illustration only while there is hope. */
static gboolean
read_texts(ScanReading *reading, GError **error)
{
    g_autoptr(GHashTable) tried = g_hash_table_new(NULL, NULL), sure = g_hash_table_new(NULL, NULL);
    g_array_sort_with_data(reading->texts, compare_texts, reading->scan->text.lines);
    for (guint i = 0; i < reading->texts->len; i++) {
        LineText *text = &g_array_index(reading->texts, LineText, i);
        gpointer picture = GINT_TO_POINTER(text->picture + 1);
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(tried, picture));
        if (text->picture >= 0 && n >= ILLUSTRATION_SAMPLE &&
            !g_hash_table_contains(sure, picture)) {
            continue;
        }
        if (!read_text(reading, text, error)) {
            return FALSE;
        }
        PictureLine line = picture_line(reading, text);
        g_hash_table_insert(tried, picture, GUINT_TO_POINTER(n + 1));
        if (picture_line_is_sure(&line)) {
            g_hash_table_add(sure, picture);
        }
    }
    g_array_sort(reading->texts, compare_places);
    return TRUE;
}

/* Where the scan's picture is uneven, at half its size; NULL without memory. */
static PIX *
uneven_mask(const Scan *scan)
{
    g_autoptr(PIX) half = pixScaleAreaMap2(scan->raster.plain);
    g_autoptr(PIX) high = half != NULL ? pixDilateGray(half, UNEVEN_WINDOW, UNEVEN_WINDOW) : NULL;
    g_autoptr(PIX) low = high != NULL ? pixErodeGray(half, UNEVEN_WINDOW, UNEVEN_WINDOW) : NULL;
    g_autoptr(PIX) range = low != NULL ? pixSubtractGray(NULL, high, low) : NULL;
    PIX *mask = range != NULL ? pixThresholdToBinary(range, UNEVEN_GREYS) : NULL;
    return mask != NULL ? pixInvert(mask, mask) : NULL;
}

static BOX *
half_box(const InkLine *line, int margin)
{
    return boxCreate(MAX(0, line->x0 / 2 - margin), MAX(0, line->y0 / 2 - margin),
                     (line->x1 - line->x0) / 2 + 2 * margin,
                     (line->y1 - line->y0) / 2 + 2 * margin);
}

/* The part of an illustration that is uneven, as far as its lines reach, sure ones left out. */
static double
uneven_part(const ScanReading *reading, int picture, PIX *uneven)
{
    InkLine all = {.x0 = G_MAXINT, .y0 = G_MAXINT};
    g_autoptr(PIX) looked = pixCreate(pixGetWidth(uneven), pixGetHeight(uneven), 1);
    int n = 0, n_uneven = 0;
    pixSetAll(looked);
    for (guint i = 0; i < reading->texts->len; i++) {
        const LineText *text = &g_array_index(reading->texts, LineText, i);
        if (text->picture != picture) {
            continue;
        }
        const InkLine *line = &g_array_index(reading->scan->text.lines, InkLine, text->line);
        PictureLine piece = picture_line(reading, text);
        all = (InkLine){.x0 = MIN(all.x0, line->x0),
                        .y0 = MIN(all.y0, line->y0),
                        .x1 = MAX(all.x1, line->x1),
                        .y1 = MAX(all.y1, line->y1)};
        if (picture_line_is_sure(&piece)) {
            BOX *box = half_box(line, UNEVEN_MARGIN);
            pixClearInRect(looked, box);
            boxDestroy(&box);
        }
    }
    BOX *box = half_box(&all, 0);
    g_autoptr(PIX) part = pixClipRectangle(looked, box, NULL);
    g_autoptr(PIX) there = pixClipRectangle(uneven, box, NULL);
    boxDestroy(&box);
    if (part == NULL || there == NULL) {
        return 0;
    }
    pixCountPixels(part, &n, NULL);
    pixAnd(part, part, there);
    pixCountPixels(part, &n_uneven, NULL);
    return n > 0 ? (double)n_uneven / n : 0;
}

/* Which illustrations are pictures of text. */
static GHashTable *
text_pictures(const ScanReading *reading)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    GHashTable *text = g_hash_table_new(NULL, NULL);
    g_autoptr(PIX) uneven = NULL;
    for (guint i = 0; i < reading->texts->len; i++) {
        int picture = g_array_index(reading->texts, LineText, i).picture;
        if (picture < 0 || !g_hash_table_add(seen, GINT_TO_POINTER(picture))) {
            continue;
        }
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(PictureLine));
        for (guint k = i; k < reading->texts->len; k++) {
            const LineText *other = &g_array_index(reading->texts, LineText, k);
            if (other->picture == picture) {
                PictureLine line = picture_line(reading, other);
                g_array_append_val(lines, line);
            }
        }
        double letters = picture_text_letters((const PictureLine *)(void *)lines->data, lines->len);
        if (letters > 0 && uneven == NULL) {
            uneven = uneven_mask(reading->scan);
        }
        if (letters > 0 && uneven != NULL &&
            picture_is_text(letters, uneven_part(reading, picture, uneven))) {
            g_hash_table_add(text, GINT_TO_POINTER(picture));
        }
    }
    return text;
}

/* ---- dark grounds that are photographs ---- */

static gboolean
lies_in(const InkLine *line, const Rect *ground)
{
    return rect_contains(*ground, (line->x0 + line->x1) / 2.0, (line->y0 + line->y1) / 2.0);
}

/* Whether light text was read on this ground with certainty. */
static gboolean
ground_has_text(const ScanReading *reading, const Rect *ground)
{
    for (guint i = 0; i < reading->texts->len; i++) {
        const LineText *text = &g_array_index(reading->texts, LineText, i);
        const InkLine *line = &g_array_index(reading->scan->text.lines, InkLine, text->line);
        g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
        if (!lies_in(line, ground) || text->n == 0) {
            continue;
        }
        g_array_append_vals(symbols, &g_array_index(reading->symbols, Symbol, text->from), text->n);
        if (!text->doubted && symbols->len > LONE_MOST &&
            symbols_confidence(symbols) >= GROUND_SURE) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The part of a ground that is uneven. */
static double
ground_uneven(const Rect *ground, PIX *uneven)
{
    BOX *box = boxCreate((int)ground->x0 / 2, (int)ground->y0 / 2, (int)rect_width(*ground) / 2,
                         (int)rect_height(*ground) / 2);
    g_autoptr(PIX) part = pixClipRectangle(uneven, box, NULL);
    int count = 0;
    boxDestroy(&box);
    if (part == NULL) {
        return 0;
    }
    pixCountPixels(part, &count, NULL);
    return (double)count / ((double)pixGetWidth(part) * pixGetHeight(part));
}

/* Dark photographs were taken for grounds with light text on them: they are figures. */
static void
grounds_settle(const ScanReading *reading)
{
    GArray *grounds = reading->scan->raster.dark;
    double side = GROUND_SIDE * RASTER_SCALE;
    g_autoptr(PIX) uneven = NULL;
    for (guint i = 0; i < grounds->len;) {
        Rect ground = g_array_index(grounds, Rect, i);
        gboolean large = rect_width(ground) >= side && rect_height(ground) >= side;
        if (large && uneven == NULL) {
            uneven = uneven_mask(reading->scan);
        }
        double part = large && uneven != NULL ? ground_uneven(&ground, uneven) : 0;
        if (part < GROUND_UNEVEN || (part < GROUND_WILD && ground_has_text(reading, &ground))) {
            i++;
            continue;
        }
        for (guint k = 0; k < reading->texts->len; k++) {
            LineText *text = &g_array_index(reading->texts, LineText, k);
            const InkLine *line = &g_array_index(reading->scan->text.lines, InkLine, text->line);
            text->doubted = text->doubted || lies_in(line, &ground);
        }
        g_array_append_val(reading->scan->text.figures, ground);
        g_array_remove_index(grounds, i);
    }
}

static gboolean
is_text(const ScanReading *reading, const LineText *text, GHashTable *pictures,
        const GArray *symbols)
{
    const Scan *scan = reading->scan;
    const InkLine *line = &g_array_index(scan->text.lines, InkLine, text->line);
    double sure = symbols_confidence(symbols);
    if (symbols->len == 0 || reading->doubted || text->doubted ||
        sure < confidence_wanted(scan, line, symbols)) {
        return FALSE;
    }
    if (text->picture < 0) {
        return TRUE;
    }
    PictureLine piece = picture_line(reading, text);
    if (!g_hash_table_contains(pictures, GINT_TO_POINTER(text->picture))) {
        return picture_line_is_plain(&piece);
    }
    gboolean held = is_held(scan, line);
    double least = symbols->len > LONE_MOST || held ? ILLUSTRATION_LEAST : ILLUSTRATION_LEAST_LONE;
    return sure >= least && picture_line_has_letters(&piece, held);
}

/* One notice for each illustration: how many of its lines look like text and are none, and where.
 */
static void
notice_illustrations(const ScanReading *reading, Page *page)
{
    g_autoptr(GHashTable) said = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < reading->texts->len; i++) {
        const LineText *text = &g_array_index(reading->texts, LineText, i);
        Rect around = rect_none();
        guint n = 0;
        if (text->picture < 0 || !g_hash_table_add(said, GINT_TO_POINTER(text->picture))) {
            continue;
        }
        for (guint k = i; k < reading->texts->len; k++) {
            const LineText *other = &g_array_index(reading->texts, LineText, k);
            const InkLine *line = &g_array_index(reading->scan->text.lines, InkLine, other->line);
            if (other->picture == text->picture && line->unread) {
                around = rect_union(around, ink_line_box(line));
                n++;
            }
        }
        if (n > 0) {
            page_notice(page, "illustration", &around, n,
                        "looks like text, and is too uncertain for it");
        }
    }
}

static void
add_text(const ScanReading *reading, const LineText *text, GHashTable *pictures, Page *page)
{
    InkLine *line = &g_array_index(reading->scan->text.lines, InkLine, text->line);
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    if (text->n > 0) {
        g_array_append_vals(symbols, &g_array_index(reading->symbols, Symbol, text->from), text->n);
    }
    line->glyph = line->end = page->glyphs->len;
    line->unread = !is_text(reading, text, pictures, symbols);
    if (!line->unread) {
        line_glyphs_add(reading->scan->raster.ink, line, reading->scan->text.em, symbols, page);
        line->end = page->glyphs->len;
        line->glyphs = line->end - line->glyph;
    } else if (text->picture < 0) {
        Rect box = ink_line_box(line);
        notice_unread(page, &box,
                      symbols->len == 0 ? "nothing could be read"
                                        : "what was read is too uncertain");
    }
}

static int
wanted_as(const ScanWants *wants, const Rect *box)
{
    return wants != NULL ? wants->line(box, wants->user_data) : SCAN_PAGE;
}

gboolean
scan_read(Scan *scan, const ScanWants *wants, Recogniser *recogniser, Page *page, GError **error)
{
    g_autoptr(GArray) texts = g_array_new(FALSE, TRUE, sizeof(LineText));
    g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
    ScanReading reading = {scan, wants, recogniser, texts, symbols, FALSE};
    for (guint i = 0; i < scan->text.lines->len; i++) {
        Rect box = ink_line_box(&g_array_index(scan->text.lines, InkLine, i));
        int wanted = wanted_as(wants, &box);
        LineText text = {.line = i,
                         .picture = wanted == SCAN_TEXT ? SCAN_PAGE : wanted,
                         .certain = wanted == SCAN_TEXT};
        if (wanted != SCAN_LEAVE) {
            g_array_append_val(texts, text);
        }
    }
    if (!read_texts(&reading, error)) {
        return FALSE;
    }
    reading.doubted = scan->raster.pale && symbols_confidence(symbols) < PALE_SURE;
    g_autoptr(GHashTable) pictures = text_pictures(&reading);
    grounds_settle(&reading);
    for (guint i = 0; i < texts->len; i++) {
        add_text(&reading, &g_array_index(texts, LineText, i), pictures, page);
    }
    notice_illustrations(&reading, page);
    for (guint i = 0; i < scan->leaders->len; i++) {
        const Rect *leader = &g_array_index(scan->leaders, Rect, i);
        int wanted = wanted_as(wants, leader);
        if (wanted == SCAN_PAGE || wanted == SCAN_TEXT) {
            add_leader(scan, leader, page);
        }
    }
    return TRUE;
}

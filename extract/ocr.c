/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ocr: see ocr.h.
 *
 * 1. Plan, from the trace alone: a page with a good text layer and no pictures costs nothing more.
 * 2. Where there are only pictures to look into, a look at a small rendering tells whether they
 *    hold anything like text.
 * 3. The page is rendered, its lines are found and those that are wanted read.
 * 4. Merge, line by line: a line without text of its own is added; where characters were painted
 *    but undecoded, they get the character that is read where they stand; what a suspicious
 *    font says is kept, and what is read is noted beside it.
 *
 * Known failures: text of one line partly painted and partly in a picture.
 */
#include "ocr.h"

#include <string.h>

#include "compare.h"
#include "readings.h"
#include "regions.h"
#include "suspects.h"

/* Shapes of the size of characters, in points, and how many make outlined text. */
#define SHAPE_LEAST 3.0
#define SHAPE_MOST 60.0
#define SHAPES_OUTLINED 24u
/* Characters that a page with text has at least. */
#define TEXT_LEAST 1u
/* The small rendering, and how many components of text's size (points) make it worth a look. */
#define LOOK_DPI 100.0
#define LOOK_LEAST 4.0
#define LOOK_MOST 40.0
#define LOOK_COMPONENTS 6u
/* A line that painted characters cover to this part is not read again. */
#define COVERED_PART 0.3
/* The confidence of a line that only a hidden layer says. */
#define LAYER_ALONE 0.5f
/* The part of such a line that unread lines of the picture must cover. */
#define UNREAD_PART 0.4
/* Text on this part of a picture makes it a page or a table, not an illustration. */
#define TEXT_PART 0.22

struct OcrPlan {
    GArray *regions; /* PictureRegion: to look into; the whole page if that is one */
    gboolean whole;  /* nothing on the page is text yet */
    gboolean always;
    gboolean undecoded, outlined, hidden;
    Suspects *suspects; /* or NULL */
};

void
ocr_plan_free(OcrPlan *plan)
{
    if (plan != NULL) {
        g_array_unref(plan->regions);
        suspects_free(plan->suspects);
        g_free(plan);
    }
}

/* ---- the plan ---- */

static gboolean
is_seen(const Glyph *g)
{
    return g->hidden == HIDDEN_NOT && !glyph_is_blank(g);
}

static Rect
mark_rect(const Mark *m)
{
    return (Rect){(double)m->x0, (double)m->y0, (double)m->x1, (double)m->y1};
}

static guint
character_shapes(const Page *page)
{
    guint n = 0;
    for (guint i = 0; i < page->shapes->len; i++) {
        Rect r = mark_rect(&g_array_index(page->shapes, Mark, i));
        double side = MAX(rect_width(r), rect_height(r));
        n += side >= SHAPE_LEAST && side <= SHAPE_MOST;
    }
    return n;
}

/* Whether some region is a scan with a hidden layer. */
static gboolean
any_scanned(const GArray *regions)
{
    for (guint i = 0; i < regions->len; i++) {
        if (g_array_index(regions, PictureRegion, i).scanned) {
            return TRUE;
        }
    }
    return FALSE;
}

OcrPlan *
ocr_plan(const Page *page, gboolean always)
{
    guint seen = 0, undecoded = 0;
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        gboolean lost = (g->flags & GLYPH_UNDECODED) != 0 && is_seen(g);
        undecoded += lost;
        seen += is_seen(g) && !lost;
    }
    g_autoptr(OcrPlan) plan = g_new0(OcrPlan, 1);
    plan->regions = regions_find(page);
    guint shapes = character_shapes(page);
    gboolean marks = plan->regions->len > 0 || shapes > 0 || undecoded > 0;
    plan->always = always;
    plan->whole = seen < TEXT_LEAST && marks;
    plan->undecoded = undecoded > 0;
    plan->hidden = !always && any_scanned(plan->regions);
    plan->outlined = shapes >= SHAPES_OUTLINED && shapes * 4 > seen;
    if (always || plan->whole) {
        g_array_set_size(plan->regions, 0);
    }
    if (always || plan->whole || plan->outlined) {
        PictureRegion sheet = {.box = {0, 0, page->width, page->height}};
        g_array_append_val(plan->regions, sheet);
    }
    plan->suspects = always ? NULL : suspects_find(page);
    return plan->regions->len > 0 || plan->undecoded || plan->suspects != NULL
               ? g_steal_pointer(&plan)
               : NULL;
}

/* ---- a small look ---- */

static void
whiten(PIX *pix, Rect r, double scale)
{
    pixRasterop(pix, (int)(r.x0 * scale) - 1, (int)(r.y0 * scale) - 1,
                (int)(rect_width(r) * scale) + 3, (int)(rect_height(r) * scale) + 3, PIX_CLR, NULL,
                0, 0);
}

/* Whether the pictures hold marks of text's size where no text is painted. */
static gboolean
is_worth_reading(const OcrPlan *plan, Pdf *pdf, const Page *page)
{
    double dpi = LOOK_DPI;
    g_autoptr(PIX) grey = pdf_picture(pdf, page, LOOK_DPI, &dpi, NULL);
    g_autoptr(PIX) even =
        grey != NULL ? pixBackgroundNorm(grey, NULL, NULL, 20, 20, 90, 40, 255, 1, 1) : NULL;
    g_autoptr(PIX) ink = even != NULL ? pixThresholdToBinary(even, 150) : NULL;
    if (ink == NULL) {
        return TRUE;
    }
    for (guint i = 0; i < page->glyphs->len; i++) {
        if (is_seen(page_glyph(page, i))) {
            whiten(ink, glyph_rect(page_glyph(page, i)), dpi / 72);
        }
    }
    guint n = 0;
    BOXA *boxes = pixConnCompBB(ink, 8);
    for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
        int x, y, w, h;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        double side = MAX(w, h) * 72 / dpi, cx = (x + w / 2.0) * 72 / dpi,
               cy = (y + h / 2.0) * 72 / dpi;
        n += side >= LOOK_LEAST && side <= LOOK_MOST && region_at(plan->regions, cx, cy) >= 0;
    }
    boxaDestroy(&boxes);
    return n >= LOOK_COMPONENTS;
}

/* ---- which lines ---- */

typedef struct {
    const OcrPlan *plan;
    const Page *page;
    gboolean pictures; /* whether they are to be looked into */
} Wanted;

/* What a line is wanted as: see ScanWants. */
static int
wanted_line(const Rect *box, gpointer user_data)
{
    const Wanted *wanted = user_data;
    const OcrPlan *plan = wanted->plan;
    double covered = 0;
    if (plan->always) {
        return SCAN_PAGE;
    }
    for (guint i = 0; i < wanted->page->glyphs->len; i++) {
        const Glyph *g = page_glyph(wanted->page, i);
        Rect r = glyph_rect(g);
        if (!is_seen(g) || !rect_contains(*box, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2)) {
            continue;
        }
        if ((g->flags & GLYPH_UNDECODED) != 0 ||
            (plan->suspects != NULL && suspects_glyph(plan->suspects, wanted->page, g))) {
            return SCAN_TEXT;
        }
        covered += rect_area(rect_intersection(r, *box));
    }
    int k = wanted->pictures
                ? region_at(plan->regions, (box->x0 + box->x1) / 2, (box->y0 + box->y1) / 2)
                : -1;
    if (k < 0 || covered >= COVERED_PART * rect_area(*box)) {
        return SCAN_LEAVE;
    }
    return plan->whole || g_array_index(plan->regions, PictureRegion, k).scanned ? SCAN_PAGE : k;
}

/* Whether the text layer says what stands at a place. */
static gboolean
is_said(double x, double y, gpointer user_data)
{
    const Wanted *wanted = user_data;
    for (guint i = 0; i < wanted->page->glyphs->len; i++) {
        const Glyph *g = page_glyph(wanted->page, i);
        if (is_seen(g) && rect_contains(glyph_rect(g), x, y)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* ---- merging ---- */

/* The glyph of a line that stands where `box` is, or NULL. */
static const Glyph *
glyph_at(const Page *read, const InkLine *line, Rect box)
{
    const Glyph *best = NULL;
    double most = 0;
    for (guint i = line->glyph; i < line->glyph + line->glyphs; i++) {
        const Glyph *g = page_glyph(read, i);
        double over = line->vertical
                          ? interval_overlap((double)g->y0, (double)g->y1, box.y0, box.y1)
                          : interval_overlap((double)g->x0, (double)g->x1, box.x0, box.x1);
        if (over > most && !glyph_is_blank(g)) {
            most = over;
            best = g;
        }
    }
    double side = line->vertical ? rect_height(box) : rect_width(box);
    return most * 2 >= side ? best : NULL;
}

/* Gives undecoded glyphs of this line the characters read; TRUE if there were any. */
static gboolean
decode_line(const Page *read, const InkLine *line, Page *page)
{
    Rect box = ink_line_box(line);
    gboolean any = FALSE;
    for (guint i = 0; i < page->glyphs->len; i++) {
        Glyph *g = &g_array_index(page->glyphs, Glyph, i);
        Rect r = glyph_rect(g);
        if ((g->flags & GLYPH_UNDECODED) == 0 || !is_seen(g) ||
            !rect_contains(box, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2)) {
            continue;
        }
        any = TRUE;
        const Reading *reading = page_reading(page, i);
        const Glyph *found = reading == NULL ? glyph_at(read, line, r) : NULL;
        if (found != NULL || reading != NULL) {
            g->unicode = found != NULL ? found->unicode : reading->unicode;
            g->confidence = found != NULL ? found->confidence : reading->confidence;
            g->origin = ORIGIN_OCR;
            g->flags &= ~(guint32)GLYPH_UNDECODED;
        }
    }
    return any;
}

static int
compare_right(gconstpointer a, gconstpointer b)
{
    const Glyph *p = a, *q = b;
    return p->x0 < q->x0 ? -1 : p->x0 > q->x0;
}

static int
compare_down(gconstpointer a, gconstpointer b)
{
    const Glyph *p = a, *q = b;
    return p->y0 < q->y0 ? -1 : p->y0 > q->y0;
}

/* The hidden text that lies on a line, in its direction. The layer belongs to the picture as it
 * was before it was turned level. */
static GArray *
hidden_on_line(const Scan *scan, const InkLine *line, const Page *page)
{
    GArray *layer = g_array_new(FALSE, FALSE, sizeof(Glyph));
    Rect box = rect_grown(ink_line_box(line), 0.1 * line->em / RASTER_SCALE);
    for (guint i = 0; i < page->glyphs->len; i++) {
        Glyph g = *page_glyph(page, i);
        double x = ((double)g.x0 + (double)g.x1) / 2, y = ((double)g.y0 + (double)g.y1) / 2;
        if (g.hidden != HIDDEN_INVISIBLE && g.hidden != HIDDEN_COVERED) {
            continue;
        }
        scan_level_point(scan, &x, &y);
        if (rect_contains(box, x, y) && g.unicode != 0) {
            g_array_append_val(layer, g);
        }
    }
    g_array_sort(layer, line->vertical ? compare_down : compare_right);
    return layer;
}

static void
add_glyphs(const Page *read, const GArray *glyphs, Page *page)
{
    for (guint i = 0; i < glyphs->len; i++) {
        Glyph g = g_array_index(glyphs, Glyph, i);
        Style style = *page_glyph_style(read, &g);
        style.font = page_font(page, g_ptr_array_index(read->fonts, style.font));
        g.style = page_style(page, &style);
        g_array_append_val(page->glyphs, g);
    }
}

static void
add_line(const OcrPlan *plan, const Scan *scan, const Page *read, InkLine *line, GArray *fresh,
         Page *page)
{
    g_autoptr(GArray) ours = g_array_new(FALSE, FALSE, sizeof(Glyph));
    g_array_append_vals(ours, page_glyph(read, line->glyph), line->glyphs);
    if (!plan->hidden) {
        g_array_append_vals(fresh, ours->data, ours->len);
        return;
    }
    g_autoptr(GArray) layer = hidden_on_line(scan, line, page);
    g_autoptr(GArray) merged = readings_merge(ours, layer, line->vertical, page);
    if (merged != NULL) {
        g_array_append_vals(fresh, merged->data, merged->len);
    } else {
        line->glyphs = 0; /* as if it had not been read: see show_layer */
        line->unread = TRUE;
    }
}

/* The glyphs of rows of dots: those after all lines. */
static void
add_leaders(const Scan *scan, const Page *read, GArray *fresh)
{
    guint from = 0;
    for (guint i = 0; i < scan->text.lines->len; i++) {
        const InkLine *line = &g_array_index(scan->text.lines, InkLine, i);
        from = MAX(from, line->end);
    }
    if (from < read->glyphs->len) {
        g_array_append_vals(fresh, page_glyph(read, from), read->glyphs->len - from);
    }
}

/* ---- what only the layer says ---- */

/* Whether a line that was read covers this place; points, upright and level. */
static gboolean
is_read(const Scan *scan, double x, double y)
{
    for (guint i = 0; i < scan->text.lines->len; i++) {
        const InkLine *line = &g_array_index(scan->text.lines, InkLine, i);
        Rect box = rect_grown(ink_line_box(line), 0.1 * line->em / RASTER_SCALE);
        if (line->glyphs > 0 && rect_contains(box, x, y)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether lines that were found and could not be read cover most of a box. */
static gboolean
is_unread(const Scan *scan, Rect box)
{
    double covered = 0;
    for (guint i = 0; i < scan->text.lines->len; i++) {
        const InkLine *line = &g_array_index(scan->text.lines, InkLine, i);
        if (line->unread) {
            covered += MAX(0, rect_area(rect_intersection(ink_line_box(line), box)));
        }
    }
    return covered >= UNREAD_PART * rect_area(box) && scan_has_ink(scan, box);
}

/* Shows glyphs of the layer, where the picture has ink and could not be read. */
static void
show_run(const Scan *scan, GArray *run, Page *page)
{
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(Glyph));
    Rect box = rect_none();
    for (guint i = 0; i < run->len; i++) {
        Glyph g = *page_glyph(page, g_array_index(run, guint, i));
        g.hidden = HIDDEN_NOT;
        g.confidence = LAYER_ALONE;
        box = rect_union(box, glyph_rect(&g));
        g_array_append_val(glyphs, g);
    }
    if (readings_layer_is_text(glyphs) && is_unread(scan, box)) {
        page_notice(page, "readings", &box, 1, "layer taken; the picture could not be read");
        g_array_append_vals(page->glyphs, glyphs->data, glyphs->len);
    }
    g_array_set_size(run, 0);
}

/* Lines of the layer that no reading of the picture covers: runs of glyphs on one level. */
static void
show_layer(const Scan *scan, Page *page)
{
    g_autoptr(GArray) run = g_array_new(FALSE, FALSE, sizeof(guint));
    guint n = page->glyphs->len;
    double level = 0;
    for (guint i = 0; i < n; i++) {
        Glyph g = *page_glyph(page, i);
        double x = ((double)g.x0 + (double)g.x1) / 2, y = ((double)g.y0 + (double)g.y1) / 2;
        double size = (double)page_glyph_style(page, &g)->size;
        if (g.hidden != HIDDEN_INVISIBLE && g.hidden != HIDDEN_COVERED) {
            continue;
        }
        scan_level_point(scan, &x, &y);
        if (is_read(scan, x, y) || (run->len > 0 && fabs(y - level) > size / 2)) {
            show_run(scan, run, page);
        }
        if (!is_read(scan, x, y) && g.unicode != 0) {
            level = y;
            g_array_append_val(run, i);
        }
    }
    show_run(scan, run, page);
}

/* A picture that is mostly text is not an illustration any more: the figures found in it are. */
static void
replace_pictures(const OcrPlan *plan, const Scan *scan, Page *page)
{
    for (guint k = 0; k < plan->regions->len; k++) {
        Rect region = g_array_index(plan->regions, PictureRegion, k).box;
        double text = 0;
        for (guint i = 0; i < scan->text.lines->len; i++) {
            const InkLine *line = &g_array_index(scan->text.lines, InkLine, i);
            Rect box = ink_line_box(line);
            text += line->glyphs > 0 && rect_overlaps(box, region) ? rect_area(box) : 0;
        }
        if (!plan->whole && text < TEXT_PART * rect_area(region)) {
            continue;
        }
        for (guint i = 0; i < page->images->len;) {
            Rect r = mark_rect(&g_array_index(page->images, Mark, i));
            if (rect_covers(rect_grown(region, 1), r, 1)) {
                g_array_remove_index(page->images, i);
            } else {
                i++;
            }
        }
        scan_add_marks(scan, &region, page);
    }
}

static void
say_why(const OcrPlan *plan, Page *page)
{
    if (plan->suspects != NULL) {
        suspects_notice(plan->suspects, page);
    }
    page_notice(page, "ocr", NULL, 1,
                plan->always             ? "asked for"
                : plan->hidden           ? "a picture with hidden text"
                : plan->whole            ? "the page is a picture"
                : plan->undecoded        ? "characters are painted that the font does not name"
                : plan->outlined         ? "outlined text"
                : plan->suspects != NULL ? "a font that says characters no such text has"
                                         : "a picture with text");
}

/* What the text layer painted itself is put aside where everything is read anew. */
static void
hide_text(Page *page)
{
    for (guint i = 0; i < page->glyphs->len; i++) {
        Glyph *g = &g_array_index(page->glyphs, Glyph, i);
        if (g->hidden == HIDDEN_NOT) {
            g->hidden = HIDDEN_READ_ANEW;
        }
    }
}

/* The notice that characters are undecoded is renewed: some are known now. */
static void
renew_undecoded(Page *page)
{
    for (guint i = 0; i < page->notices->len;) {
        if (strcmp(g_array_index(page->notices, Notice, i).kind, "undecoded") == 0) {
            g_array_remove_index(page->notices, i);
        } else {
            i++;
        }
    }
    Rect around = rect_none();
    guint n = 0;
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        if ((g->flags & GLYPH_UNDECODED) != 0 && is_seen(g)) {
            around = rect_union(around, glyph_rect(g));
            n++;
        }
    }
    if (n > 0) {
        page_notice(page, "undecoded", &around, n, "painted, and cannot be read");
    }
}

gboolean
ocr_run(const OcrPlan *plan, Pdf *pdf, double dpi, Recogniser *recogniser, Page *page,
        GError **error)
{
    gboolean only_pictures = !plan->always && !plan->whole && !plan->undecoded && !plan->outlined;
    gboolean pictures =
        !only_pictures || (plan->regions->len > 0 && is_worth_reading(plan, pdf, page));
    if (!pictures && plan->suspects == NULL) {
        return TRUE;
    }
    double rendered = 0;
    g_autoptr(PIX) grey = pdf_picture(pdf, page, dpi != 0 ? dpi : RASTER_DPI, &rendered, error);
    gboolean may_turn = plan->whole && !plan->hidden;
    g_autoptr(Scan) scan =
        grey != NULL ? scan_look(grey, rendered, may_turn, recogniser, error) : NULL;
    pixDestroy(&grey);
    if (scan == NULL) {
        return FALSE;
    }
    g_autoptr(Page) read = page_new(page->number, scan->width, scan->height);
    Wanted wanted = {plan, page, pictures};
    ScanWants wants = {wanted_line, is_said, &wanted};
    if (!scan_read(scan, &wants, recogniser, read, error)) {
        return FALSE;
    }
    if (plan->always || plan->whole) {
        scan_account(scan, read);
    }
    if (plan->always) {
        hide_text(page);
    }
    if (scan->turn % 2 != 0) {
        page->width = scan->width;
        page->height = scan->height;
    }
    g_autofree guint8 *layers = compare_lines(read, scan->text.lines, plan->suspects, page);
    g_autoptr(GArray) fresh = g_array_new(FALSE, FALSE, sizeof(Glyph));
    for (guint i = 0; i < scan->text.lines->len; i++) {
        InkLine *line = &g_array_index(scan->text.lines, InkLine, i);
        if (line->glyphs > 0 && !decode_line(read, line, page) && !layers[i]) {
            add_line(plan, scan, read, line, fresh, page);
        }
    }
    add_leaders(scan, read, fresh);
    if (plan->hidden) {
        show_layer(scan, page);
    }
    add_glyphs(read, fresh, page);
    g_array_append_vals(page->notices, read->notices->data, read->notices->len);
    if (pictures) {
        replace_pictures(plan, scan, page);
    }
    renew_undecoded(page);
    scan_notice(scan, page);
    say_why(plan, page);
    return TRUE;
}

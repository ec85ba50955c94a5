/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text layer: see text-layer.h.
 *
 * Characters. poppler gives one rectangle per code point, as high as the font's ascent and descent,
 * and no baseline. A line of its text up to a newline or a jump is a run; how the centres of its
 * boxes follow each other tells its direction. The baseline is where the descent leaves off, the
 * descent estimated from how high the box is.
 *
 * Rulings. The page is rendered to grey. A morphological closing across the lines looked for
 * fills everything that is dark and thinner than LINE_THICK; the difference ("hat") shows thin dark
 * things on any even ground. Long runs of it are lines:
 *
 *     grey   ────┬────   closing across   hat, by rows        rows that touch are one
 *                │       ────────────►    ─── ──── ─── ────►  bar; a gap where the grey
 *              日│本                      (crossings 0)       is as dark is bridged
 *
 * Vertical lines are found in the same way in the transposed picture. Characters have thin dark
 * strokes, too: a bar must be three ems long, or span from one ruling to another; and it must
 * not be made by dashes (――) or lie within one large character. Dashes are short runs at even
 * distances outside of all characters.
 *
 * Known failures: the frame of a small check box is missed; a line thinner than 0.25 pt in light
 * grey is missed; lines in photographs are found; a scanned page askew has few.
 */
#include "text-layer.h"

#include "page-wire.h"

#include <stdlib.h>
#include <string.h>

/* The em box above and below the baseline, as parts of the size: as the paint trace has it. */
#define EM_ASCENT 0.88
#define EM_DESCENT 0.12
/* Estimated descent as a part of the box's height. Measured on the fonts of 80 files: 0.14 in boxes
 * as high as the size (MS Mincho and the like), else 0.18 to 0.27 (Times, Arial, Kozuka, Hiragino;
 * Meiryo 0.10), and 0.37 in boxes of more than twice the size (Noto CJK's bounding box). */
#define DESCENT_OF_EM 0.14
#define DESCENT_OF_BOX 0.21
#define DESCENT_OF_TALL 0.367
#define EM_SLACK 0.01
#define TALL_EMS 2.0
/* From here on scripts whose characters stand upright in vertical writing. */
#define UPRIGHT_SCRIPTS 0x2E80u
/* A step of more than this many times the larger side of two characters' boxes ends a run. */
#define JUMP_EMS 3.0
/* The size assumed where a page has no text, in points: that of Japanese office documents. */
#define COMMON_SIZE 10.5
/* No character is larger, in points: 50 times the largest page there should be. */
#define SIZE_MAX_PT 1e6
/* Bytes of a font name that are kept; repaired UTF-8 can be three times as long. */
#define FONT_NAME_MAX (PAGE_MAX_NAME / 4u)

/* Resolution of the rendering: a hairline is one pixel, 0.5 pt; library-facts measured rulings off
 * by 0.2 pt at 150 dpi for 20 ms a page. */
#define DPI 150.0
/* A larger page is rendered smaller: pixels, about a sheet of A1. */
#define PIXELS_MAX 20e6
#define PIXELS_SIDE_MAX 30000.0 /* cairo has a limit of 32,767 */
/* What is thicker is an area: pixels; 6 pt, as in the paint trace. */
#define LINE_THICK 13
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
/* Ems that a ruling is long, or one that spans two others. */
#define LONG_EMS 3.0
#define SHORT_EMS 0.9
/* How near a short ruling's ends must be to others, in points. */
#define TOUCH 1.5
/* Part of a bar that dashes of the text must cover for it to be text. */
#define DASHES_COVER 0.6
/* Dashes: at most this long and apart, in ems; so many of them; this part of them alike, lengths
 * and gaps differing by this part; nothing so many pixels above and below. Characters in pictures
 * have many short strokes in a row, but not even ones. */
#define DASH_EMS 1.5
#define DASH_GAP_EMS 0.8
#define DASHES_MIN 6u
#define DASHES_ALIKE 0.7
#define DASH_UNLIKE 0.25
#define DASH_ALONE 4
/* Bars per direction and candidates of areas: a page of noise is not worth more. */
#define BARS_MAX 20000u
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

typedef struct {
    int width, height;
    guint8 *pixels;
} Grey;

/* A line in a picture's rows, in pixels. */
typedef struct {
    int from, to;   /* along: [from, to) */
    int row0, row1; /* first and last row */
    gboolean dashed;
    double axis, thick; /* centre line and thickness, once measured */
} Bar;

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

/* A patch of one colour in the making, in pixels. */
typedef struct {
    int x0, x1, y0, y1; /* [x0, x1), [y0, y1] */
    guint32 colour;
} Patch;

/* A rendering. */
typedef struct {
    cairo_surface_t *surface;
    int width, height;
    double scale; /* pixels per point */
} Picture;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cairo_surface_t, cairo_surface_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cairo_t, cairo_destroy)

GQuark
text_layer_error_quark(void)
{
    return g_quark_from_static_string("text-layer-error");
}

/* ---- characters ---- */

/* A character as poppler tells it. */
typedef struct {
    gunichar unicode;
    Rect box;
    const PopplerTextAttributes *attributes;
    gboolean begins; /* a run */
} Character;

static gboolean
is_dropped(gunichar c)
{
    return g_unichar_isspace(c) || c == 0;
}

/* Control characters are raw character codes of a font without Unicode. */
static gboolean
is_undecoded(gunichar c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFFFD || c == 0xFFFE || c == 0xFFFF;
}

static Frame
direction_frame(Direction direction)
{
    switch (direction) {
    case DIRECTION_DOWN:
    case DIRECTION_VERTICAL:
        return FRAME_DOWN;
    case DIRECTION_LEFT:
        return FRAME_OVER;
    case DIRECTION_UP:
        return FRAME_UP;
    case DIRECTION_RIGHT:
    case DIRECTION_OTHER:
    default:
        return FRAME_UPRIGHT;
    }
}

static guint8
font_flags(const char *name)
{
    static const struct {
        const char *part;
        guint8 flag;
    } parts[] = {{"Bold", STYLE_BOLD},    {"Heavy", STYLE_BOLD},    {"-W6", STYLE_BOLD},
                 {"-B", STYLE_BOLD},      {"Italic", STYLE_ITALIC}, {"Oblique", STYLE_ITALIC},
                 {"Mincho", STYLE_SERIF}, {"Ryumin", STYLE_SERIF},  {"Times", STYLE_SERIF},
                 {"Serif", STYLE_SERIF},  {"Century", STYLE_SERIF}};
    guint8 flags = 0;
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (strstr(name, parts[i].part) != NULL) {
            flags |= parts[i].flag;
        }
    }
    return flags;
}

/* Past the six capitals and the plus of a subset's name. */
static const char *
font_name_without_tag(const char *name)
{
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= 6 && name[6] == '+' ? name + 7 : name;
}

static guint16
character_style(Page *page, const Character *c, Direction direction)
{
    const PopplerTextAttributes *a = c->attributes;
    const char *raw = a != NULL && a->font_name != NULL ? font_name_without_tag(a->font_name) : "?";
    g_autofree char *name = g_utf8_make_valid(raw, (gssize)MIN(strlen(raw), FONT_NAME_MAX));
    double size = a != NULL ? a->font_size : 0;
    if (!(size > 0 && size < SIZE_MAX_PT)) {
        size = MIN(rect_width(c->box), rect_height(c->box));
    }
    Style style = {.size = (float)(round(size * 100) / 100),
                   .font = page_font(page, name),
                   .direction = (guint8)direction,
                   .flags = font_flags(name)};
    if (a != NULL) {
        style.colour = (guint32)(a->color.red >> 8) << 16 | (guint32)(a->color.green >> 8) << 8 |
                       (guint32)(a->color.blue >> 8);
    }
    return page_style(page, &style);
}

/* Estimated for a box this many ems high, in ems. */
static double
descent_of(double ems)
{
    if (fabs(ems - 1) < EM_SLACK) {
        return DESCENT_OF_EM;
    }
    return ems * (ems > TALL_EMS ? DESCENT_OF_TALL : DESCENT_OF_BOX);
}

/* The em box and the origin of a box of this direction; `size` in points. */
static void
glyph_place(Glyph *glyph, const Page *page, Rect box, Direction direction, double size)
{
    Frame frame = direction_frame(direction);
    Rect r = rect_to_frame(box, frame, page->width, page->height);
    double base = r.y1 - size * descent_of(rect_height(r) / size);
    double above = EM_ASCENT, below = EM_DESCENT;
    if (direction == DIRECTION_VERTICAL) {
        /* poppler 22.12 takes the pen of vertical writing, which is at the top of the centre line,
         * for the lower left corner: its boxes are half an em too far right and one too high
         * (the same in nine files). This can go when without it the paint trace has the same
         * boxes. */
        r.x1 = r.x0 + size + MIN(rect_width(r), size);
        r.x0 += size;
        base = r.y1;
        above = below = 0.5;
    }
    Rect em = {r.x0, base - above * size, r.x1, base + below * size};
    em = rect_from_frame(em, frame, page->width, page->height);
    Rect origin = {r.x0, base, r.x0, base};
    origin = rect_from_frame(origin, frame, page->width, page->height);
    glyph->x0 = (float)em.x0;
    glyph->y0 = (float)em.y0;
    glyph->x1 = (float)em.x1;
    glyph->y1 = (float)em.y1;
    glyph->origin_x = (float)origin.x0;
    glyph->origin_y = (float)origin.y0;
}

/* FALSE if its numbers make no place on a page. */
static gboolean
add_glyph(Page *page, const Character *c, Direction direction)
{
    if (!(rect_width(c->box) < SIZE_MAX_PT && rect_height(c->box) < SIZE_MAX_PT)) {
        return FALSE; /* NaN, too */
    }
    Glyph glyph = {.unicode = c->unicode,
                   .confidence = 1,
                   .style = character_style(page, c, direction),
                   .origin = ORIGIN_TEXT_LAYER};
    if (is_undecoded(c->unicode)) {
        glyph.code = c->unicode;
        glyph.unicode = 0;
        glyph.flags = GLYPH_UNDECODED;
    }
    double size = (double)page_glyph_style(page, &glyph)->size;
    glyph_place(&glyph, page, c->box, direction, MAX(size, 0.01));
    if (!page_section_accepts(page, PAGE_GLYPHS, &glyph)) {
        return FALSE;
    }
    g_array_append_val(page->glyphs, glyph);
    return TRUE;
}

/* From centre to centre. */
static void
step_between(const Character *from, const Character *to, double *ret_x, double *ret_y)
{
    Rect a = from->box, b = to->box;
    *ret_x = (b.x0 + b.x1 - a.x0 - a.x1) / 2;
    *ret_y = (b.y0 + b.y1 - a.y0 - a.y1) / 2;
}

/* Whether the next character is too far to tell a direction: poppler's lines go on over columns. */
static gboolean
is_jump(const Character *from, const Character *to)
{
    double x, y;
    step_between(from, to, &x, &y);
    double side = MAX(MAX(rect_width(from->box), rect_height(from->box)),
                      MAX(rect_width(to->box), rect_height(to->box)));
    return !(MAX(fabs(x), fabs(y)) <= JUMP_EMS * side);
}

/* What most steps from centre to centre say; `otherwise` for a single character. */
static Direction
run_direction(const Character *run, guint n, Direction otherwise)
{
    guint steps[DIRECTION_LAST + 1] = {0}, upright = 0;
    for (guint i = 0; i < n; i++) {
        upright += run[i].unicode >= UPRIGHT_SCRIPTS ? 1 : 0;
        if (i > 0) {
            double x, y;
            step_between(&run[i - 1], &run[i], &x, &y);
            Direction across = x >= 0 ? DIRECTION_RIGHT : DIRECTION_LEFT;
            Direction along = y >= 0 ? DIRECTION_DOWN : DIRECTION_UP;
            steps[fabs(x) >= fabs(y) ? across : along]++;
        }
    }
    if (n < 2) {
        return otherwise;
    }
    Direction most = DIRECTION_RIGHT;
    for (guint d = 0; d <= DIRECTION_LAST; d++) {
        most = steps[d] > steps[most] ? d : most;
    }
    return most == DIRECTION_DOWN && 2 * upright >= n ? DIRECTION_VERTICAL : most;
}

/* The end of the run that begins at `i`. */
static guint
run_end(const GArray *characters, guint i)
{
    do {
        i++;
    } while (i < characters->len && !g_array_index(characters, Character, i).begins);
    return i;
}

/* The direction that most characters of the page have. */
static Direction
common_direction(const GArray *characters)
{
    guint counts[DIRECTION_LAST + 1] = {0};
    for (guint i = 0; i < characters->len;) {
        guint end = run_end(characters, i);
        const Character *run = &g_array_index(characters, Character, i);
        counts[run_direction(run, end - i, DIRECTION_OTHER)] += end - i;
        i = end;
    }
    Direction common = DIRECTION_RIGHT;
    for (guint d = 0; d < DIRECTION_OTHER; d++) {
        common = counts[d] > counts[common] ? d : common;
    }
    return common;
}

static Rect
rect_of(const PopplerRectangle *r)
{
    return (Rect){MIN(r->x1, r->x2), MIN(r->y1, r->y2), MAX(r->x1, r->x2), MAX(r->y1, r->y2)};
}

/* The attributes of character `i`, going on from `*at`; they follow each other in the list. */
static const PopplerTextAttributes *
attributes_at(const GList **at, guint i)
{
    while (*at != NULL && ((const PopplerTextAttributes *)(*at)->data)->end_index < (int)i) {
        *at = (*at)->next;
    }
    return *at != NULL ? (*at)->data : NULL;
}

/* The characters without white space, divided into runs. */
static GArray *
characters_of(const char *text, const PopplerRectangle *boxes, guint n, const GList *attributes)
{
    GArray *characters = g_array_new(FALSE, FALSE, sizeof(Character));
    gboolean begins = TRUE;
    const char *p = text;
    for (guint i = 0; i < n && *p != '\0'; i++, p += g_utf8_skip[(guchar)*p]) {
        gunichar c = g_utf8_get_char(p);
        const PopplerTextAttributes *a = attributes_at(&attributes, i);
        if (is_dropped(c)) {
            begins = begins || c == '\n';
            continue;
        }
        Character character = {c, rect_of(&boxes[i]), a, begins};
        guint before = characters->len - 1;
        character.begins =
            begins || is_jump(&g_array_index(characters, Character, before), &character);
        g_array_append_val(characters, character);
        begins = FALSE;
    }
    return characters;
}

static void
add_characters(Page *page, const GArray *characters)
{
    Direction common = common_direction(characters);
    guint lost = 0;
    for (guint i = 0; i < characters->len;) {
        guint end = run_end(characters, i);
        const Character *run = &g_array_index(characters, Character, i);
        Direction direction = run_direction(run, end - i, common);
        for (; i < end && page->glyphs->len < PAGE_MAX_GLYPHS; i++, run++) {
            lost += add_glyph(page, run, direction) ? 0 : 1;
        }
        i = end;
    }
    if (lost > 0) {
        page_notice(page, "unplaced", NULL, lost, "characters without a place on the page");
    }
}

static void
add_text(Page *page, PopplerPage *source)
{
    g_autofree char *text = poppler_page_get_text(source);
    g_autofree PopplerRectangle *boxes = NULL;
    guint n = 0;
    if (text == NULL || !poppler_page_get_text_layout(source, &boxes, &n)) {
        return;
    }
    GList *attributes = poppler_page_get_text_attributes(source);
    g_autoptr(GArray) characters = characters_of(text, boxes, n, attributes);
    add_characters(page, characters);
    poppler_page_free_text_attributes(attributes);
    if (page->glyphs->len >= PAGE_MAX_GLYPHS) {
        page_notice(page, "limit", NULL, 1, "more characters than a page may have");
    }
}

/* ---- rendering ---- */

static Grey
grey_new(int width, int height)
{
    return (Grey){width, height, g_malloc0((gsize)width * (gsize)height)};
}

static void
grey_clear(Grey *grey)
{
    g_clear_pointer(&grey->pixels, g_free);
}

static guint8 *
grey_row(const Grey *grey, int y)
{
    return grey->pixels + (gsize)y * (gsize)grey->width;
}

static Grey
grey_transposed(const Grey *from)
{
    Grey to = grey_new(from->height, from->width);
    for (int y = 0; y < from->height; y++) {
        const guint8 *row = grey_row(from, y);
        for (int x = 0; x < from->width; x++) {
            grey_row(&to, x)[y] = row[x];
        }
    }
    return to;
}

static guint32
picture_colour(const Picture *picture, int x, int y)
{
    const guint8 *data = cairo_image_surface_get_data(picture->surface);
    int stride = cairo_image_surface_get_stride(picture->surface);
    guint32 colour;
    memcpy(&colour, data + (gsize)y * (gsize)stride + (gsize)x * sizeof colour, sizeof colour);
    return colour & 0xFFFFFF;
}

static guint8
grey_of(guint32 colour)
{
    guint red = colour >> 16, green = colour >> 8 & 255, blue = colour & 255;
    return (guint8)((red * 77 + green * 150 + blue * 29) >> 8);
}

static Grey
picture_grey(const Picture *picture)
{
    Grey grey = grey_new(picture->width, picture->height);
    for (int y = 0; y < grey.height; y++) {
        guint8 *row = grey_row(&grey, y);
        for (int x = 0; x < grey.width; x++) {
            row[x] = grey_of(picture_colour(picture, x, y));
        }
    }
    return grey;
}

/* Renders the page on white. FALSE if cairo or poppler fails. */
static gboolean
picture_render(PopplerPage *source, const Page *page, Picture *ret_picture)
{
    double scale = DPI / 72;
    double pixels = page->width * page->height * scale * scale;
    scale *= pixels > PIXELS_MAX ? sqrt(PIXELS_MAX / pixels) : 1;
    scale = MIN(scale, PIXELS_SIDE_MAX / MAX(page->width, page->height));
    int width = (int)ceil(page->width * scale), height = (int)ceil(page->height * scale);
    g_autoptr(cairo_surface_t) surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, MAX(width, 1), MAX(height, 1));
    g_autoptr(cairo_t) cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, scale, scale);
    poppler_page_render(source, cairo);
    cairo_surface_flush(surface);
    if (cairo_status(cairo) != CAIRO_STATUS_SUCCESS ||
        cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        return FALSE;
    }
    *ret_picture = (Picture){g_steal_pointer(&surface), MAX(width, 1), MAX(height, 1), scale};
    return TRUE;
}

/* ---- lines in the rows of a picture ---- */

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
    return n <= slack || dark[slack] >= EVEN_MIN * dark[n / 2];
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

/* All bars in the rows of `grey`: solid ones from SHORT_EMS, dashed ones from LONG_EMS on. */
static GArray *
find_bars(Grey grey, Grey glyphs, double em)
{
    g_autoptr(GArray) dashes = g_array_new(FALSE, FALSE, sizeof(Dash));
    g_autoptr(GArray) bars = g_array_new(FALSE, FALSE, sizeof(Bar));
    Search s = {grey, grey_hat(&grey), glyphs, em, bars, dashes};
    guint open = 0;
    for (int y = 0; y < grey.height; y++) {
        open = first_open(s.bars, open, y);
        find_solid_runs(&s, y, open);
        find_dashes(&s, y, open);
    }
    GArray *good = good_bars(&s);
    grey_clear(&s.hat);
    return good;
}

/* ---- rulings ---- */

/* A bar on the page, that may become a ruling. */
typedef struct {
    Ruling ruling;
    gboolean accepted;
} Candidate;

static double
ruling_length(const Ruling *r)
{
    return (double)MAX(r->x1 - r->x0, r->y1 - r->y0);
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
            darkest = grey_of(colour) < grey_of(darkest) ? colour : darkest;
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
        Rect box = {(double)r->x0, (double)r->y0, (double)r->x1, (double)r->y1};
        if (c->accepted && (r->x0 == r->x1) != vertical &&
            rect_contains(rect_grown(box, reach), x, y)) {
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
    for (guint i = 0; i < page->glyphs->len && deceivers->len < BARS_MAX; i++) {
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
    Rect line = {(double)r->x0, (double)r->y0, (double)r->x1, (double)r->y1};
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
    Rect line = {(double)r->x0, (double)r->y0, (double)r->x1, (double)r->y1};
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
    Rect line = {(double)r->x0, (double)r->y0, (double)r->x1, (double)r->y1};
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
    g_autoptr(GArray) rows = find_bars(grey, mask, em * picture->scale);
    add_candidates(candidates, rows, picture, FALSE);
    g_autoptr(GArray) pictures = find_pictures(page, &mask, picture->scale);
    Grey turned = grey_transposed(&grey), turned_mask = grey_transposed(&mask);
    grey_clear(&grey);
    grey_clear(&mask);
    g_autoptr(GArray) columns = find_bars(turned, turned_mask, em * picture->scale);
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
    if (patches->len < BARS_MAX) {
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

static void
add_painted(Page *page, PopplerPage *source)
{
    Picture picture = {0};
    if (!(page->width > 0 && page->height > 0) || !picture_render(source, page, &picture)) {
        page_notice(page, "render-error", NULL, 1, "no rulings: the page cannot be rendered");
        return;
    }
    double em = common_size(page);
    find_areas(page, &picture, em);
    find_rulings(page, &picture, em);
    cairo_surface_destroy(picture.surface);
}

/* ---- images ---- */

static void
add_images(Page *page, PopplerPage *source)
{
    GList *images = poppler_page_get_image_mapping(source);
    for (const GList *i = images; i != NULL && page->images->len < PAGE_MAX_IMAGES; i = i->next) {
        Rect r = rect_of(&((const PopplerImageMapping *)i->data)->area);
        Mark mark = {(float)r.x0, (float)r.y0, (float)r.x1, (float)r.y1};
        if (page_section_accepts(page, PAGE_IMAGES, &mark)) {
            g_array_append_val(page->images, mark);
        }
    }
    poppler_page_free_image_mapping(images);
}

Page *
text_layer_page(PopplerDocument *document, int index, GError **error)
{
    PopplerPage *source = index >= 0 && index < poppler_document_get_n_pages(document)
                              ? poppler_document_get_page(document, index)
                              : NULL;
    if (source == NULL) {
        g_set_error(error, TEXT_LAYER_ERROR, TEXT_LAYER_ERROR_NO_PAGE,
                    "page %d: there is none, or it cannot be read", index + 1);
        return NULL;
    }
    /* poppler-glib 22.12 has no g_autoptr of its own types, later ones do */
    g_autoptr(GObject) keep G_GNUC_UNUSED = G_OBJECT(source);
    double width = 0, height = 0;
    poppler_page_get_size(source, &width, &height);
    Page *page = page_new((guint32)index + 1, width, height);
    g_autofree char *label = poppler_page_get_label(source);
    if (label != NULL && strlen(label) <= PAGE_MAX_NAME && g_utf8_validate(label, -1, NULL)) {
        page->label = g_steal_pointer(&label);
    }
    add_text(page, source);
    add_images(page, source);
    add_painted(page, source);
    return page;
}

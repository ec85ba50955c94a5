/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text layer: see text-layer.h.
 *
 * poppler gives one rectangle per code point, as high as the font's ascent and descent, and no
 * baseline. A line of its text up to a newline or a jump is a run; how the centres of its boxes
 * follow each other tells its direction. The baseline is where the descent leaves off, the descent
 * estimated from how high the box is.
 */
#include "text-layer.h"

#include "page-wire.h"
#include "rendered-rulings.h"

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
/* No character is larger, in points: 50 times the largest page there should be. */
#define SIZE_MAX_PT 1e6
/* Bytes of a font name that are kept; repaired UTF-8 can be three times as long. */
#define FONT_NAME_MAX (PAGE_MAX_NAME / 4u)

/* A character as poppler tells it. */
typedef struct {
    gunichar unicode;
    Rect box;
    const PopplerTextAttributes *attributes;
    gboolean begins; /* a run */
} Character;

GQuark
text_layer_error_quark(void)
{
    return g_quark_from_static_string("text-layer-error");
}

/* ---- characters ---- */

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

/* The direction with the highest count, the first of equals; DIRECTION_OTHER does not count. */
static Direction
most_frequent(const guint counts[DIRECTION_LAST + 1])
{
    Direction most = DIRECTION_RIGHT;
    for (guint d = 0; d < DIRECTION_OTHER; d++) {
        most = counts[d] > counts[most] ? d : most;
    }
    return most;
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
    Direction most = most_frequent(steps);
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
    return most_frequent(counts);
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
    rendered_rulings_add(page, source);
    return page;
}

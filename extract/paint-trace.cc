/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The paint trace: see paint-trace.h. The only file that knows poppler's C++ interface, which
 * changes between versions (written for 22.12; later changes are guarded by POPPLER_VERSION).
 *
 * What is painted later can hide what was painted before, so opaque rectangles, images and shapes
 * keep the number of glyphs there were when they were painted ("at"). When the page is done,
 * find_hidden() looks for glyphs beneath a later cover and for glyphs of the colour of their
 * ground. Clipping is known by its bounding box only, which errs on the side of "seen".
 */
#include <glib.h>
#include <math.h>
#define Page YomijunPage /* poppler has a class of that name; the layout is the same */
extern "C" {
#include "dots.h"
#include "paint-trace.h"
}
#undef Page

#include <poppler-config.h>
#include <Annot.h>
#include <Catalog.h>
#include <Error.h>
#include <Gfx.h>
#include <GfxFont.h>
#include <GfxState.h>
#include <GlobalParams.h>
#include <OutputDev.h>
#include <PDFDoc.h>
#include <Page.h>
#include <Stream.h>
#include <UTF.h>
#include <goo/gfile.h>
#include <unistd.h>

#include <cmath>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace
{

/* A filled rectangle at most this thick is a ruling, in points: the thickest border that office
 * programs offer is 6 pt; a table cell with text in it is never that low. */
const double RULING_THICK = 6.0;
/* A filled rectangle is a ruling only if at least this many times longer than thick. A dot of a
 * dotted border is square: what line it is of its neighbours tell (dots.h); one of none is a piece
 * of a line if it is small. */
const double RULING_ASPECT = 3.0;
const double DOT_SIZE = 2.5;
/* Width and height of a round dot differ by at most this part. */
const double DISC_SLACK = 0.15;
/* A stroke this far (in points) off the horizontal or vertical over its length is slanted. */
const double STRAIGHT_SLACK = 0.7;
/* Part of a glyph's box that must lie under a cover before it counts as covered. */
const double COVER_SLACK = 0.5;
/* Colours are the same when no channel differs by more than this (of 255). */
const int COLOUR_SLACK = 10;
/* Opacity from which a paint hides what is beneath. */
const double OPAQUE = 0.98;
/* Em box: how far it reaches above the baseline, as a part of the size; the rest is below. The
 * usual ideographic box. */
const double EM_ASCENT = 0.88;
const double EM_DESCENT = 0.12;
/* A trace stops recording (not interpreting) after this many annotations of colour per page. */
const size_t MAX_COVERS = 20000;
/* Hidden text of which this part has an outline on its place is what the outlines show; it is not
 * quite sure, since nobody has compared them. */
const double OUTLINED = 0.8;
const double OUTLINED_CONFIDENCE = 0.9;

struct Cover {
    Rect rect;
    guint32 at; /* glyphs painted before */
    guint32 colour;
    bool solid; /* a plain rectangle of one colour; otherwise an image, shading or shape */
};

struct Point {
    double x, y;
};

/* What a mark is if no line is made of it and its like. */
enum class Alone { SEGMENT, AREA, SHAPE };

guint32
rgb_of(const GfxRGB &c)
{
    return (guint32)(colToByte(c.r) << 16 | colToByte(c.g) << 8 | colToByte(c.b));
}

bool
same_colour(guint32 a, guint32 b)
{
    for (int shift = 0; shift <= 16; shift += 8) {
        int d = (int)(a >> shift & 255) - (int)(b >> shift & 255);
        if (d > COLOUR_SLACK || d < -COLOUR_SLACK) {
            return false;
        }
    }
    return true;
}

class TraceDev : public OutputDev
{
  public:
    explicit TraceDev(YomijunPage *page) : out(page) {}

    bool
    upsideDown() override
    {
        return true;
    }
    bool
    useDrawChar() override
    {
        return true;
    }
    bool
    interpretType3Chars() override
    {
        return false;
    }
    bool
    useTilingPatternFill() override
    {
        return true;
    }
    bool
    useShadedFills(int) override
    {
        return true;
    }
    bool
    useFillColorStop() override
    {
        return false;
    }

    void updateFont(GfxState *state) override;
    void drawChar(GfxState *state, double x, double y, double dx, double dy, double ox, double oy,
                  CharCode code, int n_bytes, const Unicode *u, int n_u) override;
    void beginActualText(GfxState *state, const GooString *text) override;
    void endActualText(GfxState *state) override;

    void stroke(GfxState *state) override;
    void
    fill(GfxState *state) override
    {
        fill_path(state);
    }
    void
    eoFill(GfxState *state) override
    {
        fill_path(state);
    }
    bool
    tilingPatternFill(GfxState *state, Gfx *, Catalog *, GfxTilingPattern *, const double *, int,
                      int, int, int, double, double) override
    {
        /* poppler has made the path the clip by now */
        Rect r;
        state->getClipBBox(&r.x0, &r.y0, &r.x1, &r.y1);
        if (soft_masks == 0 && state->getFillOpacity() > 0) {
            add_rect(state, r, 0, false, true);
        }
        return true;
    }
    bool
    functionShadedFill(GfxState *s, GfxFunctionShading *) override
    {
        return shaded(s);
    }
    bool
    axialShadedFill(GfxState *s, GfxAxialShading *, double, double) override
    {
        return shaded(s);
    }
    bool
    radialShadedFill(GfxState *s, GfxRadialShading *, double, double) override
    {
        return shaded(s);
    }
    bool
    gouraudTriangleShadedFill(GfxState *s, GfxGouraudTriangleShading *) override
    {
        return shaded(s);
    }
    bool
    patchMeshShadedFill(GfxState *s, GfxPatchMeshShading *) override
    {
        return shaded(s);
    }

    void drawImageMask(GfxState *state, Object *ref, Stream *str, int w, int h, bool invert,
                       bool interpolate, bool in_line) override;
    void drawImage(GfxState *state, Object *ref, Stream *str, int w, int h, GfxImageColorMap *map,
                   bool interpolate, const int *mask, bool in_line) override;
    void
    drawMaskedImage(GfxState *state, Object *, Stream *, int, int, GfxImageColorMap *, bool,
                    Stream *, int, int, bool, bool) override
    {
        image(state, false);
    }
    void
    drawSoftMaskedImage(GfxState *state, Object *, Stream *, int, int, GfxImageColorMap *, bool,
                        Stream *, int, int, GfxImageColorMap *, bool) override
    {
        image(state, false);
    }

    bool
    checkTransparencyGroup(GfxState *, bool) override
    {
        return true;
    }
    void
    beginTransparencyGroup(GfxState *, const double *, GfxColorSpace *, bool, bool,
                           bool for_soft_mask) override
    {
        groups.push_back(for_soft_mask);
        soft_masks += for_soft_mask ? 1 : 0;
    }
    void
    endTransparencyGroup(GfxState *) override
    {
        if (!groups.empty()) {
            soft_masks -= groups.back() ? 1 : 0;
            groups.pop_back();
        }
    }

    void find_hidden();
    void forget_hidden();
    void finish_dots();
    void finish_limits();

    YomijunPage *out;
    bool annotation = false;

  private:
    void mark_hidden();
    bool hidden_is_outlined() const;
    void accept_outlined();
    guint16 style_index(GfxState *state, Direction direction, bool stroked);
    Direction direction_of(GfxState *state, double dx, double dy, bool vertical) const;
    void add_actual(Glyph g, Rect box, Direction direction);
    void add_glyph(const Glyph &like, Rect box, Direction direction, const Unicode *u, int n_u);
    guint8 hidden_at_once(GfxState *state, const Rect &box) const;
    void fill_path(GfxState *state);
    bool shaded(GfxState *state);
    void image(GfxState *state, bool opaque);
    void add_segment(GfxState *state, Point a, Point b, double width, guint32 colour, bool dashed,
                     RulingSource source);
    void add_rect(GfxState *state, Rect r, guint32 colour, bool opaque, bool pattern);
    void add_shape(GfxState *state, Rect r);
    bool add_dot(GfxState *state, Rect r, guint32 colour, Alone alone);
    void put_segment(Rect axis, double width, guint32 colour, bool dashed, RulingSource source);
    void put_area(Rect r, guint32 colour);
    void put_shape(Rect r);
    void add_cover(Rect r, guint32 colour, bool solid);
    bool clip_rect(GfxState *state, Rect *r) const;

    std::vector<Cover> covers;
    std::vector<bool> groups;
    std::vector<Dot> dots;
    std::vector<Alone> alone; /* for each of the dots */
    int soft_masks = 0;
    /* fonts of this page by their address: names and flags are asked for once */
    std::unordered_map<const GfxFont *, std::pair<guint16, guint8>> fonts;
    bool actual = false;
    bool actual_given = false;
    std::vector<Unicode> actual_text;
    guint over_limit = 0;
};

/* ---- text ---- */

guint8
font_flags(const GfxFont *font, const std::string &name)
{
    guint8 flags = 0;
    if (font->isBold() || font->getWeight() >= GfxFont::W600 ||
        name.find("Bold") != std::string::npos || name.find("Heavy") != std::string::npos ||
        name.find("-W6") != std::string::npos || name.find("-B") != std::string::npos) {
        flags |= STYLE_BOLD;
    }
    if (font->isItalic() || name.find("Italic") != std::string::npos ||
        name.find("Oblique") != std::string::npos) {
        flags |= STYLE_ITALIC;
    }
    bool gothic =
        name.find("Gothic") != std::string::npos || name.find("Meiryo") != std::string::npos;
    if ((font->isSerif() && !gothic) || name.find("Mincho") != std::string::npos ||
        name.find("Serif") != std::string::npos) {
        flags |= STYLE_SERIF;
    }
    return flags;
}

void
TraceDev::updateFont(GfxState *state)
{
    const GfxFont *font = state->getFont().get();
    if (font == nullptr || fonts.count(font) > 0) {
        return;
    }
    /* with its subset tag; fonts without a name (of Type 3) by the number of their object */
    std::string name =
        font->getName() ? *font->getName() : "?" + std::to_string(font->getID()->num);
    g_autofree char *utf8 = g_utf8_make_valid(name.c_str(), (gssize)name.size());
    fonts[font] = {page_font(out, utf8), font_flags(font, name)};
}

/* The size as displayed. The size of a Type 3 font is in a unit of its own, which its matrix and
 * bounding box tell. */
double
glyph_size(GfxState *state)
{
    double size = state->getTransformedFontSize();
    const GfxFont *font = state->getFont().get();
    if (font->getType() == fontType3) {
        const double *matrix = font->getFontMatrix(), *bbox = font->getFontBBox();
        double height = std::fabs((bbox[3] - bbox[1]) * matrix[3]);
        size *= height > 0 ? height : std::fabs(matrix[3]) * 1000;
    }
    return size;
}

Direction
TraceDev::direction_of(GfxState *state, double dx, double dy, bool vertical) const
{
    double tx, ty;
    if (vertical) { /* the advance says little; look where the glyph's own x axis points */
        double m11, m12, m21, m22;
        state->getFontTransMat(&m11, &m12, &m21, &m22);
        if (std::fabs(m12) > std::fabs(m11)) {
            return DIRECTION_OTHER;
        }
        return DIRECTION_VERTICAL;
    }
    state->transformDelta(dx, dy, &tx, &ty);
    if (tx == 0 && ty == 0) {
        double m11, m12, m21, m22;
        state->getFontTransMat(&m11, &m12, &m21, &m22);
        tx = m11;
        ty = m12;
    }
    const double slant = 0.12; /* tangent: about 7 degrees */
    if (std::fabs(ty) <= slant * std::fabs(tx)) {
        return tx >= 0 ? DIRECTION_RIGHT : DIRECTION_LEFT;
    }
    if (std::fabs(tx) <= slant * std::fabs(ty)) {
        return ty >= 0 ? DIRECTION_DOWN : DIRECTION_UP;
    }
    return DIRECTION_OTHER;
}

guint16
TraceDev::style_index(GfxState *state, Direction direction, bool stroked)
{
    Style style = {};
    auto known = fonts.find(state->getFont().get());
    if (known != fonts.end()) {
        style.font = known->second.first;
        style.flags = known->second.second;
    }
    GfxRGB rgb;
    if (stroked) {
        state->getStrokeRGB(&rgb);
    } else {
        state->getFillRGB(&rgb);
    }
    if ((state->getRender() & 3) == 2) { /* filled and stroked: how programs make a face bolder */
        style.flags |= STYLE_BOLD;
    }
    style.colour = rgb_of(rgb);
    style.size = (float)(std::round(glyph_size(state) * 100) / 100);
    style.direction = direction;
    return page_style(out, &style);
}

guint8
TraceDev::hidden_at_once(GfxState *state, const Rect &box) const
{
    int render = state->getRender() & 3;
    if (render == 3 || soft_masks > 0) {
        return HIDDEN_INVISIBLE;
    }
    if ((render == 0 && state->getFillOpacity() <= 0) ||
        (render == 1 && state->getStrokeOpacity() <= 0)) {
        return HIDDEN_INVISIBLE;
    }
    double mx = (box.x0 + box.x1) / 2, my = (box.y0 + box.y1) / 2;
    double x0, y0, x1, y1;
    if (box.x1 < 0 || box.y1 < 0 || box.x0 > out->width || box.y0 > out->height) {
        return HIDDEN_OUTSIDE;
    }
    state->getClipBBox(&x0, &y0, &x1, &y1);
    Rect clip_box = {x0, y0, x1, y1};
    bool outside = box.x1 < x0 || box.x0 > x1 || box.y1 < y0 || box.y0 > y1;
    if (outside || (rect_is_empty(clip_box))) {
        bool off_page = mx < 0 || my < 0 || mx > out->width || my > out->height;
        return off_page ? HIDDEN_OUTSIDE : HIDDEN_CLIPPED;
    }
    return HIDDEN_NOT;
}

/* The em box of a glyph whose pen goes from `a` by `d`, in device space. */
Rect
em_box(Point a, Point d, Point up)
{
    Rect r = rect_none();
    for (int i = 0; i < 4; i++) {
        double along = i & 1 ? 1 : 0, across = i & 2 ? EM_ASCENT : -EM_DESCENT;
        double x = a.x + along * d.x + across * up.x, y = a.y + along * d.y + across * up.y;
        r = rect_union(r, Rect{x, y, x, y});
    }
    return r;
}

void
TraceDev::add_glyph(const Glyph &like, Rect box, Direction direction, const Unicode *u, int n_u)
{
    if (out->glyphs->len + (guint)n_u >= PAGE_MAX_GLYPHS) {
        over_limit++;
        return;
    }
    int n = MAX(1, n_u);
    bool across =
        direction == DIRECTION_RIGHT || direction == DIRECTION_LEFT || direction == DIRECTION_OTHER;
    for (int i = 0; i < n; i++) {
        Glyph g = like;
        double from = (double)i / n, to = (double)(i + 1) / n;
        if (direction == DIRECTION_LEFT || direction == DIRECTION_UP) {
            from = 1 - (double)(i + 1) / n;
            to = 1 - (double)i / n;
        }
        Rect part = box;
        if (across) {
            part.x0 = box.x0 + from * rect_width(box);
            part.x1 = box.x0 + to * rect_width(box);
        } else {
            part.y0 = box.y0 + from * rect_height(box);
            part.y1 = box.y0 + to * rect_height(box);
        }
        g.x0 = (float)part.x0;
        g.y0 = (float)part.y0;
        g.x1 = (float)part.x1;
        g.y1 = (float)part.y1;
        g.unicode = n_u > 0 ? u[i] : 0;
        if ((g.unicode >= 0xD800 && g.unicode <= 0xDFFF) || g.unicode > 0x10FFFF) {
            g.unicode = 0xFFFD;
        }
        if (i > 0) {
            g.flags |= GLYPH_PART;
        }
        g_array_append_val(out->glyphs, g);
    }
}

/* Code points that say nothing: no character, or one that XML cannot hold. */
bool
says_nothing(const Unicode *u, int n)
{
    for (int i = 0; i < n; i++) {
        bool control = u[i] < 0x20 || (u[i] >= 0x7F && u[i] < 0xA0);
        bool blank = u[i] == '\t' || u[i] == '\n' || u[i] == '\r';
        bool surrogate = u[i] >= 0xD800 && u[i] <= 0xDFFF;
        if ((!control || blank) && !surrogate && u[i] != 0xFFFD && u[i] != 0xFFFE &&
            u[i] != 0xFFFF && u[i] <= 0x10FFFF) {
            return false;
        }
    }
    return true;
}

/* The advance without character and word spacing, in user space: a justified line's glyph boxes
 * must not grow into their neighbours. */
Point
own_advance(GfxState *state, Point advance, bool vertical, bool word_space)
{
    double spacing = state->getCharSpace() + (word_space ? state->getWordSpace() : 0);
    double tx, ty;
    state->textTransformDelta(vertical ? 0 : spacing * state->getHorizScaling(),
                              vertical ? spacing : 0, &tx, &ty);
    return Point{advance.x - tx, advance.y - ty};
}

Point
of_length(double x, double y, double length, Point otherwise)
{
    double now = std::hypot(x, y);
    return now > 0 ? Point{x / now * length, y / now * length} : otherwise;
}

/* The em box of a glyph drawn at `origin`: above and below a horizontal baseline, to both sides of
 * a vertical one's centre line. Device space has y down. */
Rect
glyph_box(GfxState *state, Point origin, Point advance, bool vertical)
{
    double m11, m12, m21, m22, size = glyph_size(state);
    state->getFontTransMat(&m11, &m12, &m21, &m22);
    if (!vertical) {
        return em_box(origin, advance, of_length(m21, m22, size, Point{0, -size}));
    }
    Point right = of_length(m11, m12, size, Point{size, 0});
    Rect box = rect_none();
    for (int i = 0; i < 4; i++) {
        double along = i & 1 ? 1 : 0, across = i & 2 ? 0.5 : -0.5;
        double x = origin.x + along * advance.x + across * right.x;
        double y = origin.y + along * advance.y + across * right.y;
        box = rect_union(box, Rect{x, y, x, y});
    }
    return box;
}

/* The first glyph of a span carries all of its ActualText, the others only its extent. */
void
TraceDev::add_actual(Glyph g, Rect box, Direction direction)
{
    if (!actual_given) {
        actual_given = true;
        g.flags |= GLYPH_ACTUAL;
        add_glyph(g, box, direction, actual_text.data(), (int)actual_text.size());
        return;
    }
    if (out->glyphs->len > 0) {
        Glyph *last = &g_array_index(out->glyphs, Glyph, out->glyphs->len - 1);
        bool same_row = std::fabs(last->origin_y - g.origin_y) < 1;
        if (same_row && (last->flags & GLYPH_ACTUAL)) {
            last->x1 = (float)MAX((double)last->x1, box.x1);
        }
    }
}

bool
is_letter_or_digit(Unicode c)
{
    return c < 0x80 && g_ascii_isalnum((gchar)c);
}

/* Whether a font's table says another letter or digit than the name by which it chooses the glyph.
 * Type 1 fonts only: of others the name, or the number of a character, chooses nothing, or poppler
 * keeps to itself what it stands for. */
bool
is_contradicted(const GfxFont *font, CharCode code, Unicode said)
{
    if ((font->getType() != fontType1 && font->getType() != fontType1C) || code > 0xFF ||
        !is_letter_or_digit(said)) {
        return false;
    }
    const char *name = static_cast<const Gfx8BitFont *>(font)->getCharName((int)code);
    Unicode named = name != nullptr ? globalParams->mapNameToUnicodeText(name) : 0;
    return is_letter_or_digit(named) &&
           g_ascii_tolower((gchar)named) != g_ascii_tolower((gchar)said);
}

void
TraceDev::drawChar(GfxState *state, double x, double y, double dx, double dy, double, double,
                   CharCode code, int n_bytes, const Unicode *u, int n_u)
{
    const GfxFont *font = state->getFont().get();
    if (font == nullptr) {
        return;
    }
    updateFont(state);
    bool vertical = font->getWMode() != 0;
    Point user = own_advance(state, Point{dx, dy}, vertical, n_bytes == 1 && code == 0x20);
    Point origin, advance;
    state->transform(x, y, &origin.x, &origin.y);
    state->transformDelta(user.x, user.y, &advance.x, &advance.y);
    Rect box = glyph_box(state, origin, advance, vertical);
    if (!std::isfinite(box.x0 + box.y0 + box.x1 + box.y1)) {
        over_limit++;
        return;
    }
    Direction direction = direction_of(state, user.x, user.y, vertical);
    Glyph g = {};
    g.code = code;
    g.origin_x = (float)origin.x;
    g.origin_y = (float)origin.y;
    g.confidence = 1;
    g.origin = ORIGIN_TEXT_LAYER;
    g.style = style_index(state, direction, (state->getRender() & 3) == 1);
    g.hidden = hidden_at_once(state, box);
    g.flags = annotation ? GLYPH_ANNOTATION : 0;
    if (actual) {
        add_actual(g, box, direction);
        return;
    }
    if (n_u == 1 && u != nullptr && is_contradicted(font, code, u[0])) {
        g.flags |= GLYPH_CONTRADICTED;
    }
    if (n_u == 0 || u == nullptr || says_nothing(u, n_u)) {
        g.flags |= GLYPH_UNDECODED;
        n_u = 0;
    }
    add_glyph(g, box, direction, u, n_u);
}

void
TraceDev::beginActualText(GfxState *, const GooString *text)
{
    Unicode *u = nullptr;
    int n = TextStringToUCS4(text->toStr(), &u);
    actual_text.assign(u, u + MAX(n, 0));
    gfree(u);
    /* an ActualText of nothing, or of one blank, stands for what is not meant to be read, such as
     * a hyphen at a line's end: the marks are painted all the same, so keep what they are */
    actual = !actual_text.empty() && !says_nothing(actual_text.data(), (int)actual_text.size()) &&
             !(actual_text.size() == 1 && actual_text[0] <= 0x20);
    actual_given = false;
}

void
TraceDev::endActualText(GfxState *)
{
    actual = false;
}

/* ---- lines, areas, shapes ---- */

bool
TraceDev::clip_rect(GfxState *state, Rect *r) const
{
    double x0, y0, x1, y1;
    state->getClipBBox(&x0, &y0, &x1, &y1);
    Rect page_box = {0, 0, out->width, out->height};
    Rect c = rect_intersection(Rect{x0, y0, x1, y1}, page_box);
    Rect clipped = rect_intersection(*r, c);
    if (clipped.x1 < clipped.x0 || clipped.y1 < clipped.y0) {
        return false;
    }
    *r = clipped;
    return true;
}

void
TraceDev::add_cover(Rect r, guint32 colour, bool solid)
{
    if (covers.size() < MAX_COVERS && rect_width(r) > 2 && rect_height(r) > 2) {
        covers.push_back(Cover{r, out->glyphs->len, colour, solid});
    }
}

void
TraceDev::put_shape(Rect r)
{
    if (out->shapes->len >= PAGE_MAX_SHAPES) {
        over_limit++;
        return;
    }
    Mark mark = {(float)r.x0, (float)r.y0, (float)r.x1, (float)r.y1};
    g_array_append_val(out->shapes, mark);
}

void
TraceDev::add_shape(GfxState *state, Rect r)
{
    if (clip_rect(state, &r)) {
        put_shape(r);
    }
}

void
TraceDev::put_segment(Rect axis, double width, guint32 colour, bool dashed, RulingSource source)
{
    if (out->rulings->len >= PAGE_MAX_RULINGS) {
        over_limit++;
        return;
    }
    Ruling ruling = {(float)axis.x0,
                     (float)axis.y0,
                     (float)axis.x1,
                     (float)axis.y1,
                     (float)width,
                     colour,
                     (guint8)source,
                     (guint8)(dashed ? 1 : 0),
                     0};
    g_array_append_val(out->rulings, ruling);
}

void
TraceDev::put_area(Rect r, guint32 colour)
{
    if (out->areas->len >= PAGE_MAX_AREAS) {
        over_limit++;
        return;
    }
    Area area = {(float)r.x0, (float)r.y0, (float)r.x1, (float)r.y1, colour};
    g_array_append_val(out->areas, area);
}

/* Keeps a mark that a line may be made of until the page is done. */
bool
TraceDev::add_dot(GfxState *state, Rect r, guint32 colour, Alone otherwise)
{
    double w = rect_width(r), h = rect_height(r);
    if (MAX(w, h) > DOT_LONG || MIN(w, h) > DOT_THICK || dots.size() >= PAGE_MAX_RULINGS) {
        return false;
    }
    if (clip_rect(state, &r)) {
        dots.push_back(Dot{r, colour, 0});
        alone.push_back(otherwise);
    }
    return true;
}

void
TraceDev::finish_dots()
{
    g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(Dot));
    g_array_append_vals(marks, dots.data(), (guint)dots.size());
    dots_join(marks, out->rulings);
    for (guint i = 0; i < marks->len; i++) {
        const Dot &d = g_array_index(marks, Dot, i);
        const Rect r = d.box;
        double mx = (r.x0 + r.x1) / 2, my = (r.y0 + r.y1) / 2;
        bool flat = rect_width(r) >= rect_height(r);
        if (d.of_lines) {
            continue;
        }
        if (alone[i] == Alone::SHAPE) {
            put_shape(r);
        } else if (alone[i] == Alone::AREA) {
            put_area(r, d.colour);
        } else if (rect_width(r) > 0 || rect_height(r) > 0) {
            put_segment(flat ? Rect{r.x0, my, r.x1, my} : Rect{mx, r.y0, mx, r.y1},
                        MIN(rect_width(r), rect_height(r)), d.colour, false, RULING_FILL);
        }
    }
}

void
TraceDev::add_segment(GfxState *state, Point a, Point b, double width, guint32 colour, bool dashed,
                      RulingSource source)
{
    Rect r = {MIN(a.x, b.x), MIN(a.y, b.y), MAX(a.x, b.x), MAX(a.y, b.y)};
    bool horizontal = rect_height(r) <= STRAIGHT_SLACK && rect_width(r) >= rect_height(r);
    bool vertical = rect_width(r) <= STRAIGHT_SLACK && !horizontal;
    if (!horizontal && !vertical) {
        add_shape(state, r);
        return;
    }
    double mx = (r.x0 + r.x1) / 2, my = (r.y0 + r.y1) / 2;
    Rect axis = horizontal ? Rect{r.x0, my, r.x1, my} : Rect{mx, r.y0, mx, r.y1};
    if (!clip_rect(state, &axis) || (rect_width(axis) <= 0 && rect_height(axis) <= 0)) {
        return;
    }
    put_segment(axis, width, colour, dashed, source);
}

/* What a straight stroke covers; one of no length is a dot if it has caps. */
bool
stroke_dot(const GfxState *state, Point a, Point b, double width, Rect *ret_rect)
{
    double cap = state->getLineCap() == 0 ? 0 : width / 2;
    Rect r = {MIN(a.x, b.x), MIN(a.y, b.y), MAX(a.x, b.x), MAX(a.y, b.y)};
    bool flat = rect_width(r) >= rect_height(r);
    double along = cap, across = width / 2;
    *ret_rect = flat ? Rect{r.x0 - along, r.y0 - across, r.x1 + along, r.y1 + across}
                     : Rect{r.x0 - across, r.y0 - along, r.x1 + across, r.y1 + along};
    double length = MAX(rect_width(r), rect_height(r)) + 2 * cap;
    return length > 0 && MIN(rect_width(r), rect_height(r)) <= STRAIGHT_SLACK;
}

void
TraceDev::stroke(GfxState *state)
{
    if (soft_masks > 0 || state->getStrokeOpacity() <= 0) {
        return;
    }
    GfxRGB rgb;
    state->getStrokeRGB(&rgb);
    guint32 colour = rgb_of(rgb);
    double dash_start;
    bool dashed = !state->getLineDash(&dash_start).empty();
    double width = state->getTransformedLineWidth();
    const GfxPath *path = state->getPath();
    for (int i = 0; i < path->getNumSubpaths(); i++) {
        const GfxSubpath *sub = path->getSubpath(i);
        Rect all = rect_none();
        bool curved = false;
        int n = sub->getNumPoints();
        for (int k = 0; k < n; k++) {
            Point p;
            state->transform(sub->getX(k), sub->getY(k), &p.x, &p.y);
            all = rect_union(all, Rect{p.x, p.y, p.x, p.y});
            curved = curved || sub->getCurve(k);
        }
        if (curved) {
            add_shape(state, all);
        }
        for (int k = 0; k + 1 < n; k++) {
            if (sub->getCurve(k) || sub->getCurve(k + 1)) {
                continue;
            }
            Point a, b;
            state->transform(sub->getX(k), sub->getY(k), &a.x, &a.y);
            state->transform(sub->getX(k + 1), sub->getY(k + 1), &b.x, &b.y);
            Rect dot;
            if (n == 2 && !dashed && stroke_dot(state, a, b, width, &dot) &&
                add_dot(state, dot, colour, Alone::SEGMENT)) {
                continue;
            }
            if (n == 2 && width > RULING_THICK && std::hypot(a.x - b.x, a.y - b.y) > 0) {
                /* a very thick stroke is how some programs fill a rectangle */
                Rect r = {MIN(a.x, b.x), MIN(a.y, b.y), MAX(a.x, b.x), MAX(a.y, b.y)};
                bool across = rect_width(r) >= rect_height(r);
                Rect wide = across ? Rect{r.x0, r.y0 - width / 2, r.x1, r.y1 + width / 2}
                                   : Rect{r.x0 - width / 2, r.y0, r.x1 + width / 2, r.y1};
                add_rect(state, wide, colour, state->getStrokeOpacity() >= OPAQUE, false);
                continue;
            }
            add_segment(state, a, b, width, colour, dashed, RULING_STROKE);
        }
    }
}

/* Is this closed subpath a rectangle along the axes? Points may repeat. */
bool
subpath_rect(GfxState *state, const GfxSubpath *sub, Rect *ret_rect)
{
    int n = sub->getNumPoints();
    if (n < 3 || n > 8) {
        return false;
    }
    std::vector<Point> p((size_t)n);
    Rect r = rect_none();
    for (int i = 0; i < n; i++) {
        if (sub->getCurve(i)) {
            return false;
        }
        state->transform(sub->getX(i), sub->getY(i), &p[(size_t)i].x, &p[(size_t)i].y);
        r = rect_union(r, Rect{p[(size_t)i].x, p[(size_t)i].y, p[(size_t)i].x, p[(size_t)i].y});
    }
    bool thin = rect_width(r) <= STRAIGHT_SLACK || rect_height(r) <= STRAIGHT_SLACK;
    int corners = 0;
    for (const Point &q : p) {
        bool on_x = std::fabs(q.x - r.x0) < 0.1 || std::fabs(q.x - r.x1) < 0.1;
        bool on_y = std::fabs(q.y - r.y0) < 0.1 || std::fabs(q.y - r.y1) < 0.1;
        if (!thin && !(on_x && on_y)) {
            return false;
        }
        corners += (std::fabs(q.x - r.x0) < 0.1 ? 1 : 2) * (std::fabs(q.y - r.y0) < 0.1 ? 1 : 4);
    }
    *ret_rect = r;
    return thin || (n >= 4 && corners > 0);
}

void
TraceDev::add_rect(GfxState *state, Rect r, guint32 colour, bool opaque, bool pattern)
{
    double w = rect_width(r), h = rect_height(r);
    bool flat = h <= RULING_THICK && w >= RULING_ASPECT * h;
    bool upright = w <= RULING_THICK && h >= RULING_ASPECT * w;
    bool dot = w <= DOT_SIZE && h <= DOT_SIZE;
    bool line = flat || upright || dot;
    if (!pattern && add_dot(state, r, colour, line ? Alone::SEGMENT : Alone::AREA)) {
        if (!line && opaque) {
            add_cover(r, colour, true);
        }
        return;
    }
    if (flat || (dot && w >= h)) {
        double y = (r.y0 + r.y1) / 2;
        add_segment(state, Point{r.x0, y}, Point{r.x1, y}, h, colour, pattern, RULING_FILL);
        return;
    }
    if (upright || dot) {
        double x = (r.x0 + r.x1) / 2;
        add_segment(state, Point{x, r.y0}, Point{x, r.y1}, w, colour, pattern, RULING_FILL);
        return;
    }
    if (!clip_rect(state, &r)) {
        return;
    }
    put_area(r, colour);
    if (opaque) {
        add_cover(r, colour, !pattern);
    }
}

/* Is this path nothing but small discs? *ret_boxes are theirs. */
bool
path_dots(GfxState *state, const GfxPath *path, std::vector<Rect> *ret_boxes)
{
    for (int i = 0; i < path->getNumSubpaths(); i++) {
        const GfxSubpath *sub = path->getSubpath(i);
        Rect r = rect_none();
        for (int k = 0; k < sub->getNumPoints(); k++) {
            Point p;
            state->transform(sub->getX(k), sub->getY(k), &p.x, &p.y);
            r = rect_union(r, Rect{p.x, p.y, p.x, p.y});
            if (rect_width(r) > DOT_THICK || rect_height(r) > DOT_THICK) {
                return false;
            }
        }
        bool curved = sub->getNumPoints() > 3 && sub->getCurve(1);
        if (!curved || std::fabs(rect_width(r) - rect_height(r)) > DISC_SLACK * rect_width(r)) {
            return false;
        }
        ret_boxes->push_back(r);
    }
    return !ret_boxes->empty();
}

void
TraceDev::fill_path(GfxState *state)
{
    if (soft_masks > 0 || state->getFillOpacity() <= 0) {
        return;
    }
    GfxRGB rgb;
    state->getFillRGB(&rgb);
    guint32 colour = rgb_of(rgb);
    bool opaque = state->getFillOpacity() >= OPAQUE && state->getBlendMode() == gfxBlendNormal;
    const GfxPath *path = state->getPath();
    std::vector<Rect> discs;
    if (path_dots(state, path, &discs)) {
        for (const Rect &r : discs) {
            if (!add_dot(state, r, colour, Alone::SHAPE)) {
                add_shape(state, r);
            }
            add_cover(r, colour, false);
        }
        return;
    }
    int n = path->getNumSubpaths();
    Rect rest = rect_none();
    for (int i = 0; i < n; i++) {
        Rect r;
        const GfxSubpath *sub = path->getSubpath(i);
        if (subpath_rect(state, sub, &r)) {
            add_rect(state, r, colour, opaque, false);
            continue;
        }
        for (int k = 0; k < sub->getNumPoints(); k++) {
            Point p;
            state->transform(sub->getX(k), sub->getY(k), &p.x, &p.y);
            rest = rect_union(rest, Rect{p.x, p.y, p.x, p.y});
        }
    }
    if (rest.x1 >= rest.x0) {
        add_shape(state, rest);
        if (clip_rect(state, &rest)) {
            add_cover(rest, colour, false);
        }
    }
}

bool
TraceDev::shaded(GfxState *state)
{
    double x0, y0, x1, y1;
    state->getClipBBox(&x0, &y0, &x1, &y1);
    Rect r = rect_intersection(Rect{x0, y0, x1, y1}, Rect{0, 0, out->width, out->height});
    if (soft_masks == 0 && !rect_is_empty(r)) {
        add_shape(state, r);
        add_cover(r, 0, false);
    }
    return true;
}

/* ---- images ---- */

void
TraceDev::image(GfxState *state, bool opaque)
{
    (void)opaque;
    if (soft_masks > 0) {
        return;
    }
    Rect r = rect_none();
    for (int i = 0; i < 4; i++) {
        Point p;
        state->transform(i & 1, i >> 1, &p.x, &p.y);
        r = rect_union(r, Rect{p.x, p.y, p.x, p.y});
    }
    bool thin = MIN(rect_width(r), rect_height(r)) <= DOT_SIZE;
    if (thin) {
        bool flat = rect_width(r) >= rect_height(r);
        double mx = (r.x0 + r.x1) / 2, my = (r.y0 + r.y1) / 2;
        add_segment(state, flat ? Point{r.x0, my} : Point{mx, r.y0},
                    flat ? Point{r.x1, my} : Point{mx, r.y1}, MIN(rect_width(r), rect_height(r)), 0,
                    false, RULING_IMAGE);
        return;
    }
    if (!clip_rect(state, &r) || rect_is_empty(r)) {
        return;
    }
    if (out->images->len >= PAGE_MAX_IMAGES) {
        over_limit++;
        return;
    }
    Mark mark = {(float)r.x0, (float)r.y0, (float)r.x1, (float)r.y1};
    g_array_append_val(out->images, mark);
    add_cover(r, 0, false);
}

/* Pixels are not decoded here, but an inline image stands in the content stream itself, so its
 * bytes must be passed over. */
void
skip_inline(Stream *str, int bits_per_row, int rows)
{
    str->reset();
    for (long i = 0, n = (long)((bits_per_row + 7) / 8) * rows; i < n; i++) {
        if (str->getChar() == EOF) {
            break;
        }
    }
    str->close();
}

void
TraceDev::drawImageMask(GfxState *state, Object *, Stream *str, int w, int h, bool, bool,
                        bool in_line)
{
    if (in_line) {
        skip_inline(str, w, h);
    }
    image(state, false);
}

void
TraceDev::drawImage(GfxState *state, Object *, Stream *str, int w, int h, GfxImageColorMap *map,
                    bool, const int *mask, bool in_line)
{
    if (in_line) {
        skip_inline(str, w * map->getNumPixelComps() * map->getBits(), h);
    }
    image(state, mask == nullptr);
}

/* ---- what is hidden ---- */

/* The colour beneath a glyph: of the newest cover before it; FALSE if that cannot be known. */
bool
ground_colour(const std::vector<Cover> &covers, guint32 index, const Glyph &g, guint32 *ret_colour)
{
    double mx = (g.x0 + g.x1) / 2, my = (g.y0 + g.y1) / 2;
    for (size_t i = covers.size(); i > 0; i--) {
        const Cover &c = covers[i - 1];
        if (c.at <= index && rect_contains(c.rect, mx, my)) {
            *ret_colour = c.colour;
            return c.solid;
        }
    }
    *ret_colour = 0xFFFFFF;
    return true;
}

bool
covered_later(const std::vector<Cover> &covers, guint32 index, const Glyph &g)
{
    Rect box = {g.x0, g.y0, g.x1, g.y1};
    for (size_t i = covers.size(); i > 0 && covers[i - 1].at > index; i--) {
        const Cover &c = covers[i - 1];
        if (c.solid && rect_covers(c.rect, box, COVER_SLACK)) {
            return true;
        }
    }
    return false;
}

/* Text under a cover, with every character's outline painted on its place: what some programs
 * make of fonts that must not be embedded. The claim is what is seen, then. A glyph is outlined if
 * a shape no larger than it lies on it. */
bool
TraceDev::hidden_is_outlined() const
{
    static const double square = 16;
    std::unordered_map<long, std::vector<guint>> squares;
    auto key = [](double x, double y) { return (long)(x / square) * 100003 + (long)(y / square); };
    for (guint i = 0; i < out->shapes->len; i++) {
        const Mark *m = &g_array_index(out->shapes, Mark, i);
        squares[key((m->x0 + m->x1) / 2, (m->y0 + m->y1) / 2)].push_back(i);
    }
    guint hidden = 0, outlined = 0;
    for (guint i = 0; i < out->glyphs->len; i++) {
        const Glyph *g = &g_array_index(out->glyphs, Glyph, i);
        if ((g->hidden != HIDDEN_COVERED && g->hidden != HIDDEN_INVISIBLE) || glyph_is_blank(g)) {
            continue;
        }
        hidden++;
        Rect box = rect_grown(Rect{g->x0, g->y0, g->x1, g->y1}, 0.2 * (g->y1 - g->y0));
        bool found = false;
        for (int k = 0; k < 9 && !found; k++) {
            int column = k % 3 - 1, row = k / 3 - 1;
            auto at = squares.find(
                key((g->x0 + g->x1) / 2 + column * square, (g->y0 + g->y1) / 2 + row * square));
            for (size_t s = 0; at != squares.end() && s < at->second.size() && !found; s++) {
                const Mark *m = &g_array_index(out->shapes, Mark, at->second[s]);
                found = rect_covers(box, Rect{m->x0, m->y0, m->x1, m->y1}, 0);
            }
        }
        outlined += found ? 1 : 0;
    }
    return hidden > 0 && outlined >= OUTLINED * hidden;
}

void
TraceDev::accept_outlined()
{
    guint n = 0;
    for (guint i = 0; i < out->glyphs->len; i++) {
        Glyph *g = &g_array_index(out->glyphs, Glyph, i);
        if (g->hidden == HIDDEN_COVERED || g->hidden == HIDDEN_INVISIBLE) {
            g->hidden = HIDDEN_NOT;
            g->confidence = (float)OUTLINED_CONFIDENCE;
            n++;
        }
    }
    page_notice(out, "outlined", nullptr, MAX(1, n),
                "text is hidden under outlines painted on its place");
}

void
TraceDev::find_hidden()
{
    mark_hidden();
    if (hidden_is_outlined()) {
        accept_outlined();
    }
}

/* What an interpretation that failed says of hidden text is not to be trusted. */
void
TraceDev::forget_hidden()
{
    for (guint i = 0; i < out->glyphs->len; i++) {
        guint8 *hidden = &g_array_index(out->glyphs, Glyph, i).hidden;
        *hidden = *hidden == HIDDEN_OUTSIDE ? *hidden : (guint8)HIDDEN_NOT;
    }
}

void
TraceDev::mark_hidden()
{
    for (guint i = 0; i < out->glyphs->len; i++) {
        Glyph *g = &g_array_index(out->glyphs, Glyph, i);
        if (g->hidden != HIDDEN_NOT || glyph_is_blank(g)) {
            continue;
        }
        guint32 ground;
        guint32 colour = page_glyph_style(out, g)->colour;
        if (covered_later(covers, i, *g)) {
            g->hidden = HIDDEN_COVERED;
        } else if (ground_colour(covers, i, *g, &ground) && same_colour(ground, colour)) {
            g->hidden = HIDDEN_SAME_COLOUR;
        }
    }
}

void
TraceDev::finish_limits()
{
    if (over_limit > 0) {
        page_notice(out, "limit", nullptr, over_limit,
                    "more marks on the page than are kept; the rest was left out");
    }
}

/* ---- border ---- */

thread_local guint error_count = 0;
thread_local char first_error[96];

void
count_error(ErrorCategory category, Goffset, const char *message)
{
    if (category == errSyntaxWarning || category == errUnimplemented) {
        return;
    }
    if (error_count++ == 0) {
        g_strlcpy(first_error, message, sizeof first_error);
    }
}

/* A page label is PDFDocEncoding or UTF-16 with a byte order mark. NULL if empty. */
char *
utf8_label(const GooString &label)
{
    Unicode *u = nullptr;
    int n = TextStringToUCS4(label.toStr(), &u);
    g_autoptr(GString) text = g_string_new(nullptr);
    for (int i = 0; i < n; i++) {
        if (u[i] >= 0x20 && u[i] != 0x7F && g_unichar_validate(u[i])) {
            g_string_append_unichar(text, u[i]);
        }
    }
    gfree(u);
    return text->len > 0 ? g_strndup(text->str, 200) : nullptr;
}

/* Links are not part of what is read, and their frames would look like rulings; pop-up notes are
 * not on the page until somebody opens them. */
bool
annotation_shown(Annot *annot, void *dev)
{
    /* poppler asks when the page itself is done */
    static_cast<TraceDev *>(dev)->annotation = true;
    switch (annot->getType()) {
    case Annot::typeLink:
    case Annot::typePopup:
    case Annot::typeText:
    case Annot::typeFileAttachment:
        return false;
    default:
        return true;
    }
}

} // namespace

struct PaintTrace {
    std::unique_ptr<GooFile> file; /* outlives doc, which reads from it */
    std::unique_ptr<PDFDoc> doc;
};

PaintTrace *
paint_trace_open(int fd, const char *password)
{
    if (!globalParams) {
        globalParams = std::make_unique<GlobalParams>();
    }
    setErrorCallback(count_error);
    std::optional<GooString> word;
    if (password != nullptr) {
        word.emplace(password);
    }
    int mine = dup(fd);
    auto file = mine >= 0 ? GooFile::open(mine) : nullptr;
    if (!file) {
        return nullptr;
    }
    auto *stream = new FileStream(file.get(), 0, false, file->size(), Object(objNull));
    auto doc = std::make_unique<PDFDoc>(stream, word, word);
    if (!doc->isOk()) {
        doc.reset();
        return nullptr;
    }
    return new PaintTrace{std::move(file), std::move(doc)};
}

void
paint_trace_free(PaintTrace *trace)
{
    delete trace;
}

YomijunPage *
paint_trace_page(PaintTrace *trace, guint number)
{
    int n = (int)number;
    if (n < 1 || n > trace->doc->getNumPages()) {
        return nullptr;
    }
    YomijunPage *page = nullptr;
    auto *pdf_page = trace->doc->getPage(n);
    if (pdf_page == nullptr) {
        return nullptr;
    }
    double w = pdf_page->getCropWidth(), h = pdf_page->getCropHeight();
    if (pdf_page->getRotate() % 180 != 0) {
        std::swap(w, h);
    }
    page = page_new(number, w, h);
    page->painted_known = TRUE;
    TraceDev dev(page);
    error_count = 0;
    trace->doc->displayPage(&dev, n, 72, 72, 0, false, true, false, nullptr, nullptr,
                            annotation_shown, &dev);
    dev.finish_dots();
    if (error_count > 0) {
        g_autofree char *valid = g_utf8_make_valid(first_error, -1);
        page_notice(page, "trace-error", nullptr, error_count, valid);
        dev.forget_hidden();
    } else {
        dev.find_hidden();
    }
    dev.finish_limits();
    GooString label;
    if (trace->doc->getCatalog()->indexToLabel(n - 1, &label)) {
        page->label = utf8_label(label);
    }
    return page;
}

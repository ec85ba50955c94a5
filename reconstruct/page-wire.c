/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page-wire.h"

#include <string.h>

#define WIRE_MAGIC 0x31504a59u    /* "YJP1" */
#define WIRE_NO_LABEL G_MAXUINT32 /* the length of a label that is NULL */
#define GLYPH_FLAGS 0x7Fu         /* the GLYPH_… there are */
#define STYLE_FLAGS 0x07u         /* the STYLE_… there are */
#define COLOUR_MAX 0xFFFFFFu
#define CODE_POINT_MAX 0x10FFFFu

typedef struct {
    guint32 magic;
    guint32 number;
    double width, height;
    guint32 painted_known;
    guint32 label; /* bytes */
    guint32 fonts;
    guint32 counts[PAGE_SECTIONS];
    guint32 unused; /* padding, which would carry bytes nobody set */
} WireHead;

/* What is left of the bytes to read. */
typedef struct {
    const guint8 *at;
    gsize left;
} Wire;

typedef struct {
    guint32 size; /* of an element */
    guint32 limit;
    gboolean (*accepts)(const Page *page, gconstpointer element);
} Section;

/* Elements are written as they lie in memory; padding would carry bytes nobody set. */
G_STATIC_ASSERT(sizeof(WireHead) == 72);
G_STATIC_ASSERT(sizeof(Style) == 12);
G_STATIC_ASSERT(sizeof(Glyph) == 44);
G_STATIC_ASSERT(sizeof(Ruling) == 28);
G_STATIC_ASSERT(sizeof(Area) == 20);
G_STATIC_ASSERT(sizeof(Mark) == 16);
G_STATIC_ASSERT(sizeof(Notice) == 140);
G_STATIC_ASSERT(sizeof(Reading) == 16);

static gboolean
box_is_sound(float x0, float y0, float x1, float y1)
{
    return isfinite(x0) && isfinite(y0) && isfinite(x1) && isfinite(y1) && x0 <= x1 && y0 <= y1;
}

static gboolean
text_is_sound(const char *text, gsize size)
{
    return memchr(text, '\0', size) != NULL && g_utf8_validate(text, -1, NULL);
}

static gboolean
style_is_sound(const Page *page, gconstpointer element)
{
    const Style *s = element;
    return isfinite(s->size) && s->size >= 0 && s->colour <= COLOUR_MAX &&
           s->font < page->fonts->len && s->direction <= DIRECTION_LAST &&
           (s->flags & ~STYLE_FLAGS) == 0;
}

static gboolean
glyph_is_sound(const Page *page, gconstpointer element)
{
    const Glyph *g = element;
    return g->unicode <= CODE_POINT_MAX && (g->unicode < 0xD800 || g->unicode > 0xDFFF) &&
           box_is_sound(g->x0, g->y0, g->x1, g->y1) && isfinite(g->origin_x) &&
           isfinite(g->origin_y) && g->confidence >= 0 && g->confidence <= 1 &&
           g->style < page->styles->len && g->origin <= ORIGIN_LAST && g->hidden <= HIDDEN_LAST &&
           (g->flags & ~GLYPH_FLAGS) == 0;
}

static gboolean
ruling_is_sound(const Page *page G_GNUC_UNUSED, gconstpointer element)
{
    const Ruling *r = element;
    return box_is_sound(r->x0, r->y0, r->x1, r->y1) && (r->x0 == r->x1 || r->y0 == r->y1) &&
           isfinite(r->width) && r->width >= 0 && r->colour <= COLOUR_MAX &&
           r->source <= RULING_SOURCE_LAST && r->dashed <= 1 && r->unused == 0;
}

static gboolean
area_is_sound(const Page *page G_GNUC_UNUSED, gconstpointer element)
{
    const Area *a = element;
    return box_is_sound(a->x0, a->y0, a->x1, a->y1) && a->colour <= COLOUR_MAX;
}

static gboolean
mark_is_sound(const Page *page G_GNUC_UNUSED, gconstpointer element)
{
    const Mark *m = element;
    return box_is_sound(m->x0, m->y0, m->x1, m->y1);
}

static gboolean
notice_is_sound(const Page *page G_GNUC_UNUSED, gconstpointer element)
{
    const Notice *n = element;
    return text_is_sound(n->kind, sizeof n->kind) && n->kind[0] != '\0' &&
           text_is_sound(n->text, sizeof n->text) && box_is_sound(n->x0, n->y0, n->x1, n->y1) &&
           n->count >= 1;
}

static gboolean
code_point_is_sound(guint32 c)
{
    return c <= CODE_POINT_MAX && (c < 0xD800 || c > 0xDFFF);
}

static gboolean
reading_is_sound(const Page *page, gconstpointer element)
{
    const Reading *r = element;
    return r->glyph < page->glyphs->len && code_point_is_sound(r->raw) && r->unicode != 0 &&
           code_point_is_sound(r->unicode) && r->confidence >= 0 && r->confidence <= 1;
}

static const Section SECTIONS[PAGE_SECTIONS] = {
    [PAGE_STYLES] = {sizeof(Style), PAGE_MAX_STYLES, style_is_sound},
    [PAGE_GLYPHS] = {sizeof(Glyph), PAGE_MAX_GLYPHS, glyph_is_sound},
    [PAGE_RULINGS] = {sizeof(Ruling), PAGE_MAX_RULINGS, ruling_is_sound},
    [PAGE_AREAS] = {sizeof(Area), PAGE_MAX_AREAS, area_is_sound},
    [PAGE_IMAGES] = {sizeof(Mark), PAGE_MAX_IMAGES, mark_is_sound},
    [PAGE_SHAPES] = {sizeof(Mark), PAGE_MAX_SHAPES, mark_is_sound},
    [PAGE_NOTICES] = {sizeof(Notice), PAGE_MAX_NOTICES, notice_is_sound},
    [PAGE_READINGS] = {sizeof(Reading), PAGE_MAX_READINGS, reading_is_sound},
};

static gboolean
section_is_sound(const Page *page, PageSection section)
{
    const GArray *array = page_section(page, section);
    if (array->len > SECTIONS[section].limit) {
        return FALSE;
    }
    const char *element = array->data;
    for (guint i = 0; i < array->len; i++, element += SECTIONS[section].size) {
        if (!SECTIONS[section].accepts(page, element)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
names_are_sound(const Page *page)
{
    const char *label = page->label;
    if (label != NULL && (strlen(label) > PAGE_MAX_NAME || !g_utf8_validate(label, -1, NULL))) {
        return FALSE;
    }
    for (guint i = 0; i < page->fonts->len; i++) {
        if (strlen(g_ptr_array_index(page->fonts, i)) > PAGE_MAX_NAME) {
            return FALSE;
        }
    }
    return page->fonts->len <= PAGE_MAX_FONTS;
}

static void
append_string(GByteArray *out, const char *text)
{
    guint32 length = (guint32)strlen(text);
    g_byte_array_append(out, (const guint8 *)&length, sizeof length);
    g_byte_array_append(out, (const guint8 *)text, length);
}

static gboolean
wire_take(Wire *wire, gsize size, const guint8 **ret_bytes)
{
    if (size > wire->left) {
        return FALSE;
    }
    *ret_bytes = wire->at;
    wire->at += size;
    wire->left -= size;
    return TRUE;
}

/* A string of `length` bytes without a NUL among them, or NULL. */
static char *
wire_take_string(Wire *wire, guint32 length)
{
    const guint8 *bytes = NULL;
    if (length > PAGE_MAX_NAME || !wire_take(wire, length, &bytes) ||
        memchr(bytes, '\0', length) != NULL) {
        return NULL;
    }
    return g_strndup((const char *)bytes, length);
}

static gboolean
wire_take_fonts(Wire *wire, guint32 count, GPtrArray *fonts)
{
    for (guint32 i = 0; i < count; i++) {
        const guint8 *bytes = NULL;
        guint32 length = 0;
        if (!wire_take(wire, sizeof length, &bytes)) {
            return FALSE;
        }
        memcpy(&length, bytes, sizeof length);
        char *name = wire_take_string(wire, length);
        if (name == NULL) {
            return FALSE;
        }
        g_ptr_array_add(fonts, name);
    }
    return TRUE;
}

static gboolean
wire_take_sections(Wire *wire, const guint32 *counts, Page *page)
{
    for (guint i = 0; i < PAGE_SECTIONS; i++) {
        const guint8 *bytes = NULL;
        if (counts[i] > SECTIONS[i].limit ||
            !wire_take(wire, (gsize)counts[i] * SECTIONS[i].size, &bytes)) {
            return FALSE;
        }
        g_array_append_vals(page_section(page, i), bytes, counts[i]);
    }
    return TRUE;
}

GArray *
page_section(const Page *page, PageSection section)
{
    switch (section) {
    case PAGE_STYLES:
        return page->styles;
    case PAGE_GLYPHS:
        return page->glyphs;
    case PAGE_RULINGS:
        return page->rulings;
    case PAGE_AREAS:
        return page->areas;
    case PAGE_IMAGES:
        return page->images;
    case PAGE_SHAPES:
        return page->shapes;
    case PAGE_NOTICES:
        return page->notices;
    case PAGE_READINGS:
        return page->readings;
    case PAGE_SECTIONS:
    default:
        g_assert_not_reached();
    }
}

guint
page_section_limit(PageSection section)
{
    return SECTIONS[section].limit;
}

gboolean
page_section_accepts(const Page *page, PageSection section, gconstpointer element)
{
    return SECTIONS[section].accepts(page, element);
}

gboolean
page_is_sound(const Page *page)
{
    if (page->number < 1 || !isfinite(page->width) || !isfinite(page->height) || page->width < 0 ||
        page->height < 0 || !names_are_sound(page)) {
        return FALSE;
    }
    for (guint i = 0; i < PAGE_SECTIONS; i++) {
        if (!section_is_sound(page, i)) {
            return FALSE;
        }
    }
    return TRUE;
}

void
page_write_wire(const Page *page, GByteArray *out)
{
    WireHead head = {
        .magic = WIRE_MAGIC,
        .number = page->number,
        .width = page->width,
        .height = page->height,
        .painted_known = page->painted_known ? 1 : 0,
        .label = page->label != NULL ? (guint32)strlen(page->label) : WIRE_NO_LABEL,
        .fonts = page->fonts->len,
    };
    for (guint i = 0; i < PAGE_SECTIONS; i++) {
        head.counts[i] = page_section(page, i)->len;
    }
    g_byte_array_append(out, (const guint8 *)&head, sizeof head);
    if (page->label != NULL) {
        g_byte_array_append(out, (const guint8 *)page->label, head.label);
    }
    for (guint i = 0; i < page->fonts->len; i++) {
        append_string(out, g_ptr_array_index(page->fonts, i));
    }
    for (guint i = 0; i < PAGE_SECTIONS; i++) {
        const GArray *array = page_section(page, i);
        g_byte_array_append(out, (const guint8 *)array->data, array->len * SECTIONS[i].size);
    }
}

Page *
page_read_wire(const guint8 *data, gsize size)
{
    Wire wire = {data, size};
    const guint8 *bytes = NULL;
    WireHead head;
    if (!wire_take(&wire, sizeof head, &bytes)) {
        return NULL;
    }
    memcpy(&head, bytes, sizeof head);
    if (head.magic != WIRE_MAGIC || head.unused != 0 || head.painted_known > 1 ||
        head.fonts > PAGE_MAX_FONTS) {
        return NULL;
    }
    g_autoptr(Page) page = page_new(head.number, head.width, head.height);
    page->painted_known = head.painted_known == 1;
    if (head.label != WIRE_NO_LABEL) {
        page->label = wire_take_string(&wire, head.label);
        if (page->label == NULL) {
            return NULL;
        }
    }
    if (!wire_take_fonts(&wire, head.fonts, page->fonts) ||
        !wire_take_sections(&wire, head.counts, page) || wire.left != 0 || !page_is_sound(page)) {
        return NULL;
    }
    return g_steal_pointer(&page);
}

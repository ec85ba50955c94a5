/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paint.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Points. */
static const double RULE_WIDTH = 0.5;
static const double DOUBLE_OFFSET = 0.8; /* of each of two rules from the middle */
static const double GAP = 0.5;           /* at each end of a ruling, so 1 at a crossing */

/* 1 April 2025, when no SOURCE_DATE_EPOCH is set. */
static const gint64 DEFAULT_DATE = 1743465600;

/* cairo 1.16 has no call for /Rotate, but gives every page a transparency group that an opaque page
 * does not need: /Rotate takes its place, padded to the same length, so that the offsets in the
 * cross-reference table stay true. painter_finish fails when a cairo no longer writes this; the
 * test of --rotate will tell. */
static const char PAGE_GROUP[] = "/Group <<\n"
                                 "      /Type /Group\n"
                                 "      /S /Transparency\n"
                                 "      /I true\n"
                                 "      /CS /DeviceRGB\n"
                                 "   >>";
static const char ROTATE[] = "/Rotate 90";

struct Painter {
    const Options *options;
    cairo_surface_t *surface;
    cairo_t *cr;
    FILE *file;
    char *path;
    GString *pending; /* bytes in which a group may have begun */
    guint n_rotated;
    guint32 n_pages;
};

/* Writes all but the last KEEP bytes of what is pending. */
static gboolean
pending_write(Painter *painter, gsize keep)
{
    gsize length = painter->pending->len > keep ? painter->pending->len - keep : 0;
    gboolean good = fwrite(painter->pending->str, 1, length, painter->file) == length;

    g_string_erase(painter->pending, 0, (gssize)length);
    return good;
}

/* memmem, which is not in every C library. */
static char *
group_find(const GString *bytes)
{
    const gsize length = sizeof PAGE_GROUP - 1;

    for (gsize i = 0; i + length <= bytes->len; i++) {
        if (memcmp(bytes->str + i, PAGE_GROUP, length) == 0)
            return bytes->str + i;
    }
    return NULL;
}

static cairo_status_t
painter_write(void *closure, const unsigned char *data, unsigned int length)
{
    Painter *painter = closure;
    const gsize group_length = sizeof PAGE_GROUP - 1;
    char *group = NULL;

    g_string_append_len(painter->pending, (const char *)data, (gssize)length);
    while (painter->options->rotate && (group = group_find(painter->pending))) {
        memset(group, ' ', group_length);
        memcpy(group, ROTATE, sizeof ROTATE - 1);
        painter->n_rotated++;
    }
    return pending_write(painter, painter->options->rotate ? group_length - 1 : 0)
               ? CAIRO_STATUS_SUCCESS
               : CAIRO_STATUS_WRITE_ERROR;
}

static char *
creation_date(void)
{
    const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
    gint64 seconds = epoch ? g_ascii_strtoll(epoch, NULL, 10) : DEFAULT_DATE;
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(seconds);

    if (!date)
        date = g_date_time_new_from_unix_utc(DEFAULT_DATE);
    return g_date_time_format(date, "%Y-%m-%dT%H:%M:%SZ");
}

static gboolean
options_turn(const Options *options)
{
    return options->sideways || options->rotate;
}

Painter *
painter_new(const char *path, double width, double height, const Options *options, GError **error)
{
    FILE *file = g_fopen(path, "wb");
    g_autofree char *date = creation_date();

    if (!file) {
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    Painter *painter = g_new0(Painter, 1);
    painter->options = options;
    painter->file = file;
    painter->path = g_strdup(path);
    painter->pending = g_string_new(NULL);
    painter->surface = cairo_pdf_surface_create_for_stream(painter_write, painter,
                                                           options_turn(options) ? height : width,
                                                           options_turn(options) ? width : height);
    cairo_pdf_surface_set_metadata(painter->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(painter->surface, CAIRO_PDF_METADATA_MOD_DATE, date);
    painter->cr = cairo_create(painter->surface);
    return painter;
}

void
painter_free(Painter *painter)
{
    if (!painter)
        return;
    cairo_destroy(painter->cr);
    cairo_surface_destroy(painter->surface);
    if (painter->file)
        fclose(painter->file);
    g_string_free(painter->pending, TRUE);
    g_free(painter->path);
    g_free(painter);
}

static gboolean
rule_shows(const Rule *rule, RuleStyle style)
{
    gboolean horizontal = fabs(rule->y1 - rule->y0) < fabs(rule->x1 - rule->x0);

    switch (style) {
    case RULES_HORIZONTAL:
        return horizontal || rule->kind == RULE_DRAWING;
    case RULES_VERTICAL:
        return !horizontal || rule->kind == RULE_DRAWING;
    case RULES_OPEN:
        return rule->kind != RULE_SIDE;
    case RULES_NO_TOP_BOTTOM:
        return rule->kind != RULE_EDGE;
    case RULES_NONE:
        return rule->kind == RULE_DRAWING;
    case RULES_SOLID:
    case RULES_DOTTED:
    case RULES_DASHED:
    case RULES_DOUBLE:
    case RULES_FILL:
    default:
        return TRUE;
    }
}

static void
rule_stroke(cairo_t *cr, const Rule *rule, double dx, double dy)
{
    cairo_move_to(cr, rule->x0 + dx, rule->y0 + dy);
    cairo_line_to(cr, rule->x1 + dx, rule->y1 + dy);
    cairo_stroke(cr);
}

static void
rule_fill(cairo_t *cr, const Rule *rule)
{
    double half = RULE_WIDTH / 2.0;

    cairo_rectangle(cr, rule->x0 - half, rule->y0 - half, rule->x1 - rule->x0 + RULE_WIDTH,
                    rule->y1 - rule->y0 + RULE_WIDTH);
    cairo_fill(cr);
}

static void
rule_paint(cairo_t *cr, const Rule *source, const Options *options)
{
    static const double DOTS[] = {0.8, 1.6};
    static const double DASHES[] = {4.0, 2.0};
    Rule rule = *source;
    gboolean horizontal = fabs(rule.y1 - rule.y0) < fabs(rule.x1 - rule.x0);
    RuleStyle style = rule.kind == RULE_DRAWING ? RULES_SOLID : options->rules;

    if (options->gaps && rule.kind != RULE_DRAWING) {
        *(horizontal ? &rule.x0 : &rule.y0) += GAP;
        *(horizontal ? &rule.x1 : &rule.y1) -= GAP;
    }
    cairo_set_dash(cr, DOTS, style == RULES_DOTTED ? 2 : 0, 0.0);
    if (style == RULES_DASHED)
        cairo_set_dash(cr, DASHES, 2, 0.0);
    if (style == RULES_FILL) {
        rule_fill(cr, &rule);
    } else if (style == RULES_DOUBLE) {
        rule_stroke(cr, &rule, horizontal ? 0 : -DOUBLE_OFFSET, horizontal ? -DOUBLE_OFFSET : 0);
        rule_stroke(cr, &rule, horizontal ? 0 : DOUBLE_OFFSET, horizontal ? DOUBLE_OFFSET : 0);
    } else {
        rule_stroke(cr, &rule, 0, 0);
    }
}

static void
marks_paint(cairo_t *cr, const Page *page, Fonts *fonts, guint first, guint count)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree cairo_glyph_t *glyphs = g_new(cairo_glyph_t, count);
    g_autofree cairo_text_cluster_t *clusters = g_new(cairo_text_cluster_t, count);

    for (guint i = 0; i < count; i++) {
        const PlacedGlyph *mark = &g_array_index(page->glyphs, PlacedGlyph, first + i);
        gsize before = text->len;

        glyphs[i] =
            (cairo_glyph_t){fonts_find(fonts, mark->face, mark->c)->glyph, mark->x, mark->y};
        g_string_append_unichar(text, mark->c);
        clusters[i] = (cairo_text_cluster_t){(int)(text->len - before), 1};
    }
    cairo_show_text_glyphs(cr, text->str, (int)text->len, glyphs, (int)count, clusters, (int)count,
                           0);
}

static void
piece_paint(cairo_t *cr, const Page *page, Fonts *fonts, const Piece *piece)
{
    guint end = piece->first + piece->count;
    guint next = piece->first;

    while (next < end) {
        const PlacedGlyph *mark = &g_array_index(page->glyphs, PlacedGlyph, next);
        cairo_font_face_t *font = fonts_find(fonts, mark->face, mark->c)->font;
        guint first = next;
        const PlacedGlyph *other = mark;

        while (next < end && fonts_find(fonts, other->face, other->c)->font == font &&
               fabs(other->size - mark->size) < 0.001) {
            next++;
            other++;
        }
        cairo_set_font_face(cr, font);
        cairo_set_font_size(cr, mark->size);
        marks_paint(cr, page, fonts, first, next - first);
    }
}

void
painter_add_page(Painter *painter, const Page *page, Fonts *fonts)
{
    cairo_t *cr = painter->cr;
    g_autoptr(GPtrArray) pieces = page_order_pieces(page, painter->options->order,
                                                    painter->options->seed + painter->n_pages++);

    cairo_save(cr);
    if (options_turn(painter->options)) {
        cairo_translate(cr, 0.0, page->width);
        cairo_rotate(cr, -G_PI_2);
    }
    for (guint i = 0; i < page->fills->len; i++) {
        const Fill *fill = &g_array_index(page->fills, Fill, i);

        cairo_set_source_rgb(cr, fill->grey, fill->grey, fill->grey);
        cairo_rectangle(cr, fill->x, fill->y, fill->width, fill->height);
        cairo_fill(cr);
    }
    cairo_set_source_rgb(cr, 0.0, 0.0, 0.0);
    cairo_set_line_width(cr, RULE_WIDTH);
    for (guint i = 0; i < page->rules->len; i++) {
        const Rule *rule = &g_array_index(page->rules, Rule, i);

        if (rule_shows(rule, painter->options->rules))
            rule_paint(cr, rule, painter->options);
    }
    for (guint i = 0; i < pieces->len; i++)
        piece_paint(cr, page, fonts, pieces->pdata[i]);
    cairo_restore(cr);
    cairo_show_page(cr);
}

gboolean
painter_finish(Painter *painter, GError **error)
{
    cairo_surface_finish(painter->surface);
    gboolean good = cairo_surface_status(painter->surface) == CAIRO_STATUS_SUCCESS;

    good = pending_write(painter, 0) && good;
    good = fclose(painter->file) == 0 && good;
    painter->file = NULL;
    if (!good) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "%s: cannot write", painter->path);
        return FALSE;
    }
    if (painter->options->rotate && painter->n_rotated != painter->n_pages) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSYS,
                    "%s: --rotate does not work with cairo %s", painter->path,
                    cairo_version_string());
        return FALSE;
    }
    return TRUE;
}

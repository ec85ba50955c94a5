/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fonts.h"

#include <pango/pangocairo.h>

/* Shaping size: large, so that advances in Pango's integer units keep five digits. */
static const double SHAPING_SIZE = 1000.0;

struct Fonts {
    PangoContext *context;
    PangoFontDescription *faces[N_FACES];
    GHashTable *glyphs; /* face and character to FontGlyph */
    GString *missing;
};

static void
glyph_free(gpointer data)
{
    FontGlyph *glyph = data;

    cairo_font_face_destroy(glyph->font);
    g_free(glyph);
}

static gboolean
family_exists(PangoFontMap *map, const char *name)
{
    g_autofree PangoFontFamily **families = NULL;
    int n_families = 0;

    pango_font_map_list_families(map, &families, &n_families);
    for (int i = 0; i < n_families; i++) {
        if (g_ascii_strcasecmp(pango_font_family_get_name(families[i]), name) == 0)
            return TRUE;
    }
    return FALSE;
}

static PangoContext *
context_new(PangoFontMap *map)
{
    PangoContext *context = pango_font_map_create_context(map);
    cairo_font_options_t *unhinted = cairo_font_options_create();

    cairo_font_options_set_hint_style(unhinted, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(unhinted, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, unhinted);
    cairo_font_options_destroy(unhinted);
    pango_context_set_language(context, pango_language_from_string("ja"));
    pango_context_set_round_glyph_positions(context, FALSE);
    return context;
}

Fonts *
fonts_new(const char *text_family, const char *heading_family, GError **error)
{
    const char *names[N_FACES] = {text_family, heading_family};
    g_autoptr(PangoFontMap) map = pango_cairo_font_map_new();

    for (int i = 0; i < N_FACES; i++) {
        if (!family_exists(map, names[i])) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                        "font family '%s' is not installed", names[i]);
            return NULL;
        }
    }
    Fonts *fonts = g_new0(Fonts, 1);
    fonts->context = context_new(map);
    fonts->glyphs = g_hash_table_new_full(NULL, NULL, NULL, glyph_free);
    fonts->missing = g_string_new(NULL);
    for (int i = 0; i < N_FACES; i++) {
        fonts->faces[i] = pango_font_description_new();
        pango_font_description_set_family(fonts->faces[i], names[i]);
        pango_font_description_set_absolute_size(fonts->faces[i], SHAPING_SIZE * PANGO_SCALE);
    }
    return fonts;
}

void
fonts_free(Fonts *fonts)
{
    if (!fonts)
        return;
    g_hash_table_unref(fonts->glyphs);
    for (int i = 0; i < N_FACES; i++)
        pango_font_description_free(fonts->faces[i]);
    g_object_unref(fonts->context);
    g_string_free(fonts->missing, TRUE);
    g_free(fonts);
}

/* Stands for characters that cannot be set; whatever fonts there are, one has it. */
static const gunichar BLANK = '?';

static FontGlyph *
glyph_shape(Fonts *fonts, Face face, gunichar c)
{
    g_autoptr(PangoLayout) layout = pango_layout_new(fonts->context);
    char text[7] = {0};
    int length = g_unichar_to_utf8(c, text);

    pango_layout_set_font_description(layout, fonts->faces[face]);
    pango_layout_set_text(layout, text, length);
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    PangoLayoutRun *run = line->runs ? line->runs->data : NULL;
    PangoGlyphInfo *info = run ? &run->glyphs->glyphs[0] : NULL;

    if (!info || info->glyph == PANGO_GLYPH_EMPTY || (info->glyph & PANGO_GLYPH_UNKNOWN_FLAG)) {
        g_string_append_printf(fonts->missing, " U+%04X", c);
        g_assert(c != BLANK);
        return glyph_shape(fonts, face, BLANK);
    }
    cairo_scaled_font_t *scaled =
        pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(run->item->analysis.font));
    FontGlyph *glyph = g_new0(FontGlyph, 1);

    glyph->font = cairo_font_face_reference(cairo_scaled_font_get_font_face(scaled));
    glyph->glyph = info->glyph;
    glyph->advance = info->geometry.width / SHAPING_SIZE / PANGO_SCALE;
    return glyph;
}

const FontGlyph *
fonts_find(Fonts *fonts, Face face, gunichar c)
{
    gpointer key = GUINT_TO_POINTER((guint)face << 24 | c);
    FontGlyph *glyph = g_hash_table_lookup(fonts->glyphs, key);

    if (!glyph) {
        glyph = glyph_shape(fonts, face, c);
        g_hash_table_insert(fonts->glyphs, key, glyph);
    }
    return glyph;
}

const char *
fonts_missing(const Fonts *fonts)
{
    return fonts->missing->str;
}

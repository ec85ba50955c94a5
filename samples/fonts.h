/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Characters to glyphs: which font has a character, under which number, how wide.
 *
 * Each character is shaped once and alone, so there is no kerning and no ligature: the width of a
 * line is the sum of its characters, as Japanese office programs set it. Advances are in ems.
 * Cannot do combining marks or scripts that need shaping in context. */
#ifndef SAMPLES_FONTS_H
#define SAMPLES_FONTS_H

#include <cairo.h>
#include <glib.h>

typedef enum { FACE_TEXT, FACE_HEADING, N_FACES } Face;

typedef struct {
    cairo_font_face_t *font; /* owned by the Fonts */
    gulong glyph;            /* number in that font */
    double advance;          /* ems */
} FontGlyph;

typedef struct Fonts Fonts;

/* NULL with an error when a family is not installed. */
Fonts *fonts_new(const char *text_family, const char *heading_family, GError **error);
void fonts_free(Fonts *fonts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fonts, fonts_free)

/* The glyph of C; it lives as long as FONTS. */
const FontGlyph *fonts_find(Fonts *fonts, Face face, gunichar c);

/* The characters asked for that no installed font has, as " U+XXXX"; empty when all is well. They
 * come out as question marks. */
const char *fonts_missing(const Fonts *fonts);

#endif

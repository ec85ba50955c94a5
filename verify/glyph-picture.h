/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Glyph picture: what one character looks like on the page, small, its em always as large, so that
 * characters of one document can be compared with each other; and a bank of those whose character
 * is known.
 *
 * A picture is GLYPH_SIDE × GLYPH_SIDE bytes, 0 paper, 255 ink.
 */
#pragma once

#include "geometry.h"

#include <leptonica/allheaders.h>

#define GLYPH_SIDE 36
#define GLYPH_BYTES ((gsize)GLYPH_SIDE * GLYPH_SIDE)

typedef struct {
    guint8 ink[GLYPH_BYTES];
} GlyphPicture;

/* Takes the picture of `box` (pixels of `grey`, 8 bpp, the ground white); em in pixels. FALSE if
 * there is none. */
gboolean glyph_picture_take(PIX *grey, Rect box, double em, GlyphPicture *ret_picture);

/* How unlike two pictures are, the best of small shifts: 0 the same, 1 nothing in common. Squared
 * difference over the sum of both energies. */
double glyph_picture_distance(const GlyphPicture *a, const GlyphPicture *b);

/* How often a row or a column across it goes from paper to ink: the mean of both. */
double glyph_picture_turns(const GlyphPicture *picture);

/* Pictures of characters that are known. Of each character like pictures are one, so that all
 * typefaces of a document have a place and it is known how often each was seen. */
typedef struct GlyphBank GlyphBank;

/* Where a character stands. */
typedef struct {
    guint32 page, zone; /* of the picture's comparison */
    gint32 at;
    gunichar before, after; /* its neighbours in the text, or 0 */
    gboolean vouched;       /* a text layer says the same */
    Rect box;
} GlyphPlace;

GlyphBank *glyph_bank_new(void);
void glyph_bank_free(GlyphBank *bank);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GlyphBank, glyph_bank_free)

void glyph_bank_add(GlyphBank *bank, gunichar c, const GlyphPicture *picture,
                    const GlyphPlace *place);

/* Leaves out from now on what was put under the wrong character, since OCR's places had slipped:
 * pictures seen once or twice that are `near` those of another character seen more often. May be
 * called again when more have been added. */
void glyph_bank_settle(GlyphBank *bank, double near, gboolean (*alike)(guint32 c, guint32 like));

/* The distance to the nearest picture of this character, 2 if there is none. */
double glyph_bank_distance(const GlyphBank *bank, gunichar c, const GlyphPicture *picture);

/* The character whose picture is nearest of all, and how near: 0 and 2 if nothing is. */
gunichar glyph_bank_nearest(const GlyphBank *bank, const GlyphPicture *picture,
                            double *ret_distance);

/* The same of so many characters that may be it. */
gunichar glyph_bank_nearest_among(const GlyphBank *bank, const GlyphPicture *picture,
                                  const gunichar *may, guint n, double *ret_distance);

/* How far pictures of one character are from the nearest of their like: of nine in ten no further.
 * 0 if nothing is known. */
double glyph_bank_spread(const GlyphBank *bank);

/* A picture that document and OCR call `c` and that looks as another character does elsewhere, and
 * unlike the others of its own. */
typedef struct {
    gunichar c, like;
    double own, other; /* distances */
    GlyphPlace place;
} GlyphOddity;

/* GlyphOddity of characters of which `may_be` says that one can be taken for the other. near: the
 * distance of like pictures. */
GArray *glyph_bank_oddities(const GlyphBank *bank, double near,
                            gboolean (*may_be)(guint32 c, guint32 like));

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Witness: the text layer of a PDF's page as a second reader that fails in other ways than OCR. It
 * cannot misread; but a font may say wrong characters. What settles that is that the same glyph of
 * a font is the same character everywhere in the document: a glyph that OCR has read elsewhere as
 * what its font says is believed wherever it stands.
 */
#pragma once

#include "align.h"
#include "zone-texts.h"

/* How often a glyph of a font was read as what the font says, and as something else. */
typedef struct {
    guint64 glyph; /* font, code and what the font says of it, as one number */
    guint32 agreed, differed;
} GlyphVotes;

typedef struct Witness Witness;

/* layer: borrowed; NULL for page images: such a witness says nothing. */
Witness *witness_new(const Page *layer);
void witness_free(Witness *witness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Witness, witness_free)

/* Hears a zone, whose passage has n characters. seen, layer: its alignment (Step) with what was
 * seen, and with what the layer has there; either may be NULL. What follows is about this zone. */
void witness_hear(Witness *witness, const ZoneText *text, const GArray *seen, const GArray *layer,
                  guint n);

/* Appends the glyphs (guint64) that say the passage's characters [from, to). */
void witness_glyphs(const Witness *witness, guint from, guint to, GArray *glyphs);

/* Whether at this place of the page a glyph stands that some zone heard so far has the text of. */
gboolean witness_accounts(const Witness *witness, Rect box);

/* GlyphVotes of the page, in the order heard. */
const GArray *witness_votes(const Witness *witness);

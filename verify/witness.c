/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "witness.h"

#define NO_GLYPH G_MAXUINT

struct Witness {
    const Page *layer;
    guint8 *accounted; /* of each of the layer's glyphs: whether a zone has its text */
    GArray *votes;     /* GlyphVotes */
    GHashTable *index; /* glyph → its index in votes + 1 */
    GArray *at;        /* guint: of each character of the zone's passage, the layer's glyph */
};

Witness *
witness_new(const Page *layer)
{
    Witness *witness = g_new0(Witness, 1);
    witness->layer = layer;
    witness->accounted = g_new0(guint8, layer != NULL ? layer->glyphs->len + 1 : 1);
    witness->votes = g_array_new(FALSE, FALSE, sizeof(GlyphVotes));
    witness->index = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    witness->at = g_array_new(FALSE, FALSE, sizeof(guint));
    return witness;
}

void
witness_free(Witness *witness)
{
    if (witness != NULL) {
        g_free(witness->accounted);
        g_array_unref(witness->votes);
        g_hash_table_destroy(witness->index);
        g_array_unref(witness->at);
        g_free(witness);
    }
}

/* Fowler, Noll and Vo, FNV-1a of 64 bits. */
static guint64
hash_bytes(guint64 hash, const void *bytes, gsize size)
{
    for (gsize i = 0; i < size; i++) {
        hash = (hash ^ ((const guint8 *)bytes)[i]) * 1099511628211u;
    }
    return hash;
}

static guint64
glyph_key(const Page *layer, const Glyph *glyph)
{
    const char *font = g_ptr_array_index(layer->fonts, page_glyph_style(layer, glyph)->font);
    guint64 hash = hash_bytes(14695981039346656037u, font, strlen(font));
    hash = hash_bytes(hash, &glyph->code, sizeof glyph->code);
    return hash_bytes(hash, &glyph->unicode, sizeof glyph->unicode);
}

static GlyphVotes *
votes_of(Witness *witness, guint64 glyph)
{
    guint i = GPOINTER_TO_UINT(g_hash_table_lookup(witness->index, &glyph));
    if (i == 0) {
        GlyphVotes votes = {glyph, 0, 0};
        g_array_append_val(witness->votes, votes);
        i = witness->votes->len;
        g_hash_table_insert(witness->index, g_memdup2(&glyph, sizeof glyph), GUINT_TO_POINTER(i));
    }
    return &g_array_index(witness->votes, GlyphVotes, i - 1);
}

static gboolean
is_same(const Step *step)
{
    return step->kind == STEP_SAME || step->kind == STEP_PLAIN;
}

static guint
glyph_at(const Witness *witness, guint at)
{
    return at < witness->at->len ? g_array_index(witness->at, guint, at) : NO_GLYPH;
}

void
witness_hear(Witness *witness, const ZoneText *text, const GArray *seen, const GArray *layer,
             guint n)
{
    g_array_set_size(witness->at, 0);
    for (guint i = 0, none = NO_GLYPH; i < n && layer != NULL; i++) {
        g_array_append_val(witness->at, none);
    }
    for (guint i = 0; layer != NULL && i < layer->len; i++) {
        const Step *s = &g_array_index(layer, Step, i);
        if (is_same(s)) {
            guint glyph = g_array_index(text->layer_glyphs, guint, s->b);
            g_array_index(witness->at, guint, s->a) = glyph;
            witness->accounted[glyph] = 1;
        }
    }
    for (guint i = 0; seen != NULL && i < seen->len; i++) {
        const Step *s = &g_array_index(seen, Step, i);
        guint glyph = s->kind != STEP_NEW ? glyph_at(witness, s->a) : NO_GLYPH;
        if (glyph != NO_GLYPH && s->kind != STEP_GONE) {
            GlyphVotes *votes =
                votes_of(witness, glyph_key(witness->layer, page_glyph(witness->layer, glyph)));
            *(is_same(s) ? &votes->agreed : &votes->differed) += 1;
        }
    }
}

void
witness_glyphs(const Witness *witness, guint from, guint to, GArray *glyphs)
{
    for (guint i = from; i < to; i++) {
        guint glyph = glyph_at(witness, i);
        if (glyph != NO_GLYPH) {
            guint64 key = glyph_key(witness->layer, page_glyph(witness->layer, glyph));
            g_array_append_val(glyphs, key);
        }
    }
}

gboolean
witness_accounts(const Witness *witness, Rect box)
{
    double x = (box.x0 + box.x1) / 2, y = (box.y0 + box.y1) / 2;
    for (guint i = 0; witness->layer != NULL && i < witness->layer->glyphs->len; i++) {
        Rect glyph = glyph_rect(page_glyph(witness->layer, i));
        if (witness->accounted[i] && x >= glyph.x0 && x <= glyph.x1 && y >= glyph.y0 &&
            y <= glyph.y1) {
            return TRUE;
        }
    }
    return FALSE;
}

const GArray *
witness_votes(const Witness *witness)
{
    return witness->votes;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A comparison as bytes: workers make them, the parent reads them. It trusts no worker: what does
 * not fit is refused.
 */
#include <string.h>

#include "comparison.h"

#define PICTURES_TYPE "ay"
#define EXEMPLAR_TYPE "(uuuiuubdddd" PICTURES_TYPE ")"
#define DIFFERENCE_TYPE "(uybbbbidddddssmsmsat" PICTURES_TYPE PICTURES_TYPE ")"
#define VOTES_TYPE "(tuu)"
#define COMPARISON_TYPE                                                                            \
    "(uubbd(ddddu)dda(ubuuus)a" DIFFERENCE_TYPE "a" EXEMPLAR_TYPE "a" VOTES_TYPE ")"

static GVariant *
bytes_variant(const void *data, gsize size)
{
    return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, data, size, 1);
}

void
comparison_write(const Comparison *comparison, GByteArray *bytes)
{
    GVariantBuilder zones, differences, exemplars, votes;
    g_variant_builder_init(&zones, G_VARIANT_TYPE("a(ubuuus)"));
    g_variant_builder_init(&differences, G_VARIANT_TYPE("a" DIFFERENCE_TYPE));
    g_variant_builder_init(&exemplars, G_VARIANT_TYPE("a" EXEMPLAR_TYPE));
    g_variant_builder_init(&votes, G_VARIANT_TYPE("a" VOTES_TYPE));
    for (guint i = 0; i < comparison->zones->len; i++) {
        const ZoneCheck *z = &g_array_index(comparison->zones, ZoneCheck, i);
        g_variant_builder_add(&zones, "(ubuuus)", z->zone, (gboolean)z->checked, z->from, z->to,
                              z->seen, z->text);
    }
    for (guint i = 0; i < comparison->differences->len; i++) {
        const Difference *d = &g_array_index(comparison->differences, Difference, i);
        g_variant_builder_add(&differences, "(uybbbbidddddssmsms@at@ay@ay)", d->zone, d->kind,
                              (gboolean)d->settled, (gboolean)d->room, (gboolean)d->accounted,
                              (gboolean)d->squeezed, d->at, (double)d->confidence, d->box.x0,
                              d->box.y0, d->box.x1, d->box.y1, d->expected, d->seen, d->again,
                              d->layer,
                              g_variant_new_fixed_array(G_VARIANT_TYPE_UINT64, d->glyphs->data,
                                                        d->glyphs->len, sizeof(guint64)),
                              bytes_variant(d->cuts->data, d->cuts->len * sizeof(Cut)),
                              bytes_variant(d->pictures->data, d->pictures->len * GLYPH_BYTES));
    }
    for (guint i = 0; i < comparison->exemplars->len; i++) {
        const Exemplar *e = &g_array_index(comparison->exemplars, Exemplar, i);
        const GlyphPlace *at = &e->place;
        g_variant_builder_add(&exemplars, "(uuuiuubdddd@ay)", e->c, at->page, at->zone, at->at,
                              at->before, at->after, at->vouched, at->box.x0, at->box.y0,
                              at->box.x1, at->box.y1, bytes_variant(e->picture.ink, GLYPH_BYTES));
    }
    for (guint i = 0; i < comparison->votes->len; i++) {
        const GlyphVotes *v = &g_array_index(comparison->votes, GlyphVotes, i);
        g_variant_builder_add(&votes, VOTES_TYPE, v->glyph, v->agreed, v->differed);
    }
    const Placing *p = &comparison->placing;
    g_autoptr(GVariant) all = g_variant_ref_sink(g_variant_new(
        COMPARISON_TYPE, comparison->picture, comparison->page, comparison->lost, comparison->alien,
        comparison->likeness, p->scale_x, p->scale_y, p->x, p->y, p->anchors, comparison->width,
        comparison->height, &zones, &differences, &exemplars, &votes));
    g_byte_array_append(bytes, g_variant_get_data(all), (guint)g_variant_get_size(all));
}

static gboolean
is_zone(const Claims *claims, guint32 zone)
{
    return zone < claims->zones->len && claims_zone(claims, zone)->passage != NO_PASSAGE;
}

static gboolean
read_zones(const Claims *claims, GVariantIter *iter, GArray *zones)
{
    ZoneCheck z = {0};
    gboolean checked;
    const char *text;
    while (
        g_variant_iter_next(iter, "(ubuuu&s)", &z.zone, &checked, &z.from, &z.to, &z.seen, &text)) {
        if (!is_zone(claims, z.zone) || z.from > z.to ||
            z.to > claims_passage(claims, claims_zone(claims, z.zone)->passage)->n) {
            return FALSE;
        }
        z.checked = (guint8)checked;
        g_array_append_val(zones, z);
        g_array_index(zones, ZoneCheck, zones->len - 1).text = g_strdup(text);
    }
    return TRUE;
}

static GArray *
array_of(const void *data, guint size, gsize n)
{
    GArray *array = g_array_new(FALSE, FALSE, size);
    return g_array_append_vals(array, data, (guint)n);
}

static gboolean
read_differences(const Claims *claims, GVariantIter *iter, GArray *differences)
{
    Difference d = {0};
    gboolean settled, room, accounted, squeezed;
    double confidence;
    const char *expected, *seen, *again, *layer;
    GVariant *glyphs, *cuts, *pictures;
    while (g_variant_iter_next(iter, "(uybbbbiddddd&s&sm&sm&s@at@ay@ay)", &d.zone, &d.kind,
                               &settled, &room, &accounted, &squeezed, &d.at, &confidence,
                               &d.box.x0, &d.box.y0, &d.box.x1, &d.box.y1, &expected, &seen, &again,
                               &layer, &glyphs, &cuts, &pictures)) {
        gsize size = 0, n = 0, cut = 0;
        const void *data = g_variant_get_fixed_array(pictures, &size, 1);
        const void *keys = g_variant_get_fixed_array(glyphs, &n, sizeof(guint64));
        const void *pieces = g_variant_get_fixed_array(cuts, &cut, 1);
        gboolean sound = d.kind <= FINDING_LAST && size % GLYPH_BYTES == 0 &&
                         cut % sizeof(Cut) == 0 && (d.zone == NO_ZONE || is_zone(claims, d.zone));
        if (sound) {
            d.settled = (guint8)settled;
            d.room = (guint8)room;
            d.accounted = (guint8)accounted;
            d.squeezed = (guint8)squeezed;
            d.confidence = (float)confidence;
            g_array_append_val(differences, d);
            Difference *own = &g_array_index(differences, Difference, differences->len - 1);
            own->expected = g_strdup(expected);
            own->seen = g_strdup(seen);
            own->again = g_strdup(again);
            own->layer = g_strdup(layer);
            own->pictures = array_of(data, sizeof(GlyphPicture), size / GLYPH_BYTES);
            own->glyphs = array_of(keys, sizeof(guint64), n);
            own->cuts = array_of(pieces, sizeof(Cut), cut / sizeof(Cut));
        }
        g_variant_unref(glyphs);
        g_variant_unref(cuts);
        g_variant_unref(pictures);
        if (!sound) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
read_exemplars(const Claims *claims, GVariantIter *iter, GArray *exemplars)
{
    Exemplar e;
    GVariant *picture;
    GlyphPlace *at = &e.place;
    while (g_variant_iter_next(iter, "(uuuiuubdddd@ay)", &e.c, &at->page, &at->zone, &at->at,
                               &at->before, &at->after, &at->vouched, &at->box.x0, &at->box.y0,
                               &at->box.x1, &at->box.y1, &picture)) {
        gsize size = 0;
        const void *data = g_variant_get_fixed_array(picture, &size, 1);
        gboolean sound =
            size == GLYPH_BYTES && is_zone(claims, at->zone) && at->page < claims->pages->len;
        if (sound) {
            memcpy(e.picture.ink, data, size);
            g_array_append_val(exemplars, e);
        }
        g_variant_unref(picture);
        if (!sound) {
            return FALSE;
        }
    }
    return TRUE;
}

static void
read_votes(GVariantIter *iter, GArray *votes)
{
    GlyphVotes v;
    while (g_variant_iter_next(iter, VOTES_TYPE, &v.glyph, &v.agreed, &v.differed)) {
        g_array_append_val(votes, v);
    }
}

static void
zone_check_clear(gpointer data)
{
    g_free(((ZoneCheck *)data)->text);
}

void
difference_clear(gpointer data)
{
    Difference *d = data;
    g_free(d->expected);
    g_free(d->seen);
    g_free(d->again);
    g_free(d->layer);
    g_clear_pointer(&d->pictures, g_array_unref);
    g_clear_pointer(&d->glyphs, g_array_unref);
    g_clear_pointer(&d->cuts, g_array_unref);
}

Comparison *
comparison_new(void)
{
    Comparison *comparison = g_new0(Comparison, 1);
    comparison->zones = g_array_new(FALSE, TRUE, sizeof(ZoneCheck));
    comparison->differences = g_array_new(FALSE, TRUE, sizeof(Difference));
    comparison->exemplars = g_array_new(FALSE, TRUE, sizeof(Exemplar));
    comparison->votes = g_array_new(FALSE, FALSE, sizeof(GlyphVotes));
    g_array_set_clear_func(comparison->zones, zone_check_clear);
    g_array_set_clear_func(comparison->differences, difference_clear);
    return comparison;
}

void
comparison_free(Comparison *comparison)
{
    if (comparison != NULL) {
        g_array_unref(comparison->zones);
        g_array_unref(comparison->differences);
        g_array_unref(comparison->exemplars);
        g_array_unref(comparison->votes);
        g_free(comparison);
    }
}

Comparison *
comparison_read(const Claims *claims, const guint8 *data, gsize size)
{
    g_autoptr(Comparison) comparison = comparison_new();
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GVariant) raw =
        g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(COMPARISON_TYPE), bytes, FALSE));
    g_autoptr(GVariant) all = g_variant_get_normal_form(raw);
    g_autoptr(GVariantIter) zones = NULL, differences = NULL, exemplars = NULL, votes = NULL;
    Placing *p = &comparison->placing;
    g_variant_get(all, COMPARISON_TYPE, &comparison->picture, &comparison->page, &comparison->lost,
                  &comparison->alien, &comparison->likeness, &p->scale_x, &p->scale_y, &p->x, &p->y,
                  &p->anchors, &comparison->width, &comparison->height, &zones, &differences,
                  &exemplars, &votes);
    read_votes(votes, comparison->votes);
    if (comparison->page >= claims->pages->len || !read_zones(claims, zones, comparison->zones) ||
        !read_differences(claims, differences, comparison->differences) ||
        !read_exemplars(claims, exemplars, comparison->exemplars)) {
        return NULL;
    }
    return g_steal_pointer(&comparison);
}

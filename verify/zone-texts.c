/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zone-texts.h"

#include "chars.h"

/* A character belongs to a zone that is this near, in ems of its own. */
#define NEAR_EMS 0.6
/* Lines whose heights have this part in common stand in one row. */
#define ROW_PART 0.5

/* Characters of a text layer smaller than this part of their zone's common size are ruby. */
#define RUBY_PART 0.7

/* A line's part in one zone, or a character of a text layer. */
typedef struct {
    guint first, n; /* in the zone's list */
    Rect box;
    gboolean vertical;
    guint row;
} Piece;

static double
distance_to(Rect box, double x, double y)
{
    double dx = MAX(0, MAX(box.x0 - x, x - box.x1)), dy = MAX(0, MAX(box.y0 - y, y - box.y1));
    return hypot(dx, dy);
}

/* The index of the zone, page->zones for none: the smallest that holds it, or else the nearest. */
static guint
zone_of(const Claims *claims, const ClaimedPage *page, Rect box)
{
    double x = (box.x0 + box.x1) / 2, y = (box.y0 + box.y1) / 2;
    double reach = NEAR_EMS * MAX(rect_width(box), rect_height(box)), best = 0;
    guint found = page->zones;
    for (guint i = 0; i < page->zones; i++) {
        const ClaimedZone *zone = claims_zone(claims, page->first_zone + i);
        double away = zone->placed ? distance_to(zone->box, x, y) : G_MAXDOUBLE;
        /* areas of those that hold it are told from distances by being negative */
        double rank = away > 0 ? away : -1 / (1 + rect_area(zone->box));
        if (zone->passage != NO_PASSAGE && away <= reach && (found == page->zones || rank < best)) {
            best = rank;
            found = i;
        }
    }
    return found;
}

static int
compare_across(gconstpointer a, gconstpointer b)
{
    const Piece *p = a, *q = b;
    double by = p->vertical ? q->box.x1 - p->box.x1 : p->box.y0 + p->box.y1 - q->box.y0 - q->box.y1;
    return by < 0 ? -1 : by > 0 ? 1 : p->first < q->first ? -1 : 1;
}

static int
compare_rows(gconstpointer a, gconstpointer b)
{
    const Piece *p = a, *q = b;
    double by = p->vertical ? p->box.y0 - q->box.y0 : p->box.x0 - q->box.x0;
    if (p->row != q->row) {
        return p->row < q->row ? -1 : 1;
    }
    return by < 0 ? -1 : by > 0 ? 1 : p->first < q->first ? -1 : 1;
}

/* Pieces in the order of reading: rows from the top (columns from the right), and along them. */
static void
pieces_sort(GArray *pieces)
{
    g_array_sort(pieces, compare_across);
    for (guint i = 1; i < pieces->len; i++) {
        Piece *p = &g_array_index(pieces, Piece, i), *before = p - 1;
        double over = p->vertical
                          ? interval_overlap(p->box.x0, p->box.x1, before->box.x0, before->box.x1)
                          : interval_overlap(p->box.y0, p->box.y1, before->box.y0, before->box.y1);
        double low = p->vertical ? MIN(rect_width(p->box), rect_width(before->box))
                                 : MIN(rect_height(p->box), rect_height(before->box));
        p->row = before->row + (over < ROW_PART * low);
    }
    g_array_sort(pieces, compare_rows);
}

static const SeenChar *
seen_at(const ZoneText *text, const Look *look, guint i)
{
    return &g_array_index(look->chars, SeenChar, g_array_index(text->seen, guint, i));
}

static const InkLine *
line_of(const Look *look, const SeenChar *seen)
{
    return &g_array_index(look->scan->text.lines, InkLine, seen->line);
}

/* A single character may be taken for a vertical line: the zone is what most of it is. */
static gboolean
is_vertical(const ZoneText *text, const Look *look)
{
    guint vertical = 0;
    for (guint i = 0; i < text->seen->len; i++) {
        vertical += line_of(look, seen_at(text, look, i))->vertical;
    }
    return 2 * vertical > text->seen->len;
}

static void
put_in_order(ZoneText *text, const Look *look)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, TRUE, sizeof(Piece));
    guint line = G_MAXUINT;
    for (guint i = 0; i < text->seen->len; i++) {
        const SeenChar *s = seen_at(text, look, i);
        if (s->line != line) {
            Piece piece = {.first = i, .box = s->box};
            g_array_append_val(pieces, piece);
            line = s->line;
        }
        Piece *piece = &g_array_index(pieces, Piece, pieces->len - 1);
        piece->n++;
        piece->box = rect_union(piece->box, s->box);
    }
    gboolean vertical = is_vertical(text, look);
    for (guint i = 0; i < pieces->len; i++) {
        g_array_index(pieces, Piece, i).vertical = vertical;
    }
    pieces_sort(pieces);
    GArray *sorted = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);
        g_array_append_vals(sorted, &g_array_index(text->seen, guint, piece->first), piece->n);
    }
    g_array_unref(text->seen);
    text->seen = sorted;
}

static int
compare_heights(gconstpointer a, gconstpointer b)
{
    double p = rect_height(((const Piece *)a)->box), q = rect_height(((const Piece *)b)->box);
    return p < q ? -1 : p > q;
}

/* The characters of a text layer that stand in one zone, without ruby. */
static void
layer_in_order(GArray *pieces, const Page *layer, GArray *chars, GArray *glyphs)
{
    guint kept = 0;
    if (pieces->len == 0) {
        return;
    }
    g_autoptr(GArray) sorted = g_array_copy(pieces);
    g_array_sort(sorted, compare_heights);
    double common = rect_height(g_array_index(sorted, Piece, sorted->len / 2).box);
    for (guint i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);
        if (rect_height(piece->box) >= RUBY_PART * common) {
            g_array_index(pieces, Piece, kept++) = *piece;
        }
    }
    g_array_set_size(pieces, kept);
    pieces_sort(pieces);
    for (guint i = 0; i < pieces->len; i++) {
        Change change;
        guint glyph = g_array_index(pieces, Piece, i).first;
        gunichar c = char_fold(page_glyph(layer, glyph)->unicode, &change);
        g_array_append_val(chars, c);
        g_array_append_val(glyphs, glyph);
    }
}

static void
share_layer(const Claims *claims, const ClaimedPage *page, const Page *layer, GArray *texts)
{
    g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (guint i = 0; i < texts->len; i++) {
        g_ptr_array_add(pieces, g_array_new(FALSE, TRUE, sizeof(Piece)));
    }
    for (guint i = 0; i < layer->glyphs->len; i++) {
        const Glyph *g = page_glyph(layer, i);
        Piece piece = {.first = i,
                       .n = 1,
                       .box = glyph_rect(g),
                       .vertical = page_glyph_style(layer, g)->direction == DIRECTION_VERTICAL};
        if (g->hidden == HIDDEN_NOT && !glyph_is_blank(g) && g->unicode != 0) {
            GArray *of = g_ptr_array_index(pieces, zone_of(claims, page, piece.box));
            g_array_append_val(of, piece);
        }
    }
    for (guint i = 0; i < texts->len; i++) {
        ZoneText *text = &g_array_index(texts, ZoneText, i);
        text->layer = g_array_new(FALSE, FALSE, sizeof(gunichar));
        text->layer_glyphs = g_array_new(FALSE, FALSE, sizeof(guint));
        layer_in_order(g_ptr_array_index(pieces, i), layer, text->layer, text->layer_glyphs);
    }
}

static void
zone_text_clear(gpointer data)
{
    ZoneText *text = data;
    g_array_unref(text->seen);
    g_free(text->chars);
    g_clear_pointer(&text->layer, g_array_unref);
    g_clear_pointer(&text->layer_glyphs, g_array_unref);
}

static void
take_chars(ZoneText *text, const Look *look)
{
    text->n = text->seen->len;
    text->confidence = 0;
    text->chars = g_renew(gunichar, text->chars, text->n + 1);
    for (guint k = 0; k < text->n; k++) {
        const SeenChar *s = seen_at(text, look, k);
        text->chars[k] = s->c;
        text->confidence += (double)s->confidence / text->n;
    }
}

GArray *
zone_text_in_order(const ZoneText *text, const Look *look, gboolean vertical)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, TRUE, sizeof(Piece));
    for (guint i = 0; i < text->seen->len; i++) {
        Piece piece = {
            .first = i, .n = 1, .box = seen_at(text, look, i)->box, .vertical = vertical};
        g_array_append_val(pieces, piece);
    }
    pieces_sort(pieces);
    GArray *sorted = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < pieces->len; i++) {
        guint first = g_array_index(pieces, Piece, i).first;
        g_array_append_val(sorted, g_array_index(text->seen, guint, first));
    }
    return sorted;
}

void
zone_text_reorder(ZoneText *text, const Look *look, GArray *seen)
{
    g_array_unref(text->seen);
    text->seen = g_array_ref(seen);
    take_chars(text, look);
}

GArray *
zone_texts_share(const Claims *claims, const ClaimedPage *page, const Look *look,
                 const Placing *placing)
{
    GArray *texts = g_array_new(FALSE, TRUE, sizeof(ZoneText));
    g_array_set_clear_func(texts, zone_text_clear);
    g_array_set_size(texts, page->zones + 1);
    for (guint i = 0; i < texts->len; i++) {
        g_array_index(texts, ZoneText, i).seen = g_array_new(FALSE, FALSE, sizeof(guint));
    }
    for (guint i = 0; i < look->chars->len; i++) {
        const SeenChar *s = &g_array_index(look->chars, SeenChar, i);
        guint zone = zone_of(claims, page, placing_to_page(placing, s->box));
        g_array_append_val(g_array_index(texts, ZoneText, zone).seen, i);
    }
    for (guint i = 0; i < texts->len; i++) {
        ZoneText *text = &g_array_index(texts, ZoneText, i);
        if (i < page->zones) { /* what lies in no zone stays line by line */
            put_in_order(text, look);
        }
        take_chars(text, look);
    }
    if (look->layer != NULL) {
        share_layer(claims, page, look->layer, texts);
    }
    return texts;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "placing.h"

#include "alike.h"

/* So many characters in a row tie what is read to a zone, if no other zone of the page has them. */
#define GRAM 3u
#define GRAM_BITS 21
/* A zone is an anchor if this part of its characters is found. */
#define ANCHOR_PART 0.7
#define ANCHORS_LEAST 4u
/* Places nearer than this tell no scale, in points. */
#define APART 40.0
/* Scales that no picture of a page has, against that of its size. */
#define SCALE_MOST 3.0
/* Pictures are squeezed by so much at most, one of the page itself by less. */
#define SQUEEZED 0.08
#define SQUEEZED_EXACT 0.02
/* The picture of the page itself is so far off at most, in points. */
#define EXACT_OFF 4.0
#define AMBIGUOUS G_MAXUINT

typedef struct {
    guint found; /* characters */
    Rect box;
} Sighting;

/* A place on the page and in the picture. */
typedef struct {
    double page, picture;
} Tie;

static guint64
gram_of(const gunichar *c)
{
    guint64 gram = 0;
    for (guint i = 0; i < GRAM; i++) {
        gram = gram << GRAM_BITS | char_plain(c[i]);
    }
    return gram;
}

/* Gram → index of the one zone that has it + 1. */
static GHashTable *
grams_of_zones(const Claims *claims, const ClaimedPage *page)
{
    GHashTable *grams = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint i = 0; i < page->zones; i++) {
        const ClaimedZone *zone = claims_zone(claims, page->first_zone + i);
        const Passage *p =
            zone->passage != NO_PASSAGE ? claims_passage(claims, zone->passage) : NULL;
        for (guint k = 0; p != NULL && k + GRAM <= p->n; k++) {
            guint64 gram = gram_of(p->chars + k);
            gpointer there = g_hash_table_lookup(grams, &gram);
            guint value = there == NULL || GPOINTER_TO_UINT(there) == i + 1 ? i + 1 : AMBIGUOUS;
            g_hash_table_insert(grams, g_memdup2(&gram, sizeof gram), GUINT_TO_POINTER(value));
        }
    }
    return grams;
}

static GArray *
sightings_find(const Claims *claims, const ClaimedPage *page, const GArray *chars)
{
    GArray *sightings = g_array_new(FALSE, TRUE, sizeof(Sighting));
    g_array_set_size(sightings, page->zones);
    GHashTable *grams = grams_of_zones(claims, page);
    guint last = G_MAXUINT; /* the last character that was counted */
    for (guint i = 0; i + GRAM <= chars->len; i++) {
        const SeenChar *s = &g_array_index(chars, SeenChar, i);
        gunichar c[GRAM];
        for (guint k = 0; k < GRAM; k++) {
            c[k] = s[k].c;
        }
        guint64 gram = gram_of(c);
        guint zone = GPOINTER_TO_UINT(g_hash_table_lookup(grams, &gram));
        if (zone == 0 || zone == AMBIGUOUS || s[0].line != s[GRAM - 1].line) {
            continue;
        }
        Sighting *sighting = &g_array_index(sightings, Sighting, zone - 1);
        for (guint k = 0; k < GRAM; k++) {
            gboolean counted = last != G_MAXUINT && i + k <= last;
            sighting->box = sighting->found == 0 ? s[k].box : rect_union(sighting->box, s[k].box);
            sighting->found += !counted;
        }
        last = i + GRAM - 1;
    }
    g_hash_table_destroy(grams);
    return sightings;
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

static double
median(GArray *values)
{
    g_array_sort(values, compare_doubles);
    return g_array_index(values, double, values->len / 2);
}

/* The line through most ties (Theil 1950, Sen 1968): the median of the slopes between any two, and
 * of the offsets then. FALSE if they do not tell. */
static gboolean
line_through(const GArray *ties, double *ret_scale, double *ret_offset)
{
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < ties->len; i++) {
        for (guint j = i + 1; j < ties->len; j++) {
            const Tie *p = &g_array_index(ties, Tie, i), *q = &g_array_index(ties, Tie, j);
            double slope = (q->picture - p->picture) / (q->page - p->page);
            if (fabs(q->page - p->page) >= APART) {
                g_array_append_val(values, slope);
            }
        }
    }
    if (values->len < ANCHORS_LEAST) {
        return FALSE;
    }
    *ret_scale = median(values);
    g_array_set_size(values, 0);
    for (guint i = 0; i < ties->len; i++) {
        const Tie *t = &g_array_index(ties, Tie, i);
        double offset = t->picture - *ret_scale * t->page;
        g_array_append_val(values, offset);
    }
    *ret_offset = median(values);
    return TRUE;
}

static void
add_tie(GArray *ties, double page, double picture)
{
    Tie tie = {page, picture};
    g_array_append_val(ties, tie);
}

static gboolean
is_near(const Placing *a, const Placing *b, const ClaimedPage *page)
{
    double x1 = fabs(a->scale_x - b->scale_x) * page->width + fabs(a->x - b->x);
    double y1 = fabs(a->scale_y - b->scale_y) * page->height + fabs(a->y - b->y);
    return x1 < EXACT_OFF && y1 < EXACT_OFF;
}

Placing
placing_find(const Claims *claims, const ClaimedPage *page, const Look *look, gboolean exact)
{
    Placing plain = {exact ? 1 : look->scan->width / page->width,
                     exact ? 1 : look->scan->height / page->height, 0, 0, 0};
    Placing found = plain;
    g_autoptr(GArray) sightings = sightings_find(claims, page, look->chars);
    g_autoptr(GArray) across = g_array_new(FALSE, FALSE, sizeof(Tie));
    g_autoptr(GArray) down = g_array_new(FALSE, FALSE, sizeof(Tie));
    for (guint i = 0; i < sightings->len; i++) {
        const Sighting *s = &g_array_index(sightings, Sighting, i);
        const ClaimedZone *zone = claims_zone(claims, page->first_zone + i);
        if (s->found == 0 || !zone->placed) {
            continue;
        }
        const Passage *p = claims_passage(claims, zone->passage);
        if (p->zones->len == 1 && s->found >= ANCHOR_PART * p->n) {
            add_tie(across, zone->box.x0, s->box.x0);
            add_tie(across, zone->box.x1, s->box.x1);
            add_tie(down, zone->box.y0, s->box.y0);
            add_tie(down, zone->box.y1, s->box.y1);
            found.anchors++;
        }
    }
    gboolean told = found.anchors >= ANCHORS_LEAST &&
                    line_through(across, &found.scale_x, &found.x) &&
                    line_through(down, &found.scale_y, &found.y);
    double k = found.scale_x / plain.scale_x, l = found.scale_y / plain.scale_y;
    double squeezed = fabs(k / l - 1);
    if (!told || squeezed > (exact ? SQUEEZED_EXACT : SQUEEZED) || k > SCALE_MOST ||
        l > SCALE_MOST || k < 1 / SCALE_MOST || l < 1 / SCALE_MOST ||
        (exact && is_near(&found, &plain, page))) {
        plain.anchors = exact ? found.anchors : 0;
        return plain;
    }
    return found;
}

Rect
placing_to_page(const Placing *placing, Rect picture)
{
    return (Rect){
        (picture.x0 - placing->x) / placing->scale_x, (picture.y0 - placing->y) / placing->scale_y,
        (picture.x1 - placing->x) / placing->scale_x, (picture.y1 - placing->y) / placing->scale_y};
}

Rect
placing_to_picture(const Placing *placing, Rect page)
{
    return (Rect){page.x0 * placing->scale_x + placing->x, page.y0 * placing->scale_y + placing->y,
                  page.x1 * placing->scale_x + placing->x, page.y1 * placing->scale_y + placing->y};
}

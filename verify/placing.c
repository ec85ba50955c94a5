/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "placing.h"

#include "alike.h"

/* So many characters in a row tie what is read to a zone, if no other zone of the page has them. */
#define GRAM 3u
#define GRAM_BITS 21
/* A zone is an anchor if this part of its characters is found. */
#define ANCHOR_PART 0.7
#define ANCHORS_LEAST 4u
/* A picture that is so much wider or narrower to its height than the page is not all of it; then
 * fewer anchors have to do. */
#define OTHER_SHAPE 0.04
#define ANCHORS_CROPPED 2u
/* Places nearer than this tell no scale, in points. */
#define APART 40.0
/* Scales that no picture of a page has, against that of its size. */
#define SCALE_MOST 3.0
/* Pictures are squeezed by so much at most, one of the page itself by less. */
#define SQUEEZED 0.08
#define SQUEEZED_EXACT 0.02
/* The picture of the page itself is so far off at most, in points. */
#define EXACT_OFF 4.0
/* A tie says what a placing says if it is so near, in points. */
#define TIE_NEAR 2.5
/* One placing is the better if it has more ties than another by this part (1/…) of them. */
#define SURER 10u
#define SURER_SQUEEZED 4u /* … if it squeezes the picture */
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

/* The scale that most ties say (Theil 1950, Sen 1968): the median of the slopes between any two. 0
 * if they do not tell. */
static double
scale_of(const GArray *ties)
{
    g_autoptr(GArray) slopes = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < ties->len; i++) {
        for (guint j = i + 1; j < ties->len; j++) {
            const Tie *p = &g_array_index(ties, Tie, i), *q = &g_array_index(ties, Tie, j);
            double slope = (q->picture - p->picture) / (q->page - p->page);
            if (fabs(q->page - p->page) >= APART) {
                g_array_append_val(slopes, slope);
            }
        }
    }
    g_array_sort(slopes, compare_doubles);
    return slopes->len >= ANCHORS_LEAST ? g_array_index(slopes, double, slopes->len / 2) : 0;
}

static guint
ties_near(const GArray *ties, double scale, double offset)
{
    guint near = 0;
    for (guint i = 0; i < ties->len; i++) {
        const Tie *t = &g_array_index(ties, Tie, i);
        near += fabs(t->picture - scale * t->page - offset) <= TIE_NEAR;
    }
    return near;
}

/* The offset that most ties say at this scale, and how many do. Not the median: what is not read at
 * the ends of lines puts sides of what is seen inside those of its zone, never outside. */
static guint
offset_of(const GArray *ties, double scale, double *ret_offset)
{
    guint most = 0;
    for (guint i = 0; i < ties->len; i++) {
        const Tie *t = &g_array_index(ties, Tie, i);
        double offset = t->picture - scale * t->page;
        guint near = ties_near(ties, scale, offset);
        if (near > most) {
            most = near;
            *ret_offset = offset;
        }
    }
    return most;
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

typedef struct {
    GArray *across, *down; /* Tie */
    guint anchors;
} Ties;

/* Both sides of each zone that was seen nearly whole. */
static void
ties_take(const Claims *claims, const ClaimedPage *page, const Look *look, Ties *ties)
{
    g_autoptr(GArray) sightings = sightings_find(claims, page, look->chars);
    for (guint i = 0; i < sightings->len; i++) {
        const Sighting *s = &g_array_index(sightings, Sighting, i);
        const ClaimedZone *zone = claims_zone(claims, page->first_zone + i);
        if (s->found == 0 || !zone->placed) {
            continue;
        }
        const Passage *p = claims_passage(claims, zone->passage);
        if (p->zones->len == 1 && s->found >= ANCHOR_PART * p->n) {
            add_tie(ties->across, zone->box.x0, s->box.x0);
            add_tie(ties->across, zone->box.x1, s->box.x1);
            add_tie(ties->down, zone->box.y0, s->box.y0);
            add_tie(ties->down, zone->box.y1, s->box.y1);
            ties->anchors++;
        }
    }
}

/* A cropped picture is as wide to its height as any; one of unlike resolutions across and down is
 * squeezed as its size says. */
static gboolean
is_possible(const Placing *placing, const Placing *plain, double squeezed)
{
    double k = placing->scale_x / plain->scale_x, l = placing->scale_y / plain->scale_y;
    return k > 0 && l > 0 && k <= SCALE_MOST && l <= SCALE_MOST && k >= 1 / SCALE_MOST &&
           l >= 1 / SCALE_MOST &&
           MIN(fabs(placing->scale_x / placing->scale_y - 1), fabs(k / l - 1)) <= squeezed;
}

/* The scales that are tried: each axis's for both, since pictures are hardly ever squeezed, and
 * that of each. Of these, and of the picture's size, the one that most ties agree to, the earlier
 * if they do not tell. */
static Placing
placing_best(const Ties *ties, Placing plain, double squeezed)
{
    double across = scale_of(ties->across), down = scale_of(ties->down);
    const double tries[][2] = {{down, down}, {across, across}, {across, down}};
    Placing best = plain;
    guint most =
        ties_near(ties->across, plain.scale_x, 0) + ties_near(ties->down, plain.scale_y, 0);
    for (guint i = 0; i < G_N_ELEMENTS(tries); i++) {
        Placing p = {.scale_x = tries[i][0], .scale_y = tries[i][1]};
        gboolean even = tries[i][0] == tries[i][1];
        if (is_possible(&p, &plain, squeezed)) {
            guint near = offset_of(ties->across, p.scale_x, &p.x);
            near += offset_of(ties->down, p.scale_y, &p.y);
            if (near > most + most / (even ? SURER : SURER_SQUEEZED)) {
                most = near;
                best = p;
            }
        }
    }
    return best;
}

Placing
placing_find(const Claims *claims, const ClaimedPage *page, const Look *look, gboolean exact)
{
    Placing plain = {.scale_x = exact ? 1 : look->scan->width / page->width,
                     .scale_y = exact ? 1 : look->scan->height / page->height};
    Ties ties = {g_array_new(FALSE, FALSE, sizeof(Tie)), g_array_new(FALSE, FALSE, sizeof(Tie)), 0};
    ties_take(claims, page, look, &ties);
    gboolean cropped = !exact && fabs(plain.scale_x / plain.scale_y - 1) > OTHER_SHAPE;
    guint least = cropped ? ANCHORS_CROPPED : ANCHORS_LEAST;
    Placing found = ties.anchors >= least
                        ? placing_best(&ties, plain, exact ? SQUEEZED_EXACT : SQUEEZED)
                        : plain;
    if (exact && is_near(&found, &plain, page)) {
        found = plain;
    }
    found.anchors = exact || ties.anchors >= least ? ties.anchors : 0;
    found.sighted = ties.anchors;
    found.lost = cropped && look->chars->len > 0 && found.x == 0 && found.y == 0;
    g_array_unref(ties.across);
    g_array_unref(ties.down);
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

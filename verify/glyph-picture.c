/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "glyph-picture.h"

#include <string.h>

/* The em of a picture, in pixels; around it there is room for shifts. */
#define EM 28.0
/* Shifts that are tried, in pixels. */
#define SHIFT 3
/* Between pixels a distance is no less than this part of what it is at them: parabolas overshoot
 * where strokes are thin. */
#define BETWEEN_LEAST 0.2
/* A picture this near to one that is there adds nothing to a bank. */
#define NEWS 0.04
#define PICTURES_MOST 12u
/* An odd picture was seen so often at most; what it looks like so many times as often, and it is
 * that much nearer. */
#define ODD_MOST 2u
#define ODD_TIMES 2u
#define ODD_NEARER 0.5
/* A picture seen so often is sure to be its character's: one that is cut wrongly is not like others
 * that are cut wrongly. */
#define SURE_COUNT 3u
/* Look-alikes of one typeface are no further apart: what is further is of another typeface. */
#define OWN_MOST 0.5
/* From here on a pixel is ink. */
#define DARK 96
/* Distances that are remembered for the spread. */
#define DISTANCES_MOST 4096u
#define SPREAD_PART 0.9

/* ---- pictures ---- */

gboolean
glyph_picture_take(PIX *grey, Rect box, double em, GlyphPicture *ret_picture)
{
    memset(ret_picture, 0, sizeof *ret_picture);
    if (em < 4 || rect_is_empty(box)) {
        return FALSE;
    }
    int x0 = MAX(0, (int)floor(box.x0)), y0 = MAX(0, (int)floor(box.y0));
    int x1 = MIN(pixGetWidth(grey), (int)ceil(box.x1)),
        y1 = MIN(pixGetHeight(grey), (int)ceil(box.y1));
    if (x1 - x0 < 2 || y1 - y0 < 2) {
        return FALSE;
    }
    BOX *cut = boxCreate(x0, y0, x1 - x0, y1 - y0);
    PIX *part = pixClipRectangle(grey, cut, NULL);
    boxDestroy(&cut);
    float scale = (float)(EM / em);
    PIX *small = part == NULL   ? NULL
                 : scale < 0.7F ? pixScaleAreaMap(part, scale, scale)
                                : pixScaleGrayLI(part, scale, scale);
    pixDestroy(&part);
    if (small == NULL) {
        return FALSE;
    }
    int w = MIN(pixGetWidth(small), GLYPH_SIDE), h = MIN(pixGetHeight(small), GLYPH_SIDE);
    int left = (GLYPH_SIDE - w) / 2, top = (GLYPH_SIDE - h) / 2;
    for (int y = 0; y < h; y++) {
        const l_uint32 *line = pixGetData(small) + (gsize)y * (gsize)pixGetWpl(small);
        for (int x = 0; x < w; x++) {
            guint8 *to = &ret_picture->ink[(top + y) * GLYPH_SIDE + left + x];
            *to = (guint8)(255 - GET_DATA_BYTE(line, x));
        }
    }
    pixDestroy(&small);
    return TRUE;
}

static double
difference(const GlyphPicture *a, const GlyphPicture *b, int dx, int dy)
{
    guint64 sum = 0;
    for (int y = 0; y < GLYPH_SIDE; y++) {
        int v = y + dy;
        gboolean row = v >= 0 && v < GLYPH_SIDE;
        for (int x = 0; x < GLYPH_SIDE; x++) {
            int u = x + dx;
            int p = a->ink[y * GLYPH_SIDE + x];
            int q = row && u >= 0 && u < GLYPH_SIDE ? b->ink[v * GLYPH_SIDE + u] : 0;
            sum += (guint64)((p - q) * (p - q));
        }
    }
    return (double)sum;
}

static double
energy(const GlyphPicture *a)
{
    guint64 sum = 0;
    for (guint i = 0; i < GLYPH_BYTES; i++) {
        sum += (guint64)a->ink[i] * a->ink[i];
    }
    return (double)sum;
}

static void
centroid(const GlyphPicture *a, double *ret_x, double *ret_y)
{
    double sum = 0, x = 0, y = 0;
    for (guint i = 0; i < GLYPH_BYTES; i++) {
        guint column = i % GLYPH_SIDE, row = i / GLYPH_SIDE;
        sum += a->ink[i];
        x += a->ink[i] * (double)column;
        y += a->ink[i] * (double)row;
    }
    *ret_x = sum > 0 ? x / sum : 0;
    *ret_y = sum > 0 ? y / sum : 0;
}

double
glyph_picture_turns(const GlyphPicture *picture)
{
    guint turns = 0, crossed = 0;
    for (guint way = 0; way < 2; way++) {
        for (int i = 0; i < GLYPH_SIDE; i++) {
            gboolean before = FALSE, any = FALSE;
            for (int k = 0; k < GLYPH_SIDE; k++) {
                gboolean dark =
                    picture->ink[way == 0 ? i * GLYPH_SIDE + k : k * GLYPH_SIDE + i] >= DARK;
                turns += dark && !before;
                any = any || dark;
                before = dark;
            }
            crossed += any;
        }
    }
    return crossed > 0 ? (double)turns / crossed : 0;
}

/* A parabola through three values one apart: its least, no lower than 0. */
static double
least_between(double before, double at, double after)
{
    double curve = before - 2 * at + after, slope = (after - before) / 2;
    return curve > 0 ? MAX(0, at - slope * slope / (2 * curve)) : at;
}

double
glyph_picture_distance(const GlyphPicture *a, const GlyphPicture *b)
{
    double all = energy(a) + energy(b), best = G_MAXDOUBLE, ax, ay, bx, by;
    if (all <= 0) {
        return 1;
    }
    centroid(a, &ax, &ay);
    centroid(b, &bx, &by);
    int x = CLAMP((int)lround(bx - ax), -2 * SHIFT, 2 * SHIFT);
    int y = CLAMP((int)lround(by - ay), -2 * SHIFT, 2 * SHIFT);
    /* downhill from where the centres of gravity meet */
    best = difference(a, b, x, y);
    for (gboolean moved = TRUE; moved;) {
        static const int steps[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
        moved = FALSE;
        for (guint i = 0; i < 4; i++) {
            int u = x + steps[i][0], v = y + steps[i][1];
            double d = abs(u) <= 3 * SHIFT && abs(v) <= 3 * SHIFT ? difference(a, b, u, v) : best;
            if (d < best) {
                best = d;
                x = u;
                y = v;
                moved = TRUE;
                break;
            }
        }
    }
    double across = least_between(difference(a, b, x - 1, y), best, difference(a, b, x + 1, y));
    double down = least_between(difference(a, b, x, y - 1), best, difference(a, b, x, y + 1));
    return MAX(best * BETWEEN_LEAST, across + down - best) / all;
}

/* ---- the bank ---- */

/* A coarse picture: the ink of squares, by which most of a bank is ruled out at a glance. */
#define COARSE 6
#define SQUARE (GLYPH_SIDE / COARSE)
/* So many of the coarsely nearest are compared in full. */
#define CANDIDATES 32u

typedef struct {
    guint16 ink[COARSE * COARSE];
} Coarse;

/* Like pictures of one character. */
typedef struct {
    gunichar c;
    guint count;
    gboolean slipped;     /* it is of another character: glyph_bank_settle() */
    GlyphPicture picture; /* the first */
    GlyphPlace place;     /* of the first */
    Coarse coarse;
} Cluster;

struct GlyphBank {
    GHashTable *known;   /* gunichar → GArray of guint: indices of clusters */
    GPtrArray *clusters; /* Cluster */
    GArray *distances;   /* double */
};

/* Of the picture moved so that its centre of gravity is in the middle. */
static Coarse
coarse_of(const GlyphPicture *picture)
{
    Coarse coarse = {0};
    double x, y;
    centroid(picture, &x, &y);
    int dx = (int)lround(x) - GLYPH_SIDE / 2, dy = (int)lround(y) - GLYPH_SIDE / 2;
    for (int v = 0; v < GLYPH_SIDE; v++) {
        for (int u = 0; u < GLYPH_SIDE; u++) {
            int p = u + dx, q = v + dy;
            if (p >= 0 && q >= 0 && p < GLYPH_SIDE && q < GLYPH_SIDE) {
                guint16 *to = &coarse.ink[v / SQUARE * COARSE + u / SQUARE];
                *to = (guint16)(*to + picture->ink[q * GLYPH_SIDE + p]);
            }
        }
    }
    return coarse;
}

static guint
coarse_distance(const Coarse *a, const Coarse *b)
{
    guint sum = 0;
    for (guint i = 0; i < COARSE * COARSE; i++) {
        sum += (guint)abs(a->ink[i] - b->ink[i]);
    }
    return sum;
}

GlyphBank *
glyph_bank_new(void)
{
    GlyphBank *bank = g_new0(GlyphBank, 1);
    bank->known = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    bank->clusters = g_ptr_array_new_with_free_func(g_free);
    bank->distances = g_array_new(FALSE, FALSE, sizeof(double));
    return bank;
}

void
glyph_bank_free(GlyphBank *bank)
{
    if (bank != NULL) {
        g_hash_table_destroy(bank->known);
        g_ptr_array_unref(bank->clusters);
        g_array_unref(bank->distances);
        g_free(bank);
    }
}

static Cluster *
cluster_at(const GlyphBank *bank, const GArray *of, guint i)
{
    return g_ptr_array_index(bank->clusters, g_array_index(of, guint, i));
}

/* The nearest cluster of a character, or NULL; the first that is near enough will do. */
static Cluster *
cluster_nearest(const GlyphBank *bank, gunichar c, const GlyphPicture *picture, double enough,
                double *ret_distance)
{
    const GArray *of = g_hash_table_lookup(bank->known, GUINT_TO_POINTER(c));
    Cluster *best = NULL;
    *ret_distance = 2;
    for (guint i = 0; of != NULL && i<of->len && * ret_distance> enough; i++) {
        Cluster *cluster = cluster_at(bank, of, i);
        double distance = cluster->slipped ? 2 : glyph_picture_distance(&cluster->picture, picture);
        if (distance < *ret_distance) {
            *ret_distance = distance;
            best = cluster;
        }
    }
    return best;
}

void
glyph_bank_add(GlyphBank *bank, gunichar c, const GlyphPicture *picture, const GlyphPlace *place)
{
    double distance;
    Cluster *nearest = cluster_nearest(bank, c, picture, NEWS, &distance);
    GArray *of = g_hash_table_lookup(bank->known, GUINT_TO_POINTER(c));
    if (distance <= 1 && bank->distances->len < DISTANCES_MOST) {
        g_array_append_val(bank->distances, distance);
    }
    if (of == NULL) {
        of = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(bank->known, GUINT_TO_POINTER(c), of);
    }
    if (nearest != NULL && (distance <= NEWS || of->len >= PICTURES_MOST)) {
        nearest->count++;
        return;
    }
    Cluster *cluster = g_new0(Cluster, 1);
    *cluster = (Cluster){c, 1, FALSE, *picture, *place, coarse_of(picture)};
    g_array_append_val(of, bank->clusters->len);
    g_ptr_array_add(bank->clusters, cluster);
}

double
glyph_bank_distance(const GlyphBank *bank, gunichar c, const GlyphPicture *picture)
{
    double distance;
    cluster_nearest(bank, c, picture, 0, &distance);
    return distance;
}

typedef struct {
    guint distance, index;
} Candidate;

static int
compare_candidates(gconstpointer a, gconstpointer b)
{
    const Candidate *p = a, *q = b;
    return p->distance != q->distance ? (p->distance < q->distance ? -1 : 1)
                                      : (p->index < q->index ? -1 : p->index > q->index);
}

/* The nearest of the candidates, or NULL. */
static const Cluster *
nearest_candidate(const GlyphBank *bank, GArray *candidates, const GlyphPicture *picture,
                  double *ret_distance)
{
    const Cluster *best = NULL;
    *ret_distance = 2;
    g_array_sort(candidates, compare_candidates);
    for (guint i = 0; i < MIN(candidates->len, CANDIDATES); i++) {
        const Cluster *cluster =
            g_ptr_array_index(bank->clusters, g_array_index(candidates, Candidate, i).index);
        double distance = glyph_picture_distance(&cluster->picture, picture);
        if (distance < *ret_distance) {
            *ret_distance = distance;
            best = cluster;
        }
    }
    return best;
}

/* The nearest cluster that is of another character than `but`, 0 for any. */
static const Cluster *
nearest_of_all(const GlyphBank *bank, const GlyphPicture *picture, gunichar but,
               double *ret_distance)
{
    const Coarse coarse = coarse_of(picture);
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (guint i = 0; i < bank->clusters->len; i++) {
        const Cluster *cluster = g_ptr_array_index(bank->clusters, i);
        Candidate candidate = {coarse_distance(&coarse, &cluster->coarse), i};
        if (cluster->c != but && !cluster->slipped) {
            g_array_append_val(candidates, candidate);
        }
    }
    return nearest_candidate(bank, candidates, picture, ret_distance);
}

gunichar
glyph_bank_nearest(const GlyphBank *bank, const GlyphPicture *picture, double *ret_distance)
{
    const Cluster *best = nearest_of_all(bank, picture, 0, ret_distance);
    return best != NULL ? best->c : 0;
}

gunichar
glyph_bank_nearest_among(const GlyphBank *bank, const GlyphPicture *picture, const gunichar *may,
                         guint n, double *ret_distance)
{
    const Coarse coarse = coarse_of(picture);
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (guint i = 0; i < n; i++) {
        const GArray *of = g_hash_table_lookup(bank->known, GUINT_TO_POINTER(may[i]));
        guint most = 0;
        for (guint k = 0; of != NULL && k < of->len; k++) {
            most = MAX(most, cluster_at(bank, of, k)->count);
        }
        /* of a character seen often, what was seen once may have been cut wrongly */
        guint least = most >= SURE_COUNT ? 2 : 1;
        for (guint k = 0; of != NULL && k < of->len; k++) {
            const Cluster *cluster = cluster_at(bank, of, k);
            Candidate candidate = {coarse_distance(&coarse, &cluster->coarse),
                                   g_array_index(of, guint, k)};
            if (!cluster->slipped && cluster->count >= least) {
                g_array_append_val(candidates, candidate);
            }
        }
    }
    const Cluster *best = nearest_candidate(bank, candidates, picture, ret_distance);
    return best != NULL ? best->c : 0;
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

double
glyph_bank_spread(const GlyphBank *bank)
{
    if (bank->distances->len == 0) {
        return 0;
    }
    g_autoptr(GArray) sorted = g_array_copy(bank->distances);
    g_array_sort(sorted, compare_doubles);
    return g_array_index(sorted, double, (guint)(SPREAD_PART * (sorted->len - 1)));
}

/* ---- oddities ---- */

/* The distance to the nearest of the character's other clusters, of those that are sure to be its
 * picture, since they were seen often. */
static double
distance_to_own(const GlyphBank *bank, const Cluster *odd)
{
    const GArray *of = g_hash_table_lookup(bank->known, GUINT_TO_POINTER(odd->c));
    double least = 2;
    for (guint i = 0; i < of->len; i++) {
        const Cluster *cluster = cluster_at(bank, of, i);
        if (cluster != odd && cluster->count >= MAX(odd->count, SURE_COUNT)) {
            least = MIN(least, glyph_picture_distance(&cluster->picture, &odd->picture));
        }
    }
    return least;
}

void
glyph_bank_settle(GlyphBank *bank, double near, gboolean (*alike)(guint32 c, guint32 like))
{
    for (guint i = 0; i < bank->clusters->len; i++) {
        Cluster *odd = g_ptr_array_index(bank->clusters, i);
        double other;
        const Cluster *like =
            odd->count <= ODD_MOST ? nearest_of_all(bank, &odd->picture, odd->c, &other) : NULL;
        odd->slipped = like != NULL && other <= near &&
                       like->count >= MAX(ODD_TIMES * odd->count, SURE_COUNT) &&
                       !alike(odd->c, like->c);
    }
}

GArray *
glyph_bank_oddities(const GlyphBank *bank, double near, gboolean (*may_be)(guint32 c, guint32 like))
{
    GArray *oddities = g_array_new(FALSE, FALSE, sizeof(GlyphOddity));
    for (guint i = 0; i < bank->clusters->len; i++) {
        const Cluster *odd = g_ptr_array_index(bank->clusters, i);
        double other;
        const Cluster *like =
            odd->count <= ODD_MOST ? nearest_of_all(bank, &odd->picture, odd->c, &other) : NULL;
        if (like == NULL || other > near || like->count < MAX(ODD_TIMES * odd->count, SURE_COUNT) ||
            !may_be(odd->c, like->c) || like->c == odd->place.before ||
            like->c == odd->place.after) {
            continue;
        }
        double own = distance_to_own(bank, odd);
        if (own > near && other <= near / 2 && own <= OWN_MOST && other < ODD_NEARER * own) {
            GlyphOddity oddity = {odd->c, like->c, own, other, odd->place};
            g_array_append_val(oddities, oddity);
        }
    }
    return oddities;
}

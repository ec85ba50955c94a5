/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Structure: what the document says by itself that cannot be right, whatever the pictures show:
 * cells whose zones lie in another column or row than they are said to be in, and zones that two
 * passages refer to. Where a good part of a table seems out of place it is the table that runs
 * another way (sideways, vertical), and nothing is said.
 */
#include "verdict.h"

/* Of all pairs of cells so many may be out of order for those to be findings. */
#define DISORDER_MOST 0.2
#define SURE 0.95

/* One cell on one page. */
typedef struct {
    guint table, row, column, zone;
    guint32 page;
    Rect box;
} Place;

static PageVerdict *
page_of(const Claims *claims, Report *report, guint32 number)
{
    for (guint i = 0; i < report->pages->len; i++) {
        if (claims_page(claims, i)->number == number) {
            return g_ptr_array_index(report->pages, i);
        }
    }
    return NULL;
}

static void
add(const Claims *claims, Report *report, guint zone, const Passage *p, FindingKind kind,
    const char *says)
{
    const ClaimedZone *z = claims_zone(claims, zone);
    PageVerdict *page = page_of(claims, report, z->page);
    if (page == NULL) {
        return;
    }
    report_add_finding(page, zone, kind, z->placed ? &z->box : NULL,
                       g_ucs4_to_utf8(p->chars, p->n, NULL, NULL, NULL), g_strdup(""), SURE,
                       "place", says);
}

static void
find_doubled(const Claims *claims, Report *report)
{
    for (guint i = 0; i < claims->passages->len; i++) {
        const Passage *p = claims_passage(claims, i);
        for (guint k = 0; k < p->zones->len; k++) {
            guint zone = g_array_index(p->zones, guint, k);
            if (claims_zone(claims, zone)->passage != i) {
                add(claims, report, zone, p, FINDING_DOUBLED, "another passage has this zone");
                break;
            }
        }
    }
}

/* The place of every cell of one column on every page, one a cell: its passages together. */
static GArray *
places_of(const Claims *claims)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(Place));
    for (guint i = 0; i < claims->passages->len; i++) {
        const Passage *p = claims_passage(claims, i);
        for (guint k = 0; k < p->zones->len && p->kind == PASSAGE_CELL && p->colspan == 1; k++) {
            guint zone = g_array_index(p->zones, guint, k);
            const ClaimedZone *z = claims_zone(claims, zone);
            Place place = {p->table, p->row, p->column, zone, z->page, z->box};
            Place *last = places->len > 0 ? &g_array_index(places, Place, places->len - 1) : NULL;
            if (!z->placed) {
                continue;
            }
            if (last != NULL && last->table == place.table && last->row == place.row &&
                last->column == place.column && last->page == place.page) {
                last->box = rect_union(last->box, place.box);
            } else {
                g_array_append_val(places, place);
            }
        }
    }
    return places;
}

/* −1 if two cells lie against their order, 1 if with it, 0 if nothing is said. */
static int
order_of(const Place *a, const Place *b)
{
    if (a->row == b->row && a->column < b->column) {
        return b->box.x1 <= a->box.x0 ? -1 : b->box.x0 >= a->box.x1;
    }
    if (a->column == b->column && a->row < b->row) {
        return b->box.y1 <= a->box.y0 ? -1 : b->box.y0 >= a->box.y1;
    }
    return 0;
}

/* The cells of one table on one page lie at [from, to) of places, as far as they are together. */
static void
check_order(const Claims *claims, Report *report, const GArray *places, guint from, guint to)
{
    g_autofree guint *against = g_new0(guint, to - from + 1);
    guint all = 0, wrong = 0;
    for (guint i = from; i < to; i++) {
        for (guint j = i + 1; j < to; j++) {
            const Place *a = &g_array_index(places, Place, i),
                        *b = &g_array_index(places, Place, j);
            int order = a->page == b->page ? order_of(a, b) : 0;
            all += order != 0;
            wrong += order < 0;
            against[i - from] += order < 0;
            against[j - from] += order < 0;
        }
    }
    for (guint i = from; i < to && wrong <= DISORDER_MOST * all; i++) {
        guint zone = g_array_index(places, Place, i).zone;
        if (against[i - from] > 0) {
            add(claims, report, zone, claims_passage(claims, claims_zone(claims, zone)->passage),
                FINDING_ORDER, "it lies in another column or row");
        }
    }
}

void
structure_check(const Claims *claims, Report *report)
{
    find_doubled(claims, report);
    g_autoptr(GArray) places = places_of(claims);
    for (guint from = 0, to; from < places->len; from = to) {
        guint table = g_array_index(places, Place, from).table;
        for (to = from; to < places->len && g_array_index(places, Place, to).table == table; to++) {
        }
        check_order(claims, report, places, from, to);
    }
}

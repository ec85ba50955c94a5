/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict.h"

#include <string.h>

#include "chars.h"
#include "weighing.h"

/* The looks at a suspicion are weighed by adding: what speaks for a finding is positive. Together
 * they must reach this. */
#define FINDING 2.0
/* Between two zones of a passage so many characters may be lost to the cut. */
#define CUT_CHARS 3u

struct Verifier {
    Learnt learnt;
    GPtrArray *comparisons; /* Comparison, by index of page; NULL where there is none */
    GPtrArray *failures;    /* char *, the same */
    GArray *strays;         /* Stray: pictures of another page than they should be */
    GHashTable *unread;     /* zones whose picture says something else that is not believed */
};

typedef struct {
    guint expected, shown; /* indices of pages; shown is NO_ZONE for none */
    guint32 picture;
} Stray;

static void
comparison_free_any(gpointer comparison)
{
    if (comparison != NULL) {
        comparison_free(comparison);
    }
}

Verifier *
verifier_new(const Claims *claims)
{
    Verifier *v = g_new0(Verifier, 1);
    learnt_init(&v->learnt, claims);
    v->comparisons = g_ptr_array_new_with_free_func(comparison_free_any);
    v->failures = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_set_size(v->comparisons, (gint)claims->pages->len);
    g_ptr_array_set_size(v->failures, (gint)claims->pages->len);
    v->strays = g_array_new(FALSE, FALSE, sizeof(Stray));
    v->unread = g_hash_table_new(NULL, NULL);
    return v;
}

void
verifier_free(Verifier *v)
{
    if (v != NULL) {
        g_ptr_array_unref(v->comparisons);
        g_ptr_array_unref(v->failures);
        g_array_unref(v->strays);
        learnt_clear(&v->learnt);
        g_hash_table_destroy(v->unread);
        g_free(v);
    }
}

gboolean
verifier_add(Verifier *v, guint expected, Comparison *c)
{
    if (c->alien || c->page != expected) {
        Stray stray = {expected, c->alien ? NO_ZONE : c->page, c->picture};
        g_array_append_val(v->strays, stray);
    }
    if (c->alien || g_ptr_array_index(v->comparisons, c->page) != NULL) {
        comparison_free(c);
        return FALSE;
    }
    learn(&v->learnt, c);
    g_array_set_size(c->exemplars, 0);
    g_array_set_size(c->votes, 0);
    g_ptr_array_index(v->comparisons, c->page) = c;
    return TRUE;
}

void
verifier_fail(Verifier *v, guint expected, guint32 picture, const char *why)
{
    (void)picture;
    g_free(g_ptr_array_index(v->failures, expected));
    g_ptr_array_index(v->failures, expected) = g_strdup(why);
}

/* ---- findings ---- */

static void
finding_clear(gpointer data)
{
    Finding *f = data;
    g_free(f->expected);
    g_free(f->seen);
    g_array_unref(f->looks);
}

static void
zone_verdict_clear(gpointer data)
{
    g_free(((ZoneVerdict *)data)->seen);
}

static void
page_verdict_free(gpointer data)
{
    PageVerdict *page = data;
    g_array_unref(page->zones);
    g_array_unref(page->findings);
    g_free(page->failed);
    g_free(page);
}

static PageVerdict *
page_verdict_new(guint index)
{
    PageVerdict *page = g_new0(PageVerdict, 1);
    page->page = index;
    page->agreement = 1;
    page->zones = g_array_new(FALSE, TRUE, sizeof(ZoneVerdict));
    page->findings = g_array_new(FALSE, TRUE, sizeof(Finding));
    g_array_set_clear_func(page->zones, zone_verdict_clear);
    g_array_set_clear_func(page->findings, finding_clear);
    return page;
}

void
report_free(Report *report)
{
    if (report != NULL) {
        g_ptr_array_unref(report->pages);
        g_free(report);
    }
}

void
report_add_finding(PageVerdict *page, guint32 zone, FindingKind kind, const Rect *box,
                   char *expected, char *seen, double confidence, const char *by, const char *says)
{
    Finding f = {.zone = zone,
                 .kind = kind,
                 .placed = box != NULL,
                 .box = box != NULL ? *box : (Rect){0, 0, 0, 0},
                 .expected = expected,
                 .seen = seen,
                 .confidence = confidence,
                 .at = -1,
                 .looks = looks_new()};
    Said said = {by, g_strdup(says), confidence};
    g_array_append_val(f.looks, said);
    g_array_append_val(page->findings, f);
    for (guint i = 0; i < page->zones->len; i++) {
        ZoneVerdict *v = &g_array_index(page->zones, ZoneVerdict, i);
        v->verdict = v->zone == zone ? MAX(v->verdict, kind) : v->verdict;
    }
}

/* Whether there is a finding at this place already: the digits of a number are judged together. */
static gboolean
is_found(const PageVerdict *page, guint32 zone, gint32 at)
{
    for (guint i = 0; i < page->findings->len; i++) {
        const Finding *f = &g_array_index(page->findings, Finding, i);
        if (f->zone == zone && zone != NO_ZONE && f->at == at && at >= 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static char *
claimed_text(const Verifier *v, guint32 zone, guint at, guint n)
{
    const Passage *p =
        claims_passage(v->learnt.claims, claims_zone(v->learnt.claims, zone)->passage);
    return g_ucs4_to_utf8(p->chars + at, n, NULL, NULL, NULL);
}

/* Whether a passage that is settled without looks is wrong. Where it was only misread, its zone was
 * not checked. */
static gboolean
is_wrong(const Verifier *v, const Difference *d, const CutVerdict *cut)
{
    if (layer_vouches(&v->learnt, d)) {
        return FALSE;
    }
    if (cut->read != NULL) {
        return cut->printed != NULL;
    }
    gboolean wrong = passage_is_wrong(&v->learnt, d);
    if (!wrong && d->zone != NO_ZONE && d->kind < FINDING_MISSING) {
        g_hash_table_add(v->unread, GUINT_TO_POINTER(d->zone));
    }
    return wrong;
}

/* Makes a finding of a difference, or nothing. */
static gboolean
decide(const Verifier *v, const Difference *d, PageVerdict *page)
{
    if (!d->settled && d->kind == FINDING_VARIANT) {
        return FALSE;
    }
    Weighing w = d->settled ? weigh_settled(&v->learnt, d) : weigh(&v->learnt, d);
    gboolean found = d->settled ? is_wrong(v, d, &w.cut) : w.score >= FINDING && w.seconded;
    gboolean cut = w.cut.printed != NULL;
    gint32 at = cut ? (gint32)w.cut.at : d->at;
    if (!found || is_found(page, d->zone, at)) {
        g_array_unref(w.looks);
        cut_verdict_clear(&w.cut);
        return found;
    }
    Finding f = {.zone = d->zone,
                 .kind = (FindingKind)d->kind,
                 .placed = TRUE,
                 .box = d->box,
                 .expected =
                     cut ? claimed_text(v, d->zone, w.cut.at, w.cut.length) : g_strdup(d->expected),
                 .seen = g_strdup(cut ? w.cut.printed : d->seen),
                 .confidence = confidence_of(w.score - 0.5),
                 .at = at,
                 .looks = w.looks};
    g_array_append_val(page->findings, f);
    cut_verdict_clear(&w.cut);
    return TRUE;
}

/* ---- pages ---- */

/* The verdict of one zone: the gravest of its findings. */
static void
judge_zone(const Verifier *v, const ZoneCheck *check, PageVerdict *page, guint first)
{
    gboolean checked =
        check->checked && !g_hash_table_contains(v->unread, GUINT_TO_POINTER(check->zone));
    ZoneVerdict z = {.zone = check->zone, .verdict = checked ? FINDING_AGREES : FINDING_UNCHECKED};
    guint n = check->to - check->from, wrong = 0;
    for (guint i = first; i < page->findings->len; i++) {
        const Finding *f = &g_array_index(page->findings, Finding, i);
        if (f->zone == check->zone) {
            z.verdict = MAX(z.verdict, f->kind);
            wrong += MAX((guint)g_utf8_strlen(f->expected, -1), (guint)g_utf8_strlen(f->seen, -1));
        }
    }
    z.agreement = n + wrong > 0 ? 1 - MIN(1.0, (double)wrong / MAX(n, wrong)) : 1;
    const Passage *p =
        claims_passage(v->learnt.claims, claims_zone(v->learnt.claims, check->zone)->passage);
    g_autofree char *claimed = g_ucs4_to_utf8(p->chars + check->from, n, NULL, NULL, NULL);
    z.seen = strcmp(claimed, check->text) != 0 ? g_strdup(check->text) : NULL;
    if (checked) {
        page->chars += n;
        page->wrong += MIN(wrong, MAX(n, check->seen));
    }
    g_array_append_val(page->zones, z);
}

static void
judge_page(const Verifier *v, const Comparison *c, PageVerdict *page, Report *report)
{
    page->picture = c->picture;
    page->placing = c->placing;
    page->width = c->width;
    page->height = c->height;
    guint first = page->findings->len;
    for (guint i = 0; i < c->differences->len; i++) {
        report->doubts += !decide(v, &g_array_index(c->differences, Difference, i), page);
    }
    for (guint i = 0; i < c->zones->len; i++) {
        judge_zone(v, &g_array_index(c->zones, ZoneCheck, i), page, first);
    }
    for (guint i = first; i < page->findings->len; i++) {
        const Finding *f = &g_array_index(page->findings, Finding, i);
        if (f->zone == NO_ZONE) {
            page->chars += (guint)g_utf8_strlen(f->seen, -1);
            page->wrong += (guint)g_utf8_strlen(f->seen, -1);
        }
    }
    page->agreement = page->chars > 0 ? 1 - MIN(1.0, (double)page->wrong / page->chars) : 1;
}

/* Characters that document and OCR agree about and whose pictures say otherwise. */
static void
judge_oddities(const GArray *oddities, Report *report)
{
    for (guint i = 0; i < oddities->len; i++) {
        const GlyphOddity *o = &g_array_index(oddities, GlyphOddity, i);
        if (o->place.vouched) {
            continue;
        }
        PageVerdict *page = g_ptr_array_index(report->pages, o->place.page);
        g_autofree char *says = g_strdup_printf("expected %.2f, nearest %.2f", o->own, o->other);
        FindingKind kind = char_is_digit(o->c) ? FINDING_DIGIT : FINDING_TEXT;
        report_add_finding(page, o->place.zone, kind, &o->place.box,
                           g_ucs4_to_utf8(&o->c, 1, NULL, NULL, NULL),
                           g_ucs4_to_utf8(&o->like, 1, NULL, NULL, NULL), 0.8, "picture", says);
        g_array_index(page->findings, Finding, page->findings->len - 1).at = o->place.at;
    }
}

/* Pictures of other pages: a run of them that are off by the same number is one finding. */
static void
judge_strays(const Verifier *v, Report *report)
{
    for (guint i = 0; i < v->strays->len;) {
        const Stray *s = &g_array_index(v->strays, Stray, i);
        guint n = 1;
        while (i + n < v->strays->len && s->shown != NO_ZONE && s[n].expected == s->expected + n &&
               s[n].shown == s->shown + n) {
            n++;
        }
        guint32 e0 = claims_page(v->learnt.claims, s->expected)->number;
        guint32 e1 = claims_page(v->learnt.claims, s[n - 1].expected)->number;
        g_autofree char *says = g_strdup_printf("picture %u", s->picture);
        char *expected = n > 1 ? g_strdup_printf("%u–%u", e0, e1) : g_strdup_printf("%u", e0);
        char *seen = NULL;
        if (s->shown == NO_ZONE) {
            seen = g_strdup("");
        } else {
            guint32 s0 = claims_page(v->learnt.claims, s->shown)->number;
            guint32 s1 = claims_page(v->learnt.claims, s[n - 1].shown)->number;
            seen = n > 1 ? g_strdup_printf("%u–%u", s0, s1) : g_strdup_printf("%u", s0);
        }
        report_add_finding(g_ptr_array_index(report->pages, s->expected), NO_ZONE, FINDING_PAGE,
                           NULL, expected, seen, 0.99, "ocr", says);
        i += n;
    }
}

/* What a passage says between two of its zones, and no picture shows. */
static void
judge_cuts(const Verifier *v, const ZoneCheck **checks, Report *report)
{
    for (guint i = 0; i < v->learnt.claims->passages->len; i++) {
        const Passage *p = claims_passage(v->learnt.claims, i);
        for (guint k = 1; k < p->zones->len; k++) {
            guint before = g_array_index(p->zones, guint, k - 1);
            guint after = g_array_index(p->zones, guint, k);
            const ZoneCheck *a = checks[before], *b = checks[after];
            if (a == NULL || b == NULL || !a->checked || !b->checked ||
                b->from < a->to + CUT_CHARS) {
                continue;
            }
            const ClaimedZone *zone = claims_zone(v->learnt.claims, after);
            for (guint n = 0; n < report->pages->len; n++) {
                PageVerdict *page = g_ptr_array_index(report->pages, n);
                if (claims_page(v->learnt.claims, n)->number == zone->page) {
                    report_add_finding(
                        page, after, FINDING_NO_INK, &zone->box,
                        g_ucs4_to_utf8(p->chars + a->to, b->from - a->to, NULL, NULL, NULL),
                        g_strdup(""), 0.9, "ink", "neither part of the passage has it");
                }
            }
        }
    }
}

gboolean
finding_is_grave(FindingKind kind)
{
    return kind == FINDING_DIGIT || kind == FINDING_MISSING || kind == FINDING_ORDER ||
           kind == FINDING_NEIGHBOUR || kind == FINDING_PAGE;
}

static int
compare_findings(gconstpointer a, gconstpointer b)
{
    const Finding *p = a, *q = b;
    gboolean first = p->kind == FINDING_PAGE, second = q->kind == FINDING_PAGE;
    if (first != second) {
        return first ? -1 : 1;
    }
    double by = p->box.y0 != q->box.y0 ? p->box.y0 - q->box.y0 : p->box.x0 - q->box.x0;
    return by < 0 ? -1 : by > 0 ? 1 : p->at - q->at;
}

Report *
verifier_finish(Verifier *v, const JoinModel *model)
{
    g_autoptr(Sense) sense = sense_new(model, v->learnt.claims, v->comparisons);
    v->learnt.sense = sense;
    Report *report = g_new0(Report, 1);
    report->pages = g_ptr_array_new_with_free_func(page_verdict_free);
    g_autoptr(GArray) oddities =
        glyph_bank_oddities(v->learnt.bank, near_of(v->learnt.bank), may_be_taken_for);
    glyph_bank_settle(v->learnt.bank, near_of(v->learnt.bank), is_one_or_alike);
    g_autofree const ZoneCheck **checks =
        g_new0(const ZoneCheck *, v->learnt.claims->zones->len + 1);
    guint wrong = 0;
    for (guint i = 0; i < v->learnt.claims->pages->len; i++) {
        g_ptr_array_add(report->pages, page_verdict_new(i));
    }
    for (guint i = 0; i < v->learnt.claims->pages->len; i++) {
        PageVerdict *page = g_ptr_array_index(report->pages, i);
        const Comparison *c = g_ptr_array_index(v->comparisons, i);
        page->failed = c == NULL ? g_strdup(g_ptr_array_index(v->failures, i)) : NULL;
        if (c != NULL) {
            judge_page(v, c, page, report);
        } else if (page->failed == NULL) {
            page->failed = g_strdup("no picture shows it");
        }
        for (guint k = 0; c != NULL && k < c->zones->len; k++) {
            const ZoneCheck *check = &g_array_index(c->zones, ZoneCheck, k);
            checks[check->zone] = check;
        }
    }
    judge_oddities(oddities, report);
    judge_strays(v, report);
    judge_cuts(v, checks, report);
    structure_check(v->learnt.claims, report);
    for (guint i = 0; i < report->pages->len; i++) {
        PageVerdict *page = g_ptr_array_index(report->pages, i);
        g_array_sort(page->findings, compare_findings);
        report->findings += page->findings->len;
        report->chars += page->chars;
        wrong += page->wrong;
    }
    report->agreement = report->chars > 0 ? 1 - MIN(1.0, (double)wrong / report->chars) : 1;
    v->learnt.sense = NULL;
    return report;
}

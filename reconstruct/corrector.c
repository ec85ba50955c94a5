/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A writer in front of a writer: what passes is compared with the corrections of its page, and what
 * one fits is handed on as a corrected copy. It stands here, behind the joining of paragraphs and
 * tables over pages, because a person corrected what came out of that.
 *
 * Between the old and the new text the longest common part keeps its characters, with their marks,
 * ruby and what is known of them; the rest is the person's.
 */
#include <string.h>

#include "corrections.h"

/* Points by which a box may differ and be the same place, as on the review page. */
#define NEAR 3.0
/* Old times new characters that differ, up to which the common part is looked for. */
#define EDIT_MOST (1u << 22)

struct Corrector {
    Writer writer; /* first, so that a Writer * is a Corrector * */
    Writer *next;
    Corrections *corrections;
    GHashTable *of_page; /* page → GArray of guint, indices of corrections */
    gboolean list_waits; /* for its first item: one of which nothing is left is none */
    gboolean in_list;
};

static Corrector *
self(Writer *w)
{
    return (Corrector *)(void *)w;
}

/* ---- does it fit? ---- */

static gunichar *
text_of(const Paragraph *p, guint *ret_n)
{
    gunichar *text = g_new(gunichar, p->chars->len + 1);
    for (guint i = 0; i < p->chars->len; i++) {
        text[i] = g_array_index(p->chars, Char, i).unicode;
    }
    *ret_n = p->chars->len;
    return text;
}

/* The same but for white space, which the page does not show. */
static gboolean
is_same_text(const gunichar *chars, guint n, const char *text)
{
    const char *at = text;
    for (guint i = 0; i <= n; i++) {
        while (*at != '\0' && g_unichar_isspace(g_utf8_get_char(at))) {
            at = g_utf8_find_next_char(at, NULL);
        }
        if (i == n || *at == '\0') {
            while (i < n && g_unichar_isspace(chars[i])) {
                i++;
            }
            return i == n && *at == '\0';
        }
        if (g_unichar_isspace(chars[i])) {
            continue;
        }
        if (chars[i] != g_utf8_get_char(at)) {
            return FALSE;
        }
        at = g_utf8_find_next_char(at, NULL);
    }
    return FALSE;
}

static gboolean
is_near(Rect a, Rect b)
{
    return fabs(a.x0 - b.x0) <= NEAR && fabs(a.y0 - b.y0) <= NEAR && fabs(a.x1 - b.x1) <= NEAR &&
           fabs(a.y1 - b.y1) <= NEAR;
}

/* The correction of this paragraph, at any of its zones; others that come to the same are noted. */
static Correction *
find(const Corrector *c, const Paragraph *p)
{
    Correction *found = NULL;
    guint n = 0;
    g_autofree gunichar *text = NULL;
    for (guint z = 0; z < p->zones->len; z++) {
        const Zone *zone = &g_array_index(p->zones, Zone, z);
        const GArray *here = g_hash_table_lookup(c->of_page, GUINT_TO_POINTER(zone->page));
        for (guint i = 0; here != NULL && i < here->len; i++) {
            Correction *one =
                &g_array_index(c->corrections->list, Correction, g_array_index(here, guint, i));
            if (one->fit != FIT_NOT || !is_near(one->box, zone->box)) {
                continue;
            }
            text = text != NULL ? text : text_of(p, &n);
            if (found == NULL && one->old != NULL && is_same_text(text, n, one->old)) {
                found = one;
                one->fit = FIT_APPLIED;
                one->zone = zone->zone;
            } else if (is_same_text(text, n, one->new) ||
                       (found != NULL && strcmp(found->new, one->new) == 0)) {
                one->fit = FIT_ALREADY; /* or said of the paragraph's part on another page too */
            }
        }
    }
    return found;
}

/* ---- correcting ---- */

typedef struct {
    const Paragraph *old;
    Paragraph *out;
    const gunichar *new;
    guint at;       /* of the old characters */
    guint32 *place; /* of each old character, and of the end, in the new text */
} Edit;

static gunichar
old_char(const Edit *e, guint i)
{
    return g_array_index(e->old->chars, Char, i).unicode;
}

static void
keep(Edit *e)
{
    e->place[e->at] = e->out->chars->len;
    g_array_append_val(e->out->chars, g_array_index(e->old->chars, Char, e->at));
    e->at++;
}

static void
leave_out(Edit *e)
{
    e->place[e->at++] = e->out->chars->len;
}

/* A character of the person's looks as the one it stands for, or the one before it. */
static void
put_in(Edit *e, gunichar c)
{
    const GArray *chars = e->old->chars;
    guint like = MIN(e->at, chars->len - 1);
    Char fresh = {.unicode = c,
                  .change = CHANGE_PERSON,
                  .marks = chars->len > 0 ? g_array_index(chars, Char, like).marks : 0};
    g_array_append_val(e->out->chars, fresh);
}

/* Lengths of the longest common part of what follows, for each pair of places. NULL: too much. */
static guint32 *
common_lengths(const Edit *e, guint from, guint n, guint m)
{
    if ((guint64)n * m > EDIT_MOST) {
        return NULL;
    }
    guint32 *length = g_new0(guint32, ((gsize)n + 1) * (m + 1));
    for (guint i = n; i-- > 0;) {
        for (guint k = m; k-- > 0;) {
            guint32 *here = &length[(gsize)i * (m + 1) + k];
            guint32 down = here[m + 1], right = here[1];
            *here = old_char(e, from + i) == e->new[from + k] ? here[m + 2] + 1 : MAX(down, right);
        }
    }
    return length;
}

/* The middle, between the common beginning and the common end. */
static void
edit_middle(Edit *e, guint from, guint n, guint m)
{
    g_autofree guint32 *length = common_lengths(e, from, n, m);
    guint k = 0;
    for (guint i = 0; i < n || k < m;) {
        const guint32 *here = length != NULL ? &length[(gsize)i * (m + 1) + k] : NULL;
        if (here != NULL && i < n && k < m && old_char(e, from + i) == e->new[from + k]) {
            keep(e);
            i++;
            k++;
        } else if (k < m && (i == n || here == NULL || here[1] >= here[m + 1])) {
            put_in(e, e->new[from + k++]);
        } else {
            leave_out(e);
            i++;
        }
    }
}

static void
edit_rubies(Edit *e)
{
    for (guint i = 0; i < e->old->rubies->len; i++) {
        const Ruby *r = &g_array_index(e->old->rubies, Ruby, i);
        if (e->place[r->from] < e->place[r->to]) { /* else what it is the reading of is gone */
            g_array_set_size(e->out->rubies, e->out->rubies->len + 1);
            g_array_index(e->out->rubies, Ruby, e->out->rubies->len - 1) =
                (Ruby){e->place[r->from], e->place[r->to], g_strdup(r->reading)};
        }
    }
}

static Paragraph *
corrected(const Paragraph *old, const char *text)
{
    glong n_new = 0;
    g_autofree gunichar *new = g_utf8_to_ucs4_fast(text, -1, &n_new);
    guint n = old->chars->len, m = (guint)n_new, first = 0, last = 0;
    g_autofree guint32 *place = g_new0(guint32, (gsize)n + 1);
    Edit e = {old, paragraph_copy(old), new, 0, place};
    g_array_set_size(e.out->chars, 0);
    g_array_set_size(e.out->rubies, 0);
    for (; first < MIN(n, m) && old_char(&e, first) == new[first]; first++) {
        keep(&e);
    }
    while (last < MIN(n, m) - first && old_char(&e, n - last - 1) == new[m - last - 1]) {
        last++;
    }
    edit_middle(&e, first, n - first - last, m - first - last);
    while (e.at < n) {
        keep(&e);
    }
    place[n] = e.out->chars->len;
    edit_rubies(&e);
    return e.out;
}

/* The paragraph as it shall be: a new one, or NULL if it stays. */
static Paragraph *
correct(const Corrector *c, const Paragraph *p)
{
    const Correction *correction = find(c, p);
    return correction != NULL ? corrected(p, correction->new) : NULL;
}

/* The same of several; what must go is left out. NULL if all stay. */
static GPtrArray *
correct_all(const Corrector *c, GPtrArray *paragraphs)
{
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    gboolean any = FALSE;
    for (guint i = 0; paragraphs != NULL && i < paragraphs->len; i++) {
        const Paragraph *p = g_ptr_array_index(paragraphs, i);
        Paragraph *now = correct(c, p);
        any = any || now != NULL;
        now = now != NULL ? now : paragraph_copy(p);
        if (now->chars->len > 0) {
            g_ptr_array_add(out, now);
        } else {
            paragraph_free(now);
        }
    }
    return any ? g_steal_pointer(&out) : NULL;
}

/* ---- the writer ---- */

static void
corrector_page(Writer *w, const PageRecord *record)
{
    Corrector *c = self(w);
    PageRecord now = *record;
    g_autoptr(GPtrArray) heads = correct_all(c, record->heads);
    g_autoptr(GPtrArray) folios = correct_all(c, record->folios);
    now.heads = heads != NULL ? heads : record->heads;
    now.folios = folios != NULL ? folios : record->folios;
    c->next->page(c->next, &now);
}

static void
corrector_zone(Writer *w, const Zone *zone)
{
    self(w)->next->zone(self(w)->next, zone);
}

static void
corrector_block(Writer *w, Kind kind, int level, const Paragraph *p)
{
    Corrector *c = self(w);
    g_autoptr(Paragraph) now = correct(c, p);
    if (now == NULL || now->chars->len > 0) {
        if (c->list_waits) {
            c->next->list_begin(c->next);
            c->list_waits = FALSE;
            c->in_list = TRUE;
        }
        c->next->block(c->next, kind, level, now != NULL ? now : p);
    }
}

static void
corrector_list_begin(Writer *w)
{
    self(w)->list_waits = TRUE;
}

static void
corrector_list_end(Writer *w)
{
    Corrector *c = self(w);
    if (c->in_list) {
        c->next->list_end(c->next);
    }
    c->list_waits = c->in_list = FALSE;
}

static void
corrector_table_begin(Writer *w, guint columns)
{
    self(w)->next->table_begin(self(w)->next, columns);
}

static void
corrector_table_row(Writer *w, GPtrArray *cells)
{
    Corrector *c = self(w);
    g_autoptr(GPtrArray) row = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < cells->len; i++) {
        const DocCell *cell = g_ptr_array_index(cells, i);
        DocCell *now = g_memdup2(cell, sizeof *cell);
        GPtrArray *paragraphs = correct_all(c, cell->paragraphs);
        if (paragraphs != NULL) {
            now->paragraphs = paragraphs;
            g_ptr_array_add(owned, paragraphs);
        }
        g_ptr_array_add(row, now);
    }
    c->next->table_row(c->next, row);
}

static void
corrector_table_end(Writer *w)
{
    self(w)->next->table_end(self(w)->next);
}

static void
corrector_figure(Writer *w, GPtrArray *paragraphs, const Zone *zone)
{
    Corrector *c = self(w);
    g_autoptr(GPtrArray) now = correct_all(c, paragraphs);
    c->next->figure(c->next, now != NULL ? now : paragraphs, zone);
}

static void
index_page(Corrector *c, guint i)
{
    Correction *one = &g_array_index(c->corrections->list, Correction, i);
    gpointer key = GUINT_TO_POINTER(one->page);
    GArray *here = g_hash_table_lookup(c->of_page, key);
    if (here == NULL) {
        here = g_array_new(FALSE, FALSE, sizeof(guint));
        g_hash_table_insert(c->of_page, key, here);
    }
    g_array_append_val(here, i);
    if (one->fit == FIT_APPLIED || one->fit == FIT_ALREADY) {
        one->fit = FIT_NOT;
    }
}

Corrector *
corrector_new(Corrections *corrections, Writer *next)
{
    Corrector *c = g_new0(Corrector, 1);
    c->writer = (Writer){.page = corrector_page,
                         .zone = corrector_zone,
                         .block = corrector_block,
                         .list_begin = corrector_list_begin,
                         .list_end = corrector_list_end,
                         .table_begin = corrector_table_begin,
                         .table_row = corrector_table_row,
                         .table_end = corrector_table_end,
                         .figure = corrector_figure};
    c->next = next;
    c->corrections = corrections;
    c->of_page = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    for (guint i = 0; i < corrections->list->len; i++) {
        index_page(c, i);
    }
    return c;
}

Writer *
corrector_writer(Corrector *corrector)
{
    return &corrector->writer;
}

void
corrector_free(Corrector *corrector)
{
    if (corrector != NULL) {
        g_hash_table_unref(corrector->of_page);
        g_free(corrector);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goal: what looks the same is the same. Whether "(1) 目的" heads a text or is an item of a list
 * cannot be told from the line itself, but from what follows it and its siblings; its level cannot
 * be told from the place alone, since a section may lack the level above.
 *
 * Steps: a record of every block of the document, in order. Lines that are headings by their own
 * looks divide it into sections. In each the short lines of one look, numbered or centred (mark,
 * size, weight, indent) are siblings and decide together: text, a table or a figure beneath one
 * speaks for headings, another sibling right beneath it or one that is a whole sentence against.
 * What stands above a heading of another look is settled once that one is, so this is repeated for
 * each level. Then levels: going through the headings, one lies beneath what is larger or stands
 * further up; the level a look has most often is the level of all headings of that look.
 *
 * Known failures: a document of several authors, who use one look for two levels.
 */
#include "headings.h"

#include <string.h>

#include "chars.h"
#include "paragraphs.h"

#define MAX_LEVEL 6
/* Sizes this near (points) are one look. */
#define SAME_SIZE 0.6
/* Siblings begin this near to each other, ems. */
#define SAME_INDENT 1.6
/* So many looks are told apart; further ones count as the last. */
#define LOOKS_MOST 300u
/* Between two chapters of a list of contents stand at most so many lines. */
#define CONTENTS_MOST 60u
/* Headings above headings: so many times settled. */
#define ROUNDS 4

typedef enum { ENTRY_PARAGRAPH, ENTRY_TABLE, ENTRY_FIGURE } EntryType;

/* A block of the document. */
typedef struct {
    guint32 page, line;
    Look look;
    guint8 type;    /* EntryType */
    guint8 kind;    /* Kind */
    guint8 maybe;   /* an item that may be a heading */
    guint8 level;   /* of a heading */
    guint16 family; /* its siblings' number: same mark, size, weight and indent */
} Entry;

/* What headings of one level have in common. */
typedef struct {
    guint mark, depth;
    double size;
    guint counts[MAX_LEVEL + 1]; /* how often at each level */
    int level;
} Rank;

struct Headings {
    GArray *entries; /* Entry */
    GArray *ranks;   /* Rank */
};

Headings *
headings_new(void)
{
    Headings *h = g_new0(Headings, 1);
    h->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
    h->ranks = g_array_new(FALSE, TRUE, sizeof(Rank));
    return h;
}

void
headings_free(Headings *h)
{
    if (h != NULL) {
        g_array_unref(h->entries);
        g_array_unref(h->ranks);
        g_free(h);
    }
}

static Entry *
entry_at(const Headings *h, guint i)
{
    return &g_array_index(h->entries, Entry, i);
}

static void
add_region(Headings *h, const Page *page, const Layout *layout, const Region *region)
{
    g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(guint));
    for (guint i = region->first; i < region->first + region->count; i++) {
        g_array_append_val(lines, i);
    }
    g_autoptr(GPtrArray) paragraphs = region_paragraphs_find(page, layout, region, lines);
    for (guint i = 0; i < paragraphs->len; i++) {
        const Paragraph *p = g_ptr_array_index(paragraphs, i);
        Entry entry = {page->number, p->line, look_of(p, page->height), .type = ENTRY_PARAGRAPH};
        g_array_append_val(h->entries, entry);
    }
}

void
headings_add(Headings *h, const Page *page, const Layout *layout)
{
    for (guint i = 0; i < layout->blocks->len; i++) {
        const LayoutBlock *block = &g_array_index(layout->blocks, LayoutBlock, i);
        if (block->kind == BLOCK_REGION) {
            add_region(h, page, layout, &g_array_index(layout->regions, Region, block->index));
            continue;
        }
        Entry entry = {page->number, G_MAXUINT32,
                       .type = block->kind == BLOCK_TABLE ? ENTRY_TABLE : ENTRY_FIGURE};
        g_array_append_val(h->entries, entry);
    }
}

/* ---- siblings ---- */

static gboolean
are_siblings(const Look *a, const Look *b)
{
    return a->start.kind == b->start.kind && a->start.depth == b->start.depth &&
           a->pointed == b->pointed && a->bold == b->bold &&
           (a->start.kind != MARK_NONE || a->centred == b->centred) &&
           fabs(a->size - b->size) < SAME_SIZE &&
           ((a->centred && b->centred) ||
            fabs(a->indent - b->indent) < SAME_INDENT * MAX(a->size, b->size));
}

static guint16
family_of(GArray *families, const Look *look)
{
    for (guint i = 0; i < families->len; i++) {
        if (are_siblings(&g_array_index(families, Look, i), look)) {
            return (guint16)i;
        }
    }
    if (families->len < LOOKS_MOST) {
        g_array_append_vals(families, look, 1);
    }
    return (guint16)(families->len - 1);
}

/* The kinds of all entries by themselves; running heads go. */
static guint
read_entries(Headings *h, const Survey *survey)
{
    g_autoptr(GArray) families = g_array_new(FALSE, TRUE, sizeof(Look));
    guint kept = 0;
    for (guint i = 0; i < h->entries->len; i++) {
        Entry e = *entry_at(h, i);
        if (e.type == ENTRY_PARAGRAPH) {
            if (survey_role(survey, e.page, e.line) != ROLE_BODY) {
                continue;
            }
            Body body = {survey_body_size(survey, e.page), survey_body_is_serif(survey)};
            gboolean maybe;
            e.kind = (guint8)look_kind(&e.look, &body, &maybe);
            e.maybe = (guint8)maybe;
            e.family = family_of(families, &e.look);
        }
        *entry_at(h, kept++) = e;
    }
    g_array_set_size(h->entries, kept);
    return families->len;
}

static gboolean
is_sentence(const Look *look)
{
    return look->lines > 1 || look->end == 0x3002;
}

/* Lines between two entries of contents, without text between them, are entries too: only chapters
 * may have page numbers. */
static void
widen_contents(Headings *h)
{
    guint last = G_MAXUINT;
    for (guint i = 0; i < h->entries->len; i++) {
        const Entry *e = entry_at(h, i);
        gboolean text = e->kind == KIND_PARAGRAPH && is_sentence(&e->look);
        if (e->type != ENTRY_PARAGRAPH || text || (last < i && i - last > CONTENTS_MOST)) {
            last = G_MAXUINT;
        } else if (e->look.contents) {
            for (guint k = last; k < i; k++) {
                Entry *between = entry_at(h, k);
                between->kind = between->kind == KIND_HEADING ? KIND_ITEM : between->kind;
                between->maybe = FALSE;
            }
            last = i;
        }
    }
}

/* （単位：千円） between a heading and its table says nothing. */
static gboolean
is_aside(const Entry *e)
{
    return e->type == ENTRY_PARAGRAPH && e->kind == KIND_PARAGRAPH && char_opens(e->look.first) &&
           char_closes(e->look.end);
}

/* What the block beneath entry i says: above 0 for a heading. */
static int
evidence(const Headings *h, guint i)
{
    const Entry *e = entry_at(h, i);
    guint at = i + 1;
    while (at < h->entries->len && at < i + 3 && is_aside(entry_at(h, at))) {
        at++;
    }
    const Entry *next = at < h->entries->len ? entry_at(h, at) : NULL;
    if (next == NULL) {
        return 0;
    }
    if (next->type != ENTRY_PARAGRAPH || next->kind == KIND_CAPTION) {
        return 1;
    }
    if (next->kind == KIND_PARAGRAPH) {
        return next->look.start.kind == MARK_NONE && is_sentence(&next->look) ? 1 : 0;
    }
    gboolean deeper = next->look.start.kind != e->look.start.kind &&
                      next->look.indent > e->look.indent + 0.5 * e->look.size;
    if (next->kind == KIND_HEADING) {
        return deeper && next->maybe ? 1 : 0;
    }
    if (next->kind == KIND_ITEM) {
        deeper = deeper || e->look.start.kind == MARK_NONE; /* a centred title */
        return !deeper ? -1 : is_sentence(&next->look) ? 1 : 0;
    }
    return 0;
}

/* Adds up what siblings between two headings say. */
static void
poll(const Headings *h, guint from, guint to, int *scores)
{
    for (guint i = from; i < to; i++) {
        const Entry *e = entry_at(h, i);
        if (e->type != ENTRY_PARAGRAPH) {
            continue;
        }
        if (e->maybe) {
            scores[e->family] += evidence(h, i);
        } else if (e->kind == KIND_ITEM) {
            scores[e->family] -= 1;
        }
    }
}

static gboolean
divides(const Entry *e)
{
    return e->type == ENTRY_PARAGRAPH && e->kind == KIND_HEADING && !e->maybe;
}

/* One round over all sections. */
static void
settle(Headings *h, guint families)
{
    g_autofree int *all = g_new0(int, families + 1);
    g_autofree int *here = g_new0(int, families + 1);
    poll(h, 0, h->entries->len, all);
    for (guint from = 0, to; from < h->entries->len; from = to) {
        for (to = from + 1; to < h->entries->len && !divides(entry_at(h, to)); to++) {
        }
        memset(here, 0, sizeof(int) * families);
        poll(h, from, to, here);
        for (guint i = from; i < to; i++) {
            Entry *e = entry_at(h, i);
            int score = here[e->family] != 0 ? here[e->family] : all[e->family];
            if (e->maybe) {
                Kind plain = e->look.start.kind == MARK_NONE ? KIND_PARAGRAPH : KIND_ITEM;
                e->kind = (guint8)(score > 0 ? KIND_HEADING : plain);
            }
        }
    }
}

/* ---- levels ---- */

static gboolean
is_of_rank(const Rank *rank, const Look *look)
{
    return rank->mark == look->start.kind && rank->depth == look->start.depth &&
           fabs(rank->size - look->size) < SAME_SIZE;
}

static Rank *
rank_find(const Headings *h, const Look *look)
{
    for (guint i = 0; i < h->ranks->len; i++) {
        Rank *rank = &g_array_index(h->ranks, Rank, i);
        if (is_of_rank(rank, look)) {
            return rank;
        }
    }
    return NULL;
}

/* Does its number go on from the other's? Pages of a report are scaled, each as it fits, so the
 * size can be another. */
static gboolean
counts_on(const Look *before, const Look *look)
{
    return look->start.kind == before->start.kind && look->start.depth == before->start.depth &&
           look->number > 1 && look->number == before->number + 1;
}

/* A heading ends what encloses the present place down to its like, to what is smaller, or to what
 * stands further down. Returns its level there. */
static int
level_here(GArray *enclosing, const Look *look)
{
    for (guint i = 0; i < enclosing->len; i++) {
        const Look *k = &g_array_index(enclosing, Look, i);
        Rank rank = {k->start.kind, k->start.depth, .size = k->size};
        gboolean smaller =
            k->size < look->size - SAME_SIZE ||
            (k->start.kind == look->start.kind && k->start.depth > look->start.depth) ||
            (k->start.kind != MARK_CHAPTER && look->start.kind == MARK_CHAPTER);
        if (smaller || is_of_rank(&rank, look) || counts_on(k, look)) {
            g_array_set_size(enclosing, i);
            break;
        }
    }
    g_array_append_vals(enclosing, look, 1);
    return MIN((int)enclosing->len, MAX_LEVEL);
}

static void
rank_levels(Headings *h)
{
    g_autoptr(GArray) enclosing = g_array_new(FALSE, TRUE, sizeof(Look));
    for (guint i = 0; i < h->entries->len; i++) {
        const Entry *e = entry_at(h, i);
        if (e->type != ENTRY_PARAGRAPH || e->kind != KIND_HEADING) {
            continue;
        }
        Rank *rank = rank_find(h, &e->look);
        if (rank == NULL && h->ranks->len < LOOKS_MOST) {
            Rank fresh = {e->look.start.kind, e->look.start.depth, .size = e->look.size};
            g_array_append_val(h->ranks, fresh);
            rank = &g_array_index(h->ranks, Rank, h->ranks->len - 1);
        }
        int level = level_here(enclosing, &e->look);
        if (rank != NULL) {
            rank->counts[level]++;
        }
    }
    for (guint i = 0; i < h->ranks->len; i++) {
        Rank *rank = &g_array_index(h->ranks, Rank, i);
        g_assert(rank != NULL); /* for the analyser, which does not know GArray */
        rank->level = 1;
        for (int level = 2; level <= MAX_LEVEL; level++) {
            rank->level = rank->counts[level] > rank->counts[rank->level] ? level : rank->level;
        }
    }
}

void
headings_finish(Headings *h, const Survey *survey)
{
    guint families = read_entries(h, survey);
    widen_contents(h);
    for (int round = 0; round < ROUNDS; round++) {
        settle(h, families);
    }
    rank_levels(h);
    for (guint i = 0; i < h->entries->len; i++) {
        Entry *e = entry_at(h, i);
        if (e->type == ENTRY_PARAGRAPH && e->kind == KIND_HEADING) {
            e->level = (guint8)headings_level_of_look(h, &e->look);
        }
    }
}

int
headings_level_of_look(const Headings *h, const Look *look)
{
    const Rank *rank = rank_find(h, look);
    return rank != NULL ? rank->level : 1;
}

int
headings_level(const Headings *h, guint32 page, guint line)
{
    guint lo = 0, hi = h->entries->len;
    while (lo < hi) {
        guint mid = (lo + hi) / 2;
        if (entry_at(h, mid)->page < page) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    for (guint i = lo; i < h->entries->len && entry_at(h, i)->page == page; i++) {
        const Entry *e = entry_at(h, i);
        if (e->type == ENTRY_PARAGRAPH && e->line == line) {
            return e->level;
        }
    }
    return -1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assemble.h"

#include <string.h>

#include "chars.h"
#include "marks.h"
#include "paragraphs.h"
#include "tables.h"
#include "text.h"

/* A heading is at most so many characters. */
#define HEADING_LONG 70u
#define SHORT_HEADING 34u
/* Text this much larger than the body's is a heading; this much smaller at a page's foot, a note.
 */
#define LARGER 1.12
#define SMALLER 0.93
/* From this on even what stands in brackets is a title. */
#define TITLE 1.5
#define CAPTION_LONG 90u
#define MAX_LEVEL 6

typedef struct {
    Kind kind;
    int level;
    Paragraph *paragraph;   /* owned */
    gboolean maybe_heading; /* decided by what follows */
} Pending;

typedef struct {
    guint mark, depth;
    double size;
    gboolean bold;
} LevelKey;

struct Assembler {
    const Survey *survey;
    GHashTable *outline;
    Writer *writer;
    Pending pending;
    TableRun *run;
    gboolean in_list;
    gboolean fresh_page; /* nothing of this page's body yet */
    guint32 zones;
    GArray *levels; /* LevelKey: headings that enclose the present place */
    PageRecord record;
    const Layout *layout;
};

Assembler *
assembler_new(const Survey *survey, GHashTable *outline, Writer *writer)
{
    Assembler *a = g_new0(Assembler, 1);
    a->survey = survey;
    a->outline = outline;
    a->writer = writer;
    a->levels = g_array_new(FALSE, TRUE, sizeof(LevelKey));
    return a;
}

/* ---- accounts ---- */

static void
note_changes(Assembler *a, const Paragraph *p)
{
    for (guint i = 0; i < p->chars->len; i++) {
        const Char *c = &g_array_index(p->chars, Char, i);
        if (c->change != CHANGE_RADICAL && c->change != CHANGE_FORM) {
            continue;
        }
        PageChange *found = NULL;
        for (guint k = 0; k < a->record.changes->len && found == NULL; k++) {
            PageChange *change = &g_array_index(a->record.changes, PageChange, k);
            found = change->raw == c->raw ? change : NULL;
        }
        if (found == NULL) {
            PageChange fresh = {c->raw, c->unicode, c->change, 0};
            g_array_append_val(a->record.changes, fresh);
            found = &g_array_index(a->record.changes, PageChange, a->record.changes->len - 1);
        }
        found->count++;
    }
}

/* Inked characters of a paragraph that come from glyphs, ruby included. */
static guint
inked(const Paragraph *p)
{
    guint n = 0;
    for (guint i = 0; i < p->chars->len; i++) {
        const Char *c = &g_array_index(p->chars, Char, i);
        n += c->raw != 0 && c->unicode != ' ' && c->unicode != 0x3000;
    }
    for (guint i = 0; i < p->rubies->len; i++) {
        n += (guint)g_utf8_strlen(g_array_index(p->rubies, Ruby, i).reading, -1);
    }
    return n;
}

/* A paragraph of this page enters the document: count it and number its zones. */
static void
place(Assembler *a, Paragraph *p)
{
    a->record.placed += inked(p);
    note_changes(a, p);
    for (guint i = 0; i < p->zones->len; i++) {
        Zone *zone = &g_array_index(p->zones, Zone, i);
        zone->zone = ++a->zones;
        a->writer->zone(a->writer, zone);
    }
}

/* ---- kinds ---- */

static guint
length_of(const Paragraph *p)
{
    guint n = 0;
    for (guint i = 0; i < p->chars->len; i++) {
        guint32 c = g_array_index(p->chars, Char, i).unicode;
        n += c != ' ' && c != 0x3000;
    }
    return n;
}

static guint
start_codes(const Paragraph *p, guint32 *codes, guint max)
{
    guint n = 0;
    for (guint i = 0; i < p->chars->len && n < max; i++) {
        guint32 c = g_array_index(p->chars, Char, i).unicode;
        if (c != ' ' && c != 0x3000) {
            codes[n++] = c;
        }
    }
    return n;
}

static guint32
end_code(const Paragraph *p)
{
    for (guint i = p->chars->len; i > 0; i--) {
        guint32 c = g_array_index(p->chars, Char, i - 1).unicode;
        if (c != ' ' && c != 0x3000) {
            return c;
        }
    }
    return 0;
}

/* Dots that lead to a page number. */
static gboolean
is_contents_entry(const Paragraph *p)
{
    guint run = 0, most = 0;
    for (guint i = 0; i < p->chars->len; i++) {
        guint32 c = g_array_index(p->chars, Char, i).unicode;
        guint dots = c == 0x2026                                           ? 3
                     : c == 0x2025                                         ? 2
                     : c == '.' || c == 0x30FB || c == 0xFF65 || c == 0xB7 ? 1
                                                                           : 0;
        run = dots > 0 ? run + dots : c == ' ' || c == 0x3000 ? run : 0;
        most = MAX(most, run);
    }
    return most >= 6;
}

static int
outline_level(const Assembler *a, const Paragraph *p)
{
    if (a->outline == NULL) {
        return 0;
    }
    g_autoptr(GString) title = g_string_new(NULL);
    for (guint i = 0; i < p->chars->len; i++) {
        guint32 c = g_array_index(p->chars, Char, i).unicode;
        if (c != ' ' && c != 0x3000) {
            g_string_append_unichar(title, c);
        }
    }
    return GPOINTER_TO_INT(g_hash_table_lookup(a->outline, title->str));
}

/* A level from the headings that enclose this place: one of the same look is a sibling, anything
 * else lies beneath what is larger or stands further up. */
static int
level_of(Assembler *a, const Paragraph *p, const Start *start)
{
    LevelKey key = {start->kind, start->depth, round(p->size * 2) / 2, p->bold};
    for (guint i = 0; i < a->levels->len; i++) {
        const LevelKey *k = &g_array_index(a->levels, LevelKey, i);
        gboolean same =
            k->mark == key.mark && k->depth == key.depth && fabs(k->size - key.size) < 0.6;
        gboolean smaller = k->size < key.size - 0.6 ||
                           (k->mark == key.mark && k->depth > key.depth) ||
                           (k->mark != MARK_CHAPTER && key.mark == MARK_CHAPTER);
        if (same || smaller) {
            g_array_set_size(a->levels, i);
            break;
        }
    }
    g_array_append_val(a->levels, key);
    return MIN((int)a->levels->len, MAX_LEVEL);
}

static gboolean
heading_looks(const Assembler *a, const Paragraph *p, const Start *start, guint length, guint32 end)
{
    double body = survey_body_size(a->survey, a->record.page->number);
    gboolean large = p->size >= LARGER * body;
    gboolean numbered =
        start->kind == MARK_CHAPTER || (start->kind == MARK_NUMBER && start->depth >= 2);
    if (length > HEADING_LONG || end == 0x3002 || end == 0x3001 || end == ':' || end == 0xFF1A ||
        length < 2 || p->lines > 3) {
        return FALSE;
    }
    if (start->kind == MARK_BULLET || start->kind == MARK_NOTE) {
        return FALSE;
    }
    guint32 first = g_array_index(p->chars, Char, 0).unicode;
    if (start->kind == MARK_NONE && char_opens(first) && char_closes(end) && first != 0x3010 &&
        p->size < TITLE * body) {
        return FALSE; /* （単位：千円） */
    }
    if (large) {
        return TRUE;
    }
    if (numbered && start->spaced + (start->kind == MARK_CHAPTER) > 0 && p->lines <= 2) {
        return length > start->length;
    }
    /* Gothic in a Mincho text stands out as bold does */
    gboolean stands_out = p->bold || (survey_body_is_serif(a->survey) && !p->serif);
    return stands_out && p->size >= SMALLER * body && p->lines <= 2;
}

static gboolean
is_foot_note(const Assembler *a, const Paragraph *p)
{
    double body = survey_body_size(a->survey, a->record.page->number);
    guint32 c[2];
    if (p->size > SMALLER * body || p->zones->len == 0 || p->mark == MARK_CHAPTER ||
        start_codes(p, c, 2) < 2) {
        return FALSE;
    }
    Rect box = g_array_index(p->zones, Zone, 0).box;
    return box.y0 > 0.6 * a->layout->height && (char_is_digit(c[0]) || p->mark != MARK_NONE);
}

static Pending
classify(Assembler *a, Paragraph *p)
{
    Pending out = {KIND_PARAGRAPH, 0, p, FALSE};
    guint32 codes[32];
    guint n = start_codes(p, codes, G_N_ELEMENTS(codes));
    Start start = start_read(codes, n);
    if (p->mark == MARK_NONE) {
        start = (Start){0};
    }
    start.spaced = p->sure;
    guint length = length_of(p);
    guint32 end = end_code(p);
    int outline = outline_level(a, p);
    if (is_contents_entry(p)) {
        out.kind = KIND_ITEM;
    } else if (outline > 0) {
        out.kind = KIND_HEADING;
        out.level = MIN(outline, MAX_LEVEL);
    } else if (start_is_caption(codes, n) && length <= CAPTION_LONG && end != 0x3002) {
        out.kind = KIND_CAPTION;
    } else if (start.kind == MARK_NOTE || is_foot_note(a, p)) {
        out.kind = KIND_NOTE;
    } else if (heading_looks(a, p, &start, length, end)) {
        out.kind = KIND_HEADING;
    } else if (start.kind != MARK_NONE && start.kind != MARK_BRACKET &&
               start.kind != MARK_CHAPTER) {
        out.kind = KIND_ITEM;
        out.maybe_heading = start.kind != MARK_BULLET && start.kind != MARK_CIRCLED &&
                            length <= SHORT_HEADING && end != 0x3002 && end != 0x3001 && !p->full &&
                            length > start.length;
    }
    if (out.kind == KIND_HEADING && out.level == 0) {
        out.level = level_of(a, p, &start);
    }
    return out;
}

/* ---- out ---- */

static void
list_close(Assembler *a)
{
    if (a->in_list) {
        a->writer->list_end(a->writer);
        a->in_list = FALSE;
    }
}

static void
pending_flush(Assembler *a)
{
    Pending *p = &a->pending;
    if (p->paragraph == NULL) {
        return;
    }
    if (p->kind == KIND_ITEM) {
        if (!a->in_list) {
            a->writer->list_begin(a->writer);
            a->in_list = TRUE;
        }
    } else {
        list_close(a);
    }
    a->writer->block(a->writer, p->kind, p->level, p->paragraph);
    g_clear_pointer(&p->paragraph, paragraph_free);
}

static void
table_close(Assembler *a)
{
    table_run_close(a->run);
    a->run = NULL;
}

/* A short numbered line is a heading if running text follows it, an item if its like does. */
static void
settle_maybe(Assembler *a, const Pending *next)
{
    Pending *p = &a->pending;
    if (p->paragraph == NULL || !p->maybe_heading) {
        return;
    }
    p->maybe_heading = FALSE;
    gboolean text_follows = next != NULL && next->kind == KIND_PARAGRAPH &&
                            next->paragraph->mark == MARK_NONE &&
                            (next->paragraph->lines > 1 || end_code(next->paragraph) == 0x3002);
    gboolean deeper = next != NULL && next->kind == KIND_ITEM &&
                      next->paragraph->mark != p->paragraph->mark &&
                      next->paragraph->indent > p->paragraph->indent + 0.5 * p->paragraph->size;
    if (text_follows || (deeper && !a->in_list)) {
        Start start = {.kind = (StartMark)p->paragraph->mark, .depth = 1};
        p->kind = KIND_HEADING;
        p->level = level_of(a, p->paragraph, &start);
    }
}

/* （続き） above the rest of a table says nothing that the joined table does not. */
static gboolean
says_continued(const Assembler *a, const Paragraph *p)
{
    g_autofree char *text = paragraph_text(p);
    return a->fresh_page && a->run != NULL && text_says_continued(text);
}

static void
take_paragraph(Assembler *a, Paragraph *p)
{
    place(a, p);
    if (says_continued(a, p)) {
        g_ptr_array_add(a->record.heads, p);
        return;
    }
    Pending *last = &a->pending;
    gboolean over_edge = a->fresh_page && last->paragraph != NULL && a->run == NULL;
    a->fresh_page = FALSE;
    if (over_edge && last->kind != KIND_HEADING && last->kind != KIND_CAPTION &&
        paragraph_goes_on(last->paragraph, p)) {
        paragraph_append(last->paragraph, p);
        paragraph_free(p);
        return;
    }
    table_close(a);
    Pending next = classify(a, p);
    settle_maybe(a, &next);
    pending_flush(a);
    a->pending = next;
}

static void
take_region(Assembler *a, const Page *page, const Region *region)
{
    g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(guint));
    double left = INFINITY, right = -INFINITY;
    for (guint i = region->first; i < region->first + region->count; i++) {
        const Line *line = layout_line(a->layout, i);
        if ((line->flags & LINE_RUBY) != 0 ||
            survey_role(a->survey, page->number, i) != ROLE_BODY) {
            continue;
        }
        g_array_append_val(lines, i);
        left = MIN(left, line->box.x0);
        right = MAX(right, line->box.x1);
    }
    for (guint i = 0; i < a->layout->regions->len; i++) { /* other stretches of the same column */
        const Region *r = &g_array_index(a->layout->regions, Region, i);
        double overlap = interval_overlap(r->box.x0, r->box.x1, region->box.x0, region->box.x1);
        if (r->frame == region->frame &&
            overlap > 0.6 * MIN(rect_width(r->box), rect_width(region->box)) &&
            fabs(r->box.x0 - region->box.x0) < 40) {
            right = MAX(right, r->box.x1);
            left = MIN(left, r->box.x0);
        }
    }
    if (lines->len == 0) {
        return;
    }
    right = right_edge_find(page, a->layout, lines, right);
    g_autoptr(GPtrArray) paragraphs = paragraphs_find(page, a->layout, lines, left, right, FALSE);
    while (paragraphs->len > 0) {
        take_paragraph(a, g_ptr_array_steal_index(paragraphs, 0));
    }
}

/* ---- tables, figures ---- */

static void
drop_paragraph(Assembler *a, const Paragraph *p)
{
    a->record.dropped[DROP_HEADER] += inked(p);
}

static void
for_row(Assembler *a, GPtrArray *cells, gboolean dropped)
{
    for (guint i = 0; i < cells->len; i++) {
        const DocCell *cell = g_ptr_array_index(cells, i);
        for (guint k = 0; k < cell->paragraphs->len; k++) {
            if (dropped) {
                drop_paragraph(a, g_ptr_array_index(cell->paragraphs, k));
            } else {
                place(a, g_ptr_array_index(cell->paragraphs, k));
            }
        }
    }
}

static void
take_table(Assembler *a, const Page *page, const Table *table)
{
    g_autoptr(PageTable) part = page_table_new(page, a->layout, table);
    gboolean goes_on = a->run != NULL && a->fresh_page && table_run_continues(a->run, part);
    guint from = goes_on ? table_run_repeated(a->run, part) : 0;
    for (guint r = 0; r < part->rows->len; r++) {
        for_row(a, g_ptr_array_index(part->rows, r), r < from);
    }
    a->fresh_page = FALSE;
    if (goes_on) {
        table_run_add(a->run, part, from);
        return;
    }
    settle_maybe(a, NULL);
    pending_flush(a);
    list_close(a);
    table_close(a);
    a->run = table_run_new(a->writer, part);
}

static void
take_figure(Assembler *a, const Page *page, const Figure *figure)
{
    g_autoptr(GPtrArray) paragraphs =
        g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    for (guint i = figure->first; i < figure->first + figure->count; i++) {
        const Line *line = layout_line(a->layout, i);
        if ((line->flags & LINE_RUBY) || survey_role(a->survey, page->number, i) != ROLE_BODY) {
            continue;
        }
        Paragraph *p = paragraph_new();
        text_add_line(p, page, a->layout, i);
        place(a, p);
        g_ptr_array_add(paragraphs, p);
    }
    Zone zone = {.page = page->number,
                 .zone = ++a->zones,
                 .box = layout_page_rect(a->layout, figure->box, a->layout->frame),
                 .confidence = 1};
    a->writer->zone(a->writer, &zone);
    settle_maybe(a, NULL);
    pending_flush(a);
    list_close(a);
    table_close(a);
    a->writer->figure(a->writer, paragraphs, &zone);
}

/* ---- pages ---- */

static void
take_heads(Assembler *a, const Page *page)
{
    for (guint i = 0; i < a->layout->lines->len; i++) {
        Role role = survey_role(a->survey, page->number, i);
        if (role == ROLE_BODY || (layout_line(a->layout, i)->flags & LINE_RUBY)) {
            continue;
        }
        Paragraph *p = paragraph_new();
        text_add_line(p, page, a->layout, i);
        place(a, p);
        if (role == ROLE_FOLIO && a->record.folio == NULL) {
            a->record.folio = p;
        } else {
            g_ptr_array_add(a->record.heads, p);
        }
    }
}

static void
record_begin(Assembler *a, const Page *page)
{
    a->record = (PageRecord){.page = page};
    a->record.heads = g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    a->record.changes = g_array_new(FALSE, TRUE, sizeof(PageChange));
    for (guint i = 0; i < page->glyphs->len; i++) {
        const Glyph *g = page_glyph(page, i);
        guint8 drop = g_array_index(a->layout->dropped, guint8, i);
        if (!glyph_is_blank(g)) {
            a->record.glyphs++;
            a->record.dropped[drop] += drop != DROP_NOT;
        }
    }
}

static void
record_end(Assembler *a)
{
    const Page *page = a->record.page;
    gboolean marks = page->images->len > 0 || page->shapes->len > 0 || a->record.glyphs > 0;
    a->record.picture = a->record.placed == 0 && marks;
    a->writer->page(a->writer, &a->record);
    g_ptr_array_unref(a->record.heads);
    g_array_unref(a->record.changes);
    paragraph_free(a->record.folio);
}

gboolean
assembler_page(Assembler *a, const Page *page, const Layout *layout, char **ret_why)
{
    a->layout = layout;
    a->fresh_page = TRUE;
    record_begin(a, page);
    take_heads(a, page);
    for (guint i = 0; i < layout->blocks->len; i++) {
        const LayoutBlock *block = &g_array_index(layout->blocks, LayoutBlock, i);
        switch ((BlockKind)block->kind) {
        case BLOCK_REGION:
            take_region(a, page, &g_array_index(layout->regions, Region, block->index));
            break;
        case BLOCK_TABLE:
            take_table(a, page, &g_array_index(layout->tables, Table, block->index));
            break;
        case BLOCK_FIGURE:
        default:
            take_figure(a, page, &g_array_index(layout->figures, Figure, block->index));
            break;
        }
    }
    guint dropped = 0;
    for (guint d = 0; d <= DROP_LAST; d++) {
        dropped += a->record.dropped[d];
    }
    gboolean holds = a->record.glyphs == a->record.placed + dropped;
    if (!holds) {
        *ret_why = g_strdup_printf("page %u: %u characters, %u placed, %u dropped", page->number,
                                   a->record.glyphs, a->record.placed, dropped);
    }
    record_end(a);
    return holds;
}

void
assembler_failed_page(Assembler *a, guint32 number, const char *why)
{
    g_autoptr(Page) page = page_new(number, 0, 0);
    PageRecord record = {.page = page, .failed = why};
    a->writer->page(a->writer, &record);
}

void
assembler_finish(Assembler *a)
{
    if (a == NULL) {
        return;
    }
    settle_maybe(a, NULL);
    pending_flush(a);
    list_close(a);
    table_close(a);
    g_array_unref(a->levels);
    g_free(a);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assemble.h"

#include <string.h>

#include "marks.h"
#include "paragraphs.h"
#include "remainder.h"
#include "tables.h"
#include "text.h"

#define MAX_LEVEL 6
/* So many notes and figures may stand between the parts of a paragraph. */
#define HELD_MOST 30u
/* A paragraph that goes on elsewhere stands in a column at least this wide, ems. */
#define COLUMN_EMS 12.0
/* First lines are set in by at most so many ems. */
#define INDENT_MOST 2.6

typedef struct {
    Kind kind;
    int level;
    Paragraph *paragraph; /* owned; NULL for a figure */
    GPtrArray *labels;    /* Paragraph *: of a figure */
    Zone zone;            /* of a figure */
} Pending;

struct Assembler {
    const Survey *survey;
    const Headings *headings;
    GHashTable *outline;
    Writer *writer;
    Pending pending;
    GArray *held; /* Pending: notes and figures after a paragraph that may go on after them */
    const Region *column; /* the stretch of this page's text that came last */
    TableRun *run;
    gboolean in_list;
    gboolean fresh_page;   /* nothing of this page's body yet */
    gboolean fresh_column; /* nothing of this column yet */
    gboolean continued;    /* … but a word that the table before goes on */
    guint32 zones;
    PageRecord record;
    const Layout *layout;
};

Assembler *
assembler_new(const Survey *survey, const Headings *headings, GHashTable *outline, Writer *writer)
{
    Assembler *a = g_new0(Assembler, 1);
    a->survey = survey;
    a->headings = headings;
    a->outline = outline;
    a->writer = writer;
    a->held = g_array_new(FALSE, TRUE, sizeof(Pending));
    return a;
}

/* ---- accounts ---- */

static void
note_changes(Assembler *a, const Paragraph *p)
{
    for (guint i = 0; i < p->chars->len; i++) {
        const Char *c = &g_array_index(p->chars, Char, i);
        if (c->change != CHANGE_RADICAL && c->change != CHANGE_FORM &&
            c->change != CHANGE_REPAIRED) {
            continue;
        }
        PageChange *found = NULL;
        for (guint k = 0; k < a->record.changes->len && found == NULL; k++) {
            PageChange *change = &g_array_index(a->record.changes, PageChange, k);
            found = change->raw == c->raw && change->unicode == c->unicode ? change : NULL;
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

/* A paragraph of this page enters the document: mend and count it, and number its zones. */
static void
place(Assembler *a, Paragraph *p)
{
    a->record.dropped[DROP_HYPHEN] += hyphens_drop(survey_hyphens(a->survey), p);
    a->record.placed += inked(p);
    note_changes(a, p);
    for (guint i = 0; i < p->zones->len; i++) {
        Zone *zone = &g_array_index(p->zones, Zone, i);
        zone->zone = ++a->zones;
        a->writer->zone(a->writer, zone);
    }
}

/* ---- kinds ---- */

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

static Pending
classify(const Assembler *a, Paragraph *p)
{
    guint32 page = a->record.page->number;
    Look look = look_of(p, a->layout->height);
    Body body = {survey_body_size(a->survey, page), survey_body_is_serif(a->survey)};
    gboolean maybe;
    Pending out = {.kind = look_kind(&look, &body, &maybe), .paragraph = p};
    int outline = outline_level(a, p);
    int level = headings_level(a->headings, page, p->line);
    if (outline > 0 && !look.contents) {
        out.kind = KIND_HEADING;
        out.level = MIN(outline, MAX_LEVEL);
    } else if (out.kind == KIND_HEADING && level == 0) {
        out.kind = KIND_ITEM;
    } else if (out.kind == KIND_HEADING) {
        out.level = level > 0 ? level : headings_level_of_look(a->headings, &look);
    } else if (maybe && level > 0) {
        out.kind = KIND_HEADING;
        out.level = level;
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
pending_write(Assembler *a, Pending *p)
{
    if (p->labels != NULL) {
        list_close(a);
        a->writer->figure(a->writer, p->labels, &p->zone);
        g_clear_pointer(&p->labels, g_ptr_array_unref);
        return;
    }
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
pending_flush(Assembler *a)
{
    pending_write(a, &a->pending);
    for (guint i = 0; i < a->held->len; i++) {
        pending_write(a, &g_array_index(a->held, Pending, i));
    }
    g_array_set_size(a->held, 0);
}

/* Does the last paragraph stop in the middle of a sentence, at a line that is full? What stands at
 * a column's foot or head (notes, figures with their captions) waits then: it may go on after it.
 */
static gboolean
stops_short(const Assembler *a)
{
    const Paragraph *p = a->pending.paragraph;
    if (p == NULL || !p->full || a->held->len >= HELD_MOST || p->chars->len == 0 ||
        (a->pending.kind != KIND_PARAGRAPH && a->pending.kind != KIND_ITEM)) {
        return FALSE;
    }
    return g_array_index(p->chars, Char, p->chars->len - 1).unicode != 0x3002;
}

static void
table_close(Assembler *a)
{
    table_run_close(a->run);
    a->run = NULL;
}

/* （続き） above the rest of a table, and （次頁に続く） below what goes on, say nothing that the
 * joined table does not. */
static gboolean
says_continued(Assembler *a, const Paragraph *p)
{
    if (a->run == NULL) {
        return FALSE;
    }
    g_autofree char *text = paragraph_text(p);
    gboolean above = a->fresh_page && text_says_continued(text);
    a->continued = a->continued || above;
    return above || (!a->fresh_page && text_says_goes_on(text));
}

/* Is this the rest of the last paragraph, at the top of the next page or column, or after what
 * stood between? */
static gboolean
goes_on_from_last(const Assembler *a, const Paragraph *p)
{
    const Pending *last = &a->pending;
    if (last->paragraph == NULL || a->run != NULL || last->kind == KIND_HEADING ||
        last->kind == KIND_CAPTION || last->paragraph->width < COLUMN_EMS * p->size ||
        !(a->fresh_page || a->fresh_column || a->held->len > 0)) {
        return FALSE;
    }
    /* within a page one full line may be a paragraph, if it is not set in as a first line is */
    double shift = last->paragraph->indent - p->indent;
    gboolean one_line = !a->fresh_page && last->paragraph->lines == 1 &&
                        (shift <= 0 || shift > INDENT_MOST * p->size);
    return !one_line && paragraph_goes_on(last->paragraph, p);
}

static void
take_paragraph(Assembler *a, Paragraph *p)
{
    place(a, p);
    if (says_continued(a, p)) {
        g_ptr_array_add(a->record.heads, p);
        return;
    }
    gboolean goes_on = goes_on_from_last(a, p);
    a->fresh_page = a->fresh_column = FALSE;
    if (goes_on) {
        paragraph_append(a->pending.paragraph, p);
        paragraph_free(p);
        return;
    }
    table_close(a);
    Pending next = classify(a, p);
    if ((next.kind == KIND_NOTE || next.kind == KIND_CAPTION) && stops_short(a)) {
        g_array_append_val(a->held, next);
        return;
    }
    pending_flush(a);
    a->pending = next;
}

/* Is this text the next column, beside the one that came last? */
static gboolean
begins_column(const Assembler *a, const Region *region)
{
    const Region *last = a->column;
    return last != NULL && last->frame == region->frame && region->box.x0 >= last->box.x1 &&
           region->box.y0 < last->box.y1;
}

static void
take_region(Assembler *a, const Page *page, const Region *region)
{
    g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(guint));
    for (guint i = region->first; i < region->first + region->count; i++) {
        if (survey_role(a->survey, page->number, i) == ROLE_BODY) {
            g_array_append_val(lines, i);
        }
    }
    if (lines->len == 0) {
        return;
    }
    a->fresh_column = begins_column(a, region);
    a->column = region;
    g_autoptr(GPtrArray) paragraphs = region_paragraphs_find(page, a->layout, region, lines);
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
    gboolean repeated =
        header_rows_repeat(survey_header_rows(a->survey), page->number, a->layout, table);
    g_autoptr(PageTable) part = page_table_new(page, a->layout, table, repeated);
    gboolean goes_on =
        a->run != NULL && a->fresh_page && table_run_continues(a->run, part, a->continued);
    guint from = goes_on ? table_run_repeated(a->run, part) : 0;
    for (guint r = 0; r < part->rows->len; r++) {
        for_row(a, g_ptr_array_index(part->rows, r), r < from);
    }
    a->fresh_page = FALSE;
    if (goes_on) {
        table_run_add(a->run, part, from);
        return;
    }
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
    Pending next = {.labels = g_steal_pointer(&paragraphs), .zone = zone};
    if (stops_short(a) && a->run == NULL) {
        g_array_append_val(a->held, next);
        return;
    }
    pending_flush(a);
    table_close(a);
    pending_write(a, &next);
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
        g_ptr_array_add(role == ROLE_FOLIO ? a->record.folios : a->record.heads, p);
    }
}

static void
record_begin(Assembler *a, const Page *page)
{
    a->record = (PageRecord){.page = page};
    a->record.heads = g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    a->record.folios = g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    a->record.changes = g_array_new(FALSE, TRUE, sizeof(PageChange));
    a->record.remainder = remainder_find(page, a->layout);
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
    g_array_unref(a->record.remainder);
    g_ptr_array_unref(a->record.folios);
}

gboolean
assembler_page(Assembler *a, const Page *page, const Layout *layout, char **ret_why)
{
    a->layout = layout;
    a->fresh_page = TRUE;
    a->column = NULL;
    a->continued = FALSE;
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
    pending_flush(a);
    list_close(a);
    table_close(a);
    g_array_unref(a->held);
    g_free(a);
}

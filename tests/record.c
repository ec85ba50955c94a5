/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record.h"

#include "assemble.h"
#include "text.h"

static Record *
record_of(Writer *writer)
{
    return (Record *)writer;
}

static void
append_paragraph(GString *text, const Paragraph *paragraph)
{
    g_autofree char *utf8 = paragraph_text(paragraph);
    g_string_append(text, utf8);
}

static void
append_paragraphs(GString *text, GPtrArray *paragraphs)
{
    for (guint i = 0; i < paragraphs->len; i++) {
        if (i > 0) {
            g_string_append(text, " / ");
        }
        append_paragraph(text, g_ptr_array_index(paragraphs, i));
    }
}

static void
record_page(Writer *writer, const PageRecord *page)
{
    Record *record = record_of(writer);
    if (!record->pages) {
        return;
    }
    g_string_append_printf(record->text, "page %u", page->page != NULL ? page->page->number : 0);
    if (page->heads != NULL && page->heads->len > 0) {
        g_string_append(record->text, " head=");
        append_paragraphs(record->text, page->heads);
    }
    if (page->folios != NULL && page->folios->len > 0) {
        g_string_append(record->text, " folio=");
        append_paragraphs(record->text, page->folios);
    }
    g_string_append_c(record->text, '\n');
}

static void
record_zone(Writer *writer, const Zone *zone)
{
    (void)writer;
    g_assert_cmpuint(zone->zone, >, 0);
}

static void
record_block(Writer *writer, Kind kind, int level, const Paragraph *paragraph)
{
    static const char *const names[] = {"p", "h", "item", "note", "caption"};
    GString *text = record_of(writer)->text;
    g_string_append(text, names[kind]);
    if (kind == KIND_HEADING) {
        g_string_append_printf(text, "%d", level);
    }
    g_string_append_c(text, ' ');
    append_paragraph(text, paragraph);
    g_string_append_c(text, '\n');
}

static void
record_list(Writer *writer)
{
    (void)writer;
}

static void
record_table_begin(Writer *writer, guint columns)
{
    g_string_append_printf(record_of(writer)->text, "table %u\n", columns);
}

static void
record_row(Writer *writer, GPtrArray *cells)
{
    GString *text = record_of(writer)->text;
    g_string_append(text, "row ");
    for (guint i = 0; i < cells->len; i++) {
        const DocCell *cell = g_ptr_array_index(cells, i);
        g_string_append(text, i > 0 ? "|" : "");
        g_string_append(text, cell->header ? "*" : "");
        append_paragraphs(text, cell->paragraphs);
        if (cell->row_span > 1 || cell->column_span > 1) {
            g_string_append_printf(text, "{%ux%u}", cell->row_span, cell->column_span);
        }
    }
    g_string_append_c(text, '\n');
}

static void
record_table_end(Writer *writer)
{
    g_string_append(record_of(writer)->text, "/table\n");
}

static void
record_figure(Writer *writer, GPtrArray *paragraphs, const Zone *zone)
{
    (void)zone;
    GString *text = record_of(writer)->text;
    g_string_append(text, "figure ");
    append_paragraphs(text, paragraphs);
    g_string_append_c(text, '\n');
}

void
record_init(Record *record)
{
    *record = (Record){.writer = {.page = record_page,
                                  .zone = record_zone,
                                  .block = record_block,
                                  .list_begin = record_list,
                                  .list_end = record_list,
                                  .table_begin = record_table_begin,
                                  .table_row = record_row,
                                  .table_end = record_table_end,
                                  .figure = record_figure},
                       .text = g_string_new(NULL)};
}

void
record_clear(Record *record)
{
    g_string_free(record->text, TRUE);
}

char *
document_text(Page *const *pages, guint count)
{
    g_autoptr(GPtrArray) layouts = g_ptr_array_new_with_free_func((GDestroyNotify)layout_free);
    g_autoptr(Survey) survey = survey_new();
    g_autoptr(Headings) headings = headings_new();
    for (guint i = 0; i < count; i++) {
        Layout *layout = layout_find(pages[i]);
        g_ptr_array_add(layouts, layout);
        survey_add(survey, pages[i], layout);
        headings_add(headings, pages[i], layout);
    }
    survey_finish(survey);
    headings_finish(headings, survey);
    Record record;
    record_init(&record);
    Assembler *assembler = assembler_new(survey, headings, NULL, &record.writer);
    for (guint i = 0; i < count; i++) {
        g_autofree char *why = NULL;
        gboolean conserved =
            assembler_page(assembler, pages[i], g_ptr_array_index(layouts, i), &why);
        g_assert_cmpstr(why, ==, NULL);
        g_assert_true(conserved);
    }
    assembler_finish(assembler);
    return g_string_free(record.text, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * one-process OUT FILE.pdf …   what scripts/bench sets the batch beside: documents read one after
 * the other in one process, without OCR, workers, sandbox, limits and catalogue, each written to a
 * file in the folder OUT. Nothing that crashes here is caught.
 */
#include <stdio.h>

#include <glib/gstdio.h>

#include "assemble.h"
#include "source.h"
#include "write.h"

typedef struct {
    GPtrArray *pages, *layouts; /* Page *, Layout * */
    Survey *survey;
    Headings *headings;
} Read;

static void
nothing(void)
{
}

static void
read_pages(Read *r, Source *source)
{
    guint count = source_facts(source)->pages;
    for (guint32 i = 1; i <= count; i++) {
        Page *page = source_page(source, i, nothing, NULL);
        g_assert_nonnull(page);
        Layout *layout = layout_find(page);
        survey_add(r->survey, page, layout);
        headings_add(r->headings, page, layout);
        g_ptr_array_add(r->pages, page);
        g_ptr_array_add(r->layouts, layout);
    }
    survey_finish(r->survey);
    headings_finish(r->headings, r->survey);
}

static void
write_document(const Read *r, const DocumentFacts *facts, const char *path)
{
    OutputWriter *writer = xml_writer_new();
    Assembler *assembler = assembler_new(r->survey, r->headings, NULL, &writer->writer);
    for (guint i = 0; i < r->pages->len; i++) {
        g_autofree char *why = NULL;
        g_assert_true(assembler_page(assembler, g_ptr_array_index(r->pages, i),
                                     g_ptr_array_index(r->layouts, i), &why));
    }
    assembler_finish(assembler);
    FILE *out = g_fopen(path, "wb");
    g_assert_true(out != NULL && writer->finish(writer, facts, out) && fclose(out) == 0);
    writer->free(writer);
}

static void
extract(const char *path, const char *folder)
{
    const SourceOptions options = {.languages = "jpn", .ocr = OCR_NEVER};
    g_auto(Input) input = {.fd = -1};
    g_assert_true(input_find(path, &input, NULL));
    g_autofree char *sha256 = input_checksum(&input);
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *output = g_strdup_printf("%s/%s.xml", folder, name);
    g_autoptr(Source) source = source_open(&input, &options, NULL);
    g_assert_nonnull(source);
    g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func((GDestroyNotify)page_free);
    g_autoptr(GPtrArray) layouts = g_ptr_array_new_with_free_func((GDestroyNotify)layout_free);
    Read r = {pages, layouts, survey_new(), headings_new()};
    read_pages(&r, source);
    const DocumentFacts facts = {.name = name,
                                 .sha256 = sha256,
                                 .pages = pages->len,
                                 .version = "0",
                                 .options = "",
                                 .paint_trace = TRUE};
    write_document(&r, &facts, output);
    survey_free(r.survey);
    headings_free(r.headings);
}

int
main(int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        extract(argv[i], argv[1]);
    }
    return argc > 1 ? 0 : 2;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "write.h"

#include <errno.h>

#include "text.h"

typedef struct {
    OutputWriter base;
    FILE *body;
} TextWriter;

static FILE *
body_of(Writer *w)
{
    return ((TextWriter *)(void *)w)->body;
}

static void
put_line(FILE *body, const Paragraph *p)
{
    g_autofree char *text = paragraph_text(p);
    fputs(text, body);
    fputc('\n', body);
}

static void
put_lines(FILE *body, GPtrArray *paragraphs)
{
    for (guint i = 0; i < paragraphs->len; i++) {
        put_line(body, g_ptr_array_index(paragraphs, i));
    }
}

static void
text_zone(Writer *w, const Zone *zone)
{
    (void)w;
    (void)zone;
}

static void
text_page(Writer *w, const PageRecord *record)
{
    (void)w;
    (void)record;
}

static void
text_block(Writer *w, Kind kind, int level, const Paragraph *p)
{
    (void)kind;
    (void)level;
    put_line(body_of(w), p);
}

static void
text_nothing(Writer *w)
{
    (void)w;
}

static void
text_table_begin(Writer *w, guint columns)
{
    (void)w;
    (void)columns;
}

static void
text_table_row(Writer *w, GPtrArray *cells)
{
    for (guint i = 0; i < cells->len; i++) {
        put_lines(body_of(w), ((const DocCell *)g_ptr_array_index(cells, i))->paragraphs);
    }
    fputc('\n', body_of(w));
}

static void
text_figure(Writer *w, GPtrArray *paragraphs, const Zone *zone)
{
    (void)zone;
    put_lines(body_of(w), paragraphs);
}

static gboolean
text_finish(OutputWriter *w, const DocumentFacts *facts, FILE *out)
{
    (void)facts;
    return spool_copy(body_of(&w->writer), out) && fflush(out) == 0 && !ferror(out);
}

static void
text_free(OutputWriter *w)
{
    fclose(body_of(&w->writer));
    g_free(w);
}

OutputWriter *
text_writer_new(void)
{
    FILE *body = tmpfile();
    if (body == NULL) {
        return NULL;
    }
    TextWriter *w = g_new0(TextWriter, 1);
    w->base = (OutputWriter){.writer = {.page = text_page,
                                        .zone = text_zone,
                                        .block = text_block,
                                        .list_begin = text_nothing,
                                        .list_end = text_nothing,
                                        .table_begin = text_table_begin,
                                        .table_row = text_table_row,
                                        .table_end = text_nothing,
                                        .figure = text_figure},
                             .finish = text_finish,
                             .free = text_free};
    w->body = body;
    return &w->base;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "from-text.h"

#include <errno.h>
#include <string.h>

#include "data-file.h"
#include "messages.h"
#include "output.h"
#include "text-input.h"
#include "text-order.h"
#include "write.h"

/* The pages of the text as those of the passes. */
static GPtrArray *
pages_part(const char *text)
{
    g_autoptr(GPtrArray) parts = text_input_part(text);
    GPtrArray *pages = g_ptr_array_new_with_free_func((GDestroyNotify)text_page_free);
    for (guint i = 0; i < parts->len; i++) {
        char *part = g_strdup(g_ptr_array_index(parts, i));
        g_ptr_array_add(pages, text_page_new(i + 1, part));
    }
    return pages;
}

static gboolean
write_text(const GPtrArray *pages, const JoinJudge *judge, gboolean form_feed, FILE *out)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < pages->len; i++) {
        g_autoptr(TextOrder) order = text_order_find(g_ptr_array_index(pages, i), judge);
        text_order_print(order, text);
        g_string_append(text, form_feed || i + 1 < pages->len ? "\f" : "");
        fwrite(text->str, 1, text->len, out);
        g_string_truncate(text, 0);
    }
    return fflush(out) == 0 && !ferror(out);
}

static gboolean
write_xml(const GPtrArray *pages, const JoinJudge *judge, const DocumentFacts *facts, FILE *out)
{
    OutputWriter *writer = xml_writer_new();
    if (writer == NULL) {
        return FALSE;
    }
    guint32 zones = 0;
    for (guint i = 0; i < pages->len; i++) {
        g_autoptr(TextOrder) order = text_order_find(g_ptr_array_index(pages, i), judge);
        text_order_write(order, &writer->writer, &zones);
    }
    gboolean ok = writer->finish(writer, facts, out);
    writer->free(writer);
    return ok;
}

int
from_text_run(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = text_input_read(options->input, options->encoding, &error);
    if (text == NULL) {
        complain(options->input, "%s", error->message);
        return text_input_exit_code(error);
    }
    g_autoptr(GPtrArray) pages = pages_part(text);
    g_autoptr(JoinModel) model = join_model_load(&error);
    if (model == NULL) {
        complain(options->input, "%s", error->message);
        return EXIT_MISSING;
    }
    g_autoptr(DocumentJoins) joins = document_joins_new(model, text);
    const JoinJudge *judge = document_joins_judge(joins);
    g_autoptr(Output) output = output_open(options->output, &error);
    if (output == NULL) {
        complain(options->input, "%s", error->message);
        return EXIT_OUTPUT;
    }
    g_autofree char *name = source_name(options->input);
    const DocumentFacts facts = {
        .name = name, .pages = pages->len, .version = YOMIJUN_VERSION, .options = "from=text"};
    gboolean ok =
        strcmp(options->format, "text") == 0
            ? write_text(pages, judge, g_str_has_suffix(text, "\f"), output_stream(output))
            : write_xml(pages, judge, &facts, output_stream(output));
    if (!ok) {
        complain(options->input, "the result cannot be written: %s", g_strerror(errno));
        return EXIT_OUTPUT;
    }
    if (!output_commit(output, &error)) {
        complain(options->input, "%s", error->message);
        return EXIT_OUTPUT;
    }
    return EXIT_DONE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "from-text.h"

#include <errno.h>
#include <string.h>

#include "data-file.h"
#include "extraction.h"
#include "given-text.h"
#include "messages.h"
#include "output.h"
#include "text-input.h"
#include "text-order.h"
#include "write.h"

/* The page of this text, counted from 0: made when it is its turn, since a text may have millions.
 */
static TextPage *
page_of(const GPtrArray *texts, guint index)
{
    return text_page_new(index + 1, g_strdup(g_ptr_array_index(texts, index)));
}

static gboolean
write_text(const GPtrArray *texts, const JoinJudge *judge, gboolean form_feed, FILE *out)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < texts->len; i++) {
        g_autoptr(TextPage) page = page_of(texts, i);
        g_autoptr(TextOrder) order = text_order_find(page, judge);
        text_order_print(order, text);
        g_string_append(text, form_feed || i + 1 < texts->len ? "\f" : "");
        fwrite(text->str, 1, text->len, out);
        g_string_truncate(text, 0);
    }
    return fflush(out) == 0 && !ferror(out);
}

static gboolean
write_xml(const GPtrArray *texts, const JoinJudge *judge, const DocumentFacts *facts, FILE *out)
{
    OutputWriter *writer = xml_writer_new();
    if (writer == NULL) {
        return FALSE;
    }
    guint32 zones = 0;
    for (guint i = 0; i < texts->len; i++) {
        g_autoptr(TextPage) page = page_of(texts, i);
        g_autoptr(TextOrder) order = text_order_find(page, judge);
        text_order_write(order, &writer->writer, &zones);
    }
    gboolean ok = writer->finish(writer, facts, out);
    writer->free(writer);
    return ok;
}

/* Whether each page's text can be one of a picture; else says which cannot. */
static gboolean
are_page_texts(const Options *options, const GPtrArray *texts)
{
    for (guint i = 0; i < texts->len; i++) {
        glong n = g_utf8_strlen(g_ptr_array_index(texts, i), -1);
        if (n > (glong)GIVEN_TEXT_MOST) {
            complain(options->input,
                     "page %u has %ld characters: with --image no page may have more than %u",
                     i + 1, n, GIVEN_TEXT_MOST);
            return FALSE;
        }
    }
    return TRUE;
}

/* Plain text with pictures of its pages: read as these, each with the characters of its text. */
static int
text_with_image(const Options *options, GPtrArray *texts)
{
    g_autoptr(GError) error = NULL;
    if (!are_page_texts(options, texts)) {
        return EXIT_INPUT;
    }
    g_auto(Input) input = {.fd = -1};
    if (!input_find(options->image, &input, &error)) {
        complain(options->image, "%s", error->message);
        return exit_code_of(error);
    }
    Options reading = *options;
    reading.input = options->image;
    reading.texts = texts;
    reading.ocr = OCR_ALWAYS;
    g_autofree char *name = source_name(options->image);
    const ExtractionOutput output = {options->format, options->output, NULL};
    return extraction_run(&reading, &input, name, &output, 1, NULL);
}

/* Plain text alone: its pages one after the other, the columns told by the text. */
static int
text_alone(const Options *options, const char *text, const GPtrArray *texts)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JoinModel) model = join_model_load(&error);
    if (model == NULL) { /* the text's own words judge, too, if less well */
        complain(options->input, "put in order without the model of Japanese, so less well: %s",
                 error->message);
        g_clear_error(&error);
    }
    g_autoptr(DocumentJoins) joins = document_joins_new(model, text);
    const JoinJudge *judge = document_joins_judge(joins);
    g_autoptr(Output) output = output_open(options->output, &error);
    if (output == NULL) {
        complain(options->input, "%s", error->message);
        return EXIT_OUTPUT;
    }
    g_autofree char *name = source_name(options->input);
    const DocumentFacts facts = {.name = name,
                                 .pages = texts->len,
                                 .version = YOMIJUN_VERSION,
                                 .options = model != NULL ? "from=text" : "from=text joins=none"};
    gboolean ok =
        strcmp(options->format, "text") == 0
            ? write_text(texts, judge, g_str_has_suffix(text, "\f"), output_stream(output))
            : write_xml(texts, judge, &facts, output_stream(output));
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

int
from_text_run(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = text_input_read(options->input, options->encoding, &error);
    if (text == NULL) {
        complain(options->input, "%s", error->message);
        return text_input_exit_code(error);
    }
    g_autoptr(GPtrArray) texts = text_input_part(text);
    return options->image != NULL ? text_with_image(options, texts)
                                  : text_alone(options, text, texts);
}

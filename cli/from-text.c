/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "from-text.h"

#include <errno.h>
#include <string.h>

#include "data-file.h"
#include "extraction.h"
#include "messages.h"
#include "output.h"
#include "text-document.h"
#include "text-input.h"
#include "write.h"

/* Plain text with pictures of its pages: read as these, each with the characters of its text. */
static int
text_with_image(const Options *options, GBytes *bytes)
{
    g_autoptr(GError) error = NULL;
    g_auto(Input) input = {.fd = -1};
    if (!input_find(options->image, &input, &error)) {
        complain(options->image, "%s", error->message);
        return exit_code_of(error);
    }
    g_autoptr(GivenTexts) texts = given_texts_new(options->encoding);
    given_texts_add(texts, bytes);
    Options reading = *options;
    reading.input = options->image;
    reading.texts = texts;
    reading.ocr = OCR_ALWAYS;
    g_autofree char *name = source_name(options->image);
    const ExtractionOutput output = {options->format, options->output, NULL};
    return extraction_run(&reading, &input, name, &output, 1, NULL);
}

static int
not_written(const Options *options, const char *why)
{
    complain(options->input, "the result cannot be written: %s", why);
    return EXIT_OUTPUT;
}

static int
text_alone(const Options *options, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JoinModel) model = join_model_load(&error);
    if (model == NULL) { /* the text's own words judge, too, if less well */
        complain(options->input, TEXT_WITHOUT_MODEL, error->message);
        g_clear_error(&error);
    }
    g_autoptr(Output) output = output_open(options->output, &error);
    if (output == NULL) {
        complain(options->input, "%s", error->message);
        return EXIT_OUTPUT;
    }
    gboolean plain = strcmp(options->format, "text") == 0;
    OutputWriter *writer = plain ? NULL : xml_writer_new();
    if (!plain && writer == NULL) {
        return not_written(options, g_strerror(errno));
    }
    g_autofree char *name = source_name(options->input);
    const TextDocument document = {
        .text = text, .model = model, .name = name, .jobs = (guint)options->jobs};
    FILE *out = output_stream(output);
    gboolean ok = text_document_write(&document, writer, out, plain ? out : NULL);
    int why = errno;
    if (writer != NULL) {
        writer->free(writer);
    }
    if (!ok) {
        return not_written(options, g_strerror(why));
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
    g_autoptr(GBytes) bytes = text_input_bytes(options->input, &error);
    g_autofree char *text =
        bytes != NULL ? text_input_decode(bytes, options->encoding, &error) : NULL;
    if (text == NULL) {
        complain(options->input, "%s", error->message);
        return text_input_exit_code(error);
    }
    return options->image != NULL ? text_with_image(options, bytes) : text_alone(options, text);
}

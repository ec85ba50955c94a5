/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process.h"

#include <string.h>

#include "extraction.h"
#include "from-text.h"
#include "given-text.h"
#include "messages.h"
#include "text-input.h"
#include "validate.h"

/* --validate, once it is written. */
static int
validated(const Options *options, int code)
{
    g_autoptr(GError) error = NULL;
    const char *schema = strcmp(options->format, "page") == 0 ? "page-dump.rng" : "document.rng";
    if (!options->validate || options->output == NULL || code > EXIT_PARTLY ||
        validate_file(options->output, schema, &error)) {
        return code;
    }
    complain(options->output, "%s", error->message);
    return EXIT_PARTLY;
}

int
process_run(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_auto(Input) input = {.fd = -1};
    if (!input_find(options->input, &input, &error)) {
        complain(options->input, "%s", error->message);
        return exit_code_of(error);
    }
    name_others(options->input, input.others);
    g_autofree char *name = source_name(options->input);
    const ExtractionOutput output = {options->format, options->output, NULL};
    return validated(options, extraction_run(options, &input, name, &output, 1, NULL));
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
text_with_image(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = text_input_read(options->input, options->encoding, &error);
    if (text == NULL) {
        complain(options->input, "%s", error->message);
        return text_input_exit_code(error);
    }
    g_autoptr(GPtrArray) texts = text_input_part(text);
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

int
reconstruct_run(const Options *options)
{
    if (options->from_text) {
        return validated(options, options->image != NULL ? text_with_image(options)
                                                         : from_text_run(options));
    }
    const ExtractionOutput output = {options->format, options->output, NULL};
    return validated(options, extraction_from_dump(options, &output));
}

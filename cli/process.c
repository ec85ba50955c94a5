/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process.h"

#include <string.h>

#include "extraction.h"
#include "from-text.h"
#include "messages.h"
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

int
reconstruct_run(const Options *options)
{
    if (options->from_text) {
        return validated(options, from_text_run(options));
    }
    const ExtractionOutput output = {options->format, options->output, NULL};
    return validated(options, extraction_from_dump(options, &output));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diff.h"

#include <string.h>
#include <unistd.h>

#include "changes-write.h"
#include "messages.h"
#include "output.h"
#include "validate.h"

/* A document, valid and of ours; NULL once it was complained about. */
static Claims *
read_document(const char *path)
{
    g_autoptr(GError) error = NULL;
    Claims *claims = NULL;
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        complain(path, "there is no such file");
        return NULL;
    }
    if (validate_file(path, "document.rng", &error)) {
        claims = claims_read(path, &error);
    }
    if (claims == NULL) {
        complain(path, "%s", error->message);
    }
    return claims;
}

static gboolean
is_coloured(const Options *options)
{
    if (strcmp(options->colour, "auto") != 0) {
        return strcmp(options->colour, "always") == 0;
    }
    const char *no_colour = g_getenv("NO_COLOR");
    return options->output == NULL && output_is_terminal() &&
           (no_colour == NULL || *no_colour == '\0');
}

int
diff_run(const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Claims) old = read_document(options->document);
    g_autoptr(Claims) new = old != NULL ? read_document(options->input) : NULL;
    if (new == NULL) {
        return EXIT_INPUT;
    }
    g_autoptr(Changes) changes = changes_find(old, new);
    g_autofree char *old_name = g_path_get_basename(options->document);
    g_autofree char *new_name = g_path_get_basename(options->input);
    g_autofree char *old_shown = g_filename_display_name(old_name);
    g_autofree char *new_shown = g_filename_display_name(new_name);
    const ChangesFacts facts = {old_shown, new_shown, YOMIJUN_VERSION, is_coloured(options)};
    gboolean text = strcmp(options->format, "text") == 0;
    g_autoptr(Output) output = output_open(options->output, &error);
    if (output == NULL ||
        !(text ? changes_write_text : changes_write_xml)(old, new, changes, &facts,
                                                         output_stream(output)) ||
        !output_commit(output, &error)) {
        complain(options->output != NULL ? options->output : "standard output",
                 "cannot be written%s%s", error != NULL ? ": " : "",
                 error != NULL ? error->message : "");
        return EXIT_OUTPUT;
    }
    if (options->validate && options->output != NULL &&
        !validate_file(options->output, "changes.rng", &error)) {
        complain(options->output, "%s", error->message);
        return EXIT_PARTLY;
    }
    return changes->list->len > 0 ? EXIT_PARTLY : EXIT_DONE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "messages.h"

#include <stdio.h>
#include <string.h>

#include "pages.h"

/* A message is cut off after so many characters: SQLite quotes whole tables, and nobody reads more.
 */
#define MESSAGE_MOST 1000

/* So many files of a folder that are no images are named. */
#define OTHERS_NAMED 10u

char *
message_text(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    glong n = 0;
    g_autofree gunichar *chars = g_utf8_to_ucs4_fast(valid, -1, &n);
    GString *line = g_string_new(NULL);
    for (glong i = 0; i < MIN(n, MESSAGE_MOST); i++) {
        gunichar c = chars[i];
        gboolean breaks = c == 0x2028 || c == 0x2029 || (c < 0x80 && g_ascii_isspace((char)c));
        g_string_append_unichar(line, breaks ? ' ' : g_unichar_iscntrl(c) ? 0xFFFD : c);
    }
    if (n > MESSAGE_MOST) {
        g_string_append(line, "…");
    }
    return g_string_free(line, FALSE);
}

void
complain(const char *input, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *name = message_text(input), *line = message_text(text);
    fprintf(stderr, "yomijun: %s: %s\n", name, line);
}

int
exit_code_of(const GError *error)
{
    if (g_error_matches(error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED)) {
        return EXIT_PASSWORD;
    }
    if (g_error_matches(error, EXTRACT_ERROR, EXTRACT_ERROR_MISSING)) {
        return EXIT_MISSING;
    }
    if (g_error_matches(error, PAGES_ERROR, PAGES_ERROR_INTERRUPTED)) {
        return EXIT_INTERRUPTED;
    }
    if (g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE)) {
        return EXIT_USAGE;
    }
    gboolean machine = g_error_matches(error, PAGES_ERROR, PAGES_ERROR_SYSTEM);
    return machine || error->domain == G_FILE_ERROR ? EXIT_OUTPUT : EXIT_INPUT;
}

void
name_others(const char *input, const GPtrArray *others)
{
    for (guint i = 0; i < MIN(others->len, OTHERS_NAMED); i++) {
        const char *path = g_ptr_array_index(others, i);
        gboolean folder = g_file_test(path, G_FILE_TEST_IS_DIR);
        g_autofree char *base = g_path_get_basename(path);
        g_autofree char *name = g_filename_display_name(base);
        complain(input, "%s is %s and left alone", name,
                 folder ? "a folder in the folder" : "no page image");
    }
    if (others->len > OTHERS_NAMED) {
        complain(input, "%u more files are no page images and left alone",
                 others->len - OTHERS_NAMED);
    }
}

char *
source_name(const char *input)
{
    g_autofree char *path =
        strcmp(input, "-") == 0 ? g_strdup(input) : g_canonicalize_filename(input, NULL);
    return g_path_get_basename(path);
}

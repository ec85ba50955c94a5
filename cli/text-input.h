/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text input: a file of plain text, in whatever encoding, into its pages.
 */
#pragma once

#include <glib.h>

/* A text of at most 256 MiB as UTF-8, a new string. path: "-" is standard input. encoding: a name
 * that iconv knows, or NULL for UTF-8. NULL with an error: of G_FILE_ERROR if it cannot be read, of
 * G_CONVERT_ERROR if it is not in this encoding (with the byte where it is not, and a guess in
 * which it may be) or there is no such encoding. */
char *text_input_read(const char *path, const char *encoding, GError **error);

/* The exit code of messages.h for such an error. */
int text_input_exit_code(const GError *error);

/* The pages of a text, which form feeds end: char *, owned by the array. */
GPtrArray *text_input_part(const char *text);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text input: a file of plain text, in whatever encoding, into its pages.
 */
#pragma once

#include <glib.h>

/* The bytes of a text, at most 256 MiB. path: "-" is standard input. NULL with an error of
 * G_FILE_ERROR. */
GBytes *text_input_bytes(const char *path, GError **error);

/* They as UTF-8, a new string. encoding: a name that iconv knows, or NULL for UTF-8. NULL with an
 * error of G_CONVERT_ERROR if they are not in this encoding (with the byte where they are not, and
 * a guess in which they may be) or there is no such encoding. */
char *text_input_decode(GBytes *bytes, const char *encoding, GError **error);

/* Whether there is this encoding; FALSE with an error of G_CONVERT_ERROR. */
gboolean text_input_knows(const char *encoding, GError **error);

/* The first two in one. */
char *text_input_read(const char *path, const char *encoding, GError **error);

/* The exit code of messages.h for such an error. */
int text_input_exit_code(const GError *error);

/* The pages of a text, which form feeds end: char *, owned by the array. */
GPtrArray *text_input_part(const char *text);

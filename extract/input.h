/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Input: the file or files that a document is read from. Found, not decoded: that is the matter of
 * processes that may crash over it (source.h).
 */
#pragma once

#include <glib.h>

typedef struct {
    int fd;            /* the PDF, or -1; read by position, so processes may share it */
    GPtrArray *images; /* char *: paths of page images, if fd is -1 */
    GPtrArray *others; /* char *: files of the folder that are none */
    gboolean folder;
} Input;

/* Sets the error for what cannot be opened, `why` being errno: EXTRACT_ERROR_OPEN, or a GFileError
 * where the machine has no descriptor or memory left, which says nothing of the file. */
void input_cannot_open(int why, GError **error);

/* path: a PDF, a page image, a folder of page images, or "-" for a PDF on standard input.
 * input_clear() it. FALSE with an error of EXTRACT_ERROR, or as input_cannot_open() sets it. */
gboolean input_find(const char *path, Input *ret_input, GError **error);
void input_clear(Input *input);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Input, input_clear)

/* The SHA-256 of the file, in hexadecimal; of several: that of their digests, a line each. */
char *input_checksum(const Input *input);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Output: a file that appears whole or not at all, and a standard output that libraries cannot
 * write to.
 */
#pragma once

#include <stdio.h>

#include <glib.h>

/* Call first of all: keeps standard output for output_*, and gives whoever prints to it nothing. */
void output_guard(void);

/* Whether standard output, the real one, is a terminal. */
gboolean output_is_terminal(void);

typedef struct Output Output;

/* path NULL: standard output. NULL with a GFileError. */
Output *output_open(const char *path, GError **error);

/* Where to write. */
FILE *output_stream(Output *output);

/* Makes what was written appear. FALSE with a GFileError, and then there is nothing. */
gboolean output_commit(Output *output, GError **error);

/* Frees; what was not committed is gone. */
void output_free(Output *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Output, output_free)

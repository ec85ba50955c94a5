/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages and exit codes, the same for all commands.
 */
#pragma once

#include <glib.h>

/* The exit codes of design: what every command ends with. */
enum {
    EXIT_DONE = 0,
    EXIT_PARTLY = 1, /* some page failed, or something stays unaccounted for */
    EXIT_USAGE = 2,
    EXIT_INPUT = 3, /* cannot be opened, or damaged beyond use */
    EXIT_PASSWORD = 4,
    EXIT_MISSING = 5, /* something needed is not installed */
    EXIT_OUTPUT = 6,  /* the result cannot be written, or no process can be started */
    EXIT_INTERRUPTED = 130,
};

/* One line on standard error: "yomijun: INPUT: …". */
void complain(const char *input, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A text from outside (a name, what a library says) as it can stand in a message: UTF-8 on one
 * line, without what a terminal would obey, and not endless; a new string. */
char *message_text(const char *text);

/* The exit code that goes with an error. */
int exit_code_of(const GError *error);

/* Names the files of a folder that are no page images. */
void name_others(const char *input, const GPtrArray *others);

/* The name of the file or folder, also of "." and "report/.."; a new string. */
char *source_name(const char *input);

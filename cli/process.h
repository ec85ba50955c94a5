/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands `process` (a PDF in) and `reconstruct` (a page dump in): from evidence to output.
 */
#pragma once

#include "options.h"

/* The exit codes of design: what every command ends with. */
enum {
    EXIT_DONE = 0,
    EXIT_PARTLY = 1, /* some page failed, or something stays unaccounted for */
    EXIT_USAGE = 2,
    EXIT_INPUT = 3, /* cannot be opened, or damaged beyond use */
    EXIT_PASSWORD = 4,
    EXIT_MISSING = 5, /* something needed is not installed */
    EXIT_OUTPUT = 6,  /* the result cannot be written */
    EXIT_INTERRUPTED = 130,
};

int process_run(const Options *options);
int reconstruct_run(const Options *options);

/* One line on standard error: "yomijun: INPUT: …". */
void complain(const char *input, const char *format, ...) G_GNUC_PRINTF(2, 3);

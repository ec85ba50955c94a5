/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands `process` (a PDF in) and `reconstruct` (a page dump in): from evidence to output.
 */
#pragma once

#include "options.h"

int process_run(const Options *options);
int reconstruct_run(const Options *options);

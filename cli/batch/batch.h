/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Batch: the command that extracts an archive, again and again.
 */
#pragma once

#include "options.h"

/* The exit code. */
int batch_run(const Options *options);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command `diff`: what changed between two extractions of the same document.
 */
#pragma once

#include "options.h"

int diff_run(const Options *options);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reconstruct --from text: plain text whose columns an extractor mixed, put back in order; from the
 * text alone, or with pictures of its pages.
 */
#pragma once

#include "options.h"

/* The exit code of messages.h. */
int from_text_run(const Options *options);

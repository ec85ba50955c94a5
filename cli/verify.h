/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command `verify`: is the text of a document what the pictures of its pages show?
 */
#pragma once

#include "options.h"

int verify_run(const Options *options);

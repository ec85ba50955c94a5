/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Former: how a new result differs from the one whose place it takes.
 */
#pragma once

#include <stdio.h>

/* Writes a line "C CLASS COUNT PAGE<tab>ZONE<tab>OLD<tab>NEW<tab>WHAT" for each change (changes.h)
 * to `out`, after many of them one for all others of a class. path: the former result; output: the
 * new one, open for reading. What is no document any more counts as lost. */
void former_compare(const char *path, int output, FILE *out);

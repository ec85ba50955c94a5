/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text apart: names of the labels' columns that are set wide apart (法 務 局) come out a character
 * at a time, in any order, and some with other rows' (interleaved.c: is_loose). Which name each
 * belongs to and where in it, the language says.
 */
#pragma once

#include "interleaved.h"

/* Puts loose characters into names of their table, and the characters of names in order: `row`,
 * `place`, `after` and `confidence` of placements change. What fits no name stays where it is.
 * judge: borrowed; NULL: nothing changes. */
void text_apart_settle(const TextPage *page, const JoinJudge *judge, const TextColumns *columns,
                       TextReading *reading);

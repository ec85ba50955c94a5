/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Second reading: lines with something doubtful are read again, in another way. Private to
 * comparison.c and its parts.
 */
#pragma once

#include "differences.h"

/* Fills in what is read again where something differs. FALSE with an error of the recogniser's. */
gboolean read_again(const Job *job, Recogniser *recogniser, GError **error);

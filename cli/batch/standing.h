/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Standing: whether the result that the catalogue knows of a document stands in its place, and as
 * it was put there.
 */
#pragma once

#include "catalogue.h"
#include "results.h"

/* The result, and the text beside it if there was one. */
gboolean standing_is_there(const Results *results, const char *output, const Known *known);

/* Whether the bytes of a result are those that were put there. */
gboolean standing_is_sound(const Results *results, const char *output, const Known *known);

/* Whether these are the bytes (SHA-256, hexadecimal) of the last attempt. */
gboolean standing_same_bytes(const Known *known, const char *sha256);

/* 32 bytes of a SHA-256 in 64 hexadecimal digits and a 0. */
void standing_sha256_words(const guint8 *bytes, char *ret_hex);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Readable: the files and folders that libraries read while they parse documents: fonts and what
 * fontconfig knows of them, poppler's and tesseract's data, converters of encodings, time zones,
 * shared libraries; of the system, of the user, and where the environment says.
 *
 * Symbolic links lead out of a folder. They are followed from the configuration of fonts, from
 * models for OCR and from the top of the user's font folders, but not from within these.
 */
#pragma once

#include <glib.h>

/* Paths (char *), owned by the array, some of them twice or of nothing that exists. */
GPtrArray *readable_paths(void);

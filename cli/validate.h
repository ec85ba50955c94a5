/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Validation of what was written against the RELAX NG schemas that come with the program (libxml2).
 */
#pragma once

#include <glib.h>

/* FALSE with an error that names the first line that does not fit. schema: a file name. */
gboolean validate_file(const char *path, const char *schema, GError **error);

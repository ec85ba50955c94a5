/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files that come with the program: schemas, the model that judges joins.
 */
#pragma once

#include <glib.h>

#include "join-model.h"

/* The path of a file by its name: in share/ beside the program's folder wherever that was put,
 * where it was to be installed, or in the tree it was built from. A new string, of a file that need
 * not exist. */
char *data_file_path(const char *name);

/* The SHA-256 of that of joins, in hexadecimal; NULL if it cannot be read. */
char *join_model_hash(void);

/* What judges joins of Japanese lines. An error of G_FILE_ERROR that says what to do. */
JoinModel *join_model_load(GError **error);

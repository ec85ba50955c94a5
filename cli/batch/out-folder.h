/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Out-folder: the folder that a batch writes to, opened: the results, their catalogue, and what it
 * knows, as a batch leaves them: what one before was stopped in is finished.
 */
#pragma once

#include "groups.h"
#include "options.h"

/* For a dry run that may not write, only looked at: there are no groups then; and where there is no
 * folder yet, no results. */
typedef struct {
    Results *results;
    Catalogue *catalogue;
    GHashTable *known; /* path → Known */
    Groups *groups;
} OutFolder;

/* For the whole, or the shard, that the options say. ret_folder: to be cleared after an error too.
 */
gboolean out_folder_open(const Options *options, OutFolder *ret_folder, GError **error);
void out_folder_clear(OutFolder *folder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OutFolder, out_folder_clear)

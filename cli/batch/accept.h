/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accept: former results that are no longer needed, because somebody has seen what changed.
 */
#pragma once

#include "catalogue.h"
#include "results.h"

/* Accepts, if all `paths` are documents of the catalogue (else G_OPTION_ERROR), those documents
 * whose worst change is of this class (NULL: any) and whose path is one of `paths`
 * (NULL-terminated; NULL: all). ret_count: how many. */
gboolean accept_changes(Catalogue *catalogue, Results *results, const char *change,
                        char *const *paths, guint *ret_count, GError **error);

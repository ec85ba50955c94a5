/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text columns: which columns a table on a page of plain text has, told from nothing but the widths
 * of the lines and how well they can be read.
 */
#pragma once

#include "interleaved.h"

/* The likeliest reading of a page, found on up to `jobs` threads, whatever their number the same.
 * In *ret_columns the columns of its table. */
TextReading *text_columns_read(const TextPage *page, const JoinJudge *judge, guint jobs,
                               TextColumns *ret_columns);

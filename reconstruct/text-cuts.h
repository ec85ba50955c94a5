/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text cuts: lines of two columns, both set so wide apart that each character is printed by itself,
 * come out as one stretch of single characters. Nothing but the language says where one ends.
 */
#pragma once

#include "line-joins.h"
#include "text-lines.h"

/* Parts such stretches of the page where another column may begin; the new parts are `soft`.
 * judge: borrowed; NULL: nothing is cut. Pages of more than TEXT_MOST_LINES lines are left alone.
 */
void text_cuts_find(TextPage *page, const JoinJudge *judge);

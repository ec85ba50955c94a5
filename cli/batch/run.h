/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Run: what a plan says is done: tasks by the runner; what they give into the catalogue, in groups;
 * the results into their places.
 */
#pragma once

#include "forker.h"
#include "out-folder.h"
#include "plan.h"

/* folder: with groups, that is, not only looked at. makings: with their ids. The exit code. */
int run_plan(const Options *options, const OutFolder *folder, const Makings *makings,
             const Plan *plan, Forker *forker);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Line joins: does a piece of text go on with another, does one end a paragraph, does one begin
 * one? Evidence in natural logarithms of odds, from the rules of Japanese line breaking, the marks
 * that open paragraphs, and a judge of the language, which may be NULL.
 */
#pragma once

#include "join-judge.h"

/* A piece of text, code points without white space. */
typedef struct {
    const guint32 *c;
    guint n;
} Run;

/* How much speaks for b going on after a, in one paragraph. */
double join_evidence(const JoinJudge *judge, Run a, Run b);

/* How much speaks for a ending its paragraph; for b beginning one. */
double end_evidence(const JoinJudge *judge, Run a);
double start_evidence(const JoinJudge *judge, Run b);

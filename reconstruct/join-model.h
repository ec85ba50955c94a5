/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JoinModel: n-grams of Japanese and of one document, as a judge of joins (join-judge.h).
 *
 * Two tables, made by scripts/make-join-model: of characters, which knows words, and of characters
 * with all kanji as one and all katakana as one, which knows grammar. To the first come the n-grams
 * of the document itself, since a report says its names and terms again and again. P is
 * interpolated from the longest context known down to single characters (I. Witten and T. Bell, The
 * zero-frequency problem, 1991). Without a model the document's own n-grams alone judge.
 *
 * The table's bytes: "YJN1", then each table: order, rest of the root (a byte each); for each order
 * the number of n-grams (32 bits, little endian), their last symbols (16 bits each), counts (a byte
 * each) and, but for the longest, how many n-grams go on from each (16 bits) and the rest (a byte).
 * A byte B says 2^(B/12) - 1.
 */
#pragma once

#include "join-judge.h"

typedef struct JoinModel JoinModel;

/* NULL if these are not the bytes of a model. */
JoinModel *join_model_parse(const guint8 *bytes, gsize size);
void join_model_free(JoinModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JoinModel, join_model_free)

typedef struct DocumentJoins DocumentJoins;

/* A judge for the joins of `text` (UTF-8, as it came: what stands on one line without white space
 * between is taken as running text). model: borrowed for the life of it, or NULL. */
DocumentJoins *document_joins_new(const JoinModel *model, const char *text);
void document_joins_free(DocumentJoins *joins);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DocumentJoins, document_joins_free)

/* The natural logarithm of how likely `text` (code points, no white space) is as running text. Only
 * comparable between texts that differ in few characters. */
double document_joins_likelihood(const DocumentJoins *joins, const guint32 *text, guint n);

/* Borrowed. */
const JoinJudge *document_joins_judge(const DocumentJoins *joins);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Corrections: what people corrected on the review page (urn:yomijun:corrections:1), put into a
 * document that is made again.
 *
 * A correction finds its place by page, box and old text, since zones have other names in another
 * extraction. One that does not fit is not applied but listed with the reason; so is text for a
 * place that has none, which has no place in the order of reading.
 *
 * Boxes: PDF points of the page as displayed, origin top left, y down.
 */
#pragma once

#include "document.h"

/* What became of a correction. */
typedef enum {
    FIT_NOT,     /* there is no such text at its place */
    FIT_APPLIED, /* the document says what the person wrote */
    FIT_ALREADY, /* it said that by itself */
    FIT_AGAIN,   /* left out: the person wants to look at it again */
    FIT_PLACE,   /* left out: text for a place that has none */
} Fit;

typedef struct {
    guint32 page;
    Rect box;
    char *state; /* confirmed, again, unseen */
    char *old, *new;
    Fit fit;
    guint32 zone; /* of the document, where it was applied */
} Correction;

typedef struct {
    GArray *list; /* Correction: those with a new text, in the file's order */
    char *sha256; /* of the file */
} Corrections;

/* Reads a file of corrections. NULL with an error of G_FILE_ERROR if it is none. */
Corrections *corrections_read(const char *path, GError **error);
void corrections_free(Corrections *corrections);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Corrections, corrections_free)

/* Why it was not applied, for people; NULL if the document says what it wants. */
const char *correction_why_not(const Correction *correction);

/* Hands a document on to `next`, corrected; both are borrowed. What became of each correction is
 * forgotten first, and known when the document has passed. */
typedef struct Corrector Corrector;
Corrector *corrector_new(Corrections *corrections, Writer *next);
Writer *corrector_writer(Corrector *corrector);
void corrector_free(Corrector *corrector);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Corrector, corrector_free)

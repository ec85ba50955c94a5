/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Verdict: what becomes of the differences between a document and its pictures, once the whole
 * document has been seen. A difference of characters is only a suspicion; it becomes a finding if
 * the looks taken at it, independent of each other, say so together:
 *
 *   ocr        how sure OCR was
 *   ocr-again  what another reading of the line says
 *   layer      what the PDF's text layer says
 *   glyph      how the same glyphs of its fonts were read elsewhere
 *   picture    which of the two characters its picture is nearer to, among the pictures of both
 *              elsewhere in the document
 *   votes      how this character was read wherever else it stands
 *   sense      which of the two makes Japanese
 *   alike      the two look so much alike that no reading tells them apart
 *   ink        whether there is ink, or room for it
 *   place      where the zones lie
 */
#pragma once

#include "comparison.h"
#include "join-model.h"

typedef struct {
    const char *by;
    char *says;
    double confidence; /* how much it speaks for the finding, 0 to 1; .5: nothing */
} Said;

typedef struct {
    guint32 zone; /* index into the claims' zones, or NO_ZONE */
    FindingKind kind;
    gboolean placed; /* it has a box */
    Rect box;
    char *expected, *seen;
    double confidence;
    gint32 at;     /* where in its passage's text, in characters, or -1 */
    GArray *looks; /* Said */
} Finding;

typedef struct {
    guint32 zone;
    FindingKind verdict; /* the worst of its findings */
    double agreement;    /* of its characters, 0 to 1 */
    char *seen;          /* what was read, where that is not what is claimed; else NULL */
} ZoneVerdict;

typedef struct {
    guint page;      /* index into the claims' pages */
    guint32 picture; /* number, 0: there is none */
    char *failed;    /* why nothing was compared, or NULL */
    double agreement;
    guint chars, wrong;
    Placing placing;
    double width, height; /* of the picture in points */
    GArray *zones;        /* ZoneVerdict */
    GArray *findings;     /* Finding */
} PageVerdict;

typedef struct {
    GPtrArray *pages; /* PageVerdict, one for each page of the document */
    double agreement;
    guint chars, findings, doubts; /* doubts: suspicions that came to nothing */
} Report;

typedef struct Verifier Verifier;

/* claims: borrowed, for the life of the verifier and its report. */
Verifier *verifier_new(const Claims *claims);
void verifier_free(Verifier *verifier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Verifier, verifier_free)

/* Takes a comparison, made for page `expected` (an index). FALSE if it is not used: the picture is
 * of no page, or its page has been seen already. */
gboolean verifier_add(Verifier *verifier, guint expected, Comparison *comparison);
void verifier_fail(Verifier *verifier, guint expected, guint32 picture, const char *why);

/* model: of the language, for the sense of what is read (borrowed), or NULL. */
Report *verifier_finish(Verifier *verifier, const JoinModel *model);
void report_free(Report *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Report, report_free)

/* Whether a kind of finding alone makes a document disagree: a wrong number, a lost passage. */
gboolean finding_is_grave(FindingKind kind);

/* Findings of what the document says by itself: cells out of their column, text that stands
 * twice. */
void structure_check(const Claims *claims, Report *report);

void report_add_finding(PageVerdict *page, guint32 zone, FindingKind kind, const Rect *box,
                        char *expected, char *seen, double confidence, const char *by,
                        const char *says);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Comparison: what a page of the document claims and what its picture shows, zone by zone, and
 * every place where the two differ: a suspicion, for OCR is wrong in one character of a hundred.
 * What becomes of it is decided when the whole document has been seen (verdict.h).
 *
 * Boxes: points of the document's page.
 */
#pragma once

#include "claims.h"
#include "cuts.h"
#include "look.h"
#include "placing.h"
#include "witness.h"

typedef enum {
    FINDING_AGREES,
    FINDING_UNCHECKED, /* it could not be read in the picture */
    FINDING_WIDTH,
    FINDING_VARIANT,
    FINDING_DIGIT,
    FINDING_TEXT,
    FINDING_NO_INK,    /* text without ink */
    FINDING_INK,       /* ink without text */
    FINDING_ORDER,     /* the right characters in another order */
    FINDING_NEIGHBOUR, /* text that belongs to another zone */
    FINDING_MISSING,   /* a passage of the picture that the document has not */
    FINDING_DOUBLED,
    FINDING_PAGE, /* the picture is of another page */
    FINDING_LAST = FINDING_PAGE,
} FindingKind;

const char *finding_word(FindingKind kind);

#define NO_ZONE G_MAXUINT32

/* A place where document and picture differ. */
typedef struct {
    guint32 zone;     /* index into the claims' zones, or NO_ZONE */
    guint8 kind;      /* FindingKind: of what the characters are */
    guint8 settled;   /* no second look is needed: passages, not characters */
    guint8 room;      /* there is ink, or room for some, that nothing seen accounts for */
    gint32 at;        /* where in its passage's characters, or -1 */
    guint32 line;     /* of the scan; while it is being made */
    float confidence; /* OCR's, of what is seen */
    Rect box;
    char *expected, *seen; /* UTF-8, may be empty */
    char *again;           /* what another reading says there, or NULL */
    char *layer;           /* what the PDF's text layer says there, or NULL */
    GArray *glyphs;   /* guint64: the layer's glyphs that say the characters expected, the first
                         two dozen of them (witness.h) */
    guint8 accounted; /* where this is seen, the layer has text that the document has, too */
    guint8 squeezed;  /* what is seen, or is near it, has not the room it needs (fit.h) */
    GArray *cuts;     /* Cut: of numbers, and where lengths differ, the place and what is around */
    GArray *pictures; /* GlyphPicture: of each character seen, the first two dozen of them */
} Difference;

typedef struct {
    guint32 zone;
    guint8 checked;   /* something was read there, or there is nothing to read */
    guint32 from, to; /* the part of its passage's characters that stands here */
    guint32 seen;     /* characters */
    char *text;       /* what was read */
} ZoneCheck;

/* A character whose picture is known: document and OCR agree. */
typedef struct {
    gunichar c;
    GlyphPicture picture;
    GlyphPlace place;
} Exemplar;

typedef struct {
    guint32 picture; /* number, from 1 */
    guint32 page;    /* index into the claims' pages: whose picture it is */
    gboolean lost;  /* it shows a part of the page, and nothing tells which: nothing was compared */
    gboolean alien; /* it shows none of the document's pages: nothing was compared */
    double likeness; /* the part of what is seen that this page says */
    Placing placing;
    double width, height; /* of the picture, in points */
    GArray *zones;        /* ZoneCheck */
    GArray *differences;  /* Difference */
    GArray *exemplars;    /* Exemplar */
    GArray *votes;        /* GlyphVotes */
} Comparison;

/* Which page of the document a picture shows, when it should be page `expected` (an index): that
 * page, unless another has far more of what is seen. */
guint comparison_page(const Claims *claims, guint expected, const Look *look, double *ret_likeness);

/* Compares. recogniser: for reading doubtful lines again. NULL with an error of EXTRACT_ERROR. */
Comparison *comparison_make(const Claims *claims, guint page, const Look *look, double likeness,
                            Recogniser *recogniser, GError **error);
Comparison *comparison_new(void);
void comparison_free(Comparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Comparison, comparison_free)

/* As bytes, and back: NULL if they do not hold together. */
void comparison_write(const Comparison *comparison, GByteArray *bytes);
Comparison *comparison_read(const Claims *claims, const guint8 *data, gsize size);

void difference_clear(gpointer difference);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Claims: what a document (urn:yomijun:document:1) says of its pages: passages of text, the zones
 * they stand in, and which cell of which table they are.
 *
 * Unit: PDF points of the page as displayed, origin top left, y down.
 */
#pragma once

#include "page.h"

typedef enum {
    PASSAGE_P,
    PASSAGE_HEADING,
    PASSAGE_CELL,
    PASSAGE_ITEM,
    PASSAGE_NOTE,
    PASSAGE_CAPTION,
    PASSAGE_FIGURE,
    PASSAGE_HEAD,
    PASSAGE_FOLIO,
} PassageKind;

/* The text of one element with zones. */
typedef struct {
    gunichar *chars; /* without white space */
    guint n;
    GArray *zones; /* guint: indices into zones, in the order of reading */
    GArray
        *rubies; /* gunichar: the letters of its ruby, which stand beside the text in the picture */
    PassageKind kind;
    gboolean header; /* a header cell, or one of the first row: tables repeat those on each page */
    guint table, row, column, colspan, rowspan; /* of a cell, from 1; 0 elsewhere */
    guint8 header_of;                           /* HEADER_…, of a header cell; 0 elsewhere */
    guint level;                                /* of a heading, from 1; 0 elsewhere */
    guint list, item;                           /* of a list's paragraph, from 1; 0 elsewhere */
    guint figure;                               /* of a figure's paragraph, from 1; 0 elsewhere */
    char *text;                                 /* as it stands */
    guint8 *marks; /* TEXT_…, one for each character of `text`; NULL if there are none */
} Passage;

/* How a character stands in its element. */
enum { TEXT_UNDERLINED = 1 << 0, TEXT_STRUCK = 1 << 1, TEXT_RUBY = 1 << 2 };

#define NO_PASSAGE G_MAXUINT

typedef struct {
    char *id;
    guint32 page;
    Rect box;
    gboolean placed; /* it has a box */
    guint8 origin;   /* Origin */
    double confidence;
    guint passage; /* index, or NO_PASSAGE: a figure */
    guint part;    /* which of the passage's zones it is */
    guint users;   /* how many elements refer to it */
} ClaimedZone;

typedef struct {
    guint32 number;
    double width, height;
    char *label;             /* or NULL */
    char *failed;            /* why it is empty, or NULL */
    guint first_zone, zones; /* its zones lie together */
    GArray *grams;           /* guint64, ascending, each once: pairs of characters of its text */
} ClaimedPage;

typedef struct {
    guint columns;
    guint rows;
    char *grid; /* its cells, empty ones too: a line for each row, of columns, spans and headers */
} ClaimedTable;

/* What a person changed in the document, or wanted to (reconstruct/corrections.h). */
typedef struct {
    guint32 page;
    char *zone; /* id; NULL where it did not fit */
    Rect box;
    char *state, *old, *new;
} ClaimedCorrection;

typedef struct {
    char *producer;                        /* what made it, with versions and options */
    char *source, *sha256, *source_sha256; /* the source's name; of the document; of the source */
    guint source_pages;
    GArray *pages;       /* ClaimedPage */
    GArray *zones;       /* ClaimedZone */
    GArray *passages;    /* Passage */
    GArray *tables;      /* ClaimedTable */
    GArray *figures;     /* guint: the zones of figures */
    GArray *corrections; /* ClaimedCorrection */
} Claims;

/* Reads a document, which must be valid. NULL with a GFileError. */
Claims *claims_read(const char *path, GError **error);
/* The same from its bytes. */
Claims *claims_parse(const char *bytes, gsize size, GError **error);
void claims_free(Claims *claims);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Claims, claims_free)

static inline ClaimedPage *
claims_page(const Claims *claims, guint i)
{
    return &g_array_index(claims->pages, ClaimedPage, i);
}

static inline ClaimedZone *
claims_zone(const Claims *claims, guint i)
{
    return &g_array_index(claims->zones, ClaimedZone, i);
}

static inline Passage *
claims_passage(const Claims *claims, guint i)
{
    return &g_array_index(claims->passages, Passage, i);
}

static inline ClaimedTable *
claims_table(const Claims *claims, guint i)
{
    return &g_array_index(claims->tables, ClaimedTable, i);
}

static inline const ClaimedCorrection *
claims_correction(const Claims *claims, guint i)
{
    return &g_array_index(claims->corrections, ClaimedCorrection, i);
}

/* The word of the report and the review page: "p", "cell", … */
const char *passage_word(PassageKind kind);

/* Pairs of characters of a text, folded in width: appends guint64 to `grams`; grams_sort() it then.
 */
void grams_add(GArray *grams, const gunichar *chars, guint n);
void grams_sort(GArray *grams);

/* The part of `some` that is in `all`, 0 to 1. */
double grams_part(const GArray *some, const GArray *all);

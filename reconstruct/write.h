/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writers: documents out. Each writer spools what it is handed into temporary files of its own and
 * puts the whole out at the end, so that output appears whole or not at all and memory does not
 * grow with the document.
 */
#pragma once

#include <stdio.h>

#include "corrections.h"

/* What a document says of its source and its making. Strings are borrowed; NULL where unknown. */
typedef struct {
    const char *name, *sha256, *title, *created;
    guint pages; /* of the source */
    const char *version, *poppler, *options;
    const char *tesseract; /* NULL if no page was read with OCR */
    gboolean paint_trace;
    const Corrections *corrections; /* that were put in, or not; NULL for none */
} DocumentFacts;

typedef struct OutputWriter OutputWriter;
struct OutputWriter {
    Writer writer; /* first, so that a Writer * is an OutputWriter * */
    /* Puts the whole out; FALSE with errno set if `out` or the spool takes no more. */
    gboolean (*finish)(OutputWriter *w, const DocumentFacts *facts, FILE *out);
    void (*free)(OutputWriter *w);
};

/* The XML of namespace urn:yomijun:document:1 (document.rng). NULL with errno set if no temporary
 * file can be made. */
OutputWriter *xml_writer_new(void);

/* Plain text: a paragraph a line; the cells of a table row by row, an empty line after each row;
 * running heads left out. */
OutputWriter *text_writer_new(void);

/* A text as it stands in an attribute of what the XML writer writes; a new string. */
char *xml_escape(const char *text);

/* Copies the whole of a spool from its start. */
gboolean spool_copy(FILE *spool, FILE *out);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recogniser: tesseract, reading one line of text at a time.
 *
 * One per process: loading a model takes 100 ms and 40 MB. Works on one thread; whoever wants more
 * starts more processes.
 */
#pragma once

#include "raster.h"

typedef struct {
    guint32 unicode;      /* tesseract's symbols of several characters come one by one */
    float x0, y0, x1, y1; /* pixels of the picture that was given */
    float confidence;     /* 0 to 1 */
    gboolean word;        /* a word begins here */
} Symbol;

typedef struct Recogniser Recogniser;

/* languages: as tesseract takes them, "jpn" or "jpn+eng". An error of EXTRACT_ERROR_MISSING if a
 * model is not installed: the message names the package. Nothing is loaded before it is used. */
Recogniser *recogniser_new(const char *languages, GError **error);
/* Paths (char *) of the models for these languages, those for vertical text that are installed
 * among them; a new array. EXTRACT_ERROR_MISSING as above. */
GPtrArray *recogniser_models(const char *languages, GError **error);

void recogniser_free(Recogniser *recogniser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recogniser, recogniser_free)

typedef enum {
    LINE_LEVEL, /* the whole picture is handed to the network: PSM_RAW_LINE */
    LINE_FOUND, /* level, and tesseract looks for the line in it first, which takes longer, cuts it
                   otherwise, with twice as many wrong characters, and leaves out what is no line */
    LINE_VERTICAL,
} LineMode;

/* Reads a picture (8 bpp) of one line and appends Symbol values to `symbols`.
 * FALSE with EXTRACT_ERROR_MISSING if there is no model for vertical text; what cannot be read
 * gives no symbols. */
gboolean recogniser_read(Recogniser *recogniser, PIX *line, LineMode mode, GArray *symbols,
                         GError **error);

/* "5.3.0" */
const char *recogniser_version(void);

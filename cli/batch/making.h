/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making: what can change a result beside the bytes of the document: the version of yomijun, the
 * options that matter, the versions of the libraries, and the models of OCR by their hashes. Plain
 * texts have one of their own, so that what only they depend on makes nothing else anew.
 */
#pragma once

#include "catalogue.h"
#include "options.h"

typedef struct {
    Making plain, of_texts;       /* with nothing in it where texts are no documents */
    gint64 plain_id, of_texts_id; /* in the catalogue, once they are there; else 0 */
} Makings;

/* Of results made with these options on this machine; makings_clear() it. An error of EXTRACT_ERROR
 * if a model that may be needed is not installed. */
gboolean makings_find(const Options *options, Makings *ret_makings, GError **error);
void makings_clear(Makings *makings);

/* Enters them, or only looks them up. FALSE with an error. */
gboolean makings_enter(Makings *makings, Catalogue *catalogue, gboolean add, GError **error);

/* That of a document, or of an archive file; which documents this one has depends on whether texts
 * are some. */
const Making *makings_of(const Makings *makings, const Document *document);
gint64 makings_id(const Makings *makings, const Document *document);

/* Is it one of them? */
gboolean makings_has(const Makings *makings, gint64 id);

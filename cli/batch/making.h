/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making: what can change a result beside the bytes of the document: the version of yomijun, the
 * options that matter, the versions of the libraries, and the models of OCR by their hashes.
 */
#pragma once

#include "catalogue.h"
#include "options.h"

/* Of results made with these options on this machine; making_clear() it. An error of EXTRACT_ERROR
 * if a model that may be needed is not installed. */
gboolean making_find(const Options *options, const char *formats, Making *ret_making,
                     GError **error);

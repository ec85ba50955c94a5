/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures of pages to files: a folder with one for each page, or one TIFF or PDF with all.
 */
#ifndef SAMPLES_SCAN_STORE_H
#define SAMPLES_SCAN_STORE_H

#include "settings.h"

#include <leptonica/allheaders.h>

typedef struct ScanStore ScanStore;

/* Makes the folder if there is to be one. The settings must outlive it. */
ScanStore *scan_store_new(const Settings *settings, GError **error);

/* What is not finished is removed, unless it is a folder. */
void scan_store_free(ScanStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScanStore, scan_store_free)

/* The name of the file that page goes to, without folders; the caller frees it. */
char *scan_store_name(const ScanStore *store, guint page);

/* page: its number in the source, from 1. */
gboolean scan_store_add(ScanStore *store, PIX *pix, guint page, GError **error);

gboolean scan_store_finish(ScanStore *store, GError **error);

#endif

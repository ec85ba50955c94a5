/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Image set: page images (PNG, JPEG, TIFF of one or more pages), one file or a folder of them, as
 * the pages of a document.
 *
 * Files of a folder come in the natural order of their names (page2 before page10); what is no
 * image is left alone. Nothing is decoded before a page is asked for, and nothing that would need
 * more than IMAGE_PIXELS_MOST.
 */
#pragma once

#include <glib.h>
#include <leptonica/allheaders.h>

/* A sheet of A0 at 240 dpi, or of A4 at 1,000. */
#define IMAGE_PIXELS_MOST 100000000.0
/* What a JPEG can have at most. */
#define IMAGE_SIDE_MOST 65535
#define IMAGE_SIDE_LEAST 16
#define IMAGE_PAGES_MOST 100000u

/* What a file begins with says that it is an image we read. */
gboolean image_is_known(int fd);

/* Is the file a page image where files of a folder are pages? It is if its name says so, even if it
 * is empty or cut off, since it is to be named as failed and not passed over; else if it begins
 * like one. Hidden files are none: what systems leave behind in folders is often called like its
 * neighbour. image_is_page() opens the file, a path relative to `folder` or AT_FDCWD, if need be.
 */
gboolean image_name_is_page(const char *path);
gboolean image_is_page(int folder, const char *path);

/* The order of pages by the names of their files: page2 before page10. Paths in one folder. */
int image_names_compare(const char *a, const char *b);

/* The files of a folder: paths (char *), owned by the arrays. An error of EXTRACT_ERROR_OPEN if it
 * cannot be read, or holds no image. */
gboolean image_folder_list(const char *folder, GPtrArray *images, GPtrArray *others,
                           GError **error);

/* "1.82.0": of leptonica, which decodes the images; a new string. */
char *image_library_version(void);

typedef struct ImageSet ImageSet;

/* paths: char *, borrowed for the life of the set. */
ImageSet *image_set_new(const GPtrArray *paths);
void image_set_free(ImageSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImageSet, image_set_free)

guint image_set_pages(const ImageSet *set);

/* How many pages each file has, in the order of the paths: a new array of guint32. */
GArray *image_set_file_pages(const ImageSet *set);

/* The file's name of page `number` (from 1), borrowed. */
const char *image_set_name(const ImageSet *set, guint number);

/* Page `number` (from 1) in 8-bit grey and its resolution, which is that of the file, `dpi` where
 * the file gives none, or, if that is 0 too, inferred: ret_inferred. Free with pixDestroy(). */
PIX *image_set_read(const ImageSet *set, guint number, double dpi, double *ret_dpi,
                    gboolean *ret_inferred, GError **error);

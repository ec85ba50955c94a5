/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents: what an archive, a folder tree, has for a batch, in the bytewise order of the paths.
 *
 * - A PDF is told by its suffix.
 * - Page images (extract/image-set.h) of a folder without PDFs are one document, the folder: its
 *   files in the order of pages. Beside PDFs each is a document by itself. The top folder is a
 *   folder like others.
 * - Members of a container (container.h) count as if it were a folder of its name; told by their
 *   names alone. They come by documents_in_container().
 * - With `texts`, a file that ends with .txt is plain text. Where pictures of its pages are beside
 * it it says their characters, and is no document by itself: "a.txt" or "a.png.txt" those of a.png;
 *   in a folder that is a document "a.txt" those of a-1.png, a-2.png, too; and if none has a text
 * so, "folder.txt" in it, or one beside it that is called as the folder, those of all. Beside a PDF
 * of its name it is that PDF's text, and left alone. Every other is a document.
 * - Links to files are followed, links to folders are not: so there are no circles, and nothing
 *   comes twice but by links to files.
 * - Everything else is named and left alone. So are hidden files and folders.
 *
 * Paths are the bytes of the disk, relative to the archive, and the result of a document stands at
 * its path + ".xml" (of a folder: at folder.xml in it). Documents whose results could not all
 * stand where they belong are refused here, the one deeper down.
 */
#pragma once

#include <stdio.h>

#include "container.h"

typedef enum {
    DOCUMENT_PDF,
    DOCUMENT_IMAGE,
    DOCUMENT_TEXT, /* without pictures */
    DOCUMENT_FOLDER,
    DOCUMENT_CONTAINER,
    DOCUMENT_OTHER,      /* left alone */
    DOCUMENT_UNREADABLE, /* cannot be read, or must not be: `why` */
    N_DOCUMENT_KINDS
} DocumentKind;

#define DOCUMENT_NO_MEMBER G_MAXUINT32

typedef struct {
    gint64 size;  /* bytes; -1 where an archive does not say */
    gint64 mtime; /* nanoseconds since 1970 */
    gint64 ctime; /* likewise: the inode's, which nobody can set back; 0 of a member */
    guint64 inode, device;
} FileStamp; /* all 0 of what cannot be looked at; of a member, inode and device of its container */

typedef struct {
    const char *path; /* "" is the top folder, "a.zip/" that of a container: "a.zip" is itself */
    const char *why;  /* a line in UTF-8; NULL of documents, and of files that are just others */
    FileStamp stamp;  /* of a folder: the sum of sizes, the latest mtime, its own inode */
    guint32 first_file, n_files; /* of a folder: its images, in `files` */
    guint32 first_text, n_texts; /* in `texts`: of its pages */
    guint32 lost;                /* of a folder in a container: images refused, each named too */
    guint32 member;              /* index in the container, or DOCUMENT_NO_MEMBER */
    DocumentKind kind;
} Document;

typedef struct {
    const char *name; /* without the folder */
    FileStamp stamp;
    guint32 member;
    guint32 text; /* which of the document's texts has its pages, or DOCUMENT_NO_TEXT */
} DocumentFile;

#define DOCUMENT_NO_TEXT G_MAXUINT32

/* A text of an image, or of several. */
typedef struct {
    const char *path; /* as a document's */
    FileStamp stamp;
    guint32 member;
} DocumentText;

typedef struct {
    GArray *documents; /* Document */
    GArray *files;     /* DocumentFile */
    GArray *texts;     /* DocumentText */
    gboolean with_texts;
    GHashTable *beside; /* while they are made: texts that may be a folder's (documents-texts.c) */
    guint counts[N_DOCUMENT_KINDS];
    GStringChunk *strings; /* what they point to */
} Documents;

typedef struct {
    const char *const
        *reserved;       /* names in the top folder of the results that are taken; or NULL */
    const char *results; /* the folder of results, left out if it is in the archive; or NULL */
    gboolean texts;      /* plain texts are documents, or those of page images */
} DocumentsOptions;

/* All of the folder `archive`; documents_free() it. An error of EXTRACT_ERROR_OPEN if that is no
 * folder that can be read; what cannot be read in it is among the documents. A GFileError where
 * the machine has no descriptors or memory left. */
Documents *documents_walk(const char *archive, const DocumentsOptions *options, GError **error);

/* Of the archive only what is listed: paths that end with `separator` ('\n', where '\r' before it
 * is left out, or 0), relative to the archive or absolute. What leads out of it is refused. A page
 * image that belongs to a folder document, and the folder, stand for the document. Of another
 * folder the files must be listed. */
Documents *documents_from_list(const char *archive, FILE *in, char separator,
                               const DocumentsOptions *options, GError **error);

/* The members of the container at `path`. Never fails: they are all named. */
Documents *documents_in_container(const char *path, const ContainerList *list, gboolean texts);

void documents_free(Documents *documents);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Documents, documents_free)

/* Where its result stands; a new string. */
char *document_output(const Document *document);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents in the making: the rule that makes documents of the files of a folder, for those who
 * find files on a disk and in a container.
 */
#pragma once

#include "documents.h"

/* A file of a folder, or something else in it that is to be named. */
typedef struct {
    const char *name; /* in documents->strings */
    const char *why;  /* likewise, or const; or NULL */
    FileStamp stamp;
    guint32 member;
    DocumentKind kind; /* not _FOLDER */
    gboolean wanted;   /* FALSE: it only counts for the rule */
} Found;

Documents *documents_new(void);

/* What kind a regular file's name makes it, hidden ones apart: PDF, IMAGE, CONTAINER, OTHER. */
DocumentKind document_kind_of(const char *name);

/* The documents of one folder; `of_folder` is its own stamp. found: Found, in any order. TRUE if
 * the folder is a document. */
gboolean documents_add_folder(Documents *documents, const char *folder, const FileStamp *of_folder,
                              GArray *found, gboolean folder_wanted);

/* Something by itself. why is copied. */
void documents_add(Documents *documents, const char *path, DocumentKind kind, const char *why);

/* When all are there: order, doubles, results that cannot stand where they belong, counts. */
void documents_settle(Documents *documents, const char *const *reserved);

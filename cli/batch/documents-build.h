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

Documents *documents_new(gboolean with_texts);

/* What kind a regular file's name makes it, hidden ones apart: PDF, IMAGE, CONTAINER, OTHER; and
 * TEXT with texts. */
DocumentKind document_kind_of(const char *name, gboolean with_texts);

/* The documents of one folder; `of_folder` is its own stamp. found: Found, in any order. What is
 * wanted of it beside what is found: `wanted`. The folder that it is in must have been there
 * before. TRUE if the folder is a document. */
typedef enum { FOLDER_NOT, FOLDER_IF_TEXT_BESIDE, FOLDER_ITSELF } FolderWanted;
gboolean documents_add_folder(Documents *documents, const char *folder, const FileStamp *of_folder,
                              GArray *found, FolderWanted wanted);

/* The path of a name in the folder of a path as in Document; a new string. */
char *documents_path_in(const char *folder, const char *name);

/* Something by itself. why is copied. */
void documents_add(Documents *documents, const char *path, DocumentKind kind, const char *why);

/* When all are there: order, doubles, results that cannot stand where they belong, counts. */
void documents_settle(Documents *documents, const char *const *reserved);

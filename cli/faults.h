/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Faults: a worker that does wrong when the document tells it to, for tests of what has to cope
 * with it. Only in yomijun-faults, which is built with the tests and not installed; in yomijun
 * nothing is left of it.
 *
 * The instruction stands in the title of a PDF, which survives renaming and archives, in the name
 * of the file of a page image, which has no title, or in the first line of plain text in a batch:
 *
 *     fault=crash         a signal, as of a bad pointer
 *     fault=hang          no end, without processor time
 *     fault=spin          no end, with it
 *     fault=memory        takes memory until there is no more
 *     fault=exit          ends without a word
 *     fault=slow          goes on after a second
 *     fault=stop          goes on after SIGCONT; that it has stopped is to be seen in /proc
 *     fault=crash-once    crashes if this worker has read another page before
 *
 * and does what it says when the document is opened (a page image: when it is read), or with @3
 * after it only when page 3 is read. Of several, the first counts. A title with an instruction that
 * is none of these ends the worker, so that a misspelt test is seen.
 *
 * So that tests need not wait, limits can be lowered: see faults_limit().
 */
#pragma once

#include "source.h"

#ifdef FAULTS
/* To be called when the document has been opened, with 0, and before each page, with its number and
 * how many this worker has read before. May not return. */
void faults_obey(const Source *source, guint number, guint read_before);

/* The same for plain text. */
void faults_obey_text(const char *text, guint number, guint read_before);

/* A limit: what the environment says for it (YOMIJUN_ and the name), so that a test need not wait
 * for the usual one. */
guint64 faults_limit(const char *name, guint64 usual);
#else
static inline void
faults_obey(const Source *source, guint number, guint read_before)
{
    (void)source;
    (void)number;
    (void)read_before;
}

static inline void
faults_obey_text(const char *text, guint number, guint read_before)
{
    (void)text;
    (void)number;
    (void)read_before;
}

static inline guint64
faults_limit(const char *name, guint64 usual)
{
    (void)name;
    return usual;
}
#endif

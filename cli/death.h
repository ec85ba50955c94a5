/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Death: how a process that reads documents ended before its time, from what the kernel says of it.
 */
#pragma once

#include <sys/types.h>

#include <glib.h>

typedef enum {
    PAGE_READ,
    PAGE_DAMAGED,
    PAGE_TIME,   /* it took more than a limit */
    PAGE_MEMORY, /* it needed more than there may be */
    PAGE_CRASH,
    PAGE_UNKNOWN, /* of a document: no kind of file that is read */
} PageFailure;

/* Call in such a process: when it is aborted for want of memory it ends with a status of its own.
 */
void death_by_memory_watch(void);

/* Call in a child as soon as it is forked: it ends with its parent, also if that is dead already.
 */
void death_with(pid_t parent);

/* Whether a process that we let live was ended by somebody else: the kernel does that when the
 * machine has no memory left. It says nothing of the document. */
gboolean death_from_outside(int status);

/* status: of waitpid(). late: it was ended for being too slow. */
PageFailure death_kind(int status, gboolean late);

/* The same as a line; g_free it. */
char *death_words(int status, gboolean late);

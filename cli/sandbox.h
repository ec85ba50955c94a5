/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sandbox: what a process that parses documents of strangers can still do once a library has been
 * taken over by one of them: use the descriptors it has open, read what is named here, and compute.
 *
 * Two facilities of Linux, each of which may be missing: Landlock says which files can be read;
 * seccomp says which system calls there are, and so shuts off network, programs, other processes
 * and all writing. What is refused fails with EPERM or EACCES, so that a library that tries
 * something harmless goes on.
 *
 * It cannot take away what is open already, and it sets no limits of memory or time. Names, sizes
 * and times of files can still be asked for, of all files.
 */
#pragma once

#include <glib.h>

/* What is enforced. */
typedef enum {
    SANDBOX_FILES_BY_LANDLOCK = 1u << 0, /* only what is named can be read, nothing written */
    SANDBOX_FILES_BY_SECCOMP = 1u << 1,  /* nothing can be written, made, removed or changed */
    SANDBOX_NETWORK = 1u << 2,  /* no sockets; nor programs, other processes, credentials … */
    SANDBOX_LEFT_OUT = 1u << 3, /* of this build (-DSANDBOX=OFF, sanitizers), or under valgrind */
} SandboxFlags;
#define SANDBOX_ALL (SANDBOX_FILES_BY_LANDLOCK | SANDBOX_FILES_BY_SECCOMP | SANDBOX_NETWORK)

/* Enters the sandbox for good, and so do all threads that are started later: to be called with one
 * thread only, in a forked child, since afterwards there can be no other process. readable: paths
 * (char *) of files and folders that can be read beside what libraries need, or NULL. Returns what
 * the kernel lets be enforced, SandboxFlags; less than everything is no failure. */
guint sandbox_enter(const GPtrArray *readable);

/* What costs time is done here once, so that children of this process enter sooner: what libraries
 * read is looked up as it is now. Returns the descriptor by which children have it, which they must
 * not have closed; -1 if there is nothing to be had so. */
int sandbox_prepare(void);

/* One line for people about what is not enforced; NULL if everything is. */
const char *sandbox_words(guint flags);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Container process: the child that parses an archive, started, heard and ended.
 */
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include "container-wire.h"

typedef struct {
    pid_t pid; /* 0: none */
    int from;  /* its messages */
    guint8 *buffer;
    gsize at, have; /* bytes of the buffer: taken, and come */
    const ContainerOptions *options;
} ContainerProcess;

typedef enum {
    HEARD_MESSAGE,
    HEARD_KILLED, /* somebody else has killed it, which says nothing of the archive */
    HEARD_DEATH,  /* it crashed, hung, was too large, or spoke nonsense */
    HEARD_ERROR,  /* the machine failed, or stop() */
} Heard;

/* fd: the archive, the caller's. An error of G_FILE_ERROR. */
gboolean container_process_start(ContainerProcess *process, int fd, const ContainerTask *task,
                                 GError **error);

/* Waits for the next message; its bytes are borrowed until the next call and come without a NUL.
 * HEARD_DEATH, HEARD_KILLED: the process has been ended, ret_why says why (to be freed). */
Heard container_process_hear(ContainerProcess *process, Wire *ret_wire, const char **ret_first,
                             const char **ret_second, char **ret_why, GError **error);

/* Ends it, if there is one. */
void container_process_end(ContainerProcess *process);

/* Bytes of a message as a line of UTF-8 without control characters; a new string. */
char *container_line(const char *bytes, gsize size);

/* The archive file, opened and seen to be a file that is not empty; -1 with an error of
 * EXTRACT_ERROR. */
int container_open(const char *path, struct stat *ret_stat, GError **error);

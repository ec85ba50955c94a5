/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Container wire: what the child that parses an archive says to its parent. A head, then as many
 * bytes as it announces. The parent believes none of it unchecked.
 */
#pragma once

#include "container.h"

/* A name longer than this is cut, and its member refused. */
#define WIRE_NAME_MOST 4096u
/* Bytes of a member, or of a reason, in one message. */
#define WIRE_BYTES_MOST (64u << 10)

typedef enum {
    WIRE_MEMBER,   /* list: `index`, `number` its size, `time`, `refusal`; path, raw name */
    WIRE_WAY,      /* list: members come this way (`number`); what came before is void */
    WIRE_ALIVE,    /* nothing to say, but at work */
    WIRE_BEGIN,    /* read: member `index` begins */
    WIRE_BYTES,    /* read: the next bytes of it */
    WIRE_DONE,     /* read: that was all, and it is right */
    WIRE_FAILED,   /* read: why it, begun or not, cannot be read */
    WIRE_END,      /* list: `refusal` is whether it is garbled, `number` whether it has checksums,
                      first what is damaged;
                      read: that was all */
    WIRE_HOPELESS, /* list: `number` is the ExtractError, first the reason */
} WireKind;

/* Why a member is not to be read. */
typedef enum {
    REFUSAL_NONE,
    REFUSAL_ABSOLUTE,
    REFUSAL_OUTSIDE,
    REFUSAL_NAMELESS,
    REFUSAL_LONG,
    REFUSAL_SYMLINK,
    REFUSAL_HARDLINK,
    REFUSAL_SPECIAL,
    REFUSAL_ENCRYPTED,
    REFUSAL_LARGE,
    REFUSAL_SAME, /* the parent's to say */
    N_REFUSALS
} Refusal;

typedef struct {
    guint32 kind, index;
    gint64 number, time;
    guint32 refusal;
    guint32 first, second; /* bytes that follow */
    guint32 unused;
} Wire;

/* What the child is to do. */
typedef struct {
    gboolean list;         /* or read */
    ContainerWay way;      /* of reading */
    const guint32 *wanted; /* of reading */
    guint n_wanted;
    const ContainerOptions *options;
} ContainerTask;

/* Runs in the child: archive on descriptor 0, messages to descriptor 1. Never returns. */
G_NORETURN void container_child_run(const ContainerTask *task);

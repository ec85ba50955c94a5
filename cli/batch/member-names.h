/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Member names: the bytes that an archive calls a member by into a path that can be used, and the
 * check of such a path.
 */
#pragma once

#include <glib.h>
#include <iconv.h>

#include "container-wire.h"

/* A part of a path is at most so many bytes long, and has room for the ".xml" of its result. */
#define NAME_PART_MOST 251u

/* The name as text: UTF-8 as it is, else as Japanese Windows writes it (cp932: from CP932 to UTF-8,
 * or -1), else with the bytes that are not ASCII as %XX. Control characters always as %XX. A new
 * string. */
char *member_name_text(const char *raw, iconv_t cp932);

/* The path of a member of that name (text in UTF-8): NFC, parts by one '/' (a backslash is taken
 * for one), without "." and empty ones. If that is no path below the archive, the reason is
 * returned, and ret_path is a safe name for it all the same. ret_path is a new string. */
Refusal member_name_settle(const char *text, guint32 index, char **ret_path);

/* Is it a path as member_name_settle() makes them? */
gboolean member_path_is_safe(const char *path);

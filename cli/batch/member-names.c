/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "member-names.h"

#include <string.h>

/* Names of Japanese characters grow by half from CP932 to UTF-8, half-width ones threefold. */
#define UTF8_GROWTH 3u

static gboolean
is_control(guchar c)
{
    return c < 0x20 || c == 0x7F;
}

/* Bytes as %XX that are control characters or, if `high`, not ASCII. */
static char *
escaped(const char *bytes, gboolean high)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = bytes; *p != '\0'; p++) {
        guchar c = (guchar)*p;
        if (is_control(c) || (high && c >= 0x80)) {
            g_string_append_printf(out, "%%%02X", c);
        } else {
            g_string_append_c(out, *p);
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *
from_cp932(const char *raw, iconv_t cp932)
{
    if (cp932 == (iconv_t)-1) {
        return NULL;
    }
    gsize in_left = strlen(raw), out_left = UTF8_GROWTH * in_left;
    g_autofree char *in = g_strdup(raw);
    g_autofree char *out = g_malloc0(out_left + 1);
    char *from = in, *to = out;
    iconv(cp932, NULL, NULL, NULL, NULL);
    gboolean ok = iconv(cp932, &from, &in_left, &to, &out_left) != (size_t)-1 && in_left == 0;
    return ok && g_utf8_validate(out, -1, NULL) ? g_steal_pointer(&out) : NULL;
}

char *
member_name_text(const char *raw, iconv_t cp932)
{
    if (g_utf8_validate(raw, -1, NULL)) {
        return escaped(raw, FALSE);
    }
    g_autofree char *text = from_cp932(raw, cp932);
    return text != NULL ? escaped(text, FALSE) : escaped(raw, TRUE);
}

static gboolean
is_absolute(const char *path)
{
    return path[0] == '/' || (g_ascii_isalpha(path[0]) && path[1] == ':');
}

/* One part of a path onto the others; what leads upwards as %2E%2E. */
static Refusal
part_append(GString *path, const char *part)
{
    if (*part == '\0' || strcmp(part, ".") == 0) {
        return REFUSAL_NONE;
    }
    gboolean up = strcmp(part, "..") == 0;
    if (path->len > 0) {
        g_string_append_c(path, '/');
    }
    g_string_append(path, up ? "%2E%2E" : part);
    return up ? REFUSAL_OUTSIDE : strlen(part) > NAME_PART_MOST ? REFUSAL_LONG : REFUSAL_NONE;
}

Refusal
member_name_settle(const char *text, guint32 index, char **ret_path)
{
    g_autofree char *whole = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    g_assert(whole != NULL);
    g_strdelimit(whole, "\\", '/');
    gboolean absolute = is_absolute(whole);
    const char *rest = whole;
    g_autoptr(GString) path = g_string_new(NULL);
    Refusal refusal = absolute ? REFUSAL_ABSOLUTE : REFUSAL_NONE;
    if (absolute && whole[0] != '/') { /* a drive's letter */
        g_string_printf(path, "%c%%3A", whole[0]);
        rest += 2;
    } else if (absolute) {
        g_string_assign(path, "%2F");
    }
    g_auto(GStrv) parts = g_strsplit(rest, "/", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        Refusal of_part = part_append(path, parts[i]);
        refusal = refusal == REFUSAL_NONE ? of_part : refusal;
    }
    if (path->len == 0) {
        g_string_printf(path, "member-%u", index);
        refusal = REFUSAL_NAMELESS;
    }
    if (path->len > WIRE_NAME_MOST || refusal == REFUSAL_LONG) {
        g_string_printf(path, "member-%u", index);
        refusal = REFUSAL_LONG;
    }
    *ret_path = g_string_free(g_steal_pointer(&path), FALSE);
    return refusal;
}

gboolean
member_path_is_safe(const char *path)
{
    gsize n = 0;
    if (*path == '\0' || is_absolute(path) || strlen(path) > WIRE_NAME_MOST ||
        !g_utf8_validate(path, -1, NULL)) {
        return FALSE;
    }
    for (const char *p = path;; p++) {
        if (*p != '/' && *p != '\0') {
            if (is_control((guchar)*p) || *p == '\\') {
                return FALSE;
            }
            n++;
            continue;
        }
        gboolean dots = (n == 1 && p[-1] == '.') || (n == 2 && p[-1] == '.' && p[-2] == '.');
        if (n == 0 || dots) {
            return FALSE;
        }
        if (*p == '\0') {
            return TRUE;
        }
        n = 0;
    }
}

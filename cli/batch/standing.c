/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "standing.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

void
standing_sha256_words(const guint8 *bytes, char *ret_hex)
{
    for (guint i = 0; i < 32; i++) {
        g_snprintf(ret_hex + (gsize)2 * i, 3, "%02x", bytes[i]);
    }
}

gboolean
standing_same_bytes(const Known *known, const char *sha256)
{
    char hex[65];
    standing_sha256_words(known->sha256, hex);
    return strcmp(hex, sha256) == 0;
}

static gboolean
has_bytes(const char *path, const guint8 *wanted)
{
    g_autofree char *text = NULL;
    gsize size;
    if (!g_file_get_contents(path, &text, &size, NULL)) {
        return FALSE;
    }
    g_autofree char *sha256 =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, size);
    char expected[65];
    standing_sha256_words(wanted, expected);
    return strcmp(sha256, expected) == 0;
}

gboolean
standing_is_sound(const Results *results, const char *output, const Known *known)
{
    g_autofree char *path = results_path(results, output);
    g_autofree char *text = results_text(results, output);
    return has_bytes(path, known->output_sha256) &&
           (known->text != TEXT_THERE || has_bytes(text, known->text_sha256));
}

gboolean
standing_is_there(const Results *results, const char *output, const Known *known)
{
    g_autofree char *path = results_path(results, output);
    g_autofree char *text = results_text(results, output);
    return g_access(path, F_OK) == 0 && (known->text != TEXT_THERE || g_access(text, F_OK) == 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "former.h"

#include "changes.h"

void
former_compare(const char *path, int output, FILE *out)
{
    g_autofree char *new_path = g_strdup_printf("/proc/self/fd/%d", output);
    g_autoptr(Claims) old = claims_read(path, NULL);
    g_autoptr(Claims) new = claims_read(new_path, NULL);
    if (old == NULL || new == NULL) {
        fprintf(out, "C %s 1\n", class_word(CLASS_LOST));
        return;
    }
    g_autoptr(Changes) changes = changes_find(old, new);
    for (guint i = 0; i <= CLASS_LAST; i++) {
        if (changes->counts[i] > 0) {
            fprintf(out, "C %s %u\n", class_word((ChangeClass)i), changes->counts[i]);
        }
    }
}

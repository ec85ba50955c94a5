/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The readers of documents and of corrections, given what may be neither: commands check both
 * against their schemas first, but a batch compares with results that somebody may have spoiled
 * since. A document is the same as itself.
 */
#include "changes.h"
#include "corrections.h"
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

static void
read_corrections(const guint8 *data, gsize size)
{
    int fd = memfd_create("corrections", MFD_CLOEXEC);
    g_assert_cmpint(write(fd, data, size), ==, (gssize)size);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    g_autoptr(GError) error = NULL;
    g_autoptr(Corrections) corrections = corrections_read(path, &error);
    g_assert_true((corrections == NULL) == (error != NULL));
    close(fd);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    read_corrections(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(Claims) claims = claims_parse((const char *)data, size, &error);
    g_assert_true((claims == NULL) == (error != NULL));
    if (claims != NULL) {
        g_autoptr(Changes) changes = changes_find(claims, claims);
        g_assert_cmpuint(changes->list->len, ==, 0);
    }
    return 0;
}

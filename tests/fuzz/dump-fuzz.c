/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of page dumps: whatever comes in, what comes out is sound, and is written as it can be
 * read again. */
#include "fuzz.h"
#include "page-dump.h"
#include "page-wire.h"

static void
read_again(const Page *page)
{
    FILE *file = tmpfile();
    g_autoptr(Page) again = NULL;
    g_assert_true(page_dump_begin(file, NULL) && page_dump_write(file, page, NULL) &&
                  page_dump_end(file, NULL));
    rewind(file);
    g_autoptr(PageDump) dump = page_dump_open_stream(file, "again");
    g_assert_true(page_dump_next(dump, &again, NULL));
    g_assert_nonnull(again);
    g_autoptr(GByteArray) one = g_byte_array_new(), other = g_byte_array_new();
    page_write_wire(page, one);
    page_write_wire(again, other);
    g_assert_cmpmem(one->data, one->len, other->data, other->len);
    fclose(file);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size == 0) {
        return 0;
    }
    FILE *file = fmemopen((gpointer)(guintptr)data, size, "rb");
    g_autoptr(PageDump) dump = page_dump_open_stream(file, "fuzz");
    for (gboolean more = TRUE; more;) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Page) page = NULL;
        gboolean read = page_dump_next(dump, &page, &error);
        g_assert_true(read == (error == NULL));
        more = page != NULL;
        if (more) {
            g_assert_true(page_is_sound(page));
            read_again(page);
        }
    }
    g_clear_pointer(&dump, page_dump_close);
    fclose(file);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers of wire forms: a page that is let in is sound and the same when written; a layout
 * that is let in does not reach beyond its page. The first two bytes say where the layout begins.
 */
#include "layout-wire.h"
#include "page-wire.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
read_layout(const Page *page, const guint8 *data, gsize size)
{
    g_autoptr(Layout) layout = layout_read_wire(page, data, size);
    g_autofree char *why = NULL;
    if (layout != NULL) {
        layout_conserves(layout, page, &why); /* must not read outside, whatever it says */
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 2) {
        return 0;
    }
    gsize split = MIN((gsize)data[0] << 8 | data[1], size - 2);
    g_autoptr(Page) page = page_read_wire(data + 2, split);
    if (page != NULL) {
        g_assert_true(page_is_sound(page));
        g_autoptr(GByteArray) again = g_byte_array_new();
        page_write_wire(page, again);
        g_assert_cmpmem(again->data, again->len, data + 2, split);
        read_layout(page, data + 2 + split, size - 2 - split);
    }
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The readers of wire forms: a page that is let in is sound and the same when written; a layout
 * that is let in does not reach beyond its page. The bytes are edits (where, where, what) of the
 * wire forms of a small page, so that most of what is tried is nearly right.
 */
#include "build.h"
#include "fuzz.h"
#include "layout-wire.h"
#include "page-wire.h"

static Page *
page_small(void)
{
    Page *page = build_page(1);
    build_words(page, 100, 50, "第１章");
    build_words(page, 104, 105, "項目");
    build_words(page, 204, 125, "内容");
    build_lattice(page, (double[]){100, 200, 400, -1}, (double[]){100, 120, 140, -1});
    build_area(page, 100, 100, 200, 120, 0xD9D9D9);
    page_notice(page, "hidden", NULL, 1, "text");
    return page;
}

static void
edit(GByteArray *wire, const guint8 *data, gsize size)
{
    for (gsize i = 0; i + 3 <= size; i += 3) {
        guint at = (guint)data[i] << 8 | data[i + 1];
        if (at < wire->len) {
            wire->data[at] = data[i + 2];
        } else {
            g_byte_array_set_size(wire, at % (wire->len + 1));
        }
    }
}

static void
try_page(const Page *page, const guint8 *data, gsize size)
{
    g_autoptr(GByteArray) wire = g_byte_array_new(), again = g_byte_array_new();
    page_write_wire(page, wire);
    edit(wire, data, size);
    g_autoptr(Page) read = page_read_wire(wire->data, wire->len);
    if (read != NULL) {
        g_assert_true(page_is_sound(read));
        page_write_wire(read, again);
        g_assert_cmpmem(again->data, again->len, wire->data, wire->len);
    }
}

static void
try_layout(const Page *page, const guint8 *data, gsize size)
{
    g_autoptr(Layout) layout = layout_find(page);
    g_autoptr(GByteArray) wire = g_byte_array_new();
    g_autofree char *why = NULL;
    layout_write_wire(layout, wire);
    edit(wire, data, size);
    g_autoptr(Layout) read = layout_read_wire(page, wire->data, wire->len);
    if (read != NULL) {
        layout_conserves(read, page, &why); /* must not read outside, whatever it says */
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(Page) page = page_small();
    if (size > 0 && data[0] & 1) {
        try_layout(page, data + 1, size - 1);
    } else if (size > 0) {
        try_page(page, data + 1, size - 1);
    }
    return 0;
}

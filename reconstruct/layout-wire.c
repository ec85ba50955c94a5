/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layout-wire.h"

#include <string.h>

#define ARRAYS 11u

static void
arrays_of(const Layout *layout, GArray *arrays[ARRAYS])
{
    GArray *all[ARRAYS] = {layout->order,  layout->lines,   layout->cells,   layout->parts,
                           layout->tables, layout->borders, layout->regions, layout->figures,
                           layout->blocks, layout->marks,   layout->dropped};
    memcpy(arrays, all, sizeof all);
}

void
layout_write_wire(const Layout *layout, GByteArray *out)
{
    GArray *arrays[ARRAYS];
    guint32 head[] = {layout->frame, layout->marks_breaks != FALSE};
    arrays_of(layout, arrays);
    g_byte_array_append(out, (const guint8 *)head, sizeof head);
    for (guint i = 0; i < ARRAYS; i++) {
        guint32 n = arrays[i]->len;
        g_byte_array_append(out, (const guint8 *)&n, sizeof n);
        g_byte_array_append(out, (const guint8 *)arrays[i]->data,
                            n * g_array_get_element_size(arrays[i]));
    }
}

static gboolean
take(const guint8 **data, gsize *size, void *to, gsize n)
{
    if (*size < n) {
        return FALSE;
    }
    memcpy(to, *data, n);
    *data += n;
    *size -= n;
    return TRUE;
}

/* Indices stay inside; the bytes come from our own worker, so this guards against a torn write. */
static gboolean
holds_together(const Layout *layout, const Page *page)
{
    for (guint i = 0; i < layout->order->len; i++) {
        if (g_array_index(layout->order, guint32, i) >= page->glyphs->len) {
            return FALSE;
        }
    }
    for (guint i = 0; i < layout->lines->len; i++) {
        const Line *line = layout_line(layout, i);
        if ((guint64)line->first + line->count > layout->order->len) {
            return FALSE;
        }
    }
    guint line = 0;
    for (guint i = 0; i < layout->parts->len; i++) {
        const CellPart *part = &g_array_index(layout->parts, CellPart, i);
        if (part->first < line || (guint64)part->first + part->count > layout->lines->len) {
            return FALSE;
        }
        line = part->first + part->count;
    }
    return layout->marks->len == page->glyphs->len && layout->dropped->len == page->glyphs->len;
}

Layout *
layout_read_wire(const Page *page, const guint8 *data, gsize size)
{
    g_autoptr(Layout) layout = layout_new(page);
    GArray *arrays[ARRAYS];
    guint32 head[2];
    arrays_of(layout, arrays);
    if (!take(&data, &size, head, sizeof head) || head[0] > FRAME_OVER) {
        return NULL;
    }
    layout->frame = (Frame)head[0];
    layout->marks_breaks = head[1] != 0;
    for (guint i = 0; i < ARRAYS; i++) {
        guint32 n;
        gsize each = g_array_get_element_size(arrays[i]);
        if (!take(&data, &size, &n, sizeof n) || (guint64)n * each > size) {
            return NULL;
        }
        g_array_set_size(arrays[i], n);
        if (n > 0 && !take(&data, &size, arrays[i]->data, n * each)) {
            return NULL;
        }
    }
    return size == 0 && holds_together(layout, page) ? g_steal_pointer(&layout) : NULL;
}

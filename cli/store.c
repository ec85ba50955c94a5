/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "faults.h"
#include "layout-wire.h"
#include "page-wire.h"

/* So many bytes are kept in memory, those of some pages: making a file takes longer than reading a
 * small document. */
#define IN_MEMORY (512u << 10)

typedef struct {
    guint32 number;
    gint64 at;
    gsize page_size, layout_size;
    char *why;
} Entry;

struct PageStore {
    GByteArray *memory; /* what has been added, as long as it is little; then NULL */
    FILE *file;         /* NULL till then */
    gint64 end;
    GArray *entries; /* Entry */
};

static void
entry_clear(gpointer data)
{
    g_free(((Entry *)data)->why);
}

static gboolean
set_error(GError **error)
{
    int why = errno != 0 ? errno : EIO;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "temporary file: %s",
                g_strerror(why));
    return FALSE;
}

PageStore *
page_store_new(void)
{
    PageStore *store = g_new0(PageStore, 1);
    store->memory = g_byte_array_new();
    store->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
    g_array_set_clear_func(store->entries, entry_clear);
    return store;
}

void
page_store_free(PageStore *store)
{
    if (store != NULL) {
        if (store->file != NULL) {
            fclose(store->file);
        }
        g_clear_pointer(&store->memory, g_byte_array_unref);
        g_array_unref(store->entries);
        g_free(store);
    }
}

/* Too much for memory: into a file with it. */
static gboolean
move_to_file(PageStore *store)
{
    store->file = tmpfile();
    gsize n = store->memory->len;
    gboolean ok = store->file != NULL && fwrite(store->memory->data, 1, n, store->file) == n;
    g_clear_pointer(&store->memory, g_byte_array_unref);
    return ok;
}

static gboolean
append(PageStore *store, const guint8 *data, gsize size)
{
    if (store->memory != NULL &&
        store->memory->len + size > faults_limit("STORE_BYTES", IN_MEMORY) &&
        !move_to_file(store)) {
        return FALSE;
    }
    if (store->memory != NULL) {
        g_byte_array_append(store->memory, data, (guint)size);
        return TRUE;
    }
    return store->file != NULL && fwrite(data, 1, size, store->file) == size;
}

gboolean
page_store_add(PageStore *store, guint32 number, const guint8 *page, gsize page_size,
               const guint8 *layout, gsize layout_size, GError **error)
{
    Entry entry = {number, store->end, page_size, layout_size, NULL};
    if (!append(store, page, page_size) || !append(store, layout, layout_size)) {
        return set_error(error);
    }
    store->end += (gint64)(page_size + layout_size);
    g_array_append_val(store->entries, entry);
    return TRUE;
}

void
page_store_add_failed(PageStore *store, guint32 number, const char *why)
{
    Entry entry = {.number = number, .why = g_strdup(why)};
    g_array_append_val(store->entries, entry);
}

guint
page_store_count(const PageStore *store)
{
    return store->entries->len;
}

static const Entry *
entry_at(const PageStore *store, guint index)
{
    return &g_array_index(store->entries, Entry, index);
}

guint32
page_store_number(const PageStore *store, guint index)
{
    return entry_at(store, index)->number;
}

const char *
page_store_failure(const PageStore *store, guint index)
{
    return entry_at(store, index)->why;
}

static gboolean
read_back(PageStore *store, gint64 at, guint8 *to, gsize size)
{
    if (store->memory != NULL) {
        memcpy(to, store->memory->data + at, size);
        return TRUE;
    }
    return fseeko(store->file, at, SEEK_SET) == 0 && fread(to, 1, size, store->file) == size;
}

gboolean
page_store_read(PageStore *store, guint index, Page **ret_page, Layout **ret_layout, GError **error)
{
    const Entry *entry = entry_at(store, index);
    gsize size = entry->page_size + entry->layout_size;
    g_autofree guint8 *data = g_malloc(size + 1);
    if (!read_back(store, entry->at, data, size)) {
        return set_error(error);
    }
    g_autoptr(Page) page = page_read_wire(data, entry->page_size);
    Layout *layout =
        page != NULL ? layout_read_wire(page, data + entry->page_size, entry->layout_size) : NULL;
    if (layout == NULL) {
        errno = EIO;
        return set_error(error);
    }
    *ret_page = g_steal_pointer(&page);
    *ret_layout = layout;
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "header-rows.h"

#include "chars.h"

/* A row that comes again by chance (one number, one word) heads nothing: it has texts in so many
 * cells, and so many of them are no numbers. */
#define CELLS_LEAST 2u

typedef struct {
    guint32 page;
    guint first, last; /* hashes of the first rows of its first and last table; 0: none */
} PageRows;

struct HeaderRows {
    GArray *pages; /* PageRows */
};

HeaderRows *
header_rows_new(void)
{
    HeaderRows *rows = g_new0(HeaderRows, 1);
    rows->pages = g_array_new(FALSE, TRUE, sizeof(PageRows));
    return rows;
}

void
header_rows_free(HeaderRows *rows)
{
    if (rows != NULL) {
        g_array_unref(rows->pages);
        g_free(rows);
    }
}

/* Adds a cell's characters to the text; are there any that are no digits? */
static gboolean
add_cell(GString *text, const Page *page, const Layout *layout, const Cell *cell)
{
    gboolean words = FALSE;
    for (guint i = cell->first; i < cell->first + cell->count; i++) {
        const Line *line = layout_line(layout, i);
        for (guint k = line->first; k < line->first + line->count; k++) {
            const Glyph *glyph = page_glyph(page, g_array_index(layout->order, guint32, k));
            if (!glyph_is_blank(glyph)) {
                g_string_append_unichar(text, glyph->unicode);
                words = words || !char_is_digit(glyph->unicode);
            }
        }
    }
    return words;
}

/* A hash of the table's first row, 0 where it cannot head anything. */
static guint
first_row(const Page *page, const Layout *layout, guint table)
{
    const Table *t = &g_array_index(layout->tables, Table, table);
    g_autoptr(GString) text = g_string_new(NULL);
    guint texts = 0;
    for (guint i = t->first; i < t->first + t->count && t->rows >= 2; i++) {
        const Cell *cell = &g_array_index(layout->cells, Cell, i);
        if (cell->row == 0) {
            texts += add_cell(text, page, layout, cell);
            g_string_append_c(text, '\t');
        }
    }
    return texts >= CELLS_LEAST ? g_str_hash(text->str) : 0;
}

static gboolean
is_last_table(const Layout *layout, const Table *table)
{
    for (guint i = layout->blocks->len; i > 0; i--) {
        const LayoutBlock *block = &g_array_index(layout->blocks, LayoutBlock, i - 1);
        if (block->kind == BLOCK_TABLE) {
            return &g_array_index(layout->tables, Table, block->index) == table;
        }
    }
    return FALSE;
}

void
header_rows_add(HeaderRows *rows, const Page *page, const Layout *layout)
{
    PageRows fresh = {.page = page->number};
    gboolean any = FALSE;
    for (guint i = 0; i < layout->blocks->len; i++) {
        const LayoutBlock *block = &g_array_index(layout->blocks, LayoutBlock, i);
        if (block->kind == BLOCK_TABLE) {
            fresh.last = first_row(page, layout, block->index);
            fresh.first = any ? fresh.first : fresh.last;
            any = TRUE;
        }
    }
    g_array_append_val(rows->pages, fresh);
}

gboolean
header_rows_repeat(const HeaderRows *rows, guint32 page, const Layout *layout, const Table *table)
{
    guint i = 0;
    while (i < rows->pages->len && g_array_index(rows->pages, PageRows, i).page < page) {
        i++;
    }
    if (i + 1 >= rows->pages->len || !is_last_table(layout, table)) {
        return FALSE;
    }
    const PageRows *here = &g_array_index(rows->pages, PageRows, i);
    const PageRows *next = here + 1;
    return here->page == page && next->page == page + 1 && here->last != 0 &&
           here->last == next->first;
}

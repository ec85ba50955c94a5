/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document.h"

static void
ruby_clear(gpointer data)
{
    g_free(((Ruby *)data)->reading);
}

Paragraph *
paragraph_new(void)
{
    Paragraph *paragraph = g_new0(Paragraph, 1);
    paragraph->chars = g_array_new(FALSE, TRUE, sizeof(Char));
    paragraph->rubies = g_array_new(FALSE, TRUE, sizeof(Ruby));
    g_array_set_clear_func(paragraph->rubies, ruby_clear);
    paragraph->zones = g_array_new(FALSE, TRUE, sizeof(Zone));
    return paragraph;
}

void
paragraph_free(Paragraph *paragraph)
{
    if (paragraph == NULL) {
        return;
    }
    g_array_unref(paragraph->chars);
    g_array_unref(paragraph->rubies);
    g_array_unref(paragraph->zones);
    g_free(paragraph);
}

DocCell *
doc_cell_new(void)
{
    DocCell *cell = g_new0(DocCell, 1);
    cell->paragraphs = g_ptr_array_new_with_free_func((GDestroyNotify)paragraph_free);
    return cell;
}

void
doc_cell_free(DocCell *cell)
{
    if (cell != NULL) {
        g_ptr_array_unref(cell->paragraphs);
        g_free(cell);
    }
}

const char *
change_word(Change change)
{
    static const char *const words[] = {"no", "join", "gap", "radical", "form", "repaired"};
    return words[change];
}

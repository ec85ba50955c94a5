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

Paragraph *
paragraph_copy(const Paragraph *paragraph)
{
    Paragraph *copy = paragraph_new();
    Paragraph fresh = *copy;
    *copy = *paragraph;
    copy->chars = fresh.chars;
    copy->rubies = fresh.rubies;
    copy->zones = fresh.zones;
    g_array_append_vals(copy->chars, paragraph->chars->data, paragraph->chars->len);
    g_array_append_vals(copy->zones, paragraph->zones->data, paragraph->zones->len);
    for (guint i = 0; i < paragraph->rubies->len; i++) {
        Ruby ruby = g_array_index(paragraph->rubies, Ruby, i);
        ruby.reading = g_strdup(ruby.reading);
        g_array_append_val(copy->rubies, ruby);
    }
    return copy;
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
    static const char *const words[] = {"no",   "join",     "gap",   "radical",
                                        "form", "repaired", "person"};
    return words[change];
}

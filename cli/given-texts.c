/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "given-texts.h"

#include "given-text.h"
#include "text-input.h"

struct GivenTexts {
    const char *encoding;
    GPtrArray *bytes; /* GBytes * */
    GPtrArray
        *parted;     /* GPtrArray *: the pages of each text (char *), or NULL: not asked for yet */
    GArray *text_of; /* guint32; empty: the first has all */
};

static void
free_pages(gpointer pages)
{
    g_clear_pointer((GPtrArray **)&pages, g_ptr_array_unref);
}

GivenTexts *
given_texts_new(const char *encoding)
{
    GivenTexts *texts = g_new0(GivenTexts, 1);
    texts->encoding = encoding;
    texts->bytes = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    texts->parted = g_ptr_array_new_with_free_func(free_pages);
    texts->text_of = g_array_new(FALSE, FALSE, sizeof(guint32));
    return texts;
}

void
given_texts_free(GivenTexts *texts)
{
    if (texts != NULL) {
        g_ptr_array_unref(texts->bytes);
        g_ptr_array_unref(texts->parted);
        g_array_unref(texts->text_of);
        g_free(texts);
    }
}

void
given_texts_add(GivenTexts *texts, GBytes *bytes)
{
    g_ptr_array_add(texts->bytes, g_bytes_ref(bytes));
    g_ptr_array_add(texts->parted, NULL);
}

void
given_texts_share(GivenTexts *texts, const GArray *text_of)
{
    g_array_append_vals(texts->text_of, text_of->data, text_of->len);
}

void
given_texts_hash(const GivenTexts *texts, GChecksum *sum)
{
    for (guint i = 0; i < texts->bytes->len; i++) {
        g_autofree char *hash =
            g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, g_ptr_array_index(texts->bytes, i));
        g_checksum_update(sum, (const guchar *)hash, -1);
    }
    for (guint i = 0; i < texts->text_of->len; i++) {
        g_autofree char *line =
            g_strdup_printf("\n%d", (gint)g_array_index(texts->text_of, guint32, i));
        g_checksum_update(sum, (const guchar *)line, -1);
    }
}

/* ---- a page ---- */

/* Which text has a file of the source. */
static guint32
text_of_file(const GivenTexts *texts, guint file)
{
    return texts->text_of->len == 0     ? 0
           : file < texts->text_of->len ? g_array_index(texts->text_of, guint32, file)
                                        : GIVEN_NO_TEXT;
}

/* Which text has a page, and where in it the page is, from 0; and how many pages of pictures that
 * text has. */
static guint32
find_place(const GivenTexts *texts, const Source *source, guint32 number, guint *ret_index,
           guint *ret_pages)
{
    g_autoptr(GArray) files = source_file_pages(source);
    guint32 text = GIVEN_NO_TEXT;
    *ret_index = number - 1;
    *ret_pages = source_facts(source)->pages;
    if (files == NULL) {
        return 0;
    }
    for (guint i = 0, before = 0; i < files->len && number > before; i++) {
        before += g_array_index(files, guint32, i);
        text = number <= before ? text_of_file(texts, i) : text;
    }
    *ret_index = *ret_pages = 0;
    for (guint i = 0, before = 0; i < files->len; i++) {
        guint n = g_array_index(files, guint32, i);
        if (text_of_file(texts, i) == text) {
            *ret_index += before < number - 1 ? MIN(n, number - 1 - before) : 0;
            *ret_pages += n;
        }
        before += n;
    }
    return text;
}

static const GPtrArray *
pages_of(const GivenTexts *texts, guint32 text, GError **error)
{
    if (g_ptr_array_index(texts->parted, text) == NULL) {
        g_autoptr(GError) why = NULL;
        g_autofree char *whole =
            text_input_decode(g_ptr_array_index(texts->bytes, text), texts->encoding, &why);
        if (whole == NULL) {
            g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED, "its text: %s", why->message);
            return NULL;
        }
        g_ptr_array_index(texts->parted, text) = text_input_part(whole);
    }
    return g_ptr_array_index(texts->parted, text);
}

gboolean
given_texts_page(const GivenTexts *texts, const Source *source, guint32 number,
                 const char **ret_text, GError **error)
{
    guint index = 0, pictures = 0;
    guint32 text = find_place(texts, source, number, &index, &pictures);
    *ret_text = NULL;
    if (text == GIVEN_NO_TEXT) {
        return TRUE;
    }
    const GPtrArray *pages = pages_of(texts, text, error);
    if (pages == NULL) {
        return FALSE;
    }
    if (pages->len != pictures) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED,
                    "its text has %u page%s, the pictures of it are %u", pages->len,
                    pages->len == 1 ? "" : "s", pictures);
        return FALSE;
    }
    const char *page = g_ptr_array_index(pages, index);
    glong n = g_utf8_strlen(page, -1);
    if (n > (glong)GIVEN_TEXT_MOST) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED,
                    "its text has %ld characters: with a picture no page may have more than %u", n,
                    GIVEN_TEXT_MOST);
        return FALSE;
    }
    *ret_text = page;
    return TRUE;
}

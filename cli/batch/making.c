/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "making.h"

#include <string.h>

#include "data-file.h"
#include "extraction.h"
#include "pdf.h"

/* Where Debian's poppler-data says its version. */
#define POPPLER_DATA "/usr/share/pkgconfig/poppler-data.pc"

/* The version of poppler-data: character maps that poppler reads when it runs. */
static char *
poppler_data_version(void)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(POPPLER_DATA, &text, NULL, NULL)) {
        return g_strdup("none");
    }
    const char *found = strstr(text, "Version:");
    if (found == NULL) {
        return g_strdup("unknown");
    }
    found += strlen("Version:");
    return g_strstrip(g_strndup(found, strcspn(found, "\n")));
}

static gboolean
add_models(GString *text, const Options *options, GError **error)
{
    g_autoptr(GPtrArray) models = recogniser_models(options->languages, error);
    for (guint i = 0; models != NULL && i < models->len; i++) {
        g_autofree char *bytes = NULL;
        gsize size = 0;
        if (!g_file_get_contents(g_ptr_array_index(models, i), &bytes, &size, error)) {
            return FALSE;
        }
        g_autofree char *name = g_path_get_basename(g_ptr_array_index(models, i));
        g_autofree char *hash =
            g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
        g_string_append_printf(text, " %s=%s", name, hash);
    }
    return models != NULL;
}

static char *
formats_of(const Options *options)
{
    g_autofree char *said = extraction_options(options);
    const char *formats = options->batch.text ? "xml,text" : "xml";
    return g_strstrip(g_strdup_printf("%s formats=%s", said, formats));
}

static gboolean
find_plain(const Options *options, Making *ret_making, GError **error)
{
    g_autofree char *data = poppler_data_version();
    g_autoptr(GString) libraries = g_string_new(NULL);
    g_string_printf(libraries, "poppler=%s poppler-data=%s paint-trace=%s", pdf_poppler_version(),
                    data, pdf_has_paint_trace() ? "yes" : "no");
    if (options->ocr != OCR_NEVER) {
        g_string_append_printf(libraries, " tesseract=%s", recogniser_version());
        if (!add_models(libraries, options, error)) {
            return FALSE;
        }
    }
    *ret_making = (Making){
        .version = g_strdup(YOMIJUN_VERSION),
        .options = formats_of(options),
        .libraries = g_string_free(g_steal_pointer(&libraries), FALSE),
    };
    return TRUE;
}

/* Of texts and their pictures, which are always read. */
static gboolean
find_of_texts(const Options *options, Making *ret_making, GError **error)
{
    g_autoptr(GString) libraries = g_string_new(NULL);
    g_autofree char *joins = join_model_hash();
    g_string_printf(libraries, "joins=%s tesseract=%s", joins != NULL ? joins : "none",
                    recogniser_version());
    if (!add_models(libraries, options, error)) {
        return FALSE;
    }
    Options reading = *options;
    reading.ocr = OCR_ALWAYS;
    g_autofree char *said = formats_of(&reading);
    *ret_making = (Making){
        .version = g_strdup(YOMIJUN_VERSION),
        .options = g_strdup_printf("%s from=text encoding=%s", said,
                                   options->encoding != NULL ? options->encoding : "UTF-8"),
        .libraries = g_string_free(g_steal_pointer(&libraries), FALSE),
    };
    return TRUE;
}

gboolean
makings_find(const Options *options, Makings *ret_makings, GError **error)
{
    Makings makings = {0};
    if (!find_plain(options, &makings.plain, error) ||
        (options->batch.texts && !find_of_texts(options, &makings.of_texts, error))) {
        makings_clear(&makings);
        return FALSE;
    }
    *ret_makings = makings;
    return TRUE;
}

void
makings_clear(Makings *makings)
{
    making_clear(&makings->plain);
    making_clear(&makings->of_texts);
}

gboolean
makings_enter(Makings *makings, Catalogue *catalogue, gboolean add, GError **error)
{
    makings->plain_id = catalogue_making(catalogue, &makings->plain, add, error);
    if (makings->of_texts.version != NULL && (makings->plain_id != 0 || !add)) {
        makings->of_texts_id = catalogue_making(catalogue, &makings->of_texts, add, error);
    }
    return !add || (makings->plain_id != 0 &&
                    (makings->of_texts.version == NULL || makings->of_texts_id != 0));
}

static gboolean
is_of_text(const Makings *makings, const Document *d)
{
    return makings->of_texts.version != NULL &&
           (d->kind == DOCUMENT_TEXT || d->kind == DOCUMENT_CONTAINER || d->n_texts > 0);
}

const Making *
makings_of(const Makings *makings, const Document *document)
{
    return is_of_text(makings, document) ? &makings->of_texts : &makings->plain;
}

gint64
makings_id(const Makings *makings, const Document *document)
{
    return is_of_text(makings, document) ? makings->of_texts_id : makings->plain_id;
}

gboolean
makings_has(const Makings *makings, gint64 id)
{
    return id == makings->plain_id || (id == makings->of_texts_id && id != 0);
}

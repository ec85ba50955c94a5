/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "making.h"

#include <string.h>

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

gboolean
making_find(const Options *options, const char *formats, Making *ret_making, GError **error)
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
    g_autofree char *said = extraction_options(options);
    *ret_making = (Making){
        .version = g_strdup(YOMIJUN_VERSION),
        .options = g_strstrip(g_strdup_printf("%s formats=%s", said, formats)),
        .libraries = g_string_free(g_steal_pointer(&libraries), FALSE),
    };
    return TRUE;
}

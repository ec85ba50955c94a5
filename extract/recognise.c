/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recognise.h"

#include <string.h>
#include <tesseract/capi.h>
#include <unistd.h>

#include "pdf.h"

/* A line that takes longer is given up: milliseconds. */
#define LINE_MILLISECONDS 20000
/* The vertical model that goes with a language, where there is one. */
#define VERTICAL_SUFFIX "_vert"

/* Of libgomp, with which tesseract is linked. Its threads make it four times slower (Debian's
 * 5.3.0); the variable OMP_THREAD_LIMIT is read before main() runs. */
extern void omp_set_max_active_levels(int levels);

struct Recogniser {
    char *languages;
    TessBaseAPI *level, *vertical; /* NULL until used */
};

const char *
recogniser_version(void)
{
    return TessVersion();
}

/* ---- models ---- */

static char *
data_folder(void)
{
    const char *set = g_getenv("TESSDATA_PREFIX");
    if (set != NULL && *set != '\0') {
        return g_strdup(set);
    }
    return g_strdup("/usr/share/tesseract-ocr/5/tessdata");
}

/* Whether the models of these languages are installed. */
static gboolean
models_check(const char *languages, GError **error)
{
    g_autofree char *folder = data_folder();
    g_auto(GStrv) each = g_strsplit(languages, "+", -1);
    for (guint i = 0; each[i] != NULL; i++) {
        g_autofree char *name = g_strconcat(each[i], ".traineddata", NULL);
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (*each[i] == '\0' || access(path, R_OK) != 0) {
            g_autofree char *package = g_strdelimit(g_strdup(each[i]), "_", '-');
            g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_MISSING,
                        "tesseract has no model '%s': install the package tesseract-ocr-%s",
                        each[i], package);
            return FALSE;
        }
    }
    return TRUE;
}

/* "jpn+eng" → "jpn_vert+eng" */
static char *
vertical_languages(const char *languages)
{
    g_auto(GStrv) each = g_strsplit(languages, "+", -1);
    for (guint i = 0; each[i] != NULL; i++) {
        if (strcmp(each[i], "jpn") == 0 || strcmp(each[i], "kor") == 0 ||
            g_str_has_prefix(each[i], "chi_")) {
            char *vertical = g_strconcat(each[i], VERTICAL_SUFFIX, NULL);
            g_free(each[i]);
            each[i] = vertical;
        }
    }
    return g_strjoinv("+", each);
}

GPtrArray *
recogniser_models(const char *languages, GError **error)
{
    if (!models_check(languages, error)) {
        return NULL;
    }
    g_autofree char *vertical = vertical_languages(languages);
    g_autofree char *all = g_strjoin("+", languages, vertical, NULL);
    g_autofree char *folder = data_folder();
    g_auto(GStrv) each = g_strsplit(all, "+", -1);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; each[i] != NULL; i++) {
        g_autofree char *name = g_strconcat(each[i], ".traineddata", NULL);
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (access(path, R_OK) == 0 &&
            !g_ptr_array_find_with_equal_func(paths, path, g_str_equal, NULL)) {
            g_ptr_array_add(paths, g_steal_pointer(&path));
        }
    }
    return paths;
}

static TessBaseAPI *
model_load(const char *languages, TessPageSegMode mode, GError **error)
{
    if (!models_check(languages, error)) {
        return NULL;
    }
    g_autofree char *folder = data_folder();
    omp_set_max_active_levels(0);
    TessBaseAPI *api = TessBaseAPICreate();
    TessBaseAPISetVariable(api, "debug_file", "/dev/null");
    if (TessBaseAPIInit2(api, folder, languages, OEM_LSTM_ONLY) != 0) {
        TessBaseAPIDelete(api);
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_MISSING,
                    "tesseract cannot load the model '%s'", languages);
        return NULL;
    }
    TessBaseAPISetPageSegMode(api, mode);
    TessBaseAPISetVariable(api, "preserve_interword_spaces", "1");
    return api;
}

Recogniser *
recogniser_new(const char *languages, GError **error)
{
    if (!models_check(languages, error)) {
        return NULL;
    }
    Recogniser *recogniser = g_new0(Recogniser, 1);
    recogniser->languages = g_strdup(languages);
    return recogniser;
}

void
recogniser_free(Recogniser *recogniser)
{
    if (recogniser == NULL) {
        return;
    }
    g_clear_pointer(&recogniser->level, TessBaseAPIDelete);
    g_clear_pointer(&recogniser->vertical, TessBaseAPIDelete);
    g_free(recogniser->languages);
    g_free(recogniser);
}

static TessBaseAPI *
model_for(Recogniser *recogniser, gboolean vertical, GError **error)
{
    TessBaseAPI **api = vertical ? &recogniser->vertical : &recogniser->level;
    if (*api == NULL) {
        g_autofree char *languages =
            vertical ? vertical_languages(recogniser->languages) : g_strdup(recogniser->languages);
        *api =
            model_load(languages, vertical ? PSM_SINGLE_BLOCK_VERT_TEXT : PSM_SINGLE_LINE, error);
    }
    return *api;
}

/* ---- reading ---- */

/* One symbol, which may have several characters: its box is parted evenly among them. */
static void
symbol_add(GArray *symbols, const char *text, float confidence, const int box[4], gboolean word,
           gboolean vertical)
{
    long n = g_utf8_strlen(text, -1), i = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL), i++) {
        float from = (float)i / (float)n, to = (float)(i + 1) / (float)n;
        float w = (float)(box[2] - box[0]), h = (float)(box[3] - box[1]);
        Symbol s = {.unicode = g_utf8_get_char(p),
                    .x0 = (float)box[0],
                    .y0 = (float)box[1],
                    .x1 = (float)box[2],
                    .y1 = (float)box[3],
                    .confidence = CLAMP(confidence / 100, 0, 1),
                    .word = word && i == 0};
        if (vertical) {
            s.y1 = s.y0 + to * h;
            s.y0 += from * h;
        } else {
            s.x1 = s.x0 + to * w;
            s.x0 += from * w;
        }
        if (!g_unichar_isspace(s.unicode) && !g_unichar_iscntrl(s.unicode)) {
            g_array_append_val(symbols, s);
        }
    }
}

static void
take_symbols(TessBaseAPI *api, gboolean vertical, GArray *symbols)
{
    TessResultIterator *at = TessBaseAPIGetIterator(api);
    if (at == NULL) {
        return;
    }
    const TessPageIterator *place = TessResultIteratorGetPageIteratorConst(at);
    do {
        char *text = TessResultIteratorGetUTF8Text(at, RIL_SYMBOL);
        int box[4];
        if (text != NULL && g_utf8_validate(text, -1, NULL) &&
            TessPageIteratorBoundingBox(place, RIL_SYMBOL, &box[0], &box[1], &box[2], &box[3])) {
            symbol_add(symbols, text, TessResultIteratorConfidence(at, RIL_SYMBOL), box,
                       TessPageIteratorIsAtBeginningOf(place, RIL_WORD), vertical);
        }
        TessDeleteText(text);
    } while (TessResultIteratorNext(at, RIL_SYMBOL));
    TessResultIteratorDelete(at);
}

gboolean
recogniser_read(Recogniser *recogniser, PIX *line, LineMode mode, GArray *symbols, GError **error)
{
    gboolean vertical = mode == LINE_VERTICAL;
    TessBaseAPI *api = model_for(recogniser, vertical, error);
    if (api == NULL) {
        return FALSE;
    }
    if (!vertical) {
        TessBaseAPISetPageSegMode(api, mode == LINE_FOUND ? PSM_SINGLE_LINE : PSM_RAW_LINE);
    }
    TessBaseAPISetImage2(api, line);
    TessBaseAPISetSourceResolution(api, RASTER_DPI);
    ETEXT_DESC *monitor = TessMonitorCreate();
    TessMonitorSetDeadlineMSecs(monitor, LINE_MILLISECONDS);
    if (TessBaseAPIRecognize(api, monitor) == 0) {
        take_symbols(api, vertical, symbols);
    }
    TessMonitorDelete(monitor);
    TessBaseAPIClear(api);
    return TRUE;
}

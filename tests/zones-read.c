/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zones-read LANGUAGES LIST   what scripts/bench sets yomijun's reading of scans beside: tesseract
 * alone reads each of the pictures whose paths LIST has, as a block of text, and the text goes to
 * standard output. The library, model and settings are those of extract/recognise.c; the model is
 * loaded once, and one thread works.
 */
#include <leptonica/allheaders.h>
#include <stdio.h>
#include <string.h>
#include <tesseract/capi.h>

#define PATH_MOST 4096

extern void omp_set_max_active_levels(int levels);

static int
read_picture(TessBaseAPI *api, const char *path)
{
    PIX *picture = pixRead(path);
    if (picture == NULL) {
        return 0;
    }
    TessBaseAPISetImage2(api, picture);
    char *text = TessBaseAPIGetUTF8Text(api);
    if (text != NULL) {
        fputs(text, stdout);
    }
    TessDeleteText(text);
    TessBaseAPIClear(api);
    pixDestroy(&picture);
    return 1;
}

int
main(int argc, char **argv)
{
    FILE *list = argc == 3 ? fopen(argv[2], "r") : NULL;
    if (list == NULL) {
        return 2;
    }
    omp_set_max_active_levels(0);
    TessBaseAPI *api = TessBaseAPICreate();
    TessBaseAPISetVariable(api, "debug_file", "/dev/null");
    if (TessBaseAPIInit2(api, NULL, argv[1], OEM_LSTM_ONLY) != 0) {
        return 5;
    }
    TessBaseAPISetPageSegMode(api, PSM_SINGLE_BLOCK);
    TessBaseAPISetVariable(api, "preserve_interword_spaces", "1");
    char path[PATH_MOST];
    int good = 1;
    while (good && fgets(path, sizeof path, list) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        good = read_picture(api, path);
    }
    TessBaseAPIDelete(api);
    fclose(list);
    return good ? 0 : 1;
}

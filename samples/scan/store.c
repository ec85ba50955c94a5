/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"

#include "pdf-pictures.h"

#include <errno.h>
#include <glib/gstdio.h>

/* Of a JPEG file without --jpeg, as scanners set it. */
static const int QUALITY = 90;
/* Of PNG: noise hardly gets smaller with more, only slower. */
static const int ZLIB_LEVEL = 3;
/* A PDF always says a size: without a resolution, a pixel is a point. */
static const int PDF_DPI = 72;

static const char *const SUFFIXES[] = {"png", "jpg", "tif", "pdf"};

struct ScanStore {
    const Settings *settings;
    guint count;
    PdfPictures *pdf; /* NULL unless all pages go into one */
    gboolean finished;
};

static gboolean
write_fail(const char *path, GError **error)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "%s: cannot be written", path);
    return FALSE;
}

ScanStore *
scan_store_new(const Settings *settings, GError **error)
{
    if (settings->folder && g_mkdir_with_parents(settings->output, 0777) != 0) {
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: %s",
                    settings->output, g_strerror(errno));
        return NULL;
    }
    ScanStore *store = g_new0(ScanStore, 1);
    store->settings = settings;
    if (settings->kind == KIND_PDF && !settings->folder) {
        store->pdf = pdf_pictures_new(settings->output, error);
        if (!store->pdf)
            g_clear_pointer(&store, g_free);
    }
    return store;
}

void
scan_store_free(ScanStore *store)
{
    if (!store)
        return;
    gboolean begun = store->count > 0 && store->settings->kind != KIND_PDF;
    if (!store->finished && begun && !store->settings->folder)
        g_unlink(store->settings->output);
    pdf_pictures_free(store->pdf);
    g_free(store);
}

char *
scan_store_name(const ScanStore *store, guint page)
{
    const Settings *settings = store->settings;

    return settings->folder ? g_strdup_printf("page%u.%s", page, SUFFIXES[settings->kind])
                            : g_path_get_basename(settings->output);
}

/* A TIFF must have a resolution, but may say that its unit is none: then it is only a ratio. */
static gboolean
tiff_write(const char *path, PIX *pix, const Settings *settings, gboolean append)
{
    static const struct {
        float tag;
        const char *value, *type;
    } UNITLESS[] = {{296, "1", "l_uint16"}, {282, "1.0", "l_float64"}, {283, "1.0", "l_float64"}};
    NUMA *tags = numaCreate(0);
    SARRAY *values = sarrayCreate(0), *types = sarrayCreate(0);

    for (guint i = 0; settings->no_resolution && i < G_N_ELEMENTS(UNITLESS); i++) {
        numaAddNumber(tags, UNITLESS[i].tag);
        sarrayAddString(values, UNITLESS[i].value, L_COPY);
        sarrayAddString(types, UNITLESS[i].type, L_COPY);
    }
    gboolean good =
        pixWriteTiffCustom(path, pix, pixGetDepth(pix) == 1 ? IFF_TIFF_G4 : IFF_TIFF_LZW,
                           append ? "a" : "w", tags, values, types, NULL) == 0;
    numaDestroy(&tags);
    sarrayDestroy(&values);
    sarrayDestroy(&types);
    return good;
}

static gboolean
pdf_add(PdfPictures *pdf, PIX *pix, const Settings *settings, GError **error)
{
    int dpi = settings->no_resolution ? PDF_DPI : settings->dpi;

    return pdf_pictures_add(pdf, pix, settings->jpeg, dpi, error);
}

static gboolean
pdf_write(const char *path, PIX *pix, const Settings *settings, GError **error)
{
    g_autoptr(PdfPictures) pdf = pdf_pictures_new(path, error);

    return pdf && pdf_add(pdf, pix, settings, error) && pdf_pictures_finish(pdf, error);
}

gboolean
scan_store_add(ScanStore *store, PIX *pix, guint page, GError **error)
{
    const Settings *settings = store->settings;
    g_autofree char *name = scan_store_name(store, page);
    g_autofree char *path = settings->folder ? g_build_filename(settings->output, name, NULL)
                                             : g_strdup(settings->output);
    gboolean append = !settings->folder && store->count > 0;
    int dpi = settings->no_resolution ? 0 : settings->dpi;
    gboolean good = FALSE;

    pixSetResolution(pix, dpi, dpi);
    store->count++;
    switch (settings->kind) {
    case KIND_PNG:
        pixSetZlibCompression(pix, ZLIB_LEVEL);
        good = pixWritePng(path, pix, 0.0F) == 0;
        break;
    case KIND_JPG:
        good = pixWriteJpeg(path, pix, settings->jpeg > 0 ? settings->jpeg : QUALITY, 0) == 0;
        break;
    case KIND_TIF:
        good = tiff_write(path, pix, settings, append);
        break;
    case KIND_PDF:
        return store->pdf ? pdf_add(store->pdf, pix, settings, error)
                          : pdf_write(path, pix, settings, error);
    }
    return good || write_fail(path, error);
}

gboolean
scan_store_finish(ScanStore *store, GError **error)
{
    store->finished = !store->pdf || pdf_pictures_finish(store->pdf, error);
    return store->finished;
}

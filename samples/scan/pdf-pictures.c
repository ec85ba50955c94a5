/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf-pictures.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* Objects: catalogue, page tree, then three of each page: itself, its contents, its picture. */
enum { CATALOGUE = 1, TREE = 2, FIRST_PAGE = 3, PER_PAGE = 3 };

struct PdfPictures {
    FILE *file;
    char *path;
    GArray *offsets; /* guint64, of each object from 1 */
};

/* A failed write shows in ferror at the end. */
static void put(PdfPictures *pdf, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
put(PdfPictures *pdf, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fputs(text, pdf->file);
}

static void
object_begin(PdfPictures *pdf, guint number)
{
    guint64 *offset = &g_array_index(pdf->offsets, guint64, number);

    *offset = (guint64)ftello(pdf->file);
    put(pdf, "%u 0 obj\n", number);
}

PdfPictures *
pdf_pictures_new(const char *path, GError **error)
{
    FILE *file = g_fopen(path, "wb");

    if (!file) {
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    PdfPictures *pdf = g_new0(PdfPictures, 1);
    pdf->file = file;
    pdf->path = g_strdup(path);
    pdf->offsets = g_array_new(FALSE, TRUE, sizeof(guint64));
    g_array_set_size(pdf->offsets, FIRST_PAGE);
    put(pdf, "%%PDF-1.4\n%%\xE2\xE3\xCF\xD3\n");
    return pdf;
}

void
pdf_pictures_free(PdfPictures *pdf)
{
    if (!pdf)
        return;
    if (pdf->file) {
        fclose(pdf->file);
        g_unlink(pdf->path);
    }
    g_array_unref(pdf->offsets);
    g_free(pdf->path);
    g_free(pdf);
}

/* As PDF writes numbers, in every locale. */
static const char *
points(char buffer[G_ASCII_DTOSTR_BUF_SIZE], int pixels, int dpi)
{
    return g_ascii_formatd(buffer, G_ASCII_DTOSTR_BUF_SIZE, "%.3f", pixels * 72.0 / dpi);
}

static void
page_put(PdfPictures *pdf, guint object, const L_COMP_DATA *picture, int dpi)
{
    char width[G_ASCII_DTOSTR_BUF_SIZE], height[G_ASCII_DTOSTR_BUF_SIZE];

    points(width, picture->w, dpi);
    points(height, picture->h, dpi);
    object_begin(pdf, object);
    put(pdf, "<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Contents %u 0 R\n", TREE, width,
        height, object + 1);
    put(pdf, "   /Resources << /XObject << /Im %u 0 R >> >> >>\nendobj\n", object + 2);
    g_autofree char *contents = g_strdup_printf("q %s 0 0 %s 0 0 cm /Im Do Q\n", width, height);
    object_begin(pdf, object + 1);
    put(pdf, "<< /Length %zu >>\nstream\n%sendstream\nendobj\n", strlen(contents), contents);
}

static void
picture_put(PdfPictures *pdf, guint object, const L_COMP_DATA *picture)
{
    object_begin(pdf, object);
    put(pdf, "<< /Type /XObject /Subtype /Image /Width %d /Height %d\n", picture->w, picture->h);
    put(pdf, "   /ColorSpace /%s /BitsPerComponent %d\n",
        picture->spp == 3 ? "DeviceRGB" : "DeviceGray", picture->bps);
    if (picture->type == L_G4_ENCODE)
        put(pdf, "   /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d /Rows %d >>\n",
            picture->w, picture->h);
    else
        put(pdf, "   /Filter /%s\n", picture->type == L_JPEG_ENCODE ? "DCTDecode" : "FlateDecode");
    put(pdf, "   /Length %zu >>\nstream\n", picture->nbytescomp);
    fwrite(picture->datacomp, 1, picture->nbytescomp, pdf->file);
    put(pdf, "\nendstream\nendobj\n");
}

gboolean
pdf_pictures_add(PdfPictures *pdf, PIX *pix, int quality, int dpi, GError **error)
{
    int encoding = quality > 0 ? L_JPEG_ENCODE : L_FLATE_ENCODE;
    guint object = pdf->offsets->len;
    L_COMP_DATA *picture = NULL;

    if (pixGetDepth(pix) == 1)
        encoding = L_G4_ENCODE;
    if (pixGenerateCIData(pix, encoding, quality, 0, &picture) != 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: a picture cannot be compressed",
                    pdf->path);
        return FALSE;
    }
    g_array_set_size(pdf->offsets, object + PER_PAGE);
    page_put(pdf, object, picture, dpi);
    picture_put(pdf, object + 2, picture);
    l_CIDataDestroy(&picture);
    return TRUE;
}

static void
end_put(PdfPictures *pdf)
{
    guint objects = pdf->offsets->len;

    object_begin(pdf, CATALOGUE);
    put(pdf, "<< /Type /Catalog /Pages %d 0 R >>\nendobj\n", TREE);
    object_begin(pdf, TREE);
    put(pdf, "<< /Type /Pages /Count %u /Kids [", (objects - FIRST_PAGE) / PER_PAGE);
    for (guint object = FIRST_PAGE; object < objects; object += PER_PAGE)
        put(pdf, "\n%u 0 R", object);
    put(pdf, "] >>\nendobj\n");
    guint64 table = (guint64)ftello(pdf->file);
    put(pdf, "xref\n0 %u\n0000000000 65535 f \n", objects);
    for (guint object = 1; object < objects; object++)
        put(pdf, "%010" G_GUINT64_FORMAT " 00000 n \n",
            g_array_index(pdf->offsets, guint64, object));
    put(pdf, "trailer\n<< /Size %u /Root %d 0 R >>\nstartxref\n%" G_GUINT64_FORMAT "\n%%%%EOF\n",
        objects, CATALOGUE, table);
}

gboolean
pdf_pictures_finish(PdfPictures *pdf, GError **error)
{
    end_put(pdf);
    gboolean good = !ferror(pdf->file);
    good = fclose(g_steal_pointer(&pdf->file)) == 0 && good;
    if (!good) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "%s: cannot be written", pdf->path);
        g_unlink(pdf->path);
    }
    return good;
}

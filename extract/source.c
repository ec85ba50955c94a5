/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source.h"

#include "image-set.h"
#include "ocr.h"
#include "scan.h"
#include "suspects.h"

struct Source {
    const SourceOptions *options;
    Pdf *pdf;         /* or … */
    ImageSet *images; /* … this */
    PdfFacts facts;   /* of images */
    Recogniser *recogniser;
};

Source *
source_open(const Input *input, const SourceOptions *options, GError **error)
{
    g_autoptr(Source) source = g_new0(Source, 1);
    source->options = options;
    if (input->fd >= 0) {
        source->pdf = pdf_open(input->fd, options->password, error);
        return source->pdf != NULL ? g_steal_pointer(&source) : NULL;
    }
    source->images = image_set_new(input->images);
    source->facts.pages = image_set_pages(source->images);
    return g_steal_pointer(&source);
}

void
source_free(Source *source)
{
    if (source != NULL) {
        pdf_free(source->pdf);
        image_set_free(source->images);
        recogniser_free(source->recogniser);
        g_free(source);
    }
}

const PdfFacts *
source_facts(const Source *source)
{
    return source->pdf != NULL ? pdf_facts(source->pdf) : &source->facts;
}

GArray *
source_file_pages(const Source *source)
{
    return source->images != NULL ? image_set_file_pages(source->images) : NULL;
}

Recogniser *
source_recogniser(Source *source, void (*on_ocr)(void), GError **error)
{
    on_ocr();
    if (source->recogniser == NULL) {
        source->recogniser = recogniser_new(source->options->languages, error);
    }
    return source->recogniser;
}

/* A page of nothing yet, that says which file it is. */
static Page *
image_page_new(const Source *source, guint number, double width, double height, double inferred_dpi)
{
    Page *page = page_new(number, width, height);
    page->painted_known = TRUE;
    page_notice(page, "file", NULL, 1, image_set_name(source->images, number));
    if (inferred_dpi != 0) {
        g_autofree char *text =
            g_strdup_printf("taken for %.0f dpi: the file says none", inferred_dpi);
        page_notice(page, "resolution", NULL, 1, text);
    }
    return page;
}

/* Without OCR there is a picture, and no more. */
static Page *
unread_page(const Source *source, guint number, PIX *grey, double dpi, double inferred_dpi)
{
    double width = pixGetWidth(grey) * 72 / dpi, height = pixGetHeight(grey) * 72 / dpi;
    Page *page = image_page_new(source, number, width, height, inferred_dpi);
    Mark mark = {0, 0, (float)width, (float)height};
    g_array_append_val(page->images, mark);
    return page;
}

static Page *
image_page(Source *source, guint number, void (*on_ocr)(void), GError **error)
{
    double dpi = 0;
    gboolean inferred = FALSE, never = source->options->ocr == OCR_NEVER;
    Recogniser *recogniser = never ? NULL : source_recogniser(source, on_ocr, error);
    if (recogniser == NULL && !never) {
        return NULL;
    }
    g_autoptr(PIX) grey =
        image_set_read(source->images, number, source->options->dpi, &dpi, &inferred, error);
    if (grey != NULL && never) {
        return unread_page(source, number, grey, dpi, inferred ? dpi : 0);
    }
    g_autoptr(Scan) scan = grey != NULL ? scan_look(grey, dpi, TRUE, recogniser, error) : NULL;
    if (scan == NULL) {
        return NULL;
    }
    g_autoptr(Page) page =
        image_page_new(source, number, scan->width, scan->height, inferred ? dpi : 0);
    page_notice(page, "ocr", NULL, 1, "the page is a picture");
    scan_notice(scan, page);
    if (!scan_read(scan, NULL, recogniser, page, error)) {
        return NULL;
    }
    scan_add_marks(scan, NULL, page); /* after reading, which tells photographs from grounds */
    scan_account(scan, page);
    return g_steal_pointer(&page);
}

Page *
source_page(Source *source, guint number, void (*on_ocr)(void), GError **error)
{
    if (source->pdf == NULL) {
        return image_page(source, number, on_ocr, error);
    }
    g_autoptr(Page) page = pdf_page(source->pdf, number, error);
    if (page == NULL) {
        return NULL;
    }
    if (source->options->ocr == OCR_NEVER) { /* doubts are told, though nothing settles them */
        g_autoptr(Suspects) suspects = suspects_find(page);
        if (suspects != NULL) {
            suspects_notice(suspects, page);
        }
        return g_steal_pointer(&page);
    }
    g_autoptr(OcrPlan) plan = ocr_plan(page, source->options->ocr == OCR_ALWAYS);
    if (plan == NULL) {
        return g_steal_pointer(&page);
    }
    Recogniser *recogniser = source_recogniser(source, on_ocr, error);
    return recogniser != NULL &&
                   ocr_run(plan, source->pdf, source->options->dpi, recogniser, page, error)
               ? g_steal_pointer(&page)
               : NULL;
}

PIX *
source_picture(Source *source, guint number, double *ret_dpi, Page **ret_page, GError **error)
{
    double dpi = source->options->dpi;
    gboolean inferred;
    *ret_page = NULL;
    if (source->pdf == NULL) {
        return image_set_read(source->images, number, dpi, ret_dpi, &inferred, error);
    }
    g_autoptr(Page) page = pdf_page(source->pdf, number, error);
    PIX *grey = page != NULL
                    ? pdf_picture(source->pdf, page, dpi != 0 ? dpi : RASTER_DPI, ret_dpi, error)
                    : NULL;
    *ret_page = grey != NULL ? g_steal_pointer(&page) : NULL;
    return grey;
}

const char *
source_page_file(const Source *source, guint number)
{
    return source->images != NULL ? image_set_name(source->images, number) : NULL;
}

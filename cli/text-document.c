/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text-document.h"

#include "text-cuts.h"
#include "text-input.h"
#include "text-order.h"

typedef struct {
    const TextDocument *document;
    const JoinJudge *judge;
    Writer *writer; /* or NULL */
    FILE *text;     /* or NULL */
    guint32 zones;
} Writing;

static void
write_page(Writing *w, guint32 number, const char *text)
{
    const TextDocument *d = w->document;
    g_autoptr(TextPage) page = text_page_new(number, g_strdup(text));
    text_cuts_find(page, w->judge);
    g_autoptr(TextOrder) order = text_order_find(page, w->judge, MAX(d->jobs, 1));
    if (w->text != NULL) {
        g_autoptr(GString) out = g_string_new(NULL);
        text_order_print(order, out);
        fwrite(out->str, 1, out->len, w->text);
    }
    if (w->writer != NULL) {
        text_order_write(order, w->writer, &w->zones);
    }
    if (d->after != NULL) {
        d->after(number, page->chars->len, d->user_data);
    }
}

static void
write_failed(Writing *w, guint32 number, const char *why)
{
    g_autoptr(Page) page = page_new(number, 0, 0);
    const PageRecord record = {.page = page, .failed = why};
    if (w->writer != NULL) {
        w->writer->page(w->writer, &record);
    }
}

gboolean
text_document_write(const TextDocument *d, OutputWriter *writer, FILE *xml, FILE *text)
{
    g_autoptr(GPtrArray) pages = text_input_part(d->text);
    g_autoptr(DocumentJoins) joins = document_joins_new(d->model, d->text);
    gboolean form_feed = g_str_has_suffix(d->text, "\f");
    Writing w = {d, document_joins_judge(joins), writer != NULL ? &writer->writer : NULL, text, 0};
    for (guint i = 0; i < pages->len; i++) {
        const char *why = d->before != NULL ? d->before(i + 1, pages->len, d->user_data) : NULL;
        if (why != NULL) {
            write_failed(&w, i + 1, why);
        } else {
            write_page(&w, i + 1, g_ptr_array_index(pages, i));
        }
        if (text != NULL && (form_feed || i + 1 < pages->len)) {
            fputc('\f', text);
        }
    }
    const DocumentFacts facts = {.name = d->name,
                                 .sha256 = d->sha256,
                                 .pages = pages->len,
                                 .version = YOMIJUN_VERSION,
                                 .options =
                                     d->model != NULL ? "from=text" : "from=text joins=none"};
    return (writer == NULL || writer->finish(writer, &facts, xml)) &&
           (text == NULL || (fflush(text) == 0 && !ferror(text)));
}
